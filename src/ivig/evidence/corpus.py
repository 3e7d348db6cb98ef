"""All passages together with the names and words needed to find them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from ivig.cited import Cited, Source
from ivig.evidence.language import Language, PassageKind
from ivig.evidence.names import Names, places_in, populations_in
from ivig.evidence.outline import Outline
from ivig.evidence.passage import AsksFile, Passage, PlainSentence
from ivig.statement import Statement

GENERAL = "general"


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """What an answer is made of; ``parents`` is indication id → the broader one's id."""

    passages: tuple[Passage, ...]
    names: Names
    language: Language
    parents: Mapping[str, str]
    outlines: tuple[Outline, ...] = ()


def statement_passages(
    statements: Iterable[Cited[Statement]], language: Language, names: Names
) -> tuple[Passage, ...]:
    """Each statement as it stands; topics and products it does not list are found in its words."""
    return tuple(_passage(cited, language, names) for cited in statements)


def _passage(cited: Cited[Statement], language: Language, names: Names) -> Passage:
    one = cited.value
    grade = ", ".join(part for part in (one.strength, one.level) if part)
    return Passage(
        id=one.id,
        section=one.section,
        text=" ".join(one.text.split()),
        citations=(cited.citation,),
        body=one.body,
        year=one.year,
        grade=grade or None,
        topics=one.topics or language.said_topics(one.text),
        indications=() if one.indication == GENERAL else (one.indication,),
        mentions=names.find(one.text).indications if one.indication == GENERAL else (),
        products=one.products or names.find(one.text).products,
        reactions=one.reactions,
        routes=one.routes,
        lead=one.lead,
        contradicts=one.contradicts,
    )


def with_plain(
    passages: Sequence[Passage], sentences: Iterable[PlainSentence]
) -> tuple[Passage, ...]:
    """The passages with what a patient would be told; a sentence of several goes to the first.

    The other originals of such a sentence lend it their sources and stay silent themselves. A
    sentence that was written wins over one that was made from the record.
    """
    known = {passage.id: passage for passage in passages}
    written = list(sentences)
    for key in {key for sentence in written for key in sentence.of}:
        known[key] = replace(known[key], plain=None)
    for sentence in written:
        first, *others = sentence.of
        passage = known[first]
        citations = [*passage.citations, *(c for key in others for c in known[key].citations)]
        said = f"{passage.plain} {sentence.text}" if passage.plain else sentence.text
        known[first] = replace(passage, plain=said, citations=tuple(dict.fromkeys(citations)))
    return tuple(known.values())


def with_asks(
    passages: Sequence[Passage], files: Iterable[AsksFile], kinds: Iterable[PassageKind]
) -> tuple[Passage, ...]:
    """The passages with how people ask for them: each by itself, and each kind of fact."""
    own = {key: said for file in files for key, said in file.asks.items()}
    unknown = own.keys() - {passage.id for passage in passages}
    if unknown:
        raise KeyError(f"asks of no passage: {', '.join(sorted(unknown))}")
    patterns = [(re.compile(kind.of), kind.asks) for kind in kinds]
    return tuple(
        replace(one, asks=(*own.get(one.id, ()), *_of_its_kind(one.id, patterns)))
        for one in passages
    )


def _of_its_kind(
    key: str, patterns: Sequence[tuple[re.Pattern[str], tuple[str, ...]]]
) -> tuple[str, ...]:
    return next((asks for pattern, asks in patterns if pattern.search(key)), ())


def placed(passages: Sequence[Passage]) -> tuple[Passage, ...]:
    """The passages with whom they single out and whose rule they are."""
    return tuple(
        replace(
            one,
            populations=populations_in(one.text),
            places=places_in(f"{one.body or ''} {one.text}"),
        )
        for one in passages
    )


def mutual(passages: Sequence[Passage]) -> tuple[Passage, ...]:
    """The passages with each contradiction known to both sides."""
    against: dict[str, list[str]] = {}
    for passage in passages:
        for other in passage.contradicts:
            against.setdefault(other, []).append(passage.id)
    return tuple(
        replace(one, contradicts=tuple(dict.fromkeys((*one.contradicts, *against[one.id]))))
        if one.id in against
        else one
        for one in passages
    )


def dated(passages: Sequence[Passage], sources: Mapping[str, Source]) -> tuple[Passage, ...]:
    """The passages with the year of their first source where they name none."""
    return tuple(
        passage if passage.year is not None else replace(passage, year=_year(passage, sources))
        for passage in passages
    )


def _year(passage: Passage, sources: Mapping[str, Source]) -> int | None:
    years = [sources[c.source].year for c in passage.citations if c.source]
    return next((year for year in years if year), None)
