"""The infusion chart: what the pump is told, minute by minute.

No input leads to a rate above the cap: the chart refuses to exist otherwise.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import floor

from ivig.cited import Basis, Citation, Cited, weakest
from ivig.errors import InputError
from ivig.patient import Patient, Route
from ivig.product import RateLadder, RatePoint

_FINE_FROM_ML_PER_H = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class InfusionStep:
    """One pump setting; per kilogram is what the setting means for this patient."""

    rate_mL_per_h: float
    rate_mL_per_kg_per_h: float
    start_min: float
    duration_min: float
    cumulative_mL: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimits:
    """The rates a chart is drawn from, and why."""

    points: tuple[RatePoint, ...]
    """In order, each held for its ``duration_min``; the last until the volume is in."""
    cap_mL_per_kg_per_h: float
    cap_because: str
    basis: Basis
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InfusionChart:
    """One session, the same on each day of a course.

    Raises
    ------
    ValueError
        A step above the cap, or volumes that do not sum to the dose.
    """

    product_id: str
    route: Route
    amount_g: float
    volume_mL: float
    total_min: float
    cap_mL_per_kg_per_h: float | None
    cap_mL_per_h: float | None
    cap_because: str
    rate_weight_kg: float
    steps: tuple[InfusionStep, ...]
    sites: int | None = None
    volume_per_site_mL: float | None = None
    hyaluronidase_U: float | None = None
    basis: Basis = "read"
    citations: tuple[Citation, ...] = ()
    references: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if not self.steps or abs(self.steps[-1].cumulative_mL - self.volume_mL) > 0.05:
            raise ValueError("the volumes of a chart must sum to the dose")
        for step in self.steps:
            if self.cap_mL_per_h is not None and step.rate_mL_per_h > self.cap_mL_per_h + 1e-9:
                raise ValueError(f"{step.rate_mL_per_h} mL/h is above the cap {self.cap_mL_per_h}")


def intravenous_limits(
    ladder: RateLadder,
    *,
    first: bool,
    at_risk: str | None,
    risk_cap_mL_per_kg_per_h: float,
    step_min: float,
) -> RateLimits:
    """The label's rates for this patient.

    Parameters
    ----------
    first : bool
        First infusion, change of product, or long gap: each step is held for its longest time.
    at_risk : str, optional
        Why the risk cap applies; None when there is no risk.
    risk_cap_mL_per_kg_per_h, step_min : float
        What holds when the label says "lowest practicable" or gives no time.
    """
    new = ladder.new_patient_maximum if first else None
    cap = _Cap(
        mL_per_kg_per_h=ladder.maximum.value.rate_mL_per_kg_per_h,
        because="the label's maximum for this use",
        basis=weakest(ladder.initial.basis, ladder.maximum.basis),
        facts=(ladder.initial, ladder.maximum),
    )
    if new is not None and new.value.rate_mL_per_kg_per_h < cap.mL_per_kg_per_h:
        cap = _Cap(
            mL_per_kg_per_h=new.value.rate_mL_per_kg_per_h,
            because="the maximum for a patient new to it",
            basis=weakest(cap.basis, new.basis),
            facts=(*cap.facts, new),
        )
    if at_risk is not None:
        cap = _at_risk(cap, ladder.risk_cap, risk_cap_mL_per_kg_per_h, at_risk)
    citations = [fact.citation for fact in cap.facts]
    citations += [Citation(source=None, basis="assumed")] if cap.basis == "assumed" else []
    citations += [] if ladder.steps is None else [ladder.steps.citation]
    return RateLimits(
        points=_points(ladder, cap.mL_per_kg_per_h, first=first, step_min=step_min),
        cap_mL_per_kg_per_h=cap.mL_per_kg_per_h,
        cap_because=cap.because,
        basis=cap.basis,
        citations=tuple(dict.fromkeys(citations)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cap:
    """The highest rate allowed so far, and what says so."""

    mL_per_kg_per_h: float
    because: str
    basis: Basis
    facts: tuple[Cited[RatePoint], ...]


def _at_risk(
    cap: _Cap, printed: Cited[RatePoint] | None, class_mL_per_kg_per_h: float, why: str
) -> _Cap:
    """The label's risk cap where it is lower, else, where it gives no number, that of the class."""
    limit = class_mL_per_kg_per_h if printed is None else printed.value.rate_mL_per_kg_per_h
    facts = cap.facts if printed is None else (*cap.facts, printed)
    if limit >= cap.mL_per_kg_per_h:
        return replace(cap, facts=facts)
    words = "the label's risk cap"
    if printed is None:
        words = (
            "the label asks for the lowest rate practicable and gives no number; assumed class cap"
        )
    return _Cap(
        mL_per_kg_per_h=limit,
        because=f"{words} ({why})",
        basis=weakest(cap.basis, "assumed" if printed is None else printed.basis),
        facts=facts,
    )


def _points(
    ladder: RateLadder, cap: float, *, first: bool, step_min: float
) -> tuple[RatePoint, ...]:
    """Printed steps, or doublings from the initial rate where the label leaves the rise open."""
    hold = step_min
    if ladder.step_min is not None:
        hold = ladder.step_min.value[1] if first else ladder.step_min.value[0]
    elif ladder.initial.value.duration_min is not None:
        hold = ladder.initial.value.duration_min
    experienced = first and ladder.new_patient_maximum is not None
    printed = _doublings(ladder) if ladder.steps is None or experienced else ladder.steps.value
    points: list[RatePoint] = []
    for point in printed:
        rate = min(point.rate_mL_per_kg_per_h, cap)
        held = point.duration_min or hold
        points.append(RatePoint(rate_mL_per_kg_per_h=rate, duration_min=held))
        if rate == cap:
            return tuple(points)
    return (*points, RatePoint(rate_mL_per_kg_per_h=cap, duration_min=hold))


def _doublings(ladder: RateLadder) -> tuple[RatePoint, ...]:
    rate = ladder.initial.value.rate_mL_per_kg_per_h
    maximum = ladder.maximum.value.rate_mL_per_kg_per_h
    points = [ladder.initial.value]
    while rate * 2 < maximum:
        rate *= 2
        points.append(RatePoint(rate_mL_per_kg_per_h=rate))
    return (*points, RatePoint(rate_mL_per_kg_per_h=maximum))


def intravenous_chart(
    *,
    product_id: str,
    amount_g: float,
    volume_mL: float,
    weight_kg: float,
    limits: RateLimits,
    at_least_h: float | None = None,
) -> InfusionChart:
    """The chart of one intravenous session.

    Parameters
    ----------
    weight_kg : float
        The weight rates are counted on: the lower of actual and dosing weight.
    at_least_h : float, optional
        A session the source wants no shorter than this (Kawasaki disease: 10 h); rates are
        lowered until it is.

    Raises
    ------
    InputError
        A dose, volume or weight that is not a positive number.
    """
    for name, value in (("amount_g", amount_g), ("volume_mL", volume_mL), ("weight_kg", weight_kg)):
        if not 0 < value < 100_000:
            raise InputError(name, value, "a number above 0")
    cap = limits.cap_mL_per_kg_per_h
    because = limits.cap_because
    steps = pump_steps(limits.points, cap, volume_mL, weight_kg)
    if at_least_h is not None and total_min(steps) < 60 * at_least_h:
        cap = _cap_for_duration(limits, volume_mL, weight_kg, 60 * at_least_h)
        steps = pump_steps(limits.points, cap, volume_mL, weight_kg)
        because = f"so that the session lasts at least {at_least_h:g} h, below {because}"
    return InfusionChart(
        product_id=product_id,
        route="iv",
        amount_g=amount_g,
        volume_mL=volume_mL,
        total_min=total_min(steps),
        cap_mL_per_kg_per_h=limits.cap_mL_per_kg_per_h,
        cap_mL_per_h=limits.cap_mL_per_kg_per_h * weight_kg,
        cap_because=because,
        rate_weight_kg=weight_kg,
        steps=steps,
        basis=limits.basis,
        citations=limits.citations,
    )


def pump_steps(
    points: Sequence[RatePoint], cap: float, volume_mL: float, weight_kg: float
) -> tuple[InfusionStep, ...]:
    """Pump settings until the volume is in; settings that round to the same rate are joined."""
    settings: list[list[float]] = []
    for point in points:
        setting = pump_rate_mL_per_h(min(point.rate_mL_per_kg_per_h, cap) * weight_kg)
        hold_min = point.duration_min or 0.0
        if settings and settings[-1][0] == setting:
            settings[-1][1] += hold_min
        else:
            settings.append([setting, hold_min])
    steps: list[InfusionStep] = []
    start_min = given_mL = 0.0
    for i, (rate, hold_min) in enumerate(settings):
        needed_min = (volume_mL - given_mL) / rate * 60
        last = i == len(settings) - 1 or needed_min <= hold_min
        duration_min = needed_min if last else hold_min
        given_mL = volume_mL if last else given_mL + rate * hold_min / 60
        steps.append(
            InfusionStep(
                rate_mL_per_h=rate,
                rate_mL_per_kg_per_h=rate / weight_kg,
                start_min=start_min,
                duration_min=duration_min,
                cumulative_mL=given_mL,
            )
        )
        start_min += duration_min
        if last:
            break
    return tuple(steps)


def starts_low(patient: Patient, product_id: str, *, long_gap_day: float) -> str | None:
    """Why the session starts as a first infusion does; None for an established patient."""
    if patient.doses is None:
        return "earlier immunoglobulin not recorded, so taken as a first infusion"
    if not patient.doses:
        return "first infusion"
    last = max(patient.doses, key=lambda dose: dose.time_day)
    if last.product is None:
        return "the product of the last dose is not recorded"
    if last.product != product_id:
        return f"change of product (last dose: {last.product})"
    if -last.time_day > long_gap_day:
        return f"{-last.time_day:.0f} days since the last dose"
    return None


def pump_rate_mL_per_h(rate_mL_per_h: float) -> float:
    """A rate a pump can be set to, rounded down: to 1 mL/h, below 20 to 0.1, below 1 to 0.01 mL/h.

    >>> pump_rate_mL_per_h(168.0), pump_rate_mL_per_h(6.09), pump_rate_mL_per_h(0.155)
    (168.0, 6.0, 0.15)
    """
    per_mL = 1 if rate_mL_per_h >= _FINE_FROM_ML_PER_H else 10 if rate_mL_per_h >= 1 else 100
    setting = floor(rate_mL_per_h * per_mL + 1e-9) / per_mL
    if setting <= 0:
        raise InputError("rate_mL_per_h", rate_mL_per_h, "a rate a pump can be set to")
    return setting


def total_min(steps: Sequence[InfusionStep]) -> float:
    """The length of a session in minutes."""
    return steps[-1].start_min + steps[-1].duration_min


def _cap_for_duration(
    limits: RateLimits, volume_mL: float, weight_kg: float, at_least_min: float
) -> float:
    """The highest cap with which the session lasts long enough (bisection)."""
    low, high = 0.0, limits.cap_mL_per_kg_per_h
    for _ in range(60):
        middle = (low + high) / 2
        steps = pump_steps(limits.points, middle, volume_mL, weight_kg)
        low, high = (middle, high) if total_min(steps) >= at_least_min else (low, middle)
    return low
