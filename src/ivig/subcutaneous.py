"""The subcutaneous session: sites, volumes and rates, plain or with hyaluronidase."""

from math import ceil

from ivig.cited import Basis, Citation, weakest
from ivig.infusion import InfusionChart, InfusionStep, pump_steps, total_min
from ivig.patient import Route
from ivig.product import FacilitatedRules, RatePoint, SiteBand


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
    heavy = weight_kg >= 40
    ladders = (
        (
            rules.rates_from_40_kg_first_mL_per_h_per_site,
            rules.rates_from_40_kg_later_mL_per_h_per_site,
        )
        if heavy
        else (
            rules.rates_below_40_kg_first_mL_per_h_per_site,
            rules.rates_below_40_kg_later_mL_per_h_per_site,
        )
    )
    rates = ladders[0] if first else ladders[1]
    limit = (
        rules.volume_max_from_40_kg_mL_per_site
        if heavy
        else rules.volume_max_below_40_kg_mL_per_site
    )
    daily = rules.daily_max_from_40_kg_mL if heavy else rules.daily_max_below_40_kg_mL
    if rates is None or limit is None or rules.step_min is None:
        return None
    sites = ceil(volume_mL / limit.value - 1e-9)
    too_many = rules.sites_max is not None and sites > rules.sites_max.value
    if too_many or (daily is not None and volume_mL > daily.value):
        return None
    hold = rules.step_min.value
    points = [
        RatePoint(rate_mL_per_kg_per_h=rate * sites / weight_kg, duration_min=hold)
        for rate in rates.value
    ]
    steps = pump_steps(points, points[-1].rate_mL_per_kg_per_h, volume_mL, weight_kg)
    cap = rates.value[-1] * sites
    return InfusionChart(
        product_id=product_id,
        route="fsc",
        amount_g=amount_g,
        volume_mL=volume_mL,
        total_min=total_min(steps),
        cap_mL_per_kg_per_h=None,
        cap_mL_per_h=cap,
        cap_because="the label's rate per site for this weight times the number of sites",
        rate_weight_kg=weight_kg,
        steps=steps,
        sites=sites,
        volume_per_site_mL=volume_mL / sites,
        hyaluronidase_U=hyaluronidase_U,
        basis=weakest(rates.basis, limit.basis),
        citations=tuple(dict.fromkeys((rates.citation, limit.citation))),
    )
