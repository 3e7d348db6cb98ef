"""Passages that say the same become one sentence with several references."""

import re
from collections.abc import Sequence

from ivig.evidence.passage import Passage
from ivig.evidence.text import STOPWORDS, words

ALIKE = 0.72
"""Share of words two passages have in common, numbers being equal, to count as the same."""


def merged(passages: Sequence[Passage]) -> tuple[tuple[Passage, ...], ...]:
    """Groups of passages that say the same; the first of each is the one to print.

    Only passages of one section are joined, and only when all their numbers agree.
    """
    groups: list[list[Passage]] = []
    for passage in passages:
        same = next((group for group in groups if _alike(group[0], passage)), None)
        if same is None:
            groups.append([passage])
        else:
            same.append(passage)
    return tuple(tuple(group) for group in groups)


def _alike(one: Passage, other: Passage) -> bool:
    if one.section != other.section or _numbers(one.text) != _numbers(other.text):
        return False
    if set(one.products) != set(other.products):
        return False
    mine, its = stems(one.text), stems(other.text)
    return len(mine & its) >= ALIKE * len(mine | its)


def _numbers(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\d+(?:[.,]\d+)*", text))


def stems(text: str) -> frozenset[str]:
    """The words of a text that carry meaning, without a plural s."""
    return frozenset(word.rstrip("s") for word in words(text) if word not in STOPWORDS)
