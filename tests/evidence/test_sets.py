"""Every answer to every question of the sets: where each sentence comes from, and how right it is.

The scores themselves are printed in docs/verification/evidence.md; here stand the floors that a
change must not fall through.
"""

import pytest
from tests.evidence.asked import SETS, knowledge, library, questions, reply, scored
from tests.evidence.score import total

from ivig.evidence.answer import Sentence

ALL = [(name, item) for name in SETS for item in questions(name)]


@pytest.mark.parametrize("name", SETS)
def test_every_sentence_traces_to_a_passage_or_a_computation(name: str) -> None:
    untraced = [
        (item.id, one.statement_ids)
        for item in questions(name)
        for part in reply(item.question).answer.sections
        for one in part.sentences
        if not (part.name == "computed" or _is_passage(one))
    ]

    assert untraced == []


def _is_passage(one: Sentence) -> bool:
    passages = [library().by_id.get(key) for key in one.statement_ids]
    return bool(passages) and passages[0] is not None and passages[0].text == one.text


@pytest.mark.parametrize("name", SETS)
def test_what_was_computed_shows_its_working(name: str) -> None:
    bare = [
        (item.id, one.text)
        for item in questions(name)
        for part in reply(item.question).answer.sections
        if part.name == "computed"
        for one in part.sentences
        if not one.working
    ]

    assert bare == []


@pytest.mark.parametrize("name", SETS)
def test_every_reference_is_a_source_and_is_cited(name: str) -> None:
    for item in questions(name):
        given = reply(item.question)
        cited = {
            n for part in given.answer.sections for one in part.sentences for n in one.references
        }
        assert cited == {reference.n for reference in given.references}
        assert all(reference.id in knowledge().sources for reference in given.references)


@pytest.mark.parametrize("name", SETS)
def test_no_answer_makes_a_claim_it_must_not_make(name: str) -> None:
    made = {one.question.id: one.claims for one in scored(name) if one.claims}

    assert made == {}


@pytest.mark.parametrize(
    ("name", "recall", "refused", "falsely"),
    [
        ("people", 0.65, 0.9, 0.06),
        ("development", 0.9, 0.8, 0.05),
        ("development_13", 0.75, 0.85, 0.05),
    ],
)
def test_the_tuned_sets_stay_where_they_are(
    name: str, recall: float, refused: float, falsely: float
) -> None:
    found = total(scored(name))

    assert found.recall is not None
    assert found.recall >= recall
    assert found.refusal_rate is not None
    assert found.refusal_rate >= refused
    assert found.false_refusal_rate is not None
    assert found.false_refusal_rate <= falsely


@pytest.mark.parametrize("text", library().corpus.language.askable)
def test_what_is_offered_beside_a_refusal_is_answered(text: str) -> None:
    assert reply(text).answer.status == "answered"
