"""Grams over a month or a year."""

from ivig.evidence.compute.course import Course, find_course
from ivig.evidence.compute.facts import Computed, Facts, computed
from ivig.evidence.compute.given import Given
from ivig.evidence.compute.say import every, number, span

DAYS_PER_YEAR = 365.25
MONTHS_PER_YEAR = 12
_ASKS = r"\b(?:per|a|each|in a|in one)\s+(?:month|year)\b|\b(?:annual(?:ly)?|yearly|monthly)\b.*\b(?:total|use|grams|supply|amount)|(?:total|use|grams|supply|amount|vials)\b.*\b(?:annual(?:ly)?|yearly|monthly)\b"


def supply_answers(given: Given, facts: Facts) -> tuple[Computed, ...]:
    """Grams a month and a year of a repeated dose."""
    if not given.asks(_ASKS):
        return ()
    course = find_course(given, facts)
    if not isinstance(course, Course) or course.amount_g is None or course.interval_day is None:
        return ()
    low, high = (amount * DAYS_PER_YEAR / course.interval_day for amount in course.amount_g)
    a_year = span(low, high, 0)
    a_month = span(low / MONTHS_PER_YEAR, high / MONTHS_PER_YEAR, 0)
    dose = f"{span(*course.amount_g, 1)} g {every(course.interval_day)}"
    return (
        computed(
            "supply",
            f"{dose} is {a_month} g a month and {a_year} g a year.",
            f"{course.working}; {span(*course.amount_g, 1)} g × 365.25 ÷ "
            f"{number(course.interval_day)} days = {a_year} g; ÷ 12 = {a_month} g",
            cite=course.citations,
            cautions=(
                *course.cautions,
                *(["A monthly dose is taken as every 4 weeks."] if given.monthly else []),
            ),
        ),
    )
