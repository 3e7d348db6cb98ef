"""The saturable kernel far from W3: other doses, intervals, spreads and body sizes.

A patient of any weight is the patient of one kilogram on a dose per kilogram, which is how the
reference sees it: volumes and flows divided by the weight.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from bench.populations import TRACER_U_PER_L, Array, Fcrn
from bench.timing import worst
from ivig.pk.schedule import Train

N_DAYS = 84


def train(grams_per_kg: float, interval: float, length: float, n_doses: int = 12) -> Train:
    """Infusions of g/kg from day 0."""
    return Train(
        start_day=0,
        interval_day=interval,
        n_doses=n_doses,
        amount_g=grams_per_kg,
        route="iv",
        duration_day=length,
    )


REGIMENS: dict[str, tuple[Train, ...]] = {
    "0.1 g/kg weekly over 1 h": (train(0.1, 7, 1 / 24),),
    "0.4 g/kg q3w over 3 h": (train(0.4, 21, 0.125),),
    "1 g/kg q4w over 6 h": (train(1.0, 28, 0.25),),
    "2 g/kg in 5 days q6w, 5 h": tuple(
        Train(
            start_day=day,
            interval_day=42,
            n_doses=2,
            amount_g=0.4,
            route="iv",
            duration_day=5 / 24,
        )
        for day in range(5)
    ),
    "2 g/kg weekly over 2 h": (train(2.0, 7, 1 / 12),),
    "2 g/kg q6w over 12 h": (train(2.0, 42, 0.5),),
}


def people(n: int, seed: int, spread: float) -> tuple[Fcrn, Array]:
    """Patients of 5 to 120 kg by the kilogram, and their weights.

    Volumes as the weight, flow between them as weight^¾; typical values and, with ``spread`` 1,
    spreads of W3.
    """
    random = np.random.default_rng(seed)
    weight = np.exp(random.uniform(np.log(5.0), np.log(120.0), n))
    cv = spread * np.array([0.20, 0.20, 0.25, 0.25, 0.35, 0.30])
    factor = np.exp(np.sqrt(np.log1p(cv * cv)) * random.standard_normal((n, 6))).T
    flow = 0.5 / 70.0 * (weight / 70.0) ** -0.25
    return (
        Fcrn(
            kdeg_per_day=0.18 * factor[0],
            Kd_g_per_L=40.0 * factor[1],
            C0_g_per_L=10.0 * factor[2],
            Vc_L=3.0 / 70.0 * factor[3],
            Q_L_per_day=flow * factor[4],
            Vp_L=2.5 / 70.0 * factor[5],
        ),
        weight,
    )


def simulated(per_kg: Fcrn, weight: Array, doses: Sequence[Train], time_day: Array) -> Array:
    """By our kernel, in patients of their weight."""
    from ivig.pk.kernels import simulate_fcrn

    return simulate_fcrn(
        per_kg.kdeg_per_day,
        per_kg.Kd_g_per_L,
        per_kg.Rmax_g_per_L,
        per_kg.C0_g_per_L,
        per_kg.Vc_L * weight,
        per_kg.Q_L_per_day * weight,
        per_kg.Vp_L * weight,
        TRACER_U_PER_L,
        weight,
        doses,
        time_day,
    )


def solved(patients: Fcrn, doses: Sequence[Train], n_days: int, shape: tuple[int, ...]) -> Array:
    """By the adaptive method at rtol 1e-10, from event to event."""
    from bench.dormand_prince import solve

    rates = [
        (t.start_day + i * t.interval_day, t.amount_g, t.duration_day)
        for t in doses
        for i in range(t.n_doses or 0)
    ]
    edges = {0.0, *np.arange(1.0, n_days + 1.0).tolist()} | {
        day for start, _, length in rates for day in (start, start + length) if day < n_days
    }
    grid = np.array(sorted(edges))
    rate = np.zeros(grid.size - 1)
    for start, grams, length in rates:
        rate[(grid[:-1] >= start) & (grid[:-1] < start + length)] += grams / length
    out = np.empty(shape)
    solve(
        patients.kdeg_per_day,
        patients.Kd_g_per_L,
        patients.Rmax_g_per_L,
        patients.C0_g_per_L,
        patients.Vc_L,
        patients.Q_L_per_day,
        patients.Vp_L,
        grid,
        rate,
        1e-10,
        out,
    )
    return out


def worst_errors(n: int, n_days: int = N_DAYS) -> Iterator[tuple[str, float]]:
    """Largest relative error of IgG and tracer, for each regimen and spread."""
    for seed, (name, doses) in enumerate(REGIMENS.items()):
        for spread in (1.0, 2.0):
            per_kg, weight = people(n, seed, spread)
            found = simulated(per_kg, weight, doses, np.arange(1.0, n_days + 1.0))
            wide = "" if spread == 1.0 else ", wide"
            yield name + wide, worst(found, solved(per_kg, doses, n_days, found.shape))
