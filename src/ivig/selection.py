"""Which product: hard stops first, then fit to the risks, label, volume, time, vials and cost.

No trial shows one brand more effective than another: the order is about safety, the label and
the practical, and every step of it is a reason on the page.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import floor
from typing import Literal

from ivig.cited import Citation, Cited
from ivig.errors import InputError
from ivig.finding import Finding
from ivig.fit import Fit, risk_fit, use_name
from ivig.infusion import InfusionChart
from ivig.patient import Patient
from ivig.product import LabelUse, Product, label_use, sold_in
from ivig.product_safety import check_safety
from ivig.session import Need, Session, plan_session
from ivig.vials import DayVials, VialCount, VialPlan

Standing = Literal["suitable", "caution", "no_chart", "stopped"]
_TIERS: dict[Standing, int] = {"suitable": 0, "caution": 0, "no_chart": 1, "stopped": 2}
_Key = tuple[float | int | str, ...]
VOLUME_STEP_ML = 100.0  # volumes that differ by less do not decide


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """One product in the order of preference, with every reason for its place."""

    product_id: str
    name: str
    standing: Standing
    on_label: bool
    vials: VialPlan | None
    volume_mL: float | None
    session_min: float | None
    cap_mL_per_kg_per_h: float | None
    reasons: tuple[str, ...]
    citations: tuple[Citation, ...] = ()
    references: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductPart:
    """The product and its vials for one session; ``id`` is None when none can be offered."""

    id: str | None
    name: str | None
    requested: str | None
    amount_g: float | None
    """Grams of the whole course, as whole vials give them."""
    vials: tuple[VialCount, ...]
    """Of the whole course."""
    days: tuple[DayVials, ...]
    rounding_percent: float | None
    why: tuple[str, ...]
    ranking: tuple[Ranked, ...]


def choose_product(
    need: Need,
    ranking: Sequence[Ranked],
    products: Mapping[str, Product],
    requested: str | None,
) -> tuple[ProductPart, Session | None, tuple[Finding, ...]]:
    """The requested product if this patient may have it, else the first of the ranking.

    Raises
    ------
    InputError
        The requested product is not given by this route.
    """
    wanted = requested or next((r.product_id for r in ranking if r.standing != "stopped"), None)
    if wanted is None:
        finding = Finding(
            stage="product",
            kind="stop",
            text="No product can be offered: each one of this route and market is ruled out.",
        )
        return _no_product(requested, ranking), None, (finding,)
    product = products[wanted]
    if need.regimen.route not in product.routes.value:
        routes = ", ".join(product.routes.value)
        raise InputError("product", wanted, f"a product for this route; {wanted} is for {routes}")
    checks = check_safety(need.patient, product, need.excipients)
    if any(finding.kind == "stop" for finding in checks):
        return _no_product(requested, ranking), None, checks
    session = plan_session(need, product)
    place = next((r for r in ranking if r.product_id == wanted), None)
    notes = (*checks, *session.notes, *off_market(need, product, place))
    vials = session.vials
    part = ProductPart(
        id=product.id,
        name=product.name,
        requested=requested,
        amount_g=need.regimen.amount_g if vials is None else vials.amount_g,
        vials=() if vials is None else vials.total,
        days=() if vials is None else vials.days,
        rounding_percent=None if vials is None else vials.rounding_percent,
        why=() if place is None else place.reasons,
        ranking=tuple(ranking),
    )
    return part, session, notes


def _no_product(requested: str | None, ranking: Sequence[Ranked]) -> ProductPart:
    return ProductPart(
        id=None,
        name=None,
        requested=requested,
        amount_g=None,
        vials=(),
        days=(),
        rounding_percent=None,
        why=(),
        ranking=tuple(ranking),
    )


def off_market(need: Need, product: Product, place: Ranked | None) -> tuple[Finding, ...]:
    """What to know when the product is not sold here, or is used off its label."""
    if product.market.value not in ("marketed", "limited"):
        text = f"{product.name} is not on the market ({product.market.value})."
    elif not sold_in(product, need.jurisdiction):
        markets = ", ".join(product.jurisdictions)
        text = (
            f"{product.name} is known from its {markets} label ({product.market.value}); whether it "
            f"is sold under {need.jurisdiction} and on what label is not known."
        )
    elif place is not None and not place.on_label:
        text = f"{product.name} is used off its label here: {'; '.join(place.reasons[:2])}."
    else:
        return ()
    return (
        Finding(stage="product", kind="caution", text=text, citations=(product.market.citation,)),
    )


def off_label(
    product: Product, use: Cited[LabelUse] | None, patient: Patient, name: str
) -> tuple[Finding, ...]:
    """What to know when the label does not name the use, or not at this age."""
    if use is None:
        text, cited = f"it does not name {name} by this route", product.market.citation
    elif age := _age_reason(patient, use.value.from_age_year):
        text, cited = age, use.citation
    else:
        return ()
    unsure = use is not None and patient.age_year is None
    start = f"{product.name} {'may be' if unsure else 'is'} off its label here"
    kind = "unknown" if unsure else "caution"
    return (Finding(stage="product", kind=kind, text=f"{start}: {text}.", citations=(cited,)),)


def rank_products(
    need: Need,
    products: Mapping[str, Product],
    *,
    price_per_g: Mapping[str, float] | None = None,
) -> tuple[Ranked, ...]:
    """All products of the route and market, best first; stopped ones last, with the reason.

    The order: stops, a chart, the product the patient is on, cautions, fit to the risks, questions
    to ask first, recalled rates, label, supply, volume, time, vials, cost. Where no product of the market is
    known, those of other markets stand in, and say so.

    Parameters
    ----------
    price_per_g : mapping, optional
        Prices of one gram by product id, in one currency; a product without one ranks after those
        that have one, all else being equal.
    """
    given = [
        product
        for product in products.values()
        if need.regimen.route in product.routes.value
        and product.market.value in ("marketed", "limited")
    ]
    candidates = [p for p in given if sold_in(p, need.jurisdiction)] or given
    return rank_these(need, candidates, price_per_g=price_per_g)


def rank_these(
    need: Need, candidates: Sequence[Product], *, price_per_g: Mapping[str, float] | None = None
) -> tuple[Ranked, ...]:
    """These products in the order of ``rank_products``, whatever their market."""
    prices = price_per_g or {}
    ranked = [_rank(need, product, prices.get(product.id)) for product in candidates]
    return tuple(item for _, item in sorted(ranked, key=lambda pair: pair[0]))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """One product with everything that is looked at before it gets its place."""

    product: Product
    stops: tuple[Finding, ...]
    cautions: tuple[Finding, ...]
    open_questions: tuple[Finding, ...]
    session: Session
    use: Cited[LabelUse] | None
    age: str | None
    """Why the label's age may not fit."""
    fit: tuple[Fit, ...]
    is_current: bool

    @property
    def chart(self) -> InfusionChart | None:
        """The longest day."""
        return self.session.charts[-1] if self.session.charts else None

    @property
    def recalled(self) -> bool:
        chart = self.chart
        return chart is not None and any(c.basis == "recalled" for c in chart.citations)

    @property
    def limited(self) -> bool:
        return self.product.market.value == "limited"

    @property
    def standing(self) -> Standing:
        if self.stops:
            return "stopped"
        if self.chart is None:
            return "no_chart"
        doubts = self.cautions or self.open_questions or self.use is None or self.age
        return "caution" if doubts or self.recalled or self.limited else "suitable"


def _rank(need: Need, product: Product, price_per_g: float | None) -> tuple[_Key, Ranked]:
    seen = _look(need, product)
    chart = seen.chart
    citations = [c for point in seen.fit for c in point.citations]
    return _key(need, seen, price_per_g), Ranked(
        product_id=product.id,
        name=product.name,
        standing=seen.standing,
        on_label=seen.use is not None and not seen.age,
        vials=seen.session.vials,
        volume_mL=None if chart is None else chart.volume_mL,
        session_min=None if chart is None else chart.total_min,
        cap_mL_per_kg_per_h=None if chart is None else chart.cap_mL_per_kg_per_h,
        reasons=_reasons(need, seen),
        citations=_sources(
            (*seen.stops, *seen.cautions), seen.use.citation if seen.use else None, citations
        ),
    )


def _look(need: Need, product: Product) -> _Seen:
    checks = check_safety(need.patient, product, need.excipients)
    use = label_use(product, need.uses, need.regimen.route, need.jurisdiction)
    return _Seen(
        product=product,
        stops=tuple(finding for finding in checks if finding.kind == "stop"),
        cautions=tuple(finding for finding in checks if finding.kind == "caution"),
        open_questions=tuple(finding for finding in checks if finding.kind == "unknown"),
        session=plan_session(need, product),
        use=use,
        age=_age_reason(need.patient, use.value.from_age_year if use else None),
        fit=risk_fit(need, product),
        is_current=current_product(need.patient) == product.id,
    )


def _reasons(need: Need, seen: _Seen) -> tuple[str, ...]:
    """Every reason for its place, the gravest first."""
    on_it = ["the patient is on it; a change of brand starts low again"]
    return (
        *(finding.text for finding in (*seen.stops, *seen.cautions)),
        *(on_it if seen.is_current else ()),
        _label_reason(need, seen.use),
        *((seen.age,) if seen.age else ()),
        *_to_ask(seen.product, seen.open_questions),
        *(point.text for point in seen.fit),
        *(note.text for note in seen.session.notes if note.kind != "fact"),
        *(("supply is ending",) if seen.limited else ()),
        *_practical_reasons(seen.session),
    )


def _key(need: Need, seen: _Seen, price_per_g: float | None) -> _Key:
    """What ``rank_products`` says of the order, in its order."""
    chart, vials = seen.chart, seen.session.vials
    doubt = sum(point.penalty_fraction for point in seen.fit)
    return (
        _TIERS[seen.standing],
        not seen.is_current,
        len(seen.cautions),
        floor(doubt + 0.5),
        len(seen.open_questions),
        seen.recalled,
        seen.use is None,
        bool(seen.age),
        seen.limited,
        0.0 if chart is None else round(chart.volume_mL / VOLUME_STEP_ML),
        0.0 if chart is None else round(chart.total_min),
        99 if vials is None else round(vials.cost),
        _price(need, vials, price_per_g),
        seen.product.id,
    )


def _to_ask(product: Product, open_questions: Sequence[Finding]) -> list[str]:
    """What must be asked before this product is cleared; one reason for all of it."""
    if not open_questions:
        return []
    texts = [
        finding.text.removeprefix(f"{product.name}: ")
        .removeprefix(f"{product.name} ")
        .removeprefix("ask before the first dose: ")
        for finding in open_questions
    ]
    return [f"not cleared until asked: {' | '.join(dict.fromkeys(texts))}"]


def _price(need: Need, vials: VialPlan | None, price_per_g: float | None) -> float:
    """What the course costs; no price is never the cheapest."""
    amount_g = need.regimen.amount_g if vials is None else vials.amount_g
    return float("inf") if price_per_g is None else amount_g * price_per_g


def current_product(patient: Patient) -> str | None:
    """The product of the last recorded dose."""
    last = max(patient.doses or (), key=lambda dose: dose.time_day, default=None)
    return None if last is None else last.product


def _sources(
    findings: Sequence[Finding], use: Citation | None, fit: Sequence[Citation]
) -> tuple[Citation, ...]:
    found = [citation for finding in findings for citation in finding.citations]
    found += [citation for citation in fit if citation.source is not None]
    return tuple(dict.fromkeys(found if use is None else [use, *found]))


def _label_reason(need: Need, use: Cited[LabelUse] | None) -> str:
    if use is None:
        return f"label does not name {use_name(need.uses[0])}"
    whom = use.value.population
    return f"on label for {use_name(use.value.indication)}{f' ({whom})' if whom else ''}"


def _age_reason(patient: Patient, from_age_year: float | None) -> str | None:
    if from_age_year is None:
        return None
    if patient.age_year is None:
        return f"label is from {from_age_year:g} years; age not known"
    if patient.age_year < from_age_year:
        return f"label is from {from_age_year:g} years"
    return None


def _practical_reasons(session: Session) -> list[str]:
    reasons: list[str] = []
    if session.charts:
        longest = session.charts[-1]
        hours = longest.total_min / 60
        reasons.append(f"{longest.volume_mL:.0f} mL a session in about {hours:.1f} h")
    if session.vials is not None:
        count = sum(vial.n for vial in session.vials.total)
        rounding = session.vials.rounding_percent
        reasons.append(f"{count} vial{'s' if count > 1 else ''}, dose {rounding:+.1f} %")
    return reasons
