"""Published relations between treatment and outcome, as values."""

from dataclasses import dataclass
from typing import Literal

from ivig.cited import Cited
from ivig.criterion import Test

Form = Literal[
    "log_linear_rate", "proportion", "odds_ratio", "rate_ratio", "rate", "difference", "quote"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """One published number with its interval, or the counts it comes from.

    Counts (``events`` of ``n``) are preferred: the interval is then computed (Wilson, 95 %).
    """

    label: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    level: float = 0.95
    events: int | None = None
    n: int | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TroughSlope:
    """rate(trough) = rate_at · ratio_per_g_per_L ^ (trough − at), flat outside [low, high].

    ``rate_at`` None: only a ratio to the rate at ``at_g_per_L`` is known.
    """

    at_g_per_L: float
    rate_at_per_year: float | None
    ratio_per_g_per_L: float
    ratio_low: float
    ratio_high: float
    level: float = 0.95
    valid_low_g_per_L: float
    valid_high_g_per_L: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """knowledge/outcomes/<id>.yaml

    ``strength``: *model* is good enough to compute from inside its range; *quote* is only quoted.
    """

    id: str
    name: str
    kind: Literal["benefit", "harm"]
    form: Form
    strength: Literal["model", "quote"]
    indications: tuple[str, ...]
    """Ids it applies to; an empty tuple means every indication."""
    routes: tuple[Literal["iv", "sc", "fsc"], ...] = ()
    when: Test | None = None
    population: str
    outcome: str
    says: str
    """One plain sentence of what the relation says."""
    estimates: tuple[Cited[Estimate], ...] = ()
    trough_slope: Cited[TroughSlope] | None = None
    caveats: tuple[str, ...] = ()
