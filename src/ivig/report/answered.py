"""The outline of a reply: lead, sections by kind of source, references."""

from typing import Any

from ivig.ask import Reply
from ivig.cited import Basis, SourceKind, weakest
from ivig.evidence.answer import Answer, Sentence
from ivig.references import Reference
from ivig.report.cite import Citer
from ivig.report.follow import references
from ivig.report.outline import Block, Bullets, Callout, Document, Heading, Line, Paragraph, Part
from ivig.report.words import clean, sentence

TITLES = {
    "computed": "Computed",
    "guidelines": "From the Guidelines",
    "research": "From the Research",
    "labels": "From the Labels",
}


def outline_reply(reply: Reply) -> Document:
    """What the document of a reply says, in order."""
    answer = reply.answer
    said = Citer({reference.id: reference.n for reference in reply.references})
    body: list[Block] = []
    if answer.emergency:
        line = Line(parts=(Part(clean(answer.emergency)),))
        body.append(Callout(tone="stop", title="Emergency", lines=(line,)))
    if answer.message:
        body.append(Paragraph(line=Line(parts=(Part(clean(answer.message)),))))
    for caution in answer.cautions:
        body.append(Paragraph(line=Line(parts=(Part(clean(caution)),), label="Caution")))
    leading = _lead(answer)
    shown = frozenset(
        key for part in answer.sections for s in part.sentences for key in s.statement_ids
    )
    if leading is not None:
        body.append(Paragraph(line=_line(leading, said, shown)))
    for section in answer.sections:
        lines = [_line(one, said, shown) for one in section.sentences if one is not leading]
        if lines:
            body += [Heading(level=2, text=TITLES[section.name]), Bullets(lines=tuple(lines))]
    if answer.nearest_questions:
        body.append(Heading(level=2, text="Questions that can be answered"))
        body.append(Bullets(lines=tuple(_bare(text) for text in answer.nearest_questions)))
    if reply.references:
        body += [Heading(level=2, text="References"), *references(reply.references, said)]
    return Document(
        verdict="" if answer.status == "answered" else "Not answered",
        tone="plain" if answer.status == "answered" else "unknown",
        title=clean(" ".join(answer.question.split())[:200]) or "(no question)",
        subject="",
        notice=reply.notice,
        blocks=tuple(body),
        provenance=f"ivig {reply.ivig_version} · knowledge {reply.knowledge_digest[:12]}",
    )


def _bare(text: str) -> Line:
    return Line(parts=(Part(clean(text)),))


def _lead(answer: Answer) -> Sentence | None:
    """The sentence that answers the question: computed, else the first opening one."""
    sentences = [one for part in answer.sections for one in part.sentences]
    return next((one for one in sentences if one.lead), None)


def _line(one: Sentence, said: Citer, shown: frozenset[str]) -> Line:
    text = sentence(one.text)
    if one.working:
        text += f" Working: {sentence(one.working)}"
    if one.grade:
        text += f" ({one.grade})"
    if any(key in shown for key in one.disagrees_with):
        year = f", {one.year}" if one.year else ""
        text += f" — sources disagree here ({one.body}{year})."
    return said.line(text, one.citations)


def reply_data(reply: Reply) -> dict[str, Any]:
    """The reply as plain data: what a program that asks is given."""
    answer = reply.answer
    return {
        "status": answer.status,
        "reason": answer.reason,
        "message": answer.message,
        "emergency": answer.emergency,
        "question": answer.question,
        "audience": answer.audience,
        "sections": [
            {"name": part.name, "sentences": [_sentence_data(one) for one in part.sentences]}
            for part in answer.sections
        ],
        "cautions": list(answer.cautions),
        "references": [_reference_data(reference) for reference in reply.references],
        "nearest_questions": list(answer.nearest_questions),
        "notice": reply.notice,
        "ivig_version": reply.ivig_version,
        "knowledge_digest": reply.knowledge_digest,
    }


def _sentence_data(one: Sentence) -> dict[str, Any]:
    bases: list[Basis] = ["derived", *(citation.basis for citation in one.citations)]
    bases = bases if one.working else bases[1:]
    return {
        "text": one.text,
        "references": list(one.references),
        "statement_ids": list(one.statement_ids),
        "working": one.working,
        "basis": weakest(*bases),
        "body": one.body,
        "year": one.year,
        "grade": one.grade,
        "lead": one.lead,
        "disagrees_with": list(one.disagrees_with),
    }


SECTION_OF_KIND: dict[SourceKind, str] = {
    "label": "labels",
    "guideline": "guidelines",
    "standard": "guidelines",
    "handbook": "guidelines",
    "website": "guidelines",
    "research": "research",
}


def _reference_data(reference: Reference) -> dict[str, Any]:
    return {
        "n": reference.n,
        "id": reference.id,
        "citation": reference.citation,
        "url": reference.url or (f"https://doi.org/{reference.doi}" if reference.doi else None),
        "year": reference.year,
        "section": SECTION_OF_KIND[reference.kind],
        "kind": reference.kind,
        "basis": reference.basis,
    }
