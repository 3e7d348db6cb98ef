"""FcRn: limits, monotonicity, turnover, subclasses, blockers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivig.errors import InputError
from ivig.knowledge import load_knowledge
from ivig.mechanism.fcrn import (
    Blocker,
    catabolic_rate,
    half_life,
    half_life_at,
    recycled_fraction,
    subclass_half_life_at,
    subclass_ratios,
)

FCRN = load_knowledge().mechanisms["fcrn"]
LEVELS = st.floats(0.0, 200.0)


@given(igg=LEVELS, n=st.floats(0.01, 100.0), kd=st.floats(0.01, 50.0))
def test_the_recycled_share_solves_the_binding_equation(igg: float, n: float, kd: float) -> None:
    bound = float(recycled_fraction(igg, n, kd)) * igg
    assert (igg - bound) * (n - bound) == pytest.approx(kd * bound, rel=1e-7, abs=1e-9)


def test_limits() -> None:
    assert float(recycled_fraction(0.0, 24.0, 3.0)) == pytest.approx(24.0 / 27.0)
    assert float(recycled_fraction(10.0, 0.0, 3.0)) == 0.0  # no receptor
    assert float(recycled_fraction(1e6, 24.0, 3.0)) == pytest.approx(24.0 / 1e6, rel=1e-3)
    assert float(recycled_fraction(100.0, 24.0, 1e-9)) == pytest.approx(0.24)  # all or nothing


@given(low=LEVELS, more=st.floats(0.01, 50.0))
def test_catabolism_rises_with_the_level_and_never_above_that_without_receptor(
    low: float, more: float
) -> None:
    first, second = (float(catabolic_rate(c, 0.37, 23.94, 3.227)) for c in (low, low + more))
    assert 0.0 < first < second < 0.37


def test_half_life_of_one_compartment_and_against_the_level() -> None:
    fast_exchange = half_life(0.1, 3.0, 3.0, 1e6)
    assert float(fast_exchange) == pytest.approx(np.log(2.0) / 0.05, rel=1e-4)
    found = half_life_at(FCRN, np.array([4.0, 11.4, 30.0, 50.0]))
    assert (np.diff(found) < 0.0).all()
    assert float(half_life_at(FCRN, 11.4, occupancy_fraction=1.0)) < 6.0


def test_subclasses_keep_the_mean_and_igg3_goes_first() -> None:
    share, ratio = subclass_ratios(FCRN)
    assert float(share.sum()) == pytest.approx(1.0)
    assert float(share @ ratio) == pytest.approx(1.0)
    assert ratio[2] / ratio[0] == pytest.approx(3.0)


def test_every_subclass_lives_shorter_at_a_high_level() -> None:
    normal, high = (subclass_half_life_at(FCRN, level) for level in (11.4, 30.0))
    assert normal["IgG1"] == pytest.approx(normal["IgG4"])
    assert normal["IgG3"] < 0.45 * normal["IgG1"]
    assert all(high[name] < normal[name] for name in normal)


def test_a_blocker_holds_then_fades() -> None:
    drug = Blocker(
        name="x", dose_day=(0.0, 7.0), occupancy_fraction=0.8, held_day=6.0, half_life_day=2.0
    )
    days = np.array([-1.0, 0.0, 5.9, 6.0, 7.0, 15.0])
    wanted = [0.0, 0.8, 0.8, 0.8, 0.8, 0.8 * 0.5]
    assert drug.occupancy(days) == pytest.approx(wanted)
    assert drug.changes_day == (0.0, 6.0, 7.0, 13.0)


def test_a_blocker_without_a_dose_is_refused() -> None:
    with pytest.raises(InputError, match="with its dose"):
        Blocker(name="x", dose_day=(), occupancy_fraction=0.8, held_day=6.0, half_life_day=2.0)
