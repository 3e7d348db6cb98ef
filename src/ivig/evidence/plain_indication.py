"""What the file of an indication holds, as a patient is told it; None: not said plainly."""

from typing import Literal

from ivig.evidence.patient_words import BY_ROUTE, PatientWords, plain
from ivig.evidence.sentence import inside, number
from ivig.indication import FdaNote, FdaStatus, RegimenOption

_FDA: dict[FdaStatus, str] = {
    "labelled": "a US label names {}",
    "partially_labelled": "a US label covers {} only in part",
    "off_label": "in the US, the use in {} is off-label",
    "historical": "a US label once named {}, but no current label does",
}
_PLACES: dict[Literal["us", "eu", "uk", "au", "ca"], str] = {
    "us": "the US",
    "eu": "the EU",
    "uk": "the UK",
    "au": "Australia",
    "ca": "Canada",
}
_ROLES: dict[Literal["required", "supporting", "exclusion"], str] = {
    "required": "IVIG is used in {} only if this is so",
    "supporting": "it speaks for IVIG in {} if this is so",
    "exclusion": "IVIG is not used in {} if this is so",
}
# What is addressed to a clinician is said to be: a patient must not read it as an order.
_HEADS = {
    "dosing_weight": "this is about the weight that sets the dose in {}",
    "target": "this is what treatment of {} aims at",
    "monitoring": "this is a note for doctors on checks in {}",
    "review": "this is a note for doctors on how to judge treatment of {}",
    "adjuncts": "this is a note for doctors on what goes with IVIG in {}",
    "special": "this is a note for doctors on some patients with {}",
}


_BRANDS = ("Gammagard S/D", "Gammagard Liquid", "Flebogamma 10% DIF", "Octagam 10%", "Gamunex-C")


def fact(part: str, indication: str, text: str, words: PatientWords) -> str | None:
    """A remark in the file's own words, after what it is about."""
    disease = words.names.get(indication)
    if disease is None or part not in _HEADS:
        return None
    return plain(_HEADS[part].format(disease), words.of(inside(text)), names=[disease, *_BRANDS])


def fda(note: FdaNote, indication: str, words: PatientWords) -> str | None:
    """Whether a US label names it."""
    disease = words.names.get(indication)
    if disease is None:
        return None
    told = [_FDA[note.status].format(disease)]
    told += [] if note.text is None else [words.of(note.text)]
    return plain(*told, names=[disease, *_BRANDS])


def elsewhere(
    place: Literal["us", "eu", "uk", "au", "ca"], indication: str, text: str, words: PatientWords
) -> str | None:
    """What another country says of the use."""
    disease = words.names.get(indication)
    head = f"this is how it stands in {_PLACES[place]} for {disease}"
    return plain(head, words.of(inside(text)), names=[disease]) if disease else None


def criterion(
    role: Literal["required", "supporting", "exclusion"],
    indication: str,
    text: str,
    words: PatientWords,
) -> str | None:
    """A condition of treatment."""
    disease = words.names.get(indication)
    if disease is None:
        return None
    return plain(f"{_ROLES[role].format(disease)}: {words.of(inside(text))}", names=[disease])


def regimen(option: RegimenOption, indication: str, words: PatientWords) -> str | None:
    """A dose, for whom or by whom, and its limits."""
    disease = words.names.get(indication)
    if disease is None:
        return None
    called = words.of(inside(option.name))
    phase = words.of(option.phase)
    if option.phase != "treatment" and phase not in called:
        called = f"{phase}, {called}"
    text = words.of(option.text)
    told = [f"it is {text}" if text[:1].isdigit() else text]
    limits = ((option.max_g, "g"), (option.max_g_per_kg_per_day, "g for each kg a day"))
    for most, unit in limits:
        if most is not None and f"{number(most)} {unit.split()[0]}" not in option.text:
            told.append(f"it is at most {number(most)} {unit}")
    head = f"a dose for {disease} goes {BY_ROUTE[option.route]} ({called})"
    return plain(head, *told, names=[disease, "hyaluronidase", *_BRANDS])
