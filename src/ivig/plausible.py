"""A weight that hardly fits the age: pounds for kilograms, or months for years."""

from ivig.cited import Citation
from ivig.finding import Finding
from ivig.patient import Patient

HEAVIEST_KG = ((1.0, 15.0), (2.0, 20.0), (5.0, 40.0), (10.0, 90.0))
"""Under so many years, more than this is doubted; wide bounds of ours, assumed."""
LIGHTEST_KG = ((18.0, 25.0), (10.0, 15.0), (5.0, 10.0), (1.0, 5.0))
"""From so many years on, less than this is doubted; assumed likewise."""


def doubt_weight(patient: Patient) -> tuple[Finding, ...]:
    """A caution when the weight is far from any that is usual at this age."""
    age_year, weight_kg = patient.age_year, patient.weight_kg
    if age_year is None:
        return ()
    most = next((kg for under, kg in HEAVIEST_KG if age_year < under), float("inf"))
    least = next((kg for since, kg in LIGHTEST_KG if age_year >= since), 0.0)
    if least <= weight_kg <= most:
        return ()
    text = f"{weight_kg:g} kg at {age_year:.3g} years: check the weight, the age and their units."
    assumed = Citation(source=None, basis="assumed")
    return (Finding(stage="patient", kind="caution", text=text, citations=(assumed,)),)
