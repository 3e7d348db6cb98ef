"""The outline of an assessment: the two verdicts, each criterion with its values and dates."""

from ivig.access import CriterionReport, Decision, Standing
from ivig.criterion import Answer
from ivig.eligibility import Eligibility
from ivig.indication import Verdict
from ivig.report.cite import Citer, cell, together
from ivig.report.dates import dated
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
from ivig.report.words import clean, kilograms, sentence, spoken
from ivig.used import UsedValue

VERDICTS: dict[Verdict, tuple[str, Tone]] = {
    "indicated": ("Indicated", "good"),
    "conditional": ("Conditional", "caution"),
    "not_indicated": ("Not indicated", "stop"),
    "unknown": ("Cannot be decided yet", "unknown"),
}
DECISIONS: dict[Decision, tuple[str, Tone]] = {
    "met": ("Its criteria are met", "good"),
    "not_met": ("Its criteria are not met", "stop"),
    "undecided": ("Cannot be decided yet", "unknown"),
    "no_criteria": ("No criterion of its own that decides is held here", "unknown"),
}
STANDINGS: dict[Standing, str] = {
    "routine": "supplied routinely",
    "prior_approval": "only with approval beforehand",
    "conditional": "under conditions",
    "exceptional": "in exceptional circumstances",
    "not_supported": "not supported",
    "not_listed": "not listed",
}
ANSWERS: dict[Answer, tuple[str, Tone]] = {
    "met": ("met", "good"),
    "not_met": ("NOT MET", "stop"),
    "unknown": ("UNKNOWN", "unknown"),
}
_EXCLUSIONS: dict[Answer, tuple[str, Tone]] = {
    "met": ("PRESENT: excludes", "stop"),
    "not_met": ("absent", "good"),
    "unknown": ("UNKNOWN", "unknown"),
}


def outline_eligibility(made: Eligibility) -> Document:
    """What the document says, in order."""
    said = Citer({reference.id: reference.n for reference in made.references})
    access = made.access
    word, tone = headline(made)
    body: list[Block] = []
    if made.stops:
        body.append(Callout(tone="stop", title="Stop", lines=said.findings(made.stops)))
    body += [Heading(level=2, text="Verdict"), Pairs(rows=_verdict_rows(made, said))]
    body += _criteria_blocks(f"Criteria: {access.name}", access.criteria, made, said)
    shared = {one.text for one in access.criteria}
    others = tuple(one for one in made.criteria if one.text not in shared)
    body += _criteria_blocks("Criteria from the evidence, whatever the place", others, made, said)
    lacking = lacking_rows((*access.criteria, *others))
    if lacking:
        body += [Heading(level=2, text="What is missing to decide, and where to get it")]
        body.append(Bullets(lines=lacking))
    if access.review:
        body += [Heading(level=2, text=f"Review: {access.name}"), *said.bullets(access.review)]
    if made.references:
        body += [Heading(level=2, text="References"), *references(made.references, said)]
    return Document(
        verdict=word,
        tone=tone,
        title=f"{made.indication_name}, {access.name}: {clean(made.patient.id)}",
        subject=clean(f"{person(made.patient)} · {kilograms(made.patient.weight_kg)}"),
        notice=clean(made.notice),
        blocks=tuple(body),
        provenance=f"ivig {made.ivig_version} · knowledge {made.knowledge_digest[:12]} · "
        f"place {access.place}",
    )


def headline(made: Eligibility) -> tuple[str, Tone]:
    """The more cautious of the two verdicts in one phrase."""
    if made.stops:
        return "Contraindicated", "stop"
    if made.verdict == "not_indicated":
        return "Not indicated", "stop"
    if made.access.decision == "not_met":
        return f"Not met: {made.access.name}", "stop"
    if made.access.decision == "undecided" and made.verdict != "unknown":
        return f"Undecided: {made.access.name}", "unknown"
    return VERDICTS[made.verdict]


def _verdict_rows(made: Eligibility, said: Citer) -> tuple[tuple[str, Line], ...]:
    word, tone = VERDICTS[made.verdict]
    reason = made.why_not if made.verdict == "not_indicated" and made.why_not else made.summary
    rows = [("By the evidence", said.line(f"{word}. {sentence(reason)}", tone=tone))]
    rows.append((made.access.name, _place_line(made, said)))
    rows.append(("Authority", cell(made.access.authority)))
    if made.access.decision != "not_met":
        rows.append(("How to apply", said.finding(made.access.apply, labelled=False)))
    return tuple(rows)


def _place_line(made: Eligibility, said: Citer) -> Line:
    access = made.access
    if not made.covered:
        text = f"Nothing of {access.name} is held for this indication"
        lines = [said.line(f"{text}; ask the authority named below.", tone="unknown")]
        return together(*lines, *said.findings(access.standing_text), tone="unknown")
    word, tone = DECISIONS[access.decision]
    if access.decision == "not_met" and access.standing == "not_supported":
        word = "Not supported, whatever the criteria"
    text = f"{word}."
    if access.place == "us":
        text += " Each payer has its own policy, which decides and was not read here."
    elif access.standing not in (None, "not_supported"):
        text += f" Standing: {STANDINGS[access.standing]}."
    return together(said.line(text), *said.findings(access.standing_text), tone=tone)


def _criteria_blocks(
    title: str, criteria: tuple[CriterionReport, ...], made: Eligibility, said: Citer
) -> tuple[Block, ...]:
    heading = Heading(level=2, text=title)
    if not criteria:
        line = said.line("None is held here beyond those of the other list.")
        return (heading, Paragraph(line=line))
    return (heading, criteria_table(criteria, made.patient.as_of, said))


def criteria_table(
    criteria: tuple[CriterionReport, ...], as_of: str | None, said: Citer, *, notes: bool = True
) -> Table:
    """One row for each criterion: the answer, the values with their dates, the source.

    Parameters
    ----------
    notes : bool
        Whether our reading of a source is spelled out, or only marked.
    """
    order = ("required", "exclusion", "supporting")
    rows = tuple(
        _row(one, as_of, said, notes) for one in sorted(criteria, key=lambda c: order.index(c.role))
    )
    return Table(
        caption="Required decides; an exclusion that is present forbids; supporting never decides.",
        head=("Criterion", "Role", "Answer", "Values and dates used"),
        rows=rows,
        align=("left",) * 4,
    )


def _row(one: CriterionReport, as_of: str | None, said: Citer, notes: bool) -> tuple[Line, ...]:
    word, tone = (_EXCLUSIONS if one.role == "exclusion" else ANSWERS)[one.answer]
    text = sentence(one.text)
    if one.basis_note:
        text += (
            f" (Our reading: {one.basis_note}.)" if notes else " (Wording as read by the program.)"
        )
    used = cell(used_text(one, as_of))
    return (said.line(text, one.citations), cell(one.role), cell(word, tone), used)


def used_text(one: CriterionReport, as_of: str | None) -> str:
    """The values that were used, each with its date, or what is not recorded."""
    if one.used:
        return "; ".join(_used(value, as_of) for value in one.used)
    if one.answer == "unknown":
        return "not recorded: " + ", ".join(_field_words(gap.of) for gap in one.lacking)
    return "by the diagnosis itself" if one.answer == "met" else "no patient value can meet it"


def _used(value: UsedValue, as_of: str | None) -> str:
    if value.lasting:
        return value.text
    when = dated(value.time_day, as_of)
    last = "last " if "infection" in value.text and value.time_day is not None else ""
    return f"{value.text} ({last}{when})"


def _field_words(name: str) -> str:
    return spoken(name.rpartition(".")[2])


def lacking_rows(criteria: tuple[CriterionReport, ...]) -> tuple[Line, ...]:
    """Each missing field once, the place it is found, and the criteria that wait for it."""
    waits: dict[str, list[str]] = {}
    where: dict[str, str] = {}
    for one in criteria:
        if one.role == "supporting":
            continue
        for gap in one.lacking:
            waits.setdefault(gap.of, []).append(one.id)
            where[gap.of] = gap.where
    return tuple(
        cell(f"{name}: {where[name]}. For: {', '.join(spoken(i) for i in dict.fromkeys(ids))}.")
        for name, ids in waits.items()
    )
