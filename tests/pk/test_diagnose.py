"""Planted slips are found and named; what was learned is told from what was not."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import norm

from ivig.knowledge import Knowledge
from ivig.patient import Dose, Patient, ProteinLoss, Sample
from ivig.pk.aberrant import expected_level
from ivig.pk.concentration import total_g_per_L
from ivig.pk.diagnose import check_levels, learned, population_prior, weaker_prior
from ivig.pk.individualise import individualise
from ivig.pk.likelihood import residual_sd_g_per_L
from ivig.pk.parameters import covariates, log_sd, parameters, typical_values
from ivig.pk.schedule import history_trains
from ivig.pk.varying import Era, varying_levels

ADULT = Patient(
    diagnosis="cvid", weight_kg=70, height_cm=172, sex="male", age_year=45, doses=(), levels=()
)
DOSES = [Dose(time_day=-28.0 * (12 - i), amount_g=56, duration_h=4) for i in range(12)]
DAYS = (-112.0, -84.0, -56.0, -28.0, 0.0)


def typical_levels(
    knowledge: Knowledge, doses: list[Dose], days: tuple[float, ...] = DAYS
) -> list[Sample]:
    """What the typical patient of the model would have, without error."""
    model = knowledge.models["navarro_mora_2022"]
    found = parameters(typical_values(model, covariates(ADULT)))
    levels = total_g_per_L(found, history_trains(doses), np.array(days))[0]
    return [Sample(time_day=d, igg_g_per_L=float(y)) for d, y in zip(days, levels, strict=True)]


def planted(samples: list[Sample], index: int, level: float) -> list[Sample]:
    return [replace(s, igg_g_per_L=level) if i == index else s for i, s in enumerate(samples)]


def test_levels_that_agree_are_left_alone(knowledge: Knowledge) -> None:
    checks = check_levels(
        knowledge.models["navarro_mora_2022"], ADULT, DOSES, typical_levels(knowledge, DOSES)
    )
    assert [check.time_day for check in checks] == list(DAYS)
    assert not any(check.outside or check.explanations for check in checks)
    assert all("agrees" in check.text for check in checks)


@pytest.mark.parametrize(("index", "factor"), [(4, 0.1), (1, 0.1), (4, 10.0), (2, 0.01)])
def test_a_tenfold_slip_is_flagged_and_named_first(
    index: int, factor: float, knowledge: Knowledge
) -> None:
    samples = typical_levels(knowledge, DOSES)
    bad = planted(samples, index, samples[index].igg_g_per_L * factor)
    checks = check_levels(knowledge.models["navarro_mora_2022"], ADULT, DOSES, bad)
    assert [i for i, check in enumerate(checks) if check.outside] == [index]
    assert checks[index].explanations[0].kind == "wrong_unit"
    assert f"{samples[index].igg_g_per_L:.3g} g/L was meant" in checks[index].text


@pytest.mark.parametrize("model", ["navarro_mora_2022", "li_2022"])
def test_a_missed_dose_is_ranked_first(model: str, knowledge: Knowledge) -> None:
    given = DOSES[:-1]
    samples = [*typical_levels(knowledge, DOSES)[:-1], *typical_levels(knowledge, given, (0.0,))]
    checks = check_levels(knowledge.models[model], ADULT, DOSES, samples)
    assert checks[-1].outside
    assert checks[-1].explanations[0].kind == "missed_dose"
    assert "day -28 was missed" in checks[-1].text


def test_a_peak_taken_for_a_trough(knowledge: Knowledge) -> None:
    samples = typical_levels(knowledge, DOSES)
    peak = typical_levels(knowledge, DOSES, (-28.0 + 4 / 24,))[0].igg_g_per_L
    checks = check_levels(
        knowledge.models["navarro_mora_2022"], ADULT, DOSES, planted(samples, 3, peak)
    )
    assert checks[3].outside
    assert checks[3].explanations[0].kind == "peak_for_trough"


def test_earlier_doses_that_are_not_listed(knowledge: Knowledge) -> None:
    weekly = [Dose(time_day=-7.0 * i, amount_g=12, route="sc") for i in range(60, 0, -1)]
    samples = typical_levels(knowledge, weekly, (0.0,))
    checks = check_levels(knowledge.models["navarro_mora_2022"], ADULT, weekly[-2:], samples)
    assert checks[0].outside
    assert checks[0].explanations[0].kind == "unrecorded_doses"


def test_a_wrong_date(knowledge: Knowledge) -> None:
    samples = typical_levels(knowledge, DOSES)
    week_after = typical_levels(knowledge, DOSES, (-21.0,))[0].igg_g_per_L
    checks = check_levels(
        knowledge.models["navarro_mora_2022"], ADULT, DOSES, planted(samples, 3, week_after)
    )
    assert checks[3].outside
    assert checks[3].explanations[0].kind == "wrong_date"
    assert "7 days later" in checks[3].text


def test_protein_loss_explains_a_fall(knowledge: Knowledge) -> None:
    """Clearance four times as high since the level before last; the dose was given."""
    model = knowledge.models["navarro_mora_2022"]
    person = parameters(typical_values(model, covariates(ADULT)))
    loss = ProteinLoss(
        start_day=-28.0, end_day=None, CL_loss_L_per_day=3 * float(person.CL_L_per_day[0])
    )
    era = Era(start_day=-400.0, parameters=person)
    low = varying_levels((era,), DOSES, np.array([0.0]), losses=(loss,)).total_g_per_L[0, 0]
    samples = planted(typical_levels(knowledge, DOSES), 4, float(low))
    check = check_levels(model, ADULT, DOSES, samples)[4]
    assert check.outside
    assert check.explanations[0].kind == "protein_loss"
    assert "since day -28: clearance 4 times" in check.explanations[0].text
    assert check.explanations[0].predicted_g_per_L == pytest.approx(float(low), rel=0.05)


def test_the_interval_is_the_mixture_of_normals(knowledge: Knowledge) -> None:
    fit = individualise(
        knowledge.models["navarro_mora_2022"], ADULT, DOSES, typical_levels(knowledge, DOSES)[:2]
    )
    found = expected_level(fit, Sample(time_day=0, igg_g_per_L=9.0))
    predicted = total_g_per_L(fit.parameters, fit.past, np.array([0.0]))[:, 0]
    assert fit.residual is not None
    sd = residual_sd_g_per_L(fit.residual, predicted)
    for level, share in (
        (found.interval_g_per_L.low, 0.025),
        (found.interval_g_per_L.high, 0.975),
    ):
        assert fit.weights @ norm.cdf(level, predicted, sd) == pytest.approx(share, abs=1e-6)
    width = found.interval_g_per_L.high - found.interval_g_per_L.low
    away = abs(9.0 - found.interval_g_per_L.median) / (width / 2 / 1.96)
    assert found.away_sd == pytest.approx(away)


def test_a_level_below_the_limit_is_checked_too(knowledge: Knowledge) -> None:
    samples = typical_levels(knowledge, DOSES)
    below = [*samples[:-1], replace(samples[-1], igg_g_per_L=2.0, below_limit=True)]
    fine = [*samples[:-1], replace(samples[-1], igg_g_per_L=40.0, below_limit=True)]
    model = knowledge.models["navarro_mora_2022"]
    assert check_levels(model, ADULT, DOSES, below)[-1].outside
    assert not check_levels(model, ADULT, DOSES, fine)[-1].outside


def test_a_level_before_treatment_is_not_checked(knowledge: Knowledge) -> None:
    samples = [Sample(time_day=-400, igg_g_per_L=4.0), *typical_levels(knowledge, DOSES)]
    checks = check_levels(knowledge.models["navarro_mora_2022"], ADULT, DOSES, samples)
    assert [check.time_day for check in checks] == list(DAYS)


def test_a_model_that_cannot_learn_checks_nothing(knowledge: Knowledge) -> None:
    samples = typical_levels(knowledge, DOSES)
    assert check_levels(knowledge.models["landersdorfer_2013"], ADULT, DOSES, samples) == ()


def test_what_was_learned(knowledge: Knowledge) -> None:
    model, samples = knowledge.models["navarro_mora_2022"], typical_levels(knowledge, DOSES)
    fit = individualise(model, ADULT, DOSES, samples)
    prior = population_prior(model, ADULT, DOSES, samples, fit)
    rows = {row.name: row for row in learned(prior, fit)}
    assert rows["clearance"].status == "estimated"
    assert rows["central volume"].status == "not_estimable"
    assert rows["own IgG"].status == "fixed"
    assert "absorption rate" not in rows
    logs = np.log(fit.parameters.CL_L_per_day)
    variance = fit.weights @ (logs - fit.weights @ logs) ** 2
    share = variance / log_sd(28.9) ** 2
    assert rows["clearance"].shrinkage_percent == pytest.approx(100 * share, rel=0.05)


def test_without_levels_nothing_was_learned(knowledge: Knowledge) -> None:
    model = knowledge.models["navarro_mora_2022"]
    fit = individualise(model, ADULT, DOSES, ())
    rows = learned(population_prior(model, ADULT, DOSES, (), fit), fit)
    assert {row.status for row in rows} == {"not_estimable", "fixed"}
    assert {row.shrinkage_percent for row in rows} == {100.0, None}


def test_a_weaker_prior_has_twice_the_spread_and_the_same_edges(knowledge: Knowledge) -> None:
    for name in ("navarro_mora_2022", "zhang_2020"):
        model = knowledge.models[name]
        for old, new in zip(model.variability, weaker_prior(model).variability, strict=True):
            before, after = log_sd(old.value.cv_percent), log_sd(new.value.cv_percent)
            assert after == pytest.approx(2 * before)
            if old.value.truncate_sd is not None:
                assert new.value.truncate_sd is not None
                assert new.value.truncate_sd * after == pytest.approx(
                    old.value.truncate_sd * before
                )


def test_a_weaker_prior_lets_the_levels_speak(knowledge: Knowledge) -> None:
    model = knowledge.models["navarro_mora_2022"]
    low = [
        replace(s, igg_g_per_L=0.6 * s.igg_g_per_L) for s in typical_levels(knowledge, DOSES)[-2:]
    ]
    fits = [individualise(one, ADULT, DOSES, low) for one in (model, weaker_prior(model))]
    clearance = [float(fit.weights @ fit.parameters.CL_L_per_day) for fit in fits]
    assert clearance[1] > clearance[0]
