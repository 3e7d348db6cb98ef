"""Predicted against published: the verdict on each row of knowledge/validation/."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from ivig.errors import InputError
from ivig.indication import Range
from ivig.patient import Dose, Patient
from ivig.pk.concentration import steady_exogenous_g_per_L, total_g_per_L
from ivig.pk.parameters import Covariates, Parameters, parameters, typical_values
from ivig.pk.population import PopulationModel
from ivig.pk.regimen_text import dosing, parse_regimen
from ivig.pk.schedule import Dosing, cycle_trains, history_trains
from ivig.pk.size import lean_body_mass_kg
from ivig.pk.steady import SteadyState, steady_state
from ivig.pk.validation import Arm, Person, Prediction, Quantity, Row, ValidationSet
from ivig.product import Measurement

Relation = Literal["implementation", "trained", "external"]
"""*implementation*: the numbers of the same model elsewhere · *trained*: the model saw these
patients · *external*: it did not."""

DAYS_PER_WEEK = 7.0
FIRST_DAYS = 28.0
AREA_STEPS = 20_000
SLOPE_POINTS = 30

CANONICAL = {
    "g/L": 1.0,
    "mg/mL": 1.0,
    "mg/dL": 0.01,
    "mg/dL per 100 mg/kg": 0.01,
    "mg/dL per 100 mg/kg/month": 0.01,
    "mg/dL per mg/kg/week": 0.01,
    "g·day/L": 1.0,
    "day·mg/dL": 0.01,
    "h·mg/mL": 1.0 / 24.0,
    "mL/kg/day": 1.0,
    "day": 1.0,
    "ratio": 1.0,
    "%": 1.0,
    "% of IV": 0.01,
}
"""Factor from a printed unit to that of ``QUANTITIES``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One prediction: what was predicted, in the unit of the row, and what is admitted."""

    set_id: str
    row: Row
    prediction: Prediction
    predicted: Measurement
    allowed: Range
    passed: bool
    relation: Relation


def verdicts(
    sets: Mapping[str, ValidationSet], models: Mapping[str, PopulationModel]
) -> tuple[Verdict, ...]:
    """Every prediction of every row, in the order of the files.

    Raises
    ------
    InputError
        A prediction names a model, a unit or a regimen that does not exist.
    """
    return tuple(
        _verdict(part, row, prediction, models)
        for part in sets.values()
        for row in part.rows
        for prediction in row.predictions
    )


def predict(prediction: Prediction, models: Mapping[str, PopulationModel]) -> float:
    """The predicted value: g/L, day, g·day/L, mL/kg/day, a ratio, or per cent."""
    found = [_of_model(prediction, _named(models, name)) for name in prediction.models]
    return float(np.median(found))


def allowed(row: Row, prediction: Prediction) -> Range:
    """The limits a prediction must keep, in the unit of the row."""
    tolerance, printed = prediction.tolerance, row.measured.value
    if tolerance.range is not None:
        return tolerance.range
    value, width = printed.value, tolerance.fraction or 0.0
    if tolerance.kind == "printed" and printed.low is not None and printed.high is not None:
        return Range(low=printed.low * (1 - width), high=printed.high * (1 + width))
    if tolerance.kind == "sd" and value is not None and row.sd is not None:
        return Range(low=value - row.sd, high=value + row.sd)
    if tolerance.kind == "fraction" and value is not None:
        return Range(low=value * (1 - width), high=value * (1 + width))
    raise InputError(f"rows.{row.id}.tolerance", tolerance.kind, "a tolerance the row prints")


def _verdict(
    part: ValidationSet, row: Row, prediction: Prediction, models: Mapping[str, PopulationModel]
) -> Verdict:
    printed = row.measured.value
    if printed.unit not in CANONICAL:
        raise InputError(f"rows.{row.id}.unit", printed.unit, f"one of {', '.join(CANONICAL)}")
    value = predict(prediction, models) / CANONICAL[printed.unit]
    limits = allowed(row, prediction)
    return Verdict(
        set_id=part.id,
        row=row,
        prediction=prediction,
        predicted=Measurement(name=printed.name, unit=printed.unit, value=value),
        allowed=limits,
        passed=limits.low <= value <= limits.high,
        relation=_relation(part, row, prediction),
    )


def _relation(part: ValidationSet, row: Row, prediction: Prediction) -> Relation:
    if row.kind in ("reference", "simulated"):
        return "implementation"
    trained = (row.trained_by or part.trained_by).value
    return "trained" if set(trained) & set(prediction.models) else "external"


def _named(models: Mapping[str, PopulationModel], name: str) -> PopulationModel:
    if name not in models:
        raise InputError("models", name, f"one of {', '.join(models)}")
    return models[name]


def _of_model(prediction: Prediction, model: PopulationModel) -> float:
    """One model's answer, averaged over the arms."""
    quantity = _QUANTITIES[prediction.quantity]
    others: tuple[Arm | None, ...] = prediction.relative_to or (None,) * len(prediction.arms)
    found: list[float] = []
    for arm, reference in zip(prediction.arms, others, strict=True):
        case = _Case(model, arm)
        value = quantity(case)
        if reference is not None:
            other = _Case(model, reference)
            value = _combined(prediction, case, value, other, quantity(other))
        found.append(value)
    return float(np.mean(found))


def _combined(
    prediction: Prediction, case: "_Case", value: float, other: "_Case", reference: float
) -> float:
    if prediction.combine == "difference":
        return value - reference
    if prediction.combine == "percent_above":
        return 100.0 * (value / reference - 1.0)
    if prediction.combine == "dose_normalised_ratio":
        return (value / case.mg_per_kg) / (reference / other.mg_per_kg)
    return value / reference


class _Case:
    """The typical patient of a model on a regimen, worked out as far as it is asked about."""

    def __init__(self, model: PopulationModel, arm: Arm) -> None:
        self.arm = arm
        self.typical = _typical(model, arm.person)

    @property
    def own_g_per_L(self) -> float:
        return float(self.typical.BL_g_per_L[0])

    @cached_property
    def dosing(self) -> Dosing:
        if self.arm.regimen is None:
            raise InputError("regimen", None, "a regimen for this quantity")
        phases = parse_regimen(self.arm.regimen)
        if len(phases) != 1:
            raise InputError("regimen", self.arm.regimen, "one phase")
        weight_kg = self.arm.person.weight_kg
        return dosing(phases[0], weight_kg, duration_h=self.arm.infusion_h)

    @cached_property
    def steady(self) -> SteadyState:
        return steady_state(self.typical, self.dosing)

    @property
    def days(self) -> float:
        if self.dosing.interval_day is None:
            raise InputError("regimen", self.arm.regimen, "a regimen that repeats")
        return self.dosing.interval_day

    @property
    def mg_per_kg(self) -> float:
        return 1000.0 * self.dosing.amount_g / self.arm.person.weight_kg

    @property
    def trough(self) -> float:
        return float(self.steady.trough_g_per_L[0]) + self.own_g_per_L

    @property
    def peak(self) -> float:
        return float(self.steady.peak_g_per_L[0]) + self.own_g_per_L

    @property
    def exogenous_area(self) -> float:
        return float(self.steady.auc_tau_g_day_per_L[0])

    @property
    def area(self) -> float:
        return self.exogenous_area + self.own_g_per_L * self.days

    @property
    def area_per_week(self) -> float:
        return self.area * DAYS_PER_WEEK / self.days

    def slope_half_life(self) -> float:
        times = np.linspace(0.5, 1.0, SLOPE_POINTS) * self.days
        infused = steady_exogenous_g_per_L(self.typical, cycle_trains(self.dosing), times)[0]
        centred = times - times.mean()
        slope = centred @ np.log(infused + self.own_g_per_L) / (centred @ centred)
        return float(-np.log(2.0) / slope)

    def first_area(self) -> float:
        doses = [Dose(time_day=0.0, amount_g=self.dosing.amount_g, route=self.dosing.route)]
        middles = (np.arange(AREA_STEPS) + 0.5) / AREA_STEPS * FIRST_DAYS
        found = total_g_per_L(self.typical, history_trains(doses), middles)
        return float(found.mean()) * FIRST_DAYS

    def bioavailability(self) -> float:
        fraction = self.typical.F_SC
        if fraction is None:
            raise InputError("models", "bioavailability", "a model with subcutaneous doses")
        return float(fraction[0])


def _typical(model: PopulationModel, person: Person) -> Parameters:
    patient = Patient(
        diagnosis="any",
        weight_kg=person.weight_kg,
        height_cm=person.height_cm,
        age_year=person.age_year,
        sex=person.sex,
    )
    size = Covariates(
        weight_kg=person.weight_kg,
        lean_body_mass_kg=lean_body_mass_kg(patient),
        igm_g_per_L=person.igm_g_per_L,
    )
    typical = typical_values(model, size)
    if person.own_igg_g_per_L is not None:
        typical["BL"] = person.own_igg_g_per_L
    return parameters(typical)


_QUANTITIES: dict[Quantity, Callable[[_Case], float]] = {
    "trough": lambda case: case.trough,
    "trough_above_own": lambda case: case.trough - case.own_g_per_L,
    "peak": lambda case: case.peak,
    "peak_above_trough": lambda case: case.peak - case.trough,
    "peak_day": lambda case: float(case.steady.peak_day[0]),
    "swing": lambda case: 100.0 * (case.peak / case.trough - 1.0),
    "auc": lambda case: case.area,
    "exogenous_auc": lambda case: case.exogenous_area,
    "auc_per_week": lambda case: case.area_per_week,
    "auc_per_week_above_trough": lambda case: case.area_per_week - DAYS_PER_WEEK * case.trough,
    "auc_first_28_days": _Case.first_area,
    "trough_over_average": lambda case: case.trough * DAYS_PER_WEEK / case.area_per_week,
    "clearance": lambda case: case.mg_per_kg / case.area,
    "slope_half_life": _Case.slope_half_life,
    "bioavailability": _Case.bioavailability,
    "dose_factor": lambda case: 1.0 / case.bioavailability(),
}
"""In g/L, g·day/L, day, mL/kg/day, per cent (swing) or as a ratio."""
