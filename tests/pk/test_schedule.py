from math import isclose

import pytest

from ivig.errors import InputError
from ivig.patient import Dose
from ivig.pk.schedule import Dosing, cycle_trains, expand, history_trains

THREE_WEEKLY = Dosing(amount_g=30, interval_day=21, duration_h=3)
COURSE = Dosing(amount_g=140, interval_day=None, split_days=5)


def dose(day: float, grams: float = 30.0, **kwargs) -> Dose:
    return Dose(time_day=day, amount_g=grams, **kwargs)


def test_expand_writes_out_cycles() -> None:
    assert [d.time_day for d in expand(THREE_WEEKLY, n_cycles=3)] == [0, 21, 42]
    assert {d.amount_g for d in expand(THREE_WEEKLY, n_cycles=3)} == {30}


def test_a_course_is_split_over_consecutive_days() -> None:
    doses = expand(COURSE, n_cycles=1, start_day=2)
    assert [(d.time_day, d.amount_g) for d in doses] == [(2 + i, 28) for i in range(5)]


def test_a_course_has_one_cycle() -> None:
    with pytest.raises(InputError, match="1 for a single course"):
        expand(COURSE, n_cycles=2)


def test_a_regular_history_is_one_train() -> None:
    (train,) = history_trains(expand(THREE_WEEKLY, n_cycles=40))
    assert (train.start_day, train.interval_day, train.n_doses) == (0, 21, 40)
    assert isclose(train.duration_day, 3 / 24)


def test_an_irregular_history_keeps_every_dose() -> None:
    doses = [dose(0), dose(21), dose(40), dose(61, 25), dose(61.5, route="sc")]
    assert sum(train.n_doses or 0 for train in history_trains(doses)) == 5


def test_infusions_that_overlap_are_not_joined() -> None:
    doses = [dose(0, duration_h=24), dose(0.5, duration_h=24), dose(1.0, duration_h=24)]
    assert [train.n_doses for train in history_trains(doses)] == [1, 1, 1]


def test_at_steady_state_every_day_of_the_cycle_is_an_endless_train() -> None:
    trains = cycle_trains(Dosing(amount_g=80, interval_day=21, split_days=2))
    assert [(t.start_day, t.amount_g, t.n_doses) for t in trains] == [(0, 40, None), (1, 40, None)]


def test_a_duration_matters_only_in_a_vein() -> None:
    assert Dosing(amount_g=9, interval_day=7, route="sc", duration_h=2).duration_day == 0


@pytest.mark.parametrize(
    ("field", "kwargs"),
    [
        ("amount_g", {"amount_g": 0.0}),
        ("amount_g", {"amount_g": float("nan")}),
        ("interval_day", {"interval_day": 3.0, "split_days": 5}),
        ("interval_day", {"interval_day": float("nan")}),
        ("split_days", {"split_days": 0}),
        ("duration_h", {"duration_h": 30.0}),
    ],
)
def test_impossible_regimens_are_refused(field: str, kwargs: dict[str, float]) -> None:
    with pytest.raises(InputError) as refused:
        Dosing(**{"amount_g": 30.0, "interval_day": 21.0} | kwargs)
    assert refused.value.field == field


def test_doses_out_of_order_are_refused_with_their_row() -> None:
    with pytest.raises(InputError, match=r"doses\[2\]\.time_day"):
        history_trains([dose(0), dose(21), dose(20)])


def test_a_dose_without_amount_is_refused() -> None:
    with pytest.raises(InputError, match=r"doses\[0\]\.amount_g"):
        history_trains([dose(0, 0.0)])
