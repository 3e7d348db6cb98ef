"""``ivig around`` and ``ivig assess`` as commands: formats, exit codes, the notice."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ivig.errors import InputError
from ivig.faces.cli_around import around, assess

CIDP, ITP, ALZHEIMER = (f"examples/{n}.yaml" for n in ("cidp-80kg", "itp-12", "alzheimer"))
NOTICE = "it is no order"


def run(command: object, *words: str) -> Result:
    return CliRunner().invoke(command, list(words))  # type: ignore[arg-type]


@pytest.mark.parametrize("format_", ["text", "json", "md", "html", "ics"])
def test_around_in_every_format(format_: str) -> None:
    done = run(around, CIDP, "--start", "2026-03-02", "--format", format_)
    assert done.exit_code == 0, done.output
    flat = " ".join(done.output.replace("\r\n ", "").split())
    assert NOTICE in flat.replace("\\;", ";").replace("\\,", ",")


def test_what_is_missing_stands_first() -> None:
    text = run(around, CIDP).output
    assert text.index("MISSING") < text.index("Done")
    assert "5 missing of 16." in text
    assert "Days from the first infusion (day 0)." in text


def test_a_recalled_source_is_marked() -> None:
    assert "†" in run(around, CIDP).output


def test_an_ongoing_treatment_shows_no_date_for_vaccines() -> None:
    text = run(around, CIDP, "--start", "2026-03-02").output
    part = " ".join(text[text.index("LIVE VACCINES") : text.index("LABORATORY TESTS")].split())
    assert "not during treatment" in part
    assert "2027" not in part


def test_a_course_that_ends_shows_the_date() -> None:
    part = run(around, ITP, "--start", "2026-03-02").output
    assert "2027-01-02" in part[part.index("LIVE VACCINES") :]


def test_around_a_stop() -> None:
    done = run(around, ALZHEIMER)
    assert done.exit_code == 3
    assert "CALENDAR" not in done.output


def test_ics_needs_a_date() -> None:
    error = run(around, CIDP, "--format", "ics").exception
    assert isinstance(error, InputError)
    assert "--start" in str(error)


def test_the_file_of_a_calendar_keeps_its_line_ends(tmp_path: Path) -> None:
    file = tmp_path / "dates.ics"
    run(around, ITP, "--start", "2026-03-02", "--format", "ics", "-o", str(file))
    assert file.read_bytes().startswith(b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")


@pytest.mark.parametrize(
    ("patient", "place", "code"),
    [
        (CIDP, "us", 0),
        (CIDP, "uk", 0),
        (ALZHEIMER, "uk", 3),
        ("examples/low-igg-alone.yaml", "uk", 3),
        ("examples/iga-anti-iga-reaction.yaml", "us", 3),
        ("examples/kawasaki-3y.yaml", "ca", 5),
        ("examples/kawasaki-3y.yaml", "au", 0),
    ],
)
def test_exit_codes_of_assess(patient: str, place: str, code: int) -> None:
    assert run(assess, patient, "--jurisdiction", place).exit_code == code


@pytest.mark.parametrize("format_", ["text", "json", "md", "html"])
def test_assess_in_every_format(format_: str) -> None:
    done = run(assess, CIDP, "--jurisdiction", "uk", "--format", format_)
    assert done.exit_code == 0, done.output
    assert NOTICE in " ".join(done.output.split())


def test_nothing_held_is_said() -> None:
    text = run(assess, "examples/kawasaki-3y.yaml", "--jurisdiction", "ca").output
    flat = " ".join(text.split())
    assert "for this indication; ask the authority named below" in flat


def test_the_headline_is_the_more_cautious_verdict() -> None:
    assert run(assess, CIDP, "--jurisdiction", "uk").output.startswith("UNDECIDED: ENGLAND")
    assert run(assess, CIDP, "--jurisdiction", "au").output.startswith("INDICATED")


def test_what_is_missing_says_where_to_get_it() -> None:
    text = run(assess, CIDP, "--jurisdiction", "uk").output
    assert "findings.outcome_measures_recorded: the number of objective measures" in text


def test_json_of_assess() -> None:
    data = json.loads(run(assess, CIDP, "--jurisdiction", "au", "--format", "json").output)
    assert data["verdict"] == "indicated"
    assert data["access"]["decision"] == "met"
    used = [value["text"] for one in data["access"]["criteria"] for value in one["used"]]
    assert "INCAT disability: 4" in used
