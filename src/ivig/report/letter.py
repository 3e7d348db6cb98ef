"""The outline of a letter: unmet criteria first, a blank signature last."""

from ivig.baseline import baseline_text
from ivig.letter import Fact, Letter
from ivig.report.cite import Citer, cell
from ivig.report.dates import dated
from ivig.report.eligible import criteria_table, headline
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
)
from ivig.report.words import clean, sentence

_BLANK = "______________________________"
_TITLES = {
    "prior-authorisation": "Request for prior authorisation of immunoglobulin",
    "appeal": "Appeal against the refusal of immunoglobulin",
}
_DRAFT = (
    "Draft for the treating clinician, who checks every line against the record before signing. "
    "Patient data are those of the record; every other statement is cited."
)


def outline_letter(made: Letter) -> Document:
    """What the letter says, in order."""
    said = Citer({reference.id: reference.n for reference in made.references})
    eligible = made.eligibility
    word, tone = headline(eligible)
    body: list[Block] = [Pairs(rows=_head(made)), *_openly(made, said), *_denial(made, said)]
    sections = (
        ("What is asked for", _request(made, said)),
        ("The patient, from the record", _facts(made, said)),
        ("Criteria", _criteria(made, said)),
        ("What guidelines, trials and labels say", _evidence(made, said)),
        ("How the effect will be judged", _judged(made, said)),
    )
    for title, blocks in sections:
        if blocks:
            body += [Heading(level=2, text=title), *blocks]
    body += [Heading(level=2, text="Signature"), _signature()]
    if made.references:
        body += [Heading(level=2, text="References"), *references(made.references, said)]
    return Document(
        verdict=word,
        tone=tone,
        title=f"{_TITLES[made.kind]}: {eligible.indication_name}",
        subject=clean(f"Patient reference {eligible.patient.id} · {person(eligible.patient)}"),
        notice=clean(f"{_DRAFT} {eligible.notice}"),
        blocks=tuple(body),
        provenance=f"ivig {eligible.ivig_version} · knowledge {eligible.knowledge_digest[:12]} · "
        f"place {eligible.access.place}",
    )


def _head(made: Letter) -> tuple[tuple[str, Line], ...]:
    eligible = made.eligibility
    given = eligible.patient.diagnosis
    name = eligible.indication_name
    same = given.lower() == name.lower()
    return (
        ("Date", cell(_BLANK)),
        ("To", cell(made.payer or _BLANK)),
        ("Patient", cell(f"reference {eligible.patient.id}; name and date of birth: {_BLANK}")),
        ("Diagnosis", cell(name if same else f"{name} (recorded as {given})")),
    )


def _openly(made: Letter, said: Citer) -> tuple[Block, ...]:
    """What speaks against the request, before anything that speaks for it."""
    lines = [*said.findings(made.stops)]
    eligible = made.eligibility
    lines += [f for f in said.findings(eligible.stops) if f not in lines]
    if eligible.access.standing == "not_supported":
        lines += said.findings(eligible.access.standing_text)
    by_text = {c.text: c for c in (*eligible.access.criteria, *eligible.criteria)}
    for text in made.unmet:
        one = by_text[text]
        excludes = one.role == "exclusion" and one.answer == "met"
        word = "present, and excludes" if excludes else one.answer.replace("_", " ").upper()
        lines.append(said.line(f"{text}: {word}.", one.citations))
    if not lines:
        return ()
    title = "Said openly: not met or not known"
    return (Callout(tone="caution", title=title, lines=tuple(lines)),)


def _denial(made: Letter, said: Citer) -> tuple[Block, ...]:
    if made.kind != "appeal":
        return ()
    reason = clean(made.denial_reason or "")
    text = f"“{reason}”" if reason else f"Reason given for the refusal: {_BLANK}"
    after = (
        "The criteria and statements below are what can be said to it from the record and the "
        "cited sources; nothing beyond them is claimed."
    )
    return (
        Heading(level=2, text="The reason given for the refusal"),
        Paragraph(line=said.line(text)),
        Paragraph(line=said.line(after)),
    )


def _request(made: Letter, said: Citer) -> tuple[Block, ...]:
    if not made.request:
        text = (
            "No dose is asked for: on this record treatment is not indicated, is contraindicated, "
        )
        text += "or does not meet the criteria; see above. Do not send this as a request."
        return (Paragraph(line=said.line(text, tone="stop")),)
    lines: list[Line] = []
    for one in made.request:
        text = sentence(one.text)
        if one.because:
            text += f" Source regimen: {sentence(one.because)}"
        lines.append(said.line(text, one.citations))
    if made.unmet:
        text = "It holds only if the criteria still unknown turn out to be met."
        lines.append(said.line(text, label="Condition", tone="caution"))
    return (Bullets(lines=tuple(lines)),)


def _facts(made: Letter, said: Citer) -> tuple[Block, ...]:
    as_of = made.eligibility.patient.as_of
    lines = tuple(said.line(_fact(fact, as_of)) for fact in made.facts)
    if as_of is not None or all(f.time_day is None for f in made.facts):
        return (Bullets(lines=lines),)
    note = "Day 0 is the day of this record; the record gives no calendar date for it."
    return (Bullets(lines=lines), Paragraph(line=said.line(note), small=True))


def _fact(fact: Fact, as_of: str | None) -> str:
    return f"{fact.text} ({dated(fact.time_day, as_of)})." if fact.dated else f"{fact.text}."


def _criteria(made: Letter, said: Citer) -> tuple[Block, ...]:
    eligible = made.eligibility
    access = eligible.access
    blocks: list[Block] = []
    if access.criteria:
        blocks.append(Heading(level=3, text=f"{access.name} ({access.authority})"))
        blocks.append(criteria_table(access.criteria, eligible.patient.as_of, said, notes=False))
    else:
        text = (
            f"No criteria of {access.name} for this use are held here; none is claimed to be met."
        )
        blocks.append(Paragraph(line=said.line(text)))
    if access.place == "us":
        text = "The payer's own policy was not read; its criteria are to be added by the signatory."
        blocks.append(Paragraph(line=said.line(text)))
    shared = {one.text for one in access.criteria}
    others = tuple(one for one in eligible.criteria if one.text not in shared)
    if others:
        blocks.append(Heading(level=3, text="From other guidelines and trials"))
        blocks.append(criteria_table(others, eligible.patient.as_of, said, notes=False))
    return tuple(blocks)


def _evidence(made: Letter, said: Citer) -> tuple[Block, ...]:
    lines: list[Line] = []
    for one in made.evidence:
        text = one.text.rstrip(".")
        grade = ", ".join(part for part in (one.strength, one.level) if part)
        year = f", {one.year}" if one.year else ""
        text += f" ({one.body}{year}{f'; {grade}' if grade else ''})"
        lines.append(said.line(sentence(text), one.citations))
    if not lines:
        text = "No statement on this use that was read in its source is held here."
        return (Paragraph(line=said.line(text)),)
    return (Bullets(lines=tuple(lines)),)


def _judged(made: Letter, said: Citer) -> tuple[Block, ...]:
    as_of = made.eligibility.patient.as_of
    blocks: list[Block] = []
    if made.measures:
        rows = tuple(
            (
                one.name,
                cell(baseline_text(one, dated(one.time_day, as_of)) or "baseline not recorded"),
            )
            for one in made.measures
        )
        blocks.append(Pairs(rows=rows))
    blocks += said.bullets((*made.review, *made.eligibility.access.review, *made.stopping))
    return tuple(blocks)


def _signature() -> Pairs:
    names = ("Name", "Registration number", "Institution", "Telephone", "Signature and date")
    return Pairs(rows=tuple((name, cell(_BLANK)) for name in names))
