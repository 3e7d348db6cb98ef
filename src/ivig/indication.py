"""Is immunoglobulin indicated for this patient, and by whose evidence?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from ivig.cited import Citation, Cited
from ivig.criterion import Answer, Test, ask, explain
from ivig.finding import Finding, Kind
from ivig.patient import Patient, Route
from ivig.statement import Section, Statement

Category = Literal["replacement", "immunomodulation"]
Tier = Literal["established", "conditional", "limited", "not_routine", "not_recommended"]
FdaStatus = Literal["labelled", "partially_labelled", "off_label", "historical"]
Verdict = Literal["indicated", "conditional", "not_indicated", "unknown"]
Phase = Literal["induction", "maintenance", "treatment", "loading", "prophylaxis", "trial"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One criterion for treatment.

    ``role``: *required* must be met; *supporting* is shown, never decides; *exclusion* met means no.
    """

    id: str
    text: str
    test: Test
    role: Literal["required", "supporting", "exclusion"] = "required"


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """A printed range and, when the source names one, the usual value."""

    low: float
    high: float
    usual: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RegimenOption:
    """One published way to dose this indication.

    ``dose_g_per_kg`` is the total of one administration or of one course (all its days).
    ``split_days`` the days a course may be spread over; ``interval_day`` absent for a single course.
    """

    id: str
    name: str
    phase: Phase
    route: Route
    text: str
    dose_g_per_kg: Range | None = None
    split_days: Range | None = None
    interval_day: Range | None = None
    duration_h: Range | None = None
    max_g: float | None = None
    max_g_per_kg_per_day: float | None = None
    jurisdictions: tuple[str, ...] = ()
    section: Section = "guideline"
    when: Test | None = None
    then: str | None = None
    """Id of the option that follows, e.g. maintenance after induction."""
    default: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What treatment aims at; a trough bound when the source prints one."""

    text: str
    trough_at_least_g_per_L: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """When and how to decide whether to go on."""

    text: str
    after_day: float | None = None
    measures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RegulatoryNote:
    """What one jurisdiction says of this use."""

    jurisdiction: Literal["us", "eu", "uk", "au", "ca"]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FdaNote:
    """Whether a US product names this use, and on what ground we say so."""

    status: FdaStatus
    ground: str
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Indication:
    """One indication: who, how much, how long, and when to stop."""

    id: str
    name: str
    synonyms: tuple[str, ...]
    parent: str | None
    labelled_as: tuple[str, ...] = ()
    """Other ids whose product-label entry covers this one, e.g. pid for cvid."""
    applies_when: Test | None = None
    """Which patients a shared diagnosis code means, e.g. children for itp_child."""
    category: Category
    course: Literal["ongoing", "short"]
    tier: Tier
    summary: str
    why_not: str | None = None
    """One plain sentence for the patient's team when the tier advises against use."""
    icd10_cm: Cited[tuple[str, ...]]
    snomed_ct: Cited[tuple[tuple[str, str], ...]] | None = None
    fda: Cited[FdaNote]
    elsewhere: tuple[Cited[RegulatoryNote], ...] = ()
    criteria: tuple[Cited[Criterion], ...] = ()
    regimens: tuple[Cited[RegimenOption], ...] = ()
    dosing_weight: tuple[Cited[str], ...] = ()
    targets: tuple[Cited[Target], ...] = ()
    time_to_response: Cited[str] | None = None
    monitoring: tuple[Cited[str], ...] = ()
    review: Cited[Review] | None = None
    stopping: tuple[Cited[str], ...] = ()
    alternatives: tuple[Cited[str], ...] = ()
    special_populations: tuple[Cited[str], ...] = ()
    adjuncts: tuple[Cited[str], ...] = ()
    """What must go with it, e.g. aspirin in Kawasaki disease."""
    pk_population: Literal["pid", "sid_haematology", "paediatric_sad", "cidp", "mmn", "other"] = (
        "other"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionAnswer:
    """A criterion and how this patient answers it."""

    id: str
    text: str
    role: Literal["required", "supporting", "exclusion"]
    answer: Answer
    because: str
    citations: tuple[Citation, ...] = ()
    references: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A graded statement, as a plan shows it."""

    id: str
    section: Section
    body: str
    text: str
    year: int | None
    strength: str | None
    level: str | None
    citations: tuple[Citation, ...] = ()
    references: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicationPart:
    """Is it indicated, and by whose evidence: the part of a plan."""

    id: str
    name: str
    category: Category
    tier: Tier
    fda_status: FdaStatus
    verdict: Verdict
    summary: str
    criteria: tuple[CriterionAnswer, ...]
    evidence: tuple[Evidence, ...]


def answer_criteria(patient: Patient, indication: Indication) -> tuple[CriterionAnswer, ...]:
    """Each criterion: met, not met or unknown, with the value that decided."""
    return tuple(
        CriterionAnswer(
            id=cited.value.id,
            text=cited.value.text,
            role=cited.value.role,
            answer=ask(cited.value.test, patient),
            because=explain(cited.value.test, patient),
            citations=(cited.citation,),
        )
        for cited in indication.criteria
    )


def describe(
    patient: Patient, indication: Indication, statements: tuple[Cited[Statement], ...]
) -> IndicationPart:
    """The indication as a plan shows it: verdict, criteria, and the best-graded statements."""
    answers = answer_criteria(patient, indication)
    return IndicationPart(
        id=indication.id,
        name=indication.name,
        category=indication.category,
        tier=indication.tier,
        fda_status=indication.fda.value.status,
        verdict=decide(indication, answers),
        summary=indication.summary,
        criteria=answers,
        evidence=rank_evidence(statements, indication.id, limits=_SHOWN),
    )


def decide(indication: Indication, answers: tuple[CriterionAnswer, ...]) -> Verdict:
    """The verdict: the tier of evidence, then the criteria.

    *unknown* when a required criterion cannot be answered; *not_indicated* when one is not met,
    an exclusion is met, or evidence is against use. An exclusion nobody asked about stays on the
    page as unknown and does not hold the verdict back.
    """
    if indication.tier == "not_recommended":
        return "not_indicated"
    required = [answer.answer for answer in answers if answer.role == "required"]
    excluded = [answer.answer for answer in answers if answer.role == "exclusion"]
    if "not_met" in required or "met" in excluded:
        return "not_indicated"
    if indication.tier == "not_routine" and not required:
        return "not_indicated"
    if "unknown" in required:
        return "unknown"
    return "indicated" if indication.tier == "established" and required else "conditional"


def assess(patient: Patient, indication: Indication) -> tuple[Finding, ...]:
    """What decides for or against treatment: status, criteria, verdict."""
    answers = answer_criteria(patient, indication)
    verdict = decide(indication, answers)
    found = [_verdict_finding(indication, verdict, answers), _fda_finding(indication)]
    found += [_criterion_finding(answer) for answer in answers]
    return tuple(found)


def _verdict_finding(
    indication: Indication, verdict: Verdict, answers: tuple[CriterionAnswer, ...]
) -> Finding:
    missing = [a.text for a in answers if a.answer == "unknown" and a.role == "required"]
    failed = [a.text for a in answers if a.answer == "not_met" and a.role == "required"]
    failed += [a.text for a in answers if a.answer == "met" and a.role == "exclusion"]
    kinds: dict[Verdict, Kind] = {
        "indicated": "fact",
        "conditional": "caution",
        "not_indicated": "stop",
        "unknown": "unknown",
    }
    texts = {
        "indicated": f"Indicated: {indication.summary}",
        "conditional": f"Conditional ({indication.tier.replace('_', ' ')} evidence): {indication.summary}",
        "not_indicated": f"Not indicated: {indication.why_not or indication.summary}",
        "unknown": f"Cannot be decided yet: {indication.summary}",
    }
    reasons = [f"missing: {text}" for text in missing] if verdict == "unknown" else []
    reasons += [f"not met: {text}" for text in failed]
    return Finding(
        stage="indication",
        kind=kinds[verdict],
        text=texts[verdict],
        because="; ".join(reasons) or None,
        citations=tuple(c for a in answers if a.text in failed for c in a.citations)
        or (indication.fda.citation,),
    )


def _fda_finding(indication: Indication) -> Finding:
    note = indication.fda.value
    words = {
        "labelled": "named on a US label",
        "partially_labelled": "only partly covered by a US label",
        "off_label": "off-label in the United States",
        "historical": "once on a US label, not on a current one",
    }
    text = f"{indication.name}: {words[note.status]}."
    return Finding(
        stage="indication",
        kind="fact" if note.status == "labelled" else "caution",
        text=f"{text} {note.text}" if note.text else text,
        because=note.ground.replace("_", " "),
        citations=(indication.fda.citation,),
    )


def _criterion_finding(answer: CriterionAnswer) -> Finding:
    kinds: dict[Answer, Kind] = {"met": "fact", "not_met": "caution", "unknown": "unknown"}
    words = {"met": "met", "not_met": "not met", "unknown": "unknown"}
    return Finding(
        stage="indication",
        kind=kinds[answer.answer],
        text=f"{answer.text}: {words[answer.answer]}",
        because=answer.because,
        citations=answer.citations,
    )


def rank_evidence(
    statements: Sequence[Cited[Statement]], own: str, *, limits: Mapping[Section, int]
) -> tuple[Evidence, ...]:
    """The leading statements of each section.

    Those about the indication itself before its parents', graded ones first, then as filed.
    """

    def key(fact: Cited[Statement]) -> tuple[bool, bool]:
        statement = fact.value
        ungraded = statement.strength is None and statement.level is None
        return statement.indication != own, ungraded

    ordered = sorted(statements, key=key)
    chosen = [
        fact
        for section, limit in limits.items()
        for fact in [f for f in ordered if f.value.section == section][:limit]
    ]
    return tuple(
        Evidence(
            id=fact.value.id,
            section=fact.value.section,
            body=fact.value.body,
            text=fact.value.text,
            year=fact.value.year,
            strength=fact.value.strength,
            level=fact.value.level,
            citations=(fact.citation,),
        )
        for fact in chosen
    )


_SHOWN: dict[Section, int] = {"guideline": 6, "research": 3, "label": 3}
