"""Wilson against SciPy and printed intervals; slopes against numbers worked by hand."""

from math import exp, log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from ivig.cited import Interval
from ivig.outcome.estimate import at_dose, at_trough, wilson_interval
from ivig.outcome.relation import DoseSlope, TroughSlope

ORANGE = TroughSlope(
    at_g_per_L=5,
    rate_at_per_year=0.113,
    ratio_per_g_per_L=0.726,
    ratio_low=0.658,
    ratio_high=0.801,
    valid_low_g_per_L=5,
    valid_high_g_per_L=10,
)
LEE = TroughSlope(
    at_g_per_L=9.6,
    ratio_per_g_per_L=0.87,
    valid_low_g_per_L=6.6,
    valid_high_g_per_L=9.6,
    flat_above=True,
)
PROCID = DoseSlope(
    phase="maintenance",
    at_g_per_kg=0.856,
    responding_percent=Interval(median=77.4, low=69.3, high=84.0, level=0.95),
    odds_ratio_per_doubling=Interval(median=2.37, low=1.26, high=4.43, level=0.95),
    valid_low_g_per_kg=0.5,
    valid_high_g_per_kg=2,
)


def certain(value: float) -> Interval:
    return Interval(median=value, low=value, high=value)


@pytest.mark.parametrize(
    ("events", "n", "low", "high"),
    [
        (22, 34, 0.48, 0.79),  # ProCID, Brain 2022;145:887, as printed for 0.5, 1 and 2 g/kg
        (55, 69, 0.69, 0.88),
        (33, 36, 0.78, 0.97),
        (17, 28, 0.4241, 0.7643),  # PRIMA, J Peripher Nerv Syst 2013;18:130
    ],
)
def test_wilson_gives_the_printed_interval(events: int, n: int, low: float, high: float) -> None:
    found = wilson_interval(events, n)
    printed = 4 if low == 0.4241 else 2
    assert (round(found.low, printed), round(found.high, printed)) == (low, high)


@given(st.integers(1, 2000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_is_scipys(counts: tuple[int, int]) -> None:
    events, n = counts
    expected = binomtest(events, n).proportion_ci(confidence_level=0.95, method="wilson")
    found = wilson_interval(events, n)
    assert found.median == events / n
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_rate_at_a_certain_trough_by_hand() -> None:
    found = at_trough(ORANGE, certain(7))
    assert found.median == pytest.approx(0.113 * 0.726**2)  # 0.0596
    # the slope's 5th and 95th percentile: 1.645 of its 1.96 standard errors, on the log scale
    low = log(0.726) - (log(0.726) - log(0.658)) * 1.645 / 1.96
    high = log(0.726) + (log(0.801) - log(0.726)) * 1.645 / 1.96
    assert found.low == pytest.approx(0.113 * exp(2 * low), rel=0.01)
    assert found.high == pytest.approx(0.113 * exp(2 * high), rel=0.01)
    assert found.level == 0.9


def test_the_slope_meets_its_own_printed_end() -> None:
    assert at_trough(ORANGE, certain(5)).median == 0.113
    assert round(at_trough(ORANGE, certain(10)).median, 3) == 0.023


def test_both_uncertainties_widen_the_interval() -> None:
    trough = Interval(median=7, low=6, high=8)
    alone = at_trough(ORANGE, certain(7))
    both = at_trough(ORANGE, trough)
    assert both.median == alone.median
    assert both.low < alone.low < alone.high < both.high
    # independent oracle: log rate = a + b·x with sd(b) and sd(x), product variance by hand
    sd_b = (log(0.801) - log(0.658)) / (2 * 1.96)
    sd_x = 1 / 1.645
    sd = ((2 * sd_b) ** 2 + (log(0.726) * sd_x) ** 2 + (sd_b * sd_x) ** 2) ** 0.5
    assert log(both.high / both.low) == pytest.approx(2 * 1.645 * sd, rel=0.05)


def test_a_trough_outside_the_studied_range_is_not_extrapolated() -> None:
    assert at_trough(ORANGE, certain(3)) == at_trough(ORANGE, certain(5))
    assert at_trough(ORANGE, certain(14)).median == at_trough(ORANGE, certain(10)).median


def test_without_a_printed_rate_only_a_ratio_is_known() -> None:
    found = at_trough(LEE, certain(8.6))
    assert found.median == pytest.approx(1 / 0.87)
    assert found.low == found.high == pytest.approx(found.median)  # no interval is printed
    assert at_trough(LEE, certain(12)).median == 1.0


@given(st.floats(1, 20), st.floats(0, 6), st.floats(0, 6))
def test_the_interval_holds_the_centre_and_stays_inside_the_range(
    centre: float, below: float, above: float
) -> None:
    trough = Interval(median=centre, low=centre - below, high=centre + above)
    found = at_trough(ORANGE, trough)
    assert found.low <= found.median <= found.high <= 0.113 + 1e-12
    assert found.low > 0.113 * 0.55**5


def test_response_by_dose_is_the_logistic_fit_to_the_three_arms() -> None:
    dose = np.log2([0.5, 1, 2])
    n, responders = np.array([34, 69, 36]), np.array([22, 55, 33])
    design, beta, weight = np.c_[np.ones(3), dose], np.zeros(2), np.zeros(3)
    for _ in range(25):  # Newton's method, written out here as the oracle
        p = 1 / (1 + np.exp(-design @ beta))
        weight = n * p * (1 - p)
        beta += np.linalg.solve(
            design.T @ (weight[:, None] * design), design.T @ (responders - n * p)
        )
    covariance = np.linalg.inv(design.T @ (weight[:, None] * design))
    for row, grams in zip(design, (0.5, 1.0, 2.0), strict=True):
        logit, sd = row @ beta, (row @ covariance @ row) ** 0.5
        expected = [100 / (1 + exp(-x)) for x in (logit, logit - 1.645 * sd, logit + 1.645 * sd)]
        found = at_dose(PROCID, grams)
        assert [found.median, found.low, found.high] == pytest.approx(expected, abs=0.5)
