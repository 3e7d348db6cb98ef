"""Hypotheses, never computed unless asked for: inflammatory drive, CRP, Treg, lymphocytes.

    Y' = k_Y·(S(t)·(1 − Emax·ΔC²/(EC² + ΔC²)) − Y)        S = 1, or e^{−t/τ} in Kawasaki disease
    CRP' = (ln 2 / half-life)·(Y − CRP)
    G' = k_G·(1 + E_G·ΔC/(EC_G + ΔC) − G)
    L' = k_L·(1 − I − L),  I = (H(C) − H(C0)) / (1 − H(C0)),  H = C^h/(IC^h + C^h)

All are over before treatment. They act on nothing else in the model, and L is what the inhibition in
the test tube would mean if it held in the body at full strength.
"""

from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray

from ivig.mechanism.parameters import Mechanism

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class HypotheticalCourses:
    """Each (n, n_times), over before treatment."""

    il6_ratio: FloatArray
    crp_ratio: FloatArray
    treg_ratio: FloatArray
    lymphocyte_ratio: FloatArray


def t_cell_inhibition(mechanism: Mechanism, igg_g_per_L: FloatArray | float) -> FloatArray:
    """Share of T-cell proliferation prevented in the test tube at a total of IgG."""
    ratio = (np.asarray(igg_g_per_L) / mechanism.number("IC_L")) ** mechanism.number("h_L")
    return np.asarray(ratio / (1.0 + ratio))


def hypothetical_courses(
    mechanism: Mechanism,
    time_day: FloatArray,
    igg_g_per_L: FloatArray,
    C0_g_per_L: FloatArray,
    *,
    acute: bool,
) -> HypotheticalCourses:
    """The four courses; ``igg_g_per_L`` (n, n_times), ``acute`` where the disease passes by itself."""
    number = mechanism.number
    excess = np.maximum(igg_g_per_L - C0_g_per_L[:, None], 0.0)
    drive = 1.0 - number("Emax_Y") * excess**2 / (number("EC_Y") ** 2 + excess**2)
    if acute:
        drive = drive * np.exp(-(time_day - time_day[0]) / number("tau_S"))
    before = t_cell_inhibition(mechanism, C0_g_per_L)[:, None]
    held = (t_cell_inhibition(mechanism, igg_g_per_L) - before) / (1.0 - before)
    il6 = _follow(time_day, drive, number("k_Y"))
    crp_rate = log(2.0) / (number("half_life_CRP") / 24.0)
    wanted = 1.0 + number("E_G") * excess / (number("EC_G") + excess)
    return HypotheticalCourses(
        il6_ratio=il6,
        crp_ratio=_follow(time_day, il6, crp_rate),
        treg_ratio=_follow(time_day, wanted, number("k_G")),
        lymphocyte_ratio=_follow(time_day, 1.0 - held, number("k_L")),
    )


def _follow(time_day: FloatArray, wanted: FloatArray, rate_per_day: float) -> FloatArray:
    """y' = rate·(wanted − y) from y = 1, exact for a course that is straight between the times."""
    found = np.empty_like(wanted)
    found[:, 0] = 1.0
    for i, h in enumerate(np.diff(time_day)):
        kept = np.exp(-rate_per_day * h)
        slope = (wanted[:, i + 1] - wanted[:, i]) / h
        late = wanted[:, i] - slope / rate_per_day
        found[:, i + 1] = late + slope * h + (found[:, i] - late) * kept
    return found
