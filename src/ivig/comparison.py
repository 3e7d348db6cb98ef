"""Products for a patient, or side by side: stops, the ranking, and the differences that matter."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ivig.diagnosis import complete, find_indication, lineage
from ivig.differences import Matter, all_differences, matters
from ivig.dosing import Price
from ivig.dosing_weight import JurisdictionRules
from ivig.errors import InputError
from ivig.finding import Finding
from ivig.indication import Indication, answer_criteria, decide
from ivig.knowledge import Knowledge
from ivig.patient import Patient, Route
from ivig.plan import NOTICE
from ivig.product import Product, sold_in
from ivig.product_safety import check_safety
from ivig.references import Reference, number
from ivig.regimen import Regimen, choose_option, on_treatment, propose_regimen
from ivig.safety import assess_risks, class_stops, describe_risks, slow_reasons
from ivig.selection import Ranked, rank_products, rank_these
from ivig.session import Need
from ivig.version import __version__

_VERDICTS = {
    "not_indicated": "On what is recorded treatment is not indicated; this order is no indication.",
    "unknown": "Whether treatment is indicated cannot be decided yet; the order holds only if it is.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One product in its place, with the cost of its vials when a price was given."""

    place: int | None
    """1 is first; None when it is stopped."""
    ranked: Ranked
    stops: tuple[Finding, ...]
    """What forbids this product; what forbids all is a stop of the comparison."""
    cost: float | None
    currency: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The answer; ``patient`` and what follows from one are None for a bare comparison."""

    notice: str
    ivig_version: str
    knowledge_digest: str
    jurisdiction: str
    route: Route
    patient: Patient | None = None
    indication: str | None = None
    regimen: Regimen | None = None
    offers: tuple[Offer, ...] = ()
    product_ids: tuple[str, ...] = ()
    differences: tuple[Matter, ...] = ()
    findings: tuple[Finding, ...] = ()
    references: tuple[Reference, ...] = ()

    @property
    def all_stopped(self) -> bool:
        """Whether nothing can be offered to this patient."""
        return self.patient is not None and all(offer.place is None for offer in self.offers)


def compare_products(
    knowledge: Knowledge,
    *,
    patient: Patient | None = None,
    products: Sequence[str] = (),
    indication: str | None = None,
    route: Route = "iv",
    jurisdiction: str = "us",
    prices: Mapping[str, Price] | None = None,
) -> Comparison:
    """Products ranked for a patient, or the differences between named products without one.

    Parameters
    ----------
    products : sequence of str
        Only these; all of the route and market when empty.
    prices : mapping, optional
        Price of one gram by product id, in one currency.

    Raises
    ------
    InputError
        An unknown product, indication or jurisdiction, prices in several currencies, or neither a
        patient nor products.
    """
    if jurisdiction not in knowledge.jurisdictions:
        allowed = f"one of {', '.join(knowledge.jurisdictions)}"
        raise InputError("jurisdiction", jurisdiction, allowed)
    if len({price.currency for price in (prices or {}).values()}) > 1:
        raise InputError("price", "several currencies", "prices in one currency")
    named = tuple(knowledge.products[key] for key in dict.fromkeys(products))
    empty = Comparison(
        notice=NOTICE,
        ivig_version=__version__,
        knowledge_digest=knowledge.digest,
        jurisdiction=jurisdiction,
        route=route,
    )
    if patient is None:
        if not named:
            raise InputError("products", (), "products to compare, or a patient")
        made = replace(
            empty,
            product_ids=tuple(product.id for product in named),
            differences=all_differences(knowledge.differences, named),
            findings=_limits(knowledge),
        )
    else:
        made = _for_patient(empty, knowledge, patient, named, indication, prices or {})
    numbered, references = number(made, knowledge.sources)
    return replace(numbered, references=references)


def _for_patient(
    empty: Comparison,
    knowledge: Knowledge,
    patient: Patient,
    named: Sequence[Product],
    indication: str | None,
    prices: Mapping[str, Price],
) -> Comparison:
    found = find_indication(indication or patient.diagnosis, patient, knowledge.indications)
    whole = complete(found, knowledge.indications)
    rules = knowledge.jurisdictions[empty.jurisdiction]
    need = _need(patient, knowledge, found, whole, rules, empty.route)
    stops = class_stops(patient, knowledge.risks)
    able, left_out = _able(named, empty.route)
    ranking = (
        _screened(patient, knowledge, able, named, empty)
        if need is None
        else _ranked(need, knowledge, able if named else None, prices)
    )
    if stops:
        ranking = tuple(_stopped(item, stops) for item in ranking)
    shown = [knowledge.products[item.product_id] for item in ranking]
    return replace(
        empty,
        patient=patient,
        indication=whole.name,
        regimen=None if need is None or stops else need.regimen,
        offers=_offers(ranking, need, prices, patient, knowledge),
        product_ids=tuple(item.product_id for item in ranking),
        differences=_differences(need, knowledge, shown),
        findings=(
            *stops,
            *_verdict(patient, whole),
            *left_out,
            *_markets(shown, empty.jurisdiction),
            *_no_dose(need, whole),
            *describe_risks(assess_risks(patient, knowledge.risks)),
            *_limits(knowledge),
        ),
    )


def _differences(
    need: Need | None, knowledge: Knowledge, shown: Sequence[Product]
) -> tuple[Matter, ...]:
    """Those that matter for this patient; all of them where no dose is known to judge by."""
    if need is None:
        return all_differences(knowledge.differences, shown)
    return matters(need, knowledge.differences, shown)


def _ranked(
    need: Need,
    knowledge: Knowledge,
    only: Sequence[Product] | None,
    prices: Mapping[str, Price],
) -> tuple[Ranked, ...]:
    per_g = {key: price.per_g for key, price in prices.items()}
    if only is not None:
        return rank_these(need, only, price_per_g=per_g)
    return rank_products(need, knowledge.products, price_per_g=per_g)


def _need(
    patient: Patient,
    knowledge: Knowledge,
    found: Indication,
    whole: Indication,
    rules: JurisdictionRules,
    route: Route,
) -> Need | None:
    """What the product is wanted for; None where no regimen with a dose is printed."""
    option = choose_option(patient, whole, route=route, jurisdiction=rules.id)
    if option is None:
        return None
    risks = assess_risks(patient, knowledge.risks)
    gentle = bool(slow_reasons(risks)) or not on_treatment(patient)
    regimen, _ = propose_regimen(patient, whole, rules, option, gentle=gentle)
    line = tuple(item.id for item in lineage(found, knowledge.indications))
    return Need(
        patient=patient,
        uses=tuple(dict.fromkeys((*line, *whole.labelled_as))),
        regimen=regimen,
        jurisdiction=rules.id,
        tolerance_percent=rules.rounding_tolerance_percent.value,
        risks=risks,
        excipients=knowledge.excipients,
        rules=knowledge.infusion,
    )


def _able(
    named: Sequence[Product], route: Route
) -> tuple[tuple[Product, ...], tuple[Finding, ...]]:
    """Of the named products those that can be had by this route; the others are said."""
    able: list[Product] = []
    notes: list[Finding] = []
    for product in named:
        if route not in product.routes.value:
            text = f"{product.name} is given {', '.join(product.routes.value)}, not {route}: not ranked."
            cited = product.routes.citation
        elif product.market.value not in ("marketed", "limited"):
            text = f"{product.name} is not on the market ({product.market.value}): not ranked."
            cited = product.market.citation
        else:
            able.append(product)
            continue
        notes.append(Finding(stage="product", kind="caution", text=text, citations=(cited,)))
    return tuple(able), tuple(notes)


def _screened(
    patient: Patient,
    knowledge: Knowledge,
    able: Sequence[Product],
    named: Sequence[Product],
    empty: Comparison,
) -> tuple[Ranked, ...]:
    """Stops only, where no dose is known to rank by."""
    of_market = [
        product
        for product in knowledge.products.values()
        if empty.route in product.routes.value
        and product.market.value in ("marketed", "limited")
        and sold_in(product, empty.jurisdiction)
    ]
    candidates = able if named else of_market
    screened = [_screen(patient, product, knowledge) for product in candidates]
    return tuple(sorted(screened, key=lambda item: item.standing == "stopped"))


def _screen(patient: Patient, product: Product, knowledge: Knowledge) -> Ranked:
    checks = check_safety(patient, product, knowledge.excipients)
    stopped = any(finding.kind == "stop" for finding in checks)
    kept = [finding for finding in checks if finding.kind in ("stop", "caution")]
    return Ranked(
        product_id=product.id,
        name=product.name,
        standing="stopped" if stopped else "no_chart",
        on_label=False,
        vials=None,
        volume_mL=None,
        session_min=None,
        cap_mL_per_kg_per_h=None,
        reasons=tuple(finding.text for finding in kept) or ("no stop was found",),
        citations=tuple(dict.fromkeys(c for finding in kept for c in finding.citations)),
    )


def _stopped(item: Ranked, stops: Sequence[Finding]) -> Ranked:
    citations = tuple(dict.fromkeys(c for stop in stops for c in stop.citations))
    reasons = tuple(dict.fromkeys((*(stop.text for stop in stops), *item.reasons)))
    return replace(
        item,
        standing="stopped",
        reasons=reasons,
        citations=tuple(dict.fromkeys((*citations, *item.citations))),
    )


def _offers(
    ranking: Sequence[Ranked],
    need: Need | None,
    prices: Mapping[str, Price],
    patient: Patient,
    knowledge: Knowledge,
) -> tuple[Offer, ...]:
    offers: list[Offer] = []
    for item in ranking:
        price = prices.get(item.product_id)
        stopped = item.standing == "stopped"
        checks = check_safety(patient, knowledge.products[item.product_id], knowledge.excipients)
        offers.append(
            Offer(
                place=None if stopped else sum(o.place is not None for o in offers) + 1,
                ranked=item,
                stops=tuple(finding for finding in checks if finding.kind == "stop"),
                cost=_cost(item, need, price),
                currency=None if price is None else price.currency,
            )
        )
    return tuple(offers)


def _cost(item: Ranked, need: Need | None, price: Price | None) -> float | None:
    """Of the vials that are opened, what is left over in them too."""
    if price is None or need is None:
        return None
    opened_g = (
        need.regimen.amount_g
        if item.vials is None
        else sum(vial.g * vial.n for vial in item.vials.total)
    )
    return opened_g * price.per_g


def _verdict(patient: Patient, indication: Indication) -> tuple[Finding, ...]:
    answers = answer_criteria(patient, indication)
    verdict = decide(indication, answers)
    if verdict not in _VERDICTS:
        return ()
    citations = tuple(dict.fromkeys(c for one in answers for c in one.citations))
    return (
        Finding(
            stage="indication",
            kind="caution",
            text=f"{indication.name}: {_VERDICTS[verdict]}",
            citations=citations or (indication.fda.citation,),
        ),
    )


def _markets(shown: Sequence[Product], jurisdiction: str) -> tuple[Finding, ...]:
    away = [product for product in shown if not sold_in(product, jurisdiction)]
    if not away:
        return ()
    names = ", ".join(f"{product.name} ({'/'.join(product.jurisdictions)})" for product in away)
    return (
        Finding(
            stage="product",
            kind="caution",
            text=f"Known from other markets only, whether sold under {jurisdiction} is not known: {names}.",
            citations=tuple(dict.fromkeys(product.market.citation for product in away)),
        ),
    )


def _no_dose(need: Need | None, indication: Indication) -> tuple[Finding, ...]:
    if need is not None:
        return ()
    text = (
        f"No regimen with a dose is known by this route for {indication.name}: products are checked "
        "for stops only, not ranked."
    )
    return (
        Finding(stage="regimen", kind="unknown", text=text, citations=(indication.fda.citation,)),
    )


def _limits(knowledge: Knowledge) -> tuple[Finding, ...]:
    return tuple(
        Finding(stage="product", kind="fact", text=fact.value, citations=(fact.citation,))
        for fact in knowledge.differences.limits
    )
