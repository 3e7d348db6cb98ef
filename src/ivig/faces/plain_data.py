"""A file, YAML or JSON → plain data, or one ``InputError``: what is not plain never gets further."""

import json
import re
import sys
from pathlib import Path
from typing import cast

import yaml

from ivig.errors import InputError
from ivig.strict_yaml import read_yaml

_MAX_BYTES = 1_000_000
_MAX_JSON_BYTES = 20_000_000
_MAX_VALUES = 20_000
_MAX_DEPTH = 8
_MAX_TEXT = 10_000
_BINARY = (b"%PDF", b"PK\x03\x04", b"\x89PNG", b"\xff\xd8", b"\x1f\x8b")


def read_plain(path: str | Path) -> object:
    """Mappings, lists, text, numbers and flags from a file; None from an empty one.

    Parameters
    ----------
    path : path
        Read as JSON when its name ends in .json or the text starts with "{", else as YAML;
        "-" is standard input.

    Raises
    ------
    InputError
        No such file, not text in UTF-8, more than 1 MB, a syntax error (with its line), a field
        given twice, an anchor or a tag, or nesting deeper than 8 levels.
    """
    name = "standard input" if str(path) == "-" else str(path)
    text = _as_text(_read_bytes(path, name), name)
    if not text.strip():
        return None
    if name.lower().endswith(".json") or text.lstrip().startswith("{"):
        return _from_json(text, name)
    return _from_yaml(text, name)


def read_json(path: str | Path) -> object:
    """Plain data from a JSON file that the program wrote, such as a plan; "-" is standard input.

    Raises
    ------
    InputError
        No such file, more than 20 MB, not JSON, or a field given twice.
    """
    name = "standard input" if str(path) == "-" else str(path)
    return _from_json(_as_text(_read_bytes(path, name, most=_MAX_JSON_BYTES), name), name)


def require_plain(data: object) -> None:
    """Refuse what is not plain data: a key that is no text, NaN, a date object, a deep nest.

    Raises
    ------
    InputError
        With the path of the value.
    """
    stack: list[tuple[object, str, int]] = [(data, "", 0)]
    seen = 0
    while stack:
        value, path, depth = stack.pop()
        seen += 1
        if seen > _MAX_VALUES or depth > _MAX_DEPTH:
            wanted = f"at most {_MAX_VALUES} values, {_MAX_DEPTH} levels deep"
            raise InputError(path[:80] or "patient", type(value).__name__, wanted)
        if isinstance(value, dict):
            for key, item in cast(dict[object, object], value).items():
                name = _require_text(key, path or "a field name")
                stack.append((item, f"{path}.{name}" if path else name, depth + 1))
        elif isinstance(value, list):
            items = cast(list[object], value)
            stack += [(item, f"{path}[{i}]", depth + 1) for i, item in enumerate(items)]
        else:
            _require_scalar(value, path or "patient")


def _read_bytes(path: str | Path, name: str, *, most: int = _MAX_BYTES) -> bytes:
    try:
        if str(path) == "-":
            raw = sys.stdin.buffer.read(most + 1)
        else:
            with Path(path).open("rb") as file:
                raw = file.read(most + 1)
    except FileNotFoundError:
        raise InputError("patient file", name, "the path of an existing file") from None
    except IsADirectoryError:
        raise InputError("patient file", name, "a file, not a folder") from None
    except (OSError, ValueError) as error:
        raise InputError("patient file", name, f"a file that can be read ({error})") from error
    if len(raw) > most:
        wanted = f"one document in at most {most // 1_000_000} MB of text"
        raise InputError("patient file", name, wanted)
    return raw


def _as_text(raw: bytes, name: str) -> str:
    if raw.startswith(_BINARY) or b"\0" in raw:
        raise InputError("patient file", name, "YAML or JSON text in UTF-8; this is a binary file")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        wanted = f"text in UTF-8; byte {error.start} is not. Save the file as UTF-8"
        raise InputError("patient file", name, wanted) from error


def _from_json(text: str, name: str) -> object:
    try:
        # NaN passes here so that ``require_plain`` can name its field.
        return json.loads(text, parse_constant=float, object_pairs_hook=_no_duplicates)
    except json.JSONDecodeError as error:
        where = f"{name} line {error.lineno}"
        raise InputError(where, _line(text, error.lineno), f"JSON ({error.msg})") from error
    except InputError:
        raise
    except (ValueError, RecursionError) as error:
        raise InputError(name, "…", f"JSON of one patient ({error})") from error


def _no_duplicates(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            raise InputError(key, value, "each field once; this one stands there twice")
        found[key] = value
    return found


def _from_yaml(text: str, name: str) -> object:
    try:
        _require_simple(text, name)
        return read_yaml(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = str(getattr(error, "problem", None) or error)
        if mark is None:
            raise InputError(name, "…", f"YAML ({problem})") from error
        line = int(mark.line) + 1
        raise InputError(f"{name} line {line}", _line(text, line), f"YAML ({problem})") from error
    except InputError:
        raise
    except (TypeError, ValueError, LookupError) as error:
        raise InputError(name, "…", f"plain YAML, field: value ({error})") from error


def _require_simple(text: str, name: str) -> None:
    """Refuse what would crash the YAML composer, expand without end, or change a number."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        marked = getattr(event, "anchor", None) or getattr(event, "tag", None)
        wanted = ""
        if depth > _MAX_DEPTH or marked:
            wanted = f"plain values at most {_MAX_DEPTH} levels deep, without tags or anchors"
        elif isinstance(event, yaml.ScalarEvent) and _is_octal(event):
            wanted = "a number without a leading zero (070 would be 56), or text in quotes"
        if wanted:
            line = 1 if event.start_mark is None else int(event.start_mark.line) + 1
            raise InputError(f"{name} line {line}", _line(text, line), wanted)


def _is_octal(event: yaml.ScalarEvent) -> bool:
    return bool(event.implicit[0] and re.fullmatch("[-+]?0[0-9]+", str(event.value)))


def _line(text: str, number: int) -> str:
    lines = text.splitlines()
    return lines[number - 1].strip() if 0 < number <= len(lines) else ""


def _require_scalar(value: object, path: str) -> None:
    if isinstance(value, str):
        _require_text(value, path)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        if not abs(value) < 1e300:
            shown = value if isinstance(value, float) else "a huge number"
            raise InputError(path, shown, "a finite number; leave out what is not known")
    elif value is not None and not isinstance(value, bool):
        raise InputError(path, type(value).__name__, "text, a number, true or false")


def _require_text(value: object, path: str) -> str:
    if not isinstance(value, str):
        raise InputError(path, value, "text; put it in quotes")
    if len(value) > _MAX_TEXT:
        raise InputError(path, value[:40], f"text of at most {_MAX_TEXT} characters")
    if any(_unprintable(character) for character in value):
        raise InputError(path, value, "printable text, without control characters")
    return value


def _unprintable(character: str) -> bool:
    """A control character could forge terminal output; a lone surrogate cannot be written."""
    control = character < " " and character not in "\n\t"
    return control or character == "\x7f" or "\ud800" <= character <= "\udfff"
