import numpy as np
import pytest
from tests.evidence.world import vectors

from ivig.evidence.index import Words
from ivig.evidence.meaning import Bags, Meaning, Vectors

ROWS = (
    Words("a headache is treated with pain relief", "headache", "my head hurts after the drip"),
    Words("the vial is stored in a refrigerator", "", ""),
    Words("", "", ""),
)


def small() -> Vectors:
    """Three words: two alike, one at a right angle."""
    matrix = np.array([[127, 0], [120, 40], [0, 127]], dtype=np.int8)
    return Vectors({"fridge": 0, "refrigerator": 1, "headache": 2}, matrix)


def test_a_word_is_as_near_as_its_nearest() -> None:
    nearness = Meaning(small(), ROWS).nearness(["fridge"])

    assert nearness.text(["fridge"]) == pytest.approx([0.0, 120 / np.hypot(120, 40), 0.0], abs=1e-6)


def test_a_word_without_a_vector_is_near_to_nothing() -> None:
    nearness = Meaning(small(), ROWS).nearness(["unheard"])

    assert not nearness.text(["unheard"]).any()
    assert not nearness.back(["unheard"]).any()


def test_a_word_of_another_part_does_not_count() -> None:
    nearness = Meaning(small(), ROWS).nearness(["fridge", "headache"])

    of_headache = nearness.text(["headache"])
    assert of_headache[0] > of_headache[1] > of_headache[2] == 0
    assert nearness.text(["fridge"])[0] == pytest.approx(0.0, abs=1e-6)


def test_a_passage_without_words_is_far() -> None:
    bags = Bags.of(["", "fridge fridge headache"], small().rows)

    assert bags.highest(np.ones((2, 3), dtype=np.float32)).tolist() == [[0.0, 1.0], [0.0, 1.0]]
    assert bags.mean(np.array([1.0, 0.0, 0.0]), np.array([1.0, 1.0, 3.0])).tolist() == [0.0, 0.25]


@pytest.mark.parametrize(
    ("words", "best"),
    [(["migraine"], 0), (["fridge"], 1), (["bottle", "cold"], 1), (["throbbing", "skull"], 0)],
)
def test_the_shipped_vectors_know_what_means_the_same(words: list[str], best: int) -> None:
    nearness = Meaning(vectors(), ROWS).nearness(words)

    assert int(np.argmax(nearness.text(words))) == best
