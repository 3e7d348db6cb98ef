"""The statements under a subject: what a newcomer asks, whatever the indication."""

import pytest

from ivig.cited import Cited
from ivig.knowledge import Knowledge, StatementFile, load_knowledge
from ivig.statement import Statement

LETTER = {"guideline": "g", "research": "r", "label": "l"}
SUBJECTS = {
    "an_infusion",
    "approved_uses",
    "benefit_and_risk",
    "children",
    "clinical_points",
    "cost_and_access",
    "dosing_overview",
    "dosing_weight",
    "further_trials",
    "recalled_practice",
    "how_it_is_made",
    "how_it_works",
    "how_to_calculate_a_rate",
    "infection_risk",
    "iv_or_sc",
    "laboratory_tests",
    "opened_vials",
    "other_uses",
    "overdose",
    "practical_questions",
    "pregnancy_and_breastfeeding",
    "products_differ",
    "side_effects",
    "stopping",
    "storage_and_preparation",
    "travel_and_life",
    "uses",
    "vaccines_general",
    "what_is_ivig",
}
LEADLESS = {
    "clinical_points",
    "further_trials",
    "recalled_practice",
    "opened_vials",
    "other_uses",
    "practical_questions",
}


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load_knowledge()


@pytest.fixture(scope="module")
def files(knowledge: Knowledge) -> dict[str, StatementFile]:
    return {key: file for key, file in knowledge.statements.items() if key in SUBJECTS}


@pytest.fixture(scope="module")
def statements(files: dict[str, StatementFile]) -> list[Cited[Statement]]:
    return [cited for file in files.values() for cited in file.statements]


def test_every_subject_has_a_file(files: dict[str, StatementFile]) -> None:
    assert set(files) == SUBJECTS


def test_ids_count_up_by_section_in_the_order_of_the_file(
    files: dict[str, StatementFile],
) -> None:
    for key, file in files.items():
        for section, letter in LETTER.items():
            ids = [one.value.id for one in file.statements if one.value.section == section]
            assert ids == [f"{key}-{letter}-{number:02d}" for number in range(1, len(ids) + 1)]


def test_ids_are_unique_in_all_of_knowledge(knowledge: Knowledge) -> None:
    ids = [one.value.id for file in knowledge.statements.values() for one in file.statements]

    assert len(ids) == len(set(ids))


def test_a_statement_is_short(statements: list[Cited[Statement]]) -> None:
    assert [one.value.id for one in statements if len(one.value.text.split()) > 40] == []


def test_no_two_say_the_same_words(statements: list[Cited[Statement]]) -> None:
    texts = [one.value.text for one in statements]

    assert len(texts) == len(set(texts))


def test_each_says_what_it_is_about(statements: list[Cited[Statement]]) -> None:
    assert [one.value.id for one in statements if not one.value.topics] == []


def test_one_to_three_sentences_open_a_subject(files: dict[str, StatementFile]) -> None:
    leads = {
        key: sum(one.value.lead for one in file.statements)
        for key, file in files.items()
        if key not in LEADLESS
    }

    assert {key: count for key, count in leads.items() if not 1 <= count <= 3} == {}


def test_every_source_exists(knowledge: Knowledge, statements: list[Cited[Statement]]) -> None:
    assert [one.value.id for one in statements if one.source not in knowledge.sources] == []


def test_what_was_read_was_read_in_a_source_that_was_read(
    knowledge: Knowledge, statements: list[Cited[Statement]]
) -> None:
    contradictions = [
        one.value.id
        for one in statements
        if one.basis == "read"
        and one.source is not None
        and knowledge.sources[one.source].basis != "read"
    ]

    assert contradictions == []


def test_names_in_a_statement_exist(
    knowledge: Knowledge, statements: list[Cited[Statement]]
) -> None:
    unknown = {
        name
        for one in statements
        for name, known in [
            *((name, knowledge.products) for name in one.value.products),
            *((name, knowledge.reactions) for name in one.value.reactions),
        ]
        if name not in known
    }
    indications = {one.value.indication for one in statements} - {"general"}

    assert unknown == set()
    assert indications <= set(knowledge.indications)


def test_a_mechanism_says_where_it_was_seen(files: dict[str, StatementFile]) -> None:
    said = ("Shown in patients", "In vitro only", "mouse", "Mice", "hypothesis", "not well")
    said = (
        *said,
        "Proposed",
        "healthy adults",
        "human cells",
        "normal levels",
        "IgG rise",
        "rise in",
        "supplying the missing antibodies",
    )
    bare = [
        one.value.id
        for one in files["how_it_works"].statements
        if one.value.section == "research" and not any(word in one.value.text for word in said)
    ]

    assert bare == []
