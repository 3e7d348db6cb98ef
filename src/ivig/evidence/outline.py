"""Outlines: for a kind of question, the passages that make a whole answer, in order.

A passage is found by its own words; that it belongs to the answer although it has none of the words
of the question is what an outline knows. Outlines are in ``knowledge/outlines/``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ivig.evidence.index import Words
from ivig.evidence.meaning import Meaning, Vectors
from ivig.evidence.question import Question

BEST = 6
"""So many of the outlines that fit best are followed."""
ON_TOPIC = 0.1
"""What the topic alone contributes to the fit of a question of many words."""
ON_TOPIC_ALONE = 0.6
"""The same for a question that has no words but names and those of its topic; falling with each."""
UNASKED = 0.8
"""How far an outline on a reaction fits a question that names none, or the other way round."""
BROADER = 0.5
"""How far an outline on no disease or product fits a question that names one."""
NAME_ALONE = 0.3
"""How far an outline on some side of a thing fits a question that only names it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """``asks``: ways of asking. ``says``: ids of passages, the direct answer first."""

    asks: tuple[str, ...]
    says: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OutlineFile:
    """knowledge/outlines/<subject>.yaml"""

    id: str
    outlines: tuple[Outline, ...]


@dataclass(frozen=True, slots=True)
class Planned:
    """An outline ready for matching."""

    asks: tuple[str, ...]
    """Of each way of asking its words, synonyms made one, without names."""
    says: tuple[int, ...]
    """Positions of the passages."""
    topics: tuple[str, ...]
    """The first topic of each way of asking."""
    indications: tuple[str, ...]
    products: tuple[str, ...]
    reactions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a passage stands in the outlines that fit a question."""

    fit: float
    """How well the best outline that has it fits, 0 to 1."""
    in_best: bool
    """It is in the outline that fits best of all."""
    order: float
    """1 at the head of its outline, falling to 0."""


class Plans:
    """All outlines, found by how people ask."""

    def __init__(self, planned: Sequence[Planned], vectors: Vectors) -> None:
        self._planned = planned
        self._vectors = vectors

    @cached_property
    def _asks(self) -> Meaning:
        rows = [Words(ask, "", "") for one in self._planned for ask in one.asks]
        return Meaning(self._vectors, rows)

    @cached_property
    def _starts(self) -> np.ndarray:
        sizes = [len(one.asks) for one in self._planned]
        return np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.intp)

    def places(
        self, question: Question, parts: Sequence[Sequence[str]], near: Mapping[str, float]
    ) -> dict[int, Place]:
        """Position of a passage → its place in the outlines that fit best.

        ``parts``: the words of each thing asked; ``near``: indication → how near to those named.
        """
        if not self._planned:
            return {}
        likeness = self._likeness(parts)
        on_topic = max(ON_TOPIC, ON_TOPIC_ALONE / (1 + sum(len(part) for part in parts)))
        fits = [
            (self._fit(one, float(like), question, near, on_topic), n)
            for n, (one, like) in enumerate(zip(self._planned, likeness, strict=True))
        ]
        found: dict[int, Place] = {}
        for rank, (fit, n) in enumerate(sorted(fits, key=lambda one: -one[0])[:BEST]):
            says = self._planned[n].says
            for k, at in enumerate(says):
                if fit > 0:
                    found.setdefault(at, Place(fit, rank == 0, 1 - k / len(says)))
        return found

    def _likeness(self, parts: Sequence[Sequence[str]]) -> np.ndarray:
        """(n_outlines,) of the nearest way of asking: words found there, and its words found here."""
        if not any(parts):
            return np.array([1.0 if "" in one.asks else NAME_ALONE for one in self._planned])
        nearness = self._asks.nearness(word for part in parts for word in part)
        found = [nearness.text(part) + nearness.back(part) for part in parts]
        return np.maximum.reduceat(np.max(found, axis=0) / 2, self._starts)

    def _fit(
        self,
        one: Planned,
        likeness: float,
        question: Question,
        near: Mapping[str, float],
        on_topic: float = ON_TOPIC,
    ) -> float:
        share = _agreement(one.indications, near, BROADER) * _agreement(
            one.products, dict.fromkeys(question.products, 1.0), BROADER
        )
        if not share:
            return 0.0
        reactions = set(one.reactions) & set(question.reactions)
        if (one.reactions or question.reactions) and not reactions:
            share *= UNASKED
        agrees = bool(question.topics) and question.topics[0] in one.topics
        return share * ((1 - on_topic) * likeness + on_topic * agrees)


def _agreement(its: Sequence[str], named: Mapping[str, float], broader: float) -> float:
    """1 where both name the same thing, ``broader`` where only the question names one, else 0."""
    if not its:
        return broader if named else 1.0
    return max((named.get(key, 0.0) for key in its), default=0.0)
