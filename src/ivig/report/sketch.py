"""The IgG curve in characters, for a terminal."""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from itertools import pairwise

from ivig.report.axes import day_ticks, level_ticks
from ivig.report.outline import Figure

COLUMNS, ROWS_PER_TICK = 84, 3
_MARGIN = 6
Numbers = Sequence[float]


def sketch(figure: Figure) -> list[str]:
    """The curve as lines of text: band, median, target and doses, with both axes."""
    levels = level_ticks(figure)
    rows = ROWS_PER_TICK * (len(levels) - 1) + 1

    def row(level: float) -> int:
        return min(max(round((1 - level / levels[-1]) * (rows - 1)), 0), rows - 1)

    grid = [[" "] * COLUMNS for _ in range(rows)]
    high, low = (
        _columns(figure, figure.high_g_per_L, max),
        _columns(figure, figure.low_g_per_L, min),
    )
    for i in range(COLUMNS):
        for y in range(row(high[i]), row(low[i]) + 1):
            grid[y][i] = "░"
    if figure.target_g_per_L is not None:
        y = row(figure.target_g_per_L)
        grid[y] = ["╌" if char == " " else char for char in grid[y]]
    for i, level in enumerate(_columns(figure, figure.median_g_per_L, max)):
        grid[row(level)][i] = "•"
    names = {row(level): f"{level:g}" for level in levels}
    return [
        f"{figure.title} ({figure.unit})",
        "",
        *(f"{names.get(y, ''):>{_MARGIN}} │{''.join(chars)}" for y, chars in enumerate(grid)),
        *_time_axis(figure),
    ]


def _columns(figure: Figure, values: Numbers, pick: Callable[[Numbers], float]) -> list[float]:
    """One value for each column: the highest or lowest of the time that it covers."""
    first, last = figure.time_day[0], figure.time_day[-1]
    edges = [first + (last - first) * i / COLUMNS for i in range(COLUMNS + 1)]
    found: list[float] = []
    for begin, end in pairwise(edges):
        inside = values[bisect_left(figure.time_day, begin) : bisect_left(figure.time_day, end)]
        found.append(pick(inside or (between(figure.time_day, values, (begin + end) / 2),)))
    return found


def _time_axis(figure: Figure) -> list[str]:
    first, last = figure.time_day[0], figure.time_day[-1]

    def column(day: float) -> int:
        return min(int((day - first) / (last - first or 1.0) * COLUMNS), COLUMNS - 1)

    axis = ["─"] * COLUMNS
    for day in figure.dose_day:
        axis[column(day)] = "▲"
    labels = [" "] * (COLUMNS + 8)
    for day in day_ticks(first, last):
        at = column(day)
        labels[at : at + len(f"{day:g}")] = f"{day:g}"
    legend = f"• median   ░ {figure.band_words}   ▲ dose"
    if figure.target_g_per_L is not None:
        legend += f"   ╌ target {figure.target_g_per_L:g} g/L"
    pad = " " * _MARGIN
    return [
        f"{pad} └{''.join(axis)}",
        f"{pad}  {''.join(labels)}".rstrip(),
        f"{pad}  days from the first planned dose",
        f"{pad}  {legend}",
    ]


def between(days: Numbers, values: Numbers, day: float) -> float:
    """Linear interpolation in a curve.

    >>> between((0.0, 2.0), (10.0, 20.0), 1.0)
    15.0
    """
    i = min(max(bisect_left(days, day), 1), len(days) - 1)
    before, after = days[i - 1], days[i]
    share = 0.0 if after == before else (day - before) / (after - before)
    return values[i - 1] + share * (values[i] - values[i - 1])
