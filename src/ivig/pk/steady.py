"""The steady state of a regimen, exactly: geometric sums, never a long simulation.

Everything here is per draw, (n_draws,), of *exogenous* IgG in g/L; add BL for the total. Time in a
cycle runs from its first dose (0, the trough before it) to the interval.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ivig.pk.concentration import exogenous_g_per_L, steady_exogenous_g_per_L
from ivig.pk.disposition import FloatArray
from ivig.pk.parameters import Parameters
from ivig.pk.schedule import Dosing, Train, cycle_trains

GRID = 9  # times looked at in each gap between doses when a peak is searched for
REFINEMENTS = 5  # each narrows the bracket fourfold, to less than a thousandth of the gap
REMAINING = 0.1  # of the change in trough, at "90 % of the way"
ITERATIONS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class SteadyState:
    """A regimen without end, for every draw; ``peak_day`` counts from the first dose of a cycle."""

    trough_g_per_L: FloatArray
    peak_g_per_L: FloatArray
    peak_day: FloatArray
    auc_tau_g_day_per_L: FloatArray


def steady_state(parameters: Parameters, dosing: Dosing) -> SteadyState:
    """Trough, peak, and the area of one cycle; CL · AUC = F · amount exactly."""
    trains = cycle_trains(dosing)
    peak, peak_day = _peak(parameters, dosing, trains)
    absorbed_g = dosing.amount_g * parameters.bioavailability(dosing.route)
    return SteadyState(
        trough_g_per_L=steady_exogenous_g_per_L(parameters, trains, np.zeros(1))[:, 0],
        peak_g_per_L=peak,
        peak_day=peak_day,
        auc_tau_g_day_per_L=absorbed_g / parameters.CL_L_per_day,
    )


def nth_trough_g_per_L(
    parameters: Parameters, dosing: Dosing, interval_day: float, n_cycles: int
) -> FloatArray:
    """Exogenous trough at the end of the n-th cycle of a regimen begun without infused IgG."""
    trains = cycle_trains(dosing, n_cycles=n_cycles)
    return exogenous_g_per_L(parameters, trains, np.array([n_cycles * interval_day]))[:, 0]


def half_life_day(parameters: Parameters) -> FloatArray:
    """Terminal half-life of the disposition."""
    return np.log(2.0) / parameters.modes.terminal_rate_per_day


def day_to_steady_state(parameters: Parameters, dosing: Dosing) -> FloatArray:
    """When the trough has come 90 % of the way to its final value after a change of dose.

    The way still to go at time t is what would be left at t of the steady trough, were dosing
    stopped, since the system is linear; so this is when a tenth of it is left.
    """
    trains = cycle_trains(dosing)
    slowest = parameters.modes.terminal_rate_per_day
    if dosing.route != "iv" and parameters.KA_per_day is not None:
        slowest = np.minimum(slowest, parameters.KA_per_day)
    start = steady_exogenous_g_per_L(parameters, trains, np.zeros(1), stopped=True)[:, 0]
    time_day = -np.log(REMAINING) / slowest
    for _ in range(ITERATIONS):
        left = steady_exogenous_g_per_L(parameters, trains, time_day[:, None], stopped=True)[:, 0]
        time_day = np.maximum(time_day + np.log(left / (REMAINING * start)) / slowest, 0.0)
    return time_day


def _peak(
    parameters: Parameters, dosing: Dosing, trains: Sequence[Train]
) -> tuple[FloatArray, FloatArray]:
    """Highest concentration of a cycle and its time.

    Into a vein it is the end of one of the infusions. Under the skin a level rises and falls once
    between two doses, so a bracket round the best of a few times is narrowed.
    """
    starts = np.array([train.start_day for train in trains])
    if dosing.route == "iv":
        ends = starts + dosing.duration_day
        found = steady_exogenous_g_per_L(parameters, trains, ends + _after(dosing))
        best = found.argmax(axis=1)
        return found[np.arange(parameters.Vc_L.size), best], ends[best]
    gaps = np.diff(np.append(starts, trains[0].interval_day))
    grid = (starts[:, None] + gaps[:, None] * np.linspace(0.0, 1.0, GRID)[1:]).ravel()
    found = steady_exogenous_g_per_L(parameters, trains, grid)
    best = found.argmax(axis=1)
    rows = np.arange(parameters.Vc_L.size)
    step = gaps[best // (GRID - 1)] / (GRID - 1)
    time_day, value = grid[best], found[rows, best]
    floor = starts[best // (GRID - 1)] + _after(dosing)
    for _ in range(REFINEMENTS):
        tried = time_day[:, None] + step[:, None] * np.linspace(-1.0, 1.0, GRID)
        tried = np.clip(tried, floor[:, None], None)
        found = steady_exogenous_g_per_L(parameters, trains, tried)
        best = found.argmax(axis=1)
        time_day, value = tried[rows, best], found[rows, best]
        step = step * (2.0 / (GRID - 1))
    return value, time_day


def _after(dosing: Dosing) -> float:
    """A moment after a dose at once, which at its own instant still counts as before it."""
    return 1e-6 if dosing.duration_day == 0 else 0.0
