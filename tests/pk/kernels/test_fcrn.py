"""The FcRn kernel against SciPy's DOP853 at rtol 1e-12, and where it must be the linear closed form."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from bench.fcrn_wide import REGIMENS, people, solved, worst_errors
from bench.fcrn_wide import simulated as simulated_wide
from scipy.integrate import solve_ivp

from ivig.errors import InputError
from ivig.pk.disposition import FloatArray
from ivig.pk.kernels import make_schedule, simulate_fcrn, simulate_linear
from ivig.pk.schedule import Train

COURSES = [
    Train(start_day=0, interval_day=1, n_doses=5, amount_g=28, route="iv", duration_day=0.25),
    Train(start_day=21, interval_day=21, n_doses=2, amount_g=70, route="iv", duration_day=0.25),
]
DAYS = np.arange(1.0, 57.0)
NAMES = ("kdeg_per_day", "Kd_g_per_L", "Rmax_g_per_L", "C0_g_per_L", "Vc_L", "Q_L_per_day", "Vp_L")


def cohort(n: int) -> dict[str, FloatArray]:
    typical = np.array([0.18, 40.0, 100.0 / 3.0, 10.0, 3.0, 0.5, 2.5])
    spread = np.array([0.2, 0.2, 0.0, 0.25, 0.25, 0.35, 0.3])
    z = np.random.default_rng(3).standard_normal((n, 7))
    columns = dict(zip(NAMES, (typical * np.exp(spread * z)).T, strict=True))
    columns["Rmax_g_per_L"] = columns["Kd_g_per_L"] * 5.0 / 6.0
    return columns


def simulated(
    people: dict[str, FloatArray],
    trains: list[Train] = COURSES,
    days: FloatArray = DAYS,
    scale: FloatArray | float = 1.0,
    out: FloatArray | None = None,
) -> FloatArray:
    return simulate_fcrn(*(people[name] for name in NAMES), 100.0, scale, trains, days, out)


def by_scipy(
    cohort: dict[str, FloatArray], i: int, days: FloatArray, trains: Sequence[Train] = COURSES
) -> FloatArray:
    kdeg, kd, rmax, c0, central, between, peripheral = (cohort[name][i] for name in NAMES)
    doses = [(t.start_day + k * t.interval_day, t) for t in trains for k in range(t.n_doses or 0)]
    edges = sorted({0.0, *days, *(d for d, _ in doses), *(d + t.duration_day for d, t in doses)})
    edges = [edge for edge in edges if edge <= days[-1]]
    out, back = between / central, between / peripheral
    produced = kdeg * (1.0 - rmax / (kd + c0)) * np.array([c0, 100.0])
    state, found = np.array([c0, c0 * out / back, 100.0, 100.0 * out / back]), {}
    for begin, end in pairwise(edges):
        grams = [t.amount_g / t.duration_day for d, t in doses if d <= begin < d + t.duration_day]
        rate = sum(grams) / central

        def slope(_: float, y: FloatArray, rate: float = rate) -> list[float]:
            fcr = kdeg * (1.0 - rmax / (kd + y[0]))
            one, two = out * y[0] - back * y[1], out * y[2] - back * y[3]
            return [rate + produced[0] - fcr * y[0] - one, one, produced[1] - fcr * y[2] - two, two]

        state = solve_ivp(slope, (begin, end), state, "DOP853", rtol=1e-12, atol=1e-13).y[:, -1]
        found[end] = state[[0, 2]]
    return np.array([found[day] for day in days]).T


def test_high_doses_are_the_ode() -> None:
    people = cohort(12)
    found = simulated(people)
    for i in range(12):
        np.testing.assert_allclose(found[i], by_scipy(people, i, DAYS), rtol=5e-6)


def test_without_doses_nothing_changes() -> None:
    people = cohort(70)
    found = simulated(people, [])
    np.testing.assert_allclose(found[:, 0].T, np.tile(people["C0_g_per_L"], (56, 1)), rtol=1e-13)
    np.testing.assert_allclose(found[:, 1], 100.0, rtol=1e-13)


def test_without_receptors_it_is_the_linear_closed_form() -> None:
    people = cohort(200) | {"Rmax_g_per_L": np.zeros(200)}
    bolus = Train(start_day=3.3, interval_day=14, n_doses=3, amount_g=30, route="iv")
    trains, days = [*COURSES, bolus], np.array([0.0, 0.2, 3.3, 3.4, 17.3, 40.0, 100.0])
    expected = simulate_linear(
        people["kdeg_per_day"] * people["Vc_L"], people["Vc_L"], people["Q_L_per_day"],
        people["Vp_L"], None, None, people["C0_g_per_L"], 1.0, make_schedule(trains, days),
    )  # fmt: skip
    found = simulated(people, trains, days)
    np.testing.assert_allclose(found[:, 0], expected, rtol=1e-5)
    np.testing.assert_allclose(found[:, 1], 100.0, rtol=1e-12)


def test_more_igg_means_less_of_the_antibody() -> None:
    people = cohort(50)
    once, twice = simulated(people)[:, 1, -1], simulated(people, scale=2.0)[:, 1, -1]
    assert (once < 100.0).all()
    assert (twice < once).all()


def test_chunks_order_and_reused_memory_give_the_same_bits() -> None:
    people, out = cohort(500), np.empty((500, 2, DAYS.size))
    together = simulated(people, out=out)
    assert together is out
    some = {name: values[123:200] for name, values in people.items()}
    assert (simulated(some) == together[123:200]).all()
    backwards = simulated(people, days=np.append(DAYS[::-1], 7.0))
    assert (backwards[:, :, :-1] == together[:, :, ::-1]).all()
    assert (backwards[:, :, -1] == together[:, :, 6]).all()


def test_refuses_what_cannot_be_computed() -> None:
    people = cohort(3)
    skin = Train(start_day=0, interval_day=7, n_doses=4, amount_g=10, route="sc")
    with pytest.raises(InputError, match="trains"):
        simulated(people, [skin])
    with pytest.raises(InputError, match="Rmax_g_per_L"):
        simulated(people | {"Rmax_g_per_L": np.full(3, 90.0)})
    with pytest.raises(InputError, match="Vc_L"):
        simulated(people | {"Vc_L": np.array([3.0, 0.0, 3.0])})
    with pytest.raises(InputError, match="time_day"):
        simulated(people, days=np.array([np.nan]))


def test_steps_are_short_enough_for_other_doses_intervals_and_bodies() -> None:
    for name, error in worst_errors(500, n_days=45):
        assert error < 1e-5, name


def test_few_output_times_are_as_exact_as_many() -> None:
    doses = REGIMENS["2 g/kg weekly over 2 h"]
    per_kg, weight = people(200, 9, 2.0)
    expected = solved(per_kg, doses, 40, (200, 2, 40))[:, :, [12, 39]]
    found = simulated_wide(per_kg, weight, doses, np.array([13.0, 40.0]))
    np.testing.assert_allclose(found, expected, rtol=1e-5)


def test_the_yardstick_is_scipy() -> None:
    per_kg, _ = people(3, 4, 2.0)
    doses = REGIMENS["2 g/kg weekly over 2 h"]
    found = solved(per_kg, doses, 20, (3, 2, 20))
    for i in range(3):
        one = {name: getattr(per_kg, name)[i : i + 1] for name in NAMES}
        expected = by_scipy(one, 0, np.arange(1.0, 21.0), doses)
        np.testing.assert_allclose(found[i], expected, rtol=1e-8)
