"""Axes of the IgG curve, shared by the drawing and the sketch in characters."""

from math import ceil, floor, log10

from ivig.report.outline import Figure


def ticks(first: float, last: float, *, most: int) -> tuple[float, ...]:
    """Round numbers between two ends: at most ``most`` steps of 1, 2 or 5 times a power of ten.

    >>> ticks(0.0, 13.0, most=6)
    (0.0, 5.0, 10.0)
    """
    raw = (last - first) / most or 1.0
    power = 10.0 ** floor(log10(raw))
    step = next(m * power for m in (1, 2, 5, 10) if m * power >= raw * (1 - 1e-9))
    return _multiples(first, last, step)


def day_ticks(first: float, last: float) -> tuple[float, ...]:
    """Whole weeks where the time is long enough, else round days.

    >>> day_ticks(0.0, 182.0)
    (0.0, 28.0, 56.0, 84.0, 112.0, 140.0, 168.0)
    """
    weeks = (7.0 * n for n in (1, 2, 4, 8, 12, 24, 48) if (last - first) / (7 * n) <= 8)
    step = next(weeks, None) if last - first >= 21 else None
    return ticks(first, last, most=7) if step is None else _multiples(first, last, step)


def level_ticks(figure: Figure) -> tuple[float, ...]:
    """Round levels from 0 to the first one above all that is drawn, g/L."""
    target = figure.target_g_per_L or 0.0
    highest = max([*figure.high_g_per_L, *figure.measured_g_per_L, target, 1.0])
    step = ticks(0.0, highest, most=5)[1]
    return tuple(k * step for k in range(ceil(highest / step - 1e-9) + 1))


def _multiples(first: float, last: float, step: float) -> tuple[float, ...]:
    start = ceil(first / step - 1e-9)
    end = floor(last / step + 1e-9)
    return tuple(k * step for k in range(start, end + 1))
