"""Serum IgG in time: own production plus every dose, by superposition.

Total IgG is what a laboratory measures; *exogenous* is the infused part alone.
Shapes: times (n_times,), results (n_draws, n_times); g/L and days.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ivig.pk.disposition import Draws, FloatArray, depot, depot_train, infused_train, infusion
from ivig.pk.parameters import Parameters
from ivig.pk.schedule import Train

ROUNDING = 1e-9  # of an interval, or days: a time so near a dose is the trough before it
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
    late = _seen(trains, time_day[order])
    total = np.zeros((parameters.Vc_L.size, time_day.size))
    width = max((one.last_day.shape[-1] for one in late), default=1)
    for block in _blocks(parameters.Vc_L.size, width):
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
        for block in _blocks(*total.shape):
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Singles:
    """Single doses of one kind as later times see them: every pair of a time and an earlier dose.

    ``offsets`` are where the pairs of each time begin, from time ``first`` on.
    """

    kind: Train
    first: int
    last_day: FloatArray
    amount_g: FloatArray
    offsets: NDArray[np.intp]


def _seen(trains: Sequence[Train], sorted_day: FloatArray) -> list[_Late | _Singles]:
    """What the times see of the trains; single doses of one kind go together."""
    found: list[_Late | _Singles] = []
    singles: dict[tuple[str, float], list[Train]] = {}
    for train in trains:
        if train.n_doses == 1:
            singles.setdefault((train.route, train.duration_day), []).append(train)
        elif (late := _late(train, sorted_day)) is not None:
            found.append(late)
    for alike in singles.values():
        if (pairs := _pairs(alike, sorted_day)) is not None:
            found.append(pairs)
    return found


def _late(train: Train, sorted_day: FloatArray) -> _Late | None:
    most = np.inf if train.n_doses is None else float(train.n_doses)
    since_start = sorted_day - train.start_day
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


def _pairs(alike: Sequence[Train], sorted_day: FloatArray) -> _Singles | None:
    starts = np.array([train.start_day for train in alike])
    since = sorted_day[:, None] - starts
    seen = since > ROUNDING
    counts = seen.sum(axis=1)
    first = int(np.searchsorted(counts, 1))
    if first == counts.size:
        return None
    amounts = np.broadcast_to(np.array([train.amount_g for train in alike]), seen.shape)
    return _Singles(
        kind=alike[0],
        first=first,
        last_day=since[seen],
        amount_g=amounts[seen],
        offsets=np.cumsum(counts)[first:] - counts[first:],
    )


def _cycles(since_start: FloatArray, train: Train) -> FloatArray:
    """Doses of an endless train started before each time."""
    return np.ceil(since_start / train.interval_day - ROUNDING)


def _blocks(n_draws: int, width: int) -> list[slice]:
    """Slices of draws small enough for their intermediate arrays to stay in the cache."""
    size = max(BLOCK // max(width, 1), 1)
    return [slice(start, start + size) for start in range(0, n_draws, size)]


def _contribution(parameters: Parameters, seen: _Late | _Singles) -> FloatArray:
    """Concentration from a train, or from single doses, (n_draws, n_times)."""
    if isinstance(seen, _Singles):
        response = _one_dose(parameters, seen.kind, seen.last_day) * seen.amount_g
        return np.add.reduceat(response, seen.offsets, axis=1)
    train = seen.train
    fraction = train.amount_g * parameters.bioavailability(train.route)[:, None]
    absorption = parameters.KA_per_day
    if train.route == "iv" or absorption is None:
        return fraction * infused_train(
            parameters.modes,
            seen.earlier,
            seen.which,
            seen.last_day,
            interval_day=train.interval_day,
            duration_day=train.duration_day,
        )
    return fraction * depot_train(
        parameters.modes,
        seen.earlier,
        seen.which,
        seen.last_day,
        absorption,
        interval_day=train.interval_day,
    )


def _one_dose(parameters: Parameters, kind: Train, since_day: FloatArray) -> FloatArray:
    """Concentration from one gram of a dose of this kind."""
    fraction = parameters.bioavailability(kind.route)[:, None]
    absorption = parameters.KA_per_day
    if kind.route == "iv" or absorption is None:
        return fraction * infusion(parameters.modes, since_day, kind.duration_day)
    return fraction * depot(parameters.modes, since_day, absorption)
