"""knowledge/mechanisms/validation/<group>.yaml: what was observed, and what is admitted."""

from dataclasses import dataclass
from typing import Literal

from ivig.cited import Cited

Role = Literal["calibration", "independent", "sign only"]
Rule = Literal["number", "mean", "range", "counts", "median", "time", "sign", "predictive"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """What a study printed."""

    name: str
    printed: str | None = None
    spread: str | None = None
    unit: str | None = None
    condition: str | None = None
    n: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Admitted:
    """One number asked of the model and the limits of a pass; None: no limit on that side."""

    name: str
    published: str | None = None
    low: float | None = None
    high: float | None = None
    unit: str
    rule: Rule

    def __post_init__(self) -> None:
        if self.low is None and self.high is None:
            raise ValueError("low, high or both")

    def admits(self, value: float) -> bool:
        """Whether a predicted value passes; one that is no number never does."""
        above = self.low is None or value >= self.low
        below = self.high is None or value <= self.high
        return value == value and above and below


@dataclass(frozen=True, slots=True, kw_only=True)
class MechanismRow:
    """One observation; without ``quantities`` it cannot be predicted, and ``why_none`` says why."""

    id: str
    role: Role
    measured: Cited[Observed]
    quantities: tuple[Admitted, ...] = ()
    reservation: str | None = None
    """Why agreement says less than it seems."""
    why_none: str | None = None
    corrected: str | None = None
    """A mistake in the tolerance that was mended after it was set, and when."""

    def __post_init__(self) -> None:
        if bool(self.quantities) == (self.why_none is not None):
            raise ValueError("either quantities or why_none")


@dataclass(frozen=True, slots=True, kw_only=True)
class MechanismRows:
    """The rows of one mechanism, and when their tolerances were set."""

    id: str
    tolerances_set: str
    rows: tuple[MechanismRow, ...]
