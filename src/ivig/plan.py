"""A patient goes in, a cited plan comes out: the table of contents of the whole system."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from ivig.alternatives import Alternatives, alternatives
from ivig.bedside import Infusion, bedside
from ivig.cited import Cited
from ivig.codec import walk
from ivig.criterion import Test
from ivig.diagnosis import complete, find_indication, lineage
from ivig.dosing_weight import JurisdictionRules
from ivig.errors import InputError
from ivig.finding import Finding, from_cited, in_order
from ivig.indication import Indication, IndicationPart, RegimenOption, assess, describe
from ivig.knowledge import Knowledge
from ivig.monitoring import Monitoring, monitor
from ivig.outcome.benefit import expected_benefits
from ivig.outcome.harm import expected_harms
from ivig.outcome.relation import Outcome
from ivig.patient import Patient, Route
from ivig.pk.forecast import Forecaster, Kinetics
from ivig.plausible import doubt_weight
from ivig.references import Reference, number
from ivig.regimen import Regimen, choose_option, on_treatment, propose_regimen
from ivig.safety import assess_risks, class_stops, describe_risks, slow_reasons
from ivig.selection import ProductPart, choose_product, rank_products
from ivig.session import Need, Session
from ivig.version import __version__

T = TypeVar("T")

NOTICE = (
    "For qualified clinicians. This document supports a decision; it is no order, it has not been "
    "cleared by any authority, and it is not for emergencies. Check it against the current label."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything the engine has to say about one patient, and where it comes from.

    ``regimen``, ``product``, ``infusion`` and ``kinetics`` are None when treatment is not
    indicated or is contraindicated: no dose is offered then.
    """

    notice: str
    ivig_version: str
    knowledge_digest: str
    jurisdiction: str
    patient: Patient
    indication: IndicationPart
    regimen: Regimen | None = None
    product: ProductPart | None = None
    infusion: Infusion | None = None
    kinetics: Kinetics | None = None
    outcomes: tuple[Outcome, ...] = ()
    alternatives: Alternatives | None = None
    monitoring: Monitoring | None = None
    findings: tuple[Finding, ...] = ()
    references: tuple[Reference, ...] = ()

    @property
    def stops(self) -> tuple[Finding, ...]:
        """The findings that forbid what was asked for."""
        return tuple(finding for finding in self.findings if finding.kind == "stop")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """What is settled before a dose is thought of."""

    patient: Patient
    knowledge: Knowledge
    route: Route
    jurisdiction: str
    rules: JurisdictionRules
    indication: Indication
    line: tuple[str, ...]
    """The indication's id, then those of its parents."""
    plan: Plan
    findings: tuple[Finding, ...]


def make_plan(
    patient: Patient,
    knowledge: Knowledge,
    *,
    indication: str | None = None,
    product: str | None = None,
    route: Route = "iv",
    jurisdiction: str = "us",
) -> Plan:
    """The cited plan for one patient.

    Parameters
    ----------
    indication : str, optional
        Id, synonym or ICD-10-CM code; the patient's diagnosis when not given.
    product : str, optional
        Id of the product wanted; the best-ranked one when not given. A product this patient must
        not have leads to a *stop* and no chart.
    jurisdiction : str
        One of ``knowledge.jurisdictions``.

    Raises
    ------
    InputError
        An unknown diagnosis, product or jurisdiction, or a product of another route.
    """
    rules = _named(knowledge.jurisdictions, jurisdiction, "jurisdiction")
    if product is not None:
        _named(knowledge.products, product, "product")
    case = _open_case(patient, knowledge, rules, indication, route)
    stops = class_stops(patient, knowledge.risks)
    if stops or case.plan.indication.verdict == "not_indicated":
        return _refuse(case, stops)
    return _treat(case, product)


def _named(items: Mapping[str, T], key: str, field: str) -> T:
    if key not in items:
        raise InputError(field, key, f"one of {', '.join(items)}")
    return items[key]


def _open_case(
    patient: Patient,
    knowledge: Knowledge,
    rules: JurisdictionRules,
    diagnosis: str | None,
    route: Route,
) -> _Case:
    """Which indication, and whether treatment is indicated."""
    found = find_indication(diagnosis or patient.diagnosis, patient, knowledge.indications)
    indication = complete(found, knowledge.indications)
    line = tuple(item.id for item in lineage(found, knowledge.indications))
    statements = [
        fact
        for name in line
        if name in knowledge.statements
        for fact in knowledge.statements[name].statements
    ]
    part = describe(patient, indication, tuple(statements))
    return _Case(
        patient=patient,
        knowledge=knowledge,
        route=route,
        jurisdiction=rules.id,
        rules=rules,
        indication=indication,
        line=line,
        plan=Plan(
            notice=NOTICE,
            ivig_version=__version__,
            knowledge_digest=knowledge.digest,
            jurisdiction=rules.id,
            patient=patient,
            indication=part,
        ),
        findings=(
            *_about_input(patient),
            *_unused(patient, indication, knowledge),
            *assess(patient, indication),
            *_elsewhere(indication, rules),
        ),
    )


def _about_input(patient: Patient) -> tuple[Finding, ...]:
    """What was not given, and what no rule knows: said, never swallowed."""
    missing = {
        "age": patient.age_year is None,
        "sex": patient.sex is None,
        "height": patient.height_cm is None,
        "earlier immunoglobulin doses": patient.doses is None,
        "conditions": patient.conditions is None,
        "allergies": patient.allergies is None,
        "earlier reactions to immunoglobulin": patient.history.reaction_to_ig is None,
        "blood group": patient.blood_group is None,
    }
    found: list[Finding] = []
    if names := [name for name, is_missing in missing.items() if is_missing]:
        text = f"Not given, and so unknown: {', '.join(names)}."
        found.append(Finding(stage="patient", kind="unknown", text=text))
    if patient.unrecognised:
        words = ", ".join(patient.unrecognised)
        text = f"No rule knows these conditions, so nothing was done with them: {words}."
        found.append(Finding(stage="patient", kind="caution", text=text))
    return (*found, *doubt_weight(patient))


def _unused(patient: Patient, indication: Indication, knowledge: Knowledge) -> tuple[Finding, ...]:
    """Clinical findings that no rule of this indication, or of a product, asks for."""
    if not patient.findings:
        return ()
    rules = (indication, knowledge.excipients, knowledge.differences)
    tests = [value for rule in rules for _, value in walk(rule) if isinstance(value, Test)]
    asked = {test.finding for test in tests}
    unused = [name for name, _ in patient.findings if name not in asked]
    if not unused:
        return ()
    known = ", ".join(sorted(name for name in asked if name)) or "none"
    text = f"Given, but no rule of this indication asks for it: {', '.join(unused)}."
    because = f"findings that are asked for: {known}"
    return (Finding(stage="patient", kind="fact", text=text, because=because),)


def _elsewhere(indication: Indication, rules: JurisdictionRules) -> tuple[Finding, ...]:
    """What the chosen place says of this use."""
    place = rules.id.split("-")[0]
    return tuple(
        Finding(
            stage="indication",
            kind="fact",
            text=f"{rules.name}: {fact.value.text}",
            citations=(fact.citation,),
        )
        for fact in indication.elsewhere
        if fact.value.jurisdiction == place
    )


def _refuse(case: _Case, stops: tuple[Finding, ...]) -> Plan:
    """The plan that says no: the reason, what the evidence showed, what else there is."""
    known = tuple(case.knowledge.outcomes.values())
    benefits = expected_benefits(
        case.patient,
        case.line,
        known,
        trough_g_per_L=None,
        dose_g_per_kg=None,
        route=case.route,
    )
    others = tuple(from_cited("alternative", "advice", f) for f in case.indication.alternatives)
    plan = replace(
        case.plan,
        outcomes=benefits if case.plan.indication.verdict == "not_indicated" else (),
        alternatives=Alternatives(subcutaneous=(), notes=(), others=others),
    )
    return _finish(plan, (*stops, *case.findings), case.knowledge)


def _treat(case: _Case, product: str | None) -> Plan:
    """Dose → product → infusion → kinetics → outcomes → alternatives → monitoring."""
    patient, knowledge, indication = case.patient, case.knowledge, case.indication
    option = choose_option(patient, indication, route=case.route, jurisdiction=case.jurisdiction)
    if option is None:
        return _finish(case.plan, (*case.findings, _no_regimen(case)), knowledge)
    need, dose_notes = _need(case, option)
    ranking = rank_products(need, knowledge.products)
    part, session, product_notes = choose_product(need, ranking, knowledge.products, product)
    regimen = _as_given(need.regimen, session)
    forecaster = Forecaster(
        patient,
        knowledge.models,
        population=indication.pk_population,
        category=indication.category,
        targets=indication.targets,
    )
    kinetics = forecaster.kinetics(regimen, duration_h=_session_h(session))
    plan = replace(
        case.plan,
        regimen=regimen,
        product=part,
        infusion=_infusion(case, need, session),
        kinetics=kinetics,
        outcomes=_outcomes(case, regimen, kinetics),
        alternatives=alternatives(need, indication, knowledge.products, trough=forecaster.trough),
        monitoring=monitor(indication, regimen, knowledge.vaccines, knowledge.laboratory),
    )
    findings = (
        *case.findings,
        *_if_undecided(case),
        *dose_notes,
        *describe_risks(dict(need.risks)),
        *product_notes,
        *forecaster.findings,
    )
    return _finish(plan, findings, knowledge)


def _need(case: _Case, option: Cited[RegimenOption]) -> tuple[Need, tuple[Finding, ...]]:
    """What a product is wanted for, and what to know about its dose."""
    patient, knowledge = case.patient, case.knowledge
    risks = assess_risks(patient, knowledge.risks)
    gentle = bool(slow_reasons(risks)) or not on_treatment(patient)
    regimen, notes = propose_regimen(patient, case.indication, case.rules, option, gentle=gentle)
    need = Need(
        patient=patient,
        uses=tuple(dict.fromkeys((*case.line, *case.indication.labelled_as))),
        regimen=regimen,
        jurisdiction=case.jurisdiction,
        tolerance_percent=case.rules.rounding_tolerance_percent.value,
        risks=risks,
        excipients=knowledge.excipients,
        rules=knowledge.infusion,
    )
    return need, notes


def _no_regimen(case: _Case) -> Finding:
    return Finding(
        stage="regimen",
        kind="unknown",
        text=f"No {case.route.upper()} regimen with a dose is known for {case.indication.name}; "
        "none is offered.",
        citations=(case.indication.fda.citation,),
    )


def _if_undecided(case: _Case) -> tuple[Finding, ...]:
    if case.plan.indication.verdict != "unknown":
        return ()
    text = "The dose below holds only if the criteria that are still unknown turn out to be met."
    return (Finding(stage="regimen", kind="caution", text=text),)


def _as_given(regimen: Regimen, session: Session | None) -> Regimen:
    """The regimen with the dose that whole vials give."""
    if session is None or session.vials is None:
        return regimen
    amount_g = session.vials.amount_g
    per_kg = amount_g / regimen.dosing_weight_kg
    return replace(regimen, amount_g=amount_g, dose_g_per_kg=per_kg)


def _session_h(session: Session | None) -> float | None:
    return session.charts[0].total_min / 60 if session and session.charts else None


def _infusion(case: _Case, need: Need, session: Session | None) -> Infusion | None:
    if session is None or not session.charts:
        return None
    return bedside(
        case.patient,
        session.charts,
        start=session.start or "established on this product",
        rules=need.rules,
        risks=dict(need.risks),
        risk_rules=case.knowledge.risks,
        reactions=case.knowledge.reactions.values(),
    )


def _outcomes(case: _Case, regimen: Regimen, kinetics: Kinetics | None) -> tuple[Outcome, ...]:
    known = tuple(case.knowledge.outcomes.values())
    per_kg = regimen.dose_g_per_kg
    return (
        *expected_benefits(
            case.patient,
            case.line,
            known,
            trough_g_per_L=None if kinetics is None else kinetics.trough_g_per_L,
            dose_g_per_kg=per_kg,
            route=case.route,
            phase=regimen.phase,
        ),
        *expected_harms(
            case.patient,
            case.line,
            known,
            dose_g_per_kg=per_kg,
            route=case.route,
            first_infusion=None if case.patient.doses is None else not case.patient.doses,
        ),
    )


def _finish(plan: Plan, findings: tuple[Finding, ...], knowledge: Knowledge) -> Plan:
    """Stops first, each finding once, every source numbered."""
    numbered, references = number(replace(plan, findings=in_order(findings)), knowledge.sources)
    return replace(numbered, references=references)
