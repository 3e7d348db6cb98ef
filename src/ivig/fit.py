"""How the composition of a product fits the risks of a patient: a penalty and a reason each.

A penalty orders products and is no probability. What is not known is never taken as good, and a
printed maximum is never set against a printed average.
"""

from dataclasses import dataclass

from ivig.cited import Citation, Cited
from ivig.criterion import has_condition
from ivig.product import Amount, Product, RateLadder, rates_for
from ivig.safety import RiskKind
from ivig.session import Need

HIGH_DOSE_G_PER_KG = 1.9  # 2 g/kg, less what rounding to vials may take away
HIGH_OSMOLALITY_MOSM_PER_KG = 400.0  # ours (assumed): plasma is about 290
HIGH_SODIUM_MMOL_PER_L = 70.0  # ours (assumed): about half of plasma
LOW_IGA_UG_PER_ML = 10.0  # ours (assumed)
_ASSUMED = Citation(source=None, basis="assumed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """One point of fit; ``penalty_fraction`` 0 is good, 1 and more bad or not known."""

    penalty_fraction: float
    text: str
    citations: tuple[Citation, ...] = ()


def risk_fit(need: Need, product: Product) -> tuple[Fit, ...]:
    """Every point of fit that a risk of this patient makes matter, in the order of importance."""
    found: list[Fit] = []
    if _at_risk(need, "renal"):
        found.append(_sucrose(product))
    if _at_risk(need, "renal") or _at_risk(need, "thrombosis"):
        found += [_osmolality(product), *_rate_cap(need, product)]
    if _at_risk(need, "volume"):
        found += [_volume(product), _sodium(product)]
    blood = need.risks.get("haemolysis")
    open_group = blood is None or blood.answer != "not_met"
    if open_group and need.regimen.dose_g_per_kg >= HIGH_DOSE_G_PER_KG:
        found.append(_isoagglutinins(product))
    if "met" in (has_condition(need.patient, slug) for slug in ("iga_deficiency", "anti_iga")):
        found.append(_iga(product))
    return tuple(found)


def _at_risk(need: Need, kind: RiskKind) -> bool:
    risk = need.risks.get(kind)
    return risk is not None and risk.answer == "met"


def _sucrose(product: Product) -> Fit:
    present, known = product.contains.value.sucrose, product.contains.citation
    if present is None:
        text = "sucrose content not known: not cleared in renal risk"
        return Fit(penalty_fraction=1.0, text=text, citations=(known,))
    text = "contains sucrose (renal risk)" if present else "no sucrose (renal risk)"
    return Fit(
        penalty_fraction=2.0 if present else _doubt(known),
        text=f"{text}{_recalled(known)}",
        citations=(known,),
    )


def _doubt(citation: Citation) -> float:
    return 0.5 if citation.basis in ("recalled", "assumed") else 0.0


def _recalled(citation: Citation) -> str:
    return " (recalled, not read)" if citation.basis == "recalled" else ""


def _osmolality(product: Product) -> Fit:
    fact = product.osmolality_mOsm_per_kg
    highest = None if fact is None else _highest(fact.value)
    if fact is None or highest is None:
        return Fit(penalty_fraction=0.5, text="osmolality not known")
    high = highest > HIGH_OSMOLALITY_MOSM_PER_KG
    text = f"osmolality {amount_words(fact.value, 'mOsm/kg')}{_recalled(fact.citation)}"
    return Fit(
        penalty_fraction=1.0 if high else _doubt(fact.citation),
        text=f"{text}, high by our bound of {HIGH_OSMOLALITY_MOSM_PER_KG:g}" if high else text,
        citations=(fact.citation, _ASSUMED) if high else (fact.citation,),
    )


def _highest(amount: Amount) -> float | None:
    return amount.high if amount.high is not None else amount.average


def _rate_cap(need: Need, product: Product) -> tuple[Fit, ...]:
    """Whether the label prints a number for a patient at risk."""
    if need.regimen.route != "iv":
        return ()
    ladder, _ = rates_for(product, need.uses, need.jurisdiction)
    if ladder is None:
        return (Fit(penalty_fraction=0.5, text="no label rates known"),)
    return (_cap_of(ladder),)


def _cap_of(ladder: RateLadder) -> Fit:
    if ladder.risk_cap is None:
        text = "the label prints no rate in numbers for a patient at risk; the class cap is used"
        return Fit(penalty_fraction=0.25, text=text, citations=(ladder.maximum.citation,))
    cap = ladder.risk_cap
    text = f"the label caps the rate at risk: {cap.value.rate_mL_per_kg_per_h:g} mL/kg/h"
    return Fit(
        penalty_fraction=_doubt(cap.citation),
        text=f"{text}{_recalled(cap.citation)}",
        citations=(cap.citation,),
    )


def _volume(product: Product) -> Fit:
    fact = product.igg_mg_per_mL
    if fact is None:
        return Fit(penalty_fraction=1.0, text="concentration not known")
    if fact.value >= 100:
        text = f"{fact.value / 10:g} % solution: {1000 / fact.value:g} mL per gram"
        return Fit(penalty_fraction=0.0, text=text, citations=(fact.citation,))
    text = (
        f"{fact.value / 10:g} % solution: {100 / fact.value:.2g} times the volume of a 10 % one, in a "
        "patient at risk of overload"
    )
    return Fit(penalty_fraction=1.0, text=text, citations=(fact.citation,))


def _sodium(product: Product) -> Fit:
    fact = product.sodium_mmol_per_L
    highest = None if fact is None else _highest(fact.value)
    if fact is None or highest is None:
        if fact is None or not fact.value.text:
            return Fit(penalty_fraction=1.0, text="sodium not known: not cleared in volume risk")
        text = f"sodium in words only ({fact.value.text}){_recalled(fact.citation)}"
        return Fit(penalty_fraction=0.5, text=text, citations=(fact.citation,))
    high = highest > HIGH_SODIUM_MMOL_PER_L
    text = f"sodium {amount_words(fact.value, 'mmol/L')}{_recalled(fact.citation)}"
    return Fit(
        penalty_fraction=1.0 if high else _doubt(fact.citation),
        text=f"{text}, high by our bound of {HIGH_SODIUM_MMOL_PER_L:g}" if high else text,
        citations=(fact.citation, _ASSUMED) if high else (fact.citation,),
    )


def _isoagglutinins(product: Product) -> Fit:
    fact = product.isoagglutinin_control
    if fact is None:
        text = "isoagglutinin control not known (haemolysis risk at 2 g/kg)"
        return Fit(penalty_fraction=1.0, text=text)
    text = f"isoagglutinins are controlled{_recalled(fact.citation)} (haemolysis risk at 2 g/kg)"
    return Fit(penalty_fraction=_doubt(fact.citation), text=text, citations=(fact.citation,))


def _iga(product: Product) -> Fit:
    fact = product.iga_ug_per_mL
    if fact is None:
        return Fit(penalty_fraction=3.0, text="IgA content not known: not cleared for anti-IgA")
    words = f"IgA {amount_words(fact.value, 'µg/mL')}{_recalled(fact.citation)}"
    if fact.value.high is None:
        text = f"{words}; no maximum is known, so not comparable with a maximum"
        return Fit(penalty_fraction=2.0, text=text, citations=(fact.citation,))
    low = fact.value.high <= LOW_IGA_UG_PER_ML
    penalty = (0.0 if low else 1.0) + _doubt(fact.citation)
    return Fit(penalty_fraction=penalty, text=words, citations=(fact.citation,))


def amount_words(amount: Amount, unit: str) -> str:
    """A specification in words, its kind always said.

    >>> amount_words(Amount(high=25), "µg/mL"), amount_words(Amount(average=37), "µg/mL")
    ('at most 25 µg/mL', '37 µg/mL on average')
    >>> amount_words(Amount(low=240, high=300), "mOsm/kg"), amount_words(Amount(text="trace"), "x")
    ('240–300 mOsm/kg', 'trace')
    """
    tail = f" {unit}" if unit else ""
    parts: list[str] = []
    if amount.low is not None and amount.high is not None:
        parts.append(f"{amount.low:g}–{amount.high:g}{tail}")
    elif amount.high is not None:
        parts.append(f"at most {amount.high:g}{tail}")
    elif amount.low is not None:
        parts.append(f"at least {amount.low:g}{tail}")
    if amount.average is not None:
        parts.append(f"{amount.average:g}{tail} on average")
    if amount.text is not None:
        parts.append(amount.text if not parts else f"({amount.text})")
    return ", ".join(parts).replace(", (", " (") or "not known"


def comparable(facts: tuple[Cited[Amount] | None, ...]) -> bool:
    """Whether printed amounts may be set side by side: all maxima, or all averages."""
    known = [fact.value for fact in facts if fact is not None]
    maxima = [amount.high is not None for amount in known]
    averages = [amount.high is None and amount.average is not None for amount in known]
    return all(maxima) or all(averages)


def use_name(slug: str) -> str:
    """A labelled use as a reader writes it.

    >>> use_name("itp"), use_name("dermatomyositis"), use_name("hiv_child")
    ('ITP', 'dermatomyositis', 'hiv child')
    """
    return slug.upper() if len(slug) <= 4 else slug.replace("_", " ")
