"""When a live vaccine may follow, and when immunoglobulin came too soon after one."""

import re
from calendar import monthrange
from datetime import date

from ivig.cited import Cited
from ivig.evidence.compute.course import Course, find_course
from ivig.evidence.compute.facts import Computed, Facts, computed
from ivig.evidence.compute.given import Given
from ivig.evidence.compute.say import number
from ivig.evidence.quantities import read_quantities
from ivig.safety import VaccineInterval, vaccine_interval

_ASKS = r"\b(?:vaccin\w*|immuni[sz]ation|mmr|mmrv|varicella vaccine|measles vaccine|shots?|jabs?)\b"
_OTHER = (
    r"\b(?:flu|influenza|covid\w*|pneumococc\w*|hepatitis b|tetanus|inactivated|hpv|rsv|shingrix)\b"
)
_LIVE = r"\b(?:live|mmrv?|measles|mumps|rubella|varicella|chickenpox)\b"
_BEFORE = (
    r"\b(?:vaccin\w*|mmrv?)\b.*\b(?:then|before|followed by)\b.*\b(?:ivig|immunoglobulin|ig)\b"
)
_AFTER_VACCINE = (
    r"\bafter\s+(?:an?\s+|the\s+|his\s+|her\s+|live\s+)*(?:mmrv?|vaccin\w*|varicella|measles)\b"
)
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_MONTH = "|".join(f"{name}|{name[:3]}" for name in _MONTHS)
_DATES = (
    re.compile(r"\b(?P<y>20\d\d)-(?P<m>\d\d)-(?P<d>\d\d)\b"),
    re.compile(rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<m>{_MONTH})\.?,?\s+(?P<y>20\d\d)\b"),
    re.compile(rf"\b(?P<m>{_MONTH})\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y>20\d\d)\b"),
    re.compile(rf"\b(?P<m>{_MONTH})\.?,?\s+(?P<y>20\d\d)\b"),
)


def vaccine_answers(given: Given, facts: Facts) -> tuple[Computed, ...]:
    """The interval after the dose, with the date when one is named."""
    if not given.asks(_ASKS, "vaccine"):
        return ()
    if re.search(_OTHER, given.words) and not re.search(_LIVE, given.words):
        return ()
    too_soon = _dose_after_vaccine(given, facts)
    if too_soon is not None:
        return (too_soon,)
    course = find_course(given, facts) or _usual(given)
    if isinstance(course, Computed):
        return (course,)
    if course is None or course.g_per_kg is None:
        return (_missing(given, facts),) if _numbers_asked(given) else ()
    found = vaccine_interval(course.g_per_kg[1], facts.vaccines)
    if found is None:
        return ()
    months = found.value.interval_month
    text = (
        f"MMR and varicella vaccines: {number(months)} months after {number(course.g_per_kg[1])} g/kg "
        f"(tabulated: {found.value.product}, {found.value.dose_text})"
    )
    working = f"{number(1000 * course.g_per_kg[1], 0)} mg/kg → next tabulated dose → {number(months)} months"
    given_on = read_date(given.words)
    if given_on is not None:
        due = add_months(given_on, months)
        text += f"; given {given_on.isoformat()}, so from {due.isoformat()}"
        working += f"; {given_on.isoformat()} + {number(months)} months = {due.isoformat()}"
    rules = facts.vaccines.rules
    return (
        computed(
            "vaccine",
            f"{text}.",
            working,
            cite=[found, *rules[:1], *course.citations],
            cautions=_cautions(given, facts, course),
        ),
    )


def _usual(given: Given) -> Course | None:
    """The disease's usual dose per kg: the interval needs no weight."""
    options = () if given.indication is None else given.indication.regimens
    usual = next((o for o in options if o.value.default and o.value.dose_g_per_kg), None)
    if usual is None or usual.value.dose_g_per_kg is None:
        return None
    dose = usual.value.dose_g_per_kg
    return Course(
        g_per_kg=(dose.low, dose.high),
        amount_g=None,
        days=(1, 1),
        weight_kg=None,
        working=usual.value.text,
        citations=(usual.citation,),
        cautions=(f"The dose is not named: {usual.value.text}.",),
    )


def _dose_after_vaccine(given: Given, facts: Facts) -> Computed | None:
    """Immunoglobulin so many days after a live vaccine: whether the vaccine is repeated."""
    gap = next((q for q in given.question.quantities if q.unit in ("day", "week")), None)
    rule = next((fact for fact in facts.vaccines.rules if "14 days" in fact.value), None)
    if gap is None or rule is None or not re.search(_AFTER_VACCINE, given.words):
        return None
    limit = next(q.value for q in read_quantities(rule.value) if q.unit == "day")
    days = gap.value * (7 if gap.unit == "week" else 1)
    inside = days <= limit
    text = (
        f"{number(days)} days after the vaccine is {'within' if inside else 'past'} "
        f"{number(limit)} days. {rule.value}"
    )
    sign = "≤" if inside else ">"
    return computed("vaccine", text, f"{number(days)} {sign} {number(limit)} days", cite=[rule])


def _numbers_asked(given: Given) -> bool:
    return given.asks(r"how long|when|interval|months?|wait|delay")


def _missing(given: Given, facts: Facts) -> Computed:
    spread = _tabulated(facts)
    shortest, longest = spread[0], spread[-1]
    return computed(
        "missing",
        f"The wait depends on the dose per kg, which is missing: from "
        f"{number(shortest.value.interval_month)} months after {shortest.value.dose_text} to "
        f"{number(longest.value.interval_month)} months after {longest.value.dose_text}.",
        "dose in mg/kg → interval in the table",
        cite=[shortest, longest],
    )


def _tabulated(facts: Facts) -> list[Cited[VaccineInterval]]:
    found = [fact for fact in facts.vaccines.intervals if fact.value.dose_mg_per_kg is not None]
    return sorted(found, key=lambda fact: fact.value.interval_month)


def _cautions(given: Given, facts: Facts, course: Course) -> tuple[str, ...]:
    said = list(course.cautions)
    repeat = [fact.value for fact in facts.vaccines.rules if "within 14 days" in fact.value]
    if re.search(_BEFORE, given.words):
        said += repeat
    said.append("On regular immunoglobulin the interval starts again with every dose.")
    if given.intervals_day and given.intervals_day[0] < 60:
        said.append("The doses come back sooner than the interval ends.")
    return tuple(said)


def read_date(text: str) -> date | None:
    """The first whole date of a text; of a month alone, its last day, the careful reading.

    >>> read_date("ivig on 3 march 2026"), read_date("given 2026-02-30"), read_date("in may 2026")
    (datetime.date(2026, 3, 3), None, datetime.date(2026, 5, 31))
    """
    for pattern in _DATES:
        match = pattern.search(text)
        if match is None:
            continue
        year = int(match["y"])
        named = match["m"]
        month = int(named) if named.isdigit() else _month(named)
        if not 1 <= month <= 12:
            return None
        last = monthrange(year, month)[1]
        day = int(match["d"]) if "d" in match.groupdict() else last
        return date(year, month, day) if 1 <= day <= last else None
    return None


def _month(name: str) -> int:
    return next(i for i, known in enumerate(_MONTHS, 1) if known.startswith(name[:3]))


def add_months(day: date, months: float) -> date:
    """The same day so many whole months later; the 1st of the next when there is no such day.

    >>> add_months(date(2026, 1, 31), 8), add_months(date(2026, 3, 31), 11)
    (datetime.date(2026, 10, 1), datetime.date(2027, 3, 1))
    """
    total = day.month - 1 + round(months)
    year, month = day.year + total // 12, total % 12 + 1
    if day.day <= monthrange(year, month)[1]:
        return date(year, month, day.day)
    return date(year + month // 12, month % 12 + 1, 1)
