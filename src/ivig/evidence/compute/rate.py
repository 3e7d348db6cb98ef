"""Infusion rates in the units of the label, of the prescription and of the pump."""

from ivig.evidence.compute.asked_rates import is_new
from ivig.evidence.compute.facts import Computed, Facts, computed
from ivig.evidence.compute.given import Given
from ivig.evidence.compute.refuse import refused
from ivig.evidence.compute.say import number
from ivig.product import Product, RateLadder, rates_for

HEAVY_KG = 100.0
"""From here the dosing weight is likely to be lower than the actual one."""
_TYPICAL_PERCENT = (5.0, 10.0)


def rate_answers(given: Given, facts: Facts) -> tuple[Computed, ...]:
    """Each rate named in every unit, held against the label's maximum."""
    rates = rates_named(given)
    found: list[Computed] = []
    for value, unit in rates:
        for strength, product in _strengths(given):
            found.append(_one(value, unit, strength, product, given, facts))
    # One usual strength allows what the other does not: only the one that does is told.
    allowed = [one for one in found if one.kind != "refused"]
    return tuple(found if given.products else allowed or found)


def rates_named(given: Given) -> list[tuple[float, str]]:
    """The rates of the question with their units, at most two."""
    units = ("mg_per_kg_per_min", "mL_per_kg_per_h", "mL_per_h", "g_per_h")
    return [(q.value, q.unit) for q in given.question.quantities if q.unit in units][:2]


def _strengths(given: Given) -> list[tuple[float, Product | None]]:
    """Concentrations in mg/mL: of the product, as named, else both usual ones."""
    known = [(p.igg_mg_per_mL.value, p) for p in given.products if p.igg_mg_per_mL is not None]
    if known:
        return [(strength, product) for strength, product in known]
    named = given.question.first("mg_per_mL")
    if named is not None and 0 < named <= 250:
        return [(named, None)]
    percents = [q.value for q in given.question.quantities if q.unit == "percent" and q.value <= 25]
    if percents:
        return [(percent * 10, None) for percent in dict.fromkeys(percents)]
    return [(percent * 10, None) for percent in _TYPICAL_PERCENT]


def _one(
    value: float,
    unit: str,
    strength: float,
    product: Product | None,
    given: Given,
    facts: Facts,
) -> Computed:
    weight = given.weight_kg
    per_kg = _per_kg_per_h(value, unit, strength, weight)
    name = f"a {number(strength / 10, 1)} % solution" if product is None else product.name
    if per_kg is None:
        return _without_weight(value, unit, strength, name, given.amount_g)
    ladder = None if product is None else _ladder(product, strength, given, facts)
    if product is None:
        too_fast = _above_all(per_kg, strength, given, facts)
    else:
        too_fast = None if ladder is None else _above(per_kg, strength, product, ladder)
    if too_fast is not None:
        return too_fast
    text, working = _in_all_units(per_kg, strength, weight)
    if ladder is not None:
        text += f"; the label's maximum is {_maximum_words(ladder, strength)}"
        text += _not_when_new(per_kg, strength, ladder, given)
    return computed(
        "rate",
        f"On {name}: {text}.",
        working,
        cite=[
            None if product is None else product.igg_mg_per_mL,
            None if ladder is None else ladder.maximum,
            None if ladder is None else ladder.new_patient_maximum,
        ],
        cautions=_cautions(product, ladder, strength, given, facts),
    )


def _ladder(product: Product, strength: float, given: Given, facts: Facts) -> RateLadder | None:
    """The rates for the disease; without one the fastest of the label, and the caution tells all."""
    ladder, _ = rates_for(product, given.uses, facts.jurisdiction)
    return ladder if given.uses else _fastest(product, strength, facts) or ladder


def _in_all_units(per_kg: float, strength: float, weight_kg: float | None) -> tuple[str, str]:
    """The rate in each unit, and the arithmetic."""
    mg = number(per_kg * strength / 60)
    text = f"{mg} mg/kg/min = {number(per_kg)} mL/kg/h"
    working = f"{mg} mg/kg/min × 60 ÷ {number(strength)} mg/mL = {number(per_kg)} mL/kg/h"
    if weight_kg is None:
        return text, working
    pump, kg = number(per_kg * weight_kg, 1), number(weight_kg, 1)
    g_per_h = number(per_kg * weight_kg * strength / 1000, 1)
    text += f" = {pump} mL/h for {kg} kg, {g_per_h} g an hour"
    working += f"; × {kg} kg = {pump} mL/h; × {number(strength)} mg/mL ÷ 1000 = {g_per_h} g/h"
    return text, working


def _cautions(
    product: Product | None,
    ladder: RateLadder | None,
    strength: float,
    given: Given,
    facts: Facts,
) -> list[str]:
    said: list[str] = []
    if given.weight_kg is None:
        said.append("Without the weight there is no pump rate in mL/h.")
    elif given.weight_kg >= HEAVY_KG:
        said.append("A plan counts rates on the lower of actual and dosing weight.")
    if product is None:
        said.append("The label's maximum depends on the product, which is not named.")
    elif ladder is None:
        said.append(f"No intravenous rates of {product.name} are known: no maximum was checked.")
    elif not given.uses:
        said.append(f"It depends on the disease: {_by_use(product, strength, facts)}.")
    return said


def _per_kg_per_h(
    value: float, unit: str, strength: float, weight_kg: float | None
) -> float | None:
    """The rate in mL/kg/h; None when that needs a weight that is not given."""
    if unit == "mg_per_kg_per_min":
        return value * 60 / strength
    if unit == "mL_per_kg_per_h":
        return value
    if weight_kg is None:
        return None
    return (value if unit == "mL_per_h" else value * 1000 / strength) / weight_kg


def _without_weight(
    value: float, unit: str, strength: float, name: str, amount_g: tuple[float, float] | None
) -> Computed:
    per_h = value if unit == "mL_per_h" else value * 1000 / strength
    g_per_h = per_h * strength / 1000
    text = f"On {name}: {number(per_h, 1)} mL/h is {number(g_per_h, 1)} g an hour"
    working = (
        f"{number(per_h, 1)} mL/h × {number(strength)} mg/mL ÷ 1000 = {number(g_per_h, 1)} g/h; "
        "mL/kg/h = mL/h ÷ weight in kg"
    )
    if amount_g is not None and amount_g[0] == amount_g[1] and per_h > 0:
        volume = amount_g[0] * 1000 / strength
        text += (
            f", so that {number(amount_g[0])} g ({number(volume)} mL) takes "
            f"{number(volume / per_h, 1)} hours at this rate alone, without the slow start"
        )
        working += (
            f"; {number(volume)} mL ÷ {number(per_h, 1)} mL/h = {number(volume / per_h, 1)} h"
        )
    return computed(
        "rate",
        f"{text}; per kg it needs the weight.",
        working,
        cautions=["The weight is missing: the rate cannot be held against the label's maximum."],
    )


def _maximum_words(ladder: RateLadder, strength: float) -> str:
    most = ladder.maximum.value.rate_mL_per_kg_per_h
    return f"{number(most)} mL/kg/h ({number(most * strength / 60)} mg/kg/min)"


def _not_when_new(per_kg: float, strength: float, ladder: RateLadder, given: Given) -> str:
    """What holds in a first infusion, when the rate asked for is above it."""
    new = ladder.new_patient_maximum
    if new is None or not is_new(given) or per_kg <= new.value.rate_mL_per_kg_per_h * (1 + 1e-9):
        return ""
    most = new.value.rate_mL_per_kg_per_h
    return (
        f", but not in a first infusion: at most {number(most)} mL/kg/h "
        f"({number(most * strength / 60)} mg/kg/min) while it is new"
    )


def _ladders(product: Product, strength: float, facts: Facts) -> list[RateLadder]:
    made_up = [one for one in product.rates if one.for_mg_per_mL in (None, strength)]
    here = facts.jurisdiction.split("-")[0]
    return [one for one in made_up if not one.jurisdictions or here in one.jurisdictions] or made_up


def _fastest(product: Product, strength: float, facts: Facts) -> RateLadder | None:
    return max(
        _ladders(product, strength, facts),
        key=lambda one: one.maximum.value.rate_mL_per_kg_per_h,
        default=None,
    )


def _by_use(product: Product, strength: float, facts: Facts) -> str:
    """Each maximum of the label with the uses it is for."""
    parts = [
        f"{_maximum_words(one, strength)} in {', '.join(one.indications).replace('_', ' ') or 'others'}"
        for one in _ladders(product, strength, facts)
    ]
    return "; ".join(dict.fromkeys(parts))


def _above(per_kg: float, strength: float, product: Product, ladder: RateLadder) -> Computed | None:
    most = ladder.maximum.value.rate_mL_per_kg_per_h
    if per_kg <= most * (1 + 1e-9):
        return None
    return computed(
        "refused",
        f"{number(per_kg)} mL/kg/h ({number(per_kg * strength / 60)} mg/kg/min) is faster than "
        f"{product.name}'s label allows. Allowed: at most {_maximum_words(ladder, strength)}.",
        f"{number(per_kg)} > {number(most)} mL/kg/h",
        cite=[ladder.maximum],
    )


def _above_all(per_kg: float, strength: float, given: Given, facts: Facts) -> Computed | None:
    """Faster than every label allows at this concentration."""
    ladders = [
        ladder
        for product in facts.products.values()
        if product.igg_mg_per_mL is not None and product.igg_mg_per_mL.value == strength
        for ladder in product.rates
        if ladder.for_mg_per_mL in (None, strength)
    ]
    fastest = max(ladders, key=lambda one: one.maximum.value.rate_mL_per_kg_per_h, default=None)
    if fastest is None or per_kg <= fastest.maximum.value.rate_mL_per_kg_per_h * (1 + 1e-9):
        return None
    return refused(
        f"{number(per_kg)} mL/kg/h ({number(per_kg * strength / 60)} mg/kg/min) of a "
        f"{number(strength / 10)} % solution is faster than any label we hold allows.",
        f"at most {_maximum_words(fastest, strength)}, and less on most products",
        cite=[fastest.maximum],
    )
