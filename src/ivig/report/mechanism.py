"""The outline of a mechanism's time courses: curves, what carries the effect, and what conflicts."""

from collections.abc import Mapping
from typing import Any

from ivig.cited import Source
from ivig.codec import encode
from ivig.finding import Finding
from ivig.mechanism.course import MechanismCourse, ShareFound
from ivig.mechanism.curve import Curve
from ivig.references import Reference, number
from ivig.report.cite import Citer
from ivig.report.follow import references
from ivig.report.outline import (
    Block,
    Bullets,
    Document,
    Figure,
    Heading,
    Line,
    Paragraph,
    Part,
    Table,
)
from ivig.version import __version__

TAGS = {
    "identified": "human data give the parameters",
    "calibrated": "parameters were set so that trial medians come out; it cannot confirm them",
    "hypothesis": "assumed: shown so that it can be tested, not to be relied on",
}
NOTICE = (
    "A model of what immunoglobulin does, for study. It chooses no dose and foretells no single patient; "
    "docs/verification/mechanism.md lists where it fails."
)
NONE_KNOWN = "No share is known."


def outline_mechanism(
    course: MechanismCourse, subject: str, sources: Mapping[str, Source]
) -> Document:
    """What the document says, in order: what happens, curves, shares, conflicts, references."""
    (notes, shares, conflicts), listed = _numbered(course, sources)
    said = Citer(numbers={one.id: one.n for one in listed})
    hypothesis = any(curve.tag == "hypothesis" for curve in course.curves)
    body: list[Block] = [
        Heading(level=2, text="What happens", number=1),
        Bullets(lines=tuple(said.finding(one, labelled=False) for one in notes)),
        _table(course),
        Paragraph(line=_plain(_tags(course)), small=True),
        Heading(level=2, text="Over time", number=2),
        *(_figure(course, curve) for curve in course.curves),
        Heading(level=2, text="What carries the effect", number=3),
        Bullets(lines=tuple(said.finding(one, labelled=False) for one in shares)),
        Heading(level=2, text="Known conflicts", number=4),
        Bullets(lines=tuple(said.finding(one, labelled=False) for one in conflicts)),
        Heading(level=2, text="References"),
        *references(listed, said),
    ]
    return Document(
        verdict="hypotheses included" if hypothesis else "",
        tone="caution",
        title=f"How it works: {course.disease_name}",
        subject=subject,
        notice=NOTICE,
        blocks=tuple(body),
        provenance=f"ivig {__version__}",
    )


def course_data(
    course: MechanismCourse, subject: str, sources: Mapping[str, Source]
) -> dict[str, Any]:
    """The courses as plain data, with the meaning of the tags and the sources cited."""
    _, listed = _numbered(course, sources)
    return {
        "notice": NOTICE,
        "subject": subject,
        "tags": TAGS,
        **encode(course),
        "references": encode(listed),
    }


def _numbered(
    course: MechanismCourse, sources: Mapping[str, Source]
) -> tuple[tuple[tuple[Finding, ...], ...], tuple[Reference, ...]]:
    notes = tuple(
        Finding(stage="outcome", kind="fact", text=note.text, citations=note.citations)
        for note in course.notes
    )
    shares = tuple(
        Finding(
            stage="outcome",
            kind="fact" if share.low_percent is not None else "unknown",
            text=_share(share),
            citations=(share.citation,),
        )
        for share in course.shares
    )
    conflicts = tuple(
        Finding(stage="outcome", kind="caution", text=fact.value, citations=(fact.citation,))
        for fact in course.conflicts
    )
    return number((notes, shares, conflicts), sources)


def _share(share: ShareFound) -> str:
    if share.low_percent is None or share.high_percent is None:
        return f"{share.mechanism}: share unknown. {share.text}"
    if share.low_percent == share.high_percent:
        return f"{share.mechanism}: {share.low_percent:.0f} %. {share.text}"
    return (
        f"{share.mechanism}: {share.low_percent:.0f} to {share.high_percent:.0f} % of the rise in the "
        f"model (alone, or lost without it). {share.text}"
    )


def _plain(text: str) -> Line:
    return Line(parts=(Part(text),))


def _tags(course: MechanismCourse) -> str:
    used = [tag for tag in TAGS if any(curve.tag == tag for curve in course.curves)]
    return "; ".join(f"{tag}: {TAGS[tag]}" for tag in used) + "."


def _figure(course: MechanismCourse, curve: Curve) -> Figure:
    return Figure(
        title=f"{curve.title}, {curve.tag}",
        band_words=f"{course.level:.0%} of patients",
        time_day=course.time_day,
        median_g_per_L=curve.median,
        low_g_per_L=curve.low,
        high_g_per_L=curve.high,
        dose_day=course.dose_day,
        measured_day=(),
        measured_g_per_L=(),
        target_g_per_L=None,
        quantity=curve.title,
        unit=curve.unit,
    )


def _table(course: MechanismCourse) -> Table:
    rows = tuple(tuple(_plain(text) for text in _row(course, curve)) for curve in course.curves)
    return Table(
        caption=f"Typical patient, and the central {course.level:.0%} of drawn ones",
        head=("Quantity", "How known", "Before", "Furthest from it", "Day", "At the end"),
        rows=rows,
        align=("left", "left", "right", "right", "right", "right"),
    )


def _row(course: MechanismCourse, curve: Curve) -> tuple[str, ...]:
    first = curve.median[0]
    far = max(range(len(curve.median)), key=lambda i: abs(curve.median[i] - first))
    last = len(curve.median) - 1
    return (
        f"{curve.title}, {curve.unit}",
        curve.tag,
        f"{first:.3g}",
        _at(curve, far),
        f"{course.time_day[far]:.0f}",
        _at(curve, last),
    )


def _at(curve: Curve, i: int) -> str:
    return f"{curve.median[i]:.3g} ({curve.low[i]:.3g} to {curve.high[i]:.3g})"
