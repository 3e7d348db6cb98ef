"""One dose per kilogram on every dosing weight, with the limit that no order may pass."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import Literal

from ivig.cited import Citation, Cited
from ivig.dosing_weight import (
    ADULT_AGE_YEAR,
    JurisdictionRules,
    WeightKind,
    WeightRule,
    dosing_weight,
    shown_weights,
    weight_choice,
)
from ivig.errors import InputError
from ivig.finding import Finding
from ivig.indication import Category
from ivig.limit import DoseLimit, over_limit, under_limit
from ivig.patient import Patient
from ivig.pk.size import lean_body_mass_kg
from ivig.plausible import doubt_weight

Kind = WeightKind | Literal["lean", "by_rule"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Formula:
    """How a weight is computed, in words."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """What a place says of children that is not done here."""

    jurisdiction: str
    fact: Cited[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class DosingWeightRules:
    """knowledge/safety/dosing_weights.yaml"""

    id: str
    name: str
    formulas: tuple[Cited[Formula], ...]
    children: Cited[str]
    children_elsewhere: tuple[Elsewhere, ...] = ()
    pregnancy: Cited[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What one gram costs, as the user gave it."""

    per_g: float
    currency: str

    def __post_init__(self) -> None:
        if not 0 < self.per_g < 1e6:
            raise InputError("price", self.per_g, "a price of one gram above 0")


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseOnWeight:
    """The dose on one weight; ``more_g`` is against the actual weight, None when not computed."""

    kind: Kind
    weight_kg: float | None
    amount_g: float | None
    more_g: float | None
    more_percent: float | None
    cost: float | None
    more_cost: float | None
    chosen: bool
    note: str
    citations: tuple[Citation, ...] = ()
    references: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WeighedDose:
    """The answer; ``amount_g`` is None when the limit stops the order."""

    patient: Patient
    jurisdiction: str
    category: Category
    dose_g_per_kg: float
    rule: Finding
    dosing_weight_kg: float
    amount_g: float | None
    rounded_g: float | None
    days: int | None
    per_day_g: float | None
    price: Price | None
    limit: DoseLimit
    rows: tuple[DoseOnWeight, ...]
    findings: tuple[Finding, ...]

    @property
    def stops(self) -> tuple[Finding, ...]:
        """What forbids the order."""
        return tuple(finding for finding in self.findings if finding.kind == "stop")


def weigh_dose(
    patient: Patient,
    dose_g_per_kg: float,
    rules: JurisdictionRules,
    formulas: DosingWeightRules,
    limit: DoseLimit,
    *,
    category: Category,
    days: int | None = None,
    price: Price | None = None,
) -> WeighedDose:
    """The dose on every weight, the one the place's rule chooses, and its limit.

    Parameters
    ----------
    dose_g_per_kg : float
        Of one course or one administration, in all its days.
    days : int, optional
        Days of the course; when not given, the fewest that the indication's printed days allow, or not
        known where the limit is of no single indication.

    Raises
    ------
    InputError
        A dose of 0 or less, or days outside 1 to 30.
    """
    _require_possible(dose_g_per_kg, days)
    rule, weight_kg, notes = dosing_weight(patient, category, rules)
    amount_g = dose_g_per_kg * weight_kg
    stops = over_limit(limit, amount_g=amount_g, weight_kg=weight_kg, days=days)
    rows = _rows(patient, dose_g_per_kg, formulas, price, stopped=bool(stops))
    order, rounding = _order(amount_g, weight_kg, rules, limit, days)
    order = _NO_ORDER if stops else order
    return WeighedDose(
        patient=patient,
        jurisdiction=rules.id,
        category=category,
        dose_g_per_kg=dose_g_per_kg,
        rule=_rule_of(rules, rule),
        dosing_weight_kg=weight_kg,
        amount_g=order.amount_g,
        rounded_g=order.rounded_g,
        days=order.days,
        per_day_g=order.per_day_g,
        price=price,
        limit=limit,
        rows=_choose(rows, rule.value.weight, weight_kg, order.amount_g, price),
        findings=(
            *stops,
            *doubt_weight(patient),
            *under_limit(limit, amount_g=amount_g, weight_kg=weight_kg),
            *(*notes, *_recalled(rule.citation), *rounding),
            *_about(patient, rules, formulas, rule.value.weight),
        ),
    )


def _require_possible(dose_g_per_kg: float, days: int | None) -> None:
    if not 0 < dose_g_per_kg < float("inf"):
        raise InputError("dose", dose_g_per_kg, "a dose above 0 g/kg")
    if days is not None and not 1 <= days <= 30:
        raise InputError("days", days, "1 to 30 days")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Order:
    """The dose as it would be given; nothing of it when a limit stops it."""

    amount_g: float | None = None
    rounded_g: float | None = None
    days: int | None = None

    @property
    def per_day_g(self) -> float | None:
        if self.rounded_g is None or self.days is None:
            return None
        return self.rounded_g / self.days


_NO_ORDER = _Order()


def _order(
    amount_g: float,
    weight_kg: float,
    rules: JurisdictionRules,
    limit: DoseLimit,
    days: int | None,
) -> tuple[_Order, tuple[Finding, ...]]:
    """The dose rounded as the place rounds, over the days given or the fewest of the indication."""
    if days is None and limit.of_one:
        days = limit.least_days(amount_g, weight_kg)
    rounded_g, why = round_to_rule(amount_g, rules, limit.most_g(weight_kg, days))
    return _Order(amount_g=amount_g, rounded_g=rounded_g, days=days), why


def _rule_of(rules: JurisdictionRules, rule: Cited[WeightRule]) -> Finding:
    return Finding(
        stage="regimen",
        kind="fact",
        text=f"{rules.name}: {rule.value.text}",
        citations=(rule.citation,),
    )


def round_to_rule(
    amount_g: float, rules: JurisdictionRules, most_g: float | None
) -> tuple[float, tuple[Finding, ...]]:
    """The dose by the place's rounding, and why; never over the maximum or out of tolerance.

    A dose half-way between two steps goes down.
    """
    step = rules.round_to_g
    if step is None:
        return amount_g, ()
    rounded_g = step.value * ceil(amount_g / step.value - 0.5 - 1e-9)
    if most_g is not None and rounded_g > most_g + 1e-9:
        rounded_g -= step.value
    off_percent = 100 * abs(rounded_g - amount_g) / amount_g
    bound = rules.rounding_tolerance_percent
    if rounded_g == amount_g:
        return amount_g, ()
    if rounded_g <= 0 or off_percent > bound.value:
        text = (
            f"Not rounded to {step.value:g} g, as {rules.name} asks: that would move the dose by more "
            f"than {bound.value:g} %."
        )
        cited = (step.citation, bound.citation)
        return amount_g, (Finding(stage="regimen", kind="fact", text=text, citations=cited),)
    text = (
        f"Rounded from {amount_g:.4g} to {rounded_g:g} g: {rules.name} rounds to {step.value:g} g."
    )
    return rounded_g, (
        Finding(stage="regimen", kind="fact", text=text, citations=(step.citation,)),
    )


def _rows(
    patient: Patient,
    per_kg: float,
    formulas: DosingWeightRules,
    price: Price | None,
    *,
    stopped: bool,
) -> tuple[DoseOnWeight, ...]:
    words: Mapping[str, Cited[Formula]] = {fact.value.kind: fact for fact in formulas.formulas}
    kinds: list[WeightKind] = list(shown_weights(patient))
    if patient.pre_pregnancy_weight_kg is not None and "pre_pregnancy" not in kinds:
        kinds.append("pre_pregnancy")
    weights: list[tuple[Kind, float | None, str]] = []
    for kind in kinds:
        choice = weight_choice(patient, kind, per_kg, None)
        weights.append((kind, choice.weight_kg, choice.note if choice.weight_kg is None else ""))
    lean_kg, why = _lean(patient)
    weights.insert(3, ("lean", lean_kg, why))
    rows: list[DoseOnWeight] = []
    for kind, weight_kg, reason in weights:
        fact = words[kind]
        amount_g = None if weight_kg is None or stopped else per_kg * weight_kg
        more_g = None if amount_g is None else amount_g - per_kg * patient.weight_kg
        rows.append(
            DoseOnWeight(
                kind=kind,
                weight_kg=weight_kg,
                amount_g=amount_g,
                more_g=more_g,
                more_percent=None
                if more_g is None
                else 100 * more_g / (per_kg * patient.weight_kg),
                cost=_times(amount_g, price),
                more_cost=_times(more_g, price),
                chosen=False,
                note=reason or fact.value.text,
                citations=(fact.citation,) if fact.source is not None and not reason else (),
            )
        )
    return tuple(rows)


def _choose(
    rows: tuple[DoseOnWeight, ...],
    kind: WeightKind,
    weight_kg: float,
    amount_g: float | None,
    price: Price | None,
) -> tuple[DoseOnWeight, ...]:
    """The row the rule chose, marked; a weight that no row shows gets one of its own."""
    for i, row in enumerate(rows):
        if row.kind == kind and row.weight_kg is not None and abs(row.weight_kg - weight_kg) < 1e-9:
            return (*rows[:i], replace(row, chosen=True), *rows[i + 1 :])
    actual_g = rows[0].amount_g
    more_g = None if amount_g is None or actual_g is None else amount_g - actual_g
    own = DoseOnWeight(
        kind="by_rule",
        weight_kg=weight_kg,
        amount_g=amount_g,
        more_g=more_g,
        more_percent=None if more_g is None or actual_g is None else 100 * more_g / actual_g,
        cost=_times(amount_g, price),
        more_cost=_times(more_g, price),
        chosen=True,
        note="adjusted, from the weight before pregnancy",
    )
    return (*rows, own)


def _times(amount_g: float | None, price: Price | None) -> float | None:
    return None if amount_g is None or price is None else amount_g * price.per_g


def _lean(patient: Patient) -> tuple[float | None, str]:
    """Lean body mass of an adult, by Boer; children get no adult formula."""
    age_year = patient.age_year
    if age_year is not None and age_year < ADULT_AGE_YEAR:
        return None, "an adult formula, not used in a child"
    missing = {
        "sex": patient.sex is None,
        "height": patient.height_cm is None,
        "age": age_year is None,
    }
    absent = [name for name, is_missing in missing.items() if is_missing]
    if absent:
        return None, f"needs {' and '.join(absent)}"
    lean_kg = lean_body_mass_kg(patient)
    return lean_kg, "" if lean_kg is not None else "the formula gives no positive weight here"


def _recalled(citation: Citation) -> tuple[Finding, ...]:
    if citation.basis != "recalled":
        return ()
    text = "This dosing-weight rule is recalled, not read in the source: confirm it before use."
    return (Finding(stage="regimen", kind="caution", text=text, citations=(citation,)),)


def _about(
    patient: Patient, rules: JurisdictionRules, formulas: DosingWeightRules, used: WeightKind
) -> Sequence[Finding]:
    found: list[Finding] = []
    if patient.age_year is not None and patient.age_year < ADULT_AGE_YEAR:
        facts = [formulas.children]
        facts += [e.fact for e in formulas.children_elsewhere if e.jurisdiction == rules.id]
        found += [
            Finding(stage="regimen", kind="fact", text=f.value, citations=(f.citation,))
            for f in facts
        ]
    if patient.pregnant and used != "pre_pregnancy" and not _has_pregnancy_rule(rules):
        fact = formulas.pregnancy
        found.append(
            Finding(stage="regimen", kind="caution", text=fact.value, citations=(fact.citation,))
        )
    return [*found, *(_note(rules, fact) for fact in rules.notes)]


def _has_pregnancy_rule(rules: JurisdictionRules) -> bool:
    return any(fact.value.weight == "pre_pregnancy" for fact in rules.weight_rules)


def _note(rules: JurisdictionRules, fact: Cited[str]) -> Finding:
    return Finding(
        stage="regimen",
        kind="fact",
        text=f"{rules.name}: {fact.value}",
        citations=(fact.citation,),
    )
