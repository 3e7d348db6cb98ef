"""``ivig dose`` as a user types it."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from ivig.errors import InputError, OutsideModelDomain
from ivig.faces.cli_dose import dose
from ivig.knowledge import Knowledge

EXAMPLES = Path(__file__).parents[2] / "examples"
TREATED = EXAMPLES / "cvid-75kg-on-treatment.json"
NEW = EXAMPLES / "cvid-62f.yaml"


@pytest.fixture(autouse=True)
def _read_once(knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ivig.knowledge.load_knowledge", lambda: knowledge)


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(dose, [str(word) for word in words])


def as_json(*words: str | Path) -> Any:
    done = run(*words, "--format", "json")
    assert done.exit_code == 0, done.exception
    return json.loads(done.stdout)


def test_a_ranked_table() -> None:
    done = run(TREATED, "--trough", "8")
    assert done.exit_code == 0, done.exception
    for words in (
        "is attainable within the limits",
        "Now\n",
        "30 g IV every 28 days",
        "peak/trough",
        "days below/year",
        "infusions/year",
        "facilitated SC every",
        "[privigen_label] Privigen",
        "the label's factor 1 gives 30 g (hyqvia)",
        "A month is 30.4375 days",
    ):
        assert words in done.stdout


def test_the_same_as_json() -> None:
    data = as_json(TREATED, "--trough", "8", "--probability", "0.9")
    assert data["attainable"] is True
    rows = [row["outcome"] for row in data["rows"]]
    good = [row for row in rows if row["attained"]]
    assert rows[: len(good)] == good
    assert [row["grams_per_month"] for row in good] == sorted(
        row["grams_per_month"] for row in good
    )
    assert all(row["reached_fraction"] >= 0.9 for row in good)
    assert {row["dosing"]["route"] for row in rows} == {"iv", "sc", "fsc"}
    assert all(row["dosing"]["amount_g"] <= row["limit_g"] for row in rows)
    assert data["current"]["product_id"] == "privigen"
    factors = {one["conversion"]["route"]: one for one in data["conversions"]}
    assert factors["sc"]["conversion"]["same_area_factor"]["median"] == pytest.approx(1 / 0.705)
    assert factors["fsc"]["label_percent"] == 100


def test_not_attainable_is_said_plainly_with_the_most_likely_regimen() -> None:
    words = (NEW, "--trough", "16", "--route", "sc")
    data = as_json(*words)
    assert data["attainable"] is False
    best = data["rows"][0]["outcome"]
    assert best["reached_fraction"] == max(
        row["outcome"]["reached_fraction"] for row in data["rows"]
    )
    done = run(*words)
    assert done.exit_code == 0
    assert "not attainable within label limits" in done.stdout
    assert f"reaches it with {100 * best['reached_fraction']:.0f} %" in done.stdout
    assert "g would be needed" in done.stdout


def test_own_igg_that_is_enough_offers_no_dose() -> None:
    data = as_json(NEW, "--trough", "3")
    assert (data["attainable"], data["rows"]) == (True, [])
    assert "Own IgG alone" in data["verdict"]


def test_the_interval_and_product_asked_for() -> None:
    data = as_json(TREATED, "--trough", "8", "--product", "privigen", "--interval", "14")
    (row,) = data["rows"]
    assert row["product_id"] == "privigen"
    assert row["outcome"]["dosing"]["interval_day"] == 14
    assert row["limit"]["interval_is_printed"] is False
    # 0.8 g/kg every 21 days is the most printed: two thirds of it every 14
    assert row["outcome"]["limit_g"] == pytest.approx(0.8 * 75 * 14 / 21)


def test_without_levels_it_is_said() -> None:
    text = run(EXAMPLES / "cidp-80kg.yaml", "--trough", "12", "--route", "iv").stdout
    assert "No levels are given" in text
    assert "no trough is an established target" in text


@pytest.mark.parametrize("name", ["iga-anti-iga-reaction.yaml", "alzheimer.yaml"])
def test_a_stop_offers_no_dose_and_is_exit_3(name: str) -> None:
    done = run(EXAMPLES / name, "--trough", "8")
    assert done.exit_code == 3
    assert "STOP" in done.stdout
    assert "every" not in done.stdout


def test_a_product_the_patient_must_not_have() -> None:
    done = run(EXAMPLES / "hyperprolinaemia.yaml", "--trough", "8", "--product", "privigen")
    assert done.exit_code == 3
    assert "proline" in done.stdout
    data = as_json(EXAMPLES / "hyperprolinaemia.yaml", "--trough", "8")
    assert not {row["product_id"] for row in data["rows"]} & {"privigen", "hizentra"}


def test_a_level_in_doubt_is_said(tmp_path: Path) -> None:
    data = json.loads(TREATED.read_text())
    data["levels"][2] = {"date": "2026-06-01", "igg_g_per_L": 0.88}
    path = tmp_path / "patient.json"
    path.write_text(json.dumps(data))
    assert "A level is in doubt: 0.88 g/L" in run(path, "--trough", "8").stdout


@pytest.mark.parametrize(
    "words",
    [
        ("--trough", "-1"),
        ("--trough", "0"),
        ("--trough", "nan"),
        ("--trough", "800"),
        ("--trough", "8", "--probability", "1"),
        ("--trough", "8", "--probability", "-0.2"),
        ("--trough", "8", "--interval", "0"),
        ("--trough", "8", "--model", "nobody_2020"),
        ("--trough", "8", "--product", "privigin"),
        ("--trough", "8", "--product", "hizentra", "--route", "iv"),
        ("--trough", "8", "--jurisdiction", "mars"),
    ],
)
def test_bad_input_is_refused(words: tuple[str, ...]) -> None:
    assert isinstance(run(NEW, *words).exception, InputError)


def test_a_short_course_has_no_trough_to_keep() -> None:
    done = run(EXAMPLES / "gbs.yaml", "--trough", "8")
    assert isinstance(done.exception, OutsideModelDomain)
    assert "short course" in str(done.exception)


def test_a_model_that_gives_no_probability_covers_nothing() -> None:
    done = run(NEW, "--trough", "8", "--model", "landersdorfer_2013")
    assert isinstance(done.exception, OutsideModelDomain)
    assert "publishes no variability" in str(done.exception)


def test_a_file_is_written_whole(tmp_path: Path) -> None:
    done = run(TREATED, "--trough", "8", "--format", "json", "-o", tmp_path / "dose.json")
    assert done.exit_code == 0
    assert json.loads((tmp_path / "dose.json").read_text())["attainable"] is True
    assert [path.name for path in tmp_path.iterdir()] == ["dose.json"]
