"""The last sections: monitoring, what is not known, references."""

from collections.abc import Callable, Iterable, Sequence

from ivig.finding import Finding, Stage
from ivig.plan import Plan
from ivig.references import Reference
from ivig.report.cite import Citer, of_stage, together
from ivig.report.outline import (
    Block,
    Bullets,
    Entry,
    Heading,
    Line,
    Paragraph,
    Part,
    References,
    lines_of,
)
from ivig.report.words import clean, days, sentence, spoken

_BASIS = {
    "read": "read",
    "derived": "computed from what was read",
    "recalled": "† recalled, not confirmed in the source",
    "assumed": "at least one use rests on an assumption of ours",
}
_STAGES: dict[Stage, str] = {
    "patient": "Patient",
    "indication": "Indication",
    "regimen": "Dose",
    "product": "Product",
    "safety": "Safety",
    "infusion": "Infusion",
    "kinetics": "IgG curve",
    "outcome": "Outcomes",
    "alternative": "Alternatives",
    "monitoring": "Monitoring",
}
_QUOTED_CHARS = 150
_LINKS = ("http://", "https://")


def monitoring(plan: Plan, said: Citer) -> tuple[Block, ...]:
    """Targets, measures, review, stopping, vaccines, laboratory."""
    part = plan.monitoring
    if part is None:
        return said.bullets(of_stage(plan, "monitoring"))
    response = () if part.time_to_response is None else (part.time_to_response,)
    groups = (
        ("What treatment aims at", (*part.targets, *response)),
        ("What to measure", part.measure),
    )
    later = (
        ("When to stop", part.stopping),
        ("Vaccines", part.vaccines),
        ("Laboratory tests that immunoglobulin upsets", part.laboratory),
        ("Also", of_stage(plan, "monitoring")),
    )
    return (*_groups(groups, said), *_review(plan, said), *_groups(later, said))


def _groups(
    groups: Iterable[tuple[str, Sequence[Finding]]], said: Citer
) -> tuple[Heading | Bullets, ...]:
    blocks: list[Heading | Bullets] = []
    for title, found in groups:
        if found:
            blocks.append(Heading(level=3, text=title))
            blocks.append(Bullets(lines=said.findings(found, labelled=False)))
    return tuple(blocks)


def _review(plan: Plan, said: Citer) -> tuple[Block, ...]:
    review = None if plan.monitoring is None else plan.monitoring.review
    if review is None:
        return ()
    lines = [said.line(sentence(review.text), review.citations)]
    if review.after_day is not None:
        when = f"after {days(review.after_day)} of treatment."
        lines.append(said.line(when, review.citations, label="Review"))
    if review.measures:
        measures = sentence("; ".join(spoken(measure) for measure in review.measures))
        lines.append(said.line(measures, review.citations, label="Decide on"))
    return (Heading(level=3, text="Review"), Bullets(lines=tuple(lines)))


def not_known(plan: Plan, said: Citer, before: Sequence[Block]) -> tuple[Block, ...]:
    """Every unknown; every sentence above that was assumed or recalled.

    Parameters
    ----------
    before : sequence of Block
        The document so far, from which those sentences are taken.
    """
    unknown = tuple(
        together(said.finding(finding, labelled=False), label=_STAGES[finding.stage])
        for finding in plan.findings
        if finding.kind == "unknown"
    )
    parts = [part for block in before for line in lines_of(block) for part in line.parts]
    assumed = _quoted(parts, lambda part: part.assumed)
    recalled = _quoted(parts, lambda part: any(mark.recalled for mark in part.marks))
    blocks: list[Block] = []
    blocks += _listed("Not known", unknown, "Nothing that was asked about stays open.", said)
    blocks += _listed("Assumed by us", assumed, "Nothing above rests on an assumption.", said)
    blocks += _listed(
        "Recalled, not confirmed in the source (†)",
        recalled,
        "Every sourced sentence above was read in its source.",
        said,
    )
    return tuple(blocks)


def _listed(title: str, lines: tuple[Line, ...], none: str, said: Citer) -> tuple[Block, ...]:
    heading = Heading(level=3, text=title)
    if not lines:
        return (heading, Paragraph(line=said.line(none)))
    return (heading, Bullets(lines=lines, small=title != "Not known"))


def _quoted(parts: Iterable[Part], wanted: Callable[[Part], bool]) -> tuple[Line, ...]:
    """The beginnings of the sentences wanted, each once."""
    kept = {part.text: part for part in parts if wanted(part) and part.text}
    return tuple(
        Line(parts=(Part(_beginning(text), part.marks),)) for text, part in kept.items()
    )


def _beginning(text: str) -> str:
    if len(text) <= _QUOTED_CHARS:
        return text
    return f"{text[:_QUOTED_CHARS].rsplit(' ', 1)[0].rstrip(',;:')} …"


def references(plan: Plan) -> References:
    """The numbered list."""
    return References(entries=tuple(_entry(reference) for reference in plan.references))


def _entry(reference: Reference) -> Entry:
    text = clean(reference.citation)
    if reference.year is not None and str(reference.year) not in text:
        text = f"{text.rstrip('.')}, {reference.year}"
    links: list[tuple[str, str]] = []
    if reference.doi:
        links.append((f"doi:{clean(reference.doi)}", f"https://doi.org/{clean(reference.doi)}"))
    if reference.pmid:
        number = clean(reference.pmid)
        links.append((f"PMID {number}", f"https://pubmed.ncbi.nlm.nih.gov/{number}/"))
    url = clean(reference.url or "")
    if url.startswith(_LINKS) and not (reference.doi and "doi.org/" in url):
        links.append((url, url))
    return Entry(
        n=reference.n, text=sentence(text), links=tuple(links), basis=_BASIS[reference.basis]
    )
