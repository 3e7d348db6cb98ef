"""Which passages answer a question best: a weighted sum of what speaks for and against each.

First each passage by itself; then those that are of one piece with the best count for more, so that
an answer is about one thing and whole. The weights are in ``knowledge/language/ranking.yaml``;
``python -m docs.fit_answers`` fitted them to the development questions.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import exp

import numpy as np

from ivig.evidence.features import Asked, features, nearness
from ivig.evidence.library import Library
from ivig.evidence.merge import stems
from ivig.evidence.passage import Passage
from ivig.statement import Section

WITHIN = 2.5
"""A passage that scores so much less than the best one is left out."""
WEAK = 2.5
"""Below this a passage is not kept only to make up the number."""
FEWEST = 12
"""The same where not all that was found can be said."""
AT_LEAST = 16
"""So many are kept whatever the best one scores."""
REPEATED = 1.2
"""What a passage loses when all its words were said by another."""
CONSIDERED = 40
"""So many of each kind of source are weighed against each other."""
NEAREST = 150
"""So many of the nearest in meaning are candidates whatever their words."""
WEIGHED = 600
"""So many candidates are weighed in full."""
LEADING = 10
"""So many of the best tell what the answer is about."""
BESIDE = 150
"""So many of the best are then weighed again by that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """A passage and how well it fits."""

    passage: Passage
    at: int
    """Its position among the passages."""
    score: float


def rank(ask: Asked, library: Library) -> list[Scored]:
    """Passages that are about what was asked, the best first."""
    return again(first(ask, library), library)


def first(ask: Asked, library: Library) -> list[Scored]:
    """Passages by themselves, the best first."""
    weights = library.corpus.language.weights
    near = np.sum([weights.get(name, 0.0) * its for name, its in nearness(ask).items()], axis=0)
    found = [
        Scored(
            passage=passage,
            at=at,
            score=float(near[at])
            + sum(weights.get(name, 0.0) * value for name, value in features(ask, at, passage)),
        )
        for at, passage in _likeliest(ask, near, library)
    ]
    return _sorted(found)


def _likeliest(ask: Asked, near: np.ndarray, library: Library) -> list[tuple[int, Passage]]:
    """The candidates, or of very many those that share words or are near in meaning."""
    found = list(candidates(ask, library))
    if len(found) > WEIGHED:
        words = library.corpus.language.weights.get("focus", 0.0)
        found.sort(key=lambda one: near[one[0]] + words * ask.focus.get(one[0], 0.0), reverse=True)
    return found[:WEIGHED]


def again(ranked: Sequence[Scored], library: Library) -> list[Scored]:
    """The same, with what each has in common with the best."""
    weights = library.corpus.language.weights
    common = in_common(ranked[:LEADING])
    found = [
        replace(
            one,
            score=one.score
            + sum(weights.get(name, 0.0) * value for name, value in companionship(one, common)),
        )
        for one in ranked[:BESIDE]
    ]
    return _sorted(found)


def _sorted(found: Sequence[Scored]) -> list[Scored]:
    return sorted(found, key=lambda one: (-one.score, one.passage.id))


def in_common(leading: Sequence[Scored]) -> Mapping[tuple[str, str], float]:
    """What the best passages are about → the share of them that is, by how well they fit."""
    worth = [exp(one.score - leading[0].score) for one in leading]
    whole = sum(worth)
    common: dict[tuple[str, str], float] = defaultdict(float)
    for one, its in zip(leading, worth, strict=True):
        for about in _about(one.passage):
            common[about] += its / whole
    return common


def companionship(
    one: Scored, common: Mapping[tuple[str, str], float]
) -> Iterator[tuple[str, float]]:
    """Of each kind of thing a passage is about, the share of the best that is about the same."""
    most: dict[str, float] = {}
    for about in _about(one.passage):
        most[about[0]] = max(most.get(about[0], 0.0), common.get(about, 0.0))
    for kind, share in most.items():
        yield f"beside_{kind}", share


def _about(passage: Passage) -> Iterator[tuple[str, str]]:
    """Kind and name of each thing a passage is about, and of where it stands."""
    for key in passage.indications:
        yield "indication", key
    for key in passage.products:
        yield "product", key
    for key in passage.reactions:
        yield "reaction", key
    for topic in passage.topics[:1]:
        yield "topic", topic
    yield (
        "file",
        passage.id.rsplit("-", 2)[0] if "#" not in passage.id else passage.id.split("#")[0],
    )


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
    nearness = np.maximum(ask.part, ask.part_asks)
    by_meaning = (
        set(np.argpartition(-nearness, NEAREST)[:NEAREST].tolist())
        if len(nearness) > NEAREST
        else set(range(len(nearness)))
    )
    for at in sorted(by_word | by_topic | by_name | by_meaning | ask.places.keys()):
        passage = library.corpus.passages[at]
        if _is_elsewhere(ask, passage):
            continue
        unasked = passage.indications and not (question.indications or question.products)
        if at in by_word or at in by_meaning or at in ask.places or not unasked:
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
