"""NPDE, VPC and coverage: right when the model is right, and loud when it is not."""

from dataclasses import replace

import numpy as np
import pytest

from ivig.errors import InputError
from ivig.knowledge import Knowledge
from ivig.pk.check import (
    npde,
    npde_test,
    simulate_levels,
    simulated_study,
    typical_design,
    vpc,
    why_not,
)
from ivig.pk.coverage import check_coverage, why_no_coverage
from ivig.pk.population import PopulationModel


def faster(model: PopulationModel, factor: float) -> PopulationModel:
    clearance = model.typical["CL"]
    wrong = replace(clearance, value=clearance.value * factor)
    return replace(model, typical={**model.typical, "CL": wrong})


def test_npde_of_independent_normal_levels_are_normal() -> None:
    random = np.random.default_rng(1)
    errors = [npde(random.standard_normal(3), random.standard_normal((500, 3))) for _ in range(400)]
    found = np.concatenate(errors)
    assert abs(found.mean()) < 4 / np.sqrt(found.size)
    assert abs(found.var() - 1) < 4 * np.sqrt(2 / found.size)


def test_npde_take_out_the_correlation_of_one_patient() -> None:
    random = np.random.default_rng(2)
    root = np.linalg.cholesky(np.array([[1.0, 0.9], [0.9, 1.0]]))
    errors = np.array(
        [
            npde(root @ random.standard_normal(2), random.standard_normal((500, 2)) @ root.T)
            for _ in range(400)
        ]
    )
    assert abs(np.corrcoef(errors.T)[0, 1]) < 4 / np.sqrt(400)


def test_too_few_replicates_are_refused() -> None:
    with pytest.raises(InputError, match="replicates"):
        npde(np.zeros(4), np.zeros((5, 4)))


def test_a_design_has_levels_after_doses_and_inside_the_domain(knowledge: Knowledge) -> None:
    for model in knowledge.models.values():
        if why_not(model) is None:
            design = typical_design(model, 1.0)
            domain = model.domain.value
            assert design.time_day[0] > design.doses[0].time_day
            assert domain.weight_kg_low <= design.patient.weight_kg <= domain.weight_kg_high


@pytest.mark.parametrize("name", ["navarro_mora_2022", "zhang_2020", "cheng_2026"])
def test_a_model_passes_against_its_own_simulations(name: str, knowledge: Knowledge) -> None:
    study = simulated_study(knowledge.models[name], n_patients=100, seed=3)
    errors, band = npde_test(study), vpc(study)
    assert errors.n_levels == 600
    assert band.observed_g_per_L.shape == (3, len(study.time_day))
    # a false alarm of 1 % over the three models, of each test
    assert errors.p_fraction > 0.01 / 3
    assert band.p_fraction > 0.01 / 3
    assert band.n_inside >= 14  # of 18, 95 % of them expected


def test_a_clearance_a_quarter_too_fast_is_found(knowledge: Knowledge) -> None:
    model = knowledge.models["navarro_mora_2022"]
    study = simulated_study(model, n_patients=100, seed=4)
    wrong = simulated_study(faster(model, 1.25), n_patients=100, seed=5)
    mixed = replace(study, observed=wrong.observed)
    assert npde_test(mixed).mean_sd < -4
    assert npde_test(mixed).p_fraction < 1e-4
    assert vpc(mixed).p_fraction < 1e-4


def test_simulated_levels_hold_a_truncated_effect(knowledge: Knowledge) -> None:
    model = knowledge.models["tortorici_2019"]
    only = tuple(fact for fact in model.variability if fact.value.truncate_sd is not None)
    model = replace(model, variability=only, residual=None)
    levels = simulate_levels(
        model, typical_design(model, 0.5), n=500, random=np.random.default_rng(5)
    )
    widest = replace(
        only[0],
        value=replace(only[0].value, truncate_sd=None),
    )
    free = simulate_levels(
        replace(model, variability=(widest,)),
        typical_design(model, 0.5),
        n=500,
        random=np.random.default_rng(5),
    )
    assert np.ptp(levels[:, 0]) < 0.6 * np.ptp(free[:, 0])


def test_coverage_of_the_next_trough_is_near_what_it_claims(knowledge: Knowledge) -> None:
    steps: list[int] = []
    found = check_coverage(
        knowledge.models["navarro_mora_2022"], n_patients=100, seed=6, progress=steps.append
    )
    assert found.n_inside + found.n_below + found.n_above + found.n_failed == 100
    assert found.n_failed == 0
    assert found.inside_fraction == pytest.approx(0.9, abs=0.1)  # more than three SD of chance
    assert steps == list(range(1, 101))
    assert "28 days" in found.method


def test_what_cannot_be_checked_says_why(knowledge: Knowledge) -> None:
    refused = knowledge.models["tegenge_2020"]
    assert "volumes" in (why_not(refused) or "")
    assert why_not(knowledge.models["landersdorfer_2013"]) == "publishes no variability"
    assert why_no_coverage(knowledge.models["luo_2020"]) == "publishes no residual error"
    with pytest.raises(InputError, match="volumes"):
        simulated_study(refused)
    with pytest.raises(InputError, match="residual"):
        check_coverage(knowledge.models["luo_2020"])


def test_every_coverage_that_can_be_measured_is_stored_and_holds(knowledge: Knowledge) -> None:
    for model in knowledge.models.values():
        if why_no_coverage(model) is None:
            assert model.coverage is not None, model.id
            assert model.coverage.basis == "derived"
            assert model.coverage.value.n_patients >= 1000
            assert 0.87 <= model.coverage.value.inside_fraction <= 0.93, model.id
        else:
            assert model.coverage is None, model.id
