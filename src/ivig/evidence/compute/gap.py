"""Whether a pause in treatment is long enough to start again like a first infusion."""

from ivig.evidence.compute.facts import Computed, Facts, computed
from ivig.evidence.compute.given import Given
from ivig.evidence.compute.say import number
from ivig.evidence.question import Quantity

_PAUSED = (
    r"\b(?:miss(?:ed|ing)?|skipp?ed|gap|break|paus\w+|interrupt\w*|off\s+(?:treatment|ivig|it)"
    r"|without|since\s+(?:the|his|her|their|my)?\s*last)\b"
)
_RESTART = (
    r"\brates?\b|\bpump\b|\bstart(?:s|ing)?\s+(?:over|again|low)|\brestart\w*|\bresum\w*|\bpick up\b"
    r"|\bfirst infusion\b|\bspeed\b"
)
_DAYS = {"day": 1.0, "week": 7.0, "month": 365.25 / 12, "year": 365.25}


def gap_answers(given: Given, facts: Facts) -> tuple[Computed, ...]:
    """The pause in days against the gap after which an infusion starts as if it were the first."""
    if not (given.asks(_PAUSED) and given.asks(_RESTART)):
        return ()
    pause = next((q for q in given.question.quantities if q.unit in _DAYS), None)
    if pause is None:
        return ()
    limit = facts.infusion.long_gap_day
    days = pause.value * _DAYS[pause.unit]
    if days > limit.value:
        text = (
            f"{_shown(pause)} is longer than {number(limit.value)} days: start over as in a first "
            "infusion, at the label's lowest rate, and step up as tolerated."
        )
    else:
        text = (
            f"{_shown(pause)} is not longer than {number(limit.value)} days since the last infusion: the "
            "gap alone asks for no fresh start; another brand does."
        )
    working = f"{pause.text} = {number(days, 0)} days; the limit is {number(limit.value)} days"
    return (computed("rate", text, working, cite=[limit]),)


def _shown(pause: Quantity) -> str:
    return pause.text[0].upper() + pause.text[1:]
