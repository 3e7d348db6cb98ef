"""The dose that keeps a trough: every interval and route in whole vials, the most sparing first.

Levels are true ones (total IgG, without assay error) at steady state. A month is 30.4375 days and a
year 365.25.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from ivig.cited import Interval
from ivig.errors import InputError
from ivig.patient import Route
from ivig.pk.concentration import steady_exogenous_g_per_L
from ivig.pk.exposure import exposure
from ivig.pk.individualise import IndividualFit
from ivig.pk.quantile import interval
from ivig.pk.schedule import Dosing, cycle_trains
from ivig.pk.steady import steady_state
from ivig.pk.target import dose_for_trough, probability_at_target
from ivig.product import Vial
from ivig.vials import choose_vials

MONTH_DAY = 30.4375
YEAR_DAY = 365.25
WEEK_DAY = 7.0
MOST_G = 500.0  # of one cycle: no whole-vial dose is looked for beyond it
ROUNDING_G = 1e-9
NEARLY = 0.99  # of the exact amount: where whole vials begin to be tried
SPARE = 0.1  # more than the least dose, if fewer vials make it
EXACT_PERCENT = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """An interval and route to find a dose for; ``limit_g`` is the most that one cycle may hold."""

    route: Route
    interval_day: float
    split_days: int = 1
    vials: tuple[Vial, ...] = ()
    limit_g: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a regimen does; intervals are 90 %.

    ``needed_g`` is the exact amount for the probability asked, before vials and limits; 0 when own
    IgG alone is likely enough.
    """

    dosing: Dosing
    reached_fraction: float
    """P(trough ≥ target)."""
    attained: bool
    limit_g: float | None
    needed_g: float | None
    grams_per_month: float
    infusions_per_year: float
    trough_g_per_L: Interval
    peak_g_per_L: Interval
    peak_to_trough: Interval
    days_below_target_per_year: Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion:
    """Grams by another route that give the same exposure as a regimen, per dose.

    ``same_area_factor`` and ``same_trough_factor`` are grams per week over those of the old regimen.
    """

    old: Dosing
    route: Route
    interval_day: float
    same_area_g: Interval
    same_area_factor: Interval
    same_trough_g: Interval
    same_trough_factor: Interval


def whole_vial_amounts_g(vials: Sequence[Vial], most_g: float) -> tuple[float, ...]:
    """Every amount that whole vials give, up to ``most_g``; whole grams when no vial is known.

    >>> whole_vial_amounts_g([Vial(amount_g=g, volume_mL=10 * g) for g in (10, 2.5)], 11)
    (2.5, 5.0, 7.5, 10.0)
    """
    sizes = sorted({Fraction(str(vial.amount_g)) for vial in vials}) or [Fraction(1)]
    top = Fraction(str(min(most_g, MOST_G) + ROUNDING_G))
    reached = {Fraction(0)}
    fresh = set(reached)
    while fresh:
        fresh = {have + size for have in fresh for size in sizes if have + size <= top} - reached
        reached |= fresh
    return tuple(float(amount) for amount in sorted(reached) if amount)


def search(
    fit: IndividualFit, options: Sequence[Option], *, trough_g_per_L: float, probability: float
) -> tuple[Outcome, ...]:
    """For each option a sparing whole-vial dose that reaches the target as often as asked.

    Where the limit does not allow it, the largest dose inside the limit. Options whose smallest vial
    is above the limit are left out. Sorted by ``rank``.

    Raises
    ------
    InputError
        A probability outside 0 to 1, a target of 0 or less, or a model without variability.
    """
    found: list[Outcome] = []
    for option in options:
        dosing = Dosing(
            amount_g=1.0,
            interval_day=option.interval_day,
            route=option.route,
            split_days=option.split_days,
        )
        needed_g = _needed_g(fit, dosing, trough_g_per_L, probability)
        amount_g = _amount_g(fit, dosing, option, needed_g, trough_g_per_L, probability)
        if amount_g is not None:
            given = replace(dosing, amount_g=amount_g)
            out = outcome(fit, given, trough_g_per_L=trough_g_per_L, probability=probability)
            found.append(replace(out, limit_g=option.limit_g, needed_g=needed_g))
    return rank(found)


def rank(outcomes: Sequence[Outcome]) -> tuple[Outcome, ...]:
    """Those that attain the target first, by grams per month; then the others, the likeliest first."""

    def key(out: Outcome) -> tuple[bool, float, float]:
        first = out.grams_per_month if out.attained else -out.reached_fraction
        return not out.attained, first, out.infusions_per_year

    return tuple(sorted(outcomes, key=key))


def outcome(
    fit: IndividualFit, dosing: Dosing, *, trough_g_per_L: float, probability: float
) -> Outcome:
    """One repeated regimen against a target.

    Raises
    ------
    InputError
        As ``search``; or a course that does not repeat.
    """
    reached = probability_at_target(fit, dosing, trough_g_per_L=trough_g_per_L)
    if reached is None or dosing.interval_day is None:
        raise _no_variability(fit)
    seen = exposure(fit, dosing, target_g_per_L=trough_g_per_L)
    steady = steady_state(fit.parameters, dosing)
    own = fit.parameters.BL_g_per_L
    ratio = (own + steady.peak_g_per_L) / (own + steady.trough_g_per_L)
    above = seen.fraction_of_time_at_target
    assert above is not None  # noqa: S101 (a target was given)
    return Outcome(
        dosing=dosing,
        reached_fraction=reached,
        attained=reached >= probability,
        limit_g=None,
        needed_g=None,
        grams_per_month=dosing.amount_g * MONTH_DAY / dosing.interval_day,
        infusions_per_year=dosing.split_days * YEAR_DAY / dosing.interval_day,
        trough_g_per_L=seen.trough_g_per_L,
        peak_g_per_L=seen.peak_g_per_L,
        peak_to_trough=interval(ratio, fit.weights),
        days_below_target_per_year=Interval(
            median=YEAR_DAY * (1.0 - above.median),
            low=YEAR_DAY * (1.0 - above.high),
            high=YEAR_DAY * (1.0 - above.low),
            level=above.level,
        ),
    )


def convert(fit: IndividualFit, old: Dosing, *, route: Route, interval_day: float) -> Conversion:
    """The dose by another route or interval with the same area per week, and with the same trough.

    Both are worked out for every draw, of infused IgG alone: own IgG is the same before and after.

    Raises
    ------
    InputError
        A course that does not repeat.
    """
    if old.interval_day is None:
        raise InputError("interval_day", None, "a regimen that repeats")
    new = Dosing(amount_g=1.0, interval_day=interval_day, route=route)
    found = fit.parameters
    weeks, old_weeks = interval_day / WEEK_DAY, old.interval_day / WEEK_DAY
    weekly_g = old.amount_g / old_weeks
    absorbed = found.bioavailability(old.route) / found.bioavailability(route)
    at_dose = np.zeros(1)
    trough = steady_exogenous_g_per_L(found, cycle_trains(old), at_dose)[:, 0]
    per_gram = steady_exogenous_g_per_L(found, cycle_trains(new), at_dose)[:, 0]
    same_trough = trough / per_gram
    return Conversion(
        old=old,
        route=route,
        interval_day=interval_day,
        same_area_g=interval(weekly_g * weeks * absorbed, fit.weights),
        same_area_factor=interval(absorbed, fit.weights),
        same_trough_g=interval(same_trough, fit.weights),
        same_trough_factor=interval(same_trough / weeks / weekly_g, fit.weights),
    )


def _needed_g(
    fit: IndividualFit, dosing: Dosing, trough_g_per_L: float, probability: float
) -> float:
    answer = dose_for_trough(fit, dosing, trough_g_per_L=trough_g_per_L, probability=probability)
    if isinstance(answer, Dosing):
        return answer.amount_g
    if answer.kind == "no_probability":
        raise _no_variability(fit)
    return answer.needed_g or 0.0


def _amount_g(
    fit: IndividualFit,
    dosing: Dosing,
    option: Option,
    needed_g: float,
    trough_g_per_L: float,
    probability: float,
) -> float | None:
    """A whole-vial amount that attains the target, else the largest allowed.

    The smallest, unless a little more is fewer vials.
    """

    def attains(amount_g: float) -> bool:
        tried = replace(dosing, amount_g=amount_g)
        reached = probability_at_target(fit, tried, trough_g_per_L=trough_g_per_L)
        return reached is not None and reached >= probability

    most_g = MOST_G if option.limit_g is None else option.limit_g
    amounts = whole_vial_amounts_g(option.vials, most_g / option.split_days)
    allowed = [amount * option.split_days for amount in amounts]
    for amount in allowed:
        if amount >= NEARLY * needed_g and attains(amount):
            alike = [more for more in allowed if amount <= more <= amount * (1.0 + SPARE)]
            return min(alike, key=lambda more: _cost(option, more, amount))
    return allowed[-1] if allowed else None


def _cost(option: Option, amount_g: float, least_g: float) -> float:
    """Percent above the least dose + vials a day: as ``choose_vials`` weighs them."""
    extra = 100.0 * (amount_g - least_g) / least_g
    each = amount_g / option.split_days
    plan = choose_vials(each, option.vials, tolerance_percent=EXACT_PERCENT)
    return extra + (0.0 if plan is None else sum(vial.n for vial in plan.total))


def _no_variability(fit: IndividualFit) -> InputError:
    return InputError(
        "model", fit.model_id, "a model with published variability; this one gives no probability"
    )
