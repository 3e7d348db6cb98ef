import pytest
from tests.evidence.asked import library, reply
from tests.evidence.world import language

from ivig.evidence.certainty import certainty, named_things, signs
from ivig.evidence.features import asked
from ivig.evidence.rank import rank
from ivig.evidence.understand import own_words, understand


def sureness(text: str) -> float:
    lib = library()
    question, named = understand(text, lib.corpus)
    own = own_words(text, named, lib)
    words = asked(question, own, lib)
    found = signs(words, own, rank(words, lib), lib)
    return certainty(found, lib.corpus.language.weights_of_signs)


def test_what_is_found_never_speaks_against_an_answer_nor_the_unknown_for_one() -> None:
    weights = language().weights_of_signs
    for name in ("held", "held_of_all", "best", "asks", "frame", "pairs_held", "slot_filled"):
        assert weights.get(name, 0.0) >= 0.0, name
    for name in ("unknown_name", "unknown_disease", "unknown_word", "unplaced", "slot_empty"):
        assert weights.get(name, 0.0) <= 0.0, name


def test_a_disease_that_no_passage_has_makes_it_less_certain() -> None:
    assert sureness("What dose of IVIG in GBS?") > sureness("What dose of IVIG in sarcoidosis?")


def test_a_name_that_no_passage_has_makes_it_less_certain() -> None:
    known = "What did the trial in CIDP find?"
    assert sureness(known) > sureness("What did the ZEBRALIS trial in CIDP find?")


def test_names_are_capitals_inside_a_sentence_or_letters_with_digits() -> None:
    assert named_things("Did HELIOS help? Was it Behcet or NF155?") == {"helios", "behcet", "nf155"}
    assert named_things("WHAT IS IVIG") == frozenset()
    assert named_things("") == frozenset()


@pytest.mark.parametrize(
    "text",
    ["What is IVIG?", "Can you get diseases from IVIG?", "What are the side effects of IVIG?"],
)
def test_a_newcomers_question_is_answered(text: str) -> None:
    assert reply(text).answer.status == "answered"


@pytest.mark.parametrize("text", ["Maximum rate of Octagam 15%?", "Vials of Privigen 20 %?"])
def test_a_strength_that_is_not_made_is_refused(text: str) -> None:
    answer = reply(text).answer
    assert (answer.status, answer.reason) == ("refused", "not_covered")
    assert "no such strength" in (answer.message or "")


@pytest.mark.parametrize("text", ["Sodium in Octagam 10%?", "Sodium in Octagam 5 %?"])
def test_a_strength_that_is_made_is_answered(text: str) -> None:
    assert reply(text).answer.status == "answered"


def test_what_is_filed_of_no_product_is_refused_and_what_looks_like_it_is_not() -> None:
    asks = library().corpus.language.asks_what_is_not_held

    assert asks("What colour is the cap of Privigen?")
    assert asks("Viscosity of Hizentra at 20 degrees?")
    assert not asks("Privigen has changed colour: may it be used?")
    assert not asks("Does Privigen raise blood viscosity in the elderly?")
