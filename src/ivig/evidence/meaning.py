"""How near a question and a passage are in meaning, by the vectors of their words.

Words that are never found together, as *runs off* and *infusion rate*, can mean the same. Each word
has a vector; two words are as near as their vectors. A question is held against a passage word by
word: every word finds its nearest, and rare words count for more.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from ivig.evidence.index import Words

RAREST = 7.0
"""Most that ln(N / n) of a word counts."""
MOST = 16
"""So many words of a question are held against the passages."""


@dataclass(frozen=True, slots=True)
class Vectors:
    """A vector for each word."""

    rows: dict[str, int]
    """Word → row of ``matrix``."""
    matrix: np.ndarray
    """(n_words, n_dimensions), int8; rows of equal length."""

    def of(self, words: Iterable[str]) -> np.ndarray:
        """(n_words, n_dimensions) unit vectors of words that are all known."""
        at = np.array([self.rows[word] for word in words], dtype=np.intp)
        rows = self.matrix[at].astype(np.float32)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def read_vectors(path: Path) -> Vectors:
    """The vectors in an ``.npz`` file: ``words``, one a line, and ``vectors``."""
    with np.load(path) as held:
        words = held["words"].tobytes().decode().split("\n")
        return Vectors({word: row for row, word in enumerate(words)}, held["vectors"])


class Meaning:
    """The words of all passages with their vectors."""

    def __init__(self, vectors: Vectors, rows: Sequence[Words]) -> None:
        self._vectors = vectors
        self._rows = rows

    @cached_property
    def _words(self) -> dict[str, int]:
        """Words of the passages that have a vector → their position."""
        known = self._vectors.rows
        found = dict.fromkeys(
            word
            for one in self._rows
            for part in (one.text, one.label, one.asks)
            for word in part.split()
            if word in known
        )
        return {word: n for n, word in enumerate(found)}

    @cached_property
    def _texts(self) -> "Bags":
        return Bags.of((f"{one.text} {one.label}" for one in self._rows), self._words)

    @cached_property
    def _asks(self) -> "Asks":
        return Asks.of([one.asks for one in self._rows], self._words)

    @cached_property
    def _units(self) -> np.ndarray:
        return self._vectors.of(self._words)

    @cached_property
    def _worth(self) -> np.ndarray:
        """(n_words,) ln(N / n): how rare each word is among the passages."""
        held = np.bincount(self._texts.words, minlength=len(self._words))
        return np.clip(np.log((len(self._rows) + 1) / (held + 0.5)), 0.0, RAREST).astype(np.float32)

    def _rarity(self, word: str) -> float:
        return float(self._worth[self._words[word]]) if word in self._words else RAREST

    def nearness(self, words: Iterable[str]) -> "Nearness":
        """The words of a question held against every passage.

        A word without a vector is near to nothing and does not count; of a long story the rarest
        words count.
        """
        asked = [word for word in dict.fromkeys(words) if word in self._vectors.rows]
        asked = sorted(asked, key=self._rarity, reverse=True)[:MOST]
        near = _product(self._vectors.of(asked), self._units)
        worth = [self._rarity(word) for word in asked]
        return Nearness(
            {word: n for n, word in enumerate(asked)},
            np.array(worth, dtype=np.float32),
            near,
            self._texts,
            self._asks,
            self._worth,
        )


class Nearness:
    """How near the words of one question are to those of every passage, about 0 to 1."""

    def __init__(
        self,
        words: dict[str, int],
        worth: np.ndarray,
        near: np.ndarray,
        texts: "Bags",
        asks: "Asks",
        held_worth: np.ndarray,
    ) -> None:
        self._words = words
        self._worth = worth
        self._near = near
        self._texts = texts
        self._asks = asks
        self._held_worth = held_worth

    @cached_property
    def _in_texts(self) -> np.ndarray:
        return self._texts.highest(self._near)

    @cached_property
    def _in_asks(self) -> np.ndarray:
        return self._asks.bags.highest(self._near)

    def text(self, words: Sequence[str]) -> np.ndarray:
        """(n_passages,): of these words of the question, how near the nearest in the passage are."""
        return _weighed(self._share(words), self._in_texts)

    def asks(self, words: Sequence[str]) -> np.ndarray:
        """(n_passages,): how near the nearest way of asking for it is, held both ways."""
        there = _weighed(self._share(words), self._in_asks)
        return self._asks.best((there + self._back(words, self._asks.bags)) / 2)

    def back(self, words: Sequence[str]) -> np.ndarray:
        """(n_passages,): of the passage's words, how near the nearest of these words are."""
        return self._back(words, self._texts)

    def _back(self, words: Sequence[str], bags: "Bags") -> np.ndarray:
        rows = [self._words[word] for word in words if word in self._words]
        if not rows:
            return np.zeros(bags.size, dtype=np.float32)
        return bags.mean(self._near[rows].max(axis=0), self._held_worth)

    def _share(self, words: Sequence[str]) -> np.ndarray:
        """(n_words,): what each word is worth of all these."""
        worth = np.zeros_like(self._worth)
        rows = [self._words[word] for word in words if word in self._words]
        worth[rows] = self._worth[rows]
        return worth / max(float(worth.sum()), 1.0)


def _product(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """(n, m) products of rows; by einsum, as BLAS wakes threads that cost more than they save."""
    return np.einsum("nd,md->nm", one, other)


def _weighed(share: np.ndarray, rows: np.ndarray) -> np.ndarray:
    return np.einsum("n,nm->m", share, rows)


@dataclass(frozen=True, slots=True)
class Bags:
    """The words of every passage, one passage after the other."""

    words: np.ndarray
    """(n,) positions of the words."""
    starts: np.ndarray
    """(n_filled,) where each passage that has words begins."""
    filled: np.ndarray
    """(n_filled,) positions of these passages."""
    size: int
    """Number of passages, with those that have no words."""

    @classmethod
    def of(cls, texts: Iterable[str], words: dict[str, int]) -> "Bags":
        """The words of each text that are among ``words``, each once."""
        bags = [list({words[one]: None for one in text.split() if one in words}) for text in texts]
        sizes = np.array([len(bag) for bag in bags])
        starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
        filled = np.flatnonzero(sizes)
        joined = np.array([word for bag in bags for word in bag], dtype=np.intp)
        return cls(joined, starts[filled], filled, len(bags))

    def highest(self, values: np.ndarray) -> np.ndarray:
        """(n, n_passages): of each row of ``values`` the highest among a passage's words."""
        found = np.zeros((len(values), self.size), dtype=np.float32)
        if len(self.words):
            taken = values.take(self.words, axis=1)
            found[:, self.filled] = np.maximum.reduceat(taken, self.starts, axis=1)
        return found

    def mean(self, values: np.ndarray, worth: np.ndarray) -> np.ndarray:
        """(n_passages,): the mean of ``values`` over a passage's words, each by its worth."""
        found = np.zeros(self.size, dtype=np.float32)
        if len(self.words):
            its = worth[self.words]
            whole = np.add.reduceat(its, self.starts)
            sums = np.add.reduceat(values[self.words] * its, self.starts)
            found[self.filled] = sums / np.maximum(whole, 1e-6)
        return found


@dataclass(frozen=True, slots=True)
class Asks:
    """The ways in which people ask, each kept once, and whose they are."""

    bags: Bags
    """The words of each way of asking."""
    ways: np.ndarray
    """(n,) of every passage its ways of asking, one passage after the other."""
    starts: np.ndarray
    filled: np.ndarray
    """As those of Bags."""
    size: int

    @classmethod
    def of(cls, texts: Sequence[str], words: dict[str, int]) -> "Asks":
        """``texts``: of every passage its ways of asking, each on a line."""
        lines = [text.split("\n") if text else [] for text in texts]
        each = {line: n for n, line in enumerate(dict.fromkeys(x for its in lines for x in its))}
        sizes = np.array([len(its) for its in lines])
        filled = np.flatnonzero(sizes)
        starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])[filled]
        ways = np.array([each[line] for its in lines for line in its], dtype=np.intp)
        return cls(Bags.of(each, words), ways, starts, filled, len(lines))

    def best(self, values: np.ndarray) -> np.ndarray:
        """(n_passages,): the highest of ``values`` among the ways of asking for each passage."""
        found = np.zeros(self.size, dtype=np.float32)
        if len(self.ways):
            found[self.filled] = np.maximum.reduceat(values[self.ways], self.starts)
        return found
