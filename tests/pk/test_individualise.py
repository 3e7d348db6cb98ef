"""The individual posterior against quadrature on a grid, and what it must never do."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivig.errors import FitError, InputError, OutsideModelDomain
from ivig.knowledge import Knowledge
from ivig.patient import Dose, Patient, Sample
from ivig.pk.concentration import total_g_per_L
from ivig.pk.individualise import IndividualFit, individualise
from ivig.pk.likelihood import Levels, negative_log_likelihood
from ivig.pk.parameters import covariates, log_sd, parameters, typical_values
from ivig.pk.population import PopulationModel
from ivig.pk.schedule import history_trains

ADULT = Patient(
    diagnosis="cvid", weight_kg=70, height_cm=172, sex="male", age_year=45, doses=(), levels=()
)
CHILD = Patient(diagnosis="xla", weight_kg=20, height_cm=115, sex="male", age_year=6)


def doses(amount_g: float, interval_day: float, n: int, route: str = "iv") -> list[Dose]:
    length = 3.0 if route == "iv" else None
    return [
        Dose(time_day=-interval_day * (n - i), amount_g=amount_g, route=route, duration_h=length)
        for i in range(n)
    ]


def samples(*levels: float, interval_day: float = 28.0, below: bool = False) -> list[Sample]:
    """Troughs, the last one today."""
    last = len(levels) - 1
    return [
        Sample(time_day=-interval_day * (last - i), igg_g_per_L=level, below_limit=below)
        for i, level in enumerate(levels)
    ]


def quadrature(
    model: PopulationModel,
    patient: Patient,
    given: Sequence[Dose],
    levels: Sequence[Sample],
    fit: IndividualFit,
    names: tuple[str, ...],
) -> tuple[np.ndarray, np.ndarray]:
    """Posterior mean and SD of some effects by brute force, ±6 ω on a grid."""
    assert model.residual is not None
    spread = {fact.value.parameter: fact.value for fact in model.variability}
    typical = typical_values(model, covariates(patient))
    sd = []
    for name in names:
        own = name == "BL" and fit.baseline.log_sd is not None
        sd.append(fit.baseline.log_sd if own else log_sd(spread[name].cv_percent))
    if fit.baseline.igg_g_per_L is not None:
        typical["BL"] = fit.baseline.igg_g_per_L
    axes = []
    for name, width in zip(names, sd, strict=True):
        cut = spread[name].truncate_sd if name in spread else None
        axes.append(np.linspace(-1, 1, 61) * width * (cut or 6.0))
    grid = np.array(list(product(*axes)))
    data = Levels(
        time_day=np.array([s.time_day for s in levels]),
        igg_g_per_L=np.array([s.igg_g_per_L for s in levels]),
        below_limit=np.array([s.below_limit for s in levels]),
    )
    predicted = total_g_per_L(
        parameters(typical, names, grid), history_trains(given), data.time_day
    )
    log_density = -negative_log_likelihood(model.residual.value, data, predicted)
    log_density -= 0.5 * ((grid / np.array(sd)) ** 2).sum(axis=1)
    weight = np.exp(log_density - log_density.max())
    weight /= weight.sum()
    mean = weight @ grid
    return mean, np.sqrt(weight @ (grid - mean) ** 2)


CASES = {
    "two troughs": ("navarro_mora_2022", ADULT, doses(28, 28, 8), samples(7.0, 7.4), ("CL", "Vc")),
    "low troughs": ("navarro_mora_2022", ADULT, doses(28, 28, 8), samples(4.6, 4.8), ("CL", "Vc")),
    "lean mass": ("li_2022", ADULT, doses(35, 21, 6), samples(12.0, interval_day=21), ("CL", "Vc")),
    "below the limit": (
        "navarro_mora_2022",
        ADULT,
        doses(20, 28, 4),
        samples(5.0, 5.0, below=True),
        ("CL", "Vc"),
    ),
    "own baseline estimated": (
        "cheng_2026",
        CHILD,
        doses(8, 21, 6),
        samples(8.8, 9.1, 9.0, interval_day=21),
        ("CL", "Vp", "BL"),
    ),
    "own baseline measured": (
        "tortorici_2021_cidp",
        replace(ADULT, diagnosis="cidp", weight_kg=80, baseline_igg_g_per_L=11.0),
        doses(80, 21, 6),
        samples(17.0, 18.2, interval_day=21),
        ("CL", "Vc", "BL"),
    ),
    "weekly under the skin": (
        "navarro_mora_2022",
        CHILD,
        doses(2.5, 7, 20, "sc"),
        samples(9.5, 9.9, interval_day=7),
        ("CL", "Vc", "KA"),
    ),
    "spread cut off": (
        "tortorici_2019",
        replace(ADULT, age_year=66),
        doses(28, 28, 6),
        samples(6.5, 7.5),
        ("CL", "Vc"),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_posterior_is_the_quadrature(name: str, knowledge: Knowledge) -> None:
    model_id, patient, given_doses, levels, names = CASES[name]
    model = knowledge.models[model_id]
    fit = individualise(model, patient, given_doses, levels)
    mean, sd = quadrature(model, patient, given_doses, levels, fit, names)
    columns = [fit.eta_names.index(column) for column in names]
    draws = fit.draws[:, columns]
    found_mean = fit.weights @ draws
    found_sd = np.sqrt(fit.weights @ (draws - found_mean) ** 2)
    assert fit.converged
    assert fit.ess >= 400
    assert np.abs(found_mean - mean).max() < 0.1 * sd.min()
    np.testing.assert_allclose(found_sd, sd, rtol=0.1)


def test_levels_narrow_what_they_inform(knowledge: Knowledge) -> None:
    model = knowledge.models["navarro_mora_2022"]
    prior = individualise(model, ADULT, doses(28, 28, 8), ())
    fit = individualise(model, ADULT, doses(28, 28, 8), samples(7.0, 7.2, 6.9))
    column = prior.eta_names.index("CL")
    mean = fit.weights @ fit.draws[:, column]
    after = np.sqrt(fit.weights @ (fit.draws[:, column] - mean) ** 2)
    assert after < 0.5 * prior.draws[:, column].std()
    absorption = prior.eta_names.index("KA")
    assert fit.weights @ fit.draws[:, absorption] ** 2 == pytest.approx(0.517, rel=0.15)


def test_high_levels_mean_slow_clearance(knowledge: Knowledge) -> None:
    model, given_doses = knowledge.models["navarro_mora_2022"], doses(28, 28, 8)
    slow = individualise(model, ADULT, given_doses, samples(11.0))
    fast = individualise(model, ADULT, given_doses, samples(6.0))
    column = slow.eta_names.index("CL")
    assert slow.eta[column] < 0 < fast.eta[column]


def test_the_same_input_gives_the_same_posterior(knowledge: Knowledge) -> None:
    model = knowledge.models["li_2022"]
    first, second = (
        individualise(model, ADULT, doses(28, 28, 8), samples(8.0, 8.8)) for _ in range(2)
    )
    assert first.draws.tobytes() == second.draws.tobytes()
    assert first.weights.tobytes() == second.weights.tobytes()


def test_without_levels_the_prior_is_sampled(knowledge: Knowledge) -> None:
    fit = individualise(knowledge.models["zhang_2020"], ADULT, (), ())
    assert (fit.method, fit.n_levels_used) == ("prior", 0)
    assert fit.ess == pytest.approx(fit.weights.size)
    np.testing.assert_allclose(fit.draws.mean(axis=0), 0, atol=1e-12)


def test_a_cut_off_spread_is_never_exceeded(knowledge: Knowledge) -> None:
    for levels in ((), samples(14.0), samples(5.0)):
        fit = individualise(knowledge.models["zhang_2020"], ADULT, doses(28, 28, 6), levels)
        for name, limit in (("Vc", log_sd(92.58)), ("Vp", log_sd(252.77))):
            held = fit.draws[fit.weights > 0, fit.eta_names.index(name)]
            assert np.abs(held).max() <= limit


def test_no_published_variability_gives_one_value(knowledge: Knowledge) -> None:
    fit = individualise(
        knowledge.models["landersdorfer_2013"], ADULT, doses(28, 28, 8), samples(9.0)
    )
    assert (fit.method, fit.has_interval, fit.draws.shape) == ("typical", False, (1, 0))
    assert "cannot learn" in fit.notes[-1]


def test_a_model_without_residual_error_keeps_its_prior(knowledge: Knowledge) -> None:
    fit = individualise(knowledge.models["luo_2020"], ADULT, doses(28, 28, 8), samples(9.0))
    assert (fit.method, fit.n_levels_used) == ("prior", 0)


def test_a_level_before_the_first_dose_is_own_igg_and_counts_once(knowledge: Knowledge) -> None:
    levels = [Sample(time_day=-300, igg_g_per_L=2.0), *samples(7.0)]
    fit = individualise(knowledge.models["navarro_mora_2022"], ADULT, doses(28, 28, 8), levels)
    assert (fit.baseline.kind, fit.n_levels_used) == ("patient", 1)
    assert np.exp(fit.weights @ np.log(fit.parameters.BL_g_per_L)) == pytest.approx(2.0, rel=0.3)


def test_a_level_on_treatment_is_never_own_igg(knowledge: Knowledge) -> None:
    fit = individualise(
        knowledge.models["navarro_mora_2022"], ADULT, doses(28, 28, 8), samples(9.0)
    )
    assert fit.baseline.kind == "model"
    assert (fit.parameters.BL_g_per_L == 4.0).all()


def test_a_named_untreated_level_comes_first(knowledge: Knowledge) -> None:
    patient = replace(ADULT, baseline_igg_g_per_L=1.5)
    fit = individualise(
        knowledge.models["navarro_mora_2022"], patient, doses(28, 28, 8), samples(8.0)
    )
    assert (fit.baseline.igg_g_per_L, fit.n_levels_used) == (1.5, 1)


def test_a_level_with_no_doses_listed_is_used_and_said(knowledge: Knowledge) -> None:
    patient = replace(ADULT, doses=None)
    fit = individualise(knowledge.models["navarro_mora_2022"], patient, (), samples(5.43))
    assert fit.baseline.igg_g_per_L == 5.43
    assert "list the doses" in fit.baseline.note


def test_an_undetectable_level_leaves_almost_no_own_igg(knowledge: Knowledge) -> None:
    level = [Sample(time_day=0, igg_g_per_L=0.0)]
    fit = individualise(knowledge.models["navarro_mora_2022"], ADULT, (), level)
    assert np.quantile(fit.parameters.BL_g_per_L, 0.95) < 0.5


def test_a_model_that_estimated_own_igg_warns_when_the_patient_has_less(
    knowledge: Knowledge,
) -> None:
    model = knowledge.models["li_2022"]
    low = individualise(model, replace(ADULT, baseline_igg_g_per_L=2.0), (), ())
    high = individualise(model, replace(ADULT, baseline_igg_g_per_L=8.0), (), ())
    assert "come out low" in low.baseline.note
    assert "come out low" not in high.baseline.note


def test_a_model_of_total_igg_adds_nothing(knowledge: Knowledge) -> None:
    patient = replace(ADULT, baseline_igg_g_per_L=6.0)
    fit = individualise(knowledge.models["dumas_2019"], patient, doses(28, 28, 8), samples(9.0))
    assert fit.baseline.kind == "included"
    assert (fit.parameters.BL_g_per_L == 0).all()


def test_a_model_that_needs_own_igg_says_so(knowledge: Knowledge) -> None:
    cidp = replace(ADULT, diagnosis="cidp", weight_kg=80)
    fit = individualise(knowledge.models["tortorici_2021_cidp"], cidp, doses(80, 21, 4), ())
    assert "needs the patient's own untreated level" in fit.notes[0]
    assert fit.parameters.BL_g_per_L.std() > 3


def test_a_model_not_shipped_is_refused_with_its_reason(knowledge: Knowledge) -> None:
    neonate = Patient(diagnosis="neonatal_sepsis", weight_kg=1.1, age_year=0.01)
    with pytest.raises(OutsideModelDomain, match="volumes contradict"):
        individualise(knowledge.models["tegenge_2020"], neonate, (), ())


def test_a_patient_outside_the_data_is_refused(knowledge: Knowledge) -> None:
    with pytest.raises(OutsideModelDomain, match="Q and Vp carry no weight term"):
        individualise(knowledge.models["zhang_2020"], CHILD, (), ())


def test_a_route_outside_the_data_is_refused(knowledge: Knowledge) -> None:
    with pytest.raises(OutsideModelDomain, match="not fsc"):
        individualise(knowledge.models["navarro_mora_2022"], ADULT, doses(40, 28, 3, "fsc"), ())


def test_levels_that_contradict_everything_are_an_error(knowledge: Knowledge) -> None:
    levels = [Sample(time_day=-1, igg_g_per_L=0.2), Sample(time_day=0, igg_g_per_L=90.0)]
    with pytest.raises(FitError, match="levels contradict the model or each other"):
        individualise(knowledge.models["zhang_2020"], ADULT, doses(28, 28, 8), levels * 20)


@pytest.mark.parametrize("level", [-1.0, float("nan")])
def test_an_impossible_level_is_refused(level: float, knowledge: Knowledge) -> None:
    with pytest.raises(InputError, match="igg_g_per_L"):
        individualise(
            knowledge.models["navarro_mora_2022"],
            ADULT,
            (),
            [Sample(time_day=0, igg_g_per_L=level)],
        )


@settings(max_examples=30)
@given(
    grams=st.floats(10, 80),
    level=st.floats(3, 25),
    later=st.floats(0.7, 1.4),
    model_id=st.sampled_from(["navarro_mora_2022", "li_2022", "zhang_2020", "dumas_2019"]),
)
def test_ordinary_levels_always_fit(
    grams: float, level: float, later: float, model_id: str, knowledge: Knowledge
) -> None:
    fit = individualise(
        knowledge.models[model_id], ADULT, doses(grams, 28, 10), samples(level, level * later)
    )
    assert fit.ess >= 400
    assert fit.weights.sum() == pytest.approx(1.0)
    assert np.isfinite(fit.draws).all()
