"""Intervals: of a proportion from counts, and of a relation at a predicted trough or a dose.

Two sources of uncertainty are combined as independent: each is laid out as equally probable
points of a normal distribution whose halves match its printed interval (on the log scale for
ratios, on the logit scale for proportions), the relation is evaluated at every pair, and the
interval holds the central 90 % of the results. The centre is the relation at the two centres.
"""

from collections.abc import Callable
from math import exp, log, log2, sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from ivig.cited import Interval
from ivig.outcome.relation import DoseSlope, TroughSlope
from ivig.pk.quantile import quantiles

LEVEL = 0.9
_POINTS = 41


def wilson_interval(events: int, n: int, level: float = 0.95) -> Interval:
    """A proportion with its Wilson score interval, as fractions.

    References
    ----------
    .. [wilson-1927] doi:10.1080/01621459.1927.10502953

    >>> p = wilson_interval(37, 47)
    >>> round(p.low, 3), round(p.median, 3), round(p.high, 3)
    (0.651, 0.787, 0.88)
    """
    z = NormalDist().inv_cdf((1 + level) / 2)
    p = events / n
    centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return Interval(
        median=p, low=max(0.0, centre - half), high=min(1.0, centre + half), level=level
    )


def at_trough(slope: TroughSlope, trough_g_per_L: Interval) -> Interval:
    """The rate per year, or the ratio to the rate at ``at_g_per_L``, at a predicted trough.

    Flat outside the range the relation was found in: it is never extrapolated. A slope without a
    printed interval counts as certain, so the interval then holds the trough's alone.
    """
    centre = log(slope.ratio_per_g_per_L)
    low = centre if slope.ratio_low is None else log(slope.ratio_low)
    high = centre if slope.ratio_high is None else log(slope.ratio_high)
    slopes = _points(Interval(median=centre, low=low, high=high, level=slope.level))
    bounds = (slope.valid_low_g_per_L, slope.valid_high_g_per_L)
    troughs = np.clip(_points(trough_g_per_L), *bounds)
    scale = 1.0 if slope.rate_at_per_year is None else slope.rate_at_per_year
    values = scale * np.exp(np.outer(slopes, troughs - slope.at_g_per_L))
    at = min(max(trough_g_per_L.median, bounds[0]), bounds[1])
    return _central(values, scale * exp(centre * (at - slope.at_g_per_L)))


def at_dose(slope: DoseSlope, dose_g_per_kg: float) -> Interval:
    """The percentage that responds at a dose inside the range of the trial."""
    doublings = log2(dose_g_per_kg / slope.at_g_per_kg)
    level = _scaled(slope.responding_percent, _logit)
    ratio = _scaled(slope.odds_ratio_per_doubling, log)
    logits = np.add.outer(_points(level), doublings * _points(ratio))
    percents = 100.0 / (1.0 + np.exp(-logits))
    return _central(percents, 100.0 / (1.0 + exp(-level.median - doublings * ratio.median)))


def _scaled(interval: Interval, scale: Callable[[float], float]) -> Interval:
    return Interval(
        median=scale(interval.median),
        low=scale(interval.low),
        high=scale(interval.high),
        level=interval.level,
    )


def _logit(percent: float) -> float:
    return log(percent / (100.0 - percent))


def _points(interval: Interval) -> NDArray[np.float64]:
    """Equally probable points of the two-piece normal with this centre and interval, (n,)."""
    normal = NormalDist()
    z = normal.inv_cdf((1 + interval.level) / 2) if interval.level > 0 else 1.0
    u = np.array([normal.inv_cdf((i + 0.5) / _POINTS) for i in range(_POINTS)])
    below, above = interval.median - interval.low, interval.high - interval.median
    return interval.median + np.where(u < 0, below, above) * u / z


def _central(values: NDArray[np.float64], centre: float) -> Interval:
    low, high = quantiles(values.ravel(), ((1 - LEVEL) / 2, (1 + LEVEL) / 2))
    return Interval(
        median=centre, low=min(float(low), centre), high=max(float(high), centre), level=LEVEL
    )
