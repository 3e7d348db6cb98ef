"""What speaks for and against a passage as part of the answer to a question.

Each feature has a name, under which its weight stands in ``knowledge/language/ranking.yaml``, and an
amount.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from ivig.evidence.library import Library
from ivig.evidence.outline import Place
from ivig.evidence.passage import Passage
from ivig.evidence.question import Question
from ivig.evidence.understand import OwnWords, spoken
from ivig.statement import Topic

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

EXCUSED = 0.6
"""How far words that are found excuse a passage on a thing that was not asked for."""
ENOUGH = 6.0
"""ln(N / n) of all words together from which they tell well what a question is about."""


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
    near_text: np.ndarray
    """(n_passages,) how near each is in meaning."""
    near_asks: np.ndarray
    """(n_passages,) the same of the ways in which people ask for it."""
    near_back: np.ndarray
    """(n_passages,) how near its words are to those of the question."""
    part: np.ndarray
    """(n_passages,) how near each is in meaning to the part of the question nearest to it."""
    part_asks: np.ndarray
    """(n_passages,) the same among the ways in which people ask."""
    places: Mapping[int, Place]
    """Position of a passage → its place in the outlines that fit."""


def asked(question: Question, own: OwnWords, library: Library) -> Asked:
    """The question made ready for ranking."""
    index = library.index
    parts = spoken(own, question.topics)
    words = tuple(word for part in parts for word in part)
    near_words = library.meaning.nearness(words)
    near = _family(question.indications, library)
    return Asked(
        question=question,
        focus=index.search(own.focus),
        frame=index.search(own.frame),
        asks=index.search((*own.focus, *own.frame), column="asks"),
        covered=_covered(own.focus, library),
        near=near,
        places=library.plans.places(question, parts, near),
        near_text=near_words.text(words),
        near_asks=near_words.asks(words),
        near_back=near_words.back(words),
        part=np.max([near_words.text(part) for part in parts], axis=0),
        part_asks=np.max([near_words.asks(part) for part in parts], axis=0),
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


def features(ask: Asked, at: int, passage: Passage) -> Iterator[tuple[str, float]]:
    """What else speaks for and against a passage: name of the weight and amount."""
    question = ask.question
    yield "focus", ask.focus.get(at, 0.0)
    yield "frame", ask.frame.get(at, 0.0)
    yield "asks", ask.asks.get(at, 0.0)
    yield "covered", ask.covered.get(at, 0.0)
    if at in ask.places:
        place = ask.places[at]
        yield "outline", place.fit
        yield "outline_order", place.fit * place.order
        if place.in_best:
            yield "outline_best", place.fit
            yield "outline_sure", place.fit**3
    yield from _named(ask, at, passage)
    yield from _topics(question, passage)
    yield from _circumstances(question, passage)
    yield f"kind_{kind(passage.id)}", 1.0


def nearness(ask: Asked) -> Mapping[str, np.ndarray]:
    """The features that every passage has: name → (n_passages,) amounts."""
    return {
        "near_text": ask.near_text,
        "near_asks": ask.near_asks,
        "near_back": ask.near_back,
        "part": ask.part,
        "part_asks": ask.part_asks,
    }


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
