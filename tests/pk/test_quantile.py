import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivig.pk.quantile import interval, resample, weighted_quantiles

EQUAL = np.full(1000, 1e-3)


def test_equal_weights_give_the_usual_quantiles() -> None:
    values = np.random.default_rng(1).permutation(np.linspace(0, 1, 1000))
    found = weighted_quantiles(values, EQUAL, (0.05, 0.5, 0.95))
    assert found == pytest.approx((0.05, 0.5, 0.95), abs=1e-3)


def test_a_weight_counts_as_so_many_copies() -> None:
    values, weights = np.array([3.0, 1.0, 2.0]), np.array([0.5, 0.25, 0.25])
    copied = weighted_quantiles(np.array([3.0, 3.0, 1.0, 2.0]), np.full(4, 0.25), (0.25,))
    assert weighted_quantiles(values, weights, (0.25,)) == pytest.approx(copied)


def test_one_draw_has_no_interval() -> None:
    found = interval(np.array([7.0]), np.ones(1))
    assert (found.low, found.median, found.high, found.level) == (7, 7, 7, 0)


@given(st.lists(st.floats(0.001, 1), min_size=2, max_size=50), st.integers(1, 400))
def test_resampling_keeps_the_weights(raw: list[float], n: int) -> None:
    weights = np.array(raw) / sum(raw)
    counts = np.bincount(resample(weights, n), minlength=weights.size)
    assert counts.sum() == n
    assert np.abs(counts - n * weights).max() <= 1 + 1e-6
