"""Steady states: areas, peaks found by brute force, and the time it takes to get there."""

import numpy as np
import pytest
from hypothesis import given
from tests.pk.test_concentration import REGIMENS, TWO, draw

from ivig.pk.concentration import steady_exogenous_g_per_L
from ivig.pk.parameters import Parameters, parameters
from ivig.pk.schedule import Dosing, cycle_trains
from ivig.pk.steady import day_to_steady_state, half_life_day, nth_trough_g_per_L, steady_state

TYPICAL = parameters(TWO)
IV = Dosing(amount_g=28, interval_day=21, duration_h=3)
SC = Dosing(amount_g=9, interval_day=7, route="sc")


@given(dosing=REGIMENS, patient=draw())
def test_clearance_times_area_is_the_dose_that_arrives(dosing: Dosing, patient: Parameters) -> None:
    area = steady_state(patient, dosing).auc_tau_g_day_per_L
    arrived = dosing.amount_g * patient.bioavailability(dosing.route)
    np.testing.assert_allclose(area * patient.CL_L_per_day, arrived, rtol=1e-12)


@pytest.mark.parametrize("dosing", [IV, SC, Dosing(amount_g=80, interval_day=21, split_days=4)])
def test_the_area_is_the_integral_of_the_curve(dosing: Dosing) -> None:
    middles = (np.arange(200_000) + 0.5) / 200_000 * dosing.interval_day
    mean = steady_exogenous_g_per_L(TYPICAL, cycle_trains(dosing), middles).mean()
    area = steady_state(TYPICAL, dosing).auc_tau_g_day_per_L[0]
    assert mean * dosing.interval_day == pytest.approx(area, rel=1e-6)


@given(dosing=REGIMENS, patient=draw())
def test_no_time_of_a_cycle_lies_above_the_peak_or_below_the_trough(
    dosing: Dosing, patient: Parameters
) -> None:
    found = steady_state(patient, dosing)
    times = np.linspace(1e-6, dosing.interval_day, 2001)
    curve = steady_exogenous_g_per_L(patient, cycle_trains(dosing), times)[0]
    assert curve.max() <= found.peak_g_per_L[0] * (1 + 1e-4)
    assert found.peak_g_per_L[0] <= curve.max() * 1.05
    if dosing.route == "iv" and dosing.split_days == 1:
        assert curve.min() >= found.trough_g_per_L[0] * (1 - 1e-9)


def test_a_peak_under_the_skin_comes_days_after_the_dose() -> None:
    found = steady_state(TYPICAL, SC)
    times = np.linspace(0.001, 7, 70_000)
    curve = steady_exogenous_g_per_L(TYPICAL, cycle_trains(SC), times)[0]
    assert found.peak_g_per_L[0] == pytest.approx(curve.max(), rel=1e-9)
    assert found.peak_day[0] == pytest.approx(times[curve.argmax()], abs=0.002)


def test_the_last_day_of_a_course_has_the_peak() -> None:
    found = steady_state(TYPICAL, Dosing(amount_g=140, interval_day=28, split_days=5, duration_h=6))
    assert found.peak_day[0] == pytest.approx(4.25)


def test_the_nth_trough_grows_to_the_steady_one() -> None:
    troughs = [nth_trough_g_per_L(TYPICAL, IV, 21.0, n)[0] for n in (1, 2, 5, 20, 100)]
    assert troughs == sorted(troughs)
    assert troughs[-1] == pytest.approx(steady_state(TYPICAL, IV).trough_g_per_L[0], rel=1e-12)


@pytest.mark.parametrize("dosing", [IV, SC])
def test_ninety_percent_of_the_way(dosing: Dosing) -> None:
    day = day_to_steady_state(TYPICAL, dosing)[0]
    interval_day = dosing.interval_day or 0.0
    n = int(day // interval_day)
    final = steady_state(TYPICAL, dosing).trough_g_per_L[0]
    reached = [nth_trough_g_per_L(TYPICAL, dosing, interval_day, k)[0] / final for k in (n, n + 1)]
    assert reached[0] <= 0.9 <= reached[1]


def test_half_life_of_one_compartment() -> None:
    values = {**TWO, "CL": 0.1, "Vc": 5.0}
    del values["Q"], values["Vp"]
    assert half_life_day(parameters(values))[0] == pytest.approx(50 * np.log(2))
