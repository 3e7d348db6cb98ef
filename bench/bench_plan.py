"""The CVID plan: cold as a user starts it, warm as a service would call it."""

import sys
import time
from pathlib import Path
from statistics import median

from bench.row import Row, measure

ROOT = Path(__file__).parents[1]
PATIENT = ROOT / "examples" / "cvid-62f.yaml"


def run() -> list[Row]:
    return [*_cold(), _warm()]


def _cold() -> list[Row]:
    ivig = Path(sys.executable).with_name("ivig")
    plan = measure([str(ivig), "plan", str(PATIENT), "--product", "privigen"])
    numpy = measure([sys.executable, "-c", "import numpy"])
    return [
        Row(
            what="ivig plan, cold: CPU",
            measured=f"{plan.cpu_s:.2f} s",
            wanted="< 1.0 s",
            ratio=plan.cpu_s / numpy.cpu_s,
            against=f"import numpy, {numpy.cpu_s:.2f} s",
        ),
        Row(
            what="ivig plan, cold: peak memory",
            measured=f"{plan.peak_mb:.0f} MB",
            wanted="< 200 MB",
            ratio=plan.peak_mb / numpy.peak_mb,
            against=f"import numpy, {numpy.peak_mb:.0f} MB",
        ),
    ]


def _warm() -> Row:
    from ivig import load_knowledge, make_plan
    from ivig.faces.patient_file import read_patient

    knowledge, patient = load_knowledge(), read_patient(str(PATIENT))
    make_plan(patient, knowledge)

    def seconds(action: object, *arguments: object) -> float:
        times: list[float] = []
        for _ in range(15):
            start = time.perf_counter()
            action(*arguments)  # type: ignore[operator]
            times.append(time.perf_counter() - start)
        return median(times)

    warm = seconds(make_plan, patient, knowledge)
    read = seconds(read_patient, str(PATIENT))
    return Row(
        what="make_plan, warm",
        measured=f"{1000 * warm:.1f} ms",
        wanted="< 30 ms",
        ratio=warm / read,
        against=f"reading the patient file, {1000 * read:.1f} ms",
    )
