"""The sections for the bedside: the infusion, and what to do when the patient reacts."""

from collections.abc import Sequence

from ivig.bedside import Infusion, ReactionAdvice
from ivig.finding import Finding
from ivig.infusion import InfusionStep
from ivig.plan import Plan
from ivig.report.cite import Citer, cell, of_stage, together
from ivig.report.front import cap_words, days_words
from ivig.report.outline import Block, Bullets, Heading, Line, Paragraph, Table
from ivig.report.words import (
    clock,
    count,
    grams,
    hours,
    kilograms,
    millilitres,
    number,
    sentence,
    spoken,
)

_SEVERITIES = {
    "serious": "Serious reactions",
    "moderate": "Moderate reactions",
    "mild_to_moderate": "Mild to moderate reactions",
}


def infusion(plan: Plan, said: Citer) -> tuple[Block, ...]:
    """Chart, sessions, cap, this patient's risks, before, premedication, watch."""
    given = plan.infusion
    risks = of_stage(plan, "safety")
    notes = of_stage(plan, "infusion")
    blocks: list[Block] = []
    if given is not None:
        blocks += [_chart(given), *_other_days(given)]
        blocks.append(Bullets(lines=_conditions(given, plan, said)))
    for title, found in (("This patient's risks", risks), ("Notes on the chart", notes)):
        blocks += _list(title, found, said)
    if given is not None:
        blocks += _list("Before the infusion", given.before, said)
        blocks += _list("Premedication", given.premedication, said, conditional=True)
        blocks += _list("Watch", given.watch, said)
    return tuple(blocks)


def _list(
    title: str, found: Sequence[Finding], said: Citer, *, conditional: bool = False
) -> tuple[Block, ...]:
    if not found:
        return ()
    lines = [said.finding(finding) for finding in found]
    if conditional:
        lines = [
            said.finding(f, labelled=False)
            if f.kind != "unknown"
            else together(said.finding(f), label="If it applies (not recorded)", tone="unknown")
            for f in found
        ]
    return (Heading(level=3, text=title), Bullets(lines=tuple(lines)))


def _chart(given: Infusion) -> Table:
    rows = tuple(_step(i, step) for i, step in enumerate(given.steps, start=1))
    dose = f"{grams(given.amount_g)} in {millilitres(given.volume_mL)}"
    return Table(
        caption=f"Infusion chart: {dose}, {hours(given.total_min)}{days_words(given)}",
        head=("Step", "From start (h:mm)", "Pump (mL/h)", "mL/kg/h", "For (min)", "Given (mL)"),
        rows=rows,
        align=("right",) * 6,
        chart=True,
    )


def _other_days(given: Infusion) -> tuple[Block, ...]:
    """How the days differ, when they do."""
    if len({day.amount_g for day in given.days}) < 2:
        return ()
    rows = tuple(
        (
            cell(str(day.day)),
            cell(grams(day.amount_g)),
            cell(millilitres(day.volume_mL)),
            cell(hours(day.total_min)),
            cell(number(day.last_step_min, 0)),
        )
        for day in given.days
    )
    return (
        Table(
            caption="The days differ: the same steps, the last one held until the volume is in",
            head=("Day", "Dose", "Volume", "Time", "Last step (min)"),
            rows=rows,
            align=("left", "right", "right", "right", "right"),
        ),
    )


def _step(i: int, step: InfusionStep) -> tuple[Line, ...]:
    digits = 0 if step.cumulative_mL >= 100 else 1
    return (
        cell(str(i)),
        cell(clock(step.start_min)),
        cell(number(step.rate_mL_per_h, 1)),
        cell(f"{step.rate_mL_per_kg_per_h:.2f}"),
        cell(number(step.duration_min, 0)),
        cell(number(step.cumulative_mL, digits)),
    )


def _conditions(given: Infusion, plan: Plan, said: Citer) -> tuple[Line, ...]:
    name = given.product_id if plan.product is None else plan.product.name or given.product_id
    where = {"iv": "into a vein", "sc": "under the skin", "fsc": "under the skin"}[given.route]
    lines = [
        said.line(
            f"{name}, {count(len(given.days), 'session')}, {where}.",
            given.citations,
            label="What",
        ),
        said.line(
            f"{cap_words(given.cap_mL_per_h, given.cap_mL_per_kg_per_h)}: "
            f"{sentence(given.cap_because)}",
            given.citations,
            label="Never above",
        ),
        said.line(sentence(given.start), label="Start"),
        said.line(f"{kilograms(given.rate_weight_kg)}.", label="Rates counted on"),
    ]
    if given.sites is not None:
        text = count(given.sites, "site")
        if given.volume_per_site_mL is not None:
            text += f", {millilitres(given.volume_per_site_mL)} in each"
        lines.append(said.line(f"{text}.", given.citations, label="Sites"))
    if given.hyaluronidase_U is not None:
        text = f"{number(given.hyaluronidase_U, 0)} U before the immunoglobulin."
        lines.append(said.line(text, given.citations, label="Hyaluronidase"))
    return tuple(lines)


def reactions(plan: Plan, said: Citer) -> tuple[Block, ...]:
    """Serious reactions step by step, the others on one line each."""
    given = plan.infusion
    if given is None:
        return ()
    blocks: list[Block] = []
    for severity, title in _SEVERITIES.items():
        found = [advice for advice in given.reactions if advice.severity == severity]
        if not found:
            continue
        blocks.append(Heading(level=3, text=title))
        if severity == "serious":
            for advice in found:
                blocks += _in_full(advice, said)
        else:
            blocks.append(Bullets(lines=tuple(_compact(advice, said) for advice in found)))
    return tuple(blocks)


def _steps(advice: ReactionAdvice, said: Citer) -> tuple[Line, ...]:
    ordered = sorted(advice.steps, key=lambda step: step.order)
    return tuple(said.line(sentence(step.text), step.citations) for step in ordered)


def _in_full(advice: ReactionAdvice, said: Citer) -> tuple[Block, ...]:
    if not (advice.timing or advice.steps or advice.stop_rules):
        return ()
    timing = together(*said.findings(advice.timing, labelled=False), label=advice.name)
    stops = said.findings(advice.stop_rules, labelled=False)
    return (
        Paragraph(line=timing),
        *((Bullets(lines=_steps(advice, said), ordered=True),) if advice.steps else ()),
        *(
            (Bullets(lines=tuple(together(s, label="Stop rule", tone="stop") for s in stops)),)
            if stops
            else ()
        ),
    )


def _compact(advice: ReactionAdvice, said: Citer) -> Line:
    """Timing, steps and stop rules of a milder reaction, one after the other."""
    stops = said.findings(advice.stop_rules, labelled=False)
    rules = (together(said.line("Stop rule:"), *stops),) if stops else ()
    timing = said.findings(advice.timing, labelled=False)
    return together(*timing, *_steps(advice, said), *rules, label=spoken(advice.name))
