"""Serum IgG in time: own production plus every dose, by superposition.

Total IgG is what a laboratory measures; *exogenous* is the infused part alone.
Shapes: times (n_times,), results (n_draws, n_times); g/L and days.
"""

from collections.abc import Sequence

import numpy as np

from ivig.pk.disposition import FloatArray, Modes, depot, depot_train, infused_train, infusion
from ivig.pk.parameters import Parameters
from ivig.pk.schedule import Train

ROUNDING = 1e-9  # of an interval: a time within it of a dose is the trough before that dose


def total_g_per_L(
    parameters: Parameters, trains: Sequence[Train], time_day: FloatArray
) -> FloatArray:
    """Total IgG: the patient's own plus ``exogenous_g_per_L``."""
    return parameters.BL_g_per_L[:, None] + exogenous_g_per_L(parameters, trains, time_day)


def exogenous_g_per_L(
    parameters: Parameters, trains: Sequence[Train], time_day: FloatArray
) -> FloatArray:
    """Infused IgG at given times.

    Parameters
    ----------
    time_day : array (n_times,)
        A time equal to the start of a dose counts as before it: a trough.

    Returns
    -------
    array (n_draws, n_times)
    """
    modes = parameters.modes
    total = np.zeros((parameters.Vc_L.size, time_day.size))
    for train in trains:
        since_start = time_day - train.start_day
        given = np.clip(_cycles(since_start, train), 0.0, train.n_doses)
        seen = given >= 1.0
        if seen.any():
            last = since_start[seen] - (given[seen] - 1.0) * train.interval_day
            total[:, seen] += _one_train(modes, parameters, train, given[seen], last)
    return total


def steady_exogenous_g_per_L(
    parameters: Parameters,
    trains: Sequence[Train],
    time_day: FloatArray,
    *,
    stopped: bool = False,
) -> FloatArray:
    """Infused IgG in a cycle of a regimen that has gone on for ever.

    Parameters
    ----------
    trains : sequence of Train
        One for each day of the cycle, as ``schedule.cycle_trains`` makes them.
    time_day : array (n_times,) or (n_draws, n_times)
        From the first dose of the cycle; 0 is the trough before it.
    stopped : bool
        No dose is given from time 0 on: what is left is washed out.
    """
    modes = parameters.modes
    total = np.zeros((parameters.Vc_L.size, time_day.shape[-1]))
    for train in trains:
        since_start = time_day - train.start_day
        cycles = np.zeros_like(since_start) if stopped else _cycles(since_start, train)
        last = since_start - (cycles - 1.0) * train.interval_day
        total += _one_train(modes, parameters, train, np.array([np.inf]), last)
    return total


def _cycles(since_start: FloatArray, train: Train) -> FloatArray:
    """Doses of an endless train started before each time."""
    return np.ceil(since_start / train.interval_day - ROUNDING)


def _one_train(
    modes: Modes, parameters: Parameters, train: Train, given: FloatArray, last: FloatArray
) -> FloatArray:
    """Concentration from a train, after ``given`` doses, ``last`` days after the last of them."""
    amount_g = train.amount_g * parameters.bioavailability(train.route)[:, None]
    absorption = parameters.KA_per_day
    if train.route == "iv" or absorption is None:
        if train.n_doses == 1:
            return amount_g * infusion(modes, last, train.duration_day)
        return amount_g * infused_train(
            modes,
            given,
            last,
            interval_day=train.interval_day,
            duration_day=train.duration_day,
        )
    if train.n_doses == 1:
        return amount_g * depot(modes, last, absorption)
    return amount_g * depot_train(modes, given, last, absorption, interval_day=train.interval_day)
