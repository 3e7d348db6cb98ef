"""``ivig chart``: the pump-ready infusion chart of one product, dose and patient."""

import json
import sys
from pathlib import Path
from typing import Any, cast

import click

from ivig.faces.output import put, to_file

EXIT_STOP, EXIT_NOT_COVERED = 3, 5
FORMATS = ("text", "json", "csv", "card", "ehr")


@click.command()
@click.option("--product", required=True, help="Product id ('ivig knowledge list products').")
@click.option("--indication", required=True, help="Id, synonym or ICD-10-CM code.")
@click.option("--weight", "weight_kg", type=float, required=True, help="Actual weight, kg.")
@click.option(
    "--dose", required=True, help="Of the whole course, with its unit: 140g, 2g/kg, 400mg/kg."
)
@click.option("--days", type=int, help="Days of the course; default: as the sources allow.")
@click.option(
    "--risk",
    help="renal, thrombosis: present; no-renal, no-thrombosis or none: excluded. "
    "What is not mentioned is unknown, and the risk cap holds; nothing is excluded without --age.",
)
@click.option(
    "--first/--established",
    "first",
    default=None,
    help="First infusion ever, or the same product within 8 weeks; default: not known, starts low.",
)
@click.option("--switched-from", help="Product id of the last infusion, if another one.")
@click.option("--last-infusion-days", type=float, help="Days since the last infusion.")
@click.option("--start", help="Clock time of the start, HH:MM.")
@click.option("--route", type=click.Choice(["iv", "sc", "fsc"]), help="Default: the product's.")
@click.option("--age", "age_year", type=float, help="Years.")
@click.option("--height", "height_cm", type=float, help="cm; with --sex decides the dosing weight.")
@click.option("--sex", type=click.Choice(["female", "male"]))
@click.option(
    "--condition",
    "conditions",
    multiple=True,
    help="A condition or allergy, may be repeated: one that forbids the product is a stop.",
)
@click.option(
    "--interval", "interval_day", type=float, help="Days between facilitated SC doses: 21 or 28."
)
@click.option("--jurisdiction", default="us", show_default=True, help="Whose labels and rules.")
@click.option("--format", "chosen", type=click.Choice(FORMATS), default="text", show_default=True)
@to_file
def chart(chosen: str, output: Path | None, **given: Any) -> None:
    """The infusion chart: pump rates, volumes and times from this label for this patient.

    The volumes add up to the dose. A rate is never above the label's maximum or, unless renal and
    thrombotic risk are both excluded, above the risk cap. It supports a clinician's decision and is
    no order. Exit code 2: bad input; 3: a stop, no chart; 5: the label's rates are not known.
    """
    from ivig.charting import make_chart
    from ivig.codec import encode
    from ivig.faces.chart_order import read_order
    from ivig.knowledge import load_knowledge
    from ivig.report.chart import chart_card, chart_csv, chart_ehr, chart_text

    known = load_knowledge()
    report = make_chart(read_order(given), known)
    if chosen == "json":
        data = encode(report)
        text = json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    else:
        forms = {"text": chart_text, "csv": chart_csv, "card": chart_card, "ehr": chart_ehr}
        text = cast(Any, forms[chosen])(report)
    put(text, output)
    if report.stops:
        sys.exit(EXIT_STOP)
    if not report.sessions:
        sys.exit(EXIT_NOT_COVERED)
