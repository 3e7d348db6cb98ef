"""Everything a question lets us compute, most specific first."""

from collections.abc import Callable

from ivig.errors import InputError
from ivig.evidence.compute.asked import kinetics_answers
from ivig.evidence.compute.conversion import conversion_answers
from ivig.evidence.compute.decay import decay_answers
from ivig.evidence.compute.dose import dose_answers
from ivig.evidence.compute.example import example_answers
from ivig.evidence.compute.factors import factor_answers
from ivig.evidence.compute.facts import Computed, Facts
from ivig.evidence.compute.gap import gap_answers
from ivig.evidence.compute.given import Given, read_given
from ivig.evidence.compute.hyaluronidase import hyaluronidase_answers
from ivig.evidence.compute.levels import level_answers
from ivig.evidence.compute.load import load_answers
from ivig.evidence.compute.premedication import premedication_answers
from ivig.evidence.compute.rate import rate_answers
from ivig.evidence.compute.refuse import impossible_numbers, refused
from ivig.evidence.compute.sites import site_answers
from ivig.evidence.compute.supply import supply_answers
from ivig.evidence.compute.times import session_answers
from ivig.evidence.compute.titration import titration_answers
from ivig.evidence.compute.vaccine import vaccine_answers
from ivig.evidence.quantities import is_written
from ivig.evidence.question import Question

_Part = Callable[[Given, Facts], tuple[Computed, ...]]
_PARTS: tuple[_Part, ...] = (
    vaccine_answers,
    decay_answers,
    level_answers,
    conversion_answers,
    factor_answers,
    hyaluronidase_answers,
    load_answers,
    gap_answers,
    example_answers,
    titration_answers,
    rate_answers,
    premedication_answers,
    kinetics_answers,
    supply_answers,
    dose_answers,
    session_answers,
    site_answers,
)


_NO_SESSION = ("vaccine", "kinetics", "level", "supply")
"""Answers beside which a session that lacks a number is not asked for."""

_INSTEAD: dict[_Part, tuple[_Part, ...]] = {
    # The grams named are those of the other route, or of the other interval.
    conversion_answers: (load_answers, dose_answers, session_answers, site_answers),
    # The half-life of the question, not a model's.
    decay_answers: (level_answers, kinetics_answers, dose_answers, session_answers),
}
"""What an answer stands instead of: those parts would work with numbers that do not hold."""

_CALCULATES = (
    r"\b(?:calculat\w*|convert\w*|conversion|comput\w*|work out|pump|in grams|in ml)\b"
    r"|\bhow (?:many|much)\b|\bml\s*/\s*h"
)


def compute(question: Question, facts: Facts) -> tuple[Computed, ...]:
    """What the numbers of a question give, each with its working and its sources.

    A number that nobody can have (a negative dose, 10⁹ kg), or a dose above every published one,
    gives a single refusal that says what is allowed, and nothing is computed from it.

    Parameters
    ----------
    question : Question
        With its quantities read (``quantities.read_quantities``).
    facts : Facts
        What is known, handed in: nothing is read here.

    Returns
    -------
    tuple of Computed
        Empty when the question holds nothing to compute.
    """
    given = read_given(question, facts)
    impossible = impossible_numbers(given)
    if impossible:
        return impossible
    found: list[Computed] = []
    without: list[_Part] = []
    for part in _PARTS:
        if part in without:
            continue
        try:
            told = part(given, facts)
        except InputError as error:
            told = (refused(f"{error.field}: {error.value!r} cannot be used.", error.allowed),)
        other = any(one.kind in _NO_SESSION for one in found)
        if found and (part is dose_answers or (part is session_answers and other)):
            told = tuple(one for one in told if one.kind != "missing")
        found += told
        without += _INSTEAD.get(part, ()) if told else ()
    if not _calculates(given):
        found = [one for one in found if one.kind != "missing"]
    unique = tuple(dict.fromkeys(found))
    refusals = tuple(one for one in unique if one.kind == "refused")
    return refusals or unique


def _calculates(given: Given) -> bool:
    """Whether a number is named or a computation is clearly asked; ``weekly`` is no number."""
    numbers = given.question.quantities
    return any(is_written(one) for one in numbers) or given.asks(_CALCULATES)
