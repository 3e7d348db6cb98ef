"""The compiled posterior against quadrature and against the NumPy engine."""

import numpy as np
import pytest
from bench import workload_w4
from bench.odd_cases import fitted_models, odd_cases, odd_patients, residual, spread

from ivig.errors import FitError, InputError
from ivig.knowledge import Knowledge
from ivig.patient import Dose, Sample
from ivig.pk.concentration import total_g_per_L
from ivig.pk.kernels.cases import Known, gather
from ivig.pk.kernels.map_fit import map_fit
from ivig.pk.kernels.posterior import sample_posteriors
from ivig.pk.likelihood import Levels
from ivig.pk.parameters import parameters
from ivig.pk.population import Residual
from ivig.pk.posterior import Problem, sample_posterior
from ivig.pk.schedule import history_trains

ERROR = Residual(additive_sd_g_per_L=0.3, proportional_sd_fraction=0.1)
ADULT = {"CL": 0.14, "Vc": 3.6, "Q": 0.3, "Vp": 3.0, "KA": 0.3, "F_SC": 0.7, "BL": 4.0}
EFFECTS = ("CL", "Vc", "BL")
SD = np.array([0.35, 0.3, 0.4])
DOSES = [Dose(time_day=21.0 * i, amount_g=30, duration_h=3) for i in range(6)]


def known(*troughs: float) -> Known:
    days = 21.0 * np.arange(7 - len(troughs), 7)
    levels = [Sample(time_day=d, igg_g_per_L=y) for d, y in zip(days, troughs, strict=True)]
    return Known(ADULT, DOSES, levels)


def test_without_levels_the_posterior_is_the_prior() -> None:
    found = sample_posteriors(gather([known()], effects=EFFECTS, sd=SD, residual=ERROR))
    np.testing.assert_allclose(found.mean[0], 0.0, atol=1e-12)
    np.testing.assert_allclose(np.sqrt(np.diag(found.covariance[0])), SD, rtol=0.1)


def test_posteriors_are_the_quadrature() -> None:
    patients = np.arange(0, workload_w4.N, 40)
    cases = workload_w4.cases(patients)
    fit = map_fit(cases)
    found = sample_posteriors(cases, fit)
    assert found.ess.min() >= 1000
    for row, patient in enumerate(patients):
        mean, sd = workload_w4.quadrature(int(patient), fit.eta[row], fit.covariance[row])
        assert np.abs((found.mean[row] - mean) / sd).max() < 0.1
        np.testing.assert_allclose(np.sqrt(np.diag(found.covariance[row])), sd, rtol=0.1)


@pytest.mark.parametrize("limit", [np.inf, 0.3])
@pytest.mark.parametrize("troughs", [(9.0, 9.5), (6.0,), (12.0, 18.0, 11.0)])
def test_posteriors_are_those_of_the_numpy_engine(troughs: tuple[float, ...], limit: float) -> None:
    bounds = np.array([np.inf, limit, np.inf])
    one = known(*troughs)
    cases = gather([one], effects=EFFECTS, sd=SD, limit=bounds, residual=ERROR)
    data = Levels(
        time_day=np.array([level.time_day for level in one.levels]),
        igg_g_per_L=np.array([level.igg_g_per_L for level in one.levels]),
        below_limit=np.zeros(len(one.levels), dtype=np.bool_),
    )
    problem = Problem(
        residual=ERROR,
        levels=data,
        predict=lambda eta: total_g_per_L(
            parameters(ADULT, EFFECTS, eta), history_trains(DOSES), data.time_day
        ),
        sd=SD,
        limit=bounds,
    )
    wanted = sample_posterior(problem, n_draws=2000, seed=5)
    found = sample_posteriors(cases, n_draws=2000, seed=5)
    mean = wanted.weights @ wanted.draws
    off = wanted.draws - mean
    assert found.n_draws[0] == wanted.weights.size
    assert found.ess[0] == pytest.approx(wanted.ess, rel=1e-4)
    np.testing.assert_allclose(found.mean[0], mean, atol=1e-5)
    np.testing.assert_allclose(
        found.covariance[0], (off * wanted.weights[:, None]).T @ off, atol=1e-5
    )


def test_more_proposals_are_drawn_until_enough_count() -> None:
    cases = gather([known(9.0, 9.5)], effects=EFFECTS, sd=SD, residual=ERROR)
    assert sample_posteriors(cases).n_draws[0] == 2000
    more = sample_posteriors(cases, wanted_ess=3000)
    assert more.n_draws[0] > 2000
    assert more.ess[0] >= 3000


def test_kept_draws_have_the_posterior_moments() -> None:
    cases = gather([known(9.0, 9.5)], effects=EFFECTS, sd=SD, residual=ERROR)
    found = sample_posteriors(cases, n_kept=500)
    sd = np.sqrt(np.diag(found.covariance[0]))
    assert found.draws.shape == (1, 500, 3)
    assert np.abs((found.draws[0].mean(axis=0) - found.mean[0]) / sd).max() < 0.05
    np.testing.assert_allclose(found.draws[0].std(axis=0), sd, rtol=0.05)


def test_a_patient_is_sampled_alike_alone_and_among_others() -> None:
    together = sample_posteriors(workload_w4.cases(np.arange(20)), n_kept=3)
    for patient in (0, 9, 19):
        alone = sample_posteriors(workload_w4.cases(np.array([patient])), n_kept=3)
        assert alone.mean.tobytes() == together.mean[patient].tobytes()
        assert alone.draws.tobytes() == together.draws[patient].tobytes()


def test_too_few_draws_are_refused() -> None:
    with pytest.raises(InputError, match="n_draws"):
        sample_posteriors(workload_w4.cases(np.array([0])), n_draws=10)


def test_odd_patients_of_every_model_reach_a_thousand_effective_draws(
    knowledge: Knowledge,
) -> None:
    models = fitted_models(knowledge)
    assert len(models) == 10
    for model in models:
        found = sample_posteriors(odd_cases(model, 60, seed=11))
        assert found.ess[found.enough].min() >= 1000, model.id
        assert np.isfinite(found.mean[found.enough]).all(), model.id
        assert np.isnan(found.mean[~found.enough]).all(), model.id
        assert found.contradicted[~found.enough].all(), model.id
        assert (found.ess[~found.enough] == 0.0).all(), model.id  # not one for want of draws


@pytest.mark.parametrize(
    ("model_id", "seed", "patient"),
    [
        ("dumas_2019", 1, 771),
        ("zhang_2020", 1, 622),
        ("zhang_2020", 2, 697),
        ("zhang_2020", 3, 614),
    ],
)
def test_patients_that_once_had_too_few_draws_in_both_engines(
    model_id: str, seed: int, patient: int, knowledge: Knowledge
) -> None:
    model = knowledge.models[model_id]
    one = odd_patients(model, patient + 1, seed)[patient]
    effects, sd, limit = spread(model)
    cases = gather([one], effects=effects, sd=sd, limit=limit, residual=residual(model))
    found = sample_posteriors(cases, seed=5)
    data = Levels(
        time_day=np.array([level.time_day for level in one.levels]),
        igg_g_per_L=np.array([level.igg_g_per_L for level in one.levels]),
        below_limit=np.array([level.below_limit for level in one.levels]),
    )
    past = history_trains(one.doses)
    problem = Problem(
        residual=residual(model),
        levels=data,
        predict=lambda eta: total_g_per_L(
            parameters(one.typical, effects, eta), past, data.time_day
        ),
        sd=sd,
        limit=limit,
    )
    numpy = sample_posterior(problem, n_draws=2000, seed=5)
    assert found.ess[0] >= 1000
    assert numpy.ess >= 1000
    assert numpy.contradicted == found.contradicted[0]
    spread_found = np.sqrt(np.diag(found.covariance[0]))
    assert np.abs((numpy.weights @ numpy.draws - found.mean[0]) / spread_found).max() < 0.15


def test_a_level_that_nothing_can_explain_is_no_posterior() -> None:
    """No own IgG, a proportional error, years after the only dose: predicted levels underflow."""
    level = Sample(time_day=9000.0, igg_g_per_L=8.0)
    one = Known({"CL": 0.09, "Vc": 4.0, "BL": 0.0}, DOSES[:1], [level])
    error = Residual(proportional_sd_fraction=0.05)
    cases = gather([one], effects=("CL", "Vc"), sd=np.array([0.3, 0.4]), residual=error)
    found = sample_posteriors(cases)
    assert (found.ess[0], found.enough[0], found.contradicted[0]) == (0.0, False, True)
    assert np.isnan(found.mean[0]).all()


def test_too_few_effective_draws_are_never_given() -> None:
    cases = gather([known(9.0, 9.5), known()], effects=EFFECTS, sd=SD, residual=ERROR)
    found = sample_posteriors(cases, n_draws=100, wanted_ess=1.0, n_kept=4)
    assert found.enough.tolist() == [False, False]
    assert np.isnan(found.mean).all()
    assert np.isnan(found.covariance).all()
    assert np.isnan(found.draws).all()
    with pytest.raises(FitError, match="2 of 2 patients, first in row 0"):
        found.require_enough()
    sample_posteriors(cases).require_enough()


def test_levels_that_contradict_the_model_are_told_and_sampled_longer() -> None:
    cases = gather([known(9.0, 9.5), known(9.0, 22.0)], effects=EFFECTS, sd=SD, residual=ERROR)
    found = sample_posteriors(cases)
    assert found.contradicted.tolist() == [False, True]
    assert found.n_draws[1] >= 9 * 2000
