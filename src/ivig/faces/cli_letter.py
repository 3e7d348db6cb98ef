"""``ivig letter`` and ``ivig diff``: what is sent to a payer, and what changed between two plans."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from ivig.errors import InputError
from ivig.faces.cli_around import EXIT_STOP, PLAN_RULES
from ivig.faces.output import put, put_bytes, text_or_json, to_file

if TYPE_CHECKING:
    from ivig.letter import LetterKind
    from ivig.report import Format

_BY_ENDING = {".md": "md", ".html": "html", ".pdf": "pdf", ".json": "json"}


@click.command()
@click.argument("patient", metavar="PATIENT")
@click.option(
    "--kind",
    type=click.Choice(["prior-authorisation", "appeal"]),
    default="prior-authorisation",
    show_default=True,
)
@click.option("--payer", help="To whom; left blank when not given.")
@click.option("--denial-reason", help="The words of the refusal, quoted in an appeal.")
@click.option(
    "--jurisdiction",
    type=click.Choice(["us", "uk", "au", "ca"]),
    default="us",
    show_default=True,
    help="Whose criteria.",
)
@click.option("--indication", help="Id, synonym or ICD-10-CM code; default: the diagnosis.")
@click.option("--product", help="Product id; without one the letter names no product.")
@click.option(
    "--format",
    "chosen",
    type=click.Choice(["md", "html", "pdf", "json"]),
    help="Default: by the ending of -o, else md.",
)
@to_file
def letter(
    patient: str,
    kind: "LetterKind",
    payer: str | None,
    denial_reason: str | None,
    jurisdiction: str,
    indication: str | None,
    product: str | None,
    chosen: str | None,
    output: Path | None,
) -> None:
    """A letter for prior authorisation, or an appeal, as a draft to sign.

    It quotes the patient file with its dates and statements that were read in their sources, with
    numbered references. A criterion that is not met or unknown stands first. PDF needs the extra
    "pdf". Exit code 3: not indicated or contraindicated; the letter then asks for no dose.
    """
    from ivig.faces.patient_file import read_patient
    from ivig.knowledge import load_knowledge
    from ivig.letter import write_letter
    from ivig.report import render_letter, render_letter_pdf

    if denial_reason is not None and kind != "appeal":
        raise InputError("denial-reason", denial_reason, "only with --kind appeal")
    made = write_letter(
        read_patient(patient),
        load_knowledge(),
        place=jurisdiction,
        rules=PLAN_RULES[jurisdiction],
        kind=kind,
        indication=indication,
        product=product,
        payer=payer,
        denial_reason=denial_reason,
    )
    format_ = chosen or _BY_ENDING.get(output.suffix if output else "", "md")
    if format_ == "pdf":
        put_bytes(render_letter_pdf(made), output)
    else:
        put(render_letter(made, cast("Format", format_)), output)
    if made.eligibility.refused or made.stops:
        sys.exit(EXIT_STOP)


@click.command()
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@text_or_json
@to_file
def diff(old: str, new: str, chosen: "Format", output: Path | None) -> None:
    """What changed between two plans, the weightiest first, and why.

    OLD and NEW are JSON files of "ivig plan --format json". Stops come first, then the verdict,
    the dose, the product, the rate, the IgG curve and the other findings; beside each change stands
    what differs in the patient, the place, the knowledge or the program. Exit code 3: the new plan
    has a stop that the old one had not.
    """
    from ivig.faces.plain_data import read_json
    from ivig.plan_diff import compare
    from ivig.report import render_diff

    made = compare(read_json(old), read_json(new))
    put(render_diff(made, chosen), output)
    if any(change.part == "stop" and change.old is None for change in made.changes):
        sys.exit(EXIT_STOP)
