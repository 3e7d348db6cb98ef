"""Time cut at every change of input: doses into a vein and under the skin, and an FcRn blocker."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ivig.errors import InputError
from ivig.mechanism.fcrn import Blocker, combined
from ivig.pk.schedule import Train

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class MechanismGrid:
    """Intervals without a change; ``bolus_g`` and ``depot_g`` enter at their start.

    ``occupancy`` is that of FcRn just after the start, falling with ``occupancy_decay_per_day``.
    ``output`` is the index of the output time at an interval's end, −1 for none.
    """

    length_day: FloatArray
    since_day: FloatArray
    """From the last change to the start."""
    rate_g_per_day: FloatArray
    bolus_g: FloatArray
    depot_g: FloatArray
    occupancy: FloatArray
    occupancy_decay_per_day: FloatArray
    output: IntArray
    n_before: int


def make_mechanism_grid(
    trains: Sequence[Train], time_day: FloatArray, blocker: Blocker | None
) -> MechanismGrid:
    """The intervals from the first event or output to the last output; ``time_day`` ascending.

    Raises
    ------
    InputError
        A route other than IV or SC, or times that do not ascend.
    """
    from ivig.pk.kernels.fcrn import make_grid
    from ivig.pk.kernels.schedule import ROUNDING_DAY, doses_before

    wanted = np.asarray(time_day, dtype=np.float64)
    if wanted.ndim != 1 or wanted.size == 0 or not (np.diff(wanted) > 0.0).all():
        raise InputError("time_day", time_day, "ascending days, one or more")
    for train in trains:
        if train.route == "fsc":
            allowed = "iv or sc: how facilitated doses are absorbed is not in this model"
            raise InputError("route", train.route, allowed)
    last = float(wanted[-1])
    changes = [day for day in (blocker.changes_day if blocker else ()) if day < last - ROUNDING_DAY]
    stops = np.unique(np.concatenate([wanted, np.array(changes, dtype=np.float64)]))
    grid = make_grid(trains, stops)
    origin = _origin(trains, stops)
    begin = origin + np.concatenate([[0.0], np.cumsum(grid.length_day)[:-1]])
    begin = begin[: grid.length_day.size]
    doses = doses_before(trains, last)
    under = doses.route > 0
    at = np.searchsorted(begin, doses.start_day[under] - ROUNDING_DAY)
    depot = np.bincount(at, doses.amount_g[under], minlength=begin.size).astype(np.float64)
    occupied, falling = combined(blocker, begin)
    is_output = np.isin(stops, wanted)
    index = np.where(is_output, np.cumsum(is_output) - 1, -1)
    output = np.where(grid.output >= 0, index[np.maximum(grid.output, 0)], -1)
    before = grid.n_before if is_output[0] else 0
    return MechanismGrid(
        length_day=grid.length_day,
        since_day=np.minimum(grid.since_day, _since(begin, changes)),
        rate_g_per_day=grid.rate_g_per_day,
        bolus_g=grid.bolus_g,
        depot_g=depot,
        occupancy=occupied,
        occupancy_decay_per_day=falling,
        output=output.astype(np.int64),
        n_before=before,
    )


def _since(begin_day: FloatArray, changes_day: Sequence[float]) -> FloatArray:
    """From the last of these changes to each time; infinite before the first."""
    changes = np.array([-np.inf, *changes_day])
    return begin_day - changes[np.searchsorted(changes, begin_day + 1e-9, side="right") - 1]


def _origin(trains: Sequence[Train], stops: FloatArray) -> float:
    """Where the first interval begins: the first dose given in the time, or the first stop."""
    starts = [train.start_day for train in trains if train.start_day < stops[-1]]
    return min([float(stops[0]), *starts])
