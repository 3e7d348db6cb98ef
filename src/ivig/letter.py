"""A prior-authorisation or appeal letter: the patient's own data and sourced statements, no more."""

from dataclasses import dataclass, replace
from typing import Literal

from ivig.baseline import Baseline, baselines
from ivig.criterion import MEASURES, Test, explain
from ivig.diagnosis import complete, lineage
from ivig.eligibility import Eligibility, assess_eligibility, open_criteria
from ivig.finding import Finding, from_cited
from ivig.indication import Evidence, Indication, Section, rank_evidence
from ivig.knowledge import Knowledge
from ivig.patient import Patient
from ivig.plan import Plan, make_plan
from ivig.references import Reference, number
from ivig.regimen import Regimen
from ivig.used import measured_day

LetterKind = Literal["prior-authorisation", "appeal"]

_SHOWN: dict[Section, int] = {"guideline": 6, "research": 4, "label": 4}
_SURE = ("read", "derived")
"""Only what was read, or computed from what was read, is quoted to a payer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One of the patient's own data; ``time_day`` None: no date recorded."""

    text: str
    time_day: float | None = None
    dated: bool = True
    """Whether this kind of value has a date at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What a letter says; whoever signs it answers for it.

    ``unmet``: the deciding criteria that are not met or unknown. ``request`` is empty when no dose is
    offered: not indicated, or contraindicated.
    """

    kind: LetterKind
    payer: str | None
    denial_reason: str | None
    eligibility: Eligibility
    stops: tuple[Finding, ...]
    facts: tuple[Fact, ...]
    unmet: tuple[str, ...]
    request: tuple[Finding, ...]
    evidence: tuple[Evidence, ...]
    left_out: int
    """Statements that bear on the use and are only recalled: not quoted."""
    measures: tuple[Baseline, ...]
    review: tuple[Finding, ...]
    stopping: tuple[Finding, ...]
    references: tuple[Reference, ...] = ()


def write_letter(
    patient: Patient,
    knowledge: Knowledge,
    *,
    place: str,
    rules: str,
    kind: LetterKind = "prior-authorisation",
    indication: str | None = None,
    product: str | None = None,
    payer: str | None = None,
    denial_reason: str | None = None,
) -> Letter:
    """Put a letter together.

    Parameters
    ----------
    place : str
        Whose criteria: one of ``knowledge.access``.
    rules : str
        Whose dosing rules: one of ``knowledge.jurisdictions``.
    product : str, optional
        The product asked for; without one the letter names none.

    Raises
    ------
    InputError
        An unknown place, diagnosis or product.
    """
    plan = make_plan(patient, knowledge, indication=indication, product=product, jurisdiction=rules)
    eligible = assess_eligibility(patient, knowledge, place=place, indication=indication)
    whole = complete(knowledge.indications[plan.indication.id], knowledge.indications)
    evidence, left_out = _evidence(knowledge, plan.indication.id, place)
    refused = eligible.refused or bool(plan.stops)
    made = Letter(
        kind=kind,
        payer=payer,
        denial_reason=denial_reason,
        eligibility=eligible,
        stops=plan.stops,
        facts=_facts(patient),
        unmet=tuple(one.text for one in open_criteria(eligible)),
        request=() if refused else _request(plan, product is not None),
        evidence=evidence,
        left_out=left_out,
        measures=baselines(patient, whole),
        review=_review(whole),
        stopping=_stopping(whole, _of_other_places(knowledge, place)),
    )
    numbered, references = number(made, knowledge.sources)
    return replace(numbered, references=references)


def _review(indication: Indication) -> tuple[Finding, ...]:
    """When to look again, if that was read."""
    rule = indication.review
    if rule is None or rule.basis not in _SURE:
        return ()
    text, citations = rule.value.text, (rule.citation,)
    return (Finding(stage="monitoring", kind="advice", text=text, citations=citations),)


def _stopping(indication: Indication, elsewhere: frozenset[str]) -> tuple[Finding, ...]:
    """When to stop, as read in sources that are not another place's payment rules."""
    return tuple(
        from_cited("monitoring", "advice", fact)
        for fact in indication.stopping
        if fact.basis in _SURE and fact.source not in elsewhere
    )


def _evidence(knowledge: Knowledge, name: str, place: str) -> tuple[tuple[Evidence, ...], int]:
    """The leading statements, for and against, without those on what other places pay for."""
    elsewhere = _of_other_places(knowledge, place)
    line = [one.id for one in lineage(knowledge.indications[name], knowledge.indications)]
    facts = [
        fact
        for key in line
        if key in knowledge.statements
        for fact in knowledge.statements[key].statements
        if fact.source not in elsewhere
    ]
    sure = tuple(
        fact
        for fact in facts
        if fact.basis in _SURE and knowledge.sources[fact.source or ""].basis in _SURE
    )
    return rank_evidence(sure, name, limits=_SHOWN), len(facts) - len(sure)


def _of_other_places(knowledge: Knowledge, place: str) -> frozenset[str]:
    """Documents of other places on what they pay for: no argument here."""
    others = {
        source
        for rules in knowledge.access.values()
        if rules.id != place
        for source in rules.documents
    }
    return frozenset(others - set(knowledge.access[place].documents))


def _request(plan: Plan, named: bool) -> tuple[Finding, ...]:
    """What is asked for: the dose, its weight, and the product when one was named."""
    regimen = plan.regimen
    if regimen is None:
        return ()
    found = [_dose(regimen, rounded=named)]
    if regimen.then is not None:
        found.append(_dose(regimen.then, rounded=named))
    product = plan.product
    text = "No particular product is asked for."
    if named and product is not None and product.name is not None:
        text = f"Product: {product.name}."
    return (*found, Finding(stage="product", kind="fact", text=text))


def _dose(regimen: Regimen, *, rounded: bool) -> Finding:
    """The dose; to whole vials only when a product was named, since vials differ."""
    amount_g = regimen.amount_g if rounded else _unrounded_g(regimen)
    per_kg = amount_g / regimen.dosing_weight_kg
    text = f"{regimen.name}: {amount_g:.4g} g ({per_kg:.2g} g/kg"
    text += f" on {regimen.dosing_weight_kg:.4g} kg, {regimen.dosing_weight_rule})"
    text += f" over {regimen.split_days} days" if regimen.split_days > 1 else ""
    if regimen.interval_day is not None:
        text += f", every {regimen.interval_day:g} days"
    route = {"iv": "intravenously", "sc": "subcutaneously", "fsc": "subcutaneously"}
    return Finding(
        stage="regimen",
        kind="fact",
        text=f"{text}, {route[regimen.route]}",
        because=regimen.text,
        citations=tuple(c for c in regimen.citations if c.basis in _SURE),
    )


def _unrounded_g(regimen: Regimen) -> float:
    """The dose on the dosing weight before whole vials."""
    chosen = [
        choice.amount_g
        for choice in regimen.weights
        if choice.weight_kg is not None
        and choice.amount_g is not None
        and abs(choice.weight_kg - regimen.dosing_weight_kg) < 0.01
    ]
    return chosen[0] if chosen else regimen.amount_g


def _facts(patient: Patient) -> tuple[Fact, ...]:
    """The record, item by item: nothing is said that it does not hold."""
    found = [
        Fact(text=f"Weight {patient.weight_kg:.4g} kg", dated=False),
        *_measurements(patient),
        *_findings(patient),
        *_treatment(patient),
    ]
    for title, items in (("Conditions", patient.conditions), ("Allergies", patient.allergies)):
        if items is None:
            found.append(Fact(text=f"{title}: not recorded", dated=False))
        else:
            words = ", ".join(item.replace("_", " ") for item in items) or "none"
            found.append(Fact(text=f"{title}: {words}", dated=False))
    return tuple(found)


def _measurements(patient: Patient) -> list[Fact]:
    found: list[Fact] = []
    for name in MEASURES:
        if name in ("weight_kg", "age_year", "bmi_kg_per_m2"):
            continue
        text = explain(Test(measure=name, at_least=0.0), patient)
        if text.endswith(" unknown"):
            continue
        has_date = name != "height_cm"
        day = measured_day(patient, name) if has_date else None
        found.append(
            Fact(
                text=_capital(text),
                time_day=day,
                dated=has_date,
            )
        )
    return found


def _findings(patient: Patient) -> list[Fact]:
    return [Fact(text=_capital(explain(Test(finding=key), patient))) for key, _ in patient.findings]


def _treatment(patient: Patient) -> list[Fact]:
    """Immunoglobulin so far, and the infections."""
    found: list[Fact] = []
    if patient.doses is None:
        found.append(Fact(text="Earlier immunoglobulin: not recorded", dated=False))
    elif not patient.doses:
        found.append(Fact(text="Earlier immunoglobulin: none", dated=False))
    for dose in patient.doses or ():
        text = f"Immunoglobulin given: {dose.amount_g:g} g {dose.route.upper()}"
        found.append(Fact(text=f"{text} {dose.product or ''}".rstrip(), time_day=dose.time_day))
    for infection in patient.infections or ():
        kind = (infection.kind or "kind not recorded").replace("_", " ")
        severe = {True: ", severe", False: "", None: ", severity not recorded"}[infection.severe]
        found.append(Fact(text=f"Infection: {kind}{severe}", time_day=infection.time_day))
    return found


def _capital(text: str) -> str:
    """The first letter raised, unless the word is written in its own way, like eGFR."""
    return text[0].upper() + text[1:] if text.split()[0].rstrip(":").islower() else text
