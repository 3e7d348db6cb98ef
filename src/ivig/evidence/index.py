"""Full-text index over the passages: SQLite FTS5, ranked by BM25, in memory."""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log
from typing import Literal

from ivig.evidence.passage import Passage
from ivig.evidence.text import Thesaurus, content

Column = Literal["text", "label", "asks"]
SATURATED = 2.2
"""What BM25 pays at most for a word of weight 1: k1 + 1."""


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one passage as the index holds them, synonyms made one."""

    text: str
    label: str
    """Names of what the passage is about."""
    asks: str
    """How people ask for it, each way on a line."""


def united(
    passages: Sequence[Passage], labels: Sequence[str], thesaurus: Thesaurus
) -> tuple[Words, ...]:
    """The words of each passage; ``labels`` are the names of what each is about."""
    return tuple(
        Words(
            text=" ".join(thesaurus.unite(passage.text)),
            label=" ".join(thesaurus.unite(label)),
            asks="\n".join(" ".join(thesaurus.unite(one)) for one in passage.asks),
        )
        for passage, label in zip(passages, labels, strict=True)
    )


class Index:
    """Finds passages by their words; a synonym counts as the word it stands for."""

    def __init__(self, rows: Sequence[Words], thesaurus: Thesaurus) -> None:
        self._thesaurus = thesaurus
        self._size = len(rows)
        self._weights: dict[str, float] = {}
        self._base = sqlite3.connect(":memory:", check_same_thread=False)
        self._base.execute(
            "create virtual table passage using "
            "fts5(text, label, asks, tokenize = 'porter unicode61')"
        )
        self._base.executemany(
            "insert into passage (text, label, asks) values (?, ?, ?)",
            ((one.text, one.label, one.asks) for one in rows),
        )

    def search(
        self, terms: Iterable[str], *, column: Column | None = None, limit: int = 600
    ) -> dict[int, float]:
        """Position of each passage that has any of the words → how well it fits.

        The fit is BM25 as a share of the most these words could earn.
        """
        asked = tuple(dict.fromkeys(terms))
        if not asked:
            return {}
        wanted = " OR ".join(f'"{term}"' for term in asked)
        most = SATURATED * sum(max(self.weight(term), 0.0) for term in asked) or 1.0
        found = self._base.execute(
            "select rowid, bm25(passage, 1.0, 0.6, 0.8) from passage where passage match ? "
            "order by 2 limit ?",
            (f"{column} : ({wanted})" if column else wanted, limit),
        )
        return {n - 1: -score / most for n, score in found}

    def holding(self, term: str) -> frozenset[int]:
        """Positions of the passages that have a word, in any of its forms."""
        found = self._base.execute(
            "select rowid from passage where passage match ?", (f'"{term}"',)
        )
        return frozenset(n - 1 for (n,) in found)

    def terms(self, text: str) -> tuple[str, ...]:
        """The words of a question that carry meaning, synonyms made one."""
        return tuple(dict.fromkeys(content(self._thesaurus.unite(text))))

    def weight(self, term: str) -> float:
        """How rare a word is among the passages, ln(N / n); an unknown word is the rarest."""
        if term not in self._weights:
            self._weights[term] = log((self._size + 1) / (len(self.holding(term)) + 0.5))
        return self._weights[term]

    def knows(self, term: str) -> bool:
        """Whether any passage has the word."""
        return bool(self.holding(term))
