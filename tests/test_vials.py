import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivig.errors import InputError
from ivig.product import Vial
from ivig.vials import choose_vials

PRIVIGEN = [Vial(amount_g=g, volume_mL=10 * g) for g in (5, 10, 20, 40)]
CUTAQUIG = [Vial(amount_g=g, volume_mL=g / 0.165) for g in (1, 1.65, 2, 3.3, 4, 8)]


def counts(amount_g: float, sizes: list[Vial], tolerance: float = 10) -> dict[float, int]:
    plan = choose_vials(amount_g, sizes, tolerance_percent=tolerance)
    assert plan is not None
    return {vial.g: vial.n for vial in plan.days[0].vials}


def test_exact_dose_takes_the_fewest_vials() -> None:
    assert counts(70, PRIVIGEN) == {40: 1, 20: 1, 10: 1}


def test_34_g_rounds_to_35_g() -> None:
    assert counts(34, PRIVIGEN) == {20: 1, 10: 1, 5: 1}


def test_fractional_vials_are_counted_exactly() -> None:
    assert counts(9.65, CUTAQUIG) == {8: 1, 1.65: 1}


def test_a_course_is_spread_as_evenly_as_vials_allow() -> None:
    plan = choose_vials(160, PRIVIGEN, days=5, tolerance_percent=10)
    assert plan is not None
    assert [day.amount_g for day in plan.days] == [30, 30, 30, 35, 35]
    assert plan.rounding_percent == 0


def test_no_combination_inside_the_tolerance() -> None:
    assert choose_vials(7, PRIVIGEN, tolerance_percent=10) is None


def test_a_hard_maximum_is_not_rounded_over() -> None:
    plan = choose_vials(28, PRIVIGEN, tolerance_percent=10, most_g=28)
    assert plan is None or plan.amount_g <= 28
    sizes = [Vial(amount_g=g, volume_mL=10 * g) for g in (2, 5, 10, 20, 30)]
    assert (choose_vials(28, sizes, tolerance_percent=10, most_g=28) or plan).amount_g <= 28


@pytest.mark.parametrize("amount_g", [0, -5, float("nan"), 1e9])
def test_an_impossible_dose_is_refused(amount_g: float) -> None:
    with pytest.raises(InputError, match="amount_g"):
        choose_vials(amount_g, PRIVIGEN, tolerance_percent=10)


@given(
    amount_g=st.floats(0.5, 250),
    sizes=st.lists(st.sampled_from([0.5, 1, 1.65, 2, 2.5, 4, 5, 8, 10, 20, 30, 40]), min_size=1),
    tolerance=st.floats(0, 20),
    days=st.integers(1, 5),
)
def test_vials_sum_to_the_dose_and_stay_inside(
    amount_g: float, sizes: list[float], tolerance: float, days: int
) -> None:
    vials = [Vial(amount_g=g, volume_mL=10 * g) for g in sorted(set(sizes))]
    plan = choose_vials(amount_g, vials, tolerance_percent=tolerance, days=days)
    if plan is None:
        return
    counted = sum(v.g * v.n for day in plan.days for v in day.vials)
    assert counted == pytest.approx(plan.amount_g, abs=1e-9)
    assert sum(day.volume_mL for day in plan.days) == pytest.approx(10 * plan.amount_g)
    assert len(plan.days) == days
    amounts = [day.amount_g for day in plan.days]
    assert amounts == sorted(amounts)
    assert amounts[0] > 0
    assert abs(plan.rounding_percent) <= tolerance + 1e-6
