"""What the commands share of their results: the options, and writing to screen or file."""

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
    part = output.with_name(f".{output.name}.part")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(output)
    except OSError as error:
        part.unlink(missing_ok=True)
        allowed = f"a file in a folder that can be written ({error.strerror})"
        raise InputError("output", str(output), allowed) from error
    click.echo(f"wrote {output}", err=True)
