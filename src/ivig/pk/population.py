"""Published population models of IgG as values."""

from dataclasses import dataclass
from typing import Literal

from ivig.cited import Cited

ModelStatus = Literal["complete", "typical_value_only", "cross_check", "legacy", "not_shipped"]
SizeCovariate = Literal["weight_kg", "lean_body_mass_kg"]
ParameterName = Literal["CL", "Vc", "Q", "Vp", "KA", "F_SC", "F_fSC", "BL"]


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
class GroupFactor:
    """parameter × factor for a group of patients, e.g. secondary antibody deficiency."""

    parameter: ParameterName
    group: str
    factor: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Variability:
    """Between-patient variability of one log-normal parameter.

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
class PopulationModel:
    """One published model: knowledge/models/<id>.yaml."""

    id: str
    name: str
    status: ModelStatus
    why_status: str | None = None
    source: str
    via: str | None = None
    compartments: Literal[1, 2]
    structure: Cited[str]
    baseline_handling: Cited[str]
    n_patients: Cited[int] | None = None
    trained_on: Cited[str]
    domain: Cited[Domain]
    typical: dict[ParameterName, Cited[float]]
    """CL and Q in L/day, Vc and Vp in L, KA per day, F a fraction, BL in g/L."""
    powers: tuple[Cited[PowerCovariate], ...] = ()
    groups: tuple[Cited[GroupFactor], ...] = ()
    variability: tuple[Cited[Variability], ...] = ()
    residual: Cited[Residual] | None = None
    warnings: tuple[str, ...] = ()
