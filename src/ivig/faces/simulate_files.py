"""Files of a simulation: whole or not at all, and never larger than there is room for.

Each is written under another name (``.part``) and renamed when complete.
"""

import csv
import importlib
import io
import json
import os
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import numpy as np

from ivig.errors import InputError
from ivig.pk.disposition import FloatArray
from ivig.pk.simulate import Block, Scalars, Simulation, amounts_g
from ivig.pk.summary import SimulationSummary, memory_bytes

ENDINGS = {"summary": (".json", ".csv", ".parquet"), "full": (".parquet", ".csv")}
BYTES_PER_LEVEL = {
    ".parquet": 8.3,
    ".csv": 30.0,
}  # measured; the numbers themselves hardly compress
BYTES_PER_PATIENT = {".parquet": 130.0, ".csv": 320.0}
BASE_BYTES = 200_000_000  # interpreter, libraries and the blocks in work
KEPT_FREE = 0.1  # of memory or disk


def require_ending(output: Path | None, kind: str) -> None:
    """Refuse full output without a file, an ending that says no format, a folder not there."""
    if output is None:
        if kind == "full":
            raise InputError("-o", None, "a file for full output, such as -o levels.parquet")
        return
    endings = ENDINGS[kind]
    if output.suffix not in endings:
        raise InputError("-o", str(output), f"a name ending in {' or '.join(endings)}")
    if not output.parent.is_dir() or output.is_dir():
        raise InputError("-o", str(output), "a file in a folder that exists")


def patients_path(output: Path) -> Path:
    """The table of patients beside the table of levels."""
    return output.with_name(f"{output.stem}.patients{output.suffix}")


def require_room(simulation: Simulation, full: Path | None) -> None:
    """Refuse a simulation larger than the free memory, or than the free disk of full output."""
    n, n_times = simulation.n_patients, simulation.n_days + 1
    free = free_memory_bytes()
    if free is not None:
        each = memory_bytes(simulation) / n
        _require_fits(n, each, free - BASE_BYTES, "of memory")
    if full is not None:
        each = n_times * BYTES_PER_LEVEL[full.suffix] + BYTES_PER_PATIENT[full.suffix]
        what = f"on the disk for {n_times} levels each"
        _require_fits(n, each, shutil.disk_usage(full.parent).free, what)


def _require_fits(n: int, bytes_each: float, free: float, what: str) -> None:
    usable = (1.0 - KEPT_FREE) * free
    if n * bytes_each > usable:
        raise InputError(
            "n",
            n,
            f"at most {max(int(usable / bytes_each), 0):,} here: {n:,} patients need "
            f"{_size(n * bytes_each)} {what}, and {_size(max(usable, 0.0))} may be used",
        )


def free_memory_bytes() -> int | None:
    """Memory that can be had without swapping; None where the system does not say."""
    try:
        for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return 1024 * int(line.split()[1])
        return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, AttributeError):
        return None


@contextmanager
def whole(*paths: Path) -> Generator[list[Path]]:
    """Names to write under; renamed to ``paths`` at the end, removed when anything goes wrong."""
    parts = [path.with_name(f".{path.name}.part") for path in paths]
    try:
        yield parts
        for part, path in zip(parts, paths, strict=True):
            part.replace(path)
    except OSError as error:
        raise InputError(
            "-o", str(paths[0]), f"a file that can be written ({error.strerror})"
        ) from error
    finally:
        for part in parts:
            part.unlink(missing_ok=True)


class LevelTables:
    """Levels and patients as two growing tables; one group of rows a block."""

    def __init__(self, simulation: Simulation, levels: Path, patients: Path, ending: str) -> None:
        self._simulation = simulation
        self._arrow = arrow()
        self._targets = (levels, patients)
        self._ending = ending
        self._writers: list[Any] = []

    def add(self, block: Block, found: Scalars, levels_g_per_L: FloatArray) -> None:
        """Append one block; the caller gives them in order."""
        ids = np.arange(block.first, block.first + block.n_patients, dtype=np.int32)
        n_times = levels_g_per_L.shape[1]
        tables = (
            {
                "id": np.repeat(ids, n_times),
                "time_day": np.tile(self._simulation.time_day, ids.size),
                "igg_g_per_L": levels_g_per_L.reshape(-1),
            },
            {"id": ids, **_patient_columns(self._simulation, block, found)},
        )
        made = [self._arrow.table(columns) for columns in tables]
        if not self._writers:
            self._writers = [
                self._open(target, table.schema)
                for target, table in zip(self._targets, made, strict=True)
            ]
        for writer, table in zip(self._writers, made, strict=True):
            writer.write_table(table)

    def close(self) -> None:
        """Write what closes the files."""
        for writer in self._writers:
            writer.close()

    def _open(self, target: Path, schema: Any) -> Any:
        if self._ending == ".csv":
            return importlib.import_module("pyarrow.csv").CSVWriter(str(target), schema)
        repeated = [name for name in ("time_day", "sex") if name in schema.names]
        return importlib.import_module("pyarrow.parquet").ParquetWriter(
            str(target), schema, compression="zstd", compression_level=1, use_dictionary=repeated
        )


def arrow() -> Any:
    """The Arrow library, or how to get it."""
    try:
        return importlib.import_module("pyarrow")
    except ImportError as error:
        allowed = "a .json summary; for tables, install the extra: pip install 'ivig[scale]'"
        raise InputError("-o", "a table", allowed) from error


def summary_json(summary: SimulationSummary) -> str:
    """The summary as JSON."""
    return json.dumps(plain(summary), indent=2, ensure_ascii=False) + "\n"


def write_summary(summary: SimulationSummary, output: Path) -> None:
    """JSON, or a long table of quantity, day, statistic and value."""
    with whole(output) as (part,):
        if output.suffix == ".json":
            part.write_text(summary_json(summary), encoding="utf-8")
            return
        rows = _rows(plain(summary))
        names = ("quantity", "time_day", "statistic", "value")
        if output.suffix == ".csv":
            text = io.StringIO()
            csv.writer(text, lineterminator="\n").writerows((names, *rows))
            part.write_text(text.getvalue(), encoding="utf-8")
            return
        columns = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
        table = arrow().table(columns)
        importlib.import_module("pyarrow.parquet").write_table(table, str(part))


def plain(summary: SimulationSummary) -> dict[str, Any]:
    """The summary as plain data, in the order it is read."""
    below, curve = summary.trough_below_fraction, summary.curve
    return {
        "model_id": summary.model_id,
        "regimen": summary.regimen,
        "n": summary.n_patients,
        "seed": summary.seed,
        "population": summary.population_id,
        "population_covered_fraction": summary.covered_fraction,
        "trough_g_per_L": summary.trough_g_per_L,
        "peak_g_per_L": summary.peak_g_per_L,
        "auc_tau_g_day_per_L": summary.auc_tau_g_day_per_L,
        "half_life_day": summary.half_life_day,
        "probability_trough_below": None
        if below is None
        else {f"{x:g}": p for x, p in below.items()},
        "curve": {
            "time_day": curve.time_day,
            "q05": curve.q05_g_per_L,
            "q50": curve.q50_g_per_L,
            "q95": curve.q95_g_per_L,
        },
    }


def _rows(data: dict[str, Any]) -> list[tuple[str, float | None, str, float]]:
    found: list[tuple[str, float | None, str, float]] = []
    for name in ("trough_g_per_L", "peak_g_per_L", "auc_tau_g_day_per_L", "half_life_day"):
        spread = cast(dict[str, float], data[name] or {})
        found += [(name, None, key, value) for key, value in spread.items()]
    below = cast(dict[str, float], data["probability_trough_below"] or {})
    for level, fraction in below.items():
        found.append((f"probability_trough_below_{level}_g_per_L", None, "fraction", fraction))
    curve = cast(dict[str, tuple[float, ...]], data["curve"])
    for key in ("q05", "q50", "q95"):
        days = zip(curve["time_day"], curve[key], strict=True)
        found += [("igg_g_per_L", day, key, value) for day, value in days]
    return found


def _patient_columns(simulation: Simulation, block: Block, found: Scalars) -> dict[str, Any]:
    patients, known = block.patients, block.parameters
    columns: dict[str, Any] = {
        "age_year": patients.age_year,
        "sex": np.where(patients.female, "female", "male"),
        "height_cm": patients.height_cm,
        "weight_kg": patients.weight_kg,
        "lean_body_mass_kg": patients.lean_body_mass_kg,
        "amount_g": amounts_g(simulation.phases[-1], block),
        "CL_L_per_day": known.CL_L_per_day,
        "Vc_L": known.Vc_L,
        "Q_L_per_day": known.Q_L_per_day,
        "Vp_L": known.Vp_L,
        "KA_per_day": known.KA_per_day,
        "F_SC": known.F_SC,
        "F_fSC": known.F_fSC,
        "BL_g_per_L": known.BL_g_per_L,
        "half_life_day": found.half_life_day,
    }
    if simulation.repeats:
        columns |= {
            "trough_g_per_L": found.trough_g_per_L,
            "peak_g_per_L": found.peak_g_per_L,
            "auc_tau_g_day_per_L": found.auc_tau_g_day_per_L,
        }
    return {name: values for name, values in columns.items() if values is not None}


def _size(n_bytes: float) -> str:
    return f"{n_bytes / 1e9:.1f} GB" if n_bytes >= 1e8 else f"{n_bytes / 1e6:.0f} MB"
