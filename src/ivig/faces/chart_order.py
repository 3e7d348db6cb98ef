"""The options of ``ivig chart`` → an order; what was not said stays unknown."""

import re
from collections.abc import Mapping
from typing import Any

from ivig.chart_report import Order
from ivig.errors import InputError
from ivig.faces.conditions import CONDITIONS, recognise
from ivig.patient import Dose, Patient
from ivig.safety import RiskKind

_DOSE = re.compile(r"(\d+(?:\.\d+)?(?:e\d+)?)\s*(g|mg|g/kg|mg/kg)", re.IGNORECASE)
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_RISKS: dict[str, tuple[tuple[RiskKind, bool], ...]] = {
    "renal": (("renal", True),),
    "thrombosis": (("thrombosis", True),),
    "no-renal": (("renal", False),),
    "no-thrombosis": (("thrombosis", False),),
    "none": (("renal", False), ("thrombosis", False)),
}
_WITHIN_DAY = 28.0  # what "established" says when the days are not given: inside the 8 weeks


def read_order(given: Mapping[str, Any]) -> Order:
    """The order of the options.

    Raises
    ------
    InputError
        A dose without unit, a clock or risk that is none, or options that contradict each other.
    """
    weight_kg = given["weight_kg"]
    words = list(given["conditions"])
    present, unrecognised = recognise(words, "condition")
    if unrecognised:
        known = ", ".join(sorted(set(CONDITIONS.values())))
        raise InputError("condition", unrecognised[0], f"one that a rule knows: {known}")
    patient = Patient(
        diagnosis=given["indication"],
        weight_kg=weight_kg,
        age_year=given["age_year"],
        height_cm=given["height_cm"],
        sex=given["sex"],
        doses=_doses(given),
    )
    return Order(
        patient=patient,
        product=given["product"],
        amount_g=read_dose_g(given["dose"], weight_kg),
        days=given["days"],
        route=given["route"],
        risks=_risks(given["risk"]),
        present=present,
        jurisdiction=given["jurisdiction"],
        start_clock_min=_clock_min(given["start"]),
        interval_day=given["interval_day"],
    )


def read_dose_g(text: str, weight_kg: float) -> float:
    """Grams of a dose in words; a number without a unit is refused.

    >>> read_dose_g("140g", 70.0), read_dose_g("2 g/kg", 70.0), read_dose_g("400mg/kg", 70.0)
    (140.0, 140.0, 28.0)
    """
    found = _DOSE.fullmatch(text.strip())
    if found is None:
        raise InputError("dose", text, "a number above 0 with its unit: 140g, 2g/kg or 400mg/kg")
    amount, unit = float(found[1]), found[2].lower()
    grams = amount / 1000 if unit.startswith("mg") else amount
    return grams * weight_kg if unit.endswith("/kg") else grams


def _clock_min(text: str | None) -> float | None:
    if text is None:
        return None
    found = _CLOCK.fullmatch(text.strip())
    if found is None:
        raise InputError("start", text, "a clock time HH:MM, 00:00 to 23:59")
    return 60.0 * int(found[1]) + int(found[2])


def _risks(text: str | None) -> tuple[tuple[RiskKind, bool], ...]:
    found: dict[RiskKind, bool] = {}
    for word in (text or "").replace(" ", "").split(","):
        if not word:
            continue
        if word not in _RISKS:
            raise InputError("risk", word, f"one or more of {', '.join(_RISKS)}, with commas")
        for kind, present in _RISKS[word]:
            if found.get(kind, present) != present:
                raise InputError("risk", text, f"{kind} either present or excluded, not both")
            found[kind] = present
    return tuple(found.items())


def _doses(given: Mapping[str, Any]) -> tuple[Dose, ...] | None:
    """The last infusion as far as it was told; None when nothing was."""
    first, last_day = given["first"], given["last_infusion_days"]
    product = given["switched_from"]
    if last_day is not None and not 0 <= last_day <= 36525:
        raise InputError("last-infusion-days", last_day, "days since it, 0 or more")
    if first:
        if product is not None or last_day is not None:
            raise InputError("first", True, "--first alone: a first infusion has none before it")
        return ()
    if product is None and first is None and last_day is None:
        return None
    known = product or (given["product"] if first is False else None)
    day = _WITHIN_DAY if last_day is None else last_day
    return (Dose(time_day=-day, amount_g=1.0, product=known),)
