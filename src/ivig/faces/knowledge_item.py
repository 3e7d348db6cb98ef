"""One knowledge item for people: the file as it is written, then the sources it cites."""

import json
from difflib import get_close_matches
from typing import cast

from ivig.cited import Cited, Source
from ivig.codec import encode, walk
from ivig.errors import InputError
from ivig.knowledge import Knowledge


def show_item(knowledge: Knowledge, key: str, *, as_json: bool) -> str:
    """The item of this id in whichever folders hold it, with its sources.

    Raises
    ------
    InputError
        No folder holds the id; the nearest ids are named.
    """
    found = [(name, folder[key]) for name, folder in knowledge.folders().items() if key in folder]
    if not found:
        every = [item for folder in knowledge.folders().values() for item in folder]
        close = get_close_matches(key, every, n=4, cutoff=0.5)
        hint = f"; near it: {', '.join(close)}" if close else ""
        raise InputError("id", key, f"an id that 'ivig knowledge list FOLDER' prints{hint}")
    sources = {
        name: knowledge.sources[name] for _, item in found for name in sorted(_cited_by(item))
    }
    if as_json:
        data = {name: encode(item) for name, item in found}
        data["sources"] = {name: encode(source) for name, source in sources.items()}
        return json.dumps(data, indent=2, ensure_ascii=False)
    parts = [_file_text(knowledge, name, key) for name, _ in found]
    lines = [_source_line(source) for source in sources.values()]
    return "\n".join([*parts, *(["# Sources", *lines] if lines else [])]).rstrip()


def _file_text(knowledge: Knowledge, folder: str, key: str) -> str:
    place = "safety/reactions" if folder == "reactions" else folder
    name = f"{place}/{key}.yaml"
    return f"# {name}\n{knowledge.files[name].read_text(encoding='utf-8')}"


def _source_line(source: Source) -> str:
    address = next((a for a in (source.url, source.doi and f"doi:{source.doi}") if a), "")
    pmid = f" PMID {source.pmid}." if source.pmid else ""
    return (
        f"{source.id} ({source.kind}, {source.basis}): {source.citation}{pmid} {address}".rstrip()
    )


def _cited_by(item: object) -> set[str]:
    """The ids of all sources cited anywhere in an item."""
    facts = [cast(Cited[object], value) for _, value in walk(item) if isinstance(value, Cited)]
    return {fact.source for fact in facts if fact.source is not None}
