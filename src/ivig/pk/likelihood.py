"""How likely measured levels are, given predicted ones.

y = f + e, e ~ N(0, g²), g² = additive² + (proportional · f)²; a level below the limit contributes
the probability of lying below it. y, f, g are total IgG in g/L.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ivig.pk.disposition import FloatArray
from ivig.pk.population import Residual

HALF_LOG_2PI = 0.5 * math.log(2.0 * math.pi)
FAR_TAIL = -30.0  # below it erfc is near underflow and its asymptotic series is exact to 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class Levels:
    """Measured levels: times and values (n_samples,), and which are "less than" the value."""

    time_day: FloatArray
    igg_g_per_L: FloatArray
    below_limit: NDArray[np.bool_]


def residual_sd_g_per_L(residual: Residual, predicted: FloatArray) -> FloatArray:
    """Standard deviation of a measured level round a predicted one."""
    proportional = residual.proportional_sd_fraction * predicted
    return np.hypot(residual.additive_sd_g_per_L, proportional)


def negative_log_likelihood(
    residual: Residual, levels: Levels, predicted: FloatArray
) -> FloatArray:
    """−log p(levels | predicted), without constants.

    Parameters
    ----------
    predicted : array (n_draws, n_samples)

    Returns
    -------
    array (n_draws,)
    """
    sd = residual_sd_g_per_L(residual, predicted)
    z = (levels.igg_g_per_L - predicted) / sd
    terms = np.log(sd) + 0.5 * z * z
    below = levels.below_limit
    if below.any():
        terms[:, below] = -HALF_LOG_2PI - log_normal_cdf(z[:, below])
    return terms.sum(axis=1)


def score_and_information(
    residual: Residual, levels: Levels, predicted: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """First derivative of the negative log-likelihood in f, and its expected curvature.

    Parameters
    ----------
    predicted : array (n_samples,)

    Returns
    -------
    score, information : array (n_samples,)
    """
    variance = residual_sd_g_per_L(residual, predicted) ** 2
    slope = 2.0 * residual.proportional_sd_fraction**2 * predicted  # d variance / d f
    off = levels.igg_g_per_L - predicted
    score = 0.5 * slope / variance - off / variance - 0.5 * off**2 * slope / variance**2
    information = 1.0 / variance + 0.5 * (slope / variance) ** 2
    below = levels.below_limit
    if below.any():
        sd = np.sqrt(variance)
        z = off / sd
        hazard = np.exp(-0.5 * z * z - HALF_LOG_2PI - log_normal_cdf(z))
        z_slope = -1.0 / sd - off * slope / (2.0 * variance * sd)
        score = np.where(below, -hazard * z_slope, score)
        information = np.where(below, hazard * (hazard + z) * z_slope**2, information)
    return score, information


def log_normal_cdf(z: FloatArray) -> FloatArray:
    """log Φ(z), also far in the lower tail."""
    near = np.maximum(z, FAR_TAIL)
    body = np.log(0.5 * _erfc(-near / math.sqrt(2.0)))
    far = np.minimum(z, FAR_TAIL)
    square = far * far
    series = 1.0 - 1.0 / square + 3.0 / square**2 - 15.0 / square**3
    tail = -0.5 * square - np.log(-far) - HALF_LOG_2PI + np.log(series)
    return np.where(z < FAR_TAIL, tail, body)


def _erfc(x: FloatArray) -> FloatArray:
    return np.array([math.erfc(value) for value in x.ravel()]).reshape(x.shape)
