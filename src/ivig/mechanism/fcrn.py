"""FcRn: the receptor that saves IgG from breakdown, shared by all IgG and saturable.

    n     = n_R · (1 − occupancy)                                     receptor that is left, g/L
    fb(C) = [(K_D + n + C) − √((K_D + n + C)² − 4 n C)] / (2 C)       share of IgG that is recycled
    λ(C)  = k_int · (1 − fb)                                          catabolism of the plasma pool

C is total plasma IgG. More IgG leaves less receptor for each molecule, so that catabolism rises with
the level: of the patient's own IgG, of what was infused and of autoantibody alike. Synthesis does not
answer to the level. Where K_D is small against C this is the receptor of ``pk.kernels.fcrn``.

References
----------
Hansen and Balthasar (occupancy); Gabrielsson and Weiner (turnover); see knowledge/mechanisms/fcrn.yaml.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray

from ivig.errors import InputError
from ivig.mechanism.parameters import Mechanism

FloatArray = NDArray[np.float64]
SUBCLASSES = ("IgG1", "IgG2", "IgG3", "IgG4")


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocker:
    """A drug that occupies FcRn: held after each dose, then lost exponentially; doses do not add up."""

    name: str
    dose_day: tuple[float, ...]
    occupancy_fraction: float
    held_day: float
    half_life_day: float

    def __post_init__(self) -> None:
        if not self.dose_day:
            raise InputError("blocker", self.name, "with its dose, such as 10 mg/kg weekly x 4")
        if not 0.0 <= self.occupancy_fraction <= 1.0:
            raise InputError("blocker occupancy", self.occupancy_fraction, "0 to 1")
        if min(self.held_day, self.half_life_day) <= 0.0:
            raise InputError("blocker", self.name, "held_day and half_life_day above 0")

    @property
    def changes_day(self) -> tuple[float, ...]:
        """When its occupancy jumps or begins to fall."""
        return tuple(sorted({t for day in self.dose_day for t in (day, day + self.held_day)}))

    def occupancy(self, time_day: FloatArray) -> FloatArray:
        """Share of FcRn occupied just after each time, (n_times,)."""
        doses = np.asarray(self.dose_day)
        last = np.searchsorted(doses, time_day + 1e-9, side="right") - 1
        since = np.where(last >= 0, time_day - doses[np.maximum(last, 0)], np.inf)
        late = np.maximum(since - self.held_day, 0.0)
        return self.occupancy_fraction * np.exp(-log(2.0) / self.half_life_day * late)


def recycled_fraction(
    igg_g_per_L: FloatArray | float,
    n_R_g_per_L: FloatArray | float,
    K_D_g_per_L: FloatArray | float,
) -> FloatArray:
    """Share of internalised IgG that FcRn returns to plasma, of the shape of the inputs.

    >>> float(np.round(recycled_fraction(11.4, 23.94, 3.227), 3))
    0.819
    """
    c, n = np.asarray(igg_g_per_L, dtype=np.float64), np.asarray(n_R_g_per_L, dtype=np.float64)
    total = K_D_g_per_L + n + c
    # the other root's form: nothing cancels, and C = 0 gives n / (K_D + n)
    return 2.0 * n / (total + np.sqrt(total * total - 4.0 * n * c))


def catabolic_rate(
    igg_g_per_L: FloatArray | float,
    k_int_per_day: FloatArray | float,
    n_R_g_per_L: FloatArray | float,
    K_D_g_per_L: FloatArray | float,
) -> FloatArray:
    """λ(C), 1/day of the plasma pool.

    >>> float(np.round(catabolic_rate(11.4, 0.370, 23.94, 3.227), 4))
    0.067
    """
    return k_int_per_day * (1.0 - recycled_fraction(igg_g_per_L, n_R_g_per_L, K_D_g_per_L))


def half_life(
    catabolic_per_day: FloatArray | float,
    V1_L: FloatArray | float,
    V2_L: FloatArray | float,
    Q_L_per_day: FloatArray | float,
) -> FloatArray:
    """Terminal half-life of a tracer in two compartments at a constant level of IgG, day."""
    out, back = Q_L_per_day / V1_L, Q_L_per_day / V2_L
    total = catabolic_per_day + out + back
    slow = 0.5 * (total - np.sqrt(total * total - 4.0 * catabolic_per_day * back))
    return np.asarray(log(2.0) / slow)


def half_life_at(
    mechanism: Mechanism, igg_g_per_L: FloatArray | float, *, occupancy_fraction: float = 0.0
) -> FloatArray:
    """Half-life of IgG in a typical adult against the level of total IgG, day."""
    number = mechanism.number
    n = number("n_R") * (1.0 - occupancy_fraction)
    rate = catabolic_rate(igg_g_per_L, number("k_int"), n, number("K_D"))
    return half_life(rate, number("V1"), number("V2"), number("Q"))


def subclass_ratios(mechanism: Mechanism) -> tuple[FloatArray, FloatArray]:
    """Share of serum IgG of IgG1 to IgG4, and catabolism of each over that of all IgG, (4,) each.

    The classical half-lives give the ratios among the four; their mean is that of total IgG.
    """
    share = np.array([mechanism.number(f"share_{name}") for name in SUBCLASSES])
    rate = np.array([1.0 / mechanism.number(f"half_life_{name}") for name in SUBCLASSES])
    share = share / share.sum()
    return share, rate / float(share @ rate)


def subclass_half_life_at(
    mechanism: Mechanism, igg_g_per_L: float, *, occupancy_fraction: float = 0.0
) -> dict[str, float]:
    """Half-life of IgG1 to IgG4 at a level of total IgG, day."""
    number = mechanism.number
    n = number("n_R") * (1.0 - occupancy_fraction)
    rate = float(catabolic_rate(igg_g_per_L, number("k_int"), n, number("K_D")))
    _, ratio = subclass_ratios(mechanism)
    found = half_life(rate * ratio, number("V1"), number("V2"), number("Q"))
    return dict(zip(SUBCLASSES, found.tolist(), strict=True))


def combined(blocker: Blocker | None, points_day: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Occupancy just after each point and its decay until the next, 1/day; (n_points,) each."""
    if blocker is None:
        return np.zeros(points_day.size), np.zeros(points_day.size)
    begins = blocker.occupancy(points_day)
    doses: Sequence[float] = blocker.dose_day
    last = np.searchsorted(np.asarray(doses), points_day + 1e-9, side="right") - 1
    since = np.where(last >= 0, points_day - np.asarray(doses)[np.maximum(last, 0)], 0.0)
    falling = (last >= 0) & (since >= blocker.held_day - 1e-9)
    return begins, np.where(falling, log(2.0) / blocker.half_life_day, 0.0)
