"""Exposure of known parameters by hand, intervals, and curves."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivig.errors import InputError
from ivig.knowledge import Knowledge
from ivig.patient import Dose, Patient, Sample
from ivig.pk.exposure import (
    curve,
    curve_times,
    exposure,
    half_life,
    predict_level,
    steady_trough,
    trough_after_cycles,
)
from ivig.pk.individualise import IndividualFit, individualise
from ivig.pk.schedule import Dosing, expand

ADULT = Patient(
    diagnosis="cvid", weight_kg=70, height_cm=172, sex="male", age_year=45, doses=(), levels=()
)
IV = Dosing(amount_g=28, interval_day=28, duration_h=3)
SC = Dosing(amount_g=9, interval_day=7, route="sc")


@pytest.fixture(scope="module")
def typical(knowledge: Knowledge) -> IndividualFit:
    return individualise(knowledge.models["landersdorfer_2013"], ADULT, (), ())


@pytest.fixture(scope="module")
def prior(knowledge: Knowledge) -> IndividualFit:
    return individualise(knowledge.models["navarro_mora_2022"], ADULT, (), ())


def test_area_is_dose_over_clearance_plus_own_igg(typical: IndividualFit) -> None:
    found = exposure(typical, IV)
    assert found.exogenous_auc_tau_g_day_per_L.median == pytest.approx(28 / 0.142)
    assert found.auc_tau_g_day_per_L.median == pytest.approx(28 / 0.142 + 4 * 28)
    assert found.auc_per_week_g_day_per_L.median == pytest.approx((28 / 0.142 + 4 * 28) / 4)
    assert found.average_g_per_L.median == pytest.approx(28 / 0.142 / 28 + 4)


def test_total_is_exogenous_plus_own(typical: IndividualFit) -> None:
    found = exposure(typical, SC)
    assert found.trough_g_per_L.median == pytest.approx(found.exogenous_trough_g_per_L.median + 4.0)
    assert found.peak_g_per_L.median == pytest.approx(found.exogenous_peak_g_per_L.median + 4.0)


def test_one_value_says_it_has_no_interval(typical: IndividualFit) -> None:
    found = exposure(typical, IV)
    assert found.trough_g_per_L.level == 0
    assert found.measured_trough_g_per_L is None
    assert curve(typical, expand(IV, n_cycles=3)).has_band is False


def test_a_measured_trough_spreads_wider_than_the_true_one(prior: IndividualFit) -> None:
    found = exposure(prior, IV)
    measured, true = found.measured_trough_g_per_L, found.trough_g_per_L
    assert measured is not None
    assert measured.high - measured.low > 1.1 * (true.high - true.low)
    assert measured.median == pytest.approx(true.median, rel=0.02)


def test_the_interval_is_that_of_all_draws(prior: IndividualFit) -> None:
    found, all_draws = exposure(prior, IV).trough_g_per_L, steady_trough(prior, IV)
    assert found.low == pytest.approx(all_draws.low, rel=0.02)
    assert found.median == pytest.approx(all_draws.median, rel=0.02)
    assert found.high == pytest.approx(all_draws.high, rel=0.03)


def test_half_life_of_the_default_model(prior: IndividualFit) -> None:
    assert half_life(prior).median == pytest.approx(24.5, rel=0.02)


def test_time_at_target_is_a_part_of_the_cycle(prior: IndividualFit) -> None:
    always = exposure(prior, IV, target_g_per_L=0.1).fraction_of_time_at_target
    never = exposure(prior, IV, target_g_per_L=90).fraction_of_time_at_target
    some = exposure(prior, IV, target_g_per_L=9).fraction_of_time_at_target
    assert always is not None
    assert never is not None
    assert some is not None
    assert (always.low, never.high) == (1.0, 0.0)
    assert 0 < some.median < 1


def test_cycles_lead_to_the_steady_trough(prior: IndividualFit) -> None:
    assert trough_after_cycles(prior, IV, 1).median < steady_trough(prior, IV).median
    assert trough_after_cycles(prior, IV, 200).median == pytest.approx(
        steady_trough(prior, IV).median
    )


def test_a_course_has_no_steady_state(prior: IndividualFit) -> None:
    with pytest.raises(InputError, match="a course has no steady state"):
        exposure(prior, Dosing(amount_g=140, interval_day=None, split_days=5))


def test_what_is_left_of_past_doses_is_in_the_forecast(knowledge: Knowledge) -> None:
    model = knowledge.models["navarro_mora_2022"]
    past = expand(IV, n_cycles=6, start_day=-168)
    treated = individualise(model, ADULT, past, ())
    naive = individualise(model, ADULT, (), ())
    assert predict_level(treated, (), 0.0)[0].median > predict_level(naive, (), 0.0)[0].median + 2


def test_the_next_level_agrees_with_the_curve(prior: IndividualFit) -> None:
    planned = expand(IV, n_cycles=4)
    drawn = curve(prior, planned, time_day=[84.0])
    true, _ = predict_level(prior, planned, 84.0)
    assert drawn.median_g_per_L[0] == pytest.approx(true.median, rel=0.02)


def test_a_curve_holds_the_troughs_and_the_ends_of_infusions() -> None:
    times = curve_times(expand(IV, n_cycles=8))
    assert {0.0, 28.0, 196.0, 0.125, 28.125} <= set(times.tolist())
    assert (np.diff(times) > 0).all()
    assert times.size <= 200


@pytest.mark.parametrize("n_cycles", [1, 8, 26, 52, 150])
def test_a_curve_never_has_more_than_200_times(n_cycles: int) -> None:
    assert curve_times(expand(SC, n_cycles=n_cycles)).size <= 200


def test_too_many_times_are_refused(prior: IndividualFit) -> None:
    with pytest.raises(InputError, match="at most 200"):
        curve(prior, expand(IV, n_cycles=1), time_day=list(range(201)))


def test_a_curve_needs_a_dose_or_times(prior: IndividualFit) -> None:
    with pytest.raises(InputError, match="at least one dose"):
        curve(prior, ())


@settings(max_examples=25)
@given(
    amount=st.floats(5, 100),
    interval_day=st.sampled_from([7.0, 21.0, 28.0]),
    route=st.sampled_from(["iv", "sc"]),
    split_days=st.integers(1, 3),
)
def test_order_of_numbers(
    amount: float, interval_day: float, route, split_days: int, prior: IndividualFit
) -> None:
    found = exposure(
        prior,
        Dosing(amount_g=amount, interval_day=interval_day, route=route, split_days=split_days),
    )
    assert found.baseline_g_per_L.median <= found.trough_g_per_L.median
    assert found.trough_g_per_L.median <= found.average_g_per_L.median <= found.peak_g_per_L.median
    for interval in (found.trough_g_per_L, found.peak_g_per_L, found.half_life_day):
        assert interval.low <= interval.median <= interval.high
        assert interval.level == 0.9


def test_twice_the_dose_is_twice_the_exogenous_igg(prior: IndividualFit) -> None:
    once = exposure(prior, IV)
    twice = exposure(prior, Dosing(amount_g=56, interval_day=28, duration_h=3))
    assert twice.exogenous_trough_g_per_L.high == pytest.approx(
        2 * once.exogenous_trough_g_per_L.high
    )


def test_a_level_below_the_limit_can_be_individualised(knowledge: Knowledge) -> None:
    past = [Dose(time_day=-28, amount_g=28, duration_h=3)]
    low = [Sample(time_day=0, igg_g_per_L=4.5, below_limit=True)]
    fit = individualise(knowledge.models["navarro_mora_2022"], ADULT, past, low)
    naive = individualise(knowledge.models["navarro_mora_2022"], ADULT, past, ())
    assert predict_level(fit, (), 0.0)[0].median < predict_level(naive, (), 0.0)[0].median
