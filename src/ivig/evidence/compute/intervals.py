"""Which grams a question means: of a vein or under the skin, and at which interval."""

import re

from ivig.evidence.compute.course import Course, find_course
from ivig.evidence.compute.facts import Computed, Facts, computed
from ivig.evidence.compute.given import DAYS_PER_MONTH_MEANT, Given
from ivig.evidence.compute.say import every, grams, millilitres, number, vials
from ivig.evidence.question import Quantity
from ivig.product import Product
from ivig.subcutaneous import converted_amount_g
from ivig.vials import choose_vials

SKIN_MOST_DAY = 14.0
"""The longest interval of plain subcutaneous treatment; a longer one is that of a vein."""

VEIN_LEAST_DAY, VEIN_MOST_DAY = 14.0, 35.0
VIAL_PERCENT = 10.0
NEAR = 8
"""Letters between a dose and the interval that belongs to it, at most."""
_VEIN = r"\b(?:ivig|iv|i\.v\.?|intraven\w*|veins?|venous\w*)(?!\w)"


def from_vein(given: Given) -> bool:
    """Grams of a vein beside a product that only goes under the skin."""
    product = _skin_product(given)
    if product is None or not _dosed(given):
        return False
    if says_vein(given) and not _own_grams(given, product):
        return True
    if product.kind == "fscig":
        return False  # its own interval is that of a vein
    nearest = _nearest(given)
    days = [_days(q) for q in _intervals(given)]
    if nearest is None or not VEIN_LEAST_DAY <= _days(nearest) <= VEIN_MOST_DAY:
        return False
    weekly_wanted = len(set(days)) > 1 and not _own_grams(given, product)
    return _days(nearest) > SKIN_MOST_DAY or weekly_wanted


def says_vein(given: Given) -> bool:
    """A word of the vein, or a product that goes into one."""
    by_product = any("iv" in p.routes.value for p in given.products)
    return by_product or re.search(_VEIN, given.words) is not None


def start_and_aim_day(given: Given, *, to_vein: bool) -> tuple[float | None, float | None]:
    """The interval of the dose named, and the one asked for; None where none is named.

    A dose into a vein is not taken as weekly unless the interval stands right beside it: weekly is
    then what is asked for, and the interval of the vein is missing.
    """
    intervals = _intervals(given)
    start = _nearest(given)
    if start is None:
        return None, None
    beside = 0 <= start.start - _dose_end(given) <= NEAR
    if not to_vein and _days(start) < VEIN_LEAST_DAY and not beside:
        longer = [q for q in intervals if _days(q) >= VEIN_LEAST_DAY]
        if not longer:
            return None, None
        start = max(longer, key=_days)
    aims = [_days(q) for q in intervals if q is not start and q.text != start.text]
    return _days(start), next(iter(aims), None)


def interval_answers(given: Given, facts: Facts) -> tuple[Computed, ...]:
    """The same subcutaneous grams a week, given at another interval."""
    under_skin = _skin_product(given) is not None or given.route == "sc"
    if not under_skin or not _dosed(given) or says_vein(given) or from_vein(given):
        return ()
    days = list(dict.fromkeys(_days(q) for q in _intervals(given)))
    start = _nearest(given)
    if start is None or len(days) != 2 or max(days) > SKIN_MOST_DAY:
        return ()
    course = find_course(given, facts)
    if not isinstance(course, Course) or course.amount_g is None:
        return () if course is None or isinstance(course, Course) else (course,)
    before, after = _days(start), next(d for d in days if d != _days(start))
    amount = course.amount_g[1]
    changed = converted_amount_g(amount, 1, from_interval_day=before, to_interval_day=after)
    product = _skin_product(given)
    name = "" if product is None else f" of {product.name}"
    return (
        computed(
            "conversion",
            f"{grams(amount)}{name} {every(before)} is {grams(changed)} {every(after)}"
            f"{_volume_and_vials(product, changed)}.",
            f"{grams(amount)} × {number(after)} ÷ {number(before)} days = {grams(changed)}",
            cite=() if product is None else [product.igg_mg_per_mL, product.vials],
            cautions=_cautions(given, product),
        ),
    )


def _cautions(given: Given, product: Product | None) -> list[str]:
    said = ["The same product and the same grams over time; only the interval changes."]
    if given.asks(r"bi-?\s?weekly"):
        said.append("Biweekly may mean twice a week: it is read as every 2 weeks.")
    if product is not None and product.sc_frequency is not None:
        said.append(f"Label frequency: {product.sc_frequency.value}.")
    return said


def _volume_and_vials(product: Product | None, amount_g: float) -> str:
    if product is None or product.igg_mg_per_mL is None:
        return ""
    text = f" ({millilitres(amount_g * 1000 / product.igg_mg_per_mL.value)})"
    if product.vials is None:
        return text
    plan = choose_vials(amount_g, product.vials.value, tolerance_percent=VIAL_PERCENT)
    if plan is None:
        return text
    return f"{text}, in whole vials {vials(plan.total)} = {grams(plan.amount_g)}"


def _dosed(given: Given) -> bool:
    return (given.amount_g or given.g_per_kg) is not None


def _skin_product(given: Given) -> Product | None:
    return next((p for p in given.products if "iv" not in p.routes.value), None)


def _intervals(given: Given) -> list[Quantity]:
    kinds = ("interval_day", "interval_month")
    return [q for q in given.question.quantities if q.unit in kinds]


def _days(quantity: Quantity) -> float:
    months = quantity.unit == "interval_month"
    return quantity.value * (DAYS_PER_MONTH_MEANT if months else 1.0)


def _dose(given: Given) -> Quantity | None:
    units = ("g",) if given.g_per_kg is None else ("g_per_kg",)
    return next((q for q in given.question.quantities if q.unit in units), None)


def _dose_end(given: Given) -> int:
    dose = _dose(given)
    return 0 if dose is None else dose.start + len(dose.text)


def _nearest(given: Given) -> Quantity | None:
    """The interval nearest to the dose, in letters."""
    dose = _dose(given)
    end = _dose_end(given)

    def apart(interval: Quantity) -> int:
        if dose is None:
            return interval.start
        before = dose.start - interval.start - len(interval.text)
        return before if before >= 0 else abs(interval.start - end)

    return min(_intervals(given), key=apart, default=None)


def _own_grams(given: Given, product: Product) -> bool:
    """Whether the grams are said of the product: ``Hizentra 9 g``, ``9 g of Hizentra``."""
    dose = _dose(given)
    if dose is None:
        return False
    name = product.name.lower().split()[0]
    before = given.words[: dose.start].rstrip(" :,(")
    after = given.words[dose.start + len(dose.text) :]
    return before.endswith(name) or re.match(rf"\s*(?:of\s+)?{re.escape(name)}", after) is not None
