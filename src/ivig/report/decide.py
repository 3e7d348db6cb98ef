"""The sections that decide: indication, dose, product."""

import re
from collections.abc import Sequence

from ivig.dosing_weight import WeightChoice
from ivig.indication import CriterionAnswer, Evidence, IndicationPart
from ivig.plan import Plan
from ivig.regimen import Regimen
from ivig.report.cite import Citer, cell, of_stage
from ivig.report.front import basis_words, daily_amounts_g, dose_words, rounding_words, vial_words
from ivig.report.outline import Block, Bullets, Heading, Line, Paragraph, Table, Tone
from ivig.report.words import (
    clean,
    g_per_kg,
    grams,
    hours,
    kilograms,
    millilitres,
    number,
    sentence,
    spoken,
)
from ivig.selection import ProductPart, Ranked
from ivig.vials import VialCount

BRIEF_RANKING = 8
_ANSWERS: dict[str, tuple[str, Tone]] = {
    "met": ("met", "good"),
    "not_met": ("not met", "stop"),
    "unknown": ("unknown", "unknown"),
}
_STANDINGS: dict[str, tuple[str, Tone]] = {
    "suitable": ("suitable", "good"),
    "caution": ("caution", "caution"),
    "no_chart": ("no chart", "unknown"),
    "stopped": ("stopped", "stop"),
}
_VIALS = re.compile(r"\d+ vials?, dose")
_SOURCES = {"guideline": "the guidelines", "research": "the research", "label": "the labels"}


def indication(plan: Plan, said: Citer) -> tuple[Block, ...]:
    """Status, criteria, evidence."""
    part = plan.indication
    asked = {f"{answer.text}: {_ANSWERS[answer.answer][0]}" for answer in part.criteria}
    shown = [f for f in of_stage(plan, "indication", "patient") if f.text not in asked]
    text = f"Treated as {part.category}; standing of the evidence: {spoken(part.tier)}."
    if not any(part.summary in finding.text for finding in shown):
        text = f"{sentence(part.summary)} {text}"
    lines = (said.line(text), *said.findings(shown))
    return (Bullets(lines=lines), *_criteria(part.criteria, said), *_evidence(part, said))


def _criteria(answers: Sequence[CriterionAnswer], said: Citer) -> tuple[Block, ...]:
    if not answers:
        return ()
    rows = tuple(
        (
            said.line(answer.text, answer.citations),
            cell(answer.role),
            cell(*_ANSWERS[answer.answer]),
            cell(answer.because),
        )
        for answer in answers
    )
    head = ("Criterion", "Role", "Answer", "This patient")
    return (Table(caption="Criteria", head=head, rows=rows, align=("left",) * 4),)


def _evidence(part: IndicationPart, said: Citer) -> tuple[Block, ...]:
    blocks: list[Block] = []
    for section, words in _SOURCES.items():
        found = [item for item in part.evidence if item.section == section]
        if found:
            blocks.append(Heading(level=3, text=f"From {words}"))
            blocks.append(Bullets(lines=tuple(_graded(item, said) for item in found)))
    return tuple(blocks)


def _graded(item: Evidence, said: Citer) -> Line:
    year = "" if item.year is None else str(item.year)
    grades = [f"{' '.join(filter(None, (clean(item.body), year)))}"]
    grades += [f"strength: {item.strength}"] if item.strength else []
    grades += [f"level: {item.level}"] if item.level else []
    return said.line(f"{sentence(item.text)} ({'; '.join(grades)})", item.citations)


def dose(plan: Plan, said: Citer) -> tuple[Block, ...]:
    """The regimen, the weights, the rule, the caps, what follows."""
    regimen = plan.regimen
    blocks: list[Block] = [*said.bullets(of_stage(plan, "regimen"))]
    if regimen is not None:
        daily_g = daily_amounts_g(plan)
        blocks += [*_regimen(regimen, said, daily_g), _weights(regimen.weights, said)]
    if regimen is not None and regimen.then is not None:
        blocks += [Heading(level=3, text="What follows"), *_regimen(regimen.then, said)]
    return tuple(blocks)


def _regimen(regimen: Regimen, said: Citer, daily_g: Sequence[float] = ()) -> tuple[Block, ...]:
    printed = regimen.dose_range_g_per_kg
    wide = "" if printed.low == printed.high else f"{number(printed.low, 2)}–"
    where = _SOURCES[regimen.section]
    lines = [
        said.line(f"{dose_words(regimen, daily_g)}.", regimen.citations, label=regimen.name),
        said.line(f"{basis_words(regimen)}.", label="Weight and rule"),
        said.line(
            f"{sentence(regimen.text)} Printed in {where}: {wide}{g_per_kg(printed.high)}.",
            label="The source",
        ),
        said.line(sentence(regimen.because), label="Why this dose"),
    ]
    if regimen.max_g is not None:
        lines.append(said.line(f"{grams(regimen.max_g)} at most.", label="Cap"))
    if regimen.duration_h is not None:
        low, high = number(regimen.duration_h.low, 1), number(regimen.duration_h.high, 1)
        text = f"{low} h" if low == high else f"{low}–{high} h"
        lines.append(said.line(f"{text} a session, as printed.", label="Duration"))
    return (Bullets(lines=tuple(lines)),)


def _weights(weights: Sequence[WeightChoice], said: Citer) -> Table:
    rows = tuple(
        (
            cell(spoken(choice.kind)),
            cell("–" if choice.weight_kg is None else kilograms(choice.weight_kg)),
            cell("–" if choice.amount_g is None else grams(choice.amount_g)),
            said.line(choice.note),
        )
        for choice in weights
    )
    return Table(
        caption="The same dose per kilogram on each weight, before rounding to vials",
        head=("Weight", "Value", "Dose", "How"),
        rows=rows,
        align=("left", "right", "right", "left"),
    )


def product(plan: Plan, said: Citer) -> tuple[Block, ...]:
    """The product and its vials, why, and how the others stand."""
    part = plan.product
    if part is None:
        return said.bullets(of_stage(plan, "product"))
    chosen = next((r for r in part.ranking if r.product_id == part.id), None)
    citations = chosen.citations if chosen else ()
    lines: list[Line] = []
    if part.name is not None and part.amount_g is not None:
        text = f"{vial_words(part.vials)} = {grams(part.amount_g)} in all"
        if part.rounding_percent is not None:
            text += f"; against the calculated dose: {rounding_words(part.rounding_percent)}"
        lines.append(said.line(f"{text}.", citations, label=part.name))
    if part.requested is not None:
        lines.append(said.line(f"{spoken(part.requested)} was asked for.", label="Requested"))
    if part.why:
        lines.append(said.line(sentence("; ".join(part.why)), citations, label="Why"))
    lines += said.findings(of_stage(plan, "product"))
    return (Bullets(lines=tuple(lines)), *_days(part), *_ranking(part, said))


def _days(part: ProductPart) -> tuple[Block, ...]:
    """The vials of each day of a course."""
    if len(part.days) < 2:
        return ()
    rows = tuple(
        (
            cell(str(day.day)),
            cell(vial_words(day.vials)),
            cell(grams(day.amount_g)),
            cell(millilitres(day.volume_mL)),
        )
        for day in part.days
    )
    head = ("Day", "Vials", "Dose", "Volume")
    return (
        Table(
            caption="Vials by day", head=head, rows=rows, align=("left", "left", "right", "right")
        ),
    )


def _ranking(part: ProductPart, said: Citer) -> tuple[Block, ...]:
    kept = [ranked for ranked in part.ranking if ranked.standing != "stopped"]
    stopped = [ranked for ranked in part.ranking if ranked.standing == "stopped"]
    blocks: list[Block] = []
    if kept:
        blocks.append(
            Table(
                caption="All products of this route and market, best first",
                head=("Product", "Standing", "On label", "Volume", "Time", "Vials (g)", "Reasons"),
                rows=tuple(_ranked(item, said) for item in kept),
                align=("left", "left", "left", "right", "right", "left", "left"),
                brief=BRIEF_RANKING,
                rest=tuple(_ranked_line(item, said) for item in kept[BRIEF_RANKING:]),
            )
        )
    if stopped:
        lines = tuple(
            said.line(sentence("; ".join(item.reasons)), item.citations, label=item.name)
            for item in stopped
        )
        blocks += [Heading(level=3, text="Stopped for this patient"), Bullets(lines=lines)]
    blocks.append(
        Paragraph(
            line=said.line(
                "The order: safety first, then the label, how the composition fits this patient, "
                "vials and time."
            ),
            small=True,
        )
    )
    return tuple(blocks)


def _few(item: Ranked) -> str:
    """The first reasons that no column shows."""
    volume = None if item.volume_mL is None else f"{item.volume_mL:.0f} mL"
    shown = [
        reason
        for reason in item.reasons
        if not (volume and reason.startswith(volume)) and not _VIALS.match(reason)
    ]
    return "; ".join(shown[:2])


def _ranked(item: Ranked, said: Citer) -> tuple[Line, ...]:
    vials = () if item.vials is None else item.vials.total
    return (
        cell(item.name),
        cell(*_STANDINGS[item.standing]),
        cell("yes" if item.on_label else "no"),
        cell("–" if item.volume_mL is None else millilitres(item.volume_mL)),
        cell("–" if item.session_min is None else hours(item.session_min)),
        cell(" + ".join(_sizes(vial) for vial in vials) or "–"),
        said.line(_few(item), item.citations),
    )


def _sizes(vial: VialCount) -> str:
    size = number(vial.g, 1)
    return size if vial.n == 1 else f"{vial.n} × {size}"


def _ranked_line(item: Ranked, said: Citer) -> Line:
    text = f"{_STANDINGS[item.standing][0]}; {_few(item)}"
    return said.line(sentence(text), item.citations, label=item.name)
