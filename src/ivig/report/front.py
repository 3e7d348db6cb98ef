"""The first page: verdict, who it is about, what forbids, and the plan at a glance."""

from collections.abc import Sequence

from ivig.bedside import Infusion
from ivig.cited import Interval
from ivig.patient import Patient
from ivig.pk.forecast import Kinetics
from ivig.plan import Plan
from ivig.regimen import Regimen
from ivig.report.cite import Citer, cell, together
from ivig.report.outline import Block, Callout, Line, Pairs, Tone
from ivig.report.words import (
    both_units,
    clean,
    count,
    days,
    every,
    g_per_kg,
    g_per_L,
    grams,
    hours,
    kilograms,
    millilitres,
    number,
    per_kg_rate,
    percent,
    pump_rate,
    sentence,
    share,
    span,
    spoken,
)
from ivig.vials import VialCount

FDA_WORDS = {
    "labelled": "named on a US label",
    "partially_labelled": "only partly covered by a US label",
    "off_label": "off-label in the United States",
    "historical": "once on a US label, not on a current one",
}
ROUTE_WORDS = {
    "iv": "intravenous",
    "sc": "subcutaneous",
    "fsc": "subcutaneous with hyaluronidase",
}
_VERDICTS: dict[str, tuple[str, Tone]] = {
    "indicated": ("Indicated", "good"),
    "conditional": ("Conditional", "caution"),
    "not_indicated": ("Not indicated", "stop"),
    "unknown": ("Cannot be decided yet", "unknown"),
}


def verdict(plan: Plan) -> tuple[str, Tone]:
    """The badge: STOP when something beside the indication forbids it, else the verdict."""
    if any(finding.stage != "indication" for finding in plan.stops):
        return "STOP", "stop"
    return _VERDICTS[plan.indication.verdict]


def subject(plan: Plan) -> str:
    """Age, sex, weight, height and diagnosis on one line."""
    patient = plan.patient
    height = "height not given" if patient.height_cm is None else f"{patient.height_cm:.0f} cm"
    parts = [person(patient), kilograms(patient.weight_kg), height]
    name, given = plan.indication.name, clean(patient.diagnosis)
    parts.append(name if given.lower() == name.lower() else f"{name} ({given})")
    return " · ".join(parts)


def person(patient: Patient) -> str:
    """Age and sex in a few words; what is not given is said."""
    child = patient.age_year is not None and patient.age_year < 18
    names = {"female": "girl" if child else "woman", "male": "boy" if child else "man"}
    who = names.get(patient.sex or "", "")
    if patient.age_year is None:
        return f"{who or 'sex not given'}, age not given"
    if patient.age_year < 2:
        age = f"{patient.age_year * 12:.0f}-month-old"
    else:
        age = f"{int(patient.age_year)}-year-old"
    return f"{age} {who}" if who else f"{age}, sex not given"


def stop_callout(plan: Plan, said: Citer) -> tuple[Block, ...]:
    """What forbids the treatment, before anything else."""
    if not plan.stops:
        return ()
    word, tone = verdict(plan)
    rest = "No dose is offered." if plan.regimen is None else "No product or chart is offered."
    if plan.infusion is not None:
        rest = "Read this before anything below."
    lines = (*said.findings(plan.stops, labelled=False), said.line(rest))
    return (Callout(tone=tone, title=word, lines=lines),)


def at_a_glance(plan: Plan, said: Citer, *, open_section: int) -> Pairs:
    """The whole plan in about ten lines.

    Parameters
    ----------
    open_section : int
        The number of the section that lists what is not known.
    """
    rows = _verdict_rows(plan, said)
    if plan.regimen is not None:
        rows += _dose_rows(plan, plan.regimen, said)
    elif not plan.stops:
        rows.append(("Dose", said.line("None is offered: no regimen with a dose is known here.")))
    rows += _product_rows(plan, said)
    if plan.kinetics is not None:
        rows += _kinetics_rows(plan.kinetics, said)
    elif plan.regimen is not None:
        rows.append(("Total IgG", cell("Not predicted: see the open questions.", "unknown")))
    rows += _open_rows(plan, said, open_section)
    return Pairs(rows=tuple(rows))


def _verdict_rows(plan: Plan, said: Citer) -> list[tuple[str, Line]]:
    word, tone = verdict(plan)
    line = _verdict_line(plan, said)
    if word != "STOP":
        return [("Verdict", line)]
    stop = said.line("STOP, for the reason given above.", tone=tone)
    by_itself = said.line("Without the stop it would be:")
    return [("Verdict", stop), ("Indication", together(by_itself, line))]


def _verdict_line(plan: Plan, said: Citer) -> Line:
    part = plan.indication
    word, tone = _VERDICTS[part.verdict]
    status = f"{part.name}: {FDA_WORDS[part.fda_status]}"
    source = next((f.citations for f in plan.findings if f.text.startswith(status)), ())
    lines = [
        said.line(f"{word}."),
        said.line(f"{status}.", source),
        said.line(f"Standing of the evidence: {spoken(part.tier)}."),
    ]
    missing = [a for a in part.criteria if a.answer == "unknown" and a.role != "supporting"]
    if part.verdict == "unknown" and missing:
        citations = tuple(c for answer in missing for c in answer.citations)
        text = "; ".join(answer.text for answer in missing)
        lines.append(said.line(f"To be decided: {sentence(text)}", citations))
    if part.verdict == "unknown" and plan.regimen is not None:
        lines.append(said.line("What follows holds only if it is indicated."))
    return together(*lines, tone=tone)


def dose_words(regimen: Regimen, daily_g: Sequence[float] = ()) -> str:
    """The dose of a regimen: grams, split, interval, route.

    ``daily_g`` are the grams of each day as the vials give them.
    """
    text = grams(regimen.amount_g)
    if regimen.split_days > 1:
        least, most = min(daily_g, default=0.0), max(daily_g, default=0.0)
        each = grams(most or regimen.amount_per_day_g)
        each = f"{number(least, 1)}–{each}" if least < most else each
        text += f" over {regimen.split_days} days ({each} a day)"
    often = "single course" if regimen.interval_day is None else every(regimen.interval_day)
    return f"{text}, {often}, {ROUTE_WORDS[regimen.route]}"


def basis_words(regimen: Regimen) -> str:
    """Which weight, by which rule: ``0.51 g/kg of 68 kg (actual: …)``."""
    weight = kilograms(regimen.dosing_weight_kg)
    return f"{g_per_kg(regimen.dose_g_per_kg)} of {weight} ({regimen.dosing_weight_rule})"


def daily_amounts_g(plan: Plan) -> tuple[float, ...]:
    """Grams of each day of the course, as whole vials give them; empty when not known."""
    return () if plan.product is None else tuple(day.amount_g for day in plan.product.days)


def _dose_rows(plan: Plan, regimen: Regimen, said: Citer) -> list[tuple[str, Line]]:
    words = dose_words(regimen, daily_amounts_g(plan))
    rows = [("Dose", _dose_line(words, regimen, said))]
    if regimen.then is not None:
        rows.append(("Then", _dose_line(dose_words(regimen.then), regimen.then, said)))
    return rows


def _dose_line(words: str, regimen: Regimen, said: Citer) -> Line:
    basis = sentence(basis_words(regimen))
    return together(said.line(f"{words}."), said.line(basis, regimen.citations))


def vial_words(vials: Sequence[VialCount]) -> str:
    """``1 × 20 g + 2 × 5 g``."""
    return " + ".join(f"{vial.n} × {grams(vial.g)}" for vial in vials) or "vial sizes not known"


def _product_rows(plan: Plan, said: Citer) -> list[tuple[str, Line]]:
    rows: list[tuple[str, Line]] = []
    part, infusion = plan.product, plan.infusion
    if part is not None and part.name is None:
        rows.append(("Product", cell("None can be offered: see the stop above.", "stop")))
    elif part is not None:
        words = said.line(f"{part.name}: {vial_words(part.vials)}.")
        text = "The dose is not rounded to whole vials."
        if part.rounding_percent is not None:
            text = f"Dose {rounding_words(part.rounding_percent)} by whole vials."
        unused_g = sum(day.unused_g for day in part.days)
        if unused_g:
            text = f"Not a whole number of vials: {grams(unused_g)} are left over."
        chosen = next((r for r in part.ranking if r.product_id == part.id), None)
        why = said.line(text, chosen.citations if chosen else ())
        rows.append(("Product", together(words, why)))
    if infusion is not None:
        rows.append(("Session", _session_line(infusion, said)))
    elif plan.regimen is not None:
        rows.append(("Session", cell("No infusion chart.", "caution")))
    return rows


def _session_line(infusion: Infusion, said: Citer) -> Line:
    first, last = infusion.steps[0], infusion.steps[-1]
    volume, time = millilitres(infusion.volume_mL), hours(infusion.total_min)
    cap = cap_words(infusion.cap_mL_per_h, infusion.cap_mL_per_kg_per_h)
    if first is last:
        pump = f"Pump at {pump_rate(first.rate_mL_per_h)}"
    else:
        pump = f"Pump from {pump_rate(first.rate_mL_per_h)} to {pump_rate(last.rate_mL_per_h)}"
    return together(
        said.line(f"{volume} in {time}{days_words(infusion)}."),
        said.line(f"{pump}; never above {cap}.", infusion.citations),
    )


def days_words(infusion: Infusion) -> str:
    """Whether the chart holds for each day of the course."""
    n = len(infusion.days)
    if n == 1:
        return ""
    same = len({day.amount_g for day in infusion.days}) == 1
    return f" on each of {n} days" if same else f" on day 1 of {n}"


def rounding_words(rounding_percent: float) -> str:
    """``+2.9 %`` or ``unchanged``."""
    text = number(rounding_percent, 1)
    if text == "0":
        return "unchanged"
    return f"{'' if text.startswith('-') else '+'}{text} %".replace("-", "−")


def cap_words(cap_mL_per_h: float | None, cap_mL_per_kg_per_h: float | None) -> str:
    """The cap of a chart in both units, as far as known."""
    caps = [] if cap_mL_per_h is None else [pump_rate(cap_mL_per_h)]
    caps += [] if cap_mL_per_kg_per_h is None else [per_kg_rate(cap_mL_per_kg_per_h)]
    return f"{caps[0]} ({caps[1]})" if len(caps) == 2 else "".join(caps) or "not known"


def in_ten(interval: Interval, digits: int, unit: str) -> str:
    """The interval in plain words: ``9 in 10 patients like this: 5.9–11.2 g/L``."""
    between = span(interval, digits)
    if between is None:
        return "no interval is published"
    return f"{share(interval.level)} patients like this: {between} {unit}"


def _kinetics_rows(kinetics: Kinetics, said: Citer) -> list[tuple[str, Line]]:
    trough, peak, half = (
        kinetics.trough_g_per_L,
        kinetics.peak_g_per_L,
        kinetics.half_life_day,
    )
    lead = said.line(f"Trough {both_units(trough.median)}, {kinetics.trough_when}.")
    words = in_ten(trough, 1, "g/L")
    text = (
        f"{words[:1].upper()}{words[1:]}. "
        f"Peak {g_per_L(peak.median)}{_brackets(peak, 1, 'g/L')}. "
        f"Half-life {days(half.median)}{_brackets(half, 0, 'days')}."
    )
    rows = [("Total IgG", together(lead, said.line(text, kinetics.citations)))]
    if kinetics.target_g_per_L is None:
        target = "No target trough is printed for this indication."
    else:
        target = f"At least {both_units(kinetics.target_g_per_L)} before a dose."
    chance = kinetics.probability_trough_at_target
    lines = [said.line(target)]
    if kinetics.target_g_per_L is not None and chance is not None:
        lines.append(said.line(f"Probability of reaching it: {percent(chance)}."))
    return [*rows, ("Target", together(*lines))]


def _brackets(interval: Interval, digits: int, unit: str) -> str:
    between = span(interval, digits)
    return "" if between is None else f" ({between} {unit})"


def _open_rows(plan: Plan, said: Citer, open_section: int) -> list[tuple[str, Line]]:
    before = () if plan.infusion is None else plan.infusion.before
    cautions = [f for f in (*plan.findings, *before) if f.kind == "caution"]
    unknown = [f for f in plan.findings if f.kind == "unknown"]
    rows: list[tuple[str, Line]] = []
    if cautions:
        text = f"{count(len(cautions), 'caution')} below, marked Caution."
        rows.append(("Cautions", said.line(text, tone="caution")))
    if unknown:
        asked = [f for f in unknown if f.stage == "patient"]
        text = f"{count(len(unknown), 'open question')}, listed in section {open_section}."
        lines = (said.line(text), *said.findings(asked, labelled=False))
        rows.append(("Not known", together(*lines, tone="unknown")))
    return rows
