"""The IgG curve in characters, for a terminal."""

from bisect import bisect_left
from collections.abc import Sequence

from ivig.report.outline import Figure

COLUMNS, ROWS = 76, 14
_MARGIN = 8


def sketch(figure: Figure) -> list[str]:
    """The curve as lines of text: band, median, target and doses, with both axes."""
    first, last = figure.time_day[0], figure.time_day[-1]
    top = ceiling(figure)
    days = [first + (last - first) * i / (COLUMNS - 1) for i in range(COLUMNS)]
    low, median, high = (
        [between(figure.time_day, values, day) for day in days]
        for values in (figure.low, figure.median, figure.high)
    )
    grid = [[" "] * COLUMNS for _ in range(ROWS)]
    for i in range(COLUMNS):
        for row in range(_row(high[i], top), _row(low[i], top) + 1):
            grid[row][i] = "░"
    if figure.target_g_per_L is not None:
        row = _row(figure.target_g_per_L, top)
        grid[row] = ["╌" if char == " " else char for char in grid[row]]
    for i in range(COLUMNS):
        grid[_row(median[i], top)][i] = "•"
    lines = [f"{figure.title} (g/L)", ""]
    step = top / (ROWS - 1)
    for row, chars in enumerate(grid):
        label = f"{top - row * step:.1f}" if row % 3 == 1 else ""
        lines.append(f"{label:>{_MARGIN - 2}} │{''.join(chars)}")
    return [*lines, *_time_axis(figure, first, last)]


def _time_axis(figure: Figure, first: float, last: float) -> list[str]:
    axis = ["─"] * COLUMNS
    for day in figure.dose_day:
        axis[_column(day, first, last)] = "▲"
    labels = [" "] * (COLUMNS + 8)
    for i in range(5):
        day = first + (last - first) * i / 4
        at = _column(day, first, last)
        labels[at : at + len(f"{day:.0f}")] = f"{day:.0f}"
    pad = " " * (_MARGIN - 2)
    legend = f"• median   ░ {figure.band_words}   ▲ dose"
    if figure.target_g_per_L is not None:
        legend += f"   ╌ target {figure.target_g_per_L:g} g/L"
    return [
        f"{pad} └{''.join(axis)}",
        f"{pad}  {''.join(labels)}".rstrip(),
        f"{pad}  days from the first planned dose",
        f"{pad}  {legend}",
    ]


def ceiling(figure: Figure) -> float:
    """The top of the drawing, g/L."""
    levels = [level for _, level in figure.measured]
    return 1.05 * max([*figure.high, figure.target_g_per_L or 0.0, *levels, 1.0])


def between(days: Sequence[float], values: Sequence[float], day: float) -> float:
    """Linear interpolation in a curve.

    >>> between((0.0, 2.0), (10.0, 20.0), 1.0)
    15.0
    """
    i = min(max(bisect_left(days, day), 1), len(days) - 1)
    before, after = days[i - 1], days[i]
    share = 0.0 if after == before else (day - before) / (after - before)
    return values[i - 1] + share * (values[i] - values[i - 1])


def _row(value: float, top: float) -> int:
    return min(max(round((1 - value / top) * (ROWS - 1)), 0), ROWS - 1)


def _column(day: float, first: float, last: float) -> int:
    wide = last - first or 1.0
    return min(max(round((day - first) / wide * (COLUMNS - 1)), 0), COLUMNS - 1)
