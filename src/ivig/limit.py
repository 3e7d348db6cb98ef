"""The most that anybody prints for an indication: above it there is a stop, not a dose."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil

from ivig.cited import Citation, Cited
from ivig.dosing_weight import adjusted_body_weight_kg
from ivig.errors import InputError
from ivig.finding import Finding, Kind
from ivig.indication import Indication, RegimenOption
from ivig.patient import Patient, Route
from ivig.product import LabelDose, Product
from ivig.regimen import UNPRINTED_DAY_G_PER_KG, most_a_day_g_per_kg

CLASS_MAX_G_PER_KG: dict[Route, float] = {"iv": 2.0, "fsc": 1.0, "sc": 0.4}
"""Where nothing is printed for the use: the most printed for any by this route; assumed."""
_EXACT = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedDose:
    """The most of one course and of one of its days in one printed regimen."""

    course_g_per_kg: float
    day_g_per_kg: float
    course_most_g: float | None
    """On any weight; None where none is printed."""
    day_most_g: float | None
    text: str
    citations: tuple[Citation, ...]
    references: tuple[int, ...] = ()

    def course_g(self, weight_kg: float) -> float:
        """The most of a course on this weight."""
        return _least(self.course_g_per_kg * weight_kg, self.course_most_g)

    def day_g(self, weight_kg: float) -> float:
        """The most of one day on this weight."""
        return _least(self.day_g_per_kg * weight_kg, self.day_most_g)


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseLimit:
    """What is printed for a use, each dose that is the highest on some weight, at least one."""

    printed: tuple[PrintedDose, ...]
    scope: str
    least_g_per_kg: float | None
    """The lowest that is printed of one dose; None where none is."""
    of_one: bool
    """Whether it is of one indication; else of all of them, and sets no number of days."""

    def course(self, weight_kg: float) -> PrintedDose:
        """The highest printed course on this weight."""
        return max(self.printed, key=lambda one: one.course_g(weight_kg))

    def day(self, weight_kg: float) -> PrintedDose:
        """The highest printed day on this weight."""
        return max(self.printed, key=lambda one: one.day_g(weight_kg))

    def most_g(self, weight_kg: float, days: int | None) -> float:
        """The most of a course on this weight over so many days, which rounding may not pass."""
        course_g = self.course(weight_kg).course_g(weight_kg)
        return (
            course_g if days is None else min(course_g, days * self.day(weight_kg).day_g(weight_kg))
        )

    def least_days(self, amount_g: float, weight_kg: float) -> int:
        """The fewest days that the highest printed day allows."""
        return max(1, ceil(amount_g / self.day(weight_kg).day_g(weight_kg) - _EXACT))


def dose_limit(
    indication: Indication, uses: Sequence[str], product: Product, route: Route
) -> DoseLimit:
    """What the indication's regimens and this product's label print for this route.

    Where neither prints a dose, the most of any use stands in, marked as assumed.
    """
    labelled = [c for c in product.doses if c.value.indication in uses and c.value.route == route]
    regimens = _with_a_dose((indication,), route)
    found = [
        *(_of_regimen(cited) for cited in regimens),
        *(_of_label(product.name, cited) for cited in labelled if _label_high(cited.value) > 0),
    ]
    labelled_low = [cited.value.dose_g_per_kg_low for cited in labelled]
    return DoseLimit(
        printed=_highest(found) or (_assumed(route),),
        scope=indication.name,
        least_g_per_kg=_lowest(regimens, labelled_low),
        of_one=True,
    )


def limit_of_regimens(indications: Sequence[Indication], scope: str) -> DoseLimit:
    """What the intravenous regimens of one indication, or of several, print.

    Raises
    ------
    InputError
        None of them prints a dose per kilogram.
    """
    regimens = _with_a_dose(indications, "iv")
    if not regimens:
        raise InputError(
            "indication", scope, "an indication with a printed intravenous dose in g/kg"
        )
    return DoseLimit(
        printed=_highest([_of_regimen(cited) for cited in regimens]),
        scope=scope,
        least_g_per_kg=_lowest(regimens, ()),
        of_one=len(indications) == 1,
    )


def _lowest(
    regimens: Sequence[Cited[RegimenOption]], labelled: Sequence[float | None]
) -> float | None:
    printed = [cited.value.dose_g_per_kg for cited in regimens]
    lows = [dose.low for dose in printed if dose is not None]
    return min([*lows, *(low for low in labelled if low is not None)], default=None)


def _with_a_dose(indications: Iterable[Indication], route: Route) -> list[Cited[RegimenOption]]:
    return [
        cited
        for indication in indications
        for cited in indication.regimens
        if cited.value.route == route and cited.value.dose_g_per_kg is not None
    ]


def _of_regimen(cited: Cited[RegimenOption]) -> PrintedDose:
    option = cited.value
    assert option.dose_g_per_kg is not None  # noqa: S101 (asked for by _with_a_dose)
    high = option.dose_g_per_kg.high
    fewest = 1.0 if option.split_days is None else option.split_days.low
    return PrintedDose(
        course_g_per_kg=high,
        day_g_per_kg=_least(high / fewest, most_a_day_g_per_kg(option)),
        course_most_g=option.max_g,
        day_most_g=None if option.max_g is None else option.max_g / fewest,
        text=option.text,
        citations=(cited.citation,),
    )


def _of_label(name: str, cited: Cited[LabelDose]) -> PrintedDose:
    high, days = _label_high(cited.value), cited.value.split_days_low
    return PrintedDose(
        course_g_per_kg=high,
        day_g_per_kg=min(high, UNPRINTED_DAY_G_PER_KG) if days is None else high / days,
        course_most_g=None,
        day_most_g=None,
        text=f"{name} label: {cited.value.text}",
        citations=(cited.citation,),
    )


def _label_high(dose: LabelDose) -> float:
    return max(dose.dose_g_per_kg_high or 0.0, dose.total_g_per_kg or 0.0)


def _assumed(route: Route) -> PrintedDose:
    most = CLASS_MAX_G_PER_KG[route]
    return PrintedDose(
        course_g_per_kg=most,
        day_g_per_kg=most,
        course_most_g=None,
        day_most_g=None,
        text=f"no dose by this route is printed for it; at most {most:g} g/kg is assumed",
        citations=(Citation(source=None, basis="assumed"),),
    )


def _least(value: float, bound: float | None) -> float:
    return value if bound is None else min(value, bound)


def _highest(found: Sequence[PrintedDose]) -> tuple[PrintedDose, ...]:
    """Those that no dose before, or higher one after, covers on every weight."""
    kept: list[PrintedDose] = []
    for one in found:
        if not any(_covers(other, one) for other in kept):
            kept = [other for other in kept if not _covers(one, other)] + [one]
    return tuple(kept)


def _covers(one: PrintedDose, other: PrintedDose) -> bool:
    """Whether the one is at least as high as the other on every weight."""
    return (
        one.course_g_per_kg >= other.course_g_per_kg
        and one.day_g_per_kg >= other.day_g_per_kg
        and _or_any(one.course_most_g) >= _or_any(other.course_most_g)
        and _or_any(one.day_most_g) >= _or_any(other.day_most_g)
    )


def _or_any(bound: float | None) -> float:
    return float("inf") if bound is None else bound


def over_limit(
    limit: DoseLimit, *, amount_g: float, weight_kg: float, days: int | None
) -> tuple[Finding, ...]:
    """A stop when the course, or else one of its days, is above what is printed."""
    course, day = limit.course(weight_kg), limit.day(weight_kg)
    if amount_g > course.course_g(weight_kg) * (1 + _EXACT):
        text = _above(amount_g, course.course_g(weight_kg), "the course", weight_kg, limit)
        return (_finding("stop", f"{text}.", course),)
    if days is not None and amount_g / days > day.day_g(weight_kg) * (1 + _EXACT):
        text = _above(amount_g / days, day.day_g(weight_kg), "one day", weight_kg, limit)
        least = limit.least_days(amount_g, weight_kg)
        return (_finding("stop", f"{text}; take at least {least} days.", day),)
    return ()


def _above(given_g: float, most_g: float, what: str, weight_kg: float, limit: DoseLimit) -> str:
    return (
        f"{given_g:.4g} g is above the most printed for {what} at {weight_kg:.4g} kg, {most_g:.4g} g "
        f"({limit.scope})"
    )


def over_adjusted(limit: DoseLimit, patient: Patient, *, amount_g: float) -> tuple[Finding, ...]:
    """A caution when the course is above what is printed, taken on the adjusted weight."""
    weight_kg = adjusted_body_weight_kg(patient)
    if weight_kg is None or amount_g <= limit.course(weight_kg).course_g(weight_kg) * (1 + _EXACT):
        return ()
    course = limit.course(weight_kg)
    text = (
        f"On the adjusted weight ({weight_kg:.1f} kg) the most printed is "
        f"{course.course_g(weight_kg):.4g} g."
    )
    return (_finding("caution", text, course),)


def under_limit(limit: DoseLimit, *, amount_g: float, weight_kg: float) -> tuple[Finding, ...]:
    """A caution when less is asked for than anybody prints: a slip of a unit looks like this."""
    least = limit.least_g_per_kg
    if least is None or amount_g >= least * weight_kg * (1 - _EXACT):
        return ()
    text = (
        f"{amount_g:.4g} g is below the least printed for one dose at {weight_kg:.4g} kg, "
        f"{least * weight_kg:.4g} g ({limit.scope}): check the dose and its unit."
    )
    cited = tuple(dict.fromkeys(c for one in limit.printed for c in one.citations))
    return (Finding(stage="regimen", kind="caution", text=text, citations=cited),)


def _finding(kind: Kind, text: str, printed: PrintedDose) -> Finding:
    return Finding(
        stage="regimen", kind=kind, text=text, because=printed.text, citations=printed.citations
    )


def covering_option(
    indication: Indication, route: Route, *, dose_g_per_kg: float
) -> RegimenOption | None:
    """The printed regimen this dose belongs to: the narrowest range that holds it."""
    found: list[tuple[float, bool, str, RegimenOption]] = []
    for cited in _with_a_dose((indication,), route):
        option, printed = cited.value, cited.value.dose_g_per_kg
        assert printed is not None  # noqa: S101 (asked for by _with_a_dose)
        if printed.low * (1 - _EXACT) <= dose_g_per_kg <= printed.high * (1 + _EXACT):
            found.append((printed.high - printed.low, not option.default, option.id, option))
    return min(found, key=lambda one: one[:3])[3] if found else None
