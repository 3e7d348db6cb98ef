"""Which passages answer a question best: a weighted sum of what speaks for and against each.

The weights are in ``knowledge/language/ranking.yaml``; ``python -m docs.fit_ranking`` fitted them to
the development questions.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from ivig.evidence.library import Library
from ivig.evidence.meaning import Likeness
from ivig.evidence.merge import stems
from ivig.evidence.passage import Passage
from ivig.evidence.question import Question
from ivig.statement import Section, Topic

IMPLIED: dict[Topic, tuple[Topic, ...]] = {
    "indicated": ("benefit", "approval"),
    "benefit": ("indicated",),
    "approval": ("indicated",),
    "access": ("indicated",),
    "dose": ("interval",),
    "rate": ("duration",),
    "side_effect": ("prevention", "management"),
    "management": ("prevention", "side_effect"),
    "stopping": ("interval",),
    "switching": ("route", "product_difference"),
    "contraindication": ("side_effect", "composition"),
    "product_difference": ("composition",),
    "lab_test": ("monitoring",),
    "monitoring": ("lab_test",),
}
"""Topics that belong to the answer although they were not named."""

_WANTS_PRODUCT = re.compile(
    r"\b(which|what|name|any|other|safest|best)\b.{0,40}\b(brands?|products?|preparations?|"
    r"(immune ?)?globulins?|immunoglobulins?|IVIGs?|SCIGs?|concentrates?)\b|\b(brands|products)\b",
    re.IGNORECASE,
)
"""The answer is a product."""

WITHIN = 2.5
"""A passage that scores so much less than the best one is left out."""
EXCUSED = 0.6
"""How far words that are found excuse a passage on a thing that was not asked for."""
WEAK = 2.5
"""Below this a passage is not kept only to make up the number."""
FEWEST = 1
"""The same where not all that was found can be said."""
ENOUGH = 6.0
"""ln(N / n) of all words together from which they tell well what a question is about."""
AT_LEAST = 8
"""So many are kept whatever the best one scores."""
REPEATED = 1.2
"""What a passage loses when all its words were said by another."""
CONSIDERED = 40
"""So many of each kind of source are weighed against each other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """A passage and how well it fits."""

    passage: Passage
    at: int
    """Its position among the passages."""
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question with what its words find, position of a passage → share of the words' worth."""

    question: Question
    focus: Mapping[int, float]
    """The words it is about."""
    frame: Mapping[int, float]
    """Ordinary words and those of its topic."""
    asks: Mapping[int, float]
    """All its words, among the ways in which people ask."""
    covered: Mapping[int, float]
    """Of the words it is about, by rarity, the share that the passage holds; few and common words
    say little even when all are held."""
    near: Mapping[str, float]
    """Indication → how near it is to those named."""
    likeness: Likeness
    """How near each passage is in meaning."""


def asked(
    question: Question, focus: Sequence[str], frame: Sequence[str], library: Library
) -> Asked:
    """The question made ready for ranking; ``focus`` and ``frame`` are its words."""
    index = library.index
    return Asked(
        question=question,
        focus=index.search(focus),
        frame=index.search(frame),
        asks=index.search((*focus, *frame), column="asks"),
        covered=_covered(focus, library),
        near=_family(question.indications, library),
        likeness=library.meaning.likeness((*focus, *frame)),
    )


def _covered(focus: Sequence[str], library: Library) -> dict[int, float]:
    weights = {term: max(library.index.weight(term), 0.0) for term in focus}
    whole = max(sum(weights.values()), ENOUGH)
    held: dict[int, float] = {}
    for term, weight in weights.items():
        for at in library.index.holding(term):
            held[at] = held.get(at, 0.0) + weight / whole
    return held


def _family(named: Collection[str], library: Library) -> dict[str, float]:
    """What was asked counts fully; broader, narrower and other stages of a disease count less."""
    parents, related = library.corpus.parents, library.corpus.language.related
    near = dict.fromkeys(named, 1.0)
    for key in named:
        for other in (*related.get(key, ()), *([parents[key]] if key in parents else [])):
            near.setdefault(other, 0.5)
        for child, its in parents.items():
            if its == key:
                near.setdefault(child, 0.3)
    return near


def rank(ask: Asked, library: Library) -> list[Scored]:
    """Passages that are about what was asked, the best first."""
    weights = library.corpus.language.weights
    found = [
        Scored(
            passage=passage,
            at=at,
            score=sum(weights.get(name, 0.0) * value for name, value in features(ask, at, passage)),
        )
        for at, passage in candidates(ask, library)
    ]
    return sorted(found, key=lambda one: (-one.score, one.passage.id))


def candidates(ask: Asked, library: Library) -> Iterator[tuple[int, Passage]]:
    """Position and passage of all that share a word or a topic, and are about nothing else."""
    question = ask.question
    by_word = ask.focus.keys() | ask.asks.keys()
    by_topic = {at for topic in question.topics for at in library.on_topic.get(topic, ())}
    by_name = {
        at
        for key in (*question.indications, *question.products, *question.reactions)
        for at in library.about.get(key, ())
    }
    for at in sorted(by_word | by_topic | by_name):
        passage = library.corpus.passages[at]
        if _is_elsewhere(ask, passage):
            continue
        unasked = passage.indications and not (question.indications or question.products)
        if at in by_word or not unasked:
            yield at, passage


def _is_elsewhere(ask: Asked, passage: Passage) -> bool:
    """Whether a passage is about another disease, product or reaction than was named."""
    question = ask.question
    return any(
        named and its and not any(key in named for key in its)
        for named, its in (
            (ask.near, passage.indications),
            (question.products, passage.products),
            (question.reactions, passage.reactions),
        )
    )


def features(ask: Asked, at: int, passage: Passage) -> Iterator[tuple[str, float]]:
    """What speaks for and against a passage: name of the weight and amount."""
    question = ask.question
    yield "focus", ask.focus.get(at, 0.0)
    yield "frame", ask.frame.get(at, 0.0)
    yield "asks", ask.asks.get(at, 0.0)
    yield "covered", ask.covered.get(at, 0.0)
    yield "likeness", float(ask.likeness.text[at])
    yield "likeness_asks", float(ask.likeness.asks[at])
    yield "likeness_back", float(ask.likeness.back[at])
    yield from _named(ask, at, passage)
    yield from _topics(question, passage)
    yield from _circumstances(question, passage)
    yield f"kind_{kind(passage.id)}", 1.0


def _named(ask: Asked, at: int, passage: Passage) -> Iterator[tuple[str, float]]:
    """Whether the things named agree; one not asked for is less strange the more words are found."""
    question, strange = ask.question, 1.0 - EXCUSED * ask.covered.get(at, 0.0)
    if question.indications:
        if passage.indications:
            yield "indication", max(ask.near.get(key, 0.0) for key in passage.indications)
        elif any(key in ask.near for key in passage.mentions):
            yield "indication_mentioned", 1.0
        else:
            yield "indication_unnamed", 1.0
    elif passage.indications:
        same_product = bool(question.products and passage.products)
        yield ("indication_of_product" if same_product else "indication_unasked"), strange
    for name, named, its in (
        ("product", question.products, passage.products),
        ("reaction", question.reactions, passage.reactions),
    ):
        if named and its:
            yield name, 1.0
        elif named:
            yield f"{name}_unnamed", 1.0
        elif its:
            wanted = name == "product" and _WANTS_PRODUCT.search(question.text)
            yield (f"{name}_wanted" if wanted else f"{name}_unasked"), strange


def _topics(question: Question, passage: Passage) -> Iterator[tuple[str, float]]:
    if not (question.topics and passage.topics):
        return
    first = question.topics[0]
    if passage.topics[0] == first:
        yield "topic_both_first", 1.0
    if first in passage.topics:
        yield "topic_first", 1.0
        if passage.lead:
            yield "opens", 1.0
    elif any(topic in passage.topics for topic in question.topics[1:]):
        yield "topic_later", 1.0
    elif any(topic in passage.topics for topic in IMPLIED.get(first, ())):
        yield "topic_implied", 1.0
    else:
        yield "topic_other", 1.0


def _circumstances(question: Question, passage: Passage) -> Iterator[tuple[str, float]]:
    """Route, place, person, age and standing of the source."""
    for name, named, its in (
        ("route", question.routes, passage.routes),
        ("place", question.places, passage.places),
        ("population", question.populations, passage.populations),
    ):
        if named and its:
            yield (name if set(named) & set(its) else f"{name}_other"), 1.0
        elif named:
            yield f"{name}_unnamed", 1.0
        elif its:
            yield f"{name}_unasked", 1.0
    if passage.year is not None:
        yield "year", max(-1.0, min(1.0, (passage.year - 2015) / 10))
    if passage.basis == "recalled":
        yield "recalled", 1.0


@cache
def kind(key: str) -> str:
    """The kind of fact, from the id of its passage: statement, or folder and part."""
    found = re.match(r"(\w+)/[^#]*#([a-z_]+)", key)
    return f"{found[1]}_{found[2]}" if found else "statement"


def choose(
    ranked: Sequence[Scored],
    limit: int,
    by_id: Mapping[str, Passage],
    *,
    sayable: Callable[[Passage], bool] = lambda _: True,
) -> list[Passage]:
    """The passages to print: the best of all, then of each kind of source, and whoever contradicts.

    What may be said is held against the best of all that was found, so that a gap in it is not
    filled with what fits less. A passage that repeats one already taken counts for less.
    """
    found = [one for one in ranked if sayable(one.passage)]
    if not found:
        return []
    least = ranked[:AT_LEAST][-1].score if len(found) == len(ranked) else found[:FEWEST][-1].score
    floor = min(ranked[0].score - WITHIN, max(least, WEAK))
    sections: dict[Section, list[Scored]] = {}
    for one in found:
        if one.score >= floor:
            sections.setdefault(one.passage.section, []).append(one)
    best = found[0].passage
    taken = {best.id: best}
    for its in sections.values():
        taken |= {passage.id: passage for passage in _varied(its[:CONSIDERED], limit)}
    for passage in tuple(taken.values()):
        for other in passage.contradicts:
            if sayable(by_id[other]):
                taken.setdefault(other, by_id[other])
    return list(taken.values())


def _varied(found: Sequence[Scored], limit: int) -> list[Passage]:
    """The best first, each next one weighed against its likeness to those taken."""
    words = {one.passage.id: stems(one.passage.text) for one in found}
    scores = {one.passage.id: one.score for one in found}
    worth = dict(scores)
    left = {one.passage.id: one.passage for one in found}
    taken: list[Passage] = []
    while left and len(taken) < limit:
        best = max(left, key=lambda key: worth[key])
        taken.append(left.pop(best))
        for key in left:
            shared = len(words[key] & words[best]) / (len(words[key] | words[best]) or 1)
            worth[key] = min(worth[key], scores[key] - REPEATED * shared)
    return taken
