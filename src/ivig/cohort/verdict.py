"""The simulated results of an arm or a trial against the published one."""

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

import numpy as np

from ivig.cited import Basis, Interval
from ivig.cohort.special import poisson_upper
from ivig.outcome.trial import Better, Published, Role, TrialArm, TrialEndpoint
from ivig.pk.disposition import FloatArray

LEVEL = 0.9
SIGNIFICANT = 0.05
SAME = 1e-9  # a percentage from counts may differ in the last bit


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmResult:
    """One arm: the published result and where a repeated trial would have it.

    Percentages, rates per year, or mean scores, as ``unit`` says.
    """

    id: str
    name: str
    dose: str
    endpoint: str
    unit: str
    n: int | None
    role: Role
    same_patients: bool
    basis: Basis
    source: str | None
    published: Interval
    """Level 0 when one number is published; else the printed range."""
    predicted: Interval
    inside: bool
    bound_met_fraction: float | None
    """Of the repeated trials, those whose upper 99 % limit lies below the registration bound."""
    predicted_from: str | None
    why: str | None
    known_miss: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContrastResult:
    """The trial's result: treated minus control, and how often it would be significant."""

    endpoint: str
    treated: str
    control: str
    unit: str
    published: float | None
    predicted: Interval
    inside: bool | None
    significant_fraction: float | None
    """Of the repeated trials, two-sided p below 0.05 in favour of treatment; None: no counts."""

    @property
    def in_words(self) -> str:
        """Treated against control."""
        return f"{self.treated} minus {self.control}"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialResult:
    """A repeated trial."""

    id: str
    name: str
    n_replicates: int
    seed: int
    arms: tuple[ArmResult, ...]
    contrasts: tuple[ContrastResult, ...]


def judge_arm(endpoint: TrialEndpoint, arm: TrialArm, results: FloatArray) -> ArmResult:
    """The published result against the 5th to 95th percentile of the repeated ones, ends included."""
    published = printed(arm.published.value)
    predicted = central(results)
    low, high = predicted.low - SAME, predicted.high + SAME
    return ArmResult(
        id=arm.id,
        name=arm.name,
        dose=arm.dose,
        endpoint=endpoint.text,
        unit=_UNITS[endpoint.kind],
        n=arm.published.value.n,
        role=arm.role,
        same_patients=arm.same_patients,
        basis=arm.published.basis,
        source=arm.published.source,
        published=published,
        predicted=predicted,
        inside=low <= published.high and published.low <= high,
        bound_met_fraction=_bound_met(endpoint, arm.published.value, results),
        predicted_from=arm.predicted_from,
        why=arm.why,
        known_miss=arm.known_miss,
    )


def _bound_met(
    endpoint: TrialEndpoint, result: Published, rates_per_year: FloatArray
) -> float | None:
    bound, time_year = endpoint.bound_per_year, result.person_time_year
    if bound is None or time_year is None:
        return None
    events = np.rint(rates_per_year * time_year).astype(int).tolist()
    return float(np.mean([poisson_upper(one, 0.99) / time_year < bound for one in events]))


_UNITS = {"share": "%", "rate": "per patient-year", "mean": "points"}


def printed(result: Published) -> Interval:
    """The published result as one number (level 0), or as its printed range (level 1)."""
    if result.low_percent is not None and result.high_percent is not None:
        low, high = result.low_percent, result.high_percent
        return Interval(median=(low + high) / 2.0, low=low, high=high, level=1.0)
    value = result.mean_score if result.rate_per_year is None else result.rate_per_year
    if value is None:
        value = 100.0 * (result.events or 0.0) / (result.n or 1)
    return Interval(median=value, low=value, high=value, level=0.0)


def judge_contrast(endpoint: TrialEndpoint, results: dict[str, FloatArray]) -> ContrastResult:
    """Treated minus control, against the published difference."""
    arms = {arm.id: arm for arm in endpoint.arms}
    treated, control = (arms[name] for name in endpoint.contrast or ())
    found = results[treated.id] - results[control.id]
    published = endpoint.printed_difference_percent
    if published is None:
        a, b = printed(treated.published.value), printed(control.published.value)
        published = a.median - b.median
    predicted = central(found)
    sizes = (treated.published.value.n, control.published.value.n)
    fraction = None
    if endpoint.kind == "share" and sizes[0] is not None and sizes[1] is not None:
        fraction = _significant(
            results[treated.id], results[control.id], sizes[0], sizes[1], endpoint.better
        )
    return ContrastResult(
        endpoint=endpoint.text,
        treated=treated.name,
        control=control.name,
        unit="percentage points" if endpoint.kind == "share" else _UNITS[endpoint.kind],
        published=published,
        predicted=predicted,
        inside=predicted.low - SAME <= published <= predicted.high + SAME,
        significant_fraction=fraction,
    )


def _significant(
    treated_percent: FloatArray, control_percent: FloatArray, n: int, m: int, better: Better
) -> float:
    z = share_z(treated_percent / 100.0, control_percent / 100.0, n, m)
    limit = NormalDist().inv_cdf(1.0 - SIGNIFICANT / 2.0)
    return float(np.mean(z > limit if better == "higher" else z < -limit))


def share_z(
    treated: FloatArray, control: FloatArray, n: FloatArray | int, m: FloatArray | int
) -> FloatArray:
    """z of two shares with their pooled variance; 0 when all or none have the event."""
    pooled = (treated * n + control * m) / (n + m)
    variance = pooled * (1.0 - pooled) * (1.0 / n + 1.0 / m)
    safe = np.where(variance > 0.0, variance, 1.0)
    return np.where(variance > 0.0, (treated - control) / np.sqrt(safe), 0.0)


def central(results: FloatArray) -> Interval:
    """Median and central interval of simulated results: order statistics, never between two."""
    ordered = np.sort(results)
    tail = (1.0 - LEVEL) / 2.0
    last = ordered.size - 1
    low = ordered[int(np.floor(tail * last))]
    high = ordered[int(np.ceil((1.0 - tail) * last))]
    median = ordered[round(0.5 * last)]
    return Interval(median=float(median), low=float(low), high=float(high), level=LEVEL)


def monte_carlo_se(fraction: float, n: int) -> float:
    """Standard error of a simulated fraction.

    >>> round(monte_carlo_se(0.8, 1000), 4)
    0.0126
    """
    return sqrt(fraction * (1.0 - fraction) / n)
