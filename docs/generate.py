"""Write what is generated: the command reference, two JSON Schemas, the passages of the answers.

Run by ``make docs``; a test fails when a committed file differs from what this writes.
"""

from pathlib import Path

import click

from ivig.faces.cli import app
from ivig.faces.schema import json_schema
from ivig.knowledge import load_knowledge, shipped_folder
from ivig.library import FILE, library_text

DOCS = Path(__file__).parent
PASSAGES = f"../{shipped_folder().name}/{FILE}"
COMMANDS = (
    (),
    ("plan",),
    ("around",),
    ("assess",),
    ("letter",),
    ("diff",),
    ("ask",),
    ("chart",),
    ("react",),
    ("predict",),
    ("fit",),
    ("dose",),
    ("simulate",),
    ("products",),
    ("weight",),
    ("vials",),
    ("compare",),
    ("mechanism",),
    ("mechanism", "half-life"),
    ("mechanism", "cells"),
    ("trial",),
    ("models",),
    ("models", "list"),
    ("models", "show"),
    ("sources",),
    ("sources", "show"),
    ("mcp",),
    ("schema",),
    ("knowledge",),
    ("knowledge", "check"),
    ("knowledge", "show"),
    ("knowledge", "list"),
)


def documents() -> dict[str, str]:
    """File name → text."""
    return {
        "cli.md": _command_reference(),
        "schema/patient.json": json_schema("patient") + "\n",
        "schema/plan.json": json_schema("plan") + "\n",
        PASSAGES: library_text(load_knowledge()),
    }


def _command_reference() -> str:
    parts = ["# Commands\n\nWritten by `make docs` from the program's own help."]
    for words in COMMANDS:
        command: click.Command = app
        context = click.Context(command, info_name="ivig", max_content_width=98, terminal_width=98)
        for word in words:
            assert isinstance(command, click.Group)  # noqa: S101
            found = command.get_command(context, word)
            assert found is not None, word  # noqa: S101
            command = found
            context = click.Context(command, info_name=word, parent=context)
        text = command.get_help(context)
        name = " ".join(("ivig", *words))
        lines = [line.rstrip() for line in text.splitlines()]
        body = "\n".join(lines).strip()
        parts.append(f"## {name}\n\n```text\n{body}\n```")
    return "\n\n".join(parts) + "\n"


def main() -> None:
    """Write them."""
    for name, text in documents().items():
        path = DOCS / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        print(f"wrote {path.resolve().relative_to(DOCS.parent)}")


if __name__ == "__main__":
    main()
