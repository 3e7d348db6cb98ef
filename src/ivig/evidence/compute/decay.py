"""A level that falls by halves: from the level, the half-life and the time of the question."""

from ivig.evidence.compute.facts import Computed, Facts, computed
from ivig.evidence.compute.given import Given
from ivig.evidence.compute.say import level, number
from ivig.evidence.question import Quantity

_ASKS = r"half[ -]?li(?:fe|ves)\b|\bt1/2\b"
_DAYS = {"day": 1.0, "week": 7.0, "split_day": 1.0}


def decay_answers(given: Given, facts: Facts) -> tuple[Computed, ...]:
    """The level later, by halving alone; nothing unless level, half-life and time are all given."""
    del facts  # arithmetic on the asker's own numbers
    told = given.question.first("g_per_L")
    if told is None or told <= 0 or not given.asks(_ASKS):
        return ()
    times = [q for q in given.question.quantities if q.unit in _DAYS]
    half = _half_life(given, times)
    later = [q for q in times if q is not half]
    if half is None or len(later) != 1:
        return ()
    half_day, after_day = _in_days(half), _in_days(later[0])
    if half_day <= 0 or after_day < 0:
        return ()
    left = told * 0.5 ** (after_day / half_day)
    return (
        computed(
            "kinetics",
            f"{level(left)} after {number(after_day)} days, from {number(told)} g/L with a half-life "
            f"of {number(half_day)} days.",
            f"{number(after_day)} ÷ {number(half_day)} days = {number(after_day / half_day)} "
            f"half-lives; {number(told)} g/L × 0.5^{number(after_day / half_day)} = "
            f"{number(left)} g/L",
            cautions=(
                "Halving alone: no further dose, no IgG of one's own and an even fall are assumed; "
                "the half-life is the one in the question.",
            ),
        ),
    )


def _half_life(given: Given, times: list[Quantity]) -> Quantity | None:
    """The time that follows the word; else the one right before it (``23 day half-life``)."""
    word = given.words.find("half")
    word = given.words.find("t1/2") if word < 0 else word
    after = [q for q in times if 0 < q.start - word < 25]
    before = [q for q in times if 0 < word - q.start < 15]
    return next(iter(after or before[::-1]), None)


def _in_days(quantity: Quantity) -> float:
    return quantity.value * _DAYS[quantity.unit]
