"""``ivig weight``: a dose per kilogram on every dosing weight; ``ivig vials``: the vials for a dose."""

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

import click

from ivig.errors import InputError
from ivig.faces.output import put, to_file

if TYPE_CHECKING:
    from ivig.dosing import WeighedDose
    from ivig.finding import Finding
    from ivig.indication import Category
    from ivig.knowledge import Knowledge
    from ivig.limit import DoseLimit
    from ivig.patient import Patient

EXIT_STOP = 3
FORMATS = ("text", "json", "md", "html")
_PER_KG = re.compile(r"([0-9]*\.?[0-9]+(?:e[+-]?[0-9]+)?)\s*(g|mg)\s*/\s*kg", re.IGNORECASE)
_GRAMS = re.compile(r"([0-9]*\.?[0-9]+(?:e[+-]?[0-9]+)?)\s*g?", re.IGNORECASE)
_PERCENT = re.compile(r"([0-9]*\.?[0-9]+)\s*%?")
in_format = click.option(
    "--format", "chosen", type=click.Choice(FORMATS), default="text", show_default=True
)


@click.command()
@click.option("--weight", required=True, help="Actual weight, kg, or with its unit: '198 lb'.")
@click.option("--dose", required=True, help="Of the whole course: '2 g/kg' or '400 mg/kg'.")
@click.option("--height", help="cm, or with its unit: '5.5 ft', '65 in'.")
@click.option("--age", help="Years, or with its unit: '6 mo'.")
@click.option("--sex", type=click.Choice(["female", "male"]), help="Needed by the adult formulas.")
@click.option("--pregnant/--not-pregnant", default=None, help="Not known when not given.")
@click.option("--pre-pregnancy-weight", help="Weight before pregnancy, kg.")
@click.option("--indication", help="Sets the caps and the kind of treatment.")
@click.option(
    "--category",
    type=click.Choice(["immunomodulation", "replacement"]),
    help="Kind of treatment, where no indication is given; default: immunomodulation.",
)
@click.option(
    "--days",
    type=int,
    help="Days of the course; default: the fewest that the indication's cap allows.",
)
@click.option(
    "--jurisdiction", default="us", show_default=True, help="Whose rule: us, eu, uk, au, ca-on."
)
@click.option(
    "--price-per-gram",
    "price",
    type=(float, str),
    metavar="AMOUNT CURRENCY",
    help="e.g. 34 GBP. None is ever assumed: without it differences are in grams.",
)
@in_format
@to_file
def weight(
    dose: str,
    indication: str | None,
    category: "Category | None",
    days: int | None,
    jurisdiction: str,
    price: tuple[float, str] | None,
    chosen: str,
    output: Path | None,
    **person: Any,
) -> None:
    """A dose on actual, ideal, adjusted, lean and pre-pregnancy weight, by the rule of a place.

    The rule that applies is marked →. Children get no adult formula. A dose above the most that is
    printed for a course or a day is refused with exit code 3.
    """
    from ivig.dosing import Price, weigh_dose
    from ivig.knowledge import load_knowledge

    known = load_knowledge()
    if jurisdiction not in known.jurisdictions:
        allowed = f"one of {', '.join(known.jurisdictions)}"
        raise InputError("jurisdiction", jurisdiction, allowed)
    patient = _patient(indication, **person)
    limit, kind = _limit(known, patient, indication, category)
    made = weigh_dose(
        patient,
        read_g_per_kg(dose),
        known.jurisdictions[jurisdiction],
        known.dosing_weights,
        limit,
        category=kind,
        days=days,
        price=None if price is None else Price(per_g=price[0], currency=price[1]),
    )
    if indication is None and category is None:
        made = _with_note(made, kind)
    put(_weight_document(made, known, chosen), output)
    if made.stops:
        raise SystemExit(EXIT_STOP)


def _weight_document(made: "WeighedDose", known: "Knowledge", chosen: str) -> str:
    from ivig.codec import encode
    from ivig.references import number
    from ivig.report import write_document
    from ivig.report.dosed import outline_weights

    numbered, listed = number(made, known.sources)
    if chosen == "json":
        data = encode(numbered) | {
            "references": encode(listed),
            "knowledge_digest": known.digest,
        }
        return json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    return write_document(outline_weights(numbered, listed, known.digest), cast(Any, chosen))


def _patient(
    indication: str | None,
    *,
    weight: str,
    height: str | None,
    age: str | None,
    sex: Literal["female", "male"] | None,
    pregnant: bool | None,
    pre_pregnancy_weight: str | None,
) -> "Patient":
    from ivig.patient import Patient

    before = pre_pregnancy_weight
    if (pregnant or before is not None) and sex == "male":
        raise InputError("sex", sex, "female, when pregnant or with a weight before pregnancy")
    if before is not None and not pregnant:
        raise InputError("pre-pregnancy-weight", before, "with --pregnant only")
    return Patient(
        diagnosis=indication or "not given",
        weight_kg=_quantity("weight", weight, "body_mass"),
        height_cm=None if height is None else _quantity("height", height, "height"),
        age_year=None if age is None else _quantity("age", age, "age"),
        sex="female" if pregnant else sex,
        pregnant=False if sex == "male" else pregnant,
        pre_pregnancy_weight_kg=None
        if before is None
        else _quantity("pre-pregnancy-weight", before, "body_mass"),
    )


def _quantity(field: str, text: str, quantity: str) -> float:
    """A bare number is in our own unit, which the help names; else the text says its unit."""
    from ivig.units import parse_quantity, require_possible

    try:
        value = float(text)
    except ValueError:
        return parse_quantity(text, quantity, field=field)
    return require_possible(value, quantity, field=field)


def read_g_per_kg(text: str) -> float:
    """A dose per kilogram of the whole course.

    >>> read_g_per_kg("2 g/kg"), read_g_per_kg("400mg/kg")
    (2.0, 0.4)
    """
    match = _PER_KG.fullmatch(text.strip())
    if match is None or not float(match[1]) > 0:
        raise InputError(
            "dose", text, "a dose above 0 with its unit, such as '2 g/kg' or '400 mg/kg'"
        )
    return float(match[1]) / (1000.0 if match[2].lower() == "mg" else 1.0)


def read_grams(text: str) -> float:
    """An amount in grams.

    >>> read_grams("63g"), read_grams("62.5 g")
    (63.0, 62.5)
    """
    match = _GRAMS.fullmatch(text.strip())
    if match is None or not 0 < float(match[1]) < 10_000:
        raise InputError("dose", text, "grams above 0 and below 10,000, such as '63 g'")
    return float(match[1])


def _limit(
    known: "Knowledge", patient: "Patient", indication: str | None, category: "Category | None"
) -> "tuple[DoseLimit, Category]":
    from ivig.diagnosis import complete, find_indication
    from ivig.limit import limit_of_regimens

    if indication is None:
        every = tuple(known.indications.values())
        return limit_of_regimens(every, "any indication we hold"), category or "immunomodulation"
    found = complete(find_indication(indication, patient, known.indications), known.indications)
    if category is not None and category != found.category:
        raise InputError("category", category, f"{found.category}, as {found.name} is treated")
    return limit_of_regimens((found,), found.name), found.category


def _with_note(made: "WeighedDose", kind: str) -> "WeighedDose":
    from dataclasses import replace

    from ivig.cited import Citation
    from ivig.finding import Finding

    text = f"Taken as {kind}; for another kind of treatment the rule may differ: give --indication."
    note = Finding(
        stage="regimen",
        kind="caution",
        text=text,
        citations=(Citation(source=None, basis="assumed"),),
    )
    return replace(made, findings=(*made.findings, note))


@click.command()
@click.option("--product", required=True, help="Product id.")
@click.option("--dose", required=True, help="Of the whole course, g: '63g'.")
@click.option("--days", type=int, default=1, show_default=True, help="Days of the course.")
@click.option("--tolerance", help="Rounding allowed either way: '5%'; default: the place's rule.")
@click.option("--max", "most", help="A hard maximum of the course, g, that rounding may not pass.")
@click.option(
    "--jurisdiction", default="us", show_default=True, help="Whose rounding: us, eu, uk, au, ca-on."
)
@in_format
@to_file
def vials(
    product: str,
    dose: str,
    days: int,
    tolerance: str | None,
    most: str | None,
    jurisdiction: str,
    chosen: str,
    output: Path | None,
) -> None:
    """The vials for a dose: exact, fewest vials, least waste, for each day of a course.

    The course stays within the tolerance, and each day within it or one vial step of its share. Exit code 3: the vial sizes are not known.
    """
    from ivig.dosing import round_to_rule
    from ivig.faces.cli_products import find_product
    from ivig.knowledge import load_knowledge
    from ivig.vial_options import vial_options

    known = load_knowledge()
    if jurisdiction not in known.jurisdictions:
        allowed = f"one of {', '.join(known.jurisdictions)}"
        raise InputError("jurisdiction", jurisdiction, allowed)
    rules = known.jurisdictions[jurisdiction]
    item = known.products[find_product(known, product)]
    asked_g = read_grams(dose)
    most_g = None if most is None else read_grams(most)
    if most_g is not None and asked_g > most_g:
        raise InputError("dose", dose, f"at most the maximum that was given, {most_g:g} g")
    wanted_g, notes = round_to_rule(asked_g, rules, most_g)
    percent = rules.rounding_tolerance_percent.value if tolerance is None else _percent(tolerance)
    sizes = () if item.vials is None else item.vials.value
    options = vial_options(wanted_g, sizes, tolerance_percent=percent, days=days, most_g=most_g)
    findings = [*notes, *_vial_findings(item, rules, options, percent, given=tolerance is not None)]
    put(_vial_document(known, item.name, asked_g, wanted_g, options, findings, chosen), output)
    if not options:
        raise SystemExit(EXIT_STOP)


def _percent(text: str) -> float:
    match = _PERCENT.fullmatch(text.strip())
    if match is None or float(match[1]) > 50:
        raise InputError("tolerance", text, "0 to 50 %, such as '5%'")
    return float(match[1])


def _vial_findings(
    item: Any, rules: Any, options: tuple[Any, ...], percent: float, *, given: bool
) -> "list[Finding]":
    from ivig.cited import Citation
    from ivig.finding import Finding

    found: list[Finding] = []
    if not options:
        text = f"{item.name}: vial sizes are not known; no vials can be counted."
        return [
            Finding(stage="product", kind="unknown", text=text, citations=(item.market.citation,))
        ]
    source = item.vials.citation
    text = f"Vial sizes of {item.name}: {', '.join(f'{v.amount_g:g} g' for v in item.vials.value)}."
    kind = "caution" if source.basis != "read" else "fact"
    if kind == "caution":
        text += f" These are {source.basis}, not read on the label: check the package."
    found.append(Finding(stage="product", kind=kind, text=text, citations=(source,)))
    bound = rules.rounding_tolerance_percent
    cited = Citation(source=None, basis="assumed") if given else bound.citation
    why = "as given" if given else f"the rule of {rules.name}"
    text = f"Whole vials may move the dose of the course by {percent:g} % either way ({why})."
    citations = () if given else (cited,)
    found.append(Finding(stage="product", kind="fact", text=text, citations=citations))
    if bound.note and not given:
        found.append(Finding(stage="product", kind="fact", text=bound.note, citations=(cited,)))
    if len(options) == 1:
        text = "No whole vials come inside the tolerance: only the exact dose, the rest discarded."
        found.append(Finding(stage="product", kind="caution", text=text, citations=(source,)))
    return found


def _vial_document(
    known: "Knowledge",
    name: str,
    asked_g: float,
    wanted_g: float,
    options: tuple[Any, ...],
    findings: "list[Finding]",
    chosen: str,
) -> str:
    from ivig.codec import encode
    from ivig.references import number
    from ivig.report import write_document
    from ivig.report.dosed import outline_vials

    numbered, listed = number(tuple(findings), known.sources)
    if chosen == "json":
        data = {
            "product": name,
            "asked_g": asked_g,
            "wanted_g": wanted_g,
            "options": encode(options),
            "findings": encode(numbered),
            "references": encode(listed),
            "knowledge_digest": known.digest,
        }
        return json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    document = outline_vials(f"Vials of {name}", wanted_g, options, numbered, listed, known.digest)
    return write_document(document, cast(Any, chosen))
