"""What became of a patient on the way: dated weights and protein loss, as a fit sees them.

A fit of a patient who changes keeps the whole course, because what is left of past doses, and own
IgG that has not settled yet, follow from it; what is to come takes the last weight and the losses
that are still on. Everything is worked out by ``varying``, exactly.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from ivig.patient import DatedWeight, Dose, Patient, ProteinLoss
from ivig.pk.disposition import Draws, FloatArray
from ivig.pk.domain import usable
from ivig.pk.parameters import Parameters, covariates, parameters, typical_values
from ivig.pk.population import ParameterName, PopulationModel
from ivig.pk.varying import Era, varying_levels, weighed, with_lasting_loss

OF_TODAY = "Its lean body mass at an earlier weight is worked out with the height and age of now."
ASSUMED = "The loss is taken as given, and production as unchanged by it (assumed)."


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """Eras and losses of each draw, and the doses given so far."""

    eras: tuple[Era, ...]
    losses: tuple[ProteinLoss, ...]
    doses: tuple[Dose, ...]

    def take(self, draws: Draws) -> "Course":
        """The course of some draws."""
        return replace(
            self,
            eras=tuple(replace(era, parameters=era.parameters.take(draws)) for era in self.eras),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """Typical parameters and the day they hold from, and the losses; the random effects are to come.

    ``untreated_day`` is that of a measured own IgG when something had changed before it: own IgG in
    the steady state is then worked out from it, for each draw.
    """

    typical: tuple[tuple[float, Mapping[ParameterName, float]], ...]
    losses: tuple[ProteinLoss, ...]
    untreated_day: float | None
    notes: tuple[str, ...]

    def eras(
        self, names: tuple[ParameterName, ...] = (), eta: FloatArray | None = None
    ) -> tuple[Era, ...]:
        """The individual parameters of every era, with the same η throughout."""
        found = tuple(
            Era(start_day=day, parameters=parameters(values, names, eta))
            for day, values in self.typical
        )
        if self.untreated_day is None:
            return found
        when = np.array([self.untreated_day])
        own = varying_levels(found, (), when, losses=self.losses).own_g_per_L[:, 0]
        steady = found[0].parameters.BL_g_per_L ** 2 / own
        return tuple(
            replace(era, parameters=replace(era.parameters, BL_g_per_L=steady)) for era in found
        )

    def now(self, eras: tuple[Era, ...]) -> Parameters:
        """What holds from now on: the last era, under the losses that have no end."""
        last = eras[-1].parameters
        lost = _lasting_L_per_day(self.losses)
        return with_lasting_loss(last, lost) if lost else last


def find_changes(
    model: PopulationModel,
    patient: Patient,
    population: str | None,
    own_g_per_L: float | None,
    untreated_day: float | None,
) -> Changes | None:
    """How the model's typical parameters changed with the patient; None when nothing is dated.

    Whether the model may be used at all is decided by the patient of now. A weight of the past that
    lies outside its data is only noted: taking the weight of now in its place would be further off.

    Parameters
    ----------
    own_g_per_L : float, optional
        The patient's own IgG, measured without treatment on ``untreated_day`` (None: not dated).

    Raises
    ------
    OutsideModelDomain
        The model scales with a lean body mass that is not known.
    """
    losses, weights = patient.protein_loss, patient.dated_weights
    if not losses and len(weights) < 2:
        return None
    if not weights:
        weights = (DatedWeight(time_day=losses[0].start_day, weight_kg=patient.weight_kg),)
    plain = replace(patient, weights=())
    typical: list[tuple[float, Mapping[ParameterName, float]]] = []
    for day, person in weighed(plain, weights):
        values = typical_values(model, covariates(person), population)
        if own_g_per_L is not None:
            values["BL"] = own_g_per_L
        typical.append((day, values))
    days = [*(loss.start_day for loss in losses), *(dated.time_day for dated in weights[1:])]
    moved = untreated_day is not None and untreated_day > min(days)
    notes = [*_weight_notes(model, plain, weights), *_loss_notes(losses)]
    if losses and own_g_per_L is not None:
        notes.append(_own_note(losses, untreated_day))
    return Changes(
        typical=tuple(typical),
        losses=losses,
        untreated_day=untreated_day if moved else None,
        notes=tuple(note for note in notes if note),
    )


def _lasting_L_per_day(losses: tuple[ProteinLoss, ...]) -> float:
    return sum(loss.CL_loss_L_per_day for loss in losses if loss.end_day is None)


def _weight_notes(
    model: PopulationModel, plain: Patient, weights: tuple[DatedWeight, ...]
) -> list[str]:
    if len(weights) < 2:
        return []
    first, last = weights[0], weights[-1]
    notes = [
        f"The weight goes from {first.weight_kg:g} to {last.weight_kg:g} kg: each of the "
        f"{len(weights)} weights holds from its day to the next one's."
    ]
    outside = [one for one in weighed(plain, weights) if usable(model, one[1])]
    if outside:
        day, person = outside[-1]
        notes.append(
            f"The weight of {person.weight_kg:g} kg (day {day:g}) is outside the data of {model.id}: "
            f"{'; '.join(usable(model, person))}. It is used for the past alone."
        )
    if any(fact.value.covariate == "lean_body_mass_kg" for fact in model.powers):
        notes.append(OF_TODAY)
    return notes


def _loss_notes(losses: tuple[ProteinLoss, ...]) -> list[str]:
    notes: list[str] = []
    past = [
        f"{loss.CL_loss_L_per_day:g} L/day from day {loss.start_day:g} to day {loss.end_day:g}"
        for loss in losses
        if loss.end_day is not None
    ]
    if past:
        notes.append(f"Protein was lost: {', '.join(past)}. {ASSUMED}")
    lasting = _lasting_L_per_day(losses)
    if lasting:
        notes.append(
            f"Protein is being lost, {lasting:g} L/day: clearance, half-life and own IgG are those "
            f"under the loss, and what is to come takes it as going on. {ASSUMED}"
        )
    return notes


def _own_note(losses: tuple[ProteinLoss, ...], untreated_day: float | None) -> str:
    if untreated_day is None:
        return (
            "The untreated IgG is taken as that without the loss of protein; one measured during it "
            "belongs among the levels, with its day before the first dose."
        )
    if min(loss.start_day for loss in losses) >= untreated_day:
        return ""
    return (
        f"The untreated level of day {untreated_day:g} came after protein was being lost: own IgG "
        "without the loss is worked out from it."
    )
