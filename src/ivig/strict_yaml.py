"""Strict YAML: plain data from text, and the line a value stands on."""

import re
from collections.abc import Iterator
from math import inf, nan
from typing import Any, cast

import yaml


def read_yaml(text: str) -> Any:
    """Plain data from strict YAML text.

    Scalars as in YAML 1.2 (``no``, ``14:30`` and a date are text, ``070`` is 70); no key twice, no
    tags, no anchors, at most 40 levels, one document.

    Raises
    ------
    yaml.YAMLError
        Not such YAML; ``problem_mark`` names the line.
    """
    root: list[Any] = []
    stack: list[_Level] = [_Level(root)]
    documents = 0
    for event in _events(text):
        level = stack[-1]
        if isinstance(event, yaml.ScalarEvent):
            if event.anchor is not None or event.tag is not None:
                raise _refusal("tags and anchors are refused", event)
            value = event.value if event.style else _plain(event.value)
            level.add(value, event)
        elif isinstance(event, yaml.CollectionStartEvent):
            if event.anchor is not None or event.tag is not None:
                raise _refusal("tags and anchors are refused", event)
            if len(stack) > _MOST_LEVELS:
                raise _refusal(f"nested deeper than {_MOST_LEVELS} levels", event)
            inner: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
            level.add(inner, event)
            stack.append(_Level(inner))
        elif isinstance(event, yaml.CollectionEndEvent):
            stack.pop()
        elif isinstance(event, yaml.AliasEvent):
            raise _refusal("tags and anchors are refused", event)
        elif isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise _refusal("another document starts here; one is read", event)
    return root[0] if root else None


class _Level:
    """A mapping or list that is being filled."""

    __slots__ = ("into", "key")

    def __init__(self, into: Any) -> None:
        self.into = into
        self.key: Any = _NO_KEY

    def add(self, value: Any, event: Any) -> None:
        into = self.into
        if isinstance(into, list):
            cast(list[Any], into).append(value)
        elif self.key is not _NO_KEY:
            into[self.key] = value
            self.key = _NO_KEY
        elif isinstance(value, dict | list):
            raise _refusal("a key must be a word", event)
        elif value in into:
            raise _refusal(f"the key {value!r} stands here twice", event)
        else:
            self.key = value


_NO_KEY = object()
_MOST_LEVELS = 40
_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}
_NUMBER = re.compile(
    r"[-+]?(?:[0-9]+|(\.[0-9]+|[0-9]+\.[0-9]*)(?:[eE][-+]?[0-9]+)?|[0-9]+[eE][-+]?[0-9]+)"
)
_NUMBER_STARTS = frozenset("-+.0123456789")
_NOT_FINITE = {".inf": inf, "+.inf": inf, "-.inf": -inf, ".nan": nan}


def _plain(text: str) -> Any:
    """What an unquoted scalar means."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _NUMBER_STARTS:
        return text
    if _NUMBER.fullmatch(text):
        return int(text) if text.lstrip("-+").isdigit() else float(text)
    return _NOT_FINITE.get(text.lower(), text)


def _events(text: str) -> Iterator[Any]:
    return cast(Iterator[Any], yaml.parse(text, Loader=yaml.CSafeLoader))


def _refusal(problem: str, event: Any) -> yaml.YAMLError:
    return yaml.MarkedYAMLError(problem=problem, problem_mark=event.start_mark)


def line_of(text: str, path: tuple[str | int, ...]) -> int:
    """The line of a value in YAML text: follow the path as far as it goes."""
    node = yaml.compose(text, Loader=yaml.CSafeLoader)
    line = 0
    for step in path:
        if isinstance(node, yaml.MappingNode):
            pair = next(((k, v) for k, v in node.value if k.value == str(step)), None)
            if pair is None:
                break
            line, node = pair[0].start_mark.line, pair[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            node = node.value[step]
            line = node.start_mark.line
    return line + 1
