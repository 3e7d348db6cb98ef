"""The patient's own IgG, before any treatment.

A measured untreated level replaces the model's constant; it is no better than the assay and model
error, so it carries the residual error of that level [dansirikul-2008]_. Without one the model's own
value stands, with the spread it was published with, if any. A level on treatment is never taken as
the patient's own: it is own IgG plus what is left of the doses.

References
----------
.. [dansirikul-2008] Method B2. J Pharmacokinet Pharmacodyn 2008;35:269-83.
   doi:10.1007/s10928-008-9088-2
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import Literal

from ivig.patient import Dose, Patient, Sample
from ivig.pk.parameters import log_sd
from ivig.pk.population import PopulationModel

LOWEST_G_PER_L = 0.1  # an undetectable level; keeps the logarithm finite
LARGEST_CV = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """The patient's own IgG as the fit uses it.

    ``log_sd`` is its spread on the log scale, None where the model's own variability applies.
    ``used`` are the indices of samples it rests on, so that none counts twice.
    """

    kind: Literal["patient", "model", "included"]
    igg_g_per_L: float | None
    log_sd: float | None
    used: tuple[int, ...]
    note: str


def find_baseline(
    model: PopulationModel, patient: Patient, doses: Sequence[Dose], samples: Sequence[Sample]
) -> Baseline:
    """The patient's own untreated IgG if it is known and the model can use it.

    It is the level named as such, else the last sample at or before the first dose.
    """
    first_day = min((dose.time_day for dose in doses), default=inf)
    before = tuple(i for i, sample in enumerate(samples) if sample.time_day <= first_day)
    if model.baseline_kind == "included":
        note = "The model was fitted to total IgG: the patient's own level is part of it."
        return Baseline(kind="included", igg_g_per_L=None, log_sd=None, used=before, note=note)
    if patient.baseline_igg_g_per_L is not None:
        level, below = patient.baseline_igg_g_per_L, False
        note = f"The patient's untreated IgG of {level:g} g/L is used as own IgG."
    elif before:
        last = max((samples[i] for i in before), key=lambda sample: sample.time_day)
        level, below = last.igg_g_per_L, last.below_limit
        note = _note_from_level(patient, level, below=below)
    else:
        return _from_model(model)
    if model.baseline_kind == "estimated" and level < model.typical["BL"].value:
        note += (
            f" {model.id} estimated own IgG of {model.typical['BL'].value:g} g/L together with its "
            "clearance, so with a lower one its levels come out low."
        )
    return Baseline(
        kind="patient",
        igg_g_per_L=max(level / 2 if below else level, LOWEST_G_PER_L),
        log_sd=_shared_log_sd(model, level, below=below),
        used=before,
        note=note,
    )


def _from_model(model: PopulationModel) -> Baseline:
    value = model.typical["BL"].value
    note = f"No level before treatment is known: the model's {value:g} g/L of own IgG is assumed."
    if model.baseline_kind == "own":
        note += " This model needs the patient's own untreated level; treat the result as rough."
    return Baseline(kind="model", igg_g_per_L=None, log_sd=None, used=(), note=note)


def _note_from_level(patient: Patient, level: float, *, below: bool) -> str:
    shown = f"{'< ' if below else ''}{level:g} g/L"
    if patient.doses is None:
        return (
            f"No doses are listed, so the level of {shown} is taken as untreated; if the patient is "
            "on treatment, list the doses."
        )
    return f"The level of {shown} before the first dose is used as the patient's own IgG."


def _shared_log_sd(model: PopulationModel, level: float, *, below: bool) -> float | None:
    if below:
        return log_sd(100.0 * LARGEST_CV)
    if model.residual is None:
        return None
    residual = model.residual.value
    known = max(level, LOWEST_G_PER_L)
    variance = residual.additive_sd_g_per_L**2 + (residual.proportional_sd_fraction * known) ** 2
    return log_sd(100.0 * min(variance**0.5 / known, LARGEST_CV))
