"""Populations through time: total IgG, infused IgG, autoantibody, platelets, complement."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ivig.errors import InputError
from ivig.mechanism.body import FloatArray, Patients
from ivig.mechanism.complement import inhibition
from ivig.mechanism.fcgamma import free_ratio
from ivig.mechanism.fcrn import Blocker
from ivig.mechanism.grid import make_mechanism_grid
from ivig.mechanism.platelets import phagocytosis_before
from ivig.pk.schedule import Train


@dataclass(frozen=True, slots=True, kw_only=True)
class Courses:
    """Time courses of n patients, each (n, n_times); ratios are over before treatment.

    Without effects only the first four are filled. ``platelets`` are in 10⁹/L.
    """

    time_day: FloatArray
    igg_g_per_L: FloatArray
    infused_g_per_L: FloatArray
    autoantibody_ratio: FloatArray
    depot_g: FloatArray
    free_receptor_ratio: FloatArray
    """At the phagocytes, so behind the plasma level."""
    platelets: FloatArray
    c4_ratio: FloatArray
    mac_ratio: FloatArray
    c3_inhibition: FloatArray
    """Share of C3 deposition prevented."""


def simulate(
    patients: Patients,
    trains: Sequence[Train],
    time_day: FloatArray,
    *,
    dose_scale: FloatArray | float = 1.0,
    blocker: Blocker | None = None,
    effects: bool = True,
) -> Courses:
    """Every patient through the same doses.

    Equal to ``reference.simulate_reference`` to 1e-6. Doses are of a new start: own IgG is at its steady
    state before the first.

    Parameters
    ----------
    trains : sequence of Train
        Doses IV or SC, in g times ``dose_scale``.
    time_day : array (n_times,)
        Ascending; a time equal to the start of a dose is just before it.
    dose_scale : array (n,) or float
        A weight in kg where amounts are g/kg.
    effects : bool
        Phagocytes, platelets and complement as well as IgG.

    Raises
    ------
    InputError
        Doses under the skin with hyaluronidase; times out of order; counts no production can hold.
    """
    from ivig.mechanism.kernel import OUTPUTS, run

    days = np.asarray(time_day, dtype=np.float64)
    scale = np.ascontiguousarray(np.broadcast_to(np.asarray(dose_scale, float), (patients.size,)))
    if not (np.isfinite(scale).all() and (scale >= 0.0).all()):
        raise InputError("dose_scale", dose_scale, "numbers of at least 0")
    k_ab = phagocytosis_before(patients) if effects else np.zeros(patients.size)
    grid = make_mechanism_grid(trains, days, blocker)
    out = np.empty((patients.size, OUTPUTS, days.size))
    run(patients.table(), k_ab, scale, grid, effects=effects, out=out)
    own = patients.C0_g_per_L[:, None]
    return Courses(
        time_day=days,
        igg_g_per_L=out[:, 0],
        infused_g_per_L=out[:, 1],
        autoantibody_ratio=out[:, 2],
        depot_g=out[:, 7],
        free_receptor_ratio=free_ratio(out[:, 3], own, patients.KA_L_per_g[:, None]),
        platelets=out[:, 4],
        c4_ratio=out[:, 5],
        mac_ratio=out[:, 6],
        c3_inhibition=inhibition(
            out[:, 0] - own, patients.IC50_g_per_L[:, None], patients.h_C[:, None]
        ),
    )
