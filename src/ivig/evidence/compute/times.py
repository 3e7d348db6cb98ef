"""How long an infusion takes at the rates of the label."""

from dataclasses import dataclass

from ivig.cited import Citation
from ivig.errors import InputError
from ivig.evidence.compute.asked_rates import asks_sites
from ivig.evidence.compute.course import Course, find_course
from ivig.evidence.compute.facts import Computed, Facts, computed
from ivig.evidence.compute.given import Given
from ivig.evidence.compute.refuse import refused
from ivig.evidence.compute.say import duration, grams, millilitres, number, span
from ivig.evidence.compute.sites import limits
from ivig.evidence.compute.weights import rate_weight
from ivig.infusion import InfusionChart, intravenous_chart, intravenous_limits
from ivig.patient import Patient
from ivig.product import Product, RateLadder, rates_for, site_band
from ivig.subcutaneous import facilitated_chart, subcutaneous_chart

ASKS_TIME = (
    r"how long|how many hours|\bduration\b|infusion time|\btake(?:s)? to (?:infuse|give)|how fast"
    r"|\brate schedule|\bhours\b|each infusion|infuse over|run over"
)
EXAMPLES = 3
EXAMPLE_MG_PER_ML = 100.0


@dataclass(frozen=True, slots=True)
class _Session:
    """One day of one product: what is given, to whom, at which rates."""

    product: Product
    ladder: RateLadder
    exact: bool
    amount_g: float
    weight_kg: float
    at_least_h: float | None


def session_answers(given: Given, facts: Facts) -> tuple[Computed, ...]:
    """The length of a session on each product named; on examples when none is."""
    asked = given.asks(ASKS_TIME)
    course = find_course(given, facts)
    dosed = given.g_per_kg or given.g_per_kg_per_day or given.amount_g
    if not isinstance(course, Course) or not (asked or (given.products and dosed)):
        return ()
    if course.amount_g is None or course.weight_kg is None:
        return _without_weight(given, course, facts) or (
            (_missing(given, course),) if asked else ()
        )
    if given.products:
        return tuple(
            answer for product in given.products for answer in _one(product, given, course, facts)
        )
    return _examples(given, course, facts)


def _without_weight(given: Given, course: Course, facts: Facts) -> tuple[Computed, ...]:
    """Under the skin grams alone give sites and time, where the label's bands let them."""
    if course.amount_g is None or not asks_sites(given):
        return ()
    amount_g = course.amount_g[1] / course.days[0]
    skin = [p for p in given.products if p.kind == "scig"]
    return tuple(one for product in skin for one in limits(product, given, facts, amount_g))


def _missing(given: Given, course: Course) -> Computed:
    missing = ["the weight"] if course.weight_kg is None else []
    missing += ["the dose"] * (course.g_per_kg is None and course.amount_g is None)
    missing += ["the product"] * (not given.products)
    return computed(
        "missing",
        f"The length of an infusion follows from dose, weight and the product's rates; missing: "
        f"{', '.join(missing)}.",
        "volume = g × 1000 ÷ mg/mL; time = the label's steps until the volume is in",
    )


def _one(product: Product, given: Given, course: Course, facts: Facts) -> tuple[Computed, ...]:
    if product.igg_mg_per_mL is None:
        return ()
    route = given.route if given.route in product.routes.value else product.routes.value[0]
    try:
        if route == "iv":
            return _intravenous(product, given, course, facts)
        return _under_skin(product, route, given, course, facts)
    except InputError as error:
        return (refused(f"{product.name}: no chart can be drawn.", error.allowed),)


def _intravenous(
    product: Product, given: Given, course: Course, facts: Facts
) -> tuple[Computed, ...]:
    ladder, exact = rates_for(product, given.uses, facts.jurisdiction)
    assert course.amount_g is not None and course.weight_kg is not None  # noqa: S101 PT018
    if ladder is None:
        return (computed("missing", f"{product.name}: no label rates are known.", "no rates"),)
    amounts = sorted({course.amount_g[1] / days for days in course.days})
    weight_kg = min(course.weight_kg, rate_weight(given, facts) or course.weight_kg)
    found: list[Computed] = []
    for amount_g in amounts:
        session = _Session(product, ladder, exact, amount_g, weight_kg, course.at_least_h)
        found.append(_told(session, given, course, facts))
    return tuple(found)


def _told(session: _Session, given: Given, course: Course, facts: Facts) -> Computed:
    product = session.product
    first = _chart(session, facts, first=True, at_risk=False)
    later = _chart(session, facts, first=False, at_risk=False)
    risk = _chart(session, facts, first=True, at_risk=True)
    a_day = " a day" if course.days[1] > 1 else ""
    pace = f"up to {number(first.cap_mL_per_kg_per_h or 0)} mL/kg/h"
    text = (
        f"{product.name}, {grams(session.amount_g)}{a_day} ({millilitres(first.volume_mL)}) for "
        f"{number(session.weight_kg, 1)} kg: about {_new_and_established(first, later)} ({pace}); "
        f"{duration(risk.total_min)} "
        f"or more at renal or thrombotic risk (at most {number(risk.cap_mL_per_kg_per_h or 0)} mL/kg/h)."
    )
    return computed(
        "session",
        text,
        f"{_volume_working(session)}; first: {_steps(first)}; established: {_steps(later)}",
        cite=[*first.citations, *later.citations, *risk.citations, *course.citations],
        cautions=(
            *course.cautions,
            *_ladder_cautions(session, given),
            "Raise the rate only as tolerated; a patient whose renal and thrombotic risks are not "
            "known is held at the risk rate.",
        ),
    )


def _new_and_established(first: InfusionChart, later: InfusionChart) -> str:
    new, established = duration(first.total_min), duration(later.total_min)
    if new == established:
        return f"{new}, new to it or established"
    return f"{new} when it is new to the patient, {established} when established"


def _chart(session: _Session, facts: Facts, *, first: bool, at_risk: bool) -> InfusionChart:
    assert session.product.igg_mg_per_mL is not None  # noqa: S101 (checked by _one)
    strength = session.product.igg_mg_per_mL.value
    limits = intravenous_limits(
        session.ladder,
        first=first,
        at_risk="renal or thrombotic risk" if at_risk else None,
        risk_cap_mL_per_kg_per_h=facts.infusion.risk_cap_mg_per_kg_per_min.value * 60 / strength,
        step_min=facts.infusion.step_min.value,
    )
    return intravenous_chart(
        product_id=session.product.id,
        amount_g=session.amount_g,
        volume_mL=session.amount_g * 1000 / strength,
        weight_kg=session.weight_kg,
        limits=limits,
        at_least_h=session.at_least_h,
    )


def _volume_working(session: _Session) -> str:
    assert session.product.igg_mg_per_mL is not None  # noqa: S101 (checked by _one)
    strength = session.product.igg_mg_per_mL.value
    volume = session.amount_g * 1000 / strength
    return f"{grams(session.amount_g)} × 1000 ÷ {number(strength)} mg/mL = {millilitres(volume)}"


def _steps(chart: InfusionChart) -> str:
    shown = " + ".join(
        f"{duration(step.duration_min)} at {number(step.rate_mL_per_h, 1)} mL/h"
        for step in chart.steps
    )
    return f"{shown} = {duration(chart.total_min)}"


def _ladder_cautions(session: _Session, given: Given) -> list[str]:
    said: list[str] = []
    if session.ladder.steps is None:
        said.append(
            f"{session.product.name}'s label prints the first rate and the maximum; the steps between "
            "are our doublings."
        )
    if given.uses and not session.exact:
        said.append(
            f"{session.product.name}'s label has no rates for this use; its lowest labelled maximum "
            "is used."
        )
    if not given.uses:
        said.append("No disease is named: the label's lowest maximum of all its uses is taken.")
    return said


def _under_skin(
    product: Product, route: str, given: Given, course: Course, facts: Facts
) -> tuple[Computed, ...]:
    """A subcutaneous session, plain or facilitated, as first infusion and later."""
    assert course.amount_g is not None and product.igg_mg_per_mL is not None  # noqa: S101 PT018
    amount_g = course.amount_g[1] / course.days[0]
    volume_mL = amount_g * 1000 / product.igg_mg_per_mL.value
    charts = [
        _skin_chart(product, route, given, facts, amount_g, volume_mL, first=first)
        for first in (True, False)
    ]
    told = [
        f"{word}: {span(c.sites or 1, c.sites or 1)} site{'s' if (c.sites or 1) > 1 else ''}, "
        f"{duration(c.total_min)}"
        for word, c in zip(("first infusion", "later"), charts, strict=True)
        if c is not None
    ]
    if not told and (known := limits(product, given, facts, amount_g)):
        return known
    if not told:
        text = f"{product.name}: the label's limits per site or day are not known or are passed by {millilitres(volume_mL)}."
        return (computed("missing", text, "no chart can be drawn", cite=[product.igg_mg_per_mL]),)
    cited: list[Citation] = [c for chart in charts if chart is not None for c in chart.citations]
    return (
        computed(
            "session",
            f"{product.name}, {grams(amount_g)} ({millilitres(volume_mL)}): {'; '.join(told)}.",
            f"{grams(amount_g)} × 1000 ÷ {number(product.igg_mg_per_mL.value)} mg/mL = "
            f"{millilitres(volume_mL)}; sites by the label's volume per site",
            cite=[product.igg_mg_per_mL, *cited, *course.citations],
            cautions=course.cautions,
        ),
    )


def _skin_chart(
    product: Product,
    route: str,
    given: Given,
    facts: Facts,
    amount_g: float,
    volume_mL: float,
    *,
    first: bool,
) -> InfusionChart | None:
    patient = given.patient()
    if patient is None:
        return None
    if route == "fsc" and product.facilitated is not None:
        units = product.facilitated.hyaluronidase_U_per_g
        return facilitated_chart(
            product_id=product.id,
            amount_g=amount_g,
            volume_mL=volume_mL,
            weight_kg=patient.weight_kg,
            rules=product.facilitated,
            first=first,
            hyaluronidase_U=None if units is None else units.value * amount_g,
        )
    uses = [given.uses] if given.uses else _all_uses(product)
    return _slowest(product, uses, patient, facts, amount_g, volume_mL, first=first)


def _slowest(
    product: Product,
    uses: list[tuple[str, ...]],
    patient: Patient,
    facts: Facts,
    amount_g: float,
    volume_mL: float,
    *,
    first: bool,
) -> InfusionChart | None:
    bands = [site_band(product, use, patient, facts.jurisdiction) for use in uses]
    charts = [
        subcutaneous_chart(
            product_id=product.id,
            amount_g=amount_g,
            volume_mL=volume_mL,
            weight_kg=patient.weight_kg,
            band=band.value,
            first=first,
            citation=band.citation,
            basis=band.basis,
        )
        for band in bands
        if band is not None
    ]
    known = [chart for chart in charts if chart is not None]
    return max(known, key=lambda chart: chart.total_min, default=None)


def _all_uses(product: Product) -> list[tuple[str, ...]]:
    """Each use the label has site limits for, on its own; the slowest is then taken."""
    named = {use for fact in product.sites for use in fact.value.indications}
    return [(use,) for use in sorted(named)] or [()]


def _examples(given: Given, course: Course, facts: Facts) -> tuple[Computed, ...]:
    """No product named: what is needed, and a few marketed ones as examples."""
    assert course.amount_g is not None and course.weight_kg is not None  # noqa: S101 PT018
    if given.route != "iv":
        return (_missing(given, course),)
    amount_g = course.amount_g[1] / course.days[1]
    weight_kg = min(course.weight_kg, rate_weight(given, facts) or course.weight_kg)
    told: list[str] = []
    cited: list[Citation] = []
    for product in common_products(facts):
        ladder, exact = rates_for(product, given.uses, facts.jurisdiction)
        if ladder is None:
            continue
        session = _Session(product, ladder, exact, amount_g, weight_kg, course.at_least_h)
        first = _chart(session, facts, first=True, at_risk=False)
        later = _chart(session, facts, first=False, at_risk=False)
        told.append(f"{product.name} {_new_and_established(first, later)}")
        cited += [*first.citations, *later.citations]
    a_day = " a day" if course.days[1] > 1 else ""
    return (
        computed(
            "session",
            f"It depends on the product, which is not named. Examples for {grams(amount_g)}{a_day}: "
            f"{'; '.join(told)}.",
            f"{course.working}; then each label's rates for {number(weight_kg, 1)} kg",
            cite=[*cited, *course.citations],
            cautions=(
                *course.cautions,
                "At renal or thrombotic risk the rate is held lower and it takes longer.",
            ),
        ),
    )


def common_products(facts: Facts) -> list[Product]:
    """Marketed 10 % products of this market with the most labelled uses."""
    able = [
        product
        for product in facts.products.values()
        if product.market.value == "marketed"
        and facts.jurisdiction.split("-")[0] in product.jurisdictions
        and "iv" in product.routes.value
        and product.igg_mg_per_mL is not None
        and product.igg_mg_per_mL.value == EXAMPLE_MG_PER_ML
        and any(rates.maximum.basis == rates.initial.basis == "read" for rates in product.rates)
    ]
    return sorted(able, key=lambda product: (-len(product.uses), product.id))[:EXAMPLES]
