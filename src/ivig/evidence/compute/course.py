"""The dose a question means: grams of the whole course, over how many days, and why."""

from dataclasses import dataclass, replace
from math import ceil

from ivig.cited import Citation
from ivig.evidence.compute.facts import Computed, Facts
from ivig.evidence.compute.given import Given
from ivig.evidence.compute.refuse import above_highest, highest_option, not_for_this_disease
from ivig.evidence.compute.say import every, grams, number, plural, span
from ivig.evidence.quantities import read_quantities
from ivig.patient import Patient
from ivig.regimen import Regimen, choose_option, propose_regimen

LOW_DAILY_G_PER_KG = 0.2
HIGH_G_PER_KG = 1.0
"""A dose above this is the high dose that is spread over days."""
_ASKS_DAYS = r"how many days|over what (?:period|time)|\bdivid\w+|\bsplit\b|days should"


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """A dose per kg and in grams; ``amount_g`` None while the weight is not known.

    Ranges are (low, high). ``weight_kg`` is the weight rates are counted on.
    """

    g_per_kg: tuple[float, float] | None
    amount_g: tuple[float, float] | None
    days: tuple[int, int]
    weight_kg: float | None
    working: str
    from_indication: bool = False
    most_g: float | None = None
    """What rounding to vials may not pass."""
    at_least_h: float | None = None
    interval_day: float | None = None
    citations: tuple[Citation, ...] = ()
    cautions: tuple[str, ...] = ()

    @property
    def highest_g(self) -> float | None:
        """The upper end, in grams."""
        return None if self.amount_g is None else self.amount_g[1]


def find_course(given: Given, facts: Facts) -> Course | Computed | None:
    """The course, a refusal, or None when no dose is named or known.

    A dose that is not named is the indication's own for this weight.
    """
    against = not_for_this_disease(given)
    if against is not None:
        return against
    course = _asked(given, facts)
    if course is None:
        return _published(given, facts)
    if course.g_per_kg is not None:
        above = above_highest(course.g_per_kg[1], given.indication, given.route, facts)
        if above is not None:
            return above
    return _bounded(course, given)


def _bounded(course: Course, given: Given) -> Course:
    """The grams the highest published dose of the disease allows at this weight."""
    if given.indication is None or course.weight_kg is None:
        return course
    highest = highest_option([given.indication], given.route)
    dose = None if highest is None else highest.value.dose_g_per_kg
    return course if dose is None else replace(course, most_g=dose.high * course.weight_kg)


def _asked(given: Given, facts: Facts) -> Course | None:
    days = given.split_day
    if days is None and given.n_doses is not None:
        days = (given.n_doses, given.n_doses)
    if given.g_per_kg_per_day is not None:
        return _per_day(given, given.g_per_kg_per_day, days)
    if days is None and given.asks(_ASKS_DAYS):
        return _spread(given, facts)
    if given.g_per_kg is not None:
        return _per_kg(given, given.g_per_kg, days, facts)
    return None if given.amount_g is None else _from_grams(given, given.amount_g, days)


def _from_grams(
    given: Given, amount_g: tuple[float, float], days: tuple[float, float] | None
) -> Course:
    weight = given.weight_kg
    per_kg = None if weight is None else (amount_g[0] / weight, amount_g[1] / weight)
    shown = span(*amount_g)
    return Course(
        g_per_kg=per_kg,
        amount_g=amount_g,
        days=_whole(days),
        weight_kg=weight,
        working=f"{shown} g"
        if per_kg is None
        else f"{shown} g ÷ {number(weight or 0)} kg = {span(*per_kg)} g/kg",
        interval_day=_interval(given),
    )


def _spread(given: Given, facts: Facts) -> Course | None:
    """The dose over the days a source gives for it; the grams alone when none does."""
    cited = _usual_days(given, facts)
    days = None if cited is None else cited[0]
    if given.g_per_kg is not None:
        course = _in_grams(given, given.g_per_kg, _whole(days), "", ())
    elif given.amount_g is not None:
        course = _from_grams(given, given.amount_g, days)
    else:
        return None
    return course if cited is None else replace(course, citations=(cited[1],))


def _usual_days(given: Given, facts: Facts) -> tuple[tuple[float, float], Citation] | None:
    """The days the disease's regimen is spread over, else those of any high dose."""
    if given.indication is not None:
        options = [o for o in given.indication.regimens if o.value.split_days is not None]
        dose = (given.g_per_kg or (0.0, 0.0))[1]
        fitting = [
            o for o in options if o.value.dose_g_per_kg and o.value.dose_g_per_kg.high == dose
        ]
        for option in fitting or options:
            if option.value.split_days is not None:
                return (option.value.split_days.low, option.value.split_days.high), option.citation
        return None
    if given.g_per_kg is None or given.g_per_kg[1] <= HIGH_G_PER_KG:
        return None
    for fact in facts.infusion.split:
        read = [q.value for q in read_quantities(fact.value) if q.unit == "split_day"]
        if read:
            return (min(read), max(read)), fact.citation
    return None


def _per_day(given: Given, dose: tuple[float, float], days: tuple[float, float] | None) -> Course:
    n = _whole(days)
    total = (dose[0] * n[0], dose[1] * n[1])
    working = f"{span(*dose)} g/kg/day × {span(*n)} days = {span(*total)} g/kg"
    cautions = () if days else ("The number of days is not named: this is the dose of one day.",)
    return _in_grams(given, total, n, working if days else "", cautions)


def _per_kg(
    given: Given, dose: tuple[float, float], days: tuple[float, float] | None, facts: Facts
) -> Course:
    n = _whole(days)
    if days is None:
        return _in_grams(given, dose, n, "", ())
    times = given.split_text.startswith(("x", "×")) or (given.n_doses and not given.split_day)
    each_day = (dose[0] * n[0], dose[1] * n[1])
    fits = above_highest(each_day[1], given.indication, given.route, facts) is None
    if n[1] > 1 and (times or (given.split_text.startswith("for") and fits)):
        working = f"{span(*dose)} g/kg × {span(*n)} days = {span(*each_day)} g/kg"
        said = () if times else (
            f"Read as {span(*dose)} g/kg on each of the days; if it is the whole course, divide by "
            f"{span(*n)}.",
        )  # fmt: skip
        return _in_grams(given, each_day, n, working, said)
    low_a_day = dose[1] / n[1]
    cautions: tuple[str, ...] = ()
    if n[1] > 1 and low_a_day < LOW_DAILY_G_PER_KG:
        cautions = (
            f"Read as {span(*dose)} g/kg in all, {number(low_a_day)} g/kg a day; if {span(*dose)} "
            f"g/kg on each day is meant, the course is {span(*each_day)} g/kg.",
        )
    return _in_grams(given, dose, n, "", cautions)


def _in_grams(
    given: Given,
    per_kg: tuple[float, float],
    days: tuple[int, int],
    working: str,
    cautions: tuple[str, ...],
) -> Course:
    weight = given.weight_kg
    amount = None if weight is None else (per_kg[0] * weight, per_kg[1] * weight)
    steps = [working] if working else []
    if amount is not None:
        steps.append(f"{span(*per_kg)} g/kg × {number(weight or 0)} kg = {span(*amount)} g")
    return Course(
        g_per_kg=per_kg,
        amount_g=amount,
        days=days,
        weight_kg=weight,
        working="; ".join(steps) or f"{span(*per_kg)} g/kg",
        interval_day=_interval(given),
        cautions=cautions,
    )


def _published(given: Given, facts: Facts) -> Course | None:
    """The indication's own regimen for this weight, by the function the plan uses."""
    patient = given.patient()
    if patient is None or given.indication is None:
        return None
    regimen, cautions = propose(given, patient, facts) or (None, ())
    if regimen is None:
        return None
    printed = regimen.dose_range_g_per_kg
    weight = regimen.dosing_weight_kg
    working = (
        f"{number(regimen.dose_g_per_kg)} g/kg × {number(weight)} kg = {grams(regimen.amount_g)}"
    )
    if printed.low < printed.high:
        amounts = span(printed.low * weight, printed.high * weight)
        working += f"; printed {span(printed.low, printed.high)} g/kg = {amounts} g"
    return Course(
        g_per_kg=(regimen.dose_g_per_kg, regimen.dose_g_per_kg),
        amount_g=(regimen.amount_g, regimen.amount_g),
        days=(regimen.split_days, regimen.split_days),
        weight_kg=min(weight, patient.weight_kg),
        working=f"{working} ({regimen.because})",
        from_indication=True,
        most_g=min(printed.high * weight, regimen.max_g or float("inf")),
        at_least_h=None if regimen.duration_h is None else regimen.duration_h.low,
        interval_day=regimen.interval_day,
        citations=regimen.citations,
        cautions=cautions,
    )


def propose(given: Given, patient: Patient, facts: Facts) -> tuple[Regimen, tuple[str, ...]] | None:
    """The regimen a plan would propose, and its cautions; None when none is published."""
    if given.indication is None:
        return None
    option = choose_option(
        patient, given.indication, route=given.route, jurisdiction=facts.jurisdiction
    )
    if option is None:
        return None
    rules = facts.jurisdictions[facts.jurisdiction]
    regimen, notes = propose_regimen(patient, given.indication, rules, option, gentle=True)
    return regimen, tuple(note.text for note in notes)


def _interval(given: Given) -> float | None:
    return given.intervals_day[0] if given.intervals_day else None


def _whole(days: tuple[float, float] | None) -> tuple[int, int]:
    return (1, 1) if days is None else (ceil(days[0]), ceil(days[1]))


def over_days(course: Course) -> str:
    """``over 5 days, 28 g a day``, or nothing for a single day."""
    low, high = course.days
    if course.amount_g is None or high == 1:
        return ""
    amounts = (course.amount_g[0] / high, course.amount_g[1] / low)
    return f" over {span(low, high)} days, {span(*amounts)} g a day"


def how_often(course: Course) -> str:
    """``, every 4 weeks``, or nothing for a single course."""
    return "" if course.interval_day is None else f", {every(course.interval_day)}"


def days_word(days: tuple[int, int]) -> str:
    """``5 days``, ``2–5 days``."""
    return plural(days[0], "day") if days[0] == days[1] else f"{span(*days)} days"
