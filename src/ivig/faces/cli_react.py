"""``ivig react``: a reaction during a charted infusion."""

import json
import sys
from pathlib import Path
from typing import Any, cast

import click

from ivig.errors import InputError
from ivig.faces.output import put, text_or_json, to_file

EXIT_STOP = 3


@click.command()
@click.argument("chart", metavar="CHART")
@click.option("--reaction", required=True, help="headache, fever, chills, chest pain, …")
@click.option(
    "--severity", type=click.Choice(["mild", "moderate", "severe"]), required=True, help="How bad."
)
@click.option("--at", "at_min", type=float, required=True, help="Minutes from the session's start.")
@click.option("--session", type=int, default=1, show_default=True, help="Which session of CHART.")
@text_or_json
@to_file
def react(
    chart: str,
    reaction: str,
    severity: str,
    at_min: float,
    session: int,
    chosen: str,
    output: Path | None,
) -> None:
    """What to do about a reaction: stop, pause, slow or go on, and the chart from that minute.

    CHART is the JSON of 'ivig chart --format json', or - for standard input. The new rate is never
    above the one in force. It supports a clinician's decision and is no order. Exit code 2: bad
    input, an unknown reaction; 3: the infusion is to be stopped.
    """
    from ivig.codec import encode
    from ivig.knowledge import load_knowledge
    from ivig.reaction_advice import numbered
    from ivig.reaction_advice import react as answer
    from ivig.report.react import react_text

    known = load_knowledge()
    report = answer(
        read_chart(chart),
        reaction=reaction,
        severity=cast(Any, severity),
        at_min=at_min,
        session=session,
        reactions=known.reactions,
        rules=known.infusion,
    )
    report = numbered(report, known.sources)
    if chosen == "json":
        data = encode(report)
        put(json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False) + "\n", output)
    else:
        put(react_text(report), output)
    if report.managed.decision == "stop":
        sys.exit(EXIT_STOP)


def read_chart(name: str) -> Any:
    """The chart of a JSON file, or of standard input for "-".

    Raises
    ------
    InputError
        No such file, or not the JSON of a chart.
    """
    from ivig.chart_report import ChartReport
    from ivig.codec import DecodeError, decode

    try:
        text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
        return decode(json.loads(text), ChartReport)
    except OSError as error:
        raise InputError("chart", name, f"a file that can be read ({error.strerror})") from error
    except (UnicodeDecodeError, json.JSONDecodeError, DecodeError) as error:
        wanted = f"the JSON of 'ivig chart --format json' ({error})"
        raise InputError("chart", name, wanted) from error
