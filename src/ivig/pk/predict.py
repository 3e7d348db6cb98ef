"""The typical patient of a published model under a regimen: exact, and without an interval.

*Total* is what a laboratory measures, own IgG included; *exogenous* is the infused part alone. An
interval of a new start begins at the first dose of the N-th cycle and ends just before the next.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ivig.errors import InputError
from ivig.patient import Patient
from ivig.pk.area import area_g_day_per_L
from ivig.pk.baseline import find_baseline
from ivig.pk.concentration import exogenous_g_per_L, steady_exogenous_g_per_L
from ivig.pk.disposition import FloatArray
from ivig.pk.domain import marks, require_usable
from ivig.pk.parameters import Parameters, assumptions, covariates, parameters, typical_values
from ivig.pk.population import PopulationModel
from ivig.pk.regimen_text import (
    MOST_CYCLES,
    RegimenPhase,
    dosing,
    format_regimen,
    phase_starts,
    regimen_trains,
)
from ivig.pk.schedule import Train, cycle_trains
from ivig.pk.steady import half_life_day, steady_state
from ivig.pk.varying import with_lasting_loss

DAYS_PER_WEEK = 7.0
COURSE_DAY = 28.0  # what is looked at after a course that nothing follows
CURVE_TIMES = 97
JUST_AFTER_DAY = 1e-6  # a level at the instant of a dose still counts as before it
NARROW = 21  # times on either side of the best so far
NARROWINGS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """One interval between doses; ``when`` says which. Total IgG unless a name says exogenous.

    Parameters
    ----------
    trough_g_per_L : float
        Just before the dose that follows the interval.
    tmax_day, curve_day
        From the first dose of the interval.
    half_life_day : float
        Terminal, of the infused IgG.
    assumptions : tuple of str
        What stood in for something not given, and what to know about the model.
    """

    model_id: str
    regimen: str
    when: str
    interval_day: float
    baseline_g_per_L: float
    trough_g_per_L: float
    exogenous_trough_g_per_L: float
    peak_g_per_L: float
    exogenous_peak_g_per_L: float
    auc_tau_g_day_per_L: float
    exogenous_auc_tau_g_day_per_L: float
    auc_per_week_g_day_per_L: float
    exogenous_auc_per_week_g_day_per_L: float
    half_life_day: float
    tmax_day: float
    curve_day: tuple[float, ...]
    curve_g_per_L: tuple[float, ...]
    exogenous_curve_g_per_L: tuple[float, ...]
    assumptions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Interval:
    """Exogenous IgG of one interval; arrays (n_times,)."""

    when: str
    length_day: float
    trough: float
    peak: float
    tmax_day: float
    area: float
    times: FloatArray
    levels: FloatArray


@dataclass(frozen=True, slots=True)
class _Cycle:
    phase: RegimenPhase
    number: int
    start_day: float
    end_day: float


def predict(
    model: PopulationModel,
    patient: Patient,
    phases: Sequence[RegimenPhase],
    *,
    dose_number: int | Literal["ss"] | None = None,
    duration_h: float | None = None,
    population: str | None = None,
    CL_loss_L_per_day: float | None = None,
) -> Prediction:
    """Trough, peak, area and curve of the typical patient.

    Parameters
    ----------
    phases : sequence of RegimenPhase
        From ``parse_regimen``; the patient has had no dose before.
    dose_number : int or "ss", optional
        Which cycle from the start, or steady state; None: steady state when the last phase has no
        end, else its last cycle.
    duration_h : float, optional
        Of each infusion into a vein; None: at once.
    population : str, optional
        Whose group effects apply, e.g. "paediatric_sad".
    CL_loss_L_per_day : float, optional
        A lasting loss of protein beside the model's clearance (see ``pk.varying``).

    Raises
    ------
    InputError
        A model that is not shipped, or that needs a covariate that is not given; no such cycle.
    OutsideModelDomain
        The model never saw such a patient or route; which limit is said.
    """
    _require_shipped(model, patient, population)
    require_usable(model, patient, {phase.route for phase in phases})
    person, notes = _typical(model, patient, population)
    if CL_loss_L_per_day is not None:
        person = with_lasting_loss(person, CL_loss_L_per_day)
        notes += (_about_loss(CL_loss_L_per_day, float(person.BL_g_per_L[0])),)
    if dose_number == "ss" or (dose_number is None and _endless(phases[-1])):
        if not _endless(phases[-1]):
            wanted = "a number: this regimen ends, so it has no steady state"
            raise InputError("dose_number", dose_number, wanted)
        found = _steady(person, phases[-1], patient.weight_kg, duration_h)
    else:
        cycle = _cycle(phases, phase_starts(phases), dose_number)
        trains = regimen_trains(phases, patient.weight_kg, duration_h=duration_h)
        found = _new_start(person, trains, cycle, patient.weight_kg, duration_h)
        if cycle.phase.interval_day is None and cycle.phase is phases[-1]:
            notes += (f"Nothing follows the course: the {COURSE_DAY:g} days from its first day.",)
    notes += _about_duration(phases, duration_h)
    return _prediction(model.id, format_regimen(phases), person, found, notes)


def _prediction(
    model_id: str, regimen: str, person: Parameters, found: _Interval, notes: tuple[str, ...]
) -> Prediction:
    own = float(person.BL_g_per_L[0])
    week = DAYS_PER_WEEK / found.length_day
    return Prediction(
        model_id=model_id,
        regimen=regimen,
        when=found.when,
        interval_day=found.length_day,
        baseline_g_per_L=own,
        trough_g_per_L=own + found.trough,
        exogenous_trough_g_per_L=found.trough,
        peak_g_per_L=own + found.peak,
        exogenous_peak_g_per_L=found.peak,
        auc_tau_g_day_per_L=found.area + own * found.length_day,
        exogenous_auc_tau_g_day_per_L=found.area,
        auc_per_week_g_day_per_L=found.area * week + own * DAYS_PER_WEEK,
        exogenous_auc_per_week_g_day_per_L=found.area * week,
        half_life_day=float(half_life_day(person)[0]),
        tmax_day=found.tmax_day,
        curve_day=tuple(found.times.tolist()),
        curve_g_per_L=tuple((found.levels + own).tolist()),
        exogenous_curve_g_per_L=tuple(found.levels.tolist()),
        assumptions=notes,
    )


def _endless(phase: RegimenPhase) -> bool:
    return phase.interval_day is not None and phase.n_cycles is None


def _about_loss(CL_loss_L_per_day: float, own_g_per_L: float) -> str:
    return (
        f"A loss of {CL_loss_L_per_day:g} L/day has always been, and does not change production: own "
        f"IgG is {own_g_per_L:.2f} g/L under it. No model was built on such patients."
    )


def _about_duration(phases: Sequence[RegimenPhase], duration_h: float | None) -> tuple[str, ...]:
    into_vein = any(phase.route == "iv" for phase in phases)
    if duration_h is None and into_vein:
        return ("No infusion time is given: each dose counts as given at once.",)
    if duration_h is not None and not into_vein:
        return ("An infusion time matters only in a vein; it changes nothing here.",)
    return ()


def _require_shipped(model: PopulationModel, patient: Patient, population: str | None) -> None:
    if model.status == "not_shipped":
        raise InputError(
            "model", model.id, f"a model that can be used; this one is not: {model.why_status}"
        )
    lean = any(fact.value.covariate == "lean_body_mass_kg" for fact in model.powers)
    if lean and covariates(patient).lean_body_mass_kg is None:
        wanted = f"all three of them: {model.id} scales with lean body mass"
        raise InputError("age, height and sex", None, wanted)
    groups = {fact.value.population for fact in model.groups}
    populations = sorted({*model.domain.value.populations, *groups})
    if population is not None and population not in populations:
        raise InputError(
            "population", population, f"what {model.id} knows: {', '.join(populations)}"
        )


def _typical(
    model: PopulationModel, patient: Patient, population: str | None
) -> tuple[Parameters, tuple[str, ...]]:
    """The typical parameters, and what to know about them."""
    known = covariates(patient)
    typical = typical_values(model, known, population)
    baseline = find_baseline(model, patient, (), ())
    if baseline.igg_g_per_L is not None:
        typical["BL"] = baseline.igg_g_per_L
    notes = [baseline.note, *assumptions(model, known), *marks(model, patient)]
    if baseline.kind == "model" and typical["BL"] != model.typical["BL"].value:
        notes.append(f"For these covariates its own IgG is {typical['BL']:.2f} g/L.")
    if model.status != "complete" and model.why_status is not None:
        notes.append(f"{model.id} is marked {model.status.replace('_', ' ')}: {model.why_status}")
    used = {fact.value.covariate for fact in model.powers}
    notes += [
        f"{lab.analyte} is not a covariate of {model.id}; it changes nothing."
        for lab in patient.labs
        if lab.analyte not in used
    ]
    return parameters(typical), tuple(notes)


def _steady(
    person: Parameters, phase: RegimenPhase, weight_kg: float, duration_h: float | None
) -> _Interval:
    planned = dosing(phase, weight_kg, duration_h=duration_h)
    length_day = planned.interval_day or COURSE_DAY
    found = steady_state(person, planned)
    times = _curve_times(phase, length_day, planned.duration_day)
    levels = steady_exogenous_g_per_L(person, cycle_trains(planned), times)[0]
    return _Interval(
        when="at steady state",
        length_day=length_day,
        trough=float(found.trough_g_per_L[0]),
        peak=float(found.peak_g_per_L[0]),
        tmax_day=float(found.peak_day[0]),
        area=float(found.auc_tau_g_day_per_L[0]),
        times=times,
        levels=levels,
    )


def _new_start(
    person: Parameters,
    trains: Sequence[Train],
    cycle: _Cycle,
    weight_kg: float,
    duration_h: float | None,
) -> _Interval:
    length_day = cycle.end_day - cycle.start_day
    given = dosing(cycle.phase, weight_kg, duration_h=duration_h).duration_day
    times = _curve_times(cycle.phase, length_day, given)

    def level(since_day: FloatArray) -> FloatArray:
        return exogenous_g_per_L(person, trains, cycle.start_day + since_day)[0]

    curve = level(times)
    peak, tmax_day = _peak(level, times, curve)
    return _Interval(
        when=f"interval {cycle.number} of a new start",
        length_day=length_day,
        trough=float(curve[-1]),
        peak=peak,
        tmax_day=tmax_day,
        area=float(area_g_day_per_L(person, trains, cycle.start_day, cycle.end_day)[0]),
        times=times,
        levels=curve,
    )


def _cycle(phases: Sequence[RegimenPhase], starts: Sequence[float], number: int | None) -> _Cycle:
    """The N-th cycle of the regimen, counted through its phases; None is the last."""
    if number is not None and not 1 <= number <= MOST_CYCLES:
        raise InputError("dose_number", number, f"1 to {MOST_CYCLES}, or ss")
    before = 0
    for i, phase in enumerate(phases):
        count = phase.n_cycles or (1 if phase.interval_day is None else MOST_CYCLES)
        final = number is None and i == len(phases) - 1
        if final or (number is not None and number <= before + count):
            which = count if number is None else number - before
            next_day = starts[i + 1] if i + 1 < len(starts) else np.inf
            return _located(phase, starts[i], which, before + which, next_day)
        before += count
    raise InputError("dose_number", number, f"at most {before}, the cycles of this regimen")


def _located(
    phase: RegimenPhase, phase_day: float, which: int, number: int, next_day: float
) -> _Cycle:
    start_day = phase_day + (which - 1) * (phase.interval_day or 0.0)
    if phase.interval_day is not None:
        end_day = min(start_day + phase.interval_day, next_day)
    else:
        end_day = (
            next_day if np.isfinite(next_day) else start_day + max(COURSE_DAY, phase.split_days)
        )
    return _Cycle(phase, number, start_day, end_day)


def _curve_times(phase: RegimenPhase, length_day: float, duration_day: float) -> FloatArray:
    """Even times, with the start and the end of every dose, which are corners of the curve."""
    starts = np.arange(float(phase.split_days))
    ends = starts + max(duration_day, JUST_AFTER_DAY)
    even = np.linspace(0.0, length_day, CURVE_TIMES)
    times = np.unique(np.concatenate([even, starts, ends]))
    return times[times <= length_day]


def _peak(
    level: Callable[[FloatArray], FloatArray], times: FloatArray, levels: FloatArray
) -> tuple[float, float]:
    """The highest level and its time: a corner, or between the neighbours of the best time."""
    for _ in range(NARROWINGS):
        best = int(levels.argmax())
        low, middle = float(times[max(best - 1, 0)]), float(times[best])
        high = float(times[min(best + 1, times.size - 1)])
        times = np.append(np.linspace(low, middle, NARROW), np.linspace(middle, high, NARROW)[1:])
        levels = level(times)
    best = int(levels.argmax())
    return float(levels[best]), float(times[best])
