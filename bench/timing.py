"""Medians of a function, and the machine's own rate of filling memory."""

import time
from collections.abc import Callable
from statistics import median

import numpy as np

from bench.populations import Array


def seconds(action: Callable[[], object], *, runs: int = 7) -> float:
    """Median wall time after one untimed call."""
    action()
    times: list[float] = []
    for _ in range(runs):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return median(times)


def alternating(
    first: Callable[[], object], second: Callable[[], object], *, runs: int = 15
) -> tuple[float, float]:
    """Median wall times of two functions run in turn, so that both meet the same weather."""
    first()
    second()
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(runs):
        for action, found in ((first, times[0]), (second, times[1])):
            start = time.perf_counter()
            action()
            found.append(time.perf_counter() - start)
    return median(times[0]), median(times[1])


def parallel_fill() -> Callable[[Array], None]:
    """Fill an array with a constant on every core."""
    import numba

    @numba.njit(parallel=True)
    def fill(out: Array) -> None:
        for i in numba.prange(out.shape[0]):
            out[i] = 1.0

    return fill


def worst(found: Array, expected: Array) -> float:
    """Largest relative difference."""
    return float(np.max(np.abs(found / expected - 1.0)))
