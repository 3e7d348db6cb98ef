"""A patient file, YAML or JSON → a ``Patient``, or one ``InputError`` that says what to change."""

import datetime
import difflib
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

from ivig.errors import InputError
from ivig.faces.conditions import recognise, slug
from ivig.faces.patient_fields import FIELDS, TIME, Field
from ivig.faces.patient_fields import patient_schema as patient_schema
from ivig.faces.plain_data import read_plain, require_plain
from ivig.patient import (
    DatedWeight,
    Dose,
    History,
    Infection,
    Lab,
    Patient,
    ProteinLoss,
    Sample,
)
from ivig.units import (
    ANALYTES,
    Analyte,
    Reading,
    find_analyte,
    parse_quantity,
    read_quantity,
    require_possible,
)

Values = dict[str, Any]
Read = Callable[[Field, object, str, datetime.date], Values]

_RECORDS = {
    "weights": DatedWeight,
    "protein_loss": ProteinLoss,
    "levels": Sample,
    "doses": Dose,
    "infections": Infection,
}
_UNKNOWN = {"unknown", "not_known", "not_done", "not_tested", "not_available", "missing", "n_a"}
_AT_THE_TOP = {name for field in FIELDS for name in field.names}
_NONE = {"none", "no", "nil", "never", "no_reaction", "no_reactions"}


def read_patient(path: str | Path) -> Patient:
    """The patient in a YAML or JSON file; "-" reads standard input.

    Raises
    ------
    InputError
        Naming the file, or the field, its value and what is allowed.
    """
    return patient_from_data(read_plain(path))


def patient_from_data(data: object) -> Patient:
    """The patient in plain data: a dict with the fields of ``patient_schema()``.

    What is absent or null stays unknown. A date is turned into days before ``as_of``, which is
    then recorded in the patient; without one it is today.

    Raises
    ------
    InputError
        Naming the field, its value and what is allowed.

    Examples
    --------
    >>> patient = patient_from_data({"diagnosis": "cvid", "weight": "154 lb", "conditions": ["CVA"]})
    >>> patient.weight_kg, patient.conditions, patient.allergies
    (69.85322498, ('stroke',), None)
    """
    require_plain(data)
    if data is None:
        raise InputError("patient", data, "at least diagnosis and weight_kg; this file is empty")
    if isinstance(data, list):
        raise InputError("patient", cast(object, data), "one patient: fields at the top, no list")
    top = _mapping(data, "patient")
    given = top.get("as_of")
    day0 = datetime.date.today() if given is None else _calendar_date(given, "as_of")
    values = _record(top, FIELDS, "", day0)
    if any(_has_key(top, name) for name in ("date", "start_date", "end_date")):
        values["as_of"] = day0.isoformat()
    return _patient(values)


def _patient(values: Values) -> Patient:
    unrecognised: tuple[str, ...] = ()
    for name in ("conditions", "allergies"):
        if name in values:
            values[name], unknown = recognise(values[name], name)
            unrecognised += unknown
    if "pregnancy" in values.get("conditions", ()):
        if values.get("pregnant") is False:
            raise InputError("pregnant", False, "true, since pregnancy stands under conditions")
        values["pregnant"] = True
        values["conditions"] = tuple(c for c in values["conditions"] if c != "pregnancy")
    for name, cls in _RECORDS.items():
        if name in values:
            values[name] = tuple(
                _made(cls, record, f"{name}[{i}]") for i, record in enumerate(values[name])
            )
    if "history" in values:
        values["history"] = History(**values["history"])
    return Patient(**values, unrecognised=tuple(dict.fromkeys(unrecognised)))


def _made(cls: type, record: Values, path: str) -> object:
    try:
        return cls(**record)
    except InputError as error:
        raise InputError(_at(path, error.field), error.value, error.allowed) from None


def _mapping(value: object, path: str) -> dict[str, object]:
    if not isinstance(value, dict):
        raise InputError(path, value, "fields and their values, such as weight_kg: 68")
    return cast(dict[str, object], value)


def _list(value: object, path: str, wanted: str) -> list[object]:
    if not isinstance(value, list):
        raise InputError(path, value, wanted)
    return cast(list[object], value)


def _has_key(value: object, name: str) -> bool:
    if isinstance(value, dict):
        items = cast(dict[str, object], value)
        return items.get(name) is not None or any(_has_key(v, name) for v in items.values())
    return isinstance(value, list) and any(_has_key(v, name) for v in cast(list[object], value))


def _at(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _record(
    data: dict[str, object], fields: tuple[Field, ...], path: str, day0: datetime.date
) -> Values:
    """The values of a record under their names in ``Patient``; what is absent stays absent."""
    known = [name for field in fields for name in field.names]
    for key, value in data.items():
        if key not in known:
            raise _unknown_name(_at(path, key), key, value, known)
    values: Values = {}
    for field in fields:
        given = [name for name in field.names if data.get(name) is not None]
        if len(given) == 2:
            wanted = f"only one of {given[0]} and {given[1]}"
            raise InputError(_at(path, given[1]), data[given[1]], wanted)
        if given:
            values |= _READERS[field.kind](field, data[given[0]], _at(path, given[0]), day0)
        elif field.required:
            wanted = f"a value; {' or '.join(field.names)} is needed ({field.about})"
            raise InputError(_at(path, field.name), None, wanted)
    return values


def _unknown_name(where: str, key: str, value: object, known: list[str]) -> InputError:
    close = difflib.get_close_matches(key.lower(), known, n=1, cutoff=0.6)
    hint = f"did you mean {close[0]}? " if close else ""
    return InputError(where, value, f"{hint}the names known here are {', '.join(known)}")


def _text(field: Field, value: object, path: str, day0: datetime.date) -> Values:
    if not isinstance(value, str) or not value.strip():
        raise InputError(path, value, "text; put a number in quotes so that it stays as written")
    text = value.strip()
    if field.name in ("product", "kind"):
        return {field.name: slug(text) or text}
    if field.name == "reaction_to_ig":
        return _reaction(text, path)
    return {field.name: text}


def _reaction(text: str, path: str) -> Values:
    word = slug(text)
    if word in _UNKNOWN:
        return {}
    if word in _NONE:
        return {"reaction_to_ig": "none"}
    if word.startswith(("no_", "not_", "without_", "denies_")):
        raise InputError(path, text, "'none', or what happened, such as anaphylaxis or headache")
    return {"reaction_to_ig": text}


def _number(field: Field, value: object, path: str, day0: datetime.date) -> Values:
    """A plain number under the unit-suffixed name, text with a unit under the bare name."""
    quantity = field.quantity or ""
    if path.endswith(field.name):
        return {field.name: _plain_number(value, path, quantity)}
    text = _written(value, path, field.name)
    if not field.limit:
        return {field.name: parse_quantity(text, quantity, field=path)}
    reading = read_quantity(text, quantity, field=path)
    return {field.name: reading.value, "below_limit": reading.below_limit}


def _plain_number(value: object, path: str, quantity: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InputError(path, value, "a number; text with a unit goes under the bare name")
    return require_possible(float(value), quantity, field=path, shown=value)


def _written(value: object, path: str, suffixed: str) -> str:
    if not isinstance(value, str):
        raise InputError(path, value, f"text with a unit; a plain number goes under {suffixed}")
    return value


def _flag(field: Field, value: object, path: str, day0: datetime.date) -> Values:
    if not isinstance(value, bool):
        raise InputError(path, value, "true or false; leave it out when it is not known")
    return {field.name: value}


def _choice(field: Field, value: object, path: str, day0: datetime.date) -> Values:
    for choice in field.choices:
        if isinstance(value, str) and value.strip().casefold() == choice.casefold():
            return {field.name: choice}
    raise InputError(path, value, f"{', '.join(field.choices)}; leave it out when it is not known")


def _calendar_date(value: object, path: str) -> datetime.date:
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise InputError(path, value, "a date written as 2026-03-01")
    try:
        return datetime.date.fromisoformat(value)
    except ValueError as error:
        raise InputError(path, value, f"a date of the calendar ({error})") from error


def _date(field: Field, value: object, path: str, day0: datetime.date) -> Values:
    return {field.name: day0.isoformat()}


def _time(field: Field, value: object, path: str, day0: datetime.date) -> Values:
    if path.endswith("date"):
        days = float((_calendar_date(value, path) - day0).days)
        wanted = f"a date up to day 0, which is {day0}; what is to come cannot be history"
    elif isinstance(value, bool) or not isinstance(value, int | float):
        raise InputError(path, value, "a number of days, 0 or negative; a date goes under date")
    else:
        days = float(value)
        wanted = "0 or negative: day 0 is the day of the plan, and what is to come is not history"
    if days > 0:
        raise InputError(path, value, wanted)
    if days < -36525:
        raise InputError(path, value, "a day within the last 100 years")
    return {field.name: days}


def _words(field: Field, value: object, path: str, day0: datetime.date) -> Values:
    words = _list(value, path, "a list, such as [ckd, stroke]; [] when asked and there is none")
    for i, word in enumerate(words):
        if not isinstance(word, str) or not slug(word):
            raise InputError(f"{path}[{i}]", word, "a word, such as stroke")
    return {field.name: words}


def _one(field: Field, value: object, path: str, day0: datetime.date) -> Values:
    return {field.name: _record(_mapping(value, path), field.fields, path, day0)}


def _many(field: Field, value: object, path: str, day0: datetime.date) -> Values:
    entries = _list(value, path, "a list of entries; [] when asked and there is none")
    found: list[Values] = []
    for i, entry in enumerate(entries):
        where = f"{path}[{i}]"
        found.append(_record(_mapping(entry, where), field.fields, where, day0))
    return {field.name: found}


def _labs(field: Field, value: object, path: str, day0: datetime.date) -> Values:
    known = [name for a in ANALYTES.values() for name in (a.names[0], a.id)]
    found: dict[str, Lab] = {}
    for name, entry in _mapping(value, path).items():
        where = _at(path, name)
        analyte = find_analyte(name)
        if analyte is None:
            raise _unknown_name(where, name, entry, known)
        if analyte.id == "igg_g_per_L":
            wanted = "IgG under levels, such as levels: [{time_day: 0, igg: 543 mg/dL}]"
            raise InputError(where, entry, wanted)
        if analyte.id in found:
            raise InputError(where, entry, f"one result of {analyte.names[0]}, the latest")
        if entry is not None:
            found[analyte.id] = _lab(analyte, name, entry, where, day0)
    return {field.name: tuple(found.values())}


def _lab(analyte: Analyte, name: str, entry: object, where: str, day0: datetime.date) -> Lab:
    time: Values = {}
    if isinstance(entry, dict):
        parts = cast(dict[str, object], entry)
        entry = parts.get("value")
        time = _record({k: v for k, v in parts.items() if k != "value"}, (TIME,), where, day0)
        where = _at(where, "value")
    if name == analyte.id:
        reading = Reading(value=_plain_number(entry, where, analyte.id))
    else:
        reading = read_quantity(_written(entry, where, analyte.id), analyte.id, field=where)
    return Lab(
        analyte=analyte.id,
        value=reading.value,
        ucum=analyte.ucum,
        loinc=analyte.loinc,
        time_day=time.get("time_day"),
        below_limit=reading.below_limit,
    )


def _findings(field: Field, value: object, path: str, day0: datetime.date) -> Values:
    found: dict[str, str | float | bool] = {}
    for key, given in _mapping(value, path).items():
        name, where = slug(key), _at(path, key)
        if not name or name in found:
            raise InputError(where, given, "a name, and each name once")
        if name in _AT_THE_TOP:
            raise InputError(where, given, f"{name} at the top of the file, not under findings")
        if isinstance(given, dict | list):
            raise InputError(where, cast(object, given), "text, a number, true or false")
        word = _finding(given)
        if word is not None:
            found[name] = word
    return {field.name: tuple(found.items())}


def _finding(given: object) -> str | float | bool | None:
    """Text in lower case with "_" for a space, as the rules write it; "unknown" is no finding."""
    if isinstance(given, str):
        word = re.sub(r"[\s-]+", "_", given.strip().casefold())
        return None if not word or word in _UNKNOWN else word
    if isinstance(given, bool) or given is None:
        return given
    return float(cast(float, given))


_READERS: dict[str, Read] = {
    "text": _text,
    "number": _number,
    "flag": _flag,
    "choice": _choice,
    "date": _date,
    "time": _time,
    "words": _words,
    "record": _one,
    "records": _many,
    "labs": _labs,
    "findings": _findings,
}
