"""Ideal and adjusted weight, when a question gives no dose to count on them."""

from collections.abc import Mapping
from dataclasses import replace

from ivig.dosing_weight import ADULT_AGE_YEAR, WeightKind, rate_weight_kg, weight_of
from ivig.evidence.compute.facts import Computed, Facts, computed
from ivig.evidence.compute.given import Given
from ivig.evidence.compute.say import number
from ivig.patient import Patient

ADULT = "The age was not given: an adult is assumed. These weights do not hold for a child."
WEIGHTS: tuple[WeightKind, ...] = ("actual", "ideal", "adjusted")
ASKS_WEIGHT = r"\b(?:ideal|adjusted|lean)[\s-]*(?:body)?[\s-]*(?:mass|weight)|\bibw\b|\badj\w*bw\b"


def as_adult(patient: Patient, given: Given) -> tuple[Patient, tuple[str, ...]]:
    """The person as an adult when no age is given and no word speaks of a child; then said."""
    if patient.age_year is not None or given.is_child:
        return patient, ()
    return replace(patient, age_year=ADULT_AGE_YEAR), (ADULT,)


def known_weights(patient: Patient) -> dict[WeightKind, float] | None:
    """Each weight in kg; None when one of them cannot be computed."""
    weights: dict[WeightKind, float | None] = {kind: weight_of(patient, kind) for kind in WEIGHTS}
    known: dict[WeightKind, float] = {kind: kg for kind, kg in weights.items() if kg is not None}
    return known if len(known) == len(WEIGHTS) else None


def rate_weight(given: Given, facts: Facts) -> float | None:
    """The weight a plan would count rates on: the lower of actual and dosing weight."""
    patient = given.patient()
    if patient is None:
        return None
    category = "immunomodulation" if given.indication is None else given.indication.category
    return rate_weight_kg(patient, category, facts.jurisdictions[facts.jurisdiction])


def weights_alone(given: Given) -> tuple[Computed, ...]:
    """Actual, ideal and adjusted weight by themselves, when that is asked."""
    patient = given.patient()
    if patient is None or not given.asks(ASKS_WEIGHT):
        return ()
    patient, said = as_adult(patient, given)
    known = known_weights(patient)
    if known is None:
        return (needs_height(given),)
    parts = "; ".join(f"{kind} {number(kg, 1)} kg" for kind, kg in known.items())
    return (computed("dosing_weight", f"{parts}.", weights_working(patient, known), cautions=said),)


def weights_working(patient: Patient, known: Mapping[WeightKind, float]) -> str:
    """How ideal and adjusted weight come about."""
    base = 50 if patient.sex == "male" else 45.5
    ideal, actual = known["ideal"], known["actual"]
    return (
        f"ideal (Devine) {number(base)} + 2.3 × ({number(patient.height_cm or 0, 1)} cm − 152.4 cm) "
        f"÷ 2.54 = {number(ideal, 1)} kg; adjusted = {number(ideal, 1)} "
        f"+ 0.4 × ({number(actual, 1)} − {number(ideal, 1)}) = {number(known['adjusted'], 1)} kg"
    )


def needs_height(given: Given) -> Computed:
    """Why ideal and adjusted weight cannot be computed."""
    missing = [
        name for name, value in (("height", given.height_cm), ("sex", given.sex)) if value is None
    ]
    why = f"Missing: {' and '.join(missing)}." if missing else "It holds for adults from 152.4 cm."
    return computed(
        "dosing_weight",
        f"Ideal and adjusted weight cannot be computed. {why}",
        "ideal = 50 (men) or 45.5 (women) + 2.3 kg per inch over 60 inches; "
        "adjusted = ideal + 0.4 × (actual − ideal)",
    )
