"""The outline as Markdown with GitHub tables."""

import re
from collections.abc import Iterable

from ivig.report.curves import sketch_curves
from ivig.report.outline import (
    Block,
    Bullets,
    Callout,
    Curves,
    Document,
    Figure,
    Heading,
    Line,
    Pairs,
    Paragraph,
    Part,
    References,
    Table,
)
from ivig.report.sketch import sketch

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~&$])")
_LIST_LIKE = re.compile(r"^(\d+(?=[.)]\s)|(?=[-+]\s))")  # "1. " or "- " at the start of a line


def to_markdown(document: Document) -> str:
    """The document as Markdown, ending in a newline."""
    parts = [
        f"# {escape(document.heading)}",
        *([escape(document.subject)] if document.subject else []),
        f"*{escape(document.notice)}*",
        *(_block(block) for block in document.blocks),
        "---",
        f"<sub>{escape(document.provenance)}</sub>",
    ]
    return "\n\n".join(parts) + "\n"


def escape(text: str) -> str:
    """Text that Markdown shows as it is.

    >>> escape("10*9/L <b>")
    '10\\\\*9/L \\\\<b\\\\>'
    """
    return _LIST_LIKE.sub(r"\1\\", _SPECIAL.sub(r"\\\1", text))


def _block(block: Block) -> str:
    match block:
        case Heading():
            number = "" if block.number is None else f"{block.number} "
            return f"{'#' * block.level} {number}{escape(block.text)}"
        case Paragraph():
            return _line(block.line)
        case Bullets():
            return _bullets(block.lines, ordered=block.ordered)
        case Pairs():
            rows = [f"| **{escape(name)}** | {_line(line)} |" for name, line in block.rows]
            return "\n".join(["| | |", "|---|---|", *rows])
        case Table():
            return _table(block)
        case Callout():
            lines = [
                f"> **{escape(block.title.upper())}**",
                *(f"> {_line(x)}" for x in block.lines),
            ]
            return "\n>\n".join(lines)
        case Figure():
            return "\n".join(["```text", *sketch(block), "```"])
        case Curves():
            return "\n".join(["```text", *sketch_curves(block), "```"])
        case References():
            return _references(block)


def _line(line: Line) -> str:
    text = " ".join(_part(part) for part in line.parts)
    return f"**{escape(line.label)}:** {text}" if line.label else text


def _part(part: Part) -> str:
    marks = ",".join(f"{mark.n}{'†' if mark.recalled else ''}" for mark in part.marks)
    text = f"{escape(part.text)} [{marks}]" if marks else escape(part.text)
    return f"{text} (assumed)" if part.assumed else text


def _bullets(lines: Iterable[Line], *, ordered: bool = False) -> str:
    return "\n".join(
        f"{f'{i}.' if ordered else '-'} {_line(line)}" for i, line in enumerate(lines, start=1)
    )


def _table(table: Table) -> str:
    rows = table.rows if table.brief is None else table.rows[: table.brief]
    rule = "|".join("---:" if side == "right" else "---" for side in table.align)
    lines = [
        f"**{escape(table.caption)}**",
        "",
        f"| {' | '.join(escape(name) for name in table.head)} |",
        f"|{rule}|",
        *(f"| {' | '.join(_line(cell) for cell in row)} |" for row in rows),
    ]
    if table.rest:
        lines += ["", "Further down the order:", "", _bullets(table.rest)]
    return "\n".join(lines)


def _references(references: References) -> str:
    lines: list[str] = []
    for entry in references.entries:
        links = "; ".join(f"[{escape(shown)}](<{address}>)" for shown, address in entry.links)
        text = f"{escape(entry.text)} {links}" if links else escape(entry.text)
        lines.append(f"{entry.n}. {text} \\[{escape(entry.basis)}\\]")
    return "\n".join(lines)
