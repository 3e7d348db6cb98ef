"""``ivig around`` and ``ivig assess``: before and after an infusion, and who pays for it."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from ivig.faces.output import put, to_file

if TYPE_CHECKING:
    from ivig.report import Format

EXIT_STOP, EXIT_NOT_COVERED = 3, 5
PLAN_RULES = {"us": "us", "uk": "uk", "au": "au", "ca": "ca-on", "eu": "eu", "ca-on": "ca-on"}
"""Whose dosing rules a plan uses for a place that pays."""

_indication = click.option(
    "--indication", help="Id, synonym or ICD-10-CM code; default: the diagnosis."
)


@click.command()
@click.argument("patient", metavar="PATIENT")
@click.option(
    "--start",
    metavar="DATE",
    help="Date of the first planned infusion, such as 2026-03-01; default: as_of of the file.",
)
@_indication
@click.option("--product", help="Product id; default: the best-ranked one.")
@click.option("--route", type=click.Choice(["iv", "sc", "fsc"]), default="iv", show_default=True)
@click.option(
    "--jurisdiction",
    type=click.Choice(list(PLAN_RULES)),
    default="us",
    show_default=True,
    help="Whose rules and reviews.",
)
@click.option(
    "--format",
    "chosen",
    type=click.Choice(["text", "json", "md", "html", "ics"]),
    default="text",
    show_default=True,
    help="ics: the dates as an iCalendar file.",
)
@to_file
def around(
    patient: str,
    start: str | None,
    indication: str | None,
    product: str | None,
    route: str,
    jurisdiction: str,
    chosen: str,
    output: Path | None,
) -> None:
    """Around the infusion: the checklist before it, and what follows with dates.

    What is done, missing or out of date; the calendar of doses, tests and reviews; live vaccines;
    laboratory tests that are upset; outcome measures with their baselines; stopping rules.
    Exit code 3: a stop, or not indicated.
    """
    from ivig.around import around as put_together
    from ivig.faces.patient_file import read_patient
    from ivig.knowledge import load_knowledge
    from ivig.plan import make_plan
    from ivig.report import render_around

    known = load_knowledge()
    plan = make_plan(
        read_patient(patient),
        known,
        indication=indication,
        product=product,
        route=cast(Any, route),
        jurisdiction=PLAN_RULES[jurisdiction],
    )
    made = put_together(plan, known, first_infusion=start)
    if chosen == "ics":
        from ivig.report.ical import to_ical

        put(to_ical(made), output)
    else:
        put(render_around(made, cast("Format", chosen)), output)
    if made.stops:
        sys.exit(EXIT_STOP)


@click.command()
@click.argument("patient", metavar="PATIENT")
@click.option(
    "--jurisdiction",
    type=click.Choice(["us", "uk", "au", "ca"]),
    default="us",
    show_default=True,
    help="Whose criteria.",
)
@_indication
@click.option(
    "--format",
    "chosen",
    type=click.Choice(["text", "json", "md", "html"]),
    default="text",
    show_default=True,
)
@to_file
def assess(
    patient: str,
    jurisdiction: str,
    indication: str | None,
    chosen: "Format",
    output: Path | None,
) -> None:
    """Criteria met, not met and unknown, with the values and dates used.

    Two verdicts: by the evidence, as in a plan, and by the criteria of the place that pays; then
    what is missing to decide and where to get it. Exit code 3: not indicated or contraindicated,
    5: nothing is held of that place for this indication.
    """
    from ivig.eligibility import assess_eligibility
    from ivig.faces.patient_file import read_patient
    from ivig.knowledge import load_knowledge
    from ivig.report import render_eligibility

    made = assess_eligibility(
        read_patient(patient), load_knowledge(), place=jurisdiction, indication=indication
    )
    put(render_eligibility(made, chosen), output)
    if made.refused:
        sys.exit(EXIT_STOP)
    if not made.covered:
        sys.exit(EXIT_NOT_COVERED)
