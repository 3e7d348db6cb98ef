"""What is known of a patient before any level is learnt from."""

from collections.abc import Sequence

from ivig.patient import Dose, Patient, Sample
from ivig.pk.baseline import Baseline, find_baseline
from ivig.pk.course import Changes, find_changes
from ivig.pk.parameters import assumptions, covariates, typical_values
from ivig.pk.population import ParameterName, PopulationModel

Start = tuple[Baseline, dict[ParameterName, float], Changes | None, tuple[str, ...]]
"""Own level before treatment, the typical patient's parameters, their changes, and notes."""


def find_start(
    model: PopulationModel,
    patient: Patient,
    doses: Sequence[Dose],
    samples: Sequence[Sample],
    population: str | None,
) -> Start:
    """The baseline, the typical patient, and how parameters changed with dated weights and losses."""
    known = covariates(patient)
    baseline = find_baseline(model, patient, doses, samples)
    typical = typical_values(model, known, population)
    if baseline.igg_g_per_L is not None:
        typical["BL"] = baseline.igg_g_per_L
    untreated_day = _untreated_day(patient, baseline, samples)
    changes = find_changes(model, patient, population, baseline.igg_g_per_L, untreated_day)
    changed = () if changes is None else changes.notes
    return baseline, typical, changes, (baseline.note, *assumptions(model, known), *changed)


def _untreated_day(patient: Patient, baseline: Baseline, samples: Sequence[Sample]) -> float | None:
    """The day own IgG was measured on; None when it was not, or not dated."""
    if baseline.kind != "patient" or patient.baseline_igg_g_per_L is not None:
        return None
    return max(samples[i].time_day for i in baseline.used)
