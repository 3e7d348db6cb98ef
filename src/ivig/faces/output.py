"""What the commands share of their results: the options, and writing to screen or file."""

import sys
from pathlib import Path

import click

from ivig.errors import InputError

text_or_json = click.option(
    "--format", "chosen", type=click.Choice(["text", "json"]), default="text", show_default=True
)
to_file = click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="Write to this file instead of the screen.",
)


def put(text: str, output: Path | None) -> None:
    """Print the text, or write the file: nothing is left under its name when writing fails.

    Raises
    ------
    InputError
        The file cannot be written.
    """
    if output is None:
        click.echo(text, nl=False)
        return
    _write(text.encode("utf-8"), output)


def put_bytes(data: bytes, output: Path | None) -> None:
    """Write bytes to the file, or to standard output when that is no terminal.

    Raises
    ------
    InputError
        The file cannot be written, or the bytes would go to a terminal.
    """
    if output is not None:
        _write(data, output)
        return
    if sys.stdout.isatty():
        raise InputError("output", None, "a file, such as -o letter.pdf")
    click.echo(data, nl=False)


def _write(data: bytes, output: Path) -> None:
    part = output.with_name(f".{output.name}.part")
    try:
        part.write_bytes(data)
        part.replace(output)
    except OSError as error:
        part.unlink(missing_ok=True)
        allowed = f"a file in a folder that can be written ({error.strerror})"
        raise InputError("output", str(output), allowed) from error
    click.echo(f"wrote {output}", err=True)
