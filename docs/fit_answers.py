"""Fit what speaks for a passage, and for answering at all: ``python -m docs.fit_answers``.

*Features*: for each fact that a development question wants, the passages that state it should stand
above the others; the weights maximise the log-probability of picking such a passage, first by itself,
then with what it has in common with the best. *Signs*: a logistic regression on questions that can and
that cannot be answered, set to refuse at most one in thirty of those that can. Both with a ridge
penalty; the held-out sets are not read. Writes
``knowledge/language/ranking.yaml``; run ``make docs`` afterwards.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from scipy.special import logsumexp
from tests.evidence.asked import TUNED, knowledge, library, questions
from tests.evidence.score import Fact, Question, found

from ivig.ask import computed
from ivig.evidence.certainty import signs
from ivig.evidence.features import Asked, asked, features, nearness
from ivig.evidence.passage import Passage
from ivig.evidence.rank import (
    BESIDE,
    LEADING,
    candidates,
    companionship,
    first,
    in_common,
    rank,
)
from ivig.evidence.refuse import refuse_question, refuse_text, refuse_unclear
from ivig.evidence.understand import OwnWords, english_part, own_words, understand

FILE = Path(__file__).parents[1] / "knowledge" / "language" / "ranking.yaml"
RIDGE = 0.005
"""Penalty on the squares of the weights, per fact."""
RIDGE_SIGNS = 1.0
"""The same for the signs in units of their spread, in all."""
REFUSED = 0.035
"""Share of the answerable questions, the hard set aside, that may be refused when left out of the fit."""
HARD = "development_5"
"""Written to be hard, with slang in half of its answerable questions: fitted to, but no measure."""
SET: dict[str, tuple[float | None, float | None]] = {
    "recalled": (None, -0.1),
    "year": (0.0, None),
    "opens": (0.4, None),
}
"""Not left to the fit: what was read comes before what is recalled, the newer before the older, and
a passage written to open an answer opens it."""
N_FOLDS = 10
AT_MOST = 60
"""A fact that more passages state is too wide to tell good ones from bad."""
_FIRST = "first"
"""Column of the score that a passage has by itself."""
HEAD = """id: ranking
# What each feature of a passage is worth to a question (src/ivig/evidence/rank.py), and each sign that
# the passages found answer it (src/ivig/evidence/certainty.py). Fitted to the development questions by
# `python -m docs.fit_answers`; not written by hand.
"""


@dataclass(frozen=True, slots=True)
class Case:
    """The candidates of a question and which of them state one of its facts."""

    rows: np.ndarray
    """(n_candidates, n_features)"""
    right: tuple[np.ndarray, ...]
    """Of each fact, positions of the candidates that state it."""


def main() -> None:
    """Fit the features, then the signs, and write both."""
    sets = {name: questions(name) for name in TUNED}
    items = [item for its in sets.values() for item in its]
    answerable = [item for item in items if item.answerable]
    weights = _fit_features(answerable)
    library().corpus.language.weights.update(weights)  # type: ignore[attr-defined]
    weights |= _fit_companionship(answerable)
    library().corpus.language.weights.update(weights)  # type: ignore[attr-defined]
    found_signs = _fit_signs(items, {item.id for item in sets[HARD]})
    text = HEAD + _lines("features", weights) + _lines("signs", found_signs)
    FILE.write_text(text, encoding="utf-8")
    print(f"wrote {FILE.name}")


def _lines(name: str, weights: Mapping[str, float]) -> str:
    rows = [f"  {key}: {value:.2f}\n" for key, value in weights.items() if abs(value) >= 0.05]
    return f"{name}:\n{''.join(rows)}"


def _prepared(item: Question) -> tuple[Asked, OwnWords]:
    text = english_part(item.question, library().corpus)
    question, named = understand(text, library().corpus)
    own = own_words(text, named, library())
    return asked(question, own, library()), own


def _fit_features(items: Sequence[Question]) -> dict[str, float]:
    raw = [_candidates(item) for item in items]
    names = sorted({name for rows, _ in raw for row in rows for name in row})
    cases = [Case(_matrix(rows, names), right) for rows, right in raw if right]
    n_facts = sum(len(case.right) for case in cases)
    fit = minimize(
        _loss,
        np.zeros(len(names)),
        args=(cases, n_facts),
        jac=True,
        method="L-BFGS-B",
        bounds=[SET.get(name, (None, None)) for name in names],
    )
    print(f"features: {n_facts} facts of {len(cases)} questions")
    return dict(zip(names, fit.x.tolist(), strict=True))


def _fit_companionship(items: Sequence[Question]) -> dict[str, float]:
    """What it is worth to be of one piece with the best, the first ranking given."""
    raw = [_ranked(item) for item in items]
    names = sorted({name for rows, _ in raw for row in rows for name in row} - {_FIRST})
    cases = [Case(_matrix(rows, [_FIRST, *names]), right) for rows, right in raw if right]
    n_facts = sum(len(case.right) for case in cases)
    fit = minimize(
        _loss,
        np.array([1.0, *np.zeros(len(names))]),
        args=(cases, n_facts),
        jac=True,
        method="L-BFGS-B",
        bounds=[(1.0, 1.0), *((None, None) for _ in names)],
    )
    return dict(zip(names, fit.x[1:].tolist(), strict=True))


def _ranked(item: Question) -> tuple[list[Mapping[str, float]], tuple[np.ndarray, ...]]:
    ask, _ = _prepared(item)
    ranked = first(ask, library())[:BESIDE]
    common = in_common(ranked[:LEADING])
    rows = [{_FIRST: one.score, **dict(companionship(one, common))} for one in ranked]
    right = [_stating(fact, [one.passage for one in ranked]) for fact in item.must_state]
    return rows, tuple(one for one in right if 0 < len(one) <= AT_MOST)


def _candidates(item: Question) -> tuple[list[Mapping[str, float]], tuple[np.ndarray, ...]]:
    ask, _ = _prepared(item)
    pairs = list(candidates(ask, library()))
    right = [_stating(fact, [one for _, one in pairs]) for fact in item.must_state]
    near = nearness(ask)
    rows = [
        {
            **_summed(features(ask, at, one)),
            **{name: float(amounts[at]) for name, amounts in near.items()},
        }
        for at, one in pairs
    ]
    return rows, tuple(one for one in right if 0 < len(one) <= AT_MOST)


def _stating(fact: Fact, passages: Sequence[Passage]) -> np.ndarray:
    return np.array([n for n, one in enumerate(passages) if found(fact.match, one.text)], dtype=int)


def _summed(pairs: Iterable[tuple[str, float]]) -> Mapping[str, float]:
    row: dict[str, float] = {}
    for name, value in pairs:
        row[name] = row.get(name, 0.0) + value
    return row


def _matrix(rows: Sequence[Mapping[str, float]], names: Sequence[str]) -> np.ndarray:
    column = {name: n for n, name in enumerate(names)}
    matrix = np.zeros((len(rows), len(names)))
    for n, row in enumerate(rows):
        for name, value in row.items():
            matrix[n, column[name]] = value
    return matrix


def _loss(weights: np.ndarray, cases: Sequence[Case], n_facts: int) -> tuple[float, np.ndarray]:
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


def _fit_signs(items: Sequence[Question], hard: Collection[str]) -> dict[str, float]:
    kept = [(item, row) for item in items if (row := _signs(item)) is not None]
    names = sorted({name for _, row in kept for name in row})
    matrix = _matrix([row for _, row in kept], names)
    right = np.array([item.answerable for item, _ in kept])
    part = np.arange(len(kept)) % N_FOLDS
    unseen = np.zeros(len(kept))
    for fold in range(N_FOLDS):
        intercept, weights = _regression(matrix[part != fold], right[part != fold], names)
        unseen[part == fold] = intercept + matrix[part == fold] @ weights
    usual = np.array([item.id not in hard for item, _ in kept])
    limit = float(np.quantile(unseen[right & usual], REFUSED))
    caught = float(np.mean(unseen[~right & usual] < limit))
    print(
        f"signs: {right.sum()} answerable, {(~right).sum()} not; left out of the fit in turn, "
        f"{caught:.0%} of these are refused with {REFUSED:.0%} of those, the hard set aside"
    )
    intercept, weights = _regression(matrix, right, names)
    return {"intercept": intercept - limit, **dict(zip(names, weights.tolist(), strict=True))}


def _regression(
    matrix: np.ndarray, right: np.ndarray, names: Sequence[str]
) -> tuple[float, np.ndarray]:
    """Intercept and weights of a logistic regression with a ridge penalty.

    What is found cannot speak against an answer, and what is unknown cannot speak for one.
    """
    spread = np.where(matrix.std(axis=0) > 0, matrix.std(axis=0), 1.0)
    rows = np.column_stack([np.ones(len(matrix)), matrix / spread])
    bounds = [(None, None), *(_bounds(name) for name in names)]
    fit = minimize(
        _logistic,
        np.zeros(rows.shape[1]),
        args=(rows, right),
        jac=True,
        method="L-BFGS-B",
        bounds=bounds,
    ).x
    return float(fit[0]), fit[1:] / spread


def _bounds(name: str) -> tuple[float | None, float | None]:
    if name.startswith("unknown") or name in ("slot_empty", "unplaced"):
        return None, 0.0
    return (None, None) if name in ("words", "pairs") or "nothing" in name else (0.0, None)


def _signs(item: Question) -> Mapping[str, float] | None:
    """The signs of a question that neither its text nor a rule settles."""
    if refuse_text(item.question, library()) is not None:
        return None
    ask, own = _prepared(item)
    emergency = library().corpus.language.is_emergency(item.question)
    if emergency or refuse_question(ask.question, library()) is not None:
        return None
    if computed(ask.question, knowledge(), None).settles:
        return None
    ranked = rank(ask, library())
    if refuse_unclear(ask, own, ranked, library(), settled=False) is not None:
        return None
    return _summed(signs(ask, own, ranked, library()))


def _logistic(weights: np.ndarray, rows: np.ndarray, right: np.ndarray) -> tuple[float, np.ndarray]:
    score = rows @ weights
    loss = np.logaddexp(0.0, np.where(right, -score, score)).sum()
    slope = rows.T @ (1 / (1 + np.exp(-score)) - right)
    bound = np.concatenate([[0.0], weights[1:]])
    return loss + RIDGE_SIGNS * bound @ bound, slope + 2 * RIDGE_SIGNS * bound


if __name__ == "__main__":
    main()
