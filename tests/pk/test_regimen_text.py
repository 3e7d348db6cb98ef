import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivig.errors import InputError
from ivig.pk.concentration import exogenous_g_per_L
from ivig.pk.parameters import parameters
from ivig.pk.regimen_text import (
    RegimenPhase,
    dosing,
    format_regimen,
    parse_regimen,
    phase_starts,
    regimen_doses,
    regimen_trains,
)
from ivig.pk.schedule import history_trains

TWO = {"CL": 0.15, "Vc": 3.0, "Q": 0.5, "Vp": 2.5, "KA": 0.25, "F_SC": 0.7, "F_fSC": 0.8, "BL": 4.0}


def phase(**kwargs) -> RegimenPhase:
    return RegimenPhase(**kwargs)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("30 g q3w", phase(amount_g=30, interval_day=21)),
        ("0.4 g/kg iv q3w", phase(amount_g_per_kg=0.4, interval_day=21)),
        ("400 mg/kg q28d", phase(amount_g_per_kg=0.4, interval_day=28)),
        ("400mg / kg IV Every 4 weeks", phase(amount_g_per_kg=0.4, interval_day=28)),
        ("10 g sc weekly", phase(amount_g=10, route="sc", interval_day=7)),
        ("30 g fsc every 4 weeks", phase(amount_g=30, route="fsc", interval_day=28)),
        ("5 g sc every 3.5 days", phase(amount_g=5, route="sc", interval_day=3.5)),
        ("5 g sc every day", phase(amount_g=5, route="sc", interval_day=1)),
        ("0.4 g/kg daily x 5", phase(amount_g_per_kg=0.4, interval_day=1, n_cycles=5)),
        ("2 g/kg once", phase(amount_g_per_kg=2)),
        ("2 g/kg over 5 days", phase(amount_g_per_kg=2, split_days=5)),
        (
            "2 g/kg over 2 days q4w ×6",
            phase(amount_g_per_kg=2, split_days=2, interval_day=28, n_cycles=6),
        ),
        ("q3w, iv, 0.4 g/kg", phase(amount_g_per_kg=0.4, interval_day=21)),
    ],
)
def test_one_phase(text: str, expected: RegimenPhase) -> None:
    assert parse_regimen(text) == (expected,)


def test_a_course_then_maintenance_begins_one_interval_after_its_first_day() -> None:
    phases = parse_regimen("2 g/kg over 5 days then 1 g/kg over 2 days q3w")
    assert phase_starts(phases) == (0, 21)
    doses = regimen_doses(phases, 70, end_day=43)
    assert [dose.time_day for dose in doses] == [0, 1, 2, 3, 4, 21, 22, 42]
    assert {dose.amount_g for dose in doses} == {28, 35}


def test_the_next_phase_begins_where_the_next_cycle_would_have() -> None:
    phases = parse_regimen("0.4 g/kg q4w x 3 then 10 g sc weekly")
    assert phase_starts(phases) == (0, 84)
    assert [dose.route for dose in regimen_doses(phases, 70, end_day=92)] == ["iv"] * 3 + ["sc"] * 2


def test_the_next_phase_may_name_its_day() -> None:
    phases = parse_regimen("5 g sc daily x 5, then from day 7 10 g sc weekly")
    assert phase_starts(phases) == (0, 7)
    with pytest.raises(InputError, match="from day 5 or later"):
        parse_regimen("2 g/kg over 5 days then from day 3 1 g/kg q3w")


def test_grams_follow_the_weight() -> None:
    (found,) = parse_regimen("2 g/kg over 5 days q3w")
    assert dosing(found, 70, duration_h=4).amount_per_dose_g == 28
    assert dosing(found, 70, duration_h=4).duration_h == 4
    assert dosing(parse_regimen("30 g q3w")[0], 70).amount_g == 30


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ["the amount is missing"]),
        ("q3w", ["q3w", "the amount is missing"]),
        ("30 g", ["30 g", "how often is missing"]),
        ("30 g monthly", ["monthly", "28 to 31 days", "q4w"]),
        ("30 g every month", ["every month", "q28d"]),
        ("30 g biweekly", ["biweekly", "q2w"]),
        ("30 mg q3w", ["30 mg", "write grams"]),
        ("0.4 g/kg/day for 5 days", ["0.4 g/kg/day", "whole cycle"]),
        ("0.4-0.6 g/kg q3w", ["0.4-0.6", "range"]),
        ("30 g im q3w", ["im q3w", "route (iv, sc, fsc)"]),
        ("30 g iv sc q3w", ["one route in a phase"]),
        ("400 g/kg q3w", ["amount_g_per_kg", "400 mg/kg is 0.4 g/kg"]),
        ("0 g q3w", ["amount_g", "0.01"]),
        ("30 g q0w", ["interval_day"]),
        ("30 g over 8 days weekly", ["interval_day", "8"]),
        ("30 g once x 6", ["how often as well"]),
        ("30 g q3w x 0", ["n_cycles"]),
        ("30 g q3w then 20 g q3w", ["number of cycles before then"]),
        ("30 g once then 20 g once", ["then from day"]),
        ("30 g q3w then", ["the amount is missing"]),
        ("30 g over 4 h q3w", ["over 4 h", "duration_h"]),
        ("nan g q3w", ["nan"]),
    ],
)
def test_what_does_not_parse_is_named_with_the_grammar(text: str, words: list[str]) -> None:
    with pytest.raises(InputError) as raised:
        parse_regimen(text)
    for word in words:
        assert word in str(raised.value)
    assert raised.value.field == "regimen"
    assert "\n" not in str(raised.value)


PHASES = st.builds(
    lambda grams, per_kg, route, days, split, cycles: RegimenPhase(
        amount_g=grams if per_kg is None else None,
        amount_g_per_kg=per_kg,
        route=route,
        interval_day=days + split,
        split_days=split,
        n_cycles=cycles,
    ),
    grams=st.floats(0.01, 500),
    per_kg=st.none() | st.floats(0.001, 10),
    route=st.sampled_from(["iv", "sc", "fsc"]),
    days=st.integers(0, 300) | st.floats(0, 300),
    split=st.integers(1, 31),
    cycles=st.integers(1, 10_000),
)


@given(phases=st.lists(PHASES, min_size=1, max_size=4).map(tuple))
def test_what_is_written_reads_back_the_same(phases: tuple[RegimenPhase, ...]) -> None:
    assert parse_regimen(format_regimen(phases)) == phases


@given(text=st.text(max_size=60) | st.from_regex(r"\A[\d. gkmqwdxiv/]{1,30}\Z"))
def test_any_text_parses_or_is_refused_in_one_way(text: str) -> None:
    try:
        phases = parse_regimen(text)
    except InputError as error:
        assert error.field == "regimen"  # noqa: PT017
    else:
        assert parse_regimen(format_regimen(phases)) == phases


def test_trains_and_written_out_doses_are_the_same_regimen() -> None:
    phases = parse_regimen("2 g/kg over 5 days then 0.4 g/kg q3w x 6 then 10 g sc weekly")
    times = np.linspace(0.0, 300.0, 61)
    trains = regimen_trains(phases, 70, duration_h=4)
    written = history_trains(regimen_doses(phases, 70, end_day=301, duration_h=4))
    person = parameters(TWO)
    np.testing.assert_allclose(
        exogenous_g_per_L(person, trains, times),
        exogenous_g_per_L(person, written, times),
        rtol=1e-12,
    )
