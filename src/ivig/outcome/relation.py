"""Published relations between treatment and outcome, as values, and what they predict."""

from dataclasses import dataclass
from typing import Literal

from ivig.cited import Citation, Cited, Interval
from ivig.criterion import Test
from ivig.indication import Phase
from ivig.patient import Route

Form = Literal[
    "log_linear_rate",
    "proportion",
    "odds_ratio",
    "rate_ratio",
    "rate",
    "ratio",
    "difference",
    "time",
    "quote",
]
Strength = Literal["model", "quote"]
Role = Literal["patient", "comparator", "detail"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """One published number with its interval, or the counts it comes from.

    Counts (``events`` of ``n``) are preferred: the interval is then computed (Wilson, 95 %).
    The first estimate that holds for the patient is the patient's; one without a condition
    holds for everybody whom no earlier one took.
    """

    label: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    level: float = 0.95
    events: int | None = None
    n: int | None = None
    per: int = 100
    """Counts are told per so many: 100 is a percentage, else ``unit`` says of what."""
    unit: str | None = None
    when: Test | None = None
    provided: str | None = None
    """``when`` in words, for a patient of whom it is not known: "there is migraine"."""
    first_infusion: bool | None = None
    role: Role = "patient"
    """*comparator* and *detail* are never the patient's own number; a detail is told apart."""

    def __post_init__(self) -> None:
        if (self.events is None) != (self.n is None):
            raise ValueError("events and n go together")
        if self.per != 100 and self.unit is None:
            raise ValueError("'per' other than 100 needs a unit, e.g. per 10,000 administrations")
        if self.n is not None and not 0 <= (self.events or 0) <= self.n != 0:
            raise ValueError("events must lie between 0 and n, and n must not be 0")
        if (self.low is None) != (self.high is None):
            raise ValueError("low and high go together")
        if self.when is not None and self.provided is None:
            raise ValueError("'when' needs its words in 'provided'")


@dataclass(frozen=True, slots=True, kw_only=True)
class TroughSlope:
    """rate(trough) = rate_at · ratio_per_g_per_L ^ (trough − at), flat outside [low, high].

    ``rate_at_per_year`` None: only a ratio to the rate at ``at_g_per_L`` is known.
    ``ratio_low``, ``ratio_high`` None: the source prints no interval.
    """

    at_g_per_L: float
    rate_at_per_year: float | None = None
    ratio_per_g_per_L: float
    ratio_low: float | None = None
    ratio_high: float | None = None
    level: float = 0.95
    valid_low_g_per_L: float
    valid_high_g_per_L: float
    flat_above: bool = False
    """The source itself finds no further change above ``valid_high_g_per_L``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseSlope:
    """logit p(dose) = logit p_at + ln(odds ratio) · log2(dose / at); computed inside [low, high] only.

    ``at_g_per_kg`` is where the two estimates are uncorrelated, so that they combine as independent.
    """

    phase: Phase
    at_g_per_kg: float
    responding_percent: Interval
    """At that dose."""
    odds_ratio_per_doubling: Interval
    valid_low_g_per_kg: float
    valid_high_g_per_kg: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """knowledge/outcomes/<id>.yaml

    ``strength``: *model* is good enough to compute from inside its range; *quote* is only quoted.
    ``kind`` *exposure* relates dose or route to a level; it is kept for checking, not shown.
    """

    id: str
    name: str
    kind: Literal["benefit", "harm", "exposure"]
    form: Form
    strength: Strength
    indications: tuple[str, ...]
    """Ids it applies to; an empty tuple means every indication."""
    routes: tuple[Route, ...] = ()
    when: Test | None = None
    provided: str | None = None
    """``when`` in words, for a patient of whom it is not known."""
    dose_at_least_g_per_kg: float | None = None
    """Total of one administration, or of one course."""
    population: str
    outcome: str
    says: str
    """One plain sentence of what the relation says."""
    estimates: tuple[Cited[Estimate], ...] = ()
    trough_slope: Cited[TroughSlope] | None = None
    dose_slope: Cited[DoseSlope] | None = None
    caveats: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.when is not None and self.provided is None:
            raise ValueError("'when' needs its words in 'provided'")
        if not (self.estimates or self.trough_slope or self.dose_slope):
            raise ValueError("a relation needs an estimate or a slope, so that it cites something")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one relation says about this patient.

    ``value`` is None when the relation is only quoted, when it prints no interval, or when it is
    not known whether the patient belongs to those it speaks of (the text then says "If …").
    """

    id: str
    name: str
    kind: Literal["benefit", "harm"]
    text: str
    details: tuple[str, ...]
    """Further numbers of the same relation."""
    value: Interval | None
    unit: str
    population: str
    caveats: tuple[str, ...]
    strength: Strength
    citations: tuple[Citation, ...]
    references: tuple[int, ...] = ()
    """The numbers of the sources in a plan's list; given when the plan is put together."""
