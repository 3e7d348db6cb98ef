"""The document as a whole: what it must say, in every format."""

import json
import re
from dataclasses import fields, is_dataclass, replace

import pytest
from tests.report.plans import (
    ALL,
    COURSE,
    NOT_INDICATED,
    PRODUCT_STOP,
    REPLACEMENT,
    STOP,
    SUBCUTANEOUS,
    finished,
)

from ivig.codec import decode
from ivig.errors import InputError
from ivig.plan import Plan
from ivig.report import render
from ivig.report.document import outline
from ivig.report.outline import Line, lines_of
from ivig.report.text import plain

plans = pytest.mark.parametrize("plan", ALL.values(), ids=ALL.keys())


def one_line(text: str) -> str:
    return " ".join(text.split())


def section(text: str, title: str) -> str:
    """The text of one section, from its heading to the next."""
    found = re.search(
        rf"^\d+  {re.escape(title.upper())}\n─+\n(.*?)(?=^\d+  [A-Z ]+\n─|\Z)", text, re.S | re.M
    )
    assert found is not None, title
    return found.group(1)


def test_every_number_that_matters_is_in_the_text() -> None:
    text = one_line(render(REPLACEMENT, "text"))
    for words in (
        *("62-year-old woman", "68 kg", "163 cm", "35 g, every 4 weeks, intravenous", "0.51 g/kg"),
        *("1 × 20 g + 3 × 5 g", "+2.9 %", "350 mL in 2 h 40 min", "from 20 mL/h to 157 mL/h"),
        *("326.4 mL/h (4.8 mL/kg/h)", "7.9 g/L (790 mg/dL)", "5.9–11.2 g/L", "18.7 g/L"),
        *("15.1–22.3 g/L", "34 days", "26–44 days", "112 days", "7.0 g/L (700 mg/dL)", "73 %"),
        *("6.8 g/L and 8.8 g/L", "0.042", "0.021–0.075", "12 g", "48 g", "1.37", "9.3 g/L"),
        *("55.1 kg", "27.6 g", "365 days", "0.4–0.6 g/kg", "knowledge 0123456789ab"),
    ):
        assert words in text


def test_the_chart_has_every_step_of_the_pump() -> None:
    chart = section(render(REPLACEMENT, "text"), "Infusion")
    rows = [line.split() for line in chart.splitlines() if re.match(r"\s*\d+ +\d+:\d\d ", line)]
    assert rows == [
        ["1", "0:00", "20", "0.29", "30", "10"],
        ["2", "0:30", "157", "2.31", "130", "350"],
    ]


def test_a_course_says_how_its_days_differ() -> None:
    text = one_line(render(COURSE, "text"))
    assert "160 g over 5 days (30–40 g a day), single course, intravenous" in text
    assert "on day 1 of 5" in text
    assert "5 40 g 400 mL 2 h 59 min 149" in text
    assert "5 4 × 10 g 40 g 400 mL" in text
    assert "80 g, every 3 weeks" in text


def test_a_subcutaneous_plan_says_sites_and_hyaluronidase() -> None:
    text = one_line(render(SUBCUTANEOUS, "text"))
    assert "4 sites, 15 mL in each" in text
    assert "900 U before the immunoglobulin" in text
    assert "Pump at 60 mL/h" in text


def test_a_stop_comes_first_and_no_dose_follows() -> None:
    text = render(STOP, "text")
    assert text.startswith("STOP · Immunoglobulin plan: cvid-62f\n")
    assert text.index("contraindicated: anaphylaxis") < text.index("AT A GLANCE")
    for absent in ("Infusion chart", "Pump", "DOSE", "every 4 weeks"):
        assert absent not in text


def test_a_product_stop_shows_no_chart() -> None:
    text = render(PRODUCT_STOP, "text")
    assert text.startswith("STOP · ")
    assert "Infusion chart" not in text
    assert "No product or chart is offered." in text


def test_not_indicated_says_why_and_offers_nothing() -> None:
    text = render(NOT_INDICATED, "text")
    assert text.startswith("NOT INDICATED · ")
    assert "two trials found no benefit. [3]" in text
    assert "No dose is offered." in text
    assert "Infusion chart" not in text


@plans
def test_text_is_plain_and_at_most_100_columns(plan: Plan) -> None:
    text = render(plan, "text")
    assert max(len(line) for line in text.splitlines()) <= 100
    assert "\x1b" not in text
    assert text.endswith("\n")
    assert not any(line != line.rstrip() for line in text.splitlines())


@plans
def test_marks_and_the_list_of_references_agree(plan: Plan) -> None:
    body, listed = re.split(r"REFERENCES\n", render(plan, "text"), maxsplit=1)
    marks = re.findall(r"\[(\d+†?(?:,\d+†?)*)\]", body)
    used = {int(n.rstrip("†")) for mark in marks for n in mark.split(",")}
    assert used == {int(n) for n in re.findall(r"^(\d+)\.", listed, re.M)}
    assert used == {reference.n for reference in plan.references}


@plans
def test_a_mark_is_recalled_exactly_where_the_citation_is(plan: Plan) -> None:
    numbers = {reference.id: reference.n for reference in plan.references}
    recalled = {numbers[c.source] for c in citations_of(plan) if c.basis == "recalled"}
    shown = set(re.findall(r"(\d+)†[\],]", render(plan, "text")))
    assert shown == {str(n) for n in recalled}


def citations_of(value: object) -> list:
    if is_dataclass(value) and not isinstance(value, type):
        own = list(getattr(value, "citations", ()))
        return own + [c for f in fields(value) for c in citations_of(getattr(value, f.name))]
    if isinstance(value, tuple):
        return [c for item in value for c in citations_of(item)]
    return []


@plans
def test_markdown_says_the_same_sentences_as_text(plan: Plan) -> None:
    text = one_line(render(plan, "text"))
    markdown = one_line(re.sub(r"\\(?=[^A-Za-z0-9\s])|\*\*", "", render(plan, "md")))
    said = [line for block in outline(plan).blocks for line in brief_lines(block)]
    assert len(said) > 10
    for line in said:
        for part in line.parts:
            assert part.text in markdown
            assert line_in_text(part.text, text), part.text


def brief_lines(block: object) -> tuple[Line, ...]:
    """The lines of a block, of a long table only the rows that text shows."""
    brief = getattr(block, "brief", None)
    if brief is None:
        return lines_of(block)  # type: ignore[arg-type]
    cells = tuple(cell for row in block.rows[:brief] for cell in row)  # type: ignore[attr-defined]
    return (*cells, *block.rest)  # type: ignore[attr-defined]


def line_in_text(part: str, text: str) -> bool:
    """Whether the words stand in the text in order; a table cell may be folded among others."""
    return part in text or all(word in text for word in part.split())


def test_without_a_forecast_the_summary_says_so() -> None:
    text = render(replace(REPLACEMENT, kinetics=None), "text")
    assert "Total IgG  Not predicted: see the open questions." in text
    assert "EXPECTED IGG CURVE" not in text


def test_a_diagnosis_is_named_once() -> None:
    named = replace(REPLACEMENT.patient, diagnosis="common variable immunodeficiency")
    text = render(replace(REPLACEMENT, patient=named), "text")
    assert "163 cm · Common variable immunodeficiency\n" in text


@pytest.mark.parametrize(
    ("age_year", "sex", "words"),
    [
        (0.5, "male", "6-month-old boy"),
        (6.0, "female", "6-year-old girl"),
        (40.9, None, "40-year-old, sex not given"),
        (None, None, "sex not given, age not given"),
    ],
)
def test_the_patient_in_words(age_year: float | None, sex: str | None, words: str) -> None:
    patient = replace(REPLACEMENT.patient, age_year=age_year, sex=sex)  # type: ignore[arg-type]
    assert words in render(replace(REPLACEMENT, patient=patient), "text").splitlines()[2]


def test_unknown_assumed_and_recalled_are_listed_again() -> None:
    last = section(render(REPLACEMENT, "text"), "What is not known and what was assumed")
    assert "Patient: Not given, and so unknown: blood group." in last
    assert "Indication: Impaired vaccine response: unknown" in last
    assert "Round to vials." in last
    assert "Thrombosis risk: age over 60 years." in last
    assert "Within minutes." in last
    assert "Slow the rate." in last


def test_an_assumption_says_so_beside_the_sentence() -> None:
    text = one_line(render(REPLACEMENT, "text"))
    assert "Round to vials. (assumed)" in text
    assert "Thrombosis risk: age over 60 years. [4] (assumed)" in text


def test_a_long_ranking_is_cut_in_text_and_whole_in_html() -> None:
    text, html = render(REPLACEMENT, "text"), render(REPLACEMENT, "html")
    assert "Further down the order:\n  - Brand 8: caution; label does not name cvid. [" in text
    assert "Octagam 5 %: contains sorbitol: hereditary fructose intolerance." in text
    assert html.count("label does not name cvid") == 9


def test_serious_reactions_are_steps_in_order_with_a_stop_rule() -> None:
    text = section(render(REPLACEMENT, "text"), "If the patient reacts")
    assert text.index("1. Stop the infusion.") < text.index("2. Give epinephrine.")
    assert "Stop rule: Do not restart." in text
    assert "Silent" not in text


def test_json_is_the_plan_and_comes_back_unchanged() -> None:
    text = render(REPLACEMENT, "json")
    assert text.endswith("}\n")
    assert decode(json.loads(text), Plan) == REPLACEMENT
    assert list(json.loads(text))[:3] == ["notice", "ivig_version", "knowledge_digest"]


def test_json_of_a_lone_surrogate_is_valid_utf_8() -> None:
    plan = replace(REPLACEMENT, patient=replace(REPLACEMENT.patient, id="a\ud800"))
    text = render(plan, "json")
    assert json.loads(text.encode("utf-8"))["patient"]["id"] == "a\ud800"
    assert "cvid" in render(plan, "text").encode("utf-8").decode()


def test_json_refuses_what_json_cannot_say() -> None:
    kinetics = replace(REPLACEMENT.kinetics, target_g_per_L=float("nan"))  # type: ignore[type-var]
    with pytest.raises(ValueError, match="JSON"):
        render(replace(REPLACEMENT, kinetics=kinetics), "json")


def test_another_format_is_refused() -> None:
    with pytest.raises(InputError, match="text, md, html, json"):
        render(REPLACEMENT, "pdf")  # type: ignore[arg-type]


@plans
def test_the_same_plan_gives_the_same_document(plan: Plan) -> None:
    for form in ("text", "md", "html", "json"):
        assert render(plan, form) == render(finished(plan), form)  # type: ignore[arg-type]


def test_a_label_and_its_marks_are_one_line() -> None:
    first = next(b for b in outline(NOT_INDICATED).blocks if lines_of(b))
    assert plain(lines_of(first)[0]).endswith("no benefit.\u00a0[3]")


def test_a_dose_under_an_open_verdict_says_it_holds_only_if_indicated() -> None:
    words = "What follows holds only if it is indicated."
    undecided = replace(REPLACEMENT.indication, verdict="unknown")
    assert words in one_line(render(replace(REPLACEMENT, indication=undecided), "text"))
    assert words not in one_line(render(REPLACEMENT, "text"))
