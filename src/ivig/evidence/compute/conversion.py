"""From a vein to under the skin and back, by the factor of the product's label."""

import re

from ivig.evidence.compute.asked_rates import asks_sites
from ivig.evidence.compute.course import Course, find_course
from ivig.evidence.compute.facts import Computed, Facts, computed
from ivig.evidence.compute.given import Given
from ivig.evidence.compute.intervals import (
    from_vein,
    interval_answers,
    says_vein,
    start_and_aim_day,
)
from ivig.evidence.compute.ramp import first_dose, ramp_up
from ivig.evidence.compute.say import every, grams, millilitres, number, vials
from ivig.evidence.compute.sites import limits
from ivig.product import Product
from ivig.subcutaneous import converted_amount_g
from ivig.vials import choose_vials

WEEK_DAY = 7.0
REPLACEMENT_MOST_G_PER_KG = 0.8
"""Above this a dose modulates immunity; the labels' factors are for replacement."""

VIAL_PERCENT = 10.0
"""Rounding to vials in a first conversion; a level corrects the rest."""

_ASKS = (
    r"\b(?:convert\w*|switch\w*|chang\w+|transition\w*|equivalent|mov(?:e|ing))\b.*"
    r"\b(?:sc|scig|subcut\w*|sub-?q|subq|fscig|weekly|iv|ivig|intraven\w*|hyqvia|hizentra|cuvitru"
    r"|xembify|cutaquig)\b"
)
_TO_VEIN = (
    r"(?:sc|scig|subcut\w*|hizentra|cuvitru|xembify|cutaquig|hyqvia|weekly)\b.*\b(?:back )?"
    r"(?:to|into)\b.*\b(?:iv|ivig|intraven\w*|privigen|gamunex|octagam|panzyga)\b"
)


def conversion_answers(given: Given, facts: Facts) -> tuple[Computed, ...]:
    """The dose by the other route on each product named, or by each factor in use.

    Grams of a vein beside a purely subcutaneous product are converted whatever the verb; grams of
    that product at another interval stay the same a week.
    """
    other_interval = interval_answers(given, facts)
    if other_interval:
        return other_interval
    if not (given.asks(_ASKS) or from_vein(given)):
        return ()
    course = find_course(given, facts)
    if not isinstance(course, Course) or course.amount_g is None:
        return (_missing(),) if course is None or isinstance(course, Course) else (course,)
    to_vein = _to_vein(given) and not from_vein(given)
    start, aim = start_and_aim_day(given, to_vein=to_vein)
    if start is None:
        return (_missing(),)
    products = _skin_products(given, facts)
    return tuple(
        answer
        for product in products
        for answer in _one(product, given, facts, course, start, aim, to_vein=to_vein)
    )


def _to_vein(given: Given) -> bool:
    return re.search(_TO_VEIN, given.words) is not None and bool(
        re.search(r"\b(?:to|into)\s+(?:\w+\s+){0,3}?(?:iv|ivig|intraven)", given.words)
    )


def _missing() -> Computed:
    return computed(
        "missing",
        "A conversion needs the dose in grams (or g/kg and weight) and how often it is given.",
        "weekly SC dose = IV dose × the label's factor ÷ weeks between IV doses",
    )


def _skin_products(given: Given, facts: Facts) -> list[Product]:
    """The subcutaneous products named; else one for each factor that a label gives."""
    named = [p for p in given.products if p.iv_to_sc_factor is not None]
    named = [p for p in named if "iv" not in p.routes.value] or named
    if named:
        return named
    unknown = [p for p in given.products if p.kind != "ivig"]
    if unknown:
        return unknown
    by_factor: dict[float, Product] = {}
    for product in facts.products.values():
        here = facts.jurisdiction.split("-")[0] in product.jurisdictions
        wanted = ("scig", "fscig") if given.asks(r"facilitat|fscig|hyaluron") else ("scig",)
        sold = product.market.value == "marketed" and here and product.kind in wanted
        if product.iv_to_sc_factor is not None and sold:
            known = by_factor.get(product.iv_to_sc_factor.value)
            if known is None or len(known.uses) < len(product.uses):
                by_factor[product.iv_to_sc_factor.value] = product
    return [by_factor[factor] for factor in sorted(by_factor, reverse=True)]


def _one(
    product: Product,
    given: Given,
    facts: Facts,
    course: Course,
    start_day: float,
    aim_day: float | None,
    *,
    to_vein: bool,
) -> tuple[Computed, ...]:
    fact = product.iv_to_sc_factor
    if fact is None:
        return (
            computed(
                "missing",
                f"{product.name}: no conversion factor is known from its label.",
                "weekly SC dose = IV dose × factor ÷ weeks",
            ),
        )
    facilitated = product.kind == "fscig"
    usual = 4 * WEEK_DAY if to_vein else start_day if facilitated else WEEK_DAY
    target = aim_day or usual
    factor = 1 / fact.value if to_vein else fact.value
    assert course.amount_g is not None  # noqa: S101 (asked by conversion_answers)
    amount = converted_amount_g(
        course.amount_g[1], factor, from_interval_day=start_day, to_interval_day=target
    )
    told = computed(
        "conversion",
        _text(product, course, amount, start_day, target, fact.value, to_vein=to_vein),
        _working(course.amount_g[1], fact.value, start_day, target, amount, to_vein=to_vein),
        cite=[fact, product.igg_mg_per_mL],
        cautions=_cautions(product, given, course, facilitated=facilitated, to_vein=to_vein),
    )
    if to_vein:
        return (told,)
    if facilitated:
        return (told, *ramp_up(product, amount, target))
    sites = limits(product, given, facts, amount) if asks_sites(given) else ()
    return (told, *first_dose(product), *sites)


def _text(
    product: Product,
    course: Course,
    amount_g: float,
    start_day: float,
    target_day: float,
    factor: float,
    *,
    to_vein: bool,
) -> str:
    assert course.amount_g is not None  # noqa: S101 (asked by conversion_answers)
    before = f"{grams(course.amount_g[1])} {every(start_day)}"
    if to_vein:
        return (
            f"{before} of {product.name} is about {grams(amount_g)} {every(target_day)} into a vein, "
            f"by the inverse of its label's factor {number(factor)}."
        )
    volume = ""
    if product.igg_mg_per_mL is not None:
        volume = f" ({millilitres(amount_g * 1000 / product.igg_mg_per_mL.value)})"
    text = (
        f"{before} into a vein is {grams(amount_g)}{volume} {every(target_day)} on {product.name} by "
        f"its label's factor {number(factor)}"
    )
    if product.vials is not None:
        plan = choose_vials(amount_g, product.vials.value, tolerance_percent=VIAL_PERCENT)
        text += (
            "" if plan is None else f", in whole vials {vials(plan.total)} = {grams(plan.amount_g)}"
        )
    if factor == 1:
        return f"{text}: the same grams over time as the IV dose."
    same = amount_g / factor
    text += f"; gram for gram it would be {grams(same)}"
    return f"{text}."


def _working(
    amount_g: float,
    factor: float,
    start_day: float,
    target_day: float,
    result_g: float,
    *,
    to_vein: bool,
) -> str:
    sign = "÷" if to_vein else "×"
    return (
        f"{grams(amount_g)} {sign} {number(factor)} × {number(target_day / 7)} ÷ "
        f"{number(start_day / 7)} weeks = {grams(result_g)}"
    )


def _cautions(
    product: Product, given: Given, course: Course, *, facilitated: bool, to_vein: bool
) -> list[str]:
    said = [
        "The factor matches exposure in the label's trials; a patient's own level may differ, so "
        "measure IgG after the switch and adjust."
    ]
    if given.monthly:
        said.append("A month is taken as 4 weeks.")
    if given.asks(r"bi-?\s?weekly"):
        said.append("Biweekly may mean twice a week: it is read as every 2 weeks.")
    if not to_vein and not says_vein(given):
        said.append("The route of the dose named is not said: read as a dose into a vein.")
    if to_vein:
        said.append("The label's factor is for IV to SC; its inverse is our arithmetic.")
    if facilitated:
        said.append("Facilitated infusion starts with a ramp-up over the first weeks.")
    if product.sc_frequency is not None and not to_vein:
        said.append(f"Label frequency: {product.sc_frequency.value}.")
    per_kg = course.g_per_kg
    immune = given.indication is not None and given.indication.category == "immunomodulation"
    if immune or (per_kg is not None and per_kg[1] > REPLACEMENT_MOST_G_PER_KG):
        said.append(
            "The factor is for replacement; in immunomodulation the indication's printed subcutaneous "
            "dose applies instead."
        )
    return said
