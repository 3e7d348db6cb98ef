"""Numbering: each source once, in order of use, with the least certain basis."""

from dataclasses import dataclass

from ivig.cited import Citation, Source
from ivig.finding import Finding
from ivig.references import number

SOURCES = {name: Source(id=name, kind="label", citation=name.upper()) for name in ("a", "b")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    findings: tuple[Finding, ...]


def finding(*citations: Citation) -> Finding:
    return Finding(stage="product", kind="fact", text="x", citations=citations)


def test_sources_are_numbered_in_the_order_of_their_use() -> None:
    page = Page(
        findings=(
            finding(Citation(source="b", basis="read")),
            finding(Citation(source="a", basis="read"), Citation(source="b", basis="recalled")),
        )
    )
    numbered, references = number(page, SOURCES)
    assert [f.references for f in numbered.findings] == [(1,), (2, 1)]
    assert [(r.n, r.id, r.basis) for r in references] == [(1, "b", "recalled"), (2, "a", "read")]


def test_an_assumption_has_no_number() -> None:
    numbered, references = number(
        Page(findings=(finding(Citation(source=None, basis="assumed")),)), SOURCES
    )
    assert numbered.findings[0].references == ()
    assert references == ()
