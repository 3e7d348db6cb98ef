"""What the file of a product holds, as a patient is told it; None: not said plainly."""

import re
from collections.abc import Sequence

from ivig.evidence.patient_words import BY_ROUTE, PatientWords, in_turn, plain
from ivig.evidence.sentence import inside, listed, number, plain_name
from ivig.product import (
    Amount,
    Contraindication,
    Excipient,
    Interaction,
    Jurisdiction,
    LabelDose,
    LabelUse,
    Market,
    Measurement,
    Product,
    Study,
    Vial,
)

_PLACES: dict[Jurisdiction, str] = {
    "us": "the US",
    "eu": "the EU",
    "uk": "the UK",
    "au": "Australia",
    "ca": "Canada",
}
_MARKETS: dict[Market, str] = {
    "marketed": "is sold",
    "limited": "is in limited supply",
    "planned": "is not yet sold",
    "discontinued": "has been discontinued",
}


def what(product: Product, words: PatientWords) -> str | None:
    """What it is, how it is given, its strength, form and maker."""
    name, names = plain_name(product.name), [plain_name(product.name)]
    routes = listed(BY_ROUTE[route] for route in product.routes.value)
    parts = [f"{name} is an antibody product", f"it is given {routes}"]
    if product.igg_mg_per_mL is not None:
        parts.append(f"each mL has {number(product.igg_mg_per_mL.value)} mg of IgG")
    if product.dosage_form is not None:
        parts.append(f"it is {words.of(product.dosage_form.value)}")
    if product.manufacturer is not None:
        parts.append(f"it is made by {product.manufacturer.value}")
        names.append(product.manufacturer.value)
    return plain(*parts, names=names)


def market(product: Product) -> str | None:
    """Where it is sold."""
    name, where = plain_name(product.name), listed(_PLACES[one] for one in product.jurisdictions)
    return plain(f"{name} {_MARKETS[product.market.value]} in {where}", names=[name])


def vials(name: str, held: Sequence[Vial]) -> str | None:
    """The sizes: grams, then millilitres in the same order."""
    grams = listed(number(vial.amount_g) for vial in held)
    volumes = listed(number(vial.volume_mL) for vial in held)
    if not held[1:]:
        return plain(f"{name} comes in one size, of {grams} g in {volumes} mL", names=[name])
    return plain(f"{name} comes in {grams} g", f"these sizes hold {volumes} mL", names=[name])


def use(product: Product, use: LabelUse, words: PatientWords) -> str | None:
    """Which disease a label covers, where, by which route and in whom."""
    disease, name = words.names.get(use.indication), plain_name(product.name)
    where = listed(_PLACES[place] for place in use.jurisdictions or product.jurisdictions)
    routes = listed(BY_ROUTE[route] for route in use.routes)
    parts = [f"in {where}, the label of {name} covers {disease}", f"it is given {routes}"]
    if use.population is not None:
        whom = words.of(inside(use.population))
        parts.append(f"{'for whom' if _WHOM.match(whom) else 'this is noted'}: {whom}")
    elif use.from_age_year is not None:
        parts.append(f"this is from {number(use.from_age_year)} years of age")
    return plain(*parts, names=[name]) if disease else None


_WHOM = re.compile(r"adults|children|people|all ages|\d")


def dose(product: Product, dose: LabelDose, words: PatientWords) -> str | None:
    """The dose on the label, for each kg of body weight."""
    disease, text = words.names.get(dose.indication), words.of(dose.text)
    name = plain_name(product.name)
    about = f"the label dose of {name} for {disease} goes {BY_ROUTE[dose.route]}"
    told = f"it is {text}" if text[:1].isdigit() else text
    return plain(about, told, names=[name, "hyaluronidase"]) if disease else None


def contains(
    name: str, held: Sequence[str], not_held: Sequence[str], unknown: Sequence[str]
) -> str | None:
    """Which ingredients are in it, which are not, and which are unknown."""
    parts = [f"{name} contains {listed(held)}"] if held else []
    parts += [f"{'it' if held else name} contains no {listed(not_held, 'or')}"] if not_held else []
    if unknown:
        it = "it" if parts else name
        parts.append(f"it is not known if {it} contains {listed(unknown, 'or')}")
    return plain(*parts, names=[name, *held, *not_held, *unknown])


def excipients(name: str, several: Sequence[str], words: PatientWords) -> str | None:
    """What else is in it, two at a time."""
    told = in_turn(f"besides IgG, {name} has", "it also has", [words.of(one) for one in several], 2)
    return plain(*told, names=[name, "polysorbate"])


def sugar(name: str, sugar: Excipient, words: PatientWords) -> str | None:
    """Which sugar it contains, or none."""
    if sugar.name == "none":
        return plain(f"{name} contains no sugar", names=[name, "contains"])
    amount = "" if sugar.amount is None else f", {number(sugar.amount)} {sugar.unit or ''}"
    text = words.of(f"{sugar.name}{amount}")
    return plain(f"{name} contains sugar: {text}", names=[name, sugar.name, "contains"])


def amount(name: str, part: str, amount: Amount, words: PatientWords) -> str | None:
    """How much IgA, sodium or IgG; a maximum, a minimum and an average are never mixed up."""
    range_, average = _range(amount), amount.average
    if part == "purity":
        value = f"{range_ or f'on average {number(average or 0)}'}%"
        return plain(f"the IgG in {name} is {value} pure", names=[name])
    if part not in _SUBSTANCES:
        return None
    substance, unit, each = _SUBSTANCES[part]
    said = [f"each {each} of {name} has {range_} {unit} of {substance}"] if range_ else []
    if average is not None:
        text = f"the average is {number(average)}"
        alone = f"each {each} of {name} has {number(average)} {unit} of {substance} on average"
        said.append(text if said else alone)
    if amount.text is not None:
        about = "it is also noted" if said else f"this is noted on {substance} in {name}"
        said.append(f"{about}: {words.of(amount.text)}")
    return plain(*said, names=[name, "micrograms"])


_SUBSTANCES = {"iga": ("IgA", "micrograms", "mL"), "sodium": ("sodium", "mmol", "litre")}


def _range(amount: Amount) -> str | None:
    if amount.low is not None and amount.high is not None:
        return f"{number(amount.low)} to {number(amount.high)}"
    if amount.high is not None:
        return f"at most {number(amount.high)}"
    return None if amount.low is None else f"at least {number(amount.low)}"


def latex(name: str, *, free: bool) -> str | None:
    """Whether it is free of latex."""
    return plain(f"{name} is {'' if free else 'not '}free of latex", names=[name])


def pool(name: str, donors: int) -> str | None:
    """How many donors at least."""
    return plain(f"{name} is made from the plasma of at least {donors} donors", names=[name])


def storage(name: str, text: str, words: PatientWords) -> str | None:
    """Where and how long it is kept."""
    return plain(f"{name} is kept like this: {words.of(inside(text))}", names=[name])


def boxed_warning(name: str, warnings: Sequence[str], words: PatientWords) -> str | None:
    """What the boxed warning names."""
    named = [words.of(one) for one in warnings]
    told = in_turn("it names", "it also names", named, 3)
    return plain(f"the label of {name} has a boxed warning", *told, names=[name])


def contraindication(name: str, bar: Contraindication, words: PatientWords) -> str | None:
    """Who must not have it, or only with care."""
    who = words.of(inside(bar.text))
    head = f"some people must not have {name}"
    if bar.severity == "caution":
        head = f"some people need care with {name}"
    return plain(head, who, names=[name, "hyaluronidase"])


def interaction(name: str, one: Interaction, words: PatientWords) -> str | None:
    """What it does to another medicine or to a test."""
    about = f"this is about {name} and {words.of(inside(one.agent))}"
    return plain(about, words.of(inside(one.effect)), names=[name])


def study(name: str, study: Study, words: PatientWords) -> str | None:
    """Reactions counted in a study; a study with results in another measure is not said."""
    results = [_result(one, words) for one in study.results]
    counted = [one for one in results if one]
    if len(counted) < len(results):
        return None
    who = [] if study.n is None else [f"{study.n} people"]
    who += [words.of(study.population)] if study.population else []
    about = f"{name}, {words.of(inside(study.name.replace(': ', ', ')))}"
    listed_ = [words.of(one) for one in study.reactions_listed]
    told = in_turn("these are", "others are", listed_)
    told += in_turn("this was counted:", "also", counted, 2)
    told += [words.of(study.text)] if study.text is not None else []
    return plain(f"{about}{f' ({_WITH.join(who)})' if who else ''}", *told, names=[name])


_WITH = " with "
_SHARES = {"% of subjects": "people", "% of infusions": "treatments"}


def _result(one: Measurement, words: PatientWords) -> str | None:
    if one.unit.replace(" %", "%") not in _SHARES or one.value is None or one.statistic:
        return None
    share = _SHARES[one.unit.replace(" %", "%")]
    return f"{words.of(one.name)} in {number(one.value)}% of {share}"
