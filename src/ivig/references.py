"""Numbered references: each source once, in the order in which a document uses it."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, TypeVar, cast

from ivig.cited import Basis, Citation, Source, SourceKind, weakest

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A numbered source; ``basis`` is the least certain way the document uses it."""

    n: int
    id: str
    kind: SourceKind
    citation: str
    year: int | None
    url: str | None
    doi: str | None
    pmid: str | None
    basis: Basis


def number(document: T, sources: Mapping[str, Source]) -> tuple[T, tuple[Reference, ...]]:
    """The document with ``references`` filled in beside every ``citations``, and the list.

    Every dataclass in the document that has both fields is given the numbers of its sources.
    """
    order: dict[str, int] = {}
    uses: dict[str, Basis] = {}
    numbered = cast(T, _number(document, order, uses))
    return numbered, tuple(_reference(n, sources[key], uses[key]) for key, n in order.items())


def _number(value: Any, order: dict[str, int], uses: dict[str, Basis]) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        changed: dict[str, Any] = {}
        for field in fields(value):
            old = getattr(value, field.name)
            new = _number(old, order, uses) if isinstance(old, tuple) or is_dataclass(old) else old
            if new is not old:
                changed[field.name] = new
        if hasattr(value, "citations") and hasattr(value, "references"):
            changed["references"] = _numbers(cast(Any, value).citations, order, uses)
        return replace(cast(Any, value), **changed) if changed else value
    if isinstance(value, tuple):
        old_items = cast(tuple[Any, ...], value)
        items = tuple(_number(item, order, uses) for item in old_items)
        same = all(new is old for new, old in zip(items, old_items, strict=True))
        return old_items if same else items
    return value


def _numbers(
    citations: tuple[Citation, ...], order: dict[str, int], uses: dict[str, Basis]
) -> tuple[int, ...]:
    found: list[int] = []
    for citation in citations:
        if citation.source is None:
            continue
        found.append(order.setdefault(citation.source, len(order) + 1))
        before = uses.get(citation.source, "read")
        uses[citation.source] = weakest(before, citation.basis)
    return tuple(dict.fromkeys(found))


def _reference(n: int, source: Source, basis: Basis) -> Reference:
    return Reference(
        n=n,
        id=source.id,
        kind=source.kind,
        citation=source.citation,
        year=source.year,
        url=source.url,
        doi=source.doi,
        pmid=source.pmid,
        basis=weakest(basis, source.basis),
    )
