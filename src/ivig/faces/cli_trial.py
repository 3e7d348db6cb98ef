"""``ivig trial``: a published trial repeated, or the power of a new one."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ivig.errors import InputError
from ivig.faces.output import text_or_json
from ivig.faces.progress import INTERRUPTED, progress, thread_count

if TYPE_CHECKING:
    from ivig.cohort.power import DesignResult
    from ivig.knowledge import Knowledge

REPLICATES, SEED = 4000, 20261122


@click.command()
@click.argument("name", required=False)
@click.option(
    "--spec",
    type=click.Path(path_type=Path),
    help="A new design in YAML; see examples/trials/cidp.yaml.",
)
@click.option(
    "--replicates", type=int, help=f"Repeated trials. [{REPLICATES}; of a design: as it says]"
)
@click.option("--seed", type=int, help=f"0 or more. [{SEED}; of a design: as it says]")
@click.option("--threads", type=int, help="Default: one for each core; changes no result.")
@text_or_json
def trial(
    name: str | None,
    spec: Path | None,
    replicates: int | None,
    seed: int | None,
    threads: int | None,
    chosen: str,
) -> None:
    """A published trial repeated, or a new one.

    NAME is ice, path, procid, prima, proderm, itp, kawasaki or pid: each arm's published result
    against where a repeated trial would have it. Calibration arms gave the model its numbers; only
    the others test it. --spec gives the power of a new design at each size. One of the two.
    """
    from ivig.knowledge import load_knowledge

    known = load_knowledge()
    if (name is None) == (spec is None):
        raise InputError("trial", name, f"a NAME or --spec, not both: {', '.join(known.trials)}")
    workers = thread_count(threads)
    try:
        if spec is not None:
            _new(known, spec, replicates, seed, workers, chosen)
        else:
            _published(known, name or "", replicates, seed, workers, chosen)
    except KeyboardInterrupt:
        click.echo("interrupted: nothing was written", err=True)
        sys.exit(INTERRUPTED)


def _published(
    known: "Knowledge",
    name: str,
    replicates: int | None,
    seed: int | None,
    threads: int,
    chosen: str,
) -> None:
    from ivig.codec import encode
    from ivig.cohort.named import find_trial
    from ivig.cohort.published import Replay, replay
    from ivig.faces.trial_text import published_text

    found = find_trial(name, known.trials)
    what = Replay(
        trial=found,
        trials=known.trials,
        n_replicates=REPLICATES if replicates is None else replicates,
        seed=SEED if seed is None else seed,
    )
    with progress(what.n_blocks, "repeating the trial") as told:
        result = replay(what, threads=threads, told=told)
    if chosen == "json":
        click.echo(json.dumps(encode(result), indent=2, ensure_ascii=False))
    else:
        click.echo(published_text(found, result, known.sources))


def _new(
    known: "Knowledge",
    spec: Path,
    replicates: int | None,
    seed: int | None,
    threads: int,
    chosen: str,
) -> None:
    from dataclasses import replace

    from ivig.codec import encode
    from ivig.cohort.power import blocks_of, simulate_design
    from ivig.faces.trial_spec import read_design
    from ivig.faces.trial_text import design_text

    design = read_design(spec)
    if replicates is not None:
        design = replace(design, replicates=replicates)
    if seed is not None:
        design = replace(design, seed=seed)
    with progress(blocks_of(design), "simulating the trial") as told:
        result: DesignResult = simulate_design(
            design, known.trials, known.outcomes, threads=threads, told=told
        )
    if chosen == "json":
        click.echo(json.dumps(encode(result), indent=2, ensure_ascii=False))
    else:
        click.echo(design_text(result, known))
