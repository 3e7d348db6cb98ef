"""A population in a few numbers, without its trajectories.

Of each patient four numbers are kept, so their quantiles are exact. Of the daily levels only counts
are kept, in bins of ``RESOLUTION_G_PER_L``: a quantile of a day is right to within one bin. Counts and
the order of patients do not depend on how the work was divided, so nor does the summary.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ivig.errors import InputError
from ivig.pk.disposition import FloatArray
from ivig.pk.quantile import quantiles
from ivig.pk.regimen_text import format_regimen
from ivig.pk.simulate import Block, Scalars, Simulation
from ivig.pk.virtual import admitted_fraction

RESOLUTION_G_PER_L = 0.02
HIGHEST_G_PER_L = 100.0  # a quantile above it is given as this
BINS = round(HIGHEST_G_PER_L / RESOLUTION_G_PER_L)
SPREAD = {"q05": 0.05, "q25": 0.25, "q50": 0.5, "q75": 0.75, "q95": 0.95}
BAND = (0.05, 0.5, 0.95)


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyLevels:
    """Quantiles of total IgG among the patients, day by day, each before a dose of that day."""

    time_day: tuple[float, ...]
    q05_g_per_L: tuple[float, ...]
    q50_g_per_L: tuple[float, ...]
    q95_g_per_L: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulationSummary:
    """What a regimen does to total IgG in a population.

    Parameters
    ----------
    covered_fraction : float
        Of the population inside the model's data; the others are not simulated.
    trough_g_per_L, peak_g_per_L, auc_tau_g_day_per_L : mapping or None
        Mean, SD and quantiles at the steady state of the last phase; None when it ends.
    trough_below_fraction : mapping or None
        Level in g/L → fraction of the patients whose steady trough lies below it.
    """

    model_id: str
    population_id: str
    covered_fraction: float
    regimen: str
    n_patients: int
    seed: int
    trough_g_per_L: Mapping[str, float] | None
    peak_g_per_L: Mapping[str, float] | None
    auc_tau_g_day_per_L: Mapping[str, float] | None
    half_life_day: Mapping[str, float]
    trough_below_fraction: Mapping[float, float] | None
    curve: DailyLevels


class LevelCounts:
    """How many patients had which level on which day.

    Examples
    --------
    >>> counts = LevelCounts(1)
    >>> counts.add(np.arange(0.01, 10.0, 0.02)[:, None])
    >>> [round(float(found[0]), 1) for found in counts.quantiles((0.05, 0.5, 0.95))]
    [0.5, 5.0, 9.5]
    """

    def __init__(self, n_times: int) -> None:
        self._counts = np.zeros((n_times, BINS + 1), np.int64)
        self._row_start = np.arange(n_times, dtype=np.int32) * np.int32(BINS + 1)

    def add(self, levels_g_per_L: FloatArray) -> None:
        """Count some patients' levels, (n_patients, n_times)."""
        held = np.minimum(levels_g_per_L, HIGHEST_G_PER_L)
        held *= 1.0 / RESOLUTION_G_PER_L
        where = held.astype(np.int32)
        where += self._row_start
        np.add.at(self._counts.reshape(-1), where.reshape(-1), 1)

    def quantiles(self, probabilities: Sequence[float]) -> list[FloatArray]:
        """Quantiles of each time, (n_times,) each, linear inside a bin."""
        upto: NDArray[np.int64] = np.cumsum(self._counts, axis=1)
        rank = np.outer(probabilities, upto[:, -1])
        found: list[FloatArray] = []
        rows = np.arange(self._counts.shape[0])
        for wanted in rank:
            bin_ = np.minimum((upto < wanted[:, None]).sum(axis=1), BINS)
            inside = np.maximum(self._counts[rows, bin_], 1)
            share = 1.0 - (upto[rows, bin_] - wanted) / inside
            level = (bin_ + np.clip(share, 0.0, 1.0)) * RESOLUTION_G_PER_L
            found.append(np.minimum(level, HIGHEST_G_PER_L))
        return found


class SummaryBuilder:
    """Takes the blocks of a simulation, in any order, and forgets their levels."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation
        n = simulation.n_patients
        self._trough, self._peak = np.empty(n), np.empty(n)
        self._area, self._half_life = np.empty(n), np.empty(n)
        self._counts = LevelCounts(simulation.n_days + 1)

    def add(self, block: Block, found: Scalars, levels_g_per_L: FloatArray) -> None:
        """One block: its patients' numbers, and their levels to be counted."""
        here = slice(block.first, block.first + block.n_patients)
        self._trough[here] = found.trough_g_per_L
        self._peak[here] = found.peak_g_per_L
        self._area[here] = found.auc_tau_g_day_per_L
        self._half_life[here] = found.half_life_day
        self._counts.add(levels_g_per_L)

    def finish(self, targets_g_per_L: Sequence[float] = ()) -> SimulationSummary:
        """The summary, once every block was added.

        Raises
        ------
        InputError
            A target that is not above 0.
        """
        simulation, steady = self._simulation, self._simulation.repeats
        for target in targets_g_per_L:
            require_target(target)
        low, middle, high = (tuple(found.tolist()) for found in self._counts.quantiles(BAND))
        below = {x: float((self._trough < x).mean()) for x in targets_g_per_L}
        return SimulationSummary(
            model_id=simulation.model.id,
            population_id=simulation.population.id,
            covered_fraction=admitted_fraction(simulation.model, simulation.population),
            regimen=format_regimen(simulation.phases),
            n_patients=simulation.n_patients,
            seed=simulation.seed,
            trough_g_per_L=describe(self._trough) if steady else None,
            peak_g_per_L=describe(self._peak) if steady else None,
            auc_tau_g_day_per_L=describe(self._area) if steady else None,
            half_life_day=describe(self._half_life),
            trough_below_fraction=below if steady else None,
            curve=DailyLevels(
                time_day=tuple(simulation.time_day.tolist()),
                q05_g_per_L=low,
                q50_g_per_L=middle,
                q95_g_per_L=high,
            ),
        )


def require_target(target_g_per_L: float) -> None:
    """Refuse a target that is no level."""
    if not 0.0 < target_g_per_L <= HIGHEST_G_PER_L:
        raise InputError("target", target_g_per_L, f"above 0 and at most {HIGHEST_G_PER_L:g} g/L")


def describe(values: FloatArray) -> dict[str, float]:
    """Mean, SD (of the population, 0 for one patient) and exact quantiles of (n_patients,) values.

    Examples
    --------
    >>> describe(np.array([1.0, 2.0, 3.0]))["q50"]
    2.0
    """
    found = quantiles(values, tuple(SPREAD.values()))
    spread = {name: float(value) for name, value in zip(SPREAD, found, strict=True)}
    return {"mean": float(values.mean()), "sd": float(values.std()), **spread}


def memory_bytes(simulation: Simulation) -> int:
    """What a summary holds at its largest: each patient's numbers, one sorted copy, the counts."""
    return 6 * 8 * simulation.n_patients + 3 * 8 * (BINS + 1) * (simulation.n_days + 1)
