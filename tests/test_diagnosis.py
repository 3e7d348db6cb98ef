"""Every id, synonym and code of the shipped knowledge means one indication, or says it cannot."""

from dataclasses import replace

import pytest

from ivig.diagnosis import complete, find_indication, lineage
from ivig.errors import InputError
from ivig.knowledge import Knowledge
from tests.test_safety import HEALTHY


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("cvid", "cvid"),
        ("Common variable immunodeficiency", "cvid"),
        ("D83.9", "cvid"),
        ("CIDP", "cidp"),
        ("G61.81", "cidp"),
        ("M30.3", "kawasaki"),
        ("D69.3", "itp"),
        ("Guillain-Barre syndrome", "gbs"),
        ("M33.13", "dermatomyositis"),
        ("D80.0", "xla"),
    ],
)
def test_words_and_codes(words: str, expected: str, knowledge: Knowledge) -> None:
    assert find_indication(words, HEALTHY, knowledge.indications).id == expected


def test_a_child_with_itp_is_a_child(knowledge: Knowledge) -> None:
    child = replace(HEALTHY, age_year=6.0)
    assert find_indication("D69.3", child, knowledge.indications).id == "itp_child"


def test_every_id_and_synonym_resolves(knowledge: Knowledge) -> None:
    for item in knowledge.indications.values():
        for name in (item.id, item.name, *item.synonyms):
            assert find_indication(name, HEALTHY, knowledge.indications).id == item.id, name


def test_a_code_of_two_unrelated_diseases_asks_back(knowledge: Knowledge) -> None:
    with pytest.raises(InputError, match="one of"):
        find_indication("D80.1", HEALTHY, knowledge.indications)


def test_children_take_from_their_parent_what_they_leave_out(knowledge: Knowledge) -> None:
    cvid = knowledge.indications["cvid"]
    whole = complete(cvid, knowledge.indications)
    assert [item.id for item in lineage(cvid, knowledge.indications)] == ["cvid", "pid"]
    assert whole.targets
    assert whole.regimens
    assert whole.id == "cvid"
