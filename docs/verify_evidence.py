"""Write docs/verification/evidence.md: how right the answers are, on sets of real questions.

``python -m docs.verify_evidence``. The sets and the scoring are in ``tests/evidence``.
"""

from pathlib import Path

from tests.evidence.asked import SETS, library, scored
from tests.evidence.score import Score, Totals, total

FILE = Path(__file__).parent / "verification" / "evidence.md"
_TUNED = {
    "people": "people really asked them; tuned on",
    "development": "written before the engine; tuned on",
    "development_2": "written later by others; tuned on",
    "test": "written with *development*, split at random before any tuning; not read, only scored",
}
_HEAD = """# Answers: what they say, and what they must not

Written by `python -m docs.verify_evidence`. Each question has facts a right answer states and claims it
must not make, as regular expressions that forgive wording and not numbers. A refusal states no fact.
A question marked unanswerable must be refused. *Computed* sentences count like any other.

The *test* set was scored {looks} while the engine was built, its questions and misses unread but for
one claim it made; the aggregate of an early look led to a second development set, so the last figure is slightly kind.
"""
LOOKS = "four times"


def report() -> str:
    """The document."""
    sets = {name: scored(name) for name in SETS}
    rows = [_row(name, total(scores)) for name, scores in sets.items()]
    passages = library().corpus.passages
    parts = [
        _HEAD.format(looks=LOOKS),
        f"The library holds {len(passages):,} passages. "
        "Wanted of the test set: facts stated at least 90 %, claims made none, unanswerable "
        "questions refused at least 95 %, answerable ones refused at most 5 %.\n",
        "| Set | Questions | Facts stated | Claims made | Unanswerable refused | Answerable refused | How made |",
        "| --- | --- | --- | --- | --- | --- | --- |",
        *rows,
        "\n## The test set by what is asked\n",
        *_by_intent(total(sets["test"])),
        "\n## What the development sets miss\n",
        *_misses([one for name in SETS if name != "test" for one in sets[name]]),
    ]
    return "\n".join(parts) + "\n"


def _share(part: int, whole: int) -> str:
    return f"{part} of {whole} ({100 * part / whole:.1f} %)" if whole else "none asked"


def _row(name: str, found: Totals) -> str:
    unanswerable = found.questions - found.answerable
    cells = [
        name,
        str(found.questions),
        _share(found.facts_stated, found.facts),
        str(found.claims_made),
        _share(found.correct_refusals, unanswerable),
        _share(found.false_refusals, found.answerable),
        _TUNED[name],
    ]
    return f"| {' | '.join(cells)} |"


def _by_intent(found: Totals) -> list[str]:
    head = ["| Intent | Questions | Facts stated | Refused |", "| --- | --- | --- | --- |"]
    return head + [
        f"| {intent} | {one.questions} | {_share(one.facts_stated, one.facts)} "
        f"| {one.correct_refusals + one.false_refusals} |"
        for intent, one in found.by_intent.items()
    ]


def _misses(scores: list[Score]) -> list[str]:
    found: list[str] = []
    for one in scores:
        item = one.question
        if item.answerable and one.missing:
            found.append(f"- {item.id}, {item.question} — not said: {'; '.join(one.missing)}")
        elif not item.answerable and one.status == "answered":
            found.append(f"- {item.id}, {item.question} — should be refused")
    return found


if __name__ == "__main__":
    FILE.write_text(report(), encoding="utf-8")
    print(f"wrote {FILE.relative_to(Path(__file__).parents[1])}")
