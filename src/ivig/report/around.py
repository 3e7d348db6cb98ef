"""The outline of what surrounds an infusion: checklist, calendar, windows, measures, stopping."""

import datetime

from ivig.around import Around
from ivig.baseline import baseline_text
from ivig.checklist import CheckItem, Status
from ivig.cited import Citation
from ivig.follow_up import Event
from ivig.report.cite import Citer, cell
from ivig.report.dates import dated, when
from ivig.report.follow import references
from ivig.report.front import person
from ivig.report.outline import (
    Block,
    Bullets,
    Callout,
    Document,
    Heading,
    Line,
    Pairs,
    Paragraph,
    Table,
    Tone,
)
from ivig.report.words import clean, days, kilograms, raised, sentence

_NO_END = "no source here says for how long"
_STATUS: dict[Status, tuple[str, Tone]] = {
    "done": ("Done", "good"),
    "missing": ("MISSING", "stop"),
    "out_of_date": ("OUT OF DATE", "caution"),
    "undated": ("Date not recorded", "caution"),
    "too_late": ("Too late", "caution"),
    "not_needed": ("Not needed", "plain"),
    "to_do": ("At the chair", "plain"),
}
_ORDER: tuple[Status, ...] = (
    "missing",
    "out_of_date",
    "undated",
    "too_late",
    "to_do",
    "done",
    "not_needed",
)
_KINDS = {
    "dose": "Infusion",
    "test": "Test",
    "vaccine": "Vaccine",
    "laboratory": "Laboratory",
    "review": "Review",
}


def outline_around(made: Around) -> Document:
    """What the document says, in order: what is missing first."""
    said = Citer({reference.id: reference.n for reference in made.references})
    day0 = None if made.first_infusion is None else datetime.date.fromisoformat(made.first_infusion)
    body: list[Block] = []
    if made.stops:
        body.append(Callout(tone="stop", title="Stop", lines=said.findings(made.stops)))
    sections = (
        ("Before the infusion", _checks(made, said)),
        ("Calendar", _calendar(made, said, day0)),
        ("Live vaccines", _vaccines(made, said, day0)),
        ("Laboratory tests that immunoglobulin upsets", _upsets(made, said, day0)),
        ("What to record, and how treatment is judged", _measures(made, said)),
        ("When to stop or reduce", said.bullets(made.stopping)),
    )
    present = [(title, blocks) for title, blocks in sections if blocks]
    for n, (title, blocks) in enumerate(present, start=1):
        body += [Heading(level=2, text=title, number=n), *blocks]
    if made.references:
        body += [Heading(level=2, text="References"), *references(made.references, said)]
    return Document(
        verdict="Stop" if made.stops else "",
        tone="stop" if made.stops else "plain",
        title=f"Around the infusion: {clean(made.patient.id)}",
        subject=_subject(made),
        notice=clean(made.notice),
        blocks=tuple(body),
        provenance=_provenance(made),
    )


def _subject(made: Around) -> str:
    parts = [person(made.patient), kilograms(made.patient.weight_kg), made.indication_name]
    parts += [text for text in (made.product_name, made.regimen_text) if text]
    first = made.first_infusion or "date not given: days are counted from it"
    return clean(" · ".join([*parts, f"first infusion {first}"]))


def _provenance(made: Around) -> str:
    return (
        f"ivig {made.ivig_version} · knowledge {made.knowledge_digest[:12]} · "
        f"jurisdiction {made.jurisdiction}"
    )


def _checks(made: Around, said: Citer) -> tuple[Block, ...]:
    ordered = sorted(made.checks, key=lambda item: _ORDER.index(item.status))
    rows = tuple(_check_row(item, made, said) for item in ordered)
    missing = sum(item.status == "missing" for item in made.checks)
    caption = f"{missing} missing of {len(made.checks)}." if missing else "Nothing is missing."
    table = Table(
        caption=caption,
        head=("Check", "Status", "Value and date", "Why"),
        rows=rows,
        align=("left",) * 4,
    )
    blocks: list[Block] = [table]
    for title, found in (
        ("Risks", made.risks),
        ("What these risks ask for", made.mitigations),
    ):
        if found:
            lines = said.findings(found, labelled=title == "Risks")
            blocks += [Heading(level=3, text=title), Bullets(lines=lines)]
    return tuple(blocks)


def _check_row(item: CheckItem, made: Around, said: Citer) -> tuple[Line, ...]:
    word, tone = _STATUS[item.status]
    value = item.value or "—"
    if item.time_day is not None:
        value += f", {dated(item.time_day, made.patient.as_of)}"
        if item.age_day:
            value += f" ({days(item.age_day)} before the infusion)"
    elif item.status == "undated":
        value += ", date not recorded"
    why = sentence(item.why)
    if item.note:
        why += f" {sentence(raised(item.note))}"
    return (cell(item.name), cell(word, tone), cell(value), said.line(why, item.citations))


def _calendar(made: Around, said: Citer, day0: datetime.date | None) -> tuple[Block, ...]:
    if not made.events:
        return ()
    rows = tuple(
        (cell(when(event, day0)), cell(_KINDS[event.kind]), _event_line(event, said))
        for event in made.events
    )
    caption = "Dates from the first infusion." if day0 else "Days from the first infusion (day 0)."
    table = Table(caption=caption, head=("When", "What", "Detail"), rows=rows, align=("left",) * 3)
    note = "Infusion dates follow the planned interval; half a year is written out."
    return (table, Paragraph(line=said.line(note), small=True))


def _event_line(event: Event, said: Citer) -> Line:
    text = sentence(event.text)
    if event.because:
        text += f" {sentence(raised(event.because))}"
    if event.repeat_month:
        text += f" Then every {event.repeat_month:g} months."
    citations = () if event.kind == "dose" and event.because is None else event.citations
    return said.line(text, citations)


def _vaccines(made: Around, said: Citer, day0: datetime.date | None) -> tuple[Block, ...]:
    windows = [event for event in made.events if event.kind == "vaccine"]
    lines = [
        said.line(
            f"{sentence(e.text)} {sentence(raised(e.because or ''))}",
            e.citations,
            label=when(e, day0),
            tone="caution",
        )
        for e in windows
    ]
    lines += said.findings(made.vaccines)
    return (Bullets(lines=tuple(lines)),) if lines else ()


def _upsets(made: Around, said: Citer, day0: datetime.date | None) -> tuple[Block, ...]:
    rows: list[tuple[Line, ...]] = []
    for one in made.upsets:
        if one.applies == "no":
            continue
        until = "see right" if one.note and one.note.startswith("throughout") else "not sourced"
        if one.until_day is not None:
            end = Event(id="", kind="laboratory", text="", day=one.until_day)
            until = f"about {when(end, day0)}"
        note = "" if one.note in (None, _NO_END) else f" {sentence(raised(one.note))}"
        rows.append(
            (
                cell(one.assay),
                cell(one.effect),
                cell(until),
                said.line(sentence(one.text) + note, one.citations),
            )
        )
    if not rows:
        return ()
    without = [one for one in made.upsets if one.applies == "no"]
    table = Table(
        caption="Until when is counted from the last dose; each dose starts it anew.",
        head=("Test", "Effect", "Until", "What to do"),
        rows=tuple(rows),
        align=("left",) * 4,
    )
    if not without:
        return (table,)
    text = "; ".join(f"{one.assay}: {one.note}" for one in without)
    citations: tuple[Citation, ...] = tuple(c for one in without for c in one.citations)
    line = said.line(sentence(text), citations, label="Does not apply to this product")
    return (table, Paragraph(line=line))


def _measures(made: Around, said: Citer) -> tuple[Block, ...]:
    blocks: list[Block] = []
    if made.measures:
        rows = tuple(
            (
                one.name,
                cell(text)
                if (text := baseline_text(one, dated(one.time_day, made.patient.as_of)))
                else cell(f"NOT RECORDED before treatment ({one.field})", "stop"),
            )
            for one in made.measures
        )
        blocks += [Heading(level=3, text="Baseline of each measure"), Pairs(rows=rows)]
    for title, found in (("Aims", made.targets), ("How", made.how_to_measure)):
        if found:
            blocks += [Heading(level=3, text=title), *said.bullets(found)]
    return tuple(blocks)
