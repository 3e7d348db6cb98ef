"""The README shows real output and code that runs."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
IVIG = Path(sys.executable).with_name("ivig")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, flags=re.DOTALL)


def test_the_plan_in_the_readme_is_what_the_command_prints() -> None:
    command = ["plan", "examples/cvid-62f.yaml", "--product", "privigen"]
    assert f"ivig {' '.join(command)}" in README
    done = subprocess.run([IVIG, *command], capture_output=True, text=True, check=True, cwd=ROOT)
    shown = [block for block in blocks("text") if "─" in block]
    assert len(shown) == 2
    for block in shown:
        assert block.rstrip() in done.stdout


def test_the_python_of_the_readme_prints_what_it_says(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    (code,) = blocks("python")
    exec(compile(code, "README.md", "exec"), {})  # noqa: S102
    expected = [line.removeprefix("# ") for line in code.splitlines() if line.startswith("# ")]
    assert capsys.readouterr().out.splitlines() == expected


def test_the_patient_of_the_readme_is_read(tmp_path: Path) -> None:
    from ivig.faces.patient_file import read_patient

    (text,) = blocks("yaml")
    path = tmp_path / "patient.yaml"
    path.write_text(text)
    assert read_patient(path).id == "cvid-62f"


def test_every_make_target_of_the_readme_exists() -> None:
    makefile = (ROOT / "Makefile").read_text()
    for target in re.findall(r"`?make (\w+)", README):
        assert re.search(rf"^{target}:", makefile, flags=re.MULTILINE), target
