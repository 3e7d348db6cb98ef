"""What is not known of a product: every empty field that its kind should have, and the gaps noted."""

from collections.abc import Iterator
from dataclasses import fields

from ivig.fit import use_name
from ivig.product import FacilitatedRules, Product, RateLadder, SiteBand

_NAMES = {
    "igg_mg_per_mL": "concentration",
    "iga_ug_per_mL": "IgA",
    "sodium_mmol_per_L": "sodium",
    "osmolality_mOsm_per_kg": "osmolality",
    "ph": "pH",
    "igg_purity_percent": "IgG purity",
    "fxia_control": "factor XIa control",
    "monomer_dimer": "monomers and dimers",
    "subclass_percent": "IgG subclasses",
    "pool_donors_min": "donors in a pool, at least",
    "iv_to_sc_factor": "factor from IV to SC",
    "iv_to_sc_note": "on that factor",
    "sc_frequency": "SC frequency",
    "uses": "labelled uses",
    "doses": "labelled doses",
    "rates": "infusion rates",
    "sites": "SC sites",
}
_FOR_SC = ("sites", "sc_frequency", "iv_to_sc_factor", "iv_to_sc_note")
_OPTIONAL = ("volume_max_at_three_sites_mL_per_site", "order")


def field_name(name: str) -> str:
    """A field in words."""
    return _NAMES.get(name, name.replace("_", " "))


def gaps_of(product: Product) -> tuple[str, ...]:
    """Everything that is not known of it, each once."""
    found = (
        *_empty_fields(product),
        *_composition(product),
        *_ages(product),
        *(gap for ladder in product.rates for gap in _of_ladder(ladder)),
        *_uses_without_rates(product),
        *(gap for fact in product.sites for gap in _of_band(fact.value)),
        *_of_facilitated(product.facilitated),
        *product.gaps,
    )
    return tuple(dict.fromkeys(found))


def _empty_fields(product: Product) -> Iterator[str]:
    skipped: set[str] = {"conflicts", "gaps"}
    if product.facilitated is None and "fsc" not in product.routes.value:
        skipped.add("facilitated")
    if not {"sc", "fsc"} & set(product.routes.value):
        skipped |= set(_FOR_SC)
    if "iv" not in product.routes.value:
        skipped.add("rates")
    for field in fields(product):
        if field.name not in skipped and getattr(product, field.name) in (None, ()):
            yield field_name(field.name)


def _composition(product: Product) -> Iterator[str]:
    contains = product.contains.value
    for field in fields(contains):
        if getattr(contains, field.name) is None:
            yield f"whether it contains {field.name.replace('_', ' ')}"


def _ages(product: Product) -> Iterator[str]:
    for use in product.uses:
        if use.value.from_age_year is None:
            yield f"the lowest age for {use_name(use.value.indication)}"


def _of_ladder(ladder: RateLadder) -> Iterator[str]:
    what = ", ".join(use_name(name) for name in ladder.indications)
    if ladder.risk_cap is None:
        yield f"the highest rate at renal or thrombotic risk, in numbers, for {what}"
    if ladder.steps is None and ladder.step_min is None and ladder.increment is None:
        yield f"how and how fast the rate is raised for {what}"


def _uses_without_rates(product: Product) -> Iterator[str]:
    """Uses into a vein on the label for which no rates are held."""
    rated = {name for ladder in product.rates for name in ladder.indications}
    for use in product.uses:
        if product.rates and "iv" in use.value.routes and use.value.indication not in rated:
            yield f"infusion rates for {use_name(use.value.indication)}"


def _of_band(band: SiteBand) -> Iterator[str]:
    if band.volume_max_mL_per_site is None:
        yield f"the largest volume per site: {band.text}"
    if band.rate_max_mL_per_h_per_site is None:
        yield f"the highest rate per site: {band.text}"


def _of_facilitated(rules: FacilitatedRules | None) -> Iterator[str]:
    for field in () if rules is None else fields(rules):
        if getattr(rules, field.name) is None and field.name not in _OPTIONAL:
            yield field_name(field.name)
