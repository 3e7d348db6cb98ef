"""The rates of a product from the first step to the maximum, for the pump when a weight is given."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import floor

from ivig.cited import Cited
from ivig.evidence.compute.asked_rates import asks_rates, asks_schedule
from ivig.evidence.compute.facts import Computed, Facts, computed
from ivig.evidence.compute.given import Given
from ivig.evidence.compute.rate import rates_named
from ivig.evidence.compute.refuse import not_for_this_disease
from ivig.evidence.compute.say import duration, number
from ivig.evidence.compute.weights import rate_weight
from ivig.infusion import RateLimits, intravenous_limits
from ivig.product import Product, RateLadder, RatePoint, rates_for

DEFAULT_USE = "pid"
"""Taken when no disease is named, and said; the other maxima of the label stand beside it."""

PRODUCTS = 2
_RISK = "renal or thrombotic risk"


@dataclass(frozen=True, slots=True)
class _Case:
    """One product at its rates; ``weight_kg`` None when none is given."""

    product: Product
    ladder: RateLadder
    exact: bool
    mg_per_mL: float
    weight_kg: float | None
    disease: str | None


def titration_answers(given: Given, facts: Facts) -> tuple[Computed, ...]:
    """The steps, the maximum and the maximum at risk of each intravenous product named."""
    if given.question.routes and "iv" not in given.question.routes:
        return ()
    if not asks_rates(given) or (rates_named(given) and not asks_schedule(given)):
        return ()
    against = not_for_this_disease(given)
    if against is not None:
        return (against,)
    cases = _cases(given, facts)
    if not cases:
        return _missing(given)
    return tuple(told for case in cases for told in _told(case, given, facts))


def _missing(given: Given) -> tuple[Computed, ...]:
    """No rate without a product, and none for one whose rates are not known."""
    if given.weight_kg is None or rates_named(given):
        return ()
    into_vein = [p for p in given.products if "iv" in p.routes.value]
    if given.products and not into_vein:
        return ()
    text = (
        "The rates are those of the product's label; the product is not named, so none is computed."
    )
    if into_vein:
        text = f"{into_vein[0].name}: no label rates are known to us, so none is computed."
    return (computed("missing", text, "mL/h = mL/kg/h of the label × weight in kg"),)


def _cases(given: Given, facts: Facts) -> list[_Case]:
    """The products with rates; those whose label has the use before those without."""
    found: list[_Case] = []
    weight_kg = rate_weight(given, facts)
    for product in given.products:
        uses = given.uses or (DEFAULT_USE,)
        ladder, exact = rates_for(product, uses, facts.jurisdiction)
        if ladder is None or product.igg_mg_per_mL is None:
            continue
        disease = given.indication.id if given.indication is not None else None
        strength = product.igg_mg_per_mL.value
        found.append(_Case(product, ladder, exact, strength, weight_kg, disease))
    named = [case for case in found if case.exact and given.uses] or found
    return named[:PRODUCTS]


def _told(case: _Case, given: Given, facts: Facts) -> Iterator[Computed]:
    first = _limits(case, facts, first=True)
    yield _steps(case, first, facts, given)
    later = _limits(case, facts, first=False)
    if later.cap_mL_per_kg_per_h > first.cap_mL_per_kg_per_h:
        yield _later(case, later)
    if not given.uses:
        yield from _other_uses(case, facts)
    yield _at_risk(case, _limits(case, facts, first=True, at_risk=_RISK))


def _limits(case: _Case, facts: Facts, *, first: bool, at_risk: str | None = None) -> RateLimits:
    return intravenous_limits(
        case.ladder,
        first=first,
        at_risk=at_risk,
        risk_cap_mL_per_kg_per_h=facts.infusion.risk_cap_mg_per_kg_per_min.value
        * 60
        / case.mg_per_mL,
        step_min=facts.infusion.step_min.value,
    )


def _steps(case: _Case, limits: RateLimits, facts: Facts, given: Given) -> Computed:
    *held, top = limits.points
    start, *between = held or [top]
    if case.weight_kg is None and case.ladder.steps is None:
        between = []  # our doublings are for a pump
    parts = [f"start at {_rate(case, start)}{_held(case, start)}"]
    if between:
        parts.append(_rise(case) + ", ".join(f"{_rate(case, p)}{_held(case, p)}" for p in between))
    if case.ladder.increment is not None:
        parts.append(f"the label's rise: {case.ladder.increment.value}")
    if held:
        new = limits.cap_mL_per_kg_per_h < case.ladder.maximum.value.rate_mL_per_kg_per_h
        parts.append(
            f"at most {_rate(case, top)}{' while it is new to the patient' if new else ''}"
        )
    return computed(
        "rate",
        f"{_head(case, facts)}: {'; '.join(parts)}.",
        _working(case, (start, *between, *([top] if held else ()))),
        cite=[*limits.citations, case.product.igg_mg_per_mL, case.ladder.increment],
        cautions=_cautions(case, given),
    )


def _head(case: _Case, facts: Facts) -> str:
    use = case.disease
    if use is None and DEFAULT_USE in case.ladder.indications:
        use = DEFAULT_USE
    name = case.product.name
    if use is not None:
        name += f" in {_short(use, facts)}{'' if case.disease else ' (no disease is named)'}"
    return name if case.weight_kg is None else f"{name}, {number(case.weight_kg, 1)} kg"


def _short(use: str, facts: Facts) -> str:
    """A disease inside a sentence: its abbreviation, else its name."""
    indication = facts.indications[use]
    if use.upper() in indication.synonyms:
        return use.upper()
    name = indication.name.split(" (")[0]
    return name if name[:2].isupper() else name[0].lower() + name[1:]


def _rise(case: _Case) -> str:
    if case.ladder.steps is None:
        return "then, if tolerated, doubled (our steps, the label prints none): "
    if case.ladder.new_patient_maximum is not None:
        return "then, if tolerated, doubled (our steps for a new patient): "
    return "then, if tolerated, "


def _later(case: _Case, limits: RateLimits) -> Computed:
    rates = ", ".join(f"{_rate(case, p)}{_held(case, p)}" for p in limits.points[:-1])
    top = limits.points[-1]
    return computed(
        "rate",
        f"{case.product.name} later, once it is tolerated, not in a first infusion: {rates}; at most "
        f"{_rate(case, top)}.",
        _working(case, limits.points),
        cite=limits.citations,
    )


def _at_risk(case: _Case, limits: RateLimits) -> Computed:
    ladder = case.ladder
    top = limits.points[-1]
    own = "" if ladder.risk_cap is not None else " (our cap: its label gives no number)"
    text = (
        f"{case.product.name} at {_RISK}, or while these risks are not known: at most "
        f"{_rate(case, top)}{own}"
    )
    if ladder.risk_text is not None:
        text += f"; label: {ladder.risk_text.value}"
    return computed(
        "rate",
        f"{text}.",
        _working(case, [top]),
        cite=[*limits.citations, ladder.risk_text],
    )


def _other_uses(case: _Case, facts: Facts) -> Iterator[Computed]:
    """The maxima of the label's other uses: which one holds depends on the disease."""
    others = [one for one in _ladders(case, facts) if one is not case.ladder]
    if not others:
        return
    told = [f"in {_uses(one, facts)} at most {_rate(case, one.maximum.value)}" for one in others]
    yield computed(
        "rate",
        f"{case.product.name} by disease: {'; '.join(told)}.",
        _working(case, [one.maximum.value for one in others]),
        cite=[one.maximum for one in others],
    )


def _ladders(case: _Case, facts: Facts) -> Iterable[RateLadder]:
    here = facts.jurisdiction.split("-")[0]
    for one in case.product.rates:
        fits = one.for_mg_per_mL in (None, case.mg_per_mL)
        if fits and (not one.jurisdictions or here in one.jurisdictions):
            yield one


def _uses(ladder: RateLadder, facts: Facts) -> str:
    names = [_short(use, facts) for use in ladder.indications]
    return " and ".join(dict.fromkeys(names)) or "other uses"


def _rate(case: _Case, point: RatePoint) -> str:
    """``1.2 mL/kg/h (2 mg/kg/min) = 76.8 mL/h``."""
    per_kg = point.rate_mL_per_kg_per_h
    text = f"{number(per_kg)} mL/kg/h ({number(_mg(case, per_kg))} mg/kg/min)"
    if case.weight_kg is None:
        return text
    return f"{text} = {number(_mL_per_h(per_kg, case.weight_kg))} mL/h"


def _mg(case: _Case, per_kg: float) -> float:
    """As the label prints it, else from the concentration."""
    ladder = case.ladder
    facts: list[Cited[RatePoint] | None] = [
        ladder.initial, ladder.maximum, ladder.new_patient_maximum, ladder.risk_cap,
    ]  # fmt: skip
    printed = [fact.value for fact in facts if fact is not None]
    printed += [] if ladder.steps is None else ladder.steps.value
    for point in printed:
        mg = point.rate_mg_per_kg_per_min
        if point.rate_mL_per_kg_per_h == per_kg and mg is not None:
            return mg
    return per_kg * case.mg_per_mL / 60


def _mL_per_h(per_kg: float, weight_kg: float) -> float:
    """To a tenth, below 1 to a hundredth, and down: never above the label."""
    rate = per_kg * weight_kg
    parts = 10 if rate >= 1 else 100
    return floor(rate * parts + 1e-6) / parts


def _held(case: _Case, point: RatePoint) -> str:
    """How long, when the label says so."""
    ladder = case.ladder
    printed = ladder.step_min is not None or ladder.initial.value.duration_min is not None
    if point.duration_min is None or not (printed or ladder.steps is not None):
        return ""
    return f" for {duration(point.duration_min)}"


def _working(case: _Case, points: Iterable[RatePoint]) -> str:
    units = f"mg/kg/min × 60 ÷ {number(case.mg_per_mL)} mg/mL = mL/kg/h"
    if case.weight_kg is None:
        return f"{units}; × weight in kg = mL/h"
    weight = case.weight_kg
    steps = [
        f"{number(p.rate_mL_per_kg_per_h)} × {number(weight, 1)} kg = "
        f"{number(_mL_per_h(p.rate_mL_per_kg_per_h, weight))} mL/h"
        for p in points
    ]
    return "; ".join((units, *steps))


def _cautions(case: _Case, given: Given) -> list[str]:
    said = [
        "The steps hold only where renal and thrombotic risks have been excluded; until then keep to "
        "the risk rate.",
        "Raise the rate only as tolerated; a new brand or a long gap starts again at the first step.",
    ]
    if case.weight_kg is None:
        said.append("Without the weight there is no pump rate in mL/h.")
    else:
        said.append("mL/h are rounded down; set the pump no higher.")
    if given.weight_kg is not None and case.weight_kg is not None:
        if case.weight_kg < given.weight_kg - 0.05:
            said.append(
                f"Rates are counted on {number(case.weight_kg, 1)} kg, the dosing weight, not on "
                f"{number(given.weight_kg, 1)} kg."
            )
        elif given.weight_kg >= 100 and given.height_cm is None:
            said.append("A plan counts rates on the lower of actual and dosing weight.")
    if given.uses and not case.exact:
        said.append(
            f"{case.product.name}'s label has no rates for this use; its lowest labelled maximum is used."
        )
    return said
