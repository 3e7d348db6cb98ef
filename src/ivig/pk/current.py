"""The regimen a patient is on, read from the doses given so far."""

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from ivig.patient import Dose
from ivig.pk.schedule import Dosing, expand

SAME_CYCLE_DAY = 1.5  # infusions on following days are one course
RECENT_CYCLES = 4


def cycles(doses: Sequence[Dose]) -> tuple[tuple[Dose, ...], ...]:
    """Doses in order of time, those of one course (into a vein on following days) together."""
    found: list[list[Dose]] = []
    for dose in sorted(doses, key=lambda dose: dose.time_day):
        before = found[-1][-1] if found else None
        if (
            before is not None
            and dose.route == before.route == "iv"
            and dose.time_day - before.time_day <= SAME_CYCLE_DAY
        ):
            found[-1].append(dose)
        else:
            found.append([dose])
    return tuple(tuple(course) for course in found)


def current_dosing(doses: Sequence[Dose]) -> Dosing | None:
    """The last course, repeated at the usual gap of the last four; None after fewer than two.

    Examples
    --------
    >>> given = [Dose(time_day=-28.0 * i, amount_g=30) for i in (3, 2, 1)]
    >>> current_dosing(given).interval_day
    28.0
    """
    courses = [course for course in cycles(doses) if course[0].route == _last_route(doses)]
    courses = courses[-RECENT_CYCLES:]
    if len(courses) < 2:
        return None
    gap_day = median(after[0].time_day - before[0].time_day for before, after in pairwise(courses))
    last = courses[-1]
    if not gap_day >= len(last):
        return None
    return Dosing(
        amount_g=sum(dose.amount_g for dose in last),
        interval_day=float(gap_day),
        route=last[-1].route,
        split_days=len(last),
        duration_h=last[-1].duration_h,
    )


def planned_doses(
    doses: Sequence[Dose], dosing: Dosing, *, until_day: float, now_day: float = 0.0
) -> tuple[Dose, ...]:
    """The regimen carried on from the last course, an overdue one being given now."""
    assert dosing.interval_day is not None  # noqa: S101 (current_dosing repeats)
    courses = cycles(doses)
    first_day = courses[-1][0].time_day + dosing.interval_day if courses else now_day
    first_day = max(first_day, now_day)
    n_cycles = max(1, int((until_day - first_day) / dosing.interval_day) + 1)
    return expand(dosing, n_cycles=n_cycles, start_day=first_day)


def _last_route(doses: Sequence[Dose]) -> str | None:
    last = max(doses, key=lambda dose: dose.time_day, default=None)
    return None if last is None else last.route
