"""One line of the table, and how a whole process is measured."""

import os
import subprocess
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
    """Run a command several times, one more to warm the disk cache, and take the medians."""
    cpu: list[float] = []
    peak: list[float] = []
    for i in range(runs + 1):
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if i:
            cpu.append(usage.ru_utime + usage.ru_stime)
            peak.append(usage.ru_maxrss / 1024)
    return Process(cpu_s=median(cpu), peak_mb=median(peak))
