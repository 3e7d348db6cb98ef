"""The most that anybody prints for an indication: above it there is a stop, not a chart."""

from collections.abc import Sequence
from dataclasses import dataclass

from ivig.cited import Citation
from ivig.dosing_weight import adjusted_body_weight_kg
from ivig.finding import Finding
from ivig.indication import Indication, RegimenOption
from ivig.patient import Patient, Route
from ivig.product import Product

CLASS_MAX_G_PER_KG: dict[Route, float] = {"iv": 2.0, "fsc": 1.0, "sc": 0.4}
"""Where nothing is printed for the use: the most printed for any by this route; assumed."""
_EXACT = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseLimit:
    """The most of one course, and of one of its days, on the actual weight."""

    course_g: float
    day_g: float
    text: str
    citations: tuple[Citation, ...]


def dose_limit(
    patient: Patient, indication: Indication, uses: Sequence[str], product: Product, route: Route
) -> DoseLimit:
    """The highest printed course and day: of the indication's regimens and this product's label.

    Where neither prints a dose for this route, the most of any use stands in, marked as assumed.
    """
    found = [
        _of_option(cited.value, cited.citation, patient.weight_kg)
        for cited in indication.regimens
        if cited.value.route == route and cited.value.dose_g_per_kg is not None
    ]
    for cited in product.doses:
        dose = cited.value
        high = max(dose.dose_g_per_kg_high or 0.0, dose.total_g_per_kg or 0.0)
        if dose.indication in uses and dose.route == route and high > 0:
            per_day = high / (dose.split_days_low or 1)
            found.append((high, per_day, f"{product.name} label: {dose.text}", cited.citation))
    if not found:
        assumed = Citation(source=None, basis="assumed")
        most = CLASS_MAX_G_PER_KG[route]
        text = f"no dose by this route is printed for it; at most {most:g} g/kg is assumed"
        found = [(most, most, text, assumed)]
    course = max(found, key=lambda one: one[0])
    day = max(found, key=lambda one: one[1])
    return DoseLimit(
        course_g=course[0] * patient.weight_kg,
        day_g=day[1] * patient.weight_kg,
        text=course[2],
        citations=tuple(dict.fromkeys((course[3], day[3]))),
    )


def _of_option(
    option: RegimenOption, citation: Citation, weight_kg: float
) -> tuple[float, float, str, Citation]:
    printed = option.dose_g_per_kg
    assert printed is not None  # noqa: S101 (asked for by dose_limit)
    high = printed.high if option.max_g is None else min(printed.high, option.max_g / weight_kg)
    fewest = 1.0 if option.split_days is None else option.split_days.low
    per_day = high / fewest
    if option.max_g_per_kg_per_day is not None:
        per_day = min(high, option.max_g_per_kg_per_day)
    return high, per_day, option.text, citation


def over_limit(
    patient: Patient, limit: DoseLimit, *, amount_g: float, days: int
) -> tuple[Finding, ...]:
    """A stop when the course, or one of its days, is above what is printed."""
    found: list[Finding] = []
    asked = ((amount_g, limit.course_g, "the course"), (amount_g / days, limit.day_g, "one day"))
    for given_g, most_g, what in asked:
        if not found and given_g > most_g * (1 + _EXACT):
            text = (
                f"{given_g:g} g is above the most printed for {what} at {patient.weight_kg:g} kg, "
                f"{most_g:.4g} g. No chart is given."
            )
            found.append(_finding("stop", text, limit))
    adjusted_kg = adjusted_body_weight_kg(patient)
    if not found and adjusted_kg is not None:
        most_g = limit.course_g * adjusted_kg / patient.weight_kg
        if amount_g > most_g * (1 + _EXACT):
            text = (
                f"On the adjusted weight ({adjusted_kg:.1f} kg) the most printed is {most_g:.4g} g."
            )
            found.append(_finding("caution", text, limit))
    return tuple(found)


def _finding(kind: str, text: str, limit: DoseLimit) -> Finding:
    return Finding(
        stage="regimen",
        kind="stop" if kind == "stop" else "caution",
        text=text,
        because=limit.text,
        citations=limit.citations,
    )


def covering_option(
    indication: Indication, route: Route, *, dose_g_per_kg: float
) -> RegimenOption | None:
    """The printed regimen this dose belongs to: the narrowest range that holds it."""
    found: list[tuple[float, bool, str, RegimenOption]] = []
    for cited in indication.regimens:
        option, printed = cited.value, cited.value.dose_g_per_kg
        if option.route != route or printed is None:
            continue
        if printed.low * (1 - _EXACT) <= dose_g_per_kg <= printed.high * (1 + _EXACT):
            found.append((printed.high - printed.low, not option.default, option.id, option))
    return min(found, key=lambda one: one[:3])[3] if found else None
