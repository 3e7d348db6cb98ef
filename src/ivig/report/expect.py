"""The sections that look ahead: the IgG curve, benefits and harms, alternatives."""

from itertools import pairwise

from ivig.alternatives import RouteOption
from ivig.cited import Interval
from ivig.outcome.relation import Outcome
from ivig.pk.forecast import Curve, Kinetics, ModelView
from ivig.plan import Plan
from ivig.report.cite import Citer, cell, of_stage, together
from ivig.report.front import ROUTE_WORDS, in_ten
from ivig.report.outline import Align, Block, Bullets, Figure, Heading, Line, Table
from ivig.report.words import (
    both_units,
    count,
    days,
    every,
    g_per_L,
    grams,
    hours,
    millilitres,
    number,
    percent,
    sentence,
    share,
    significant,
    span,
)

_R: Align = "right"
_ALIGN: tuple[Align, ...] = ("left", "left", _R, _R, _R, _R, _R, _R, _R)  # of the routes


def igg_curve(plan: Plan, said: Citer) -> tuple[Block, ...]:
    """The predicted total IgG: numbers, figure, models, doubts."""
    kinetics = plan.kinetics
    notes = of_stage(plan, "kinetics")
    if kinetics is None:
        return said.bullets(notes)
    refused = tuple(said.line(sentence(text), label="Not used") for text in kinetics.refused)
    return (
        _numbers(kinetics, said),
        _figure(plan, kinetics),
        Bullets(lines=(*_readings(kinetics, said), *said.findings(notes))),
        *_models(kinetics, said),
        *((Bullets(lines=refused, small=True),) if refused else ()),
    )


def _numbers(kinetics: Kinetics, said: Citer) -> Table:
    trough = f"Trough of total IgG, {kinetics.trough_when}"
    rows = (
        _row(trough, both_units(kinetics.trough_g_per_L.median), kinetics.trough_g_per_L, "g/L"),
        _row("Peak of total IgG", g_per_L(kinetics.peak_g_per_L.median), kinetics.peak_g_per_L),
        _row(
            "Half-life",
            days(kinetics.half_life_day.median),
            kinetics.half_life_day,
            "days",
            digits=0,
        ),
        _row(
            "Own IgG without treatment",
            g_per_L(kinetics.baseline_g_per_L.median),
            kinetics.baseline_g_per_L,
        ),
    )
    words = share(kinetics.trough_g_per_L.level)
    return Table(
        caption=f"Prediction for this patient by the model {kinetics.model_id}",
        head=("Quantity", "Median", f"{words} patients like this"),
        rows=rows,
        align=("left", "right", "right"),
    )


def _row(
    name: str, median: str, interval: Interval, unit: str = "g/L", *, digits: int = 1
) -> tuple[Line, ...]:
    between = span(interval, digits)
    shown = "no interval is published" if between is None else f"{between} {unit}"
    return (cell(name), cell(median), cell(shown))


def _readings(kinetics: Kinetics, said: Citer) -> tuple[Line, ...]:
    if kinetics.individualised:
        own = f"Individualised with {count(kinetics.n_levels, 'measured level')}."
    else:
        own = "Population prediction: no level measured on treatment has shifted it."
    lines = [
        said.line(sentence(kinetics.why_model), kinetics.citations, label="Model"),
        said.line(own, label="Fit"),
        said.line(sentence(kinetics.baseline_note), label="Own IgG"),
    ]
    if kinetics.time_to_steady_state_day is not None:
        text = f"after about {days(kinetics.time_to_steady_state_day)}."
        lines.append(said.line(text, label="Steady state"))
    chance = kinetics.probability_trough_at_target
    if kinetics.target_g_per_L is not None and chance is not None:
        text = f"at least {both_units(kinetics.target_g_per_L)}; reached with a probability of "
        lines.append(said.line(f"{text}{percent(chance)}.", label="Target trough"))
    if kinetics.spread_g_per_L is not None:
        low, high = kinetics.spread_g_per_L
        text = f"their median troughs lie between {g_per_L(low)} and {g_per_L(high)}."
        lines.append(said.line(text, label="Between the models"))
    return tuple(lines)


def _models(kinetics: Kinetics, said: Citer) -> tuple[Block, ...]:
    if not kinetics.models:
        return ()
    words = share(kinetics.trough_g_per_L.level)
    return (
        Table(
            caption="What each published model says of the same patient and regimen",
            head=("Model", "Trough", f"{words} patients", "Half-life", "Note"),
            rows=tuple(_model(view, said) for view in kinetics.models),
            align=("left", "right", "right", "right", "left"),
        ),
    )


def _model(view: ModelView, said: Citer) -> tuple[Line, ...]:
    trough, half = view.trough_g_per_L, view.half_life_day
    return (
        said.line(view.name, view.citations),
        cell(g_per_L(trough.median)),
        cell(span(trough, 1) or "–"),
        cell(days(half.median)),
        cell(view.note),
    )


def _figure(plan: Plan, kinetics: Kinetics) -> Figure:
    curve = kinetics.curve
    first, last = curve.time_day[0], curve.time_day[-1]
    measured = [
        sample
        for sample in plan.patient.levels
        if first <= sample.time_day <= last and not sample.below_limit
    ]
    trough = kinetics.trough_g_per_L
    no_band = span(trough, 3) is None
    return Figure(
        title="Predicted total IgG under the planned regimen",
        band_words="no interval is published" if no_band else f"{share(trough.level)} patients",
        time_day=curve.time_day,
        median_g_per_L=curve.median,
        low_g_per_L=curve.low,
        high_g_per_L=curve.high,
        dose_day=_rises(curve),
        measured_day=tuple(sample.time_day for sample in measured),
        measured_g_per_L=tuple(sample.igg_g_per_L for sample in measured),
        target_g_per_L=kinetics.target_g_per_L,
    )


def _rises(curve: Curve) -> tuple[float, ...]:
    """The days on which the median turns from falling to rising: each is a dose."""
    wide = max(curve.median) - min(curve.median)
    rising = [after - before > 0.01 * wide for before, after in pairwise(curve.median)]
    turns = [i for i, up in enumerate(rising) if up and (i == 0 or not rising[i - 1])]
    return tuple(curve.time_day[i] for i in turns)


def outcomes(plan: Plan, said: Citer) -> tuple[Block, ...]:
    """Benefits, then harms; each with its number, population and caveat."""
    blocks: list[Block] = []
    for kind, title in (("benefit", "Benefits"), ("harm", "Harms")):
        found = [outcome for outcome in plan.outcomes if outcome.kind == kind]
        if not found:
            continue
        blocks.append(Heading(level=3, text=title))
        blocks += _estimates(found, title)
        blocks.append(Bullets(lines=tuple(_outcome(outcome, said) for outcome in found)))
    return (*blocks, *said.bullets(of_stage(plan, "outcome")))


def _estimates(found: list[Outcome], title: str) -> tuple[Block, ...]:
    rows = tuple(
        (
            cell(outcome.name),
            cell(significant(outcome.value.median)),
            cell(f"{significant(outcome.value.low)}–{significant(outcome.value.high)}"),
            cell(f"{100 * outcome.value.level:.0f} %"),
            cell(outcome.unit),
        )
        for outcome in found
        if outcome.value is not None
    )
    if not rows:
        return ()
    return (
        Table(
            caption=f"{title} with a number for this patient",
            head=("Effect", "Estimate", "Interval", "Level", "Unit"),
            rows=rows,
            align=("left", "right", "right", "right", "left"),
        ),
    )


def _outcome(outcome: Outcome, said: Citer) -> Line:
    lines = [said.line(sentence(outcome.text), outcome.citations)]
    if outcome.details:
        lines.append(said.line(f"Also: {sentence('; '.join(outcome.details))}", outcome.citations))
    lines.append(said.line(f"Studied in: {sentence(outcome.population)}"))
    lines += [said.line(f"Caveat: {sentence(text)}") for text in outcome.caveats]
    if outcome.strength == "quote":
        lines.append(said.line("Quoted, not computed for this patient."))
    return together(*lines, label=outcome.name)


def alternatives(plan: Plan, said: Citer) -> tuple[Block, ...]:
    """The subcutaneous routes, then what is not immunoglobulin."""
    part = plan.alternatives
    notes = of_stage(plan, "alternative")
    if part is None:
        return said.bullets(notes)
    blocks: list[Block] = []
    if part.subcutaneous:
        blocks.append(_routes(part.subcutaneous, said))
        lines = tuple(_conversion(option, said) for option in part.subcutaneous)
        blocks.append(Bullets(lines=lines))
    blocks += said.bullets((*part.notes, *notes))
    if part.others:
        blocks.append(Heading(level=3, text="Other treatments"))
        blocks.append(Bullets(lines=said.findings(part.others)))
    return tuple(blocks)


def _routes(options: tuple[RouteOption, ...], said: Citer) -> Table:
    head = ("Route", "Product", "Dose", "Every", "In 4 weeks", "Volume", "Sites", "Time", "Trough")
    return Table(
        caption="The same treatment under the skin",
        head=head,
        rows=tuple(_route(option, said) for option in options),
        align=_ALIGN,
    )


def _route(option: RouteOption, said: Citer) -> tuple[Line, ...]:
    volume, session = option.volume_mL, option.session_min
    trough = option.trough_g_per_L
    return (
        cell(ROUTE_WORDS[option.route]),
        said.line(option.product_name, option.citations),
        cell(grams(option.amount_g)),
        cell(every(option.interval_day).removeprefix("every ")),
        cell(grams(option.grams_per_4_weeks)),
        cell("–" if volume is None else millilitres(volume)),
        cell("–" if option.sites is None else str(option.sites)),
        cell("–" if session is None else hours(session)),
        cell("–" if trough is None else g_per_L(trough.median)),
    )


def _conversion(option: RouteOption, said: Citer) -> Line:
    text = sentence(f"{option.because[:1].upper()}{option.because[1:]}")
    if option.conversion_factor is not None:
        text += f" Conversion factor {number(option.conversion_factor, 2)}."
    if option.trough_g_per_L is not None:
        between = in_ten(option.trough_g_per_L, 1, "g/L")
        text += f" Predicted trough of total IgG {both_units(option.trough_g_per_L.median)}; "
        text += f"{between}."
    return said.line(text, option.citations, label=option.product_name)
