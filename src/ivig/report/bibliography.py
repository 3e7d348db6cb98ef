"""The bibliography as text and as plain data: the list, one source, the review queue."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from ivig.bibliography import Entry, Fact
from ivig.codec import encode
from ivig.report.csl import bare_doi

_ORDER = ("indications", "products", "safety", "models", "outcomes", "validation", "populations")


def list_text(entries: Sequence[Entry]) -> str:
    """One line a source: id, kind, year, basis, facts, citation; then how many."""
    lines = [f"{'id':28} {'kind':9} {'year':4} {'basis':8} {'facts':>5}  citation"]
    for entry in entries:
        source = entry.source
        year = "" if source.year is None else str(source.year)
        lines.append(
            f"{source.id:28} {source.kind:9} {year:4} {source.basis:8} {len(entry.facts):5}  "
            f"{_line(source.citation)}"
        )
    used = sum(len(entry.facts) for entry in entries)
    lines += ["", f"{len(entries)} sources, {used} facts."]
    return "\n".join(lines) + "\n"


def list_data(entries: Iterable[Entry]) -> list[dict[str, Any]]:
    """Each source with how many facts use it, by how they are known."""
    return [
        {
            **encode(entry.source),
            "n_facts": len(entry.facts),
            "n_facts_by_basis": dict(Counter(fact.basis or "named" for fact in entry.facts)),
        }
        for entry in entries
    ]


def entry_text(entry: Entry, passages: Sequence[str]) -> str:
    """Everything about one source and who uses it."""
    source = entry.source
    named = {
        "kind": source.kind,
        "basis": source.basis,
        "body": source.body,
        "year": source.year,
        "edition": source.edition,
        "doi": bare_doi(source),
        "pmid": source.pmid,
        "url": source.url,
        "accessed": source.accessed,
        "note": source.note,
    }
    lines = [source.id, _line(source.citation), ""]
    lines += [f"{name:9} {_line(str(value))}" for name, value in named.items() if value is not None]
    statements = [fact for fact in entry.facts if fact.statement]
    lines += ["", f"Statements ({len(statements)})", *map(_fact_line, statements)]
    others = [fact for fact in entry.facts if not fact.statement]
    for file in sorted({fact.file for fact in others}, key=_place):
        mine = [fact for fact in others if fact.file == file]
        lines += ["", f"{file} ({len(mine)})", *map(_fact_line, mine)]
    own = {fact.id for fact in statements}
    said = [key for key in passages if key not in own]
    if said:
        lines += ["", f"Other passages of answers ({len(said)})", *(f"  {key}" for key in said)]
    if not entry.facts:
        lines += ["", "No fact uses it."]
    return "\n".join(lines) + "\n"


def entry_data(entry: Entry, passages: Sequence[str]) -> dict[str, Any]:
    """The source, every fact that cites it and every passage of an answer made from it."""
    return {
        "source": encode(entry.source),
        "facts": [encode(fact) for fact in entry.facts],
        "files": sorted({fact.file for fact in entry.facts}, key=_place),
        "passages": list(passages),
    }


def queue_text(queue: Sequence[Entry]) -> str:
    """What to look up, source by source; a dose or rate is marked, and comes first."""
    found = [fact for entry in queue for fact in entry.facts]
    counts = Counter(fact.drives for fact in found)
    lines = [
        f"{len(found)} recalled facts of {len(queue)} sources to be read in the source: "
        f"{counts['dose']} drive a dose, {counts['rate']} a rate, {counts['safety']} safety.",
        "Edit the file named before '#' (a statement: under statements/), and set basis: read.",
    ]
    for entry in queue:
        source = entry.source
        address = source.url or (f"https://doi.org/{bare_doi(source)}" if source.doi else "")
        lines += ["", f"{source.id} ({len(entry.facts)}): {_line(source.citation)}"]
        lines += [f"  {address}"] if address else []
        lines += [_queue_line(fact) for fact in entry.facts]
    return "\n".join(lines) + "\n"


def queue_data(queue: Iterable[Entry]) -> list[dict[str, Any]]:
    """The queue: each source with its recalled facts, in the order of work."""
    return [
        {"source": encode(entry.source), "facts": [encode(fact) for fact in entry.facts]}
        for entry in queue
    ]


def to_json(data: object) -> str:
    """Indented JSON."""
    return json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _queue_line(fact: Fact) -> str:
    mark = "" if fact.drives == "other" else f"[{fact.drives.upper()}] "
    return f"  {mark}{fact.id}: {''.join(_said(fact))}"


def _fact_line(fact: Fact) -> str:
    basis = "" if fact.basis in (None, "read") else f" [{fact.basis}]"
    name = fact.id if fact.statement else fact.id.partition("#")[2]
    return f"  {name}{basis}: {''.join(_said(fact))}"


def _said(fact: Fact) -> Iterator[str]:
    yield fact.text
    if fact.at:
        yield f" (at: {_line(fact.at)})"
    if fact.note:
        yield f" (note: {_line(fact.note)})"


def _place(file: str) -> tuple[int, str]:
    folder = file.split("/")[0]
    return (_ORDER.index(folder) if folder in _ORDER else len(_ORDER)), file


def _line(text: str) -> str:
    return " ".join(text.split())
