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

PARTS_OF_GAP = (np.arange(1.0, 9.0) / 8.0) ** 2  # where a peak is looked for between two doses
NARROW = np.linspace(0.0, 1.0, 7)  # then inside a bracket, each time a third as wide
NARROWINGS = 3
JUST_AFTER_DAY = 1e-6  # a level at the instant of a dose still counts as before it
REMAINING = 0.1  # of the change in trough, at "90 % of the way"
ITERATIONS = 3  # each leaves a few hundredths of the error


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

    Into a vein it is the end of one of the infusions. Under the skin a level is continuous, so the
    neighbours of the best of a few times bracket the peak, and the bracket is narrowed.
    """
    starts = np.array([train.start_day for train in trains])
    if dosing.route == "iv":
        ends = starts + max(dosing.duration_day, JUST_AFTER_DAY)
        found = steady_exogenous_g_per_L(parameters, trains, ends)
        best = found.argmax(axis=1)
        return np.take_along_axis(found, best[:, None], 1)[:, 0], ends[best]
    gaps = np.diff(np.append(starts, trains[0].interval_day))
    grid = np.append(0.0, (starts[:, None] + gaps[:, None] * PARTS_OF_GAP).ravel())
    best = steady_exogenous_g_per_L(parameters, trains, grid).argmax(axis=1)
    tried, found = np.broadcast_to(grid, (best.size, grid.size)), np.zeros((1, 1))
    for _ in range(NARROWINGS):
        low = np.take_along_axis(tried, np.maximum(best - 1, 0)[:, None], 1)
        high = np.take_along_axis(tried, np.minimum(best + 1, tried.shape[1] - 1)[:, None], 1)
        tried = low + (high - low) * NARROW
        found = steady_exogenous_g_per_L(parameters, trains, tried)
        best = found.argmax(axis=1)
    three = np.clip(best, 1, NARROW.size - 2)[:, None] + np.array([-1, 0, 1])
    time_day = _vertex(np.take_along_axis(tried, three, 1), np.take_along_axis(found, three, 1))
    value = steady_exogenous_g_per_L(parameters, trains, time_day[:, None])[:, 0]
    return value, time_day


def _vertex(times: FloatArray, values: FloatArray) -> FloatArray:
    """Where the parabola through three points is highest, not beyond them."""
    before, middle, after = times.T
    left, right = middle - before, after - middle
    rise = (values[:, 1] - values[:, 0]) * right
    fall = (values[:, 1] - values[:, 2]) * left
    bent = rise + fall
    shift = 0.5 * (rise * right - fall * left) / np.where(bent > 0.0, bent, 1.0)
    best = times[np.arange(middle.size), values.argmax(axis=1)]
    return np.where(bent > 0.0, np.clip(middle + shift, before, after), best)
