"""How a change to subcutaneous treatment begins: the first dose, and the ramp-up in grams."""

import re

from ivig.evidence.compute.facts import Computed, computed
from ivig.evidence.compute.say import every, grams, number
from ivig.product import Product

_FIRST = r"\bstart (\d+ weeks? after) last\b"
THREE_WEEKS_DAY, FOUR_WEEKS_DAY = 21.0, 28.0


def ramp_up(product: Product, full_g: float, interval_day: float) -> tuple[Computed, ...]:
    """Grams in each week of the ramp; nothing for an interval the label has no ramp for."""
    rules = product.facilitated
    if rules is None:
        return ()
    ramps = {THREE_WEEKS_DAY: rules.ramp_up_q3w, FOUR_WEEKS_DAY: rules.ramp_up_q4w}
    ramp = ramps.get(interval_day)
    if ramp is None:
        return ()
    steps = [(step.week, step.fraction, full_g * step.fraction) for step in ramp.value]
    told = ", ".join(f"{grams(amount)} in week {week}" for week, _, amount in steps)
    order = "" if rules.order is None else f" Each time: {rules.order.value}."
    units = rules.hyaluronidase_U_per_g
    if units is not None:
        order += f" {number(units.value)} U of hyaluronidase go with each gram."
    return (
        computed(
            "conversion",
            f"{product.name} ramp-up to the full dose of {grams(full_g)} {every(interval_day)}: {told}."
            f"{order}",
            "; ".join(
                f"{number(fraction)} × {grams(full_g)} = {grams(amount)}"
                for _, fraction, amount in steps
            ),
            cite=[ramp, rules.order, units],
        ),
    )


def first_dose(product: Product) -> tuple[Computed, ...]:
    """When the first subcutaneous dose is given, as its label says."""
    for dose in product.doses:
        found = re.search(_FIRST, dose.value.text)
        if found is not None and dose.value.indication == "pid":
            text = (
                f"{product.name}: the first dose is given {found[1]} the last infusion into a vein."
            )
            return (computed("conversion", text, f"label: {dose.value.text}", cite=[dose]),)
    return ()
