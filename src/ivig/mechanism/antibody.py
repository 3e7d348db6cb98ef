"""Specific antibody: the titre of the lot, diluted in the patient, lost as infused IgG is lost.

    titre(t)      = own + titre of the lot / IgG of the lot · infused IgG(t)
    ln lot titre ~ N(ln titre, σ_lot² + pool²),   pool CV = √(e^{σ_donor²} − 1) / √donors

With 1,000 donors the pool term is 5 %, with 60,000 under 1 %: lots differ because their donors come
from different populations, not because pools are small.
"""

from dataclasses import dataclass
from math import expm1, isfinite, log1p, nan, sqrt

import numpy as np
from numpy.typing import NDArray

from ivig.cited import Citation, Interval
from ivig.errors import InputError
from ivig.mechanism.parameters import Mechanism, Tag

FloatArray = NDArray[np.float64]
LEVEL = 0.9
MOST_LOTS = 1_000_000
FEWEST_DONORS, MOST_DONORS = 1_000, 60_000
USUAL_PRODUCT_G_PER_L = 100.0
ALSO = {
    "hbv": "hbs",
    "anti-hbs": "hbs",
    "hepatitis b": "hbs",
    "hepatitis a": "hav",
    "pneumococcal": "pneumococcus",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Lot:
    """Titre of an antibody in a product, in a unit per mL, and the IgG of that product.

    ``tag`` is how far titre and IgG may be trusted; ``doubts`` names what was not read in a source.
    """

    antibody: str
    titre: float
    unit: str
    igg_g_per_L: float
    protective: float | None = None
    detected: float | None = None
    tag: Tag = "calibrated"
    doubts: tuple[str, ...] = ()
    citations: tuple[Citation, ...] = ()

    def __post_init__(self) -> None:
        for name in ("titre", "igg_g_per_L"):
            if not getattr(self, name) > 0.0:
                raise InputError(f"lot {name}", getattr(self, name), "above 0")


@dataclass(frozen=True, slots=True, kw_only=True)
class TitreCourse:
    """A titre over time with the band of the lots."""

    lot: Lot
    time_day: tuple[float, ...]
    median: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    protected_percent: Interval | None
    """Share of the time above the protective level: None without one."""
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


def lot_of(mechanism: Mechanism, text: str) -> Lot:
    """The typical lot of a stored antibody, or one with its own titre.

    ``measles`` is the typical lot; ``measles=14@50`` has 14 of the stored unit per mL in a product of
    50 g/L, and ``measles=14`` in one of 100 g/L.

    Raises
    ------
    InputError
        Nothing is stored for the antibody, or the titre is no number above 0.
    """
    word, _, own = (part.strip() for part in text.strip().casefold().partition("="))
    name = ALSO.get(word, word)
    if f"{name} concentration" not in mechanism.parameters:
        known = sorted(n.split()[0] for n in mechanism.parameters if n.endswith("concentration"))
        allowed = f"one of {', '.join(known)}, with or without the lot's own titre: measles=14@100"
        raise InputError("antibody", text, allowed)
    asked = [f"{name} {part}" for part in ("protective", "detected")]
    if not own:
        asked = [name, f"{name} concentration", *asked]
    facts = [mechanism.parameters[key] for key in asked if key in mechanism.parameters]
    titre, igg = _own_titre(text, own) if own else (facts[0].value.number, facts[1].value.number)
    limits = {
        part: mechanism.parameters[f"{name} {part}"].value.number
        for part in ("protective", "detected")
        if f"{name} {part}" in mechanism.parameters
    }
    assumed = not own and any(fact.value.tag == "hypothesis" for fact in facts[:2])
    return Lot(
        antibody=name,
        titre=titre,
        unit=mechanism.parameters[name].value.unit,
        igg_g_per_L=igg,
        tag="hypothesis" if assumed else "calibrated",
        doubts=tuple(
            f"{f.value.name}, {f.basis}" for f in facts if f.basis not in ("read", "derived")
        ),
        citations=tuple(dict.fromkeys(fact.citation for fact in facts)),
        **limits,
    )


def _own_titre(text: str, own: str) -> tuple[float, float]:
    """Titre and IgG of the product, from ``14@50`` or ``14``."""
    titre, _, igg = own.partition("@")
    try:
        found = float(titre), float(igg) if igg else USUAL_PRODUCT_G_PER_L
    except ValueError:
        found = nan, nan
    if not (isfinite(found[0]) and found[0] > 0.0 and 10.0 <= found[1] <= 300.0):
        allowed = "a titre above 0, and the product's IgG of 10 to 300 g/L after @: measles=14@100"
        raise InputError("antibody", text, allowed)
    return found


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
        protected_percent=_share_of_time(time_day, titre, lot.protective),
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


def _share_of_time(time_day: FloatArray, titre: FloatArray, limit: float | None) -> Interval | None:
    """Percent of the time at or above a limit."""
    if limit is None:
        return None
    step = np.diff(time_day)
    above = 0.5 * ((titre[:, :-1] >= limit).astype(float) + (titre[:, 1:] >= limit))
    tail = (1.0 - LEVEL) / 2.0
    share = 100.0 * (above @ step) / step.sum()
    low, median, high = np.quantile(share, [tail, 0.5, 1.0 - tail]).tolist()
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
