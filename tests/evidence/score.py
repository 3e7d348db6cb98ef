"""How right an answer is: facts stated, claims it must not make, refusals in their place.

Pure: what is compared is the text of an answer with a question of ``questions/*.yaml``.

    >>> item = question(
    ...     {
    ...         "id": "q1",
    ...         "question": "CIDP loading dose?",
    ...         "intent": "dose",
    ...         "answerable": True,
    ...         "must_state": [{"fact": "2 g/kg", "match": [r"2 ?g/kg"]}],
    ...     }
    ... )
    >>> score(item, ["Give 2 g/kg over 2-5 days."], "answered").stated
    (True,)
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Status = Literal["answered", "refused"]
OPENING = 2
"""A fact marked ``first`` stands within this many sentences."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """What the answer must say; every expression of ``match`` is found in its text."""

    fact: str
    match: tuple[str, ...]
    first: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What the answer must not say; made when every expression is found in one sentence."""

    claim: str
    match: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question and what a right answer says; ``kind`` tells why it is to be refused."""

    id: str
    question: str
    intent: str
    answerable: bool
    kind: str | None = None
    must_state: tuple[Fact, ...] = ()
    must_not: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One answer against its question: ``stated`` and ``made`` stand in the order of the item."""

    question: Question
    status: Status
    stated: tuple[bool, ...]
    made: tuple[bool, ...]

    @property
    def refusal_is_right(self) -> bool:
        """Refused when it cannot be answered, answered when it can."""
        return (self.status == "answered") == self.question.answerable

    @property
    def missing(self) -> tuple[str, ...]:
        """The facts that were not stated."""
        pairs = zip(self.question.must_state, self.stated, strict=True)
        return tuple(fact.fact for fact, found in pairs if not found)

    @property
    def claims(self) -> tuple[str, ...]:
        """The claims that were made."""
        pairs = zip(self.question.must_not, self.made, strict=True)
        return tuple(claim.claim for claim, found in pairs if found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Counts over a set of questions; a share of nothing is None, never 0 or 1."""

    questions: int
    facts: int
    facts_stated: int
    complete: int
    """Answerable questions with every fact stated and no claim made."""
    answerable: int
    false_refusals: int
    correct_refusals: int
    claims_made: int
    by_intent: Mapping[str, "Totals"] = field(default_factory=dict[str, "Totals"])

    @property
    def recall(self) -> float | None:
        """Share of the facts that were stated."""
        return self.facts_stated / self.facts if self.facts else None

    @property
    def refusal_rate(self) -> float | None:
        """Share of the unanswerable questions that were refused."""
        unanswerable = self.questions - self.answerable
        return self.correct_refusals / unanswerable if unanswerable else None

    @property
    def false_refusal_rate(self) -> float | None:
        """Share of the answerable questions that were refused."""
        return self.false_refusals / self.answerable if self.answerable else None


def question(item: Mapping[str, Any]) -> Question:
    """An entry of a question file as a Question."""
    return Question(
        id=item["id"],
        question=item["question"],
        intent=item["intent"],
        answerable=item["answerable"],
        kind=item.get("kind"),
        must_state=tuple(
            Fact(fact=f["fact"], match=tuple(f["match"]), first=f.get("first", False))
            for f in item.get("must_state", ())
        ),
        must_not=tuple(
            Claim(claim=c["claim"], match=tuple(c["match"])) for c in item.get("must_not", ())
        ),
    )


def found(match: Iterable[str], text: str) -> bool:
    """Whether every expression is found in the text, whatever the case."""
    return all(re.search(one, text, flags=re.IGNORECASE) for one in match)


def score(item: Question, sentences: Sequence[str], status: Status) -> Score:
    """One answer against its question.

    A refusal states no fact, whatever its words; a claim in a refusal is still made.
    """
    opening, whole = " ".join(sentences[:OPENING]), " ".join(sentences)
    return Score(
        question=item,
        status=status,
        stated=tuple(
            status == "answered" and found(fact.match, opening if fact.first else whole)
            for fact in item.must_state
        ),
        made=tuple(any(found(claim.match, one) for one in sentences) for claim in item.must_not),
    )


def total(scores: Sequence[Score]) -> Totals:
    """Everything counted, and again for each intent."""
    groups: dict[str, list[Score]] = defaultdict(list)
    for one in scores:
        groups[one.question.intent].append(one)
    return _count(scores, {intent: _count(groups[intent], {}) for intent in sorted(groups)})


def _count(scores: Sequence[Score], by_intent: Mapping[str, Totals]) -> Totals:
    answerable = [one for one in scores if one.question.answerable]
    return Totals(
        questions=len(scores),
        facts=sum(len(one.stated) for one in answerable),
        facts_stated=sum(sum(one.stated) for one in answerable),
        complete=sum(
            one.status == "answered" and all(one.stated) and not any(one.made) for one in answerable
        ),
        answerable=len(answerable),
        false_refusals=sum(one.status == "refused" for one in answerable),
        correct_refusals=sum(
            one.status == "refused" for one in scores if not one.question.answerable
        ),
        claims_made=sum(sum(one.made) for one in scores),
        by_intent=by_intent,
    )


def table(totals: Totals) -> str:
    """The counts as text, one line per intent and one for all."""
    head = f"{'intent':<20}{'questions':>10}{'facts':>12}{'complete':>10}{'false ref.':>11}{'refused':>10}{'claims':>8}"
    rows = [_row(name, one) for name, one in totals.by_intent.items()]
    return "\n".join([head, *rows, _row("all", totals)])


def _row(name: str, one: Totals) -> str:
    facts = f"{one.facts_stated}/{one.facts}"
    complete = f"{one.complete}/{one.answerable}"
    refused = f"{one.correct_refusals}/{one.questions - one.answerable}"
    return f"{name:<20}{one.questions:>10}{facts:>12}{complete:>10}{one.false_refusals:>11}{refused:>10}{one.claims_made:>8}"
