"""An order in, pump-ready charts out: product, dose, indication, weight, and what is known of risk."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ivig.bedside import bedside
from ivig.chart_report import ChartReport, Order, Session
from ivig.diagnosis import complete, find_indication, lineage
from ivig.dosing_weight import dosing_weight, rate_weight_kg
from ivig.errors import InputError
from ivig.finding import Finding, in_order
from ivig.indication import Indication, answer_criteria, decide
from ivig.infusion import InfusionChart, starts_low
from ivig.knowledge import Knowledge
from ivig.limit import covering_option, dose_limit, over_adjusted, over_limit, under_limit
from ivig.patient import Dose, Patient, Route
from ivig.plan import NOTICE
from ivig.plausible import doubt_weight
from ivig.product import Product, RampStep, label_use
from ivig.product_safety import check_safety
from ivig.pump import pump_lines
from ivig.references import number
from ivig.regimen import Range, Regimen, split_course
from ivig.safety import (
    RiskAnswer,
    RiskKind,
    assess_risks,
    class_stops,
    describe_risks,
    slow_reasons,
)
from ivig.selection import off_label, off_market
from ivig.session import Need, draw_chart
from ivig.session_length import why_so_long
from ivig.version import __version__
from ivig.vials import open_vials

MOST_G = 1000.0
MOST_DAYS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    order: Order
    knowledge: Knowledge
    product: Product
    indication: Indication
    uses: tuple[str, ...]
    route: Route
    risks: Mapping[RiskKind, RiskAnswer]


def make_chart(order: Order, knowledge: Knowledge) -> ChartReport:
    """The pump-ready charts of an order.

    Raises
    ------
    InputError
        An unknown product, indication or jurisdiction, a route the product has not, a dose or a
        number of days that is no such thing.
    """
    case = _open(order, knowledge)
    stops = _stops(case)
    days = order.days or _days(case)
    stops += _limits(case, days)
    need = _need(case, days)
    report = _empty(case, need)
    if any(finding.kind == "stop" for finding in stops):
        return _finish(report, stops, knowledge)
    if order.days is None and case.route == "sc":
        days = _sessions_under_skin(case, need, days)
        need = _need(case, days)
    amounts = _amounts(case, need, days)
    drawn = [draw_chart(one, case.product, amount_g) for _, one, amount_g in amounts]
    notes = tuple(dict.fromkeys(note for _, found in drawn for note in found))
    charts = tuple(chart for chart, _ in drawn if chart is not None)
    if len(charts) < len(amounts):
        return _finish(report, (*stops, *notes, *_age_needed(case)), knowledge)
    labels = [label for label, _, _ in amounts]
    report = _filled(case, need, report, tuple(zip(labels, charts, strict=True)))
    return _finish(report, (*stops, *notes, *_described(case, need)), knowledge)


def _open(order: Order, knowledge: Knowledge) -> _Case:
    if not 0 < order.amount_g <= MOST_G:
        raise InputError("dose", order.amount_g, f"grams above 0 and at most {MOST_G:g}")
    if order.days is not None and not 1 <= order.days <= MOST_DAYS:
        raise InputError("days", order.days, f"1 to {MOST_DAYS}")
    for field, key, items in (
        ("product", order.product, knowledge.products),
        ("jurisdiction", order.jurisdiction, knowledge.jurisdictions),
    ):
        if key not in items:
            raise InputError(field, key, f"one of {', '.join(items)}")
    product = knowledge.products[order.product]
    route = order.route or product.routes.value[0]
    if route not in product.routes.value:
        routes = ", ".join(product.routes.value)
        raise InputError("route", route, f"{routes} for {order.product}")
    found = find_indication(order.patient.diagnosis, order.patient, knowledge.indications)
    indication = complete(found, knowledge.indications)
    line = tuple(item.id for item in lineage(found, knowledge.indications))
    return _Case(
        order=order,
        knowledge=knowledge,
        product=product,
        indication=indication,
        uses=tuple(dict.fromkeys((*line, *indication.labelled_as))),
        route=route,
        risks=_risks(order, knowledge),
    )


def _risks(order: Order, knowledge: Knowledge) -> dict[RiskKind, RiskAnswer]:
    """What the patient shows, then what was stated; a stated absence never hides a shown risk."""
    risks = assess_risks(order.patient, knowledge.risks)
    for kind, answer in assess_risks(_with_present(order), knowledge.risks).items():
        if answer.answer == "met":
            risks[kind] = answer
    for kind, present in order.risks:
        shown = risks[kind]
        if present and shown.answer != "met":
            risks[kind] = replace(shown, answer="met", reasons=("as stated",), citations=())
        elif not present and shown.answer == "unknown":
            risks[kind] = _excluded(shown, order.patient)
    return risks


def _excluded(shown: RiskAnswer, patient: Patient) -> RiskAnswer:
    """What was stated to be absent is, but for age: over 65 it is a risk that only age tells."""
    if patient.age_year is None:
        return replace(shown, missing=("age, which is not given",))
    return replace(shown, answer="not_met", missing=(), citations=())


def _with_present(order: Order) -> Patient:
    if not order.present:
        return order.patient
    known = (*(order.patient.conditions or ()), *order.present)
    allergies = (*(order.patient.allergies or ()), *order.present)
    return replace(order.patient, conditions=known, allergies=allergies)


def _checked(case: _Case) -> tuple[Finding, ...]:
    """The class and the product, asked with and without what is present.

    Naming one condition answers for itself and for no other, so what was not known stays so.
    """
    rules, excipients = case.knowledge.risks, case.knowledge.excipients
    shown = _with_present(case.order)
    sure = (*class_stops(shown, rules), *check_safety(shown, case.product, excipients))
    sure = tuple(finding for finding in sure if finding.kind in ("stop", "caution"))
    answered = {finding.citations for finding in sure}
    asked = check_safety(case.order.patient, case.product, excipients)
    return (
        *sure,
        *(
            finding
            for finding in asked
            if finding.citations not in answered or finding.kind != "unknown"
        ),
    )


def _stops(case: _Case) -> tuple[Finding, ...]:
    """What forbids it: the class, the product, the indication; and what is not known of these."""
    patient, indication = case.order.patient, case.indication
    found = _checked(case)
    verdict = decide(indication, answer_criteria(patient, indication))
    if verdict == "not_indicated":
        text = f"Not indicated: {indication.why_not or indication.summary}"
        citations = (indication.fda.citation,)
        found += (Finding(stage="indication", kind="stop", text=text, citations=citations),)
    elif verdict == "unknown":
        text = f"Whether the criteria for {indication.name} are met was not asked here."
        found += (Finding(stage="indication", kind="unknown", text=text),)
    return found


def _limits(case: _Case, days: int) -> tuple[Finding, ...]:
    """A stop above the most that is printed; a caution below the least, or by adjusted weight."""
    patient, amount_g = case.order.patient, case.order.amount_g
    limit = dose_limit(case.indication, case.uses, case.product, case.route)
    stops = over_limit(limit, amount_g=amount_g, weight_kg=patient.weight_kg, days=days)
    return (
        (*doubt_weight(patient), *stops)
        if stops
        else (
            *doubt_weight(patient),
            *over_adjusted(limit, patient, amount_g=amount_g),
            *under_limit(limit, amount_g=amount_g, weight_kg=patient.weight_kg),
        )
    )


def _per_kg(case: _Case) -> float:
    return case.order.amount_g / case.order.patient.weight_kg


def _gentle(case: _Case) -> bool:
    doses = case.order.patient.doses
    return bool(slow_reasons(dict(case.risks))) or not doses


def _days(case: _Case) -> int:
    """As many days as the source allows in a first course or at risk, else as few."""
    option = covering_option(case.indication, case.route, dose_g_per_kg=_per_kg(case))
    if option is None:
        return 1
    weight_kg = case.order.patient.weight_kg
    return split_course(option, case.order.amount_g, weight_kg, gentle=_gentle(case))[0]


def _need(case: _Case, days: int) -> Need:
    order, patient = case.order, case.order.patient
    rules = case.knowledge.jurisdictions[order.jurisdiction]
    rule, dosing_weight_kg, _ = dosing_weight(patient, case.indication.category, rules)
    option = covering_option(case.indication, case.route, dose_g_per_kg=_per_kg(case))
    per_kg = order.amount_g / dosing_weight_kg
    regimen = Regimen(
        option_id="as_ordered" if option is None else option.id,
        name="As ordered",
        phase="maintenance" if option is None else option.phase,
        route=case.route,
        section="label" if option is None else option.section,
        text=f"{order.amount_g:g} g",
        amount_g=order.amount_g,
        dose_g_per_kg=per_kg,
        dose_range_g_per_kg=Range(low=per_kg, high=per_kg),
        dosing_weight_kg=dosing_weight_kg,
        rate_weight_kg=rate_weight_kg(patient, case.indication.category, rules),
        dosing_weight_rule=rule.value.text,
        weights=(),
        split_days=days,
        interval_day=None,
        duration_h=None if option is None else option.duration_h,
        course="short",
        max_g=None,
        because="as ordered",
    )
    return Need(
        patient=patient,
        uses=case.uses,
        regimen=regimen,
        jurisdiction=order.jurisdiction,
        tolerance_percent=0.0,
        risks=case.risks,
        excipients=case.knowledge.excipients,
        rules=case.knowledge.infusion,
    )


def _sessions_under_skin(case: _Case, need: Need, days: int) -> int:
    """The fewest sessions whose sites hold the volume; the days asked for when none do."""
    for n in range(days, MOST_DAYS + 1):
        if draw_chart(need, case.product, case.order.amount_g / n)[0] is not None:
            return n
    return days


def _amounts(case: _Case, need: Need, days: int) -> list[tuple[str, Need, float]]:
    """The sessions: label, who gets it, grams. A facilitated course starts with its ramp-up."""
    amount_g = case.order.amount_g
    ramp = _ramp(case)
    if ramp and _start(case) is not None:
        known = replace(case.order.patient, doses=_one_dose(case))
        later = replace(need, patient=known)
        return [
            (f"Ramp-up week {step.week}", need if i < 2 else later, amount_g * step.fraction)
            for i, step in enumerate(ramp)
        ]
    word = "Session" if case.route != "iv" else "Day"
    return [(f"{word} {i + 1}", need, amount_g / days) for i in range(days)]


def _ramp(case: _Case) -> tuple[RampStep, ...]:
    rules = case.product.facilitated
    if case.route != "fsc" or rules is None:
        return ()
    ramp = rules.ramp_up_q3w if case.order.interval_day == 21 else rules.ramp_up_q4w
    return () if ramp is None else ramp.value


def _one_dose(case: _Case) -> tuple[Dose, ...]:
    return (Dose(time_day=-7, amount_g=1.0, route="fsc", product=case.product.id),)


def _start(case: _Case) -> str | None:
    gap_day = case.knowledge.infusion.long_gap_day.value
    return starts_low(case.order.patient, case.product.id, long_gap_day=gap_day)


def _empty(case: _Case, need: Need) -> ChartReport:
    order = case.order
    return ChartReport(
        notice=NOTICE,
        ivig_version=__version__,
        knowledge_digest=case.knowledge.digest,
        product_id=case.product.id,
        product_name=case.product.name,
        igg_mg_per_mL=None
        if case.product.igg_mg_per_mL is None
        else case.product.igg_mg_per_mL.value,
        indication_id=case.indication.id,
        indication_name=case.indication.name,
        jurisdiction=order.jurisdiction,
        route=case.route,
        weight_kg=order.patient.weight_kg,
        age_year=order.patient.age_year,
        rate_weight_kg=need.regimen.rate_weight_kg,
        amount_g=order.amount_g,
        dose_g_per_kg=_per_kg(case),
        start=_start(case) or "established: the same product, the last dose within 8 weeks",
        at_risk=slow_reasons(dict(case.risks)),
    )


def _filled(
    case: _Case,
    need: Need,
    report: ChartReport,
    drawn: tuple[tuple[str, InfusionChart], ...],
) -> ChartReport:
    charts = tuple(chart for _, chart in drawn)
    around = bedside(
        case.order.patient,
        charts,
        start=report.start,
        rules=case.knowledge.infusion,
        risks=dict(case.risks),
        risk_rules=case.knowledge.risks,
        reactions=(),
    )
    first = charts[0]
    return replace(
        report,
        rate_weight_kg=first.rate_weight_kg,
        basis=first.basis,
        sessions=tuple(_session(case, label, chart) for label, chart in drawn),
        length=why_so_long(case.knowledge.infusion, report, charts),
        before=around.before,
        premedication=around.premedication,
        watch=around.watch,
        citations=tuple(dict.fromkeys(c for chart in charts for c in chart.citations)),
    )


def _session(case: _Case, label: str, chart: InfusionChart) -> Session:
    lines = pump_lines(chart.steps, start_clock_min=case.order.start_clock_min)
    sizes = case.product.vials
    opened = None if sizes is None else open_vials(chart.amount_g, sizes.value, days=1).days[0]
    sites = chart.sites
    slower = chart.cap_because.startswith("so that the session lasts")
    cap_mL_per_h = max(s.rate_mL_per_h for s in chart.steps) if slower else chart.cap_mL_per_h
    per_kg = cap_mL_per_h / chart.rate_weight_kg if slower and cap_mL_per_h else None
    return Session(
        label=label,
        amount_g=chart.amount_g,
        volume_mL=lines[-1].cumulative_mL,
        total_min=chart.total_min,
        lines=lines,
        vials=() if opened is None else opened.vials,
        unused_g=0.0 if opened is None else opened.unused_g,
        sites=sites,
        volume_per_site_mL=chart.volume_per_site_mL,
        rate_per_site_mL_per_h=None if not sites else chart.steps[-1].rate_mL_per_h / sites,
        hyaluronidase_U=chart.hyaluronidase_U,
        cap_mL_per_h=cap_mL_per_h,
        cap_mL_per_kg_per_h=per_kg or chart.cap_mL_per_kg_per_h,
        cap_because=chart.cap_because,
    )


def _described(case: _Case, need: Need) -> tuple[Finding, ...]:
    use = label_use(case.product, case.uses, case.route, case.order.jurisdiction)
    return (
        *describe_risks(dict(case.risks)),
        *off_market(need, case.product, None),
        *off_label(case.product, use, case.order.patient, case.indication.name),
    )


def _age_needed(case: _Case) -> tuple[Finding, ...]:
    if case.route == "iv" or case.order.patient.age_year is not None:
        return ()
    text = "The label's limits per site may depend on age; give the age."
    return (Finding(stage="infusion", kind="unknown", text=text),)


def _finish(report: ChartReport, found: tuple[Finding, ...], knowledge: Knowledge) -> ChartReport:
    """Stops first, each finding once, every source numbered."""
    numbered, sources = number(replace(report, findings=in_order(found)), knowledge.sources)
    return replace(numbered, sources=sources)
