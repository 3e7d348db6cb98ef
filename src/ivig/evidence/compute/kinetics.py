"""Trough, rise, half-life and steady state of the typical patient of the published models."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ivig.cited import Citation
from ivig.errors import IvigError
from ivig.evidence.compute.asked import ASKS_HALF, ASKS_RISE, ASKS_STEADY, ASKS_TROUGH
from ivig.evidence.compute.course import Course, find_course
from ivig.evidence.compute.facts import Computed, Facts, computed
from ivig.evidence.compute.given import Given
from ivig.evidence.compute.say import every, grams, number, span
from ivig.patient import Patient
from ivig.pk.choose import PkPopulation, choose
from ivig.pk.parameters import covariates, parameters, typical_values
from ivig.pk.population import PopulationModel
from ivig.pk.predict import Prediction, predict
from ivig.pk.regimen_text import RegimenPhase, dosing
from ivig.pk.steady import day_to_steady_state

STEP_G_PER_KG = 0.1
USUAL_INTERVAL_DAY = 28.0
ASSUMED_WEIGHT_KG = 70.0
SLOPE = "er_dose_trough_iv"
REPLACEMENT_MOST_G_PER_KG = 1.0


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the models say, in the order of choice."""

    patient: Patient
    group: str | None
    models: tuple[PopulationModel, ...]
    predictions: tuple[Prediction, ...]
    phase: RegimenPhase
    cautions: tuple[str, ...]


def kinetics_answers(given: Given, facts: Facts) -> tuple[Computed, ...]:
    """Trough, rise per 100 mg/kg, half-life or steady state: what is asked."""
    trough, half = given.asks(ASKS_TROUGH, "target"), given.asks(ASKS_HALF)
    steady = given.asks(ASKS_STEADY)
    rise = given.asks(ASKS_RISE) and given.asks(r"\bigg\b|\btrough|\blevels?\b")
    if not (trough or half or steady or rise):
        return ()
    course = find_course(given, facts)
    if isinstance(course, Computed):
        return (course,)
    if rise:
        return _rise(given, facts)
    if half or steady:
        course = course or _default()
    if course is None or (course.g_per_kg is None and course.amount_g is None):
        return ()
    seen = _see(given, course, facts)
    if isinstance(seen, Computed):
        return (seen,)
    found = [_half_life(seen)] if half else []
    found += [_steady(seen)] if steady else []
    found += [_trough(seen)] if trough and not (half or steady) else []
    return tuple(found)


def _default() -> Course:
    return Course(
        g_per_kg=(0.4, 0.4),
        amount_g=None,
        days=(1, 1),
        weight_kg=None,
        working="0.4 g/kg",
        cautions=("No regimen is named: 0.4 g/kg every 4 weeks is taken.",),
        interval_day=USUAL_INTERVAL_DAY,
    )


def _see(given: Given, course: Course, facts: Facts) -> _Seen | Computed:
    patient = given.patient(ASSUMED_WEIGHT_KG)
    assert patient is not None  # noqa: S101 (a default weight is given)
    said = list(course.cautions)
    if given.weight_kg is None:
        said.append(f"No weight is given: {number(ASSUMED_WEIGHT_KG)} kg is assumed.")
    if course.interval_day is None:
        said.append(f"No interval is named: {every(USUAL_INTERVAL_DAY)} is assumed.")
    if given.monthly:
        said.append("A month is taken as 4 weeks.")
    interval = course.interval_day or USUAL_INTERVAL_DAY
    dose = (
        course.g_per_kg[1]
        if course.g_per_kg
        else (course.amount_g or (0, 0))[1] / patient.weight_kg
    )
    phase = RegimenPhase(
        amount_g_per_kg=dose,
        route=given.route,
        interval_day=max(interval, float(course.days[1])),
        split_days=course.days[1],
    )
    replacement = dose <= REPLACEMENT_MOST_G_PER_KG
    population: PkPopulation = "pid" if given.indication is None else given.indication.pk_population
    category = "replacement" if replacement else "immunomodulation"
    if given.indication is not None:
        category = given.indication.category
    choice = choose(
        patient, population=population, category=category, route=given.route, models=facts.models
    )
    if choice.primary is None:
        return computed("missing", choice.reason, "no published model covers this")
    models = tuple(facts.models[name] for name in choice.ids)
    try:
        found = tuple(
            predict(m, patient, (phase,), population=_group(m, choice.group)) for m in models
        )
    except IvigError as error:
        return computed("missing", f"No model can say: {error}.", "no published model covers this")
    return _Seen(patient, choice.group, models, found, phase, (*said, *choice.cautions))


def _group(model: PopulationModel, group: str | None) -> str | None:
    known = {*model.domain.value.populations, *(fact.value.population for fact in model.groups)}
    return group if group in known else None


def _cite(models: Sequence[PopulationModel]) -> list[Citation]:
    return [Citation(source=m.source, basis=m.structure.basis) for m in models]


def _across(values: Sequence[float], digits: int = 1) -> str:
    return span(min(values), max(values), digits)


def _regimen(seen: _Seen) -> str:
    amount = (seen.phase.amount_g_per_kg or 0.0) * seen.patient.weight_kg
    often = every(seen.phase.interval_day or USUAL_INTERVAL_DAY)
    return f"{number(seen.phase.amount_g_per_kg or 0)} g/kg ({grams(amount)}) {often}"


def _trough(seen: _Seen) -> Computed:
    troughs = [p.trough_g_per_L for p in seen.predictions]
    peaks = [p.peak_g_per_L for p in seen.predictions]
    own = [p.baseline_g_per_L for p in seen.predictions]
    parts = "; ".join(
        f"{p.model_id}: own {number(p.baseline_g_per_L, 1)} + infused "
        f"{number(p.exogenous_trough_g_per_L, 1)} = {number(p.trough_g_per_L, 1)} g/L"
        for p in seen.predictions
    )
    return computed(
        "kinetics",
        f"{_regimen(seen)}: typical steady-state trough {_across(troughs)} g/L "
        f"({_across([t * 100 for t in troughs], 0)} mg/dL), peak {_across(peaks)} g/L, if the patient's "
        f"own IgG is {_across(own)} g/L.",
        parts,
        cite=_cite(seen.models),
        cautions=_typical(seen),
    )


def _half_life(seen: _Seen) -> Computed:
    values = [p.half_life_day for p in seen.predictions]
    return computed(
        "kinetics",
        f"Half-life of infused IgG in the typical patient: {_across(values, 0)} days across "
        f"{len(values)} published model{'s' if len(values) > 1 else ''}.",
        "; ".join(f"{p.model_id}: {number(p.half_life_day, 0)} days" for p in seen.predictions),
        cite=_cite(seen.models),
        cautions=_typical(seen),
    )


def _steady(seen: _Seen) -> Computed:
    days = [_day_to_steady(model, seen) for model in seen.models]
    interval = seen.phase.interval_day or USUAL_INTERVAL_DAY
    return computed(
        "kinetics",
        f"{_regimen(seen)}: the trough is 90 % of the way to steady state after {_across(days, 0)} "
        f"days, about {_across([d / interval for d in days], 0)} doses.",
        "; ".join(f"{m.id}: {number(d, 0)} days" for m, d in zip(seen.models, days, strict=True)),
        cite=_cite(seen.models),
        cautions=_typical(seen),
    )


def _day_to_steady(model: PopulationModel, seen: _Seen) -> float:
    typical = typical_values(model, covariates(seen.patient), _group(model, seen.group))
    planned = dosing(seen.phase, seen.patient.weight_kg)
    return float(day_to_steady_state(parameters(typical), planned)[0])


def _rise(given: Given, facts: Facts) -> tuple[Computed, ...]:
    """What 100 mg/kg adds to the trough, and at once: models are linear in the dose."""
    course = replace(
        _default(),
        g_per_kg=(STEP_G_PER_KG, STEP_G_PER_KG),
        interval_day=given.intervals_day[0] if given.intervals_day else USUAL_INTERVAL_DAY,
        cautions=(),
    )
    seen = _see(given, course, facts)
    if isinstance(seen, Computed):
        return (seen,)
    troughs = [p.exogenous_trough_g_per_L for p in seen.predictions]
    peaks = [p.exogenous_peak_g_per_L - p.exogenous_trough_g_per_L for p in seen.predictions]
    slope = facts.outcomes.get(SLOPE)
    measured = None if slope is None else slope.estimates[0]
    studies = ""
    if measured is not None and measured.value.value is not None:
        studies = f" Between studies it was {number(measured.value.value)} g/L."
    often = every(seen.phase.interval_day or USUAL_INTERVAL_DAY)
    return (
        computed(
            "kinetics",
            f"Each 100 mg/kg {often} adds about {_across(troughs, 2)} g/L "
            f"({_across([t * 100 for t in troughs], 0)} mg/dL) to the steady trough, and "
            f"{_across(peaks, 2)} g/L right after the dose.{studies}",
            "; ".join(
                f"{p.model_id}: trough +{number(p.exogenous_trough_g_per_L)} g/L"
                for p in seen.predictions
            ),
            cite=[*_cite(seen.models), measured],
            cautions=_typical(seen),
        ),
    )


def _typical(seen: _Seen) -> tuple[str, ...]:
    return (
        *seen.cautions,
        "Typical patients of the models: single patients differ widely, so measure the level.",
    )
