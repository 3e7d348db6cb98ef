"""The area under exogenous IgG between any two days, exactly, without a numerical integral.

Each eigenmode k holds h grams with h' = input − rateₖ · h, so over any stretch
∫h = (input + h(start) − h(end)) / rateₖ; the concentration is the weighted sum of the modes.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ivig.pk.concentration import ROUNDING, exogenous_g_per_L
from ivig.pk.disposition import FloatArray, Modes
from ivig.pk.parameters import Parameters
from ivig.pk.schedule import Train


def area_g_day_per_L(
    person: Parameters, trains: Sequence[Train], start_day: float, end_day: float
) -> FloatArray:
    """Area under exogenous IgG from one day to another, (n_draws,), g·day/L.

    A dose at ``end_day`` itself lies outside; one at ``start_day`` inside.
    """
    ends = np.array([start_day, end_day])
    absorbed_g = _absorbed_g(person, trains, ends)
    area = np.zeros_like(absorbed_g)
    for rate, coefficient in zip(
        person.modes.rate_per_day, person.modes.coefficient_per_L, strict=True
    ):
        held = exogenous_g_per_L(_one_mode(person, rate), trains, ends)
        area += (coefficient / rate)[:, 0] * (absorbed_g + held[:, 0] - held[:, 1])
    return area


def _absorbed_g(person: Parameters, trains: Sequence[Train], ends: FloatArray) -> FloatArray:
    """Grams that reached the blood between two days: those given less those left in the depot."""
    total = np.zeros_like(person.Vc_L)
    ka = person.KA_per_day
    for train in trains:
        given = np.diff(_given_g(train, ends))
        if train.route != "iv" and ka is not None:
            depot = replace(train, route="iv", duration_day=0.0)
            held = exogenous_g_per_L(_one_mode(person, ka[:, None]), (depot,), ends)
            given = given + held[:, 0] - held[:, 1]
        total += person.bioavailability(train.route) * given
    return total


def _one_mode(person: Parameters, rate_per_day: FloatArray) -> Parameters:
    """Parameters whose 'concentration' is the grams held in one mode."""
    unit = Modes(rate_per_day=(rate_per_day,), coefficient_per_L=(np.ones_like(rate_per_day),))
    return replace(person, modes=unit)


def _given_g(train: Train, time_day: FloatArray) -> FloatArray:
    """Grams of a train that have left the vial by each time; a dose at the time is not given."""
    most = np.inf if train.n_doses is None else float(train.n_doses)
    since = time_day - train.start_day
    started = np.clip(np.ceil(since / train.interval_day - ROUNDING), 0.0, most)
    given = started * train.amount_g
    if train.duration_day > 0.0:
        last = since - (started - 1.0) * train.interval_day
        running = np.where(started > 0, np.minimum(last / train.duration_day, 1.0), 1.0)
        given = given - (1.0 - running) * train.amount_g
    return given
