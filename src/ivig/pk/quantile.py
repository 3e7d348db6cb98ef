"""Weighted quantiles and resampling of posterior draws."""

import numpy as np
from numpy.typing import NDArray

from ivig.cited import Interval
from ivig.pk.disposition import FloatArray

LEVEL = 0.9


def weighted_quantiles(
    values: FloatArray, weights: FloatArray, probabilities: tuple[float, ...]
) -> tuple[float, ...]:
    """Quantiles of weighted draws, linear between the midpoints of their weights.

    Parameters
    ----------
    values, weights : array (n_draws,)
        Weights are non-negative and sum to 1.
    """
    order = np.argsort(values)
    sorted_weights = weights[order]
    midpoints = np.cumsum(sorted_weights) - 0.5 * sorted_weights
    found = np.interp(probabilities, midpoints, values[order])
    return tuple(float(value) for value in found)


def quantiles(values: FloatArray, probabilities: tuple[float, ...]) -> list[FloatArray]:
    """Quantiles along the first axis, linear between order statistics.

    As ``numpy.quantile``, which would import the whole of ``numpy.ma``: half a cold start.

    Parameters
    ----------
    values : array (n_draws, ...)

    Returns
    -------
    list of array (...), one for each probability
    """
    ordered = np.sort(values, axis=0)
    last = ordered.shape[0] - 1
    found: list[FloatArray] = []
    for probability in probabilities:
        below = min(int(probability * last), max(last - 1, 0))
        share = probability * last - below
        above = min(below + 1, last)
        found.append(ordered[below] * (1.0 - share) + ordered[above] * share)
    return found


def interval(values: FloatArray, weights: FloatArray, level: float = LEVEL) -> Interval:
    """Median and central interval; a single draw has no interval, and says so by level 0."""
    if values.size == 1:
        value = float(values[0])
        return Interval(median=value, low=value, high=value, level=0.0)
    tail = (1.0 - level) / 2.0
    low, median, high = weighted_quantiles(values, weights, (tail, 0.5, 1.0 - tail))
    return Interval(median=median, low=low, high=high, level=level)


def resample(weights: FloatArray, n: int) -> NDArray[np.intp]:
    """Indices of ``n`` equally weighted draws, systematically and without chance.

    Draw i appears ⌊n·wᵢ⌋ or ⌈n·wᵢ⌉ times.
    """
    ends: FloatArray = np.cumsum(weights)
    ticks = (np.arange(n, dtype=np.float64) + 0.5) / n * float(ends[-1])
    found: NDArray[np.intp] = np.searchsorted(ends, ticks)
    return np.minimum(found, weights.size - 1)
