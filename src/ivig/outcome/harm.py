"""Expected harm: what surveillance and trials say of this patient, dose, route and infusion."""

from collections.abc import Iterable

from ivig.outcome.relation import Outcome, Relation
from ivig.outcome.telling import Case, tell
from ivig.patient import Patient, Route


def expected_harms(
    patient: Patient,
    lineage: tuple[str, ...],
    relations: Iterable[Relation],
    *,
    dose_g_per_kg: float | None,
    route: Route,
    first_infusion: bool | None,
) -> tuple[Outcome, ...]:
    """What immunoglobulin may do to this patient, relation by relation.

    Parameters
    ----------
    lineage : tuple of str
        The indication's id, then its parents'.
    dose_g_per_kg : float, optional
        Total of one administration, or of one course.
    first_infusion : bool, optional
        Whether the patient has never had immunoglobulin; None when not known.

    Returns
    -------
    tuple of Outcome
        Those with a value first, then those under "If …", then those only quoted.
    """
    case = Case(
        patient=patient,
        lineage=lineage,
        route=route,
        dose_g_per_kg=dose_g_per_kg,
        first_infusion=first_infusion,
    )
    told = [tell(relation, case) for relation in relations if relation.kind == "harm"]
    found = [outcome for outcome in told if outcome is not None]
    return tuple(sorted(found, key=lambda one: (one.strength == "quote", one.value is None)))
