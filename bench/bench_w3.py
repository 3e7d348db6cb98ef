"""W3: high doses with saturable FcRn recycling, IgG and a tracer on 168 days of 100,000 patients."""

from typing import Any

import numpy as np

from bench import peers
from bench.populations import FCRN_DAYS, HIGH_DOSE, Array, fcrn
from bench.row import Row
from bench.timing import seconds, worst

N_PATIENTS, N_PEER = 100_000, 200


def run() -> list[Row]:
    patients = fcrn(N_PATIENTS)
    out = np.empty((N_PATIENTS, 2, FCRN_DAYS.size))
    rate = N_PATIENTS / seconds(lambda: patients.simulate(out), runs=5)
    one = peers.fcrn(patients)
    theirs = peers.patients_per_s(one, N_PEER)
    exact = tight(patients, out.shape)
    error = worst(out, exact)
    theirs_error = max(worst(one(i), exact[i]) for i in range(50))
    return [
        Row(
            what="W3, FcRn: against libroadrunner",
            measured=f"{rate / 1e6:.2f} M/s",
            wanted=">= 300 x",
            ratio=rate / theirs,
            against=f"libroadrunner, one process, {theirs:.0f} patients/s, error {theirs_error:.0e}",
        ),
        Row(
            what="W3, FcRn: worst error of 100,000",
            measured=f"{error:.1e}",
            wanted="<= 1e-5",
            ratio=error / 1e-5,
            against="the limit; adaptive Dormand-Prince at rtol 1e-10",
        ),
    ]


def tight(patients: Any, shape: tuple[int, ...]) -> Array:
    """The reference: every patient by an adaptive method of its own, from event to event."""
    from bench.dormand_prince import solve

    rates = sorted(
        {
            (t.start_day + i * t.interval_day, t.amount_g, t.duration_day)
            for t in HIGH_DOSE
            for i in range(t.n_doses or 0)
        }
    )
    edges = {0.0, *FCRN_DAYS.tolist()} | {
        day for start, _, length in rates for day in (start, start + length)
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
