"""``ivig simulate``: the same for any number of threads, whole files, plain refusals."""

import csv
import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from ivig.errors import InputError, OutsideModelDomain
from ivig.faces import progress, simulate_files
from ivig.faces.cli_simulate import simulate

LUO = ("--model", "luo_2020", "--regimen", "0.4 g/kg iv q3w")
FEW = (*LUO, "--n", "2500", "--days", "30")


def run(*args: str) -> Result:
    return CliRunner().invoke(simulate, args)


def good(*args: str) -> str:
    result = run(*args)
    assert result.exit_code == 0, result.output
    return result.stdout


def refusal(*args: str) -> str:
    result = run(*args)
    assert isinstance(result.exception, InputError | OutsideModelDomain), result.output
    return str(result.exception)


def test_the_json_has_what_was_asked() -> None:
    found = json.loads(good(*FEW, "--format", "json", "--target", "5", "--target", "7"))
    assert (found["model_id"], found["regimen"]) == ("luo_2020", "0.4 g/kg iv q3w")
    assert (found["n"], found["seed"]) == (2500, 1)
    for name in ("trough_g_per_L", "peak_g_per_L", "auc_tau_g_day_per_L", "half_life_day"):
        assert list(found[name]) == ["mean", "sd", "q05", "q25", "q50", "q75", "q95"]
        assert found[name]["q05"] < found[name]["q50"] < found[name]["q95"]
    assert found["trough_g_per_L"]["q50"] < found["peak_g_per_L"]["q50"]
    below = found["probability_trough_below"]
    assert 0 < below["5"] < below["7"] < 1
    assert set(found["curve"]) == {"time_day", "q05", "q50", "q95"}
    assert found["curve"]["time_day"] == list(range(31))


@pytest.mark.parametrize("threads", ["2", "7"])
def test_the_number_of_threads_changes_nothing(threads: str) -> None:
    args = (*LUO, "--n", "9000", "--days", "30", "--format", "json")
    assert good(*args, "--threads", threads) == good(*args, "--threads", "1")


def test_threads_govern_compiled_code_and_the_bytes_stay_the_same() -> None:
    args = (*LUO, "--n", "9000", "--days", "30", "--format", "json", "--threads")
    found = {
        threads: subprocess.run(
            [sys.executable, "-c", COUNTED, *args, threads], capture_output=True, check=True
        )
        for threads in ("1", "2")
    }
    cores = min(2, progress.cores())
    assert found["1"].stdout == found["2"].stdout
    assert found["1"].stderr.split(b"\n")[-2] == b"[1]"
    assert found["2"].stderr.split(b"\n")[-2] == f"[{cores}]".encode()


COUNTED = """
import sys
import numba
from ivig.pk.kernels import eigenmodes
from ivig.faces.cli_simulate import simulate
used, run = set(), eigenmodes.run
def counted(*arguments):
    used.add(numba.get_num_threads())
    return run(*arguments)
counted.__module__, counted.__qualname__ = run.__module__, run.__qualname__
eigenmodes.run = counted
try:
    simulate()
finally:
    print(sorted(used), file=sys.stderr)
"""


def test_more_threads_than_cores_are_told_and_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "cores", lambda: 2)
    assert "note: 2 threads, not 3: one for each core" in run(*FEW, "--threads", "3").stderr
    assert run(*FEW, "--threads", "2").stderr == ""


def test_a_first_use_says_that_it_compiles_and_a_second_does_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("ivig.pk.kernels.warm_up.levels_are_ready", lambda: False)
    assert run(*FEW).stderr.startswith("compiling once, about 5 s; kept in ")
    monkeypatch.setattr("ivig.pk.kernels.machine_code.folder", lambda: None)
    assert "no folder for machine code can be written" in run(*FEW).stderr
    monkeypatch.undo()
    good("--warm-up")
    assert run(*FEW).stderr == ""


def test_warming_up_needs_no_model_and_says_where_and_how_long() -> None:
    lines = good("--warm-up").splitlines()
    assert lines[0].startswith("levels of a population")
    assert lines[-1].startswith("ready after ")
    assert " s; kept in " in lines[-1]


def test_another_seed_gives_other_patients() -> None:
    assert good(*FEW, "--format", "json") != good(*FEW, "--format", "json", "--seed", "2")


def test_the_text_says_what_was_done_and_what_was_assumed() -> None:
    text = good(*FEW)
    assert text.startswith("2,500 virtual patients on 0.4 g/kg iv q3w, seed 1\n")
    assert "P(trough < 7 g/L) = " in text
    assert "  day 21 " in text
    assert "no residual error" in text
    assert "Body size from fryar_2025; from memory: nothing." in text
    assert "assumptions about the population: age year low, age year high, female fraction" in text


def test_a_course_is_told_by_its_curve() -> None:
    text = good("--model", "lee_2021", "--regimen", "2 g/kg over 5 days", "--n", "50")
    assert "has no steady state" in text
    assert "Trough" not in text


@pytest.mark.parametrize("ending", [".json", ".csv", ".parquet"])
def test_a_summary_goes_into_a_file(tmp_path: Path, ending: str) -> None:
    file = tmp_path / f"summary{ending}"
    assert good(*FEW, "-o", str(file)) == ""
    whole = json.loads(good(*FEW, "--format", "json"))
    if ending == ".json":
        assert json.loads(file.read_text()) == whole
    else:
        rows = table(file)
        assert rows[0]["quantity"] == "trough_g_per_L"
        assert float(rows[0]["value"]) == whole["trough_g_per_L"]["mean"]
        assert rows[-1]["quantity"] == "igg_g_per_L"
    assert [path.name for path in tmp_path.iterdir()] == [file.name]


def table(file: Path) -> list[dict[str, str]]:
    if file.suffix == ".csv":
        with file.open(newline="") as lines:
            return list(csv.DictReader(lines))
    parquet = pytest.importorskip("pyarrow.parquet")
    return parquet.read_table(file).to_pylist()


@pytest.mark.parametrize("ending", [".csv", ".parquet"])
def test_full_output_holds_every_level_of_every_patient(tmp_path: Path, ending: str) -> None:
    file = tmp_path / f"levels{ending}"
    text = good(*FEW, "--output", "full", "-o", str(file), "--format", "json", "--threads", "3")
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        f"levels{ending}",
        f"levels.patients{ending}",
    ]
    levels, patients = table(file), table(tmp_path / f"levels.patients{ending}")
    assert list(levels[0]) == ["id", "time_day", "igg_g_per_L"]
    assert len(levels) == 2500 * 31
    assert [int(row["id"]) for row in patients] == list(range(2500))
    assert [int(row["id"]) for row in levels[::31]] == list(range(2500))
    trough = np.array([float(row["trough_g_per_L"]) for row in patients])
    summary = json.loads(text)
    assert trough.mean() == pytest.approx(summary["trough_g_per_L"]["mean"], rel=1e-12)
    day_21 = np.array([float(row["igg_g_per_L"]) for row in levels[21::31]])
    assert np.quantile(day_21, 0.5) == pytest.approx(summary["curve"]["q50"][21], abs=0.02)
    assert json.loads(good(*FEW, "--format", "json")) == summary


def test_children_are_their_own_population() -> None:
    asked = ("--model", "li_2022", "--regimen", "0.4 g/kg iv q4w", "--n", "50", "--format", "json")
    by_id = good(*asked, "--population", "us_children")
    assert json.loads(by_id)["population"] == "us_children"
    assert good(*asked, "--children") == by_id
    assert good(*asked, "--adults") == good(*asked)
    assert json.loads(good(*asked))["population"] == "us_adults"


def test_full_output_is_written_in_groups_of_rows(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    good(*FEW, "--output", "full", "-o", str(tmp_path / "a.parquet"))
    assert parquet.ParquetFile(tmp_path / "a.parquet").num_row_groups == 2


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("--n", "0"), "n: 0 cannot be used"),
        (("--n", "-5"), "n: -5 cannot be used"),
        (("--n", "2.5"), "n: '2.5' cannot be used. Allowed: a whole number"),
        (("--n", "many"), "n: 'many'"),
        (("--n", "99999999999"), "n: 99999999999"),
        (("--days", "0"), "days: 0"),
        (("--seed", "-1"), "seed: -1"),
        (("--threads", "0"), "threads: 0"),
        (("--target", "-1"), "target: -1"),
        (("--regimen", "a lot"), "regimen: "),
        (("--model", "nobody_1999"), "model: 'nobody_1999'"),
        (("--model", "landersdorfer_2013"), "typical values only"),
        (("--model", "tegenge_2020"), "is not used"),
        (("--children",), "fewer than 1 % of Children and adolescents"),
        (("--population", "mars"), "population: 'mars' cannot be used. Allowed: one of us_adults"),
        (("--output", "full"), "a file for full output"),
        (("-o", "summary.txt"), "a name ending in .json or .csv or .parquet"),
        (("--output", "full", "-o", "levels.json"), "a name ending in .parquet or .csv"),
        (("-o", "no/such/folder/a.json"), "a folder that exists"),
    ],
)
def test_what_cannot_be_done_is_refused_in_one_line(args: tuple[str, ...], words: str) -> None:
    message = refusal(*FEW, *args)
    assert words in message
    assert "\n" not in message


def test_more_patients_than_memory_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(simulate_files, "free_memory_bytes", lambda: 1_000_000_000)
    message = refusal(*LUO, "--n", "100000000")
    assert "100,000,000 patients need 4.8 GB of memory, and 0.7 GB may be used" in message


def test_more_levels_than_disk_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.parquet"
    message = refusal(
        *LUO, "--n", "2000000000", "--days", "3650", "--output", "full", "-o", str(file)
    )
    assert "cannot be used. Allowed: at most" in message
    assert "may be used" in message
    assert not file.exists()


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.json").mkdir()
    assert "a file in a folder that exists" in refusal(*FEW, "-o", str(tmp_path / "a.json"))


CHILD = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from ivig.faces.cli_simulate import simulate
simulate()
"""


def test_an_interrupted_simulation_leaves_nothing(tmp_path: Path) -> None:
    file = tmp_path / "levels.parquet"
    args = (*LUO, "--n", "200000", "--output", "full", "-o", str(file))
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, *args], stderr=subprocess.PIPE, text=True
    )
    deadline = time.monotonic() + 60
    while not any(path.stat().st_size > 1_000_000 for path in tmp_path.iterdir()):
        assert child.poll() is None, "ended before it could be interrupted"
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert not file.exists()
    child.send_signal(signal.SIGINT)
    _, errors = child.communicate(timeout=60)
    assert child.returncode == 130
    assert errors.strip() == "interrupted: nothing was written"
    assert list(tmp_path.iterdir()) == []
