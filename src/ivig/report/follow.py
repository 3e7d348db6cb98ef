"""The last sections: monitoring, what is not known, references."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING
from urllib.parse import quote

from ivig.finding import Finding, Stage
from ivig.references import Reference
from ivig.report.cite import Citer, of_stage, together
from ivig.report.outline import (
    Block,
    Bullets,
    Entry,
    Heading,
    Line,
    Mark,
    Paragraph,
    Part,
    References,
    lines_of,
)
from ivig.report.words import clean, days, sentence, spoken

_BASIS = {"read": "read", "derived": "computed", "recalled": "† recalled", "assumed": "assumed"}
_BASIS_WORDS = (
    "At the end of each: the least certain way in which it is used here. Read: in the source. "
    "Computed: from what was read. † Recalled: from memory, not confirmed in the source. "
    "Assumed: our own assumption."
)

if TYPE_CHECKING:
    from ivig.plan import Plan
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
_QUOTED_CHARS = 100
_WEB = ("http://", "https://")
_PUBMED = "pubmed.ncbi.nlm.nih.gov"
_IN_ADDRESS = "%/:?#[]@!$&'()*+,;=~"


def monitoring(plan: "Plan", said: Citer) -> tuple[Block, ...]:
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


def _review(plan: "Plan", said: Citer) -> tuple[Block, ...]:
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


def not_known(plan: "Plan", said: Citer, before: Sequence[Block]) -> tuple[Block, ...]:
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
    blocks: list[Block] = []
    blocks += _listed("Not known", unknown, "Nothing that was asked about stays open.", said)
    blocks += _listed(
        "Assumed by us", _assumed(parts), "Nothing above rests on an assumption.", said
    )
    blocks += _listed(
        "Recalled, not confirmed in the source (†)",
        _recalled(parts),
        "Every sourced sentence above was read in its source.",
        said,
    )
    return tuple(blocks)


def _listed(title: str, lines: tuple[Line, ...], none: str, said: Citer) -> tuple[Block, ...]:
    heading = Heading(level=3, text=title)
    if not lines:
        return (heading, Paragraph(line=said.line(none)))
    return (heading, Bullets(lines=lines, small=title != "Not known"))


def _assumed(parts: Iterable[Part]) -> tuple[Line, ...]:
    kept = {part.text: part for part in parts if part.assumed}
    return tuple(Line(parts=(Part(_beginning(text), p.marks),)) for text, p in kept.items())


def _recalled(parts: Iterable[Part]) -> tuple[Line, ...]:
    """One line for each source: the beginnings of the sentences that rest on a memory of it."""
    found: dict[int, dict[str, None]] = {}
    for part in parts:
        for mark in part.marks:
            if mark.recalled:
                found.setdefault(mark.n, {})[_beginning(part.text)] = None
    return tuple(
        Line(parts=(Part(" · ".join(texts), (Mark(n, True),)),))
        for n, texts in sorted(found.items())
    )


def _beginning(text: str) -> str:
    if len(text) <= _QUOTED_CHARS:
        return text
    return f"{text[:_QUOTED_CHARS].rsplit(' ', 1)[0].rstrip(',;:')} …"


def references(listed: Sequence[Reference], said: Citer) -> tuple[Block, ...]:
    """The numbered list, and how to read it."""
    note = Paragraph(line=said.line(_BASIS_WORDS), small=True)
    entries = tuple(_entry(reference) for reference in listed)
    return (note, References(entries=entries)) if entries else ()


def _entry(reference: Reference) -> Entry:
    text = clean(reference.citation)
    if reference.year is not None and str(reference.year) not in text:
        text = f"{text.rstrip('.')}, {reference.year}"
    links: list[tuple[str, str]] = []
    if reference.doi:
        links.append((f"doi:{clean(reference.doi)}", f"https://doi.org/{quote(reference.doi)}"))
    if reference.pmid:
        number = clean(reference.pmid)
        links.append((f"PMID {number}", f"https://{_PUBMED}/{quote(number)}/"))
    url = quote(clean(reference.url or ""), safe=_IN_ADDRESS)
    known = (reference.doi and "doi.org/" in url) or (reference.pmid and _PUBMED in url)
    if url.startswith(_WEB) and not known:
        links.append((url, url))
    return Entry(
        n=reference.n, text=sentence(text), links=tuple(links), basis=_BASIS[reference.basis]
    )
