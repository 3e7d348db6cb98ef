"""Event tables: rows of doses and levels → one ``Subject`` for each ID, and what a row may say.

Days, grams, g/day and g/L throughout; DV is *total* IgG. Which compartment a dose goes into:

1. A ``route`` (iv, sc, fsc) says it.
2. Else CMT: where compartment 2 or 3 is named anywhere in the table, 1 is the subcutaneous depot,
   2 the central compartment (into a vein) and 3 the depot of facilitated doses. Where only 1 is
   named, it is the central one if a level was drawn from it or a dose has a rate; else the table
   does not say, and is refused.
3. With neither, into a vein, as in a patient file.

ADDL further doses follow every II days. SS 1, on the first dose of an ID, means that it was given
every II days for ten years: what the doses before that would add is below 1e-12 of the level at
half-lives up to 90 days.

A level at the time of a dose is the trough before it, in whichever row, as it is to NONMEM when the
dose is infused or absorbed. Below a dose given at once NONMEM would add that dose: such rows are
refused, since it may have been meant either way.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from math import ceil
from typing import Any, cast

from ivig.errors import InputError
from ivig.patient import DatedWeight, Dose, Lab, Patient, Route, Sample, Sex
from ivig.pk.schedule import HOURS_PER_DAY
from ivig.units import ANALYTES

AMOUNT_G = (0.01, 500.0)
LONGEST_INFUSION_H = 72.0
HIGHEST_G_PER_L = 100.0
STEADY_DAY = 3650.0
MOST_ADDITIONAL = 10_000
MOST_DOSES = 100_000
SAME_DAY = 1e-9
_ROUTE_OF_CMT: dict[int, Route] = {1: "sc", 2: "iv", 3: "fsc"}
_KINDS = {0: "a level", 1: "a dose", 2: "a covariate"}


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRow:
    """One row as it stands; None is an empty cell. ``row`` counts the header as 1."""

    row: int
    id: str
    time_day: float
    amount_g: float | None = None
    rate_g_per_day: float | None = None
    duration_h: float | None = None
    route: Route | None = None
    product: str | None = None
    igg_g_per_L: float | None = None
    below_limit: bool = False
    evid: int | None = None
    mdv: int | None = None
    cmt: int | None = None
    interval_day: float | None = None
    n_additional: int | None = None
    ss: int | None = None
    weight_kg: float | None = None
    age_year: float | None = None
    height_cm: float | None = None
    sex: Sex | None = None
    albumin_g_per_L: float | None = None
    igm_g_per_L: float | None = None
    baseline_igg_g_per_L: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One ID: every dose and level in order of time, and the last value of each covariate.

    ``weights`` are all the weights with the day each holds from.
    """

    id: str
    doses: tuple[Dose, ...]
    samples: tuple[Sample, ...]
    weights: tuple[DatedWeight, ...]
    age_year: float | None = None
    height_cm: float | None = None
    sex: Sex | None = None
    albumin_g_per_L: float | None = None
    igm_g_per_L: float | None = None
    baseline_igg_g_per_L: float | None = None

    @property
    def weight_kg(self) -> float:
        """The last weight."""
        return self.weights[-1].weight_kg


def subject_patient(subject: Subject, *, diagnosis: str = "not given") -> Patient:
    """The subject as a patient, without doses and levels, whose days are those of the table.

    Its weights are dated where they change.
    """
    labs = tuple(
        Lab(analyte=name, value=value, ucum=ANALYTES[name].ucum, loinc=ANALYTES[name].loinc)
        for name in ("albumin_g_per_L", "igm_g_per_L")
        if (value := getattr(subject, name)) is not None
    )
    return Patient(
        diagnosis=diagnosis,
        id=subject.id,
        weight_kg=subject.weight_kg,
        age_year=subject.age_year,
        sex=subject.sex,
        height_cm=subject.height_cm,
        baseline_igg_g_per_L=subject.baseline_igg_g_per_L,
        weights=subject.weights if len(subject.weights) > 1 else (),
        labs=labs,
    )


def subjects(rows: Sequence[EventRow]) -> tuple[Subject, ...]:
    """The subjects of a table, in its order.

    Raises
    ------
    InputError
        An empty table; an ID in two places; rows out of order of time; two doses or two levels at
        one time; a level without a dose before it; a dose, level or flag that is not possible.
        It names the row.
    """
    if not rows:
        raise InputError("event table", "no rows", "at least one dose")
    found: list[Subject] = []
    seen: set[str] = set()
    depot = any(row.cmt in (2, 3) for row in rows)
    for name, group in groupby(rows, key=lambda row: row.id):
        own = tuple(group)
        if name in seen:
            raise _refused(own[0], "ID", name, "all rows of one ID together")
        seen.add(name)
        found.append(_subject(name, own, depot=depot, central=_central(rows)))
    return tuple(found)


def _subject(name: str, rows: tuple[EventRow, ...], *, depot: bool, central: bool) -> Subject:
    _require_order(rows)
    given: list[tuple[EventRow, Dose]] = []
    samples: list[tuple[EventRow, Sample]] = []
    for row in rows:
        kind = _kind(row)
        if kind == 1:
            route = _route(row, depot=depot, central=central)
            given += [(row, dose) for dose in _doses(row, route, first=not given)]
            if len(given) > MOST_DOSES:
                raise _refused(row, "ADDL", row.n_additional, f"at most {MOST_DOSES} doses an ID")
        elif kind == 0 and row.mdv != 1:
            samples.append((row, _sample(row)))
    given.sort(key=lambda pair: pair[1].time_day)
    _require_single_doses(given)
    _require_levels(samples, given)
    return Subject(
        id=name,
        doses=tuple(dose for _, dose in given),
        samples=tuple(sample for _, sample in samples),
        weights=_weights(rows),
        age_year=_last(rows, "age_year"),
        height_cm=_last(rows, "height_cm"),
        sex=_constant(rows, "sex"),
        albumin_g_per_L=_last(rows, "albumin_g_per_L"),
        igm_g_per_L=_last(rows, "igm_g_per_L"),
        baseline_igg_g_per_L=_constant(rows, "baseline_igg_g_per_L"),
    )


def _central(rows: Sequence[EventRow]) -> bool:
    """Whether compartment 1, where it alone is named, is the central one."""
    return any(
        row.cmt == 1 and (row.igg_g_per_L is not None or (row.rate_g_per_day or 0.0) > 0)
        for row in rows
    )


def _kind(row: EventRow) -> int:
    """0 a level · 1 a dose · 2 neither; by EVID, or by what the row holds."""
    dose = (row.amount_g or 0.0) != 0.0
    level = row.igg_g_per_L is not None and row.mdv != 1
    if row.mdv not in (None, 0, 1):
        raise _refused(row, "MDV", row.mdv, "0, or 1 where DV is no level")
    if row.evid is not None and row.evid not in _KINDS:
        allowed = "0 a level, 1 a dose, 2 a covariate; a reset has no meaning in a patient"
        raise _refused(row, "EVID", row.evid, allowed)
    kind = row.evid if row.evid is not None else (1 if dose else 0 if level else 2)
    if kind == 1 and not dose:
        raise _refused(row, "AMT", row.amount_g, "grams above 0; leave a missed dose out")
    if kind != 1 and dose:
        raise _refused(row, "AMT", row.amount_g, f"no amount in a row of {_KINDS[kind]}")
    if kind == 1 and level and row.igg_g_per_L != 0.0:
        allowed = "no level in the row of a dose: write two rows, the level first"
        raise _refused(row, "DV", row.igg_g_per_L, allowed)
    if kind == 0 and not level and row.mdv != 1:
        raise _refused(row, "DV", row.igg_g_per_L, "a level, or MDV 1")
    return kind


def _doses(row: EventRow, route: Route, *, first: bool) -> list[Dose]:
    amount_g = cast(float, row.amount_g)
    if not AMOUNT_G[0] <= amount_g <= AMOUNT_G[1]:
        allowed = f"{AMOUNT_G[0]:g} to {AMOUNT_G[1]:g} g; 30000 mg is 30 g"
        raise _refused(row, "AMT", amount_g, allowed)
    duration_h = _duration_h(row, amount_g)
    before, after = _repeats(row, first=first)
    interval_day = row.interval_day or 0.0
    return [
        Dose(
            time_day=row.time_day + i * interval_day,
            amount_g=amount_g,
            route=route,
            product=row.product,
            duration_h=duration_h if route == "iv" else None,
        )
        for i in range(-before, after + 1)
    ]


def _repeats(row: EventRow, *, first: bool) -> tuple[int, int]:
    """How many like doses came before (SS) and follow (ADDL)."""
    after = row.n_additional or 0
    if not 0 <= after <= MOST_ADDITIONAL:
        raise _refused(row, "ADDL", after, f"0 to {MOST_ADDITIONAL} further doses")
    if row.ss not in (None, 0, 1):
        raise _refused(row, "SS", row.ss, "0, or 1 for the steady state")
    if row.ss == 1 and not first:
        raise _refused(row, "SS", 1, "1 only on the first dose of an ID")
    repeated = after > 0 or row.ss == 1
    if repeated and not (row.interval_day or 0.0) >= 1.0:
        raise _refused(row, "II", row.interval_day, "the days between doses, 1 or more")
    before = ceil(STEADY_DAY / cast(float, row.interval_day)) if row.ss == 1 else 0
    return before, after


def _duration_h(row: EventRow, amount_g: float) -> float | None:
    rate = row.rate_g_per_day or 0.0
    if rate == 0.0:
        duration_h = row.duration_h or None
    elif rate < 0.0:
        raise _refused(row, "RATE", rate, "g/day above 0, or 0 for a dose at once")
    elif row.duration_h is not None:
        raise _refused(row, "duration_h", row.duration_h, "either RATE or duration_h")
    else:
        duration_h = HOURS_PER_DAY * amount_g / rate
    if duration_h is not None and not 0.0 < duration_h <= LONGEST_INFUSION_H:
        allowed = f"at most {LONGEST_INFUSION_H:g} h an infusion; RATE is in g/day: 10 g/h is 240"
        raise _refused(row, "RATE" if rate else "duration_h", rate or duration_h, allowed)
    return duration_h


def _route(row: EventRow, *, depot: bool, central: bool) -> Route:
    if row.route is not None:
        return row.route
    if not row.cmt:
        return "iv"
    if row.cmt not in _ROUTE_OF_CMT:
        raise _refused(row, "CMT", row.cmt, "1 depot, 2 central, 3 facilitated depot")
    if depot:
        return _ROUTE_OF_CMT[row.cmt]
    if not central:
        allowed = "a column route (iv, sc, fsc), or CMT in the rows of levels too: 1 may be either"
        raise _refused(row, "CMT", row.cmt, allowed)
    return "iv"


def _sample(row: EventRow) -> Sample:
    level = cast(float, row.igg_g_per_L)
    if not 0.0 < level <= HIGHEST_G_PER_L:
        allowed = (
            f"above 0, to {HIGHEST_G_PER_L:g} g/L; 650 mg/dL is 6.5 g/L, and an undetectable level is "
            "the limit with below_limit 1"
        )
        raise _refused(row, "DV", level, allowed)
    return Sample(time_day=row.time_day, igg_g_per_L=level, below_limit=row.below_limit)


def _require_order(rows: Sequence[EventRow]) -> None:
    for before, after in pairwise(rows):
        if after.time_day < before.time_day:
            allowed = (
                f"rows in order of time: not before day {before.time_day:g} of row {before.row}"
            )
            raise _refused(after, "TIME", after.time_day, allowed)


def _require_single_doses(given: Sequence[tuple[EventRow, Dose]]) -> None:
    taken: dict[Route, tuple[EventRow, Dose]] = {}
    for row, dose in given:
        other = taken.get(dose.route)
        if other is not None and dose.time_day - other[1].time_day <= SAME_DAY:
            later = max(row, other[0], key=lambda one: one.row)
            allowed = "one dose of a route at one time; add up what was given together"
            raise _refused(later, "TIME", dose.time_day, allowed)
        taken[dose.route] = (row, dose)


def _require_levels(
    samples: Sequence[tuple[EventRow, Sample]], given: Sequence[tuple[EventRow, Dose]]
) -> None:
    for (_, before), (row, after) in pairwise(samples):
        if after.time_day - before.time_day <= SAME_DAY:
            raise _refused(row, "TIME", after.time_day, "one level at one time")
    at_once = {
        dose.time_day: row.row
        for row, dose in given
        if dose.route == "iv" and not dose.duration_h and dose.time_day == row.time_day
    }
    for row, sample in samples:
        if at_once.get(sample.time_day, row.row) < row.row:
            allowed = (
                "a level drawn before the dose in the row before it, one drawn after at its time"
            )
            raise _refused(row, "TIME", sample.time_day, allowed)
    for row, sample in samples[:1]:
        if not given or sample.time_day <= given[0][1].time_day:
            allowed = (
                "levels after the first dose; an untreated level goes into the column "
                "baseline_igg_g_per_L"
            )
            raise _refused(row, "TIME", sample.time_day, allowed)


def _weights(rows: Sequence[EventRow]) -> tuple[DatedWeight, ...]:
    found: list[DatedWeight] = []
    for row in rows:
        if row.weight_kg is None or (found and found[-1].weight_kg == row.weight_kg):
            continue
        if found and row.time_day - found[-1].time_day <= SAME_DAY:
            raise _refused(row, "WT", row.weight_kg, "one weight at one time")
        found.append(DatedWeight(time_day=row.time_day, weight_kg=row.weight_kg))
    if not found:
        raise _refused(rows[0], "WT", None, f"a weight in kg for ID {rows[0].id}")
    return tuple(found)


def _last(rows: Sequence[EventRow], name: str) -> float | None:
    values = [getattr(row, name) for row in rows if getattr(row, name) is not None]
    return values[-1] if values else None


def _constant(rows: Sequence[EventRow], name: str) -> Any:
    known = [row for row in rows if getattr(row, name) is not None]
    for row in known[1:]:
        if getattr(row, name) != getattr(known[0], name):
            wanted = f"{getattr(known[0], name)} as in row {known[0].row}: one value for an ID"
            raise _refused(row, name, getattr(row, name), wanted)
    return getattr(known[0], name) if known else None


def _refused(row: EventRow, column: str, value: object, allowed: str) -> InputError:
    return InputError(f"row {row.row}, {column}", value, allowed)
