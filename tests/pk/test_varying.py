"""Changing patients against the differential equations, and against the constant closed form."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.pk.ode import changing

from ivig.errors import InputError, OutsideModelDomain
from ivig.knowledge import Knowledge
from ivig.patient import DatedWeight, Dose, Patient, ProteinLoss
from ivig.pk.concentration import exogenous_g_per_L, total_g_per_L
from ivig.pk.parameters import parameters
from ivig.pk.schedule import history_trains
from ivig.pk.varying import (
    Era,
    eras,
    varying_levels,
    weighed,
    with_lasting_loss,
)

TWO = {"CL": 0.15, "Vc": 3.0, "Q": 0.5, "Vp": 2.5, "KA": 0.25, "F_SC": 0.7, "F_fSC": 0.8, "BL": 4.0}
ONE = {name: value for name, value in TWO.items() if name not in ("Q", "Vp")}
TIMES = np.array([0.03, 0.125, 0.6, 5.5, 20.0, 21.0, 21.05, 40.0, 50.0, 90.0, 120.0, 200.0])
LOSSES = (
    ProteinLoss(start_day=10, end_day=60, CL_loss_L_per_day=0.4),
    ProteinLoss(start_day=50, end_day=None, CL_loss_L_per_day=0.1),
)


def dose(day: float, grams: float = 28.0, **kwargs) -> Dose:
    return Dose(time_day=day, amount_g=grams, **kwargs)


DOSES = {
    "vein": [dose(21 * i, duration_h=3) for i in range(6)],
    "at once": [dose(21 * i) for i in range(6)],
    "skin": [dose(7 * i, 9, route="sc") for i in range(17)],
    "both": [dose(0, duration_h=3), dose(21, duration_h=5)]
    + [dose(28 + 7 * i, 9, route="sc") for i in range(6)]
    + [dose(80, 40, route="fsc")],
    "overlapping": [dose(0, duration_h=24), dose(0.5, 20, duration_h=24), dose(49.9, duration_h=24)],
    "none": [],
}  # fmt: skip


def heavier(values: dict[str, float], factor: float) -> dict[str, float]:
    powers = {"CL": 0.75, "Q": 0.75, "Vc": 1.0, "Vp": 1.0}
    return {name: value * factor ** powers.get(name, 0.0) for name, value in values.items()}


def steps(values: dict[str, float]) -> list[tuple[float, dict[str, float]]]:
    return [(0.0, values), (30.0, heavier(values, 1.2)), (100.0, heavier(values, 1.5))]


def test_constant_parameters_are_the_closed_form() -> None:
    for values in (ONE, TWO):
        person = parameters(values)
        for doses in DOSES.values():
            found = varying_levels([Era(start_day=0, parameters=person)], doses, TIMES)
            infused = exogenous_g_per_L(person, history_trains(doses), TIMES)
            np.testing.assert_allclose(found.exogenous_g_per_L, infused, rtol=1e-10, atol=1e-13)
            total = total_g_per_L(person, history_trains(doses), TIMES)
            np.testing.assert_allclose(found.total_g_per_L, total, rtol=1e-10)


@pytest.mark.parametrize("name", DOSES)
@pytest.mark.parametrize("values", [ONE, TWO], ids=["one compartment", "two compartments"])
def test_changes_and_loss_are_the_ode(values: dict[str, float], name: str) -> None:
    changes = steps(values)
    people = [Era(start_day=day, parameters=parameters(each)) for day, each in changes]
    found = varying_levels(people, DOSES[name], TIMES, losses=LOSSES)
    infused, own = changing(changes, DOSES[name], TIMES.tolist(), LOSSES)
    np.testing.assert_allclose(found.exogenous_g_per_L[0], infused, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(found.own_g_per_L[0], own, rtol=1e-9)


@given(
    cl=st.floats(0.01, 1.0),
    q=st.floats(0.001, 5.0),
    vc=st.floats(0.1, 10.0),
    vp=st.floats(0.1, 20.0),
    ka=st.floats(0.01, 5.0),
)
def test_any_parameters_without_a_change_are_the_closed_form(
    cl: float, q: float, vc: float, vp: float, ka: float
) -> None:
    person = parameters(TWO | {"CL": cl, "Q": q, "Vc": vc, "Vp": vp, "KA": ka})
    doses = DOSES["both"]
    found = varying_levels([Era(start_day=0, parameters=person)], doses, TIMES)
    expected = total_g_per_L(person, history_trains(doses), TIMES)
    np.testing.assert_allclose(found.total_g_per_L, expected, rtol=1e-10)


def test_absorption_as_fast_as_a_mode() -> None:
    rates = parameters(TWO).modes.rate_per_day
    for rate in rates:
        person = parameters(TWO | {"KA": float(rate[0, 0])})
        found = varying_levels([Era(start_day=0, parameters=person)], DOSES["skin"], TIMES)
        expected = exogenous_g_per_L(person, history_trains(DOSES["skin"]), TIMES)
        np.testing.assert_allclose(found.exogenous_g_per_L, expected, rtol=1e-10)


def test_own_igg_falls_under_loss_to_its_new_steady_state_and_comes_back() -> None:
    lost = ProteinLoss(start_day=0, end_day=1000, CL_loss_L_per_day=0.45)
    people = [Era(start_day=0, parameters=parameters(TWO))]
    found = varying_levels(people, [], np.array([0.0, 1000.0, 2000.0]), losses=[lost]).own_g_per_L[
        0
    ]
    np.testing.assert_allclose(found, [4.0, 4.0 * 0.15 / 0.60, 4.0], rtol=1e-9)


def test_a_lasting_loss_is_where_a_long_one_ends() -> None:
    person = parameters(TWO)
    lost = ProteinLoss(start_day=-4000, end_day=None, CL_loss_L_per_day=0.3)
    doses = DOSES["both"]
    found = varying_levels([Era(start_day=0, parameters=person)], doses, TIMES, losses=[lost])
    lasting = total_g_per_L(with_lasting_loss(person, 0.3), history_trains(doses), TIMES)
    np.testing.assert_allclose(found.total_g_per_L, lasting, rtol=1e-10)


def test_a_heavier_patient_dilutes_what_is_there() -> None:
    people = [
        Era(start_day=0, parameters=parameters(TWO)),
        Era(start_day=10, parameters=parameters(TWO | {"Vc": 6.0})),
    ]
    found = varying_levels(people, [dose(0)], np.array([9.999999999, 10.0])).total_g_per_L[0]
    assert found[1] == pytest.approx(found[0] / 2, rel=1e-6)


def test_a_level_at_the_instant_of_a_dose_is_the_trough_before_it() -> None:
    people = [Era(start_day=0, parameters=parameters(TWO))]
    doses = [dose(0), dose(0.1), dose(0.2), dose(0.30000000000000004)]
    at, before = varying_levels(people, doses, np.array([0.3, 0.2999999])).exogenous_g_per_L[0]
    assert at == pytest.approx(before, rel=1e-5)


def test_times_in_any_order_and_many_draws() -> None:
    eta = np.linspace(-1, 1, 5)[:, None]
    many = [Era(start_day=0, parameters=parameters(TWO, ("CL",), eta))]
    order = np.array([50.0, 1.0, 90.0, 1.0])
    found = varying_levels(many, DOSES["both"], order, losses=LOSSES).total_g_per_L
    assert found.shape == (5, 4)
    for i, row in enumerate(eta):
        one = [Era(start_day=0, parameters=parameters(TWO, ("CL",), row[None]))]
        alone = varying_levels(one, DOSES["both"], np.sort(order), losses=LOSSES).total_g_per_L
        np.testing.assert_allclose(found[i], alone[0][[2, 0, 3, 1]], rtol=1e-13)


def test_a_growing_child(knowledge: Knowledge) -> None:
    model = knowledge.models["navarro_mora_2022"]
    child = Patient(diagnosis="not given", weight_kg=20, age_year=6)
    weights = (DatedWeight(time_day=0, weight_kg=20), DatedWeight(time_day=180, weight_kg=24))
    growing = eras(model, weighed(child, weights), baseline_igg_g_per_L=3.0)
    doses = [dose(28 * i, 8.0, duration_h=3) for i in range(13)]
    at = np.array([168.0, 364.0])
    found = varying_levels(growing, doses, at).exogenous_g_per_L[0]
    light = varying_levels(growing[:1], doses, at).exogenous_g_per_L[0]
    heavy = varying_levels([Era(start_day=0, parameters=growing[1].parameters)], doses, at)
    assert found[0] == pytest.approx(light[0], rel=1e-12)
    assert found[1] < 0.9 * light[1]
    assert heavy.exogenous_g_per_L[0, 1] == pytest.approx(found[1], rel=0.01)


def test_who_was_never_seen_is_refused_at_any_day(knowledge: Knowledge) -> None:
    model = knowledge.models["navarro_mora_2022"]
    adult = Patient(diagnosis="not given", weight_kg=70, age_year=40)
    weights = (DatedWeight(time_day=0, weight_kg=70), DatedWeight(time_day=9, weight_kg=390))
    with pytest.raises(OutsideModelDomain, match="390 kg"):
        eras(model, weighed(adult, weights))


@pytest.mark.parametrize(
    ("field", "make"),
    [
        ("end_day", lambda: ProteinLoss(start_day=5, end_day=5, CL_loss_L_per_day=1)),
        ("start_day", lambda: ProteinLoss(start_day=np.nan, end_day=5, CL_loss_L_per_day=1)),
        ("CL_loss", lambda: ProteinLoss(start_day=0, end_day=5, CL_loss_L_per_day=-1)),
        ("eras", lambda: varying_levels([], [], TIMES)),
        (
            r"eras\[1\]",
            lambda: varying_levels([Era(start_day=0, parameters=parameters(ONE))] * 2, [], TIMES),
        ),
        (
            r"doses\[1\]",
            lambda: varying_levels(
                [Era(start_day=0, parameters=parameters(ONE))], [dose(1), dose(0)], TIMES
            ),
        ),
    ],
)
def test_what_cannot_be_is_refused(field: str, make: Callable[[], object]) -> None:
    with pytest.raises(InputError, match=field):
        make()
