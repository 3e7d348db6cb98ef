"""A regimen as one writes it: "2 g/kg iv over 5 days then 1 g/kg iv q3w".

    regimen  = phase { "then" [ "from day" number ] phase }
    phase    = amount [ route ] [ how often ] [ "over" n "days" ] [ "x" n ]
    amount   = number ( "g" | "g/kg" | "mg/kg" )         of one whole cycle
    route    = "iv" | "sc" | "fsc"                       iv when left out
    how often = "q" number ( "d" | "w" ) | "every" [ number ] ( "day" | "week" )["s"]
              | "daily" | "weekly" | "once"              may be left out of a course over days

The parts of a phase stand in any order. "over 5 days" spreads the amount of each cycle evenly over
its first five days; "x 6" ends the phase after six cycles. The next phase begins where the seventh
cycle would have, or on the day named; after a single course, one interval of its own after the
first day of the course.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite
from typing import cast

from ivig.errors import InputError
from ivig.patient import Dose, Route
from ivig.pk.schedule import Dosing, Train, cycle_trains

GRAMMAR = (
    "amount (30 g, 0.4 g/kg, 400 mg/kg), route (iv, sc, fsc), how often (q3w, q28d, every 3 weeks, "
    "weekly, daily, once), over 5 days, x 6; then the next phase, such as "
    "'2 g/kg iv over 5 days then 1 g/kg iv q3w'"
)
DAYS_PER_WEEK = 7.0
AMOUNT_G = (0.01, 500.0)
AMOUNT_G_PER_KG = (0.001, 10.0)
LONGEST_INTERVAL_DAY = 366.0
MOST_SPLIT_DAYS = 31
MOST_CYCLES = 10_000
MOST_DOSES = 100_000

_NUMBER = r"(\d+(?:\.\d+)?|\.\d+)"
_PARTS = {
    "amount": re.compile(_NUMBER + r"\s*(mg\s*/\s*kg|g\s*/\s*kg|g)(?![\w/])"),
    "route": re.compile(r"(fsc|iv|sc)\b"),
    "how often": re.compile(
        rf"q\s*{_NUMBER}\s*(d|w)\b|every\s+(?:{_NUMBER}\s*)?(d|w)(?:ays?|eeks?)\b|(daily|weekly|once)\b"
    ),
    "over … days": re.compile(r"over\s+(\d+)\s*d(?:ays?)?\b"),
    "x …": re.compile(r"[x×]\s*(\d+)\b"),
    "from day": re.compile(rf"from\s+day\s+{_NUMBER}"),
}
_ADVICE = {
    r"month|every\s+month|q\s*\d*\s*m": "a month has 28 to 31 days: write q4w or q28d",
    r"bi-?weekly": "it may mean twice a week or every two weeks: write q3.5d or q2w",
    r"bi-?monthly": "it may mean two things: write q2w or q8w",
    r"qd\b|qod\b|q\s*\d+\s*h": "write daily, q2d or q1d",
    r"over\s+[\d.]+\s*h": "the hours of an infusion are no part of a regimen: duration_h",
    r"[\d.]+\s*m?g\s*/\s*kg\s*/": "amounts are of a whole cycle: 0.4 g/kg/day for 5 days is "
    "'0.4 g/kg daily x 5' or '2 g/kg over 5 days'",
    r"[\d.]+\s*mg\b": "write grams, or mg/kg",
    r"[\d.]+\s*(?:to|-|–)\s*[\d.]+": "one number, not a range",
    r"every\s+other|fortnight": "write q2d or q2w",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RegimenPhase:
    """One stretch of a regimen; exactly one of the two amounts is given.

    Parameters
    ----------
    amount_g, amount_g_per_kg : float or None
        Of one cycle, all its days together.
    interval_day : float or None
        From cycle to cycle; None for a single course.
    n_cycles : int or None
        None goes on without end.
    start_day : float or None
        From the first dose of the regimen; None: where the phase before ends.
    """

    amount_g: float | None = None
    amount_g_per_kg: float | None = None
    route: Route = "iv"
    interval_day: float | None = None
    split_days: int = 1
    n_cycles: int | None = None
    start_day: float | None = None

    def __post_init__(self) -> None:
        if (self.amount_g is None) == (self.amount_g_per_kg is None):
            raise InputError("amount", self.amount_g, "either amount_g or amount_g_per_kg")
        _require("amount_g", self.amount_g, *AMOUNT_G, "g; a dose for a weight is g/kg or mg/kg")
        _require(
            "amount_g_per_kg", self.amount_g_per_kg, *AMOUNT_G_PER_KG, "g/kg; 400 mg/kg is 0.4 g/kg"
        )
        _require("split_days", self.split_days, 1, MOST_SPLIT_DAYS, "days")
        _require("n_cycles", self.n_cycles, 1, MOST_CYCLES, "cycles")
        _require("interval_day", self.interval_day, self.split_days, LONGEST_INTERVAL_DAY, "days")
        if self.interval_day is None and (self.n_cycles or 1) > 1:
            raise InputError("n_cycles", self.n_cycles, "how often as well, such as q3w x 6")


def parse_regimen(text: str) -> tuple[RegimenPhase, ...]:
    """The phases of a regimen written in the grammar above.

    Raises
    ------
    InputError
        Naming the part that does not parse, and the grammar.

    Examples
    --------
    >>> parse_regimen("0.4 g/kg q3w")[0].interval_day
    21.0
    >>> loading, maintenance = parse_regimen("2 g/kg over 5 days then 30 g sc weekly x 8")
    >>> loading.split_days, maintenance.amount_g, maintenance.n_cycles
    (5, 30.0, 8)
    """
    written = re.split(r"[\s,;]*\bthen\b[\s,;]*", text.strip().casefold())
    phases = tuple(_phase(part, text) for part in written)
    phase_starts(phases)
    return phases


def format_regimen(phases: Sequence[RegimenPhase]) -> str:
    """The text of a regimen; ``parse_regimen`` gives the same phases back.

    Examples
    --------
    >>> format_regimen(parse_regimen("400 mg/kg every 4 weeks x 6 then 10 g sc q7d"))
    '0.4 g/kg iv q4w x 6 then 10 g sc weekly'
    """
    return " then ".join(_written(phase) for phase in phases)


def dosing(phase: RegimenPhase, weight_kg: float, *, duration_h: float | None = None) -> Dosing:
    """The phase in grams for one weight."""
    if phase.amount_g_per_kg is not None:
        amount_g = phase.amount_g_per_kg * weight_kg
    else:
        amount_g = cast(float, phase.amount_g)
    return Dosing(
        amount_g=amount_g,
        interval_day=phase.interval_day,
        route=phase.route,
        split_days=phase.split_days,
        duration_h=duration_h if phase.route == "iv" else None,
    )


def phase_starts(phases: Sequence[RegimenPhase]) -> tuple[float, ...]:
    """The day each phase begins, from the first dose.

    Raises
    ------
    InputError
        No phase, a phase without end before another, or one that begins before the doses of the
        phase before it are given.
    """
    if not phases:
        raise InputError("regimen", "", GRAMMAR)
    starts = [phases[0].start_day or 0.0]
    for before, after in pairwise(phases):
        starts.append(_following_start(before, after, starts[-1]))
    return tuple(starts)


def regimen_doses(
    phases: Sequence[RegimenPhase],
    weight_kg: float,
    *,
    end_day: float,
    duration_h: float | None = None,
) -> tuple[Dose, ...]:
    """Every dose of a regimen that starts before ``end_day``, in order of time."""
    if not isfinite(end_day):
        raise InputError("end_day", end_day, "a number of days")
    found: list[Dose] = []
    for train in regimen_trains(phases, weight_kg, duration_h=duration_h):
        span = (end_day - train.start_day) / train.interval_day
        count = max(0, -int(-span // 1)) if train.n_doses is None else train.n_doses
        if count > MOST_DOSES:
            raise InputError("end_day", end_day, f"at most {MOST_DOSES} doses")
        found += [
            Dose(
                time_day=train.start_day + i * train.interval_day,
                amount_g=train.amount_g,
                route=train.route,
                duration_h=duration_h if train.route == "iv" else None,
            )
            for i in range(count)
        ]
    return tuple(sorted((d for d in found if d.time_day < end_day), key=lambda d: d.time_day))


def regimen_trains(
    phases: Sequence[RegimenPhase], weight_kg: float, *, duration_h: float | None = None
) -> tuple[Train, ...]:
    """The regimen as a new start, in trains of equal doses; the last may have no end."""
    return tuple(
        train
        for phase, start_day in zip(phases, phase_starts(phases), strict=True)
        for train in cycle_trains(
            dosing(phase, weight_kg, duration_h=duration_h),
            n_cycles=phase.n_cycles,
            start_day=start_day,
        )
    )


def _following_start(before: RegimenPhase, after: RegimenPhase, start_day: float) -> float:
    if before.interval_day is None:
        last_day, length_day = start_day, after.interval_day
    elif before.n_cycles is None:
        raise InputError("regimen", _written(before), "x and a number of cycles before then")
    else:
        last_day = start_day + (before.n_cycles - 1) * before.interval_day
        length_day = before.interval_day
    earliest_day = last_day + before.split_days
    if after.start_day is None and length_day is None:
        wanted = "then from day 28, say: one course after another needs its day"
        raise InputError("regimen", _written(after), wanted)
    begins_day = last_day + (length_day or 0.0) if after.start_day is None else after.start_day
    if begins_day < earliest_day:
        wanted = f"then from day {earliest_day:g} or later, when the doses before it are given"
        raise InputError("regimen", _written(after), wanted)
    return begins_day


def _phase(written: str, text: str) -> RegimenPhase:
    """One phase, part by part from the left."""
    found: dict[str, re.Match[str]] = {}
    at = 0
    while at < len(written):
        if written[at] in " \t\n,":
            at += 1
            continue
        name, match = _part(written[at:], text)
        if name in found:
            raise _unread(match[0], f"one {name} in a phase", text)
        found[name] = match
        at += match.end()
    if "amount" not in found:
        raise _unread(written, "the amount is missing", text)
    if "how often" not in found and "over … days" not in found:
        raise _unread(written, "how often is missing", text)
    try:
        return _from_parts(found)
    except InputError as error:
        shown = f"{error.field} {error.value!r} is not {error.allowed}"
        raise _unread(written, shown, text) from error


def _part(rest: str, text: str) -> tuple[str, re.Match[str]]:
    for name, pattern in _PARTS.items():
        match = pattern.match(rest)
        if match is not None:
            return name, match
    for pattern, advice in _ADVICE.items():
        match = re.match(pattern, rest)
        if match is not None:
            raise _unread(rest, advice, text)
    raise _unread(rest, "", text)


def _unread(part: str, why: str, text: str) -> InputError:
    where = "" if part == text else f" (in {text[:60]!r})"
    return InputError(
        "regimen", part[:60], f"{why + '. The grammar: ' if why else ''}{GRAMMAR}{where}"
    )


def _from_parts(found: dict[str, re.Match[str]]) -> RegimenPhase:
    number, unit = found["amount"][1], re.sub(r"\s", "", found["amount"][2])
    per_kg = {"g/kg": 1.0, "mg/kg": 1000.0}.get(unit)
    return RegimenPhase(
        amount_g=float(number) if per_kg is None else None,
        amount_g_per_kg=None if per_kg is None else float(number) / per_kg,
        route=cast(Route, found["route"][1]) if "route" in found else "iv",
        interval_day=_interval_day(found.get("how often")),
        split_days=int(found["over … days"][1]) if "over … days" in found else 1,
        n_cycles=int(found["x …"][1]) if "x …" in found else None,
        start_day=float(found["from day"][1]) if "from day" in found else None,
    )


def _interval_day(match: re.Match[str] | None) -> float | None:
    if match is None or match[5] == "once":
        return None
    if match[5] is not None:
        return 1.0 if match[5] == "daily" else DAYS_PER_WEEK
    count = float(match[1] or match[3] or 1.0)
    return count * (DAYS_PER_WEEK if "w" in (match[2], match[4]) else 1.0)


def _written(phase: RegimenPhase) -> str:
    parts = [] if phase.start_day is None else [f"from day {_plain(phase.start_day)}"]
    if phase.amount_g is not None:
        parts.append(f"{_plain(phase.amount_g)} g")
    else:
        parts.append(f"{_plain(cast(float, phase.amount_g_per_kg))} g/kg")
    parts.append(phase.route)
    parts.append(_how_often(phase.interval_day))
    if phase.split_days > 1:
        parts.append(f"over {phase.split_days} days")
    if phase.n_cycles is not None:
        parts.append(f"x {phase.n_cycles}")
    return " ".join(parts)


def _how_often(interval_day: float | None) -> str:
    if interval_day is None:
        return "once"
    if interval_day in (1.0, DAYS_PER_WEEK):
        return "daily" if interval_day == 1.0 else "weekly"
    if interval_day % DAYS_PER_WEEK == 0:
        return f"q{_plain(interval_day / DAYS_PER_WEEK)}w"
    return f"q{_plain(interval_day)}d"


def _plain(value: float) -> str:
    return repr(float(value)).removesuffix(".0")


def _require(name: str, value: float | None, low: float, high: float, unit: str) -> None:
    if value is not None and not (isfinite(value) and low <= value <= high):
        raise InputError(name, value, f"{low:g} to {high:g} {unit}")
