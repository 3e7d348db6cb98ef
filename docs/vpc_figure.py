"""One SVG with a small visual predictive check for each model."""

from collections.abc import Mapping
from html import escape

from ivig.pk.check import Vpc
from ivig.pk.disposition import FloatArray

COLUMNS = 4
WIDTH, HEIGHT = 230, 150  # of one panel
LEFT, RIGHT, TOP, BOTTOM = 34, 8, 24, 30
BLUE, GREY, INK = "#2f6db3", "#8a8f98", "#1f2328"


def figure(checks: Mapping[str, Vpc]) -> str:
    """Bands: where 95 % of replicated studies have a percentile. Points: the observed one."""
    rows = -(-len(checks) // COLUMNS)
    size = f"{COLUMNS * WIDTH} {rows * HEIGHT}"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" role="img" '
        f'font-family="system-ui, sans-serif" font-size="10" fill="{INK}">',
        "<title>Visual predictive checks of the models against their own simulations</title>",
        f'<rect width="{COLUMNS * WIDTH}" height="{rows * HEIGHT}" fill="#ffffff"/>',
    ]
    for i, (name, check) in enumerate(checks.items()):
        parts.append(_panel(name, check, (i % COLUMNS) * WIDTH, (i // COLUMNS) * HEIGHT))
    return "\n".join([*parts, "</svg>"]) + "\n"


def _panel(name: str, check: Vpc, across: int, down: int) -> str:
    days = [day - check.time_day[0] for day in check.time_day]
    top = float(check.high_g_per_L.max()) * 1.05

    def point(day: float, level: float) -> str:
        x = LEFT + day / days[-1] * (WIDTH - LEFT - RIGHT)
        y = HEIGHT - BOTTOM - level / top * (HEIGHT - TOP - BOTTOM)
        return f"{x:.1f},{y:.1f}"

    def line(levels: FloatArray) -> list[str]:
        return [point(day, float(level)) for day, level in zip(days, levels, strict=True)]

    base = HEIGHT - BOTTOM
    parts = [
        f'<g transform="translate({across},{down})">',
        f'<text x="{LEFT}" y="14" font-weight="600">{escape(name)}</text>',
        f'<path d="M{LEFT},{TOP}V{base}H{WIDTH - RIGHT}" fill="none" stroke="{GREY}"/>',
        f'<text x="{LEFT - 4}" y="{TOP + 8}" text-anchor="end">{top:.0f}</text>',
        f'<text x="{LEFT - 4}" y="{base}" text-anchor="end">0</text>',
        f'<text x="{WIDTH - RIGHT}" y="{base + 14}" text-anchor="end">'
        f"{days[-1]:.0f} days, g/L</text>",
    ]
    for i in range(check.observed_g_per_L.shape[0]):
        edge = line(check.low_g_per_L[i]) + line(check.high_g_per_L[i])[::-1]
        parts.append(f'<polygon points="{" ".join(edge)}" fill="{BLUE}" fill-opacity="0.25"/>')
        for place in line(check.observed_g_per_L[i]):
            x, y = place.split(",")
            parts.append(f'<circle cx="{x}" cy="{y}" r="2.2" fill="{INK}"/>')
    return "\n".join([*parts, "</g>"])
