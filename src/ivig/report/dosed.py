"""The outlines of a dose on every weight, and of the vials that make up a dose."""

from collections.abc import Sequence

from ivig.dosing import DoseOnWeight, WeighedDose
from ivig.finding import Finding
from ivig.plan import NOTICE
from ivig.references import Reference
from ivig.report.cite import Citer, cell
from ivig.report.follow import references
from ivig.report.front import rounding_words, vial_words
from ivig.report.outline import (
    Block,
    Bullets,
    Callout,
    Document,
    Heading,
    Line,
    Pairs,
    Table,
)
from ivig.report.words import (
    clean,
    count,
    g_per_kg,
    grams,
    kilograms,
    millilitres,
    number,
    sentence,
    spoken,
)
from ivig.version import __version__
from ivig.vial_options import VialOption

_WAYS = {
    "exact": "Exact, the rest discarded",
    "fewest": "Fewest vials",
    "least_waste": "Least waste, whole vials",
}


def outline_weights(made: WeighedDose, listed: Sequence[Reference], digest: str) -> Document:
    """The dose by the place's rule, then on every weight, the caps and what to know."""
    said = Citer({reference.id: reference.n for reference in listed})
    body: list[Block] = []
    if made.stops:
        lines = (*said.findings(made.stops, labelled=False), said.line("No dose is offered."))
        body.append(Callout(tone="stop", title="Stop", lines=lines))
    body += [_answer(made, said), _weights(made, said)]
    notes = [finding for finding in made.findings if finding.kind != "stop"]
    if notes:
        body += [Heading(level=2, text="What to know"), *said.bullets(notes)]
    if listed:
        body += [Heading(level=2, text="References"), *references(listed, said)]
    return Document(
        verdict="STOP" if made.stops else "",
        tone="stop" if made.stops else "plain",
        title=f"{g_per_kg(made.dose_g_per_kg)} on every dosing weight",
        subject=_subject(made),
        notice=NOTICE,
        blocks=tuple(body),
        provenance=f"ivig {__version__} · knowledge {digest[:12]} · jurisdiction {made.jurisdiction}",
    )


def _subject(made: WeighedDose) -> str:
    patient = made.patient
    bmi = patient.bmi_kg_per_m2
    parts = [
        "age not given" if patient.age_year is None else f"{number(patient.age_year, 1)} years",
        patient.sex or "sex not given",
        kilograms(patient.weight_kg),
        "height not given" if patient.height_cm is None else f"{number(patient.height_cm, 1)} cm",
        "BMI not known" if bmi is None else f"BMI {bmi:.1f} kg/m²",
        *(["pregnant"] if patient.pregnant else []),
        made.category,
    ]
    return " · ".join(parts)


def _answer(made: WeighedDose, said: Citer) -> Pairs:
    rows: list[tuple[str, Line]] = []
    rows.append(("Rule", said.line(sentence(made.rule.text), made.rule.citations)))
    rows.append(("Dosing weight", cell(f"{kilograms(made.dosing_weight_kg)}.")))
    if made.amount_g is not None and made.rounded_g is not None:
        working = f"{g_per_kg(made.dose_g_per_kg)} × {kilograms(made.dosing_weight_kg)}"
        text = f"{working} = {grams(made.amount_g)}"
        if made.rounded_g != made.amount_g:
            text += f", rounded to {grams(made.rounded_g)}"
        rows.append(("Dose", cell(f"{text}.")))
    if made.days is None and not made.stops:
        rows.append(("Given over", cell("Not known: give --days or --indication.", "unknown")))
    if made.days is not None and made.per_day_g is not None:
        days = count(made.days, "day")
        each = f", {grams(made.per_day_g)} a day" if made.days > 1 else ""
        rows.append(("Given over", cell(f"{days}{each}.")))
    rows.append(_most(made, said))
    return Pairs(rows=tuple(rows))


def _most(made: WeighedDose, said: Citer) -> tuple[str, Line]:
    """What no order passes: the highest printed course and day on this weight."""
    weight_kg, limit = made.dosing_weight_kg, made.limit
    course, day = limit.course(weight_kg), limit.day(weight_kg)
    text = f"{g_per_kg(course.course_g_per_kg)} a course and {g_per_kg(day.day_g_per_kg)} a day"
    text += "" if course.course_most_g is None else f", {grams(course.course_most_g)} in all"
    citations = tuple(dict.fromkeys((*course.citations, *day.citations)))
    return ("Caps", said.line(f"{text}: the most printed for {clean(limit.scope)}.", citations))


def _weights(made: WeighedDose, said: Citer) -> Table:
    priced = made.price is not None
    head = ("", "Weight", "Value", "Dose", "Against actual")
    align = ("left", "left", "right", "right", "right")
    money = ("Cost", "Difference") if priced else ()
    return Table(
        caption="The same dose per kilogram on each weight, before rounding"
        + (
            f"; {number(made.price.per_g, 2)} {clean(made.price.currency)} per gram, as given"
            if made.price
            else ""
        ),
        head=(*head, *money, "How"),
        rows=tuple(_row(row, made, said) for row in made.rows),
        align=(*align, *(("right",) * len(money)), "left"),  # type: ignore[arg-type]
    )


def _row(row: DoseOnWeight, made: WeighedDose, said: Citer) -> tuple[Line, ...]:
    more = "–"
    if row.more_g is not None and row.more_percent is not None:
        more = (
            ""
            if row.kind == "actual"
            else f"{_signed(row.more_g, 1)} g ({_signed(row.more_percent, 0)} %)"
        )
    cells = [
        cell("→" if row.chosen else "", "good"),
        cell(spoken(row.kind).replace("pre pregnancy", "pre-pregnancy")),
        cell("–" if row.weight_kg is None else kilograms(row.weight_kg)),
        cell("–" if row.amount_g is None else grams(row.amount_g)),
        cell(more),
    ]
    if made.price is not None:
        currency = clean(made.price.currency)
        cost = "–" if row.cost is None else f"{number(row.cost, 2)} {currency}"
        change = "–" if row.more_cost is None else f"{_signed(row.more_cost, 2)} {currency}"
        cells += [cell(cost), cell("" if row.kind == "actual" else change)]
    return (*cells, said.line(row.note, row.citations))


def _signed(value: float, digits: int) -> str:
    text = number(value, digits)
    return text.replace("-", "−") if text.startswith("-") else "±0" if text == "0" else f"+{text}"


def outline_vials(
    title: str,
    wanted_g: float,
    options: Sequence[VialOption],
    findings: Sequence[Finding],
    listed: Sequence[Reference],
    digest: str,
) -> Document:
    """The ways to make up a dose, day by day."""
    said = Citer({reference.id: reference.n for reference in listed})
    body: list[Block] = []
    if options:
        body.append(_ways(options))
        body += [block for option in options for block in _days(option)]
    body.append(Heading(level=2, text="What to know"))
    body.append(Bullets(lines=said.findings(findings)))
    if listed:
        body += [Heading(level=2, text="References"), *references(listed, said)]
    return Document(
        verdict="",
        tone="plain",
        title=title,
        subject=f"{grams(wanted_g)} to be given",
        notice=NOTICE,
        blocks=tuple(body),
        provenance=f"ivig {__version__} · knowledge {digest[:12]}",
    )


def _ways(options: Sequence[VialOption]) -> Table:
    rows = tuple(
        (
            cell(_WAYS[option.way]),
            cell(vial_words(option.plan.total)),
            cell(str(option.vials_n)),
            cell(grams(option.plan.amount_g)),
            cell(_over(option)),
            cell("none" if not option.unused_g else grams(option.unused_g)),
        )
        for option in options
    )
    return Table(
        caption="Ways to make up the whole course",
        head=("Way", "Vials", "Number", "Given", "Against the dose", "Discarded"),
        rows=rows,
        align=("left", "left", "right", "right", "right", "right"),
    )


def _over(option: VialOption) -> str:
    words = rounding_words(option.plan.rounding_percent)
    return words if words == "unchanged" else f"{words} ({_signed(option.over_g, 2)} g)"


def _days(option: VialOption) -> tuple[Block, ...]:
    if len(option.plan.days) < 2:
        return ()
    rows = tuple(
        (
            cell(str(day.day)),
            cell(vial_words(day.vials)),
            cell(grams(day.amount_g)),
            cell(millilitres(day.volume_mL)),
            cell("none" if not day.unused_g else grams(day.unused_g)),
        )
        for day in option.plan.days
    )
    return (
        Table(
            caption=f"{_WAYS[option.way]}, by day",
            head=("Day", "Vials", "Dose", "Volume", "Discarded"),
            rows=rows,
            align=("left", "left", "right", "right", "right"),
        ),
    )
