"""Published population models of IgG as values."""

from dataclasses import dataclass
from typing import Literal

from ivig.cited import Cited

ModelStatus = Literal["complete", "typical_value_only", "cross_check", "legacy", "not_shipped"]
ParameterName = Literal["CL", "Kel", "Vc", "Q", "Vp", "KA", "F_SC", "F_fSC", "BL"]
BaselineKind = Literal["constant", "estimated", "own", "included"]
"""How a model treats the patient's own IgG, which is added to the infused.

*constant*: fixed by the authors; a known untreated level of the patient takes its place ·
*estimated* together with clearance; the same, but levels then come out low ·
*own*: the patient's untreated level is required, and the typical value only stands in ·
*included*: the model was fitted to total IgG and nothing is added."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerCovariate:
    """parameter = typical × (covariate / reference) ^ exponent."""

    parameter: ParameterName
    covariate: Literal["weight_kg", "lean_body_mass_kg", "igm_g_per_L"]
    reference: float
    exponent: float
    fixed: bool = False
    low: float | None = None
    high: float | None = None
    """The covariate is held inside [low, high]: outside, the exponent is an artefact."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupEffect:
    """For one population, parameter × ``factor`` or parameter = ``value``; exactly one is given."""

    parameter: ParameterName
    population: str
    factor: float | None = None
    value: float | None = None

    def __post_init__(self) -> None:
        if (self.factor is None) == (self.value is None):
            raise ValueError("a group effect needs either factor or value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Variability:
    """Between-patient variability of one log-normal parameter; ω² = ln(1 + CV²).

    ``truncate_sd``: draws are held within so many SD, because the published spread is not
    physiological (see the model's warnings).
    """

    parameter: ParameterName
    cv_percent: float
    truncate_sd: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Residual:
    """y = f + e, e ~ N(0, additive² + (proportional · f)²)."""

    additive_sd_g_per_L: float = 0.0
    proportional_sd_fraction: float = 0.0
    as_printed: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain:
    """Whom the model was built on; outside it a prediction is refused or marked."""

    age_year_low: float
    age_year_high: float
    weight_kg_low: float
    weight_kg_high: float
    routes: tuple[Literal["iv", "sc", "fsc"], ...]
    populations: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Restriction:
    """Where we do not use a model although its data reach there, and why."""

    why: str
    age_year_low: float | None = None
    weight_kg_low: float | None = None
    weight_kg_high: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How often the 90 % interval of the next measured trough held it, in simulated patients."""

    inside_fraction: float
    n_patients: int
    method: str
    engine_version: str
    date: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PopulationModel:
    """One published model: knowledge/models/<id>.yaml.

    ``source`` is the paper itself; ``via`` the review in which its numbers were read.
    """

    id: str
    name: str
    status: ModelStatus
    why_status: str | None = None
    source: str
    via: str | None = None
    compartments: Literal[1, 2]
    structure: Cited[str]
    baseline_kind: BaselineKind
    baseline_handling: Cited[str]
    n_patients: Cited[int] | None = None
    trained_on: Cited[str]
    domain: Cited[Domain]
    restriction: Cited[Restriction] | None = None
    typical: dict[ParameterName, Cited[float]]
    """CL and Q in L/day (or Kel per day: CL = Kel · Vc), Vc and Vp in L, KA per day, F, BL in g/L."""
    powers: tuple[Cited[PowerCovariate], ...] = ()
    groups: tuple[Cited[GroupEffect], ...] = ()
    variability: tuple[Cited[Variability], ...] = ()
    residual: Cited[Residual] | None = None
    warnings: tuple[str, ...] = ()
    coverage: Cited[Coverage] | None = None
