"""``ivig dose``: the regimens that keep a trough, the most sparing first."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ivig.faces.output import put, text_or_json, to_file

if TYPE_CHECKING:
    from ivig.faces.dose_case import Converted, DoseReport, Row
    from ivig.knowledge import Knowledge

EXIT_STOP = 3
ROUTES = ("iv", "sc", "fsc")
_HEAD = (
    "dose",
    "g/kg",
    "P(trough ≥ target)",
    "g/month",
    "trough g/L",
    "peak g/L",
    "peak/trough",
    "days below/year",
    "infusions/year",
    "product",
    "model",
)


@click.command()
@click.argument("patient", metavar="PATIENT")
@click.option("--trough", type=float, required=True, help="Total IgG before a dose, g/L.")
@click.option(
    "--probability",
    type=float,
    default=0.8,
    show_default=True,
    help="How surely the trough is to be kept.",
)
@click.option(
    "--route", type=click.Choice([*ROUTES, "all"]), default="all", show_default=True, help="Route."
)
@click.option(
    "--interval",
    "intervals",
    type=float,
    multiple=True,
    help="Days between doses; may be repeated.",
)
@click.option("--product", help="Product id; default: the best-ranked one of each route.")
@click.option("--model", help="Model id; default: those that cover the patient, the best first.")
@click.option("--indication", help="Id, synonym or ICD-10-CM code; default: the diagnosis.")
@click.option("--jurisdiction", default="us", show_default=True, help="Whose labels and rules.")
@text_or_json
@to_file
def dose(
    patient: str,
    trough: float,
    probability: float,
    route: str,
    intervals: tuple[float, ...],
    product: str | None,
    model: str | None,
    indication: str | None,
    jurisdiction: str,
    chosen: str,
    output: Path | None,
) -> None:
    """Regimens in whole vials ranked by how surely they keep a trough, then by grams per month.

    PATIENT is a YAML or JSON file, or - for standard input; levels and doses in it make the answer
    the patient's own. When no dose inside the label's limits suffices, that is said. Exit code 3: a
    stop; 4: the levels contradict the model; 5: no model covers the patient.
    """
    from ivig.faces.dose_case import Question, make_dose_report
    from ivig.faces.patient_file import read_patient
    from ivig.knowledge import load_knowledge

    known = load_knowledge()
    report = make_dose_report(
        Question(
            patient=read_patient(patient),
            trough_g_per_L=trough,
            probability_fraction=probability,
            routes=tuple(one for one in ROUTES if route in (one, "all")),
            intervals_day=tuple(dict.fromkeys(intervals)),
            product=product,
            model=model,
            indication=indication,
            jurisdiction=jurisdiction,
        ),
        known,
    )
    put(_document(report, known, chosen), output)
    if report.stops:
        sys.exit(EXIT_STOP)


def _document(report: "DoseReport", known: "Knowledge", chosen: str) -> str:
    from ivig.codec import encode

    if chosen == "json":
        return json.dumps(encode(report), indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    sources = {key: known.sources[key].citation for key in _cited(report)}
    return dose_text(report, sources)


def dose_text(report: "DoseReport", sources: dict[str, str]) -> str:
    """The report for a terminal.

    Parameters
    ----------
    sources : dict
        Citations by id, of the limits and factors shown.
    """
    lines = [f"{report.patient_id}: {report.verdict}"]
    lines += [f"STOP: {text}" for text in report.stops]
    if report.current is not None:
        lines += ["", "Now", *_table([report.current])]
    if report.rows:
        lines += ["", "Regimens in whole vials, at steady state", *_table(report.rows)]
        lines += ["", *_limit_lines(report)]
    if report.conversions:
        lines += ["", "Change of route by simulated exposure, 90 % intervals"]
        lines += [f"  {_conversion_line(one)}" for one in report.conversions]
    lines += ["", *(f"Note: {note}" for note in report.notes)] if report.notes else []
    lines += ["", *(f"[{key}] {text}" for key, text in sources.items())] if sources else []
    return "\n".join([*lines, ""])


def _table(rows: "list[Row] | tuple[Row, ...]") -> list[str]:
    cells = [_HEAD, *(_cells(row) for row in rows)]
    widths = [max(len(line[i]) for line in cells) for i in range(len(_HEAD))]
    return [
        "  "
        + "  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip()
        for line in cells
    ]


def _cells(row: "Row") -> tuple[str, ...]:
    from ivig.faces.fit_report import regimen_words, span

    out = row.outcome
    return (
        regimen_words(out.dosing),
        f"{row.dose_g_per_kg:.2f}",
        f"{_percent(out.reached_fraction)}{'' if out.attained else ' (too low)'}",
        f"{out.grams_per_month:.1f}",
        span(out.trough_g_per_L),
        span(out.peak_g_per_L),
        f"{out.peak_to_trough.median:.2f}",
        f"{out.days_below_target_per_year.median:.0f}"
        f" ({out.days_below_target_per_year.low:.0f} to {out.days_below_target_per_year.high:.0f})",
        f"{out.infusions_per_year:.0f}",
        row.product_name,
        row.model_id
        + "".join(f"; {name} {_percent(reached)}" for name, reached in row.others_fraction),
    )


def _percent(fraction: float) -> str:
    """Never 0 % or 100 % of what is only nearly so.

    >>> _percent(0.8372), _percent(0.9999), _percent(1e-9)
    ('84 %', '> 99 %', '< 1 %')
    """
    if 0.0 <= fraction < 0.01:
        return "< 1 %"
    return "> 99 %" if fraction > 0.99 else f"{100 * fraction:.0f} %"


def _limit_lines(report: "DoseReport") -> list[str]:
    from ivig.faces.fit_report import regimen_words

    lines = [
        "P is of the true trough at steady state, by the model named first; other models' "
        "probability for the same regimen stands after it. A month is 30.4375 days. "
        "Regimens of different first models differ also by model. A limit is the label's where it "
        "prints g/kg for this use, else that of the indication's printed regimens."
    ]
    return lines + [
        f"{regimen_words(row.outcome.dosing)}: {_limit_text(row)}." for row in report.rows
    ]


def _limit_text(row: "Row") -> str:
    out, limit = row.outcome, row.limit
    if limit is None:
        return "no limit in g/kg is known for this use"
    text = f"at most {limit.amount_g:.4g} g a cycle ({limit.text}) [{limit.citation.source}]"
    if not limit.interval_is_printed:
        text += "; this interval is not printed there"
    if limit.least_g is not None and out.dosing.amount_g < limit.least_g:
        text += f"; below the lowest dose printed, {limit.least_g:.3g} g"
    if not out.attained and out.needed_g is not None:
        text += f"; {out.needed_g:.0f} g would be needed"
    return text


def _conversion_line(one: "Converted") -> str:
    from ivig.faces.fit_report import regimen_words, span

    found = one.conversion
    text = (
        f"{regimen_words(found.old)} → {found.route.upper()} every {found.interval_day:g} days "
        f"({one.model_id}): {span(found.same_area_g)} g for the same area per week (factor "
        f"{span(found.same_area_factor)}), {span(found.same_trough_g)} g for the same trough (factor "
        f"{span(found.same_trough_factor)})"
    )
    if one.label_g is None or one.label_percent is None or one.label_citation is None:
        return f"{text}; no label factor is known for {one.product_id}."
    return (
        f"{text}; the label's factor {one.label_percent / 100:g} gives {one.label_g:.3g} g "
        f"({one.product_id}) [{one.label_citation.source}]."
    )


def _cited(report: "DoseReport") -> list[str]:
    limits = [row.limit.citation.source for row in report.rows if row.limit is not None]
    factors = [c.label_citation.source for c in report.conversions if c.label_citation is not None]
    return sorted({source for source in (*limits, *factors) if source is not None})
