"""The arithmetic behind the checks of relations."""

from collections.abc import Sequence
from math import exp, log, log2, sqrt

import numpy as np

from ivig.cohort.special import poisson_upper

ETHNIC_PERCENT = (33.3, 21.2, 18.9, 9.7)
"""Resistance by ethnic group in the study of nine countries (kd_resistance_nine_countries)."""


def wald_odds(a: tuple[int, int], b: tuple[int, int]) -> tuple[float, float, float]:
    """Odds ratio of (events, n) a against b with its 95 % Wald interval."""
    cells = (a[0], a[1] - a[0], b[0], b[1] - b[0])
    centre = log(cells[0] * cells[3] / (cells[1] * cells[2]))
    half = 1.959963984540054 * sqrt(sum(1 / cell for cell in cells))
    return exp(centre), exp(centre - half), exp(centre + half)


def logistic_slope(arms: Sequence[tuple[float, int, int]]) -> float:
    """Slope of logit share on log2 dose by maximum likelihood (Newton), arms of (dose, events, n)."""
    x = np.array([[1.0, log2(dose)] for dose, _, _ in arms])
    events = np.array([float(e) for _, e, _ in arms])
    n = np.array([float(m) for _, _, m in arms])
    beta = np.zeros(2)
    for _ in range(50):
        share = 1.0 / (1.0 + np.exp(-x @ beta))
        information = x.T @ (x * (n * share * (1.0 - share))[:, None])
        beta = beta + np.linalg.solve(information, x.T @ (events - n * share))
    return float(beta[1])


def poisson_upper_limit(events: int) -> float:
    """Upper one-sided 99 % limit of a count."""
    return poisson_upper(events, 0.99)


def resistance_band(
    counts: tuple[int, int], n: int, rng: np.random.Generator
) -> tuple[float, float, float]:
    """Median and 90 % of the resistance seen in n children of another population, in percent.

    The populations differ as the ethnic groups of the study did, normal on the logit scale.
    """
    logits = [log(p / (100.0 - p)) for p in ETHNIC_PERCENT]
    spread = float(np.std(logits, ddof=1))
    share = rng.beta(counts[0] + 0.5, counts[1] - counts[0] + 0.5, 4000)
    logit = np.log(share / (1.0 - share)) + spread * rng.normal(size=share.size)
    seen = 100.0 * rng.binomial(n, 1.0 / (1.0 + np.exp(-logit))) / n
    low, middle, high = (float(v) for v in np.quantile(seen, (0.05, 0.5, 0.95)))
    return middle, low, high
