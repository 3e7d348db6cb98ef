"""The chart of one session from a few words, through the engine's own session."""

import re
from dataclasses import dataclass, replace
from typing import Any

from ivig.cited import Citation
from ivig.codec import encode
from ivig.diagnosis import complete, find_indication, lineage
from ivig.errors import InputError
from ivig.finding import Finding
from ivig.indication import Indication, Range, answer_criteria, decide
from ivig.infusion import InfusionChart, starts_low
from ivig.knowledge import Knowledge
from ivig.patient import Dose, Patient, Route
from ivig.plan import NOTICE
from ivig.product import Product
from ivig.references import Reference, number
from ivig.regimen import Regimen
from ivig.safety import (
    RiskAnswer,
    RiskKind,
    assess_risks,
    check_safety,
    class_stops,
    describe_risks,
    slow_reasons,
)
from ivig.session import Need, draw_chart
from ivig.version import __version__

_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_DAY_MIN = 24 * 60
_RECENT_DAY = -28.0  # what "not the first" says when no date is given: inside the 8 weeks
_ASSUMED_MAX_G_PER_KG = 2.0  # where no dose by this route is printed: the usual course


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Citations to be numbered."""

    citations: tuple[Citation, ...]
    references: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """One session as it is handed over; no chart when a finding says why."""

    notice: str
    ivig_version: str
    knowledge_digest: str
    product_id: str
    indication_id: str
    route: Route
    weight_kg: float
    dose_g: float
    start: str
    at_risk: tuple[str, ...]
    chart: InfusionChart | None
    clock: tuple[str, ...]
    """When each step of the chart begins, HH:MM, where the time of the start was given."""
    findings: tuple[Finding, ...]
    references: tuple[Reference, ...] = ()


def chart_data(
    knowledge: Knowledge,
    *,
    product: str,
    indication: str,
    weight_kg: float,
    dose_g: float,
    route: Route | None,
    risks: tuple[str, ...],
    first_infusion: bool | None,
    start: str | None,
) -> dict[str, Any]:
    """The chart as plain data, with findings, numbered references and the notice.

    Raises
    ------
    InputError
        An unknown product or indication, a route the product has not, an impossible weight, dose,
        risk or clock time.
    """
    if product not in knowledge.products:
        raise InputError("product", product, f"one of {', '.join(knowledge.products)}")
    item = knowledge.products[product]
    routes = item.routes.value
    if route is not None and route not in routes:
        raise InputError("route", route, f"{', '.join(routes)} for {product}")
    patient = _patient(indication, weight_kg, product, first_infusion)
    if not 0 < dose_g <= 1000:
        raise InputError("dose_g", dose_g, "grams above 0 and at most 1000")
    start_min = _clock_min(start)
    found = complete(
        find_indication(indication, patient, knowledge.indications), knowledge.indications
    )
    need = _need(knowledge, patient, found, route or routes[0], dose_g, risks)
    drawn = _drawn(knowledge, need, item, found, start_min)
    numbered, references = number(drawn, knowledge.sources)
    return encode(replace(numbered, references=references))


def _drawn(
    knowledge: Knowledge,
    need: Need,
    product: Product,
    indication: Indication,
    start_min: int | None,
) -> Drawn:
    patient, dose_g = need.patient, need.regimen.amount_g
    findings = _safe(knowledge, need, product, indication)
    chart = None
    if not any(finding.kind == "stop" for finding in findings):
        chart, notes = draw_chart(need, product, dose_g)
        findings = (*findings, *notes)
    order = {"stop": 0, "caution": 1, "unknown": 2, "advice": 3, "fact": 4}
    steps = () if chart is None or start_min is None else chart.steps
    low = starts_low(patient, product.id, long_gap_day=need.rules.long_gap_day.value)
    return Drawn(
        notice=NOTICE,
        ivig_version=__version__,
        knowledge_digest=knowledge.digest,
        product_id=product.id,
        indication_id=indication.id,
        route=need.regimen.route,
        weight_kg=patient.weight_kg,
        dose_g=dose_g,
        start=low or "established on this product",
        at_risk=slow_reasons(dict(need.risks)),
        chart=chart,
        clock=tuple(_clock(start_min or 0, step.start_min) for step in steps),
        findings=tuple(sorted(dict.fromkeys(findings), key=lambda finding: order[finding.kind])),
    )


def _patient(
    indication: str, weight_kg: float, product: str, first_infusion: bool | None
) -> Patient:
    doses: tuple[Dose, ...] | None = () if first_infusion else None
    if first_infusion is False:
        doses = (Dose(time_day=_RECENT_DAY, amount_g=1.0, product=product),)
    return Patient(diagnosis=indication, weight_kg=weight_kg, doses=doses)


def _need(
    knowledge: Knowledge,
    patient: Patient,
    indication: Indication,
    route: Route,
    dose_g: float,
    risks: tuple[str, ...],
) -> Need:
    line = tuple(item.id for item in lineage(indication, knowledge.indications))
    return Need(
        patient=patient,
        uses=tuple(dict.fromkeys((*line, *indication.labelled_as))),
        regimen=_as_ordered(patient, indication, route, dose_g),
        jurisdiction="us",
        tolerance_percent=0.0,
        risks=_risks(knowledge, patient, risks),
        excipients=knowledge.excipients,
        rules=knowledge.infusion,
    )


def _as_ordered(patient: Patient, indication: Indication, route: Route, dose_g: float) -> Regimen:
    """The dose as a regimen of one day; a session the sources want long stays long."""
    per_kg = dose_g / patient.weight_kg
    hours = [c.value.duration_h for c in indication.regimens if c.value.route == route]
    known = [given for given in hours if given is not None]
    return Regimen(
        option_id="as_ordered",
        name="As ordered",
        phase="maintenance",
        route=route,
        section="label",
        text=f"{dose_g:g} g",
        amount_g=dose_g,
        dose_g_per_kg=per_kg,
        dose_range_g_per_kg=Range(low=per_kg, high=per_kg),
        dosing_weight_kg=patient.weight_kg,
        dosing_weight_rule="actual weight",
        weights=(),
        split_days=1,
        interval_day=None,
        duration_h=max(known, key=lambda given: given.low, default=None),
        course="short",
        max_g=None,
        because="as ordered",
    )


def _risks(
    knowledge: Knowledge, patient: Patient, stated: tuple[str, ...]
) -> dict[RiskKind, RiskAnswer]:
    """What was stated; a risk that was not named stays unknown."""
    risks = dict(assess_risks(patient, knowledge.risks))
    kinds: tuple[RiskKind, ...] = ("renal", "thrombosis")
    for kind in kinds:
        present, excluded = kind in stated, f"no-{kind}" in stated
        if present and excluded:
            raise InputError("risks", stated, f"{kind} either present or excluded, not both")
        if present:
            risks[kind] = replace(risks[kind], answer="met", reasons=("as stated",), citations=())
        elif excluded:
            risks[kind] = replace(risks[kind], answer="not_met", missing=(), citations=())
    return risks


def _safe(
    knowledge: Knowledge, need: Need, product: Product, indication: Indication
) -> tuple[Finding, ...]:
    """What forbids the session, then what is not known of this patient."""
    patient = need.patient
    found = (
        *class_stops(patient, knowledge.risks),
        *check_safety(patient, product, knowledge.excipients),
        *describe_risks(dict(need.risks)),
        *_too_much(need, product, indication),
    )
    if decide(indication, answer_criteria(patient, indication)) == "not_indicated":
        text = f"Not indicated: {indication.why_not or indication.summary}"
        where = (indication.fda.citation,)
        found += (Finding(stage="indication", kind="stop", text=text, citations=where),)
    text = f"Whether the criteria for {indication.name} are met was not asked here."
    return (*found, Finding(stage="indication", kind="unknown", text=text))


def _too_much(need: Need, product: Product, indication: Indication) -> tuple[Finding, ...]:
    """A stop above every dose printed for this use and route: a session is part of a course."""
    route, weight_kg = need.regimen.route, need.patient.weight_kg
    printed = [
        (c.value.dose_g_per_kg.high, c.citation)
        for c in indication.regimens
        if c.value.route == route and c.value.dose_g_per_kg is not None
    ]
    for cited in product.doses:
        dose = cited.value
        high = max(dose.dose_g_per_kg_high or 0.0, dose.total_g_per_kg or 0.0)
        if dose.route == route and dose.indication in need.uses and high:
            printed.append((high, cited.citation))
    assumed = (_ASSUMED_MAX_G_PER_KG, Citation(source=None, basis="assumed"))
    most, citation = max(printed, key=lambda one: one[0], default=assumed)
    if need.regimen.amount_g <= most * weight_kg * (1 + 1e-9):
        return ()
    text = (
        f"{need.regimen.amount_g:g} g is above the most printed for a whole course at {weight_kg:g} kg, "
        f"{most * weight_kg:.4g} g ({most:g} g/kg). No chart is given."
    )
    return (Finding(stage="regimen", kind="stop", text=text, citations=(citation,)),)


def _clock_min(text: str | None) -> int | None:
    if text is None:
        return None
    found = _CLOCK.fullmatch(text.strip())
    if found is None:
        raise InputError("start", text, "a clock time HH:MM, 00:00 to 23:59")
    return 60 * int(found[1]) + int(found[2])


def _clock(start_min: int, after_min: float) -> str:
    minutes = round(start_min + after_min) % _DAY_MIN
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
