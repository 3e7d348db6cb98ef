"""The outline as plain text: at most 100 columns, no escape codes."""

from collections.abc import Iterable, Sequence
from itertools import zip_longest
from textwrap import wrap

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
from ivig.report.words import NBSP, bind

WIDTH = 100
_GAP = "  "
_SHORTEST = 9  # no column is made narrower than this while another is wider


def to_text(document: Document) -> str:
    """The document as text, ending in a newline."""
    title = document.heading
    lines = [title, "═" * min(len(title), WIDTH)]
    lines += _wrapped(document.subject) if document.subject else []
    lines += ["", *_wrapped(document.notice)]
    for block in document.blocks:
        lines += ["", *_block(block)]
    lines += ["", "─" * WIDTH, *_wrapped(document.provenance)]
    return "\n".join(line.replace(NBSP, " ").rstrip() for line in lines) + "\n"


def _block(block: Block) -> list[str]:
    match block:
        case Heading():
            return _heading(block)
        case Paragraph():
            return _wrapped(plain(block.line))
        case Bullets():
            return _bullets(block.lines, ordered=block.ordered)
        case Pairs():
            return _pairs(block.rows)
        case Table():
            return _table(block)
        case Callout():
            return _callout(block)
        case Figure():
            return sketch(block)
        case Curves():
            return sketch_curves(block)
        case References():
            return _references(block)


def plain(line: Line) -> str:
    """A line with its label and reference numbers."""
    text = " ".join(_part(part) for part in line.parts)
    return f"{line.label}: {text}" if line.label else text


def _part(part: Part) -> str:
    marks = ",".join(f"{mark.n}{'†' if mark.recalled else ''}" for mark in part.marks)
    text = f"{part.text}{NBSP}[{marks}]" if marks else part.text
    return f"{text} (assumed)" if part.assumed else text


def _wrapped(text: str, *, first: str = "", hang: str = "", width: int = WIDTH) -> list[str]:
    return wrap(
        bind(text),
        width,
        initial_indent=first,
        subsequent_indent=hang,
        break_on_hyphens=False,
    ) or [first.rstrip()]


def _heading(heading: Heading) -> list[str]:
    if heading.level == 3:
        return [heading.text]
    number = "" if heading.number is None else f"{heading.number}  "
    text = f"{number}{heading.text.upper()}"
    return ["", text, "─" * WIDTH]


def _bullets(lines: Iterable[Line], *, ordered: bool = False) -> list[str]:
    found: list[str] = []
    for i, line in enumerate(lines, start=1):
        head = f"  {i}. " if ordered else "  - "
        found += _wrapped(plain(line), first=head, hang=" " * len(head))
    return found


def _pairs(rows: Sequence[tuple[str, Line]]) -> list[str]:
    wide = max(len(name) for name, _ in rows) + 2
    found: list[str] = []
    for name, line in rows:
        found += _wrapped(plain(line), first=name.ljust(wide), hang=" " * wide)
    return found


def _callout(callout: Callout) -> list[str]:
    found = [f"▌ {callout.title.upper()}"]
    for line in callout.lines:
        found += _wrapped(plain(line), first="▌ ", hang="▌ ")
    return found


def _references(references: References) -> list[str]:
    found: list[str] = []
    wide = len(str(max((entry.n for entry in references.entries), default=1))) + 2
    for entry in references.entries:
        links = "; ".join(shown for shown, _ in entry.links)
        text = f"{entry.text} {links} [{entry.basis}]" if links else f"{entry.text} [{entry.basis}]"
        found += _wrapped(text, first=f"{entry.n}.".ljust(wide), hang=" " * wide)
    return found


def _table(table: Table) -> list[str]:
    rows = table.rows if table.brief is None else table.rows[: table.brief]
    cells = [[bind(plain(cell)) for cell in row] for row in rows]
    grid = [list(table.head), *cells]
    widths = _widths(grid)
    folded = [_fold(row, widths, table.align) for row in grid]
    open_rows = any(len(lines) > 2 for lines in folded[1:])
    found = [*_wrapped(table.caption), ""]
    found += folded[0]
    found.append(_GAP.join("─" * width for width in widths))
    for i, lines in enumerate(folded[1:]):
        found += [""] if open_rows and i else []
        found += lines
    if table.rest:
        found += ["", "Further down the order:", *_bullets(table.rest)]
    return found


def _widths(grid: Sequence[Sequence[str]]) -> list[int]:
    """Natural widths, the widest column narrowed until the table fits."""
    widths = [max(len(cell) for cell in column) for column in zip(*grid, strict=True)]
    words = [
        max(len(word) for cell in column for word in (cell.split(" ") or [""]))
        for column in zip(*grid, strict=True)
    ]
    room = WIDTH - len(_GAP) * (len(widths) - 1)
    while sum(widths) > room:
        loose = [i for i, width in enumerate(widths) if width > max(words[i], _SHORTEST)]
        widest = max(loose or range(len(widths)), key=lambda i: widths[i])
        widths[widest] -= 1
    return widths


def _fold(row: Sequence[str], widths: Sequence[int], align: Sequence[str]) -> list[str]:
    """One row on as many lines as its longest cell needs."""
    columns = [
        wrap(cell, width, break_on_hyphens=False) or [""]
        for cell, width in zip(row, widths, strict=True)
    ]
    return [
        _GAP.join(
            piece.rjust(width) if side == "right" else piece.ljust(width)
            for piece, width, side in zip(pieces, widths, align, strict=True)
        )
        for pieces in zip_longest(*columns, fillvalue="")
    ]
