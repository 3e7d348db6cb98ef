"""From the words of a question to what it asks."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ivig.evidence.corpus import Corpus
from ivig.evidence.library import FINDS_ALL, Library
from ivig.evidence.names import Named
from ivig.evidence.outline import Outline, Planned
from ivig.evidence.quantities import read_quantities
from ivig.evidence.question import Question
from ivig.statement import Topic

USUAL = 2.6
"""ln(N / n) below which a word is usual here: in more than 7 % of passages."""
TELLING = 3.5
"""ln(N / n) from which on a word of the topic says more than the topic: in fewer than 3 %."""
FEW = 1
"""Words up to which a question is also held by its topic."""
_ABBREVIATED = re.compile(r"\b([A-Z]{2,6})\s*\((?=[A-Za-z]{3})|[a-z]\s\(([A-Z]{2,6})\)")
"""An abbreviation beside the words it stands for, which say what is meant."""
_PARTS = re.compile(
    r"[.?!;:]\s+|,?\s+(?:and|but|or|also)\s+(?=(?:how|what|which|when|why|who|where|is|are|can|could|"
    r"do|does|should|will|would|may|must|if)\b)|,\s+(?=(?:how|what|which|when|why|who|where)\b)",
    re.IGNORECASE,
)
"""Where one thing asked ends and the next begins."""
_NUMBER = re.compile(
    r"[\d./]+(st|nd|rd|th)?|m?c?g|m?g/k?[gl]|[mdk]?l|g/d?l|mg/dl|kg|ml/h|h|min|[a-z]"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnWords:
    """The words of a question beside the therapy's name and what it names, synonyms made one."""

    focus: tuple[str, ...]
    """What it is about."""
    frame: tuple[str, ...]
    """Words of its topic, and such as are found in any question."""
    in_order: tuple[str, ...]
    """Both, as they stand in the question."""
    parts: tuple[tuple[str, ...], ...]
    """Both again, parted by what is asked in turn; one part when one thing is asked."""


def own_words(text: str, named: Named, library: Library) -> OwnWords:
    """The words of a question, parted into what it is about and what frames it.

    A number, an ordinary word, and a usual word of the question's topic only frame it.
    """
    index = library.index
    short = [word.lower() for pair in _ABBREVIATED.findall(text) for word in pair if word]
    skipped = FINDS_ALL | set(library.thesaurus.unite(" ".join((*sorted(named.words), *short))))
    terms = [term for term in index.terms(text) if term not in skipped]
    topic = {
        word
        for part in library.corpus.language.topic_words(text)
        for word in library.thesaurus.unite(part)
    }
    focus = tuple(
        term
        for term in terms
        if not (
            _NUMBER.fullmatch(term)
            or library.is_ordinary(term)
            or index.weight(term) < (TELLING if term in topic else USUAL)
        )
    )
    frame = tuple(term for term in terms if term not in focus)
    return OwnWords(
        focus=focus, frame=frame, in_order=tuple(terms), parts=_parts(text, terms, library)
    )


def spoken(own: OwnWords, topics: Sequence[Topic]) -> tuple[tuple[str, ...], ...]:
    """The parts of a question as they are held against passages.

    A question of hardly any words is held by the name of its topic too: *who must not have it* asks
    for contraindications.
    """
    if sum(len(part) for part in own.parts) > FEW or topics[0] == "what_is":
        return own.parts
    return tuple((*part, *topics[0].split("_")) for part in own.parts)


def _parts(text: str, terms: Sequence[str], library: Library) -> tuple[tuple[str, ...], ...]:
    found = (set(library.index.terms(part)) for part in _PARTS.split(text))
    parts = (tuple(term for term in terms if term in its) for its in found)
    return tuple(part for part in parts if part) or (tuple(terms),)


def planned(outlines: Sequence[Outline], library: Library) -> list[Planned]:
    """The outlines made ready for matching, with what their ways of asking name."""
    position = {passage.id: at for at, passage in enumerate(library.corpus.passages)}
    found: list[Planned] = []
    for one in outlines:
        pairs = [understand(ask, library.corpus) for ask in one.asks]
        words = [
            " ".join(word for part in _said(ask, question, named, library) for word in part)
            for ask, (question, named) in zip(one.asks, pairs, strict=True)
        ]
        questions = [question for question, _ in pairs]
        found.append(
            Planned(
                asks=tuple(words),
                says=tuple(position[key] for key in one.says),
                topics=tuple(dict.fromkeys(its.topics[0] for its in questions)),
                indications=_usually([its.indications for its in questions]),
                products=_usually([its.products for its in questions]),
                reactions=_usually([its.reactions for its in questions]),
            )
        )
    return found


def _said(
    ask: str, question: Question, named: Named, library: Library
) -> tuple[tuple[str, ...], ...]:
    return spoken(own_words(ask, named, library), question.topics)


def _usually(names: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """What at least half of the ways of asking name."""
    counted = Counter(key for its in names for key in its)
    return tuple(key for key, n in counted.items() if 2 * n >= len(names))


def english_part(text: str, corpus: Corpus) -> str:
    """What stands in brackets when it is a translation of the rest into English; else the text."""
    inside = re.search(r"\(([^()]{12,})\)\s*$", text)
    if inside is None or corpus.language.is_english(text[: inside.start()]):
        return text
    return inside.group(1) if corpus.language.is_english(inside.group(1)) else text


def understand(text: str, corpus: Corpus) -> tuple[Question, Named]:
    """The question with its topics, names and numbers, and the words that were names."""
    named = corpus.names.find(text)
    question = Question(
        text=text,
        topics=corpus.language.asked_topics(text) or _usual_topics(named) or ("what_is",),
        indications=_in_population(named, corpus.language.in_population),
        products=named.products,
        reactions=named.reactions,
        routes=named.routes,
        populations=named.populations,
        places=named.places,
        quantities=read_quantities(text),
    )
    return question, named


def _in_population(named: Named, meant: Mapping[str, Mapping[str, str]]) -> tuple[str, ...]:
    """The indications, with that of the child or the pregnancy that is asked about."""
    found = [*named.indications]
    for key in named.indications:
        for population, its in meant.get(key, {}).items():
            if population in named.populations:
                found.append(its)
    return tuple(dict.fromkeys(found))


def _usual_topics(named: Named) -> tuple[Topic, ...]:
    """What is meant when a thing is named and nothing is asked of it."""
    if named.reactions:
        return ("side_effect", "management")
    if named.indications:
        return ("indicated", "dose")
    return ("what_is", "composition", "approval") if named.products else ()
