"""Specific antibody: the titre of the lot, diluted in the patient, lost as infused IgG is lost.

    titre(t)      = own + titre of the lot / IgG of the lot · infused IgG(t)
    ln lot titre ~ N(ln titre, σ_lot² + pool²),   pool CV = √(e^{σ_donor²} − 1) / √donors

With 1,000 donors the pool term is 5 %, with 60,000 under 1 %: lots differ because their donors come
from different populations, not because pools are small.
"""

from dataclasses import dataclass
from math import expm1, log1p, sqrt

import numpy as np
from numpy.typing import NDArray

from ivig.cited import Interval
from ivig.errors import InputError
from ivig.mechanism.parameters import Mechanism

FloatArray = NDArray[np.float64]
LEVEL = 0.9
MOST_LOTS = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Lot:
    """Titre of an antibody in a product, in a unit per mL, and the IgG of that product."""

    antibody: str
    titre: float
    unit: str
    igg_g_per_L: float
    protective: float | None = None
    detected: float | None = None

    def __post_init__(self) -> None:
        for name in ("titre", "igg_g_per_L"):
            if not getattr(self, name) > 0.0:
                raise InputError(f"lot {name}", getattr(self, name), "above 0")


@dataclass(frozen=True, slots=True, kw_only=True)
class TitreCourse:
    """A titre over time with the band of the lots; days are None when it is not so long followed."""

    lot: Lot
    time_day: tuple[float, ...]
    median: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    protected_until_day: Interval | None
    """Last day above the protective level: None without one; the end of the time when still above."""
    passive_until_day: Interval | None
    """Last day on which a test would find it: serology until then is the donors', not the patient's."""


def pool_cv(n_donors: float, sigma_donor: float) -> float:
    """CV between lots that comes from drawing ``n_donors`` donors of one population.

    >>> round(pool_cv(1000, 1.1), 3), round(pool_cv(60000, 1.1), 3)
    (0.049, 0.006)
    """
    if not n_donors >= 1.0:
        raise InputError("donors", n_donors, "1 or more donors in a pool")
    return sqrt(expm1(sigma_donor**2) / n_donors)


def lot_of(mechanism: Mechanism, antibody: str) -> Lot:
    """The typical lot of an antibody that is stored.

    Raises
    ------
    InputError
        Nothing is stored for it: give its titre.
    """
    if f"{antibody} concentration" not in mechanism.parameters:
        known = sorted(n.split()[0] for n in mechanism.parameters if n.endswith("concentration"))
        raise InputError("antibody", antibody, f"one of {', '.join(known)}, or the lot's own titre")
    protective = mechanism.parameters.get(f"{antibody} protective")
    detected = mechanism.parameters.get(f"{antibody} detected")
    return Lot(
        antibody=antibody,
        titre=mechanism.number(antibody),
        unit=mechanism.parameters[antibody].value.unit,
        igg_g_per_L=mechanism.number(f"{antibody} concentration"),
        protective=protective.value.number if protective else None,
        detected=detected.value.number if detected else None,
    )


def lot_titres(
    mechanism: Mechanism,
    rng: np.random.Generator,
    n_lots: int,
    *,
    n_products: int = 1,
    n_donors: float = 10_000.0,
) -> FloatArray:
    """Titres of lots over that of the typical lot, (n_lots,); lots go to products in turn.

    With one product only lots and pools differ; with more, products and donor countries too.
    """
    if not 1 <= n_lots <= MOST_LOTS:
        raise InputError("lots", n_lots, f"1 to {MOST_LOTS}")
    if not 1 <= n_products <= n_lots:
        raise InputError("products", n_products, f"1 to the {n_lots} lots")
    pool = pool_cv(n_donors, mechanism.number("sigma_donor"))
    sigma = sqrt(mechanism.number("sigma_lot") ** 2 + log1p(pool**2))
    logs = sigma * rng.standard_normal(n_lots)
    if n_products > 1:
        between = mechanism.number("sigma_product") * rng.standard_normal(n_products)
        logs += between[np.arange(n_lots) % n_products]
    return np.exp(logs)


def titre_course(
    lot: Lot,
    time_day: FloatArray,
    infused_g_per_L: FloatArray,
    lots: FloatArray,
    *,
    own: float = 0.0,
) -> TitreCourse:
    """The titre in the patient; ``infused_g_per_L`` (n, n_times) meets ``lots`` (n,) in turn."""
    if own < 0.0:
        raise InputError("own titre", own, "0 or more")
    per_g = lot.titre / lot.igg_g_per_L
    titre = own + per_g * lots[:, None] * infused_g_per_L
    tail = (1.0 - LEVEL) / 2.0
    low, median, high = np.quantile(titre, [tail, 0.5, 1.0 - tail], axis=0)
    return TitreCourse(
        lot=lot,
        time_day=tuple(time_day.tolist()),
        median=tuple(median.tolist()),
        low=tuple(low.tolist()),
        high=tuple(high.tolist()),
        protected_until_day=_until(time_day, titre, lot.protective),
        passive_until_day=_until(time_day, titre - own, lot.detected),
    )


def _until(time_day: FloatArray, titre: FloatArray, limit: float | None) -> Interval | None:
    """The last day at or above a limit."""
    if limit is None:
        return None
    above = titre >= limit
    at = titre.shape[1] - 1 - np.argmax(above[:, ::-1], axis=1)
    rows: NDArray[np.int64] = np.arange(titre.shape[0], dtype=np.int64)
    after = np.minimum(at + 1, titre.shape[1] - 1)
    here, there = titre[rows, at], titre[rows, after]
    falls = here > there
    share = np.where(falls, (here - limit) / np.where(falls, here - there, 1.0), 0.0)
    last = time_day[at] + np.clip(share, 0.0, 1.0) * (time_day[after] - time_day[at])
    last = np.where(above.any(axis=1), last, 0.0)
    tail = (1.0 - LEVEL) / 2.0
    low, median, high = np.quantile(last, [tail, 0.5, 1.0 - tail]).tolist()
    return Interval(median=median, low=low, high=high, level=LEVEL)


def range_of_lots(
    mechanism: Mechanism, rng: np.random.Generator, n_lots: int, n_products: int, n_draws: int
) -> Interval:
    """Highest over lowest titre among lots, as it would come out again and again."""
    found = [lot_titres(mechanism, rng, n_lots, n_products=n_products) for _ in range(n_draws)]
    ratio = np.array([lots.max() / lots.min() for lots in found])
    tail = (1.0 - LEVEL) / 2.0
    low, median, high = np.quantile(ratio, [tail, 0.5, 1.0 - tail]).tolist()
    return Interval(median=median, low=low, high=high, level=LEVEL)


def pool_variance_share(mechanism: Mechanism, n_donors: float) -> float:
    """Share of the log-variance between lots that the size of the pool explains."""
    pool = log1p(pool_cv(n_donors, mechanism.number("sigma_donor")) ** 2)
    return pool / (pool + mechanism.number("sigma_lot") ** 2)
