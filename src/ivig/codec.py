"""Plain data ↔ frozen values, strictly.

``decode`` builds a dataclass from dicts, lists and scalars and refuses what does not fit: an
unknown key, a missing one, a number where a cited fact is required, NaN. ``encode`` is its
inverse, so ``decode(encode(x), type(x)) == x``.
"""

import dataclasses
import math
import types
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from ivig.cited import Cited

Path = tuple[str | int, ...]
Decoder = Callable[[Any, Path], Any]
T = TypeVar("T")


class DecodeError(ValueError):
    """Data that does not fit: ``path`` says where, the message says what is allowed."""

    def __init__(self, path: Path, message: str) -> None:
        self.path = path
        self.message = message
        super().__init__(f"{'.'.join(map(str, path)) or 'top level'}: {message}")


def decode(data: object, as_type: type[T]) -> T:
    """Build ``as_type`` from plain data.

    Raises
    ------
    DecodeError
        With the path of the first value that does not fit.
    """
    return cast(T, _decoder(as_type)(data, ()))


def encode(value: object) -> Any:
    """Plain data from a value: dataclasses to dicts, tuples to lists; None is kept."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: encode(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        items = cast(Mapping[str, object], value).items()
        return {key: encode(item) for key, item in items}
    if isinstance(value, tuple | list):
        return [encode(item) for item in cast(tuple[object, ...], value)]
    return value


def walk(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every value inside a value with its path, the value itself first."""
    yield path, value
    steps: Iterable[tuple[str | int, Any]] = ()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        steps = ((f.name, getattr(cast(object, value), f.name)) for f in dataclasses.fields(value))
    elif isinstance(value, tuple | list):
        steps = enumerate(cast(tuple[Any, ...], value))
    elif isinstance(value, Mapping):
        steps = cast(Mapping[str, Any], value).items()
    for step, item in steps:
        yield from walk(item, (*path, step))


@cache
def _decoder(hint: Any) -> Decoder:
    """A decoder for a type hint, built once."""
    origin = get_origin(hint)
    if origin is Cited:
        return _cited_decoder(get_args(hint)[0])
    if dataclasses.is_dataclass(hint):
        return _dataclass_decoder(cast(type, hint), {})
    if origin in (Union, types.UnionType):
        return _union_decoder(get_args(hint))
    if origin is Literal:
        return _literal_decoder(get_args(hint))
    if origin is tuple:
        return _tuple_decoder(get_args(hint))
    if origin in (dict, Mapping) or origin is getattr(Mapping, "__origin__", Mapping):
        return _mapping_decoder(get_args(hint)[1])
    if hint in _SCALARS:
        return _SCALARS[hint]
    if hint in (Any, object):
        return lambda data, path: data
    raise TypeError(f"no decoder for {hint!r}")


def _dataclass_decoder(cls: type, overrides: dict[str, Any]) -> Decoder:
    hints = get_type_hints(cls)
    fields = {f.name: overrides.get(f.name, hints[f.name]) for f in dataclasses.fields(cls)}
    required = {
        f.name
        for f in dataclasses.fields(cls)
        if f.default is dataclasses.MISSING and f.default_factory is dataclasses.MISSING
    }
    decoders: dict[str, Decoder] = {}

    def decode_dataclass(data: Any, path: Path) -> Any:
        if not isinstance(data, dict):
            raise DecodeError(
                path, f"a mapping with {', '.join(fields)} is needed, not {_kind(data)}"
            )
        values: dict[str, Any] = {}
        for key, item in cast(dict[str, Any], data).items():
            if key not in fields:
                raise DecodeError((*path, key), f"unknown key {key!r}; known: {', '.join(fields)}")
            if key not in decoders:
                decoders[key] = _decoder(fields[key])
            values[key] = decoders[key](item, (*path, key))
        if missing := required - values.keys():
            raise DecodeError(path, f"missing: {', '.join(sorted(missing))}")
        try:
            return cls(**values)
        except ValueError as error:
            raise DecodeError(path, str(error)) from error

    return decode_dataclass


def _cited_decoder(inner: Any) -> Decoder:
    decode_cited = _dataclass_decoder(Cited, {"value": inner})

    def decode_fact(data: Any, path: Path) -> Any:
        if not isinstance(data, dict):
            what = "a bare number" if isinstance(data, int | float) else f"a bare {_kind(data)}"
            raise DecodeError(
                path,
                f"{what} is refused: write {{value: …, source: …, at: …, basis: read|recalled|derived|assumed}}",
            )
        return decode_cited(cast(Any, data), path)

    return decode_fact


def _union_decoder(options: tuple[Any, ...]) -> Decoder:
    nullable = type(None) in options
    rest = [option for option in options if option is not type(None)]

    def decode_union(data: Any, path: Path) -> Any:
        if data is None and nullable:
            return None
        if len(rest) == 1:
            return _decoder(rest[0])(data, path)
        errors: list[DecodeError] = []
        for option in rest:
            try:
                return _decoder(option)(data, path)
            except DecodeError as error:
                errors.append(error)
        raise max(errors, key=lambda error: len(error.path))

    return decode_union


def _literal_decoder(allowed: tuple[Any, ...]) -> Decoder:
    def decode_literal(data: Any, path: Path) -> Any:
        if not any(data == option and type(data) is type(option) for option in allowed):
            names = ", ".join(map(str, allowed))
            raise DecodeError(path, f"{data!r} is not one of {names}")
        return data

    return decode_literal


def _tuple_decoder(args: tuple[Any, ...]) -> Decoder:
    variadic = len(args) == 2 and args[1] is Ellipsis

    def decode_tuple(data: Any, path: Path) -> Any:
        if not isinstance(data, list | tuple):
            raise DecodeError(path, f"a list is needed, not {_kind(data)}")
        items = cast(list[Any], data)
        if variadic:
            decoder = _decoder(args[0])
            return tuple(decoder(item, (*path, i)) for i, item in enumerate(items))
        if len(items) != len(args):
            raise DecodeError(path, f"{len(args)} values are needed, not {len(items)}")
        return tuple(
            _decoder(hint)(item, (*path, i))
            for i, (hint, item) in enumerate(zip(args, items, strict=True))
        )

    return decode_tuple


def _mapping_decoder(inner: Any) -> Decoder:
    decoder = _decoder(inner)

    def decode_mapping(data: Any, path: Path) -> Any:
        if not isinstance(data, dict):
            raise DecodeError(path, f"a mapping is needed, not {_kind(data)}")
        return {
            key: decoder(item, (*path, key)) for key, item in cast(dict[str, Any], data).items()
        }

    return decode_mapping


def _decode_float(data: Any, path: Path) -> float:
    if isinstance(data, bool) or not isinstance(data, int | float):
        raise DecodeError(path, f"a number is needed, not {_kind(data)}")
    if not math.isfinite(data):
        raise DecodeError(path, "NaN and infinity are refused")
    return float(data)


def _exact(wanted: type, name: str) -> Decoder:
    def decode_exact(data: Any, path: Path) -> Any:
        if type(data) is not wanted:
            raise DecodeError(path, f"{name} is needed, not {_kind(data)}")
        return data

    return decode_exact


_SCALARS: dict[Any, Decoder] = {
    str: _exact(str, "text"),
    bool: _exact(bool, "true or false"),
    int: _exact(int, "a whole number"),
    float: _decode_float,
}


def _kind(data: object) -> str:
    names = {"dict": "a mapping", "list": "a list", "str": "text", "bool": "true/false"}
    names |= {"NoneType": "nothing", "int": "a number", "float": "a number"}
    return names.get(type(data).__name__, type(data).__name__)
