"""Numbers and units in words, rounded as far as a reader can use them."""

import re
import unicodedata
from math import floor, log10

from ivig.cited import Interval

_UNITS = (
    *("g", "mg", "kg", "mL", "L", "U", "h", "min", "cm", "%", "vial", "vials", "site", "sites"),
    *("day", "days", "week", "weeks", "month", "months", "year", "years"),
    *("mL/h", "mL/kg/h", "g/kg", "g/L", "mg/dL", "µg/mL", "kg/m²"),
)
_NUMBER_AND_UNIT = re.compile(
    rf"(?<=\d) (?=(?:{'|'.join(re.escape(unit) for unit in _UNITS)})(?![\w/]))"
)
_TIMES = re.compile(r"(?<=\d) × (?=\d)")
_UNSEEN = ("Cc", "Cs", "Co")  # control, surrogate, private
_TURNING = {chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F)}
NBSP = "\u00a0"


def clean(text: str) -> str:
    """The text on one line, without characters that could steer a terminal or hide text.

    >>> clean("a\\x1b[31m\\nb")
    'a [31m b'
    """
    seen = (
        " " if unicodedata.category(char) in _UNSEEN or char in _TURNING else char for char in text
    )
    return " ".join("".join(seen).split())


def bind(text: str) -> str:
    """A number and its unit kept on one line by a no-break space.

    >>> bind("35 g in 2 h 40 min").count(NBSP)
    3
    """
    return _TIMES.sub(f"{NBSP}×{NBSP}", _NUMBER_AND_UNIT.sub(NBSP, text))


def sentence(text: str) -> str:
    """The text, ended like a sentence.

    >>> sentence("slow the infusion"), sentence("Stop.")
    ('slow the infusion.', 'Stop.')
    """
    return text if not text or text.rstrip(')]"’”')[-1:] in tuple(".!?:;") else f"{text}."


def raised(text: str) -> str:
    """The text with a capital at its start; a word written in its own way, like eGFR, stays.

    >>> raised("older than 365 days"), raised("eGFR 38"), raised("")
    ('Older than 365 days', 'eGFR 38', '')
    """
    first = text.split(" ")[0].rstrip(":;,.")
    return text[:1].upper() + text[1:] if first.islower() else text


def spoken(slug: str) -> str:
    """A slug in words."""
    return slug.replace("_", " ")


def number(value: float, digits: int) -> str:
    """A number with at most so many decimals, and no minus before a zero.

    >>> number(35.0, 1), number(0.514, 2), number(-0.01, 1)
    ('35', '0.51', '0')
    """
    text = f"{value:,.{digits}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def grams(value: float) -> str:
    """An amount, one decimal at most; two below 1 g."""
    return f"{number(value, 1 if value >= 1 else 2)} g"


def g_per_kg(value: float) -> str:
    """A dose per kilogram."""
    return f"{number(value, 2)} g/kg"


def kilograms(value: float) -> str:
    """A weight; two decimals below 10 kg."""
    return f"{number(value, 1 if value >= 10 else 2)} kg"


def millilitres(value: float) -> str:
    """A volume; one decimal below 100 mL."""
    return f"{number(value, 0 if value >= 100 else 1)} mL"


def pump_rate(value: float) -> str:
    """A rate as it is set on the pump."""
    return f"{number(value, 1)} mL/h"


def per_kg_rate(value: float) -> str:
    """A rate per kilogram."""
    return f"{number(value, 2)} mL/kg/h"


def g_per_L(value: float) -> str:
    """A concentration to one decimal, which is kept."""
    return f"{value:.1f} g/L"


def both_units(value: float) -> str:
    """A concentration in g/L and mg/dL.

    >>> both_units(7.93)
    '7.9 g/L (790 mg/dL)'
    """
    return f"{g_per_L(value)} ({round(round(value, 1) * 100)} mg/dL)"


def days(value: float) -> str:
    """A time in days; half days are kept below 7.

    >>> days(28.0), days(1), days(3.5)
    ('28 days', '1 day', '3.5 days')
    """
    text = number(value, 0 if value >= 7 else 1)
    return f"{text} day" if text == "1" else f"{text} days"


def every(interval_day: float) -> str:
    """How often.

    >>> every(28), every(7), every(1), every(10)
    ('every 4 weeks', 'every week', 'every day', 'every 10 days')
    """
    if interval_day == 1:
        return "every day"
    weeks = interval_day / 7
    if weeks == 1:
        return "every week"
    return f"every {weeks:.0f} weeks" if weeks == int(weeks) else f"every {days(interval_day)}"


def hours(value_min: float) -> str:
    """A duration.

    >>> hours(160), hours(45.2), hours(120)
    ('2 h 40 min', '45 min', '2 h')
    """
    h, minutes = divmod(round(value_min), 60)
    if h == 0:
        return f"{minutes} min"
    return f"{h} h {minutes} min" if minutes else f"{h} h"


def clock(value_min: float) -> str:
    """An offset from the start as h:mm.

    >>> clock(95.4)
    '1:35'
    """
    h, minutes = divmod(round(value_min), 60)
    return f"{h}:{minutes:02d}"


def percent(fraction: float) -> str:
    """A probability in percent; never rounded to certainty.

    >>> percent(0.923), percent(0.999), percent(0.001)
    ('92 %', 'more than 99 %', 'less than 1 %')
    """
    if fraction > 0.99:
        return "more than 99 %"
    if fraction < 0.01:
        return "less than 1 %"
    return f"{100 * fraction:.0f} %"


def share(level: float) -> str:
    """The level of an interval in plain words.

    >>> share(0.9), share(0.95), share(0.5)
    ('9 in 10', '19 in 20', '50 %')
    """
    return {0.9: "9 in 10", 0.95: "19 in 20", 0.8: "8 in 10"}.get(level, f"{100 * level:.0f} %")


def span(interval: Interval, digits: int) -> str | None:
    """The interval as low–high; None when no spread is known (both ends at the median)."""
    if interval.low == interval.high:
        return None
    low, high = (f"{end:,.{digits}f}" for end in (interval.low, interval.high))
    return f"{low}–{high}"


def count(n: int, noun: str) -> str:
    """So many things.

    >>> count(1, "caution"), count(3, "caution")
    ('1 caution', '3 cautions')
    """
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"


def significant(value: float) -> str:
    """Two significant figures, whole numbers kept, without exponent or empty decimals.

    >>> significant(0.0712), significant(2.88), significant(1234.5), significant(0.0)
    ('0.071', '2.9', '1,234', '0')
    """
    if value == 0:
        return "0"
    return number(value, max(0, 1 - floor(log10(abs(value)))))
