"""Whether kinetics is asked: known before the kinetics, and numpy with it, is imported."""

from ivig.evidence.compute.facts import Computed, Facts
from ivig.evidence.compute.given import Given

ASKS_STEADY = r"steady[ -]?state|\bplateau\b"
ASKS_HALF = r"half[ -]?li(?:fe|ves)|\bt1/2\b"
ASKS_RISE = r"\b(?:rise|raise|raises|increase|increases|go up|boost)\b"
ASKS_TROUGH = r"\btrough\w*|\bpeak\b|\bigg (?:level|after|expected)|expected (?:igg|level)"


def kinetics_answers(given: Given, facts: Facts) -> tuple[Computed, ...]:
    """What ``kinetics`` answers, imported only when its words are there."""
    words = (ASKS_STEADY, ASKS_HALF, ASKS_RISE)
    if not (given.asks(ASKS_TROUGH, "target") or any(given.asks(word) for word in words)):
        return ()
    from ivig.evidence.compute.kinetics import kinetics_answers as answers

    return answers(given, facts)
