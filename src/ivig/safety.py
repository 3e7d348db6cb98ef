"""What must not happen: hard stops, risks, reactions and what to do about them."""

from dataclasses import dataclass
from typing import Literal

from ivig.cited import Cited
from ivig.criterion import Test

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
class RiskRules:
    """knowledge/safety/risks.yaml: who is at risk of what, and what then applies."""

    id: str
    name: str
    risks: tuple[Cited[Risk], ...]
    mitigations: tuple[Cited[Risk], ...] = ()
    """What to do when the test is met (the text is advice)."""


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
    minutes_before: float | None = None
    when: Test | None = None


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
    resume: tuple[Cited[str], ...]
