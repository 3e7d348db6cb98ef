"""A progress bar on standard error, when somebody is looking at it."""

import os
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from importlib.util import find_spec

import click

from ivig.errors import InputError

INTERRUPTED = 130  # as a shell reports it


@contextmanager
def progress(total: int, words: str = "simulating") -> Generator[Callable[[int], object]]:
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
    """As many as wanted, at most one for each core: more are not faster, and change no result."""
    most = cores()
    if wanted is None:
        return most
    if wanted < 1:
        raise InputError("threads", wanted, "1 or more")
    if wanted > most:
        click.echo(f"note: {most} threads, not {wanted}: one for each core", err=True)
    return min(wanted, most)


def cores() -> int:
    """Processor cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
