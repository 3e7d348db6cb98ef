"""The residual error and censoring, against SciPy's normal distribution."""

import numpy as np
import pytest
from scipy.stats import norm

from ivig.pk.likelihood import (
    Levels,
    log_normal_cdf,
    negative_log_likelihood,
    score_and_information,
)
from ivig.pk.population import Residual

RESIDUAL = Residual(additive_sd_g_per_L=0.8, proportional_sd_fraction=0.05)


def levels(*values: float, below: tuple[bool, ...] = ()) -> Levels:
    flags = np.array(below or (False,) * len(values))
    return Levels(time_day=np.zeros(len(values)), igg_g_per_L=np.array(values), below_limit=flags)


@pytest.mark.parametrize("z", [-200.0, -40.0, -30.0, -29.99, -8.0, -1.0, 0.0, 3.0, 9.0])
def test_log_normal_cdf(z: float) -> None:
    assert log_normal_cdf(np.array([z]))[0] == pytest.approx(norm.logcdf(z), rel=1e-11, abs=1e-18)


def test_a_measured_level_is_normal_round_the_predicted_one() -> None:
    sd = np.hypot(0.8, 0.05 * 7.0)
    found = negative_log_likelihood(RESIDUAL, levels(8.0), np.array([[7.0]]))[0]
    assert found + 0.5 * np.log(2 * np.pi) == pytest.approx(-norm.logpdf(8.0, 7.0, sd), rel=1e-12)


def test_a_level_below_the_limit_counts_its_probability() -> None:
    sd = np.hypot(0.8, 0.05 * 3.0)
    found = negative_log_likelihood(RESIDUAL, levels(2.0, below=(True,)), np.array([[3.0]]))[0]
    assert found + 0.5 * np.log(2 * np.pi) == pytest.approx(-norm.logcdf(2.0, 3.0, sd), rel=1e-12)


@pytest.mark.parametrize("below", [False, True])
@pytest.mark.parametrize("predicted", [1.0, 4.0, 9.0])
def test_the_score_is_the_derivative(predicted: float, below: bool) -> None:
    data, step = levels(3.0, below=(below,)), 1e-5
    points = np.array([[predicted - step], [predicted + step]])
    low, high = negative_log_likelihood(RESIDUAL, data, points)
    score, information = score_and_information(RESIDUAL, data, np.array([predicted]))
    assert score[0] == pytest.approx((high - low) / (2 * step), rel=1e-6, abs=1e-8)
    assert information[0] >= 0
