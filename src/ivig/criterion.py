"""A clinical test on a patient with three answers: met, not met, unknown.

A missing value is *unknown*. Knowledge files write tests as small mappings:

    {measure: igg_g_per_L, below: 7}                 the latest value against a bound
    {condition: stroke}                              any of the patient's conditions or allergies
    {finding: vaccine_response, one_of: [impaired, absent]}
    {finding: illness_day, at_most: 10}
    {infections: {at_least: 2, severe: true, within_day: 365}}
    {all: [...]}   {any: [...]}   {never: true}
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from ivig.patient import Infection, Patient

Answer = Literal["met", "not_met", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class InfectionCount:
    """At least so many infections, perhaps only severe ones, kinds, or recent ones."""

    at_least: int
    severe: bool | None = None
    kinds: tuple[str, ...] = ()
    within_day: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Test:
    """One test; exactly one of the first seven fields is given."""

    __test__ = False  # not a pytest class

    measure: str | None = None
    condition: str | None = None
    finding: str | None = None
    infections: InfectionCount | None = None
    all: "tuple[Test, ...] | None" = None
    any: "tuple[Test, ...] | None" = None
    never: bool | None = None
    below: float | None = None
    at_most: float | None = None
    above: float | None = None
    at_least: float | None = None
    one_of: tuple[str | bool, ...] | None = None

    def __post_init__(self) -> None:
        kinds = (
            self.measure,
            self.condition,
            self.finding,
            self.infections,
            self.all,
            self.any,
            self.never,
        )
        if sum(kind is not None for kind in kinds) != 1:
            raise ValueError(
                "a test needs exactly one of measure, condition, finding, infections, all, any, never"
            )
        bounds = (self.below, self.at_most, self.above, self.at_least)
        has_bound = any(bound is not None for bound in bounds)
        if self.measure is not None:
            if self.measure not in MEASURES:
                raise ValueError(
                    f"measure {self.measure!r} is unknown; known: {', '.join(MEASURES)}"
                )
            if not has_bound:
                raise ValueError("a measure needs below, at_most, above or at_least")


def ask(test: Test, patient: Patient) -> Answer:
    """The answer to a test for this patient."""
    if test.measure is not None:
        return _compare(test, measure(patient, test.measure))
    if test.condition is not None:
        return has_condition(patient, test.condition)
    if test.finding is not None:
        return _ask_finding(test, patient)
    if test.infections is not None:
        return _count(test.infections, patient.infections)
    if test.all is not None:
        return _combine([ask(part, patient) for part in test.all], decisive="not_met")
    if test.any is not None:
        return _combine([ask(part, patient) for part in test.any], decisive="met")
    return "not_met"


def explain(test: Test, patient: Patient) -> str:
    """The patient's own value behind an answer, in a few words."""
    if test.measure is not None:
        value = measure(patient, test.measure)
        return f"{_label(test.measure)} {'unknown' if value is None else f'{value:g}'}"
    if test.condition is not None:
        words = {"met": "recorded", "not_met": "not recorded", "unknown": "not asked"}
        return f"{_label(test.condition)} {words[has_condition(patient, test.condition)]}"
    if test.finding is not None:
        value = patient.finding(test.finding)
        return f"{_label(test.finding)}: {'not recorded' if value is None else value}"
    if test.infections is not None:
        return _explain_infections(patient.infections)
    parts = test.all or test.any or ()
    decisive = ask(test, patient)
    shown = [part for part in parts if ask(part, patient) == decisive] or list(parts)
    pieces = [piece for part in shown for piece in explain(part, patient).split("; ")]
    return "; ".join(dict.fromkeys(pieces)) or "never applies"


def _label(name: str) -> str:
    for suffix, unit in _UNIT_SUFFIXES.items():
        if name.endswith(suffix):
            return f"{name.removesuffix(suffix).replace('_', ' ')} ({unit})"
    return name.replace("_", " ")


_UNIT_SUFFIXES = {
    "_g_per_L": "g/L",
    "_kg_per_m2": "kg/m²",
    "_10e9_per_L": "10⁹/L",
    "_mL_per_min_per_1_73m2": "mL/min/1.73 m²",
    "_umol_per_L": "µmol/L",
    "_mg_per_L": "mg/L",
    "_U_per_L": "U/L",
    "_year": "years",
    "_kg": "kg",
    "_cm": "cm",
}


def _explain_infections(infections: tuple[Infection, ...] | None) -> str:
    if infections is None:
        return "infections not recorded"
    severe = sum(infection.severe is True for infection in infections)
    return f"{len(infections)} infections recorded, {severe} severe"


def measure(patient: Patient, name: str) -> float | None:
    """A measured quantity of the patient; None when unknown."""
    if name in _PATIENT_MEASURES:
        return _PATIENT_MEASURES[name](patient)
    lab = patient.lab(name)
    return None if lab is None else lab.value


def has_condition(patient: Patient, slug: str) -> Answer:
    """Whether a condition or allergy is recorded; unknown when nobody asked."""
    if slug == "anti_iga":
        return _from_bool(patient.history.anti_iga)
    if slug in ("reaction_to_ig", "severe_reaction_to_ig"):
        return _reaction(patient.history.reaction_to_ig, severe=slug.startswith("severe"))
    if slug == "pregnancy":
        return _from_bool(patient.pregnant)
    if slug in (patient.conditions or ()) or slug in (patient.allergies or ()):
        return "met"
    asked = patient.allergies if slug in ALLERGIES else patient.conditions
    return "unknown" if asked is None else "not_met"


ALLERGIES = ("corn_allergy", "latex_allergy", "hyaluronidase_allergy", "polysorbate_80_allergy")

_SEVERE = ("anaphyla", "severe", "shock", "angioedema")


def _reaction(reaction: str | None, *, severe: bool) -> Answer:
    if reaction is None:
        return "unknown"
    if reaction == "none":
        return "not_met"
    if not severe:
        return "met"
    return "met" if any(word in reaction.lower() for word in _SEVERE) else "not_met"


def _latest_igg(patient: Patient) -> float | None:
    sample = patient.latest_igg
    return None if sample is None else sample.igg_g_per_L


def _untreated_igg(patient: Patient) -> float | None:
    """The treatment-naive level: as given, or the last one before any dose."""
    if patient.baseline_igg_g_per_L is not None:
        return patient.baseline_igg_g_per_L
    if patient.doses is None:
        return _latest_igg(patient)
    first = min((dose.time_day for dose in patient.doses), default=float("inf"))
    before = [s for s in patient.levels if s.time_day <= first]
    return max(before, key=lambda s: s.time_day).igg_g_per_L if before else None


_PATIENT_MEASURES: dict[str, Callable[[Patient], float | None]] = {
    "age_year": lambda patient: patient.age_year,
    "weight_kg": lambda patient: patient.weight_kg,
    "height_cm": lambda patient: patient.height_cm,
    "bmi_kg_per_m2": lambda patient: patient.bmi_kg_per_m2,
    "igg_g_per_L": _latest_igg,
    "untreated_igg_g_per_L": _untreated_igg,
}
MEASURES = (
    *_PATIENT_MEASURES,
    "iga_g_per_L",
    "igm_g_per_L",
    "platelets_10e9_per_L",
    "egfr_mL_per_min_per_1_73m2",
    "creatinine_umol_per_L",
    "haemoglobin_g_per_L",
    "albumin_g_per_L",
    "neutrophils_10e9_per_L",
    "crp_mg_per_L",
    "ck_U_per_L",
)


def _compare(test: Test, value: float | None) -> Answer:
    if value is None:
        return "unknown"
    holds = (
        (test.below is None or value < test.below)
        and (test.at_most is None or value <= test.at_most)
        and (test.above is None or value > test.above)
        and (test.at_least is None or value >= test.at_least)
    )
    return "met" if holds else "not_met"


def _ask_finding(test: Test, patient: Patient) -> Answer:
    value = patient.finding(test.finding or "")
    if value is None:
        return "unknown"
    if test.one_of is not None:
        return "met" if value in test.one_of else "not_met"
    if isinstance(value, bool):
        return _from_bool(value)
    if isinstance(value, str):
        return "not_met" if value in ("none", "absent", "no") else "met"
    return _compare(test, value)


def _count(wanted: InfectionCount, infections: tuple[Infection, ...] | None) -> Answer:
    if infections is None:
        return "unknown"
    answers = [_counts(wanted, infection) for infection in infections]
    if answers.count("met") >= wanted.at_least:
        return "met"
    possible = len(answers) - answers.count("not_met")
    return "unknown" if possible >= wanted.at_least else "not_met"


def _counts(wanted: InfectionCount, infection: Infection) -> Answer:
    parts: list[Answer] = []
    if wanted.severe is not None:
        parts.append(_equal(infection.severe, wanted.severe))
    if wanted.kinds:
        known = infection.kind is not None
        parts.append(_from_bool(infection.kind in wanted.kinds) if known else "unknown")
    if wanted.within_day is not None:
        day = infection.time_day
        parts.append("unknown" if day is None else _from_bool(-day <= wanted.within_day))
    return _combine(parts, decisive="not_met") if parts else "met"


def _equal(value: bool | None, wanted: bool) -> Answer:
    return "unknown" if value is None else _from_bool(value is wanted)


def _from_bool(value: bool | None) -> Answer:
    if value is None:
        return "unknown"
    return "met" if value else "not_met"


def _combine(answers: list[Answer], *, decisive: Answer) -> Answer:
    """All (decisive not_met) or any (decisive met), in three-valued logic."""
    if decisive in answers:
        return decisive
    if "unknown" in answers:
        return "unknown"
    return "met" if decisive == "not_met" else "not_met"
