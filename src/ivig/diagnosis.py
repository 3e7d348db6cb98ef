"""From a diagnosis in words or codes to the indication it means."""

from collections.abc import Mapping
from dataclasses import replace
from difflib import get_close_matches

from ivig.criterion import ask
from ivig.errors import InputError
from ivig.indication import Indication
from ivig.patient import Patient


def find_indication(
    diagnosis: str, patient: Patient, indications: Mapping[str, Indication]
) -> Indication:
    """The indication a diagnosis names: our id, a synonym, or an ICD-10-CM code.

    Raises
    ------
    InputError
        Nothing matches, or several do and the patient does not tell them apart.
    """
    slug = diagnosis.strip().lower().replace("-", "_").replace(" ", "_")
    if slug in indications:
        return _narrowed(indications[slug], patient, indications)
    found = [item for item in indications.values() if _names(item, diagnosis)]
    parents = {item.parent for item in found}
    found = [item for item in found if item.id not in parents]
    meant = [i for i in found if i.applies_when and ask(i.applies_when, patient) == "met"]
    found = meant or [i for i in found if i.applies_when is None] or found
    if len(found) == 1:
        return found[0]
    if found:
        names = ", ".join(f"{item.id} ({item.name})" for item in found)
        raise InputError("diagnosis", diagnosis, f"one of {names}: this code means several of them")
    close = get_close_matches(slug, list(indications), n=4, cutoff=0.5)
    hint = f" Did you mean {', '.join(close)}?" if close else ""
    raise InputError(
        "diagnosis",
        diagnosis,
        f"an id, synonym or ICD-10-CM code of an indication we hold "
        f"('ivig knowledge list indications' shows all).{hint}",
    )


def _narrowed(
    found: Indication, patient: Patient, indications: Mapping[str, Indication]
) -> Indication:
    """The same disease as it is in this patient, a child's or in pregnancy, if just one is met."""
    codes = set(found.icd10_cm.value)
    special = [
        item
        for item in indications.values()
        if found.id in item.labelled_as
        and codes & set(item.icd10_cm.value)
        and item.applies_when is not None
        and ask(item.applies_when, patient) == "met"
    ]
    return special[0] if len(special) == 1 else found


def _names(indication: Indication, diagnosis: str) -> bool:
    text = diagnosis.strip().lower()
    names = (indication.name, *indication.synonyms)
    codes = indication.icd10_cm.value
    return any(text == name.lower() for name in names) or text.upper() in codes


def lineage(
    indication: Indication, indications: Mapping[str, Indication]
) -> tuple[Indication, ...]:
    """The indication, then its parents."""
    line = [indication]
    while (parent := line[-1].parent) is not None:
        line.append(indications[parent])
    return tuple(line)


def complete(indication: Indication, indications: Mapping[str, Indication]) -> Indication:
    """The indication with what it leaves to its parents filled in from them."""
    whole = indication
    for parent in lineage(indication, indications)[1:]:
        gaps = {name: getattr(parent, name) for name in _INHERITED if not getattr(whole, name)}
        whole = replace(whole, **gaps)
    return whole


_INHERITED = (
    "criteria",
    "regimens",
    "dosing_weight",
    "targets",
    "time_to_response",
    "monitoring",
    "review",
    "stopping",
    "alternatives",
    "special_populations",
)
