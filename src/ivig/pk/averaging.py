"""Several published models side by side, weighted by how well they foretold a patient's levels.

The weight of a model is its marginal likelihood, the density it gave these levels before it saw
them, over the sum of all; before the levels all models count alike. A weight compares the models
at hand. It is not the probability that a model is true.

The marginal likelihood comes from the weighted draws of the importance sampler by Geweke's
reciprocal estimator: a normal density fitted to the draws and cut off at their middle nine tenths
stays below the posterior, so its ratio to it is bounded.

References
----------
.. [geweke-1999] Econometric Reviews 1999;18:1-73. doi:10.1080/07474939908800428
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import erf, exp, gamma, inf, log, pi, sqrt

import numpy as np

from ivig.cited import Interval
from ivig.patient import Sample
from ivig.pk.disposition import FloatArray
from ivig.pk.individualise import IndividualFit
from ivig.pk.likelihood import HALF_LOG_2PI, Levels, negative_log_likelihood
from ivig.pk.parameters import log_sd
from ivig.pk.population import PopulationModel
from ivig.pk.quantile import interval, weighted_quantiles

KEPT = 0.9  # of the draws lie inside the cut-off
EDGE = 1.0 - 1e-12

MEANING = (
    "A weight says how well a model foretold these levels compared with the other models shown "
    "(marginal likelihood; before the levels all count alike). It is not the probability that the "
    "model is true."
)
EQUAL = "There are no levels to weigh the models by: they count alike."


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelWeight:
    """One model in an average; ``weight_error_fraction`` is the Monte Carlo error of its weight."""

    model_id: str
    weight_fraction: float
    weight_error_fraction: float
    trough_g_per_L: Interval | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Average:
    """Models averaged: their weights, the trough of the mixture, and how far they disagree.

    ``spread_percent`` is (highest − lowest) of the median troughs over their mean; 0 for one model.
    No trough is given where none was asked for.
    """

    models: tuple[ModelWeight, ...]
    trough_g_per_L: Interval | None
    spread_percent: float | None
    left_out: tuple[str, ...]
    """Models without published variability or error: no likelihood, so no weight."""
    meaning: str


def usable_levels(fit: IndividualFit, samples: Sequence[Sample]) -> Levels:
    """The samples a fit learns from: all but those its own IgG rests on."""
    rest = [sample for i, sample in enumerate(samples) if i not in fit.baseline.used]
    return Levels(
        time_day=np.array([sample.time_day for sample in rest]),
        igg_g_per_L=np.array([sample.igg_g_per_L for sample in rest]),
        below_limit=np.array([sample.below_limit for sample in rest], dtype=bool),
    )


def log_evidence(
    model: PopulationModel, fit: IndividualFit, samples: Sequence[Sample]
) -> tuple[float, float]:
    """log p(levels | model), levels in g/L, and its Monte Carlo standard error.

    Parameters
    ----------
    fit : IndividualFit
        Of this model, to these samples.

    Returns
    -------
    tuple of float
        (0, 0) when there are no levels to learn from.

    Raises
    ------
    ValueError
        The fit did not learn, for want of a published error or variability.
    """
    levels = usable_levels(fit, samples)
    if not levels.time_day.size:
        return 0.0, 0.0
    if fit.residual is None or fit.n_levels_used == 0:
        raise ValueError(f"{fit.model_id} has no likelihood")
    sd, limit = _prior_spread(model, fit)
    predicted = fit.levels(levels.time_day).total_g_per_L
    log_joint = -negative_log_likelihood(fit.residual, levels, predicted)
    log_joint -= HALF_LOG_2PI * levels.time_day.size
    u, log_prior = _unbounded(fit.draws, sd, limit)
    return _reciprocal(u, fit.weights, log_joint + log_prior)


def model_weights(evidence: Sequence[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
    """Weights, and their errors to first order, from log marginal likelihoods and their errors.

    >>> [round(weight, 3) for weight, _ in model_weights([(0.0, 0.0), (log(3.0), 0.0)])]
    [0.25, 0.75]
    """
    logs = np.array([value for value, _ in evidence])
    errors = np.array([error for _, error in evidence])
    weights = np.exp(logs - logs.max())
    weights /= weights.sum()
    common = float(((weights * errors) ** 2).sum())
    variance = weights**2 * (common + errors**2 * (1.0 - 2.0 * weights))
    return tuple(
        (float(weight), sqrt(max(float(spread), 0.0)))
        for weight, spread in zip(weights, variance, strict=True)
    )


def average(
    fitted: Sequence[tuple[PopulationModel, IndividualFit]],
    samples: Sequence[Sample],
    troughs: Sequence[FloatArray] | None = None,
) -> Average | None:
    """The models averaged over; None when none can be weighted.

    Parameters
    ----------
    fitted : sequence of (model, fit)
    troughs : sequence of array (n_draws,), optional
        The trough of each draw, for each fit, g/L.
    """
    judged = [i for i, (_, fit) in enumerate(fitted) if _judges(fit, samples)]
    if not judged:
        return None
    weights = model_weights([log_evidence(*fitted[i], samples) for i in judged])
    drawn = [None if troughs is None else (troughs[i], fitted[i][1].weights) for i in judged]
    rows = tuple(
        ModelWeight(
            model_id=fitted[i][1].model_id,
            weight_fraction=weight,
            weight_error_fraction=error,
            trough_g_per_L=None if one is None else interval(*one),
        )
        for i, one, (weight, error) in zip(judged, drawn, weights, strict=True)
    )
    known = [one for one in drawn if one is not None]
    return Average(
        models=rows,
        trough_g_per_L=_mixture(known, rows) if known else None,
        spread_percent=_spread_percent(rows) if known else None,
        left_out=tuple(fit.model_id for i, (_, fit) in enumerate(fitted) if i not in judged),
        meaning=MEANING if usable_levels(fitted[judged[0]][1], samples).time_day.size else EQUAL,
    )


def _mixture(
    drawn: Sequence[tuple[FloatArray, FloatArray]], rows: Sequence[ModelWeight]
) -> Interval:
    values = np.concatenate([values for values, _ in drawn])
    parts = [part * row.weight_fraction for (_, part), row in zip(drawn, rows, strict=True)]
    return interval(values, np.concatenate(parts))


def _spread_percent(rows: Sequence[ModelWeight]) -> float:
    medians = [row.trough_g_per_L.median for row in rows if row.trough_g_per_L is not None]
    return 100.0 * (max(medians) - min(medians)) * len(medians) / sum(medians)


def _judges(fit: IndividualFit, samples: Sequence[Sample]) -> bool:
    if not fit.has_interval:
        return False
    return fit.n_levels_used > 0 or not usable_levels(fit, samples).time_day.size


def _prior_spread(model: PopulationModel, fit: IndividualFit) -> tuple[FloatArray, FloatArray]:
    """ω and the limit of each effect of the fit, as ``individualise`` takes them."""
    published = {fact.value.parameter: fact.value for fact in model.variability}
    sd: list[float] = []
    limit: list[float] = []
    for name in fit.eta_names:
        if name == "BL" and fit.baseline.log_sd is not None:
            sd.append(fit.baseline.log_sd)
            limit.append(inf)
            continue
        term = published[name]
        sd.append(log_sd(term.cv_percent))
        limit.append(inf if term.truncate_sd is None else term.truncate_sd * sd[-1])
    return np.array(sd), np.array(limit)


def _unbounded(eta: FloatArray, sd: FloatArray, limit: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Effects on a scale without edges, u = L · artanh(η / L), and their log prior density there."""
    bounded = np.isfinite(limit)
    edge = np.where(bounded, limit, 1.0)
    part = np.where(bounded, np.clip(eta / edge, -EDGE, EDGE), 0.0)
    u = np.where(bounded, edge * np.arctanh(part), eta)
    mass = [erf(x / sqrt(2.0)) if x < inf else 1.0 for x in (limit / sd).tolist()]
    constant = -np.log(sd).sum() - HALF_LOG_2PI * sd.size - sum(log(x) for x in mass)
    log_prior = constant - 0.5 * ((eta / sd) ** 2).sum(axis=1) + np.log1p(-part * part).sum(axis=1)
    return u, log_prior


def _reciprocal(u: FloatArray, weights: FloatArray, log_joint: FloatArray) -> tuple[float, float]:
    """log of the integral of exp(log_joint) over u, from weighted draws of its density."""
    centre = weights @ u
    off = u - centre
    covariance = (off * weights[:, None]).T @ off
    root = np.linalg.cholesky(covariance + 1e-12 * np.diag(np.diag(covariance)))
    distance = (np.linalg.solve(root, off.T) ** 2).sum(axis=0)
    (cut,) = weighted_quantiles(distance, weights, (KEPT,))
    log_normal = -0.5 * distance - np.log(np.diag(root)).sum() - 0.5 * centre.size * log(2.0 * pi)
    log_normal -= log(_chi2_cdf(cut, centre.size))
    log_ratio = np.where(distance <= cut, log_normal - log_joint, -inf)
    highest = float(log_ratio.max())
    ratio = np.exp(log_ratio - highest)
    mean = float(weights @ ratio)
    error = sqrt(float((weights**2 * (ratio - mean) ** 2).sum())) / mean
    return -(highest + log(mean)), error


def _chi2_cdf(x: float, freedom: int) -> float:
    """P(χ² ≤ x) for whole degrees of freedom, by the recurrence of the incomplete gamma function."""
    half = 0.5 * x
    shape = 0.5 if freedom % 2 else 1.0
    value = erf(sqrt(half)) if freedom % 2 else 1.0 - exp(-half)
    while shape < 0.5 * freedom:
        value -= half**shape * exp(-half) / gamma(shape + 1.0)
        shape += 1.0
    return value
