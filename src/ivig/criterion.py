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
from math import inf
from operator import ge, gt, le, lt
from typing import Literal

from ivig.patient import Infection, Patient, Sample

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
        if self.measure is not None:
            if self.measure not in MEASURES:
                raise ValueError(
                    f"measure {self.measure!r} is unknown; known: {', '.join(MEASURES)}"
                )
            if not _bounds(self):
                raise ValueError("a measure needs below, at_most, above or at_least")


def ask(test: Test, patient: Patient) -> Answer:
    """The answer to a test for this patient."""
    if test.measure is not None:
        return _compare(test, _measured(patient, test.measure))
    if test.condition is not None:
        return has_condition(patient, test.condition)
    if test.finding is not None:
        return _ask_finding(test, patient)
    if test.infections is not None:
        return _count(test.infections, patient)
    if test.all is not None:
        return _combine([ask(part, patient) for part in test.all], decisive="not_met")
    if test.any is not None:
        return _combine([ask(part, patient) for part in test.any], decisive="met")
    return "not_met"


def explain(test: Test, patient: Patient) -> str:
    """The patient's own value behind an answer, in a few words."""
    if test.measure is not None:
        found = _measured(patient, test.measure)
        name, unit = _named(test.measure)
        if found is None:
            return f"{name} unknown"
        return f"{name} {'< ' * found.below_limit}{_printed(found.value, test.measure)}{unit and f' {unit}'}"
    if test.condition is not None:
        words = {"met": "recorded", "not_met": "not recorded", "unknown": "not asked"}
        return f"{_named(test.condition)[0]} {words[has_condition(patient, test.condition)]}"
    if test.finding is not None:
        value = patient.finding(test.finding)
        return f"{_named(test.finding)[0]}: {_shown(value)}"
    if test.infections is not None:
        return _explain_infections(patient)
    parts = test.all or test.any or ()
    decisive = ask(test, patient)
    shown = [part for part in parts if ask(part, patient) == decisive] or list(parts)
    pieces = [piece for part in shown for piece in explain(part, patient).split("; ")]
    return "; ".join(dict.fromkeys(pieces)) or "never applies"


def _printed(value: float, measure: str) -> str:
    """As recorded; what is computed here is rounded."""
    return f"{value:.1f}" if measure == "bmi_kg_per_m2" else f"{value:g}"


def _shown(value: str | float | bool | None) -> str:
    if value is None:
        return "not recorded"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value).replace("_", " ")


def _named(name: str) -> tuple[str, str]:
    """A field's name in words, and its unit."""
    unit = next((unit for suffix, unit in _UNITS.items() if name.endswith(suffix)), "")
    suffix = next((suffix for suffix in _UNITS if name.endswith(suffix)), "")
    words = name.removesuffix(suffix).split("_")
    return " ".join(_ACRONYMS.get(word, word) for word in words), unit


_UNITS = {
    "_g_per_L": "g/L",
    "_kg_per_m2": "kg/m²",
    "_10e9_per_L": "× 10⁹/L",
    "_mL_per_min_per_1_73m2": "mL/min/1.73 m²",
    "_umol_per_L": "µmol/L",
    "_mg_per_L": "mg/L",
    "_U_per_L": "U/L",
    "_year": "years",
    "_kg": "kg",
    "_cm": "cm",
}
_ACRONYMS = {
    name.lower(): name
    for name in (
        "ICH",
        "Ig",
        "IgG",
        "IgA",
        "IgM",
        "eGFR",
        "CRP",
        "CK",
        "BMI",
        "CKD",
        "INCAT",
        "GBS",
        "MG",
        "TIA",
    )
}


def _explain_infections(patient: Patient) -> str:
    if patient.infections is None:
        return "infections not recorded"
    severe = sum(infection.severe is True for infection in patient.infections)
    treated = ", on treatment, which may have prevented others" if patient.doses else ""
    number = len(patient.infections)
    return f"{number} infection{'s' * (number != 1)} recorded, {severe} severe{treated}"


def measure(patient: Patient, name: str) -> float | None:
    """A measured quantity of the patient; None when unknown."""
    found = _measured(patient, name)
    return None if found is None else found.value


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
_MILD = ("headache", "migraine", "fever", "chill", "rigor", "nausea", "fatigue", "flush", "myalgia")
_ABSENT = ("none", "absent", "no", "negative", "normal")


def _reaction(reaction: str | None, *, severe: bool) -> Answer:
    """A reaction in words; one that is neither plainly severe nor plainly mild is unknown."""
    if reaction is None:
        return "unknown"
    if reaction == "none":
        return "not_met"
    if not severe or any(word in reaction.lower() for word in _SEVERE):
        return "met"
    return "not_met" if any(word in reaction.lower() for word in _MILD) else "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Value:
    """A measured value; ``below_limit``: the truth lies somewhere below it."""

    value: float
    below_limit: bool = False


def _measured(patient: Patient, name: str) -> _Value | None:
    if name == "igg_g_per_L":
        return _value_of(patient.latest_igg or untreated_sample(patient))
    if name == "untreated_igg_g_per_L":
        return _value_of(untreated_sample(patient)) or _own_at_most(patient)
    if name in PATIENT_MEASURES:
        value = PATIENT_MEASURES[name](patient)
        return None if value is None else _Value(value=value)
    lab = patient.lab(name)
    return None if lab is None else _Value(value=lab.value, below_limit=lab.below_limit)


def _value_of(sample: Sample | None) -> _Value | None:
    if sample is None:
        return None
    return _Value(value=sample.igg_g_per_L, below_limit=sample.below_limit)


def _own_at_most(patient: Patient) -> _Value | None:
    """The patient's own IgG is never above a measured total, whatever was given before."""
    lowest = min((sample.igg_g_per_L for sample in patient.levels), default=None)
    return None if lowest is None else _Value(value=lowest, below_limit=True)


def untreated_sample(patient: Patient) -> Sample | None:
    """The treatment-naive level: as given, or the last one before any dose."""
    if patient.baseline_igg_g_per_L is not None:
        return Sample(time_day=0.0, igg_g_per_L=patient.baseline_igg_g_per_L)
    if patient.doses is None:
        return None
    first = min((dose.time_day for dose in patient.doses), default=inf)
    before = [sample for sample in patient.levels if sample.time_day <= first]
    return max(before, key=lambda sample: sample.time_day, default=None)


PATIENT_MEASURES: dict[str, Callable[[Patient], float | None]] = {
    "age_year": lambda patient: patient.age_year,
    "weight_kg": lambda patient: patient.weight_kg,
    "height_cm": lambda patient: patient.height_cm,
    "bmi_kg_per_m2": lambda patient: patient.bmi_kg_per_m2,
}
MEASURES = (
    *PATIENT_MEASURES,
    "igg_g_per_L",
    "untreated_igg_g_per_L",
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


def _compare(test: Test, measured: _Value | None) -> Answer:
    """Every bound at once; "less than v" answers a bound only where all values below v agree."""
    if measured is None:
        return "unknown"
    asked: tuple[tuple[float | None, Callable[[float, float], bool], bool], ...] = (
        (test.below, lt, True),
        (test.at_most, le, True),
        (test.above, gt, False),
        (test.at_least, ge, False),
    )
    answers: list[Answer] = []
    for bound, holds, wants_low in asked:
        if bound is None:
            continue
        if not measured.below_limit:
            answers.append(_from_bool(holds(measured.value, bound)))
        else:
            answers.append(_from_bool(wants_low) if measured.value <= bound else "unknown")
    return _combine(answers, decisive="not_met")


def _bounds(test: Test) -> bool:
    return any(b is not None for b in (test.below, test.at_most, test.above, test.at_least))


def _ask_finding(test: Test, patient: Patient) -> Answer:
    value = patient.finding(test.finding or "")
    if value is None:
        return "unknown"
    if test.one_of is not None:
        return "met" if value in test.one_of else "not_met"
    if isinstance(value, bool):
        return _from_bool(value)
    if isinstance(value, str):
        if _bounds(test):
            return "unknown"
        return "not_met" if value.lower() in _ABSENT else "met"
    return _compare(test, _Value(value=value)) if _bounds(test) else _from_bool(value != 0)


def _count(wanted: InfectionCount, patient: Patient) -> Answer:
    """Enough infections; in a treated patient few of them may be the treatment's effect."""
    if patient.infections is None:
        return "unknown"
    answers = [_counts(wanted, infection) for infection in patient.infections]
    if answers.count("met") >= wanted.at_least:
        return "met"
    possible = len(answers) - answers.count("not_met")
    return "unknown" if possible >= wanted.at_least or patient.doses else "not_met"


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
