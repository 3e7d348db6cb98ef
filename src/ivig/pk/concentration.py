"""Serum IgG in time: own production plus every dose, by superposition.

Total IgG is what a laboratory measures; *exogenous* is the infused part alone.
Shapes: times (n_times,), results (n_draws, n_times); g/L and days.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ivig.pk.disposition import Draws, FloatArray, depot, depot_train, infused_train, infusion
from ivig.pk.parameters import Parameters
from ivig.pk.schedule import Train

ROUNDING = 1e-9  # of an interval: a time within it of a dose is the trough before that dose
BLOCK = 8192  # numbers worked on at a time
ENDLESS = np.array([np.inf])


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
    order = np.argsort(time_day, kind="stable")
    late = [x for train in trains if (x := _late(train, time_day[order])) is not None]
    total = np.zeros((parameters.Vc_L.size, time_day.size))
    for block in _blocks(total):
        part = parameters.take(block)
        for one in late:
            total[block, one.first :] += _contribution(part, one)
    return total if (order[1:] > order[:-1]).all() else total[:, np.argsort(order)]


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
    total = np.zeros((parameters.Vc_L.size, time_day.shape[-1]))
    for train in trains:
        since_start = time_day - train.start_day
        cycles = np.zeros_like(since_start) if stopped else _cycles(since_start, train)
        last = since_start - (cycles - 1.0) * train.interval_day
        for block in _blocks(total):
            when = last if last.ndim == 1 else last[block]
            one = _Late(train=train, first=0, earlier=ENDLESS, which=slice(None), last_day=when)
            total[block] += _contribution(parameters.take(block), one)
    return total


@dataclass(frozen=True, slots=True, kw_only=True)
class _Late:
    """A train as later times see it: doses before the last one, and the time since that.

    ``first`` is the first of the (sorted) times that sees a dose at all.
    """

    train: Train
    first: int
    earlier: FloatArray
    which: Draws
    last_day: FloatArray


def _late(train: Train, sorted_day: FloatArray) -> _Late | None:
    since_start = sorted_day - train.start_day
    most = np.inf if train.n_doses is None else float(train.n_doses)
    given = np.clip(_cycles(since_start, train), 0.0, most)
    first = int(np.searchsorted(given, 0.5))
    if first == given.size:
        return None
    earlier = given[first:] - 1.0
    counts, which = np.unique(earlier, return_inverse=True)
    return _Late(
        train=train,
        first=first,
        earlier=counts,
        which=which if counts.size > 1 else slice(None),
        last_day=since_start[first:] - earlier * train.interval_day,
    )


def _cycles(since_start: FloatArray, train: Train) -> FloatArray:
    """Doses of an endless train started before each time."""
    return np.ceil(since_start / train.interval_day - ROUNDING)


def _blocks(total: FloatArray) -> list[slice]:
    """Slices of draws small enough for their intermediate arrays to stay in the cache."""
    n_draws, n_times = total.shape
    size = max(BLOCK // max(n_times, 1), 1)
    return [slice(start, start + size) for start in range(0, n_draws, size)]


def _contribution(parameters: Parameters, late: _Late) -> FloatArray:
    """Concentration from a train, (n_draws, n_times)."""
    modes, train = parameters.modes, late.train
    amount_g = train.amount_g * parameters.bioavailability(train.route)[:, None]
    absorption = parameters.KA_per_day
    if train.route == "iv" or absorption is None:
        if train.n_doses == 1:
            return amount_g * infusion(modes, late.last_day, train.duration_day)
        return amount_g * infused_train(
            modes,
            late.earlier,
            late.which,
            late.last_day,
            interval_day=train.interval_day,
            duration_day=train.duration_day,
        )
    if train.n_doses == 1:
        return amount_g * depot(modes, late.last_day, absorption)
    return amount_g * depot_train(
        modes,
        late.earlier,
        late.which,
        late.last_day,
        absorption,
        interval_day=train.interval_day,
    )
