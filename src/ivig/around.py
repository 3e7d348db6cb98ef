"""Around an infusion: what to have before it, what follows it and when, and what to judge it by."""

import datetime
from dataclasses import dataclass, replace

from ivig.access import ReviewRule
from ivig.baseline import Baseline, baselines
from ivig.checklist import CheckItem, check_before
from ivig.cited import Citation, Cited
from ivig.diagnosis import complete
from ivig.errors import InputError
from ivig.finding import Finding, from_cited
from ivig.follow_up import (
    Event,
    Upset,
    haemolysis_checks,
    planned_doses,
    review_events,
    trough_events,
    upset_tests,
    vaccine_events,
    vaccine_findings,
)
from ivig.indication import Indication
from ivig.knowledge import Knowledge
from ivig.patient import Patient
from ivig.plan import NOTICE, Plan
from ivig.product import Product
from ivig.references import Reference, number
from ivig.regimen import Regimen
from ivig.safety import RiskAnswer, assess_risks, describe_risks

YEAR_MONTH = 12.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What surrounds the infusions of one plan.

    ``first_infusion`` is the date of day 0 of the calendar, None when no date is known: the days
    are then counted from it. ``stops`` forbid treatment; no dose and no window is offered then.
    """

    notice: str
    ivig_version: str
    knowledge_digest: str
    jurisdiction: str
    patient: Patient
    indication_id: str
    indication_name: str
    first_infusion: str | None
    infusion_day: float
    """The first infusion, in days from the patient's own day 0."""
    product_name: str | None
    regimen_text: str | None
    stops: tuple[Finding, ...]
    checks: tuple[CheckItem, ...]
    risks: tuple[Finding, ...]
    events: tuple[Event, ...]
    mitigations: tuple[Finding, ...]
    """What the risks that were found ask for."""
    vaccines: tuple[Finding, ...]
    upsets: tuple[Upset, ...]
    measures: tuple[Baseline, ...]
    how_to_measure: tuple[Finding, ...]
    targets: tuple[Finding, ...]
    stopping: tuple[Finding, ...]
    references: tuple[Reference, ...] = ()


def around(plan: Plan, knowledge: Knowledge, *, first_infusion: str | None = None) -> Around:
    """What to check before, and what follows with its days, for a plan that was made.

    Parameters
    ----------
    first_infusion : str, optional
        The date (2026-03-01) of the first planned infusion; the date of the patient's day 0 when
        not given.

    Raises
    ------
    InputError
        No date, or one before the patient's day 0.
    """
    patient = plan.patient
    first, infusion_day = _first(patient, first_infusion)
    found = knowledge.indications[plan.indication.id]
    indication = complete(found, knowledge.indications)
    risks = assess_risks(patient, knowledge.risks)
    product = _product(plan, knowledge)
    made = Around(
        notice=NOTICE,
        ivig_version=plan.ivig_version,
        knowledge_digest=plan.knowledge_digest,
        jurisdiction=plan.jurisdiction,
        patient=patient,
        indication_id=indication.id,
        indication_name=indication.name,
        first_infusion=first,
        infusion_day=infusion_day,
        product_name=None if product is None else product.name,
        regimen_text=None if plan.regimen is None else _regimen_text(plan.regimen),
        stops=plan.stops,
        checks=check_before(
            patient,
            knowledge.checklist,
            dose_g_per_kg=None if plan.regimen is None else plan.regimen.dose_g_per_kg,
            infusion_day=infusion_day,
        ),
        risks=describe_risks(risks),
        events=_events(plan, knowledge, indication, risks["haemolysis"]),
        mitigations=_mitigations(plan),
        vaccines=_vaccine_rules(plan, knowledge),
        upsets=() if plan.stops else upset_tests(plan.regimen, knowledge.laboratory, product),
        measures=baselines(patient, indication),
        how_to_measure=tuple(from_cited("monitoring", "advice", f) for f in indication.monitoring),
        targets=() if plan.monitoring is None else plan.monitoring.targets,
        stopping=tuple(from_cited("monitoring", "advice", f) for f in indication.stopping),
    )
    numbered, references = number(made, knowledge.sources)
    return replace(numbered, references=references)


def _product(plan: Plan, knowledge: Knowledge) -> Product | None:
    chosen = plan.product
    return None if chosen is None or chosen.id is None else knowledge.products[chosen.id]


def _mitigations(plan: Plan) -> tuple[Finding, ...]:
    before = () if plan.infusion is None else plan.infusion.before
    return tuple(finding for finding in before if finding.kind == "caution")


def _first(patient: Patient, given: str | None) -> tuple[str | None, float]:
    """The date of the first infusion, and its day in the patient's own count."""
    if given is None:
        return patient.as_of, 0.0
    try:
        date = datetime.date.fromisoformat(given)
    except ValueError as error:
        raise InputError("start", given, "a date written as 2026-03-01") from error
    if patient.as_of is None:
        return date.isoformat(), 0.0
    later = (date - datetime.date.fromisoformat(patient.as_of)).days
    if later < 0:
        raise InputError("start", given, f"a date from day 0 of the patient on, {patient.as_of}")
    return date.isoformat(), float(later)


def _regimen_text(regimen: Regimen) -> str:
    text = f"{regimen.name}: {regimen.amount_g:g} g"
    text += f" over {regimen.split_days} days" if regimen.split_days > 1 else ""
    if regimen.interval_day is not None:
        text += f" every {regimen.interval_day:g} days"
    return text if regimen.then is None else f"{text}; then {_regimen_text(regimen.then)}"


def _events(
    plan: Plan, knowledge: Knowledge, indication: Indication, haemolysis: RiskAnswer
) -> tuple[Event, ...]:
    """Everything with a day, in order of time."""
    regimen = plan.regimen
    if regimen is None or plan.stops:
        return ()
    steady_day = None if plan.kinetics is None else plan.kinetics.time_to_steady_state_day
    found = [
        *planned_doses(regimen),
        *trough_events(regimen, indication, steady_day),
        *review_events(indication, treated=bool(plan.patient.doses)),
        *vaccine_events(regimen, knowledge.vaccines),
        *_place_reviews(plan, knowledge, indication),
    ]
    high = regimen.dose_g_per_kg >= HIGH_DOSE_G_PER_KG
    if high and regimen.route == "iv" and haemolysis.answer != "not_met":
        why = "; ".join(haemolysis.reasons) or "the blood group is not known"
        found += haemolysis_checks(regimen, *_haemolysis_sources(knowledge), risk=why)
    if indication.course == "ongoing":
        found.append(_yearly_bloods(knowledge))
    return tuple(sorted(found, key=lambda event: event.about_day))


HIGH_DOSE_G_PER_KG = 0.95
"""From about 1 g/kg a course counts as high for haemolysis: our bound; the label says "high dose"."""


def _haemolysis_sources(knowledge: Knowledge) -> tuple[Citation, Citation]:
    """The two mitigations of knowledge/safety/risks.yaml that give the times."""
    facts = [c for c in knowledge.risks.mitigations if c.value.risk == "haemolysis"]
    early = next(c for c in facts if "36-96" in c.value.text)
    late = next(c for c in facts if "5-10" in c.value.text)
    return early.citation, late.citation


def _yearly_bloods(knowledge: Knowledge) -> Event:
    limit = knowledge.checklist.stale_maintenance_day
    return Event(
        id="yearly-bloods",
        kind="test",
        text="Haemoglobin and renal function once a year in maintenance, sooner with symptoms",
        day=0.0,
        plus_month=YEAR_MONTH,
        repeat_month=YEAR_MONTH,
        citations=(limit.citation,),
    )


def _place_reviews(plan: Plan, knowledge: Knowledge, indication: Indication) -> list[Event]:
    """The reviews that the place which pays asks for."""
    place = plan.jurisdiction.split("-")[0]
    if place not in knowledge.access or indication.course != "ongoing":
        return []
    rules = knowledge.access[place]
    entry = next((e for e in rules.entries if e.indication == indication.id), None)
    facts = (*(entry.review if entry else ()), *rules.review)
    return [_place_review(rules.name, i, fact) for i, fact in enumerate(facts) if _timed(fact)]


def _timed(fact: Cited[ReviewRule]) -> bool:
    return fact.value.after_month is not None or fact.value.every_month is not None


def _place_review(place: str, n: int, fact: Cited[ReviewRule]) -> Event:
    rule = fact.value
    return Event(
        id=f"review-place-{n + 1}",
        kind="review",
        text=f"{place}: {rule.text}",
        day=0.0,
        plus_month=rule.after_month or rule.every_month,
        repeat_month=rule.every_month,
        citations=(fact.citation,),
    )


def _vaccine_rules(plan: Plan, knowledge: Knowledge) -> tuple[Finding, ...]:
    if plan.stops or plan.regimen is None:
        return ()
    rules = tuple(from_cited("monitoring", "advice", fact) for fact in knowledge.vaccines.rules)
    return (*vaccine_findings(plan.regimen, knowledge.vaccines), *rules)
