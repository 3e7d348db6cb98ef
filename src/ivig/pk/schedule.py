"""Doses as the kinetics sees them: single doses, and trains of equal doses at equal intervals.

A planned regimen is written as ``Dosing``; a history is a sequence of ``Dose``. Both become trains,
because a train of any length costs one closed form.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite

from ivig.errors import InputError
from ivig.patient import Dose, Route

HOURS_PER_DAY = 24.0
SHORTEST_TRAIN = 4  # fewer are kept as single doses
SAME_DAY = 1e-9  # two intervals count as equal within so many days


@dataclass(frozen=True, slots=True, kw_only=True)
class Dosing:
    """A planned regimen: so many grams each cycle, spread evenly over its first days.

    Parameters
    ----------
    amount_g : float
        Grams of one cycle, all its days together.
    interval_day : float or None
        From cycle to cycle; None for a single course.
    split_days : int
        Consecutive days the cycle is given on, one dose a day.
    duration_h : float or None
        Of each infusion; None, or any route but IV: at once.
    """

    amount_g: float
    interval_day: float | None
    route: Route = "iv"
    split_days: int = 1
    duration_h: float | None = None

    def __post_init__(self) -> None:
        if not (isfinite(self.amount_g) and self.amount_g > 0):
            raise InputError("amount_g", self.amount_g, "a number of grams above 0")
        if self.split_days < 1:
            raise InputError("split_days", self.split_days, "1 day or more")
        interval_day = self.interval_day
        if interval_day is not None and not interval_day >= self.split_days:
            raise InputError(
                "interval_day", interval_day, f"at least the {self.split_days} days of a cycle"
            )
        if self.duration_h is not None and not 0 <= self.duration_h <= HOURS_PER_DAY:
            raise InputError("duration_h", self.duration_h, "0 to 24 h for one infusion")

    @property
    def amount_per_dose_g(self) -> float:
        """Grams on each day of a cycle."""
        return self.amount_g / self.split_days

    @property
    def duration_day(self) -> float:
        """Of each infusion; 0 when it is given at once or not into a vein."""
        return duration_day(self.route, self.duration_h)


@dataclass(frozen=True, slots=True, kw_only=True)
class Train:
    """Equal doses at equal intervals; ``n_doses`` None is without end."""

    start_day: float
    interval_day: float
    n_doses: int | None
    amount_g: float
    route: Route
    duration_day: float = 0.0


def duration_day(route: Route, duration_h: float | None) -> float:
    """Length of an infusion in days; 0 when unknown (its effect on a level is under 1 %)."""
    return 0.0 if duration_h is None or route != "iv" else duration_h / HOURS_PER_DAY


def expand(dosing: Dosing, *, n_cycles: int, start_day: float = 0.0) -> tuple[Dose, ...]:
    """The doses of the first cycles, in order of time.

    Raises
    ------
    InputError
        More than one cycle of a single course, or none.
    """
    if n_cycles < 1 or (dosing.interval_day is None and n_cycles > 1):
        raise InputError("n_cycles", n_cycles, "1 for a single course, else 1 or more")
    interval_day = dosing.interval_day or 0.0
    return tuple(
        Dose(
            time_day=start_day + cycle * interval_day + day,
            amount_g=dosing.amount_per_dose_g,
            route=dosing.route,
            duration_h=dosing.duration_h,
        )
        for cycle in range(n_cycles)
        for day in range(dosing.split_days)
    )


def cycle_trains(
    dosing: Dosing, *, n_cycles: int | None = None, start_day: float = 0.0
) -> tuple[Train, ...]:
    """One train for each day of the cycle; by default at steady state.

    ``start_day`` is the first dose; at steady state, the dose whose cycle is looked at.
    """
    interval_day = dosing.interval_day
    if interval_day is None:
        interval_day, n_cycles = float(dosing.split_days), 1
    return tuple(
        Train(
            start_day=start_day + day,
            interval_day=interval_day,
            n_doses=n_cycles,
            amount_g=dosing.amount_per_dose_g,
            route=dosing.route,
            duration_day=dosing.duration_day,
        )
        for day in range(dosing.split_days)
    )


def history_trains(doses: Sequence[Dose]) -> tuple[Train, ...]:
    """A dosing history as few trains as its regularity allows.

    Raises
    ------
    InputError
        Doses out of order of time.
    """
    require_order(doses)
    trains: list[Train] = []
    done = 0
    while done < len(doses):
        length = _run_length(doses, done)
        joined = length if length >= SHORTEST_TRAIN else 1
        trains.append(_train(doses, done, joined))
        done += joined
    return tuple(trains)


def _train(doses: Sequence[Dose], start: int, length: int) -> Train:
    first = doses[start]
    interval_day = doses[start + 1].time_day - first.time_day if length > 1 else 1.0
    return Train(
        start_day=first.time_day,
        interval_day=interval_day,
        n_doses=length,
        amount_g=first.amount_g,
        route=first.route,
        duration_day=duration_day(first.route, first.duration_h),
    )


def require_order(doses: Sequence[Dose]) -> None:
    """Refuse doses out of order, without amount or time."""
    for i, dose in enumerate(doses):
        if not isfinite(dose.time_day):
            raise InputError(f"doses[{i}].time_day", dose.time_day, "a number of days")
        if not (isfinite(dose.amount_g) and dose.amount_g > 0):
            raise InputError(f"doses[{i}].amount_g", dose.amount_g, "a number of grams above 0")
    for i, (before, after) in enumerate(pairwise(doses), start=1):
        if after.time_day < before.time_day:
            raise InputError(
                f"doses[{i}].time_day",
                after.time_day,
                f"doses in order of time: not before day {before.time_day:g}",
            )


def _run_length(doses: Sequence[Dose], start: int) -> int:
    """How many doses from ``start`` on are alike and equally spaced, and do not overlap."""
    first = doses[start]
    if start + 1 == len(doses):
        return 1
    interval_day = doses[start + 1].time_day - first.time_day
    if interval_day <= duration_day(first.route, first.duration_h):
        return 1
    end = start + 1
    while end < len(doses):
        dose = doses[end]
        alike = (dose.amount_g, dose.route, dose.duration_h) == (
            first.amount_g,
            first.route,
            first.duration_h,
        )
        gap_day = dose.time_day - doses[end - 1].time_day
        if not alike or abs(gap_day - interval_day) > SAME_DAY:
            break
        end += 1
    return end - start
