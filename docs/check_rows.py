"""One row of a verification: what is predicted, what is admitted, and whether it passes."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from itertools import product

from ivig.knowledge import Knowledge
from ivig.outcome.relation import Estimate

N = 4000
Z90, Z95 = 1.6448536269514722, 1.959963984540054

Limits = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One row; ``admitted`` says in words what passes."""

    id: str
    what: str
    predicted: str
    admitted: str
    role: str
    source: str
    passed: bool
    known_miss: str | None = None


class Facts:
    """The printed numbers of the relations by label."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge

    def of(self, relation: str, label: str) -> Estimate:
        """The estimate of a label."""
        found = {
            fact.value.label: fact.value
            for fact in reversed(self.knowledge.outcomes[relation].estimates)
        }
        return found[label]

    def value(self, relation: str, label: str) -> float:
        """Its number."""
        return self.of(relation, label).value or 0.0

    def counts(self, relation: str, label: str) -> tuple[int, int]:
        """Its events, and of how many."""
        one = self.of(relation, label)
        return one.events or 0, one.n or 0


def printed(text: str) -> Limits:
    """Between what a number lies that was rounded to its last printed digit.

    >>> printed("0.12"), printed("65")
    ((0.115, 0.125), (64.5, 65.5))
    """
    number = Decimal(text)
    half = Decimal(5).scaleb(int(number.as_tuple().exponent) - 1)
    return float(number - half), float(number + half)


def over(of: Callable[..., float], *texts: str) -> Limits:
    """Lowest and highest of a function of rounded numbers, monotone in each."""
    found = [of(*corner) for corner in product(*(printed(text) for text in texts))]
    return min(found), max(found)


def near(
    key: str,
    what: str,
    found: float,
    wanted: float,
    percent: float,
    source: str,
    *,
    rounded: Limits | None = None,
    miss: str | None = None,
) -> Check:
    """A calibration row: within so many percent of what the relation was made from.

    ``rounded``, for every row computed from rounded numbers: what ``found`` may be given what was
    printed; it passes when some of that is within the tolerance. Counts are exact and have none.
    """
    low, high = rounded or (found, found)
    room = percent / 100.0 * abs(wanted) + 1e-12
    return Check(
        id=key,
        what=what,
        predicted=f"{found:.4g}" + _as_printed(rounded),
        admitted=f"{wanted:.4g} ± {percent:g} %",
        role="calibration",
        source=source,
        passed=low <= wanted + room and high >= wanted - room,
        known_miss=miss,
    )


def within(
    key: str,
    what: str,
    found: float,
    low: float,
    high: float,
    source: str,
    *,
    role: str = "independent",
    rounded: Limits | None = None,
    miss: str | None = None,
) -> Check:
    """A predicted number inside what is admitted; ``rounded`` as in ``near``."""
    least, most = rounded or (found, found)
    return Check(
        id=key,
        what=what,
        predicted=f"{found:.3g}" + _as_printed(rounded),
        admitted=f"{low:.3g} to {high:.3g}",
        role=role,
        source=source,
        passed=least <= high and most >= low,
        known_miss=miss,
    )


def held(
    key: str,
    what: str,
    published: float,
    band: tuple[float, float, float],
    source: str,
    *,
    miss: str | None = None,
) -> Check:
    """A published number inside its predictive interval (median, low, high)."""
    middle, low, high = band
    return Check(
        id=key,
        what=what,
        predicted=f"{middle:.3g} ({low:.3g} to {high:.3g})",
        admitted=f"{published:.3g} inside",
        role="independent",
        source=source,
        passed=low <= published <= high,
        known_miss=miss,
    )


def sign(
    key: str,
    what: str,
    found: str,
    expected: str,
    *,
    holds: bool,
    source: str,
    miss: str | None = None,
) -> Check:
    """A direction, or a fact that holds or not."""
    return Check(
        id=key,
        what=what,
        predicted=found,
        admitted=expected,
        role="sign only",
        source=source,
        passed=holds,
        known_miss=miss,
    )


def _as_printed(rounded: Limits | None) -> str:
    return "" if rounded is None else f" ({rounded[0]:.4g} to {rounded[1]:.4g} as printed)"
