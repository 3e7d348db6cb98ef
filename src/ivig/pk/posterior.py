"""The posterior of the random effects: its mode, then importance sampling round it.

The prior is N(0, ω²) for each effect, cut off at ± a limit where the model's published spread is
unphysical. An effect with a limit L is searched for on an unbounded scale u, η = L · tanh(u / L),
on which its posterior has no edges. Draws are pseudo-random with a fixed seed and come in
antithetic pairs: the same input gives the same posterior, byte for byte.

References
----------
.. [kang-2012] Importance sampling round the Laplace mode. doi:10.4196/kjpp.2012.16.2.97
.. [cornuet-2012] Adaptive multiple importance sampling. doi:10.1111/j.1467-9469.2011.00756.x

A proposal put where the present ones are too thin is incremental mixture importance sampling (Raftery
and Bao); one as wide as the prior bounds the weights that a forgotten mode could get.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np

from ivig.errors import FitError
from ivig.pk.disposition import FloatArray
from ivig.pk.likelihood import (
    Levels,
    negative_log_likelihood,
    residual_sd_g_per_L,
    score_and_information,
)
from ivig.pk.population import Residual

ENOUGH_ESS = 400.0  # less is an error
WANTED_ESS = 1000.0  # below it more proposals are tried; at most half the draws of one
STEP = 1e-4  # of u, for central differences
MAX_ITERATIONS = 60  # each step at most ω long: a proportional error is flat far out
SMALLEST_PART = 1e-4  # of a Newton step, before giving up
ROUNDING = 1e-12  # of the negative log-posterior
CLOSE = 1e-6  # of ω: the last step
CLOSE_ENOUGH = 1e-3  # of ω: the mode, though rounding allows no better step
NEAR = 0.3  # of ω: a step so short that the curvature hardly changes along it
FLATTEST = 0.05  # of the curvature at 0 that a cut-off prior keeps far out, so steps stay finite
FREEDOM = 6.0
ROUNDS = 24  # of proposals after the first; the hardest measured needed 13
ODD_ROUNDS = 8  # at least, where the levels contradict the model: a second mode is likely there
ODD_SD = 5.0  # of the sum of squares at the mode, above which that is so; our choice
GROSS_SD = 100.0  # of the same, above which there is no posterior; our choice
EFFECTIVE = 10.0  # draws for each effect, below which a covariance of draws is not to be trusted
RIDGE = 1e-9  # of the covariance at the mode
PRIOR_TIMES = 20

CONTRADICTED = "the levels contradict the model or each other. Check their dates, units and the doses before them."
Method = Literal["typical", "prior", "laplace", "adapted", "prior_weighted"]
Predict = Callable[[FloatArray], FloatArray]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Levels, and what predicts them from η (n_draws, n_eta) → (n_draws, n_samples).

    ``sd`` and ``limit`` (n_eta,): ω, and the largest |η| that is admitted, or infinity.
    """

    residual: Residual
    levels: Levels
    predict: Predict
    sd: FloatArray
    limit: FloatArray

    def bend(self, u: FloatArray) -> FloatArray:
        """tanh(u / L), and 0 for an effect without a limit."""
        bounded = np.isfinite(self.limit)
        return np.where(bounded, np.tanh(u / np.where(bounded, self.limit, 1.0)), 0.0)

    def eta(self, u: FloatArray) -> FloatArray:
        """Effects from their unbounded scale."""
        bounded = np.isfinite(self.limit)
        return np.where(bounded, np.where(bounded, self.limit, 1.0) * self.bend(u), u)

    def negative_log_prior(self, u: FloatArray) -> FloatArray:
        """−log p(u) without constants, (n_draws,)."""
        bend = self.bend(u)
        jacobian = np.log1p(-np.minimum(bend * bend, 1.0 - ROUNDING)).sum(axis=1)
        return 0.5 * ((self.eta(u) / self.sd) ** 2).sum(axis=1) - jacobian

    def negative_log_posterior(self, u: FloatArray) -> FloatArray:
        """−log p(u | levels) without constants, (n_draws,)."""
        return self.negative_log_prior(u) + self.misfit(self.eta(u))

    def misfit(self, eta: FloatArray) -> FloatArray:
        """−log p(levels | η), (n_draws,); infinite where nothing is predicted and no error is left."""
        predicted = self.predict(eta)
        sd = residual_sd_g_per_L(self.residual, predicted)
        impossible = ((sd == 0.0) & ~self.levels.below_limit).any(axis=1)
        with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
            found = negative_log_likelihood(self.residual, self.levels, predicted)
        return np.where(impossible, np.inf, found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Posterior:
    """Weighted draws of η (n_draws, n_eta), their mode, and how they were found."""

    mode: FloatArray
    converged: bool
    draws: FloatArray
    weights: FloatArray
    method: Method
    contradicted: bool = False
    """Whether the levels contradict the model; a second mode, far off, may then be missing."""

    @property
    def ess(self) -> float:
        """Effective sample size, 1 / Σ w²."""
        return _ess(self.weights)


def sample_posterior(problem: Problem, *, n_draws: int, seed: int) -> Posterior:
    """Draws from the posterior.

    Multivariate t round the mode. Below ``WANTED_ESS`` a growing mixture: a part as wide as the
    prior, then in turn one with the moments of the draws so far and one at the draw that weighs
    most. So too, ``ODD_ROUNDS`` times at least, where the levels contradict the model, for another
    mode may lie far off. Below ``ENOUGH_ESS`` even so, the prior itself, twenty times as many.

    Raises
    ------
    FitError
        None of them reaches it, or the levels are ``GROSS_SD`` off.
    """
    mode, covariance, converged = find_mode(problem)
    squares, n_levels = _squares(problem, mode), problem.levels.igg_g_per_L.size
    if not squares <= n_levels + GROSS_SD * np.sqrt(2.0 * n_levels):
        raise FitError(
            f"even the most probable patient is {np.sqrt(squares / n_levels):.0f} SD away on average, "
            "where 1 is usual: " + CONTRADICTED
        )
    proposals = [(mode, covariance)]
    draws, weights = _mixture(problem, proposals, n_draws, seed)
    method: Method = "laplace"
    wanted = min(WANTED_ESS, 0.5 * n_draws)
    contradicted = squares > n_levels + ODD_SD * np.sqrt(2.0 * n_levels)
    least = ODD_ROUNDS if contradicted else 0
    while len(proposals) <= (ROUNDS if _ess(weights) < wanted else least):
        method = "adapted"
        proposals.append(_next(problem, len(proposals), draws, weights, covariance))
        draws, weights = _mixture(problem, proposals, n_draws, seed)
    found = problem.eta(draws)
    if _ess(weights) < ENOUGH_ESS:
        method = "prior_weighted"
        found, weights = _from_prior(problem, PRIOR_TIMES * n_draws, seed)
    if _ess(weights) < ENOUGH_ESS:
        raise FitError(
            f"the effective sample size stays at {_ess(weights):.0f}, below {ENOUGH_ESS:.0f}: "
            + CONTRADICTED
        )
    return Posterior(
        mode=problem.eta(mode),
        converged=converged,
        draws=found,
        weights=weights,
        method=method,
        contradicted=bool(contradicted),
    )


def find_mode(problem: Problem) -> tuple[FloatArray, FloatArray, bool]:
    """Mode (n_eta,), covariance (n_eta, n_eta) and convergence on the scale u.

    By Fisher scoring; near the mode the curvature is corrected by what the gradient did (BFGS), for
    the expected one alone may lead there only slowly.
    """
    u = np.zeros(problem.sd.size)
    value, gradient, information = _slopes(problem, u)
    curvature, length, converged = information, np.inf, False
    for _ in range(MAX_ITERATIONS):
        step = -np.linalg.solve(curvature, gradient).astype(np.float64)
        step = step / max(1.0, float(np.max(np.abs(step) / problem.sd)))
        part = 1.0
        found = _slopes(problem, u + step)
        while not found[0] <= value + ROUNDING * (1.0 + abs(value)) and part > SMALLEST_PART:
            part *= 0.25
            found = _slopes(problem, u + part * step)
        if part <= SMALLEST_PART:
            break
        moved, change = part * step, found[1] - gradient
        u, (value, gradient, information) = u + moved, found
        length = float(np.max(np.abs(moved) / problem.sd))
        if length < CLOSE:
            converged = True
            break
        curvature = _corrected(curvature, moved, change) if length < NEAR else information
    return u, np.linalg.inv(information).astype(np.float64), converged or length < CLOSE_ENOUGH


def _corrected(curvature: FloatArray, moved: FloatArray, change: FloatArray) -> FloatArray:
    """The curvature that explains how the gradient changed over a step (BFGS)."""
    along = float(moved @ change)
    if along <= 0.0:
        return curvature
    bent = curvature @ moved
    return curvature + np.outer(change, change) / along - np.outer(bent, bent) / float(moved @ bent)


def prior_draws(sd: FloatArray, limit: FloatArray, *, n_draws: int, seed: int) -> FloatArray:
    """Draws of η from the prior, (n_draws, n_eta), in antithetic pairs."""
    cut = tuple(float(x) for x in limit / sd)
    return _unit_normals(n_draws, cut, seed) * sd


def _slopes(problem: Problem, u: FloatArray) -> tuple[float, FloatArray, FloatArray]:
    """Negative log-posterior, its gradient, and its expected information."""
    n_eta = u.size
    steps = STEP * np.eye(n_eta)
    predicted = problem.predict(problem.eta(np.vstack([u[None], u + steps, u - steps])))
    jacobian = (predicted[1 : n_eta + 1] - predicted[n_eta + 1 :]) / (2.0 * STEP)
    score, weight = score_and_information(problem.residual, problem.levels, predicted[0])
    value = negative_log_likelihood(problem.residual, problem.levels, predicted[:1])
    value = value + problem.negative_log_prior(u[None])
    bend = problem.bend(u)
    slope = 1.0 - bend * bend
    gradient = (
        jacobian @ score + problem.eta(u) / problem.sd**2 * slope + 2.0 * bend / problem.limit
    )
    curvature = slope**2 / problem.sd**2 + 2.0 * np.maximum(slope, FLATTEST) / problem.limit**2
    information = (jacobian * weight) @ jacobian.T + np.diag(curvature)
    return float(value[0]), gradient, information


def _mixture(
    problem: Problem, proposals: Sequence[tuple[FloatArray, FloatArray]], n_draws: int, seed: int
) -> tuple[FloatArray, FloatArray]:
    """Draws of u from an equal mixture of multivariate t, weighted to the posterior."""
    parts: list[FloatArray] = []
    roots = [np.linalg.cholesky(covariance) for _, covariance in proposals]
    for k, ((centre, _), root) in enumerate(zip(proposals, roots, strict=True)):
        parts.append(centre + unit_t(n_draws, centre.size, seed + 10 * k) @ root.T)
    draws = np.concatenate(parts)
    density = np.zeros(draws.shape[0])
    for (centre, _), root in zip(proposals, roots, strict=True):
        away = np.linalg.solve(root, (draws - centre).T)
        distance = (away * away).sum(axis=0)
        scale = np.prod(np.diag(root))
        density += (1.0 + distance / FREEDOM) ** (-0.5 * (FREEDOM + centre.size)) / scale
    return draws, _normalised(-problem.negative_log_posterior(draws) - np.log(density))


def _squares(problem: Problem, mode: FloatArray) -> float:
    """Σ η²/ω² + Σ (y − f)²/g²; a level below the limit counts where the predicted one is above."""
    eta, levels = problem.eta(mode[None]), problem.levels
    predicted = problem.predict(eta)[0]
    sd = residual_sd_g_per_L(problem.residual, predicted)
    with np.errstate(divide="ignore", invalid="ignore"):
        away: FloatArray = (levels.igg_g_per_L - predicted) / sd
    away[levels.below_limit] = np.minimum(away[levels.below_limit], 0.0)
    return float(((eta[0] / problem.sd) ** 2).sum() + (away**2).sum())


def _next(
    problem: Problem, turn: int, draws: FloatArray, weights: FloatArray, at_mode: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Centre and covariance of the proposal of a turn, from 1."""
    n_eta = draws.shape[1]
    if turn == 1:
        wide = np.where(np.isfinite(problem.limit), problem.limit, problem.sd)
        return np.zeros_like(problem.sd), np.diag(wide * wide).astype(np.float64)
    if turn % 2 == 0 and _ess(weights) >= EFFECTIVE * n_eta:
        centre = weights @ draws
        off = draws - centre
        return centre, (off * weights[:, None]).T @ off + RIDGE * at_mode
    heaviest = draws[np.argmax(weights)]
    _, _, information = _slopes(problem, heaviest)
    return heaviest, np.linalg.inv(information).astype(np.float64)


def _from_prior(problem: Problem, n_draws: int, seed: int) -> tuple[FloatArray, FloatArray]:
    draws = prior_draws(problem.sd, problem.limit, n_draws=n_draws, seed=seed)
    return draws, _normalised(-problem.misfit(draws))


def _normalised(log_weight: FloatArray) -> FloatArray:
    weight = np.exp(log_weight - log_weight.max())
    return weight / weight.sum()


def _ess(weights: FloatArray) -> float:
    return float(1.0 / (weights**2).sum())


@lru_cache(maxsize=64)
def _unit_normals(n_draws: int, cut: tuple[float, ...], seed: int) -> FloatArray:
    """Standard normals cut off at ± ``cut`` column by column; the second half mirrors the first."""
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
def unit_t(n_draws: int, n_eta: int, seed: int) -> FloatArray:
    """Multivariate t draws of unit scale, (n_draws, n_eta), in antithetic pairs."""
    normal = _unit_normals(n_draws, (np.inf,) * n_eta, seed)
    half = (n_draws + 1) // 2
    chi2 = np.random.default_rng(seed + 1).chisquare(FREEDOM, half)
    radius = np.sqrt(np.concatenate([chi2, chi2])[:n_draws] / FREEDOM)
    drawn = normal / radius[:, None]
    drawn.setflags(write=False)
    return drawn
