"""What is not computed, and what is allowed instead."""

from collections.abc import Iterable
from typing import Any

from ivig.cited import Cited
from ivig.errors import InputError
from ivig.evidence.compute.facts import Computed, Facts, computed
from ivig.evidence.compute.given import Given
from ivig.evidence.compute.say import number
from ivig.evidence.question import Quantity
from ivig.indication import Indication, RegimenOption
from ivig.patient import Route
from ivig.units import require_possible

_POSSIBLE = {
    "kg": ("body_mass", "weight"),
    "cm": ("height", "height"),
    "age_year": ("age", "age"),
    "g": ("amount", "dose"),
    "g_per_L": ("mass_concentration", "level"),
}
_ABOVE_ZERO = {
    "g_per_kg": ("dose", "g/kg"),
    "g_per_kg_per_day": ("dose", "g/kg/day"),
    "mg_per_kg_per_min": ("rate", "mg/kg/min"),
    "mL_per_kg_per_h": ("rate", "mL/kg/h"),
    "mL_per_h": ("rate", "mL/h"),
    "g_per_h": ("rate", "g/h"),
    "mL": ("volume", "mL"),
    "percent": ("concentration", "%"),
    "interval_day": ("interval", "days"),
    "interval_month": ("interval", "months"),
    "split_day": ("number of days", "days"),
    "dose": ("number of doses", "doses"),
}
_MOST = {
    "percent": 100.0, "interval_day": 366.0, "interval_month": 12.0, "split_day": 31.0,
    "dose": 100.0, "mL": 100_000.0, "mL_per_h": 5000.0, "g_per_h": 500.0,
    "mL_per_kg_per_h": 100.0, "mg_per_kg_per_min": 100.0,
}  # fmt: skip
"""Not clinical limits, which come later: beyond these a number is a slip of the pen."""

COURSE_DOSE_G_PER_KG = 2.0
"""Every published course allows this much for some disease, so the highest is not looked up."""


def impossible_numbers(given: Given) -> tuple[Computed, ...]:
    """A refusal for each number that no patient and no dose can have."""
    return tuple(
        refusal
        for quantity in given.question.quantities
        if (refusal := _impossible(quantity)) is not None
    )


def _impossible(quantity: Quantity) -> Computed | None:
    if quantity.unit in _POSSIBLE:
        name, word = _POSSIBLE[quantity.unit]
        try:
            require_possible(quantity.value, name, field=word, shown=quantity.text)
        except InputError as error:
            return refused(f"A {word} of {quantity.text} cannot be used.", error.allowed)
    if quantity.unit in _ABOVE_ZERO:
        word, unit = _ABOVE_ZERO[quantity.unit]
        most = _MOST.get(quantity.unit)
        whole = quantity.unit not in ("split_day", "dose") or quantity.value == int(quantity.value)
        if not (0 < quantity.value <= (most or 1e6)) or not whole:
            allowed = "above 0" if most is None else f"above 0, at most {number(most)}"
            allowed = f"{'whole numbers ' if not whole else ''}{allowed} {unit}"
            return refused(f"A {word} of {quantity.text} cannot be used.", allowed)
    return None


def refused(what: str, allowed: str, *, cite: Iterable[Cited[Any]] = ()) -> Computed:
    """Nothing is computed; what is allowed."""
    return computed(
        "refused", f"{what} Allowed: {allowed}.", "not computed: outside the limits", cite=cite
    )


def not_for_this_disease(given: Given) -> Computed | None:
    """No dose is computed where the evidence is against treatment."""
    indication = given.indication
    if indication is None or indication.tier != "not_recommended":
        return None
    return computed(
        "refused",
        f"No dose is computed: immunoglobulin is not recommended in {indication.name}. "
        f"{indication.why_not or indication.summary}",
        "not computed: the evidence is against treatment",
        cite=[indication.fda],
    )


def above_highest(
    g_per_kg: float, indication: Indication | None, route: Route, facts: Facts
) -> Computed | None:
    """A refusal when a dose is above every published one, for the disease or for any."""
    if indication is None and g_per_kg <= COURSE_DOSE_G_PER_KG:
        return None
    diseases = [indication] if indication is not None else list(facts.indications.values())
    highest = highest_option(diseases, route)
    if highest is None or highest.value.dose_g_per_kg is None:
        return None
    most = highest.value.dose_g_per_kg.high
    if g_per_kg <= most * (1 + 1e-9):
        return None
    where = "any disease" if indication is None else indication.name
    return refused(
        f"{number(g_per_kg)} g/kg is above the highest published dose for {where}, "
        f"so it is not computed.",
        f"up to {number(most)} g/kg a course ({highest.value.text})",
        cite=[highest],
    )


def highest_option(diseases: Iterable[Indication], route: Route) -> Cited[RegimenOption] | None:
    """The published option with the highest dose per kg: into a vein, or of any route.

    A label converts an intravenous dose to a subcutaneous one, so the printed subcutaneous range is
    no upper bound; it is told as a caution instead.
    """
    options = [
        option
        for disease in diseases
        if disease.tier != "not_recommended"
        for option in disease.regimens
        if option.value.dose_g_per_kg is not None
    ]
    same = [option for option in options if route != "iv" or option.value.route == route]
    return max(
        same or options,
        key=lambda o: o.value.dose_g_per_kg.high if o.value.dose_g_per_kg else 0.0,
        default=None,
    )
