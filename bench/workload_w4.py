"""1,000 patients with 3 to 6 troughs each, and the objective written once more without our engine.

Two compartments, kin 0.6 g/day, 28 g every 21 days over 3 h; effects on CL, V1 and V2 (CV 30, 25,
30 %), Q fixed; residual 0.3 g/L and 10 %. The data come from this closed form and a fixed seed.
"""

import numpy as np
from numpy.typing import NDArray

from ivig.pk.kernels.cases import Cases

FloatArray = NDArray[np.float64]

N = 1000
KIN_G_PER_DAY, DOSE_G, LENGTH_DAY, EVERY_DAY = 0.6, 28.0, 0.125, 21.0
TYPICAL = {"CL": 0.15, "Vc": 3.0, "Q": 0.5, "Vp": 2.5}
OMEGA = np.sqrt(np.log1p(np.array([0.30, 0.25, 0.30]) ** 2))
COUNTS = 3 + np.arange(N) % 4
TROUGH_DAY = EVERY_DAY * np.arange(1, 7)


def concentrations(eta: FloatArray, times: FloatArray) -> FloatArray:
    """Total IgG, (n, n_times), by superposition of every infusion."""
    cl, v1, v2 = (np.array([0.15, 3.0, 2.5]) * np.exp(eta)).T[:, :, None]
    k10, k12, k21 = cl / v1, 0.5 / v1, 0.5 / v2
    total = k10 + k12 + k21
    fast = 0.5 * (total + np.sqrt(total**2 - 4 * k10 * k21))
    slow = k10 * k21 / fast
    found = np.repeat(KIN_G_PER_DAY / cl, times.size, axis=1)
    for start in EVERY_DAY * np.arange(6):
        on = np.clip(times - start, 0, LENGTH_DAY)
        off = np.clip(times - start - LENGTH_DAY, 0, None)
        for rate, other in ((fast, slow), (slow, fast)):
            share = (rate - k21) / (rate - other) / v1
            given = DOSE_G / LENGTH_DAY * share / rate * -np.expm1(-rate * on)
            found = found + given * np.exp(-rate * off)
    return found


def _observed() -> FloatArray:
    random = np.random.default_rng(20260404)
    eta = random.standard_normal((N, 3)) * OMEGA
    noise = random.standard_normal((N, 6))
    f = concentrations(eta, TROUGH_DAY)
    return f + noise * np.sqrt(0.3**2 + (0.1 * f) ** 2)


OBSERVED = _observed()


def ofv(patient: int, eta: FloatArray) -> FloatArray:
    """Σ log s² + (y − f)²/s² + Σ η²/ω² for effects (n, 3)."""
    n = COUNTS[patient]
    f = concentrations(np.atleast_2d(eta), TROUGH_DAY[:n])
    variance = 0.3**2 + (0.1 * f) ** 2
    off = OBSERVED[patient, :n] - f
    return (np.log(variance) + off**2 / variance).sum(1) + ((eta / OMEGA) ** 2).sum(-1)


def quadrature(
    patient: int, mode: FloatArray, covariance: FloatArray, n_nodes: int = 20
) -> tuple[FloatArray, FloatArray]:
    """Posterior mean and SD of the effects by Gauss-Hermite nodes in three dimensions."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(n_nodes)
    grid = np.stack(np.meshgrid(nodes, nodes, nodes, indexing="ij"), axis=-1).reshape(-1, 3)
    product = (weights[:, None, None] * weights[:, None] * weights).ravel()
    eta = mode + 1.15 * grid @ np.linalg.cholesky(covariance).T
    log_density = np.log(product) + 0.5 * (grid**2).sum(1) - 0.5 * ofv(patient, eta)
    density = np.exp(log_density - log_density.max())
    density /= density.sum()
    mean = density @ eta
    return mean, np.sqrt(density @ (eta - mean) ** 2)


def cases(patients: NDArray[np.int64] | None = None) -> Cases:
    """The patients, or some of them, as the kernels read them."""
    chosen = np.arange(N) if patients is None else patients
    n, counts = chosen.size, COUNTS[chosen]
    taken = np.arange(6) < counts[:, None]
    return Cases(
        typical=np.tile([0.15, 3.0, 0.5, 2.5, 0.0, 0.0, 0.0, 0.0, KIN_G_PER_DAY], (n, 1)),
        column=np.array([0, 1, 3]),
        sd=np.tile(OMEGA, (n, 1)),
        limit=np.full((n, 3), np.inf),
        rate_constant=False,
        additive_sd_g_per_L=0.3,
        proportional_sd_fraction=0.1,
        dose_start=6 * np.arange(n + 1),
        dose_day=np.tile(EVERY_DAY * np.arange(6), n),
        dose_g=np.full(6 * n, DOSE_G),
        dose_duration_day=np.full(6 * n, LENGTH_DAY),
        dose_route=np.zeros(6 * n, dtype=np.int64),
        level_start=np.concatenate([[0], np.cumsum(counts)]),
        level_day=np.broadcast_to(TROUGH_DAY, taken.shape)[taken],
        level_g_per_L=OBSERVED[chosen][taken],
        level_below=np.zeros(int(counts.sum()), dtype=np.bool_),
    )
