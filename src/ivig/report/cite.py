"""From the sentences of a plan to lines with reference numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ivig.cited import Citation
from ivig.finding import Finding, Kind
from ivig.report.outline import Bullets, Line, Mark, Part, Tone
from ivig.report.words import clean, sentence

if TYPE_CHECKING:
    from ivig.plan import Plan

_LABELS: dict[Kind, str | None] = {
    "stop": "Stop",
    "caution": "Caution",
    "unknown": "Not known",
    "advice": None,
    "fact": None,
}
_TONES: dict[Kind, Tone] = {
    "stop": "stop",
    "caution": "caution",
    "unknown": "unknown",
    "advice": "plain",
    "fact": "plain",
}


@dataclass(frozen=True, slots=True)
class Citer:
    """Knows the number of every source of one plan."""

    numbers: Mapping[str, int]

    def part(self, text: str, citations: Sequence[Citation] = ()) -> Part:
        """A phrase with the numbers of its sources; a source is recalled if any use of it is."""
        recalled: dict[int, bool] = {}
        for citation in citations:
            if citation.source is not None:
                n = self.numbers[citation.source]
                recalled[n] = recalled.get(n, False) or citation.basis == "recalled"
        return Part(
            clean(text),
            tuple(Mark(n, is_recalled) for n, is_recalled in recalled.items()),
            any(citation.basis == "assumed" for citation in citations),
        )

    def line(
        self,
        text: str,
        citations: Sequence[Citation] = (),
        *,
        label: str | None = None,
        tone: Tone = "plain",
    ) -> Line:
        """A line of one phrase."""
        name = None if label is None else clean(label)
        return Line(parts=(self.part(text, citations),), label=name, tone=tone)

    def finding(self, finding: Finding, *, labelled: bool = True) -> Line:
        """A finding: its kind as a label, its reason after it."""
        text = sentence(finding.text)
        if finding.because:
            text += f" Reason: {sentence(finding.because)}"
        return self.line(
            text,
            finding.citations,
            label=_LABELS[finding.kind] if labelled else None,
            tone=_TONES[finding.kind] if labelled else "plain",
        )

    def findings(self, findings: Sequence[Finding], *, labelled: bool = True) -> tuple[Line, ...]:
        """Findings, one line each."""
        return tuple(self.finding(finding, labelled=labelled) for finding in findings)

    def bullets(self, findings: Sequence[Finding]) -> tuple[Bullets, ...]:
        """Findings as a list, or nothing."""
        return (Bullets(lines=self.findings(findings)),) if findings else ()


def citer(plan: "Plan") -> Citer:
    """The citer of a plan."""
    return Citer({reference.id: reference.n for reference in plan.references})


def cell(text: str, tone: Tone = "plain") -> Line:
    """A table cell without sources."""
    return Line(parts=(Part(clean(text)),), tone=tone)


def together(*lines: Line, label: str | None = None, tone: Tone = "plain") -> Line:
    """Several lines as one."""
    return Line(parts=tuple(p for line in lines for p in line.parts), label=label, tone=tone)


def of_stage(plan: "Plan", *stages: str) -> tuple[Finding, ...]:
    """The findings of some stages that a section shows: stops stand first, unknowns last."""
    return tuple(
        finding
        for finding in plan.findings
        if finding.stage in stages and finding.kind not in ("stop", "unknown")
    )
