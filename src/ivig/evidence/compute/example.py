"""How a rate is worked out, step by step, on an example."""

from ivig.evidence.compute.facts import Computed, Facts, computed
from ivig.evidence.compute.given import Given
from ivig.evidence.compute.say import duration, grams, millilitres, number
from ivig.evidence.compute.times import common_products
from ivig.infusion import pump_steps
from ivig.product import RatePoint, rates_for

_ASKS = (
    r"\b(?:calculat\w*|formula\w*|work(?:ed|ing)? out|figure out|determin\w*|comput\w*)\b[^?]*"
    r"\b(?:rate|ml\s*/\s*h\w*|drip|infusion|pump)\b"
    r"|\b(?:rate|infusion|drip|pump)\b[^?]*\b(?:calculat\w*|formula\w*)"
)
WEIGHT_KG, G_PER_KG, MG_PER_ML = 70.0, 0.4, 100.0
RATE_ML_PER_KG_PER_MIN = 0.01
SHARES = (0.25, 0.5)
HALF_HOUR_MIN = 30.0


def example_answers(given: Given, facts: Facts) -> tuple[Computed, ...]:
    """Dose, volume and rate of an example, when the question brings no person and no product."""
    quantities = given.question.quantities
    if not given.asks(_ASKS) or given.products or quantities or given.route != "iv":
        return ()
    return (_formulas(), *_first_hour(facts))


def _formulas() -> Computed:
    dose_g = WEIGHT_KG * G_PER_KG
    volume_mL = dose_g * 1000 / MG_PER_ML
    mL_per_h = RATE_ML_PER_KG_PER_MIN * WEIGHT_KG * 60
    mg = RATE_ML_PER_KG_PER_MIN * MG_PER_ML
    kg = number(WEIGHT_KG)
    return computed(
        "rate",
        f"Grams = kg × g/kg; mL = grams × 1000 ÷ mg per mL; mL/h = mL/kg/min × kg × 60, or mg/kg/min × "
        f"kg × 60 ÷ mg per mL, up to the maximum of the product's label. Example, {kg} kg, "
        f"{number(G_PER_KG)} g/kg of a {number(MG_PER_ML / 10)} % product: {grams(dose_g)} is "
        f"{millilitres(volume_mL)}; {number(RATE_ML_PER_KG_PER_MIN)} mL/kg/min ({number(mg)} mg/kg/min) "
        f"is {number(mL_per_h)} mL/h.",
        f"{kg} kg × {number(G_PER_KG)} g/kg = {grams(dose_g)}; {grams(dose_g)} × 1000 ÷ "
        f"{number(MG_PER_ML)} mg/mL = {millilitres(volume_mL)}; {number(RATE_ML_PER_KG_PER_MIN)} × {kg} "
        f"kg × 60 = {number(mL_per_h)} mL/h; {number(mg)} × {kg} kg × 60 ÷ {number(MG_PER_ML)} mg/mL = "
        f"{number(mg * WEIGHT_KG * 60 / MG_PER_ML)} mL/h",
    )


def _first_hour(facts: Facts) -> tuple[Computed, ...]:
    """What runs in within an hour, at two shares of one label's maximum."""
    product = next(iter(common_products(facts)), None)
    ladder = None if product is None else rates_for(product, ("pid",), facts.jurisdiction)[0]
    if product is None or ladder is None:
        return ()
    most = ladder.maximum.value.rate_mL_per_kg_per_h
    points = [
        RatePoint(rate_mL_per_kg_per_h=most * share, duration_min=HALF_HOUR_MIN) for share in SHARES
    ]
    volume_mL = WEIGHT_KG * G_PER_KG * 1000 / MG_PER_ML
    steps = pump_steps(points, most, volume_mL, WEIGHT_KG)[: len(SHARES)]
    parts = [(s.rate_mL_per_h, s.rate_mL_per_h * HALF_HOUR_MIN / 60) for s in steps]
    total_mL = sum(volume for _, volume in parts)
    total_g = total_mL * MG_PER_ML / 1000
    shares = " then ".join(f"{number(100 * share)} %" for share in SHARES)
    return (
        computed(
            "rate",
            f"Example of the first hour: {product.name} in PID allows at most {number(most)} mL/kg/h, "
            f"{number(most * WEIGHT_KG)} mL/h for {number(WEIGHT_KG)} kg. At {shares} of it for "
            f"{duration(HALF_HOUR_MIN)} each, {millilitres(total_mL)} = {grams(total_g)} runs in. This "
            f"is arithmetic: a first infusion starts at the label's first rate, here "
            f"{number(ladder.initial.value.rate_mL_per_kg_per_h)} mL/kg/h.",
            "; ".join(
                f"{number(rate)} mL/h × 0.5 h = {millilitres(volume)}" for rate, volume in parts
            )
            + f"; {millilitres(total_mL)} × {number(MG_PER_ML)} mg/mL ÷ 1000 = {grams(total_g)}",
            cite=[ladder.maximum, ladder.initial],
        ),
    )
