"""How fast and at how many sites a product runs, as a patient is told it."""

from collections.abc import Sequence

from ivig.evidence.patient_words import PER_KG, PatientWords, in_turn, plain
from ivig.evidence.sentence import number
from ivig.product import RateLadder, RatePoint, SiteBand

Scope = Sequence[str | None]
_AT_RISK = "some people are at risk of kidney harm or blood clots"


def scope(ladder: RateLadder, words: PatientWords) -> list[str | None]:
    """At which strength and for which diseases a rate holds; None: one is not named plainly."""
    uses = [words.names.get(use) for use in ladder.indications]
    known = [use for use in uses if use]
    if len(known) < len(uses):
        return [None]
    told: list[str | None] = []
    if ladder.for_mg_per_mL is not None:
        told.append(f"this holds at {number(ladder.for_mg_per_mL)} mg in each mL")
    return [*told, *in_turn("it is for" if told else "this is for", "it is also for", known)]


def point(name: str, scope: Scope, part: str, rate: RatePoint) -> str | None:
    """The first, or a fastest, rate of a ladder."""
    value = f"{number(rate.rate_mL_per_kg_per_h)} {PER_KG}"
    told = {
        "initial": [f"{name} starts at {value}"],
        "maximum": [f"{name} runs at {value} at most"],
        "new_patient_maximum": [f"while {name} is new to a person, it runs at {value} at most"],
        "risk_cap": [_AT_RISK, f"for them, {name} runs at {value} at most"],
    }[part]
    if rate.duration_min is not None:
        told.append(f"this rate lasts {number(rate.duration_min)} minutes")
    return plain(*told, *scope, names=[name])


def steps(name: str, scope: Scope, rates: tuple[RatePoint, ...]) -> str | None:
    """The rates one after the other."""
    first, *others = rates
    told = [f"{name} starts at {number(first.rate_mL_per_kg_per_h)} {PER_KG}{_held(first)}"]
    told += [f"then it is {number(one.rate_mL_per_kg_per_h)}{_held(one)}" for one in others]
    return plain(*told, *scope, names=[name])


def increment(name: str, scope: Scope, text: str, words: PatientWords) -> str | None:
    """How the rate rises."""
    return plain(f"the rate of {name} rises like this: {words.of(text)}", *scope, names=[name])


def risk_text(name: str, scope: Scope, text: str, words: PatientWords) -> str | None:
    """The rate where the kidneys or clots are a risk, in the label's words."""
    label = f"for them, the label of {name} says: {words.of(text)}"
    return plain(_AT_RISK, label, *scope, names=[name])


def _held(rate: RatePoint) -> str:
    return "" if rate.duration_min is None else f" for {number(rate.duration_min)} minutes"


def site(name: str, band: SiteBand, words: PatientWords) -> str | None:
    """Volumes, rates and number of sites under the skin."""
    pairs = (
        (band.volume_first_mL_per_site, "at first, each site takes at most {} mL"),
        (band.volume_max_mL_per_site, "later, each site takes at most {} mL"),
        (band.rate_first_mL_per_h_per_site, "at first, it runs at most {} mL an hour at each site"),
        (band.rate_max_mL_per_h_per_site, "later, it runs at most {} mL an hour at each site"),
        (band.rate_max_mL_per_h, "all sites together take at most {} mL an hour"),
        (band.sites_max, "at most {} sites are used at once"),
    )
    told = [text.format(number(value)) for value, text in pairs if value is not None]
    return plain(f"{name} under the skin: {words.of(band.text)}", *told, names=[name])


def sc_frequency(name: str, text: str, words: PatientWords) -> str | None:
    """How often."""
    often = {"weekly": "every week", "daily to every 2 weeks": "every day to every 2 weeks"}
    often["daily to every other week"] = "every day to every other week"
    return plain(f"{name} goes under the skin {often.get(text, words.of(text))}", names=[name])


def iv_to_sc(name: str, factor: float) -> str | None:
    """By what the dose is multiplied."""
    dose = f"the dose is multiplied by {number(factor)}"
    return plain(_change(name), dose, names=[name])


def iv_to_sc_note(name: str, text: str, words: PatientWords) -> str | None:
    """What else goes with the change."""
    return plain(_change(name), words.of(text), names=[name])


def _change(name: str) -> str:
    return f"this is about a change from the drip to {name} under the skin"
