"""A question goes in; a cited answer, or an honest refusal, comes out."""

from dataclasses import dataclass

from ivig.diagnosis import find_indication
from ivig.evidence.answer import Answer, Audience, Found, Sentence, answer
from ivig.evidence.compute import Facts, compute
from ivig.evidence.library import Library
from ivig.evidence.question import Question
from ivig.indication import Indication, answer_criteria, decide
from ivig.knowledge import Knowledge
from ivig.library import open_library
from ivig.patient import Patient
from ivig.references import Reference, number
from ivig.version import __version__

NOTICE = (
    "Information that supports a decision of qualified clinicians; it is no order and no advice for "
    "one person, and it is not for emergencies. Check it against the current label and guideline."
)
NOTICE_PATIENT = (
    "This is general information. It does not replace your care team. Ask them before you change "
    "anything."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer with its numbered references and where it comes from."""

    notice: str
    ivig_version: str
    knowledge_digest: str
    answer: Answer
    references: tuple[Reference, ...]


def ask(
    text: str,
    knowledge: Knowledge,
    *,
    library: Library | None = None,
    patient: Patient | None = None,
    audience: Audience = "clinician",
    limit: int = 8,
) -> Reply:
    """The cited reply to a question.

    Parameters
    ----------
    library : Library, optional
        When many questions are asked of the same knowledge; else it is opened for this one.
    patient : Patient, optional
        Whose criteria are then answered: met, not met or unknown.
    limit : int
        The most sentences of one kind of source, 1 or more.
    """

    made = answer(
        text,
        library or open_library(knowledge),
        compute=lambda question: computed(question, knowledge, patient),
        audience=audience,
        limit=limit,
    )
    numbered, references = number(made, knowledge.sources)
    return Reply(
        notice=NOTICE_PATIENT if audience == "patient" else NOTICE,
        ivig_version=__version__,
        knowledge_digest=knowledge.digest,
        answer=numbered,
        references=references,
    )


def computed(question: Question, knowledge: Knowledge, patient: Patient | None) -> Found:
    """What the engine works out: from the numbers of the question, and for the patient."""
    results = compute(question, _facts(knowledge))
    opens = next((n for n, one in enumerate(results) if one.kind != "missing"), None)
    sentences = [
        Sentence(
            text=one.text,
            statement_ids=(f"computed:{one.kind}",),
            citations=one.citations,
            working=one.working or None,
            lead=n == opens,
        )
        for n, one in enumerate(results)
    ]
    if patient is not None:
        asked = [knowledge.indications[key] for key in question.indications]
        meant = asked or [find_indication(patient.diagnosis, patient, knowledge.indications)]
        sentences += [s for one in meant[:2] for s in _criteria(patient, one)]
    return Found(
        sentences=tuple(sentences),
        cautions=tuple(dict.fromkeys(text for one in results for text in one.cautions)),
        settles=(opens is not None and bool(question.quantities)) or patient is not None,
    )


def _facts(knowledge: Knowledge) -> Facts:
    return Facts(
        products=knowledge.products,
        indications=knowledge.indications,
        jurisdictions=knowledge.jurisdictions,
        models=knowledge.models,
        outcomes=knowledge.outcomes,
        vaccines=knowledge.vaccines,
        infusion=knowledge.infusion,
    )


_WORDS = {"met": "met", "not_met": "not met", "unknown": "unknown"}
_VERDICTS = {
    "indicated": "indicated: the required criteria are met",
    "conditional": "conditional: evidence or criteria leave room for judgement",
    "not_indicated": "not indicated on what is recorded",
    "unknown": "cannot be decided yet: something required is not recorded",
}


def _criteria(patient: Patient, indication: Indication) -> list[Sentence]:
    """The verdict for this patient, then each criterion with the value that decided."""
    answers = answer_criteria(patient, indication)
    verdict = decide(indication, answers)
    found = [
        Sentence(
            text=f"This patient, {indication.name}: {_VERDICTS[verdict]}.",
            statement_ids=(f"indications/{indication.id}#criteria",),
            citations=tuple(dict.fromkeys(c for one in answers for c in one.citations))
            or (indication.fda.citation,),
            lead=True,
        )
    ]
    found += [
        Sentence(
            text=f"{one.text} ({one.role}): {_WORDS[one.answer]}.",
            statement_ids=(f"indications/{indication.id}#criteria.{one.id}",),
            citations=one.citations,
            working=one.because,
        )
        for one in answers
    ]
    return found
