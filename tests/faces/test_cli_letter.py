"""``ivig letter`` and ``ivig diff`` as commands."""

import json
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ivig.errors import InputError
from ivig.faces.cli import plan
from ivig.faces.cli_letter import diff, letter

CIDP, ITP = "examples/cidp-80kg.yaml", "examples/itp-12.yaml"


def run(command: object, *words: str) -> Result:
    return CliRunner().invoke(command, list(words))  # type: ignore[arg-type]


@pytest.mark.parametrize("format_", ["md", "html", "json"])
def test_a_letter_in_every_format(format_: str) -> None:
    done = run(letter, CIDP, "--payer", "Example Plan", "--format", format_)
    assert done.exit_code == 0, done.output
    flat = " ".join(done.output.split())
    assert "it is no order" in flat
    assert "Example Plan" in flat


def test_what_is_refused_exits_3_and_still_says_why() -> None:
    done = run(letter, "examples/alzheimer.yaml")
    assert done.exit_code == 3
    assert "No dose is asked for" in done.output


def test_a_denial_reason_belongs_to_an_appeal() -> None:
    error = run(letter, CIDP, "--denial-reason", "no").exception
    assert isinstance(error, InputError)
    assert "--kind appeal" in str(error)


def test_pdf_without_the_library_is_one_clear_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in [key for key in sys.modules if key.split(".")[0] == "reportlab"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "reportlab", None)
    file = tmp_path / "letter.pdf"
    error = run(letter, CIDP, "-o", str(file)).exception
    assert isinstance(error, InputError)
    assert "ivig[pdf]" in str(error)
    assert not file.exists()


def test_pdf_by_the_ending_of_the_file(tmp_path: Path) -> None:
    pytest.importorskip("reportlab")
    file = tmp_path / "letter.pdf"
    assert run(letter, CIDP, "-o", str(file)).exit_code == 0
    assert file.read_bytes().startswith(b"%PDF-")


def plans(tmp_path: Path, *patients: tuple[str, ...]) -> list[str]:
    files = [str(tmp_path / f"{i}.json") for i in range(len(patients))]
    for words, file in zip(patients, files, strict=True):
        run(plan, *words, "--format", "json", "-o", file)
    return files


def test_diff_of_two_products(tmp_path: Path) -> None:
    old, new = plans(tmp_path, (CIDP, "--product", "privigen"), (CIDP, "--product", "panzyga"))
    done = run(diff, old, new)
    assert done.exit_code == 0, done.output
    assert "Product: Privigen → Panzyga." in done.output
    data = json.loads(run(diff, old, new, "--format", "json").output)
    assert data["inputs"] == [{"field": "product asked for", "old": "privigen", "new": "panzyga"}]


def test_a_new_stop_exits_3_and_stands_first(tmp_path: Path) -> None:
    old, new = plans(tmp_path, (CIDP,), ("examples/iga-anti-iga-reaction.yaml",))
    done = run(diff, old, new)
    assert done.exit_code == 3
    assert done.output.startswith("NEW STOP")
    assert run(diff, new, new).exit_code == 0


def test_a_patient_file_is_no_plan(tmp_path: Path) -> None:
    (old,) = plans(tmp_path, (CIDP,))
    patient = "examples/cvid-75kg-on-treatment.json"
    error = run(diff, old, patient).exception
    assert isinstance(error, InputError)
    assert error.field == "NEW"
