"""On which weight a dose is calculated: actual, ideal, adjusted, or that before pregnancy."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from ivig.cited import Citation, Cited
from ivig.criterion import Test, ask, explain
from ivig.finding import Finding
from ivig.patient import Patient

WeightKind = Literal["actual", "ideal", "adjusted", "pre_pregnancy"]

ADULT_AGE_YEAR = 18.0
DEVINE_FROM_CM = 152.4  # the Devine line starts at 60 inches


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightRule:
    """When a jurisdiction doses on which weight; the first rule that is met applies."""

    weight: WeightKind
    text: str
    categories: tuple[str, ...] = ("replacement", "immunomodulation")
    when: Test | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JurisdictionRules:
    """Local rules that are data: dosing weight, rounding."""

    id: str
    name: str
    weight_rules: tuple[Cited[WeightRule], ...]
    round_to_g: Cited[float] | None = None
    rounding_tolerance_percent: Cited[float]
    notes: tuple[Cited[str], ...] = ()
    """What no rule can say, e.g. a weight the formula does not define."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightChoice:
    """One dosing weight and the dose it would give; None when it cannot be computed."""

    kind: WeightKind
    weight_kg: float | None
    amount_g: float | None
    note: str


def ideal_body_weight_kg(patient: Patient) -> float | None:
    """Devine: 50 (men) or 45.5 (women) + 2.3 kg per inch over 60 inches; adults only.

    None below 152.4 cm, under 18 years, or when sex, height or age is unknown: the line was
    drawn for adults and is not carried further down.
    """
    adult = patient.age_year is not None and patient.age_year >= ADULT_AGE_YEAR
    if patient.sex is None or patient.height_cm is None or not adult:
        return None
    if patient.height_cm < DEVINE_FROM_CM:
        return None
    base_kg = 50.0 if patient.sex == "male" else 45.5
    return base_kg + 2.3 * (patient.height_cm - DEVINE_FROM_CM) / 2.54


def adjusted_body_weight_kg(patient: Patient) -> float | None:
    """Ideal + 0.4 × (actual − ideal); the actual weight when that is lower."""
    ideal = ideal_body_weight_kg(patient)
    if ideal is None:
        return None
    return min(patient.weight_kg, ideal + 0.4 * (patient.weight_kg - ideal))


def weight_of(patient: Patient, kind: WeightKind) -> float | None:
    """A dosing weight of the patient in kg; never more than the actual weight."""
    if kind == "actual":
        return patient.weight_kg
    if kind == "pre_pregnancy":
        before_kg = patient.pre_pregnancy_weight_kg
        return None if before_kg is None else min(before_kg, patient.weight_kg)
    weight = ideal_body_weight_kg(patient) if kind == "ideal" else adjusted_body_weight_kg(patient)
    return None if weight is None else min(weight, patient.weight_kg)


def dosing_weight(
    patient: Patient, category: str, rules: JurisdictionRules
) -> tuple[Cited[WeightRule], float, tuple[Finding, ...]]:
    """The rule that applies, the weight in kg, and what could not be decided.

    A rule whose question cannot be answered (no height) is passed over and said so; a rule that
    applies but whose weight cannot be computed falls to the next. The weight before pregnancy goes
    through the rules that follow, as if it were measured today.
    """
    notes: list[Finding] = []
    for i, cited in enumerate(rules.weight_rules):
        rule = cited.value
        if category not in rule.categories:
            continue
        answer = "met" if rule.when is None else ask(rule.when, patient)
        weight_kg = weight_of(patient, rule.weight)
        if answer == "met" and weight_kg is not None:
            if rule.weight == "pre_pregnancy":
                later = replace(rules, weight_rules=rules.weight_rules[i + 1 :])
                return _before_pregnancy(patient, category, cited, weight_kg, later, notes)
            return _said_rightly(cited, bool(notes)), weight_kg, tuple(notes)
        if answer != "not_met":
            notes.append(_undecided_weight(patient, rule, answer, cited.citation))
    fallback = WeightRule(weight="actual", text="Actual weight: no other rule could be applied")
    return Cited(value=fallback, basis="assumed"), patient.weight_kg, tuple(notes)


def rate_weight_kg(patient: Patient, category: str, rules: JurisdictionRules) -> float:
    """The weight that rates are counted on: the lower of actual and dosing weight.

    Of unknown age no more than an adult's: not to know the age makes nothing faster.
    """
    may_be = [patient]
    if patient.age_year is None:
        may_be.append(replace(patient, age_year=ADULT_AGE_YEAR))
    return min(patient.weight_kg, *(dosing_weight(one, category, rules)[1] for one in may_be))


def _said_rightly(cited: Cited[WeightRule], passed_over: bool) -> Cited[WeightRule]:
    """What is left after a rule that gave no weight is not that rule's opposite."""
    rule = cited.value
    if not passed_over or rule.when is not None:
        return cited
    text = f"{rule.weight} weight, because a rule before it could not be applied"
    return replace(cited, value=replace(rule, text=text), basis="assumed")


def _before_pregnancy(
    patient: Patient,
    category: str,
    cited: Cited[WeightRule],
    weight_kg: float,
    later: JurisdictionRules,
    notes: list[Finding],
) -> tuple[Cited[WeightRule], float, tuple[Finding, ...]]:
    """The rules that follow, asked of the weight before pregnancy."""
    before = replace(patient, weight_kg=weight_kg, pregnant=False)
    if not later.weight_rules:
        return cited, weight_kg, tuple(notes)
    then, then_kg, more = dosing_weight(before, category, later)
    text = f"{cited.value.text}; on it: {then.value.text}"
    rule = replace(cited.value, text=text)
    return replace(cited, value=rule), then_kg, (*notes, *more)


def _undecided_weight(
    patient: Patient, rule: WeightRule, answer: str, citation: Citation
) -> Finding:
    child = patient.age_year is not None and patient.age_year < ADULT_AGE_YEAR
    if child and rule.weight in ("ideal", "adjusted"):
        return Finding(
            stage="regimen",
            kind="fact",
            text=f"Dosing weight: '{rule.text}' is not applied under {ADULT_AGE_YEAR:g} years; "
            "its formula is for adults.",
            citations=(citation,),
        )
    why = _why_no_weight(patient, rule.weight)
    missing = f"the {rule.weight.replace('_', '-')} weight is not known ({why})"
    if answer == "unknown" and rule.when is not None:
        missing = explain(rule.when, patient)
    return Finding(
        stage="regimen",
        kind="unknown",
        text=f"Dosing weight: '{rule.text}' could not be applied; {missing}.",
        because="Height, sex and age decide on the dosing weight.",
        citations=(citation,),
    )


def shown_weights(patient: Patient) -> Sequence[WeightKind]:
    """The weights that a reader is shown; before pregnancy only where there is one."""
    shown: list[WeightKind] = ["actual", "ideal", "adjusted"]
    return [*shown, "pre_pregnancy"] if patient.pregnant else shown


def weight_choice(
    patient: Patient, kind: WeightKind, per_kg: float, max_g: float | None
) -> WeightChoice:
    """The dose that a weight of this kind would give, or why there is none."""
    weight_kg = weight_of(patient, kind)
    if weight_kg is None:
        return WeightChoice(
            kind=kind, weight_kg=None, amount_g=None, note=_why_no_weight(patient, kind)
        )
    amount_g = per_kg * weight_kg
    notes = {
        "actual": "measured",
        "ideal": "Devine, never above the actual weight",
        "adjusted": "ideal + 0.4 × (actual − ideal), never above the actual weight",
        "pre_pregnancy": "as given, never above the actual weight",
    }
    capped = amount_g if max_g is None else min(amount_g, max_g)
    return WeightChoice(kind=kind, weight_kg=weight_kg, amount_g=capped, note=notes[kind])


def _why_no_weight(patient: Patient, kind: WeightKind) -> str:
    if kind == "pre_pregnancy":
        return "not given"
    if patient.age_year is not None and patient.age_year < ADULT_AGE_YEAR:
        return "an adult formula, not used in a child"
    if patient.height_cm is not None and patient.height_cm < DEVINE_FROM_CM:
        return f"the Devine line is not defined under {DEVINE_FROM_CM:g} cm"
    missing = {
        "sex": patient.sex is None,
        "height": patient.height_cm is None,
        "age": patient.age_year is None,
    }
    return f"needs {' and '.join(name for name, absent in missing.items() if absent)}"
