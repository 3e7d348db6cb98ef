"""``ivig ask``: a cited answer, or an honest refusal."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ivig.faces.output import put, to_file

if TYPE_CHECKING:
    from ivig.evidence.answer import Audience
    from ivig.report import Format

EXIT_NOT_COVERED = 5
LONGEST_READ = 20_000


@click.command()
@click.argument("question", nargs=-1, metavar="QUESTION")
@click.option("--patient", type=click.Path(), help="Answer this patient's criteria too.")
@click.option(
    "--for",
    "audience",
    type=click.Choice(["clinician", "patient"]),
    default="clinician",
    show_default=True,
    help="Whose words: a patient's are plain, with the same facts and references.",
)
@click.option(
    "--limit",
    type=click.IntRange(1, 50),
    default=8,
    show_default=True,
    help="The most sentences from one kind of source.",
)
@click.option(
    "--format",
    "chosen",
    type=click.Choice(["text", "md", "html", "json"]),
    default="text",
    show_default=True,
)
@to_file
def ask(
    question: tuple[str, ...],
    patient: str | None,
    audience: "Audience",
    limit: int,
    chosen: "Format",
    output: Path | None,
) -> None:
    """A cited answer to a question about immunoglobulin therapy.

    QUESTION is in words, quoted or not, or - for standard input. Every sentence is a statement with
    its source, or computed with its working. Exit code 5: not answered, with the reason.
    """
    from ivig.ask import ask as reply_to
    from ivig.knowledge import load_knowledge
    from ivig.report import render_reply

    text = " ".join(question)
    if text == "-":
        raw = sys.stdin.buffer.read(LONGEST_READ)
        text = raw.decode("utf-8", "replace").strip()
    person = None
    if patient is not None:
        from ivig.faces.patient_file import read_patient

        person = read_patient(patient)
    reply = reply_to(text, load_knowledge(), patient=person, audience=audience, limit=limit)
    put(render_reply(reply, chosen), output)
    if reply.answer.status == "refused":
        raise SystemExit(EXIT_NOT_COVERED)
