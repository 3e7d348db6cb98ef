"""The outline of a comparison: stops first, then by clinical weight, then what went in."""

from ivig.plan_diff import ORDER, Change, Part, PlanDiff
from ivig.report.cite import cell
from ivig.report.outline import (
    Block,
    Bullets,
    Callout,
    Document,
    Heading,
    Line,
    Paragraph,
    Table,
)
from ivig.report.words import clean, sentence

_TITLES: dict[Part, str] = {
    "stop": "Stops",
    "verdict": "Verdict",
    "dose": "Dose",
    "product": "Product",
    "rate": "Rate",
    "kinetics": "IgG curve",
    "caution": "Cautions",
    "unknown": "Not known",
    "follow_up": "Follow-up",
}
_HOW = (
    "“Bears on it” lists what differs and can act on that part; each input was not tried alone. "
    "Values that read the same once rounded are not listed."
)


def outline_diff(made: PlanDiff) -> Document:
    """What the document says, in order."""
    stops = [change for change in made.changes if change.part == "stop" and change.old is None]
    body: list[Block] = []
    if not made.same_patient:
        body.append(
            Callout(
                tone="caution",
                title="Two patients",
                lines=(
                    cell(
                        "The two plans bear different patient ids; compare them only if it is one person."
                    ),
                ),
            )
        )
    if stops:
        lines = tuple(cell(sentence(change.new or "")) for change in stops)
        body.append(Callout(tone="stop", title="New stop", lines=lines))
    body += [Heading(level=2, text="What went in and differs"), *_inputs(made)]
    if not made.changes:
        body.append(Paragraph(line=cell("Nothing that came out differs.")))
    for part in ORDER:
        found = [change for change in made.changes if change.part == part]
        if found:
            lines = tuple(_line(change) for change in found)
            body += [Heading(level=2, text=_TITLES[part]), Bullets(lines=lines), *_bears(found)]
    body.append(Paragraph(line=cell(_HOW), small=True))
    return Document(
        verdict="New stop" if stops else "",
        tone="stop" if stops else "plain",
        title="What changed between two plans",
        subject=clean(f"Old: {made.old_title}. New: {made.new_title}."),
        notice=clean(made.notice),
        blocks=tuple(body),
        provenance="ivig diff",
    )


def _inputs(made: PlanDiff) -> tuple[Block, ...]:
    if not made.inputs:
        return (
            Paragraph(line=cell("Nothing: patient, place, knowledge and program are the same.")),
        )
    rows = tuple(
        (cell(one.field), cell(one.old or "not recorded"), cell(one.new or "not recorded"))
        for one in made.inputs
    )
    table = Table(
        caption="Of the patient, the place, the knowledge and the program.",
        head=("Input", "Old", "New"),
        rows=rows,
        align=("left",) * 3,
    )
    return (table,)


def _line(change: Change) -> Line:
    if change.name.startswith("new ") or change.name.endswith(" gone"):
        text = sentence(change.new or change.old or "")
        label = "New" if change.old is None else "Gone"
    else:
        text = f"{change.old or 'none'} → {change.new or 'none'}."
        label = change.name[0].upper() + change.name[1:]
    if change.because:
        text += f" The new plan says: {sentence(clean(change.because))}"
    tone = "stop" if change.part == "stop" and change.old is None else "plain"
    return Line(parts=cell(text).parts, label=clean(label), tone=tone)


def _bears(found: list[Change]) -> tuple[Block, ...]:
    """Once for the whole part: its changes share what acts on them."""
    names = dict.fromkeys(name for change in found for name in change.bears)
    text = ", ".join(names) or "nothing that differs, by our list"
    return (Paragraph(line=Line(parts=cell(f"{text}.").parts, label="Bears on it"), small=True),)
