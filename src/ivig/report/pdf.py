"""The outline as PDF, by reportlab: A4, embedded fonts, the same bytes for the same document."""

from importlib import import_module
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from ivig.errors import InputError
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
from ivig.report.words import bind

_FONTS = ("Vera", "VeraBd", "VeraIt", "VeraBI")
_WIDTH_MM = 174.0
_MARGIN_MM = 18.0
_TONES = {"good": "#1d6b3a", "caution": "#7d4a00", "stop": "#a3171b", "unknown": "#4b5560"}
_INSTEAD = {
    "⁹": "^9", "³": "^3", "²": "²", "−": "-", "‑": "-", "\u2060": "", "†": "†", "→": "->", "₂": "2",
}  # fmt: skip


def to_pdf(document: Document) -> bytes:
    """The document as PDF.

    Raises
    ------
    InputError
        reportlab is not installed.
    """
    return _Writer(_reportlab()).write(document)


class _Library:
    """The parts of reportlab that are used; it ships no types."""

    def __init__(self) -> None:
        self.platypus: Any = import_module("reportlab.platypus")
        self.styles: Any = import_module("reportlab.lib.styles")
        self.colors: Any = import_module("reportlab.lib.colors")
        self.mm: float = import_module("reportlab.lib.units").mm
        self.pagesizes: Any = import_module("reportlab.lib.pagesizes")
        self.metrics: Any = import_module("reportlab.pdfbase.pdfmetrics")
        self.ttfonts: Any = import_module("reportlab.pdfbase.ttfonts")


def _reportlab() -> _Library:
    try:
        return _Library()
    except ImportError as error:
        allowed = "md or html; for pdf install the extra first: pip install 'ivig[pdf]'"
        raise InputError("format", "pdf", allowed) from error


class _Writer:
    def __init__(self, lib: _Library) -> None:
        self.lib = lib
        for name in _FONTS:
            lib.metrics.registerFont(lib.ttfonts.TTFont(name, f"{name}.ttf"))
        lib.metrics.registerFontFamily(
            "Vera", normal="Vera", bold="VeraBd", italic="VeraIt", boldItalic="VeraBI"
        )
        self.glyphs: Any = lib.metrics.getFont("Vera").face.charToGlyph
        self.body = self._style("body", 9, 12.5, space=4)
        self.small = self._style("small", 7.5, 10, space=3, color="#444444")
        self.caption = self._style("caption", 7.5, 10, space=3, color="#444444", keep=True)
        self.cell = self._style("cell", 8, 10.5)
        self.h1 = self._style("h1", 14, 18, space=4, font="VeraBd")
        self.h2 = self._style("h2", 11, 14, space=3, before=10, font="VeraBd", keep=True)
        self.h3 = self._style("h3", 9, 12, space=2, before=5, font="VeraBd", keep=True)

    def _style(
        self,
        name: str,
        size: float,
        leading: float,
        *,
        space: float = 0,
        before: float = 0,
        font: str = "Vera",
        color: str = "#000000",
        keep: bool = False,
    ) -> Any:
        return self.lib.styles.ParagraphStyle(
            name,
            fontName=font,
            fontSize=size,
            leading=leading,
            spaceAfter=space,
            spaceBefore=before,
            textColor=self.lib.colors.HexColor(color),
            keepWithNext=keep,
            splitLongWords=True,
        )

    def write(self, document: Document) -> bytes:
        story: list[Any] = []
        if document.verdict:
            color = _TONES.get(document.tone, "#000000")
            badge = f'<font name="VeraBd" color="{color}">{self._text(document.verdict)}</font>'
            story.append(self._paragraph(badge, self.body))
        story.append(self._paragraph(self._text(document.title), self.h1))
        if document.subject:
            story.append(self._paragraph(self._text(document.subject), self.body))
        story.append(self._paragraph(self._text(document.notice), self.small))
        for block in document.blocks:
            story += self._block(block)
        out = BytesIO()
        self._template(out, document).build(story)
        return out.getvalue()

    def _template(self, out: BytesIO, document: Document) -> Any:
        mm = self.lib.mm
        foot = self._plain(document.provenance)

        def draw_foot(canvas: Any, page: Any) -> None:
            canvas.setFont("Vera", 7)
            canvas.drawString(_MARGIN_MM * mm, 10 * mm, foot)
            canvas.drawRightString((_MARGIN_MM + _WIDTH_MM) * mm, 10 * mm, f"Page {page.page}")

        platypus = self.lib.platypus
        template = platypus.BaseDocTemplate(
            out,
            pagesize=self.lib.pagesizes.A4,
            leftMargin=_MARGIN_MM * mm,
            rightMargin=_MARGIN_MM * mm,
            topMargin=16 * mm,
            bottomMargin=18 * mm,
            title=self._plain(document.title),
            author="",
            subject=self._plain(document.subject),
            invariant=1,  # no time stamp: the same document gives the same bytes
            lang="en",
        )
        frame = platypus.Frame(
            template.leftMargin,
            template.bottomMargin,
            template.width,
            template.height,
            leftPadding=0,
            rightPadding=0,
        )
        page = platypus.PageTemplate(id="page", frames=[frame], onPage=draw_foot)
        template.addPageTemplates([page])
        return template

    def _block(self, block: Block) -> list[Any]:
        match block:
            case Heading():
                number = "" if block.number is None else f"{block.number} "
                style = self.h2 if block.level == 2 else self.h3
                return [self._paragraph(self._text(f"{number}{block.text}"), style)]
            case Paragraph():
                style = self.small if block.small else self.body
                return [self._paragraph(self._line(block.line), style)]
            case Bullets():
                return [self._bullets(block)]
            case Pairs():
                rows = [[self._bold(name), self._cell(line)] for name, line in block.rows]
                return [self._grid(rows, (0.24, 0.76), head=False)]
            case Table():
                return self._table(block)
            case Callout():
                return [self._callout(block)]
            case Figure():
                text = "\n".join(sketch(block))
                return [self.lib.platypus.Preformatted(self._plain(text), self.small)]
            case Curves():
                text = "\n".join(sketch_curves(block))
                return [self.lib.platypus.Preformatted(self._plain(text), self.small)]
            case References():
                return [self._paragraph(self._entry(entry), self.small) for entry in block.entries]

    def _paragraph(self, markup: str, style: Any) -> Any:
        return self.lib.platypus.Paragraph(markup, style)

    def _bullets(self, block: Bullets) -> Any:
        style = self.small if block.small else self.body
        items = [
            self.lib.platypus.ListItem(self._paragraph(self._line(line), style))
            for line in block.lines
        ]
        kind = {"bulletType": "1"} if block.ordered else {"bulletType": "bullet", "start": "•"}
        return self.lib.platypus.ListFlowable(
            items, leftIndent=12, bulletFontName="Vera", bulletFontSize=8, **kind
        )

    def _table(self, block: Table) -> list[Any]:
        head = [self._bold(name) for name in block.head]
        rows = [head, *([self._cell(line) for line in row] for row in block.rows)]
        return [
            self._paragraph(self._text(block.caption), self.caption),
            self._grid(rows, _shares(block), head=True),
        ]

    def _grid(self, rows: list[list[Any]], shares: tuple[float, ...], *, head: bool) -> Any:
        line = self.lib.colors.HexColor("#bbbbbb")
        style = [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LINEBELOW", (0, 0), (-1, -1), 0.4, line),
            ("LEFTPADDING", (0, 0), (-1, -1), 2),
            ("RIGHTPADDING", (0, 0), (-1, -1), 4),
            ("TOPPADDING", (0, 0), (-1, -1), 2),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
        ]
        widths = [share * _WIDTH_MM * self.lib.mm for share in shares]
        return self.lib.platypus.Table(
            rows, colWidths=widths, repeatRows=1 if head else 0, style=style, spaceAfter=6
        )

    def _callout(self, block: Callout) -> Any:
        color = self.lib.colors.HexColor(_TONES.get(block.tone, "#000000"))
        parts = [self._paragraph(self._text(block.title), self.h3)]
        parts += [self._paragraph(self._line(line), self.body) for line in block.lines]
        return self.lib.platypus.Table(
            [[part] for part in parts],
            colWidths=[_WIDTH_MM * self.lib.mm],
            style=[
                ("LINEBEFORE", (0, 0), (0, -1), 3, color),
                ("BOX", (0, 0), (-1, -1), 0.6, color),
                ("LEFTPADDING", (0, 0), (-1, -1), 8),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 0),
            ],
            spaceBefore=6,
            spaceAfter=6,
        )

    def _bold(self, text: str) -> Any:
        return self._paragraph(f"<b>{self._text(text)}</b>", self.cell)

    def _cell(self, line: Line) -> Any:
        text = self._line(line)
        if line.tone in _TONES:
            text = f'<font name="VeraBd" color="{_TONES[line.tone]}">{text}</font>'
        return self._paragraph(text, self.cell)

    def _line(self, line: Line) -> str:
        text = " ".join(self._part(part) for part in line.parts)
        return f"<b>{self._text(line.label)}:</b> {text}" if line.label else text

    def _part(self, part: Part) -> str:
        marks = ",".join(f"{mark.n}{'†' if mark.recalled else ''}" for mark in part.marks)
        text = self._text(part.text)
        text += f"&nbsp;<super>[{marks}]</super>" if marks else ""
        return f"{text} (assumed)" if part.assumed else text

    def _entry(self, entry: Any) -> str:
        links = "; ".join(
            f'<link href="{escape(address, {chr(34): "&quot;"})}">{self._text(shown)}</link>'
            for shown, address in entry.links
        )
        return f"{entry.n}. {self._text(entry.text)} {links} [{self._text(entry.basis)}]"

    def _text(self, text: str) -> str:
        return escape(bind(self._plain(text)))

    def _plain(self, text: str) -> str:
        """The text in glyphs that the font has; a letter it lacks is shown as "?", never dropped."""
        kept = (c if ord(c) in self.glyphs or c == "\n" else _INSTEAD.get(c, "?") for c in text)
        return "".join(kept)


def _shares(table: Table) -> tuple[float, ...]:
    """Widths of the columns by the length of their longest cells, none too narrow."""
    columns = list(
        zip(table.head, *(tuple(_length(c) for c in row) for row in table.rows), strict=True)
    )
    sizes = [
        min(max((item if isinstance(item, int) else len(item)) for item in column), 60)
        for column in columns
    ]
    wide = [max(size, 19) for size in sizes]
    return tuple(size / sum(wide) for size in wide)


def _length(line: Line) -> int:
    return sum(len(part.text) for part in line.parts)
