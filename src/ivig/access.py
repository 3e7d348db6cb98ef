"""Who pays for immunoglobulin, on which terms, and when it is reviewed: one set of rules a place."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from ivig.cited import Citation, Cited
from ivig.criterion import Answer, ask
from ivig.finding import Finding, from_cited
from ivig.indication import Criterion, Indication
from ivig.patient import Patient
from ivig.used import UsedValue, missing_parts, used_values

Standing = Literal[
    "routine", "prior_approval", "conditional", "exceptional", "not_supported", "not_listed"
]
"""How a place stands to a use, from supplied as a matter of course to named nowhere."""

Decision = Literal["met", "not_met", "undecided", "no_criteria"]
"""*no_criteria*: the place's standing is known, but no criterion of its own that would decide."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRule:
    """When a place looks again at a treatment it pays for."""

    text: str
    after_month: float | None = None
    every_month: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessEntry:
    """What one place says of one indication, beside its sentence in ``Indication.elsewhere``."""

    indication: str
    standing: Cited[Standing] | None = None
    criteria: tuple[Cited[Criterion], ...] = ()
    review: tuple[Cited[ReviewRule], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessRules:
    """knowledge/access/<place>.yaml

    ``documents``: the sources whose criteria under an indication are this place's own.
    """

    id: str
    name: str
    authority: str
    documents: tuple[str, ...]
    apply: Cited[str]
    review: tuple[Cited[ReviewRule], ...] = ()
    entries: tuple[AccessEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """Where a missing value is usually found."""

    of: str
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Obtain:
    """knowledge/obtain.yaml: a help to find things; no evidence, and so without sources."""

    id: str
    name: str
    hints: tuple[Hint, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lacking:
    """A value that an unknown criterion waits for; any one may be enough when several do."""

    of: str
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionReport:
    """A criterion, the answer, the values and dates it was answered from, and what is lacking."""

    id: str
    text: str
    role: Literal["required", "supporting", "exclusion"]
    answer: Answer
    used: tuple[UsedValue, ...]
    lacking: tuple[Lacking, ...]
    basis_note: str | None
    citations: tuple[Citation, ...] = ()
    references: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """One place's answer for one patient and use.

    ``standing`` is None when nothing is held of this place for this use.
    """

    place: str
    name: str
    authority: str
    standing: Standing | None
    standing_text: tuple[Finding, ...]
    decision: Decision
    criteria: tuple[CriterionReport, ...]
    review: tuple[Finding, ...]
    apply: Finding


def assess_access(
    patient: Patient,
    indication: Indication,
    line: tuple[str, ...],
    rules: AccessRules,
    hints: Mapping[str, str],
) -> Access:
    """The place's own criteria answered, and what follows.

    Parameters
    ----------
    line : tuple of str
        The indication's id, then those of its parents: an entry with criteria of the nearest
        counts.
    hints : mapping
        Where a missing value is usually found, by its name.
    """
    entries = {entry.indication: entry for entry in rules.entries}
    own = [entries[name] for name in line if name in entries]
    said = tuple(
        Finding(stage="indication", kind="fact", text=f.value.text, citations=(f.citation,))
        for f in indication.elsewhere
        if f.value.jurisdiction == rules.id
    )
    cited = [c for c in indication.criteria if c.source in rules.documents]
    added = next((entry.criteria for entry in own if entry.criteria), ())
    known = {c.value.id for c in added}
    reports = [
        report_criterion(c, patient, hints)
        for c in (*added, *(c for c in cited if c.value.id not in known))
    ]
    here = entries.get(indication.id)
    standing = None if here is None or here.standing is None else here.standing.value
    if rules.id == "us":
        standing, said = _us_standing(indication)
    return Access(
        place=rules.id,
        name=rules.name,
        authority=rules.authority,
        standing=standing,
        standing_text=said,
        decision=_decide(standing, reports),
        criteria=tuple(reports),
        review=tuple(
            Finding(stage="monitoring", kind="advice", text=f.value.text, citations=(f.citation,))
            for f in (*next((e.review for e in own if e.review), ()), *_general(rules, indication))
        ),
        apply=from_cited("indication", "advice", rules.apply),
    )


def _us_standing(indication: Indication) -> tuple[Standing, tuple[Finding, ...]]:
    """In the United States the label decides whether a use is on label; payers decide the rest."""
    words = {
        "labelled": "Named on a US label.",
        "partially_labelled": "Only partly covered by a US label.",
        "off_label": "Off-label in the United States.",
        "historical": "Once on a US label, not on a current one.",
    }
    note = indication.fda
    text = words[note.value.status]
    if note.value.text:
        text += f" {note.value.text}"
    standing: Standing = "routine" if note.value.status == "labelled" else "prior_approval"
    if note.value.status == "off_label" and indication.tier == "not_recommended":
        standing = "not_supported"
    said = Finding(stage="indication", kind="fact", text=text, citations=(note.citation,))
    return standing, (said,)


def _general(rules: AccessRules, indication: Indication) -> tuple[Cited[ReviewRule], ...]:
    """The place's review of every ongoing treatment."""
    return rules.review if indication.course == "ongoing" else ()


def report_criterion(
    cited: Cited[Criterion], patient: Patient, hints: Mapping[str, str]
) -> CriterionReport:
    """One criterion answered, with the values and dates that were used."""
    answer = ask(cited.value.test, patient)
    lacking = missing_parts(cited.value.test, patient) if answer == "unknown" else ()
    return CriterionReport(
        id=cited.value.id,
        text=cited.value.text,
        role=cited.value.role,
        answer=answer,
        used=used_values(cited.value.test, patient),
        lacking=tuple(Lacking(of=name, where=where_to_get(name, hints)) for name in lacking),
        basis_note=cited.note,
        citations=(cited.citation,),
    )


def where_to_get(name: str, hints: Mapping[str, str]) -> str:
    """Where a value is usually found; a laboratory value is measured."""
    kind, _, slug = name.partition(".")
    if slug in hints:
        return hints[slug]
    return {
        "labs": "the laboratory",
        "findings": "the clinical record",
        "conditions": "the history and problem list",
        "infections": "the history, with dates and whether hospital treatment was needed",
    }.get(kind, "the patient's record")


def _decide(standing: Standing | None, reports: list[CriterionReport]) -> Decision:
    if standing == "not_supported":
        return "not_met"
    required = [one.answer for one in reports if one.role == "required"]
    excluded = [one.answer for one in reports if one.role == "exclusion"]
    if "not_met" in required or "met" in excluded:
        return "not_met"
    if not required:
        return "no_criteria"
    return "undecided" if "unknown" in required else "met"
