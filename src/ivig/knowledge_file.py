"""One knowledge file → one frozen value, or an error with its file and line; a folder of them."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Generic, TypeVar, cast

import yaml

from ivig.codec import DecodeError, decode
from ivig.codec import Path as DataPath
from ivig.errors import KnowledgeError
from ivig.strict_yaml import line_of, read_yaml

T = TypeVar("T")


class Folder(Mapping[str, T], Generic[T]):
    """Items of one folder by id, decoded on first use, in order of id."""

    def __init__(
        self, files: Mapping[str, Path], as_type: type[T], sources: frozenset[str]
    ) -> None:
        self._files = files
        self._type = as_type
        self._sources = sources
        self._items: dict[str, T] = {}

    def __getitem__(self, key: str) -> T:
        if key not in self._items:
            self._items[key] = read_item(self._files[key], self._type, self._sources)
        return self._items[key]

    def __contains__(self, key: object) -> bool:
        return key in self._files

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._files))

    def __len__(self) -> int:
        return len(self._files)


def read_item(path: Path, as_type: type[T], sources: frozenset[str]) -> T:
    """The value in a file.

    Raises
    ------
    KnowledgeError
        It breaks the rules: a syntax, a field, a citation that resolves to nothing.
    """
    text = path.read_text(encoding="utf-8")
    try:
        data = read_yaml(text)
        item = decode(data, as_type)
        _require_sources(data, sources)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise KnowledgeError(
            str(getattr(error, "problem", None) or error),
            file=str(path),
            line=None if mark is None else mark.line + 1,
        ) from error
    except DecodeError as error:
        line = line_of(text, error.path)
        raise KnowledgeError(str(error), file=str(path), line=line) from error
    if getattr(item, "id", path.stem) != path.stem:
        raise KnowledgeError(f"id must be the file's name, {path.stem!r}", file=str(path), line=1)
    return item


def _require_sources(data: Any, sources: frozenset[str], path: DataPath = ()) -> None:
    """Refuse a citation that resolves to nothing: every ``source`` and ``via`` in the file."""
    if isinstance(data, list):
        for i, item in enumerate(cast(list[Any], data)):
            if isinstance(item, dict | list):
                _require_sources(item, sources, (*path, i))
        return
    for key, item in cast(dict[str, Any], data).items():
        if isinstance(item, dict | list):
            _require_sources(item, sources, (*path, key))
        elif key in ("source", "via") and isinstance(item, str) and item not in sources:
            raise DecodeError((*path, key), f"source {item!r} is not in knowledge/sources/")
