"""The command as a user types it: exit codes, one-line errors, files written whole."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CVID = ROOT / "examples" / "cvid-62f.yaml"
IVIG = Path(sys.executable).with_name("ivig")


def ivig(
    *words: str | Path, stdin: str | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [IVIG, *words],
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | environment,
    )


def test_a_plan_on_the_screen() -> None:
    done = ivig("plan", CVID, "--product", "privigen")
    assert done.returncode == 0, done.stderr
    assert "Privigen" in done.stdout
    assert "no order" in done.stdout
    assert done.stderr == ""


def test_a_patient_on_standard_input() -> None:
    done = ivig("plan", "-", "--format", "json", stdin=CVID.read_text())
    assert done.returncode == 0
    assert json.loads(done.stdout)["patient"]["id"] == "cvid-62f"


@pytest.mark.parametrize(
    ("name", "start"), [("p.html", "<!doctype html"), ("p.md", "#"), ("p.json", "{")]
)
def test_the_ending_of_the_file_chooses_the_format(tmp_path: Path, name: str, start: str) -> None:
    done = ivig("plan", CVID, "-o", tmp_path / name)
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    assert (tmp_path / name).read_text().lower().startswith(start)
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize(
    ("patient", "words"),
    [
        ("diagnosis: cvid\nweight_kg: 0\n", ["weight_kg", "0"]),
        ("diagnosis: cvid\nweight_kg: 68\nage_year: 300\n", ["age_year", "300"]),
        ("diagnosis: cvid\nweight_kg: 68\nlevels: [{time_day: 0, igg_g_per_L: 650}]\n", ["650", "mg/dL"]),
        ("diagnosis: cvid\nweight_kg: 68\ncolour: red\n", ["colour"]),
        ("diagnosis: cvid\nweight: 68 stone\n", ["weight", "stone"]),
        ("diagnosis: cvid\nweight_kg: .nan\n", ["weight_kg"]),
        ("diagnosis: cvid\nweight_kg: 68\ndoses: [{time_day: 30, amount_g: 30}]\n", ["time_day", "30"]),
        ("diagnosis: cvid\nweight_kg: 68\nweights: [{time_day: -9, weight_kg: 900}]\n", ["weights[0]", "900"]),
        ("diagnosis: cvid\nweight_kg: 68\nprotein_loss: [{start_day: -9, CL_loss_L_per_day: 400}]\n", ["protein_loss[0]", "400"]),
        ("diagnosis: lumbago\nweight_kg: 68\n", ["diagnosis", "lumbago"]),
        ("weight_kg: 68\n", ["diagnosis"]),
        ("", ["empty"]),
        ("- a\n- b\n", ["no list"]),
        ("diagnosis: [cvid\n", ["line"]),
    ],
)  # fmt: skip
def test_bad_input_is_one_line_and_exit_2(patient: str, words: list[str]) -> None:
    done = ivig("plan", "-", stdin=patient)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("error: ")
    assert len(done.stderr.strip().splitlines()) == 1
    assert "Traceback" not in done.stderr
    for word in words:
        assert word in done.stderr


def test_a_file_that_is_no_patient(tmp_path: Path) -> None:
    picture = tmp_path / "x.pdf"
    picture.write_bytes(b"%PDF-1.7\x00\xff")
    for path in (picture, tmp_path, tmp_path / "nowhere.yaml"):
        done = ivig("plan", path)
        assert (done.returncode, done.stdout) == (2, "")
        assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("iga-anti-iga-reaction.yaml", []),
        ("hyperprolinaemia.yaml", ["--product", "privigen"]),
        ("neonatal-sepsis.yaml", []),
        ("low-igg-alone.yaml", []),
    ],
)
def test_a_stop_is_a_document_and_exit_3(name: str, options: list[str]) -> None:
    done = ivig("plan", ROOT / "examples" / name, *options)
    assert done.returncode == 3
    head = done.stdout[:600]
    assert "STOP" in head or "NOT INDICATED" in head.upper()


def test_an_unwritable_file_leaves_nothing_behind(tmp_path: Path) -> None:
    done = ivig("plan", CVID, "-o", tmp_path / "no" / "plan.html")
    assert done.returncode == 2
    assert "output" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_knowledge_is_checked_shown_and_listed(tmp_path: Path) -> None:
    assert ivig("knowledge", "check").returncode == 0
    shown = ivig("knowledge", "show", "privigen")
    assert "privigen_label" in shown.stdout
    assert "# Sources" in shown.stdout
    assert json.loads(ivig("knowledge", "show", "cidp", "--format", "json").stdout)["sources"]
    assert "octagam_10" in ivig("knowledge", "list", "products").stdout
    assert ivig("knowledge", "show", "privigin").returncode == 2
    (tmp_path / "products").mkdir()
    (tmp_path / "products" / "bad.yaml").write_text("id: bad\nname: Bad\nigg_mg_per_mL: 100\n")
    done = ivig("knowledge", "check", tmp_path)
    assert done.returncode == 2
    assert "bad.yaml:3" in done.stderr
    assert ivig("plan", CVID, IVIG_KNOWLEDGE=str(tmp_path)).returncode == 2


def test_the_schemas_are_printed() -> None:
    for name in ("patient", "plan"):
        done = ivig("schema", name)
        assert json.loads(done.stdout)["$schema"].endswith("2020-12/schema")


def test_help_and_version() -> None:
    assert ivig("--version").stdout.startswith("ivig ")
    assert "plan" in ivig("--help").stdout
    assert ivig("plan").returncode == 2
