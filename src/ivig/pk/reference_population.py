"""Body sizes of a reference population: sex, age, height and weight drawn together.

A size is drawn by Cole's LMS method [cole-1992]_: with z standard normal, size = median ·
(1 + power · cv · z) ^ (1 / power). Height has power 1 (normal); that of weight is below 0, so heavy
patients are further from the median than light ones. The z of height and of weight are correlated.
Between the ages of a table its columns are interpolated linearly; below the first age height and
weight go on along their first slope, the rest is held.

Shapes: every array (n,).

References
----------
.. [cole-1992] Smoothing reference centile curves: the LMS method and penalized likelihood.
   Stat Med 1992;11:1305-19.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ivig.cited import Cited
from ivig.pk.disposition import FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeByAge:
    """Medians and spreads of one sex at some ages.

    ``…_cv_percent`` is the S of the LMS method as per cent of the median;
    ``correlation_fraction`` is that of height with weight at the same age, each as its z.
    """

    age_year: tuple[float, ...]
    height_cm: tuple[float, ...]
    height_cv_percent: tuple[float, ...]
    weight_kg: tuple[float, ...]
    weight_cv_percent: tuple[float, ...]
    correlation_fraction: tuple[float, ...]

    def __post_init__(self) -> None:
        n = len(self.age_year)
        columns = (self.height_cm, self.height_cv_percent, self.weight_kg, self.weight_cv_percent)
        if n < 2 or any(len(column) != n for column in (*columns, self.correlation_fraction)):
            raise ValueError("a table of sizes has a number for each of two ages or more")
        if any(low >= high for low, high in zip(self.age_year, self.age_year[1:], strict=False)):
            raise ValueError("the ages of a table of sizes rise")
        if any(value <= 0 for column in columns for value in column):
            raise ValueError("sizes and their spreads are above 0")
        if any(not -1 < value < 1 for value in self.correlation_fraction):
            raise ValueError("a correlation lies between -1 and 1")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferencePopulation:
    """Whom virtual patients are drawn from: knowledge/populations/<id>.yaml.

    Parameters
    ----------
    age_year_low, age_year_high
        Ages are spread evenly between them.
    weight_power
        Of the LMS method, below 0.
    limit_sd
        A z beyond it is held there: what lies further out is not printed.
    """

    id: str
    name: str
    age_year_low: Cited[float]
    age_year_high: Cited[float]
    female_fraction: Cited[float]
    weight_power: Cited[float]
    limit_sd: Cited[float]
    male: Cited[SizeByAge]
    female: Cited[SizeByAge]

    def __post_init__(self) -> None:
        if self.weight_power.value >= 0.0:
            raise ValueError("the power of weight is below 0")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """Some people of a reference population."""

    female: NDArray[np.bool_]
    age_year: FloatArray
    height_cm: FloatArray
    weight_kg: FloatArray


def draw_sizes(population: ReferencePopulation, random: np.random.Generator, n: int) -> Sizes:
    """Draw ``n`` people; the same stream and the same ``n`` give the same people."""
    unit, normal = random.random((2, n)), random.standard_normal((2, n))
    female = unit[0] < population.female_fraction.value
    low, high = population.age_year_low.value, population.age_year_high.value
    age_year = low + (high - low) * unit[1]
    height_cm, weight_kg = np.empty(n), np.empty(n)
    for table, chosen in ((population.male.value, ~female), (population.female.value, female)):
        own = _of_one_sex(population, table, age_year[chosen], normal[:, chosen])
        height_cm[chosen], weight_kg[chosen] = own
    return Sizes(female=female, age_year=age_year, height_cm=height_cm, weight_kg=weight_kg)


def _of_one_sex(
    population: ReferencePopulation, table: SizeByAge, age_year: FloatArray, normal: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Height and weight at these ages; ``normal`` is (2, n)."""
    shared = _held(table.age_year, table.correlation_fraction, age_year)
    limit = population.limit_sd.value
    tall = np.clip(normal[0], -limit, limit)
    heavy = np.clip(shared * normal[0] + np.sqrt(1.0 - shared**2) * normal[1], -limit, limit)
    height_cv = _held(table.age_year, table.height_cv_percent, age_year) / 100.0
    weight_cv = _held(table.age_year, table.weight_cv_percent, age_year) / 100.0
    power = population.weight_power.value
    height_cm = _sloped(table.age_year, table.height_cm, age_year) * (1.0 + height_cv * tall)
    weight_kg = _sloped(table.age_year, table.weight_kg, age_year) * (
        1.0 + power * weight_cv * heavy
    ) ** (1.0 / power)
    return height_cm, weight_kg


def _held(ages: tuple[float, ...], values: tuple[float, ...], age_year: FloatArray) -> FloatArray:
    return np.interp(age_year, ages, values)


def _sloped(ages: tuple[float, ...], values: tuple[float, ...], age_year: FloatArray) -> FloatArray:
    """As ``_held``, but below the first age along the first slope."""
    slope = (values[1] - values[0]) / (ages[1] - ages[0])
    younger_year = np.minimum(age_year - ages[0], 0.0)
    return _held(ages, values, age_year) + slope * younger_year
