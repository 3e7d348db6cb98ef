"""What must not happen: hard stops, risks, reactions and what to do about them."""

from dataclasses import dataclass
from typing import Literal

from ivig.cited import Citation, Cited
from ivig.criterion import Answer, Test, ask, explain
from ivig.finding import Finding
from ivig.patient import Patient
from ivig.product import Contraindication

RiskKind = Literal[
    "renal", "thrombosis", "haemolysis", "volume", "hyperglycaemia", "meningitis", "iga"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Risk:
    """A reason why this patient is at risk; ``when`` is asked of the patient."""

    risk: RiskKind
    text: str
    when: Test


@dataclass(frozen=True, slots=True, kw_only=True)
class Mitigation:
    """Advice for a patient who has a risk of this kind; ``when`` narrows it further."""

    risk: RiskKind
    text: str
    when: Test | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskRules:
    """knowledge/safety/risks.yaml: who is at risk of what, and what then applies."""

    id: str
    name: str
    boxed_warnings: tuple[Cited[str], ...] = ()
    contraindications: tuple[Cited[Contraindication], ...] = ()
    """What forbids every immunoglobulin, whatever the product."""
    risks: tuple[Cited[Risk], ...]
    mitigations: tuple[Cited[Mitigation], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExcipientRule:
    """An ingredient that someone must not have."""

    ingredient: str
    text: str
    when: Test
    severity: Literal["stop", "caution"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExcipientRules:
    """knowledge/safety/excipients.yaml"""

    id: str
    name: str
    rules: tuple[Cited[ExcipientRule], ...]
    selection: tuple[Cited[str], ...] = ()
    """What else the choice of a product rests on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of managing a reaction; ``action`` is a stable slug."""

    order: int
    action: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction:
    """knowledge/safety/reactions/<id>.yaml: an adverse reaction and its management."""

    id: str
    name: str
    synonyms: tuple[str, ...]
    severity: Literal["mild_to_moderate", "moderate", "serious"]
    routes: tuple[Literal["iv", "sc", "fsc"], ...]
    when: Test | None = None
    """Whom it concerns; everybody when absent."""
    incidence: tuple[Cited[str], ...] = ()
    timing: tuple[Cited[str], ...] = ()
    risk_factors: tuple[Cited[str], ...] = ()
    prevention: tuple[Cited[str], ...] = ()
    diagnosis: tuple[Cited[str], ...] = ()
    management: tuple[Cited[Step], ...] = ()
    stop_rules: tuple[Cited[str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class VaccineInterval:
    """Months between an immunoglobulin dose and a live MMR or varicella vaccine."""

    product: str
    dose_text: str
    interval_month: float
    dose_mg_per_kg: float | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VaccineRules:
    """knowledge/safety/vaccines.yaml"""

    id: str
    name: str
    intervals: tuple[Cited[VaccineInterval], ...]
    rules: tuple[Cited[str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Interference:
    """A laboratory test that immunoglobulin upsets."""

    assay: str
    effect: str
    detail: str
    duration: str | None = None
    until_day: float | None = None
    """Days after the last dose for which it holds, where a source gives them."""
    ingredient: Literal["maltose"] | None = None
    """The ingredient that causes it; every immunoglobulin when absent."""
    advice: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LaboratoryRules:
    """knowledge/safety/laboratory.yaml"""

    id: str
    name: str
    interferences: tuple[Cited[Interference], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Premedication:
    """A drug before the infusion, for whom, and the dose the source gives."""

    drug: str
    text: str
    dose_text: str | None = None
    lead_time_min: float | None = None
    when: Test | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What is done with a running infusion at one severity.

    ``rate_fraction``: the most of the rate in force that it may go on with; ``pause_min``: how
    long it usually rests first.
    """

    severity: Literal["mild", "moderate", "severe"]
    decision: Literal["slow", "pause", "stop"]
    text: str
    rate_fraction: float | None = None
    pause_min: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RedFlag:
    """A sign that stops the infusion whatever its severity, and the reactions it may be."""

    id: str
    name: str
    synonyms: tuple[str, ...]
    reactions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReactionDrug:
    """A drug for a reaction now, or before the next infusion, as its source doses it."""

    drug: str
    purpose: Literal["emergency", "now", "next_time"]
    reactions: tuple[str, ...]
    route_text: str
    when: Test
    mg_low: float | None = None
    mg_high: float | None = None
    mg_per_kg: float | None = None
    max_mg: float | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InfusionRules:
    """knowledge/safety/infusion.yaml: what holds for every infusion."""

    id: str
    name: str
    titration: tuple[Cited[str], ...]
    long_gap_day: Cited[float]
    """After this gap the infusion starts as if it were the first."""
    premedication: tuple[Cited[Premedication], ...]
    hydration: tuple[Cited[str], ...]
    before: tuple[Cited[str], ...]
    watch: tuple[Cited[str], ...]
    watch_subcutaneous: tuple[Cited[str], ...]
    resume: tuple[Cited[str], ...]
    split: tuple[Cited[str], ...] = ()
    """Over how many days a high dose is given."""
    long_term: tuple[Cited[str], ...] = ()
    """Blood tests in maintenance treatment."""
    step_min: Cited[float]
    """How long a step is held when the label does not say, minutes."""
    risk_cap_mg_per_kg_per_min: Cited[float]
    """The cap in a patient at risk when the label asks for the lowest practicable rate."""
    session_text: Cited[str]
    """How long a session usually lasts."""
    usual_session_h: Cited[tuple[float, float]]
    """Shortest and longest usual intravenous session, hours."""
    responses: tuple[Cited[Response], ...]
    red_flags: tuple[Cited[RedFlag], ...]
    reaction_drugs: tuple[Cited[ReactionDrug], ...]
    emergency: tuple[Cited[str], ...]
    """What turns any reaction into an emergency."""
    record: tuple[Cited[str], ...]
    """What to write down when a patient has reacted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskAnswer:
    """Whether the patient is at one risk, with the reasons and what is not known."""

    risk: RiskKind
    answer: Answer
    reasons: tuple[str, ...]
    missing: tuple[str, ...]
    citations: tuple[Citation, ...] = ()
    references: tuple[int, ...] = ()


def assess_risks(patient: Patient, rules: RiskRules) -> dict[RiskKind, RiskAnswer]:
    """Each risk: met when one of its rules is, unknown while one cannot be answered."""
    kinds: list[RiskKind] = [cited.value.risk for cited in rules.risks]
    return {kind: _risk(patient, kind, rules) for kind in dict.fromkeys(kinds)}


def _risk(patient: Patient, kind: RiskKind, rules: RiskRules) -> RiskAnswer:
    asked = [
        (cited, ask(cited.value.when, patient)) for cited in rules.risks if cited.value.risk == kind
    ]
    met = [cited for cited, answer in asked if answer == "met"]
    unknown = [cited for cited, answer in asked if answer == "unknown"]
    decisive = met or unknown
    return RiskAnswer(
        risk=kind,
        answer="met" if met else "unknown" if unknown else "not_met",
        reasons=tuple(f"{c.value.text} ({explain(c.value.when, patient)})" for c in met),
        missing=tuple(cited.value.text for cited in unknown),
        citations=tuple(dict.fromkeys(cited.citation for cited in decisive)),
    )


_RISK_NAMES: dict[RiskKind, str] = {
    "renal": "Renal",
    "thrombosis": "Thrombosis",
    "haemolysis": "Haemolysis",
    "volume": "Volume overload",
    "hyperglycaemia": "Glucose",
    "meningitis": "Aseptic meningitis",
    "iga": "Anti-IgA reaction",
}


def describe_risks(risks: dict[RiskKind, RiskAnswer]) -> tuple[Finding, ...]:
    """A finding for each risk that is met, and one for each that cannot be answered."""
    found: list[Finding] = []
    for risk in risks.values():
        name = _RISK_NAMES[risk.risk]
        if risk.answer == "met":
            text = f"{name} risk: {'; '.join(risk.reasons)}."
            found.append(
                Finding(stage="safety", kind="caution", text=text, citations=risk.citations)
            )
        elif risk.answer == "unknown":
            text = f"{name} risk cannot be excluded; not known: {'; '.join(risk.missing)}."
            found.append(
                Finding(stage="safety", kind="unknown", text=text, citations=risk.citations)
            )
    return tuple(found)


def class_stops(patient: Patient, rules: RiskRules) -> tuple[Finding, ...]:
    """What forbids every immunoglobulin for this patient."""
    return tuple(
        Finding(
            stage="safety",
            kind="stop",
            text=f"Immunoglobulin is contraindicated: {cited.value.text}",
            because=explain(cited.value.when, patient),
            citations=(cited.citation,),
        )
        for cited in rules.contraindications
        if cited.value.severity == "stop" and ask(cited.value.when, patient) == "met"
    )


def slow_reasons(risks: dict[RiskKind, RiskAnswer]) -> tuple[str, ...]:
    """Why the rate is held at the risk cap: a renal or thrombotic risk, met or not yet known."""
    found: list[str] = []
    for kind in ("renal", "thrombosis"):
        risk = risks.get(kind)
        if risk is None or risk.answer == "unknown":
            missing = "not assessed" if risk is None else f"not known: {'; '.join(risk.missing)}"
            found.append(f"{kind} risk {missing}")
        elif risk.answer == "met":
            found.append(f"{kind} risk: {'; '.join(risk.reasons)}")
    return tuple(found)


def vaccine_interval(dose_g_per_kg: float, rules: VaccineRules) -> Cited[VaccineInterval] | None:
    """The interval of the smallest tabulated dose that is not below this one; else the longest."""
    tabulated = [fact for fact in rules.intervals if fact.value.dose_mg_per_kg is not None]
    above = [f for f in tabulated if (f.value.dose_mg_per_kg or 0) >= 1000 * dose_g_per_kg - 1e-6]
    if above:
        return min(above, key=lambda f: (f.value.dose_mg_per_kg or 0, -f.value.interval_month))
    return max(tabulated, key=lambda fact: fact.value.interval_month, default=None)
