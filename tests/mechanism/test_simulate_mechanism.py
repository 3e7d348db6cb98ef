"""The kernel against the readable reference, an outside solver, balances and limits."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from ivig.errors import InputError
from ivig.knowledge import load_knowledge
from ivig.mechanism.body import Patients, draw, typical
from ivig.mechanism.fcrn import Blocker, catabolic_rate
from ivig.mechanism.given import trains_of
from ivig.mechanism.platelets import phagocytosis_before, response
from ivig.mechanism.reference import before_treatment, simulate_reference, slopes
from ivig.mechanism.simulate import simulate

MECHANISMS = load_knowledge().mechanisms
DAYS = np.linspace(0.0, 28.0, 57)
BLOCKER = Blocker(
    name="x", dose_day=(3.0, 10.0), occupancy_fraction=0.97, held_day=6.0, half_life_day=2.0
)
HIGH = trains_of("2 g/kg over 5 days", 70.0)
UNDER_SKIN = trains_of("0.1 g/kg sc weekly x 4", 70.0)


@pytest.fixture(scope="module")
def people() -> Patients:
    return draw(MECHANISMS, 20, np.random.default_rng(3))


@pytest.mark.parametrize("effects", [True, False])
@pytest.mark.parametrize(
    ("trains", "blocker"), [(HIGH, None), (UNDER_SKIN, None), (HIGH, BLOCKER), ((), BLOCKER)]
)
def test_kernel_equals_the_reference(
    people: Patients, trains: tuple, blocker: Blocker | None, effects: bool
) -> None:
    found = simulate(people, trains, DAYS, blocker=blocker, effects=effects)
    wanted = simulate_reference(people, np.ones(20), trains, DAYS, blocker).transpose(2, 1, 0)
    close = {"rtol": 1e-6, "atol": 1e-9}
    np.testing.assert_allclose(found.igg_g_per_L, wanted[:, [0, 2, 4]].sum(axis=1), **close)
    np.testing.assert_allclose(found.infused_g_per_L, wanted[:, 2], **close)
    if effects:
        # with both drugs IgG falls through its own level, where blockade ends with a corner
        corner = blocker is not None and bool(trains)
        np.testing.assert_allclose(found.platelets, wanted[:, 8], rtol=3e-4 if corner else 1e-6)
        np.testing.assert_allclose(found.c4_ratio, wanted[:, 9], **close)
        np.testing.assert_allclose(found.mac_ratio, wanted[:, 10], **close)


def test_the_typical_patient_is_within_1e_6_of_the_reference() -> None:
    one = typical(MECHANISMS)
    found = simulate(one, HIGH, DAYS)
    wanted = simulate_reference(one, np.ones(1), HIGH, DAYS)[:, :, 0].T
    np.testing.assert_allclose(found.igg_g_per_L[0], wanted[[0, 2, 4]].sum(axis=0), rtol=1e-6)
    np.testing.assert_allclose(found.platelets[0], wanted[8], rtol=1e-6)


def test_reference_equals_an_outside_solver() -> None:
    one = typical(MECHANISMS)
    k_ab = phagocytosis_before(one)
    start = before_treatment(one)[:, 0]
    start[2] += 140.0 / float(one.V1_L[0])
    start[9] *= float(np.exp(-one.a4_kg_per_g[0] * 2.0))

    def rate(_t: float, y: np.ndarray) -> np.ndarray:
        return slopes(y[:, None], np.zeros(1), 0.0, 0.0, one, k_ab)[:, 0]

    oracle = solve_ivp(rate, (0.0, 28.0), start, t_eval=DAYS[1:], rtol=1e-10, atol=1e-12)
    found = simulate_reference(one, np.ones(1), trains_of("2 g/kg once", 70.0), DAYS)
    np.testing.assert_allclose(found[1:, :, 0].T, oracle.y, rtol=2e-7, atol=1e-9)


def test_without_a_dose_nothing_moves(people: Patients) -> None:
    found = simulate(people, (), DAYS)
    own = np.broadcast_to(people.C0_g_per_L[:, None], (20, DAYS.size))
    np.testing.assert_allclose(found.igg_g_per_L, own, rtol=1e-12)
    np.testing.assert_allclose(found.platelets[:, -1], people.platelets_0, rtol=1e-9)
    assert (found.infused_g_per_L == 0.0).all()


def test_mass_balance_what_is_given_is_there_or_broken_down() -> None:
    one = typical(MECHANISMS)
    days = np.linspace(0.0, 21.0, 8401)
    found = simulate_reference(one, np.ones(1), HIGH, days)[:, :, 0]
    igg = found[:, [0, 2, 4]].sum(axis=1)
    lam = catabolic_rate(igg, one.k_int_per_day, one.n_R_g_per_L, one.K_D_g_per_L)
    gone = float(np.trapezoid(lam * found[:, 2], days)) * float(one.V1_L[0])
    there = float(found[-1, 2] + found[-1, 3]) * float(one.V1_L[0])
    assert gone + there == pytest.approx(140.0, rel=3e-3)  # trapezia across the five jumps


def test_under_the_skin_all_that_is_bioavailable_arrives() -> None:
    still = replace(typical(MECHANISMS), k_int_per_day=np.array([1e-12]))
    found = simulate(still, trains_of("10 g sc once", 70.0), np.array([0.0, 400.0]), effects=False)
    volume = float((still.V1_L + still.V2_L)[0])
    arrived = found.infused_g_per_L[0, -1] * volume
    assert arrived == pytest.approx(10.0 * float(still.F_sc_fraction[0]), rel=1e-6)


def test_full_block_ends_at_the_closed_form() -> None:
    one = typical(MECHANISMS)
    drug = Blocker(
        name="x", dose_day=(0.0,), occupancy_fraction=1.0, held_day=400.0, half_life_day=1.0
    )
    found = simulate(one, (), np.array([0.0, 390.0]), blocker=drug, effects=False)
    lam = float(catabolic_rate(11.4, one.k_int_per_day, one.n_R_g_per_L, one.K_D_g_per_L)[0])
    assert found.igg_g_per_L[0, -1] == pytest.approx(
        11.4 * lam / float(one.k_int_per_day[0]), rel=1e-6
    )


def test_long_replacement_ends_at_a_balance_of_input_and_loss() -> None:
    one = typical(MECHANISMS, C0_g_per_L=3.0)
    found = simulate(one, trains_of("1 g iv daily", 70.0), np.array([0.0, 900.0]), effects=False)
    igg = float(found.igg_g_per_L[0, -1])
    before, now = (
        float(catabolic_rate(c, one.k_int_per_day, one.n_R_g_per_L, one.K_D_g_per_L)[0])
        for c in (3.0, igg)
    )
    made = before * 3.0 * float(one.V1_L[0])
    assert now * igg * float(one.V1_L[0]) == pytest.approx(made + 1.0, rel=0.03)  # a trough


@pytest.mark.parametrize("field", ["igg_g_per_L", "c3_inhibition"])
def test_more_drug_more_effect(field: str) -> None:
    one = typical(MECHANISMS)
    small, large = (
        getattr(simulate(one, trains_of(f"{g} g/kg once", 70.0), DAYS), field)[0, 1:]
        for g in (0.4, 2.0)
    )
    assert (large > small).all()


def test_more_drug_less_antibody_and_more_platelets() -> None:
    one = typical(MECHANISMS)
    small, large = (simulate(one, trains_of(f"{g} g/kg once", 70.0), DAYS) for g in (0.4, 2.0))
    assert large.autoantibody_ratio.min() < small.autoantibody_ratio.min()
    assert large.platelets.max() > small.platelets.max()


def test_results_do_not_depend_on_the_others(people: Patients) -> None:
    together = simulate(people, HIGH, DAYS).platelets
    one = Patients(**{name: getattr(people, name)[4:5] for name in Patients.__dataclass_fields__})
    assert (simulate(one, HIGH, DAYS).platelets[0] == together[4]).all()


def test_output_times_change_nothing_but_the_steps(people: Patients) -> None:
    sparse = simulate(people, HIGH, np.array([0.0, 28.0])).igg_g_per_L[:, -1]
    np.testing.assert_allclose(sparse, simulate(people, HIGH, DAYS).igg_g_per_L[:, -1], rtol=1e-6)


def test_response_interpolates_the_crossings() -> None:
    days, counts = np.array([0.0, 2.0, 4.0, 6.0]), np.array([[0.0, 100.0, 100.0, 0.0]])
    assert response(days, counts)[0].tolist() == [1.0, 2.0, 100.0, 4.0]
    assert np.isnan(response(days, counts / 10.0)[0, 0])


def test_bad_input_is_refused() -> None:
    one = typical(MECHANISMS)
    for trains in (trains_of("10 g fsc weekly x 4", 70.0),):
        with pytest.raises(InputError, match="iv or sc"):
            simulate(one, trains, DAYS)
    with pytest.raises(InputError, match="ascending"):
        simulate(one, HIGH, DAYS[::-1])
    with pytest.raises(InputError, match="below that of health"):
        simulate(replace(one, platelets_0=np.array([900.0])), HIGH, DAYS)
    for weight in (0.0, 500.0, float("nan")):
        with pytest.raises(InputError, match="weight"):
            typical(MECHANISMS, weight_kg=weight)
    with pytest.raises(InputError, match="baseline IgG"):
        typical(MECHANISMS, C0_g_per_L=-1.0)
