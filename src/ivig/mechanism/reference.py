"""The mechanism ODE written to be read: NumPy, all patients at once, many small steps.

    E' = made − λ(C) E − exchange          own IgG; I' infused; A' autoantibody, each with its periphery
    C  = (E + I + A) / V1
    SC' = −ka SC, its F_sc absorbed into I

and Ce, P of ``platelets``, K4 and M of ``complement``. ``kernel`` holds the same for populations.
"""

from collections.abc import Sequence

import numpy as np

from ivig.mechanism.body import FloatArray, Patients
from ivig.mechanism.complement import c4_after, inhibition
from ivig.mechanism.fcgamma import free_ratio
from ivig.mechanism.fcrn import Blocker, catabolic_rate
from ivig.mechanism.grid import make_mechanism_grid
from ivig.mechanism.platelets import phagocytosis_before
from ivig.pk.schedule import Train

E, EP, I, IP, A, AP, SC, CE, P, K4, M = range(11)  # noqa: E741  the states of the text


def slopes(
    y: FloatArray,
    given: FloatArray,
    since_day: float,
    occupied: float,
    patients: Patients,
    k_ab: FloatArray,
) -> FloatArray:
    """d/dt of the eleven states, (11, n); ``given`` is the rate of infusion in g/day, (n,)."""
    x = patients
    c = y[E] + y[I] + y[A]
    lam = catabolic_rate(c, x.k_int_per_day, x.n_R_g_per_L * (1.0 - occupied), x.K_D_g_per_L)
    out, back = x.Q_L_per_day / x.V1_L, x.Q_L_per_day / x.V2_L
    before = catabolic_rate(x.C0_g_per_L, x.k_int_per_day, x.n_R_g_per_L, x.K_D_g_per_L)
    own0 = x.C0_g_per_L * (1.0 - x.autoantibody_fraction)
    anti0 = x.C0_g_per_L * x.autoantibody_fraction
    absorbed = x.ka_per_day * y[SC]
    d = np.empty_like(y)
    d[E] = before * own0 - (lam + out) * y[E] + back * y[EP]
    d[I] = (given + absorbed) / x.V1_L - (lam + out) * y[I] + back * y[IP]
    fading = np.exp(-x.autoantibody_decay_per_day * since_day)
    d[A] = before * anti0 * fading - (lam + out) * y[A] + back * y[AP]
    d[EP], d[IP], d[AP] = (out * y[one] - back * y[one + 1] for one in (E, I, A))
    d[SC] = -absorbed
    antibody = y[A] / anti0
    d[CE] = x.ke0_per_day * (c - y[CE])
    free = np.minimum(free_ratio(y[CE], x.C0_g_per_L, x.KA_L_per_g), 1.0)
    eaten = k_ab * antibody**x.h_A * free**x.h_ph
    fixed = x.fixed_loss * y[P] / (y[P] + x.fixed_half)
    d[P] = x.production - (1.0 / x.lifespan_day + eaten) * y[P] - fixed
    d[K4] = x.k4_per_day * (1.0 - y[K4]) - x.a4_kg_per_g * given / x.weight_kg * y[K4]
    prevented = inhibition(c - x.C0_g_per_L, x.IC50_g_per_L, x.h_C)
    d[M] = x.kM_per_day * (antibody * (1.0 - prevented) - y[M])
    return d


def before_treatment(patients: Patients) -> FloatArray:
    """The steady state without a dose, (11, n)."""
    x, share = patients, patients.V2_L / patients.V1_L
    own = x.C0_g_per_L * (1.0 - x.autoantibody_fraction)
    anti = x.C0_g_per_L * x.autoantibody_fraction
    none, one = np.zeros(x.size), np.ones(x.size)
    pools = [own, own * share, none, none, anti, anti * share]
    return np.stack([*pools, none, x.C0_g_per_L, x.platelets_0, one, one])


def simulate_reference(
    patients: Patients,
    dose_scale: FloatArray,
    trains: Sequence[Train],
    time_day: FloatArray,
    blocker: Blocker | None = None,
    *,
    step_day: float = 0.01,
) -> FloatArray:
    """The states at each time, (n_times, 11, n); pools in g/L of V1, the depot in g."""
    grid = make_mechanism_grid(trains, time_day, blocker)
    y, k_ab = before_treatment(patients), phagocytosis_before(patients)
    found = np.empty((time_day.size, *y.shape))
    found[: grid.n_before] = y
    since = 0.0
    for i, length in enumerate(grid.length_day):
        y = y.copy()
        bolus = grid.bolus_g[i] * dose_scale
        y[I] += bolus / patients.V1_L
        y[SC] += grid.depot_g[i] * dose_scale * patients.F_sc_fraction
        y[K4] *= c4_after(bolus / patients.weight_kg, 1.0) ** patients.a4_kg_per_g
        n_steps = max(int(np.ceil(length / step_day)), 1)
        h, given = length / n_steps, grid.rate_g_per_day[i] * dose_scale
        for step in range(n_steps):
            at = [(step + part) * h for part in (0.0, 0.5, 1.0)]
            left = grid.occupancy[i] * np.exp(-grid.occupancy_decay_per_day[i] * np.array(at))
            k1 = slopes(y, given, since + at[0], left[0], patients, k_ab)
            k2 = slopes(y + 0.5 * h * k1, given, since + at[1], left[1], patients, k_ab)
            k3 = slopes(y + 0.5 * h * k2, given, since + at[1], left[1], patients, k_ab)
            k4 = slopes(y + h * k3, given, since + at[2], left[2], patients, k_ab)
            y = y + h / 6.0 * (k1 + 2.0 * (k2 + k3) + k4)
        since += length
        if grid.output[i] >= 0:
            found[grid.output[i]] = y
    return found
