"""The sentences for patients that are made from records: the same fact, easy to read."""

import re

import pytest
import textstat  # type: ignore[import-untyped]
from tests.knowledge.test_plain import WORDS

from ivig.evidence.corpus import with_plain
from ivig.evidence.passage import Passage, PlainSentence
from ivig.evidence.patient_words import is_plain, plain
from ivig.knowledge import Knowledge, load_knowledge
from ivig.library import build_corpus

GRADE = 8.0
LONGEST_MEAN_WORDS = 16
LONGEST_MEAN_OF_ALL = 12
HARD = ("immunoglobulin", "hypogammaglobulin", "haemolysis", "thrombo", "infusion", "mg/kg", "×")
ALWAYS = ("boxed_warning", "contraindication", "contains", "sugar", "iga", "latex", "market")


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load_knowledge()


@pytest.fixture(scope="module")
def passages(knowledge: Knowledge) -> tuple[Passage, ...]:
    return build_corpus(knowledge).passages


@pytest.fixture(scope="module")
def made(knowledge: Knowledge, passages: tuple[Passage, ...]) -> dict[Passage, str]:
    """Passages whose plain sentence nobody wrote, and it."""
    written = {key for file in knowledge.plain.values() for one in file.sentences for key in one.of}
    return {one: one.plain for one in passages if one.plain and one.id not in written}


def numbers(text: str) -> set[str]:
    """Figures and number words, as a set of figures."""
    figures = set(re.findall(r"\d+(?:\.\d+)?", text.replace(",", "")))
    spelled = {WORDS[word] for word in re.findall(r"\b[a-z]+\b", text) if word in WORDS}
    return {one.rstrip("0").rstrip(".") if "." in one else one for one in figures | spelled}


def nameless(text: str, knowledge: Knowledge) -> str:
    """The text with "it" for products, makers and diseases, whose names are nobody's choice."""
    names = [one.name.replace(" %", "%") for one in knowledge.products.values()]
    names += [one.manufacturer.value for one in knowledge.products.values() if one.manufacturer]
    names += list(knowledge.language.patient_words.names.values())
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, "it")
    return text


def sentences(text: str) -> list[str]:
    return [part for part in re.split(r"(?<=[.?!])\s+", text) if part]


def test_no_number_that_the_record_lacks(made: dict[Passage, str]) -> None:
    added = {
        one.id: more for one, said in made.items() if (more := numbers(said) - numbers(one.text))
    }

    assert added == {}


def test_each_reads_at_grade_8_or_below_but_for_its_names(
    knowledge: Knowledge, made: dict[Passage, str]
) -> None:
    hard = {
        one.id: grade
        for one, said in made.items()
        if (grade := textstat.flesch_kincaid_grade(nameless(said, knowledge))) > GRADE
    }

    assert hard == {}


def test_together_they_read_at_grade_8_or_below_with_their_names(made: dict[Passage, str]) -> None:
    kinds: dict[str, list[str]] = {}
    for one, said in made.items():
        kinds.setdefault(re.sub(r"^(\w+)/.*#(\w+).*", r"\1 \2", one.id), []).append(said)

    grades = {kind: textstat.flesch_kincaid_grade(" ".join(said)) for kind, said in kinds.items()}

    assert {kind: grade for kind, grade in grades.items() if grade > GRADE} == {}


def test_sentences_are_short(knowledge: Knowledge, made: dict[Passage, str]) -> None:
    means = {
        one.id: len(nameless(said, knowledge).split()) / len(sentences(said))
        for one, said in made.items()
    }

    assert sum(means.values()) / len(means) <= LONGEST_MEAN_OF_ALL
    assert {key for key, mean in means.items() if mean > LONGEST_MEAN_WORDS} == set()


def test_words_that_a_patient_need_not_know_are_not_used(made: dict[Passage, str]) -> None:
    assert {said for said in made.values() if any(word in said.lower() for word in HARD)} == set()


def test_no_dose_is_told_as_an_order(made: dict[Passage, str]) -> None:
    orders = r"(?i)\b(stop taking|take \d)"

    assert [said for said in made.values() if re.search(orders, said)] == []


def test_a_note_for_doctors_is_said_to_be_one(made: dict[Passage, str]) -> None:
    notes = [
        said
        for one, said in made.items()
        if re.search(r"^indications/.*#(monitoring|review|adjuncts|special)", one.id)
    ]

    assert notes
    assert [said for said in notes if not said.startswith("This is a note for doctors on ")] == []


def test_no_dose_and_no_requirement_where_it_is_not_advised(
    knowledge: Knowledge, made: dict[Passage, str]
) -> None:
    never = {one.id for one in knowledge.indications.values() if one.tier == "not_recommended"}
    told = [
        one.id
        for one in made
        if re.search(r"#(regimen|criterion)\.", one.id) and never & set(one.indications)
    ]

    assert never
    assert told == []


@pytest.mark.parametrize("kind", ALWAYS)
def test_what_guards_a_patient_is_said_of_every_product(
    kind: str, passages: tuple[Passage, ...]
) -> None:
    found = [one for one in passages if re.search(rf"^products/.*#{kind}\b", one.id)]

    assert found
    assert [one.id for one in found if one.plain is None] == []


def test_a_maximum_and_an_average_stay_apart(passages: tuple[Passage, ...]) -> None:
    said = {one.id: one.plain for one in passages}

    assert said["products/privigen#iga"] == "Each mL of Privigen has at most 25 micrograms of IgA."
    assert said["products/octagam_10#iga"] == (
        "Each mL of Octagam 10% has 106 micrograms of IgA on average."
    )
    assert said["products/carimune_nf#contains"] == (
        "Carimune NF contains sucrose. It contains no maltose, sorbitol, glucose, proline or"
        " hyaluronidase. It is not known if it contains polysorbate 80."
    )


def test_a_rate_and_a_dose_keep_their_units(passages: tuple[Passage, ...]) -> None:
    said = {one.id: one.plain for one in passages}

    assert said["products/privigen#initial.itp"] == (
        "Privigen starts at 0.3 mL an hour for each kg of body weight. This is for ITP."
    )
    assert said["products/alyglo#dose.pid.1"] == (
        "The label dose of Alyglo for PID goes into a vein. It is 300 to 800 mg for each kg of"
        " body weight every 21 to 28 days."
    )


def test_a_written_sentence_wins_over_one_that_was_made() -> None:
    passage = Passage(id="a#b", section="label", text="A.", citations=(), plain="Made.")
    (told,) = with_plain([passage], [PlainSentence(of=("a#b",), text="Written.")])

    assert told.plain == "Written."


def test_what_is_hard_to_read_is_not_said() -> None:
    assert plain("it is given into a vein", None) is None
    assert plain("ADL, MRC sum, MMT-8") is None
    assert not is_plain("Weekly dose = previous dose × 1.37 / weeks.")
    assert is_plain("It is given into a vein. It is ready to use.")
