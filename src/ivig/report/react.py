"""A reaction on screen: what to do with the infusion first, then everything else."""

from ivig.finding import Finding
from ivig.reaction import Managed
from ivig.reaction_advice import About, ReactionReport
from ivig.report.chart import line_table, reference_lines, said, volume, wrapped
from ivig.report.words import clock, hours, number, sentence

_LONG_MIN = 480  # the longest session the sources speak of
_WORDS = {
    "stop": "STOP THE INFUSION NOW",
    "pause": "PAUSE THE INFUSION",
    "slow": "SLOW THE INFUSION",
    "continue": "GO ON, AND WATCH",
    "finished": "THE INFUSION IS OVER",
}


def react_text(report: ReactionReport) -> str:
    """The answer for a terminal: the decision on the first line."""
    managed = report.managed
    lines = [
        f"{_WORDS[managed.decision]}. {report.means}, {report.severity}, minute "
        f"{number(managed.at_min, 0)} of {report.session}."
    ]
    lines += wrapped(sentence(managed.because) + _basis(managed))
    lines += wrapped(f"Given {volume(managed.given_mL)} mL; left {volume(managed.left_mL)} mL.")
    if managed.decision == "stop":
        lines += [
            "No new chart: whether, when and with what to go on is the prescriber's decision."
        ]
        lines += _part("If this is an emergency", report.emergency)
    lines += _new_chart(managed)
    lines += _part("Give now, on prescription", report.drugs)
    for about in report.about:
        lines += _handling(about)
    if managed.decision != "stop":
        lines += _part("What would make it an emergency: stop and call", report.emergency)
    lines += _part("Record", report.record)
    lines += _part("Next time", report.next_time)
    for about in report.about:
        lines += _background(about)
    lines += reference_lines(report.sources)
    lines += ["", *wrapped(report.notice)]
    return "\n".join(line.replace("\u00a0", " ").rstrip() for line in lines) + "\n"


def _basis(managed: Managed) -> str:
    marks = ",".join(map(str, managed.references))
    return f"{f' [{marks}]' if marks else ''}{'' if managed.basis == 'read' else f' ({managed.basis})'}"


def _new_chart(managed: Managed) -> list[str]:
    new = managed.restart
    if new is None:
        return []
    later_min = new.ends_min - new.ended_before_min
    before = f"{number(new.rate_before_mL_per_h, 2)} → {number(new.rate_after_mL_per_h, 2)} mL/h"
    text = (
        f"Rate {before}, to the end; {volume(new.left_mL)} mL left. It ends at "
        f"{_end(managed)}, {hours(max(later_min, 0))} later than planned."
    )
    lines = ["", "NEW CHART FROM THIS MINUTE", *line_table(new.lines), *wrapped(text)]
    if new.ends_min > _LONG_MIN:
        lines += wrapped(
            f"That is {hours(new.ends_min)} in all: ask the prescriber whether the rest is given on "
            "another day."
        )
    if managed.decision == "pause":
        lines += wrapped(
            "The pause is counted as 30 min; the end moves with it. If symptoms have not gone, do not "
            "restart: call."
        )
    return [*lines, *wrapped("If it comes back or gets worse at the new rate: stop and call.")]


def _end(managed: Managed) -> str:
    assert managed.restart is not None  # noqa: S101 (asked for by _new_chart)
    last = managed.restart.lines[-1]
    return last.end_clock or f"{clock(last.end_min)} from the start"


def _part(title: str, found: tuple[Finding, ...]) -> list[str]:
    return ["", title.upper(), *said(found, label=False)] if found else []


def _handling(about: About) -> list[str]:
    steps = tuple(
        Finding(
            stage="infusion",
            kind="advice",
            text=step.text,
            citations=step.citations,
            references=step.references,
        )
        for step in sorted(about.advice.steps, key=lambda step: step.order)
    )
    lines = _part(
        f"{about.advice.name}: what the sources do, in order (the decision above goes first)", steps
    )
    return lines + _part(f"{about.advice.name}: stop rules", about.advice.stop_rules)


def _background(about: About) -> list[str]:
    name = about.advice.name
    return (
        _part(f"{name}: when it comes", about.advice.timing)
        + _part(f"{name}: who is at risk", about.risk_factors)
        + _part(f"{name}: how often", about.incidence)
        + _part(f"{name}: diagnosis", about.diagnosis)
    )
