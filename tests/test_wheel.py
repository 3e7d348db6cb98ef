"""A wheel built from the tree carries its knowledge and answers from an empty place."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_a_wheel_plans_without_the_tree(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    patient = tmp_path / "patient.yaml"
    patient.write_text((ROOT / "examples" / "cvid-62f.yaml").read_text())
    code = (
        "import sys; sys.path.insert(0, sys.argv.pop(1)); import ivig; "
        "from ivig.faces.cli import main; assert 'site' in ivig.__file__; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "site"), "plan", "patient.yaml"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env={key: value for key, value in os.environ.items() if key != "IVIG_KNOWLEDGE"},
    )
    assert done.returncode == 0, done.stderr
    assert "Immunoglobulin plan: cvid-62f" in done.stdout
