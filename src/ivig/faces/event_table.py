"""Event tables as CSV: our column names or NONMEM's, in and out.

    ID TIME AMT RATE DV EVID MDV CMT II ADDL SS BLQ WT AGE HT FEMALE ALB IGM BASE
    id time_day amount_g route duration_h product igg_g_per_L below_limit weight_kg age_year …

Both kinds may stand in one table; a cell that is empty, "." or "NA" is not known. TIME in days, AMT
in grams, RATE in grams per day, DV total IgG in g/L. What rows mean, and which compartment is
which, stands in ``pk.events``.
"""

import csv
import difflib
import io
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal

from ivig.errors import InputError
from ivig.patient import Dose, Sample
from ivig.pk.events import EventRow, Subject, subjects
from ivig.pk.schedule import HOURS_PER_DAY
from ivig.units import require_possible

Style = Literal["ivig", "nonmem"]
_MAX_BYTES = 50_000_000
_MISSING = {"", ".", "na"}
_NUMBER = re.compile(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?")
_LONGEST_DAY = 36525.0


def read_events(path: str | Path) -> tuple[Subject, ...]:
    """The subjects of a CSV file, in its order.

    Raises
    ------
    InputError
        No such file, not CSV, an unknown column, a cell that is no number, or rows that cannot be
        (see ``pk.events.subjects``). It names the row; the header is row 1.
    """
    return events_from_text(_text(Path(path)))


def events_from_text(text: str) -> tuple[Subject, ...]:
    """As ``read_events``, from the text itself.

    Examples
    --------
    >>> (one,) = events_from_text("ID,TIME,AMT,DV,WT\\n1,0,30,.,70\\n1,21,.,8.2,70\\n")
    >>> one.doses[0].amount_g, one.samples[0].igg_g_per_L, one.weight_kg
    (30.0, 8.2, 70.0)
    """
    reader = csv.reader(io.StringIO(text), strict=True, skipinitialspace=True)
    try:
        header = [cell.strip() for cell in next(reader, [""])]
        columns = _columns(header)
        rows = [
            _row(columns, header, [cell.strip() for cell in cells], reader.line_num)
            for cells in reader
            if any(cell.strip() for cell in cells)
        ]
    except csv.Error as error:
        raise InputError(f"row {reader.line_num}", "…", f"CSV ({error})") from error
    return subjects(rows)


def events_text(table: Sequence[Subject], style: Style = "ivig") -> str:
    """CSV that ``events_from_text`` reads back to the same subjects.

    *nonmem* writes numbers only: CMT 1 depot, 2 central, 3 depot of facilitated doses; products are
    left out.

    Raises
    ------
    InputError
        *nonmem* and an ID that is no number.
    """
    out = io.StringIO()
    names: tuple[str, ...] = _IVIG_NAMES if style == "ivig" else _NONMEM_NAMES
    writer: csv.DictWriter[str] = csv.DictWriter(
        out, list(names), restval="" if style == "ivig" else ".", lineterminator="\n"
    )
    writer.writeheader()
    for subject in table:
        if style == "nonmem" and not _NUMBER.fullmatch(subject.id):
            raise InputError("ID", subject.id, "a number, for NONMEM reads nothing else")
        for cells in _written(subject, style):
            writer.writerow(
                {key: _cell(value) for key, value in cells.items() if value is not None}
            )
    return out.getvalue()


def write_events(table: Sequence[Subject], path: str | Path, style: Style = "ivig") -> None:
    """Write ``events_text`` whole, or leave what was there."""
    target = Path(path)
    part = target.with_name(f".{target.name}.part")
    text = events_text(table, style)
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(target)
    except OSError as error:
        part.unlink(missing_ok=True)
        allowed = f"a file in a folder that can be written ({error.strerror})"
        raise InputError("output", str(target), allowed) from error


def _number(cell: str, where: str) -> float:
    if not _NUMBER.fullmatch(cell):
        hint = "; a decimal point, not a comma" if re.fullmatch("[0-9]+,[0-9]+", cell) else ""
        raise InputError(where, cell, f"a number, or . when it is not known{hint}")
    return float(cell)


def _whole(cell: str, where: str) -> int:
    value = _number(cell, where)
    if abs(value) > 1e9 or value != int(value):
        raise InputError(where, cell, "a whole number")
    return int(value)


def _flag(cell: str, where: str) -> bool:
    if cell not in ("0", "1"):
        raise InputError(where, cell, "0 or 1")
    return cell == "1"


def _day(cell: str, where: str) -> float:
    value = _number(cell, where)
    if not abs(value) <= _LONGEST_DAY:
        raise InputError(where, cell, "days, within 100 years of day 0")
    return value


def _route(cell: str, where: str) -> str:
    if cell.casefold() not in ("iv", "sc", "fsc"):
        raise InputError(where, cell, "iv, sc or fsc")
    return cell.casefold()


def _sex(cell: str, where: str) -> str:
    if cell.casefold() not in ("female", "male"):
        raise InputError(where, cell, "female or male; numbers go under FEMALE, 1 or 0")
    return cell.casefold()


def _female(cell: str, where: str) -> str:
    return "female" if _flag(cell, where) else "male"


def _word(cell: str, where: str) -> str:
    return cell


def _quantity(name: str) -> Callable[[str, str], float]:
    def read(cell: str, where: str) -> float:
        return require_possible(_number(cell, where), name, field=where, shown=cell)

    return read


# our name: NONMEM's names, the field it fills, how its cells are read
_FIELDS: dict[str, tuple[tuple[str, ...], str, Callable[[str, str], Any]]] = {
    "id": (("ID",), "id", _word),
    "time_day": (("TIME",), "time_day", _day),
    "amount_g": (("AMT",), "amount_g", _number),
    "rate_g_per_day": (("RATE",), "rate_g_per_day", _number),
    "duration_h": ((), "duration_h", _number),
    "route": ((), "route", _route),
    "product": ((), "product", _word),
    "igg_g_per_L": (("DV",), "igg_g_per_L", _number),
    "below_limit": (("BLQ", "CENS"), "below_limit", _flag),
    "evid": (("EVID",), "evid", _whole),
    "mdv": (("MDV",), "mdv", _whole),
    "cmt": (("CMT",), "cmt", _whole),
    "interval_day": (("II",), "interval_day", _number),
    "n_additional": (("ADDL",), "n_additional", _whole),
    "ss": (("SS",), "ss", _whole),
    "weight_kg": (("WT",), "weight_kg", _quantity("body_mass")),
    "age_year": (("AGE",), "age_year", _quantity("age")),
    "height_cm": (("HT",), "height_cm", _quantity("height")),
    "sex": ((), "sex", _sex),
    "female": (("FEMALE",), "sex", _female),
    "albumin_g_per_L": (("ALB",), "albumin_g_per_L", _quantity("albumin_g_per_L")),
    "igm_g_per_L": (("IGM",), "igm_g_per_L", _quantity("igm_g_per_L")),
    "baseline_igg_g_per_L": (("BASE",), "baseline_igg_g_per_L", _quantity("igg_g_per_L")),
}
_BY_NAME = {
    name.casefold(): own for own, (others, _, _) in _FIELDS.items() for name in (own, *others)
}
_COVARIATES = ("age_year", "height_cm", "albumin_g_per_L", "igm_g_per_L", "baseline_igg_g_per_L")
_IVIG_NAMES = (
    "id", "time_day", "amount_g", "route", "duration_h", "product", "igg_g_per_L", "below_limit",
    "weight_kg", "sex", *_COVARIATES,
)  # fmt: skip
_NONMEM_NAMES = (
    "ID", "TIME", "AMT", "RATE", "DV", "EVID", "MDV", "CMT", "BLQ",
    "WT", "FEMALE", "AGE", "HT", "ALB", "IGM", "BASE",
)  # fmt: skip
_CMT = {"sc": 1, "iv": 2, "fsc": 3}


def _columns(header: Sequence[str]) -> list[str]:
    """Our name of every column."""
    names = list(header)
    if not any(names):
        raise InputError("event table", "no rows", "a header and at least one dose")
    if len(names) == 1 and re.search(r"[;\t]", names[0]):
        raise InputError("row 1", names[0][:60], "columns separated by commas")
    found: list[str] = []
    for name in names:
        own = _BY_NAME.get(name.casefold())
        if own is None:
            close = difflib.get_close_matches(name.casefold(), _BY_NAME, n=1)
            hint = f"did you mean {close[0]}? " if close else ""
            raise InputError("row 1", name, f"{hint}the columns known are {_known_columns()}")
        if own in found:
            raise InputError("row 1", name, f"one column of {own}")
        found.append(own)
    for needed in ("id", "time_day"):
        if needed not in found:
            raise InputError("row 1", ",".join(names)[:80], f"a column {needed}")
    return found


def _known_columns() -> str:
    return ", ".join("/".join((own, *others)) for own, (others, _, _) in _FIELDS.items())


def _row(
    columns: Sequence[str], header: Sequence[str], cells: Sequence[str], number: int
) -> EventRow:
    if len(cells) != len(columns):
        raise InputError(f"row {number}", len(cells), f"{len(columns)} cells, as in the header")
    values: dict[str, Any] = {"row": number}
    for own, name, cell in zip(columns, header, cells, strict=True):
        if cell.casefold() in _MISSING:
            continue
        _, field, read = _FIELDS[own]
        where = f"row {number}, {name}"
        less = own == "igg_g_per_L" and cell.startswith("<")
        values |= {"below_limit": True} if less else {}
        value = read(cell[1:].strip() if less else cell, where)
        if field == "sex" and values.get("sex", value) != value:
            raise InputError(where, cell, "the same sex in both columns")
        values[field] = value or values.get(field, False) if field == "below_limit" else value
    for needed in ("id", "time_day"):
        if needed not in values:
            raise InputError(f"row {number}, {needed}", ".", "a value in every row")
    return EventRow(**values)


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            raw = file.read(_MAX_BYTES + 1)
    except OSError as error:
        allowed = f"a CSV file that can be read ({error.strerror})"
        raise InputError("event table", str(path), allowed) from error
    if len(raw) > _MAX_BYTES:
        raise InputError("event table", str(path), "a table of at most 50 MB")
    if raw.startswith(b"PK\x03\x04"):
        raise InputError("event table", str(path), "CSV; save the workbook as CSV")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        allowed = f"text in UTF-8; byte {error.start} is not"
        raise InputError("event table", str(path), allowed) from error


def _written(subject: Subject, style: Style) -> list[dict[str, object]]:
    """The rows of a subject: at one time a weight alone, then the level, then the doses."""
    events: list[tuple[float, int, Dose | Sample | None]] = []
    events += [(sample.time_day, 1, sample) for sample in subject.samples]
    events += [(dose.time_day, 2, dose) for dose in subject.doses]
    taken = {time_day for time_day, _, _ in events}
    events += [(w.time_day, 0, None) for w in subject.weights if w.time_day not in taken]
    events.sort(key=lambda event: event[:2])
    constant = {name: getattr(subject, name) for name in (*_COVARIATES, "sex")}
    found: list[dict[str, object]] = []
    for time_day, _, event in events:
        known = [w.weight_kg for w in subject.weights if w.time_day <= time_day]
        cells = {"id": subject.id, "time_day": time_day, **constant, **_event_cells(event)}
        cells["weight_kg"] = known[-1] if known else None
        found.append(cells if style == "ivig" else _to_nonmem(cells))
    return found


def _event_cells(event: Dose | Sample | None) -> dict[str, object]:
    if event is None:
        return {}
    if isinstance(event, Sample):
        below = 1 if event.below_limit else None
        return {"igg_g_per_L": event.igg_g_per_L, "below_limit": below}
    return {
        "amount_g": event.amount_g,
        "route": event.route,
        "duration_h": event.duration_h,
        "product": event.product,
    }


def _to_nonmem(cells: dict[str, Any]) -> dict[str, object]:
    amount_g, level, sex = cells.get("amount_g"), cells.get("igg_g_per_L"), cells["sex"]
    hours = cells.get("duration_h")
    rate = HOURS_PER_DAY * amount_g / hours if amount_g and hours else None
    return {
        "ID": cells["id"],
        "TIME": cells["time_day"],
        "AMT": amount_g,
        "RATE": rate,
        "DV": level,
        "EVID": 1 if amount_g is not None else 0 if level is not None else 2,
        "MDV": 0 if level is not None else 1,
        "CMT": 2 if amount_g is None else _CMT[cells["route"]],
        "BLQ": cells.get("below_limit"),
        "WT": cells["weight_kg"],
        "FEMALE": None if sex is None else int(sex == "female"),
        "AGE": cells["age_year"],
        "HT": cells["height_cm"],
        "ALB": cells["albumin_g_per_L"],
        "IGM": cells["igm_g_per_L"],
        "BASE": cells["baseline_igg_g_per_L"],
    }


def _cell(value: object) -> str:
    return repr(value).removesuffix(".0") if isinstance(value, float) else str(value)
