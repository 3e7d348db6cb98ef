"""A passage: one sentence of what is known, with where it comes from and what it is about."""

from dataclasses import dataclass

from ivig.cited import Basis, Citation, weakest
from ivig.statement import Section, Topic


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """One sentence an answer may say, word for word.

    ``id`` is that of the statement, or the path of the fact in ``knowledge/``: a test follows every
    sentence of every answer back to it. ``plain`` says the same to a patient; None: nobody has yet
    said it plainly, and a patient's answer leaves it out.
    """

    id: str
    section: Section
    text: str
    citations: tuple[Citation, ...]
    body: str | None = None
    year: int | None = None
    grade: str | None = None
    """Strength and level as the source gives them."""
    topics: tuple[Topic, ...] = ()
    indications: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    """Indications that its words name although it is about none in particular."""
    products: tuple[str, ...] = ()
    reactions: tuple[str, ...] = ()
    routes: tuple[str, ...] = ()
    lead: bool = False
    """It opens the answer to a question on its topics."""
    populations: tuple[str, ...] = ()
    """Whom its words single out: child, pregnancy, renal …"""
    places: tuple[str, ...] = ()
    """Whose rule it is: us, uk, ca, au, eu; empty: nobody's in particular."""
    contradicts: tuple[str, ...] = ()
    """Ids of passages that say otherwise; each is shown beside the other."""
    plain: str | None = None
    asks: tuple[str, ...] = ()
    """How people ask for it: found by these words too, and never said."""

    @property
    def basis(self) -> Basis:
        """The least certain of its citations."""
        bases: list[Basis] = [citation.basis for citation in self.citations]
        return weakest(*bases)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainSentence:
    """What a passage says, for a patient: short, at or below grade 8, no number that it lacks."""

    of: tuple[str, ...]
    """Ids of the passages it says again; their sources are its sources."""
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainFile:
    """knowledge/plain/<subject>.yaml"""

    id: str
    sentences: tuple[PlainSentence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AsksFile:
    """knowledge/asks/<subject>.yaml: id of a passage → ways in which people ask for it."""

    id: str
    asks: dict[str, tuple[str, ...]]
