"""Vials against brute force: every combination of every day counted out."""

from itertools import combinations_with_replacement

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivig.errors import InputError
from ivig.product import Vial
from ivig.vial_options import VialOption, vial_options

PRIVIGEN = [Vial(amount_g=g, volume_mL=10 * g) for g in (5, 10, 20, 40)]


def ways(amount_g: float, sizes: list[Vial], **more: float) -> dict[str, VialOption]:
    options = {"tolerance_percent": 5.0, **more}
    return {one.way: one for one in vial_options(amount_g, sizes, **options)}  # type: ignore[arg-type]


def test_63_g_of_privigen_by_hand() -> None:
    made = ways(63, PRIVIGEN)
    # fewest: 40 + 20 = 60 g, two vials, −4.8 %; least waste: 65 g, +3.2 %, three vials
    assert (made["fewest"].plan.amount_g, made["fewest"].vials_n) == (60, 2)
    assert (made["least_waste"].plan.amount_g, made["least_waste"].vials_n) == (65, 3)
    assert (made["exact"].plan.amount_g, made["exact"].unused_g) == (63, 2)
    assert made["least_waste"].over_g == pytest.approx(2)
    assert made["exact"].over_g == 0


def test_days_of_a_course_may_differ_by_one_step() -> None:
    made = ways(65, PRIVIGEN, days=2)
    assert [day.amount_g for day in made["least_waste"].plan.days] == [30, 35]
    assert made["least_waste"].plan.rounding_percent == 0
    assert made["exact"].unused_g == 5


def test_no_whole_vials_inside_the_tolerance_leaves_the_exact_dose() -> None:
    assert list(ways(7, PRIVIGEN)) == ["exact"]


def test_rounding_does_not_pass_a_maximum() -> None:
    made = ways(63, PRIVIGEN, most_g=64.0)
    assert made["least_waste"].plan.amount_g == 60


@pytest.mark.parametrize(
    ("amount_g", "more"),
    [
        (0, {}),
        (-5, {}),
        (float("nan"), {}),
        (1e9, {}),
        (63, {"days": 0}),
        (63, {"days": 99}),
        (63, {"tolerance_percent": -1}),
        (63, {"tolerance_percent": 80}),
    ],
)
def test_what_cannot_be_is_refused(amount_g: float, more: dict[str, float]) -> None:
    with pytest.raises(InputError):
        ways(amount_g, PRIVIGEN, **more)


def brute(
    amount_g: int, sizes: list[int], tolerance: int, days: int
) -> list[tuple[int, int]] | None:
    """(vials, grams) of every course inside the tolerance, from all combinations of a day's vials."""
    step = min_step(sizes)
    share = amount_g / days
    room = max(share * tolerance / 100, step if days > 1 else 0)
    per_day: dict[int, int] = {}
    for n in range(1, int((share + room) / min(sizes)) + 1):
        for taken in combinations_with_replacement(sizes, n):
            if abs(sum(taken) - share) <= room + 1e-9:
                per_day.setdefault(sum(taken), n)
    courses = [
        (sum(per_day[day] for day in chosen), sum(chosen))
        for chosen in combinations_with_replacement(sorted(per_day), days)
    ]
    return [c for c in courses if abs(c[1] - amount_g) <= amount_g * tolerance / 100 + 1e-9]


def min_step(sizes: list[int]) -> int:
    from math import gcd

    return gcd(*sizes)


@given(
    amount_g=st.integers(1, 60),
    sizes=st.lists(st.sampled_from([2, 3, 5, 10, 20, 30]), min_size=1, max_size=4, unique=True),
    tolerance=st.integers(0, 20),
    days=st.integers(1, 3),
)
def test_fewest_and_least_waste_are_those_of_brute_force(
    amount_g: int, sizes: list[int], tolerance: int, days: int
) -> None:
    vials = [Vial(amount_g=g, volume_mL=10 * g) for g in sizes]
    made = ways(amount_g, vials, tolerance_percent=tolerance, days=days)
    courses = brute(amount_g, sizes, tolerance, days)
    assert ("fewest" in made) == bool(courses)
    if not courses:
        return
    fewest = min(courses, key=lambda c: (c[0], abs(c[1] - amount_g)))
    nearest = min(courses, key=lambda c: (abs(c[1] - amount_g), c[0]))
    got = made["fewest"]
    assert (got.vials_n, abs(got.plan.amount_g - amount_g)) == (
        fewest[0],
        abs(fewest[1] - amount_g),
    )
    got = made["least_waste"]
    assert (abs(got.plan.amount_g - amount_g), got.vials_n) == (
        abs(nearest[1] - amount_g),
        nearest[0],
    )


@given(
    amount_g=st.floats(0.5, 250),
    sizes=st.lists(st.sampled_from([0.5, 1, 1.65, 2.5, 3.3, 5, 10, 20, 40]), min_size=1),
    days=st.integers(1, 5),
)
def test_vials_sum_and_exact_covers_the_dose(
    amount_g: float, sizes: list[float], days: int
) -> None:
    vials = [Vial(amount_g=g, volume_mL=10 * g) for g in sorted(set(sizes))]
    for one in vial_options(amount_g, vials, tolerance_percent=8, days=days):
        opened = sum(v.g * v.n for day in one.plan.days for v in day.vials)
        assert opened == pytest.approx(one.plan.amount_g + one.unused_g, abs=1e-5)
        assert len(one.plan.days) == days
        if one.way == "exact":
            assert one.plan.amount_g == amount_g
        else:
            assert one.unused_g == 0
            assert abs(one.plan.rounding_percent) <= 8 + 1e-9
