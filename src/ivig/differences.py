"""Manufacturing differences between products: which matter for this patient, and what is known."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from ivig.cited import Citation, Cited
from ivig.criterion import Answer, Test, ask, explain
from ivig.finding import Finding
from ivig.fit import amount_words, comparable, use_name
from ivig.product import Product
from ivig.safety import RiskKind
from ivig.session import Need

Property = Literal[
    "sucrose",
    "maltose",
    "sorbitol",
    "glucose",
    "proline",
    "iga",
    "sodium",
    "osmolality",
    "volume",
    "isoagglutinins",
    "fxia",
    "rate",
    "sc_factor",
    "ph",
    "antibodies",
]
Grade = Literal["A", "B", "C"]
GRADES: dict[Grade, str] = {
    "A": "controlled or cohort data on the product",
    "B": "a regulator's signal or spontaneous reports",
    "C": "label or mechanism",
}
INGREDIENTS = ("sucrose", "maltose", "sorbitol", "glucose", "proline")
AMOUNTS: dict[str, tuple[str, str]] = {
    "iga": ("iga_ug_per_mL", "µg/mL"),
    "sodium": ("sodium_mmol_per_L", "mmol/L"),
    "osmolality": ("osmolality_mOsm_per_kg", "mOsm/kg"),
    "ph": ("ph", ""),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One difference; it concerns a patient with one of the risks, or of whom ``when`` holds.

    ``from_g_per_kg`` bounds it to high doses, ``routes`` to those routes.
    """

    id: str
    title: str
    property: Property
    grade: Grade
    risks: tuple[RiskKind, ...] = ()
    when: Test | None = None
    from_g_per_kg: float | None = None
    routes: tuple[Literal["iv", "sc", "fsc"], ...] = ()
    only_if_met: bool = False
    """No hazard: shown only where it is known to matter."""
    facts: tuple[Cited[str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceRules:
    """knowledge/safety/differences.yaml"""

    id: str
    name: str
    differences: tuple[Difference, ...]
    limits: tuple[Cited[str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What one product holds of a property; ``known`` False is never a clearance."""

    product_id: str
    text: str
    known: bool
    citations: tuple[Citation, ...] = ()
    references: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """A difference that matters, why, and what each product holds."""

    id: str
    title: str
    property: Property
    grade: Grade
    answer: Answer
    because: str
    facts: tuple[Finding, ...]
    held: tuple[Held, ...]
    note: str | None = None


def matters(need: Need, rules: DifferenceRules, products: Sequence[Product]) -> tuple[Matter, ...]:
    """The differences that matter for this patient: risks present first, then those not excluded."""
    found: list[Matter] = []
    for difference in rules.differences:
        answer, because = _concerns(need, difference)
        if answer == "met" or (answer == "unknown" and not difference.only_if_met):
            found.append(_matter(difference, products, answer, because))
    return tuple(sorted(found, key=lambda matter: matter.answer != "met"))


def all_differences(rules: DifferenceRules, products: Sequence[Product]) -> tuple[Matter, ...]:
    """Every difference, for no patient in particular."""
    why = "compared without a patient"
    return tuple(_matter(one, products, "unknown", why) for one in rules.differences)


def _matter(
    difference: Difference, products: Sequence[Product], answer: Answer, because: str
) -> Matter:
    return Matter(
        id=difference.id,
        title=difference.title,
        property=difference.property,
        grade=difference.grade,
        answer=answer,
        because=because,
        facts=tuple(
            Finding(stage="product", kind="fact", text=fact.value, citations=(fact.citation,))
            for fact in difference.facts
        ),
        held=tuple(held(product, difference.property) for product in products),
        note=_not_comparable(difference.property, products),
    )


def _not_comparable(name: Property, products: Sequence[Product]) -> str | None:
    if name not in ("iga", "sodium", "osmolality"):
        return None
    facts = tuple(getattr(product, AMOUNTS[name][0]) for product in products)
    if sum(fact is not None for fact in facts) < 2 or comparable(facts):
        return None
    return "not comparable: some products print a maximum or a range, others an average or words"


def _concerns(need: Need, difference: Difference) -> tuple[Answer, str]:
    """Whether a difference concerns the patient; what cannot be excluded is unknown."""
    regimen = need.regimen
    if difference.routes:
        hit = regimen.route in difference.routes
        return ("met" if hit else "not_met"), f"route {regimen.route.upper()}"
    if difference.from_g_per_kg is not None and regimen.dose_g_per_kg < difference.from_g_per_kg:
        return "not_met", "dose below it"
    asked: list[tuple[Answer, str]] = []
    for kind in difference.risks:
        risk = need.risks.get(kind)
        if risk is None:
            asked.append(("unknown", f"{kind} risk not assessed"))
        elif risk.answer == "met":
            asked.extend((risk.answer, reason) for reason in risk.reasons)
        else:
            asked.extend((risk.answer, f"not known: {name}") for name in risk.missing)
    if difference.when is not None:
        answer = ask(difference.when, need.patient)
        asked.append((answer, explain(difference.when, need.patient)))
    for wanted in ("met", "unknown"):
        reasons = [why for answer, why in asked if answer == wanted]
        if reasons:
            return wanted, "; ".join(dict.fromkeys(reasons))
    return "not_met", ""


def held(product: Product, name: Property) -> Held:
    """What a product holds of a property, in words, with its source."""
    if name in INGREDIENTS:
        return _ingredient(product, name)
    if name in AMOUNTS:
        field, unit = AMOUNTS[name]
        fact = getattr(product, field)
        words = None if fact is None else amount_words(fact.value, unit)
        return _held(product, fact, words)
    if name == "volume":
        fact = product.igg_mg_per_mL
        words = None if fact is None else f"{fact.value / 10:g} %, {1000 / fact.value:.3g} mL/g"
        return _held(product, fact, words)
    if name == "rate":
        return _rate(product)
    if name == "antibodies":
        return _antibodies(product)
    fields = {
        "isoagglutinins": product.isoagglutinin_control,
        "fxia": product.fxia_control,
        "sc_factor": product.iv_to_sc_factor,
    }
    fact = fields[name]
    words = (
        None if fact is None else fact.value if isinstance(fact.value, str) else f"{fact.value:g}"
    )
    return _held(product, fact, words)


def _held(product: Product, fact: Cited[Any] | None, words: str | None) -> Held:
    if fact is None or words is None:
        return Held(product_id=product.id, text="not known", known=False)
    recalled = " (recalled)" if fact.basis == "recalled" else ""
    return Held(
        product_id=product.id, text=f"{words}{recalled}", known=True, citations=(fact.citation,)
    )


def _ingredient(product: Product, name: str) -> Held:
    present: bool | None = getattr(product.contains.value, name)
    if present is None:
        return _held(product, None, None)
    amount = ""
    sugar = product.sugar
    if (
        present
        and sugar is not None
        and name in sugar.value.name
        and sugar.value.amount is not None
    ):
        amount = f", {sugar.value.amount:g} {sugar.value.unit or ''}".rstrip()
    return _held(product, product.contains, f"yes{amount}" if present else "none")


def _rate(product: Product) -> Held:
    if not product.rates:
        return _held(product, None, None)
    top = max(product.rates, key=lambda r: r.maximum.value.rate_mL_per_kg_per_h)
    low = min(product.rates, key=lambda r: r.maximum.value.rate_mL_per_kg_per_h)
    most, least = (r.maximum.value.rate_mL_per_kg_per_h for r in (top, low))
    words = f"label maximum {most:g} mL/kg/h"
    where = ", ".join(use_name(name) for name in low.indications)
    words += f" ({least:g} for {where})" if least < most else ""
    caps = [r.risk_cap for r in product.rates if r.risk_cap is not None]
    lowest = min(caps, key=lambda cap: cap.value.rate_mL_per_kg_per_h, default=None)
    words += (
        "; no cap printed for a patient at risk"
        if lowest is None
        else f"; cap at risk {lowest.value.rate_mL_per_kg_per_h:g} mL/kg/h"
    )
    weakest = next((r.maximum for r in (top, low) if r.maximum.basis != "read"), top.maximum)
    return _held(product, weakest, words)


def _antibodies(product: Product) -> Held:
    if not product.antibody_titres:
        return _held(product, None, None)
    names = ", ".join(fact.value.name for fact in product.antibody_titres)
    return _held(product, product.antibody_titres[0], f"titre described: {names}")
