"""Is it indicated, and does the place that pays agree: criteria met, not met, unknown, and why."""

from dataclasses import dataclass, replace

from ivig.access import Access, CriterionReport, assess_access, report_criterion
from ivig.diagnosis import complete, find_indication, lineage
from ivig.errors import InputError
from ivig.finding import Finding
from ivig.indication import FdaStatus, Tier, Verdict, answer_criteria, decide
from ivig.knowledge import Knowledge
from ivig.patient import Patient
from ivig.plan import NOTICE
from ivig.references import Reference, number
from ivig.safety import class_stops
from ivig.version import __version__


@dataclass(frozen=True, slots=True, kw_only=True)
class Eligibility:
    """The engine's own verdict, and that of one place.

    ``verdict`` is the one a plan gives. ``access.decision`` is the place's: the two may differ, and
    both are shown. ``covered`` is False when nothing is held of this place for this use.
    """

    notice: str
    ivig_version: str
    knowledge_digest: str
    patient: Patient
    indication_id: str
    indication_name: str
    tier: Tier
    fda_status: FdaStatus
    verdict: Verdict
    summary: str
    why_not: str | None
    stops: tuple[Finding, ...]
    criteria: tuple[CriterionReport, ...]
    access: Access
    covered: bool
    references: tuple[Reference, ...] = ()

    @property
    def refused(self) -> bool:
        """Whether it is not indicated: by the evidence, by the place, or contraindicated."""
        return bool(
            self.stops or self.verdict == "not_indicated" or self.access.decision == "not_met"
        )


def assess_eligibility(
    patient: Patient, knowledge: Knowledge, *, place: str, indication: str | None = None
) -> Eligibility:
    """Each criterion of the evidence and of one place, with the values and dates used.

    Parameters
    ----------
    place : str
        One of ``knowledge.access``: us, uk, au, ca.
    indication : str, optional
        Id, synonym or ICD-10-CM code; the patient's diagnosis when not given.

    Raises
    ------
    InputError
        An unknown place or diagnosis.
    """
    if place not in knowledge.access:
        raise InputError("jurisdiction", place, f"one of {', '.join(knowledge.access)}")
    found = find_indication(indication or patient.diagnosis, patient, knowledge.indications)
    whole = complete(found, knowledge.indications)
    line = tuple(item.id for item in lineage(found, knowledge.indications))
    access = assess_access(patient, whole, line, knowledge.access[place], knowledge.obtain)
    made = Eligibility(
        notice=NOTICE,
        ivig_version=__version__,
        knowledge_digest=knowledge.digest,
        patient=patient,
        indication_id=whole.id,
        indication_name=whole.name,
        tier=whole.tier,
        fda_status=whole.fda.value.status,
        verdict=decide(whole, answer_criteria(patient, whole)),
        summary=whole.summary,
        why_not=whole.why_not,
        stops=class_stops(patient, knowledge.risks),
        criteria=tuple(report_criterion(c, patient, knowledge.obtain) for c in whole.criteria),
        access=access,
        covered=bool(access.criteria) or access.standing not in (None, "not_listed"),
    )
    numbered, references = number(made, knowledge.sources)
    return replace(numbered, references=references)


def open_criteria(made: Eligibility) -> tuple[CriterionReport, ...]:
    """The deciding criteria that are not met or unknown, each once: what a letter must not hide."""
    found: dict[str, CriterionReport] = {}
    for one in (*made.access.criteria, *made.criteria):
        unmet = one.role == "required" and one.answer != "met"
        excluded = one.role == "exclusion" and one.answer != "not_met"
        if unmet or excluded:
            found.setdefault(one.text, one)
    return tuple(found.values())
