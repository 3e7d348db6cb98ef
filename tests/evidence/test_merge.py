from dataclasses import replace

from tests.evidence.world import passage

from ivig.evidence.merge import merged

ONE = passage("a", "IVIG is recommended in CIDP at 2 g/kg.")


def test_the_same_words_are_one_sentence() -> None:
    other = passage("b", "IVIG is recommended in CIDP at 2 g/kg")

    assert merged((ONE, other)) == ((ONE, other),)


def test_another_number_is_another_sentence() -> None:
    other = passage("b", "IVIG is recommended in CIDP at 1 g/kg.")

    assert merged((ONE, other)) == ((ONE,), (other,))


def test_guideline_and_label_are_kept_apart() -> None:
    other = replace(ONE, id="b", section="label")

    assert merged((ONE, other)) == ((ONE,), (other,))


def test_two_products_are_kept_apart() -> None:
    one, other = replace(ONE, products=("p",)), replace(ONE, id="b", products=("q",))

    assert merged((one, other)) == ((one,), (other,))
