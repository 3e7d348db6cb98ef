"""The outline of a comparison of routes: one table, the curves, then efficacy and reactions."""

from collections.abc import Callable

from ivig.cited import Interval
from ivig.compare import Comparison
from ivig.outcome.compare import ReactionRate, RouteView
from ivig.outcome.relation import Outcome
from ivig.report.cite import Citer, cell, together
from ivig.report.follow import references
from ivig.report.outline import (
    Block,
    Bullets,
    Callout,
    Curves,
    Document,
    Heading,
    Line,
    NamedCurve,
    Paragraph,
    Table,
)
from ivig.report.words import (
    clean,
    count,
    every,
    g_per_L,
    grams,
    number,
    sentence,
    significant,
    span,
)

NAMES = {"iv": "IV", "sc": "SC", "fsc": "Facilitated SC"}
NOT_KNOWN = "not known"
Row = tuple[str, Callable[[RouteView], Line]]


def outline_routes(found: Comparison) -> Document:
    """What the document of a comparison says, in order."""
    said = Citer({reference.id: reference.n for reference in found.references})
    body: list[Block] = []
    if found.stops:
        lines = said.findings(found.stops, labelled=False)
        body.append(Callout(tone="stop", title="Do not give", lines=lines))
    if found.views:
        body += _body(found, said)
    others = [finding for finding in found.findings if finding.kind != "stop"]
    if others:
        body += [Heading(level=2, text="To know"), Bullets(lines=said.findings(others))]
    if found.references:
        body += [Heading(level=2, text="References"), *references(found.references, said)]
    return Document(
        verdict="" if found.views else "No comparison",
        tone="plain" if found.views else "unknown",
        title=f"Routes compared: {clean(found.patient_id)}",
        subject=clean(found.indication),
        notice=clean(found.notice),
        blocks=tuple(body),
        provenance=f"ivig {found.ivig_version} · knowledge {found.knowledge_digest[:12]}",
    )


def _body(found: Comparison, said: Citer) -> list[Block]:
    body: list[Block] = [
        Heading(level=2, text="Side by side"),
        _table(found, said),
        _note(
            "Exposure is total IgG at steady state: the median, then what holds for 9 in 10 patients "
            "like this one. Infusions, hours, sites and grams are computed from the dose, the interval "
            "and the label's rates and site limits, for a patient established on the product; hours "
            "are those of the pump, without preparation or travel.",
            said,
        ),
    ]
    if drawn := _curves(found):
        body.append(drawn)
    body += [Heading(level=2, text="Expected effect"), *_efficacy(found, said)]
    body += [Heading(level=2, text="Reactions"), *_reactions(found, said)]
    body += [
        Heading(level=2, text="Independence"),
        Bullets(lines=said.findings(found.independence)),
    ]
    return body


def _note(text: str, said: Citer) -> Paragraph:
    return Paragraph(line=said.line(text), small=True)


def _table(found: Comparison, said: Citer) -> Table:
    rows: list[Row] = [
        ("Product", lambda view: cell(view.product_name)),
        ("Dose", lambda view: cell(f"{grams(view.amount_g)} {every(view.interval_day)}")),
        ("Why this dose", lambda view: said.line(view.because, view.citations)),
        ("AUC, g·day/L a week", lambda view: _exposure(view, "auc_per_week_g_day_per_L", 0)),
        ("Peak, g/L", lambda view: _exposure(view, "peak_g_per_L", 1)),
        ("Trough, g/L", lambda view: _exposure(view, "trough_g_per_L", 1)),
        ("Peak less trough, g/L", _swing),
        (_below_words(found), _below),
        ("Model", lambda view: _model(view, said)),
        ("Infusions a year", lambda view: cell(number(view.burden.infusions_per_year, 0))),
        ("Hours a year", lambda view: _hours(view, said)),
        ("Sites", _sites),
        ("Grams a year", lambda view: cell(number(view.burden.grams_per_year, 0))),
        ("Cost a year", lambda view: _cost(view, found.currency)),
    ]
    return Table(
        caption="The same treatment by each route",
        head=("", *(NAMES[view.route] for view in found.views)),
        rows=tuple((cell(name), *(say(view) for view in found.views)) for name, say in rows),
        align=("left", *("left" for _ in found.views)),
    )


def _exposure(view: RouteView, name: str, digits: int) -> Line:
    if view.exposure is None:
        return cell(NOT_KNOWN, "unknown")
    interval: Interval = getattr(view.exposure, name)
    around = span(interval, digits)
    return cell(f"{interval.median:.{digits}f}" + ("" if around is None else f" ({around})"))


def _swing(view: RouteView) -> Line:
    if view.exposure is None:
        return cell(NOT_KNOWN, "unknown")
    return cell(f"{view.exposure.swing_g_per_L:.1f}")


def _below_words(found: Comparison) -> str:
    if found.target_g_per_L is None:
        return "Wear-off: days below target in 4 weeks"
    return f"Wear-off: days in 4 weeks below {g_per_L(found.target_g_per_L)}, before the next dose"


def _below(view: RouteView) -> Line:
    found = None if view.exposure is None else view.exposure.days_below_4_weeks_day
    if found is None:
        return cell(NOT_KNOWN, "unknown")
    around = span(found, 1)
    return cell(f"{found.median:.1f}" + ("" if around is None else f" ({around})"))


def _model(view: RouteView, said: Citer) -> Line:
    if view.exposure is None:
        return cell("no model exists for this route", "unknown")
    return said.line(view.exposure.model_id, view.exposure.citations)


def _hours(view: RouteView, said: Citer) -> Line:
    burden = view.burden
    if burden.hours_per_year is None or burden.session_h is None:
        return cell(NOT_KNOWN, "unknown")
    text = f"{number(burden.hours_per_year, 0)} ({burden.session_h:.1f} each)"
    return said.line(text, burden.citations)


def _sites(view: RouteView) -> Line:
    burden = view.burden
    if burden.sites_per_session is None or burden.sites_per_year is None:
        return cell(NOT_KNOWN, "unknown")
    kind = "vein" if view.route == "iv" else "site"
    a_year = number(burden.sites_per_year, 0)
    return cell(f"{count(burden.sites_per_session, kind)} each time, {a_year} a year")


def _cost(view: RouteView, currency: str | None) -> Line:
    if view.cost_per_year is None:
        return cell("not known: no price given", "unknown")
    unit = "" if currency is None else f" {clean(currency)}"
    return cell(f"{number(view.cost_per_year, 0)}{unit}")


def _curves(found: Comparison) -> Curves | None:
    drawn = tuple(
        NamedCurve(
            name=f"{NAMES[view.route]} {grams(view.amount_g)} {every(view.interval_day)}",
            time_day=view.exposure.curve_day,
            igg_g_per_L=view.exposure.curve_g_per_L,
        )
        for view in found.views
        if view.exposure is not None
    )
    if not drawn:
        return None
    return Curves(
        title="Median total IgG at steady state",
        axis="Days from a dose",
        curves=drawn,
        target_g_per_L=found.target_g_per_L,
    )


def _efficacy(found: Comparison, said: Citer) -> list[Block]:
    """What is the same for every route is said once."""
    told = [{outcome.id: outcome for outcome in view.efficacy} for view in found.views]
    everywhere = [key for key in told[0] if all(key in one for one in told)]
    blocks: list[Block] = []
    if {"cidp_path_2018", "cidp_mmn_racosta_2017"} & {key for one in told for key in one}:
        text = (
            "IV and weekly SC maintenance are comparable as far as is known: no trial has shown one "
            "better. They were not compared head to head; the intervals below are wide."
        )
        blocks.append(Paragraph(line=said.line(text)))
    if everywhere and len(told) > 1:
        lines = [
            said.line(sentence(told[0][key].text), told[0][key].citations) for key in everywhere
        ]
        blocks += [Heading(level=3, text="By every route"), Bullets(lines=tuple(lines))]
    for view, one in zip(found.views, told, strict=True):
        own = [outcome for key, outcome in one.items() if key not in everywhere or len(told) == 1]
        lines = [
            said.line(
                _told(outcome),
                outcome.citations,
                label="Quoted, not computed from" if outcome.strength == "quote" else None,
            )
            for outcome in own
        ]
        none = said.line(
            "No result of this route in this disease is held here, for or against.", tone="unknown"
        )
        blocks += [
            Heading(level=3, text=NAMES[view.route]),
            Bullets(lines=tuple(lines) or (none,)),
        ]
    return blocks


def _told(outcome: Outcome) -> str:
    """What an outcome says, its further numbers, its caveats."""
    details = "; ".join(outcome.details)
    parts = (outcome.text, f"{details[:1].upper()}{details[1:]}", *outcome.caveats)
    return " ".join(sentence(part) for part in parts if part)


def _reactions(found: Comparison, said: Citer) -> list[Block]:
    return [
        Table(
            caption="Reactions for each patient-month, at this patient's interval",
            head=("", *(NAMES[view.route] for view in found.views)),
            rows=(
                (cell("Systemic"), *(_rates(view.systemic, said) for view in found.views)),
                (cell("Local"), *(_rates(view.local, said) for view in found.views)),
            ),
            align=("left", *("left" for _ in found.views)),
        ),
        _note(
            "Published reactions per infusion times the infusions of a month: weekly SC has three to "
            "four times the infusions of IV, so a lower figure per infusion may be no lower by the month. "
            "CIDP counts infusions with a systemic reaction, primary immunodeficiency counts "
            "reactions: compare within a row of one population only. No interval is printed with "
            "them.",
            said,
        ),
    ]


def _rates(rates: tuple[ReactionRate, ...], said: Citer) -> Line:
    if not rates:
        return cell(NOT_KNOWN, "unknown")
    return together(
        *(
            said.line(
                f"{significant(rate.per_month)} in {rate.population} "
                f"({significant(rate.per_infusion_fraction)} per infusion)"
                + (";" if i + 1 < len(rates) else ""),
                rate.citations,
            )
            for i, rate in enumerate(rates)
        )
    )
