"""Several IgG curves in one drawing: as SVG, and in characters for a terminal.

Each curve has a sign of its own beside its colour, so that it is told apart in grey as well.
"""

from collections.abc import Sequence
from html import escape
from math import ceil

from ivig.report.axes import day_ticks, ticks
from ivig.report.outline import Curves, NamedCurve
from ivig.report.sketch import COLUMNS, ROWS_PER_TICK, between

WIDTH, HEIGHT = 480, 368
LEFT, RIGHT, TOP, BOTTOM = 46, 468, 52, 284
_COLOURS = ("#0b5a8a", "#a3410d", "#3d7a3a", "#6b3d8f")
_DASHES = ("", "7 4", "2 3", "9 3 2 3")
_SIGNS = "●○+×"
_MARGIN = 6
_CHAR = 6.6  # mean width of a legend character at 12 units


def svg_curves(drawn: Curves) -> str:
    """The drawing as one ``<svg>`` element that scales to the width it is given."""
    first, last = _ends(drawn)
    levels = _levels(drawn)

    def x(day: float) -> float:
        return LEFT + (RIGHT - LEFT) * (day - first) / (last - first or 1.0)

    def y(level: float) -> float:
        return BOTTOM - (BOTTOM - TOP) * level / levels[-1]

    parts = [_opening(drawn)]
    parts += [_level_line(level, y(level)) for level in levels]
    parts += [_day_mark(day, x(day)) for day in day_ticks(first, last)]
    parts.append(
        f'<text x="{(LEFT + RIGHT) / 2:.0f}" y="{BOTTOM + 36}" text-anchor="middle">'
        f"{escape(drawn.axis)}</text>"
    )
    if drawn.target_g_per_L is not None:
        height = y(drawn.target_g_per_L)
        parts.append(
            f'<line x1="{LEFT}" x2="{RIGHT}" y1="{height:.1f}" y2="{height:.1f}" '
            'stroke="currentColor" stroke-width="1.2" stroke-dasharray="1 4"/>'
        )
    for i, curve in enumerate(drawn.curves):
        points = zip(curve.time_day, curve.igg_g_per_L, strict=True)
        path = "M" + " L".join(f"{x(day):.1f},{y(level):.1f}" for day, level in points)
        parts.append(
            f'<path fill="none" stroke="{_COLOURS[i]}" stroke-width="2.2" '
            f'stroke-dasharray="{_DASHES[i]}" stroke-linejoin="round" d="{path}"/>'
        )
    return "\n".join([*parts, *_legend(drawn), "</svg>"])


def _opening(drawn: Curves) -> str:
    words = "; ".join(
        f"{curve.name} between {min(curve.igg_g_per_L):.1f} and {max(curve.igg_g_per_L):.1f} g/L"
        for curve in drawn.curves
    )
    title = escape(drawn.title)
    return (
        f'<svg class="curve" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'role="img" aria-labelledby="curves-title curves-desc" font-size="12" '
        f'font-family="system-ui, sans-serif" fill="currentColor">'
        f'<title id="curves-title">{title}</title><desc id="curves-desc">{escape(words)}.</desc>'
        f'<text x="{LEFT - 34}" y="15" font-size="14" font-weight="600">{title}</text>'
        f'<text x="{LEFT - 34}" y="{TOP - 10}" class="axis">Total IgG (g/L)</text>'
    )


def _level_line(level: float, height: float) -> str:
    return (
        f'<line x1="{LEFT}" x2="{RIGHT}" y1="{height:.1f}" y2="{height:.1f}" '
        f'stroke="currentColor" stroke-opacity="{0.6 if level == 0 else 0.14}"/>'
        f'<text x="{LEFT - 7}" y="{height + 4:.1f}" text-anchor="end">{level:g}</text>'
    )


def _day_mark(day: float, px: float) -> str:
    return (
        f'<line x1="{px:.1f}" x2="{px:.1f}" y1="{BOTTOM}" y2="{BOTTOM + 5}" '
        'stroke="currentColor" stroke-opacity="0.6"/>'
        f'<text x="{px:.1f}" y="{BOTTOM + 19}" text-anchor="middle">{day:g}</text>'
    )


def _legend(drawn: Curves) -> list[str]:
    parts: list[str] = []
    px, py = float(LEFT - 34), BOTTOM + 58
    names = [
        (
            f'<line stroke="{_COLOURS[i]}" stroke-width="2.4" stroke-dasharray="{_DASHES[i]}" '
            'x1="0" x2="24" y1="-4" y2="-4"/>',
            curve.name,
        )
        for i, curve in enumerate(drawn.curves)
    ]
    if drawn.target_g_per_L is not None:
        sign = '<line stroke="currentColor" stroke-dasharray="1 4" x1="0" x2="24" y1="-4" y2="-4"/>'
        names.append((sign, f"target {drawn.target_g_per_L:g} g/L"))
    for sign, words in names:
        wide = 42 + _CHAR * len(words)
        if px + wide > WIDTH:
            px, py = float(LEFT - 34), py + 18
        parts.append(
            f'<g transform="translate({px:.1f},{py})">{sign}<text x="30">{escape(words)}</text></g>'
        )
        px += wide
    return parts


def sketch_curves(drawn: Curves) -> list[str]:
    """The curves as lines of text; where two meet the later one is seen."""
    first, last = _ends(drawn)
    levels = _levels(drawn)
    rows = ROWS_PER_TICK * (len(levels) - 1) + 1

    def row(level: float) -> int:
        return min(max(round((1 - level / levels[-1]) * (rows - 1)), 0), rows - 1)

    grid = [[" "] * COLUMNS for _ in range(rows)]
    if drawn.target_g_per_L is not None:
        grid[row(drawn.target_g_per_L)] = ["╌"] * COLUMNS
    for sign, curve in zip(_SIGNS, drawn.curves, strict=False):
        for i, level in enumerate(_columns(curve, first, last)):
            grid[row(level)][i] = sign
    names = {row(level): f"{level:g}" for level in levels}
    labels = [" "] * (COLUMNS + 8)
    for day in day_ticks(first, last):
        at = min(int((day - first) / (last - first or 1.0) * COLUMNS), COLUMNS - 1)
        labels[at : at + len(f"{day:g}")] = f"{day:g}"
    legend = "   ".join(f"{s} {c.name}" for s, c in zip(_SIGNS, drawn.curves, strict=False))
    if drawn.target_g_per_L is not None:
        legend += f"   ╌ target {drawn.target_g_per_L:g} g/L"
    pad = " " * _MARGIN
    return [
        f"{drawn.title} (g/L)",
        "",
        *(
            f"{names.get(i, ''):>{_MARGIN}} │{''.join(chars)}".rstrip()
            for i, chars in enumerate(grid)
        ),
        f"{pad} └{'─' * COLUMNS}",
        f"{pad}  {''.join(labels)}".rstrip(),
        f"{pad}  {drawn.axis}",
        f"{pad}  {legend}",
    ]


def _columns(curve: NamedCurve, first: float, last: float) -> list[float]:
    step = (last - first) / COLUMNS
    days = [first + (i + 0.5) * step for i in range(COLUMNS)]
    return [between(curve.time_day, curve.igg_g_per_L, day) for day in days]


def _ends(drawn: Curves) -> tuple[float, float]:
    times = [day for curve in drawn.curves for day in (curve.time_day[0], curve.time_day[-1])]
    return min(times), max(times)


def _levels(drawn: Curves) -> Sequence[float]:
    highest = max(max(curve.igg_g_per_L) for curve in drawn.curves)
    highest = max(highest, drawn.target_g_per_L or 0.0, 1.0)
    step = ticks(0.0, highest, most=5)[1]
    return tuple(k * step for k in range(ceil(highest / step - 1e-9) + 1))
