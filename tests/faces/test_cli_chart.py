"""``ivig chart`` and ``ivig react`` as a nurse runs them."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from ivig.errors import InputError
from ivig.faces.cli import app

BASE = [
    "chart",
    "--product",
    "privigen",
    "--indication",
    "cidp",
    "--weight",
    "70",
    "--dose",
    "140g",
]


def run(*words: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(app, list(words), input=stdin)


def test_the_text_says_rates_times_volumes_and_that_it_is_no_order() -> None:
    done = run(*BASE, "--start", "09:00", "--first")
    assert done.exit_code == 0
    assert "   4  10:30  12:00        138      206.5     280.0       90     1.97" in done.output
    assert "NEVER ABOVE 138.6 mL/h" in done.output
    assert "Not mentioned counts as not" in done.output
    assert "usually takes 2–4 h" in done.output
    assert "it is no order" in " ".join(done.output.split())
    assert "REFERENCES" in done.output


@pytest.mark.parametrize("form", ["text", "card", "ehr", "csv", "json"])
def test_every_form_carries_the_notice_and_the_rates(form: str) -> None:
    done = run(*BASE, "--format", form)
    text = " ".join(done.output.split())
    assert "This document supports a decision; it is no order" in text
    assert "138" in text


def test_the_card_is_one_page() -> None:
    for product, indication, dose, more in (
        ("bivigam", "pid", "28g", []),
        ("hyqvia", "pid", "40g", ["--first"]),
    ):
        words = ["--product", product, "--indication", indication, "--weight", "70", "--dose", dose]
        card = run("chart", *words, *more, "--format", "card").output.splitlines()
        assert len(card) <= 66
        assert max(map(len, card)) <= 76


def test_the_csv_sums_to_the_dose() -> None:
    rows = list(csv.DictReader(io.StringIO(run(*BASE, "--format", "csv").output)))
    assert round(sum(float(row["step_volume_mL"]) for row in rows), 1) == 1400.0


@pytest.mark.parametrize("form", ["text", "card", "ehr", "csv"])
def test_a_stop_exits_3_and_shows_no_rate(form: str) -> None:
    done = run(*BASE[:-1], "160g", "--format", form)
    assert done.exit_code == 3
    assert "above the most printed" in " ".join(done.output.split())
    assert "RATE" not in done.output


def test_rates_that_are_not_known_exit_5() -> None:
    words = ["--product", "nanogam", "--indication", "pid", "--weight", "70", "--dose", "28g"]
    assert run("chart", *words).exit_code == 5


@pytest.mark.parametrize(
    "words",
    [
        ["--dose", "140"],
        ["--dose", "-140g"],
        ["--dose", "1e9g"],
        ["--dose", "0g"],
        ["--weight", "0"],
        ["--risk", "liver"],
        ["--risk", "renal,no-renal"],
        ["--start", "25:00"],
        ["--condition", "hyperprolinemi"],
        ["--first", "--switched-from", "octagam_10"],
        ["--last-infusion-days", "-3"],
    ],
)
def test_bad_input_is_refused(words: list[str]) -> None:
    done = run(*BASE, *words)
    assert isinstance(done.exception, InputError) or done.exit_code == 2


def test_react_reads_what_chart_wrote(tmp_path: Path) -> None:
    name = str(tmp_path / "chart.json")
    run(*BASE, "--start", "09:00", "--format", "json", "-o", name)
    mild = run("react", name, "--reaction", "headache", "--severity", "mild", "--at", "100")
    assert mild.exit_code == 0
    assert mild.output.startswith("SLOW THE INFUSION.")
    assert "Rate 138 → 84 mL/h" in mild.output
    severe = run("react", name, "--reaction", "chest pain", "--severity", "mild", "--at", "100")
    assert severe.exit_code == 3
    assert severe.output.startswith("STOP THE INFUSION NOW.")


def test_react_as_json_from_standard_input() -> None:
    chart = run(*BASE, "--format", "json").output
    words = ["--reaction", "chills", "--severity", "moderate", "--at", "95", "--format", "json"]
    report: dict[str, Any] = json.loads(run("react", "-", *words, stdin=chart).output)
    assert report["managed"]["decision"] == "pause"
    assert report["managed"]["restart"]["rate_after_mL_per_h"] == 69


@pytest.mark.parametrize("text", ["", "[]", '{"lines": 3}'])
def test_what_is_no_chart_is_refused(text: str) -> None:
    words = ["--reaction", "chills", "--severity", "mild", "--at", "5"]
    assert isinstance(run("react", "-", *words, stdin=text).exception, InputError)
