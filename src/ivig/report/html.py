"""The outline as one self-contained HTML file: no script, no outside resource."""

import re
from collections.abc import Iterable
from html import escape

from ivig.report.curves import svg_curves
from ivig.report.figure import svg
from ivig.report.outline import (
    Block,
    Bullets,
    Callout,
    Curves,
    Document,
    Figure,
    Heading,
    Line,
    Mark,
    Pairs,
    Paragraph,
    Part,
    References,
    Table,
)
from ivig.report.style import CSS
from ivig.report.words import bind

_RANGE = re.compile(r"(?<=\d)–(?=\d)")


def to_html(document: Document) -> str:
    """The document as an HTML page."""
    title = f"{document.verdict} · {document.title}" if document.verdict else document.title
    badge = f'<span class="badge {document.tone}">{_text(document.verdict)}</span>\n'
    body = "\n".join(_block(block) for block in document.blocks)
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{_text(title)}</title>
<style>{CSS}</style>
</head>
<body>
<main>
<header>
{badge if document.verdict else ""}<h1>{_text(document.title)}</h1>
<p class="subject">{_text(document.subject)}</p>
<p class="notice">{_text(document.notice)}</p>
{_contents(document.blocks)}
</header>
{body}
<footer>{_text(document.provenance)}</footer>
</main>
</body>
</html>
"""


def _text(text: str) -> str:
    return escape(_RANGE.sub("–\u2060", bind(text)))  # a word joiner: 16–39 stays on one line


def _contents(blocks: Iterable[Block]) -> str:
    links = [
        f'<a href="#section-{block.number}">{block.number} {_text(block.text)}</a>'
        for block in blocks
        if isinstance(block, Heading) and block.number is not None
    ]
    return f'<nav aria-label="Sections">{" ".join(links)}</nav>'


def _block(block: Block) -> str:
    match block:
        case Heading():
            return _heading(block)
        case Paragraph():
            return f"<p{_small(block.small)}>{_line(block.line)}</p>"
        case Bullets():
            tag = "ol" if block.ordered else "ul"
            items = "".join(f"<li>{_line(line)}</li>\n" for line in block.lines)
            return f"<{tag}{_small(block.small)}>\n{items}</{tag}>"
        case Pairs():
            rows = (f"<dt>{_text(name)}</dt><dd>{_led(line)}</dd>" for name, line in block.rows)
            return "<dl>\n" + "\n".join(rows) + "\n</dl>"
        case Table():
            return _table(block)
        case Callout():
            lines = "".join(f"<p>{_line(line)}</p>" for line in block.lines)
            title = f"<h2>{_text(block.title)}</h2>"
            return f'<section class="callout" role="alert">{title}{lines}</section>'
        case Figure():
            return f"<figure>{svg(block)}</figure>"
        case Curves():
            return f"<figure>{svg_curves(block)}</figure>"
        case References():
            return _references(block)


def _small(small: bool) -> str:
    return ' class="small"' if small else ""


def _heading(heading: Heading) -> str:
    tag, text = f"h{heading.level}", _text(heading.text)
    if heading.number is None:
        return f"<{tag}>{text}</{tag}>"
    number = f'<span class="n">{heading.number}</span>'
    return f'<{tag} id="section-{heading.number}">{number}{text}</{tag}>'


def _line(line: Line) -> str:
    text = " ".join(_part(part) for part in line.parts)
    if not line.label:
        return text
    return f'<span class="label {line.tone}">{_text(line.label)}:</span> {text}'


def _led(line: Line) -> str:
    """A line of the summary: its first phrase is what is read first."""
    first, *rest = line.parts
    lead = f'<strong class="{line.tone}">{_part(first)}</strong>'
    return " ".join([lead, *(_part(part) for part in rest)])


def _part(part: Part) -> str:
    text = _text(part.text)
    if part.marks:
        text += f"<sup>&nbsp;[{','.join(_mark(mark) for mark in part.marks)}]</sup>"
    return f"{text} (assumed)" if part.assumed else text


def _mark(mark: Mark) -> str:
    if mark.recalled:
        return f'<a href="#ref-{mark.n}" title="recalled, not confirmed">{mark.n}†</a>'
    return f'<a href="#ref-{mark.n}">{mark.n}</a>'


def _table(table: Table) -> str:
    head = "".join(
        f'<th scope="col"{_class(side)}>{_text(name)}</th>'
        for name, side in zip(table.head, table.align, strict=True)
    )
    rows = "\n".join(f"<tr>{_row(row, table)}</tr>" for row in table.rows)
    kind = "wide chart" if table.chart else "wide"
    return (
        f'<div class="{kind}" tabindex="0"><table><caption>{_text(table.caption)}</caption>'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody></table></div>"
    )


def _row(row: tuple[Line, ...], table: Table) -> str:
    first = f'<th scope="row"{_class(table.align[0])}>{_line(row[0])}</th>'
    rest = (
        f"<td{_class(side, cell.tone)}>{_line(cell)}</td>"
        for cell, side in zip(row[1:], table.align[1:], strict=True)
    )
    return first + "".join(rest)


def _class(side: str, tone: str = "plain") -> str:
    names = [name for name in (side, tone) if name not in ("left", "plain")]
    return f' class="{" ".join(names)}"' if names else ""


def _references(references: References) -> str:
    items = "\n".join(
        f'<li id="ref-{entry.n}" value="{entry.n}">{_text(entry.text)} '
        + "".join(
            f'<a href="{escape(address)}">{_text(shown)}</a>; ' for shown, address in entry.links
        )
        + f'<span class="small">{_text(entry.basis)}</span></li>'
        for entry in references.entries
    )
    return f"<ol>\n{items}\n</ol>"
