"""Fit what each feature of a passage is worth: ``python -m docs.fit_ranking``.

For each fact that a development question wants, the passages that state it should stand above the
others: the weights maximise the log-probability of picking such a passage, with a ridge penalty. The
held-out sets are not read. Writes ``knowledge/language/ranking.yaml``; run ``make docs`` afterwards.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from scipy.special import logsumexp
from tests.evidence.asked import TUNED, library, questions
from tests.evidence.score import Fact, Question, found

from ivig.evidence.passage import Passage
from ivig.evidence.rank import asked, features, is_candidate
from ivig.evidence.understand import own_words, understand

FILE = Path(__file__).parents[1] / "knowledge" / "language" / "ranking.yaml"
RIDGE = 0.005
"""Penalty on the squares of the weights, per fact."""
AT_MOST = 60
"""A fact that more passages state is too wide to tell good ones from bad."""
HEAD = """id: ranking
# What each feature of a passage is worth to a question (src/ivig/evidence/rank.py). Fitted to the
# development questions by `python -m docs.fit_ranking`; not written by hand.
weights:
"""


@dataclass(frozen=True, slots=True)
class Case:
    """The candidates of a question and which of them state one of its facts."""

    rows: np.ndarray
    """(n_candidates, n_features)"""
    right: tuple[np.ndarray, ...]
    """Of each fact, positions of the candidates that state it."""


def main() -> None:
    """Fit and write."""
    items = [item for name in TUNED for item in questions(name) if item.answerable]
    raw = [_raw(item) for item in items]
    names = sorted({name for rows, _ in raw for row in rows for name in row})
    cases = [Case(_matrix(rows, names), right) for rows, right in raw if right]
    n_facts = sum(len(case.right) for case in cases)
    fit = minimize(_loss, np.zeros(len(names)), args=(cases, n_facts), jac=True, method="L-BFGS-B")
    weights = dict(zip(names, fit.x, strict=True))
    lines = [f"  {name}: {value:.2f}\n" for name, value in weights.items() if abs(value) >= 0.05]
    FILE.write_text(HEAD + "".join(lines), encoding="utf-8")
    print(f"{n_facts} facts of {len(cases)} questions; wrote {FILE.name}")


def _raw(item: Question) -> tuple[list[Mapping[str, float]], tuple[np.ndarray, ...]]:
    lib = library()
    question, named = understand(item.question, lib.corpus)
    own = own_words(item.question, named, lib)
    ask = asked(question, own.focus, own.frame, lib)
    at = [n for n, one in enumerate(lib.corpus.passages) if is_candidate(ask, n, one)]
    chosen = [lib.corpus.passages[n] for n in at]
    right = [_stating(fact, chosen) for fact in item.must_state]
    rows = [_summed(features(ask, n, one)) for n, one in zip(at, chosen, strict=True)]
    return rows, tuple(one for one in right if 0 < len(one) <= AT_MOST)


def _stating(fact: Fact, passages: Sequence[Passage]) -> np.ndarray:
    return np.array([n for n, one in enumerate(passages) if found(fact.match, one.text)], dtype=int)


def _summed(pairs: object) -> Mapping[str, float]:
    row: dict[str, float] = {}
    for name, value in pairs:  # type: ignore[attr-defined]
        row[name] = row.get(name, 0.0) + value
    return row


def _matrix(rows: Sequence[Mapping[str, float]], names: Sequence[str]) -> np.ndarray:
    column = {name: n for n, name in enumerate(names)}
    matrix = np.zeros((len(rows), len(names)))
    for n, row in enumerate(rows):
        for name, value in row.items():
            matrix[n, column[name]] = value
    return matrix


def _loss(
    weights: np.ndarray, cases: Sequence[Case], n_facts: int
) -> tuple[float, np.ndarray]:
    """Mean negative log-probability of a right passage, and its gradient."""
    loss, slope = 0.0, np.zeros_like(weights)
    for case in cases:
        score = case.rows @ weights
        whole = logsumexp(score)
        share = np.exp(score - whole)
        for right in case.right:
            part = logsumexp(score[right])
            loss += whole - part
            slope += share @ case.rows - np.exp(score[right] - part) @ case.rows[right]
    return loss / n_facts + RIDGE * weights @ weights, slope / n_facts + 2 * RIDGE * weights


if __name__ == "__main__":
    main()
