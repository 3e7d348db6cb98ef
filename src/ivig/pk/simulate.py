"""One regimen in many virtual patients, block by block.

Every number is of *total* IgG: own and infused. A dose per kilogram is that of each patient's
weight, not rounded to vials. Shapes: (n_patients,), levels (n_patients, n_times).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib.util import find_spec
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from ivig.errors import InputError
from ivig.pk.concentration import exogenous_g_per_L
from ivig.pk.disposition import FloatArray
from ivig.pk.parameters import Parameters
from ivig.pk.population import PopulationModel
from ivig.pk.reference_population import ReferencePopulation
from ivig.pk.regimen_text import RegimenPhase, dosing, phase_starts
from ivig.pk.schedule import Train, cycle_trains
from ivig.pk.steady import half_life_day, steady_state
from ivig.pk.virtual import (
    BLOCK,
    VirtualPatients,
    draw_block,
    individual_parameters,
)

if TYPE_CHECKING:
    from ivig.pk.kernels import Schedule

MOST_DAYS = 3660
MOST_PATIENTS = 2**31 - 1  # numbered in 32 bits


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulation:
    """What is simulated; the same value gives the same patients and levels everywhere.

    Parameters
    ----------
    phases : tuple of RegimenPhase
        As ``parse_regimen`` reads them; day 0 is the first dose.
    n_days : int
        Levels are taken on days 0 to ``n_days``, each before a dose of that day.
    """

    model: PopulationModel
    population: ReferencePopulation
    phases: tuple[RegimenPhase, ...]
    n_patients: int
    seed: int
    n_days: int = 365

    def __post_init__(self) -> None:
        _require_whole("n", self.n_patients, 1, MOST_PATIENTS)
        _require_whole("seed", self.seed, 0, 2**64 - 1)
        _require_whole("days", self.n_days, 1, MOST_DAYS)
        phase_starts(self.phases)
        routes = self.model.domain.value.routes
        for phase in self.phases:
            if phase.route not in routes:
                allowed = f"{', '.join(routes)}: {self.model.id} was built on no other route"
                raise InputError("route", phase.route, allowed)

    @property
    def n_blocks(self) -> int:
        """Blocks of patients; the last may be short."""
        return -(-self.n_patients // BLOCK)

    @property
    def time_day(self) -> FloatArray:
        """Days on which levels are taken, (n_days + 1,)."""
        return np.arange(self.n_days + 1, dtype=np.float64)

    @property
    def trains(self) -> tuple[tuple[Train, ...], tuple[Train, ...]]:
        """Doses in g/kg, and doses in g."""
        by_weight: list[Train] = []
        flat: list[Train] = []
        for phase, start_day in zip(self.phases, phase_starts(self.phases), strict=True):
            kind = flat if phase.amount_g_per_kg is None else by_weight
            unit = dosing(phase, 1.0)  # for 1 kg: g/kg stay g/kg
            kind += cycle_trains(unit, n_cycles=phase.n_cycles, start_day=start_day)
        return tuple(by_weight), tuple(flat)

    @property
    def repeats(self) -> bool:
        """Whether the last phase goes on without end, so that there is a steady state."""
        return self.phases[-1].n_cycles is None and self.phases[-1].interval_day is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Some neighbouring patients; ``first`` is the number of the first of them, from 0."""

    first: int
    patients: VirtualPatients
    parameters: Parameters

    @property
    def n_patients(self) -> int:
        """How many."""
        return self.patients.weight_kg.size


@dataclass(frozen=True, slots=True, kw_only=True)
class Scalars:
    """Each patient's numbers, (n_patients,): the steady state of the last phase, and half-life."""

    trough_g_per_L: FloatArray
    peak_g_per_L: FloatArray
    auc_tau_g_day_per_L: FloatArray
    half_life_day: FloatArray


def make_block(simulation: Simulation, block: int) -> Block:
    """The patients of one block and their parameters."""
    first = block * BLOCK
    drawn = draw_block(
        simulation.model, simulation.population, seed=simulation.seed, block=block
    ).first(min(BLOCK, simulation.n_patients - first))
    return Block(
        first=first, patients=drawn, parameters=individual_parameters(simulation.model, drawn)
    )


def levels_g_per_L(simulation: Simulation, block: Block) -> FloatArray:
    """Total IgG on every day, (n_patients, n_days + 1), in NumPy: the reference."""
    by_weight, flat = simulation.trains
    found, times = block.parameters, simulation.time_day
    total = found.BL_g_per_L[:, None] + exogenous_g_per_L(found, flat, times)
    if by_weight:
        infused = exogenous_g_per_L(found, by_weight, times)
        infused *= block.patients.weight_kg[:, None]
        total += infused
    return total


def level_function(simulation: Simulation) -> Callable[[Block], FloatArray]:
    """``levels_g_per_L`` of one simulation: compiled where numba is installed, else NumPy."""
    if find_spec("numba") is None:
        return lambda block: levels_g_per_L(simulation, block)
    from ivig.pk.kernels import make_schedule, simulate_linear

    by_weight, flat = simulation.trains
    in_g_per_kg = make_schedule(by_weight, simulation.time_day)
    in_g = make_schedule(flat, simulation.time_day)
    one_at_a_time = Lock()  # a kernel that runs in parallel may not be entered twice at once

    def run(
        found: Parameters, schedule: "Schedule", own: FloatArray, scale: FloatArray | float
    ) -> FloatArray:
        with one_at_a_time:
            return simulate_linear(
                found.CL_L_per_day,
                found.Vc_L,
                found.Q_L_per_day,
                found.Vp_L,
                found.KA_per_day,
                found.F_SC,
                own,
                scale,
                schedule,
                F_fSC=found.F_fSC,
            )

    def levels(block: Block) -> FloatArray:
        found, own = block.parameters, block.parameters.BL_g_per_L
        if not flat:
            return run(found, in_g_per_kg, own, block.patients.weight_kg)
        total = run(found, in_g, own, 1.0)
        if by_weight:
            total += run(found, in_g_per_kg, np.zeros_like(own), block.patients.weight_kg)
        return total

    return levels


def scalars(simulation: Simulation, block: Block) -> Scalars:
    """Steady state and half-life; of a regimen that ends, the half-life alone (others NaN)."""
    own, half_life = block.parameters.BL_g_per_L, half_life_day(block.parameters)
    phase = simulation.phases[-1]
    if not simulation.repeats or phase.interval_day is None:
        none = np.full(own.size, np.nan)
        return Scalars(
            trough_g_per_L=none,
            peak_g_per_L=none,
            auc_tau_g_day_per_L=none,
            half_life_day=half_life,
        )
    amount_g = amounts_g(phase, block)
    unit = steady_state(
        block.parameters, dosing(replace(phase, amount_g=1.0, amount_g_per_kg=None), 1.0)
    )
    return Scalars(
        trough_g_per_L=own + amount_g * unit.trough_g_per_L,
        peak_g_per_L=own + amount_g * unit.peak_g_per_L,
        auc_tau_g_day_per_L=own * phase.interval_day + amount_g * unit.auc_tau_g_day_per_L,
        half_life_day=half_life,
    )


def amounts_g(phase: RegimenPhase, block: Block) -> FloatArray:
    """Grams of one cycle of a phase in each patient."""
    if phase.amount_g is not None:
        return np.full(block.n_patients, phase.amount_g)
    return (phase.amount_g_per_kg or 0.0) * block.patients.weight_kg


def _require_whole(name: str, value: int, low: int, high: int) -> None:
    if not low <= value <= high:
        raise InputError(name, value, f"a whole number from {low:,} to {high:,}")
