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
        A time equal to the start of a dose counts as before it: a trough. A train at steady state
        is looked at inside its own cycle and repeats for ever before it.

    Returns
    -------
    array (n_draws, n_times)
    """
    modes = parameters.modes
    total = np.zeros((parameters.Vc_L.size, time_day.size))
    for train in trains:
        given, since_last_day = _position(train, time_day)
        seen = given >= 1.0
        if not seen.any():
            continue
        per_gram = _per_gram(modes, parameters, train, given[seen], since_last_day[seen])
        amount_g = train.amount_g * parameters.bioavailability(train.route)[:, None]
        total[:, seen] += amount_g * per_gram
    return total


def _per_gram(
    modes: Modes,
    parameters: Parameters,
    train: Train,
    given: FloatArray,
    since_last_day: FloatArray,
) -> FloatArray:
    if train.route == "iv":
        if train.n_doses == 1:
            return infusion(modes, since_last_day, train.duration_day)
        return infused_train(
            modes,
            given,
            since_last_day,
            interval_day=train.interval_day,
            duration_day=train.duration_day,
        )
    absorption = parameters.KA_per_day
    assert absorption is not None  # noqa: S101 (bioavailability has refused such a model)
    if train.n_doses == 1:
        return depot(modes, since_last_day, absorption)
    return depot_train(modes, given, since_last_day, absorption, interval_day=train.interval_day)


def _position(train: Train, time_day: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Doses started before each time, and the time since the last of them."""
    since_start = time_day - train.start_day
    cycles = np.ceil(since_start / train.interval_day - ROUNDING)
    if np.isinf(train.n_doses):
        return np.full_like(time_day, np.inf), since_start - (cycles - 1.0) * train.interval_day
    given = np.clip(cycles, 0.0, train.n_doses)
    return given, since_start - (given - 1.0) * train.interval_day
