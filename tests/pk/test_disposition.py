"""Closed forms against differential equations, and near the places where naive ones break."""

from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.linalg import expm

from ivig.pk.disposition import convolved, depot, infusion, modes

ONE = np.ones(1)


def two_compartments(CL: float = 0.15, Vc: float = 3.0, Q: float = 0.5, Vp: float = 2.5):
    return modes(CL * ONE, Vc * ONE, Q * ONE, Vp * ONE)


def test_one_compartment_decays_with_CL_over_V() -> None:
    found = modes(0.15 * ONE, 3.0 * ONE)
    level = infusion(found, np.array([0.0, 20.0 * log(2)]), 0.0)
    np.testing.assert_allclose(level, [[1 / 3, 1 / 6]], rtol=1e-14)


def test_a_unit_dose_is_first_diluted_in_the_central_volume() -> None:
    found = two_compartments()
    assert sum(c[0, 0] for c in found.coefficient_per_L) == pytest.approx(1 / 3.0, rel=1e-14)


def test_the_area_of_a_unit_dose_is_one_over_clearance() -> None:
    found = two_compartments()
    area = sum(
        c[0, 0] / r[0, 0] for c, r in zip(found.coefficient_per_L, found.rate_per_day, strict=True)
    )
    assert area == pytest.approx(1 / 0.15, rel=1e-13)


def test_a_peripheral_volume_of_almost_nothing_leaves_one_compartment() -> None:
    found = two_compartments(Vp=1e-9)
    times = np.array([0.5, 7.0, 60.0])
    alone = infusion(modes(0.15 * ONE, 3.0 * ONE), times, 0.1)
    np.testing.assert_allclose(infusion(found, times, 0.1), alone, rtol=1e-8)


def test_a_short_infusion_becomes_a_dose_at_once() -> None:
    found, times = two_compartments(), np.array([1.0, 21.0])
    np.testing.assert_allclose(infusion(found, times, 1e-9), infusion(found, times, 0.0), rtol=1e-8)


def _matrix(CL: float, Vc: float, Q: float, Vp: float, ka: float) -> np.ndarray:
    return np.array([[-ka, 0.0, 0.0], [ka, -(CL + Q) / Vc, Q / Vp], [0.0, Q / Vc, -Q / Vp]])


@pytest.mark.parametrize("offset", [0.0, 1e-15, 1e-12, 1e-9, 1e-8, 3e-8, 1e-6, 1e-3, -1e-9, -1e-3])
@pytest.mark.parametrize("which", [0, 1])
def test_absorption_as_fast_as_a_mode(offset: float, which: int) -> None:
    found = two_compartments()
    ka = found.rate_per_day[which][0, 0] * (1.0 + offset)
    level = depot(found, np.array([7.0]), ka * ONE)[0, 0]
    exact = (expm(_matrix(0.15, 3.0, 0.5, 2.5, ka) * 7.0) @ [1.0, 0.0, 0.0])[1] / 3.0
    assert level == pytest.approx(exact, rel=1e-11)


def test_convolution_survives_rates_and_times_that_overflow_an_exponential() -> None:
    rate, other = np.array([[50.0]]), np.array([[0.02]])
    found = convolved(rate, other, np.array([1000.0]))
    assert found[0, 0] == pytest.approx(np.exp(-20.0) / (50.0 - 0.02), rel=1e-12)


positive = st.floats(0.05, 5.0)


@given(CL=st.floats(0.02, 1.0), Vc=positive, Q=st.floats(0.01, 3.0), Vp=positive, ka=positive)
def test_any_parameters_agree_with_the_matrix_exponential(
    CL: float, Vc: float, Q: float, Vp: float, ka: float
) -> None:
    level = depot(two_compartments(CL, Vc, Q, Vp), np.array([3.0]), ka * ONE)[0, 0]
    exact = (expm(_matrix(CL, Vc, Q, Vp, ka) * 3.0) @ [1.0, 0.0, 0.0])[1] / Vc
    assert level == pytest.approx(exact, rel=1e-9, abs=1e-14)
