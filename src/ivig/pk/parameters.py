"""One patient's parameters: typical values for the covariates, times exp(η).

Shapes: η (n_draws, n_eta); every parameter (n_draws,).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import log1p, sqrt

import numpy as np

from ivig.errors import OutsideModelDomain
from ivig.patient import Patient, Route
from ivig.pk.disposition import Draws, FloatArray, Modes, modes
from ivig.pk.population import ParameterName, PopulationModel, PowerCovariate
from ivig.pk.size import lean_body_mass_kg


@dataclass(frozen=True, slots=True, kw_only=True)
class Covariates:
    """What the models scale with; None is unknown."""

    weight_kg: float
    lean_body_mass_kg: float | None = None
    igm_g_per_L: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """Individual parameters, each (n_draws,); None when the model has no such parameter.

    ``modes`` follow from clearance and volumes; the factory ``parameters`` works them out once.
    """

    CL_L_per_day: FloatArray
    Vc_L: FloatArray
    Q_L_per_day: FloatArray | None
    Vp_L: FloatArray | None
    KA_per_day: FloatArray | None
    F_SC: FloatArray | None
    F_fSC: FloatArray | None
    BL_g_per_L: FloatArray
    modes: Modes

    def take(self, draws: Draws) -> "Parameters":
        """The parameters of some draws."""
        return Parameters(
            CL_L_per_day=self.CL_L_per_day[draws],
            Vc_L=self.Vc_L[draws],
            Q_L_per_day=_take(self.Q_L_per_day, draws),
            Vp_L=_take(self.Vp_L, draws),
            KA_per_day=_take(self.KA_per_day, draws),
            F_SC=_take(self.F_SC, draws),
            F_fSC=_take(self.F_fSC, draws),
            BL_g_per_L=self.BL_g_per_L[draws],
            modes=self.modes.take(draws),
        )

    def bioavailability(self, route: Route) -> FloatArray:
        """Fraction of a dose that reaches the blood, (n_draws,).

        Raises
        ------
        ValueError
            The model has no such route; ``domain.usable`` says so beforehand.
        """
        if route == "iv":
            return np.ones_like(self.CL_L_per_day)
        fraction = self.F_SC if route == "sc" else self.F_fSC
        if fraction is None or self.KA_per_day is None:
            raise ValueError(f"the model has no absorption for route {route}")
        return fraction


def covariates(patient: Patient) -> Covariates:
    """The covariates of a patient as far as they are known."""
    igm = patient.lab("igm_g_per_L")
    return Covariates(
        weight_kg=patient.weight_kg,
        lean_body_mass_kg=lean_body_mass_kg(patient),
        igm_g_per_L=None if igm is None else igm.value,
    )


def typical_values(
    model: PopulationModel, covariates: Covariates, population: str | None = None
) -> dict[ParameterName, float]:
    """Typical parameters for these covariates.

    IgM that is not known is taken at the cohort's median, which ``assumptions`` says.

    Parameters
    ----------
    population : str, optional
        Whose group effects apply, e.g. "paediatric_sad"; None for the model's reference group.

    Raises
    ------
    OutsideModelDomain
        The model scales with a lean body mass that is not known.
    """
    values: dict[ParameterName, float] = {name: fact.value for name, fact in model.typical.items()}
    for fact in model.groups:
        effect = fact.value
        if effect.population == population:
            if effect.value is not None:
                values[effect.parameter] = effect.value
            if effect.factor is not None:
                values[effect.parameter] *= effect.factor
    for fact in model.powers:
        values[fact.value.parameter] *= _power(fact.value, covariates)
    return values


def assumptions(model: PopulationModel, covariates: Covariates) -> tuple[str, ...]:
    """What stands in for a covariate that is not known."""
    return tuple(
        f"IgM is not known: the model's median of {fact.value.reference:g} g/L stands in."
        for fact in model.powers
        if fact.value.covariate == "igm_g_per_L" and covariates.igm_g_per_L is None
    )


def parameters(
    typical: Mapping[ParameterName, float],
    names: tuple[ParameterName, ...] = (),
    eta: FloatArray | None = None,
) -> Parameters:
    """Individual parameters, typical · exp(η).

    Parameters
    ----------
    names : tuple of str, length n_eta
        The parameter each column of ``eta`` belongs to.
    eta : array (n_draws, n_eta), optional
        Random effects; None gives the typical patient, one draw.
    """
    shift = np.zeros((1, 0)) if eta is None else eta
    n_draws = shift.shape[0]
    values = {
        name: np.full(n_draws, value) * np.exp(shift[:, names.index(name)])
        if name in names
        else np.full(n_draws, value)
        for name, value in typical.items()
    }
    central = values["Vc"]
    clearance = values["CL"] if "CL" in values else values["Kel"] * central
    between, peripheral = values.get("Q"), values.get("Vp")
    return Parameters(
        CL_L_per_day=clearance,
        Vc_L=central,
        Q_L_per_day=between,
        Vp_L=peripheral,
        KA_per_day=values.get("KA"),
        F_SC=values.get("F_SC"),
        F_fSC=values.get("F_fSC"),
        BL_g_per_L=values["BL"],
        modes=modes(clearance, central, between, peripheral),
    )


def log_sd(cv_percent: float) -> float:
    """The standard deviation of η for a printed CV: √ln(1 + CV²)."""
    return sqrt(log1p((cv_percent / 100.0) ** 2))


def _power(power: PowerCovariate, covariates: Covariates) -> float:
    value: float | None = getattr(covariates, power.covariate)
    if value is None:
        if power.covariate == "igm_g_per_L":
            return 1.0
        raise OutsideModelDomain("the model scales with lean body mass, which is not known")
    held = max(value, power.low) if power.low is not None else value
    held = min(held, power.high) if power.high is not None else held
    return (held / power.reference) ** power.exponent


def _take(values: FloatArray | None, draws: Draws) -> FloatArray | None:
    return None if values is None else values[draws]
