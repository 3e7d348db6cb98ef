"""Complement: excess IgG takes up activated C3, while an infusion itself consumes C4.

    I_C = ΔC^h / (IC50^h + ΔC^h),  ΔC = C − C0 above 0        inhibition of C3 deposition
    K4' = k4·(1 − K4) − a4·(rate per kg)·K4                    C4 over that before treatment
    M'  = k_M·(A/A0·(1 − I_C) − M)                             membrane attack complex in tissue

M is a hypothesis: nobody has measured how fast tissue loses it.
"""

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


def inhibition(
    excess_g_per_L: FloatArray | float,
    IC50_g_per_L: FloatArray | float,
    h_C: FloatArray | float,
) -> FloatArray:
    """I_C, share of C3 deposition that excess IgG prevents, of the shape of the inputs.

    >>> float(inhibition(10.0, 10.0, 1.5))
    0.5
    """
    ratio = np.maximum(np.asarray(excess_g_per_L, dtype=np.float64), 0.0) / IC50_g_per_L
    return np.asarray(1.0 - 1.0 / (1.0 + ratio**h_C))


def c4_after(dose_g_per_kg: FloatArray | float, a4_kg_per_g: float) -> FloatArray:
    """C4 over that before, right after one fast infusion."""
    return np.exp(-a4_kg_per_g * np.asarray(dose_g_per_kg))
