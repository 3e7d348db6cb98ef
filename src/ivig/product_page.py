"""Everything known of one product, and all that is unknown or only recalled."""

from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, cast

from ivig.cited import Citation, Cited
from ivig.codec import walk
from ivig.criterion import Test
from ivig.fit import amount_words, use_name
from ivig.product import (
    Amount,
    Contains,
    Contraindication,
    Excipient,
    LabelDose,
    LabelUse,
    Measurement,
    Product,
    RateLadder,
    RatePoint,
    Study,
    Vial,
)
from ivig.product_gaps import field_name, gaps_of


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLine:
    """One thing known, under a label."""

    label: str
    text: str
    citations: tuple[Citation, ...] = ()
    references: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSection:
    """Lines under a title."""

    title: str
    lines: tuple[PageLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductPage:
    """One product for people; ``unknown`` and ``recalled`` are in words."""

    id: str
    name: str
    sections: tuple[PageSection, ...]
    conflicts: tuple[str, ...]
    unknown: tuple[str, ...]
    recalled: tuple[str, ...]


_SECTIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "Product",
        (
            "market",
            "proper_name",
            "manufacturer",
            "routes",
            "dosage_form",
            "igg_mg_per_mL",
            "vials",
            "storage",
            "pool_donors_min",
        ),
    ),
    (
        "Composition",
        (
            "contains",
            "excipients",
            "sugar",
            "sodium_mmol_per_L",
            "iga_ug_per_mL",
            "osmolality_mOsm_per_kg",
            "ph",
            "igg_purity_percent",
            "monomer_dimer",
            "subclass_percent",
            "isoagglutinin_control",
            "fxia_control",
            "process",
            "viral_steps",
            "latex_free",
            "antibody_titres",
        ),
    ),
    ("Label", ("uses", "doses", "boxed_warnings", "contraindications", "interactions")),
    (
        "Rates and sites",
        ("rates", "sites", "sc_frequency", "facilitated", "iv_to_sc_factor", "iv_to_sc_note"),
    ),
    ("Studies", ("pharmacokinetics", "adverse_reactions")),
)
_UNITS = {
    "_mL_per_kg_per_h": "mL/kg/h",
    "_mg_per_kg_per_min": "mg/kg/min",
    "_mL_per_h_per_site": "mL/h a site",
    "_mL_per_site": "mL a site",
    "_mL_per_h": "mL/h",
    "_U_per_g": "U/g",
    "_g_per_kg": "g/kg",
    "_year": "years",
    "_min": "min",
    "_mL": "mL",
    "_g": "g",
    "_U": "U",
}


def product_page(product: Product) -> ProductPage:
    """Every field of a product in words, then the empty and the recalled ones."""
    sections: list[PageSection] = []
    for title, names in _SECTIONS:
        lines = [line for name in names for line in _lines(product, name)]
        if lines:
            sections.append(PageSection(title=title, lines=tuple(lines)))
    return ProductPage(
        id=product.id,
        name=product.name,
        sections=tuple(sections),
        conflicts=product.conflicts,
        unknown=gaps_of(product),
        recalled=_recalled(product),
    )


def _lines(product: Product, name: str) -> list[PageLine]:
    value = getattr(product, name)
    label = field_name(name)
    if value is None or value == ():
        return []
    if name == "rates":
        return [line for ladder in product.rates for line in _ladder(ladder)]
    if name == "facilitated":
        return [_line(field_name(f.name), getattr(value, f.name)) for f in _given(value)]
    facts = cast(tuple[Cited[Any], ...], value if isinstance(value, tuple) else (value,))
    return [_line(label, fact, unit=_unit_of(name)) for fact in facts]


def _given(value: Any) -> list[Any]:
    return [field for field in fields(value) if getattr(value, field.name) is not None]


def _line(label: str, fact: Cited[Any], *, unit: str = "") -> PageLine:
    text = _words(fact.value, unit)
    text += f" — {fact.note}" if fact.note else ""
    return PageLine(label=label, text=text, citations=(fact.citation,))


def _ladder(ladder: RateLadder) -> list[PageLine]:
    """A rate ladder: each of its facts on a line."""
    where = f" ({'/'.join(ladder.jurisdictions)})" if ladder.jurisdictions else ""
    what = f"{', '.join(use_name(name) for name in ladder.indications)}{where}"
    what += f", at {ladder.for_mg_per_mL:g} mg/mL" if ladder.for_mg_per_mL else ""
    named = (
        ("first rate", ladder.initial),
        ("highest rate", ladder.maximum),
        ("steps", ladder.steps),
        ("a step lasts", ladder.step_min),
        ("raise", ladder.increment),
        ("highest while new to the product", ladder.new_patient_maximum),
        ("highest at renal or thrombotic risk", ladder.risk_cap),
        ("at risk", ladder.risk_text),
    )
    lines = [
        _line(f"{what}: {name}", fact, unit="min" if name == "a step lasts" else "")
        for name, fact in named
        if fact is not None
    ]
    return lines + ([PageLine(label=f"{what}: note", text=ladder.note)] if ladder.note else [])


def _unit_of(name: str) -> str:
    units = {
        "igg_mg_per_mL": "mg/mL",
        "iga_ug_per_mL": "µg/mL",
        "sodium_mmol_per_L": "mmol/L",
        "osmolality_mOsm_per_kg": "mOsm/kg",
        "igg_purity_percent": "%",
    }
    return units.get(name, "")


def _words(value: Any, unit: str = "") -> str:
    """A value in words."""
    tail = f" {unit}" if unit else ""
    for kind, describe in _DESCRIBED:
        if isinstance(value, kind):
            return describe(value)
    if isinstance(value, Amount):
        return amount_words(value, unit)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return f"{value:g}{tail}"
    if isinstance(value, str):
        return value
    if isinstance(value, tuple):
        items = cast(tuple[Any, ...], value)
        if unit and len(items) == 2 and items[0] == items[1]:
            return _words(items[0], unit)
        joiner = "–" if unit and len(items) == 2 else "; "
        return joiner.join(_words(item) for item in items) + (tail if unit else "")
    return _fields(value)


def _fields(value: Any) -> str:
    """A small record: its fields with their units, what is absent left out."""
    parts: list[str] = []
    for field in _given(value):
        item = getattr(value, field.name)
        if item == () or isinstance(item, Test):
            continue
        suffix = next((suffix for suffix in _UNITS if field.name.endswith(suffix)), "")
        name = field.name.removesuffix(suffix).replace("_", " ")
        if field.name in ("text", "name", "effect", "agent"):
            parts.append(str(item))
        elif isinstance(item, tuple):
            parts.append(f"{name}: {_words(item)}")
        else:
            parts.append(f"{name} {_words(item, _UNITS.get(suffix, ''))}")
    return "; ".join(parts)


def _vial(vial: Vial) -> str:
    enzyme = "" if vial.hyaluronidase_U is None else f" + {vial.hyaluronidase_U:g} U hyaluronidase"
    return f"{vial.amount_g:g} g in {vial.volume_mL:g} mL{enzyme}"


def _rate(point: RatePoint) -> str:
    parts = [f"{point.rate_mL_per_kg_per_h:g} mL/kg/h"]
    if point.rate_mg_per_kg_per_min is not None:
        parts.append(f"({point.rate_mg_per_kg_per_min:g} mg/kg/min)")
    if point.duration_min is not None:
        parts.append(f"for {point.duration_min:g} min")
    return " ".join(parts)


def _use(use: LabelUse) -> str:
    parts = [use_name(use.indication), f"by {', '.join(use.routes)}"]
    parts += [use.population] if use.population else []
    age = use.from_age_year
    parts.append("lowest age not read" if age is None else f"from {age:g} years")
    parts += ["/".join(use.jurisdictions)] if use.jurisdictions else []
    return ", ".join(parts)


def _dose(dose: LabelDose) -> str:
    where = f" ({'/'.join(dose.jurisdictions)})" if dose.jurisdictions else ""
    return f"{use_name(dose.indication)}, {dose.route}{where}: {dose.text}"


def _contraindication(rule: Contraindication) -> str:
    return f"{rule.text} ({rule.severity})"


def _contains(contains: Contains) -> str:
    groups = {True: "with", False: "without", None: "not known"}
    parts: list[str] = []
    for answer, word in groups.items():
        names = [f.name for f in fields(contains) if getattr(contains, f.name) is answer]
        if names:
            parts.append(f"{word}: {', '.join(names).replace('_', ' ')}")
    return "; ".join(parts)


def _excipient(item: Excipient) -> str:
    if item.amount is not None:
        return f"{item.name} {item.amount:g} {item.unit or ''}".rstrip()
    if item.amount_low is not None and item.amount_high is not None:
        return f"{item.name} {item.amount_low:g}–{item.amount_high:g} {item.unit or ''}".rstrip()
    return item.name


def _measurement(item: Measurement) -> str:
    words = "" if item.value is None else f" {item.value:g}"
    if item.low is not None and item.high is not None:
        words += f" ({item.low:g}–{item.high:g})"
    elif item.low is not None or item.high is not None:
        word, bound = ("from", item.low) if item.low is not None else ("up to", item.high)
        words += f" {word} {bound:g}"
    counted = "" if item.n is None else f", n = {item.n}"
    how = "" if item.statistic is None else f", {item.statistic}"
    return f"{item.name}{words} {item.unit}{how}{counted}".strip()


def _study(study: Study) -> str:
    n = "" if study.n is None else f"n = {study.n}"
    head = ", ".join(part for part in (study.name, study.population or "", n) if part)
    results = "; ".join(_measurement(one) for one in study.results)
    listed = f"listed: {', '.join(study.reactions_listed)}" if study.reactions_listed else ""
    rest = ". ".join(part for part in (results, listed, study.text or "") if part)
    return f"{head}: {rest}" if rest else head


_DESCRIBED: tuple[tuple[type, Callable[[Any], str]], ...] = (
    (Vial, _vial),
    (RatePoint, _rate),
    (LabelUse, _use),
    (LabelDose, _dose),
    (Contains, _contains),
    (Contraindication, _contraindication),
    (Excipient, _excipient),
    (Measurement, _measurement),
    (Study, _study),
)


def _recalled(product: Product) -> tuple[str, ...]:
    """Every fact that was not read in its source, by the field it stands in."""
    found: dict[str, None] = {}
    for path, value in walk(product):
        if isinstance(value, Cited) and cast(Cited[Any], value).basis in ("recalled", "assumed"):
            basis = cast(Cited[Any], value).basis
            parts = [field_name(part) for part in path if isinstance(part, str) and part != "value"]
            label = ": ".join(dict.fromkeys(parts))
            item = cast(Cited[Any], value).value
            words = (
                f" ({_short(item)})" if not is_dataclass(item) or isinstance(item, LabelUse) else ""
            )
            found[f"{label}{words}{', assumed' if basis == 'assumed' else ''}"] = None
    return tuple(found)


def _short(value: Any) -> str:
    text = _words(value)
    return text if len(text) <= 60 else f"{text[:57].rsplit(' ', 1)[0]} …"
