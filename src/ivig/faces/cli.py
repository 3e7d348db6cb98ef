"""The command line: thin; it reads, calls, prints and sets the exit code.

Exit codes: 0 done · 2 bad input · 3 a stop, or not indicated · 4 a service or a fit failed ·
5 the question is not covered.
"""

import sys
from importlib import import_module
from pathlib import Path
from typing import Any, cast

import click

from ivig.errors import FitError, InputError, IvigError, OutsideModelDomain
from ivig.faces.output import put, text_or_json, to_file

EXIT_BAD_INPUT, EXIT_STOP, EXIT_FAILED, EXIT_NOT_COVERED = 2, 3, 4, 5

FORMATS = ("text", "json", "md", "html")
_BY_ENDING = {".json": "json", ".md": "md", ".html": "html"}


_ELSEWHERE: dict[str, str] = {
    "around": "ivig.faces.cli_around:around",
    "ask": "ivig.faces.cli_ask:ask",
    "assess": "ivig.faces.cli_around:assess",
    "chart": "ivig.faces.cli_chart:chart",
    "compare": "ivig.faces.cli_compare:compare",
    "diff": "ivig.faces.cli_letter:diff",
    "dose": "ivig.faces.cli_dose:dose",
    "fit": "ivig.faces.cli_fit:fit",
    "letter": "ivig.faces.cli_letter:letter",
    "mcp": "ivig.faces.mcp:mcp",
    "mechanism": "ivig.faces.cli_mechanism:mechanism",
    "models": "ivig.faces.cli_models:models",
    "predict": "ivig.faces.cli_predict:predict",
    "products": "ivig.faces.cli_products:products",
    "react": "ivig.faces.cli_react:react",
    "simulate": "ivig.faces.cli_simulate:simulate",
    "sources": "ivig.faces.cli_sources:sources",
    "trial": "ivig.faces.cli_trial:trial",
    "vials": "ivig.faces.cli_weight:vials",
    "weight": "ivig.faces.cli_weight:weight",
}
"""Commands of other files of this folder, loaded when they are asked for: name → module:object."""


class _Commands(click.Group):
    """A group that imports a command's file only to run it or to show its help."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *_ELSEWHERE})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in _ELSEWHERE:
            module, name = _ELSEWHERE[cmd_name].split(":")
            return cast(click.Command, getattr(import_module(module), name))
        return super().get_command(ctx, cmd_name)


def _print_version(context: click.Context, parameter: click.Parameter, value: bool) -> None:
    del parameter
    if value and not context.resilient_parsing:
        from ivig.version import __version__

        click.echo(f"ivig {__version__}")
        context.exit()


@click.group(cls=_Commands, context_settings={"max_content_width": 100})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    help="Print the version and stop.",
)
def app() -> None:
    """Open engine for immunoglobulin therapy: a patient goes in, a cited plan comes out."""


@app.command()
@click.argument("patient", metavar="PATIENT")
@click.option("--indication", help="Id, synonym or ICD-10-CM code; default: the diagnosis.")
@click.option("--product", help="Product id; default: the best-ranked one.")
@click.option(
    "--route",
    type=click.Choice(["iv", "sc", "fsc"]),
    default="iv",
    show_default=True,
    help="Route.",
)
@click.option(
    "--jurisdiction",
    default="us",
    show_default=True,
    help="Whose labels and rules: us, eu, uk, au, ca-on.",
)
@click.option(
    "--format",
    "chosen",
    type=click.Choice(FORMATS),
    help="Default: by the ending of -o, else text.",
)
@to_file
def plan(
    patient: str,
    indication: str | None,
    product: str | None,
    route: str,
    jurisdiction: str,
    chosen: str | None,
    output: Path | None,
) -> None:
    """The cited plan for one patient.

    PATIENT is a YAML or JSON file, or - for standard input. The plan says whether immunoglobulin
    is indicated, the dose, the product, the pump rates, the IgG curve and the outcomes, each
    sentence with its source. Exit code 3: a stop, or not indicated.
    """
    from ivig.faces.patient_file import read_patient
    from ivig.knowledge import load_knowledge
    from ivig.plan import make_plan
    from ivig.report import render

    made = make_plan(
        read_patient(patient),
        load_knowledge(),
        indication=indication,
        product=product,
        route=cast(Any, route),
        jurisdiction=jurisdiction,
    )
    ending = output.suffix if output else ""
    format_ = chosen or _BY_ENDING.get(ending, "text")
    put(render(made, cast(Any, format_)), output)
    if made.stops:
        sys.exit(EXIT_STOP)


@app.command()
@click.argument("contract", type=click.Choice(["patient", "plan"]))
def schema(contract: str) -> None:
    """The JSON Schema of a patient file (what goes in) or of a plan (what comes out)."""
    from ivig.faces.schema import json_schema

    click.echo(json_schema(cast(Any, contract)))


@app.group()
def knowledge() -> None:
    """What is known, and where it comes from."""


@knowledge.command("check")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
def knowledge_check(folder: Path | None) -> None:
    """Read every file by the strict rules; print each error with its file and line.

    FOLDER is laid over the shipped knowledge; without it, all that a plan would use is read.
    """
    from ivig.knowledge import load_knowledge

    known = load_knowledge(folder, eager=False)
    errors = known.check()
    for error in errors:
        click.echo(f"error: {error}", err=True)
    if errors:
        sys.exit(EXIT_BAD_INPUT)
    counts = ", ".join(f"{len(items)} {name}" for name, items in known.folders().items())
    click.echo(f"{counts}: all read, all cited. Digest {known.digest[:12]}")


@knowledge.command("list")
@click.argument("folder")
def knowledge_list(folder: str) -> None:
    """The ids of a FOLDER (products, indications, models, sources, …) with their names."""
    from ivig.knowledge import load_knowledge

    folders = load_knowledge().folders()
    if folder not in folders:
        raise InputError("folder", folder, f"one of {', '.join(folders)}")
    for key, item in folders[folder].items():
        name = getattr(item, "name", None) or getattr(item, "citation", "")
        click.echo(f"{key:32} {name}".rstrip())


@knowledge.command("show")
@click.argument("item", metavar="ID")
@text_or_json
def knowledge_show(item: str, chosen: str) -> None:
    """One item (product, indication, model, source, …) as it is written, and its sources."""
    from ivig.faces.knowledge_item import show_item
    from ivig.knowledge import load_knowledge

    click.echo(show_item(load_knowledge(), item, as_json=chosen == "json"))


def _exit_code(error: IvigError) -> int:
    if isinstance(error, OutsideModelDomain):
        return EXIT_NOT_COVERED
    return EXIT_FAILED if isinstance(error, FitError) else EXIT_BAD_INPUT


def main() -> None:
    """Run the command line; an error made on purpose is one line, never a traceback."""
    try:
        app(prog_name="ivig")
    except IvigError as error:
        click.echo(f"error: {error}", err=True)
        sys.exit(_exit_code(error))
