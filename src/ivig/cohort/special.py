"""Two special functions: the beta distribution's upper tail and the exact limit of a Poisson count.

numpy has neither; both are held against another implementation in the tests.
"""

from functools import cache
from math import exp, lgamma, log

import numpy as np

from ivig.pk.disposition import FloatArray

_TINY = 1e-30
_STEPS = 300
_CLOSE = 1e-12


def beta_above(a: FloatArray, b: FloatArray, cut: float) -> FloatArray:
    """P(X ≥ cut) of Beta(a, b), (n,), by Lentz's continued fraction.

    References
    ----------
    .. [dlmf] NIST Digital Library of Mathematical Functions, 8.17.22.
    """
    swap = cut > (a + 1.0) / (a + b + 2.0)
    p, q = np.where(swap, b, a), np.where(swap, a, b)
    x = np.where(swap, 1.0 - cut, cut)
    front = np.exp(_lgamma(a + b) - _lgamma(a) - _lgamma(b) + p * np.log(x) + q * np.log1p(-x)) / p
    below = front * _fraction(p, q, x)
    return np.where(swap, below, 1.0 - below)


def _fraction(p: FloatArray, q: FloatArray, x: FloatArray) -> FloatArray:
    c = np.ones_like(x)
    d = 1.0 / _away(1.0 - (p + q) * x / (p + 1.0))
    found = d
    for m in range(1, _STEPS):
        even = m * (q - m) * x / ((p + 2 * m - 1.0) * (p + 2 * m))
        odd = -(p + m) * (p + q + m) * x / ((p + 2 * m) * (p + 2 * m + 1.0))
        step = np.ones_like(x)
        for term in (even, odd):
            d = 1.0 / _away(1.0 + term * d)
            c = _away(1.0 + term / c)
            step = step * c * d
        found = found * step
        if float(np.max(np.abs(step - 1.0))) < _CLOSE:
            break
    return found


def _away(value: FloatArray) -> FloatArray:
    return np.where(np.abs(value) < _TINY, _TINY, value)


def _lgamma(value: FloatArray) -> FloatArray:
    return np.array([lgamma(one) for one in value.tolist()])


@cache
def poisson_upper(events: int, level: float) -> float:
    """Upper one-sided exact limit of the mean of a Poisson count, by bisection.

    >>> round(poisson_upper(0, 0.99), 3), round(poisson_upper(2, 0.99), 3)
    (4.605, 8.406)
    """
    low, high = float(events), events + 20.0 + 8.0 * events**0.5
    for _ in range(80):
        mean = (low + high) / 2.0
        if _at_most(events, mean) > 1.0 - level:
            low = mean
        else:
            high = mean
    return (low + high) / 2.0


def _at_most(events: int, mean: float) -> float:
    if mean <= 0.0:
        return 1.0
    return sum(exp(i * log(mean) - mean - lgamma(i + 1.0)) for i in range(events + 1))
