"""Covariates on parameters, by hand from the published equations."""

import numpy as np
import pytest

from ivig.errors import OutsideModelDomain
from ivig.knowledge import Knowledge
from ivig.patient import Lab, Patient
from ivig.pk.parameters import (
    Covariates,
    assumptions,
    covariates,
    log_sd,
    parameters,
    typical_values,
)
from ivig.pk.posterior import prior_draws
from ivig.pk.size import lean_body_mass_kg


def person(**kwargs) -> Patient:
    return Patient(**{"diagnosis": "cvid", "weight_kg": 70.0} | kwargs)


def test_boer_of_a_man() -> None:
    man = person(height_cm=170, sex="male", age_year=40)
    assert lean_body_mass_kg(man) == pytest.approx(54.68)  # nlmixr2lib article, same man


def test_boer_of_a_woman() -> None:
    woman = person(weight_kg=60, height_cm=160, sex="female", age_year=40)
    assert lean_body_mass_kg(woman) == pytest.approx(42.5)


def test_peters_of_a_child_needs_no_sex() -> None:
    child = person(weight_kg=40, height_cm=153, age_year=13)
    assert lean_body_mass_kg(child) == pytest.approx(33.84, abs=0.01)  # a printed worked example


@pytest.mark.parametrize("gap", [{"height_cm": None}, {"age_year": None}, {"sex": None}])
def test_lean_body_mass_is_unknown_without_its_inputs(gap: dict[str, None]) -> None:
    assert (
        lean_body_mass_kg(person(**{"height_cm": 170, "age_year": 40, "sex": "male"} | gap)) is None
    )


def test_lean_body_mass_is_never_above_weight() -> None:
    thin = person(weight_kg=30, height_cm=190, sex="male", age_year=30)
    assert lean_body_mass_kg(thin) == 30


def test_weight_scales_clearance_and_volumes(knowledge: Knowledge) -> None:
    values = typical_values(knowledge.models["navarro_mora_2022"], Covariates(weight_kg=131.4))
    assert values["CL"] == pytest.approx(0.150 * 2**0.744)
    assert values["Vp"] == pytest.approx(1.93 * 2**1.04)
    assert values["Q"] == 0.474


def test_group_effects_apply_to_their_population(knowledge: Knowledge) -> None:
    child = Covariates(weight_kg=70, igm_g_per_L=0.42)
    model = knowledge.models["cheng_2026"]
    assert typical_values(model, child)["CL"] == pytest.approx(0.308)
    secondary = typical_values(model, child, "paediatric_sad")
    assert secondary["CL"] == pytest.approx(0.308 * 0.542)
    assert secondary["BL"] == pytest.approx(5.67 * 0.541 * 2**0.11)


def test_a_group_value_replaces_the_typical_one(knowledge: Knowledge) -> None:
    model = knowledge.models["tortorici_2019"]
    assert typical_values(model, Covariates(weight_kg=72))["Vc"] == pytest.approx(3.08)
    assert typical_values(model, Covariates(weight_kg=72), "sid_haematology")["Vc"] == 8.75


def test_an_unknown_igm_is_said(knowledge: Knowledge) -> None:
    model = knowledge.models["cheng_2026"]
    assert "0.21 g/L" in assumptions(model, Covariates(weight_kg=20))[0]
    known = person(labs=(Lab(analyte="igm_g_per_L", value=0.3, ucum="g/L"),))
    assert assumptions(model, covariates(known)) == ()


def test_an_exponent_out_of_range_is_held(knowledge: Knowledge) -> None:
    model = knowledge.models["li_2024a_mmn"]
    heavy = typical_values(model, Covariates(weight_kg=107, lean_body_mass_kg=90))
    assert heavy["Vc"] == pytest.approx(6.59 * (70 / 56.54) ** 2.23)


def test_an_unknown_lean_mass_is_refused(knowledge: Knowledge) -> None:
    with pytest.raises(OutsideModelDomain, match="lean body mass"):
        typical_values(knowledge.models["li_2022"], Covariates(weight_kg=70))


def test_clearance_follows_volume_where_the_rate_is_the_parameter(knowledge: Knowledge) -> None:
    size = Covariates(weight_kg=80, lean_body_mass_kg=56.54)
    values = typical_values(knowledge.models["li_2024a_mmn"], size)
    found = parameters(values, ("Vc",), np.array([[0.0], [0.5]]))
    np.testing.assert_allclose(found.CL_L_per_day / found.Vc_L, 0.05784, rtol=1e-12)


def test_a_route_the_model_has_not_is_refused(knowledge: Knowledge) -> None:
    values = typical_values(knowledge.models["tortorici_2019"], Covariates(weight_kg=70))
    with pytest.raises(ValueError, match="no absorption"):
        parameters(values).bioavailability("sc")


def test_sampled_parameters_have_the_published_spread(knowledge: Knowledge) -> None:
    """100,000 draws: a CV of 139 % is met within 3 % of itself more than 99.9 % of the time."""
    checked = 0
    for model in knowledge.models.values():
        for fact in model.variability:
            term = fact.value
            if term.truncate_sd is not None:
                continue
            sd = np.array([log_sd(term.cv_percent)])
            draws = prior_draws(sd, np.array([np.inf]), n_draws=100_000, seed=1)
            values = np.exp(draws[:, 0])
            assert 100 * values.std() / values.mean() == pytest.approx(term.cv_percent, rel=0.03)
            checked += 1
    assert checked > 25
