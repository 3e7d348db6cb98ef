"""Units of hyaluronidase that go with the grams of a facilitated product."""

from ivig.evidence.compute.course import Course, find_course
from ivig.evidence.compute.facts import Computed, Facts, computed
from ivig.evidence.compute.given import Given
from ivig.evidence.compute.say import grams, number
from ivig.product import Product

_ASKS = r"hyaluronidase|rhuph20"
_ASKS_HOW_MUCH = r"\b(?:units?|iu|u|how much|dose)\b"


def hyaluronidase_answers(given: Given, facts: Facts) -> tuple[Computed, ...]:
    """The units of each facilitated product named; of those sold here when none is."""
    if not (given.asks(_ASKS) and given.asks(_ASKS_HOW_MUCH)):
        return ()
    course = find_course(given, facts)
    if not isinstance(course, Course) or course.highest_g is None:
        return ()
    amount_g = course.highest_g
    return tuple(
        answer
        for product in given.products or _sold_here(facts)
        if (answer := _one(product, amount_g, course)) is not None
    )


def _sold_here(facts: Facts) -> tuple[Product, ...]:
    here = facts.jurisdiction.split("-")[0]
    return tuple(p for p in facts.products.values() if here in p.jurisdictions)


def _one(product: Product, amount_g: float, course: Course) -> Computed | None:
    ratio = None if product.facilitated is None else product.facilitated.hyaluronidase_U_per_g
    if ratio is None:
        return None
    units = ratio.value * amount_g
    return computed(
        "load",
        f"{grams(amount_g)} of {product.name} comes with {number(units, 0)} units of hyaluronidase.",
        f"{grams(amount_g)} × {number(ratio.value)} U/g = {number(units, 0)} U",
        cite=[ratio, *course.citations],
        cautions=course.cautions,
    )
