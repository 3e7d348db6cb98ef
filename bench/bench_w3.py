"""W3: high doses with saturable FcRn recycling, IgG and a tracer on 168 days of 100,000 patients."""

from typing import Any

import numpy as np

from bench import peers
from bench.fcrn_wide import solved, worst_errors
from bench.populations import FCRN_DAYS, HIGH_DOSE, Array, fcrn
from bench.row import Row
from bench.timing import seconds, worst

N_PATIENTS, N_PEER, N_WIDE = 100_000, 200, 20_000


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
        *[
            Row(
                what=f"W3 wider, {name}",
                measured=f"{wide:.1e}",
                wanted="<= 1e-5",
                ratio=wide / 1e-5,
                against=f"the limit; worst of {N_WIDE:,} patients, as above",
            )
            for name, wide in worst_errors(N_WIDE)
        ],
    ]


def tight(patients: Any, shape: tuple[int, ...]) -> Array:
    """The reference: every patient by an adaptive method of its own, from event to event."""
    return solved(patients, HIGH_DOSE, int(FCRN_DAYS[-1]), shape)
