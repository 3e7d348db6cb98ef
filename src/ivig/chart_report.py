"""A chart as it is ordered and as it is handed over."""

from dataclasses import dataclass

from ivig.cited import Basis, Citation
from ivig.finding import Finding
from ivig.patient import Patient, Route
from ivig.pump import PumpLine
from ivig.references import Reference
from ivig.safety import RiskKind
from ivig.vials import VialCount


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is asked for. What the patient does not say is unknown.

    ``amount_g`` is the whole course. ``days``: over how many; None as the sources allow.
    ``risks`` states a risk as present (True) or excluded (False); absent means unknown.
    ``present``: conditions and allergies the patient has, which say nothing of any other.
    ``interval_day`` of a facilitated subcutaneous course chooses its ramp-up.
    """

    patient: Patient
    product: str
    amount_g: float
    days: int | None = None
    route: Route | None = None
    risks: tuple[tuple[RiskKind, bool], ...] = ()
    present: tuple[str, ...] = ()
    jurisdiction: str = "us"
    start_clock_min: float | None = None
    interval_day: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One session: what is programmed, and where it goes."""

    label: str
    amount_g: float
    volume_mL: float
    total_min: float
    lines: tuple[PumpLine, ...]
    vials: tuple[VialCount, ...]
    unused_g: float
    sites: int | None
    volume_per_site_mL: float | None
    rate_per_site_mL_per_h: float | None
    hyaluronidase_U: float | None
    cap_mL_per_h: float | None
    cap_mL_per_kg_per_h: float | None
    cap_because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartReport:
    """Charts of a course and everything needed to trust them; no session when there is a stop."""

    notice: str
    ivig_version: str
    knowledge_digest: str
    product_id: str
    product_name: str
    igg_mg_per_mL: float | None
    indication_id: str
    indication_name: str
    jurisdiction: str
    route: Route
    weight_kg: float
    age_year: float | None
    rate_weight_kg: float
    amount_g: float
    dose_g_per_kg: float
    start: str
    at_risk: tuple[str, ...]
    """Why the rate is held at the risk cap."""
    basis: Basis | None = None
    sessions: tuple[Session, ...] = ()
    length: tuple[Finding, ...] = ()
    before: tuple[Finding, ...] = ()
    premedication: tuple[Finding, ...] = ()
    watch: tuple[Finding, ...] = ()
    findings: tuple[Finding, ...] = ()
    citations: tuple[Citation, ...] = ()
    """Of the rates."""
    references: tuple[int, ...] = ()
    sources: tuple[Reference, ...] = ()

    @property
    def stops(self) -> tuple[Finding, ...]:
        """The findings that forbid the infusion."""
        return tuple(finding for finding in self.findings if finding.kind == "stop")
