"""Virtual patients: age, sex, height, weight and lean body mass together, and random effects.

Patients are drawn in blocks of a fixed size. Each block has a counter-based stream of its own
[salmon-2011]_, the seed being the key and the block the counter; so a patient depends on the seed
and its number alone, not on how many are drawn, in what order or by how many threads.

Shapes: every array (n_patients,), η (n_patients, n_eta).

References
----------
.. [salmon-2011] Parallel random numbers: as easy as 1, 2, 3. doi:10.1145/2063384.2063405
"""

from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray

from ivig.errors import OutsideModelDomain
from ivig.pk.disposition import FloatArray
from ivig.pk.parameters import Parameters, log_sd, parameters
from ivig.pk.population import ParameterName, PopulationModel, PowerCovariate
from ivig.pk.reference_population import ReferencePopulation, Sizes, draw_sizes
from ivig.pk.size import PETERS_TO_YEAR

BLOCK = 2048  # patients of one stream: changing it changes every simulation
STREAM_BIT = 192  # the block is the highest of the four words of the counter
TRIAL_BLOCK = 2**64 - 1  # a stream no simulation reaches
LEAST_FRACTION = 0.01  # of the population inside a model's data, or it is the wrong population


@dataclass(frozen=True, slots=True, kw_only=True)
class VirtualPatients:
    """Covariates and random effects of some patients; ``eta`` in the order of ``eta_names``."""

    female: NDArray[np.bool_]
    age_year: FloatArray
    height_cm: FloatArray
    weight_kg: FloatArray
    lean_body_mass_kg: FloatArray
    eta_names: tuple[ParameterName, ...]
    eta: FloatArray

    def first(self, n: int) -> "VirtualPatients":
        """The first ``n`` of them."""
        return VirtualPatients(
            female=self.female[:n],
            age_year=self.age_year[:n],
            height_cm=self.height_cm[:n],
            weight_kg=self.weight_kg[:n],
            lean_body_mass_kg=self.lean_body_mass_kg[:n],
            eta_names=self.eta_names,
            eta=self.eta[:n],
        )


def draw_block(
    model: PopulationModel, population: ReferencePopulation, *, seed: int, block: int
) -> VirtualPatients:
    """The patients of one block, each inside the data the model was built on.

    The caller has asked ``admitted_fraction`` first, or this may not end.

    Returns
    -------
    VirtualPatients
        ``BLOCK`` of them.
    """
    random = _stream(seed, block)
    parts: list[FloatArray] = []
    found = 0
    while found < BLOCK:
        drawn = draw_sizes(population, random, BLOCK)
        sex = drawn.female.astype(np.float64)
        rows = np.stack([sex, drawn.age_year, drawn.height_cm, drawn.weight_kg])
        parts.append(rows[:, _admitted(model, drawn)])
        found += parts[-1].shape[1]
    female, age_year, height_cm, weight_kg = np.concatenate(parts, axis=1)[:, :BLOCK]
    names, eta = _random_effects(model, random)
    return VirtualPatients(
        female=female > 0.5,
        age_year=age_year,
        height_cm=height_cm,
        weight_kg=weight_kg,
        lean_body_mass_kg=_lean_body_mass_kg(female > 0.5, age_year, height_cm, weight_kg),
        eta_names=names,
        eta=eta,
    )


def admitted_fraction(model: PopulationModel, population: ReferencePopulation) -> float:
    """How much of a population lies inside the data of a model, by trial.

    Raises
    ------
    OutsideModelDomain
        The model is not to be used, publishes no variability, or covers hardly any of them.
    """
    if model.status == "not_shipped":
        raise OutsideModelDomain(f"{model.id} is not used: {model.why_status}")
    if not model.variability:
        raise OutsideModelDomain(
            f"{model.id} publishes typical values only, so its patients would all be alike; "
            "ivig predict gives the typical patient"
        )
    trial = draw_sizes(population, _stream(0, TRIAL_BLOCK), 10 * BLOCK)
    fraction = float(_admitted(model, trial).mean())
    if fraction < LEAST_FRACTION:
        domain = model.domain.value
        built = (
            f"{model.id} was built on {domain.age_year_low:g} to {domain.age_year_high:g} years and "
            f"{domain.weight_kg_low:g} to {domain.weight_kg_high:g} kg"
        )
        limits = "" if model.restriction is None else f" ({model.restriction.value.why})"
        raise OutsideModelDomain(
            f"{built}{limits}: fewer than {100 * LEAST_FRACTION:g} % of {population.name} are such "
            "patients"
        )
    return fraction


def individual_parameters(model: PopulationModel, patients: VirtualPatients) -> Parameters:
    """Each patient's parameters: typical value · (covariate / reference) ^ exponent · exp(η)."""
    names: tuple[ParameterName, ...] = tuple(model.typical)
    shift = np.zeros((patients.weight_kg.size, len(names)))
    for column, name in enumerate(patients.eta_names):
        shift[:, names.index(name)] += patients.eta[:, column]
    for fact in model.powers:
        shift[:, names.index(fact.value.parameter)] += _log_power(fact.value, patients)
    typical: dict[ParameterName, float] = {name: fact.value for name, fact in model.typical.items()}
    return parameters(typical, names, shift)


def _stream(seed: int, block: int) -> np.random.Generator:
    return np.random.Generator(np.random.Philox(key=seed, counter=block << STREAM_BIT))


def _admitted(model: PopulationModel, sizes: Sizes) -> NDArray[np.bool_]:
    """Inside the model's data, and where we do not restrict it further."""
    domain = model.domain.value
    low_year, low_kg, high_kg = domain.age_year_low, domain.weight_kg_low, domain.weight_kg_high
    if model.restriction is not None:
        limits = model.restriction.value
        low_year = max(low_year, limits.age_year_low or 0.0)
        low_kg = max(low_kg, limits.weight_kg_low or 0.0)
        high_kg = min(high_kg, limits.weight_kg_high or inf)
    of_age = (low_year <= sizes.age_year) & (sizes.age_year <= domain.age_year_high)
    return of_age & (low_kg <= sizes.weight_kg) & (sizes.weight_kg <= high_kg)


def _lean_body_mass_kg(
    female: NDArray[np.bool_], age_year: FloatArray, height_cm: FloatArray, weight_kg: FloatArray
) -> FloatArray:
    """Boer's and Peters' equations, as ``size.lean_body_mass_kg`` (a test holds them equal)."""
    man = 0.407 * weight_kg + 0.267 * height_cm - 19.2
    woman = 0.252 * weight_kg + 0.473 * height_cm - 48.3
    child = 3.8 * 0.0215 * weight_kg**0.6469 * height_cm**0.7236
    grown = np.where(female, woman, man)
    return np.minimum(np.where(age_year <= PETERS_TO_YEAR, child, grown), weight_kg)


def _random_effects(
    model: PopulationModel, random: np.random.Generator
) -> tuple[tuple[ParameterName, ...], FloatArray]:
    """Independent normal effects as published, each redrawn until inside its limit."""
    columns: list[FloatArray] = []
    for fact in model.variability:
        limit = inf if fact.value.truncate_sd is None else fact.value.truncate_sd
        unit = np.empty(0)
        while unit.size < BLOCK:
            fresh = random.standard_normal(BLOCK)
            unit = np.concatenate([unit, fresh[np.abs(fresh) <= limit]])
        columns.append(log_sd(fact.value.cv_percent) * unit[:BLOCK])
    return tuple(fact.value.parameter for fact in model.variability), np.stack(columns, axis=1)


def _log_power(power: PowerCovariate, patients: VirtualPatients) -> FloatArray:
    """ln of a covariate's effect; IgM is at the cohort's median, so it has none."""
    if power.covariate == "igm_g_per_L":
        return np.zeros(patients.weight_kg.size)
    known = power.covariate == "weight_kg"
    value = patients.weight_kg if known else patients.lean_body_mass_kg
    held = np.clip(value, power.low or 0.0, power.high or inf)
    return power.exponent * np.log(held / power.reference)
