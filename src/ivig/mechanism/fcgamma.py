"""Fcγ receptors: plasma IgG occupies them, and little is left free for what is coated with antibody.

    K_A   = Σ share_i · K_A,i / molar mass             polyclonal IgG to FcγRIIIA-F158, L/g
    X(C)  = (1 + K_A·C0) / (1 + K_A·C)                 free receptor over that before treatment
    rate  = X ^ h                                      clearance of coated cells over that before

K_A·C0 is near 90: the low-affinity receptors are 99 % occupied by the patient's own IgG already, and
doubling the level halves what is free.
"""

import numpy as np
from numpy.typing import NDArray

from ivig.mechanism.fcrn import SUBCLASSES
from ivig.mechanism.parameters import Mechanisms

FloatArray = NDArray[np.float64]


def effective_affinity(mechanisms: Mechanisms, receptor: str = "FcgRIIIA-F158") -> float:
    """Association constant of serum IgG for one receptor, L/g; an undetectable one counts as 0."""
    fcgamma, fcrn = mechanisms["fcgamma"], mechanisms["fcrn"]
    shares = np.array([fcrn.number(f"share_{name}") for name in SUBCLASSES])
    names = (f"K_A {receptor} {name}" for name in SUBCLASSES)
    known = fcgamma.parameters
    affinity = np.array([known[name].value.number if name in known else 0.0 for name in names])
    return float(shares @ affinity / shares.sum() / fcgamma.number("molar_mass"))


def free_ratio(
    igg_g_per_L: FloatArray | float, C0_g_per_L: FloatArray | float, KA_L_per_g: FloatArray | float
) -> FloatArray:
    """Free receptor over that before treatment, of the shape of the inputs; 1 at C0.

    >>> float(np.round(free_ratio(28.0, 11.4, 7.9), 2))
    0.41
    """
    return np.asarray(
        (1.0 + KA_L_per_g * C0_g_per_L) / (1.0 + KA_L_per_g * np.asarray(igg_g_per_L))
    )


def red_cell_clearance(free: FloatArray | float, h_rbc: float) -> FloatArray:
    """Clearance rate of antibody-coated red cells over that before treatment."""
    return np.asarray(free) ** h_rbc
