"""A question answered: cold as a user starts it, warm over every question of the sets."""

import sys
import time
from pathlib import Path
from statistics import median

from bench.row import Row, measure

QUESTION = "What is IVIG?"


def run() -> list[Row]:
    ivig = Path(sys.executable).with_name("ivig")
    cold = measure([str(ivig), "ask", QUESTION])
    numpy = measure([sys.executable, "-c", "import numpy"])
    return [
        Row(
            what="ivig ask, cold: CPU",
            measured=f"{cold.cpu_s:.2f} s",
            wanted="<= 0.7 s",
            ratio=cold.cpu_s / numpy.cpu_s,
            against=f"import numpy, {numpy.cpu_s:.2f} s",
        ),
        *_warm(),
    ]


def _warm() -> list[Row]:
    from tests.evidence.asked import SETS, questions

    from ivig.ask import ask
    from ivig.knowledge import load_knowledge
    from ivig.library import open_library

    knowledge = load_knowledge()
    library = open_library(knowledge)
    texts = [item.question for name in SETS for item in questions(name)]
    for text in texts:
        ask(text, knowledge, library=library)
    times = sorted(_seconds(lambda t=text: ask(t, knowledge, library=library)) for text in texts)
    opened = _seconds(lambda: open_library(knowledge))
    worst = times[int(0.99 * len(times))]
    return [
        Row(
            what=f"ask, warm: {name} of {len(times)} questions",
            measured=f"{1000 * value:.1f} ms",
            wanted="<= 20 ms",
            ratio=value / opened,
            against=f"opening the library, {1000 * opened:.0f} ms",
        )
        for name, value in (("median", median(times)), ("99th percentile", worst))
    ]


def _seconds(action: object) -> float:
    start = time.perf_counter()
    action()  # type: ignore[operator]
    return time.perf_counter() - start
