"""What else is infused with so many grams: sodium, sugar, IgA, volume, osmoles."""

from ivig.cited import Cited
from ivig.evidence.compute.course import Course, find_course
from ivig.evidence.compute.facts import Computed, Facts, computed
from ivig.evidence.compute.given import Given
from ivig.evidence.compute.say import grams, millilitres, number
from ivig.product import Amount, Excipient, Product

ASKS = {
    "sodium": r"\b(?:sodium|salt|na\+?|nacl)\b",
    "sugar": r"\b(?:sugar|sucrose|maltose|glucose|dextrose|sorbitol|carbohydrate)\b",
    "iga": r"\biga\b",
    "osmolality": r"\bosmol\w*",
    "volume": r"\b(?:volume|fluid)\b|how many ml\b",
}
_ASKS_ALL = r"\b(?:load|contain\w*|composition|excipient\w*|stabili[sz]er\w*)\b"
MG_PER_MMOL_SODIUM = 22.99
UG_PER_MG = 1000.0


def load_answers(given: Given, facts: Facts) -> tuple[Computed, ...]:
    """Sodium, sugar, IgA, osmolality in a dose of each product named."""
    wanted = [name for name, words in ASKS.items() if given.asks(words)]
    if wanted == ["volume"] and not given.asks(r"\bload\b"):
        wanted = []
    if not wanted and given.asks(_ASKS_ALL, "composition"):
        wanted = list(ASKS)
    course = find_course(given, facts) if wanted and given.products else None
    if not isinstance(course, Course) or course.highest_g is None:
        return ()
    return tuple(_one(product, course.highest_g, given, wanted) for product in given.products)


def _one(product: Product, amount_g: float, given: Given, wanted: list[str]) -> Computed:
    strength = product.igg_mg_per_mL
    if strength is None:
        text = f"{product.name}: its concentration is not known, so no load can be computed."
        return computed("missing", text, "load = amount per mL × g × 1000 ÷ mg/mL")
    volume_mL = amount_g * 1000 / strength.value
    told = [(millilitres(volume_mL), f"{grams(amount_g)} × 1000 ÷ {number(strength.value)} mg/mL")]
    cite: list[Cited[Amount] | Cited[Excipient] | Cited[float]] = [strength]
    if "sodium" in wanted:
        told.append(_sodium(product.sodium_mmol_per_L, volume_mL, given.weight_kg))
        cite += [] if product.sodium_mmol_per_L is None else [product.sodium_mmol_per_L]
    if "sugar" in wanted:
        told.append(_sugar(product.sugar, volume_mL, given.weight_kg))
        cite += [] if product.sugar is None else [product.sugar]
    if "iga" in wanted:
        told.append(_iga(product.iga_ug_per_mL, volume_mL))
        cite += [] if product.iga_ug_per_mL is None else [product.iga_ug_per_mL]
    if "osmolality" in wanted:
        told.append(_osmolality(product.osmolality_mOsm_per_kg))
        cite += [] if product.osmolality_mOsm_per_kg is None else [product.osmolality_mOsm_per_kg]
    return computed(
        "load",
        f"{grams(amount_g)} of {product.name}: {'; '.join(text for text, _ in told)}.",
        "; ".join(f"{text} = {how}" if how else text for text, how in told),
        cite=cite,
        cautions=["A maximum, an average and a range are different specifications; each is named."],
    )


def _figure(amount: Amount) -> list[tuple[str, float]]:
    """The printed figures with their words, highest certainty first."""
    found: list[tuple[str, float]] = []
    if amount.low is not None and amount.high is not None:
        found += [("at least", amount.low), ("at most", amount.high)]
    elif amount.high is not None:
        found.append(("at most", amount.high))
    elif amount.low is not None:
        found.append(("at least", amount.low))
    if amount.average is not None:
        found.append(("on average", amount.average))
    return found


def _sodium(
    fact: Cited[Amount] | None, volume_mL: float, weight_kg: float | None
) -> tuple[str, str]:
    figures = [] if fact is None else _figure(fact.value)
    if not figures:
        words = None if fact is None else fact.value.text
        return (f"sodium: {words} (no number printed)" if words else "sodium: not known"), ""
    parts: list[str] = []
    for word, mmol_per_L in figures:
        mmol = mmol_per_L * volume_mL / 1000
        per_kg = "" if weight_kg is None else f", {number(mmol / weight_kg)} mmol/kg"
        parts.append(
            f"{word} {number(mmol, 1)} mmol ({number(mmol * MG_PER_MMOL_SODIUM, 0)} mg{per_kg})"
        )
    shown = " and ".join(number(value) for _, value in figures)
    return f"sodium {', '.join(parts)}", f"{shown} mmol/L × {number(volume_mL / 1000, 3)} L"


def _sugar(
    fact: Cited[Excipient] | None, volume_mL: float, weight_kg: float | None
) -> tuple[str, str]:
    if fact is None:
        return "sugar: not known", ""
    sugar = fact.value
    if sugar.name == "none":
        return "no sugar", ""
    if sugar.amount is None or sugar.unit is None or not sugar.unit.startswith("mg/mL"):
        return f"{sugar.name}: present, the amount is not known", ""
    total_g = sugar.amount * volume_mL / 1000
    per_kg = "" if weight_kg is None else f" ({number(total_g / weight_kg)} g/kg)"
    return (
        f"{grams(total_g)} of {sugar.name}{per_kg}",
        f"{number(sugar.amount)} {sugar.unit} × {number(volume_mL, 0)} mL ÷ 1000",
    )


def _iga(fact: Cited[Amount] | None, volume_mL: float) -> tuple[str, str]:
    figures = [] if fact is None else _figure(fact.value)
    if not figures:
        return "IgA: not known", ""
    parts = [f"{word} {number(value * volume_mL / UG_PER_MG, 1)} mg" for word, value in figures]
    shown = " and ".join(number(value) for _, value in figures)
    return f"IgA {', '.join(parts)}", f"{shown} µg/mL × {number(volume_mL, 0)} mL ÷ 1000"


def _osmolality(fact: Cited[Amount] | None) -> tuple[str, str]:
    figures = [] if fact is None else _figure(fact.value)
    if not figures:
        return "osmolality: not known", ""
    parts = [f"{word} {number(value, 0)}" for word, value in figures]
    return f"osmolality {', '.join(parts)} mOsm/kg", ""
