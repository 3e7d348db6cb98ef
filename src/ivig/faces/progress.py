"""A progress bar on standard error, when somebody is looking at it."""

import os
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from importlib.util import find_spec

from ivig.errors import InputError

MOST_THREADS = 256
INTERRUPTED = 130  # as a shell reports it


@contextmanager
def progress(total: int, words: str) -> Generator[Callable[[int], object]]:
    """What to tell how many blocks are done; silent unless standard error is a terminal."""
    if not sys.stderr.isatty() or find_spec("rich") is None:
        yield lambda done: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(words, total=total)
        yield lambda done: bar.update(task, completed=done)


def thread_count(wanted: int | None) -> int:
    """So many threads as wanted, else one for each core."""
    if wanted is None:
        return min(os.cpu_count() or 1, MOST_THREADS)
    if not 1 <= wanted <= MOST_THREADS:
        raise InputError("threads", wanted, f"1 to {MOST_THREADS}")
    return wanted
