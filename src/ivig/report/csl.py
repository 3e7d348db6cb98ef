"""Sources as CSL-JSON, which reference managers and citation processors read."""

import json
from collections.abc import Iterable
from typing import Any

from ivig.cited import Source, SourceKind
from ivig.report.vancouver import Parts, read_citation

_TYPES: dict[SourceKind, str] = {
    "label": "document",
    "guideline": "document",
    "research": "document",
    "handbook": "document",
    "website": "webpage",
    "standard": "standard",
}
WHOLE_CITATION = "The title holds the whole citation as written; its parts were not told apart."


def to_csl(sources: Iterable[Source]) -> str:
    """A CSL-JSON array, one object a source, with only what is recorded or certain."""
    data = [csl_item(source) for source in sources]
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def csl_item(source: Source) -> dict[str, Any]:
    """One source. Authors left out by "et al." stand as the literal name ``et al.``."""
    parts = read_citation(source)
    item: dict[str, Any] = {
        "id": source.id,
        "type": "article-journal" if parts.journal else _TYPES[source.kind],
        "title": parts.title or " ".join(source.citation.split()),
        "author": _authors(parts),
        "container-title": parts.journal,
        "volume": parts.volume,
        "issue": parts.issue,
        "page": parts.pages,
        "edition": source.edition,
        "issued": None if source.year is None else {"date-parts": [[source.year]]},
        "accessed": _date(source.accessed),
        "DOI": bare_doi(source),
        "PMID": source.pmid,
        "URL": source.url,
        "note": source_note(source, parts) or None,
    }
    return {key: value for key, value in item.items() if value not in (None, [])}


def bare_doi(source: Source) -> str | None:
    """The DOI without resolver or prefix."""
    if source.doi is None:
        return None
    return source.doi.removeprefix("https://doi.org/").removeprefix("doi:")


def source_note(source: Source, parts: Parts) -> str:
    """What a reader of the entry must know: how it was read, and whether its parts are apart."""
    said = [
        None if parts.title else WHOLE_CITATION,
        "Recalled: the source was not read." if source.basis == "recalled" else None,
        source.note,
    ]
    return " ".join(" ".join(text.split()) for text in said if text)


def _authors(parts: Parts) -> list[dict[str, str]]:
    named: list[dict[str, str]] = []
    for author in parts.authors:
        name = {"family": author.family, "given": author.given}
        if author.suffix:
            name["suffix"] = author.suffix
        named.append(name)
    return [*named, {"literal": "et al."}] if parts.et_al else named


def _date(text: str | None) -> dict[str, list[list[int]]] | None:
    return None if text is None else {"date-parts": [[int(part) for part in text.split("-")]]}
