"""``ivig mcp``: the engine as tools of the Model Context Protocol, over standard input and output."""

import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from ivig.knowledge import Knowledge

EXIT_FAILED = 4
INSTRUCTIONS = (
    "ivig: an open engine for immunoglobulin therapy (IVIG, SCIG). It works offline, from "
    "published knowledge alone, and supports the decision of a qualified clinician: its results are "
    "no order and not for emergencies. Pass on the notice of each result. Cite: every sentence "
    "carries reference numbers, and 'references' of the same result says what each number is; "
    "state nothing about dose or rate that no result says. 'basis' recalled or assumed means "
    "not read in the source: say so. A field left out is unknown, never normal, so ask for what is "
    "missing instead of guessing it. A finding of kind stop, or a refused answer, is the result: do "
    "not work around it."
)
MISSING = "error: 'ivig mcp' needs an extra that is not installed: pip install 'ivig[mcp]'"


@click.command()
def mcp() -> None:
    """Serve ask, plan, chart and simulate to an assistant, by the Model Context Protocol.

    Started by a client, such as an editor or a chat program, that speaks to it over standard input
    and output. It opens no network port and keeps nothing. Needs the extra: pip install 'ivig[mcp]'.
    """
    from ivig.knowledge import load_knowledge

    os.environ.setdefault(
        "PYDANTIC_ERRORS_INCLUDE_URL", "0"
    )  # messages are for people, in one place
    try:
        import_module("mcp.server")
    except ImportError:
        click.echo(MISSING, err=True)
        sys.exit(EXIT_FAILED)
    serve(load_knowledge())


def serve(knowledge: "Knowledge") -> None:
    """Answer until standard input ends."""
    from mcp_types import ToolAnnotations

    from ivig.faces.mcp_server import StrictServer, with_clear_errors
    from ivig.faces.mcp_tools import Tools
    from ivig.version import __version__

    server = StrictServer(
        "ivig", instructions=INSTRUCTIONS, version=__version__, log_level="WARNING"
    )
    reading = ToolAnnotations(
        read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
    )
    tools = Tools(knowledge)
    for tool in (tools.ask, tools.plan, tools.chart, tools.simulate):
        server.add_tool(with_clear_errors(tool), annotations=reading, structured_output=True)
    server.run("stdio")
