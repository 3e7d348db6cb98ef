"""The expected fall of variance against simulation, and the day it points to."""

from dataclasses import replace

import numpy as np
import pytest

from ivig.knowledge import Knowledge
from ivig.patient import Dose, Patient, Sample
from ivig.pk.concentration import exogenous_g_per_L, steady_exogenous_g_per_L
from ivig.pk.current import current_dosing, planned_doses
from ivig.pk.individualise import individualise
from ivig.pk.likelihood import residual_sd_g_per_L
from ivig.pk.next_level import next_level, variance_fall
from ivig.pk.schedule import cycle_trains, history_trains

ADULT = Patient(
    diagnosis="cvid", weight_kg=70, height_cm=172, sex="male", age_year=45, doses=(), levels=()
)
DOSES = [Dose(time_day=-28.0 * (8 - i), amount_g=28, duration_h=3) for i in range(8)]


def test_two_normals_by_hand() -> None:
    rng = np.random.default_rng(5)
    target = rng.standard_normal(200_000)
    level = 0.8 * target + 0.6 * rng.standard_normal(200_000)
    weights = np.full(target.size, 1 / target.size)
    found = variance_fall(target, level[:, None], np.array([1.0]), weights)
    assert found == pytest.approx([0.64 / 2.0], abs=0.01)


def test_a_target_that_is_known_cannot_fall() -> None:
    weights = np.full(4, 0.25)
    assert variance_fall(np.ones(4), np.eye(4), np.ones(4), weights) == pytest.approx(np.zeros(4))


def test_the_formula_is_the_simulated_fall(knowledge: Knowledge) -> None:
    """Brute force: a true patient among the draws, a level with error, the draws weighed anew."""
    model = knowledge.models["navarro_mora_2022"]
    fit = individualise(model, ADULT, DOSES, [Sample(time_day=0, igg_g_per_L=9.0)])
    dosing = current_dosing(DOSES)
    assert dosing is not None
    assert fit.residual is not None
    found = next_level(fit, DOSES, dosing)
    assert found is not None
    day = found.best.time_day
    trains = (*fit.past, *history_trains(planned_doses(DOSES, dosing, until_day=84)))
    own = fit.parameters.BL_g_per_L
    level = own + exogenous_g_per_L(fit.parameters, trains, np.array([day]))[:, 0]
    trough = own + steady_exogenous_g_per_L(fit.parameters, cycle_trains(dosing), np.zeros(1))[:, 0]
    sd = residual_sd_g_per_L(fit.residual, level)
    rng = np.random.default_rng(11)
    before = fit.weights @ (trough - fit.weights @ trough) ** 2
    after = []
    for truth in rng.choice(level.size, size=1500, p=fit.weights):
        measured = level[truth] + sd[truth] * rng.standard_normal()
        weights = fit.weights * np.exp(-0.5 * ((measured - level) / sd) ** 2) / sd
        weights /= weights.sum()
        after.append(weights @ (trough - weights @ trough) ** 2)
    simulated = 1 - np.mean(after) / before
    assert found.best.variance_fall_fraction == pytest.approx(simulated, abs=0.05)


def test_the_more_levels_the_less_another_tells(knowledge: Knowledge) -> None:
    model = knowledge.models["navarro_mora_2022"]
    dosing = current_dosing(DOSES)
    assert dosing is not None
    told = []
    for n in (0, 1, 3, 7):
        levels = [Sample(time_day=-28.0 * i, igg_g_per_L=9.0) for i in reversed(range(n))]
        found = next_level(individualise(model, ADULT, DOSES, levels), DOSES, dosing)
        assert found is not None
        told.append(found.best.narrowing_fraction)
    assert told == sorted(told, reverse=True)


def test_not_worth_it_when_the_patient_is_known(knowledge: Knowledge) -> None:
    model = knowledge.models["navarro_mora_2022"]
    assert model.residual is not None
    levels = [Sample(time_day=-7.0 * i, igg_g_per_L=9.0) for i in reversed(range(24))]
    fit = individualise(model, ADULT, DOSES, levels)
    dosing = current_dosing(DOSES)
    assert dosing is not None
    found = next_level(fit, DOSES, dosing)
    assert found is not None
    assert not found.worth_it
    assert max(one.narrowing_fraction for one in found.candidates) < 0.1


def test_days_are_of_the_regimen(knowledge: Knowledge) -> None:
    model = knowledge.models["navarro_mora_2022"]
    dosing = current_dosing(DOSES)
    assert dosing is not None
    found = next_level(individualise(model, ADULT, DOSES, ()), DOSES, dosing)
    assert found is not None
    moments = {one.time_day: one.moment for one in found.candidates}
    assert (moments[28.0], moments[31.0], moments[42.0]) == ("trough", "after_peak", "mid_interval")
    assert found.next_trough is not None
    assert found.next_trough.time_day == 28.0
    assert (min(moments), max(moments)) == (0.0, 84.0)


def test_no_variability_no_answer(knowledge: Knowledge) -> None:
    fit = individualise(knowledge.models["landersdorfer_2013"], ADULT, DOSES, ())
    dosing = current_dosing(DOSES)
    assert dosing is not None
    assert next_level(fit, DOSES, dosing) is None


def test_the_current_regimen_is_read_from_the_doses() -> None:
    assert current_dosing(()) is None
    assert current_dosing(DOSES[:1]) is None
    split = [
        Dose(time_day=day, amount_g=g) for day, g in ((-56, 70), (-55, 70), (-28, 60), (-27, 60))
    ]
    found = current_dosing(split)
    assert found is not None
    assert (found.amount_g, found.interval_day, found.split_days) == (120, 28, 2)
    daily = [Dose(time_day=float(-i), amount_g=2, route="sc") for i in range(5, 0, -1)]
    found = current_dosing(daily)
    assert found is not None
    assert (found.amount_g, found.interval_day, found.split_days) == (2, 1, 1)
    late = planned_doses([replace(DOSES[-1], time_day=-60)], found, until_day=3)
    assert [dose.time_day for dose in late] == [0.0, 1.0, 2.0, 3.0]
