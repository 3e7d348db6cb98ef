"""The outline of a document: what is said, in which order; not how it looks.

It is built from a plan once. Text, Markdown and HTML are three renderings of the same outline,
so they cannot disagree.
"""

from dataclasses import dataclass
from typing import Literal

Tone = Literal["good", "caution", "stop", "unknown", "plain"]
Align = Literal["left", "right"]


@dataclass(frozen=True, slots=True)
class Mark:
    """A reference number beside a sentence; ``recalled`` when the source was not re-read for it."""

    n: int
    recalled: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """One sentence or phrase with its references."""

    text: str
    marks: tuple[Mark, ...] = ()
    assumed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A paragraph, bullet or cell: parts in order, perhaps under a short label."""

    parts: tuple[Part, ...] = ()
    label: str | None = None
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A heading of level 2 (a numbered section) or 3."""

    level: Literal[2, 3]
    text: str
    number: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """One paragraph."""

    line: Line
    small: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Bullets:
    """A list; ``ordered`` when the order is the order of doing."""

    lines: tuple[Line, ...]
    ordered: bool = False
    small: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """Names and what belongs to them, e.g. the summary."""

    rows: tuple[tuple[str, Line], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table; ``brief`` rows stay a table where room is short, ``rest`` says the others."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Line, ...], ...]
    align: tuple[Align, ...]
    brief: int | None = None
    rest: tuple[Line, ...] = ()
    chart: bool = False
    """The infusion chart: the table one would print."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Callout:
    """What must be seen first."""

    tone: Tone
    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A quantity over time, total IgG unless named; days are from the first planned dose.

    The fields end in g_per_L for IgG, the figure of a plan; elsewhere they are in ``unit``.
    """

    title: str
    band_words: str
    time_day: tuple[float, ...]
    median_g_per_L: tuple[float, ...]
    low_g_per_L: tuple[float, ...]
    high_g_per_L: tuple[float, ...]
    dose_day: tuple[float, ...]
    measured_day: tuple[float, ...]
    """Of the levels that were measured inside the drawn time; their values are below."""
    measured_g_per_L: tuple[float, ...]
    target_g_per_L: float | None
    quantity: str = "Total IgG"
    unit: str = "g/L"


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedCurve:
    """One curve of several: a short name, its times in days, its total IgG in g/L."""

    name: str
    time_day: tuple[float, ...]
    igg_g_per_L: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Curves:
    """Several curves in one drawing."""

    title: str
    axis: str
    """What the time axis counts."""
    curves: tuple[NamedCurve, ...]
    target_g_per_L: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One item of the reference list."""

    n: int
    text: str
    links: tuple[tuple[str, str], ...]
    """(what is printed, address)."""
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class References:
    """The numbered list at the end."""

    entries: tuple[Entry, ...]


Block = Heading | Paragraph | Bullets | Pairs | Table | Callout | Figure | Curves | References


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A whole document: the verdict (empty when none is due), who it is about, then the blocks."""

    verdict: str
    tone: Tone
    title: str
    subject: str
    notice: str
    blocks: tuple[Block, ...]
    provenance: str

    @property
    def heading(self) -> str:
        """Verdict and title in one line."""
        return f"{self.verdict.upper()} · {self.title}" if self.verdict else self.title


def lines_of(block: Block) -> tuple[Line, ...]:
    """Every line of a block that a reader reads, in order."""
    match block:
        case Paragraph():
            return (block.line,)
        case Bullets() | Callout():
            return block.lines
        case Pairs():
            return tuple(line for _, line in block.rows)
        case Table():
            return tuple(cell for row in block.rows for cell in row)
        case Heading() | Figure() | Curves() | References():
            return ()
