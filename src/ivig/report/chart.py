"""A chart on paper and on screen: text, a one-page card, a block for the record, CSV."""

import csv
import io
from collections.abc import Iterable, Sequence
from textwrap import wrap

from ivig.chart_report import ChartReport, Session
from ivig.cited import Citation
from ivig.finding import Finding
from ivig.pump import PumpLine
from ivig.references import Reference
from ivig.report.words import bind, clean, clock, grams, hours, kilograms, number, sentence

WIDTH = 92
CARD_WIDTH = 72
_ON_CARD = 2  # more tables do not fit one page
_ROUTES = {"iv": "intravenous", "sc": "subcutaneous", "fsc": "subcutaneous with hyaluronidase"}
_KINDS = {"stop": "STOP", "caution": "CAUTION", "unknown": "NOT KNOWN", "advice": "-", "fact": "-"}


def chart_text(report: ChartReport) -> str:
    """The whole report for a terminal, references numbered."""
    lines = [*title_lines(report)]
    lines += said([f for f in report.findings if f.kind == "stop"], label=True)
    if not report.sessions:
        lines += ["", "NO CHART. Nothing is to be infused on this output."]
        lines += [*said([f for f in report.findings if _is_why_not(f)], label=True), ""]
    for session, names in grouped(report.sessions):
        lines += ["", *session_lines(session, names), "", *cap_lines(report, session)]
    if report.sessions:
        lines += ["", *_risk_lines(report, WIDTH)]
        lines += _part("How long it takes", report.length)
    kinds = ("caution", "unknown")
    rest = [f for f in report.findings if f.kind in kinds and not _is_why_not(f)]
    lines += _part("Know before you start", rest, label=True)
    lines += _part(
        "Notes on the chart", [f for f in report.findings if f.kind in ("fact", "advice")]
    )
    lines += _part("Before", report.before)
    lines += _part("Premedication", report.premedication, conditional=True)
    lines += _part("Watch", report.watch)
    lines += reference_lines(report.sources)
    return _finish([*lines, "", *wrapped(report.notice), _provenance(report)])


def chart_card(report: ChartReport) -> str:
    """One page to hang on the pump: big, plain, nothing that is not needed while it runs."""
    bar = "=" * CARD_WIDTH
    lines = [bar, *(line for line in title_lines(report, CARD_WIDTH)), bar]
    stops = [f for f in report.findings if f.kind == "stop"]
    if stops or not report.sessions:
        lines += ["", "STOP. DO NOT INFUSE.", ""]
        for found in stops or report.findings:
            lines += wrapped(found.text, CARD_WIDTH)
        return _finish([*lines, "", *wrapped(report.notice, CARD_WIDTH)])
    shown = grouped(report.sessions)
    for session, names in shown[:_ON_CARD]:
        lines += ["", *session_lines(session, names, card=True), ""]
        lines += [f"NEVER ABOVE {cap_words(session)}."]
    for session, names in shown[_ON_CARD:]:
        words = f"{names}: {grams(session.amount_g)} = {volume(session.volume_mL)} mL"
        lines += wrapped(f"{words}, a card of its own from the full chart.", CARD_WIDTH)
    lines += _risk_lines(report, CARD_WIDTH)
    for found in report.findings:
        if found.kind == "caution":
            lines += wrapped(f"CAUTION: {found.text}{_marks(found)}", CARD_WIDTH)
    lines += [
        "",
        "Vital signs: before ........ 15 min ........ rises ........ end ........",
        "Lot numbers: ...........................................................",
        "",
        "Breathing trouble, swelling, chest pain, collapse, rash: STOP and call.",
        "Headache, chills, fever: slow or pause, then ask ('ivig react').",
        "",
        "Checked by .................. and .................. Date ..............",
        "",
        *wrapped(report.notice, CARD_WIDTH),
        _provenance(report),
    ]
    return _finish(lines)


def chart_ehr(report: ChartReport) -> str:
    """Plain lines to paste into a record: no columns, no marks that a record system drops."""
    lines = [
        "IMMUNOGLOBULIN INFUSION CHART (decision support, no order)",
        *(clean(line) for line in title_lines(report, 10_000)),
    ]
    lines += [f"{_KINDS[f.kind]}: {f.text}" for f in report.findings if f.kind == "stop"]
    if not report.sessions:
        lines.append("No chart.")
    for session, names in grouped(report.sessions):
        lines.append(f"{names}: {_session_words(session)}")
        lines += [
            f"{i}. {_when(line)}: {_rate(line)} mL/h, volume to be infused {volume(line.volume_mL)} mL, "
            f"given {volume(line.cumulative_mL)} mL"
            for i, line in enumerate(session.lines, start=1)
        ]
        because = sentence(_shortened(session.cap_because, report.at_risk))
        lines.append(f"Never above {cap_words(session)}: {because}")
    if report.sessions:
        lines += [f"Risk cap held: {reason}" for reason in short(report.at_risk)]
    lines += [
        f"{_KINDS[f.kind]}: {f.text}{_marks(f)}" for f in report.findings if f.kind == "caution"
    ]
    lines += [_reference(source) for source in report.sources if _used(report, source)]
    return _finish([*lines, report.notice, _provenance(report)])


CSV_HEAD = (
    "product", "indication", "weight_kg", "session", "amount_g", "volume_mL", "step", "start_min",
    "duration_min", "start_clock", "end_clock", "rate_mL_per_h", "rate_mL_per_kg_per_h",
    "step_volume_mL", "cumulative_mL", "cap_mL_per_h", "sites", "volume_per_site_mL",
    "rate_per_site_mL_per_h", "hyaluronidase_U", "basis", "stop", "notice",
)  # fmt: skip


def chart_csv(report: ChartReport) -> str:
    """One row per pump step; a stopped chart has one row that says so and no rate."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(CSV_HEAD)
    about = (report.product_id, report.indication_id, report.weight_kg)
    if not report.sessions:
        stop = " ".join(f.text for f in report.stops) or "no chart"
        table.writerow([*about, *[""] * (len(CSV_HEAD) - 5), stop, report.notice])
    for session in report.sessions:
        for i, line in enumerate(session.lines, start=1):
            table.writerow(
                [
                    *about, session.label, session.amount_g, session.volume_mL, i,
                    round(line.start_min, 2), round(line.duration_min, 2), line.start_clock,
                    line.end_clock, line.rate_mL_per_h, round(line.rate_mL_per_kg_per_h, 4),
                    line.volume_mL, line.cumulative_mL, _rounded(session.cap_mL_per_h),
                    session.sites, _rounded(session.volume_per_site_mL),
                    _rounded(session.rate_per_site_mL_per_h), _rounded(session.hyaluronidase_U),
                    report.basis, "", report.notice,
                ]
            )  # fmt: skip
    return out.getvalue()


def _is_why_not(finding: Finding) -> bool:
    """Why no chart could be drawn; a stop says it by itself."""
    return finding.stage == "infusion" and "no infusion chart" in finding.text


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)


def title_lines(report: ChartReport, width: int = WIDTH) -> list[str]:
    """What, for whom, how much: the first lines of every form."""
    strength = "" if report.igg_mg_per_mL is None else f" {report.igg_mg_per_mL / 10:g} %"
    named = any(f"{p} %" in report.product_name for p in ("5", "10", "5%", "10%"))
    name = (
        report.product_name
        if named or "%" in report.product_name
        else f"{report.product_name}{strength}"
    )
    age = "age not given" if report.age_year is None else _years(report.age_year)
    per_kg = number(report.dose_g_per_kg, 3)
    parts = [
        f"{name.upper()} · {_ROUTES[report.route]} · {report.indication_name}",
        f"Patient ........................   {kilograms(report.weight_kg)}, {age}",
        f"Dose {grams(report.amount_g)} ({per_kg} g/kg) in {_count(report)}. "
        f"Rates counted on {kilograms(report.rate_weight_kg)}{_lower_of(report)}.",
        f"Start: {sentence(report.start)}",
    ]
    return [line for part in parts for line in wrapped(part, width)]


def _years(age_year: float) -> str:
    return "1 year" if age_year == 1 else f"{age_year:.3g} years"


def _lower_of(report: ChartReport) -> str:
    if report.rate_weight_kg == report.weight_kg:
        return ""
    unknown = "" if report.age_year is not None else ", as of an adult while the age is not known"
    return f", the lower of actual and dosing weight{unknown}"


def _count(report: ChartReport) -> str:
    n = len(report.sessions)
    return "no session" if n == 0 else "1 session" if n == 1 else f"{n} sessions"


def grouped(sessions: Sequence[Session]) -> list[tuple[Session, str]]:
    """Sessions with the same lines are shown once, under all their names."""
    found: list[tuple[Session, list[str]]] = []
    for session in sessions:
        same = found[-1][0] if found else None
        if same is not None and same.lines == session.lines and same.amount_g == session.amount_g:
            found[-1][1].append(session.label)
        else:
            found.append((session, [session.label]))
    return [(session, _span(names)) for session, names in found]


def _span(names: Sequence[str]) -> str:
    if len(names) == 1:
        return names[0]
    word = names[0].rsplit(" ", 1)[0]
    return f"{word}s {names[0].rsplit(' ', 1)[1]}–{names[-1].rsplit(' ', 1)[1]}, each"


def session_lines(session: Session, names: str, *, card: bool = False) -> list[str]:
    """The heading of a session and its table of pump lines."""
    lines = wrapped(f"{names.upper()}: {_session_words(session)}", CARD_WIDTH if card else WIDTH)
    return [*lines, "", *line_table(session.lines, per_kg=not card)]


def _session_words(session: Session) -> str:
    words = [
        f"{grams(session.amount_g)} = {volume(session.volume_mL)} mL in {hours(session.total_min)}"
    ]
    if session.vials:
        taken = " + ".join(f"{vial.n} × {vial.g:g} g" for vial in session.vials)
        over = f" ({grams(session.unused_g)} left over)" if session.unused_g else ""
        words.append(f"open {taken}{over}")
    if session.sites is not None:
        sites = f"{session.sites} site{'s' if session.sites > 1 else ''}"
        if session.volume_per_site_mL is not None and session.rate_per_site_mL_per_h is not None:
            sites += (
                f", {number(session.volume_per_site_mL, 1)} mL in each at up to "
                f"{number(session.rate_per_site_mL_per_h, 1)} mL/h per site"
            )
        words.append(f"{sites}; the pump rate is of all sites together")
    if session.hyaluronidase_U is not None:
        words.append(f"hyaluronidase {number(session.hyaluronidase_U, 0)} U first, same needle")
    return "; ".join(words) + "."


def line_table(lines: Sequence[PumpLine], *, per_kg: bool = True) -> list[str]:
    """Pump lines as columns: from, to, rate, volume to be infused, given."""
    head = ["Step", "From", "To", "RATE mL/h", "VOLUME mL", "Given mL", "Minutes"]
    rows = [
        [
            str(i),
            line.start_clock or clock(line.start_min),
            line.end_clock or clock(line.end_min),
            "PAUSE" if line.rate_mL_per_h == 0 else _rate(line),
            "-" if line.rate_mL_per_h == 0 else volume(line.volume_mL),
            volume(line.cumulative_mL),
            number(line.duration_min, 0) if line.duration_min >= 1 else "< 1",
        ]
        for i, line in enumerate(lines, start=1)
    ]
    if per_kg:
        head.append("mL/kg/h")
        for row, line in zip(rows, lines, strict=True):
            row.append(f"{line.rate_mL_per_kg_per_h:.2f}")
    wide = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]
    return ["  ".join(c.rjust(w) for c, w in zip(row, wide, strict=True)) for row in [head, *rows]]


def _rate(line: PumpLine) -> str:
    return number(line.rate_mL_per_h, 2)


def volume(value_mL: float) -> str:
    """A volume as it is typed into a pump, nothing rounded away.

    >>> volume(280.0), volume(4.55)
    ('280.0', '4.55')
    """
    return f"{value_mL:.1f}" if round(value_mL, 1) == round(value_mL, 3) else f"{value_mL:.2f}"


def _when(line: PumpLine) -> str:
    if line.start_clock is not None:
        return f"{line.start_clock} to {line.end_clock}"
    return f"{clock(line.start_min)} to {clock(line.end_min)} from the start"


def cap_words(session: Session) -> str:
    """The rate a session never passes."""
    text = f"{number(session.cap_mL_per_h or 0, 1)} mL/h"
    per_kg = session.cap_mL_per_kg_per_h
    return text if per_kg is None else f"{text} ({number(per_kg, 2)} mL/kg/h)"


def cap_lines(report: ChartReport, session: Session, width: int = WIDTH) -> list[str]:
    """The cap of a session, why it holds, and how sure that is."""
    marks = ",".join(map(str, report.references))
    basis = "" if report.basis == "read" else f" ({report.basis})"
    because = _shortened(session.cap_because, report.at_risk)
    text = f"NEVER ABOVE {cap_words(session)}: {because}{f' [{marks}]' if marks else ''}{basis}"
    return wrapped(sentence(text), width)


def _shortened(text: str, reasons: Sequence[str]) -> str:
    joined = "; ".join(reasons)
    return text.replace(f" ({joined})", "") if joined else text


def _risk_lines(report: ChartReport, width: int) -> list[str]:
    if not report.at_risk or report.route != "iv":
        return []
    why = "; ".join(short(report.at_risk))
    unknown = any("not known" in reason or "not assessed" in reason for reason in report.at_risk)
    more = (
        " Not mentioned counts as not known, and the cap holds until it is excluded."
        if unknown
        else ""
    )
    return wrapped(f"Risk cap: {why}.{more}", width)


def short(reasons: Iterable[str]) -> list[str]:
    """Why the cap holds, without the list of everything that was not asked.

    >>> short(["renal risk not known: Sepsis; Diabetes", "thrombosis risk: as stated"])
    ['renal risk not known', 'thrombosis risk: as stated']
    """
    return [
        text.split(": ")[0] if " not known: " in text and ";" in text else text for text in reasons
    ]


def _part(
    title: str, found: Sequence[Finding], *, label: bool = False, conditional: bool = False
) -> list[str]:
    if not found:
        return []
    return ["", title.upper(), *said(found, label=label, conditional=conditional)]


def said(found: Sequence[Finding], *, label: bool = False, conditional: bool = False) -> list[str]:
    """Findings as bullets with their reference numbers.

    ``label``: each opens with its kind. ``conditional``: an unknown one says that it may not apply.
    """
    lines: list[str] = []
    for finding in found:
        words = f"{_KINDS[finding.kind]}: " if label else ""
        if conditional and finding.kind == "unknown":
            words = "If it applies (not recorded): "
        because = f" ({finding.because})" if finding.because and finding.kind == "stop" else ""
        text = f"{words}{sentence(finding.text)}{because}{_marks(finding)}"
        lines += wrap(bind(clean(text)), WIDTH, initial_indent="  - ", subsequent_indent="    ")
    return lines


def _marks(finding: Finding) -> str:
    marks = ",".join(map(str, finding.references))
    ours = any(citation.source is None for citation in finding.citations)
    return f"{f' [{marks}]' if marks else ''}{' (assumed)' if ours else ''}{_recalled(finding.citations)}"


def _recalled(citations: Sequence[Citation]) -> str:
    return " (recalled: confirm)" if "recalled" in {c.basis for c in citations} else ""


def reference_lines(sources: Sequence[Reference]) -> list[str]:
    """The numbered list, each with how we know it."""
    if not sources:
        return []
    found = ["", "REFERENCES"]
    for source in sources:
        found += wrap(
            _reference(source),
            WIDTH,
            initial_indent="  ",
            subsequent_indent="      ",
            break_on_hyphens=False,
        )
    return found


def _reference(source: Reference) -> str:
    link = source.url or (f"doi:{source.doi}" if source.doi else "")
    return f"[{source.n}] {source.citation} {link} [{source.basis}]".replace("  ", " ")


def _used(report: ChartReport, source: Reference) -> bool:
    cautions = {n for f in report.findings if f.kind in ("stop", "caution") for n in f.references}
    return source.n in cautions | set(report.references)


def wrapped(text: str, width: int = WIDTH) -> list[str]:
    """A paragraph, numbers kept with their units."""
    return wrap(bind(clean(text)), width, break_on_hyphens=False) or [""]


def _provenance(report: ChartReport) -> str:
    return f"ivig {report.ivig_version} · knowledge {report.knowledge_digest[:12]} · {report.jurisdiction}"


def _finish(lines: Iterable[str]) -> str:
    return "\n".join(line.replace("\u00a0", " ").rstrip() for line in lines) + "\n"
