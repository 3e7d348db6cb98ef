"""One session with one product: whole vials, then the chart."""

from collections.abc import Mapping
from dataclasses import dataclass

from ivig.cited import Citation
from ivig.finding import Finding
from ivig.infusion import (
    InfusionChart,
    RateLimits,
    intravenous_chart,
    intravenous_limits,
    starts_low,
)
from ivig.patient import Patient
from ivig.product import Product, RateLadder, rates_for, site_band
from ivig.regimen import Regimen
from ivig.safety import ExcipientRules, InfusionRules, RiskAnswer, RiskKind, slow_reasons
from ivig.subcutaneous import facilitated_chart, subcutaneous_chart
from ivig.vials import VialPlan, choose_vials, open_vials


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What a product is wanted for: everything but the product."""

    patient: Patient
    uses: tuple[str, ...]
    """The indication, then the ids whose label entry covers it."""
    regimen: Regimen
    jurisdiction: str
    tolerance_percent: float
    risks: Mapping[RiskKind, RiskAnswer]
    excipients: ExcipientRules
    rules: InfusionRules


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """What the course would look like with this product."""

    vials: VialPlan | None
    charts: tuple[InfusionChart, ...]
    """One for each day of the course; empty when no chart can be drawn."""
    start: str | None
    """Why it starts as a first infusion does; None for an established patient."""
    notes: tuple[Finding, ...]


def plan_session(need: Need, product: Product) -> Session:
    """Vials of the course and the chart of each of its days with this product."""
    regimen = need.regimen
    most_g = regimen.dose_range_g_per_kg.high * regimen.dosing_weight_kg
    most_g = most_g if regimen.max_g is None else min(most_g, regimen.max_g)
    vials = None
    if product.vials is not None:
        vials = choose_vials(
            regimen.amount_g,
            product.vials.value,
            tolerance_percent=need.tolerance_percent,
            days=regimen.split_days,
            most_g=most_g + 1e-6,
        ) or open_vials(regimen.amount_g, product.vials.value, days=regimen.split_days)
    amounts = (
        [regimen.amount_per_day_g] * regimen.split_days
        if vials is None
        else [day.amount_g for day in vials.days]
    )
    drawn = {amount_g: draw_chart(need, product, amount_g) for amount_g in dict.fromkeys(amounts)}
    charts = tuple(chart for amount_g in amounts if (chart := drawn[amount_g][0]) is not None)
    notes = (*drawn[amounts[0]][1], *_vial_notes(product, vials))
    start = starts_low(need.patient, product.id, long_gap_day=need.rules.long_gap_day.value)
    return Session(
        vials=vials, charts=charts if len(charts) == len(amounts) else (), start=start, notes=notes
    )


def _vial_notes(product: Product, vials: VialPlan | None) -> tuple[Finding, ...]:
    if vials is not None and not vials.days[0].unused_g:
        return ()
    if vials is None:
        text = f"{product.name}: vial sizes are not known; the dose is not rounded to whole vials."
    else:
        text = (
            f"{product.name}: no whole vials come near this dose without passing its maximum; "
            f"{vials.days[0].unused_g:.1f} g a day are left over."
        )
    return (
        Finding(
            stage="product",
            kind="unknown" if vials is None else "caution",
            text=text,
            citations=() if product.vials is None else (product.vials.citation,),
        ),
    )


def draw_chart(
    need: Need, product: Product, amount_g: float
) -> tuple[InfusionChart | None, tuple[Finding, ...]]:
    """The chart of one session of exactly this amount, and what to know about it."""
    if product.igg_mg_per_mL is None:
        return None, (_no_chart(product, "its concentration is not known"),)
    volume_mL = amount_g * 1000 / product.igg_mg_per_mL.value
    if need.regimen.route == "iv":
        return _intravenous(need, product, amount_g, volume_mL)
    chart = (_subcutaneous if need.regimen.route == "sc" else _facilitated)(
        need, product, amount_g, volume_mL
    )
    if chart is None:
        return None, (_no_chart(product, "the label's site limits are not known or are exceeded"),)
    return chart, ()


def _intravenous(
    need: Need, product: Product, amount_g: float, volume_mL: float
) -> tuple[InfusionChart | None, tuple[Finding, ...]]:
    ladder, exact = rates_for(product, need.uses, need.jurisdiction)
    if ladder is None:
        return None, (_no_chart(product, "no label rates are known"),)
    assert product.igg_mg_per_mL is not None  # noqa: S101 (checked by draw_chart)
    limits = _limits(need, product, ladder, product.igg_mg_per_mL.value)
    chart = intravenous_chart(
        product_id=product.id,
        amount_g=amount_g,
        volume_mL=volume_mL,
        weight_kg=need.regimen.rate_weight_kg,
        limits=limits,
        at_least_h=None if need.regimen.duration_h is None else need.regimen.duration_h.low,
    )
    notes: list[Finding] = []
    if ladder.steps is None or len(limits.points) > len(ladder.steps.value):
        notes.append(_assumed_steps(product, ladder, limits))
    if not exact:
        notes.append(_of_another_use(product, ladder))
    if "recalled" in {fact.basis for fact in limits.citations}:
        notes.append(_recalled_rate(product, limits))
    return chart, tuple(notes)


def _limits(need: Need, product: Product, ladder: RateLadder, igg_mg_per_mL: float) -> RateLimits:
    """The label's rates for this patient's risks and history with the product."""
    slow = slow_reasons(dict(need.risks))
    low_start = starts_low(need.patient, product.id, long_gap_day=need.rules.long_gap_day.value)
    class_cap_mg_per_kg_per_h = need.rules.risk_cap_mg_per_kg_per_min.value * 60
    return intravenous_limits(
        ladder,
        first=low_start is not None,
        at_risk="; ".join(slow) or None,
        risk_cap_mL_per_kg_per_h=class_cap_mg_per_kg_per_h / igg_mg_per_mL,
        step_min=need.rules.step_min.value,
    )


def _of_another_use(product: Product, ladder: RateLadder) -> Finding:
    most = ladder.maximum.value.rate_mL_per_kg_per_h
    return Finding(
        stage="infusion",
        kind="caution",
        text=f"{product.name}'s label on this market has no rates for this use; the lowest "
        f"labelled maximum is used ({most:g} mL/kg/h).",
        citations=(ladder.maximum.citation,),
    )


def _recalled_rate(product: Product, limits: RateLimits) -> Finding:
    return Finding(
        stage="infusion",
        kind="caution",
        text=f"A rate of this {product.name} chart is recalled, not read in the label: "
        "check it against the current label before programming the pump.",
        citations=tuple(c for c in limits.citations if c.basis == "recalled"),
    )


def _assumed_steps(product: Product, ladder: RateLadder, limits: RateLimits) -> Finding:
    words = "" if ladder.increment is None else f" ('{ladder.increment.value}')"
    held = limits.points[0].duration_min or 0.0
    return Finding(
        stage="infusion",
        kind="fact",
        text=f"{product.name}'s label prints the first rate and the maximum{words}; the steps "
        f"between are our doublings, the first held {held:g} min.",
        because="raise the rate only as the patient tolerates it",
        citations=(Citation(source=None, basis="assumed"), ladder.initial.citation),
    )


def _subcutaneous(
    need: Need, product: Product, amount_g: float, volume_mL: float
) -> InfusionChart | None:
    band = site_band(product, need.uses, need.patient, need.jurisdiction)
    if band is None:
        return None
    low_start = starts_low(need.patient, product.id, long_gap_day=need.rules.long_gap_day.value)
    return subcutaneous_chart(
        product_id=product.id,
        amount_g=amount_g,
        volume_mL=volume_mL,
        weight_kg=need.patient.weight_kg,
        band=band.value,
        first=low_start is not None,
        citation=band.citation,
        basis=band.basis,
    )


def _facilitated(
    need: Need, product: Product, amount_g: float, volume_mL: float
) -> InfusionChart | None:
    rules = product.facilitated
    if rules is None:
        return None
    low_start = starts_low(need.patient, product.id, long_gap_day=need.rules.long_gap_day.value)
    units = rules.hyaluronidase_U_per_g
    return facilitated_chart(
        product_id=product.id,
        amount_g=amount_g,
        volume_mL=volume_mL,
        weight_kg=need.patient.weight_kg,
        rules=rules,
        first=low_start is not None,
        hyaluronidase_U=None if units is None else units.value * amount_g,
    )


def _no_chart(product: Product, why: str) -> Finding:
    return Finding(
        stage="infusion",
        kind="unknown",
        text=f"{product.name}: no infusion chart, because {why}.",
    )
