"""What else could be done: subcutaneous immunoglobulin, and other treatments."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from ivig.cited import Citation, Cited, Interval
from ivig.finding import Finding, from_cited
from ivig.indication import Indication, RegimenOption
from ivig.patient import Route
from ivig.product import Product
from ivig.regimen import Regimen, choose_option
from ivig.selection import rank_products
from ivig.session import Need, plan_session
from ivig.subcutaneous import converted_amount_g

WEEK_DAY = 7.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteOption:
    """The same treatment by another route, with the product that fits best."""

    route: Route
    product_id: str
    product_name: str
    amount_g: float
    interval_day: float
    grams_per_4_weeks: float
    conversion_factor: float | None
    volume_mL: float | None
    sites: int | None
    session_min: float | None
    trough_g_per_L: Interval | None
    because: str
    citations: tuple[Citation, ...] = ()
    references: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternatives:
    """Other routes and other treatments."""

    subcutaneous: tuple[RouteOption, ...]
    notes: tuple[Finding, ...]
    others: tuple[Finding, ...]


Trough = Callable[[Regimen], Interval | None]


def alternatives(
    need: Need,
    indication: Indication,
    products: Mapping[str, Product],
    *,
    trough: Trough,
) -> Alternatives:
    """Subcutaneous options for an ongoing intravenous treatment, and what is not immunoglobulin.

    Parameters
    ----------
    trough : callable
        Predicted steady-state trough of a regimen, total IgG.
    """
    others = tuple(from_cited("alternative", "advice", fact) for fact in indication.alternatives)
    ongoing = need.regimen.then or need.regimen
    if ongoing.route != "iv" or ongoing.interval_day is None:
        note = "No subcutaneous alternative is offered for a short course: subcutaneous doses are "
        note += "too small and too slow for it."
        if ongoing.route != "iv":
            note = "The plan is already subcutaneous."
        finding = Finding(stage="alternative", kind="fact", text=note)
        return Alternatives(subcutaneous=(), notes=(finding,), others=others)
    found = [
        option
        for route in ("sc", "fsc")
        if (option := _route_option(need, ongoing, indication, products, route, trough))
    ]
    notes: tuple[Finding, ...] = ()
    if not found:
        text = "No subcutaneous product on this market names this use on its label."
        notes = (Finding(stage="alternative", kind="fact", text=text),)
    return Alternatives(subcutaneous=tuple(found), notes=notes, others=others)


def _route_option(
    need: Need,
    ongoing: Regimen,
    indication: Indication,
    products: Mapping[str, Product],
    route: Route,
    trough: Trough,
) -> RouteOption | None:
    """The best labelled product of a route, at the dose its label or the indication gives."""
    printed = choose_option(need.patient, indication, route=route, jurisdiction=need.jurisdiction)
    candidates = rank_products(
        replace(need, regimen=replace(ongoing, route=route, split_days=1)), products
    )
    for ranked in candidates:
        if ranked.standing == "stopped" or not ranked.on_label:
            continue
        product = products[ranked.product_id]
        regimen, factor, because, citations = _convert(ongoing, product, printed, route)
        session = plan_session(replace(need, regimen=regimen), product)
        amount_g = regimen.amount_g if session.vials is None else session.vials.amount_g
        interval_day = regimen.interval_day or WEEK_DAY
        chart = session.charts[0] if session.charts else None
        return RouteOption(
            route=route,
            product_id=product.id,
            product_name=product.name,
            amount_g=amount_g,
            interval_day=interval_day,
            grams_per_4_weeks=amount_g * 28 / interval_day,
            conversion_factor=factor,
            volume_mL=None if chart is None else chart.volume_mL,
            sites=None if chart is None else chart.sites,
            session_min=None if chart is None else chart.total_min,
            trough_g_per_L=trough(replace(regimen, amount_g=amount_g)),
            because=because,
            citations=citations + (() if chart is None else chart.citations),
        )
    return None


def _convert(
    ongoing: Regimen, product: Product, printed: Cited[RegimenOption] | None, route: Route
) -> tuple[Regimen, float | None, str, tuple[Citation, ...]]:
    """The regimen by another route: the indication's own dose, else the label's factor.

    Replacement is converted by the product's factor; immunomodulation takes the printed
    subcutaneous dose of the indication, because a factor is no evidence there.
    """
    interval_day = ongoing.interval_day or 4 * WEEK_DAY
    option = None if printed is None else printed.value
    dose = None if option is None else option.dose_g_per_kg
    if printed is not None and dose is not None and ongoing.dose_g_per_kg > 0.8:
        amount_g = dose.low * ongoing.dosing_weight_kg
        because = f"{dose.low:g} g/kg a week, the start of the printed {dose.low:g}–{dose.high:g}"
        weekly = _as_route(ongoing, route, amount_g, WEEK_DAY)
        return weekly, None, because, (printed.citation,)
    fact = product.iv_to_sc_factor
    factor = 1.0 if fact is None else fact.value
    citations = () if fact is None else (fact.citation,)
    if route == "fsc":
        amount_g = ongoing.amount_g * factor
        because = f"the intravenous dose × {factor:g}, at the same interval after a ramp-up"
        return _as_route(ongoing, route, amount_g, interval_day), factor, because, citations
    amount_g = converted_amount_g(
        ongoing.amount_g, factor, from_interval_day=interval_day, to_interval_day=WEEK_DAY
    )
    because = f"intravenous dose × {factor:g} ÷ {interval_day / WEEK_DAY:g} weeks"
    because += "" if fact else " (no factor known for this product: 1 assumed)"
    return _as_route(ongoing, route, amount_g, WEEK_DAY), factor, because, citations


def _as_route(ongoing: Regimen, route: Route, amount_g: float, interval_day: float) -> Regimen:
    per_kg = amount_g / ongoing.dosing_weight_kg
    return replace(
        ongoing,
        route=route,
        amount_g=amount_g,
        dose_g_per_kg=per_kg,
        dose_range_g_per_kg=replace(ongoing.dose_range_g_per_kg, low=per_kg, high=2 * per_kg),
        split_days=1,
        interval_day=interval_day,
        duration_h=None,
        then=None,
        course="ongoing",
    )
