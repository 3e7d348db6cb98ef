from ivig.evidence.text import Thesaurus, content, plain_letters, words


def test_letters_without_accents_and_one_kind_of_dash() -> None:
    assert plain_letters("Guillain–Barré") == "guillain-barre"


def test_words_keep_units_and_decimals_whole() -> None:
    assert words("0.4 g/kg, over 5 days!") == ["0.4", "g/kg", "over", "5", "days"]


def test_the_longest_phrase_of_a_group_becomes_its_first() -> None:
    one = Thesaurus([("ivig", "immune globulin", "intravenous immune globulin")])

    assert one.unite("Intravenous immune globulin dose") == ["ivig", "dose"]
    assert one.unite("immune reaction") == ["immune", "reaction"]


def test_a_group_may_be_led_by_several_words() -> None:
    one = Thesaurus([("plasma exchange", "plex")])

    assert one.unite("PLEX") == ["plasma", "exchange"] == one.unite("plasma exchange")


def test_content_drops_small_words_and_bare_numbers() -> None:
    assert content(words("what is the dose of 5 vials")) == ["dose", "vials"]
