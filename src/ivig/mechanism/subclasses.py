"""IgG1 to IgG4 through time: one receptor shared by all, each subclass lost at its own rate.

    y_i' = made_i + share_i · input − ratio_i · λ(C) · y_i − exchange,   C = Σ y_i

``share`` and ``ratio`` are those of ``fcrn.subclass_ratios``. A product is taken to hold the subclasses
in the shares of serum, and the ratios not to change with the level: both are assumed.
"""

from collections.abc import Callable, Sequence

import numpy as np

from ivig.mechanism.body import FloatArray, Patients
from ivig.mechanism.fcrn import Blocker, catabolic_rate
from ivig.mechanism.grid import make_mechanism_grid
from ivig.pk.schedule import Train

STEP_DAY = 0.1
STAGES = np.array([0.0, 0.5, 1.0])
Slope = Callable[[FloatArray, FloatArray, float], FloatArray]


def simulate_subclasses(
    patients: Patients,
    subclasses: tuple[FloatArray, FloatArray],
    trains: Sequence[Train],
    time_day: FloatArray,
    blocker: Blocker | None = None,
) -> FloatArray:
    """Level of each subclass in plasma, own and infused, g/L, (n, n_subclasses, n_times).

    Parameters
    ----------
    subclasses : pair of arrays (n_subclasses,)
        Share of serum IgG, and catabolism over that of all IgG, as ``subclass_ratios`` gives them.
    trains : sequence of Train
        Doses IV or SC in g.

    Raises
    ------
    InputError
        Doses under the skin with hyaluronidase; times out of order.
    """
    grid = make_mechanism_grid(trains, time_day, blocker)
    x, share = patients, subclasses[0][:, None]
    slope = _slope(patients, subclasses)
    y = np.stack([share * x.C0_g_per_L, share * x.C0_g_per_L * x.V2_L / x.V1_L])
    found = np.empty((x.size, share.size, np.asarray(time_day).size))
    found[:, :, : grid.n_before] = y[0].T[:, :, None]
    depot = np.zeros(x.size)
    for i, length in enumerate(grid.length_day):
        y[0] += share * grid.bolus_g[i] / x.V1_L
        depot += grid.depot_g[i] * x.F_sc_fraction
        n_steps = max(int(np.ceil(length / STEP_DAY)), 1)
        h = length / n_steps
        for step in range(n_steps):
            at = (step + STAGES) * h
            held = grid.occupancy[i] * np.exp(-grid.occupancy_decay_per_day[i] * at)
            absorbed = depot * np.exp(-x.ka_per_day * STAGES[:, None] * h)
            given = grid.rate_g_per_day[i] + x.ka_per_day * absorbed
            k1 = slope(y, given[0], held[0])
            k2 = slope(y + 0.5 * h * k1, given[1], held[1])
            k3 = slope(y + 0.5 * h * k2, given[1], held[1])
            k4 = slope(y + h * k3, given[2], held[2])
            y, depot = y + h / 6.0 * (k1 + 2.0 * (k2 + k3) + k4), absorbed[2]
        if grid.output[i] >= 0:
            found[:, :, grid.output[i]] = y[0].T
    return found


def _slope(patients: Patients, subclasses: tuple[FloatArray, FloatArray]) -> Slope:
    """d/dt of plasma and periphery, (2, n_subclasses, n), given an input in g/day and the occupancy."""
    x = patients
    share, ratio = (part[:, None] for part in subclasses)
    out, back = x.Q_L_per_day / x.V1_L, x.Q_L_per_day / x.V2_L
    before = catabolic_rate(x.C0_g_per_L, x.k_int_per_day, x.n_R_g_per_L, x.K_D_g_per_L)
    made = ratio * before * share * x.C0_g_per_L

    def slope(y: FloatArray, given: FloatArray, occupied: float) -> FloatArray:
        n = x.n_R_g_per_L * (1.0 - occupied)
        lam = catabolic_rate(y[0].sum(axis=0), x.k_int_per_day, n, x.K_D_g_per_L)
        moved = out * y[0] - back * y[1]
        return np.stack([made + share * given / x.V1_L - ratio * lam * y[0] - moved, moved])

    return slope
