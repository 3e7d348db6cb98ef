"""One line of the table, and how a whole process is measured."""

import subprocess
import sys
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    what: str
    measured: str
    wanted: str
    ratio: float
    against: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """Medians of a whole process: user + system CPU seconds, peak memory."""

    cpu_s: float
    peak_mb: float


def measure(command: list[str], *, runs: int = 5) -> Process:
    """Run a command several times, one more to warm the disk cache, and take the medians.

    Each run is started by a small process of its own: a child begins with the peak memory of the
    process that starts it, which after other benches is hundreds of megabytes.
    """
    found = [_once(command) for _ in range(runs + 1)][1:]
    return Process(cpu_s=median(cpu for cpu, _ in found), peak_mb=median(peak for _, peak in found))


_STARTER = """
import os, subprocess, sys
child = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
_, status, usage = os.wait4(child.pid, 0)
child.returncode = os.waitstatus_to_exitcode(status)
print(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)
"""


def _once(command: list[str]) -> tuple[float, float]:
    """CPU seconds and peak megabytes."""
    starter = [sys.executable, "-I", "-S", "-c", _STARTER, *command]
    text = subprocess.run(starter, capture_output=True, text=True, check=True).stdout
    cpu_s, peak_mb = (float(part) for part in text.split())
    return cpu_s, peak_mb
