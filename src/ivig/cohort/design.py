"""A new trial as values: endpoint, arms with what is believed of each, sizes and rules.

An arm says what is true of it in exactly one way: a share or a rate, an odds ratio or a rate ratio
against the first arm, a published calibration arm, or a relation of knowledge/outcomes/ at a dose or
a trough. ``_low`` and ``_high`` are the 95 % interval of what is believed; without them it is taken
as certain, and the power then speaks only of the play of chance among patients.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Literal, cast

from ivig.errors import InputError
from ivig.outcome.trial import Better

MOST_PATIENTS = 20_000
MOST_ARMS = 8
MOST_SIZES = 20
WAYS = (
    "share_percent",
    "odds_ratio",
    "rate_per_year",
    "rate_ratio",
    "published_arm",
    "relation",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DesignEndpoint:
    """What is counted: a share of patients, or events a year."""

    text: str
    kind: Literal["share", "rate"]
    better: Better


@dataclass(frozen=True, slots=True, kw_only=True)
class DesignArm:
    """One arm; the first is the control that the others are compared with."""

    name: str
    allocation: float = 1.0
    """Patients for each patient of another arm with allocation 1."""
    share_percent: float | None = None
    share_percent_low: float | None = None
    share_percent_high: float | None = None
    odds_ratio: float | None = None
    odds_ratio_low: float | None = None
    odds_ratio_high: float | None = None
    rate_per_year: float | None = None
    rate_per_year_low: float | None = None
    rate_per_year_high: float | None = None
    rate_ratio: float | None = None
    rate_ratio_low: float | None = None
    rate_ratio_high: float | None = None
    published_arm: str | None = None
    relation: str | None = None
    dose_g_per_kg: float | None = None
    trough_g_per_L: float | None = None
    trough_g_per_L_low: float | None = None
    trough_g_per_L_high: float | None = None
    """5th and 95th percentile of the patients' troughs."""

    @property
    def way(self) -> str:
        """Which of ``WAYS`` is given."""
        given = [name for name in WAYS if getattr(self, name) is not None]
        if len(given) != 1:
            wanted = f"exactly one of {', '.join(WAYS)}"
            raise InputError(f"arm {self.name!r}", ", ".join(given) or None, wanted)
        return given[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """A new trial. ``n_total`` may list several sizes: that is the power curve."""

    name: str
    endpoint: DesignEndpoint
    arms: tuple[DesignArm, ...]
    n_total: tuple[int, ...]
    follow_up_year: float = 1.0
    drop_out_percent: float = 0.0
    drop_out_counts_as: Literal["failure", "left out"] = "failure"
    alpha_fraction: float = 0.05
    """Two-sided; divided by the number of comparisons (Bonferroni)."""
    bound_per_year: float | None = None
    """Single arm: success is an upper one-sided 99 % limit of the rate below it."""
    replicates: int = 1000
    seed: int = 1

    def __post_init__(self) -> None:
        _require(self.arms != () and len(self.arms) <= MOST_ARMS, "arms", len(self.arms), "1 to 8")
        sizes = len(self.n_total)
        _require(1 <= sizes <= MOST_SIZES, "n_total", sizes, f"1 to {MOST_SIZES} sizes")
        for n in self.n_total:
            low = 2 * len(self.arms)
            _require(low <= n <= MOST_PATIENTS, "n_total", n, f"{low} to {MOST_PATIENTS:,}")
        _require(
            0.0 <= self.drop_out_percent < 100.0,
            "drop_out_percent",
            self.drop_out_percent,
            "0 to below 100",
        )
        _require(
            0.0 < self.alpha_fraction < 1.0,
            "alpha_fraction",
            self.alpha_fraction,
            "between 0 and 1",
        )
        _require(
            0.0 < self.follow_up_year <= 20.0,
            "follow_up_year",
            self.follow_up_year,
            "above 0, at most 20",
        )
        _require(
            100 <= self.replicates <= 1_000_000, "replicates", self.replicates, "100 to 1,000,000"
        )
        _require(0 <= self.seed < 2**63, "seed", self.seed, "0 or more, below 2^63")
        for i, arm in enumerate(self.arms):
            _require_arm(self.endpoint.kind, i, arm)
        self._require_success()

    def _require_success(self) -> None:
        single = len(self.arms) == 1
        if single != (self.bound_per_year is not None):
            wanted = "one for a single arm and a rate, none when arms are compared"
            raise InputError("bound_per_year", self.bound_per_year, wanted)
        if single and self.endpoint.kind != "rate":
            raise InputError("kind", self.endpoint.kind, "rate: a single arm is held to a bound")


def _require(holds: bool, field: str, value: object, allowed: str) -> None:
    if not holds:
        raise InputError(field, value, allowed)


_FITS: Mapping[str, tuple[str, ...]] = {
    "share": ("share_percent", "odds_ratio", "published_arm", "relation"),
    "rate": ("rate_per_year", "rate_ratio", "published_arm", "relation"),
}


def _require_arm(kind: str, i: int, arm: DesignArm) -> None:
    where = f"arm {arm.name!r}"
    way = arm.way
    _require(way in _FITS[kind], where, way, f"for a {kind}: {', '.join(_FITS[kind])}")
    _require(
        i > 0 or way not in ("odds_ratio", "rate_ratio"),
        where,
        way,
        "not in the first arm: there is nothing to compare it with",
    )
    _require(0.01 <= arm.allocation <= 100.0, where, arm.allocation, "an allocation of 0.01 to 100")
    for name in (field.name for field in fields(arm) if field.name.endswith("_low")):
        _require_interval(where, arm, name.removesuffix("_low"))
    for name in ("odds_ratio", "rate_ratio", "dose_g_per_kg", "trough_g_per_L"):
        value = getattr(arm, name)
        _require(value is None or 0.0 < value < 1e6, where, value, f"a {name} above 0")
    share, rate = arm.share_percent, arm.rate_per_year
    _require(share is None or 0.0 < share < 100.0, where, share, "a share above 0 and below 100 %")
    _require(rate is None or 0.0 < rate <= 365.0, where, rate, "a rate above 0, at most 365 a year")


def _require_interval(where: str, arm: DesignArm, name: str) -> None:
    value, low, high = (
        cast(float | None, getattr(arm, name + end)) for end in ("", "_low", "_high")
    )
    if low is None and high is None:
        return
    top = 100.0 if name == "share_percent" else float("inf")
    if low is None or high is None or value is None or not 0.0 < low <= value <= high < top:
        raise InputError(where, (low, value, high), f"{name} between its _low and _high, all given")
