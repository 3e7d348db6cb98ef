"""A fact and where it comes from."""

from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

T = TypeVar("T")

Basis = Literal["read", "recalled", "derived", "assumed"]
"""How we know: read in the source · recalled, not confirmed · computed from facts · our assumption."""

SourceKind = Literal["label", "guideline", "research", "handbook", "website", "standard"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A label, guideline, paper or page. ``url`` only when it is a public http(s) address."""

    id: str
    kind: SourceKind
    citation: str
    body: str | None = None
    year: int | None = None
    edition: str | None = None
    doi: str | None = None
    pmid: str | None = None
    url: str | None = None
    accessed: str | None = None
    basis: Basis = "read"
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited(Generic[T]):
    """A value, the id of its source, the place in it, and how we know.

    ``source`` may be absent only when ``basis`` is *assumed*.
    """

    value: T
    source: str | None = None
    at: str | None = None
    basis: Basis
    note: str | None = None

    def __post_init__(self) -> None:
        if self.source is None and self.basis != "assumed":
            raise ValueError("a fact needs a source, or basis: assumed")

    @property
    def citation(self) -> "Citation":
        """Where the value comes from, without the value."""
        return Citation(source=self.source, at=self.at, basis=self.basis)


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A pointer into a source; ``source`` is None for an assumption of our own."""

    source: str | None
    basis: Basis
    at: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A median with its interval; the unit is in the name of the field that holds it."""

    median: float
    low: float
    high: float
    level: float = 0.9


def weakest(*bases: Basis) -> Basis:
    """The least certain of several bases."""
    order: tuple[Basis, ...] = ("read", "derived", "recalled", "assumed")
    return max(bases, key=order.index)
