"""Premedication: only doses that a source gives; none is worked out by weight."""

import re

from ivig.evidence.compute.facts import Computed, Facts, computed
from ivig.evidence.compute.given import Given
from ivig.evidence.compute.say import number

_DRUGS = r"\b(?:premed\w*|pre-med\w*|acetaminophen|paracetamol|tylenol|diphenhydramine|benadryl)\b"
_ASKS = r"\b(?:dos(?:e|es|ing|age)|how much|mg|calculat\w*)\b"


def premedication_answers(given: Given, facts: Facts) -> tuple[Computed, ...]:
    """The sourced doses; for a weight it is said that none is sourced."""
    if not (re.search(_DRUGS, given.words) and re.search(_ASKS, given.words)):
        return ()
    known = [fact for fact in facts.infusion.premedication if fact.value.dose_text is not None]
    if not known:
        return ()
    asked = "" if given.weight_kg is None else f" for {number(given.weight_kg, 1)} kg"
    told = "; ".join(f"{fact.value.drug}: {fact.value.dose_text}" for fact in known)
    return (
        computed(
            "premedication",
            f"No source we hold gives a dose by weight, so none is computed{asked}. What is sourced: {told}.",
            "not computed: no sourced dose per kg",
            cite=known,
        ),
    )
