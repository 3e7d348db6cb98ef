"""Summaries: exact where every value is kept, to one bin where only counts are."""

import numpy as np
import pytest

from ivig.errors import InputError
from ivig.knowledge import load_knowledge
from ivig.pk.regimen_text import parse_regimen
from ivig.pk.simulate import Simulation, levels_g_per_L, make_block, scalars
from ivig.pk.summary import (
    HIGHEST_G_PER_L,
    RESOLUTION_G_PER_L,
    LevelCounts,
    SimulationSummary,
    SummaryBuilder,
    describe,
    memory_bytes,
)
from ivig.pk.virtual import BLOCK

KNOWN = load_knowledge()
N = 2 * BLOCK + 100


def case(regimen: str = "0.4 g/kg q3w", n: int = N) -> Simulation:
    return Simulation(
        model=KNOWN.models["luo_2020"],
        population=KNOWN.populations["us_adults"],
        phases=parse_regimen(regimen),
        n_patients=n,
        seed=5,
        n_days=30,
    )


def summarised(simulation: Simulation, order: tuple[int, ...] = (0, 1, 2)) -> SimulationSummary:
    builder = SummaryBuilder(simulation)
    for i in order:
        block = make_block(simulation, i)
        builder.add(block, scalars(simulation, block), levels_g_per_L(simulation, block))
    return builder.finish((5.0, 7.0))


def test_one_value_is_all_of_its_quantiles() -> None:
    assert set(describe(np.array([3.0])).values()) == {3.0, 0.0}


def test_quantiles_are_those_of_numpy() -> None:
    values = np.random.default_rng(1).lognormal(2.0, 0.5, 1001)
    found = describe(values)
    assert list(found) == ["mean", "sd", "q05", "q25", "q50", "q75", "q95"]
    wanted = np.quantile(values, (0.05, 0.25, 0.5, 0.75, 0.95))
    np.testing.assert_allclose(list(found.values())[2:], wanted, rtol=1e-12)
    assert (found["mean"], found["sd"]) == (values.mean(), values.std())


def test_counted_quantiles_are_right_to_one_bin() -> None:
    levels = np.random.default_rng(2).lognormal(2.0, 0.5, (20_000, 3))
    counts = LevelCounts(3)
    for part in np.array_split(levels, 7):
        counts.add(part)
    for share, found in zip((0.05, 0.5, 0.95), counts.quantiles((0.05, 0.5, 0.95)), strict=True):
        exact = np.quantile(levels, share, axis=0)
        assert np.abs(found - exact).max() <= RESOLUTION_G_PER_L


def test_equal_levels_have_that_level_to_one_bin() -> None:
    counts = LevelCounts(1)
    counts.add(np.full((10, 1), 4.01))
    for found in counts.quantiles((0.05, 0.5, 0.95)):
        assert found[0] == pytest.approx(4.01, abs=RESOLUTION_G_PER_L)


def test_a_level_off_the_scale_is_given_as_its_end() -> None:
    counts = LevelCounts(1)
    counts.add(np.array([[5.0], [300.0], [1e12]]))
    assert counts.quantiles((0.99,))[0][0] == HIGHEST_G_PER_L


def test_a_summary_is_that_of_all_patients_together() -> None:
    simulation = case()
    found = summarised(simulation)
    blocks = [make_block(simulation, i) for i in range(3)]
    trough = np.concatenate([scalars(simulation, b).trough_g_per_L for b in blocks])
    levels = np.concatenate([levels_g_per_L(simulation, b) for b in blocks])
    assert trough.size == found.n_patients == N
    assert found.trough_g_per_L == describe(trough)
    assert found.trough_below_fraction == {x: (trough < x).mean() for x in (5.0, 7.0)}
    assert found.curve.time_day == tuple(range(31))
    band = np.quantile(levels, (0.05, 0.5, 0.95), axis=0)
    for name, exact in zip(("q05_g_per_L", "q50_g_per_L", "q95_g_per_L"), band, strict=True):
        assert np.abs(getattr(found.curve, name) - exact).max() <= RESOLUTION_G_PER_L
    assert found.regimen == "0.4 g/kg iv q3w"


def test_the_order_of_blocks_does_not_matter() -> None:
    simulation = case()
    assert summarised(simulation) == summarised(simulation, (2, 0, 1))


def test_a_course_has_a_curve_and_no_trough() -> None:
    found = summarised(case("1 g/kg once", n=10), (0,))
    assert found.trough_g_per_L is None
    assert found.trough_below_fraction is None
    assert found.half_life_day["q50"] > 0
    assert found.curve.q50_g_per_L[1] > found.curve.q50_g_per_L[0]


@pytest.mark.parametrize("target", [0.0, -1.0, float("nan"), 1e9])
def test_a_target_must_be_a_level(target: float) -> None:
    with pytest.raises(InputError, match="target"):
        SummaryBuilder(case(n=1)).finish((target,))


def test_a_million_patients_need_little_memory() -> None:
    assert memory_bytes(case(n=1_000_000)) < 100e6
