"""Blocks of a simulation: equal to one patient worked out alone, whichever engine runs."""

import numpy as np
import pytest

from ivig.errors import InputError
from ivig.knowledge import load_knowledge
from ivig.pk import simulate
from ivig.pk.concentration import total_g_per_L
from ivig.pk.regimen_text import dosing, parse_regimen, regimen_trains
from ivig.pk.simulate import (
    Simulation,
    amounts_g,
    level_function,
    levels_g_per_L,
    make_block,
    scalars,
)
from ivig.pk.steady import half_life_day, steady_state
from ivig.pk.virtual import BLOCK

KNOWN = load_knowledge()
CASES = [
    ("luo_2020", "0.4 g/kg iv q3w"),
    ("luo_2020", "30 g iv q4w"),
    ("lee_2021", "2 g/kg over 5 days"),
    ("luo_2020", "2 g/kg over 5 days then 10 g sc weekly"),
    ("li_2022", "30 g fsc q3w x 3 then 0.1 g/kg sc weekly"),
]


def case(name: str, regimen: str, n: int = 40, n_days: int = 100, seed: int = 3) -> Simulation:
    return Simulation(
        model=KNOWN.models[name],
        population=KNOWN.populations["us_adults"],
        phases=parse_regimen(regimen),
        n_patients=n,
        seed=seed,
        n_days=n_days,
    )


def test_blocks_hold_every_patient_once() -> None:
    simulation = case("luo_2020", "30 g q4w", n=BLOCK + 5)
    blocks = [make_block(simulation, i) for i in range(simulation.n_blocks)]
    assert [(block.first, block.n_patients) for block in blocks] == [(0, BLOCK), (BLOCK, 5)]


def test_a_patient_does_not_depend_on_how_many_there_are() -> None:
    few = make_block(case("luo_2020", "30 g q4w", n=10), 0)
    many = make_block(case("luo_2020", "30 g q4w", n=5000), 0)
    np.testing.assert_array_equal(few.parameters.Vc_L, many.parameters.Vc_L[:10])


@pytest.mark.parametrize(("name", "regimen"), CASES)
def test_levels_are_those_of_each_patient_alone(name: str, regimen: str) -> None:
    simulation = case(name, regimen)
    block = make_block(simulation, 0)
    levels = levels_g_per_L(simulation, block)
    assert levels.shape == (40, 101)
    for i in (0, 17, 39):
        trains = regimen_trains(simulation.phases, float(block.patients.weight_kg[i]))
        alone = total_g_per_L(block.parameters.take(slice(i, i + 1)), trains, simulation.time_day)
        np.testing.assert_allclose(levels[i], alone[0], rtol=1e-12)


@pytest.mark.parametrize(("name", "regimen"), CASES)
def test_the_compiled_levels_are_the_same(name: str, regimen: str) -> None:
    pytest.importorskip("numba")
    simulation = case(name, regimen, n_days=400)
    block = make_block(simulation, 0)
    compiled = level_function(simulation)(block)
    np.testing.assert_allclose(compiled, levels_g_per_L(simulation, block), rtol=1e-10)


def test_without_numba_numpy_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(simulate, "find_spec", lambda name: None)
    simulation = case("luo_2020", "30 g q4w")
    block = make_block(simulation, 0)
    np.testing.assert_array_equal(
        level_function(simulation)(block), levels_g_per_L(simulation, block)
    )


@pytest.mark.parametrize(("name", "regimen"), [CASES[0], CASES[1], CASES[3], CASES[4]])
def test_the_steady_state_is_that_of_the_last_phase(name: str, regimen: str) -> None:
    simulation = case(name, regimen)
    block = make_block(simulation, 0)
    found, phase = scalars(simulation, block), simulation.phases[-1]
    for i in (0, 21):
        plan = dosing(phase, float(block.patients.weight_kg[i]))
        one = block.parameters.take(slice(i, i + 1))
        wanted, own = steady_state(one, plan), one.BL_g_per_L[0]
        assert amounts_g(phase, block)[i] == pytest.approx(plan.amount_g)
        assert found.trough_g_per_L[i] == pytest.approx(own + wanted.trough_g_per_L[0])
        assert found.peak_g_per_L[i] == pytest.approx(own + wanted.peak_g_per_L[0])
        area = own * plan.interval_day + wanted.auc_tau_g_day_per_L[0]
        assert found.auc_tau_g_day_per_L[i] == pytest.approx(area)
        assert found.half_life_day[i] == pytest.approx(half_life_day(one)[0])


def test_late_levels_reach_the_steady_trough() -> None:
    simulation = case("lee_2021", "30 g q4w", n_days=28 * 60)
    block = make_block(simulation, 0)
    late = levels_g_per_L(simulation, block)[:, -1]
    np.testing.assert_allclose(late, scalars(simulation, block).trough_g_per_L, rtol=1e-6)


def test_a_course_has_no_steady_state() -> None:
    simulation = case("lee_2021", "2 g/kg over 5 days")
    found = scalars(simulation, make_block(simulation, 0))
    assert np.isnan(found.trough_g_per_L).all()
    assert (found.half_life_day > 0).all()


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"n": 0}, "n"), ({"n": -1}, "n"), ({"seed": -1}, "seed"), ({"n_days": 0}, "days")],
)
def test_numbers_out_of_range_are_refused(changes: dict[str, int], field: str) -> None:
    with pytest.raises(InputError, match=f"^{field}: "):
        case("luo_2020", "30 g q4w", **changes)


def test_a_route_the_model_never_saw_is_refused() -> None:
    with pytest.raises(InputError, match="lee_2021 was built on no other route"):
        case("lee_2021", "10 g sc weekly")
