"""What is true in a replicate: the share or rate behind each arm, drawn from the calibration arms.

A calibration arm with events of n is Beta(events + ½, n − events + ½), one with events in patient-
years Gamma(events + ½, patient-years): Jeffreys. An arm that is predicted adds a difference between
trials, normal on its scale with a half-normal standard deviation. Nothing here samples patients,
so that the two sources of width enter a predictive interval once each.
"""

from collections.abc import Mapping

import numpy as np

from ivig.cohort.special import beta_above
from ivig.errors import KnowledgeError
from ivig.outcome.trial import Published, PublishedTrial, Term, TrialArm, TrialEndpoint
from ivig.pk.disposition import FloatArray

BETWEEN_TRIALS_SD = 0.3  # scale of the half-normal; assumed, on the logit and the log scale
JEFFREYS = 0.5
TOP_SCORE = 100.0


class Truth:
    """True values of arms, (n,) each, drawn once for an arm and then kept.

    Parameters
    ----------
    trials : mapping
        All published trials, because a prediction may use arms of several.
    """

    def __init__(
        self, trials: Mapping[str, PublishedTrial], rng: np.random.Generator, n: int
    ) -> None:
        self._trials = trials
        self._rng = rng
        self._n = n
        self._drawn: dict[tuple[str, ...], FloatArray] = {}

    def of(self, trial: PublishedTrial, endpoint: TrialEndpoint, arm: TrialArm) -> FloatArray:
        """Shares as fractions, rates per year, or mean scores."""
        if arm.role == "calibration":
            return self._calibration((f"{trial.id}.{arm.id}",))
        if arm.score is not None:
            return self._above_score(arm)
        total = sum((term.times * self._term(term, endpoint) for term in arm.terms), np.zeros(1))
        total = total + self._between_trials()
        return np.exp(total) if endpoint.kind == "rate" else _expit(total)

    def _between_trials(self) -> FloatArray:
        sd = np.abs(self._rng.normal(0.0, BETWEEN_TRIALS_SD, self._n))
        return sd * self._rng.normal(size=self._n)

    def _term(self, term: Term, endpoint: TrialEndpoint) -> FloatArray:
        if term.percent is not None:
            return np.full(self._n, _logit(np.array(term.percent / 100.0)))
        value = self._calibration(term.arms)
        return np.log(value) if endpoint.kind == "rate" else _logit(value)

    def _calibration(self, names: tuple[str, ...]) -> FloatArray:
        """Arms written trial.arm, pooled when there are several."""
        if names not in self._drawn:
            self._drawn[names] = self._draw([find_arm(self._trials, name) for name in names])
        return self._drawn[names]

    def _draw(self, arms: list[TrialArm]) -> FloatArray:
        results = [arm.published.value for arm in arms]
        if results[0].mean_score is not None:
            return self._mean_score(results[0])
        events = sum(result.events or 0.0 for result in results)
        if results[0].person_time_year is not None:
            time_year = sum(result.person_time_year or 0.0 for result in results)
            return self._rng.gamma(events + JEFFREYS, 1.0 / time_year, self._n)
        n = sum(result.n or 0 for result in results)
        return self._rng.beta(events + JEFFREYS, n - events + JEFFREYS, self._n)

    def _mean_score(self, result: Published) -> FloatArray:
        mean = np.full(self._n, result.mean_score or 0.0)
        found = self._rng.normal(mean, mean_score_se(mean, result.n or 1))
        return np.clip(found, 0.01 * TOP_SCORE, 0.99 * TOP_SCORE)

    def _above_score(self, arm: TrialArm) -> FloatArray:

        score = arm.score
        assert score is not None  # noqa: S101
        mean = self._calibration((score.mean_of,)) / TOP_SCORE
        share = self._calibration((score.share_of,))
        weight = _beta_weight(mean, share, score.share_from_score / TOP_SCORE)
        cut = score.from_score / TOP_SCORE
        return beta_above(mean * weight, (1.0 - mean) * weight, cut)


def mean_score_se(mean_score: FloatArray, n: int) -> FloatArray:
    """Standard error of the mean of a score from 0 to 100 in n patients.

    No standard deviation is printed; half the widest that a score allows is assumed, 25 in the
    middle (a score spread evenly has 29), falling to 0 at the ends.
    """
    return np.sqrt(mean_score * (TOP_SCORE - mean_score)) / 2.0 / np.sqrt(n)


def find_arm(trials: Mapping[str, PublishedTrial], name: str) -> TrialArm:
    """The calibration arm written trial.arm.

    Raises
    ------
    KnowledgeError
        No such arm, or one that does not calibrate.
    """
    trial, _, arm_id = name.partition(".")
    arms = {arm.id: arm for arm in trials[trial].arms} if trial in trials else {}
    if arm_id not in arms:
        raise KnowledgeError(f"{name!r} names no arm of a published trial", file="trials")
    if arms[arm_id].role != "calibration":
        raise KnowledgeError(f"{name!r} is no calibration arm", file="trials")
    return arms[arm_id]


def _beta_weight(mean: FloatArray, share: FloatArray, cut: float) -> FloatArray:
    """a + b of the beta distribution with this mean and this share from ``cut`` on, by bisection.

    The share rises with the weight as long as the mean lies above the cut; a pair that no beta
    distribution has is taken at the nearer end, 0.1 or 100.
    """

    low, high = np.full(mean.shape, np.log(0.1)), np.full(mean.shape, np.log(100.0))
    for _ in range(40):
        middle = (low + high) / 2.0
        weight = np.exp(middle)
        above = beta_above(mean * weight, (1.0 - mean) * weight, cut) > share
        high, low = np.where(above, middle, high), np.where(above, low, middle)
    return np.exp((low + high) / 2.0)


def _logit(share: FloatArray) -> FloatArray:
    return np.log(share / (1.0 - share))


def _expit(logit: FloatArray) -> FloatArray:
    return 1.0 / (1.0 + np.exp(-logit))
