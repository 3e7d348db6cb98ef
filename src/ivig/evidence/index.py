"""Full-text index over the passages: SQLite FTS5, ranked by BM25, in memory."""

import sqlite3
from collections.abc import Iterable, Sequence
from math import log

from ivig.evidence.passage import Passage
from ivig.evidence.text import Thesaurus, content


def united(
    passages: Sequence[Passage], labels: Sequence[str], thesaurus: Thesaurus
) -> tuple[tuple[str, str], ...]:
    """Words of each passage and of the label of what it is about, synonyms made one."""
    return tuple(
        (" ".join(thesaurus.unite(passage.text)), " ".join(thesaurus.unite(label)))
        for passage, label in zip(passages, labels, strict=True)
    )


class Index:
    """Finds passages by their words; a synonym counts as the word it stands for."""

    def __init__(self, texts: Sequence[tuple[str, str]], thesaurus: Thesaurus) -> None:
        """``texts``: of each passage its words and its label's, as ``united`` writes them."""
        self._thesaurus = thesaurus
        self._size = len(texts)
        self._base = sqlite3.connect(":memory:", check_same_thread=False)
        self._base.execute(
            "create virtual table passage using fts5(text, label, tokenize = 'porter unicode61')"
        )
        self._base.executemany("insert into passage (text, label) values (?, ?)", texts)

    def search(self, terms: Iterable[str], *, limit: int = 400) -> dict[int, float]:
        """Position of each passage that has any of the words → its BM25 score, higher is better."""
        wanted = " OR ".join(f'"{term}"' for term in dict.fromkeys(terms))
        if not wanted:
            return {}
        found = self._base.execute(
            "select rowid, bm25(passage, 1.0, 0.6) from passage where passage match ? "
            "order by 2 limit ?",
            (wanted, limit),
        )
        return {n - 1: -score for n, score in found}

    def terms(self, text: str) -> tuple[str, ...]:
        """The words of a question that carry meaning, synonyms made one."""
        return tuple(dict.fromkeys(content(self._thesaurus.unite(text))))

    def weight(self, term: str) -> float:
        """How rare a word is among the passages, ln(N / n); an unknown word is the rarest."""
        found = self._base.execute(
            "select count(*) from passage where passage match ?", (f'"{term}"',)
        )
        return log((self._size + 1) / (found.fetchone()[0] + 0.5))

    def knows(self, term: str) -> bool:
        """Whether any passage has the word."""
        found = self._base.execute(
            "select 1 from passage where passage match ? limit 1", (f'"{term}"',)
        )
        return found.fetchone() is not None
