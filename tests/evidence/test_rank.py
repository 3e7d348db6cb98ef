from dataclasses import replace

import pytest
from tests.evidence.world import NAMES, PASSAGES, language, passage, vectors

from ivig.evidence.corpus import Corpus, with_asks
from ivig.evidence.features import asked
from ivig.evidence.language import PassageKind
from ivig.evidence.library import Library
from ivig.evidence.passage import AsksFile, Passage
from ivig.evidence.rank import choose, rank
from ivig.evidence.understand import own_words, understand


def library(*more: Passage) -> Library:
    corpus = Corpus(
        passages=(*PASSAGES, *more),
        names=NAMES,
        language=language(),
        parents={"itp_child": "itp"},
    )
    return Library(corpus, vectors())


def ranked(text: str, lib: Library) -> list[str]:
    question, named = understand(text, lib.corpus)
    own = own_words(text, named, lib)
    return [one.passage.id for one in rank(asked(question, own, lib), lib)]


def test_the_topic_of_the_disease_asked_about_comes_first() -> None:
    assert ranked("What dose of IVIG in CIDP?", library())[0] == "cidp_dose"
    assert ranked("Is IVIG indicated in CIDP?", library())[0] in ("cidp_yes", "cidp_no")


def test_what_is_about_another_disease_is_no_candidate() -> None:
    assert "itp_dose" not in ranked("What dose of IVIG in CIDP?", library())


def test_all_that_is_said_of_the_thing_named_is_a_candidate() -> None:
    assert {"cidp_yes", "cidp_no", "cidp_dose"} <= set(ranked("CIDP zebra?", library()))


def test_a_general_passage_that_mentions_the_disease_precedes_one_that_does_not() -> None:
    general = passage("general", "After some weeks IVIG is tapered.", topics=("stopping",))
    mentions = replace(general, id="mentions", mentions=("cidp",))
    found = ranked("When is IVIG stopped in CIDP?", library(general, mentions))

    assert found.index("mentions") < found.index("general")


def test_a_passage_is_found_by_how_people_ask_and_that_is_never_its_text() -> None:
    plain = passage("foam", "Bottles are not shaken.", topics=("preparation",))
    files = [AsksFile(id="a", asks={"foam": ("may I post the parcel",)})]
    (asked_for,) = with_asks([plain], files, ())

    assert asked_for.text == plain.text
    assert ranked("may I post it", library(asked_for))[0] == "foam"
    assert ranked("may I post it", library(plain))[0] != "foam"


def test_ways_to_ask_for_no_passage_are_refused() -> None:
    with pytest.raises(KeyError, match="nobody"):
        with_asks(PASSAGES, [AsksFile(id="a", asks={"nobody": ("what",)})], ())


def test_a_kind_of_fact_is_asked_for_in_the_same_ways() -> None:
    one = passage("products/x#maximum.itp", "At most 4 mL/kg/h.")
    (kind,) = with_asks([one], [], [PassageKind(of=r"#maximum\.", asks=("top speed",))])

    assert kind.asks == ("top speed",)


def test_the_best_of_all_is_the_first_to_be_printed() -> None:
    lib = library()
    question, named = understand("What dose of IVIG in CIDP?", lib.corpus)
    own = own_words(question.text, named, lib)
    found = rank(asked(question, own, lib), lib)

    assert choose(found, 2, lib.by_id)[0].id == found[0].passage.id
    assert choose([], 2, lib.by_id) == []
