"""Whom a model may be used for.

Inside its data a model is used; up to a tenth beyond them it is used and marked; further out it is
refused. The tenth is our assumption. An age that is not known refuses nothing but is marked.
"""

from collections.abc import Iterable

from ivig.errors import OutsideModelDomain
from ivig.patient import Patient, Route
from ivig.pk.parameters import covariates
from ivig.pk.population import PopulationModel

MARGIN = 0.1


def require_usable(model: PopulationModel, patient: Patient, routes: Iterable[Route] = ()) -> None:
    """Refuse a model that never saw such a patient or route.

    Raises
    ------
    OutsideModelDomain
        With every reason.
    """
    reasons = [reason for route in set(routes) for reason in usable(model, patient, route)]
    reasons += usable(model, patient)
    if reasons:
        raise OutsideModelDomain(f"{model.id}: {'; '.join(dict.fromkeys(reasons))}")


def usable(
    model: PopulationModel,
    patient: Patient,
    route: Route | None = None,
    population: str | None = None,
) -> tuple[str, ...]:
    """Reasons not to use a model for this patient; empty when it may be used.

    Parameters
    ----------
    route, population : str, optional
        Asked about only when given; a population is e.g. "pid".
    """
    domain = model.domain.value
    reasons: list[str] = []
    if model.status == "not_shipped":
        reasons.append(f"not used: {model.why_status}")
    if route is not None and route not in domain.routes:
        reasons.append(f"built on {', '.join(domain.routes)} data, not {route}")
    if population is not None and population not in domain.populations:
        reasons.append(f"built on {', '.join(domain.populations)} patients, not {population}")
    reasons += _beyond("age", patient.age_year, domain.age_year_low, domain.age_year_high, "years")
    reasons += _beyond(
        "weight", patient.weight_kg, domain.weight_kg_low, domain.weight_kg_high, "kg"
    )
    reasons += _restricted(model, patient)
    if _needs_lean_mass(model) and covariates(patient).lean_body_mass_kg is None:
        reasons.append("scales with lean body mass, which needs age, sex and height")
    return tuple(reasons)


def marks(model: PopulationModel, patient: Patient) -> tuple[str, ...]:
    """What to say beside a prediction: at the edge of the model's data, or age unknown."""
    domain = model.domain.value
    found: list[str] = []
    if patient.age_year is None:
        found.append(
            f"Age is not known; {model.id} was built on {domain.age_year_low:g} to "
            f"{domain.age_year_high:g} years."
        )
    for name, value, low, high, unit in (
        ("Age", patient.age_year, domain.age_year_low, domain.age_year_high, "years"),
        ("Weight", patient.weight_kg, domain.weight_kg_low, domain.weight_kg_high, "kg"),
    ):
        if value is not None and not low <= value <= high:
            found.append(
                f"{name} {value:g} {unit} lies just outside the data of {model.id} "
                f"({low:g} to {high:g} {unit})."
            )
    return tuple(found)


def _beyond(name: str, value: float | None, low: float, high: float, unit: str) -> tuple[str, ...]:
    if value is None or low * (1 - MARGIN) <= value <= high * (1 + MARGIN):
        return ()
    return (f"{name} {value:g} {unit} is outside its data ({low:g} to {high:g} {unit})",)


def _restricted(model: PopulationModel, patient: Patient) -> tuple[str, ...]:
    if model.restriction is None:
        return ()
    limits = model.restriction.value
    too_young = (
        limits.age_year_low is not None
        and patient.age_year is not None
        and patient.age_year < limits.age_year_low
    )
    too_light = limits.weight_kg_low is not None and patient.weight_kg < limits.weight_kg_low
    too_heavy = limits.weight_kg_high is not None and patient.weight_kg > limits.weight_kg_high
    return (limits.why,) if too_young or too_light or too_heavy else ()


def _needs_lean_mass(model: PopulationModel) -> bool:
    return any(fact.value.covariate == "lean_body_mass_kg" for fact in model.powers)
