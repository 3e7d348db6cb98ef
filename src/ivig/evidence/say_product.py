"""What the file of a product holds, said sentence by sentence."""

from collections.abc import Iterable, Iterator, Mapping

from ivig.evidence import plain_product
from ivig.evidence.passage import Passage
from ivig.evidence.patient_words import PatientWords
from ivig.evidence.say_composition import composition, making, measurement
from ivig.evidence.say_rate import rate_passages, site_passages
from ivig.evidence.sentence import (
    ROUTE_WORDS,
    Sources,
    about_product,
    framed,
    inside,
    listed,
    number,
    plain_name,
    short_names,
)
from ivig.indication import Indication
from ivig.product import (
    Jurisdiction,
    Market,
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
    products: Iterable[Product],
    indications: Iterable[Indication],
    sources: Sources,
    words: PatientWords | None = None,
) -> tuple[Passage, ...]:
    """Every fact of every product as a passage; its id is the file and the place in it."""
    # A label's "ITP" is not only the adult's: its own words say which patients.
    short = short_names(indications)
    names = {key: name.removesuffix(" in adults") for key, name in short.items()}
    patient = words or PatientWords()
    found: list[Passage] = []
    for product in products:
        found += _identity(product, sources, patient)
        found += _uses(product, names, sources, patient)
        found += rate_passages(product, names, sources, patient)
        found += site_passages(product, sources, patient)
        found += composition(product, sources, patient)
        found += making(product, sources, patient)
        found += _warnings(product, sources, patient)
        found += _studies(product, sources, patient)
    return tuple(found)


def _identity(product: Product, sources: Sources, words: PatientWords) -> Iterator[Passage]:
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
    yield about_product(
        product, "what", text, facts, sources, "what_is", "composition",
        plain=plain_product.what(product, words),
    )  # fmt: skip
    where = listed(_PLACES[place] for place in product.jurisdictions)
    yield about_product(
        product,
        "market",
        f"{name} {_MARKETS[product.market.value]} in {where}",
        [product.market.citation],
        sources,
        "approval",
        "access",
        plain=plain_product.market(product),
    )
    if product.vials is not None:
        sizes = listed(
            f"{number(vial.amount_g)} g ({number(vial.volume_mL)} mL)"
            for vial in product.vials.value
        )
        text = f"{name} comes in {sizes}"
        yield about_product(
            product, "vials", text, [product.vials.citation], sources, "preparation",
            "composition", plain=plain_product.vials(name, product.vials.value),
        )  # fmt: skip


def _uses(
    product: Product, names: Mapping[str, str], sources: Sources, words: PatientWords
) -> Iterator[Passage]:
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
        yield about_product(
            product,
            f"use.{use.indication}.{i}",
            text,
            [fact.citation],
            sources,
            "approval",
            "indicated",
            plain=plain_product.use(product, use, words),
            indications=(use.indication,),
            routes=use.routes,
        )
    yield from _doses(product, names, sources, words)


def _doses(
    product: Product, names: Mapping[str, str], sources: Sources, words: PatientWords
) -> Iterator[Passage]:
    name = plain_name(product.name)
    for i, dosing in enumerate(product.doses, 1):
        dose = dosing.value
        head = (
            f"{name}, label dose for {inside(names[dose.indication])} ({ROUTE_WORDS[dose.route]})"
        )
        topics: tuple[Topic, ...] = ("dose", "interval") if "every" in dose.text else ("dose",)
        yield about_product(
            product,
            f"dose.{dose.indication}.{i}",
            framed(head, dose.text),
            [dosing.citation],
            sources,
            *topics,
            plain=plain_product.dose(product, dose, words),
            indications=(dose.indication,),
            routes=(dose.route,),
        )


def _warnings(product: Product, sources: Sources, words: PatientWords) -> Iterator[Passage]:
    name = plain_name(product.name)
    if product.boxed_warnings is not None:
        boxed = product.boxed_warnings
        text = f"{name}, boxed warning: {listed(boxed.value)}"
        told = plain_product.boxed_warning(name, boxed.value, words)
        yield about_product(
            product, "boxed_warning", text, [boxed.citation], sources, "side_effect", plain=told
        )
    for i, bar in enumerate(product.contraindications, 1):
        kind = "contraindication" if bar.value.severity == "stop" else "caution"
        text = framed(f"{name}, {kind}", bar.value.text)
        yield about_product(
            product, f"contraindication.{i}", text, [bar.citation], sources, "contraindication",
            plain=plain_product.contraindication(name, bar.value, words),
        )  # fmt: skip
    for i, fact in enumerate(product.interactions, 1):
        agent = fact.value.agent
        topic: Topic = "preparation"
        if "vaccine" in agent:
            topic = "vaccine"
        elif "test" in agent or "glucose" in agent:
            topic = "lab_test"
        text = framed(f"{name} and {inside(agent)}", fact.value.effect)
        told = plain_product.interaction(name, fact.value, words)
        yield about_product(
            product, f"interaction.{i}", text, [fact.citation], sources, topic, plain=told
        )


def _studies(product: Product, sources: Sources, words: PatientWords) -> Iterator[Passage]:
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
                told = plain_product.study(name, fact.value, words)
                yield about_product(
                    product, f"{part}.{i}", said, [fact.citation], sources, *topics, plain=told
                )


def _study(name: str, study: Study) -> str | None:
    who = [study.population] if study.population else []
    who += [f"{study.n} subjects"] if study.n is not None else []
    about = f" ({', '.join(who)})" if who else ""
    parts = [measurement(one) for one in study.results]
    if study.reactions_listed:
        parts.append(", ".join(study.reactions_listed))
    if study.text is not None:
        parts.append(study.text)
    title = inside(study.name.replace(": ", ", "))
    head = title if title.startswith(name) else f"{name}, {title}"
    return f"{head}{about}: {'; '.join(parts)}" if parts else None
