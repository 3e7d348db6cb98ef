"""What follows an infusion, in days from the first planned one: doses, tests, windows, reviews."""

from dataclasses import dataclass
from math import ceil
from typing import Literal

from ivig.cited import Citation, Cited
from ivig.finding import Finding
from ivig.indication import Indication
from ivig.product import Product
from ivig.regimen import Regimen
from ivig.safety import (
    Interference,
    LaboratoryRules,
    VaccineInterval,
    VaccineRules,
    vaccine_interval,
)

HORIZON_DAY = 182.0  # half a year of an ongoing treatment is written out

EventKind = Literal["dose", "test", "vaccine", "laboratory", "review"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something with a date.

    ``day`` counts from the first planned infusion (day 0); ``end_day`` closes a window.
    ``plus_month``: calendar months are added to ``day``, as vaccine tables mean them.
    ``repeat_month``: it comes again after so many months.
    """

    id: str
    kind: EventKind
    text: str
    day: float
    end_day: float | None = None
    plus_month: float | None = None
    repeat_month: float | None = None
    because: str | None = None
    citations: tuple[Citation, ...] = ()
    references: tuple[int, ...] = ()

    @property
    def about_day(self) -> float:
        """The day, months counted as 30.4 days: for the order only."""
        return self.day + 30.4 * (self.plus_month or 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Upset:
    """A laboratory test that this treatment upsets.

    ``until_day`` counts from the first infusion and is given for a course that ends.
    """

    assay: str
    effect: str
    text: str
    applies: Literal["yes", "no", "unknown"]
    until_day: float | None
    note: str | None
    citations: tuple[Citation, ...] = ()
    references: tuple[int, ...] = ()


def planned_doses(regimen: Regimen, *, horizon_day: float = HORIZON_DAY) -> tuple[Event, ...]:
    """Every infusion day: a first course from day 0, then the ongoing doses up to the horizon."""
    found = list(_course(regimen, 0.0, 1))
    ongoing = regimen.then or regimen
    if ongoing.interval_day is None:
        return tuple(found)
    course = 2
    start_day = ongoing.interval_day
    while start_day <= horizon_day:
        found += _course(ongoing, start_day, course)
        start_day += ongoing.interval_day
        course += 1
    return tuple(found)


def _course(regimen: Regimen, start_day: float, course: int) -> list[Event]:
    days = regimen.split_days
    return [
        Event(
            id=f"dose-{course}-{day + 1}",
            kind="dose",
            text=f"{regimen.name}: {regimen.amount_per_day_g:g} g {regimen.route.upper()}"
            + (f", day {day + 1} of {days}" if days > 1 else ""),
            day=start_day + day,
            because=regimen.because if course == 1 and day == 0 else None,
            citations=regimen.citations,
        )
        for day in range(days)
    ]


def last_course_day(regimen: Regimen) -> float:
    """The last infusion day of the first course."""
    return float(regimen.split_days - 1)


def haemolysis_checks(
    regimen: Regimen, after_high: Citation, after_2_g_per_kg: Citation, *, risk: str
) -> tuple[Event, ...]:
    """Haemoglobin 36–96 h after a high dose, and 5–10 days after 2 g/kg or more.

    Parameters
    ----------
    risk : str
        Why it is asked for, in the patient's own words.
    """
    last = last_course_day(regimen)
    found = [
        Event(
            id="haemoglobin-36-96-h",
            kind="test",
            text="Haemoglobin, 36 to 96 hours after the course",
            day=last + 1.5,
            end_day=last + 4.0,
            because=risk,
            citations=(after_high,),
        )
    ]
    if regimen.dose_g_per_kg >= 2.0 - 0.05:
        found.append(
            Event(
                id="haemoglobin-5-10-d",
                kind="test",
                text="Haemoglobin again, 5 to 10 days after 2 g/kg or more",
                day=last + 5.0,
                end_day=last + 10.0,
                because=risk,
                citations=(after_2_g_per_kg,),
            )
        )
    return tuple(found)


def review_events(indication: Indication, *, treated: bool) -> tuple[Event, ...]:
    """When to decide whether to go on; in a patient already ``treated`` the count starts anew."""
    review = indication.review
    if review is None or review.value.after_day is None:
        return ()
    reasons = [f"on {', '.join(review.value.measures)}"] if review.value.measures else []
    if treated:
        reasons.append("counted from this plan; treatment began before, so it may be due already")
    return (
        Event(
            id="review",
            kind="review",
            text=f"Decide whether to go on: {review.value.text}",
            day=review.value.after_day,
            because="; ".join(reasons) or None,
            citations=(review.citation,),
        ),
    )


def trough_events(
    regimen: Regimen, indication: Indication, steady_day: float | None
) -> tuple[Event, ...]:
    """In replacement, IgG before the first dose at steady state, when a level tells most."""
    ongoing = regimen.then or regimen
    if indication.category != "replacement" or ongoing.interval_day is None or steady_day is None:
        return ()
    cycles = max(1, ceil(steady_day / ongoing.interval_day))
    return (
        Event(
            id="trough",
            kind="test",
            text="Trough IgG, taken before this dose",
            day=cycles * ongoing.interval_day,
            because=f"the forecast is at steady state from about day {steady_day:.0f}",
        ),
    )


def vaccine_events(regimen: Regimen, rules: VaccineRules) -> tuple[Event, ...]:
    """From when live MMR and varicella vaccines may be given: after a course that ends.

    In an ongoing treatment no date can be promised, since every dose moves it: see
    ``vaccine_finding``.
    """
    interval = vaccine_interval(regimen.dose_g_per_kg, rules)
    if interval is None or (regimen.then or regimen).interval_day is not None:
        return ()
    months = interval.value.interval_month
    return (
        Event(
            id="live-vaccines",
            kind="vaccine",
            text=f"Live MMR and varicella vaccines: not before {months:g} months after the last dose",
            day=last_course_day(regimen),
            plus_month=months,
            because=_vaccine_reason(regimen.dose_g_per_kg, interval.value),
            citations=(interval.citation,),
        ),
    )


def vaccine_findings(regimen: Regimen, rules: VaccineRules) -> tuple[Finding, ...]:
    """In an ongoing treatment: how long after the last dose, for the course and for what follows."""
    ongoing = regimen.then or regimen
    if ongoing.interval_day is None:
        return ()
    found: list[Finding] = []
    parts = [("dose", ongoing)]
    if regimen.then is not None:
        parts = [("dose of the first course", regimen), ("ongoing dose", ongoing)]
    for name, part in parts:
        interval = vaccine_interval(part.dose_g_per_kg, rules)
        if interval is None:
            continue
        months = interval.value.interval_month
        reason = _vaccine_reason(part.dose_g_per_kg, interval.value)
        found.append(
            Finding(
                stage="monitoring",
                kind="caution",
                text=f"Live MMR and varicella vaccines: not during treatment, and not before "
                f"{months:g} months after the last {name}, {reason}",
                because="every dose moves the date, so none is given here",
                citations=(interval.citation,),
            )
        )
    return tuple(found)


def _vaccine_reason(dose_g_per_kg: float, interval: VaccineInterval) -> str:
    text = f"{dose_g_per_kg:.2g} g/kg (tabulated dose: {interval.dose_text})"
    if dose_g_per_kg * 1000 > (interval.dose_mg_per_kg or 0.0) + 50:
        text += "; above every tabulated dose, so the longest interval is the least"
    return text


def upset_tests(
    regimen: Regimen | None, rules: LaboratoryRules, product: Product | None
) -> tuple[Upset, ...]:
    """The tests that this treatment upsets, and until when where a source says so."""
    ends = regimen is not None and (regimen.then or regimen).interval_day is None
    last = last_course_day(regimen) if regimen is not None and ends else None
    return tuple(_upset(fact, last, product) for fact in rules.interferences)


def _upset(fact: Cited[Interference], last: float | None, product: Product | None) -> Upset:
    one = fact.value
    text = f"{one.detail} {one.advice}" if one.advice else one.detail
    applies, note = _applies(one, product)
    until = None if one.until_day is None or last is None else last + one.until_day
    if one.until_day is not None and until is None and applies != "no":
        note = f"throughout treatment, and about {one.until_day:g} days after the last dose"
    if one.until_day is None and applies != "no":
        note = f"{note}; " if note else ""
        note += "no source here says for how long"
    return Upset(
        assay=one.assay,
        effect=one.effect,
        text=text,
        applies=applies,
        until_day=until,
        note=note or one.duration,
        citations=(fact.citation,),
    )


def _applies(
    one: Interference, product: Product | None
) -> tuple[Literal["yes", "no", "unknown"], str | None]:
    if one.ingredient is None:
        return "yes", None
    if product is None:
        return "unknown", f"when the product contains {one.ingredient}"
    present: bool | None = getattr(product.contains.value, one.ingredient)
    if present is None:
        return "unknown", f"whether {product.name} contains {one.ingredient} is not known"
    if present:
        return "yes", f"{product.name} contains {one.ingredient}"
    return "no", f"{product.name} contains no {one.ingredient}"
