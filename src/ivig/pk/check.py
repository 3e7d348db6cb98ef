"""Does a model predict its own patients? Visual predictive checks and NPDE.

Observed patients come from the path that plans use (``individualise`` without levels). The
replicates they are held against are drawn here, straight from the published table. A fault in
either shows; agreement says that the implementation is consistent, not that the model is true.

References
----------
.. [brendel-2006] Metrics for external model evaluation (NPDE). Pharm Res 2006;23:2036-49.
   doi:10.1007/s11095-006-9067-5
"""

from dataclasses import dataclass
from math import erfc, sqrt
from statistics import NormalDist

import numpy as np

from ivig.errors import InputError
from ivig.patient import Dose, Patient
from ivig.pk.concentration import total_g_per_L
from ivig.pk.disposition import FloatArray
from ivig.pk.individualise import individualise
from ivig.pk.likelihood import residual_sd_g_per_L
from ivig.pk.parameters import covariates, log_sd, parameters, typical_values
from ivig.pk.population import ParameterName, PopulationModel
from ivig.pk.quantile import LEVEL, quantiles
from ivig.pk.schedule import history_trains

N_REPLICATES = 500
CHANCE = (0.025, 0.5, 0.975)  # of replicated studies
N_DOSES = 6
PARTS_OF_CYCLE = (0.1, 0.3, 1.0)  # of the last two cycles, where levels are taken
IMMUNOMODULATION = {"cidp", "mmn"}
LIGHTEST_ADULT_KG, HEAVIEST_ADULT_KG = 50.0, 95.0
ADULT_YEAR, CHILD_YEAR = 40.0, 8.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """One patient, the doses, and the times of levels."""

    patient: Patient
    doses: tuple[Dose, ...]
    time_day: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """Patients and their replicates: (n_patients, n_times), (n_patients, n_replicates, n_times)."""

    time_day: tuple[float, ...]
    observed: FloatArray
    replicates: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class NpdeTest:
    """Mean and variance of the NPDE, which should be 0 and 1, and how far off they are.

    ``mean_sd`` and ``variance_sd`` are z-scores, with errors taken between patients because the
    levels of one are not independent.
    """

    n_levels: int
    mean_sd: float
    variance_sd: float
    mean_fraction: float
    variance_fraction: float

    @property
    def p_fraction(self) -> float:
        """The smaller of the two p-values, times two (Bonferroni)."""
        worst = max(abs(self.mean_sd), abs(self.variance_sd))
        return min(1.0, 2.0 * erfc(worst / sqrt(2.0)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Vpc:
    """A visual predictive check; each array is (3, n_times): 5th, 50th and 95th percentiles.

    ``low``, ``middle`` and ``high`` are where 95 % of replicated studies of this size have them;
    ``largest_sd`` is the largest z-score of an observed one.
    """

    time_day: tuple[float, ...]
    observed_g_per_L: FloatArray
    low_g_per_L: FloatArray
    middle_g_per_L: FloatArray
    high_g_per_L: FloatArray
    largest_sd: float

    @property
    def n_inside(self) -> int:
        """Observed percentiles inside their 95 % intervals."""
        own = self.observed_g_per_L
        return int(np.sum((own >= self.low_g_per_L) & (own <= self.high_g_per_L)))

    @property
    def p_fraction(self) -> float:
        """Of the largest deviation, times the number of percentiles (Bonferroni)."""
        worst = erfc(self.largest_sd / sqrt(2.0))
        return min(1.0, self.observed_g_per_L.size * worst)


def why_not(model: PopulationModel) -> str | None:
    """Why a model cannot be checked against its own simulations; None when it can."""
    if model.status == "not_shipped":
        return f"refused: {model.why_status}"
    return None if model.variability else "publishes no variability"


def usual_regimen(model: PopulationModel) -> tuple[float, float]:
    """g/kg and days: replacement, or immunomodulation where the model is built on that."""
    if IMMUNOMODULATION & set(model.domain.value.populations):
        return 1.0, 21.0
    return 0.4, 28.0


def typical_patient(model: PopulationModel, part: float) -> Patient:
    """From the lightest to the heaviest patient of the model, adults where it has them."""
    domain = model.domain.value
    adult = domain.age_year_high >= ADULT_YEAR
    low = max(domain.weight_kg_low, LIGHTEST_ADULT_KG if adult else 0.0)
    high = min(domain.weight_kg_high, HEAVIEST_ADULT_KG)
    return Patient(
        diagnosis="any",
        weight_kg=low + part * (high - low),
        age_year=ADULT_YEAR if adult else CHILD_YEAR,
        sex="male",
        height_cm=170.0 if adult else 125.0,
    )


def typical_design(model: PopulationModel, part: float) -> Design:
    """A patient of the model's own range on its usual IV regimen.

    ``part`` from 0 to 1 goes from its lightest to its heaviest (adults 50 to 95 kg). Levels are
    taken early, midway and at the end of the last two cycles.
    """
    amount_g_per_kg, interval_day = usual_regimen(model)
    patient = typical_patient(model, part)
    doses = tuple(
        Dose(
            time_day=i * interval_day, amount_g=amount_g_per_kg * patient.weight_kg, duration_h=3.0
        )
        for i in range(N_DOSES)
    )
    last = [dose.time_day for dose in doses[-2:]]
    times = tuple(start + share * interval_day for start in last for share in PARTS_OF_CYCLE)
    return Design(patient=patient, doses=doses, time_day=times)


def simulate_levels(
    model: PopulationModel, design: Design, *, n: int, random: np.random.Generator
) -> FloatArray:
    """Measured total IgG of ``n`` patients with these covariates, (n, n_times), g/L."""
    typical = typical_values(model, covariates(design.patient))
    names: tuple[ParameterName, ...] = tuple(fact.value.parameter for fact in model.variability)
    columns = [
        _truncated(random, n, log_sd(fact.value.cv_percent), fact.value.truncate_sd)
        for fact in model.variability
    ]
    drawn = parameters(typical, names, np.stack(columns, axis=1))
    true = total_g_per_L(drawn, history_trains(design.doses), np.array(design.time_day))
    return _measured(model, true, random)


def npde(observed: FloatArray, replicates: FloatArray) -> FloatArray:
    """Normalised prediction distribution errors of one patient [brendel-2006]_.

    Parameters
    ----------
    observed : array (n_times,)
    replicates : array (n_replicates, n_times)

    Returns
    -------
    array (n_times,)
        N(0, 1) when the replicates come from the truth.
    """
    if replicates.shape[0] < 2 * observed.size:
        raise InputError("replicates", replicates.shape[0], "twice the number of levels, or more")
    centre: FloatArray = replicates.mean(axis=0)
    away: FloatArray = replicates - centre
    n = replicates.shape[0]
    spread: FloatArray = away.T @ away / (n - 1)
    root = np.linalg.cholesky(spread)
    free = np.linalg.solve(root, away.T)
    own = np.linalg.solve(root, observed[:, None] - centre[:, None])
    ranks = np.sum(free < own, axis=1)
    normal = NormalDist()
    return np.array([normal.inv_cdf((int(rank) + 0.5) / (n + 1)) for rank in ranks])


def simulated_study(
    model: PopulationModel,
    *,
    n_patients: int = 200,
    n_replicates: int = N_REPLICATES,
    seed: int = 1,
) -> Study:
    """Patients drawn as plans draw them, and replicates of each drawn here.

    Raises
    ------
    InputError
        The model is refused, or publishes no variability.
    """
    if (reason := why_not(model)) is not None:
        raise InputError("model", model.id, f"a model that can be checked: {reason}")
    random = np.random.default_rng(seed)
    observed: list[FloatArray] = []
    replicates: list[FloatArray] = []
    for i in range(n_patients):
        design = typical_design(model, (i + 0.5) / n_patients)
        observed.append(_as_planned(model, design, random))
        replicates.append(simulate_levels(model, design, n=n_replicates, random=random))
    return Study(
        time_day=typical_design(model, 0.5).time_day,
        observed=np.stack(observed),
        replicates=np.stack(replicates),
    )


def npde_test(study: Study) -> NpdeTest:
    """Whether the NPDE of a study have mean 0 and variance 1."""
    found = np.stack(
        [
            npde(levels, copies)
            for levels, copies in zip(study.observed, study.replicates, strict=True)
        ]
    )
    return NpdeTest(
        n_levels=found.size,
        mean_sd=_z(found.mean(axis=1)),
        variance_sd=_z((found**2).mean(axis=1) - 1.0),
        mean_fraction=float(found.mean()),
        variance_fraction=float((found**2).mean()),
    )


def vpc(study: Study) -> Vpc:
    """Percentiles of the observed levels, and where those of whole replicated studies lie."""
    tail = (1.0 - LEVEL) / 2.0
    parts = (tail, 0.5, 1.0 - tail)
    own = np.stack(quantiles(study.observed, parts))
    copies = np.stack(quantiles(study.replicates, parts))
    low, middle, high = quantiles(np.swapaxes(copies, 0, 1), CHANCE)
    spread: FloatArray = copies.std(axis=1, ddof=1)
    centre: FloatArray = copies.mean(axis=1)
    return Vpc(
        time_day=study.time_day,
        observed_g_per_L=own,
        low_g_per_L=low,
        middle_g_per_L=middle,
        high_g_per_L=high,
        largest_sd=float(np.max(np.abs(own - centre) / spread)),
    )


def _as_planned(model: PopulationModel, design: Design, random: np.random.Generator) -> FloatArray:
    """One patient as ``individualise`` draws it when no level is known."""
    fit = individualise(model, design.patient, design.doses, ())
    one = fit.parameters.take(random.integers(fit.weights.size, size=1))
    return _measured(model, total_g_per_L(one, fit.past, np.array(design.time_day)), random)[0]


def _measured(model: PopulationModel, true: FloatArray, random: np.random.Generator) -> FloatArray:
    """Levels with the residual error of the model, if it publishes one; never below 0."""
    if model.residual is None:
        return true
    sd = residual_sd_g_per_L(model.residual.value, true)
    return np.maximum(true + sd * random.standard_normal(true.shape), 0.0)


def _truncated(random: np.random.Generator, n: int, sd: float, limit: float | None) -> FloatArray:
    """Normal draws, held within ``limit`` SD by drawing again."""
    drawn = random.standard_normal(n)
    while limit is not None and (out := np.abs(drawn) > limit).any():
        drawn[out] = random.standard_normal(int(out.sum()))
    return sd * drawn


def _z(values: FloatArray) -> float:
    """Mean over its standard error."""
    return float(values.mean() / (values.std(ddof=1) / sqrt(values.size)))
