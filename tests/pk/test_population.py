"""Every model file: cited, simulated, and within what serum IgG can be."""

from dataclasses import replace

import numpy as np
import pytest

from ivig.errors import OutsideModelDomain
from ivig.knowledge import Knowledge
from ivig.patient import Patient
from ivig.pk.exposure import exposure
from ivig.pk.individualise import individualise
from ivig.pk.population import GroupEffect, PopulationModel
from ivig.pk.schedule import Dosing

MODELS = (
    "cheng_2026",
    "dumas_2019",
    "landersdorfer_2013",
    "lee_2021",
    "li_2022",
    "li_2024a_mmn",
    "li_2024b_mmn",
    "luo_2020",
    "navarro_mora_2022",
    "tegenge_2020",
    "tortorici_2019",
    "tortorici_2021_cidp",
    "zhang_2020",
)


def someone(model: PopulationModel) -> Patient:
    """A patient in the middle of the model's data."""
    domain = model.domain.value
    age = (domain.age_year_low + domain.age_year_high) / 2
    weight = min((domain.weight_kg_low + domain.weight_kg_high) / 2, 80.0)
    return Patient(
        diagnosis="cvid", age_year=age, weight_kg=weight, height_cm=60 + weight, sex="female"
    )


def test_all_models_are_here(knowledge: Knowledge) -> None:
    assert tuple(knowledge.models) == MODELS


@pytest.mark.parametrize("name", MODELS)
def test_every_number_names_a_source_that_exists(name: str, knowledge: Knowledge) -> None:
    model = knowledge.models[name]
    assert model.source in knowledge.sources
    assert model.via is None or model.via in knowledge.sources
    for parameter, fact in model.typical.items():
        assert fact.source in knowledge.sources or fact.basis == "assumed", parameter


@pytest.mark.parametrize("name", [name for name in MODELS if name != "tegenge_2020"])
def test_every_model_predicts_a_level_a_patient_can_have(name: str, knowledge: Knowledge) -> None:
    model = knowledge.models[name]
    patient = replace(someone(model), baseline_igg_g_per_L=8.0)
    per_kg = 1.0 if model.domain.value.populations[0] in ("cidp", "mmn") else 0.4
    dosing = Dosing(amount_g=per_kg * patient.weight_kg, interval_day=28, duration_h=4)
    found = exposure(individualise(model, patient, (), ()), dosing)
    assert 4 < found.trough_g_per_L.median < 26
    assert found.trough_g_per_L.median < found.peak_g_per_L.median < 50
    assert 8 < found.half_life_day.median < 60


def test_a_model_without_a_verdict_to_ship_is_refused(knowledge: Knowledge) -> None:
    model = knowledge.models["tegenge_2020"]
    assert model.status == "not_shipped"
    with pytest.raises(OutsideModelDomain):
        individualise(model, someone(model), (), ())


@pytest.mark.parametrize("name", MODELS)
def test_printed_residuals_and_spreads_are_of_ordinary_size(
    name: str, knowledge: Knowledge
) -> None:
    model = knowledge.models[name]
    if model.residual is not None:
        assert model.residual.value.additive_sd_g_per_L < 1.1
        assert 0.04 < model.residual.value.proportional_sd_fraction < 0.13
    wide = [fact.value for fact in model.variability if fact.value.cv_percent > 140]
    assert all(term.truncate_sd is not None for term in wide)


def test_a_group_effect_is_either_a_factor_or_a_value() -> None:
    with pytest.raises(ValueError, match="either factor or value"):
        GroupEffect(parameter="CL", population="pid")
    with pytest.raises(ValueError, match="either factor or value"):
        GroupEffect(parameter="CL", population="pid", factor=2.0, value=1.0)


def test_clearance_per_kg_falls_with_size_in_every_weight_scaled_model(
    knowledge: Knowledge,
) -> None:
    """Allometry below 1: a child clears more per kg than an adult."""
    exponents = [
        fact.value.exponent
        for model in knowledge.models.values()
        for fact in model.powers
        if fact.value.parameter == "CL"
    ]
    assert np.all(np.array(exponents) < 1)
    assert len(exponents) > 6
