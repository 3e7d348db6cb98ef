"""Machine code that was compiled from other sources is not used."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import ivig
from ivig.pk.kernels import machine_code

PACKAGE = Path(ivig.__file__).parent
ROOM = """
import numpy as np
from ivig.patient import Dose, Sample
from ivig.pk.kernels.cases import Known, gather
from ivig.pk.kernels.objective import room_for
from ivig.pk.population import Residual
known = Known({"CL": 1.0, "Vc": 1.0}, [Dose(time_day=0.0, amount_g=1.0)],
              [Sample(time_day=1.0, igg_g_per_L=1.0)])
error = Residual(additive_sd_g_per_L=1.0)
print(room_for(gather([known], effects=("CL",), sd=np.ones(1), residual=error)).curve.predicted.size)
"""


def room_size(src: Path, cache: Path) -> str:
    """What a compiled function of ``objective`` makes by calling one of ``sensitivity``."""
    env = {**os.environ, "PYTHONPATH": str(src), "NUMBA_CACHE_DIR": str(cache)}
    done = subprocess.run(
        [sys.executable, "-c", ROOM], env=env, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_an_edited_helper_of_another_file_is_compiled_anew(tmp_path: Path) -> None:
    copy = tmp_path / "src" / "ivig"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__", "_knowledge"))
    cache = tmp_path / "cache"
    assert room_size(copy.parent, cache) == "1"
    helper = copy / "pk" / "kernels" / "sensitivity.py"
    text = helper.read_text()
    assert text.count("np.zeros(line.levels.size),") == 1
    helper.write_text(
        text.replace("np.zeros(line.levels.size),", "np.zeros(line.levels.size + 6),")
    )
    assert room_size(copy.parent, cache) == "7"
    assert len(list(cache.iterdir())) == 2


def test_the_digest_follows_every_byte_and_every_name(tmp_path: Path) -> None:
    (tmp_path / "kernels").mkdir()
    helper = tmp_path / "kernels" / "helper.py"
    helper.write_text("A = 1\n")
    first = machine_code.sources_digest(tmp_path)
    assert machine_code.sources_digest(tmp_path) == first
    helper.write_text("A = 2\n")
    second = machine_code.sources_digest(tmp_path)
    helper.rename(tmp_path / "kernels" / "other.py")
    assert len({first, second, machine_code.sources_digest(tmp_path)}) == 3
    (tmp_path / "constants.py").write_text("")
    assert machine_code.sources_digest(tmp_path) not in {first, second}


def test_what_is_compiled_in_from_outside_pk_holds_no_numbers() -> None:
    """Only pk is in the digest; errors and patients are records, which no kernel reads."""
    lines = {
        line.split()[1]
        for path in (PACKAGE / "pk" / "kernels").glob("*.py")
        for line in path.read_text().splitlines()
        if line.startswith("from ivig.") and not line.startswith("from ivig.pk")
    }
    assert lines <= {"ivig.errors", "ivig.patient"}


def test_without_a_folder_that_can_be_written_each_process_compiles(tmp_path: Path) -> None:
    taken = tmp_path / "file"
    taken.write_text("")
    assert room_size(PACKAGE.parent, taken) == "1"
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
