"""What is measured of W1 and W2: speed against memory and libroadrunner, accuracy, memory."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np

from bench.peers import patients_per_s
from bench.populations import DAYS, Array, Linear, closed_form, linear
from bench.row import Row
from bench.timing import alternating, parallel_fill, worst
from ivig.pk.schedule import Train

N_PATIENTS, N_PEER, N_SUMMARY = 100_000, 200, 1_000_000
CHUNK = 5_000


def rows(
    name: str, trains: tuple[Train, ...], peer: Callable[[Linear], Callable[[int], Array]]
) -> list[Row]:
    from ivig.pk.kernels import make_schedule

    patients = linear(N_PATIENTS)
    schedule = make_schedule(trains, DAYS)
    out = np.empty((N_PATIENTS, DAYS.size))
    fill = parallel_fill()
    ours, filling = alternating(lambda: patients.simulate(schedule, out), lambda: fill(out))
    patients.simulate(schedule, out)
    rate = N_PATIENTS / ours
    one = peer(patients)
    theirs = patients_per_s(one, N_PEER)
    theirs_error = max(
        worst(one(i), closed_form(patients.take(slice(i, i + 1)), trains[0])[0]) for i in range(3)
    )
    error = _error(patients, trains[0], out)
    return [
        Row(
            what=f"{name}: 100,000 patients",
            measured=f"{rate / 1e6:.2f} M/s",
            wanted=">= 0.4 fill",
            ratio=filling / ours,
            against=f"filling the same array, {N_PATIENTS / filling / 1e6:.1f} M/s ({out.nbytes / filling / 1e9:.0f} GB/s)",
        ),
        Row(
            what=f"{name}: against libroadrunner",
            measured=f"{rate / 1e6:.2f} M/s",
            wanted=">= 3000 x",
            ratio=rate / theirs,
            against=f"libroadrunner, one process, {theirs:.0f} patients/s, error {theirs_error:.0e}",
        ),
        Row(
            what=f"{name}: worst error of 100,000",
            measured=f"{error:.1e}",
            wanted="<= 1e-10",
            ratio=error / 1e-10,
            against="the limit; textbook superposition",
        ),
        _memory(name),
    ]


def _error(patients: Linear, train: Train, out: Array) -> float:
    starts = range(0, N_PATIENTS, CHUNK)
    pieces = [slice(start, start + CHUNK) for start in starts]
    return max(worst(out[piece], closed_form(patients.take(piece), train)) for piece in pieces)


def _memory(name: str) -> Row:
    """Peak memory of a process that summarises a million patients."""
    own = _peak_mb(["bench.linear_rows", name[:2], str(N_SUMMARY)])
    bare = _peak_mb(["bench.linear_rows", name[:2], "1"])
    return Row(
        what=f"{name}: 1,000,000 summaries, peak memory",
        measured=f"{own:.0f} MB",
        wanted="< 600 MB",
        ratio=own / bare,
        against=f"the same for one patient, {bare:.0f} MB",
    )


def _peak_mb(module: list[str]) -> float:
    """As the process itself reads it: wait4 would count the parent's pages before exec."""
    command = [sys.executable, "-m", *module]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def summarise(which: str, n: int) -> None:
    """Mean, lowest and highest level and days below 8 g/L of every patient, no curve kept; prints peak MB."""
    from bench.populations import IV, SC
    from ivig.pk.kernels import make_schedule

    patients = linear(n)
    schedule = make_schedule(IV if which == "W1" else SC, DAYS)
    buffer = np.empty((CHUNK, DAYS.size))
    found = np.empty((4, n))
    for start in range(0, n, CHUNK):
        piece = slice(start, min(start + CHUNK, n))
        curves = patients.take(piece).simulate(schedule, buffer[: piece.stop - start])
        found[:, piece] = curves.mean(1), curves.min(1), curves.max(1), (curves < 8.0).sum(1)
    status = Path("/proc/self/status").read_text()
    peak_kb = next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))
    sys.stdout.write(f"{int(peak_kb) / 1024:.1f}\n")


if __name__ == "__main__":
    summarise(sys.argv[1], int(sys.argv[2]))
