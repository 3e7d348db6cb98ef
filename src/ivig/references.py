"""Numbered references: each source once, in the order in which a document uses it."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import cache
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
    if isinstance(value, tuple):
        old_items = cast(tuple[Any, ...], value)
        if not old_items or isinstance(old_items[0], float | int | str):
            return old_items
        items = tuple(_number(item, order, uses) for item in old_items)
        same = all(new is old for new, old in zip(items, old_items, strict=True))
        return old_items if same else items
    names = _field_names(cast(type[object], value.__class__))
    changed: dict[str, Any] = {}
    for name in names:
        old = getattr(value, name)
        if old is not None and (isinstance(old, tuple) or hasattr(old, "__dataclass_fields__")):
            new = _number(old, order, uses)
            if new is not old:
                changed[name] = new
    if "citations" in names and "references" in names:
        changed["references"] = _numbers(value.citations, order, uses)
    return replace(value, **changed) if changed else value


@cache
def _field_names(cls: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(cls)) if is_dataclass(cls) else ()


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
