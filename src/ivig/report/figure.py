"""The IgG curve as an SVG drawing: axes, median, band, doses, target, levels, legend."""

from collections.abc import Callable, Sequence
from html import escape

from ivig.report.axes import day_ticks, level_ticks
from ivig.report.outline import Figure

WIDTH, HEIGHT = 480, 364
LEFT, RIGHT, TOP, BOTTOM = 46, 468, 52, 284
Scale = Callable[[float], float]
_CHAR = 6.1  # mean width of a legend character at 12 units
_BAND, _MEDIAN, _TARGET = "#9cc4dd", "#0b5a8a", "#a3410d"


def svg(figure: Figure) -> str:
    """The drawing as one ``<svg>`` element that scales to the width it is given."""
    first, last = figure.time_day[0], figure.time_day[-1]
    wide, levels = last - first or 1.0, level_ticks(figure)

    def x(day: float) -> float:
        return LEFT + (RIGHT - LEFT) * (day - first) / wide

    def y(level: float) -> float:
        return BOTTOM - (BOTTOM - TOP) * level / levels[-1]

    measured = zip(figure.measured_day, figure.measured_g_per_L, strict=True)
    points = list(
        zip(
            figure.time_day,
            figure.median_g_per_L,
            figure.low_g_per_L,
            figure.high_g_per_L,
            strict=True,
        )
    )
    median = _path([(x(day), y(level)) for day, level, _, _ in points])
    edge = [(x(day), y(high)) for day, _, _, high in points]
    edge += [(x(day), y(low)) for day, _, low, _ in reversed(points)]
    parts = [
        _opening(figure),
        *_level_axis(figure, levels, y),
        *_time_axis(first, last, x),
        f'<path class="band" fill="{_BAND}" fill-opacity="0.55" d="{_path(edge)} Z"/>',
        *_target(figure, y),
        f'<path class="median" fill="none" stroke="{_MEDIAN}" stroke-width="2.2" '
        f'stroke-linejoin="round" d="{median}"/>',
        *(_dose(x(day)) for day in figure.dose_day),
        *(_level(x(day), y(level)) for day, level in measured),
        *_legend(figure),
        "</svg>",
    ]
    return "\n".join(parts)


def _opening(figure: Figure) -> str:
    title = escape(figure.title)
    name = figure.quantity[:1].lower() + figure.quantity[1:]
    summary = (
        f"Median {name} between {min(figure.median_g_per_L):.1f} and "
        f"{max(figure.median_g_per_L):.1f} {figure.unit} over "
        f"{figure.time_day[-1] - figure.time_day[0]:.0f} days; {len(figure.dose_day)} doses marked."
    )
    return (
        f'<svg class="curve" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'role="img" aria-labelledby="curve-title curve-desc" font-size="12" '
        f'font-family="system-ui, sans-serif" fill="currentColor">'
        f'<title id="curve-title">{title}</title><desc id="curve-desc">{escape(summary)}</desc>'
        f'<text x="{LEFT - 34}" y="15" font-size="14" font-weight="600">{title}</text>'
    )


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + " L".join(f"{px:.1f},{py:.1f}" for px, py in points)


def _level_axis(figure: Figure, levels: Sequence[float], y: Scale) -> list[str]:
    parts = [
        f'<text x="{LEFT - 34}" y="{TOP - 10}" class="axis">{escape(figure.quantity)} ({escape(figure.unit)})</text>',
    ]
    for level in levels:
        height = y(level)
        parts.append(
            f'<line x1="{LEFT}" x2="{RIGHT}" y1="{height:.1f}" y2="{height:.1f}" '
            f'stroke="currentColor" stroke-opacity="{0.6 if level == 0 else 0.14}"/>'
            f'<text x="{LEFT - 7}" y="{height + 4:.1f}" text-anchor="end">{level:g}</text>'
        )
    return parts


def _time_axis(first: float, last: float, x: Scale) -> list[str]:
    parts = [
        f'<text x="{(LEFT + RIGHT) / 2:.0f}" y="{BOTTOM + 36}" text-anchor="middle">'
        "Days from the first planned dose</text>",
    ]
    for day in day_ticks(first, last):
        parts.append(
            f'<line x1="{x(day):.1f}" x2="{x(day):.1f}" y1="{BOTTOM}" y2="{BOTTOM + 5}" '
            'stroke="currentColor" stroke-opacity="0.6"/>'
            f'<text x="{x(day):.1f}" y="{BOTTOM + 19}" text-anchor="middle">{day:g}</text>'
        )
    return parts


def _target(figure: Figure, y: Scale) -> list[str]:
    if figure.target_g_per_L is None:
        return []
    height = y(figure.target_g_per_L)
    return [
        f'<line class="target" x1="{LEFT}" x2="{RIGHT}" y1="{height:.1f}" y2="{height:.1f}" '
        f'stroke="{_TARGET}" stroke-width="1.6" stroke-dasharray="6 4"/>'
    ]


def _dose(px: float) -> str:
    return (
        f'<path class="dose" d="M{px:.1f},{BOTTOM - 8:.1f} l4,7 h-8 Z" '
        'fill="currentColor" fill-opacity="0.75"/>'
    )


def _level(px: float, py: float) -> str:
    return (
        f'<circle class="level" cx="{px:.1f}" cy="{py:.1f}" r="4" fill="none" '
        'stroke="currentColor" stroke-width="1.8"/>'
    )


def _legend(figure: Figure) -> list[str]:
    """Each sign with its word, under the title of the time axis."""
    line = 'stroke-width="2.4" x1="0" x2="16" y1="-4" y2="-4"'
    items = [
        (f'<line class="median" stroke="{_MEDIAN}" {line}/>', "median"),
        (
            f'<rect class="band" width="16" height="10" y="-9" fill="{_BAND}" fill-opacity="0.55"/>',
            figure.band_words,
        ),
        ('<path d="M8,-10 l4,7 h-8 Z" fill-opacity="0.75"/>', "dose"),
    ]
    if figure.target_g_per_L is not None:
        sign = f'<line class="target" stroke="{_TARGET}" stroke-dasharray="6 4" {line}/>'
        items.append((sign, f"target {figure.target_g_per_L:g} g/L"))
    if figure.measured_day:
        sign = '<circle cx="8" cy="-4" r="4" fill="none" stroke="currentColor" stroke-width="1.8"/>'
        items.append((sign, "measured"))
    parts: list[str] = []
    px, py = float(LEFT - 34), HEIGHT - 24
    for sign, words in items:
        wide = 33 + _CHAR * len(words)
        if px + wide > WIDTH:
            px, py = float(LEFT - 34), py + 18
        parts.append(
            f'<g transform="translate({px:.1f},{py})">{sign}<text x="21">{escape(words)}</text></g>'
        )
        px += wide
    return parts
