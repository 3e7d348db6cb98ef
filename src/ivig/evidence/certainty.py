"""How sure it is that the passages found answer the question, and not only speak of something near.

A weighted sum of signs, above 0 when the question is to be answered. The weights are in
``knowledge/language/ranking.yaml``; ``python -m docs.fit_answers`` fitted them to development
questions that can and that cannot be answered.
"""

from collections.abc import Iterator, Mapping, Sequence

from ivig.evidence.library import Library
from ivig.evidence.question import Question
from ivig.evidence.rank import Asked, Scored
from ivig.evidence.understand import OwnWords

BEST = 25
"""So many of the best passages are looked at."""
UNKNOWN = 9.0
"""Weight of a word that no passage has, about that of the rarest known one."""
EVERYDAY = 0.2
"""What is left of the weight of an everyday English word."""


def certainty(signs: Iterator[tuple[str, float]], weights: Mapping[str, float]) -> float:
    """Above 0: answer; below: what was found is not what was asked."""
    return weights["intercept"] + sum(weights.get(name, 0.0) * value for name, value in signs)


def signs(
    ask: Asked, own: OwnWords, ranked: Sequence[Scored], library: Library
) -> Iterator[tuple[str, float]]:
    """What speaks for and against an answer: name of the weight and amount."""
    question, best = ask.question, [one.at for one in ranked[:BEST]]
    worth = focus_worth(own, library)
    whole = sum(worth.values())
    holding = {word: library.index.holding(word) for word in worth}
    unknown = [word for word in worth if not holding[word]]
    if whole:
        held = (sum(worth[word] for word in worth if at in holding[word]) for at in best)
        yield "held", max(held, default=0.0) / whole
        yield "unknown", sum(worth[word] for word in unknown) / whole
    elif best:
        yield "held", 1.0
        yield "nothing_own", 1.0
    rarity = library.corpus.language.rarity
    yield "unknown_terms", sum(rarity(word) for word in unknown)
    yield "words", len(own.focus) / 5
    yield "asks", max((ask.asks.get(at, 0.0) for at in best), default=0.0)
    yield "frame", max((ask.frame.get(at, 0.0) for at in best), default=0.0)
    yield "best", ranked[0].score / 5 if ranked else -1.0
    yield from _placed(question, library)


def _placed(question: Question, library: Library) -> Iterator[tuple[str, float]]:
    """What places a question in our subject."""
    yield "therapy", float(library.speaks_of_immunoglobulin(question.text))
    yield "product", float(bool(question.products))
    yield "indication", float(bool(question.indications))
    yield "reaction", float(bool(question.reactions))
    yield "setting", float(library.is_in_its_setting(question.text))
    yield "ours", float(library.corpus.language.is_ours(question.text))
    yield "topic", float(bool(question.topics))


def focus_worth(own: OwnWords, library: Library) -> dict[str, float]:
    """How much each word of a question says of what it is about: rare here and rare in English."""
    rarity = library.corpus.language.rarity
    return {
        word: (EVERYDAY + (1 - EVERYDAY) * rarity(word))
        * min(max(library.index.weight(word), 0.0), UNKNOWN)
        for word in own.focus
    }
