"""``ivig sources``: what the knowledge rests on, and what of it is still to be read."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import click

from ivig.cited import SourceKind
from ivig.errors import InputError
from ivig.faces.output import put, to_file

if TYPE_CHECKING:
    from ivig.bibliography import Entry

_in_format = click.option(
    "--format",
    "chosen",
    type=click.Choice(["text", "json", "bibtex", "csl"]),
    default="text",
    show_default=True,
    help="bibtex and csl: the sources alone, for a reference manager.",
)


@click.group(invoke_without_command=True)
@click.option("--kind", type=click.Choice(get_args(SourceKind)), help="Sources of this kind alone.")
@click.option("--unused", is_flag=True, help="Sources that no fact uses.")
@click.option(
    "--recalled",
    is_flag=True,
    help="The review queue: recalled facts by source, doses and rates first.",
)
@_in_format
@to_file
@click.pass_context
def sources(
    context: click.Context,
    kind: str | None,
    unused: bool,
    recalled: bool,
    chosen: str,
    output: Path | None,
) -> None:
    """The bibliography: each source with its kind, year, citation, basis and number of facts.

    Basis says how the citation is known: read, or recalled and not confirmed.
    """
    if context.invoked_subcommand is not None:
        return
    from ivig.bibliography import bibliography, review_queue
    from ivig.knowledge import load_knowledge
    from ivig.report import bibliography as report

    if unused and recalled:
        raise InputError("--recalled", "with --unused", "one of the two: an unused source has none")
    found: Sequence[Entry] = [
        entry
        for entry in bibliography(load_knowledge())
        if (kind is None or entry.source.kind == kind) and not (unused and entry.facts)
    ]
    if recalled:
        found = review_queue(found)
    if chosen == "json":
        text = report.to_json(report.queue_data(found) if recalled else report.list_data(found))
    elif chosen == "text":
        text = report.queue_text(found) if recalled else report.list_text(found)
    else:
        text = _exported(found, chosen)
    put(text, output)


@sources.command("show")
@click.argument("key", metavar="ID")
@_in_format
@to_file
def show(key: str, chosen: str, output: Path | None) -> None:
    """One source: what is recorded of it, and every fact, statement and passage that uses it."""
    from ivig.bibliography import find_entry, passages_from
    from ivig.knowledge import load_knowledge
    from ivig.report import bibliography as report

    known = load_knowledge()
    entry = find_entry(known, key)
    if chosen in ("bibtex", "csl"):
        text = _exported([entry], chosen)
    elif chosen == "json":
        text = report.to_json(report.entry_data(entry, passages_from(known, key)))
    else:
        text = report.entry_text(entry, passages_from(known, key))
    put(text, output)


def _exported(entries: "Sequence[Entry]", chosen: str) -> str:
    from ivig.report.bibtex import to_bibtex
    from ivig.report.csl import to_csl

    found = [entry.source for entry in entries]
    return to_bibtex(found) if chosen == "bibtex" else to_csl(found)
