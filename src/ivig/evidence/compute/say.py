"""Numbers and their units in the words of an answer."""

from collections.abc import Iterable
from math import isfinite

from ivig.vials import VialCount

HOUR_MIN = 60.0


def number(value: float, digits: int = 2) -> str:
    """A number with at most so many decimals.

    >>> number(140.0), number(0.4), number(1234.5, 0), number(0.0575, 4)
    ('140', '0.4', '1,234', '0.0575')
    """
    if not isfinite(value) or abs(value) >= 1e7:
        return f"{value:g}"
    text = f"{value:,.{digits}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def grams(value: float) -> str:
    """An amount: two decimals at most."""
    return f"{number(value, 2 if value < 100 else 1)} g"


def millilitres(value: float) -> str:
    """A volume; one decimal below 100 mL."""
    return f"{number(value, 0 if value >= 100 else 1)} mL"


def span(low: float, high: float, digits: int = 2) -> str:
    """A range, or one number when both ends are the same."""
    first, last = number(low, digits), number(high, digits)
    return first if first == last else f"{first}–{last}"


def duration(minutes: float) -> str:
    """Hours and minutes.

    >>> duration(160.4), duration(45.0), duration(119.8)
    ('2 h 40 min', '45 min', '2 h')
    """
    hours, rest = divmod(round(minutes), 60)
    parts = [f"{hours} h"] * bool(hours) + [f"{rest} min"] * bool(rest or not hours)
    return " ".join(parts)


def every(days: float) -> str:
    """An interval.

    >>> every(28), every(7), every(10), every(1)
    ('every 4 weeks', 'every week', 'every 10 days', 'every day')
    """
    if days % 7 == 0:
        return "every week" if days == 7 else f"every {number(days / 7)} weeks"
    return "every day" if days == 1 else f"every {number(days)} days"


def level(g_per_L: float) -> str:
    """An IgG level in both units.

    >>> level(5.43)
    '5.43 g/L (543 mg/dL)'
    """
    return f"{number(g_per_L)} g/L ({number(g_per_L * 100, 0)} mg/dL)"


def vials(counts: Iterable[VialCount]) -> str:
    """So many vials of each size.

    >>> vials([VialCount(g=40, n=1), VialCount(g=20, n=2)])
    '1 × 40 g + 2 × 20 g'
    """
    return " + ".join(f"{count.n} × {number(count.g)} g" for count in counts)


def plural(count: float, word: str) -> str:
    """``1 day``, ``2 days``."""
    return f"{number(count)} {word}{'' if count == 1 else 's'}"
