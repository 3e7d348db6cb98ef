"""The only place where another unit enters: text with a unit → a number in our own unit.

Case carries meaning in UCUM: ``G/L`` is gauss per litre and ``K/uL`` kelvin per microlitre,
whatever the writer meant, so both are refused with what to write instead. A number without a
unit is refused too: 543 is a healthy IgG in one unit and an impossible one in the other.

    >>> parse_quantity("543 mg/dL", "mass_concentration")
    5.43
    >>> read_quantity("< 0.05 g/L", "iga_g_per_L")
    Reading(value=0.05, below_limit=True)
    >>> parse_quantity("12 G/L", "platelets_10e9_per_L")
    Traceback (most recent call last):
    ...
    ivig.errors.InputError: platelets_10e9_per_L: '12 G/L' cannot be used. Allowed: 10*9/L, ...
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from ivig.errors import InputError


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A kind of quantity: the unit we compute in, and what else may be written.

    ``factors`` maps each accepted spelling to the number that turns it into ``ucum``;
    ``low`` and ``high`` bound what is possible in a patient, in ``ucum``.
    """

    name: str
    ucum: str
    factors: Mapping[str, float]
    low: float
    high: float
    hint: str = ""

    @property
    def units(self) -> str:
        """The accepted spellings, for a message."""
        return ", ".join(self.factors)

    @property
    def range(self) -> str:
        """What is possible, for a message."""
        text = f"{self.low:g} to {self.high:g} {self.ucum}"
        return f"{text}. {self.hint}" if self.hint else text


@dataclass(frozen=True, slots=True, kw_only=True)
class Analyte:
    """A laboratory quantity: its canonical unit, its LOINC code and its short names."""

    id: str
    quantity: Quantity
    loinc: str
    names: tuple[str, ...]

    @property
    def ucum(self) -> str:
        """The canonical unit."""
        return self.quantity.ucum


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A value in the canonical unit; ``below_limit`` marks "less than" the value."""

    value: float
    below_limit: bool = False


def parse_quantity(text: str, quantity: str, *, field: str | None = None) -> float:
    """The value of a text such as "154 lb", in the canonical unit of the quantity.

    Parameters
    ----------
    quantity : str
        A name in ``QUANTITIES``.
    field : str, optional
        The name an error gives to the field; the quantity's name when not given.

    Raises
    ------
    InputError
        No unit, an unknown or ambiguous one, a "<", not a finite number, or an impossible value.

    Examples
    --------
    >>> parse_quantity("154 lb", "body_mass")
    69.85322498
    >>> parse_quantity("6 mo", "age")
    0.5
    """
    reading = read_quantity(text, quantity, field=field)
    if reading.below_limit:
        raise InputError(field or quantity, text, "a measured value; '<' is for a laboratory level")
    return reading.value


def read_quantity(text: str, quantity: str, *, field: str | None = None) -> Reading:
    """As ``parse_quantity``, and "<" before the number is read as "below this limit"."""
    known = QUANTITIES[quantity]
    name = field or quantity
    match = _WRITTEN.fullmatch(text.strip())
    if match is None:
        wanted = f"a number with a decimal point and no separator, then one of {known.units}"
        raise InputError(name, text, wanted)
    less, number, unit = match.groups()
    if not unit:
        wanted = f"the number with its unit, one of {known.units}"
        raise InputError(name, text, wanted)
    value = _to_canonical(float(number), unit, known, name, text)
    return Reading(value=value, below_limit=less is not None)


def to_canonical(value: float, unit: str, quantity: str, *, field: str | None = None) -> float:
    """A number in a given unit, in the canonical unit of the quantity.

    Raises
    ------
    InputError
        As ``parse_quantity``.

    Examples
    --------
    >>> to_canonical(1.0, "mg/dL", "creatinine_umol_per_L")
    88.42
    """
    name = field or quantity
    return _to_canonical(value, unit, QUANTITIES[quantity], name, f"{value:g} {unit}")


def require_possible(value: float, quantity: str, *, field: str, shown: object = None) -> float:
    """The value, already in the canonical unit, when a patient can have it.

    Raises
    ------
    InputError
        NaN, infinity, or outside the range of the quantity.
    """
    known = QUANTITIES[quantity]
    given = value if shown is None else shown
    if not math.isfinite(value):
        raise InputError(field, given, f"a finite number, {known.range}")
    if not known.low <= value <= known.high:
        raise InputError(field, given, known.range)
    return value


def find_analyte(name: str) -> Analyte | None:
    """An analyte by its id or one of its short names; the case of a short name is free.

    Examples
    --------
    >>> find_analyte("Hb").id
    'haemoglobin_g_per_L'
    """
    return ANALYTES.get(name) or _SHORT_NAMES.get(name.lower())


_WRITTEN = re.compile(
    r"(<)?\s*([-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?)\s*([^0-9.,\s].*|10\s*[*^eE⁹³].*)?",
    re.DOTALL,
)


def _to_canonical(value: float, unit: str, known: Quantity, name: str, shown: str) -> float:
    factor = known.factors.get(_spelling(unit))
    if factor is None:
        raise InputError(name, shown, _instead(_spelling(unit), known))
    # Twelve digits: 543 × 0.01 is then 5.43, as a person would write it.
    converted = float(f"{value * factor:.12g}")
    return require_possible(converted, known.name, field=name, shown=shown)


_SUPERSCRIPTS = str.maketrans({"²": "^2", "³": "^3", "⁹": "^9", "µ": "u", "μ": "u", "×": "x"})
_SPELLINGS = (
    (r"\s+", ""),
    (r"(?<![A-Za-z])([dmu]?)l(?![A-Za-z])", r"\1L"),  # UCUM takes l and L for the litre
    (r"^[x*]?10(?:\*\*|[\^eE*])([0-9])", r"10*\1"),
    (r"mm\^3", "mm3"),
    (r"^mL/min/[{(]?1\.73_?m\^?2[})]?$", "mL/min/{1.73_m2}"),
)


def _spelling(unit: str) -> str:
    """One spelling for the many ways to type the same unit; the case is left alone."""
    text = unit.translate(_SUPERSCRIPTS)
    for pattern, replacement in _SPELLINGS:
        text = re.sub(pattern, replacement, text)
    return text


_TRAPS = {
    "G/L": "G/L is gauss per litre. Write 10*9/L for cells or g/L for a protein",
    "K/uL": "K/uL is kelvin per microlitre. Write 10*3/uL",
    "k/uL": "k is a prefix without a unit. Write 10*3/uL",
    "K/mm3": "K is the kelvin. Write 10*3/uL",
    "mg%": "mg% is not a unit. Write mg/dL",
    "mL/min": "a rate not scaled to body surface is another quantity. Write mL/min/{1.73_m2}",
    "m": "m is the metre. Write mo for months or min for minutes",
}


def _instead(unit: str, known: Quantity) -> str:
    """What to write instead of a unit that is not accepted."""
    right = next((u for u in known.factors if u.lower() == unit.lower()), None)
    if unit in _TRAPS:
        return f"{known.units}. {_TRAPS[unit]}"
    if right is not None:
        return f"{known.units}. Case matters in units: write {right}"
    return f"{known.units}. The unit {unit!r} is not known for this quantity"


_GRAMS_PER_L = {"g/L": 1, "mg/dL": 0.01, "g/dL": 10, "mg/mL": 1, "mg/L": 0.001, "ug/mL": 0.001}
_CELLS = {"10*9/L": 1, "10*3/uL": 1, "/uL": 0.001, "cells/uL": 0.001, "/mm3": 0.001}
_YEARS = {
    **dict.fromkeys(("year", "years", "a", "yr", "y"), 1),
    **dict.fromkeys(("month", "months", "mo"), 1 / 12),
    **dict.fromkeys(("week", "weeks", "wk"), 7 / 365.25),
    **dict.fromkeys(("day", "days", "d"), 1 / 365.25),
}
_HOURS = {
    **dict.fromkeys(("h", "hour", "hours", "hr"), 1),
    **dict.fromkeys(("min", "minute", "minutes"), 1 / 60),
}
_POUND_KG = 0.45359237
_CLEARED = "It is plasma cleared of IgG: grams lost a day over the level in g/L"
_MISLABELLED = "A larger number is usually mg/dL under the wrong unit: 650 mg/dL is 6.5 g/L"


def _quantity(
    name: str, ucum: str, factors: Mapping[str, float], low: float, high: float, hint: str = ""
) -> Quantity:
    return Quantity(name=name, ucum=ucum, factors=factors, low=low, high=high, hint=hint)


def _analyte(quantity: Quantity, loinc: str, *names: str) -> Analyte:
    return Analyte(id=quantity.name, quantity=quantity, loinc=loinc, names=names)


ANALYTES: dict[str, Analyte] = {
    analyte.id: analyte
    for analyte in (
        _analyte(
            _quantity("igg_g_per_L", "g/L", _GRAMS_PER_L, 0, 100, _MISLABELLED), "2465-3", "igg"
        ),
        _analyte(
            _quantity("iga_g_per_L", "g/L", _GRAMS_PER_L, 0, 60, _MISLABELLED), "2458-8", "iga"
        ),
        _analyte(
            _quantity("igm_g_per_L", "g/L", _GRAMS_PER_L, 0, 100, _MISLABELLED), "2472-9", "igm"
        ),
        _analyte(
            _quantity("platelets_10e9_per_L", "10*9/L", _CELLS, 0, 5000),
            "777-3",
            "platelets",
            "platelet_count",
            "plt",
        ),
        _analyte(
            _quantity(
                "egfr_mL_per_min_per_1_73m2", "mL/min/{1.73_m2}", {"mL/min/{1.73_m2}": 1}, 0, 250
            ),
            "98979-8",
            "egfr",
            "gfr",
        ),
        _analyte(
            _quantity("creatinine_umol_per_L", "umol/L", {"umol/L": 1, "mg/dL": 88.42}, 5, 3000),
            "14682-9",
            "creatinine",
            "crea",
        ),
        _analyte(
            _quantity("haemoglobin_g_per_L", "g/L", {"g/L": 1, "g/dL": 10}, 20, 260),
            "718-7",
            "haemoglobin",
            "hemoglobin",
            "hb",
            "hgb",
        ),
        _analyte(
            _quantity("albumin_g_per_L", "g/L", {"g/L": 1, "g/dL": 10}, 5, 80),
            "1751-7",
            "albumin",
            "alb",
        ),
        _analyte(
            _quantity("neutrophils_10e9_per_L", "10*9/L", _CELLS, 0, 500),
            "751-8",
            "neutrophils",
            "anc",
        ),
        _analyte(
            _quantity("crp_mg_per_L", "mg/L", {"mg/L": 1, "mg/dL": 10}, 0, 1000), "1988-5", "crp"
        ),
        _analyte(
            _quantity("ck_U_per_L", "U/L", {"U/L": 1, "IU/L": 1, "ukat/L": 60}, 0, 1e6),
            "2157-6",
            "ck",
            "cpk",
        ),
    )
}

QUANTITIES: dict[str, Quantity] = {
    quantity.name: quantity
    for quantity in (
        _quantity("mass_concentration", "g/L", _GRAMS_PER_L, 0, 100, _MISLABELLED),
        _quantity(
            "body_mass",
            "kg",
            {"kg": 1, "g": 0.001, "lb": _POUND_KG, "[lb_av]": _POUND_KG},
            0.3,
            400,
        ),
        _quantity(
            "height", "cm", {"cm": 1, "m": 100, "in": 2.54, "[in_i]": 2.54, "ft": 30.48}, 20, 250
        ),
        _quantity("age", "year", _YEARS, 0, 120),
        _quantity("amount", "g", {"g": 1, "mg": 0.001}, 0.01, 500),
        _quantity("duration", "h", _HOURS, 0.05, 72),
        _quantity("clearance", "L/day", {"L/day": 1, "mL/day": 0.001}, 0.001, 10, _CLEARED),
        *(analyte.quantity for analyte in ANALYTES.values()),
    )
}

_SHORT_NAMES = {name: analyte for analyte in ANALYTES.values() for name in analyte.names}
