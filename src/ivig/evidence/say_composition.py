"""What is in a product and how it is made and kept, said sentence by sentence."""

from collections.abc import Iterator

from ivig.cited import Cited
from ivig.evidence import plain_product
from ivig.evidence.passage import Passage
from ivig.evidence.patient_words import PatientWords, plain
from ivig.evidence.sentence import (
    Sources,
    about_product,
    framed,
    listed,
    number,
    plain_name,
)
from ivig.product import Amount, Contains, Excipient, Measurement, Product
from ivig.statement import Topic


def composition(product: Product, sources: Sources, words: PatientWords) -> Iterator[Passage]:
    """Sugar, IgA, sodium and what else is in the vial."""
    name = plain_name(product.name)
    contains = product.contains
    text, told = _contains(name, contains.value)
    yield about_product(
        product, "contains", text, [contains.citation], sources, "composition", plain=told
    )
    if product.excipients is not None:
        several = [_excipient(one) for one in product.excipients.value]
        text = f"{name}, stabiliser and other ingredients: {listed(several)}"
        told = plain_product.excipients(name, several, words)
        yield about_product(
            product, "excipients", text, [product.excipients.citation], sources, "composition",
            plain=told,
        )  # fmt: skip
    if product.sugar is not None:
        sugar = product.sugar.value
        text = f"{name} contains no sugar"
        if sugar.name != "none":
            text = f"{name} contains sugar: {_excipient(sugar)}"
        told = plain_product.sugar(name, sugar, words)
        yield about_product(
            product, "sugar", text, [product.sugar.citation], sources, "composition", plain=told
        )
    yield from _amounts(product, sources, words)
    yield from _more_composition(product, sources, words)


def _amounts(product: Product, sources: Sources, words: PatientWords) -> Iterator[Passage]:
    name = plain_name(product.name)
    amounts: tuple[tuple[str, str, str, Cited[Amount] | None], ...] = (
        ("iga", "IgA", "µg/mL", product.iga_ug_per_mL),
        ("sodium", "sodium", "mmol/L", product.sodium_mmol_per_L),
        ("osmolality", "osmolality", "mOsm/kg", product.osmolality_mOsm_per_kg),
        ("ph", "pH", "", product.ph),
        ("purity", "IgG purity", "%", product.igg_purity_percent),
    )
    for part, what, unit, fact in amounts:
        if fact is not None:
            text = f"{name}, {what}: {_amount(fact.value, unit)}"
            told = plain_product.amount(name, part, fact.value, words)
            yield about_product(
                product, part, text, [fact.citation], sources, "composition", plain=told
            )


def _more_composition(product: Product, sources: Sources, words: PatientWords) -> Iterator[Passage]:
    name = plain_name(product.name)
    if product.subclass_percent is not None and product.subclass_percent.value:
        shares = "; ".join(measurement(one) for one in product.subclass_percent.value)
        text = f"{name}, IgG subclasses: {shares}"
        told = plain(f"{name}, kinds of IgG: {shares.replace('; ', '. ')}", names=[name])
        yield about_product(
            product, "subclasses", text, [product.subclass_percent.citation], sources,
            "composition", plain=told,
        )  # fmt: skip
    if product.latex_free is not None:
        free = product.latex_free.value
        text = f"{name} {'is latex-free' if free else 'is not free of latex'}"
        told = plain_product.latex(name, free=free)
        yield about_product(
            product, "latex", text, [product.latex_free.citation], sources, "composition",
            plain=told,
        )  # fmt: skip


def _contains(name: str, contains: Contains) -> tuple[str, str | None]:
    """The ingredients that can harm someone, for a clinician and for a patient."""
    held = {
        "sucrose": contains.sucrose,
        "maltose": contains.maltose,
        "sorbitol": contains.sorbitol,
        "glucose": contains.glucose,
        "proline": contains.proline,
        "polysorbate 80": contains.polysorbate_80,
        "hyaluronidase": contains.hyaluronidase,
    }
    yes = [word for word, present in held.items() if present is True]
    no = [word for word, present in held.items() if present is False]
    unknown = [word for word, present in held.items() if present is None]
    parts = [f"contains {listed(yes)}"] if yes else []
    parts += [f"contains no {listed(no, 'or')}"] if no else []
    text = f"{name} {' and '.join(parts)}" if parts else f"{name}"
    told = plain_product.contains(name, yes, no, unknown)
    if not unknown:
        return text, told
    whether = f"whether it contains {listed(unknown, 'or')} is not known"
    return (f"{text}; {whether}" if parts else f"{name}: {whether}"), told


def _excipient(one: Excipient) -> str:
    unit = "" if one.unit is None else f" {one.unit}"
    text = one.name if one.amount is None else f"{one.name} {number(one.amount)}{unit}"
    if one.amount_low is None or one.amount_high is None:
        return text
    bounds = f"{number(one.amount_low)} to {number(one.amount_high)}{unit}"
    return f"{one.name} {bounds}" if one.amount is None else f"{text} ({bounds})"


def _amount(amount: Amount, unit: str) -> str:
    """A specification in words; a maximum, a minimum and an average are never mixed up."""
    end = unit if unit in ("", "%") else f" {unit}"
    parts: list[str] = []
    if amount.low is not None and amount.high is not None:
        parts.append(f"{number(amount.low)} to {number(amount.high)}{end}")
    elif amount.high is not None:
        parts.append(f"at most {number(amount.high)}{end}")
    elif amount.low is not None:
        parts.append(f"at least {number(amount.low)}{end}")
    if amount.average is not None:
        parts.append(f"{number(amount.average)}{end} on average")
    if amount.text is not None:
        parts.append(amount.text)
    return ", ".join(parts)


def making(product: Product, sources: Sources, words: PatientWords) -> Iterator[Passage]:
    """How it is made, freed of viruses and stored."""
    name = plain_name(product.name)
    texts: tuple[tuple[str, str, Cited[str] | None, tuple[Topic, ...]], ...] = (
        ("monomer_dimer", "monomers and dimers", product.monomer_dimer, ("composition",)),
        (
            "isoagglutinins",
            "anti-A and anti-B",
            product.isoagglutinin_control,
            ("composition", "how_made"),
        ),
        ("fxia", "clotting factor XIa", product.fxia_control, ("composition", "how_made")),
        ("process", "how it is made", product.process, ("how_made",)),
        ("storage", "storage", product.storage, ("storage",)),
    )
    for part, what, fact, topics in texts:
        if fact is not None:
            text = framed(f"{name}, {what}", fact.value)
            told = plain_product.storage(name, fact.value, words) if part == "storage" else None
            yield about_product(product, part, text, [fact.citation], sources, *topics, plain=told)
    if product.viral_steps is not None:
        text = f"{name}, steps against viruses: {listed(product.viral_steps.value)}"
        steps = product.viral_steps.citation
        yield about_product(
            product, "viral_steps", text, [steps], sources, "how_made", "infection_risk"
        )
    if product.pool_donors_min is not None:
        donors = product.pool_donors_min
        text = f"{name} is made from the pooled plasma of at least {number(donors.value)} donors"
        told = plain_product.pool(name, donors.value)
        yield about_product(
            product, "pool", text, [donors.citation], sources, "how_made", plain=told
        )


def measurement(one: Measurement) -> str:
    """A printed result: name, value and unit, then the statistic with its bounds."""
    unit = "" if one.unit in ("", "count") else f" {one.unit}"
    unit = f"%{one.unit[1:]}" if one.unit.startswith("%") else unit
    statistic = "" if one.statistic is None else one.statistic.replace(" (range)", ", range")
    extra = " ".join(word for word in (statistic, _bounds(one)) if word)
    if one.value is None:
        return f"{one.name} {extra}{unit}" if extra else one.name
    text = f"{one.name} {number(one.value)}{unit}"
    return f"{text} ({extra})" if extra else text


def _bounds(one: Measurement) -> str:
    if one.low is not None and one.high is not None:
        return f"{number(one.low)} to {number(one.high)}"
    if one.low is not None:
        return f"at least {number(one.low)}"
    return "" if one.high is None else f"at most {number(one.high)}"
