"""Levels while the patient changes: a growing child, dated covariates, a time of protein loss.

Between two changes the parameters are constant and the system is linear, so the *amounts* in depot,
central and peripheral compartment are carried exactly from one change, dose or end of an infusion
to the next. With the rates s (slow) and f (fast) and the matrix A of the two compartments,

    exp(A·t) = e^(−s·t) · 1 + (A + s·1) · (e^(−s·t) − e^(−f·t)) / (f − s)

and a constant or a decaying input is the same with one more integral. Amounts do not jump when a
volume changes: a heavier patient dilutes what is there.

Protein loss (nephrotic syndrome, enteropathy, burns, chylothorax) is a second clearance beside the
model's own, out of the central compartment, so it takes infused and own IgG alike. Own IgG is made
at CL · BL of the loss-free patient, starts at its own loss-free steady state on the first day that
is named, and falls while the loss lasts. That a loss does not change production is an assumption.

Shapes: parameters (n_draws,), times (n_times,), results (n_draws, n_times); g/L and days.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from ivig.errors import InputError
from ivig.patient import DatedWeight, Dose, Patient, ProteinLoss
from ivig.pk.concentration import ROUNDING
from ivig.pk.disposition import FloatArray, Modes, convolved, modes
from ivig.pk.domain import require_usable
from ivig.pk.parameters import Parameters, covariates, parameters, typical_values
from ivig.pk.population import ParameterName, PopulationModel
from ivig.pk.schedule import duration_day, require_order


@dataclass(frozen=True, slots=True, kw_only=True)
class Era:
    """Parameters, each (n_draws,), and the day they hold from; the first holds before it too."""

    start_day: float
    parameters: Parameters


@dataclass(frozen=True, slots=True, kw_only=True)
class VaryingLevels:
    """Infused and own IgG apart, each (n_draws, n_times)."""

    exogenous_g_per_L: FloatArray
    own_g_per_L: FloatArray

    @property
    def total_g_per_L(self) -> FloatArray:
        """What a laboratory measures."""
        return self.exogenous_g_per_L + self.own_g_per_L


def with_lasting_loss(person: Parameters, CL_loss_L_per_day: float) -> Parameters:
    """The parameters under a loss that has always been: own IgG falls as clearance rises."""
    loss = ProteinLoss(start_day=0.0, end_day=None, CL_loss_L_per_day=CL_loss_L_per_day)
    clearance = person.CL_L_per_day + loss.CL_loss_L_per_day
    return replace(
        person,
        CL_L_per_day=clearance,
        BL_g_per_L=person.BL_g_per_L * person.CL_L_per_day / clearance,
        modes=modes(clearance, person.Vc_L, person.Q_L_per_day, person.Vp_L),
    )


def weighed(patient: Patient, weights: Sequence[DatedWeight]) -> tuple[tuple[float, Patient], ...]:
    """The patient as of each weight, for ``eras``; everything else stays as it is."""
    return tuple((dated.time_day, replace(patient, weight_kg=dated.weight_kg)) for dated in weights)


def eras(
    model: PopulationModel,
    dated: Sequence[tuple[float, Patient]],
    *,
    names: tuple[ParameterName, ...] = (),
    eta: FloatArray | None = None,
    baseline_igg_g_per_L: float | None = None,
    population: str | None = None,
) -> tuple[Era, ...]:
    """The individual parameters of a patient whose covariates change, with the same η throughout.

    Parameters
    ----------
    dated : sequence of (day, Patient), length n_eras >= 1
        The patient as of that day, in order.
    names, eta
        As in ``parameters.parameters``; None is the typical patient.
    baseline_igg_g_per_L : float, optional
        Own untreated IgG in place of the model's.

    Raises
    ------
    InputError
        None, or days out of order.
    OutsideModelDomain
        The model never saw such a patient, at any of the days.
    """
    found: list[Era] = []
    for start_day, patient in dated:
        require_usable(model, patient)
        typical = typical_values(model, covariates(patient), population)
        if baseline_igg_g_per_L is not None:
            typical["BL"] = baseline_igg_g_per_L
        found.append(Era(start_day=start_day, parameters=parameters(typical, names, eta)))
    _require_eras(found)
    return tuple(found)


def varying_levels(
    eras: Sequence[Era],
    doses: Sequence[Dose],
    time_day: FloatArray,
    *,
    losses: Sequence[ProteinLoss] = (),
) -> VaryingLevels:
    """IgG at given times under changing parameters.

    Parameters
    ----------
    eras : sequence of Era
        In order, all with the same number of draws.
    doses : sequence of Dose
        In order.
    time_day : array (n_times,)
        In any order. A time equal to the start of a dose counts as before it: a trough; one equal to
        a change of parameters as after it.
    losses : sequence of ProteinLoss
        Those that overlap add up.

    Raises
    ------
    InputError
        Eras or doses out of order.
    """
    _require_eras(eras)
    require_order(doses)
    times = _at_doses(time_day, doses)
    rates = _rate_changes(doses)
    days = {*times.tolist(), *rates, *(dose.time_day for dose in doses)}
    days |= {era.start_day for era in eras} | {loss.start_day for loss in losses}
    days |= {loss.end_day for loss in losses if loss.end_day is not None}
    ordered = sorted(days)
    state = _at_rest(_era(eras, ordered[0]))
    found: dict[float, FloatArray] = {}
    decays: dict[tuple[int, float], Modes] = {}
    given = 0
    for now, following in pairwise([*ordered, ordered[-1]]):
        person = _era(eras, now)
        found[now] = state.central_g / person.Vc_L
        while given < len(doses) and doses[given].time_day <= now:
            state = _after_dose(state, doses[given], person)
            given += 1
        state = replace(state, rate_g_per_day=rates.get(now, state.rate_g_per_day))
        lost = _loss_L_per_day(losses, now)
        if (decay := decays.get((id(person), lost))) is None:
            decay = decays[id(person), lost] = _modes(person, lost)
        state = _advanced(state, person, decay, lost, following - now)
    at = np.stack([found[day] for day in times.tolist()], axis=-1)
    return VaryingLevels(exogenous_g_per_L=at[0], own_g_per_L=at[1])


@dataclass(frozen=True, slots=True, kw_only=True)
class _State:
    """Grams in each compartment; the first row of central and peripheral is infused, the second own."""

    depot_g: FloatArray  # (n_draws,)
    central_g: FloatArray  # (2, n_draws)
    peripheral_g: FloatArray  # (2, n_draws)
    rate_g_per_day: float = 0.0


def _at_rest(person: Parameters) -> _State:
    """Own IgG alone, at its steady state."""
    none = np.zeros_like(person.Vc_L)
    peripheral_L = none if person.Vp_L is None else person.Vp_L
    own = person.BL_g_per_L
    return _State(
        depot_g=none,
        central_g=np.stack([none, own * person.Vc_L]),
        peripheral_g=np.stack([none, own * peripheral_L]),
    )


def _after_dose(state: _State, dose: Dose, person: Parameters) -> _State:
    """The state once a dose is in; an infusion enters by its rate."""
    amount_g = dose.amount_g * person.bioavailability(dose.route)
    if dose.route != "iv":
        return replace(state, depot_g=state.depot_g + amount_g)
    if duration_day(dose.route, dose.duration_h) > 0.0:
        return state
    return replace(state, central_g=state.central_g + np.stack([amount_g, 0.0 * amount_g]))


def _modes(person: Parameters, loss_L_per_day: float) -> Modes:
    clearance = person.CL_L_per_day + loss_L_per_day
    return modes(clearance, person.Vc_L, person.Q_L_per_day, person.Vp_L)


def _advanced(
    state: _State, person: Parameters, decay: Modes, loss_L_per_day: float, day: float
) -> _State:
    """The state so many days later, nothing changing meanwhile."""
    if day == 0.0:
        return state
    length = np.array(day)
    fast, slow = decay.rate_per_day[0][:, 0], decay.terminal_rate_per_day
    made = person.CL_L_per_day * person.BL_g_per_L
    constant = np.stack([np.full_like(made, state.rate_g_per_day), made])
    # None where nothing is left to absorb: half the work of doses into a vein alone
    ka = person.KA_per_day if state.depot_g.any() else None
    absorbed = None if ka is None else np.stack([ka * state.depot_g, np.zeros_like(made)])
    # what reaches the end through the slow mode alone: what was there, and both inputs
    kept = np.exp(-slow * length)
    by_slow = constant * convolved(slow, np.zeros_like(slow), length)
    if ka is not None and absorbed is not None:
        by_slow += absorbed * convolved(slow, ka, length)
    central, peripheral = kept * state.central_g + by_slow, kept * state.peripheral_g
    if person.Q_L_per_day is not None and person.Vp_L is not None:
        out, back = person.Q_L_per_day / person.Vc_L, person.Q_L_per_day / person.Vp_L
        left = (person.CL_L_per_day + loss_L_per_day) / person.Vc_L + out
        both, of_constant = _through_both(slow, fast, length)
        mixed = both * state.central_g + of_constant * constant
        if ka is not None and absorbed is not None:
            mixed += absorbed * _absorbed_through_both(slow, fast, ka, length)
        returned = both * state.peripheral_g
        central = central + (slow - left) * mixed + back * returned
        peripheral = peripheral + out * mixed + (slow - back) * returned
    return replace(
        state,
        depot_g=state.depot_g if ka is None else state.depot_g * np.exp(-ka * length),
        central_g=central,
        peripheral_g=peripheral,
    )


def _through_both(
    slow: FloatArray, fast: FloatArray, length: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """(e^(−s·t) − e^(−f·t)) / (f − s), and its convolution with 1."""
    zero = np.zeros_like(slow)
    constant = (convolved(slow, zero, length) - convolved(fast, zero, length)) / (fast - slow)
    return convolved(slow, fast, length), constant


def _absorbed_through_both(
    slow: FloatArray, fast: FloatArray, ka: FloatArray, length: FloatArray
) -> FloatArray:
    """Its convolution with e^(−ka·t)."""
    return (convolved(slow, ka, length) - convolved(fast, ka, length)) / (fast - slow)


def _rate_changes(doses: Sequence[Dose]) -> dict[float, float]:
    """Grams a day from each day on at which an infusion begins or ends; exactly 0 when none runs."""
    changes: list[tuple[float, int, float]] = []
    for dose in doses:
        length = duration_day(dose.route, dose.duration_h)
        if length > 0.0:
            rate = dose.amount_g / length
            changes += [(dose.time_day, 1, rate), (dose.time_day + length, -1, -rate)]
    found: dict[float, float] = {}
    running, rate = 0, 0.0
    for day, step, change in sorted(changes):
        running += step
        rate = rate + change if running else 0.0
        found[day] = rate
    return found


def _at_doses(time_day: FloatArray, doses: Sequence[Dose]) -> FloatArray:
    """Times so near the start of a dose that they mean it, at it."""
    starts = np.array([dose.time_day for dose in doses])
    if starts.size == 0:
        return time_day
    after = np.clip(np.searchsorted(starts, time_day), 0, starts.size - 1)
    for near in (starts[after], starts[np.maximum(after - 1, 0)]):
        time_day = np.where(np.abs(time_day - near) <= ROUNDING, near, time_day)
    return time_day


def _era(eras: Sequence[Era], day: float) -> Parameters:
    began = [era.parameters for era in eras if era.start_day <= day]
    return began[-1] if began else eras[0].parameters


def _loss_L_per_day(losses: Sequence[ProteinLoss], day: float) -> float:
    return sum(
        loss.CL_loss_L_per_day
        for loss in losses
        if loss.start_day <= day and (loss.end_day is None or day < loss.end_day)
    )


def _require_eras(eras: Sequence[Era]) -> None:
    if not eras:
        raise InputError("eras", (), "at least one set of parameters")
    for i, (before, after) in enumerate(pairwise(eras), start=1):
        if not before.start_day < after.start_day:
            allowed = f"a day after {before.start_day:g}"
            raise InputError(f"eras[{i}].start_day", after.start_day, allowed)
