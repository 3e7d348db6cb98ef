"""Fits of patients who changed: against differential equations, and known truths found again."""

from dataclasses import replace

import numpy as np
import pytest
from tests.pk.ode import changing

from ivig.errors import InputError
from ivig.knowledge import Knowledge
from ivig.patient import DatedWeight, Dose, Patient, ProteinLoss, Sample
from ivig.pk.averaging import log_evidence
from ivig.pk.diagnose import check_levels
from ivig.pk.exposure import curve, predict_level, steady_trough
from ivig.pk.individualise import IndividualFit, individualise
from ivig.pk.likelihood import Levels, negative_log_likelihood
from ivig.pk.next_level import next_level
from ivig.pk.parameters import covariates, log_sd, typical_values
from ivig.pk.population import PopulationModel
from ivig.pk.quantile import weighted_quantiles
from ivig.pk.schedule import Dosing, expand

CHILD = Patient(diagnosis="xla", weight_kg=20, height_cm=115, sex="male", age_year=6)
WEIGHTS = tuple(
    DatedWeight(time_day=day, weight_kg=kg)
    for day, kg in zip(range(-1092, 1, 182), (10, 11.7, 13.4, 15, 16.7, 18.4, 20), strict=True)
)
ADULT = Patient(diagnosis="cvid", weight_kg=70, height_cm=172, sex="male", age_year=45)
PAST = (ProteinLoss(start_day=-300, end_day=-150, CL_loss_L_per_day=0.2),)
LASTING = (ProteinLoss(start_day=-300, CL_loss_L_per_day=0.2),)
BOTH = (*PAST, ProteinLoss(start_day=-100, CL_loss_L_per_day=0.05))
TROUGHS = (-924.0, -756.0, -588.0, -420.0, -252.0, -168.0, -84.0, 0.0)


def weight_on(day: float) -> float:
    return [WEIGHTS[0], *(one for one in WEIGHTS if one.time_day <= day)][-1].weight_kg


def growing_doses() -> tuple[Dose, ...]:
    """Half a gram a kilogram every four weeks, as the child was then."""
    days = [-1092.0 + 28 * i for i in range(39)]
    return tuple(Dose(time_day=day, amount_g=0.5 * weight_on(day), duration_h=3) for day in days)


def adult_doses(**kwargs) -> tuple[Dose, ...]:
    kwargs = {"duration_h": 3.0} | kwargs
    return tuple(Dose(time_day=-28.0 * (20 - i), amount_g=30, **kwargs) for i in range(20))


def truth(
    model: PopulationModel,
    patient: Patient,
    eta: dict[str, float],
    baseline_igg_g_per_L: float | None = None,
) -> list[tuple[float, dict[str, float]]]:
    """Parameters from each weight on, worked out apart from the fit."""
    dated = patient.weights or (DatedWeight(time_day=-400.0, weight_kg=patient.weight_kg),)
    found = []
    for one in dated:
        person = replace(patient, weight_kg=one.weight_kg, weights=())
        values = dict(typical_values(model, covariates(person)))
        if baseline_igg_g_per_L is not None:
            values["BL"] = baseline_igg_g_per_L
        found.append((one.time_day, {k: v * np.exp(eta.get(k, 0.0)) for k, v in values.items()}))
    return found


def simulated(
    model: PopulationModel,
    patient: Patient,
    doses: tuple[Dose, ...],
    eta: dict[str, float],
    days: tuple[float, ...],
) -> list[Sample]:
    infused, own = changing(truth(model, patient, eta), doses, days, patient.protein_loss)
    return [
        Sample(time_day=day, igg_g_per_L=level)
        for day, level in zip(days, (infused + own).tolist(), strict=True)
    ]


def clearance(fit: IndividualFit) -> float:
    return weighted_quantiles(fit.parameters.CL_L_per_day, fit.weights, (0.5,))[0]


CASES = {
    "growing": (replace(CHILD, weights=WEIGHTS), growing_doses()),
    "a loss": (replace(ADULT, protein_loss=BOTH), adult_doses()),
    "under the skin": (
        replace(ADULT, protein_loss=BOTH),
        adult_doses(route="sc", duration_h=None),
    ),
    "growing, a loss": (replace(CHILD, weights=WEIGHTS, protein_loss=BOTH), growing_doses()),
}


@pytest.mark.parametrize("name", CASES)
def test_past_and_future_levels_are_the_ode(name: str, knowledge: Knowledge) -> None:
    model = knowledge.models["navarro_mora_2022"]
    patient, doses = CASES[name]
    levels = simulated(model, patient, doses, {"CL": 0.2, "Vc": -0.1}, (-252.0, -84.0, 0.0))
    fit = individualise(model, patient, doses, levels)
    route = doses[-1].route
    planned = expand(Dosing(amount_g=12, interval_day=28, route=route), n_cycles=3)
    times = (-260.0, -200.0, -84.0, -0.5, 0.0, 3.0, 28.0, 60.0, 84.0)
    found = fit.levels(np.array(times), planned=planned)
    for draw in (0, 7):
        eta = dict(zip(fit.eta_names, fit.draws[draw].tolist(), strict=True))
        every = (*doses, *planned)
        infused, own = changing(truth(model, patient, eta), every, times, patient.protein_loss)
        np.testing.assert_allclose(found.exogenous_g_per_L[draw], infused, rtol=1e-8)
        np.testing.assert_allclose(found.own_g_per_L[draw], own, rtol=1e-8)


@pytest.mark.parametrize("name", ["growing", "a loss"])
def test_the_mode_is_that_of_the_ode(name: str, knowledge: Knowledge) -> None:
    model = knowledge.models["navarro_mora_2022"]
    assert model.residual is not None
    patient, doses = CASES[name]
    samples = simulated(model, patient, doses, {"CL": 0.3, "Vc": 0.2}, (-252.0, -140.0, 0.0))
    fit = individualise(model, patient, doses, samples)
    sd = {one.value.parameter: log_sd(one.value.cv_percent) for one in model.variability}
    levels = Levels(
        time_day=np.array([one.time_day for one in samples]),
        igg_g_per_L=np.array([one.igg_g_per_L for one in samples]),
        below_limit=np.zeros(3, dtype=bool),
    )

    def cost(CL: float, Vc: float) -> float:
        changes = truth(model, patient, {"CL": CL, "Vc": Vc})
        times = levels.time_day.tolist()
        infused, own = changing(changes, doses, times, patient.protein_loss)
        misfit = negative_log_likelihood(model.residual.value, levels, (infused + own)[None])
        return float(misfit[0]) + 0.5 * ((CL / sd["CL"]) ** 2 + (Vc / sd["Vc"]) ** 2)

    at = dict(zip(fit.eta_names, fit.eta.tolist(), strict=True))
    least = cost(at["CL"], at["Vc"])
    for step in (-0.01, 0.01):
        assert cost(at["CL"] + step, at["Vc"]) > least
        assert cost(at["CL"], at["Vc"] + step) > least


@pytest.mark.parametrize("true_eta", [-0.3, 0.0, 0.3])
def test_a_growing_child_s_clearance_is_found(true_eta: float, knowledge: Knowledge) -> None:
    model = knowledge.models["navarro_mora_2022"]
    patient, doses = CASES["growing"]
    samples = simulated(model, patient, doses, {"CL": true_eta}, TROUGHS)
    true = truth(model, patient, {"CL": true_eta})[-1][1]["CL"]
    dated = individualise(model, patient, doses, samples)
    last_only = individualise(model, CHILD, doses, samples)
    error, rough = (abs(clearance(fit) / true - 1.0) for fit in (dated, last_only))
    assert error < 0.03
    assert rough > 3 * error
    checks = check_levels(model, patient, doses, samples)
    assert [check.outside for check in checks] == [False] * len(TROUGHS)
    better, _ = log_evidence(model, dated, samples)
    worse, _ = log_evidence(model, last_only, samples)
    assert better > worse


def test_clearance_is_found_through_a_loss(knowledge: Knowledge) -> None:
    model = knowledge.models["navarro_mora_2022"]
    days = (-280.0, -224.0, -168.0, -140.0, -84.0, 0.0)
    for losses in (PAST, LASTING, BOTH):
        patient = replace(ADULT, protein_loss=losses)
        samples = simulated(model, patient, adult_doses(), {"CL": 0.2}, days)
        own = truth(model, patient, {"CL": 0.2})[0][1]["CL"]
        still = sum(loss.CL_loss_L_per_day for loss in losses if loss.end_day is None)
        fit = individualise(model, patient, adult_doses(), samples)
        # with the loss as large as the clearance, the levels leave a little to the population
        assert clearance(fit) == pytest.approx(own + still, rel=0.06)
        blind = individualise(model, ADULT, adult_doses(), samples)
        assert abs(clearance(blind) / (own + still) - 1) > abs(clearance(fit) / (own + still) - 1)


def test_what_is_to_come_settles_at_the_steady_state_of_the_fit(knowledge: Knowledge) -> None:
    model = knowledge.models["navarro_mora_2022"]
    patient = replace(CHILD, weights=WEIGHTS, protein_loss=BOTH)
    samples = simulated(model, patient, growing_doses(), {"CL": 0.1}, (-84.0, 0.0))
    fit = individualise(model, patient, growing_doses(), samples)
    dosing = Dosing(amount_g=10, interval_day=28, duration_h=3)
    planned = expand(dosing, n_cycles=60)
    late, _ = predict_level(fit, planned, 28.0 * 59)
    assert late.median == pytest.approx(steady_trough(fit, dosing).median, rel=1e-6)
    drawn = curve(fit, planned, time_day=[28.0 * 59])
    assert drawn.median_g_per_L[0] == pytest.approx(late.median, rel=0.02)
    advice = next_level(fit, growing_doses(), dosing)
    assert advice is not None
    assert 0.0 <= advice.best.narrowing_fraction <= 1.0


def test_an_untreated_level_during_a_loss_is_that_level(knowledge: Knowledge) -> None:
    model = knowledge.models["navarro_mora_2022"]
    patient = replace(ADULT, protein_loss=LASTING)
    doses = tuple(Dose(time_day=-28.0 * (3 - i), amount_g=30) for i in range(3))
    untreated = Sample(time_day=-90, igg_g_per_L=3.0)
    fit = individualise(model, patient, doses, [untreated, Sample(time_day=0, igg_g_per_L=5.5)])
    own = fit.levels(np.array([-90.0])).own_g_per_L[:, 0]
    which = fit.eta_names.index("BL")
    np.testing.assert_allclose(own, 3.0 * np.exp(fit.draws[:, which]), rtol=1e-10)
    assert np.all(fit.course.eras[0].parameters.BL_g_per_L > own)
    assert any("worked out from it" in note for note in fit.notes)
    before = individualise(model, patient, doses, [replace(untreated, time_day=-310)])
    np.testing.assert_allclose(
        before.course.eras[0].parameters.BL_g_per_L,
        3.0 * np.exp(before.draws[:, before.eta_names.index("BL")]),
    )
    named = individualise(model, replace(patient, baseline_igg_g_per_L=3.0), doses, ())
    assert any("as that without the loss" in note for note in named.notes)


def test_given_by_name_they_take_the_place_of_the_patient_s(knowledge: Knowledge) -> None:
    model = knowledge.models["navarro_mora_2022"]
    patient, doses = CASES["growing, a loss"]
    samples = [Sample(time_day=0, igg_g_per_L=6.0)]
    own = individualise(model, patient, doses, samples)
    named = individualise(model, CHILD, doses, samples, weights=WEIGHTS, losses=BOTH)
    np.testing.assert_array_equal(own.parameters.CL_L_per_day, named.parameters.CL_L_per_day)
    assert own.notes == named.notes


def test_nothing_dated_or_one_weight_is_the_plain_fit(knowledge: Knowledge) -> None:
    model = knowledge.models["navarro_mora_2022"]
    samples = [Sample(time_day=0, igg_g_per_L=8.0)]
    plain = individualise(model, ADULT, adult_doses(), samples)
    assert plain.course is None
    same = (DatedWeight(time_day=-200, weight_kg=70),)
    again = individualise(model, ADULT, adult_doses(), samples, weights=same)
    assert again.course is None
    np.testing.assert_array_equal(plain.draws, again.draws)


def test_the_weight_of_now_holds_from_day_0(knowledge: Knowledge) -> None:
    earlier = (DatedWeight(time_day=-200, weight_kg=60),)
    patient = replace(ADULT, weights=earlier)
    fit = individualise(knowledge.models["navarro_mora_2022"], patient, adult_doses(), ())
    assert [era.start_day for era in fit.course.eras] == [-200, 0]
    plain = individualise(knowledge.models["navarro_mora_2022"], ADULT, adult_doses(), ())
    np.testing.assert_array_equal(plain.parameters.CL_L_per_day, fit.parameters.CL_L_per_day)


def test_a_weight_outside_the_data_is_said_and_does_not_refuse(knowledge: Knowledge) -> None:
    patient, doses = CASES["growing"]
    fit = individualise(knowledge.models["navarro_mora_2022"], patient, doses, ())
    assert any("used for the past alone" in note for note in fit.notes)
    lean = individualise(knowledge.models["li_2022"], patient, doses, ())
    assert any("height and age of now" in note for note in lean.notes)


def test_weights_out_of_order_are_refused(knowledge: Knowledge) -> None:
    with pytest.raises(InputError, match=r"weights\[1\].time_day"):
        individualise(knowledge.models["navarro_mora_2022"], CHILD, (), (), weights=WEIGHTS[1::-1])


def test_no_model_has_albumin_as_a_covariate(knowledge: Knowledge) -> None:
    scaled = {fact.value.covariate for model in knowledge.models.values() for fact in model.powers}
    assert scaled <= {"weight_kg", "lean_body_mass_kg", "igm_g_per_L"}
