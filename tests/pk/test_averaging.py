"""Weights against quadrature, and the average against its parts."""

from dataclasses import replace
from math import log

import numpy as np
import pytest
from scipy.stats import chi2, norm

from ivig.knowledge import Knowledge
from ivig.patient import Dose, Patient, Sample
from ivig.pk.averaging import EQUAL, MEANING, average, log_evidence, model_weights, usable_levels
from ivig.pk.concentration import total_g_per_L
from ivig.pk.individualise import IndividualFit, individualise
from ivig.pk.likelihood import residual_sd_g_per_L
from ivig.pk.parameters import covariates, log_sd, parameters, typical_values
from ivig.pk.population import PopulationModel
from ivig.pk.schedule import history_trains

ADULT = Patient(
    diagnosis="cvid", weight_kg=70, height_cm=172, sex="male", age_year=45, doses=(), levels=()
)
DOSES = [Dose(time_day=-28.0 * (8 - i), amount_g=28, duration_h=3) for i in range(8)]
LEVELS = [Sample(time_day=-28, igg_g_per_L=9.0), Sample(time_day=0, igg_g_per_L=9.6)]


def quadrature(
    model: PopulationModel, fit: IndividualFit, names: tuple[str, ...], samples: list[Sample]
) -> float:
    """log p(levels | model) over the effects that the levels depend on, on a grid."""
    spread = {fact.value.parameter: fact.value for fact in model.variability}
    axes, priors = [], []
    for name in names:
        sd = log_sd(spread[name].cv_percent)
        cut = spread[name].truncate_sd or 8.0
        axis = np.linspace(-cut * sd, cut * sd, 301)
        density = norm.pdf(axis, scale=sd) / (2 * norm.cdf(cut) - 1)
        ends = np.where((np.arange(axis.size) % (axis.size - 1)) == 0, 0.5, 1.0)
        axes.append(axis)
        priors.append(density * ends * (axis[1] - axis[0]))
    grid = np.stack([one.ravel() for one in np.meshgrid(*axes, indexing="ij")], axis=1)
    weight = np.prod(np.stack(np.meshgrid(*priors, indexing="ij")), axis=0).ravel()
    found = parameters(typical_values(model, covariates(ADULT)), names, grid)
    times = np.array([sample.time_day for sample in samples])
    predicted = total_g_per_L(found, history_trains(DOSES), times)
    assert fit.residual is not None
    sd = residual_sd_g_per_L(fit.residual, predicted)
    likelihood = np.ones(len(grid))
    for j, sample in enumerate(samples):
        if sample.below_limit:
            likelihood *= norm.cdf(sample.igg_g_per_L, predicted[:, j], sd[:, j])
        else:
            likelihood *= norm.pdf(sample.igg_g_per_L, predicted[:, j], sd[:, j])
    return log(weight @ likelihood)


@pytest.mark.parametrize("below", [False, True])
@pytest.mark.parametrize("name", ["navarro_mora_2022", "li_2022", "tortorici_2019"])
def test_the_marginal_likelihood_is_the_quadrature(
    name: str, below: bool, knowledge: Knowledge
) -> None:
    model = knowledge.models[name]
    # a model that also varies own IgG or absorption keeps the two effects that levels after IV see
    kept = tuple(f for f in model.variability if f.value.parameter in ("CL", "Vc"))
    model = replace(model, variability=kept)
    samples = [replace(LEVELS[0], below_limit=below), LEVELS[1]]
    fit = individualise(model, ADULT, DOSES, samples)
    found, error = log_evidence(model, fit, samples)
    assert error < 0.05
    assert found == pytest.approx(
        quadrature(model, fit, ("CL", "Vc"), samples), abs=4 * error + 1e-3
    )


def test_one_effect_only_a_toy(knowledge: Knowledge) -> None:
    base = knowledge.models["navarro_mora_2022"]
    clearance = tuple(f for f in base.variability if f.value.parameter == "CL")
    toys = [
        replace(base, variability=clearance),
        replace(
            base,
            variability=(
                replace(clearance[0], value=replace(clearance[0].value, cv_percent=60.0)),
            ),
        ),
    ]
    pairs = [(toy, individualise(toy, ADULT, DOSES, LEVELS)) for toy in toys]
    found = average(pairs, LEVELS)
    assert found is not None
    truth = np.exp([quadrature(toy, fit, ("CL",), LEVELS) for toy, fit in pairs])
    truth /= truth.sum()
    for row, weight in zip(found.models, truth, strict=True):
        assert row.weight_fraction == pytest.approx(weight, abs=4 * row.weight_error_fraction)
        assert row.weight_error_fraction < 0.02


def test_the_error_is_the_scatter_over_seeds(knowledge: Knowledge) -> None:
    model = knowledge.models["navarro_mora_2022"]
    runs = [
        log_evidence(model, individualise(model, ADULT, DOSES, LEVELS, seed=seed), LEVELS)
        for seed in range(40)
    ]
    values, errors = np.array(runs).T
    ratio = values.var(ddof=1) / (errors**2).mean()
    assert ratio < chi2.ppf(0.999, 39) / 39


def test_weights_by_hand() -> None:
    weights = model_weights([(0.0, 0.1), (log(3.0), 0.2)])
    assert [weight for weight, _ in weights] == pytest.approx([0.25, 0.75])
    # w₁ = 1 / (1 + e^d): its error is w₁ w₂ times that of the difference
    assert [error for _, error in weights] == pytest.approx([0.25 * 0.75 * 0.05**0.5] * 2)


def test_the_average_lies_among_its_parts(knowledge: Knowledge) -> None:
    models = [knowledge.models[name] for name in ("navarro_mora_2022", "li_2022")]
    pairs = [(model, individualise(model, ADULT, DOSES, LEVELS)) for model in models]
    troughs = [fit.parameters.BL_g_per_L * 2 for _, fit in pairs]
    found = average(pairs, LEVELS, troughs)
    assert found is not None
    assert found.trough_g_per_L is not None
    medians = [row.trough_g_per_L.median for row in found.models if row.trough_g_per_L]
    assert min(medians) <= found.trough_g_per_L.median <= max(medians)
    assert sum(row.weight_fraction for row in found.models) == pytest.approx(1.0)
    assert found.spread_percent == pytest.approx(
        100 * (max(medians) - min(medians)) / np.mean(medians)
    )
    assert found.meaning == MEANING


def test_without_levels_models_count_alike(knowledge: Knowledge) -> None:
    models = [knowledge.models[name] for name in ("navarro_mora_2022", "li_2022")]
    found = average([(model, individualise(model, ADULT, (), ())) for model in models], ())
    assert found is not None
    assert [row.weight_fraction for row in found.models] == [0.5, 0.5]
    assert (found.trough_g_per_L, found.spread_percent, found.meaning) == (None, None, EQUAL)


def test_a_model_without_likelihood_has_no_weight(knowledge: Knowledge) -> None:
    models = [knowledge.models[name] for name in ("navarro_mora_2022", "landersdorfer_2013")]
    pairs = [(model, individualise(model, ADULT, DOSES, LEVELS)) for model in models]
    found = average(pairs, LEVELS)
    assert found is not None
    assert found.left_out == ("landersdorfer_2013",)
    assert found.models[0].weight_fraction == 1.0
    assert average(pairs[1:], LEVELS) is None
    with pytest.raises(ValueError, match="no likelihood"):
        log_evidence(*pairs[1], LEVELS)


def test_a_level_spent_on_own_igg_is_not_judged_by(knowledge: Knowledge) -> None:
    samples = [Sample(time_day=-300, igg_g_per_L=2.0), *LEVELS]
    fit = individualise(knowledge.models["navarro_mora_2022"], ADULT, DOSES, samples)
    assert usable_levels(fit, samples).time_day.tolist() == [-28.0, 0.0]
