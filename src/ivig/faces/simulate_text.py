"""The summary of a simulation as a table of text."""

from collections.abc import Iterable, Iterator, Mapping

from ivig.cited import Cited
from ivig.codec import walk
from ivig.pk.regimen_text import phase_starts
from ivig.pk.simulate import Simulation
from ivig.pk.summary import RESOLUTION_G_PER_L, SPREAD, SimulationSummary

SHOWN_DAYS = (0, 1, 2, 4, 7, 14, 21, 28, 42, 56, 84, 112, 168, 252, 364, 728, 1456, 2912)
SHOWN_CYCLES = (0, 1, 2, 3, 4, 6, 8, 12, 16, 24, 52, 104, 208)
COLUMNS = ("mean", "SD", *(f"{100 * share:g} %" for share in SPREAD.values()))


def summary_text(summary: SimulationSummary, simulation: Simulation) -> str:
    """What was simulated, the table, the curve at some days, and what to bear in mind."""
    lines = [
        f"{summary.n_patients:,} virtual patients on {summary.regimen}, seed {summary.seed}",
        f"Model: {simulation.model.name} ({summary.model_id})",
        f"Population: {simulation.population.name} ({summary.population_id}); "
        f"{100 * summary.covered_fraction:.0f} % of them lie inside the model's data and are simulated",
        "",
        *_table(summary),
        "",
        *_curve(summary, simulation),
        "",
        *(f"- {note}" for note in notes(summary, simulation)),
    ]
    return "\n".join(lines) + "\n"


def _table(summary: SimulationSummary) -> Iterator[str]:
    title = "Total IgG at steady state" if summary.trough_g_per_L else "Each patient"
    yield f"{title:30}" + "".join(f"{name:>9}" for name in COLUMNS)
    rows: tuple[tuple[str, Mapping[str, float] | None, int], ...] = (
        ("Trough, g/L", summary.trough_g_per_L, 2),
        ("Peak, g/L", summary.peak_g_per_L, 2),
        ("AUC of one interval, g·day/L", summary.auc_tau_g_day_per_L, 0),
        ("Half-life of infused IgG, day", summary.half_life_day, 1),
    )
    for name, spread, digits in rows:
        if spread is not None:
            yield f"{name:30}" + "".join(f"{value:9.{digits}f}" for value in spread.values())
    for level, fraction in (summary.trough_below_fraction or {}).items():
        yield f"P(trough < {level:g} g/L) = {100 * fraction:.1f} %"


def _curve(summary: SimulationSummary, simulation: Simulation) -> Iterator[str]:
    curve = summary.curve
    yield (
        "Total IgG by day, g/L"
        + " " * 9
        + "".join(f"{name:>9}" for name in ("5 %", "50 %", "95 %"))
    )
    for day in _shown_days(simulation):
        levels = (curve.q05_g_per_L[day], curve.q50_g_per_L[day], curve.q95_g_per_L[day])
        yield f"  day {day:<24}" + "".join(f"{level:9.2f}" for level in levels)


def _shown_days(simulation: Simulation) -> list[int]:
    """The troughs of a regimen in whole days, early ones closer; else days growing apart."""
    interval_day = simulation.phases[-1].interval_day
    days: Iterable[float] = SHOWN_DAYS
    if simulation.repeats and interval_day is not None and interval_day.is_integer():
        start_day = phase_starts(simulation.phases)[-1]
        days = (0.0, *(start_day + cycle * interval_day for cycle in SHOWN_CYCLES))
    return sorted({int(day) for day in days if day <= simulation.n_days and day == int(day)})


def notes(summary: SimulationSummary, simulation: Simulation) -> Iterator[str]:
    """What to bear in mind when the numbers are read."""
    model = simulation.model
    if summary.trough_g_per_L is None:
        yield "The regimen ends, so it has no steady state; the curve says what it does."
    yield f"Levels of a day are taken before its dose; their quantiles to {RESOLUTION_G_PER_L:g} g/L."
    yield "Differences between patients alone: no residual error, no missed doses, no weight change."
    yield "Doses per kg are of each patient's weight, not rounded to vials."
    if any(fact.value.truncate_sd is not None for fact in model.variability):
        yield "Part of the published variability is cut off where it is not physiological."
    if model.baseline_kind == "included":
        yield "The model was fitted to total IgG: nothing is added for own IgG."
    elif not any(fact.value.parameter == "BL" for fact in model.variability):
        level = model.typical["BL"].value
        yield f"Own IgG is the model's {level:g} g/L in everyone: it publishes no spread of it."
    if model.why_status is not None:
        yield f"{model.id} ({model.status.replace('_', ' ')}): {model.why_status}"
    unsure = _of_basis(simulation, "recalled"), _of_basis(simulation, "assumed")
    yield f"Body size from {', '.join(_sources(simulation))}; from memory: {unsure[0]}."
    yield f"Our assumptions about the population: {unsure[1]}."


def _facts(simulation: Simulation) -> Iterator[tuple[str, Cited[object]]]:
    for path, value in walk(simulation.population):
        if isinstance(value, Cited):
            yield str(path[-1]).replace("_", " "), value


def _of_basis(simulation: Simulation, basis: str) -> str:
    found = [name for name, fact in _facts(simulation) if fact.basis == basis]
    return ", ".join(dict.fromkeys(found)) or "nothing"


def _sources(simulation: Simulation) -> list[str]:
    return sorted({fact.source for _, fact in _facts(simulation) if fact.source is not None})
