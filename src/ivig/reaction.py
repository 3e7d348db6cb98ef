"""A reaction while the infusion runs: stop, pause, slow or go on, and the chart from then on."""

from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

from ivig.chart_report import Session
from ivig.cited import Basis, Citation
from ivig.errors import InputError
from ivig.infusion import pump_rate_mL_per_h
from ivig.pump import PumpLine, clock_time
from ivig.safety import InfusionRules, Reaction, RedFlag, Response

Severity = Literal["mild", "moderate", "severe"]
Decision = Literal["stop", "pause", "slow", "continue", "finished"]
SEVERITIES: tuple[Severity, ...] = ("mild", "moderate", "severe")
_STOPS = ("stop_infusion", "stop_or_slow", "stop_or_defer", "discontinue")
_LABORATORY = ("observe", "do_not_restrict_water_blindly")


@dataclass(frozen=True, slots=True, kw_only=True)
class Restart:
    """The session from the reaction on: what is in, what is left, and how it goes on."""

    given_mL: float
    left_mL: float
    rate_before_mL_per_h: float
    rate_after_mL_per_h: float
    ends_min: float
    ended_before_min: float
    lines: tuple[PumpLine, ...]
    """From the minute of the reaction; a pause is a line with rate 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Managed:
    """What to do about the infusion, with the reason."""

    decision: Decision
    because: str
    at_min: float
    given_mL: float
    left_mL: float
    restart: Restart | None
    basis: Basis
    citations: tuple[Citation, ...] = ()
    references: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What the reported word means: one reaction, or a sign of several."""

    name: str
    reactions: tuple[Reaction, ...]
    red_flag: RedFlag | None
    citations: tuple[Citation, ...] = ()


def find_reaction(word: str, reactions: dict[str, Reaction], rules: InfusionRules) -> Named:
    """The reaction a word names: a sign that stops, an id, a name or a synonym.

    Raises
    ------
    InputError
        Nothing matches; the nearest names are given.
    """
    wanted = _key(word)
    known: dict[str, Named] = {}
    for reaction in reactions.values():
        named = Named(name=reaction.name, reactions=(reaction,), red_flag=None)
        for name in (reaction.id, reaction.name, *reaction.synonyms):
            known[_key(name)] = named
    for cited in rules.red_flags:  # last, so that a sign that stops wins over a milder synonym
        flag = cited.value
        meant = tuple(reactions[name] for name in flag.reactions)
        named = Named(name=flag.name, reactions=meant, red_flag=flag, citations=(cited.citation,))
        for name in (flag.id, flag.name, *flag.synonyms):
            known[_key(name)] = named
    if wanted in known:
        return known[wanted]
    near = get_close_matches(wanted, list(known), n=5, cutoff=0.5)
    hint = f"nearest: {', '.join(near)}" if near else f"one of {', '.join(sorted(reactions))}"
    raise InputError("reaction", word, hint)


def _key(word: str) -> str:
    return " ".join(word.casefold().replace("_", " ").replace("-", " ").split())


def manage(
    session: Session,
    named: Named,
    severity: Severity,
    at_min: float,
    rules: InfusionRules,
    *,
    rate_weight_kg: float,
    start_clock_min: float | None,
) -> Managed:
    """What happens to the infusion from the minute of the reaction.

    The new rate is never above the one in force: one step back for a mild reaction (half on the
    first step), the lower of that and half for a moderate one, none for a severe one, for a
    serious reaction, or for a sign that stops.

    Raises
    ------
    InputError
        A minute below 0 or not a number.
    """
    if not 0 <= at_min <= 10_000:
        raise InputError("at", at_min, "minutes from the start of the session, 0 to 10,000")
    response = next(cited for cited in rules.responses if cited.value.severity == severity)
    given_mL = given_at_mL(session, at_min)
    left_mL = round(session.volume_mL - given_mL, 2)
    decision, because = _decide(named, severity, response.value, left_mL)
    restart = None
    if decision in ("slow", "pause"):
        restart = _restart(session, at_min, response.value, rate_weight_kg, start_clock_min)
    ours = decision in ("slow", "pause", "stop") and not named.red_flag
    citations = (response.citation,) if ours else named.citations
    basis = response.basis if ours else citations[0].basis if citations else "assumed"
    return Managed(
        decision=decision,
        because=because,
        at_min=at_min,
        given_mL=given_mL,
        left_mL=left_mL,
        restart=restart,
        basis=basis,
        citations=citations,
    )


def _decide(
    named: Named, severity: Severity, response: Response, left_mL: float
) -> tuple[Decision, str]:
    """What stops comes first; then whether anything is left to slow, or any rate to blame."""
    stop = _why_stop(named, severity)
    if stop is not None:
        return "stop", stop
    if left_mL <= 0:  # or so near the end that no pump could give the rest
        return "finished", "The infusion was over by then"
    if severity == "mild" and _laboratory(named):
        return "continue", "The reaction is of the blood count or chemistry, not the rate"
    return response.decision, response.text


def _why_stop(named: Named, severity: Severity) -> str | None:
    if named.red_flag is not None:
        return f"{named.name}: stop whatever the severity, keep the line open, call for help"
    if severity == "severe":
        return "A severe reaction: stop, keep the line open, call for help"
    reaction = named.reactions[0]
    actions = {fact.value.action for fact in reaction.management}
    if reaction.severity == "serious" or actions & set(_STOPS):
        return f"{reaction.name}: stop whatever the severity, keep the line open, call for help"
    return None


def _laboratory(named: Named) -> bool:
    management = named.reactions[0].management
    return bool(management) and management[0].value.action in _LABORATORY


def given_at_mL(session: Session, at_min: float) -> float:
    """What is in after so many minutes, as the pump counts it."""
    given_mL = 0.0
    for line in session.lines:
        if at_min >= line.end_min:
            given_mL = line.cumulative_mL
        elif at_min > line.start_min:
            part = (at_min - line.start_min) / line.duration_min
            given_mL += line.volume_mL * part
    return min(round(given_mL, _digits(session)), session.volume_mL)


def _digits(session: Session) -> int:
    """As finely as this session's pump lines count."""
    coarse = all(round(line.cumulative_mL, 1) == line.cumulative_mL for line in session.lines)
    return 1 if coarse else 2


def _in_force(session: Session, at_min: float) -> int:
    """The line the reaction happened under: on a change of rate, the one before the change."""
    started = [i for i, line in enumerate(session.lines) if line.start_min < at_min]
    return started[-1] if started else 0


def _restart(
    session: Session,
    at_min: float,
    response: Response,
    weight_kg: float,
    start_clock_min: float | None,
) -> Restart:
    i = _in_force(session, at_min)
    before = session.lines[i].rate_mL_per_h
    after = pump_rate_mL_per_h(_lower_rate(session, i, response))
    given_mL = given_at_mL(session, at_min)
    left_mL = round(session.volume_mL - given_mL, 2)
    rest_min = response.pause_min or 0.0
    pause = (0.0, 0.0, at_min, rest_min)
    rest = (after, left_mL, at_min + rest_min, left_mL / after * 60)
    new = tuple(
        PumpLine(
            rate_mL_per_h=rate,
            rate_mL_per_kg_per_h=rate / weight_kg,
            volume_mL=volume_mL,
            cumulative_mL=round(given_mL + volume_mL, 2),
            start_min=start_min,
            duration_min=minutes,
            start_clock=clock_time(start_clock_min, start_min),
            end_clock=clock_time(start_clock_min, start_min + minutes),
        )
        for rate, volume_mL, start_min, minutes in (pause, rest)
        if minutes > 0
    )
    return Restart(
        given_mL=given_mL,
        left_mL=left_mL,
        rate_before_mL_per_h=before,
        rate_after_mL_per_h=after,
        ends_min=new[-1].end_min,
        ended_before_min=session.lines[-1].end_min,
        lines=new,
    )


def _lower_rate(session: Session, i: int, response: Response) -> float:
    """One step back, a part of the rate on the first step; after a pause the lower of the two."""
    before = session.lines[i].rate_mL_per_h
    part = before * (response.rate_fraction or 0.5)
    if i == 0:
        return part
    step_back = session.lines[i - 1].rate_mL_per_h
    return min(step_back, part) if response.decision == "pause" else step_back
