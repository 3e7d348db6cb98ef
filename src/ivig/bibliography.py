"""Which facts rest on which source, and which of them were never read in it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from difflib import get_close_matches
from typing import Any, Literal, cast

from ivig.cited import Basis, Cited, Source
from ivig.errors import InputError
from ivig.indication import Statement
from ivig.knowledge import Knowledge
from ivig.library import open_library
from ivig.pk.population import PopulationModel

Drives = Literal["dose", "rate", "safety", "other"]
"""What a fact decides in a plan: grams or days · the pump · what is forbidden or watched · neither."""

_SINGLE_FILES = ("risks", "excipients", "vaccines", "laboratory", "infusion")
_DRIVES: dict[str, dict[str, Drives]] = {
    "products": {
        "doses": "dose",
        "vials": "dose",
        "iv_to_sc_factor": "dose",
        "igg_mg_per_mL": "rate",
        "rates": "rate",
        "sites": "rate",
        "facilitated": "rate",
        "contains": "safety",
        "contraindications": "safety",
        "boxed_warnings": "safety",
    },
    "indications": {"regimens": "dose", "targets": "dose", "dosing_weight": "dose"},
    "jurisdictions": {
        "weight_rules": "dose",
        "round_to_g": "dose",
        "rounding_tolerance_percent": "dose",
    },
    "safety/infusion": {
        "titration": "rate",
        "long_gap_day": "rate",
        "step_min": "rate",
        "risk_cap_mg_per_kg_per_min": "rate",
    },
}
_URGENCY: dict[Drives, int] = {"dose": 0, "rate": 0, "safety": 1, "other": 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One fact and where it stands: ``id`` is a statement's own, else ``file#place in the file``.

    ``basis`` is None only for the paper a model is: that is no single value.
    """

    id: str
    file: str
    text: str
    drives: Drives
    basis: Basis | None
    source: str | None = None
    at: str | None = None
    note: str | None = None
    statement: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A source and the facts that use it."""

    source: Source
    facts: tuple[Fact, ...]


def bibliography(knowledge: Knowledge) -> tuple[Entry, ...]:
    """Every source in order of id, each with the facts that cite it, in order of file."""
    used: dict[str, list[Fact]] = {key: [] for key in knowledge.sources}
    for fact in facts(knowledge):
        if fact.source is not None:
            used[fact.source].append(fact)
    return tuple(
        Entry(source=knowledge.sources[key], facts=tuple(found)) for key, found in used.items()
    )


def find_entry(knowledge: Knowledge, key: str) -> Entry:
    """The source of this id and its facts.

    Raises
    ------
    InputError
        No source has the id.
    """
    if key not in knowledge.sources:
        close = get_close_matches(key, list(knowledge.sources), n=4, cutoff=0.5)
        hint = f"; near it: {', '.join(close)}" if close else ""
        raise InputError("source", key, f"an id that 'ivig sources' prints{hint}")
    return next(entry for entry in bibliography(knowledge) if entry.source.id == key)


def passages_from(knowledge: Knowledge, key: str) -> tuple[str, ...]:
    """The ids of the passages of answers that cite a source."""
    return tuple(
        passage.id
        for passage in open_library(knowledge).corpus.passages
        if any(citation.source == key for citation in passage.citations)
    )


def review_queue(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """The recalled facts by source, in the order in which they should be looked up.

    Sources that hold a recalled dose or rate come first, those with most of them at the front; then
    what is forbidden or watched. Within a source likewise.
    """
    queue = [
        Entry(
            source=entry.source,
            facts=tuple(
                sorted(
                    (fact for fact in entry.facts if fact.basis == "recalled"),
                    key=lambda fact: _URGENCY[fact.drives],
                )
            ),
        )
        for entry in entries
    ]
    return tuple(sorted((entry for entry in queue if entry.facts), key=_most_urgent))


def _most_urgent(entry: Entry) -> tuple[int, int, int, str]:
    counts = Counter(_URGENCY[fact.drives] for fact in entry.facts)
    return -counts[0], -counts[1], -counts[2], entry.source.id


def facts(knowledge: Knowledge) -> Iterator[Fact]:
    """Every cited value of knowledge/, file by file."""
    for file, item in _items(knowledge):
        if isinstance(item, PopulationModel):
            yield from _papers(file, item)
        for path, cited in _cited(item):
            value = cited.value
            is_statement = isinstance(value, Statement)
            yield Fact(
                id=value.id if is_statement else f"{file}#{'.'.join(path)}",
                file=file,
                text=described(value),
                drives=_drives(file, path[0]),
                basis=cited.basis,
                source=cited.source,
                at=cited.at,
                note=cited.note,
                statement=is_statement,
            )


def _items(knowledge: Knowledge) -> Iterator[tuple[str, Any]]:
    for name, folder in knowledge.folders().items():
        place = "safety/reactions" if name == "reactions" else name
        if name != "sources":
            yield from ((f"{place}/{key}", item) for key, item in folder.items())
    for name in _SINGLE_FILES:
        yield f"safety/{name}", getattr(knowledge, name)


def _papers(file: str, model: PopulationModel) -> Iterator[Fact]:
    named = {"source": model.source, "via": model.via}
    said = {"source": "the paper this model is", "via": "where the numbers were read"}
    for name, source in named.items():
        if source is not None:
            text = f"{model.name}: {said[name]}"
            yield Fact(
                id=f"{file}#{name}",
                file=file,
                text=text,
                drives="other",
                basis=None,
                source=source,
            )


def _drives(file: str, top: str) -> Drives:
    folder = file.split("/")[0]
    rules = _DRIVES.get(file) or _DRIVES.get(folder) or {}
    return rules.get(top, "safety" if folder == "safety" else "other")


def _cited(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Cited[Any]]]:
    """Every cited value inside a value, with names in place of positions where they tell apart."""
    if isinstance(value, Cited):
        yield path, cast(Cited[Any], value)
        return
    steps: Iterable[tuple[str, Any]] = ()
    if is_dataclass(value) and not isinstance(value, type):
        steps = ((f.name, getattr(cast(object, value), f.name)) for f in fields(value))
    elif isinstance(value, tuple):
        items = cast(tuple[Any, ...], value)
        steps = zip(_names(items), items, strict=True)
    elif isinstance(value, Mapping):
        steps = cast(Mapping[str, Any], value).items()
    for step, item in steps:
        yield from _cited(item, (*path, step))


def _names(items: Sequence[Any]) -> list[str]:
    """A name for each of several; its number from 0 where the name is missing or not its own."""
    names = [_name(cast(Any, item.value) if isinstance(item, Cited) else item) for item in items]
    counts = Counter(names)
    return [
        name if name and counts[name] == 1 else f"{name}{i}" if not name else f"{name}.{i}"
        for i, name in enumerate(names)
    ]


def _name(value: Any) -> str:
    made_up: float | None = getattr(value, "for_mg_per_mL", None)
    strength = "" if made_up is None else f"@{made_up:g}_mg_per_mL"
    for field in ("id", "indication", "indications"):
        name = getattr(value, field, None)
        if isinstance(name, str) and name:
            return name
        if isinstance(name, tuple) and name:
            return "+".join(cast(tuple[str, ...], name)) + strength
    return ""


def described(value: Any) -> str:
    """A value in one line: its own sentence first, then every other part under its name.

    >>> described(("iv", "sc")), described(4.8), described(True)
    ('iv, sc', '4.8', 'yes')
    """
    if isinstance(value, Statement):
        return " ".join(value.text.split())
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, tuple | list):
        parts = [described(item) for item in cast(Sequence[Any], value)]
        return ("; " if any(", " in part for part in parts) else ", ").join(parts) or "none"
    named: dict[str, Any] = {}
    if is_dataclass(value) and not isinstance(value, type):
        named = {f.name: getattr(cast(object, value), f.name) for f in fields(value)}
    elif isinstance(value, Mapping):
        named = dict(cast(Mapping[str, Any], value))
    else:
        return " ".join(str(value).split())
    text = named.pop("text", None)
    kept = {key: item for key, item in named.items() if item is not None and item != ()}
    parts = [f"{key} {_grouped(item)}" for key, item in kept.items() if key != "id"]
    return " — ".join(filter(None, (text and described(text), ", ".join(parts)))) or "nothing known"


def _grouped(value: Any) -> str:
    text = described(value)
    return f"({text})" if ", " in text or " — " in text else text
