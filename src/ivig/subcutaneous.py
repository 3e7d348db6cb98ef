"""The subcutaneous session: sites, volumes and rates, plain or with hyaluronidase."""

from dataclasses import dataclass
from math import ceil

from ivig.cited import Basis, Citation, Cited, weakest
from ivig.infusion import InfusionChart, InfusionStep, pump_steps, total_min
from ivig.patient import Route
from ivig.product import FacilitatedRules, RatePoint, SiteBand

FACILITATED_HEAVY_KG = 40.0
"""From this weight on a label's facilitated site takes more."""


def converted_amount_g(
    amount_g: float, factor: float, *, from_interval_day: float, to_interval_day: float
) -> float:
    """A dose by another route: the same grams over time, times the factor.

    >>> converted_amount_g(40, 1.5, from_interval_day=28, to_interval_day=7)
    15.0
    """
    return amount_g * factor * to_interval_day / from_interval_day


def subcutaneous_chart(
    *,
    product_id: str,
    amount_g: float,
    volume_mL: float,
    weight_kg: float,
    band: SiteBand,
    first: bool,
    citation: Citation,
    basis: Basis,
) -> InfusionChart | None:
    """The chart of one subcutaneous session; None when the label's limits are not known.

    As few sites as the label's volume per site allows, all at once.
    """
    per_site_mL = _first_or_max(band.volume_first_mL_per_site, band.volume_max_mL_per_site, first)
    rate = _first_or_max(band.rate_first_mL_per_h_per_site, band.rate_max_mL_per_h_per_site, first)
    if rate is None or per_site_mL is None:
        return None
    sites = ceil(volume_mL / per_site_mL - 1e-9)
    if band.sites_max is not None and sites > band.sites_max:
        return None
    total_rate = rate * sites
    if band.rate_max_mL_per_h is not None:
        total_rate = min(total_rate, band.rate_max_mL_per_h)
    return _flat_chart(
        product_id, "sc", amount_g, volume_mL, weight_kg, total_rate, sites, citation, basis
    )


def _first_or_max(first_value: float | None, max_value: float | None, first: bool) -> float | None:
    if first and first_value is not None:
        return first_value
    return max_value if max_value is not None else first_value


def _flat_chart(
    product_id: str,
    route: Route,
    amount_g: float,
    volume_mL: float,
    weight_kg: float,
    rate_mL_per_h: float,
    sites: int,
    citation: Citation,
    basis: Basis,
) -> InfusionChart:
    step = InfusionStep(
        rate_mL_per_h=rate_mL_per_h,
        rate_mL_per_kg_per_h=rate_mL_per_h / weight_kg,
        start_min=0.0,
        duration_min=volume_mL / rate_mL_per_h * 60,
        cumulative_mL=volume_mL,
    )
    return InfusionChart(
        product_id=product_id,
        route=route,
        amount_g=amount_g,
        volume_mL=volume_mL,
        total_min=step.duration_min,
        cap_mL_per_kg_per_h=None,
        cap_mL_per_h=rate_mL_per_h,
        cap_because="the label's rate per site times the number of sites",
        rate_weight_kg=weight_kg,
        steps=(step,),
        sites=sites,
        volume_per_site_mL=volume_mL / sites,
        basis=basis,
        citations=(citation,),
    )


def facilitated_chart(
    *,
    product_id: str,
    amount_g: float,
    volume_mL: float,
    weight_kg: float,
    rules: FacilitatedRules,
    first: bool,
    hyaluronidase_U: float | None,
) -> InfusionChart | None:
    """The chart of one hyaluronidase-facilitated session; None when the limits are not known."""
    site = _facilitated_site(rules, weight_kg, first=first)
    sites = None if site is None else _facilitated_sites(rules, site, volume_mL)
    if site is None or sites is None:
        return None
    points = [
        RatePoint(rate_mL_per_kg_per_h=rate * sites / weight_kg, duration_min=site.step_min)
        for rate in site.rates.value
    ]
    steps = pump_steps(points, points[-1].rate_mL_per_kg_per_h, volume_mL, weight_kg)
    return InfusionChart(
        product_id=product_id,
        route="fsc",
        amount_g=amount_g,
        volume_mL=volume_mL,
        total_min=total_min(steps),
        cap_mL_per_kg_per_h=None,
        cap_mL_per_h=site.rates.value[-1] * sites,
        cap_because="the label's rate per site for this weight times the number of sites",
        rate_weight_kg=weight_kg,
        steps=steps,
        sites=sites,
        volume_per_site_mL=volume_mL / sites,
        hyaluronidase_U=hyaluronidase_U,
        basis=weakest(site.rates.basis, site.volume_max_mL.basis),
        citations=tuple(dict.fromkeys((site.rates.citation, site.volume_max_mL.citation))),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Site:
    """What the label allows one facilitated site of this patient, and the body on one day."""

    rates: Cited[tuple[float, ...]]
    """In mL/h, each held for ``step_min``; the last until the volume is in."""
    volume_max_mL: Cited[float]
    daily_max_mL: float | None
    step_min: float


def _facilitated_site(rules: FacilitatedRules, weight_kg: float, *, first: bool) -> _Site | None:
    """The label's limits by weight and experience; None when a rate, volume or step is not known."""
    if weight_kg >= FACILITATED_HEAVY_KG:
        early = rules.rates_from_40_kg_first_mL_per_h_per_site
        later = rules.rates_from_40_kg_later_mL_per_h_per_site
        volume, daily = rules.volume_max_from_40_kg_mL_per_site, rules.daily_max_from_40_kg_mL
    else:
        early = rules.rates_below_40_kg_first_mL_per_h_per_site
        later = rules.rates_below_40_kg_later_mL_per_h_per_site
        volume, daily = rules.volume_max_below_40_kg_mL_per_site, rules.daily_max_below_40_kg_mL
    rates = early if first else later
    if rates is None or volume is None or rules.step_min is None:
        return None
    return _Site(
        rates=rates,
        volume_max_mL=volume,
        daily_max_mL=None if daily is None else daily.value,
        step_min=rules.step_min.value,
    )


def _facilitated_sites(rules: FacilitatedRules, site: _Site, volume_mL: float) -> int | None:
    """As few sites as hold the volume; None when the label allows neither so many nor so much."""
    sites = ceil(volume_mL / site.volume_max_mL.value - 1e-9)
    too_many = rules.sites_max is not None and sites > rules.sites_max.value
    too_much = site.daily_max_mL is not None and volume_mL > site.daily_max_mL
    return None if too_many or too_much else sites
