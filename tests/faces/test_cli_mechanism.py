"""``ivig mechanism`` as a command: formats, tags, hypotheses off, one line for an error."""

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner, Result

from ivig.errors import InputError
from ivig.faces.cli_mechanism import mechanism

ITP = ("--dose", "2 g/kg over 5 days", "--disease", "itp")


def run(*words: str) -> Result:
    return CliRunner().invoke(mechanism, list(words))


def test_text_names_tags_shares_and_conflicts() -> None:
    text = run(*ITP).output
    for words in ("identified", "calibrated", "Fcγ-receptor blockade", "share unknown", "Known"):
        assert words.casefold() in text.casefold()
    assert "C-reactive" not in text


def test_json_holds_every_curve_with_a_band_around_it() -> None:
    data = json.loads(run(*ITP, "--format", "json", "--baseline-igg", "9").output)
    assert [curve["name"] for curve in data["curves"]] == [
        "igg",
        "autoantibody",
        "free_receptor",
        "platelets",
    ]
    for curve in data["curves"]:
        assert curve["tag"] in ("identified", "calibrated", "hypothesis")
        rows = zip(curve["low"], curve["median"], curve["high"], strict=True)
        assert all(low <= middle <= high for low, middle, high in rows)
    assert data["curves"][0]["median"][0] == 9.0
    assert data["conflicts"]
    assert data["references"]


def test_hypotheses_only_when_asked_for_and_labelled() -> None:
    kawasaki = ("--dose", "2 g/kg once", "--disease", "kawasaki", "--format", "json")
    plain, asked = (json.loads(run(*kawasaki, *more).output) for more in ((), ("--hypotheses",)))
    names = {curve["name"] for curve in asked["curves"]} - {c["name"] for c in plain["curves"]}
    assert names == {"il6", "crp", "treg", "lymphocyte"}
    assert {c["tag"] for c in asked["curves"] if c["name"] in names} == {"hypothesis"}


def test_a_titre_says_how_long_it_protects() -> None:
    text = run(
        "--dose", "0.4 g/kg q4w", "--disease", "pid", "--baseline-igg", "4", "--antibody", "measles"
    ).output  # fmt: skip
    assert "above the protective" in text


def test_after_a_course_the_window_of_serology_and_of_protection_end() -> None:
    for name in ("measles", "tetanus", "hbv", "pneumococcus=20@100"):
        words = (*ITP, "--antibody", name, "--donors", "1000")
        text = " ".join(run(*words).output.split())
        assert "own not counted" in text
        assert "a test may find the donors' antibody until day" in text
        assert "pools of 1,000 donors" in text
        assert ("Never vaccinate by this window" in text) == (name == "measles")


def test_the_autoantibody_curve_is_a_hypothesis_and_says_what_speaks_against_it() -> None:
    for disease in ("itp", "gbs", "lems", "dermatomyositis", "cidp"):
        words = ("--dose", "2 g/kg over 5 days", "--disease", disease, "--format", "json")
        data = json.loads(run(*words).output)
        tags = {curve["name"]: curve["tag"] for curve in data["curves"]}
        assert tags["autoantibody"] == "hypothesis"
        assert any(
            "autoantibody curve is contradicted" in one["value"] for one in data["conflicts"]
        )


def test_subclasses_and_a_blocker() -> None:
    words = (*ITP, "--subclasses", "--format", "json")
    free, blocked = (
        {c["name"]: c for c in json.loads(run(*words, *more).output)["curves"]}
        for more in ((), ("--blocker", "efgartigimod", "--blocker-dose", "10 mg/kg weekly x 4"))
    )
    assert {"igg1", "igg2", "igg3", "igg4"} <= set(free)
    for name in ("igg", "igg1", "igg3", "autoantibody"):
        assert blocked[name]["median"][-1] < free[name]["median"][-1]
    assert free["igg3"]["tag"] == "hypothesis"
    assert free["igg"]["tag"] == "identified"
    assert {curve["tag"] for curve in blocked.values()} == {"hypothesis"}


def test_the_rise_two_weeks_after_the_first_dose_is_told() -> None:
    assert "2 weeks after the first dose" in " ".join(run(*ITP).output.split())


def test_half_lives_against_the_level() -> None:
    data = json.loads(run("half-life", "--igg", "11.4", "--igg", "30", "--format", "json").output)
    assert [round(row["igg_day"], 1) for row in data["rows"]] == [24.4, 12.4]
    assert "IgG3" in run("half-life").output


def test_html_is_one_page_with_a_drawing_for_each_curve() -> None:
    page = run(*ITP, "--format", "html").output
    assert page.count("<svg") == 4
    assert "10⁹/L" in page


@pytest.mark.parametrize(
    ("words", "field"),
    [
        (("--dose", "2 g/kg over 5 days", "--disease", "measles"), "disease"),
        (("--dose", "a lot", "--disease", "itp"), "regimen"),
        ((*ITP, "--blocker", "efgartigimod"), "blocker"),
        ((*ITP, "--blocker-dose", "10 mg/kg once"), "blocker_dose"),
        ((*ITP, "--antibody", "hbs", "--lots", "-3"), "lots"),
        ((*ITP, "--lots", "5"), "lots"),
        ((*ITP, "--antibody", "rabies"), "antibody"),
        ((*ITP, "--antibody", "measles=-1"), "antibody"),
        ((*ITP, "--antibody", "hbs", "--donors", "5"), "donors"),
        ((*ITP, "--donors", "5000"), "donors"),
        (("half-life", "--igg", "-3"), "igg"),
        (("half-life", "--blocker", "x"), "blocker"),
        ((*ITP, "--weight", "0"), "weight"),
        ((*ITP, "--height", "7"), "height"),
        ((*ITP, "--baseline-igg", "-1"), "baseline IgG"),
        ((*ITP, "--days", "0"), "days"),
        (("--disease", "itp"), "dose"),
        (("cells", "--cell", "eel"), "cell"),
    ],
)
def test_bad_input_is_one_clear_error(words: tuple[str, ...], field: str) -> None:
    error = run(*words).exception
    assert isinstance(error, InputError), error
    assert error.field == field


def test_an_error_is_one_line_and_exit_code_2() -> None:
    words = ["mechanism", "--dose", "x", "--disease", "itp"]
    code = "import sys; from ivig.faces.cli import main; sys.argv[0] = 'ivig'; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, *words], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1


def test_cells_are_looked_up() -> None:
    found = run("cells", "--cell", "macrophage", "--state", "m2", "--dose", "high")
    assert "pro-inflammatory" in found.output
    assert "in vitro" in found.output
    data = json.loads(run("cells", "--cell", "treg", "--format", "json").output)
    assert [one["sign"] for one in data] == ["none", "anti-inflammatory"]
