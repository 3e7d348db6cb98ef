"""``ivig compare``: one patient's ongoing treatment by every route."""

import math
import sys
from pathlib import Path
from typing import Any, cast

import click

from ivig.errors import InputError
from ivig.faces.output import put, to_file
from ivig.patient import Route

FORMATS = ("text", "json", "md", "html")
_BY_ENDING = {".json": "json", ".md": "md", ".html": "html"}
ROUTES: tuple[Route, ...] = ("iv", "sc", "fsc")
STOPPED = 3


@click.command()
@click.argument("patient", metavar="PATIENT")
@click.option("--routes", default="iv,sc,fsc", show_default=True, help="Which, with commas.")
@click.option("--indication", help="Id, synonym or ICD-10-CM code; default: the diagnosis.")
@click.option(
    "--target",
    "target_g_per_L",
    type=float,
    help="Total IgG to stay above, g/L; default: what the indication prints.",
)
@click.option(
    "--price",
    "prices",
    multiple=True,
    metavar="ROUTE=VALUE",
    help="Price of a gram, such as iv=34; may be repeated. Without it no cost is told.",
)
@click.option("--currency", help="Of the prices, in words.")
@click.option(
    "--jurisdiction", default="us", show_default=True, help="Whose labels: us, eu, uk, au, ca-on."
)
@click.option(
    "--format",
    "chosen",
    type=click.Choice(FORMATS),
    help="Default: by the ending of -o, else text.",
)
@to_file
def compare(
    patient: str,
    routes: str,
    indication: str | None,
    target_g_per_L: float | None,
    prices: tuple[str, ...],
    currency: str | None,
    jurisdiction: str,
    chosen: str | None,
    output: Path | None,
) -> None:
    """IV, SC and facilitated SC side by side.

    PATIENT is a YAML or JSON file, or - for standard input. Exposure (AUC, peak, trough, days below
    the target before the next dose), expected effect, reactions by the month, infusions, hours and
    sites a year, and the cost when prices are given; three curves in one drawing. Exit code 3: a
    stop.
    """
    from ivig.compare import compare_routes
    from ivig.faces.patient_file import read_patient
    from ivig.knowledge import load_knowledge
    from ivig.report import render_routes

    found = compare_routes(
        read_patient(patient),
        load_knowledge(),
        routes=_routes(routes),
        indication=indication,
        jurisdiction=jurisdiction,
        target_g_per_L=target_g_per_L,
        prices_per_g=_prices(prices),
        currency=currency,
    )
    ending = output.suffix if output else ""
    put(render_routes(found, cast(Any, chosen or _BY_ENDING.get(ending, "text"))), output)
    if found.stops:
        sys.exit(STOPPED)


def _routes(text: str) -> tuple[Route, ...]:
    names = [name.strip().casefold() for name in text.split(",")]
    if not names or any(name not in ROUTES for name in names) or len(set(names)) < len(names):
        raise InputError("routes", text, "some of iv, sc, fsc, each once, with commas between")
    return tuple(name for name in ROUTES if name in names)


def _prices(given: tuple[str, ...]) -> dict[Route, float]:
    found: dict[Route, float] = {}
    for text in given:
        name, _, value = (part.strip() for part in text.partition("="))
        try:
            price = float(value)
        except ValueError:
            price = math.nan
        route: Route | None = next((one for one in ROUTES if one == name), None)
        if route is None or not math.isfinite(price) or route in found:
            raise InputError("price", text, "ROUTE=VALUE, each route once, such as iv=34")
        found[route] = price
    return found
