"""Immunoglobulin products: what is in the vial and what the label allows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ivig.cited import Cited
from ivig.criterion import Test, ask
from ivig.patient import Patient, Route

Jurisdiction = Literal["us", "eu", "uk", "au", "ca"]
Market = Literal["marketed", "limited", "planned", "discontinued"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Vial:
    """One presentation."""

    amount_g: float
    volume_mL: float
    hyaluronidase_U: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RatePoint:
    """A rate as the label prints it; mL/kg/h is what a pump needs."""

    rate_mL_per_kg_per_h: float
    rate_mg_per_kg_per_min: float | None = None
    duration_min: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLadder:
    """The label's rates for some of its indications.

    ``steps`` only when the label prints them; otherwise the rise between ``initial`` and
    ``maximum`` is left to the bedside (``increment`` in the label's words).
    """

    indications: tuple[str, ...]
    initial: Cited[RatePoint]
    maximum: Cited[RatePoint]
    steps: Cited[tuple[RatePoint, ...]] | None = None
    step_min: Cited[tuple[float, float]] | None = None
    """Shortest and longest time a step is held, minutes."""
    increment: Cited[str] | None = None
    new_patient_maximum: Cited[RatePoint] | None = None
    """Maximum while the product is new to the patient; the printed steps are then not used."""
    risk_cap: Cited[RatePoint] | None = None
    """Maximum in a patient at renal or thrombotic risk."""
    risk_text: Cited[str] | None = None
    for_mg_per_mL: float | None = None
    """Concentration these rates are for, when the product can be made up to several."""
    jurisdictions: tuple[Jurisdiction, ...] = ()
    """Whose label this is; empty means every market of the product. So for uses and doses too."""
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelUse:
    """One indication on the label."""

    indication: str
    routes: tuple[Route, ...]
    population: str | None = None
    from_age_year: float | None = None
    jurisdictions: tuple[Jurisdiction, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelDose:
    """The label's dose for one use, in its own terms and in numbers where it prints them."""

    indication: str
    route: Route
    text: str
    dose_g_per_kg_low: float | None = None
    dose_g_per_kg_high: float | None = None
    interval_day_low: float | None = None
    interval_day_high: float | None = None
    total_g_per_kg: float | None = None
    split_days_low: int | None = None
    split_days_high: int | None = None
    monthly_g_per_kg_low: float | None = None
    monthly_g_per_kg_high: float | None = None
    jurisdictions: tuple[Jurisdiction, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Excipient:
    """An ingredient besides IgG; ``unit`` belongs to the amounts."""

    name: str
    amount: float | None = None
    amount_low: float | None = None
    amount_high: float | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contains:
    """Whether an ingredient that can harm someone is present; None is unknown, never cleared."""

    sucrose: bool | None = None
    maltose: bool | None = None
    sorbitol: bool | None = None
    glucose: bool | None = None
    proline: bool | None = None
    polysorbate_80: bool | None = None
    hyaluronidase: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """A specification: a maximum is never compared with an average.

    ``text`` holds the source's words when it prints no number, e.g. "none added".
    """

    low: float | None = None
    high: float | None = None
    average: float | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contraindication:
    """Who must not have this product; ``when`` is asked of the patient."""

    text: str
    when: Test
    severity: Literal["stop", "caution"] = "stop"


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteBand:
    """Subcutaneous limits for some patients (by indication, weight or age)."""

    text: str
    indications: tuple[str, ...] = ()
    when: Test | None = None
    volume_first_mL_per_site: float | None = None
    volume_max_mL_per_site: float | None = None
    rate_first_mL_per_h_per_site: float | None = None
    rate_max_mL_per_h_per_site: float | None = None
    rate_max_mL_per_h: float | None = None
    sites_max: int | None = None
    jurisdictions: tuple[Jurisdiction, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RampStep:
    """One infusion of a ramp-up: which week, and what fraction of the full dose."""

    week: int
    fraction: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FacilitatedRules:
    """Hyaluronidase-facilitated subcutaneous use."""

    hyaluronidase_U_per_g: Cited[float] | None = None
    ramp_up_q4w: Cited[tuple[RampStep, ...]] | None = None
    ramp_up_q3w: Cited[tuple[RampStep, ...]] | None = None
    rates_from_40_kg_first_mL_per_h_per_site: Cited[tuple[float, ...]] | None = None
    rates_from_40_kg_later_mL_per_h_per_site: Cited[tuple[float, ...]] | None = None
    rates_below_40_kg_first_mL_per_h_per_site: Cited[tuple[float, ...]] | None = None
    rates_below_40_kg_later_mL_per_h_per_site: Cited[tuple[float, ...]] | None = None
    step_min: Cited[float] | None = None
    sites_max: Cited[int] | None = None
    volume_max_from_40_kg_mL_per_site: Cited[float] | None = None
    volume_max_at_three_sites_mL_per_site: Cited[float] | None = None
    volume_max_below_40_kg_mL_per_site: Cited[float] | None = None
    daily_max_from_40_kg_mL: Cited[float] | None = None
    daily_max_below_40_kg_mL: Cited[float] | None = None
    order: Cited[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """One printed result, e.g. a half-life: what, which statistic, and its unit."""

    name: str
    unit: str
    statistic: str | None = None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    n: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """Results printed in the label or a paper about this product."""

    name: str
    population: str | None = None
    n: int | None = None
    results: tuple[Measurement, ...] = ()
    reactions_listed: tuple[str, ...] = ()
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Interaction:
    """What the product does to another agent or test."""

    agent: str
    effect: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """One product on one market."""

    id: str
    name: str
    kind: Literal["ivig", "scig", "fscig"]
    jurisdictions: tuple[Jurisdiction, ...]
    market: Cited[Market]
    proper_name: Cited[str] | None = None
    manufacturer: Cited[str] | None = None
    routes: Cited[tuple[Route, ...]]
    dosage_form: Cited[str] | None = None
    igg_mg_per_mL: Cited[float] | None = None
    vials: Cited[tuple[Vial, ...]] | None = None
    uses: tuple[Cited[LabelUse], ...] = ()
    doses: tuple[Cited[LabelDose], ...] = ()
    rates: tuple[RateLadder, ...] = ()
    sites: tuple[Cited[SiteBand], ...] = ()
    sc_frequency: Cited[str] | None = None
    facilitated: FacilitatedRules | None = None
    iv_to_sc_factor: Cited[float] | None = None
    iv_to_sc_note: Cited[str] | None = None
    contains: Cited[Contains]
    excipients: Cited[tuple[Excipient, ...]] | None = None
    sugar: Cited[Excipient] | None = None
    sodium_mmol_per_L: Cited[Amount] | None = None
    iga_ug_per_mL: Cited[Amount] | None = None
    osmolality_mOsm_per_kg: Cited[Amount] | None = None
    ph: Cited[Amount] | None = None
    igg_purity_percent: Cited[Amount] | None = None
    monomer_dimer: Cited[str] | None = None
    subclass_percent: Cited[tuple[Measurement, ...]] | None = None
    isoagglutinin_control: Cited[str] | None = None
    fxia_control: Cited[str] | None = None
    process: Cited[str] | None = None
    viral_steps: Cited[tuple[str, ...]] | None = None
    pool_donors_min: Cited[int] | None = None
    storage: Cited[str] | None = None
    latex_free: Cited[bool] | None = None
    boxed_warnings: Cited[tuple[str, ...]] | None = None
    contraindications: tuple[Cited[Contraindication], ...] = ()
    interactions: tuple[Cited[Interaction], ...] = ()
    pharmacokinetics: tuple[Cited[Study], ...] = ()
    adverse_reactions: tuple[Cited[Study], ...] = ()
    antibody_titres: tuple[Cited[Measurement], ...] = ()
    conflicts: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()


def label_use(
    product: Product, uses: Sequence[str], route: Route, jurisdiction: str
) -> Cited[LabelUse] | None:
    """The label's entry for the first of ``uses`` (an indication, then what covers it)."""
    market = _market(product, jurisdiction)
    for use in uses:
        for cited in product.uses:
            entry = cited.value
            here = not entry.jurisdictions or market in entry.jurisdictions
            if entry.indication == use and route in entry.routes and here:
                return cited
    return None


def rates_for(
    product: Product, uses: Sequence[str], jurisdiction: str
) -> tuple[RateLadder | None, bool]:
    """The label's rates for a use, and whether the label gives them for that use.

    When the label of this market has none for the use, the ladder with the lowest maximum is
    taken, of another market if need be: the most careful reading of what is known.
    """
    made_up = None if product.igg_mg_per_mL is None else product.igg_mg_per_mL.value
    ladders = [rates for rates in product.rates if rates.for_mg_per_mL in (None, made_up)]
    market = _market(product, jurisdiction)
    here = [rates for rates in ladders if not rates.jurisdictions or market in rates.jurisdictions]
    for use in uses:
        for ladder in here:
            if use in ladder.indications:
                return ladder, True
    lowest = min(
        here or ladders, key=lambda rates: rates.maximum.value.rate_mL_per_kg_per_h, default=None
    )
    return lowest, False


def sold_in(product: Product, jurisdiction: str) -> bool:
    """Whether the product's label is of this market; ca-on reads a Canadian label."""
    return jurisdiction.split("-")[0] in product.jurisdictions


def _market(product: Product, jurisdiction: str) -> str:
    """Whose label is read: this market's, else the first the product is sold in."""
    return jurisdiction if sold_in(product, jurisdiction) else product.jurisdictions[0]


def site_band(
    product: Product, uses: Sequence[str], patient: Patient, jurisdiction: str
) -> Cited[SiteBand] | None:
    """The label's subcutaneous limits for this use, patient and market."""
    market = _market(product, jurisdiction)
    fitting = [
        cited
        for cited in product.sites
        if (not cited.value.indications or set(cited.value.indications) & set(uses))
        and (not cited.value.jurisdictions or market in cited.value.jurisdictions)
        and (cited.value.when is None or ask(cited.value.when, patient) == "met")
    ]
    return fitting[0] if fitting else None
