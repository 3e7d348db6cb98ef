"""IgG1 to IgG4 through time: the sum, the steady state, the half-life, the blocker."""

from dataclasses import replace

import numpy as np
import pytest

from ivig.knowledge import load_knowledge
from ivig.mechanism.body import draw, typical
from ivig.mechanism.fcrn import Blocker, half_life, subclass_ratios
from ivig.mechanism.given import trains_of
from ivig.mechanism.half_life import half_lives
from ivig.mechanism.simulate import simulate
from ivig.mechanism.subclasses import simulate_subclasses

MECHANISMS = load_knowledge().mechanisms
FCRN = MECHANISMS["fcrn"]
DAYS = np.linspace(0.0, 42.0, 85)
BLOCKER = Blocker(
    name="x", dose_day=(3.0, 10.0), occupancy_fraction=0.97, held_day=6.0, half_life_day=2.0
)


@pytest.mark.parametrize("text", ["2 g/kg over 5 days", "0.1 g/kg sc weekly x 4"])
@pytest.mark.parametrize("blocker", [None, BLOCKER])
def test_alike_they_are_the_igg_of_the_kernel(text: str, blocker: Blocker | None) -> None:
    people = draw(MECHANISMS, 10, np.random.default_rng(1))
    share = subclass_ratios(FCRN)[0]
    trains = trains_of(text, 70.0)
    found = simulate_subclasses(people, (share, np.ones(4)), trains, DAYS, blocker)
    wanted = simulate(people, trains, DAYS, blocker=blocker, effects=False).igg_g_per_L
    np.testing.assert_allclose(found.sum(axis=1), wanted, rtol=2e-6)
    np.testing.assert_allclose(found[:, 0], share[0] * wanted, rtol=2e-6)


def test_without_a_dose_nothing_moves() -> None:
    found = simulate_subclasses(typical(MECHANISMS), subclass_ratios(FCRN), (), DAYS)
    np.testing.assert_allclose(found, np.broadcast_to(found[..., :1], found.shape), rtol=1e-9)
    assert float(found[0, :, 0].sum()) == pytest.approx(11.4)


def test_with_receptor_to_spare_each_is_lost_with_its_own_half_life() -> None:
    spare = {"n_R_g_per_L": np.array([4e6]), "K_D_g_per_L": np.array([1e6])}
    one, days = replace(typical(MECHANISMS), **spare), np.linspace(0.0, 200.0, 101)
    of = subclass_ratios(FCRN)
    given = simulate_subclasses(one, of, trains_of("2 g/kg iv once", 70.0), days)
    rise = given[0] - simulate_subclasses(one, of, (), days)[0]
    lam = float(one.k_int_per_day[0]) * 0.2
    for i in range(4):
        wanted = half_life(lam * of[1][i], one.V1_L, one.V2_L, one.Q_L_per_day)
        kept = rise[i, 25] / rise[i, 15]
        assert np.log(0.5) / np.log(kept) * 20.0 == pytest.approx(float(wanted[0]), rel=1e-3)


def test_the_table_of_half_lives() -> None:
    found = half_lives(FCRN)
    days = [row.igg_day for row in found.rows]
    assert days == sorted(days, reverse=True)
    blocked = half_lives(FCRN, (11.4,), "Efgartigimod").rows[0]
    assert blocked.igg_day < 0.3 * half_lives(FCRN, (11.4,)).rows[0].igg_day
