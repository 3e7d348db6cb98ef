"""All passages together with the names and words needed to find them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from ivig.cited import Cited, Source
from ivig.evidence.language import Language
from ivig.evidence.names import Names
from ivig.evidence.passage import Passage, PlainSentence
from ivig.statement import Statement

GENERAL = "general"


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """What an answer is made of; ``parents`` is indication id → the broader one's id."""

    passages: tuple[Passage, ...]
    names: Names
    language: Language
    parents: Mapping[str, str]


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

    The other originals of such a sentence lend it their sources and stay silent themselves.
    """
    known = {passage.id: passage for passage in passages}
    for sentence in sentences:
        first, *others = sentence.of
        passage = known[first]
        citations = [*passage.citations, *(c for key in others for c in known[key].citations)]
        said = f"{passage.plain} {sentence.text}" if passage.plain else sentence.text
        known[first] = replace(passage, plain=said, citations=tuple(dict.fromkeys(citations)))
    return tuple(known.values())


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
