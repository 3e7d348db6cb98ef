"""Lean body mass, the size some models scale with.

Adults: Boer 1984, kg from kg and cm. Children to 14 years: Peters 2011, from an estimate of the
extracellular volume. Which equation a model's authors used for children is not known; Peters is
the published one that needs no sex.

References
----------
.. [boer-1984] Am J Physiol 1984;247:F632-6. doi:10.1152/ajprenal.1984.247.4.F632
.. [peters-2011] Br J Anaesth 2011;106:719-23. doi:10.1093/bja/aer057
"""

from ivig.patient import Patient

PETERS_TO_YEAR = 14.0


def lean_body_mass_kg(patient: Patient) -> float | None:
    """Lean body mass; None when age or height, or an adult's sex, is unknown.

    Examples
    --------
    >>> adult = Patient(diagnosis="cvid", weight_kg=70, height_cm=170, sex="male", age_year=40)
    >>> round(lean_body_mass_kg(adult), 2)
    54.68
    """
    weight_kg, height_cm = patient.weight_kg, patient.height_cm
    if height_cm is None or patient.age_year is None:
        return None
    if patient.age_year <= PETERS_TO_YEAR:
        extracellular_L = 0.0215 * weight_kg**0.6469 * height_cm**0.7236
        lean_kg = 3.8 * extracellular_L
    elif patient.sex == "male":
        lean_kg = 0.407 * weight_kg + 0.267 * height_cm - 19.2
    elif patient.sex == "female":
        lean_kg = 0.252 * weight_kg + 0.473 * height_cm - 48.3
    else:
        return None
    return min(lean_kg, weight_kg) if lean_kg > 0 else None
