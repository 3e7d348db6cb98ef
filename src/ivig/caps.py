"""The most that is printed for a course and for a day: caps that no order may pass."""

from collections.abc import Sequence
from dataclasses import dataclass

from ivig.cited import Citation
from ivig.errors import InputError
from ivig.finding import Finding
from ivig.indication import Indication, RegimenOption


@dataclass(frozen=True, slots=True, kw_only=True)
class Caps:
    """The most that is printed, per kilogram and in grams, of a course and of one day."""

    course_g_per_kg: float
    day_g_per_kg: float
    course_g: float | None
    scope: str
    of_one: bool
    """Whether they are of one indication; else of all of them, and set no number of days."""
    citations: tuple[Citation, ...]
    references: tuple[int, ...] = ()

    def most_g(self, weight_kg: float, days: int | None) -> float:
        """The most of a course on this weight over so many days, which rounding may not pass."""
        bounds = [self.course_g_per_kg * weight_kg]
        bounds += [] if self.course_g is None else [self.course_g]
        bounds += [] if days is None else [self.day_g_per_kg * weight_kg * days]
        return min(bounds)


def printed_caps(indications: Sequence[Indication], scope: str) -> Caps:
    """The highest doses printed in the intravenous regimens of one indication, or of several.

    Raises
    ------
    InputError
        None of them prints a dose per kilogram.
    """
    printed = [
        fact
        for item in indications
        for fact in item.regimens
        if fact.value.dose_g_per_kg is not None and fact.value.route == "iv"
    ]
    if not printed:
        raise InputError(
            "indication", scope, "an indication with a printed intravenous dose in g/kg"
        )
    course = max(printed, key=lambda fact: _most(fact.value))
    day = max(printed, key=lambda fact: _most_a_day(fact.value))
    grams = [fact for fact in printed if fact.value.max_g is not None]
    # a maximum in grams binds only where every regimen has one
    held = (
        max(grams, key=lambda fact: fact.value.max_g or 0.0) if len(grams) == len(printed) else None
    )
    citations = [course.citation, day.citation, *([] if held is None else [held.citation])]
    return Caps(
        course_g_per_kg=_most(course.value),
        day_g_per_kg=_most_a_day(day.value),
        course_g=None if held is None else held.value.max_g,
        scope=scope,
        of_one=len(indications) == 1,
        citations=tuple(dict.fromkeys(citations)),
    )


def _most(option: RegimenOption) -> float:
    return 0.0 if option.dose_g_per_kg is None else option.dose_g_per_kg.high


def _most_a_day(option: RegimenOption) -> float:
    least_days = 1.0 if option.split_days is None else option.split_days.low
    spread = _most(option) / least_days
    bound = option.max_g_per_kg_per_day
    return spread if bound is None else min(spread, bound)


def over_caps(
    dose_g_per_kg: float, amount_g: float, caps: Caps, days: int | None, least_days: int
) -> tuple[Finding, ...]:
    """A stop for each cap that an order passes."""
    texts: list[str] = []
    if dose_g_per_kg > caps.course_g_per_kg + 1e-9:
        texts.append(
            f"{dose_g_per_kg:g} g/kg is above {caps.course_g_per_kg:g} g/kg, the highest dose of a "
            f"course printed for {caps.scope}."
        )
    if caps.course_g is not None and amount_g > caps.course_g + 1e-9:
        texts.append(
            f"{amount_g:.1f} g is above {caps.course_g:g} g, the most printed for {caps.scope}."
        )
    if days is not None and days < least_days and not texts:
        texts.append(
            f"{dose_g_per_kg / days:.2g} g/kg a day is above {caps.day_g_per_kg:g} g/kg, the most printed "
            f"for one day of {caps.scope}; take at least {least_days} days."
        )
    return tuple(
        Finding(stage="regimen", kind="stop", text=text, citations=caps.citations) for text in texts
    )
