"""Drugs with doses only for whom a source gives them."""

import pytest

from ivig.errors import InputError
from ivig.knowledge import Knowledge
from ivig.reaction import Severity
from ivig.reaction_advice import ReactionReport, numbered, react
from tests.test_reaction import chart


def told(
    knowledge: Knowledge, word: str, severity: Severity, age_year: float | None, weight_kg: float
) -> ReactionReport:
    return react(
        chart(knowledge, age_year, weight_kg),
        reaction=word,
        severity=severity,
        at_min=45,
        session=1,
        reactions=knowledge.reactions,
        rules=knowledge.infusion,
    )


def test_epinephrine_is_counted_on_weight_and_held_at_its_maximum(knowledge: Knowledge) -> None:
    child = told(knowledge, "anaphylaxis", "severe", 5.0, 20.0).drugs
    adult = told(knowledge, "anaphylaxis", "severe", None, 70.0).drugs
    assert "0.2 mg (0.01 mg/kg × 20 kg" in child[0].text
    assert "0.5 mg (0.01 mg/kg × 70 kg = 0.7 mg, at most 0.5 mg)" in adult[0].text


def test_a_dose_for_adults_is_not_given_to_a_child(knowledge: Knowledge) -> None:
    adult = told(knowledge, "headache", "mild", 40.0, 70.0).next_time
    child = told(knowledge, "headache", "mild", 5.0, 20.0).next_time
    unknown = told(knowledge, "headache", "mild", None, 70.0).next_time
    assert any("650–1000 mg" in finding.text for finding in adult)
    assert any("no sourced dose at this age" in finding.text for finding in child)
    assert any("the age is not known" in finding.text for finding in unknown)
    assert not any("650–1000 mg" in finding.text for finding in (*child, *unknown))


def test_a_session_the_chart_has_not_is_refused(knowledge: Knowledge) -> None:
    with pytest.raises(InputError, match="session"):
        react(
            chart(knowledge),
            reaction="headache",
            severity="mild",
            at_min=5,
            session=9,
            reactions=knowledge.reactions,
            rules=knowledge.infusion,
        )


def test_all_references_are_numbered(knowledge: Knowledge) -> None:
    report = numbered(told(knowledge, "headache", "mild", 40.0, 70.0), knowledge.sources)
    assert [source.n for source in report.sources] == list(range(1, len(report.sources) + 1))
    assert all(finding.references for finding in report.emergency)
