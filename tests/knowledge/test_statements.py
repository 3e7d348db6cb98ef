"""The statements: all there, each under its indication or subject, each with its grade and its source."""

from collections import Counter

import pytest

from ivig.cited import Cited
from ivig.knowledge import Knowledge, load_knowledge
from ivig.statement import Statement

CROSS_CUTTING = "general"
SUBJECTS = {
    "adverse_events",
    "cost",
    "exposure_response",
    "quality_of_life",
    "rates_general",
    "trials_haematology",
    "trials_immunodeficiency",
    "trials_infection",
    "trials_kawasaki",
    "trials_neurology",
    "trials_skin_muscle",
}
"""Files by subject: their statements name an indication, or *general*, and say their topics."""

LETTER = {"guideline": "g", "research": "r", "label": "l"}


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load_knowledge()


@pytest.fixture(scope="module")
def statements(knowledge: Knowledge) -> list[Cited[Statement]]:
    return [cited for file in knowledge.statements.values() for cited in file.statements]


def by_indication(knowledge: Knowledge) -> list[Cited[Statement]]:
    files = knowledge.statements
    named = [key for key in files if key in knowledge.indications or key == CROSS_CUTTING]
    return [cited for key in named for cited in files[key].statements]


def by_subject(knowledge: Knowledge) -> list[Cited[Statement]]:
    return [cited for key in sorted(SUBJECTS) for cited in knowledge.statements[key].statements]


def test_statements_by_indication_are_all_there(knowledge: Knowledge) -> None:
    assert Counter(cited.value.section for cited in by_indication(knowledge)) == {
        "guideline": 338,
        "research": 121,
        "label": 107,
    }


def test_statements_by_subject_are_all_there(knowledge: Knowledge) -> None:
    assert Counter(cited.value.section for cited in by_subject(knowledge)) == {
        "guideline": 9,
        "research": 148,
        "label": 5,
    }


def test_what_was_read_and_what_is_recalled(knowledge: Knowledge) -> None:
    assert Counter(cited.basis for cited in by_indication(knowledge)) == {
        "read": 539,
        "recalled": 27,
    }
    assert Counter(cited.basis for cited in by_subject(knowledge)) == {
        "read": 146,
        "recalled": 15,
        "derived": 1,
    }


def test_ids_are_unique(statements: list[Cited[Statement]]) -> None:
    ids = [cited.value.id for cited in statements]

    assert len(ids) == len(set(ids)) == 1169


def test_each_statement_stands_in_its_file(knowledge: Knowledge) -> None:
    misplaced = [
        cited.value.id
        for key, file in knowledge.statements.items()
        for cited in file.statements
        if (key in knowledge.indications and cited.value.indication != key)
        or not cited.value.id.startswith(f"{key}-{LETTER[cited.value.section]}-")
    ]

    assert misplaced == []


def test_a_statement_by_subject_says_its_topics(knowledge: Knowledge) -> None:
    assert [c.value.id for c in by_subject(knowledge) if not c.value.topics] == []


def test_order_within_a_file_is_the_order_of_the_numbers(knowledge: Knowledge) -> None:
    for file in knowledge.statements.values():
        for letter in LETTER.values():
            prefix = f"{file.id}-{letter}-"
            numbers = [
                int(cited.value.id.removeprefix(prefix))
                for cited in file.statements
                if cited.value.id.startswith(prefix)
            ]
            assert numbers == sorted(numbers)


def test_every_source_exists(knowledge: Knowledge, statements: list[Cited[Statement]]) -> None:
    missing = {
        cited.value.id: cited.source
        for cited in statements
        if cited.source is None or cited.source not in knowledge.sources
    }

    assert missing == {}


def test_what_was_read_was_read_in_a_source_that_was_read(
    knowledge: Knowledge, statements: list[Cited[Statement]]
) -> None:
    contradictions = {
        cited.value.id: cited.source
        for cited in statements
        if cited.basis == "read"
        and cited.source is not None
        and knowledge.sources[cited.source].basis != "read"
    }

    assert contradictions == {}


def test_a_label_statement_cites_a_label_or_a_drug_reference(
    knowledge: Knowledge, statements: list[Cited[Statement]]
) -> None:
    others = {
        cited.value.id: cited.source
        for cited in statements
        if cited.value.section == "label"
        and cited.source is not None
        and knowledge.sources[cited.source].kind not in ("label", "handbook", "website")
    }

    # the uses approved in 1999, as the CDC and the FDA listed them in MMWR
    assert others == {
        "hsct-l-03": "mmwr_renal_1999",
        "paediatric_hiv-l-04": "mmwr_renal_1999",
    }


def test_every_indication_has_statements(knowledge: Knowledge) -> None:
    assert {*knowledge.indications, CROSS_CUTTING, *SUBJECTS} <= set(knowledge.statements)


def test_grades_are_words_or_absent(statements: list[Cited[Statement]]) -> None:
    empty = [
        cited.value.id
        for cited in statements
        for grade in (cited.value.strength, cited.value.level)
        if grade is not None and not grade.strip()
    ]

    assert empty == []


def test_grades_are_as_the_source_gives_them(knowledge: Knowledge) -> None:
    graded = {cited.value.id: cited.value for cited in knowledge.statements["cidp"].statements}

    assert graded["cidp-g-05"].strength == "strong recommendation"
    assert graded["cidp-g-05"].level == "high certainty for short-term improvement"
    assert graded["cidp-g-03"].strength == "good practice point"
    assert graded["cidp-g-03"].level is None
