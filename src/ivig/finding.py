"""What a stage has to say: one sentence, its kind, its reason, and its sources."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from ivig.cited import Citation, Cited

Kind = Literal["fact", "advice", "caution", "stop", "unknown"]
Stage = Literal[
    "patient",
    "indication",
    "regimen",
    "product",
    "safety",
    "infusion",
    "kinetics",
    "outcome",
    "alternative",
    "monitoring",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One sentence of a plan.

    Parameters
    ----------
    because : str, optional
        The rule or the patient's own value that led to ``text``.
    citations : tuple of Citation
        Where it comes from; empty only for a sentence about the patient's own data.
    references : tuple of int
        The numbers of those sources in a plan's list; given when the plan is put together.
    """

    stage: Stage
    kind: Kind
    text: str
    because: str | None = None
    citations: tuple[Citation, ...] = ()
    references: tuple[int, ...] = ()


def from_cited(
    stage: Stage, kind: Kind, fact: Cited[str], *, because: str | None = None
) -> Finding:
    """A finding that says what a cited sentence says."""
    return Finding(
        stage=stage, kind=kind, text=fact.value, because=because, citations=(fact.citation,)
    )


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Each finding once: stops first, then cautions, unknowns, advice and facts."""
    kinds: tuple[Kind, ...] = ("stop", "caution", "unknown", "advice", "fact")
    return tuple(sorted(dict.fromkeys(findings), key=lambda finding: kinds.index(finding.kind)))
