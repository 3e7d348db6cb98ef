"""Published trials as values: design, arms, results, and what predicts an arm that did not calibrate.

A share is predicted on the logit scale and a rate on the log scale, as a sum of terms; each term is
a calibration arm (or several, pooled) times a number. Which arms calibrate was settled before any
virtual trial was run; ``role`` says it.
"""

from dataclasses import dataclass
from typing import Literal

from ivig.cited import Cited

Role = Literal["calibration", "independent", "sign only"]
Better = Literal["higher", "lower"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A printed result: counts, or a rate, or a mean of a score from 0 to 100.

    ``events`` of a rate may be a fraction when they follow from a printed interval.
    ``low_percent`` and ``high_percent`` hold a range printed without counts.
    """

    events: float | None = None
    n: int | None = None
    rate_per_year: float | None = None
    person_time_year: float | None = None
    mean_score: float | None = None
    low_percent: float | None = None
    high_percent: float | None = None

    def __post_init__(self) -> None:
        counts = self.events is not None and (self.n is not None or self.person_time_year)
        printed = (self.rate_per_year, self.mean_score, self.low_percent)
        if not counts and all(value is None for value in printed):
            raise ValueError("needs counts, a rate, a mean or a range")


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """Calibration arms, pooled, on the logit (log) scale, times a number.

    ``arms`` are written trial.arm; ``percent`` instead of them is a level printed without counts.
    """

    arms: tuple[str, ...] = ()
    percent: float | None = None
    times: float = 1.0

    def __post_init__(self) -> None:
        if bool(self.arms) == (self.percent is not None):
            raise ValueError("a term needs arms, or a percentage, and not both")


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreShare:
    """The share of a score at or above a threshold, from its mean and its share above another.

    The score runs from 0 to 100 and is taken as beta distributed.
    """

    mean_of: str
    share_of: str
    share_from_score: float
    from_score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialArm:
    """One arm at one endpoint.

    ``dose`` is in words. Calibration arms have neither ``terms`` nor ``score``: they are drawn
    from their own result. ``why`` says why an arm is not counted.
    """

    id: str
    name: str
    dose: str
    role: Role
    published: Cited[Published]
    terms: tuple[Term, ...] = ()
    score: ScoreShare | None = None
    same_patients: bool = False
    predicted_from: str | None = None
    why: str | None = None
    known_miss: str | None = None
    """Why the published result lies outside, as far as it is known; written after looking."""

    def __post_init__(self) -> None:
        predicted = bool(self.terms) or self.score is not None
        if predicted == (self.role == "calibration"):
            raise ValueError("a calibration arm is not predicted, and every other arm is")
        if self.role == "sign only" and self.why is None:
            raise ValueError("an arm of the sign alone says why in 'why'")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialEndpoint:
    """What was counted, and its arms; ``contrast`` is treated, then control."""

    id: str
    text: str
    kind: Literal["share", "rate", "mean"]
    better: Better
    arms: tuple[TrialArm, ...]
    contrast: tuple[str, str] | None = None
    printed_difference_percent: float | None = None
    """The printed difference, treated minus control, when the paper prints one."""
    bound_per_year: float | None = None
    """Registration asks that the upper one-sided 99 % limit of the rate lies below it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedTrial:
    """knowledge/trials/<id>.yaml"""

    id: str
    name: str
    also: tuple[str, ...] = ()
    indication: str
    design: Cited[str]
    drop_out: Cited[str]
    endpoints: tuple[TrialEndpoint, ...]
    caveats: tuple[str, ...] = ()

    @property
    def arms(self) -> tuple[TrialArm, ...]:
        """The arms of all endpoints, in order."""
        return tuple(arm for endpoint in self.endpoints for arm in endpoint.arms)
