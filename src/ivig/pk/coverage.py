"""How often the 90 % interval of the next measured trough holds it, by simulation and refit."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ivig.errors import FitError, InputError
from ivig.patient import Dose, Patient, Sample
from ivig.pk.check import (
    N_DOSES,
    Design,
    simulate_levels,
    typical_patient,
    usual_regimen,
    why_not,
)
from ivig.pk.exposure import predict_level
from ivig.pk.individualise import individualise
from ivig.pk.population import PopulationModel

N_LEVELS = 3
METHOD = (
    "Simulate and refit: {doses} doses of {amount:g} g/kg IV every {days:g} days; the troughs before "
    "the last {levels} of them measured, the next trough predicted, residual error included"
)


Place = Literal["inside", "below", "above", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageFound:
    """How many of the next troughs lay inside their 90 % intervals, and how the fits went."""

    n_patients: int
    n_inside: int
    n_below: int
    n_above: int
    n_failed: int
    method: str

    @property
    def inside_fraction(self) -> float:
        """Covered, of all patients; a fit that failed covers nothing."""
        return self.n_inside / self.n_patients


def why_no_coverage(model: PopulationModel) -> str | None:
    """Why a model has no interval for a measured trough; None when it has one."""
    return why_not(model) or (None if model.residual else "publishes no residual error")


def check_coverage(
    model: PopulationModel,
    *,
    n_patients: int = 1000,
    seed: int = 2,
    progress: Callable[[int], None] | None = None,
) -> CoverageFound:
    """Simulate patients, fit three troughs of each, and ask where the next measured one lies.

    Patients and fits come from the same published model: the coverage to expect is 90 %.
    """
    if (reason := why_no_coverage(model)) is not None:
        raise InputError("model", model.id, f"a model with intervals: {reason}")
    random = np.random.default_rng(seed)
    amount_g_per_kg, interval_day = usual_regimen(model)
    inside = below = above = failed = 0
    for i in range(n_patients):
        patient = typical_patient(model, float(random.uniform()))
        found = _next_trough(model, patient, amount_g_per_kg, interval_day, random)
        inside += found == "inside"
        below += found == "below"
        above += found == "above"
        failed += found == "failed"
        if progress is not None:
            progress(i + 1)
    return CoverageFound(
        n_patients=n_patients,
        n_inside=inside,
        n_below=below,
        n_above=above,
        n_failed=failed,
        method=METHOD.format(
            doses=N_DOSES, amount=amount_g_per_kg, days=interval_day, levels=N_LEVELS
        ),
    )


def _next_trough(
    model: PopulationModel,
    patient: Patient,
    amount_g_per_kg: float,
    interval_day: float,
    random: np.random.Generator,
) -> Place:
    """Where the trough after the last dose lies: inside, below or above its interval."""
    doses = tuple(
        Dose(time_day=j * interval_day, amount_g=amount_g_per_kg * patient.weight_kg)
        for j in range(N_DOSES)
    )
    times = (*(dose.time_day for dose in doses[-N_LEVELS:]), N_DOSES * interval_day)
    design = Design(patient=patient, doses=doses, time_day=times)
    levels = simulate_levels(model, design, n=1, random=random)[0]
    samples = [
        Sample(time_day=time, igg_g_per_L=float(level))
        for time, level in zip(times[:-1], levels[:-1], strict=True)
    ]
    try:
        fit = individualise(model, patient, doses, samples)
    except FitError:
        return "failed"
    _, measured = predict_level(fit, (), times[-1])
    if measured is None:
        return "failed"
    if levels[-1] < measured.low:
        return "below"
    return "above" if levels[-1] > measured.high else "inside"
