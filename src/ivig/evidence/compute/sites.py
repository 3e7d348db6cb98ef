"""Sites, volumes and time under the skin, by the limits of the label."""

from dataclasses import replace

from ivig.cited import Citation, Cited
from ivig.criterion import Test, ask
from ivig.dosing_weight import ADULT_AGE_YEAR
from ivig.evidence.compute.asked_rates import asks_sites
from ivig.evidence.compute.facts import Computed, Facts, computed
from ivig.evidence.compute.given import Given
from ivig.evidence.compute.say import duration, grams, millilitres, number
from ivig.infusion import InfusionChart
from ivig.patient import Patient
from ivig.product import FacilitatedRules, Product, SiteBand, sold_in
from ivig.subcutaneous import subcutaneous_chart

MOST_BANDS = 3
_ANY_KG = 70.0
"""Sites and time follow from volume and band; the weight only fills the chart."""


def site_answers(given: Given, facts: Facts) -> tuple[Computed, ...]:
    """The limits of each product that goes under the skin, when they are asked for."""
    dosed = given.amount_g is not None and given.weight_kg is None  # told with the session
    if dosed or not asks_sites(given):
        return ()
    found: list[Computed] = []
    for product in given.products[:2]:
        if product.kind == "fscig":
            found += _facilitated(product)
        elif "iv" not in product.routes.value or given.route == "sc":
            found += limits(product, given, facts)
    return tuple(found)


def limits(
    product: Product, given: Given, facts: Facts, amount_g: float | None = None
) -> tuple[Computed, ...]:
    """What one site holds and how fast it runs; with a dose, how many sites and how long."""
    return tuple(
        answer
        for band in fitting_bands(product, given, facts)[:MOST_BANDS]
        if (answer := _band(product, band, amount_g)) is not None
    )


def fitting_bands(product: Product, given: Given, facts: Facts) -> list[Cited[SiteBand]]:
    """The bands that may be the patient's: none that the age, weight or disease rules out."""
    here = facts.jurisdiction.split("-")[0] if sold_in(product, facts.jurisdiction) else None
    return [
        cited
        for cited in product.sites
        if not (cited.value.jurisdictions and here not in cited.value.jurisdictions)
        and not (given.uses and cited.value.indications and not set(cited.value.indications) & set(given.uses))
        and (cited.value.when is None or _may_be(cited.value.when, given))
    ]  # fmt: skip


def _may_be(test: Test, given: Given) -> bool:
    """Whether the test is not answered no; a weight that is not given answers nothing."""
    if given.weight_kg is None and "weight_kg" in _measures(test):
        return True
    patient = given.patient(default_kg=_ANY_KG)
    if patient is None:
        return True
    return ask(test, _grown(patient, given)) != "not_met"


def _grown(patient: Patient, given: Given) -> Patient:
    if patient.age_year is None and given.asks(r"\badults?\b") and not given.is_child:
        return replace(patient, age_year=ADULT_AGE_YEAR)
    return patient


def _measures(test: Test) -> set[str]:
    parts = [*(test.all or ()), *(test.any or ())]
    return {test.measure or ""}.union(*(_measures(part) for part in parts))


def _band(product: Product, cited: Cited[SiteBand], amount_g: float | None) -> Computed | None:
    band = cited.value
    told = [text for text in (_early(band), _late(band)) if text]
    if not told:
        return None
    if band.sites_max is not None:
        told.append(f"at most {band.sites_max} sites at once")
    if band.rate_max_mL_per_h is not None:
        told.append(f"at most {number(band.rate_max_mL_per_h)} mL/h over all sites")
    cite: list[Citation | Cited[float] | Cited[str] | None] = [cited.citation]
    if product.sc_frequency is not None and amount_g is None:
        told.append(f"given {product.sc_frequency.value}")
        cite.append(product.sc_frequency)
    who, _, rest = band.text.partition("; ")
    told += [rest] if rest else []
    working = "mL per site × sites = most mL; mL/h per site × sites = mL/h of the pump"
    if amount_g is not None and product.igg_mg_per_mL is not None:
        cite.append(product.igg_mg_per_mL)
        volume_mL = amount_g * 1000 / product.igg_mg_per_mL.value
        said, working = _sessions(product, cited, amount_g, volume_mL)
        told.append(said)
    return computed("session", f"{product.name} ({who}): {'; '.join(told)}.", working, cite=cite)


def _early(band: SiteBand) -> str:
    return _pair("at first", band.volume_first_mL_per_site, band.rate_first_mL_per_h_per_site)


def _late(band: SiteBand) -> str:
    first = band.volume_first_mL_per_site, band.rate_first_mL_per_h_per_site
    word = "" if first == (None, None) else "later"
    return _pair(word, band.volume_max_mL_per_site, band.rate_max_mL_per_h_per_site)


def _pair(word: str, volume_mL: float | None, rate_mL_per_h: float | None) -> str:
    parts = [] if volume_mL is None else [f"{number(volume_mL)} mL per site"]
    parts += [] if rate_mL_per_h is None else [f"{number(rate_mL_per_h)} mL/h per site"]
    if not parts:
        return ""
    return f"{word + ' ' if word else ''}at most {' and '.join(parts)}"


def _sessions(
    product: Product, cited: Cited[SiteBand], amount_g: float, volume_mL: float
) -> tuple[str, str]:
    """First and later session of this volume, and the arithmetic."""
    charts = [_chart(product, cited, amount_g, volume_mL, first=first) for first in (True, False)]
    told: list[str] = []
    steps: list[str] = []
    for word, chart in zip(("first", "later"), charts, strict=True):
        if chart is None or chart.sites is None:
            told.append(f"{word}: more than the label's limits in one session, or not known")
            continue
        sites = f"{chart.sites} site{'s' if chart.sites > 1 else ''}"
        told.append(f"{word}: {sites}, {duration(chart.total_min)}")
        rate = chart.steps[-1].rate_mL_per_h
        steps.append(
            f"{word}: {millilitres(volume_mL)} over {sites} = "
            f"{millilitres(volume_mL / chart.sites)} per site; ÷ {number(rate)} mL/h = "
            f"{duration(chart.total_min)}"
        )
    return f"{grams(amount_g)} ({millilitres(volume_mL)}) {'; '.join(told)}", "; ".join(steps)


def _chart(
    product: Product, cited: Cited[SiteBand], amount_g: float, volume_mL: float, *, first: bool
) -> InfusionChart | None:
    return subcutaneous_chart(
        product_id=product.id,
        amount_g=amount_g,
        volume_mL=volume_mL,
        weight_kg=_ANY_KG,
        band=cited.value,
        first=first,
        citation=cited.citation,
        basis=cited.basis,
    )


def _facilitated(product: Product) -> tuple[Computed, ...]:
    """Order, rates per site and limits of a product with hyaluronidase, from 40 kg and below."""
    rules = product.facilitated
    if rules is None:
        return ()
    heavy = rules.rates_from_40_kg_first_mL_per_h_per_site
    heavy_later = rules.rates_from_40_kg_later_mL_per_h_per_site
    light = rules.rates_below_40_kg_first_mL_per_h_per_site
    light_later = rules.rates_below_40_kg_later_mL_per_h_per_site
    told = [
        "" if rules.order is None else rules.order.value,
        _in_turn("first infusions from 40 kg", heavy),
        _in_turn("later", heavy_later),
        _in_turn("first infusions below 40 kg", light),
        _in_turn("later", light_later),
        "" if rules.step_min is None else f"each rate for {number(rules.step_min.value)} min",
        _most(rules),
    ]
    return (
        computed(
            "session",
            f"{product.name}: {'; '.join(part for part in told if part)}.",
            "mL/h of the pump = mL/h per site × sites; sites = mL ÷ the most per site, rounded up",
            cite=[
                *(rules.order, heavy, heavy_later, light, light_later, rules.step_min),
                *(rules.volume_max_from_40_kg_mL_per_site, rules.sites_max),
            ],
        ),
    )


def _in_turn(words: str, rates: Cited[tuple[float, ...]] | None) -> str:
    if rates is None:
        return ""
    shown = [number(rate) for rate in rates.value]
    return f"{words} {', '.join(shown[:-1])} and {shown[-1]} mL/h per site"


def _most(rules: FacilitatedRules) -> str:
    volume, sites = rules.volume_max_from_40_kg_mL_per_site, rules.sites_max
    parts = [] if volume is None else [f"at most {number(volume.value)} mL per site from 40 kg"]
    parts += [] if sites is None else [f"at most {sites.value} sites at once"]
    return ", ".join(parts)
