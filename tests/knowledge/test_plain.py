"""The plain sentences: each says again what a statement says, shorter, with no number of its own."""

import re
from collections.abc import Iterator, Mapping

import pytest

from ivig.evidence.passage import PlainSentence
from ivig.knowledge import Knowledge, load_knowledge
from ivig.library import build_corpus

LONGEST_MEAN_WORDS = 16
FIELDS = ("incidence", "timing", "risk_factors", "prevention", "management", "stop_rules")
WORDS = {
    "two": "2",
    "three": "3",
    "four": "4",
    "five": "5",
    "six": "6",
    "seven": "7",
    "eight": "8",
    "nine": "9",
    "ten": "10",
    "twelve": "12",
    "half": "1/2",
    "quarter": "1/4",
    "twice": "x2",
}


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load_knowledge()


@pytest.fixture(scope="module")
def plain(knowledge: Knowledge) -> list[PlainSentence]:
    return [sentence for file in knowledge.plain.values() for sentence in file.sentences]


@pytest.fixture(scope="module")
def originals(knowledge: Knowledge) -> dict[str, str]:
    """What a plain sentence may say again: statements, and the facts of every record."""
    return {
        **dict(_statements(knowledge)),
        **dict(_reactions(knowledge)),
        **dict(_other_facts(knowledge)),
    }


def _statements(knowledge: Knowledge) -> Iterator[tuple[str, str]]:
    for file in knowledge.statements.values():
        for cited in file.statements:
            yield cited.value.id, cited.value.text


def _reactions(knowledge: Knowledge) -> Iterator[tuple[str, str]]:
    for key, reaction in knowledge.reactions.items():
        for field in FIELDS:
            for number, cited in enumerate(getattr(reaction, field), start=1):
                value = cited.value
                text = value if isinstance(value, str) else value.text
                yield f"reactions/{key}#{field}.{number}", text


def _other_facts(knowledge: Knowledge) -> Iterator[tuple[str, str]]:
    for passage in build_corpus(knowledge).passages:
        if "#" in passage.id and not passage.id.startswith("reactions/"):
            yield passage.id, passage.text


def _numbers(text: str) -> set[str]:
    """Figures and number words; a word in capitals (TEN, a disease) is no number."""
    figures = {found.replace(",", "") for found in re.findall(r"\d[\d,]*(?:\.\d+)?", text)}
    figures = {found.rstrip(",") for found in figures}
    start_lower = text[:1].lower() + text[1:]
    spelled = {WORDS[word] for word in re.findall(r"\b[a-z]+\b", start_lower) if word in WORDS}
    return figures | spelled


def _sentences(text: str) -> list[str]:
    return [part for part in re.split(r"(?<=[.?!])\s+", text) if part]


def test_every_original_exists(plain: list[PlainSentence], originals: Mapping[str, str]) -> None:
    assert {name for one in plain for name in one.of if name not in originals} == set()


def test_no_number_that_the_original_lacks(
    plain: list[PlainSentence], originals: Mapping[str, str]
) -> None:
    added = {
        one.text: missing
        for one in plain
        if (
            missing := _numbers(one.text)
            - set().union(*(_numbers(originals.get(name, "")) for name in one.of))
        )
    }

    assert added == {}


def test_sentences_are_short(plain: list[PlainSentence]) -> None:
    long = {
        one.text: mean
        for one in plain
        if (mean := len(one.text.split()) / len(_sentences(one.text))) > LONGEST_MEAN_WORDS
    }

    assert long == {}


def test_words_that_a_patient_need_not_know_are_not_used(plain: list[PlainSentence]) -> None:
    hard = ("immunoglobulin", "hypogammaglobulin", "haemolysis", "thrombo", "infusion", "mg/kg")
    found = {one.text for one in plain if any(word in one.text.lower() for word in hard)}

    assert found == set()


def test_no_dose_is_told_as_an_order(plain: list[PlainSentence]) -> None:
    orders = [one.text for one in plain if re.search(r"(?i)\b(stop taking|take \d)", one.text)]

    assert orders == []


def test_every_lead_has_a_plain_sentence(knowledge: Knowledge, plain: list[PlainSentence]) -> None:
    said = {name for one in plain for name in one.of}
    leads = {
        cited.value.id
        for file in knowledge.statements.values()
        for cited in file.statements
        if cited.value.lead
    }

    assert leads - said == set()


def test_every_indication_and_every_reaction_has_one(
    knowledge: Knowledge, plain: list[PlainSentence]
) -> None:
    said = {name for one in plain for name in one.of}
    indications = {name.rsplit("-", 2)[0] for name in said}
    reactions = {
        name.split("#")[0].removeprefix("reactions/")
        for name in said
        if name.startswith("reactions/")
    }

    assert set(knowledge.indications) - indications == set()
    assert reactions == set(knowledge.reactions)


def test_danger_signs_come_with_what_to_do(plain: list[PlainSentence]) -> None:
    act = ("call", "urgent", "at once", "tell", "stops", "stopped", "report", "get ", "need")
    signs = ("chest pain", "trouble breathing", "cannot breathe", "stiff neck", "swollen leg")
    bare = [
        one.text
        for one in plain
        if any(sign in one.text.lower() for sign in signs)
        and not any(word in one.text.lower() for word in act)
    ]

    assert bare == []
