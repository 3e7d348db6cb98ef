"""Files on who pays: every standing has its sentence, every document is a source, every id exists."""

import pytest

from ivig.codec import walk
from ivig.criterion import Test
from ivig.indication import Criterion
from ivig.knowledge import Knowledge

PLACES = ("au", "ca", "uk", "us")


def test_the_places(knowledge: Knowledge) -> None:
    assert tuple(knowledge.access) == PLACES


@pytest.mark.parametrize("place", PLACES)
def test_each_entry_names_an_indication_once(knowledge: Knowledge, place: str) -> None:
    names = [entry.indication for entry in knowledge.access[place].entries]
    assert len(names) == len(set(names))
    assert set(names) <= set(knowledge.indications)


@pytest.mark.parametrize("place", PLACES)
def test_each_document_is_a_source(knowledge: Knowledge, place: str) -> None:
    assert set(knowledge.access[place].documents) <= set(knowledge.sources)


@pytest.mark.parametrize("place", ["au", "ca", "uk"])
def test_a_standing_reads_a_sentence_that_the_indication_holds(
    knowledge: Knowledge, place: str
) -> None:
    """And no sentence is left without a standing."""
    said = {
        item.id
        for item in knowledge.indications.values()
        if any(fact.value.jurisdiction == place for fact in item.elsewhere)
    }
    rated = {e.indication for e in knowledge.access[place].entries if e.standing is not None}
    assert rated == said


@pytest.mark.parametrize("place", PLACES)
def test_criteria_of_a_place_have_ids_of_their_own(knowledge: Knowledge, place: str) -> None:
    for entry in knowledge.access[place].entries:
        ids = [fact.value.id for fact in entry.criteria]
        assert len(ids) == len(set(ids)), entry.indication


def test_hints_are_for_fields_that_a_rule_asks_for(knowledge: Knowledge) -> None:
    """A hint that nothing asks for is a slip of the pen."""
    asked: set[str] = {"igg_g_per_L", "untreated_igg_g_per_L"}
    rules: list[object] = [*knowledge.indications.values(), *knowledge.access.values()]
    for rule in rules:
        for _, value in walk(rule):
            if isinstance(value, Test):
                asked |= {name for name in (value.finding, value.measure, value.condition) if name}
    assert set(knowledge.obtain) <= asked


def test_every_criterion_of_a_place_can_be_met_or_excluded(knowledge: Knowledge) -> None:
    for place in knowledge.access.values():
        for _, value in walk(place):
            if isinstance(value, Criterion):
                assert value.test.never is None, value.id
