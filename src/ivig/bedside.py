"""Around the infusion: what to check, give, watch, and do when the patient reacts."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from ivig.cited import Citation, Cited
from ivig.criterion import ask
from ivig.finding import Finding, Kind, from_cited
from ivig.infusion import InfusionChart, InfusionStep
from ivig.patient import Patient, Route
from ivig.safety import InfusionRules, Reaction, RiskAnswer, RiskKind, RiskRules, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class ReactionStep:
    """One step of managing a reaction."""

    order: int
    action: str
    text: str
    citations: tuple[Citation, ...] = ()
    references: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReactionAdvice:
    """What one reaction looks like and what to do, in order."""

    id: str
    name: str
    severity: Literal["mild_to_moderate", "moderate", "serious"]
    timing: tuple[Finding, ...]
    steps: tuple[ReactionStep, ...]
    stop_rules: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DaySession:
    """One day of a course: only the last step differs when the dose does."""

    day: int
    amount_g: float
    volume_mL: float
    total_min: float
    last_step_min: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Infusion:
    """The infusion as it is given: the chart of the first day, and everything around it."""

    product_id: str
    route: Route
    days: tuple[DaySession, ...]
    amount_g: float
    volume_mL: float
    total_min: float
    cap_mL_per_kg_per_h: float | None
    cap_mL_per_h: float | None
    cap_because: str
    rate_weight_kg: float
    start: str
    steps: tuple[InfusionStep, ...]
    sites: int | None
    volume_per_site_mL: float | None
    hyaluronidase_U: float | None
    before: tuple[Finding, ...]
    premedication: tuple[Finding, ...]
    watch: tuple[Finding, ...]
    reactions: tuple[ReactionAdvice, ...]
    citations: tuple[Citation, ...] = ()
    references: tuple[int, ...] = ()


def bedside(
    patient: Patient,
    charts: tuple[InfusionChart, ...],
    *,
    start: str,
    rules: InfusionRules,
    risks: dict[RiskKind, RiskAnswer],
    risk_rules: RiskRules,
    reactions: Iterable[Reaction],
) -> Infusion:
    """Put the charts of a course (one a day, at least one) and what surrounds them together."""
    chart = charts[0]
    return Infusion(
        product_id=chart.product_id,
        route=chart.route,
        days=tuple(_day(i + 1, day) for i, day in enumerate(charts)),
        amount_g=chart.amount_g,
        volume_mL=chart.volume_mL,
        total_min=chart.total_min,
        cap_mL_per_kg_per_h=chart.cap_mL_per_kg_per_h,
        cap_mL_per_h=chart.cap_mL_per_h,
        cap_because=chart.cap_because,
        rate_weight_kg=chart.rate_weight_kg,
        start=start,
        steps=chart.steps,
        sites=chart.sites,
        volume_per_site_mL=chart.volume_per_site_mL,
        hyaluronidase_U=chart.hyaluronidase_U,
        before=_before(patient, rules, risks, risk_rules),
        premedication=_premedication(patient, rules),
        watch=tuple(
            from_cited("infusion", "advice", fact)
            for fact in (*_watched(rules, chart.route), *rules.resume)
        ),
        reactions=_possible(reactions, patient, chart.route),
        citations=chart.citations,
    )


def _watched(rules: InfusionRules, route: Route) -> tuple[Cited[str], ...]:
    return rules.watch if route == "iv" else rules.watch_subcutaneous


def _day(number: int, chart: InfusionChart) -> DaySession:
    return DaySession(
        day=number,
        amount_g=chart.amount_g,
        volume_mL=chart.volume_mL,
        total_min=chart.total_min,
        last_step_min=chart.steps[-1].duration_min,
    )


def _possible(
    reactions: Iterable[Reaction], patient: Patient, route: Route
) -> tuple[ReactionAdvice, ...]:
    """Reactions of this route that the patient is not known to be free of, the gravest first."""
    return tuple(
        advice_of(reaction)
        for reaction in sorted(reactions, key=_urgency)
        if route in reaction.routes
        and (reaction.when is None or ask(reaction.when, patient) != "not_met")
    )


def _before(
    patient: Patient,
    rules: InfusionRules,
    risks: dict[RiskKind, RiskAnswer],
    risk_rules: RiskRules,
) -> tuple[Finding, ...]:
    checks = [from_cited("infusion", "advice", fact) for fact in (*rules.before, *rules.hydration)]
    for cited in risk_rules.mitigations:
        risk = risks.get(cited.value.risk)
        test = cited.value.when
        applies = test is None or ask(test, patient) != "not_met"
        if risk is not None and risk.answer == "met" and applies:
            checks.append(
                Finding(
                    stage="infusion",
                    kind="caution",
                    text=cited.value.text,
                    because=f"{cited.value.risk} risk",
                    citations=(cited.citation,),
                )
            )
    return tuple(checks)


def _premedication(patient: Patient, rules: InfusionRules) -> tuple[Finding, ...]:
    """Who gets what before the infusion; doses only where a source gives them for this age."""
    found: list[Finding] = []
    for cited in rules.premedication:
        drug = cited.value
        answer = "met" if drug.when is None else ask(drug.when, patient)
        if answer == "not_met":
            continue
        kind: Kind = "advice" if answer == "met" else "unknown"
        text = drug.text if drug.dose_text is None else f"{drug.text}: {drug.dose_text}"
        if drug.lead_time_min is not None:
            text += f", {drug.lead_time_min:g} min before the infusion"
        found.append(
            Finding(stage="infusion", kind=kind, text=f"{text}.", citations=(cited.citation,))
        )
    return tuple(found)


def _urgency(reaction: Reaction) -> tuple[int, bool, str]:
    """Serious reactions first, and among them those that end the infusion at once."""
    severities = ("serious", "moderate", "mild_to_moderate")
    first = reaction.management[0].value.action if reaction.management else ""
    return severities.index(reaction.severity), first != "stop_infusion", reaction.id


def advice_of(reaction: Reaction) -> ReactionAdvice:
    """Timing, steps and stop rules of a reaction."""
    return ReactionAdvice(
        id=reaction.id,
        name=reaction.name,
        severity=reaction.severity,
        timing=tuple(from_cited("infusion", "fact", fact) for fact in reaction.timing),
        steps=tuple(_step(fact) for fact in reaction.management),
        stop_rules=tuple(from_cited("infusion", "stop", fact) for fact in reaction.stop_rules),
    )


def _step(fact: Cited[Step]) -> ReactionStep:
    return ReactionStep(
        order=fact.value.order,
        action=fact.value.action,
        text=fact.value.text,
        citations=(fact.citation,),
    )
