"""A reaction while the infusion runs."""

import pytest

from ivig.chart_report import ChartReport, Order
from ivig.charting import make_chart
from ivig.errors import InputError
from ivig.knowledge import Knowledge
from ivig.patient import Patient
from ivig.reaction import SEVERITIES, Decision, Severity, find_reaction, given_at_mL
from ivig.reaction_advice import ReactionReport, react


def chart(
    knowledge: Knowledge, age_year: float | None = 40.0, weight_kg: float = 70.0
) -> ChartReport:
    """Rates 21, 42, 84, 138 mL/h from minute 0, 30, 60, 90; 280 mL."""
    patient = Patient(diagnosis="cidp", weight_kg=weight_kg, age_year=age_year, doses=())
    order = Order(
        patient=patient, product="privigen", amount_g=2 * weight_kg, days=5, start_clock_min=540
    )
    return make_chart(order, knowledge)


def ask(knowledge: Knowledge, word: str, severity: Severity, at_min: float) -> ReactionReport:
    return react(
        chart(knowledge),
        reaction=word,
        severity=severity,
        at_min=at_min,
        session=1,
        reactions=knowledge.reactions,
        rules=knowledge.infusion,
    )


def test_mild_steps_back_and_moderate_halves_after_a_pause(knowledge: Knowledge) -> None:
    mild = ask(knowledge, "headache", "mild", 100).managed
    assert mild.decision == "slow"
    assert mild.restart is not None
    assert [line.rate_mL_per_h for line in mild.restart.lines] == [84]
    moderate = ask(knowledge, "chills", "moderate", 100).managed
    assert moderate.decision == "pause"
    assert moderate.restart is not None
    assert [line.rate_mL_per_h for line in moderate.restart.lines] == [0, 69]
    assert moderate.restart.lines[0].end_clock == "11:10"
    assert moderate.given_mL + moderate.restart.lines[-1].volume_mL == 280.0


def test_on_the_first_step_the_rate_is_halved(knowledge: Knowledge) -> None:
    found = ask(knowledge, "fever", "mild", 10).managed.restart
    assert found is not None
    assert found.rate_after_mL_per_h == 10.5


def test_on_a_change_of_rate_the_step_before_it_is_blamed(knowledge: Knowledge) -> None:
    found = ask(knowledge, "fever", "mild", 90).managed.restart
    assert found is not None
    assert (found.rate_before_mL_per_h, found.rate_after_mL_per_h) == (84, 42)


@pytest.mark.parametrize(
    ("word", "severity", "decision"),
    [
        ("anaphylaxis", "mild", "stop"),
        ("chest pain", "mild", "stop"),
        ("hives", "mild", "stop"),
        ("TACO", "mild", "stop"),
        ("headache", "severe", "stop"),
        ("neutropenia", "mild", "continue"),
        ("nausea", "mild", "slow"),
    ],
)
def test_what_is_done(
    word: str, severity: Severity, decision: Decision, knowledge: Knowledge
) -> None:
    assert ask(knowledge, word, severity, 60).managed.decision == decision


def test_every_reaction_and_severity_has_an_answer(knowledge: Knowledge) -> None:
    assert len(knowledge.reactions) == 15
    for reaction in knowledge.reactions.values():
        for severity in SEVERITIES:
            report = ask(knowledge, reaction.id, severity, 60)
            assert report.about[0].advice.name == reaction.name
            serious = reaction.severity == "serious" or severity == "severe"
            assert not serious or report.managed.decision == "stop"


def test_after_the_end_nothing_is_left_to_slow(knowledge: Knowledge) -> None:
    managed = ask(knowledge, "headache", "mild", 400).managed
    assert managed.decision == "finished"
    assert (managed.given_mL, managed.left_mL, managed.restart) == (280.0, 0.0, None)


@pytest.mark.parametrize("severity", ["mild", "moderate"])
def test_a_rest_no_pump_could_give_is_none(severity: Severity, knowledge: Knowledge) -> None:
    last_min = chart(knowledge).sessions[0].total_min - 1e-6
    managed = ask(knowledge, "headache", severity, last_min).managed
    assert (managed.decision, managed.left_mL, managed.restart) == ("finished", 0.0, None)


def test_what_is_in_by_a_minute(knowledge: Knowledge) -> None:
    session = chart(knowledge).sessions[0]
    assert [given_at_mL(session, minute) for minute in (0, 30, 45, 1000)] == [0, 10.5, 21.0, 280.0]


def test_an_unknown_name_gives_the_nearest(knowledge: Knowledge) -> None:
    with pytest.raises(InputError, match="nearest: headache"):
        find_reaction("hedache", dict(knowledge.reactions), knowledge.infusion)


@pytest.mark.parametrize("at_min", [-1.0, float("nan"), float("inf")])
def test_a_minute_that_is_none_is_refused(at_min: float, knowledge: Knowledge) -> None:
    with pytest.raises(InputError):
        ask(knowledge, "headache", "mild", at_min)
