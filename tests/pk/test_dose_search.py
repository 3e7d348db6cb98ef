"""The dose search against probabilities and exposures worked out directly."""

from dataclasses import replace

import numpy as np
import pytest

from ivig.errors import InputError
from ivig.knowledge import Knowledge
from ivig.patient import Dose, Patient, Sample
from ivig.pk.concentration import steady_exogenous_g_per_L
from ivig.pk.dose_search import (
    Option,
    convert,
    outcome,
    rank,
    search,
    whole_vial_amounts_g,
)
from ivig.pk.individualise import IndividualFit, individualise
from ivig.pk.schedule import Dosing, cycle_trains
from ivig.product import Vial

ADULT = Patient(
    diagnosis="cvid", weight_kg=70, height_cm=172, sex="male", age_year=45, doses=(), levels=()
)
VIALS = tuple(Vial(amount_g=g, volume_mL=10 * g) for g in (2.5, 5.0, 10.0, 20.0))
IV = Option(route="iv", interval_day=28.0, vials=VIALS)


@pytest.fixture(scope="module")
def fit(knowledge: Knowledge) -> IndividualFit:
    doses = [Dose(time_day=-28.0 * (8 - i), amount_g=28, duration_h=3) for i in range(8)]
    levels = [Sample(time_day=-28, igg_g_per_L=8.0), Sample(time_day=0, igg_g_per_L=8.4)]
    return individualise(knowledge.models["navarro_mora_2022"], ADULT, doses, levels)


def direct(fit: IndividualFit, dosing: Dosing, target: float) -> float:
    infused = steady_exogenous_g_per_L(fit.parameters, cycle_trains(dosing), np.zeros(1))[:, 0]
    return float(fit.weights[fit.parameters.BL_g_per_L + infused >= target].sum())


@pytest.mark.parametrize("target", [7.0, 9.0, 11.0])
@pytest.mark.parametrize("probability", [0.5, 0.8, 0.95])
@pytest.mark.parametrize("option", [IV, Option(route="sc", interval_day=7.0, vials=VIALS)])
def test_the_probability_is_direct_and_no_smaller_dose_would_do(
    target: float, probability: float, option: Option, fit: IndividualFit
) -> None:
    (found,) = search(fit, (option,), trough_g_per_L=target, probability=probability)
    assert found.attained
    assert found.reached_fraction == pytest.approx(direct(fit, found.dosing, target))
    assert found.reached_fraction >= probability
    amounts = whole_vial_amounts_g(VIALS, found.dosing.amount_g)
    enough = [
        a for a in amounts if direct(fit, replace(found.dosing, amount_g=a), target) >= probability
    ]
    assert enough[0] <= found.dosing.amount_g <= 1.1 * enough[0]
    assert found.needed_g is not None
    assert found.needed_g <= found.dosing.amount_g + 0.1


def test_a_limit_that_is_too_low_gives_the_most_it_allows(fit: IndividualFit) -> None:
    limited = replace(IV, limit_g=41.0)
    (found,) = search(fit, (limited,), trough_g_per_L=12.0, probability=0.9)
    assert (found.attained, found.dosing.amount_g, found.limit_g) == (False, 40.0, 41.0)
    assert found.reached_fraction == pytest.approx(direct(fit, found.dosing, 12.0))
    assert found.needed_g is not None
    assert found.needed_g > 41.0


def test_a_limit_below_the_smallest_vial_leaves_nothing(fit: IndividualFit) -> None:
    assert search(fit, (replace(IV, limit_g=2.0),), trough_g_per_L=8.0, probability=0.8) == ()


def test_own_igg_may_be_enough(fit: IndividualFit) -> None:
    (found,) = search(fit, (IV,), trough_g_per_L=2.0, probability=0.8)
    assert found.needed_g == 0.0


def test_the_days_of_a_course_are_alike(fit: IndividualFit) -> None:
    (found,) = search(fit, (replace(IV, split_days=2),), trough_g_per_L=11.0, probability=0.8)
    assert found.dosing.amount_per_dose_g in whole_vial_amounts_g(VIALS, 100)
    assert found.infusions_per_year == pytest.approx(2 * 365.25 / 28)


def test_attaining_regimens_come_first_by_grams_a_month(fit: IndividualFit) -> None:
    options = [
        replace(IV, interval_day=day, limit_g=limit)
        for day, limit in ((21.0, 30.0), (28.0, 60.0), (14.0, 60.0), (35.0, 20.0), (42.0, 25.0))
    ]
    found = search(fit, options, trough_g_per_L=8.5, probability=0.8)
    n_good = sum(out.attained for out in found)
    assert 0 < n_good < len(found)
    assert all(out.attained for out in found[:n_good])
    grams = [out.grams_per_month for out in found[:n_good]]
    chances = [out.reached_fraction for out in found[n_good:]]
    assert grams == sorted(grams)
    assert chances == sorted(chances, reverse=True)
    assert rank(tuple(reversed(found))) == found


def test_an_outcome_by_hand(fit: IndividualFit) -> None:
    dosing = Dosing(amount_g=30, interval_day=21)
    found = outcome(fit, dosing, trough_g_per_L=8.0, probability=0.8)
    assert found.grams_per_month == pytest.approx(30 * 30.4375 / 21)
    middles = (np.arange(2000) + 0.5) / 2000 * 21
    infused = steady_exogenous_g_per_L(fit.parameters, cycle_trains(dosing), middles)
    below = (fit.parameters.BL_g_per_L[:, None] + infused < 8.0).mean(axis=1) * 365.25
    high = np.quantile(below, 0.95, weights=fit.weights, method="inverted_cdf")
    assert found.days_below_target_per_year.high == pytest.approx(high, abs=8)
    ratio = found.peak_g_per_L.median / found.trough_g_per_L.median
    assert found.peak_to_trough.median == pytest.approx(ratio, rel=0.02)


def test_a_change_of_route_keeps_area_and_trough(fit: IndividualFit) -> None:
    old = Dosing(amount_g=30, interval_day=28)
    found = convert(fit, old, route="sc", interval_day=7.0)
    # CL · AUC = F · dose: only bioavailability (0.705) counts
    assert found.same_area_factor.median == pytest.approx(1 / 0.705)
    assert found.same_area_g.median == pytest.approx(30 / 4 / 0.705)
    typical = replace(fit, parameters=fit.typical, weights=np.ones(1))
    amount_g = convert(typical, old, route="sc", interval_day=7.0).same_trough_g.median
    new = Dosing(amount_g=amount_g, interval_day=7.0, route="sc")
    troughs = [
        steady_exogenous_g_per_L(fit.typical, cycle_trains(one), np.zeros(1))[0, 0]
        for one in (old, new)
    ]
    assert troughs[0] == pytest.approx(troughs[1])
    assert found.same_trough_factor.median == pytest.approx(found.same_trough_g.median / 7.5)


def test_the_same_route_needs_the_same(fit: IndividualFit) -> None:
    old = Dosing(amount_g=30, interval_day=28)
    found = convert(fit, old, route="iv", interval_day=28.0)
    for interval in (found.same_area_g, found.same_trough_g):
        assert (interval.low, interval.high) == pytest.approx((30, 30))


def test_amounts_that_vials_make() -> None:
    assert whole_vial_amounts_g((), 3.0) == (1.0, 2.0, 3.0)
    odd = [Vial(amount_g=g, volume_mL=1) for g in (1.65, 4.0)]
    assert whole_vial_amounts_g(odd, 6) == (1.65, 3.3, 4.0, 4.95, 5.65)


@pytest.mark.parametrize(
    ("trough", "probability"), [(8.0, 0.0), (8.0, 1.0), (0.0, 0.8), (-2.0, 0.8)]
)
def test_an_impossible_question_is_refused(
    trough: float, probability: float, fit: IndividualFit
) -> None:
    with pytest.raises(InputError):
        search(fit, (IV,), trough_g_per_L=trough, probability=probability)


def test_a_course_or_a_model_without_variability_is_refused(
    fit: IndividualFit, knowledge: Knowledge
) -> None:
    course = Dosing(amount_g=30, interval_day=None)
    with pytest.raises(InputError, match="repeats"):
        convert(fit, course, route="sc", interval_day=7.0)
    with pytest.raises(InputError, match="no steady state"):
        outcome(fit, course, trough_g_per_L=8.0, probability=0.8)
    typical = individualise(knowledge.models["landersdorfer_2013"], ADULT, (), ())
    with pytest.raises(InputError, match="published variability"):
        search(typical, (IV,), trough_g_per_L=8.0, probability=0.8)
