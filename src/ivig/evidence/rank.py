"""Which passages answer a question best."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from ivig.evidence.merge import stems
from ivig.evidence.passage import Passage
from ivig.evidence.question import Question
from ivig.statement import Section, Topic

TOPIC_WEIGHTS = (1.0, 0.6, 0.45, 0.35, 0.25)
"""What the first, second … topic of the question is worth; later ones count as the last."""

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

RARE_WORD = 8.0
"""BM25 of a passage that holds one rare word: a fit of common words only never counts as whole."""

SHARE_OF_BEST = 0.55
"""A passage that fits less than this share of the best one is left out."""
REPEATED = 1.0
"""What a passage loses when all its words were said by another."""
CONSIDERED = 40
"""So many of each kind of source are weighed against each other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """A passage and how well it fits; ``words`` is the part that its words earned, 0 to 1."""

    passage: Passage
    score: float
    words: float


def rank(
    question: Question,
    passages: Sequence[Passage],
    by_words: Mapping[int, float],
    parents: Mapping[str, str],
) -> list[Scored]:
    """Passages that are about what was asked, the best first.

    Parameters
    ----------
    by_words : mapping
        Position of a passage → BM25 score of its words; empty when the question has no word of
        its own beside the therapy's name.
    parents : mapping
        Indication id → id of the broader one, whose passages count too.
    """
    best = max(RARE_WORD, *by_words.values()) if by_words else RARE_WORD
    near = _family(question.indications, parents)
    weights = _topic_weights(question.topics)
    found: list[Scored] = []
    for at, passage in enumerate(passages):
        by_word = by_words.get(at, 0.0) / best
        about = _about(question, passage, near)
        topic = _topic(passage, weights)
        if about is None or (by_word == 0.0 and (topic <= 0.0 or about < 0.0)):
            continue
        opens = passage.lead and topic >= TOPIC_WEIGHTS[1] and (by_word > 0.3 or not by_words)
        score = 1.6 * by_word + topic + about + 0.9 * opens + _standing(question, passage)
        found.append(Scored(passage=passage, score=score, words=by_word))
    return sorted(found, key=lambda one: (-one.score, one.passage.id))


def _topic_weights(asked: Sequence[Topic]) -> dict[Topic, float]:
    """What each topic is worth: those asked in their order, then those that belong to them."""
    weights: dict[Topic, float] = {}
    for n, topic in enumerate(asked):
        weights[topic] = TOPIC_WEIGHTS[min(n, len(TOPIC_WEIGHTS) - 1)]
    for topic in asked[:1]:
        for other in IMPLIED.get(topic, ()):
            weights.setdefault(other, 0.5)
    return weights


def _topic(passage: Passage, weights: Mapping[Topic, float]) -> float:
    shared = sorted((weights[topic] for topic in passage.topics if topic in weights), reverse=True)
    if not shared:
        return -0.6 if weights and passage.topics else 0.0
    return shared[0] + 0.2 * (len(shared) > 1)


def _about(question: Question, passage: Passage, near: Mapping[str, float]) -> float | None:
    """How well the things named agree; None: it is about something else."""
    total = 0.0
    if question.indications:
        if passage.indications:
            share = max((near.get(key, 0.0) for key in passage.indications), default=0.0)
            if share == 0.0:
                return None
            total += 1.2 * share
    elif passage.indications:
        total -= 0.8
    for asked, said in (
        (question.products, passage.products),
        (question.reactions, passage.reactions),
    ):
        if asked and said:
            if not set(asked) & set(said):
                return None
            total += 1.0
        elif said:
            total -= 0.4
    return total


def _standing(question: Question, passage: Passage) -> float:
    """A fitting route, a newer and a read source count for more."""
    route = 0.0
    if question.routes and passage.routes:
        route = 0.2 if set(question.routes) & set(passage.routes) else -0.4
    year = 0.0 if passage.year is None or passage.lead else 0.01 * (passage.year - 2015)
    recalled = -0.15 if passage.basis == "recalled" else 0.0
    return route + max(min(year, 0.1), -0.2) + recalled


def _family(asked: Collection[str], parents: Mapping[str, str]) -> dict[str, float]:
    """What was asked counts fully; broader and narrower indications count less."""
    near = dict.fromkeys(asked, 1.0)
    for key in asked:
        parent = parents.get(key)
        if parent is not None:
            near.setdefault(parent, 0.4)
        for child, its in parents.items():
            if its == key:
                near.setdefault(child, 0.3)
    return near


def choose(ranked: Sequence[Scored], limit: int, by_id: Mapping[str, Passage]) -> list[Passage]:
    """The passages to print: the best of each kind of source, and whoever contradicts them.

    A passage that repeats one already taken counts for less, so that what is printed says more.
    """
    if not ranked:
        return []
    floor = SHARE_OF_BEST * ranked[0].score
    sections: dict[Section, list[Scored]] = {}
    for one in ranked:
        if one.score >= floor:
            sections.setdefault(one.passage.section, []).append(one)
    taken = {
        passage.id: passage
        for found in sections.values()
        for passage in _varied(found[:CONSIDERED], limit)
    }
    for passage in tuple(taken.values()):
        for other in passage.contradicts:
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
