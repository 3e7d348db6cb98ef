from tests.evidence.world import PASSAGES, library


def found(text: str) -> list[str]:
    index = library().index
    scores = index.search(index.terms(text))
    return [PASSAGES[at].id for at in sorted(scores, key=lambda at: -scores[at])]


def test_the_rarer_word_decides() -> None:
    assert found("headache rate")[0] == "headache"


def test_names_of_what_a_passage_is_about_are_its_words() -> None:
    assert set(found("polyneuropathy")) == {"cidp_yes", "cidp_no", "cidp_dose"}


def test_forms_of_a_word_are_one() -> None:
    assert found("donor") == ["is"]


def test_words_of_a_query_language_are_words() -> None:
    assert found('" OR NEAR( AND * headache"') == ["headache"]


def test_nothing_is_found_for_nothing() -> None:
    assert found("") == []
    assert found("zebra") == []


def test_an_unknown_word_weighs_most() -> None:
    index = library().index

    assert index.weight("zebra") > index.weight("headache") > index.weight("ivig")
    assert not index.knows("zebra")
