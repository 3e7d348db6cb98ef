"""The labels' factors from a vein to under the skin, brand by brand."""

from ivig.evidence.compute.facts import Computed, Facts, computed
from ivig.evidence.compute.given import Given
from ivig.evidence.compute.say import grams, number
from ivig.product import Product, sold_in
from ivig.subcutaneous import converted_amount_g

_ASKS = (
    r"\b(?:conversions?|convert\w*|dose[ -]adjust\w*|adjust\w*|multipl\w+)\b.*\bfactors?\b"
    r"|\bfactors?\b.*\b(?:conversions?|convert\w*|brands?|products?|each|scig|sc|subcut\w*|switch\w*)\b"
    r"|\b(?:1\.37|1\.30?|1\.53)\b.*\b(?:conversions?|convert\w*|factor|each|brand)\b"
)
EXAMPLE_G = 40.0
FOUR_WEEKS_DAY, WEEK_DAY = 28.0, 7.0


def factor_answers(given: Given, facts: Facts) -> tuple[Computed, ...]:
    """Each factor with its brands, when factors are asked for and no dose is converted."""
    if not given.asks(_ASKS) or given.amount_g is not None or given.g_per_kg is not None:
        return ()
    named = [p for p in given.products if p.iv_to_sc_factor is not None]
    products = named or [
        p
        for p in facts.products.values()
        if p.iv_to_sc_factor is not None
        and sold_in(p, facts.jurisdiction)
        and p.market.value == "marketed"
    ]
    groups: dict[float, list[Product]] = {}
    for product in products:
        if product.iv_to_sc_factor is not None:
            groups.setdefault(product.iv_to_sc_factor.value, []).append(product)
    if not groups:
        return ()
    ordered = {factor: _skin_first(groups[factor]) for factor in sorted(groups, reverse=True)}
    told = "; ".join(f"{number(f)} for {_names(found)}" for f, found in ordered.items())
    return (
        computed(
            "conversion",
            f"Factors of the labels from IV grams to grams under the skin: {told}.",
            "; ".join(
                ["weekly grams = IV grams × factor ÷ weeks between IV doses", *_examples(ordered)]
            ),
            cite=[p.iv_to_sc_factor for found in ordered.values() for p in found],
        ),
    )


def _skin_first(products: list[Product]) -> list[Product]:
    """Those that only go under the skin before those that also go into a vein."""
    return sorted(products, key=lambda p: ("iv" in p.routes.value, p.name))


def _names(products: list[Product]) -> str:
    names = [product.name for product in products]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _examples(groups: dict[float, list[Product]]) -> list[str]:
    """40 g every 4 weeks by each factor; a facilitated product keeps the interval."""
    found: list[str] = []
    for factor, products in groups.items():
        keeps = all(product.kind == "fscig" for product in products)
        to_day = FOUR_WEEKS_DAY if keeps else WEEK_DAY
        amount = converted_amount_g(
            EXAMPLE_G, factor, from_interval_day=FOUR_WEEKS_DAY, to_interval_day=to_day
        )
        weeks = "" if keeps else f" ÷ {number(FOUR_WEEKS_DAY / WEEK_DAY)} weeks"
        often = "every 4 weeks" if keeps else "a week"
        found.append(f"{grams(EXAMPLE_G)} × {number(factor)}{weeks} = {grams(amount)} {often}")
    return found
