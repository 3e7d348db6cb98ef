"""How sure it is that the passages found answer the question, and not only speak of something near.

A weighted sum of signs, above 0 when the question is to be answered. The weights are in
``knowledge/language/ranking.yaml``; ``python -m docs.fit_answers`` fitted them to development
questions that can and that cannot be answered.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from ivig.evidence.features import Asked
from ivig.evidence.library import Library
from ivig.evidence.question import Question
from ivig.evidence.rank import Scored
from ivig.evidence.text import one_spelling, plain_letters
from ivig.evidence.understand import OwnWords

BEST = 25
"""So many of the best passages are looked at."""
UNKNOWN = 9.0
"""Weight of a word that no passage has, about that of the rarest known one."""
EVERYDAY = 0.2
"""What is left of the weight of an everyday English word."""
_DISEASE = re.compile(
    r"(itis|osis|asis|emia|oma|pathy|algia|penia|plegia|paresis|trophy|lepsy|opia|dynia|edema|"
    r"orrhea|ectasis|cytosis|uria|thrix|virus|plasia|rrhage|ectomy|otomy|oscopy|plasty)$"
)

_DISEASE_HEADS = frozenset(
    [
        "syndrome",
        "disease",
        "diseases",
        "deficiency",
        "disorder",
        "failure",
        "infection",
        "cancer",
        "diabetes",
        "fever",
        "pain",
        "neuropathy",
        "arthritis",
        "lupus",
        "transplant",
        "transplantation",
        "surgery",
        "rejection",
        "shock",
        "attack",
        "loss",
        "poisoning",
        "injury",
        "injection",
        "trial",
        "study",
        "vaccine",
        "allergy",
        "intolerance",
    ]
)
"""Words that are no name of a disease alone, but end one."""


def certainty(signs: Iterator[tuple[str, float]], weights: Mapping[str, float]) -> float:
    """Above 0: answer; below: what was found is not what was asked."""
    return weights["intercept"] + sum(weights.get(name, 0.0) * value for name, value in signs)


def signs(
    ask: Asked, own: OwnWords, ranked: Sequence[Scored], library: Library
) -> Iterator[tuple[str, float]]:
    """What speaks for and against an answer: name of the weight and amount."""
    question, best = ask.question, [one.at for one in ranked[:BEST]]
    index = library.index
    holding = {word: index.holding(word) for word in (*own.focus, *own.frame)}
    for name, words in (("held", own.focus), ("held_of_all", (*own.focus, *own.frame))):
        worth = {word: _worth(word, library) for word in words if not word[0].isdigit()}
        whole = sum(worth.values())
        held = (sum(worth[word] for word in worth if at in holding[word]) for at in best)
        if whole:
            yield name, max(held, default=0.0) / whole
        elif best:
            yield name, 1.0
            yield f"{name}_nothing", 1.0
    yield from _pairs(own, holding, best)
    yield from _compounds(own, library)
    yield from _slot(question, ranked)
    yield from _unknown([word for word in holding if not holding[word]], own, question, library)
    yield "words", len(own.focus) / 5
    yield "asks", max((ask.asks.get(at, 0.0) for at in best), default=0.0)
    yield "outline", max((place.fit for place in ask.places.values()), default=0.0)
    yield "near_asks", float(ask.near_asks.max(initial=0.0))
    yield "near_text", max((float(ask.near_text[at]) for at in best), default=0.0)
    yield "near_back", max((float(ask.near_back[at]) for at in best), default=0.0)
    yield "frame", max((ask.frame.get(at, 0.0) for at in best), default=0.0)
    yield "best", ranked[0].score / 5 if ranked else -1.0
    yield from _placed(question, library)


def _pairs(
    own: OwnWords, holding: Mapping[str, frozenset[int]], best: Sequence[int]
) -> Iterator[tuple[str, float]]:
    """Of the words that stand side by side, the share of pairs found together in a passage."""
    pairs = list(pairwise(own.in_order))
    if not pairs:
        return
    shared = [holding[one] & holding[other] for one, other in pairs]
    yield "pairs", 1.0
    yield "pairs_known", sum(bool(its) for its in shared) / len(pairs)
    yield "pairs_held", sum(bool(its.intersection(best)) for its in shared) / len(pairs)


def _compounds(own: OwnWords, library: Library) -> Iterator[tuple[str, float]]:
    """Names of diseases in two words, as *systemic sclerosis*, that no passage has side by side."""
    for word, head in pairwise(own.in_order):
        if _DISEASE.search(head) or head in _DISEASE_HEADS:
            known = library.index.knows(head) and not word[0].isdigit()
            if known and len(word) > 3 and not library.index.knows(f"{word} {head}"):
                yield "unknown_compound", library.corpus.language.rarity(word)


def _slot(question: Question, ranked: Sequence[Scored]) -> Iterator[tuple[str, float]]:
    """Whether something is said on the topic of the very thing that was named."""
    things = (*question.indications, *question.products, *question.reactions)
    if not (things and question.topics):
        return
    filled = any(
        question.topics[0] in one.passage.topics
        and any(
            key in things
            for key in (
                *one.passage.indications,
                *one.passage.products,
                *one.passage.reactions,
            )
        )
        for one in ranked[:BEST]
    )
    yield ("slot_filled" if filled else "slot_empty"), 1.0


def _unknown(
    words: Sequence[str], own: OwnWords, question: Question, library: Library
) -> Iterator[tuple[str, float]]:
    """Words that no passage has: names of things, words like diseases, rare words, ordinary ones."""
    rarity = library.corpus.language.rarity
    names = named_things(question.text)
    for word in words:
        if word[0].isdigit() and word not in names:
            continue
        if word in names:
            yield "unknown_name", 1.0
        elif _DISEASE.search(word):
            yield "unknown_disease", rarity(word)
        elif word in own.focus:
            yield "unknown_word", rarity(word)
        else:
            yield "unknown_ordinary", rarity(word)


def named_things(text: str) -> frozenset[str]:
    """Words written as names are: a capital that opens no sentence, or letters with digits.

    >>> sorted(named_things("What did HELIOS find? Is NF155 or Behcet covered?"))
    ['behcet', 'helios', 'nf155']
    """
    opening = {hit.end() - 1 for hit in re.finditer(r"(?:^|[.?!:;]\s+|\n|['\"(])\W*\w", text)}
    shouted = text.upper() == text
    return frozenset(
        one_spelling(part)
        for hit in re.finditer(r"[^\W_]+(?:-[^\W_]+)*", text)
        if _is_name(hit.group(), opens=hit.start() in opening or shouted)
        for part in plain_letters(hit.group()).split("-")
    )


def _is_name(word: str, *, opens: bool) -> bool:
    digits = any(letter.isdigit() for letter in word)
    capitals = sum(letter.isupper() for letter in word)
    mixed = digits and any(letter.isalpha() for letter in word)
    return mixed or (capitals > 0 and not opens) or (capitals > 1 and word != word.upper())


def _placed(question: Question, library: Library) -> Iterator[tuple[str, float]]:
    """What places a question in our subject; without any of it, that it is not placed."""
    text, language = question.text, library.corpus.language
    found = {
        "therapy": library.speaks_of_immunoglobulin(text),
        "product": bool(question.products),
        "indication": bool(question.indications),
        "setting": library.is_in_its_setting(text),
        "ours": language.is_ours(text),
    }
    for name, yes in found.items():
        yield name, float(yes)
    placed = any(found.values())
    yield "unplaced", float(not placed)
    yield "reaction", float(placed and bool(question.reactions))
    yield "topic", float(bool(language.asked_topics(text)))


def _worth(word: str, library: Library) -> float:
    """How much a word says of what a question is about: rare here and rare in English."""
    share = EVERYDAY + (1 - EVERYDAY) * library.corpus.language.rarity(word)
    return share * min(max(library.index.weight(word), 0.0), UNKNOWN)
