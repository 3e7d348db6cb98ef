"""Expected benefit: what the trials and the trough relations say of this patient."""

from collections.abc import Iterable

from ivig.cited import Interval
from ivig.indication import Phase
from ivig.outcome.estimate import at_dose, at_trough
from ivig.outcome.relation import DoseSlope, Outcome, Relation, TroughSlope
from ivig.outcome.telling import VIAL_ROUNDING, Case, Computed, computes, tell
from ivig.patient import Patient, Route


def expected_benefits(
    patient: Patient,
    lineage: tuple[str, ...],
    relations: Iterable[Relation],
    *,
    trough_g_per_L: Interval | None,
    dose_g_per_kg: float | None,
    route: Route,
    phase: Phase | None = None,
) -> tuple[Outcome, ...]:
    """What immunoglobulin is expected to do for this patient, relation by relation.

    Parameters
    ----------
    lineage : tuple of str
        The indication's id, then its parents', e.g. ``("cvid", "pid")``.
    trough_g_per_L : Interval, optional
        The predicted steady-state trough of *total* IgG; None: the trough relations are quoted.
    dose_g_per_kg : float, optional
        Total of one administration, or of one course.
    phase : optional
        A dose–response found in maintenance treatment is computed in maintenance only.

    Returns
    -------
    tuple of Outcome
        Relations computed from first, then those with a value, then those only quoted.
    """
    case = Case(
        patient=patient,
        lineage=lineage,
        route=route,
        dose_g_per_kg=dose_g_per_kg,
        phase=phase,
        trough_g_per_L=trough_g_per_L,
    )
    benefits = [relation for relation in relations if relation.kind == "benefit"]
    told = [tell(relation, case, _compute(relation, case)) for relation in benefits]
    found = [outcome for outcome in told if outcome is not None]
    return tuple(sorted(found, key=lambda one: (one.strength == "quote", one.value is None)))


def _compute(relation: Relation, case: Case) -> Computed | None:
    if not computes(relation):
        return None
    if relation.trough_slope is not None and case.trough_g_per_L is not None:
        slope = relation.trough_slope
        value = at_trough(slope.value, case.trough_g_per_L)
        return Computed(
            value=value,
            unit="per patient-year" if slope.value.rate_at_per_year is not None else "rate ratio",
            text=_trough_text(relation, slope.value, case.trough_g_per_L, value),
            notes=_trough_notes(slope.value, case.trough_g_per_L),
            citation=slope.citation,
        )
    dose = _dose_inside(relation, case)
    if relation.dose_slope is not None and dose is not None:
        value = at_dose(relation.dose_slope.value, dose)
        return Computed(
            value=value,
            unit="%",
            text=f"{relation.outcome} at {dose:.2g} g/kg: {value.median:.0f}% ({_span(value, '.0f')})",
            notes=(),
            citation=relation.dose_slope.citation,
        )
    return None


def _dose_inside(relation: Relation, case: Case) -> float | None:
    """The dose, when the trial's doses reach it and the phase is the trial's."""
    if relation.dose_slope is None or case.dose_g_per_kg is None:
        return None
    slope: DoseSlope = relation.dose_slope.value
    low, high = slope.valid_low_g_per_kg, slope.valid_high_g_per_kg
    inside = low * (1 - VIAL_ROUNDING) <= case.dose_g_per_kg <= high * (1 + VIAL_ROUNDING)
    if not inside or case.phase != slope.phase:
        return None
    return min(max(case.dose_g_per_kg, low), high)


def _trough_text(relation: Relation, slope: TroughSlope, trough: Interval, value: Interval) -> str:
    at = f"at the predicted trough of {trough.median:.1f} g/L"
    if slope.rate_at_per_year is not None:
        figure = f"{value.median:.2g} {relation.outcome} per patient-year"
    else:
        figure = f"{value.median:.2g} times the rate at {slope.at_g_per_L:g} g/L"
    return f"{at}: {figure} ({_span(value, '.2g')})"


def _span(value: Interval, digits: str) -> str:
    return f"{value.level:.0%} interval {value.low:{digits}} to {value.high:{digits}}"


def _trough_notes(slope: TroughSlope, trough: Interval) -> tuple[str, ...]:
    """What was done about the range and about an interval the source does not print."""
    notes: list[str] = []
    low, high = slope.valid_low_g_per_L, slope.valid_high_g_per_L
    if trough.median > high and not slope.flat_above:
        notes.append(
            f"The trough is above the studied {low:g}–{high:g} g/L: the value at {high:g}."
        )
    elif trough.median > high:
        notes.append(f"Above {high:g} g/L the source finds no further change.")
    elif trough.median < low:
        notes.append(f"The trough is below the studied {low:g}–{high:g} g/L: the value at {low:g}.")
    if slope.ratio_low is None:
        notes.append(
            "The interval holds the trough's uncertainty only; the slope's is not printed."
        )
    return tuple(notes)
