"""The compiled closed form is the NumPy one, to 1e-10, for every route, pattern and output grid."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivig.errors import InputError
from ivig.pk.concentration import total_g_per_L
from ivig.pk.disposition import FloatArray
from ivig.pk.kernels import make_schedule, simulate_linear
from ivig.pk.parameters import Parameters, parameters
from ivig.pk.schedule import Train

TWO = {"CL": 0.15, "Vc": 3.0, "Q": 0.5, "Vp": 2.5, "KA": 0.25, "F_SC": 0.7, "F_fSC": 0.8, "BL": 4.0}
ONE = {name: value for name, value in TWO.items() if name not in ("Q", "Vp")}
DAYS = np.arange(1.0, 366.0)
IV = Train(start_day=0, interval_day=21, n_doses=18, amount_g=28, route="iv", duration_day=0.125)
SC = Train(start_day=0, interval_day=7, n_doses=52, amount_g=10, route="sc")


def cohort(n: int, values: dict[str, float] = TWO, seed: int = 1) -> Parameters:
    names = tuple(name for name in ("CL", "Vc", "Q", "Vp", "KA") if name in values)
    eta = 0.3 * np.random.default_rng(seed).standard_normal((n, len(names)))
    return parameters(values, names, eta)


def simulated(
    people: Parameters,
    trains: list[Train],
    days: FloatArray,
    scale: FloatArray | float = 1.0,
    out: FloatArray | None = None,
) -> FloatArray:
    return simulate_linear(
        people.CL_L_per_day,
        people.Vc_L,
        people.Q_L_per_day,
        people.Vp_L,
        people.KA_per_day,
        people.F_SC,
        people.BL_g_per_L,
        scale,
        make_schedule(trains, days),
        out,
        F_fSC=people.F_fSC,
    )


@pytest.mark.parametrize("values", [ONE, TWO], ids=["one compartment", "two compartments"])
@pytest.mark.parametrize("train", [IV, SC], ids=["infusions", "under the skin"])
def test_a_year_of_daily_levels(values: dict[str, float], train: Train) -> None:
    people = cohort(300, values)
    expected = total_g_per_L(people, [train], DAYS)
    np.testing.assert_allclose(simulated(people, [train], DAYS), expected, rtol=1e-12)


def test_a_time_of_a_dose_is_the_trough_before_it() -> None:
    people, doses = cohort(1), [Train(**{**fields(IV), "duration_day": 0.0})]
    at, before, after = simulated(people, doses, np.array([21.0, 20.9999999, 21.0000001]))[0]
    assert at == pytest.approx(before, rel=1e-6)
    assert after > at + 5.0


def fields(train: Train) -> dict[str, object]:
    names = ("start_day", "interval_day", "n_doses", "amount_g", "route", "duration_day")
    return {name: getattr(train, name) for name in names}


def test_own_igg_alone_before_the_first_dose_and_without_doses() -> None:
    people = cohort(5)
    assert (simulated(people, [IV], np.array([-3.0, 0.0])) == 4.0).all()
    assert (simulated(people, [], DAYS) == 4.0).all()


def test_doses_scale_with_the_patient() -> None:
    people, weight = cohort(40), np.linspace(10.0, 120.0, 40)
    per_kg = simulated(people, [IV], DAYS, weight) - 4.0
    np.testing.assert_allclose(
        per_kg, weight[:, None] * (simulated(people, [IV], DAYS) - 4.0), rtol=1e-10
    )


@pytest.mark.parametrize("offset", [0.0, 1e-15, -1e-12, 3e-8, -1e-4, 0.01])
def test_exact_where_absorption_is_as_fast_as_a_mode(offset: float) -> None:
    people = cohort(1)
    fast = float(people.modes.rate_per_day[0][0, 0])
    near = parameters({**TWO, "KA": fast * (1.0 + offset)})
    same = simulate_linear(
        people.CL_L_per_day, people.Vc_L, people.Q_L_per_day, people.Vp_L,
        near.KA_per_day, near.F_SC, near.BL_g_per_L, 1.0, make_schedule([SC], DAYS),
    )  # fmt: skip
    alike = Parameters(
        **{
            name: getattr(people, name)
            for name in ("CL_L_per_day", "Vc_L", "Q_L_per_day", "Vp_L", "modes")
        },
        KA_per_day=near.KA_per_day,
        F_SC=near.F_SC,
        F_fSC=near.F_fSC,
        BL_g_per_L=near.BL_g_per_L,
    )
    np.testing.assert_allclose(same, total_g_per_L(alike, [SC], DAYS), rtol=1e-12)


TRAINS = st.builds(
    lambda start, interval, n, grams, route, part: Train(
        start_day=start,
        interval_day=interval,
        n_doses=n,
        amount_g=grams,
        route=route,
        duration_day=part * interval if route == "iv" else 0.0,
    ),
    st.floats(-5, 60),
    st.floats(0.5, 40),
    st.one_of(st.none(), st.integers(1, 12)),
    st.floats(0.1, 100),
    st.sampled_from(["iv", "sc", "fsc"]),
    st.sampled_from([0.0, 0.01, 0.2, 1.0]),
)


@settings(max_examples=150, deadline=None)
@given(
    trains=st.lists(TRAINS, max_size=4),
    days=st.lists(st.floats(-3, 200), min_size=1, max_size=30),
    values=st.sampled_from([ONE, TWO]),
    n=st.integers(1, 9),
)
def test_any_schedule_is_the_numpy_closed_form(
    trains: list[Train], days: list[float], values: dict[str, float], n: int
) -> None:
    people, times = cohort(n, values), np.array(days)
    starts = [one.start_day + one.interval_day * np.arange(one.n_doses or 450) for one in trains]
    edges = np.concatenate([*starts, np.zeros(0)])
    # within a rounding of a dose either side of it is right
    times = times[[not (np.abs(edges - day) < 1e-7).any() for day in times]]
    if times.size:
        expected = total_g_per_L(people, trains, times)
        np.testing.assert_allclose(simulated(people, trains, times), expected, rtol=1e-10)


def test_chunks_and_reused_memory_give_the_same_bits() -> None:
    people, out = cohort(1000), np.empty((1000, DAYS.size))
    together = simulated(people, [IV, SC], DAYS, out=out)
    assert together is out
    for piece in (slice(0, 1), slice(1, 130), slice(130, 1000)):
        assert (simulated(people.take(piece), [IV, SC], DAYS) == together[piece]).all()


@pytest.mark.parametrize("n_times", [1, 2, 7, 8, 9])
def test_nothing_is_written_outside_the_output(n_times: int) -> None:
    people, memory = cohort(300), np.full(302 * n_times + 16, -1.0)
    out = memory[n_times : n_times + 300 * n_times].reshape(300, n_times)
    simulated(people, [IV], DAYS[:n_times], out=out)
    assert (memory[:n_times] == -1.0).all()
    assert (memory[n_times + 300 * n_times :] == -1.0).all()
    np.testing.assert_allclose(out, total_g_per_L(people, [IV], DAYS[:n_times]), rtol=1e-12)


def test_refuses_what_cannot_be_computed() -> None:
    people = cohort(3)
    with pytest.raises(InputError, match="time_day"):
        make_schedule([IV], np.array([]))
    with pytest.raises(InputError, match="out"):
        simulated(people, [IV], DAYS, out=np.empty((3, 2)))
    with pytest.raises(InputError, match="dose_scale"):
        simulated(people, [IV], DAYS, np.ones(2))
    with pytest.raises(InputError, match="KA_per_day"):
        simulate_linear(
            people.CL_L_per_day, people.Vc_L, None, None, None, None, people.BL_g_per_L, 1.0,
            make_schedule([SC], DAYS),
        )  # fmt: skip
    with pytest.raises(InputError, match="CL_L_per_day"):
        simulate_linear(
            -people.CL_L_per_day, people.Vc_L, None, None, None, None, people.BL_g_per_L, 1.0,
            make_schedule([IV], DAYS),
        )  # fmt: skip
