"""The regimen of the place a question names, and the upper end when that is asked."""

import re
from collections.abc import Mapping
from typing import Final

from ivig.cited import Cited
from ivig.criterion import ask
from ivig.evidence.compute.facts import Facts
from ivig.evidence.compute.given import Given
from ivig.indication import Indication, RegimenOption
from ivig.patient import Patient
from ivig.regimen import choose_option

_PLACES: Final[Mapping[str, str]] = {
    "ca-on": r"\bontario\b",
    "uk": r"\b(?:england|english|united kingdom|britain|british|nhs|uk)\b",
    "au": r"\baustralian?\b",
    "eu": r"\b(?:europe(?:an)?|eu)\b",
    "us": r"\b(?:united states|usa|american?)\b|\bu\.s\.",
}
_TOP = (
    r"\b(?:top|max(?:imum|imal|\.)?|most(?!\s+(?:common|usual|often))|highest|upper(?:\s+end)?)"
    r"(?:\W+\w+){0,3}?\W+(?:dos\w+|grams?|g|amount|g/kg)\b|\bgrams?\s+at\s+most\b"
)


def asks_top(given: Given) -> bool:
    """Whether the upper end of a printed range is asked for."""
    return given.asks(_TOP) and not given.asks(r"\brate\b|\bml\s*/|\bvials?\b")


def regimen_place(given: Given, facts: Facts) -> str:
    """The place named when the indication prints a regimen for it; else the one of the facts."""
    options = () if given.indication is None else given.indication.regimens
    printed = {name for option in options for name in option.value.jurisdictions}
    for place, words in _PLACES.items():
        if place in printed and place in facts.jurisdictions and re.search(words, given.words):
            return place
    return facts.jurisdiction


def regimen_option(
    given: Given, patient: Patient, indication: Indication, facts: Facts
) -> Cited[RegimenOption] | None:
    """The option a plan would choose there; the highest that may apply when the top is asked.

    Of several local ones of which it is not known that the patient qualifies, the lowest.
    """
    place = regimen_place(given, facts)
    usual = choose_option(patient, indication, route=given.route, jurisdiction=place)
    if usual is None:
        return None
    same = alike(given, patient, indication, usual, facts)
    if asks_top(given):
        return max(same, key=_high, default=usual)
    if place == "us" or place not in usual.value.jurisdictions:
        return usual
    met = [o for o in same if o.value.when is None or ask(o.value.when, patient) == "met"]
    return usual if usual in met else min(met or same, key=_high, default=usual)


def alike(
    given: Given,
    patient: Patient,
    indication: Indication,
    usual: Cited[RegimenOption],
    facts: Facts,
) -> list[Cited[RegimenOption]]:
    """The options of the same phase, route and place as the usual one that may apply."""
    place = regimen_place(given, facts)
    local = place in usual.value.jurisdictions
    return [
        option
        for option in indication.regimens
        if option.value.dose_g_per_kg is not None
        and (option.value.route, option.value.phase) == (usual.value.route, usual.value.phase)
        and (place in option.value.jurisdictions or not (local or option.value.jurisdictions))
        and (option.value.when is None or ask(option.value.when, patient) != "not_met")
    ]


def _high(option: Cited[RegimenOption]) -> float:
    dose = option.value.dose_g_per_kg
    return 0.0 if dose is None else dose.high
