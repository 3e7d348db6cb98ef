"""The one outline of a plan, from which every format is rendered."""

from collections.abc import Callable

from ivig.plan import Plan
from ivig.report import decide, expect, follow, front, give
from ivig.report.cite import Citer, citer
from ivig.report.outline import Block, Document, Heading
from ivig.report.words import clean

UNKNOWN_TITLE = "What is not known and what was assumed"

_SECTIONS: tuple[tuple[str, Callable[[Plan, Citer], tuple[Block, ...]]], ...] = (
    ("Indication", decide.indication),
    ("Dose", decide.dose),
    ("Product", decide.product),
    ("Infusion", give.infusion),
    ("If the patient reacts", give.reactions),
    ("Expected IgG curve", expect.igg_curve),
    ("Benefits and harms", expect.outcomes),
    ("Alternatives", expect.alternatives),
    ("Monitoring, review and stopping", follow.monitoring),
)


def outline(plan: Plan) -> Document:
    """What the document of a plan says, in order: stop, summary, sections, references."""
    said = citer(plan)
    built = [(title, build(plan, said)) for title, build in _SECTIONS]
    present = [(title, blocks) for title, blocks in built if blocks]
    last_number = len(present) + 1
    body: list[Block] = [*front.stop_callout(plan, said)]
    body += [
        Heading(level=2, text="At a glance"),
        front.at_a_glance(plan, said, open_section=last_number),
    ]
    for n, (title, blocks) in enumerate(present, start=1):
        body += [Heading(level=2, text=title, number=n), *blocks]
    last = follow.not_known(plan, said, body)
    body += [Heading(level=2, text=UNKNOWN_TITLE, number=last_number), *last]
    if plan.references:
        body += [Heading(level=2, text="References"), *follow.references(plan.references, said)]
    word, tone = front.verdict(plan)
    return Document(
        verdict=word,
        tone=tone,
        title=f"Immunoglobulin plan: {clean(plan.patient.id)}",
        subject=front.subject(plan),
        notice=clean(plan.notice),
        blocks=tuple(body),
        provenance=_provenance(plan),
    )


def _provenance(plan: Plan) -> str:
    parts = [
        f"ivig {plan.ivig_version}",
        f"knowledge {plan.knowledge_digest[:12]}",
        f"jurisdiction {plan.jurisdiction}",
    ]
    if plan.patient.as_of is not None:
        parts.append(f"day 0 is {plan.patient.as_of}")
    if plan.patient.source is not None:
        parts.append(f"patient data: {plan.patient.source}")
    return clean(" · ".join(parts))
