"""A question answered from passages alone, or refused with the reason."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from ivig.cited import Citation
from ivig.evidence.features import asked
from ivig.evidence.library import Library
from ivig.evidence.merge import merged
from ivig.evidence.passage import Passage
from ivig.evidence.question import Question
from ivig.evidence.rank import choose, rank
from ivig.evidence.refuse import (
    EMERGENCY,
    Reason,
    Refusal,
    nearest_questions,
    refuse_found,
    refuse_question,
    refuse_text,
)
from ivig.evidence.understand import english_part, own_words, understand

SectionName = Literal["computed", "guidelines", "research", "labels"]
Audience = Literal["clinician", "patient"]
BESIDE_COMPUTED = 3.0
"""The least score of a passage that stands beside a computed answer."""
SECTION_NAMES: dict[str, SectionName] = {
    "guideline": "guidelines",
    "research": "research",
    "label": "labels",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence with its passages; ``working`` is the arithmetic of a computed one."""

    text: str
    statement_ids: tuple[str, ...]
    citations: tuple[Citation, ...]
    references: tuple[int, ...] = ()
    working: str | None = None
    body: str | None = None
    year: int | None = None
    grade: str | None = None
    lead: bool = False
    disagrees_with: tuple[str, ...] = ()
    """Ids of other sentences of the answer that say otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerSection:
    """Sentences of one kind of source."""

    name: SectionName
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is known about a question, by kind of source; or why it is not answered.

    A refusal says in ``message`` what is missing, and may still carry sections: what the sources say
    of the matter in general. ``emergency`` comes before everything else.
    """

    question: str
    status: Literal["answered", "refused"]
    audience: Audience
    reason: Reason | None = None
    message: str | None = None
    emergency: str | None = None
    sections: tuple[AnswerSection, ...] = ()
    cautions: tuple[str, ...] = ()
    nearest_questions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the engine computed for the question, or for the patient."""

    sentences: tuple[Sentence, ...] = ()
    cautions: tuple[str, ...] = ()
    settles: bool = False
    """It answers the question by itself, whatever the passages hold."""


def answer(
    text: str,
    library: Library,
    *,
    compute: Callable[[Question], Found] | None = None,
    audience: Audience = "clinician",
    limit: int = 8,
) -> Answer:
    """The answer to a question, each sentence from a passage or computed; or a refusal.

    Parameters
    ----------
    compute : callable, optional
        What the engine computes from the numbers of the question.
    limit : int
        The most sentences of one kind of source, 1 or more.
    """
    blank = Answer(question=text, status="answered", audience=audience)
    text = english_part(text, library.corpus)
    refused = refuse_text(text, library)
    if refused is not None:
        return _refused(blank, refused, library)
    if library.corpus.language.is_emergency(text):
        return replace(
            blank, emergency=EMERGENCY, sections=_first_aid(text, library, audience, limit)
        )
    question, named = understand(text, library.corpus)
    own = own_words(text, named, library)
    found = compute(question) if compute else Found()
    refused = refuse_question(question, library)
    if refused is not None and not refused.has_more:
        return _refused(blank, refused, library)
    words = asked(question, own, library)
    ranked = rank(words, library)
    if refused is None:
        refused = refuse_found(words, own, ranked, library, settled=found.settles)
    if refused is not None and not refused.has_more:
        return _refused(blank, refused, library)
    if found.settles:
        ranked = [one for one in ranked if one.score >= BESIDE_COMPUTED]
    chosen = choose(ranked, limit, library.by_id, sayable=lambda one: _can_say(one, audience))
    sections = sections_of(found.sentences, chosen, audience)
    whole = replace(blank, sections=sections, cautions=found.cautions)
    return whole if refused is None else _refused(whole, refused, library)


def _can_say(passage: Passage, audience: Audience) -> bool:
    return audience == "clinician" or passage.plain is not None


def _first_aid(
    text: str, library: Library, audience: Audience, limit: int
) -> tuple[AnswerSection, ...]:
    """What is done about the danger at hand, step by step, and nothing else."""
    found = [
        library.corpus.passages[at]
        for reaction in library.corpus.language.endangering(text)
        for at in library.about.get(reaction, ())
    ]
    steps = [one for one in found if "management" in one.topics and _can_say(one, audience)]
    steps.sort(key=lambda one: ("#management" not in one.id, one.id))
    said = [_sentence([one], audience, opens=n == 0) for n, one in enumerate(steps)]
    kinds = [SECTION_NAMES[one.section] for one in steps]
    sections = (
        AnswerSection(
            name=name,
            sentences=tuple(s for s, its in zip(said, kinds, strict=True) if its == name)[:limit],
        )
        for name in SECTION_NAMES.values()
    )
    return tuple(one for one in sections if one.sentences)


def sections_of(
    computed: Sequence[Sentence], passages: Sequence[Passage], audience: Audience
) -> tuple[AnswerSection, ...]:
    """The sections that have something to say: computed, then guideline, research, label.

    The best passage opens, unless a computed sentence does; then guidelines by year, the newest
    first, others by fit.

    Parameters
    ----------
    passages : sequence of Passage
        The best first.
    """
    best = passages[0].id if passages and not any(one.lead for one in computed) else None
    groups: dict[SectionName, list[Sentence]] = {"computed": list(computed)}
    groups |= {name: [] for name in SECTION_NAMES.values()}
    for group in merged(passages):
        groups[SECTION_NAMES[group[0].section]].append(
            _sentence(group, audience, opens=group[0].id == best)
        )
    for name in ("research", "labels"):
        groups[name].sort(key=lambda one: not one.lead)
    groups["guidelines"].sort(key=lambda one: (not one.lead, 0 if one.lead else -(one.year or 0)))
    return tuple(
        AnswerSection(name=name, sentences=tuple(said)) for name, said in groups.items() if said
    )


def _sentence(group: Sequence[Passage], audience: Audience, *, opens: bool) -> Sentence:
    first = group[0]
    return Sentence(
        text=first.plain if audience == "patient" and first.plain else first.text,
        statement_ids=tuple(one.id for one in group),
        citations=tuple(dict.fromkeys(c for one in group for c in one.citations)),
        body=first.body,
        year=first.year,
        grade=first.grade,
        lead=opens,
        disagrees_with=tuple(dict.fromkeys(key for one in group for key in one.contradicts)),
    )


def _refused(so_far: Answer, refused: Refusal, library: Library) -> Answer:
    return replace(
        so_far,
        status="refused",
        reason=refused.reason,
        message=refused.message,
        nearest_questions=nearest_questions(so_far.question, library.corpus.language.askable),
    )
