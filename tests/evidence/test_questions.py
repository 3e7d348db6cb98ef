"""The question sets themselves; no engine is run here."""

import re
from collections import Counter
from pathlib import Path
from typing import Any, get_args

import pytest
from tests.evidence.score import found, question

from ivig.statement import Topic
from ivig.strict_yaml import read_yaml

FOLDER = Path(__file__).parent / "questions"


def load(name: str) -> list[dict[str, Any]]:
    items = read_yaml((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    assert isinstance(items, list)
    return items


DEVELOPMENT, TEST, PEOPLE = load("development"), load("test"), load("people")
NEW = DEVELOPMENT + TEST
LATER = (
    *(f"development_{n}" for n in range(2, 15)),
    "test_2a",
    "test_2b",
    "test_3",
    "test_4",
)
ALL = NEW + PEOPLE + [item for name in LATER for item in load(name)]
KEYS = {"id", "question", "asker", "intent", "kind", "answerable", "must_state", "must_not"}
KINDS = {
    "near_miss", "other_drug", "outside", "vague", "personal", "unknown_fact", "not_held",
    "injection", "language", "nonsense",
}  # fmt: skip
ASKERS = {
    "patient", "parent", "nurse", "pharmacist", "clinician", "neurologist", "immunologist",
    "haematologist", "payer",
}  # fmt: skip
each = pytest.mark.parametrize("item", ALL, ids=lambda item: item["id"])


def stratum(item: dict[str, Any]) -> tuple[str, bool, str]:
    return item["intent"], item["answerable"], item.get("kind", "")


@each
def test_an_item_is_well_formed(item: dict[str, Any]) -> None:
    assert set(item) <= KEYS
    assert item["intent"] in {*get_args(Topic), "refusal", "emergency"}
    assert item["asker"] in ASKERS
    assert item["answerable"] == (item["intent"] != "refusal")
    assert (item.get("kind") in KINDS) == (item["intent"] == "refusal")
    assert 1 <= len(item["must_state"]) <= 5 if item["answerable"] else item["must_state"] == []
    assert question(item).id == item["id"]


@each
def test_expressions_are_valid_and_each_fact_matches_its_own(item: dict[str, Any]) -> None:
    for fact in item["must_state"]:
        assert set(fact) <= {"fact", "match", "first", "working", "basis"}
        assert fact["basis"] in ("read", "recalled")
        assert [one for one in fact["match"] if not found([one], fact["fact"])] == []


@each
def test_no_fact_is_stated_by_repeating_the_question(item: dict[str, Any]) -> None:
    assert [f["fact"] for f in item["must_state"] if found(f["match"], item["question"])] == []


@each
def test_a_claim_matches_itself_and_no_fact(item: dict[str, Any]) -> None:
    for claim in item["must_not"]:
        assert [one for one in claim["match"] if not found([one], claim["claim"])] == []
        assert [f["fact"] for f in item["must_state"] if found(claim["match"], f["fact"])] == []


def test_ids_and_questions_are_unique() -> None:
    assert [one for one, n in Counter(item["id"] for item in ALL).items() if n > 1] == []
    words = Counter(re.sub(r"\W+", " ", item["question"].lower()) for item in ALL)
    assert [one for one, n in words.items() if n > 1] == []


def test_the_sets_are_large_enough() -> None:
    assert len(NEW) >= 200
    assert sum(not item["answerable"] for item in NEW) >= 40
    assert sum(item["intent"] == "emergency" for item in NEW) >= 6
    assert len(PEOPLE) == 40


def test_the_halves_are_alike() -> None:
    one, other = Counter(map(stratum, DEVELOPMENT)), Counter(map(stratum, TEST))
    assert [key for key in one | other if abs(one[key] - other[key]) > 1] == []
    assert abs(len(DEVELOPMENT) - len(TEST)) <= 1


def test_each_half_covers_every_topic_and_every_reason_to_refuse() -> None:
    for half in (DEVELOPMENT, TEST):
        assert {*get_args(Topic), "refusal", "emergency"} - {
            item["intent"] for item in half
        } == set()
        assert KINDS - {item.get("kind") for item in half} == set()
        assert ASKERS - {item["asker"] for item in half} == set()


def test_an_emergency_must_open_with_stopping_the_infusion() -> None:
    for item in ALL:
        if item["intent"] == "emergency":
            assert item["must_state"][0]["first"]
            assert found(item["must_state"][0]["match"], "Stop the infusion now.")


def test_both_headers_name_the_seed_and_the_date_of_the_split() -> None:
    for name in ("development", "test"):
        head = (FOLDER / f"{name}.yaml").read_text(encoding="utf-8").split("\n- id")[0]
        assert "seed 20261122" in head
        assert "2026-11-22" in head
