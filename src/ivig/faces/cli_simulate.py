"""``ivig simulate``: one regimen in a population of virtual patients."""

import sys
import time
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ivig.errors import InputError
from ivig.faces.output import text_or_json
from ivig.faces.progress import INTERRUPTED, progress, thread_count

if TYPE_CHECKING:
    from ivig.faces.simulate_files import LevelTables
    from ivig.pk.disposition import FloatArray
    from ivig.pk.simulate import Block, Scalars, Simulation
    from ivig.pk.summary import SimulationSummary

    Result = tuple[Block, Scalars, FloatArray]

ADULTS, CHILDREN = "us_adults", "us_children"
NOWHERE = "no folder for machine code can be written; set NUMBA_CACHE_DIR to one that can"
COMPILE_S = 5  # of the kernel of the levels on a quiet machine; measured, it differs


def _whole(context: click.Context, parameter: click.Parameter, text: str | None) -> int | None:
    """A whole number as it was typed; 100,000 and 100_000 too."""
    del context
    if text is None:
        return None
    try:
        return int(text.replace(",", ""))
    except ValueError as error:
        raise InputError(str(parameter.name), text, "a whole number, such as 100000") from error


def _warm_up(context: click.Context, parameter: click.Parameter, value: bool) -> None:
    """Compile every kernel, and say where the machine code is and how long it took."""
    del parameter
    if not value or context.resilient_parsing:
        return
    if find_spec("numba") is None:
        raise InputError("--warm-up", "numba is not installed", "the extra `scale`")
    from ivig.pk.kernels import machine_code
    from ivig.pk.kernels.warm_up import warm_up

    began, kernels, lines = time.perf_counter(), warm_up(), list[str]()
    with progress(len(kernels), "compiling") as told:
        for done, (name, compile_it) in enumerate(kernels, start=1):
            start = time.perf_counter()
            compile_it()
            lines.append(f"{name:34} {time.perf_counter() - start:6.1f} s")
            told(done)
    place = machine_code.folder()
    kept = f"kept in {place}" if place else f"not kept: {NOWHERE}"
    click.echo("\n".join(lines))
    click.echo(f"ready after {time.perf_counter() - began:.1f} s; {kept}")
    context.exit()


@click.command()
@click.option(
    "--model", "model_id", required=True, help="Id of a model: ivig knowledge list models."
)
@click.option(
    "--regimen", required=True, help="Such as '0.4 g/kg iv q3w' or '2 g/kg over 5 days then …'."
)
@click.option("--n", callback=_whole, default="10000", show_default=True, help="How many patients.")
@click.option("--seed", callback=_whole, default="1", show_default=True, help="0 or more.")
@click.option(
    "--days", callback=_whole, default="365", show_default=True, help="From the first dose."
)
@click.option(
    "--target", "targets", multiple=True, type=float, help="Trough in g/L; may be repeated. [7]"
)
@click.option(
    "--population", "population_id", default=ADULTS, show_default=True, help="Whom, by id."
)
@click.option("--adults", "population_id", flag_value=ADULTS, help=f"--population {ADULTS}.")
@click.option("--children", "population_id", flag_value=CHILDREN, help=f"--population {CHILDREN}.")
@click.option(
    "--output",
    "kind",
    type=click.Choice(["summary", "full"]),
    default="summary",
    show_default=True,
    help="Quantiles, or every level of every patient as well.",
)
@click.option(
    "-o", "file", type=click.Path(path_type=Path), help="FILE.parquet, .csv, or .json (summary)."
)
@text_or_json
@click.option(
    "--threads",
    callback=_whole,
    help="Of Python and of compiled code. Default and most: one for each core.",
)
@click.option(
    "--warm-up",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_warm_up,
    help="Compile everything that is compiled for populations, once for this machine, and stop.",
)
def simulate(
    model_id: str,
    regimen: str,
    n: int,
    seed: int,
    days: int,
    targets: tuple[float, ...],
    population_id: str,
    kind: str,
    file: Path | None,
    chosen: str,
    threads: int | None,
) -> None:
    """IgG in virtual patients on one regimen.

    Age, sex, height and weight are drawn together, the random effects as the model publishes them.
    The same seed gives the same patients for any number of threads. Full output writes two tables:
    FILE with id, time_day and igg_g_per_L, and FILE with .patients before its ending.
    """
    from ivig.faces.simulate_files import require_ending, require_room
    from ivig.pk.summary import require_target

    for target in targets:
        require_target(target)
    workers = thread_count(threads)
    simulation = simulation_of(model_id, population_id, regimen, n, seed, days)
    require_ending(file, kind)
    full = file if kind == "full" else None
    require_room(simulation, full)
    _announce_compilation()
    try:
        summary = run_blocks(simulation, workers, full, targets or (7.0,))
        _show(summary, simulation, file if full is None else None, chosen)
    except KeyboardInterrupt:
        click.echo("interrupted: nothing was written", err=True)
        sys.exit(INTERRUPTED)
    if file is not None:
        click.echo(f"wrote {file}", err=True)


def simulation_of(
    model_id: str, population_id: str, regimen: str, n: int, seed: int, n_days: int
) -> "Simulation":
    """What to simulate; refused when the model does not cover the population."""
    from ivig.knowledge import load_knowledge
    from ivig.pk.regimen_text import parse_regimen
    from ivig.pk.simulate import Simulation
    from ivig.pk.virtual import admitted_fraction

    known = load_knowledge()
    if model_id not in known.models:
        raise InputError("model", model_id, f"one of {', '.join(known.models)}")
    if population_id not in known.populations:
        raise InputError("population", population_id, f"one of {', '.join(known.populations)}")
    model, population = known.models[model_id], known.populations[population_id]
    simulation = Simulation(
        model=model,
        population=population,
        phases=parse_regimen(regimen),
        n_patients=n,
        seed=seed,
        n_days=n_days,
    )
    admitted_fraction(model, population)
    return simulation


def run_blocks(
    simulation: "Simulation", threads: int, full: Path | None, targets: tuple[float, ...]
) -> "SimulationSummary":
    """Every block: counted, and written when full output is wanted."""
    from ivig.cohort.blocks import in_order
    from ivig.faces.simulate_files import LevelTables, patients_path, whole
    from ivig.pk.simulate import level_function, make_block, scalars
    from ivig.pk.summary import SummaryBuilder

    levels, builder = level_function(simulation), SummaryBuilder(simulation)

    def work(i: int) -> "Result":
        block = make_block(simulation, i)
        return block, scalars(simulation, block), levels(block)

    def consume(tables: "LevelTables | None") -> None:
        n = simulation.n_blocks
        blocks = in_order(work, n, threads, at_start=lambda: _limit_compiled(threads))
        with closing(blocks) as results, progress(n, "simulating") as told:
            for i, (block, found, igg) in enumerate(results):
                builder.add(block, found, igg)
                if tables is not None:
                    tables.add(block, found, igg)
                told(i + 1)

    if full is None:
        consume(None)
        return builder.finish(targets)
    with (
        whole(full, patients_path(full)) as (level_part, patient_part),
        closing(LevelTables(simulation, level_part, patient_part, full.suffix)) as tables,
    ):
        consume(tables)
    return builder.finish(targets)


def _limit_compiled(threads: int) -> None:
    """In each thread that starts kernels: the limit is that thread's own."""
    if find_spec("numba") is not None:
        from ivig.pk.kernels import use_threads

        use_threads(threads)


def _announce_compilation() -> None:
    """Say beforehand why the first simulation is slow."""
    if find_spec("numba") is None:
        return
    from ivig.pk.kernels import machine_code
    from ivig.pk.kernels.warm_up import levels_are_ready

    if levels_are_ready():
        return
    place = machine_code.folder()
    told = f"kept in {place}" if place else NOWHERE
    click.echo(f"compiling once, about {COMPILE_S} s; {told}", err=True)


def _show(
    summary: "SimulationSummary", simulation: "Simulation", file: Path | None, chosen: str
) -> None:
    """The summary in its file, else on the screen."""
    from ivig.faces.simulate_files import summary_json, write_summary
    from ivig.faces.simulate_text import summary_text

    if file is not None:
        write_summary(summary, file)
    elif chosen == "json":
        click.echo(summary_json(summary), nl=False)
    else:
        click.echo(summary_text(summary, simulation), nl=False)
