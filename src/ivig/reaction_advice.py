"""What goes with a reaction: its handling, the drugs with their doses, emergency and record."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ivig.bedside import ReactionAdvice, advice_of
from ivig.chart_report import ChartReport
from ivig.cited import Cited, Source
from ivig.criterion import ask
from ivig.errors import InputError
from ivig.finding import Finding, from_cited
from ivig.patient import Patient
from ivig.pump import DAY_MIN
from ivig.reaction import Managed, Named, Severity, find_reaction, manage
from ivig.references import Reference, number
from ivig.safety import InfusionRules, Reaction, ReactionDrug


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """One reaction with everything known of it."""

    advice: ReactionAdvice
    incidence: tuple[Finding, ...]
    risk_factors: tuple[Finding, ...]
    prevention: tuple[Finding, ...]
    diagnosis: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReactionReport:
    """The answer to a reaction: first the infusion, then the patient, then the next time."""

    notice: str
    reported: str
    means: str
    severity: Severity
    session: str
    product_id: str
    weight_kg: float
    age_year: float | None
    managed: Managed
    drugs: tuple[Finding, ...]
    next_time: tuple[Finding, ...]
    about: tuple[About, ...]
    emergency: tuple[Finding, ...]
    record: tuple[Finding, ...]
    sources: tuple[Reference, ...] = ()


def react(
    chart: ChartReport,
    *,
    reaction: str,
    severity: Severity,
    at_min: float,
    session: int,
    reactions: Mapping[str, Reaction],
    rules: InfusionRules,
) -> ReactionReport:
    """What to do about a reaction at a minute of a charted session.

    Parameters
    ----------
    session : int
        Which session of the chart, from 1.

    Raises
    ------
    InputError
        A chart without that session, an unknown reaction, a minute below 0.
    """
    if not 1 <= session <= len(chart.sessions):
        allowed = f"1 to {len(chart.sessions)}" if chart.sessions else "a chart with a session"
        raise InputError("session", session, allowed)
    named = find_reaction(reaction, dict(reactions), rules)
    given = chart.sessions[session - 1]
    managed = manage(
        given,
        named,
        severity,
        at_min,
        rules,
        rate_weight_kg=chart.rate_weight_kg,
        start_clock_min=_clock_min(given.lines[0].start_clock),
    )
    return ReactionReport(
        notice=chart.notice,
        reported=reaction,
        means=named.name,
        severity=severity,
        session=given.label,
        product_id=chart.product_id,
        weight_kg=chart.weight_kg,
        age_year=chart.age_year,
        managed=managed,
        drugs=_drugs(chart, named, severity, rules, ("emergency", "now")),
        next_time=_drugs(chart, named, severity, rules, ("next_time",)) + _prevention(named, rules),
        about=tuple(_about(one) for one in named.reactions),
        emergency=tuple(from_cited("infusion", "stop", fact) for fact in rules.emergency),
        record=tuple(from_cited("infusion", "advice", fact) for fact in rules.record),
    )


def _clock_min(start: str | None) -> float | None:
    if start is None:
        return None
    hour, minute = start.split(" ")[0].split(":")
    return (60 * int(hour) + int(minute)) % DAY_MIN


def _about(reaction: Reaction) -> About:
    def facts(found: tuple[Cited[str], ...]) -> tuple[Finding, ...]:
        return tuple(from_cited("infusion", "fact", fact) for fact in found)

    return About(
        advice=advice_of(reaction),
        incidence=facts(reaction.incidence),
        risk_factors=facts(reaction.risk_factors),
        prevention=facts(reaction.prevention),
        diagnosis=facts(reaction.diagnosis),
    )


def _drugs(
    chart: ChartReport,
    named: Named,
    severity: Severity,
    rules: InfusionRules,
    purposes: tuple[str, ...],
) -> tuple[Finding, ...]:
    """Doses only for whom the source gives them; for the others it says that there is none."""
    patient = Patient(
        diagnosis=chart.indication_id, weight_kg=chart.weight_kg, age_year=chart.age_year
    )
    ids = {reaction.id for reaction in named.reactions}
    if severity == "severe" or named.red_flag is not None:
        ids.add("anaphylaxis")
    wanted = [
        cited
        for cited in rules.reaction_drugs
        if cited.value.purpose in purposes and ids & set(cited.value.reactions)
    ]
    return tuple(dict.fromkeys(_drug(cited, patient) for cited in wanted))


def _drug(cited: Cited[ReactionDrug], patient: Patient) -> Finding:
    """One drug: an emergency's dose whatever the age, any other's only where the age is sourced."""
    drug = cited.value
    answer = ask(drug.when, patient)
    emergency = drug.purpose == "emergency"
    given = answer == "met" or emergency
    if given:
        note = f" ({drug.note})" if drug.note else ""
        text = f"{drug.drug} {_dose(drug, patient.weight_kg)} {drug.route_text}{note}"
    elif answer == "unknown":
        text = f"{drug.drug}: the age is not known; a dose is sourced only for some ages"
    else:
        text = f"{drug.drug}: no sourced dose at this age; use the local formulary"
    return Finding(
        stage="infusion",
        kind="advice" if given else "unknown",
        text=f"{'If it is anaphylaxis: ' if emergency else ''}{text}.",
        citations=(cited.citation,),
    )


def _dose(drug: ReactionDrug, weight_kg: float) -> str:
    if drug.mg_per_kg is not None:
        counted = drug.mg_per_kg * weight_kg
        most = drug.max_mg if drug.max_mg is not None else counted
        given = min(counted, most)
        held = f", at most {most:g} mg" if drug.max_mg is not None else ""
        return (
            f"{given:.3g} mg ({drug.mg_per_kg:g} mg/kg × {weight_kg:g} kg = {counted:.3g} mg{held})"
        )
    if drug.mg_high is not None:
        return f"{drug.mg_low:g}–{drug.mg_high:g} mg"
    return f"{drug.mg_low:g} mg"


def _prevention(named: Named, rules: InfusionRules) -> tuple[Finding, ...]:
    """Fluids and what the reaction itself says of prevention."""
    found = [
        from_cited("infusion", "advice", fact)
        for reaction in named.reactions
        for fact in reaction.prevention
    ]
    found += [from_cited("infusion", "advice", rules.hydration[0])]
    return tuple(dict.fromkeys(found))


def numbered(report: ReactionReport, sources: Mapping[str, Source]) -> ReactionReport:
    """The report with its references numbered and listed."""
    done, listed = number(report, sources)
    return replace(done, sources=listed)
