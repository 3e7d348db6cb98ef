"""What the file of a product holds, said sentence by sentence."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from ivig.cited import Citation, Cited
from ivig.evidence.passage import Passage
from ivig.evidence.say_rate import rate_passages, site_passages
from ivig.evidence.sentence import (
    ROUTE_WORDS,
    Sources,
    framed,
    inside,
    listed,
    number,
    passage,
    plain_name,
    section_of,
    short_names,
)
from ivig.indication import Indication
from ivig.patient import Route
from ivig.product import (
    Amount,
    Contains,
    Excipient,
    Jurisdiction,
    Market,
    Measurement,
    Product,
    Study,
)
from ivig.statement import Topic

_MARKETS: dict[Market, str] = {
    "marketed": "is on the market",
    "limited": "is in limited supply",
    "planned": "is not yet on the market",
    "discontinued": "is discontinued",
}
_PLACES: dict[Jurisdiction, str] = {
    "us": "the United States",
    "eu": "the European Union",
    "uk": "the United Kingdom",
    "au": "Australia",
    "ca": "Canada",
}


def product_passages(
    products: Iterable[Product], indications: Iterable[Indication], sources: Sources
) -> tuple[Passage, ...]:
    """Every fact of every product as a passage; its id is the file and the place in it."""
    # A label's "ITP" is not only the adult's: its own words say which patients.
    short = short_names(indications)
    names = {key: name.removesuffix(" in adults") for key, name in short.items()}
    found: list[Passage] = []
    for product in products:
        found += _identity(product, sources)
        found += _uses(product, names, sources)
        found += rate_passages(product, names, sources)
        found += site_passages(product, sources)
        found += _composition(product, sources)
        found += _more_composition(product, sources)
        found += _making(product, sources)
        found += _warnings(product, sources)
        found += _studies(product, sources)
    return tuple(found)


def _say(
    product: Product,
    part: str,
    text: str,
    citations: Sequence[Citation],
    sources: Sources,
    *topics: Topic,
    indications: tuple[str, ...] = (),
    routes: tuple[Route, ...] = (),
) -> Passage:
    """A passage about a product: label, unless the source is a paper."""
    named = [sources[one.source] for one in citations if one.source is not None]
    research = bool(named) and section_of(named[0]) == "research"
    return passage(
        f"products/{product.id}#{part}",
        text,
        citations,
        sources,
        section="research" if research else "label",
        topics=topics,
        indications=indications,
        products=(product.id,),
        routes=routes,
    )


def _identity(product: Product, sources: Sources) -> Iterator[Passage]:
    name = plain_name(product.name)
    routes = listed(ROUTE_WORDS[route] for route in product.routes.value)
    facts = [product.routes.citation]
    text = f"{name} is an immunoglobulin for {routes} use"
    if product.igg_mg_per_mL is not None:
        text = f"{text}, {number(product.igg_mg_per_mL.value)} mg/mL of IgG"
        facts.append(product.igg_mg_per_mL.citation)
    if product.dosage_form is not None:
        text = f"{text}, {inside(product.dosage_form.value)}"
        facts.append(product.dosage_form.citation)
    if product.manufacturer is not None:
        text = f"{text}, made by {product.manufacturer.value}"
        facts.append(product.manufacturer.citation)
    yield _say(product, "what", text, facts, sources, "what_is", "composition")
    where = listed(_PLACES[place] for place in product.jurisdictions)
    yield _say(
        product,
        "market",
        f"{name} {_MARKETS[product.market.value]} in {where}",
        [product.market.citation],
        sources,
        "approval",
        "access",
    )
    if product.vials is not None:
        sizes = listed(
            f"{number(vial.amount_g)} g ({number(vial.volume_mL)} mL)"
            for vial in product.vials.value
        )
        text = f"{name} comes in {sizes}"
        yield _say(
            product, "vials", text, [product.vials.citation], sources, "preparation", "composition"
        )


def _uses(product: Product, names: Mapping[str, str], sources: Sources) -> Iterator[Passage]:
    name = plain_name(product.name)
    for i, fact in enumerate(product.uses, 1):
        use = fact.value
        routes = listed(ROUTE_WORDS[route] for route in use.routes)
        text = f"{name} is labelled for {inside(names[use.indication])} ({routes})"
        places = use.jurisdictions or product.jurisdictions
        text = f"{text} in {listed(_PLACES[place] for place in places)}"
        if use.population is not None:
            text = f"{text}: {inside(use.population)}"
        elif use.from_age_year is not None:
            text = f"{text}, from {number(use.from_age_year)} years of age"
        yield _say(
            product,
            f"use.{use.indication}.{i}",
            text,
            [fact.citation],
            sources,
            "approval",
            "indicated",
            indications=(use.indication,),
            routes=use.routes,
        )
    for i, dosing in enumerate(product.doses, 1):
        dose = dosing.value
        head = (
            f"{name}, label dose for {inside(names[dose.indication])} ({ROUTE_WORDS[dose.route]})"
        )
        topics: tuple[Topic, ...] = ("dose", "interval") if "every" in dose.text else ("dose",)
        yield _say(
            product,
            f"dose.{dose.indication}.{i}",
            framed(head, dose.text),
            [dosing.citation],
            sources,
            *topics,
            indications=(dose.indication,),
            routes=(dose.route,),
        )


def _composition(product: Product, sources: Sources) -> Iterator[Passage]:
    name = plain_name(product.name)
    yield _say(
        product, "contains", _contains(name, product.contains.value), [product.contains.citation],
        sources, "composition",
    )  # fmt: skip
    if product.excipients is not None:
        items = listed(_excipient(one) for one in product.excipients.value)
        text = f"{name}, stabiliser and other ingredients: {items}"
        yield _say(
            product, "excipients", text, [product.excipients.citation], sources, "composition"
        )
    if product.sugar is not None:
        sugar = product.sugar.value
        text = f"{name} contains no sugar"
        if sugar.name != "none":
            text = f"{name} contains sugar: {_excipient(sugar)}"
        yield _say(product, "sugar", text, [product.sugar.citation], sources, "composition")
    amounts: tuple[tuple[str, str, str, Cited[Amount] | None], ...] = (
        ("iga", "IgA", "µg/mL", product.iga_ug_per_mL),
        ("sodium", "sodium", "mmol/L", product.sodium_mmol_per_L),
        ("osmolality", "osmolality", "mOsm/kg", product.osmolality_mOsm_per_kg),
        ("ph", "pH", "", product.ph),
        ("purity", "IgG purity", "%", product.igg_purity_percent),
    )
    for part, words, unit, fact in amounts:
        if fact is not None:
            text = f"{name}, {words}: {_amount(fact.value, unit)}"
            yield _say(product, part, text, [fact.citation], sources, "composition")


def _more_composition(product: Product, sources: Sources) -> Iterator[Passage]:
    name = plain_name(product.name)
    if product.subclass_percent is not None and product.subclass_percent.value:
        shares = "; ".join(_measurement(one) for one in product.subclass_percent.value)
        text = f"{name}, IgG subclasses: {shares}"
        yield _say(
            product, "subclasses", text, [product.subclass_percent.citation], sources, "composition"
        )
    if product.latex_free is not None:
        held = "is latex-free" if product.latex_free.value else "is not free of latex"
        yield _say(
            product,
            "latex",
            f"{name} {held}",
            [product.latex_free.citation],
            sources,
            "composition",
        )


def _contains(name: str, contains: Contains) -> str:
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
    if not unknown:
        return text
    whether = f"whether it contains {listed(unknown, 'or')} is not known"
    return f"{text}; {whether}" if parts else f"{name}: {whether}"


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


def _making(product: Product, sources: Sources) -> Iterator[Passage]:
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
    for part, words, fact, topics in texts:
        if fact is not None:
            text = framed(f"{name}, {words}", fact.value)
            yield _say(product, part, text, [fact.citation], sources, *topics)
    if product.viral_steps is not None:
        text = f"{name}, steps against viruses: {listed(product.viral_steps.value)}"
        steps = product.viral_steps.citation
        yield _say(product, "viral_steps", text, [steps], sources, "how_made", "infection_risk")
    if product.pool_donors_min is not None:
        donors = product.pool_donors_min
        text = f"{name} is made from the pooled plasma of at least {number(donors.value)} donors"
        yield _say(product, "pool", text, [donors.citation], sources, "how_made")


def _warnings(product: Product, sources: Sources) -> Iterator[Passage]:
    name = plain_name(product.name)
    if product.boxed_warnings is not None:
        boxed = product.boxed_warnings
        text = f"{name}, boxed warning: {listed(boxed.value)}"
        yield _say(product, "boxed_warning", text, [boxed.citation], sources, "side_effect")
    for i, bar in enumerate(product.contraindications, 1):
        word = "contraindication" if bar.value.severity == "stop" else "caution"
        text = framed(f"{name}, {word}", bar.value.text)
        yield _say(
            product, f"contraindication.{i}", text, [bar.citation], sources, "contraindication"
        )
    for i, fact in enumerate(product.interactions, 1):
        agent = fact.value.agent
        topic: Topic = "preparation"
        if "vaccine" in agent:
            topic = "vaccine"
        elif "test" in agent or "glucose" in agent:
            topic = "lab_test"
        text = framed(f"{name} and {inside(agent)}", fact.value.effect)
        yield _say(product, f"interaction.{i}", text, [fact.citation], sources, topic)


def _studies(product: Product, sources: Sources) -> Iterator[Passage]:
    name = plain_name(product.name)
    for part, topic, studies in (
        ("pharmacokinetics", "how_it_works", product.pharmacokinetics),
        ("adverse_reactions", "side_effect", product.adverse_reactions),
    ):
        topics: tuple[Topic, ...] = (
            ("side_effect",) if topic == "side_effect" else ("how_it_works",)
        )
        for i, fact in enumerate(studies, 1):
            said = _study(name, fact.value)
            if said is not None:
                yield _say(product, f"{part}.{i}", said, [fact.citation], sources, *topics)


def _study(name: str, study: Study) -> str | None:
    who = [study.population] if study.population else []
    who += [f"{study.n} subjects"] if study.n is not None else []
    about = f" ({', '.join(who)})" if who else ""
    parts = [_measurement(one) for one in study.results]
    if study.reactions_listed:
        parts.append(", ".join(study.reactions_listed))
    if study.text is not None:
        parts.append(study.text)
    title = inside(study.name.replace(": ", ", "))
    head = title if title.startswith(name) else f"{name}, {title}"
    return f"{head}{about}: {'; '.join(parts)}" if parts else None


def _measurement(one: Measurement) -> str:
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
