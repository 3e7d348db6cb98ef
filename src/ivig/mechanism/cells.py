"""Which cells immunoglobulin stirs up or calms: a table of signs to look up, nothing to compute with.

The sign turns with the state of the cell and the dose, and nearly all of it was seen in test tubes. An
index that sums the signs was tried and did not predict what happens in patients; it is not here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ivig.cited import Cited
from ivig.errors import InputError

Sign = Literal["pro-inflammatory", "anti-inflammatory", "none"]
Level = Literal["low", "high"]
LEVELS: tuple[Level, ...] = ("low", "high")
NUMBER: dict[str, int] = {"pro-inflammatory": 1, "none": 0, "anti-inflammatory": -1}


@dataclass(frozen=True, slots=True, kw_only=True)
class CellResponse:
    """One cell in one state: the sign at a low and at a high concentration, and what was seen."""

    cell: str
    state: str
    low: Sign
    high: Sign
    low_effect: str | None = None
    high_effect: str | None = None
    setting: Literal["in vitro", "ex vivo", "review table", "patients"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CellTable:
    """knowledge/mechanisms/cells/signs.yaml"""

    low_at_most_g_per_L: Cited[float]
    high_at_least_g_per_L: Cited[float]
    """Above the IgG that is already there."""
    entries: tuple[Cited[CellResponse], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CellAnswer:
    """What the table says at one dose."""

    cell: str
    state: str
    dose: Level
    sign: Sign
    effect: str | None
    setting: str
    fact: Cited[CellResponse]


def cell_response(
    table: CellTable, *, cell: str | None = None, state: str | None = None, dose: str | None = None
) -> tuple[CellAnswer, ...]:
    """Every entry that fits what is given, in the order of the table.

    Parameters
    ----------
    dose : str, optional
        ``low`` or ``high``, or a concentration above the patient's own such as ``15 g/L``; None: both.

    Raises
    ------
    InputError
        A cell or state the table does not have, or a dose that is neither low nor high.
    """
    entries = [fact for fact in table.entries if cell is None or fact.value.cell == _id(cell)]
    if not entries:
        raise InputError("cell", cell, _names({fact.value.cell for fact in table.entries}))
    found = [fact for fact in entries if state is None or fact.value.state == _id(state)]
    if not found:
        raise InputError("state", state, _names({fact.value.state for fact in entries}))
    levels: Sequence[Level] = LEVELS if dose is None else (_level(table, dose),)
    return tuple(_answer(fact, level) for fact in found for level in levels)


def _answer(fact: Cited[CellResponse], level: Level) -> CellAnswer:
    one = fact.value
    return CellAnswer(
        cell=one.cell,
        state=one.state,
        dose=level,
        sign=one.low if level == "low" else one.high,
        effect=one.low_effect if level == "low" else one.high_effect,
        setting=one.setting,
        fact=fact,
    )


def _level(table: CellTable, dose: str) -> Level:
    low, high = table.low_at_most_g_per_L.value, table.high_at_least_g_per_L.value
    word = dose.strip().casefold()
    for level in LEVELS:
        if word == level:
            return level
    allowed = f"low, high, or a concentration: to {low:g} g/L is low, from {high:g} g/L is high"
    number = word.removesuffix("g/l").strip()
    if not number.replace(".", "", 1).isdigit():
        raise InputError("dose", dose, allowed)
    if float(number) <= low:
        return "low"
    if float(number) >= high:
        return "high"
    raise InputError("dose", dose, f"{allowed}; between them nothing was found")


def _id(name: str) -> str:
    return "_".join(name.strip().casefold().replace("-", " ").replace("_", " ").split())


def _names(known: set[str]) -> str:
    return "one of " + ", ".join(sorted(known))
