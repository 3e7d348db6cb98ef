"""What the published relations hold: what they say, and their numbers."""

from collections.abc import Iterable, Iterator

from ivig.cited import Citation, Cited
from ivig.evidence.passage import Passage
from ivig.evidence.sentence import Sources, as_sentence, framed, number, passage
from ivig.outcome.relation import Estimate, Relation
from ivig.statement import Topic

_TOPICS: dict[str, tuple[Topic, ...]] = {
    "benefit": ("benefit",),
    "harm": ("side_effect",),
    "exposure": ("dose", "target"),
}


def outcome_passages(relations: Iterable[Relation], sources: Sources) -> tuple[Passage, ...]:
    """Each relation: what it says with its caveats, then its numbers, one passage for each source."""
    return tuple(one for relation in relations for one in _relation(relation, sources))


def _relation(relation: Relation, sources: Sources) -> Iterator[Passage]:
    slopes = [slope.citation for slope in (relation.trough_slope, relation.dose_slope) if slope]
    own = slopes or [relation.estimates[0].citation]
    says = framed(relation.name, relation.says).removesuffix(".")
    said = [f"{says} ({relation.population})", *relation.caveats]
    yield _passage(relation, "says", " ".join(map(as_sentence, said)), own, sources)
    grouped: dict[Citation, list[Cited[Estimate]]] = {}
    for fact in relation.estimates:
        grouped.setdefault(fact.citation, []).append(fact)
    for i, (citation, facts) in enumerate(grouped.items(), 1):
        numbers = "; ".join(_estimate(fact.value) for fact in facts)
        head = relation.name
        if relation.outcome.lower() not in head.lower():
            head = f"{head} ({relation.outcome})"
        yield _passage(relation, f"numbers.{i}", f"{head}: {numbers}", [citation], sources)


def _passage(
    relation: Relation, part: str, text: str, citations: list[Citation], sources: Sources
) -> Passage:
    return passage(
        f"outcomes/{relation.id}#{part}",
        text,
        citations,
        sources,
        topics=_TOPICS[relation.kind],
        indications=relation.indications,
        routes=relation.routes,
    )


def _estimate(one: Estimate) -> str:
    """A published number in words: label, counts or value, interval.

    Bounds without a value are a printed range; with one they are an interval of its level.
    """
    if one.events is not None and one.n is not None:
        return f"{one.label}, {one.events} of {number(one.n)}"
    if one.value is None:
        if one.low is None or one.high is None:
            return one.label
        return f"{one.label}, {_with_unit(f'{number(one.low)} to {number(one.high)}', one.unit)}"
    text = f"{one.label}, {_with_unit(number(one.value), one.unit)}"
    if one.low is None or one.high is None:
        return text
    level = number(one.level * 100)
    return f"{text} ({level}% CI {number(one.low)} to {number(one.high)})"


def _with_unit(text: str, unit: str | None) -> str:
    if unit is None:
        return text
    if "ratio" in unit:
        return f"{unit} {text}"
    return f"{text}%{unit[1:]}" if unit.startswith("%") else f"{text} {unit}"
