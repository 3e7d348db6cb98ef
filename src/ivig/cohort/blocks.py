"""Replicates in blocks: one random stream for each block, so that threads change no result."""

from collections import deque
from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from typing import TypeVar

import numpy as np

T = TypeVar("T")
BLOCK = 100  # replicates


def n_blocks(n_replicates: int) -> int:
    """Blocks that hold so many replicates; the last may be short."""
    return -(-n_replicates // BLOCK)


def block_size(n_replicates: int, i: int) -> int:
    """Replicates in block ``i``."""
    return min(BLOCK, n_replicates - i * BLOCK)


def stream(seed: int, *key: int) -> np.random.Generator:
    """The random numbers of one block; ``key`` tells designs and blocks apart."""
    return np.random.Generator(np.random.SFC64(np.random.SeedSequence([seed, *key])))


def run_blocks(
    work: Callable[[int], T], n: int, threads: int, told: Callable[[int], object]
) -> list[T]:
    """Results of ``work(0) … work(n − 1)`` in order; ``told`` hears how many are done."""
    found: list[T] = []
    with closing(in_order(work, n, threads)) as results:
        for result in results:
            found.append(result)
            told(len(found))
    return found


def in_order(
    work: Callable[[int], T],
    n: int,
    threads: int,
    *,
    at_start: Callable[[], object] | None = None,
) -> Generator[T]:
    """Results of ``work(0) … work(n − 1)`` in order, a few in hand at a time.

    ``at_start`` is called once in each thread.
    """
    pending: deque[Future[T]] = deque()
    with ThreadPoolExecutor(threads, initializer=at_start) as pool:
        try:
            for i in range(n):
                pending.append(pool.submit(work, i))
                if len(pending) > threads:
                    yield pending.popleft().result()
            while pending:
                yield pending.popleft().result()
        finally:
            for future in pending:
                future.cancel()
