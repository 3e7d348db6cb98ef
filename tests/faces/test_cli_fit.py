"""``ivig fit`` as a user types it."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from ivig.errors import FitError, InputError, OutsideModelDomain
from ivig.faces.cli_fit import fit
from ivig.knowledge import Knowledge

ROOT = Path(__file__).parents[2]
TREATED = ROOT / "examples" / "cvid-75kg-on-treatment.json"
TABLE = """ID,TIME,AMT,DV,WT,AGE,HT,FEMALE,II,ADDL,SS
1,0,30,.,70,40,175,0,28,5,1
1,28,.,8.2,70,40,175,0,.,.,.
1,56,.,8.9,70,40,175,0,.,.,.
2,0,30,.,70,40,175,0,28,5,1
2,28,.,8.2,70,40,175,0,.,.,.
2,56,.,0.89,70,40,175,0,.,.,.
"""


@pytest.fixture(autouse=True)
def _read_once(knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ivig.knowledge.load_knowledge", lambda: knowledge)


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(fit, [str(word) for word in words])


def as_json(*words: str | Path) -> Any:
    done = run(*words, "--format", "json")
    assert done.exit_code == 0, done.exception
    return json.loads(done.stdout)


def written(tmp_path: Path, **changes: object) -> Path:
    data = json.loads(TREATED.read_text()) | changes
    path = tmp_path / "patient.json"
    path.write_text(json.dumps(data))
    return path


def test_a_patient_on_treatment() -> None:
    done = run(TREATED)
    assert done.exit_code == 0
    text = done.stdout
    assert "3 levels, 6 doses, now 30 g IV every 28 days" in text
    for words in (
        "effective sample size",
        "With a prior half as strong",
        "not estimable from these data",
        "agrees with the other levels",
        "Next level: most useful on day",
        "Models averaged",
        "not the probability that the model is true",
        "differences from one occasion to the next",
        "Shrinkage is",
    ):
        assert words in text


def test_the_same_as_json() -> None:
    data = as_json(TREATED)
    assert [model["model_id"] for model in data["models"]] == [
        "navarro_mora_2022",
        "li_2022",
        "zhang_2020",
    ]
    for model in data["models"]:
        assert model["effective_draws"] >= 400
        assert model["converged"]
        names = [row["name"] for row in model["parameters"]]
        assert names[:4] == ["clearance", "central volume", "half-life", "own IgG"]
        assert len(model["levels"]) == 3
    weights = [row["weight_fraction"] for row in data["average"]["models"]]
    assert sum(weights) == pytest.approx(1.0)
    assert 6 < data["average"]["trough_g_per_L"]["median"] < 12


def test_one_model_is_not_averaged() -> None:
    data = as_json(TREATED, "--model", "li_2022")
    assert [model["model_id"] for model in data["models"]] == ["li_2022"]
    assert data["average"] is None


def test_a_tenfold_slip_is_said_with_what_the_trough_would_be_without_it(tmp_path: Path) -> None:
    levels = [
        {"date": "2026-03-09", "igg_g_per_L": 8.1},
        {"date": "2026-05-04", "igg_g_per_L": 8.6},
        {"date": "2026-06-01", "igg_g_per_L": 0.88},
    ]
    path = written(tmp_path, levels=levels)
    data = as_json(path, "--model", "navarro_mora_2022")
    checks = data["models"][0]["levels"]
    assert [check["outside"] for check in checks] == [False, False, True]
    assert checks[2]["explanations"][0]["kind"] == "wrong_unit"
    without = data["models"][0]["trough_without_outside_g_per_L"]["median"]
    assert without > data["models"][0]["trough_g_per_L"]["median"] + 1
    text = run(path, "--model", "navarro_mora_2022").stdout
    assert "! 0.88 g/L on day 0 is too low" in text
    assert "8.8 g/L was meant" in text


def test_without_levels_the_population_is_shown_and_said(tmp_path: Path) -> None:
    path = written(tmp_path, levels=[])
    text = run(path).stdout
    assert "everything below is the population" in text
    assert "no levels to weigh the models by" in text
    assert "Shrinkage" not in text
    data = as_json(path)
    assert {model["method"] for model in data["models"]} == {"prior"}
    assert all(model["levels"] == [] for model in data["models"])


def test_one_dose_is_no_regimen(tmp_path: Path) -> None:
    path = written(tmp_path, doses=[{"date": "2026-05-04", "amount_g": 30, "route": "iv"}])
    data = as_json(path)
    assert data["current"] is None
    assert data["average"]["trough_g_per_L"] is None
    assert "no regimen to predict a steady trough for" in run(path).stdout


def test_a_model_without_variability_learns_nothing(tmp_path: Path) -> None:
    data = as_json(TREATED, "--model", "landersdorfer_2013", "--model", "navarro_mora_2022")
    typical, fitted = data["models"]
    assert (typical["method"], typical["levels"]) == ("typical", [])
    assert data["average"]["left_out"] == ["landersdorfer_2013"]
    assert fitted["method"] != "typical"


def test_an_event_table_gives_one_report_for_each_id(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_text(TABLE)
    data = as_json(path, "--model", "navarro_mora_2022")
    assert [one["patient_id"] for one in data] == ["1", "2"]
    flagged = [[check["outside"] for check in one["models"][0]["levels"]] for one in data]
    assert flagged == [[False, False], [False, True]]


def test_a_changing_weight_in_a_table_is_followed(tmp_path: Path) -> None:
    path = tmp_path / "child.csv"
    path.write_text("ID,TIME,AMT,DV,WT,AGE\n1,0,10,.,20,6\n1,28,10,.,26,6\n1,56,.,7.1,26,6\n")
    text = run(path, "--model", "navarro_mora_2022").stdout
    assert "The weight goes from 20 to 26 kg: each of the 2 weights holds from its day" in text
    followed = as_json(path, "--model", "navarro_mora_2022")[0]["models"][0]
    path.write_text("ID,TIME,AMT,DV,WT,AGE\n1,0,10,.,26,6\n1,28,10,.,26,6\n1,56,.,7.1,26,6\n")
    constant = as_json(path, "--model", "navarro_mora_2022")[0]["models"][0]
    assert not any("weight goes" in note for note in constant["notes"])
    assert followed["parameters"][0]["posterior"] != constant["parameters"][0]["posterior"]


def test_albumin_in_a_table_is_said_to_change_nothing(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("ID,TIME,AMT,DV,WT,AGE,ALB\n1,0,30,.,70,40,38\n1,28,.,8,70,40,31\n")
    assert "Albumin is given, but no published model" in run(path).stdout
    path.write_text("ID,TIME,AMT,DV,WT,AGE\n1,0,30,.,70,40\n1,28,.,8,70,40\n")
    assert "Albumin" not in run(path).stdout


def test_dated_weights_and_a_loss_in_a_patient_file(tmp_path: Path) -> None:
    plain = as_json(TREATED, "--model", "navarro_mora_2022")["models"][0]
    path = written(
        tmp_path,
        weights=[
            {"date": "2026-01-05", "weight": "68 kg"},
            {"date": "2026-03-20", "weight_kg": 71},
        ],
        protein_loss=[
            {"start_date": "2026-02-01", "end_date": "2026-03-01", "CL_loss": "200 mL/day"},
            {"start_date": "2026-04-01", "CL_loss_L_per_day": 0.05},
        ],
    )
    found = as_json(path, "--model", "navarro_mora_2022")["models"][0]
    notes = " ".join(found["notes"])
    assert "The weight goes from 68 to 75 kg: each of the 3 weights" in notes
    assert "Protein was lost: 0.2 L/day from day -120 to day -92." in notes
    assert "Protein is being lost, 0.05 L/day: clearance, half-life and own IgG are those" in notes
    assert found["parameters"][0]["posterior"] != plain["parameters"][0]["posterior"]
    # the level eight days after the first loss does not show it, and stands out
    assert [check["outside"] for check in found["levels"]] == [True, False, False]


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("1,0,10,.,20\n1,0,.,.,26\n1,56,.,7.1,26\n", "row 3, WT"),
        ("1,0,10,.,20\n1,28,10,.,2600\n1,56,.,7.1,26\n", "row 3, WT"),
        ("1,0,10,.,.\n1,56,.,7.1,.\n", "a weight in kg for ID 1"),
    ],
)
def test_bad_weights_in_a_table_are_named(table: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_text("ID,TIME,AMT,DV,WT\n" + table)
    done = run(path)
    assert isinstance(done.exception, InputError)
    assert words in str(done.exception)


def test_the_report_goes_whole_into_a_file(tmp_path: Path) -> None:
    done = run(TREATED, "--model", "li_2022", "-o", tmp_path / "fit.txt")
    assert done.exit_code == 0
    assert done.stdout == ""
    assert "li_2022" in (tmp_path / "fit.txt").read_text()
    assert [path.name for path in tmp_path.iterdir()] == ["fit.txt"]
    lost = run(TREATED, "-o", tmp_path / "no" / "fit.txt")
    assert isinstance(lost.exception, InputError)


def test_an_unknown_model_is_refused_with_those_known() -> None:
    done = run(TREATED, "--model", "navaro_2022")
    assert isinstance(done.exception, InputError)
    assert "navarro_mora_2022" in str(done.exception)


def test_a_patient_no_model_covers(tmp_path: Path) -> None:
    path = written(tmp_path, weight_kg=2, height_cm=45, age_year=0.02)
    done = run(path)
    assert isinstance(done.exception, OutsideModelDomain)
    assert "no model covers this patient" in str(done.exception)
    one = run(path, "--model", "zhang_2020")
    assert isinstance(one.exception, OutsideModelDomain)


def test_levels_that_cannot_be_fitted_name_the_worst(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*words: object, **named: object) -> None:
        raise FitError("the effective sample size stays at 12, below 400")

    monkeypatch.setattr("ivig.faces.fit_report.individualise", fails)
    levels = [{"time_day": -28, "igg_g_per_L": 8.6}, {"time_day": 0, "igg_g_per_L": 88}]
    done = run(written(tmp_path, levels=levels), "--model", "zhang_2020")
    assert isinstance(done.exception, FitError)
    assert "zhang_2020: the effective sample size stays at 12" in str(done.exception)
    assert "88 g/L on day 0 is too high for the population and the doses" in str(done.exception)
    assert "8.8 g/L was meant" in str(done.exception)


def test_a_negative_level_is_refused(tmp_path: Path) -> None:
    done = run(written(tmp_path, levels=[{"time_day": 0, "igg_g_per_L": -1}]))
    assert isinstance(done.exception, InputError)
