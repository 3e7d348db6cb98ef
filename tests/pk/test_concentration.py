"""Every route and pattern of doses against the differential equations, to 1e-10."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.pk.ode import concentrations

from ivig.patient import Dose
from ivig.pk.concentration import exogenous_g_per_L, steady_exogenous_g_per_L, total_g_per_L
from ivig.pk.parameters import Parameters, parameters
from ivig.pk.schedule import Dosing, cycle_trains, expand, history_trains

TWO = {"CL": 0.15, "Vc": 3.0, "Q": 0.5, "Vp": 2.5, "KA": 0.25, "F_SC": 0.7, "F_fSC": 0.8, "BL": 4.0}
ONE = {name: value for name, value in TWO.items() if name not in ("Q", "Vp")}


def dose(day: float, grams: float = 28.0, **kwargs) -> Dose:
    return Dose(time_day=day, amount_g=grams, **kwargs)


PATTERNS = {
    "one dose at once": [dose(0)],
    "one infusion": [dose(0, duration_h=3)],
    "every three weeks": [dose(21 * i, duration_h=3) for i in range(6)],
    "two grams a kg over five days, then one": [dose(i, duration_h=6) for i in range(5)]
    + [dose(21 * i, 70, duration_h=8) for i in range(1, 4)],
    "irregular": [dose(0), dose(20, duration_h=2), dose(51, 35), dose(72.5, 30, duration_h=5)],
    "infusions that overlap": [dose(0, duration_h=24), dose(0.5, 20, duration_h=24)],
    "two doses in one moment": [dose(0), dose(0, 5)],
    "weekly under the skin": [dose(7 * i, 9, route="sc") for i in range(12)],
    "daily loading, then weekly": [dose(i, 5, route="sc") for i in range(5)]
    + [dose(7 * i, 7, route="sc") for i in range(1, 6)],
    "facilitated, every four weeks": [dose(28 * i, 40, route="fsc") for i in range(4)],
    "vein, then skin": [dose(0, duration_h=3), dose(28, duration_h=3)]
    + [dose(35 + 7 * i, 9, route="sc") for i in range(6)],
}
TIMES = [0.03, 0.125, 0.6, 1.0, 5.5, 20.0, 21.0, 21.05, 50.0, 90.0, 120.0]


@pytest.mark.parametrize("values", [ONE, TWO], ids=["one compartment", "two compartments"])
@pytest.mark.parametrize("name", PATTERNS)
def test_closed_form_is_the_ode(name: str, values: dict[str, float]) -> None:
    doses = PATTERNS[name]
    fraction = 0.8 if doses[0].route == "fsc" else 0.7
    found = exogenous_g_per_L(parameters(values), history_trains(doses), np.array(TIMES))[0]
    expected = concentrations(values, doses, TIMES, fraction=fraction)
    np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-12)


def test_an_added_constant_is_constant_production_at_its_steady_state() -> None:
    doses = PATTERNS["every three weeks"]
    found = total_g_per_L(parameters(TWO), history_trains(doses), np.array(TIMES))[0]
    produced = TWO["CL"] * TWO["BL"]
    expected = concentrations(TWO, doses, TIMES, production_g_per_day=produced)
    np.testing.assert_allclose(found, expected, rtol=1e-10)


def test_a_level_at_the_instant_of_a_dose_is_the_trough_before_it() -> None:
    trains = history_trains([dose(0), dose(0.1), dose(0.2), dose(0.30000000000000004)])
    at, before = exogenous_g_per_L(parameters(TWO), trains, np.array([0.3, 0.2999999]))[0]
    assert at == pytest.approx(before, rel=1e-5)


def test_nothing_before_the_first_dose() -> None:
    assert (
        exogenous_g_per_L(parameters(TWO), history_trains([dose(0)]), np.array([-3.0, 0.0])).sum()
        == 0
    )


def test_times_may_come_in_any_order() -> None:
    trains, times = history_trains(PATTERNS["irregular"]), np.array([50.0, 1.0, 90.0, 0.0])
    found = exogenous_g_per_L(parameters(TWO), trains, times)[0]
    one_by_one = [exogenous_g_per_L(parameters(TWO), trains, t[None])[0, 0] for t in times]
    np.testing.assert_allclose(found, one_by_one, rtol=1e-14)


def test_many_draws_are_the_same_as_one_at_a_time() -> None:
    eta = np.linspace(-1, 1, 3000)[:, None]
    trains, times = history_trains(PATTERNS["vein, then skin"]), np.linspace(0, 80, 17)
    together = exogenous_g_per_L(parameters(TWO, ("CL",), eta), trains, times)
    alone = exogenous_g_per_L(parameters(TWO, ("CL",), eta[2222:2223]), trains, times)
    np.testing.assert_allclose(together[2222], alone[0], rtol=1e-13)


REGIMENS = st.builds(
    Dosing,
    amount_g=st.floats(1, 100),
    interval_day=st.sampled_from([7.0, 14.0, 21.0, 28.0]),
    route=st.sampled_from(["iv", "sc", "fsc"]),
    split_days=st.integers(1, 5),
    duration_h=st.sampled_from([None, 2.0, 8.0]),
)


def draw() -> st.SearchStrategy[Parameters]:
    def build(CL: float, Vc: float, Q: float, Vp: float, KA: float) -> Parameters:
        return parameters({**TWO, "CL": CL, "Vc": Vc, "Q": Q, "Vp": Vp, "KA": KA})

    return st.builds(
        build,
        CL=st.floats(0.05, 0.6),
        Vc=st.floats(0.5, 9),
        Q=st.floats(0.1, 1.5),
        Vp=st.floats(0.5, 9),
        KA=st.floats(0.05, 1.5),
    )


@given(dosing=REGIMENS, patient=draw())
def test_steady_state_is_where_a_long_history_ends(dosing: Dosing, patient: Parameters) -> None:
    n_cycles = 2000
    times = np.linspace(0.0, 1.0, 7) * dosing.interval_day
    steady = steady_exogenous_g_per_L(patient, cycle_trains(dosing), times)
    past = cycle_trains(dosing, n_cycles=n_cycles)
    end_day = (n_cycles - 1) * dosing.interval_day
    long = exogenous_g_per_L(patient, past, times[1:] + end_day)
    np.testing.assert_allclose(steady[:, 1:], long, rtol=1e-8)
    np.testing.assert_allclose(steady[:, 0], steady[:, -1], rtol=1e-9)


@given(dosing=REGIMENS, patient=draw(), more=st.floats(0.1, 10))
def test_superposition(dosing: Dosing, patient: Parameters, more: float) -> None:
    doses, other = expand(dosing, n_cycles=3), [dose(5.3, 20 * more), dose(6.1, 3, route="sc")]
    times = np.array([4.0, 6.5, 30.0, 100.0])
    together = exogenous_g_per_L(
        patient, history_trains(sorted([*doses, *other], key=lambda d: d.time_day)), times
    )
    apart = exogenous_g_per_L(patient, history_trains(doses), times)
    apart = apart + exogenous_g_per_L(patient, history_trains(other), times)
    np.testing.assert_allclose(together, apart, rtol=1e-10, atol=1e-13)
