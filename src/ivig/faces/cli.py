"""The command line: thin; it reads, calls, prints and sets the exit code.

Exit codes: 0 done · 2 bad input · 3 a stop, or not indicated · 4 a service or a fit failed ·
5 the question is not covered.
"""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ivig.errors import FitError, InputError, IvigError, OutsideModelDomain

EXIT_BAD_INPUT, EXIT_STOP, EXIT_FAILED, EXIT_NOT_COVERED = 2, 3, 4, 5

app = typer.Typer(
    name="ivig",
    help="Open engine for immunoglobulin therapy: a patient goes in, a cited plan comes out.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
knowledge_app = typer.Typer(
    help="What is known, and where it comes from.", no_args_is_help=True, rich_markup_mode=None
)
app.add_typer(knowledge_app, name="knowledge")


class PlanFormat(StrEnum):
    """How a plan is written."""

    text = "text"
    json = "json"
    md = "md"
    html = "html"


class RouteName(StrEnum):
    """How immunoglobulin is given."""

    iv = "iv"
    sc = "sc"
    fsc = "fsc"


class ItemFormat(StrEnum):
    """How a knowledge item is written."""

    text = "text"
    json = "json"


class SchemaName(StrEnum):
    """Which contract to print."""

    patient = "patient"
    plan = "plan"


@app.command()
def plan(
    patient: Annotated[str, typer.Argument(help="YAML or JSON file, or - for standard input.")],
    indication: Annotated[
        str | None,
        typer.Option(help="Id, synonym or ICD-10-CM code; default: the patient's diagnosis."),
    ] = None,
    product: Annotated[
        str | None, typer.Option(help="Product id; default: the best-ranked one.")
    ] = None,
    route: Annotated[RouteName, typer.Option(help="Route.")] = RouteName.iv,
    jurisdiction: Annotated[
        str, typer.Option(help="Whose labels and rules: us, eu, uk, au, ca-on.")
    ] = "us",
    format: Annotated[
        PlanFormat | None, typer.Option(help="Default: by the ending of -o, else text.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write here instead of printing.")
    ] = None,
) -> None:
    """The cited plan for one patient: indicated? dose, product, pump rates, IgG curve, outcomes."""
    from ivig.faces.patient_file import read_patient
    from ivig.knowledge import load_knowledge
    from ivig.plan import make_plan
    from ivig.report import render

    made = make_plan(
        read_patient(patient),
        load_knowledge(),
        indication=indication,
        product=product,
        route=route.value,
        jurisdiction=jurisdiction,
    )
    _write(render(made, _format_of(format, output).value), output)
    if made.stops:
        raise typer.Exit(EXIT_STOP)


def _format_of(chosen: PlanFormat | None, output: Path | None) -> PlanFormat:
    if chosen is not None:
        return chosen
    endings = {".json": PlanFormat.json, ".md": PlanFormat.md, ".html": PlanFormat.html}
    return endings.get(output.suffix if output else "", PlanFormat.text)


@app.command()
def schema(
    of: Annotated[SchemaName, typer.Argument(help="patient: what goes in; plan: what comes out.")],
) -> None:
    """The JSON Schema of a patient file or of a plan."""
    from ivig.faces.schema import json_schema

    typer.echo(json_schema(of.value))


@knowledge_app.command("check")
def knowledge_check(
    folder: Annotated[
        Path | None, typer.Argument(help="A folder laid over ours; default: all that is used.")
    ] = None,
) -> None:
    """Read every file by the strict rules; print each error with its file and line."""
    from ivig.knowledge import load_knowledge

    knowledge = load_knowledge(folder, eager=False)
    errors = knowledge.check()
    for error in errors:
        typer.echo(f"error: {error}", err=True)
    if errors:
        raise typer.Exit(EXIT_BAD_INPUT)
    counts = ", ".join(f"{len(items)} {name}" for name, items in knowledge.folders().items())
    typer.echo(f"{counts}: all read, all cited. Digest {knowledge.digest[:12]}")


@knowledge_app.command("list")
def knowledge_list(
    folder: Annotated[str, typer.Argument(help="products, indications, models, sources, …")],
) -> None:
    """The ids of a folder, with their names."""
    from ivig.knowledge import load_knowledge

    folders = load_knowledge().folders()
    if folder not in folders:
        raise InputError("folder", folder, f"one of {', '.join(folders)}")
    for key, item in folders[folder].items():
        name = getattr(item, "name", None) or getattr(item, "citation", "")
        typer.echo(f"{key:32} {name}".rstrip())


@knowledge_app.command("show")
def knowledge_show(
    id: Annotated[str, typer.Argument(help="Id of a product, indication, model, source, …")],
    format: Annotated[ItemFormat, typer.Option(help="text or json.")] = ItemFormat.text,
) -> None:
    """One item as it is written, and the sources it cites."""
    from ivig.faces.knowledge_item import show_item
    from ivig.knowledge import load_knowledge

    typer.echo(show_item(load_knowledge(), id, as_json=format is ItemFormat.json))


def _print_version(value: bool) -> None:
    if value:
        from importlib.metadata import version

        typer.echo(f"ivig {version('ivig')}")
        raise typer.Exit


@app.callback()
def _root(  # pyright: ignore[reportUnusedFunction] (typer calls it)
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Version.")
    ] = False,
) -> None:
    pass


def _write(text: str, output: Path | None) -> None:
    """Print, or write the file whole: nothing is left under the name when writing fails."""
    if output is None:
        sys.stdout.write(text)
        return
    part = output.with_name(f".{output.name}.part")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(output)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise InputError(
            "output", str(output), f"a file in a folder that can be written ({error.strerror})"
        ) from error
    typer.echo(f"wrote {output}", err=True)


def _exit_code(error: IvigError) -> int:
    if isinstance(error, OutsideModelDomain):
        return EXIT_NOT_COVERED
    return EXIT_FAILED if isinstance(error, FitError) else EXIT_BAD_INPUT


def main() -> None:
    """Run the command line; an error made on purpose is one line, never a traceback."""
    try:
        app()
    except IvigError as error:
        typer.echo(f"error: {error}", err=True)
        raise SystemExit(_exit_code(error)) from None
    except BrokenPipeError:
        sys.stderr.close()
        raise SystemExit(0) from None
