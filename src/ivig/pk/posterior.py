"""The posterior of the random effects: its mode, then importance sampling round it.

The prior is N(0, ω²) for each effect, cut off where the model's published spread is unphysical.
Draws are pseudo-random with a fixed seed and come in antithetic pairs: the same input gives the
same posterior, byte for byte.

References
----------
.. [kang-2012] Importance sampling round the Laplace mode. doi:10.4196/kjpp.2012.16.2.97
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np

from ivig.errors import FitError
from ivig.pk.disposition import FloatArray
from ivig.pk.likelihood import Levels, negative_log_likelihood, score_and_information
from ivig.pk.population import Residual

ENOUGH_ESS = 400.0
STEP = 1e-4  # of η, for central differences
MAX_ITERATIONS = 60
SMALLEST_PART = 1e-4  # of a Newton step, before giving up
ROUNDING = 1e-12  # of the negative log-posterior
CLOSE = 1e-3  # of ω: the mode has been found
FREEDOM = 6.0

Method = Literal["typical", "prior", "laplace", "adapted", "prior_weighted"]
Predict = Callable[[FloatArray], FloatArray]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Levels, and what predicts them from η (n_draws, n_eta) → (n_draws, n_samples).

    ``sd`` and ``limit`` (n_eta,): ω, and the largest |η| that is admitted.
    """

    residual: Residual
    levels: Levels
    predict: Predict
    sd: FloatArray
    limit: FloatArray

    def negative_log_posterior(self, eta: FloatArray) -> FloatArray:
        """−log p(η | levels) without constants, (n_draws,); infinite beyond the limits."""
        value = negative_log_likelihood(self.residual, self.levels, self.predict(eta))
        value = value + 0.5 * ((eta / self.sd) ** 2).sum(axis=1)
        return np.where((np.abs(eta) <= self.limit).all(axis=1), value, np.inf)


@dataclass(frozen=True, slots=True, kw_only=True)
class Posterior:
    """Weighted draws (n_draws, n_eta), their mode, and how they were found."""

    mode: FloatArray
    converged: bool
    draws: FloatArray
    weights: FloatArray
    method: Method

    @property
    def ess(self) -> float:
        """Effective sample size, 1 / Σ w²."""
        return float(1.0 / (self.weights**2).sum())


def sample_posterior(problem: Problem, *, n_draws: int, seed: int) -> Posterior:
    """Draws from the posterior, by the first proposal that reaches ``ENOUGH_ESS``.

    Multivariate t round the mode; then one fitted to those draws, four times as many; then the
    prior itself, twenty times as many.

    Raises
    ------
    FitError
        None of them does.
    """
    mode, covariance, converged = find_mode(problem)
    first = _around(problem, mode, covariance, n_draws, seed)
    attempts: list[tuple[Method, _Weighted]] = [("laplace", first)]
    if first.ess < ENOUGH_ESS:
        centre, spread = _moments(first, covariance)
        attempts.append(("adapted", _around(problem, centre, spread, 4 * n_draws, seed)))
    if attempts[-1][1].ess < ENOUGH_ESS:
        attempts.append(("prior_weighted", _from_prior(problem, 20 * n_draws, seed)))
    method, found = attempts[-1]
    if found.ess < ENOUGH_ESS:
        raise FitError(
            f"the effective sample size stays at {found.ess:.0f}, below {ENOUGH_ESS:.0f}: the levels "
            "contradict the model or each other. Check their dates, units and the doses before them."
        )
    return Posterior(
        mode=mode, converged=converged, draws=found.draws, weights=found.weights, method=method
    )


def find_mode(problem: Problem) -> tuple[FloatArray, FloatArray, bool]:
    """Mode (n_eta,), covariance (n_eta, n_eta) and convergence, by Fisher scoring."""
    eta = np.zeros(problem.sd.size)
    value, gradient, information = _slopes(problem, eta)
    for _ in range(MAX_ITERATIONS):
        step = -np.linalg.solve(information, gradient)
        part = 1.0
        tried = np.clip(eta + step, -problem.limit, problem.limit)
        found = _slopes(problem, tried)
        while found[0] > value + ROUNDING * abs(value) and part > SMALLEST_PART:
            part *= 0.25
            tried = np.clip(eta + part * step, -problem.limit, problem.limit)
            found = _slopes(problem, tried)
        if part <= SMALLEST_PART:
            break
        moved = float(np.max(np.abs(tried - eta) / problem.sd))
        eta, (value, gradient, information) = tried, found
        if moved < CLOSE:
            return eta, np.linalg.inv(information).astype(np.float64), True
    return eta, np.linalg.inv(information).astype(np.float64), False


def prior_draws(sd: FloatArray, limit: FloatArray, *, n_draws: int, seed: int) -> FloatArray:
    """Draws from the prior, (n_draws, n_eta), in antithetic pairs."""
    cut = tuple(float(x) for x in limit / sd)
    return _unit_normals(n_draws, cut, seed) * sd


def _slopes(problem: Problem, eta: FloatArray) -> tuple[float, FloatArray, FloatArray]:
    """Negative log-posterior, its gradient, and its expected information."""
    n_eta = eta.size
    steps = STEP * np.eye(n_eta)
    predicted = problem.predict(np.vstack([eta[None], eta + steps, eta - steps]))
    jacobian = (predicted[1 : n_eta + 1] - predicted[n_eta + 1 :]) / (2.0 * STEP)
    score, weight = score_and_information(problem.residual, problem.levels, predicted[0])
    value = negative_log_likelihood(problem.residual, problem.levels, predicted[:1])[0]
    value += 0.5 * ((eta / problem.sd) ** 2).sum()
    gradient = jacobian @ score + eta / problem.sd**2
    information = (jacobian * weight) @ jacobian.T + np.diag(problem.sd**-2.0)
    return float(value), gradient, information


def _around(
    problem: Problem, centre: FloatArray, covariance: FloatArray, n_draws: int, seed: int
) -> "_Weighted":
    """Multivariate-t draws round a centre, weighted to the posterior."""
    normal, radius = _unit_t(n_draws, centre.size, seed)
    draws = centre + (normal / radius[:, None]) @ np.linalg.cholesky(covariance).T
    distance = (normal**2).sum(axis=1) / radius**2
    log_proposal = -0.5 * (FREEDOM + centre.size) * np.log1p(distance / FREEDOM)
    return _weigh(draws, -problem.negative_log_posterior(draws) - log_proposal)


def _from_prior(problem: Problem, n_draws: int, seed: int) -> "_Weighted":
    draws = prior_draws(problem.sd, problem.limit, n_draws=n_draws, seed=seed)
    likelihood = negative_log_likelihood(problem.residual, problem.levels, problem.predict(draws))
    return _weigh(draws, -likelihood)


def _moments(found: "_Weighted", fallback: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Centre and covariance of the draws; a wider Laplace covariance when too few count."""
    centre = found.weights @ found.draws
    if found.ess < 10 * centre.size:
        return centre, 4.0 * fallback
    off = found.draws - centre
    return centre, (off * found.weights[:, None]).T @ off + 1e-9 * fallback


@dataclass(frozen=True, slots=True)
class _Weighted:
    draws: FloatArray
    weights: FloatArray

    @property
    def ess(self) -> float:
        return float(1.0 / (self.weights**2).sum())


def _weigh(draws: FloatArray, log_weight: FloatArray) -> _Weighted:
    weight = np.exp(log_weight - log_weight.max())
    return _Weighted(draws, weight / weight.sum())


@lru_cache(maxsize=64)
def _unit_normals(n_draws: int, cut: tuple[float, ...], seed: int) -> FloatArray:
    """Standard normals cut off at ± ``cut`` column by column, second half mirrors the first."""
    random = np.random.default_rng(seed)
    half = (n_draws + 1) // 2
    columns: list[FloatArray] = []
    for limit in cut:
        kept = np.empty(0)
        while kept.size < half:
            fresh = random.standard_normal(2 * half)
            kept = np.concatenate([kept, fresh[np.abs(fresh) <= limit]])
        columns.append(kept[:half])
    drawn = np.stack(columns, axis=1) if columns else np.zeros((half, 0))
    drawn = np.concatenate([drawn, -drawn])[:n_draws]
    drawn.setflags(write=False)
    return drawn


@lru_cache(maxsize=32)
def _unit_t(n_draws: int, n_eta: int, seed: int) -> tuple[FloatArray, FloatArray]:
    """Normals (n_draws, n_eta) and radii (n_draws,): their ratio is multivariate t."""
    normal = _unit_normals(n_draws, (np.inf,) * n_eta, seed)
    half = (n_draws + 1) // 2
    chi2 = np.random.default_rng(seed + 1).chisquare(FREEDOM, half)
    radius = np.sqrt(np.concatenate([chi2, chi2])[:n_draws] / FREEDOM)
    radius.setflags(write=False)
    return normal, radius
