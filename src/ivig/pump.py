"""Pump lines: what is typed into the pump for each step of a chart, and when by the clock."""

from collections.abc import Sequence
from dataclasses import dataclass

from ivig.infusion import InfusionStep

_FINE_BELOW_ML = 1.0
DAY_MIN = 1440


@dataclass(frozen=True, slots=True, kw_only=True)
class PumpLine:
    """One programming of the pump: a rate, the volume to be infused, start and end.

    A rate of 0 is a pause. ``cumulative_mL`` counts what is in at the end of the line.
    """

    rate_mL_per_h: float
    rate_mL_per_kg_per_h: float
    volume_mL: float
    cumulative_mL: float
    start_min: float
    duration_min: float
    start_clock: str | None = None
    end_clock: str | None = None

    @property
    def end_min(self) -> float:
        """Minutes from the start of the session to the end of the line."""
        return self.start_min + self.duration_min


def resolution_mL(steps: Sequence[InfusionStep]) -> float:
    """The fineness of the volume to be infused: 0.1 mL, or 0.01 mL when a step is under 1 mL."""
    before = 0.0
    for step in steps:
        if step.cumulative_mL - before < _FINE_BELOW_ML:
            return 0.01
        before = step.cumulative_mL
    return 0.1


def pump_lines(
    steps: Sequence[InfusionStep], *, start_clock_min: float | None = None
) -> tuple[PumpLine, ...]:
    """The steps of a chart as a pump takes them; the volumes add up to the session's exactly.

    Each cumulative volume is rounded and the volumes are their differences, so that rounding
    never adds up. A step too small to be set is given with the one before it.

    Parameters
    ----------
    start_clock_min : float, optional
        Minutes after midnight at which the session starts; None leaves the clock out.
    """
    fine_mL = resolution_mL(steps)
    per_mL = round(1 / fine_mL)
    digits = 1 if per_mL == 10 else 2
    lines: list[PumpLine] = []
    before = 0
    for step in steps:
        ticks = round(step.cumulative_mL * per_mL)
        end_min = step.start_min + step.duration_min
        start_min = step.start_min
        rate, per_kg = step.rate_mL_per_h, step.rate_mL_per_kg_per_h
        if ticks == before and lines:
            last = lines.pop()
            ticks_before = before - round(last.volume_mL * per_mL)
            rate, per_kg = last.rate_mL_per_h, last.rate_mL_per_kg_per_h
            start_min, before = last.start_min, ticks_before
        lines.append(
            PumpLine(
                rate_mL_per_h=rate,
                rate_mL_per_kg_per_h=per_kg,
                volume_mL=round((ticks - before) / per_mL, digits),
                cumulative_mL=round(ticks / per_mL, digits),
                start_min=start_min,
                duration_min=end_min - start_min,
                start_clock=clock_time(start_clock_min, start_min),
                end_clock=clock_time(start_clock_min, end_min),
            )
        )
        before = ticks
    return tuple(lines)


def clock_time(start_clock_min: float | None, after_min: float) -> str | None:
    """The time of day so many minutes after the start; "+1 d" after midnight.

    >>> clock_time(540, 95.4), clock_time(1430, 30), clock_time(None, 5)
    ('10:35', '00:20 +1 d', None)
    """
    if start_clock_min is None:
        return None
    days, minutes = divmod(round(start_clock_min + after_min), DAY_MIN)
    text = f"{minutes // 60:02d}:{minutes % 60:02d}"
    return f"{text} +{days} d" if days else text
