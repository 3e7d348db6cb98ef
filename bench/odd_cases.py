"""Patients that a sampler may stumble over: every published model, levels that may contradict it.

Half of the patients are drawn from the model itself. The levels of the others are odd: a factor of
0.2 to 5 on one or on all of them, every second one, or a level below what the laboratory can tell.
Doses 0.1 to 2 g/kg every 7 to 42 days, one to six levels anywhere in the course.
"""

import numpy as np

from ivig.errors import InputError
from ivig.knowledge import Knowledge
from ivig.patient import Dose, Sample
from ivig.pk.concentration import total_g_per_L
from ivig.pk.kernels.cases import Cases, Known, gather
from ivig.pk.parameters import log_sd, parameters
from ivig.pk.population import PopulationModel, Residual
from ivig.pk.schedule import history_trains

WEIGHT_KG = 70.0
KINDS = ("plain", "one", "all", "alternating", "below")
LEAST_G_PER_L = 0.05


def fitted_models(knowledge: Knowledge) -> list[PopulationModel]:
    """Those with residual error and variability that may be used for a patient."""
    return [
        model
        for model in knowledge.models.values()
        if model.residual is not None and model.variability and model.status != "not_shipped"
    ]


def odd_cases(model: PopulationModel, n: int, seed: int) -> Cases:
    """``n`` patients of one model."""
    effects, sd, limit = spread(model)
    return gather(
        odd_patients(model, n, seed), effects=effects, sd=sd, limit=limit, residual=residual(model)
    )


def residual(model: PopulationModel) -> Residual:
    """The residual error of a model that has one."""
    if model.residual is None:
        raise InputError("model", model.id, "a model with residual error")
    return model.residual.value


def spread(model: PopulationModel) -> tuple[tuple[str, ...], np.ndarray, np.ndarray]:
    """Parameters with an effect, their ω, and the largest |η| admitted."""
    terms = [fact.value for fact in model.variability]
    sd = np.array([log_sd(term.cv_percent) for term in terms])
    cut = np.array([np.inf if term.truncate_sd is None else term.truncate_sd for term in terms])
    return tuple(term.parameter for term in terms), sd, cut * sd


def odd_patients(model: PopulationModel, n: int, seed: int) -> list[Known]:
    """Doses and levels of ``n`` patients."""
    random = np.random.default_rng(seed)
    return [_patient(model, random) for _ in range(n)]


def _patient(model: PopulationModel, random: np.random.Generator) -> Known:
    typical = {name: fact.value for name, fact in model.typical.items()}
    effects, sd, limit = spread(model)
    route = random.choice(model.domain.value.routes)
    interval = random.choice([7.0, 14.0, 21.0, 28.0, 42.0])
    grams = WEIGHT_KG * np.exp(random.uniform(np.log(0.1), np.log(2.0)))
    n_doses = int(random.integers(1, 13))
    duration_h = random.choice([2.0, 5.0]) if route == "iv" else None
    doses = [
        Dose(time_day=interval * i, amount_g=grams, route=route, duration_h=duration_h)
        for i in range(n_doses)
    ]
    days = np.sort(random.uniform(0.3, interval * n_doses + 14.0, int(random.integers(1, 7))))
    eta = np.clip(random.standard_normal(len(effects)) * sd, -limit, limit)
    true = total_g_per_L(parameters(typical, effects, eta[None]), history_trains(doses), days)[0]
    error = residual(model)
    noise = np.hypot(error.additive_sd_g_per_L, error.proportional_sd_fraction * true)
    found = np.maximum(true + noise * random.standard_normal(days.size), LEAST_G_PER_L)
    kind = random.choice(KINDS, p=[0.5, 0.125, 0.125, 0.125, 0.125])
    found, below = _odd(found, kind, random)
    levels = [
        Sample(time_day=float(day), igg_g_per_L=float(level), below_limit=bool(low))
        for day, level, low in zip(days, found, below, strict=True)
    ]
    return Known(typical, doses, levels)


def _odd(
    levels: np.ndarray, kind: str, random: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    below = np.zeros(levels.size, dtype=bool)
    factor = np.exp(random.uniform(-np.log(5.0), np.log(5.0)))
    one = int(random.integers(levels.size))
    changed = levels.copy()
    if kind == "one":
        changed[one] *= factor
    elif kind == "all":
        changed *= factor
    elif kind == "alternating":
        changed[::2] *= factor
    elif kind == "below":
        below[one] = True
        changed[one] = random.uniform(0.5, 4.0)
    return changed, below
