"""Is immunoglobulin indicated for this patient, and by whose evidence?"""

from dataclasses import dataclass
from typing import Literal

from ivig.cited import Cited
from ivig.criterion import Test
from ivig.patient import Route

Category = Literal["replacement", "immunomodulation"]
Tier = Literal["established", "conditional", "limited", "not_routine", "not_recommended"]
FdaStatus = Literal["labelled", "partially_labelled", "off_label", "historical"]
Verdict = Literal["indicated", "conditional", "not_indicated", "unknown"]
Section = Literal["guideline", "research", "label"]
Phase = Literal["induction", "maintenance", "treatment", "loading", "prophylaxis", "trial"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One criterion for treatment.

    ``role``: *required* must be met; *supporting* is shown, never decides; *exclusion* met means no.
    """

    id: str
    text: str
    test: Test
    role: Literal["required", "supporting", "exclusion"] = "required"


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """A printed range and, when the source names one, the usual value."""

    low: float
    high: float
    usual: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RegimenOption:
    """One published way to dose this indication.

    ``dose_g_per_kg`` is the total of one administration or of one course (all its days).
    ``split_days`` the days a course may be spread over; ``interval_day`` absent for a single course.
    """

    id: str
    name: str
    phase: Phase
    route: Route
    text: str
    dose_g_per_kg: Range | None = None
    split_days: Range | None = None
    interval_day: Range | None = None
    duration_h: Range | None = None
    max_g: float | None = None
    max_g_per_kg_per_day: float | None = None
    jurisdictions: tuple[str, ...] = ()
    section: Section = "guideline"
    when: Test | None = None
    then: str | None = None
    """Id of the option that follows, e.g. maintenance after induction."""
    default: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What treatment aims at; a trough bound when the source prints one."""

    text: str
    trough_at_least_g_per_L: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """When and how to decide whether to go on."""

    text: str
    after_day: float | None = None
    measures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RegulatoryNote:
    """What one jurisdiction says of this use."""

    jurisdiction: Literal["us", "eu", "uk", "au", "ca"]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One checkable fact, with the strength and level its source gives."""

    id: str
    indication: str
    section: Section
    body: str
    text: str
    year: int | None = None
    strength: str | None = None
    level: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FdaNote:
    """Whether a US product names this use, and on what ground we say so."""

    status: FdaStatus
    ground: str
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Indication:
    """One indication: who, how much, how long, and when to stop."""

    id: str
    name: str
    synonyms: tuple[str, ...]
    parent: str | None
    labelled_as: tuple[str, ...] = ()
    """Other ids whose product-label entry covers this one, e.g. pid for cvid."""
    category: Category
    course: Literal["ongoing", "short"]
    tier: Tier
    summary: str
    why_not: str | None = None
    """One plain sentence for the patient's team when the tier advises against use."""
    icd10_cm: Cited[tuple[str, ...]]
    snomed_ct: Cited[tuple[tuple[str, str], ...]] | None = None
    fda: Cited[FdaNote]
    elsewhere: tuple[Cited[RegulatoryNote], ...] = ()
    criteria: tuple[Cited[Criterion], ...] = ()
    regimens: tuple[Cited[RegimenOption], ...] = ()
    dosing_weight: tuple[Cited[str], ...] = ()
    targets: tuple[Cited[Target], ...] = ()
    time_to_response: Cited[str] | None = None
    monitoring: tuple[Cited[str], ...] = ()
    review: Cited[Review] | None = None
    stopping: tuple[Cited[str], ...] = ()
    alternatives: tuple[Cited[str], ...] = ()
    special_populations: tuple[Cited[str], ...] = ()
    adjuncts: tuple[Cited[str], ...] = ()
    """What must go with it, e.g. aspirin in Kawasaki disease."""
    pk_population: Literal["pid", "sid_haematology", "paediatric_sad", "cidp", "mmn", "other"] = (
        "other"
    )
