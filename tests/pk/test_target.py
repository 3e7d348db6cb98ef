from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivig.errors import InputError
from ivig.knowledge import Knowledge
from ivig.patient import Patient
from ivig.pk.individualise import IndividualFit, individualise
from ivig.pk.schedule import Dosing
from ivig.pk.target import NotAttainable, dose_for_trough, probability_at_target

ADULT = Patient(
    diagnosis="cvid", weight_kg=70, height_cm=172, sex="male", age_year=45, doses=(), levels=()
)
IV = Dosing(amount_g=28, interval_day=28, duration_h=3)


@pytest.fixture(scope="module")
def prior(knowledge: Knowledge) -> IndividualFit:
    return individualise(knowledge.models["navarro_mora_2022"], ADULT, (), ())


@settings(max_examples=30)
@given(
    target=st.floats(5, 15),
    probability=st.floats(0.1, 0.95),
    route=st.sampled_from(["iv", "sc"]),
    interval_day=st.sampled_from([7.0, 21.0, 28.0]),
)
def test_the_dose_found_reaches_the_target_as_often_as_asked(
    target: float, probability: float, route, interval_day: float, prior: IndividualFit
) -> None:
    asked = Dosing(amount_g=1, interval_day=interval_day, route=route)
    found = dose_for_trough(prior, asked, trough_g_per_L=target, probability=probability)
    assert isinstance(found, Dosing)
    reached = probability_at_target(prior, found, trough_g_per_L=target)
    assert reached == pytest.approx(probability, abs=2e-3)


def test_a_higher_probability_needs_more(prior: IndividualFit) -> None:
    doses = [dose_for_trough(prior, IV, trough_g_per_L=8, probability=p) for p in (0.5, 0.8, 0.95)]
    amounts = [d.amount_g for d in doses if isinstance(d, Dosing)]
    assert amounts == sorted(amounts)
    assert len(amounts) == 3


def test_a_limit_that_is_too_low_is_said_with_what_it_reaches(prior: IndividualFit) -> None:
    found = dose_for_trough(prior, IV, trough_g_per_L=12, limit_g=56)
    assert isinstance(found, NotAttainable)
    assert found.kind == "above_limit"
    at_limit = probability_at_target(prior, replace(IV, amount_g=56), trough_g_per_L=12)
    assert found.reached_at_limit_fraction == pytest.approx(at_limit)
    assert "above the limit of 56 g" in found.reason


def test_own_igg_may_be_enough(prior: IndividualFit) -> None:
    found = dose_for_trough(prior, IV, trough_g_per_L=3.9)
    assert isinstance(found, NotAttainable)
    assert (found.kind, found.needed_g) == ("no_dose_needed", 0.0)


def test_no_variability_no_probability(knowledge: Knowledge) -> None:
    fit = individualise(knowledge.models["landersdorfer_2013"], ADULT, (), ())
    assert probability_at_target(fit, IV, trough_g_per_L=7) is None
    found = dose_for_trough(fit, IV, trough_g_per_L=7)
    assert isinstance(found, NotAttainable)
    assert found.kind == "no_probability"


@pytest.mark.parametrize("probability", [0.0, 1.0, -1.0, float("nan")])
def test_an_impossible_probability_is_refused(probability: float, prior: IndividualFit) -> None:
    with pytest.raises(InputError, match="probability"):
        dose_for_trough(prior, IV, trough_g_per_L=7, probability=probability)


def test_an_impossible_target_is_refused(prior: IndividualFit) -> None:
    with pytest.raises(InputError, match="trough_g_per_L"):
        dose_for_trough(prior, IV, trough_g_per_L=0.0)


def test_a_course_has_no_steady_trough(prior: IndividualFit) -> None:
    with pytest.raises(InputError, match="no steady state"):
        probability_at_target(
            prior, Dosing(amount_g=140, interval_day=None, split_days=5), trough_g_per_L=7
        )


def test_probability_by_hand(prior: IndividualFit) -> None:
    from ivig.pk.concentration import steady_exogenous_g_per_L
    from ivig.pk.schedule import cycle_trains

    trough = 4.0 + steady_exogenous_g_per_L(prior.parameters, cycle_trains(IV), np.zeros(1))[:, 0]
    expected = prior.weights[trough >= 8].sum()
    assert probability_at_target(prior, IV, trough_g_per_L=8) == pytest.approx(expected)
