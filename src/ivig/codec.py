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
Decoder = Callable[[Any], Any]
T = TypeVar("T")


class DecodeError(ValueError):
    """Data that does not fit: ``path`` says where, the message says what is allowed."""

    def __init__(self, path: Path, message: str) -> None:
        self.path = path
        self.message = message
        super().__init__(message)

    def __str__(self) -> str:
        return f"{'.'.join(map(str, self.path)) or 'top level'}: {self.message}"


def decode(data: object, as_type: type[T]) -> T:
    """Build ``as_type`` from plain data.

    Raises
    ------
    DecodeError
        With the path of the first value that does not fit.
    """
    return cast(T, _decoder(as_type)(data))


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
        return lambda data: data
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

    def decode_dataclass(data: Any) -> Any:
        if not isinstance(data, dict):
            raise DecodeError(
                (), f"a mapping with {', '.join(fields)} is needed, not {_kind(data)}"
            )
        values: dict[str, Any] = {}
        for key, item in cast(dict[str, Any], data).items():
            decoder = decoders.get(key)
            if decoder is None:
                if key not in fields:
                    known = ", ".join(fields)
                    raise DecodeError((key,), f"unknown key {key!r}; known: {known}")
                decoder = decoders[key] = _decoder(fields[key])
            try:
                values[key] = decoder(item)
            except DecodeError as error:
                error.path = (key, *error.path)
                raise
        if missing := required - values.keys():
            raise DecodeError((), f"missing: {', '.join(sorted(missing))}")
        try:
            return cls(**values)
        except DecodeError:
            raise
        except ValueError as error:
            raise DecodeError((), str(error)) from error

    return decode_dataclass


def _cited_decoder(inner: Any) -> Decoder:
    decode_cited = _dataclass_decoder(Cited, {"value": inner})

    def decode_fact(data: Any) -> Any:
        if not isinstance(data, dict):
            what = "a bare number" if isinstance(data, int | float) else f"a bare {_kind(data)}"
            form = "{value: …, source: …, at: …, basis: read|recalled|derived|assumed}"
            raise DecodeError((), f"{what} is refused: write {form}")
        return decode_cited(cast(Any, data))

    return decode_fact


def _union_decoder(options: tuple[Any, ...]) -> Decoder:
    nullable = type(None) in options
    rest = [option for option in options if option is not type(None)]

    def decode_union(data: Any) -> Any:
        if data is None and nullable:
            return None
        if not decoders:
            decoders.extend(_decoder(option) for option in rest)
        errors: list[DecodeError] = []
        for decoder in decoders:
            try:
                return decoder(data)
            except DecodeError as error:
                errors.append(error)
        raise max(errors, key=lambda error: len(error.path))

    decoders: list[Decoder] = []
    return decode_union


def _literal_decoder(allowed: tuple[Any, ...]) -> Decoder:
    def decode_literal(data: Any) -> Any:
        if not any(data == option and type(data) is type(option) for option in allowed):
            names = ", ".join(map(str, allowed))
            raise DecodeError((), f"{data!r} is not one of {names}")
        return data

    return decode_literal


def _tuple_decoder(args: tuple[Any, ...]) -> Decoder:
    variadic = len(args) == 2 and args[1] is Ellipsis

    def decode_tuple(data: Any) -> Any:
        if not isinstance(data, list | tuple):
            raise DecodeError((), f"a list is needed, not {_kind(data)}")
        items = cast(list[Any], data)
        if not variadic and len(items) != len(args):
            raise DecodeError((), f"{len(args)} values are needed, not {len(items)}")
        hints = (args[0],) * len(items) if variadic else args
        return tuple(
            _at(i, _decoder(hint), item)
            for i, (hint, item) in enumerate(zip(hints, items, strict=True))
        )

    return decode_tuple


def _mapping_decoder(inner: Any) -> Decoder:
    decoder = _decoder(inner)

    def decode_mapping(data: Any) -> Any:
        if not isinstance(data, dict):
            raise DecodeError((), f"a mapping is needed, not {_kind(data)}")
        items = cast(dict[str, Any], data).items()
        return {key: _at(key, decoder, item) for key, item in items}

    return decode_mapping


def _at(step: str | int, decoder: Decoder, item: Any) -> Any:
    """Decode an item; an error in it is an error at this step."""
    try:
        return decoder(item)
    except DecodeError as error:
        error.path = (step, *error.path)
        raise


def _decode_float(data: Any) -> float:
    if isinstance(data, bool) or not isinstance(data, int | float):
        raise DecodeError((), f"a number is needed, not {_kind(data)}")
    if not math.isfinite(data):
        raise DecodeError((), "NaN and infinity are refused")
    return float(data)


def _exact(wanted: type, name: str) -> Decoder:
    def decode_exact(data: Any) -> Any:
        if type(data) is not wanted:
            raise DecodeError((), f"{name} is needed, not {_kind(data)}")
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
