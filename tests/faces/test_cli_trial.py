"""``ivig trial`` as it is typed."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from ivig.errors import InputError
from ivig.faces.cli_trial import trial

EXAMPLES = Path(__file__).parents[2] / "examples" / "trials"


def run(*words: str) -> str:
    done = CliRunner().invoke(trial, words, catch_exceptions=False)
    assert done.exit_code == 0
    return done.output


def test_a_published_trial_in_words() -> None:
    text = run("path", "--replicates", "400")
    assert "2 of 2 arms that did not calibrate lie inside." in text
    assert "published -30.4" in text
    assert "Lancet Neurol 2018;17:35-46" in text


def test_a_trial_all_of_whose_arms_calibrate_says_so() -> None:
    assert "is no test of the model" in run("ICE", "--replicates", "200")


def test_a_miss_is_said_with_its_reason() -> None:
    text = run("itp", "--replicates", "400")
    assert "OUTSIDE" in text
    assert "newly diagnosed respond later" in text


def test_json_is_the_same_for_any_number_of_threads() -> None:
    words = ("proderm", "--replicates", "300", "--format", "json")
    assert run(*words, "--threads", "1") == run(*words, "--threads", "2")
    assert json.loads(run(*words))["id"] == "proderm"


@pytest.mark.parametrize("name", ["cidp", "pid-trough"])
def test_the_examples_run(name: str) -> None:
    text = run("--spec", str(EXAMPLES / f"{name}.yaml"), "--replicates", "100")
    assert "Assurance by size" in text


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "a NAME or --spec"),
        (("pathh",), r"path \(nearest\)"),
        (("path", "--replicates", "5"), "100 to"),
        (("path", "--threads", "0"), "1 or more"),
        (("path", "--seed", "-3"), "0 or more"),
        (("--spec", "nowhere.yaml"), "that can be read"),
    ],
)
def test_what_cannot_be_used_is_one_message(words: tuple[str, ...], message: str) -> None:
    with pytest.raises(InputError, match=message):
        CliRunner().invoke(trial, words, catch_exceptions=False)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("drop_out_percent: 10", "drop_outs: 10", "drop_outs"),
        ("n_total: [40, 60, 80, 120, 160, 200]", "n_total: [1]", "4 to 20,000"),
        ("odds_ratio: 4.54", "odds_ratio: four", "odds_ratio"),
        ("kind: share", "kind: shares", "share"),
        ("replicates: 1000", "replicates: 3", "100 to"),
        ("name: Confirming", "name: [Confirming", "strict YAML"),
    ],
)
def test_a_design_with_a_fault_is_refused(tmp_path: Path, old: str, new: str, message: str) -> None:
    text = (EXAMPLES / "cidp.yaml").read_text("utf-8")
    assert old in text
    spec = tmp_path / "spec.yaml"
    spec.write_text(text.replace(old, new), "utf-8")
    with pytest.raises(InputError, match=message):
        CliRunner().invoke(trial, ("--spec", str(spec)), catch_exceptions=False)
