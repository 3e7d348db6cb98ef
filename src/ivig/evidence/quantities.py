"""The numbers of a question with their units, however they are typed.

A value is kept as read, also a negative or an absurd one: whoever computes refuses it and says why.
A number whose unit cannot be told (``20 G/L``) stays a bare number.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from ivig.evidence.question import Quantity
from ivig.units import QUANTITIES

DAYS_PER_WEEK = 7.0
_MONTHS_PER_YEAR = 12.0
_DAYS_PER_YEAR = 365.25
_INCH_CM = 2.54
_STONE_LB = 14.0

_WORDS = (
    *("zero", "one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)
_UNSIGNED = (
    r"(?:10\s?(?:\^|\*\*)\s?\d{1,3}|[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?(?![\d,])"
    r"|[1-9]\d{0,2}(?:[ \u00a0\u202f]\d{3})+(?=\s*(?:mg|mls?|donors?)\b)"
    r"|\d+\s?/\s?[1-9]\d*(?=\s*[a-z])|\d+[.,]\d+(?:e[-+]?\d+)?|\d+(?:e[-+]?\d+)?|\.\d+"
    rf"|(?:{'|'.join(_WORDS)})\b)"
)
_NUMBER = rf"(?:(?<![\w)\].])[-−+]|minus\s+)?(?<![\w.,]){_UNSIGNED}"
_RANGE = rf"(?P<low>{_NUMBER})(?:\s*(?:-|–|—|to|or)\s*(?P<high>{_UNSIGNED}))?"
_GAP = r"\s*-?\s*"

_TIMES: Final = {"d": "day", "w": "week", "m": "month", "y": "year", "h": "h"}
_TIME = r"(?P<time>days?|d|weeks?|wks?|w|months?|mths?|mos?|years?|yrs?|y)"


@dataclass(frozen=True, slots=True)
class _Unit:
    pattern: re.Pattern[str]
    unit: str
    factor: float


def read_quantities(text: str) -> tuple[Quantity, ...]:
    """Every number of a question, in the order in which they stand.

    A range gives two quantities with one ``text``. An interval (``every 4 weeks``, ``monthly``) and
    a split (``over 5 days``) have units of their own; see ``question.Quantity``.

    Examples
    --------
    >>> [(q.value, q.unit) for q in read_quantities("400 mg/kg q4w, 154 lb, over 2-5 days")]
    [(0.4, 'g_per_kg'), (28.0, 'interval_day'), (69.85322498, 'kg'), (2.0, 'split_day'), (5.0, 'split_day')]
    """
    found: list[Quantity] = []
    free = list(text)
    for pattern, read in _SPECIALS:
        for match in pattern.finditer("".join(free)):
            read_here = read(match)
            if read_here:
                found += read_here
                free[match.start() : match.end()] = "\0" * (match.end() - match.start())
    found += _plain("".join(free))
    return _joined(sorted(found, key=lambda one: one.start), text)


def _plain(text: str) -> Iterator[Quantity]:
    """Numbers followed by one of the units of the table; else bare numbers."""
    at = 0
    while (match := _EITHER.search(text, at)) is not None:
        for number in _ranges(match):
            taken = _with_unit(number, text)
            if taken:
                yield from taken[0]
                at = taken[1]
                break
        else:
            yield from _bare(match, text)
            at = match.end() if match["high"] is None else match.start("high")


def _ranges(match: re.Match[str]) -> tuple[tuple[tuple[str, int], ...], ...]:
    """The readings of a number: both ends of a range, then each alone."""
    low = (match["low"], match.start("low"))
    high = None if match["high"] is None else (match["high"], match.start("high"))
    return ((low,),) if high is None else ((low, high), (low,))


def _with_unit(
    numbers: tuple[tuple[str, int], ...], text: str
) -> tuple[tuple[Quantity, ...], int] | None:
    last, start = numbers[-1]
    end = start + len(last)
    for known in _UNITS:
        match = known.pattern.match(text, end)
        if match is None:
            continue
        values = [_value(number) * known.factor for number, _ in numbers]
        if known.unit == "cm" and known.factor == 100 and not 0.2 <= abs(values[-1]) / 100 <= 3:
            continue  # "500 m" is a distance, "70 m" perhaps a man
        unit, extra, stop = _per(known.unit, match.end(), text)
        shown = text[numbers[0][1] : stop].strip()
        read = [
            _quantity(v, unit, shown, where) for v, (_, where) in zip(values, numbers, strict=True)
        ]
        return (*read, *extra), stop
    return None


def _per(unit: str, end: int, text: str) -> tuple[str, tuple[Quantity, ...], int]:
    """``/day``, ``per week``, ``/4 weeks`` after an amount: how often it is given."""
    if unit not in ("g", "g_per_kg", "mL"):
        return unit, (), end
    match = _PER.match(text, end)
    if match is None:
        return unit, (), end
    count = 1.0 if match["count"] is None else _value(match["count"])
    if unit == "g_per_kg" and match["time"][0].lower() == "d" and count == 1.0:
        return "g_per_kg_per_day", (), match.end()
    every = _interval(count, match["time"], match[0].strip(), match.start())
    return unit, (every,), match.end()


def _bare(match: re.Match[str], text: str) -> Iterator[Quantity]:
    number, start = match["low"], match.start("low")
    after = text[start + len(number) : start + len(number) + 1]
    if not after.isalpha() and any(char.isdigit() for char in number) and "/" not in number:
        yield _quantity(_value(number), "", number, start)


def _joined(found: list[Quantity], text: str) -> tuple[Quantity, ...]:
    """``0.4 g/kg to 0.6 g/kg`` is a range too: both ends get the same text."""
    for i in range(len(found) - 1):
        low, high = found[i], found[i + 1]
        end = low.start + len(low.text)
        same = low.unit == high.unit and low.unit and "interval" not in low.unit
        if same and end <= high.start and _TO.fullmatch(text[end : high.start]):
            whole = text[low.start : high.start + len(high.text)]
            found[i], found[i + 1] = replace(low, text=whole), replace(high, text=whole)
    return tuple(found)


def _value(written: str) -> float:
    text = written.strip().lower().replace("−", "-")
    sign = -1.0 if text.startswith(("-", "minus")) else 1.0
    text = re.sub(r"^(?:[-+]|minus\s+)", "", text)
    if text in _WORDS:
        return sign * _WORDS.index(text)
    power = re.fullmatch(r"10\s?(?:\^|\*\*)\s?(\d+)", text)
    if power:
        return sign * 10.0 ** int(power[1]) if int(power[1]) <= 300 else sign * float("inf")
    if "/" in text:
        over, under = text.split("/")
        return sign * float(over) / float(under)
    if re.fullmatch(r"[1-9]\d{0,2}(?:[, \u00a0\u202f]\d{3})+(?:\.\d+)?", text):
        return sign * float(re.sub(r"[, \u00a0\u202f]", "", text))
    return sign * float(text.replace(",", "."))


def _quantity(value: float, unit: str, text: str, start: int) -> Quantity:
    # Twelve digits: 543 × 0.01 is then 5.43, as a person would write it.
    return Quantity(value=float(f"{value:.12g}"), unit=unit, text=text, start=start)


def _interval(count: float, time: str, text: str, start: int) -> Quantity:
    """A month has 28 to 31 days, so months stay months."""
    kind = _TIMES[time[0].lower()]
    if kind in ("month", "year"):
        months = count * (_MONTHS_PER_YEAR if kind == "year" else 1.0)
        return _quantity(months, "interval_month", text, start)
    days = count * (DAYS_PER_WEEK if kind == "week" else 1.0)
    return _quantity(days, "interval_day", text, start)


def _both(match: re.Match[str]) -> list[tuple[str, int]]:
    ends = [(match["low"], match.start("low"))]
    if "high" in match.groupdict() and match["high"] is not None:
        ends.append((match["high"], match.start("high")))
    return ends


def _read_interval(match: re.Match[str]) -> list[Quantity]:
    return [
        _interval(_value(number), match["time"], match[0], match.start() if i == 0 else where)
        for i, (number, where) in enumerate(_both(match))
    ]


def _read_word_interval(match: re.Match[str]) -> list[Quantity]:
    word = re.sub(r"[\s-]+", " ", match[0].lower())
    per_time = 2.0 if re.search(r"other|alternate|fortnight|^bi ?", word) else 1.0
    per_time = 0.5 if word.startswith("twice") else per_time
    kind = next(
        name
        for stem, name in (
            *(("year", "y"), ("annual", "y"), ("quarter", "q"), ("month", "m")),
            *(("fortnight", "w"), ("week", "w"), ("dai", "d"), ("day", "d")),
        )
        if stem in word
    )
    if kind == "q":
        return [_interval(3.0, "m", match[0], match.start())]
    return [_interval(per_time, kind, match[0], match.start())]


def _read_split(match: re.Match[str]) -> list[Quantity]:
    return [
        _quantity(_value(number), "split_day", match[0], match.start() if i == 0 else where)
        for i, (number, where) in enumerate(_both(match))
    ]


def _read_doses(match: re.Match[str]) -> list[Quantity]:
    return [_quantity(_value(match["low"]), "dose", match[0], match.start())]


def _read_height(match: re.Match[str]) -> list[Quantity]:
    inches = 12 * float(match["feet"]) + float(match["inches"] or 0)
    return [_quantity(inches * _INCH_CM, "cm", match[0], match.start())]


def _read_age(match: re.Match[str]) -> list[Quantity]:
    time = (match.groupdict().get("time") or "y")[0].lower()
    years = {
        "d": 1 / _DAYS_PER_YEAR, "w": DAYS_PER_WEEK / _DAYS_PER_YEAR, "m": 1 / _MONTHS_PER_YEAR,
        "y": 1.0,
    }[time]  # fmt: skip
    return [_quantity(_value(match["low"]) * years, "age_year", match[0], match.start())]


def _read_cells(match: re.Match[str]) -> list[Quantity]:
    factor = 1.0 if match["giga"] else 0.001
    return [_quantity(_value(match["low"]) * factor, "10e9_per_L", match[0], match.start())]


def _read_bmi(match: re.Match[str]) -> list[Quantity]:
    return [_quantity(_value(match["low"]), "kg_per_m2", match[0], match.start())]


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_OLD = r"(?:years?|yrs?|y|months?|mths?|mos?|weeks?|wks?|days?)"
_SPECIALS = (
    (
        _compiled(r"(?<!\w)(?P<feet>[3-7])\s*(?:'|’|′|ft\.?|foot|feet)\s*-?\s*"
                  r"(?:(?P<inches>\d{1,2}(?:\.\d+)?)(?:\s*(?:\"|”|″|''|inch(?:es)?|in\b\.?))?)?(?![\w'])"),
        _read_height,
    ),
    (
        _compiled(rf"(?P<low>{_NUMBER})\s*(?:(?P<giga>[x×*]\s*10\s*(?:\^|\*\*|\*|e)?\s*[9⁹]\s*/\s*L)"
                  r"|[x×*]\s*10\s*(?:\^|\*\*|\*|e)?\s*3\s*/\s*[uµμ]L|/\s*(?:[uµμ]L|mcL|mm3|mm³|cumm))"),
        _read_cells,
    ),
    (_compiled(rf"\bBMI\s*(?:of|is|=|:|>|≥)?\s*(?P<low>{_NUMBER})(?:\s*kg\s*/\s*m(?:2|²|\^2))?"), _read_bmi),
    (_compiled(rf"(?P<low>{_NUMBER})\s*kg\s*/\s*m(?:2|²|\^2)"), _read_bmi),
    (
        _compiled(rf"(?P<low>{_NUMBER}){_GAP}(?P<time>{_OLD})\.?{_GAP}(?:olds?|of\s+age)\b"),
        _read_age,
    ),
    (_compiled(rf"(?P<low>{_NUMBER}){_GAP}(?:yo|y/o|y\.o\.?)(?!\w)"), _read_age),
    (
        _compiled(rf"\baged?\s*(?:of|is|=|:)?\s*(?P<low>{_NUMBER})(?:\s*(?P<time>{_OLD})\b)?"),
        _read_age,
    ),
    (_compiled(rf"\b(?:every|each)\s*{_RANGE}{_GAP}{_TIME}\b"), _read_interval),
    (
        _compiled(rf"\bq\.?{_GAP}(?P<low>{_UNSIGNED})(?:\s*(?:-|–|to)\s*(?P<high>{_UNSIGNED}))?{_GAP}"
                  r"(?P<time>days?|d|weekly|weeks?|wks?|w|monthly|months?|mo|m)\b"),
        _read_interval,
    ),
    (_compiled(rf"{_RANGE}-?\s?(?P<time>weekly|monthly)\b"), _read_interval),
    (
        _compiled(r"\b(?:every|each)\s+(?:other|alternate)\s+(?:day|week|month)\b|\balternate\s+(?:days|weeks)\b"
                  r"|\b(?:once\s+|twice\s+)(?:a|per|every|each)\s+(?:day|week|month|year)\b"
                  r"|\b(?:every|each)\s+(?:day|week|month|year|fortnight)\b"
                  r"|\b(?:once\s+|twice\s+|bi-?\s?)?(?:daily|weekly|monthly|yearly|annually|quarterly)\b"
                  r"|\bfortnightly\b"),
        _read_word_interval,
    ),
    (
        _compiled(rf"(?:\b(?:divided|split|spread|given)\s+(?:over|into|in|across)|\bover|\bacross|\bfor|\bx|×"
                  r"|(?<=kg )in|(?<=\dg )in|(?<= g )in)"
                  rf"\s*(?:a\s+period\s+of\s+)?{_RANGE}{_GAP}(?:consecutive\s+|daily\s+|divided\s+)?"
                  r"(?:days?|d|doses?\s+daily|daily\s+doses)(?!\w)"),
        _read_split,
    ),
    (_compiled(rf"{_RANGE}{_GAP}day\s+(?:course|split|regimen|infusion|schedule)\b"), _read_split),
    (_compiled(rf"(?:(?<=[\s\d])x|×)\s*(?P<low>{_UNSIGNED})(?:\s*(?:doses?|infusions?))?(?![\w.^/,])"), _read_doses),
)  # fmt: skip

_G = r"(?:g|gms?|grams?|grammes?)"
_MG = r"(?:mg|mgs|milligrams?)"
_ML = r"(?:ml|mls|cc|millilit(?:er|re)s?)"
_KG = r"(?:kg|kgs|kilos?|kilograms?)"
_SLASH = r"\s*(?:/|per|·)\s*"
_H = r"(?:h|hr|hrs|hours?)"
_MIN = r"(?:min|mins|minutes?)"
_BODY = r"(?:\s*(?:bw|body\s*-?weight))?"
_END = r"(?![\w²^]|\s*/\s*(?!(?:dose|infusion|session|course|cycle|treatment|vial|day|d|week|wk|month|mo|year|yr)\b)[a-zµμ])"
_PER = _compiled(
    rf"(?:\s*/\s*|\s+per\s+|\s+an?\s+)(?P<count>{_UNSIGNED}\s*)?"
    r"(?P<time>days?|d|weeks?|wks?|wk|months?|mo|years?|yr)\b"
)
_TO = _compiled(r"\s*(?:-|–|—|to)\s*")
_EITHER = _compiled(
    rf"(?P<low>{_NUMBER})(?:\s*(?:-|–|—|to|or|(?:(?<=\s)and(?=\s)))\s*(?P<high>{_UNSIGNED}))?"
)


def _unit(pattern: str, unit: str, factor: float = 1.0, *, exact: bool = False) -> _Unit:
    whole = rf"{_GAP}(?:{pattern}){_END}"
    return _Unit(re.compile(whole) if exact else _compiled(whole), unit, factor)


_POUND_KG = QUANTITIES["body_mass"].factors["lb"]
_UNITS = (
    _unit(rf"{_MG}{_SLASH}{_KG}{_SLASH}{_MIN}", "mg_per_kg_per_min"),
    _unit(rf"{_MG}{_SLASH}{_KG}{_SLASH}{_H}", "mg_per_kg_per_min", 1 / 60),
    _unit(rf"{_ML}{_SLASH}{_KG}{_SLASH}{_H}", "mL_per_kg_per_h"),
    _unit(rf"{_ML}{_SLASH}{_KG}{_SLASH}{_MIN}", "mL_per_kg_per_h", 60),
    _unit(rf"{_ML}{_SLASH}{_H}", "mL_per_h"),
    _unit(rf"{_ML}{_SLASH}{_MIN}", "mL_per_h", 60),
    _unit(rf"{_G}{_SLASH}{_H}", "g_per_h"),
    _unit(rf"{_G}{_SLASH}{_KG}{_BODY}", "g_per_kg"),
    _unit(rf"{_MG}{_SLASH}{_KG}{_BODY}", "g_per_kg", 0.001),
    _unit(rf"{_ML}{_SLASH}{_KG}{_BODY}", "mL_per_kg"),
    # Case matters: G/L is no mass.
    _unit(r"g(?:rams?)?(?:\s*/\s*|\s+per\s+)(?:[lL]|lit(?:er|re))", "g_per_L", exact=True),
    _unit(rf"{_G}{_SLASH}d(?:l|ecilit(?:er|re))", "g_per_L", 10),
    _unit(rf"{_MG}{_SLASH}d(?:l|ecilit(?:er|re))", "g_per_L", 0.01),
    _unit(rf"{_MG}{_SLASH}l(?:it(?:er|re))?", "g_per_L", 0.001),
    _unit(rf"{_MG}{_SLASH}{_ML}", "mg_per_mL"),
    _unit(rf"{_G}{_SLASH}{_ML}", "mg_per_mL", 1000),
    _unit(rf"(?:mcg|ug|µg|μg){_SLASH}{_ML}", "ug_per_mL"),
    _unit(rf"(?:mmol|meq){_SLASH}l(?:it(?:er|re))?", "mmol_per_L"),
    _unit(_KG, "kg"),
    _unit(r"lbs?|pounds?", "kg", _POUND_KG),
    _unit(r"stones?", "kg", _STONE_LB * _POUND_KG),
    _unit(_G, "g"),
    _unit(_MG, "g", 0.001),
    _unit(_ML, "mL"),
    _unit(r"l|lit(?:er|re)s?", "mL", 1000),
    _unit(r"cms?|centimet(?:er|re)s?", "cm"),
    _unit(r"inch(?:es)?", "cm", _INCH_CM),
    _unit(r"m|met(?:er|re)s?", "cm", 100),
    _unit(r"%|percent|per\s+cent", "percent"),
    _unit(r"years?|yrs?|y", "year"),
    _unit(r"months?|mths?|mos?", "month"),
    _unit(r"weeks?|wks?|w", "week"),
    _unit(r"days?|d", "day"),
    _unit(_H, "h"),
    _unit(_MIN, "min"),
    _unit(r"donors?|donations?", "donor"),
    _unit(r"doses|dose", "dose"),
)
