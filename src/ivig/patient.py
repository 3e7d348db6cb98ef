"""The patient: what is known, and nothing assumed about what is not.

``None`` means *unknown*. An empty tuple means *asked, and there is none*.
Time is days from the day of the plan (day 0); the past is negative.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import inf, isfinite
from typing import Literal

from ivig.errors import InputError

Sex = Literal["female", "male"]
Route = Literal["iv", "sc", "fsc"]
BloodGroup = Literal["A", "B", "AB", "O"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A *total* serum IgG level; ``below_limit`` marks "less than" the value."""

    time_day: float
    igg_g_per_L: float
    below_limit: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Dose:
    """An immunoglobulin dose that was given; ``time_day`` is its start."""

    time_day: float
    amount_g: float
    route: Route = "iv"
    product: str | None = None
    duration_h: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedWeight:
    """A weight and the day it holds from."""

    time_day: float
    weight_kg: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ProteinLoss:
    """A second clearance out of the central compartment between two days; ``end_day`` None: on."""

    start_day: float
    end_day: float | None = None
    CL_loss_L_per_day: float

    def __post_init__(self) -> None:
        if not isfinite(self.start_day):
            raise InputError("start_day", self.start_day, "a number of days")
        if self.end_day is not None and not self.start_day < self.end_day < inf:
            allowed = f"a day after {self.start_day:g}, or none while the loss goes on"
            raise InputError("end_day", self.end_day, allowed)
        if not (isfinite(self.CL_loss_L_per_day) and self.CL_loss_L_per_day >= 0):
            raise InputError("CL_loss_L_per_day", self.CL_loss_L_per_day, "0 L/day or more")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lab:
    """A laboratory result in the canonical unit of its analyte (see ``units.ANALYTES``)."""

    analyte: str
    value: float
    ucum: str
    loinc: str | None = None
    time_day: float | None = None
    below_limit: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Infection:
    """An infection the patient had."""

    time_day: float | None = None
    kind: str | None = None
    severe: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """Earlier experience with immunoglobulin."""

    anti_iga: bool | None = None
    reaction_to_ig: str | None = None
    """"none" when asked and there was none; else the reaction, e.g. "anaphylaxis"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """One patient. Everything but ``diagnosis`` and ``weight_kg`` may be unknown.

    ``weights`` and ``protein_loss`` are on the days that doses and levels are on; ``weight_kg`` is
    the weight now, and holds from day 0 on where the last of ``weights`` is another.
    """

    diagnosis: str
    weight_kg: float
    id: str = "patient"
    age_year: float | None = None
    sex: Sex | None = None
    height_cm: float | None = None
    pregnant: bool | None = None
    pre_pregnancy_weight_kg: float | None = None
    baseline_igg_g_per_L: float | None = None
    weights: tuple[DatedWeight, ...] = ()
    protein_loss: tuple[ProteinLoss, ...] = ()
    levels: tuple[Sample, ...] = ()
    doses: tuple[Dose, ...] | None = None
    infections: tuple[Infection, ...] | None = None
    conditions: tuple[str, ...] | None = None
    allergies: tuple[str, ...] | None = None
    history: History = field(default_factory=History)
    labs: tuple[Lab, ...] = ()
    blood_group: BloodGroup | None = None
    findings: tuple[tuple[str, str | float | bool], ...] = ()
    as_of: str | None = None
    source: str | None = None
    note: str | None = None
    unrecognised: tuple[str, ...] = ()
    """Conditions or allergies that no rule knows; shown, never swallowed."""

    def __post_init__(self) -> None:
        _within("weight_kg", self.weight_kg, 0.3, 400, "0.3 to 400 kg")
        _within("age_year", self.age_year, 0, 120, "0 to 120 years")
        _within("height_cm", self.height_cm, 20, 250, "20 to 250 cm")
        _within("pre_pregnancy_weight_kg", self.pre_pregnancy_weight_kg, 25, 400, "25 to 400 kg")
        _within("baseline_igg_g_per_L", self.baseline_igg_g_per_L, 0, 100, _IGG_ALLOWED)
        for i, sample in enumerate(self.levels):
            _within(f"levels[{i}].igg_g_per_L", sample.igg_g_per_L, 0, 100, _IGG_ALLOWED)
            _within(f"levels[{i}].time_day", sample.time_day, -36525, 0, _PAST)
        for i, dose in enumerate(self.doses or ()):
            _within(f"doses[{i}].amount_g", dose.amount_g, 0.01, 500, "0.01 to 500 g")
            _within(f"doses[{i}].time_day", dose.time_day, -36525, 0, _PAST)
            _within(f"doses[{i}].duration_h", dose.duration_h, 0.05, 72, "0.05 to 72 h")
        for i, infection in enumerate(self.infections or ()):
            _within(f"infections[{i}].time_day", infection.time_day, -36525, 0, _PAST)
        _require_weights(self.weights, self.weight_kg)
        _require_losses(self.protein_loss)

    @property
    def dated_weights(self) -> tuple[DatedWeight, ...]:
        """Every weight with the day it holds from, that of now last; () when none is dated."""
        if not self.weights or self.weights[-1].weight_kg == self.weight_kg:
            return self.weights
        return (*self.weights, DatedWeight(time_day=0.0, weight_kg=self.weight_kg))

    @property
    def bmi_kg_per_m2(self) -> float | None:
        """Body-mass index; unknown without a height."""
        if self.height_cm is None:
            return None
        return self.weight_kg * 1e4 / self.height_cm**2  # exact at 30 where the inputs are

    @property
    def latest_igg(self) -> Sample | None:
        """The most recent IgG level."""
        return max(self.levels, key=lambda sample: sample.time_day, default=None)

    def lab(self, analyte: str) -> Lab | None:
        """The most recent result of an analyte; an undated one counts as current."""
        found = [lab for lab in self.labs if lab.analyte == analyte]
        return max(found, key=lambda lab: lab.time_day or 0.0, default=None)

    def finding(self, name: str) -> str | float | bool | None:
        """A clinical finding by name, the blood group among them; None when not recorded."""
        return self.blood_group if name == "blood_group" else dict(self.findings).get(name)


_IGG_ALLOWED = (
    "0 to 100 g/L. A larger number is usually mg/dL under the wrong unit: "
    "650 mg/dL is 6.5 g/L; write 'igg: 650 mg/dL'"
)
_PAST = (
    "the day of the plan is day 0 and the past is negative, so between -36525 and 0; "
    "a dose or level in the future cannot be history"
)


def _within(field_name: str, value: float | None, low: float, high: float, allowed: str) -> None:
    if value is None:
        return
    if not low <= value <= high:
        raise InputError(field_name, value, allowed)


def _require_weights(weights: Sequence[DatedWeight], weight_kg: float) -> None:
    for i, dated in enumerate(weights):
        _within(f"weights[{i}].weight_kg", dated.weight_kg, 0.3, 400, "0.3 to 400 kg")
        _within(f"weights[{i}].time_day", dated.time_day, -36525, 36525, "a day within 100 years")
    for i, (before, after) in enumerate(pairwise(weights), start=1):
        if not before.time_day < after.time_day:
            allowed = (
                "weights in order of time, one on a day: after the one before it, on day "
                f"{before.time_day:g}"
            )
            raise InputError(f"weights[{i}].time_day", after.time_day, allowed)
    if weights and weights[-1].time_day >= 0.0 and weights[-1].weight_kg != weight_kg:
        allowed = f"{weight_kg:g} kg as under weight_kg, which is the weight now"
        raise InputError(f"weights[{len(weights) - 1}].weight_kg", weights[-1].weight_kg, allowed)


def _require_losses(losses: Sequence[ProteinLoss]) -> None:
    for i, (before, after) in enumerate(pairwise(losses), start=1):
        if after.start_day < before.start_day:
            allowed = f"losses in order of time: not before day {before.start_day:g}"
            raise InputError(f"protein_loss[{i}].start_day", after.start_day, allowed)
        if after == before:
            allowed = "each loss once; those that overlap add up"
            raise InputError(f"protein_loss[{i}].start_day", after.start_day, allowed)
