"""The search for the mode and the growing mixture, where one t round the mode is not enough."""

from dataclasses import replace

import numpy as np
import pytest

from ivig.knowledge import Knowledge
from ivig.patient import Dose, Patient, Sample
from ivig.pk.individualise import individualise
from ivig.pk.likelihood import Levels
from ivig.pk.population import Residual
from ivig.pk.posterior import WANTED_ESS, Problem, find_mode, sample_posterior

ADULT = Patient(diagnosis="cvid", weight_kg=70, height_cm=172, sex="male", age_year=45, doses=())
CHILD = replace(ADULT, weight_kg=20, height_cm=115, age_year=6)


def straight(*levels: float) -> Problem:
    """Levels that are η itself: the posterior is normal, so its mode and spread are known."""
    data = Levels(
        time_day=np.zeros(len(levels)),
        igg_g_per_L=np.array(levels),
        below_limit=np.zeros(len(levels), dtype=np.bool_),
    )
    return Problem(
        residual=Residual(additive_sd_g_per_L=1.0),
        levels=data,
        predict=lambda eta: np.repeat(eta, len(levels), axis=1),
        sd=np.array([1.0]),
        limit=np.array([np.inf]),
    )


def test_the_mode_of_a_normal_posterior_is_exact() -> None:
    mode, covariance, converged = find_mode(straight(1.0, 2.0, 3.0))
    assert converged
    assert mode == pytest.approx(1.5, abs=1e-9)
    assert covariance[0, 0] == pytest.approx(0.25)


def test_a_normal_posterior_needs_one_proposal() -> None:
    found = sample_posterior(straight(1.0, 2.0, 3.0), n_draws=2000, seed=1)
    assert (found.method, found.weights.size) == ("laplace", 2000)
    assert found.weights @ found.draws == pytest.approx(1.5, abs=0.02)


@pytest.mark.parametrize(
    ("model_id", "patient"),
    [("zhang_2020", ADULT), ("dumas_2019", ADULT), ("lee_2021", ADULT), ("cheng_2026", CHILD)],
)
def test_skewed_posteriors_reach_a_thousand_effective_draws(
    model_id: str, patient: Patient, knowledge: Knowledge
) -> None:
    random, scale = np.random.default_rng(7), patient.weight_kg / 70
    for _ in range(20):
        grams, level = random.uniform(15, 70) * scale, random.uniform(6, 15)
        doses = [Dose(time_day=28.0 * (i - 10), amount_g=grams, duration_h=3) for i in range(10)]
        levels = [
            Sample(time_day=28.0 * (i - 1), igg_g_per_L=level * factor)
            for i, factor in enumerate(random.uniform(0.8, 1.25, 2))
        ]
        fit = individualise(knowledge.models[model_id], patient, doses, levels)
        assert fit.converged
        assert fit.ess >= WANTED_ESS
