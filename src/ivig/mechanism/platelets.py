"""Platelets in ITP: made, grown old, used up by vessels, and eaten by phagocytes.

    dCe/dt = ke0 · (C − Ce)                                       the phagocytes lag behind plasma
    k_ph   = k_ab · (A/A0)^h_A · min(X(Ce), 1)^h_ph               eaten, 1/day
    dP/dt  = production − (1/lifespan + k_ph)·P − R_fix·P/(P + K_fix)

k_ab is what holds the count at P0 before treatment. X counts only up to 1: below the level before
treatment the equation would let an FcRn blocker, which frees receptors, lower platelets, and in
patients it raises them. That limit is an assumption.
"""

import numpy as np
from numpy.typing import NDArray

from ivig.errors import InputError
from ivig.mechanism.body import Patients

FloatArray = NDArray[np.float64]


def phagocytosis_before(patients: Patients) -> FloatArray:
    """k_ab, 1/day, (n,).

    Raises
    ------
    InputError
        Production cannot hold the count before treatment even with nothing eaten.
    """
    p = patients.platelets_0
    fixed = patients.fixed_loss / (p + patients.fixed_half)
    rate = patients.production / p - 1.0 / patients.lifespan_day - fixed
    if not (rate >= 0.0).all():
        worst = float(p[np.argmin(rate)])
        raise InputError("platelets before", worst, "a count below that of health")
    return rate


def response(time_day: FloatArray, platelets: FloatArray, *, at_least: float = 50.0) -> FloatArray:
    """First day at or above a count, day of the highest, the highest, and days above, (n, 4).

    ``platelets`` is (n, n_times). The first day is NaN where the count is never reached; crossings are
    interpolated.
    """
    above = platelets >= at_least
    step = np.diff(time_day)
    before, after = platelets[:, :-1], platelets[:, 1:]
    with np.errstate(divide="ignore", invalid="ignore"):
        cross = np.clip((at_least - before) / (after - before), 0.0, 1.0)
    inside = np.where(
        above[:, :-1] & above[:, 1:],
        1.0,
        np.where(above[:, 1:], 1.0 - cross, np.where(above[:, :-1], cross, 0.0)),
    )
    first = np.argmax(above, axis=1)
    rows: NDArray[np.int64] = np.arange(platelets.shape[0], dtype=np.int64)
    back = np.maximum(first - 1, 0)
    reached = time_day[back] + np.where(first > 0, cross[rows, back] * step[back], 0.0)
    highest = np.argmax(platelets, axis=1)
    return np.stack(
        [
            np.where(above.any(axis=1), reached, np.nan),
            time_day[highest],
            platelets[rows, highest],
            inside @ step,
        ],
        axis=1,
    )
