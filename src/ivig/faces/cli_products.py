"""``ivig products``: which product for this patient, what differs, and all that is known of one."""

import json
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from ivig.errors import InputError
from ivig.faces.output import put, to_file

if TYPE_CHECKING:
    from ivig.dosing import Price
    from ivig.knowledge import Knowledge
    from ivig.patient import Route

EXIT_STOP = 3
FORMATS = ("text", "json", "md", "html")


@click.command()
@click.argument("words", nargs=-1, metavar="[list | show ID | ID ...]")
@click.option("--for", "patient", metavar="PATIENT", help="Rank for this patient file.")
@click.option("--compare", is_flag=True, help="Only the products named, side by side.")
@click.option("--indication", help="Id, synonym or ICD-10-CM code; default: the diagnosis.")
@click.option(
    "--route",
    type=click.Choice(["iv", "sc", "fsc"]),
    default="iv",
    show_default=True,
    help="Route that is ranked.",
)
@click.option("--jurisdiction", help="Whose labels and rules; ranked for us when not given.")
@click.option(
    "--price",
    "prices",
    type=(str, float, str),
    multiple=True,
    metavar="ID AMOUNT CURRENCY",
    help="Price of one gram, e.g. privigen 80 USD; may be repeated. None is ever assumed.",
)
@click.option("--format", "chosen", type=click.Choice(FORMATS), default="text", show_default=True)
@to_file
def products(
    words: tuple[str, ...],
    patient: str | None,
    compare: bool,
    indication: str | None,
    route: "Route",
    jurisdiction: str | None,
    prices: tuple[tuple[str, float, str], ...],
    chosen: str,
    output: Path | None,
) -> None:
    """Products: ranked for a patient, compared, listed, or one with everything known of it.

    \b
    ivig products --for PATIENT                      hard stops, then the ranking
    ivig products --for PATIENT --compare A B        only these
    ivig products --compare A B                      side by side, for no patient
    ivig products list [--indication ID] [--jurisdiction us]
    ivig products show ID

    What is not known never clears a product, and a maximum is never compared with an average.
    Exit code 3: every product is stopped; 2: an unknown id, with the nearest ones.
    """
    from ivig.knowledge import load_knowledge

    known = load_knowledge()
    verb = words[0] if words and words[0] in ("list", "show") and not compare else ""
    named = _ids(known, words[1:] if verb else words)
    if verb == "show":
        put(_show(known, named, chosen), output)
    elif verb == "list" or (patient is None and not named):
        if named:
            raise InputError("products", " ".join(named), "list takes no ids; show ID prints one")
        put(_list(known, indication, jurisdiction, chosen), output)
    else:
        from ivig.comparison import compare_products
        from ivig.faces.patient_file import read_patient

        made = compare_products(
            known,
            patient=None if patient is None else read_patient(patient),
            products=named,
            indication=indication,
            route=route,
            jurisdiction=jurisdiction or "us",
            prices=_prices(known, prices),
        )
        from ivig.report import render_comparison

        put(render_comparison(made, known.products, cast(Any, chosen)), output)
        if made.all_stopped:
            raise SystemExit(EXIT_STOP)


def find_product(known: "Knowledge", key: str) -> str:
    """The id as it is written, or an error that names the nearest."""
    wanted = key.strip().lower().replace("-", "_")
    if wanted in known.products:
        return wanted
    names = {known.products[one].name.lower(): one for one in known.products}
    near = get_close_matches(wanted, list(known.products), n=4, cutoff=0.4)
    near += [names[name] for name in get_close_matches(wanted, list(names), n=2, cutoff=0.6)]
    hint = f"near it: {', '.join(dict.fromkeys(near))}; " if near else ""
    raise InputError("product", key, f"{hint}'ivig products list' has all")


def _ids(known: "Knowledge", words: tuple[str, ...]) -> tuple[str, ...]:
    keys = [key for word in words for key in word.split(",") if key.strip()]
    return tuple(dict.fromkeys(find_product(known, key) for key in keys))


def _prices(known: "Knowledge", given: tuple[tuple[str, float, str], ...]) -> "Mapping[str, Price]":
    from ivig.dosing import Price

    return {
        find_product(known, key): Price(per_g=amount, currency=currency)
        for key, amount, currency in given
    }


def _show(known: "Knowledge", named: tuple[str, ...], chosen: str) -> str:
    from ivig.codec import encode
    from ivig.product_page import product_page
    from ivig.references import number
    from ivig.report import write_document
    from ivig.report.compared import outline_page

    if len(named) != 1:
        raise InputError("products", " ".join(named), "one id after show")
    product = known.products[named[0]]
    page, listed = number(product_page(product), known.sources)
    if chosen == "json":
        data = {
            "product": encode(product),
            "unknown": list(page.unknown),
            "recalled": list(page.recalled),
            "references": encode(listed),
            "knowledge_digest": known.digest,
        }
        return json.dumps(data, indent=2, ensure_ascii=False) + "\n"
    return write_document(outline_page(page, listed, known.digest), cast(Any, chosen))


def _list(known: "Knowledge", indication: str | None, jurisdiction: str | None, chosen: str) -> str:
    from ivig.codec import encode
    from ivig.diagnosis import complete, find_indication, lineage
    from ivig.patient import Patient
    from ivig.product import sold_in
    from ivig.report import write_document
    from ivig.report.compared import outline_list

    if jurisdiction is not None and jurisdiction not in known.jurisdictions:
        allowed = f"one of {', '.join(known.jurisdictions)}"
        raise InputError("jurisdiction", jurisdiction, allowed)
    shown = [p for p in known.products.values() if jurisdiction is None or sold_in(p, jurisdiction)]
    if indication is not None:
        nobody = Patient(diagnosis=indication, weight_kg=70)
        found = find_indication(indication, nobody, known.indications)
        uses = {one.id for one in lineage(found, known.indications)}
        uses |= set(complete(found, known.indications).labelled_as)
        shown = [p for p in shown if uses & {use.value.indication for use in p.uses}]
    if chosen == "json":
        return json.dumps([encode(p) for p in shown], indent=2, ensure_ascii=False) + "\n"
    return write_document(outline_list(shown, jurisdiction, known.digest), cast(Any, chosen))
