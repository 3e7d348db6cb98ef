"""What can be read with certainty from a citation in Vancouver style.

``Family IN, Family IN, et al. Title. Journal 2012;78:1009-1015.`` A part that another reading would
give otherwise is left out: a wrong author is worse than none.
"""

import re
from dataclasses import dataclass

from ivig.cited import Source

_PARTICLE = r"(?i:van den|van der|van de|van|von|den|der|de la|de|del|di|da|dos|le|la|ter|ten)"
_CAPITAL = r"[A-ZÀ-ÖØ-ÞĀŁŚŞŠŽİ]"
_FAMILY = (
    rf"(?:{_PARTICLE} )?{_CAPITAL}[\w’'-]*[a-zß-ÿ][\w’'-]*(?: {_CAPITAL}[\w’'-]*[a-zß-ÿ][\w’'-]*)?"
)
_INITIALS = rf"{_CAPITAL}(?:-?{_CAPITAL}){{0,3}}"
_AUTHOR = re.compile(
    rf"(?P<family>{_FAMILY}) (?P<initials>{_INITIALS})(?: (?P<suffix>Jr|Sr|2nd|3rd|II|III))?"
)
_PAGES = r"[A-Za-z]{0,3}\d\w*(?:[-–][A-Za-z]{0,3}\d\w*)?"
_JOURNAL = re.compile(
    rf"(?P<journal>{_CAPITAL}[^\d;:.,()\[\]]*) (?P<year>(?:19|20)\d\d)"
    rf"(?:;(?P<volume>\d+)?(?:\((?P<issue>[^()]+)\))?(?::(?P<pages>{_PAGES}))?)?\.?"
)
_NO_NAME = frozenset({"The", "For", "And", "Group", "Trial", "Study", "Committee"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """A person as the citation names them; ``initials`` such as ``B-K``."""

    family: str
    initials: str
    suffix: str | None = None

    @property
    def given(self) -> str:
        """The initials with their points: ``B.-K.``, ``H. S.``."""
        return " ".join(
            "-".join(f"{letter}." for letter in part.split("-"))
            for part in re.findall(r"\w(?:-\w)*", self.initials)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What was read for certain; ``journal`` and what follows it only together with ``title``."""

    authors: tuple[Author, ...] = ()
    et_al: bool = False
    """Whether the citation leaves further authors unnamed."""
    title: str | None = None
    journal: str | None = None
    volume: str | None = None
    issue: str | None = None
    pages: str | None = None


def read_citation(source: Source) -> Parts:
    """The certain parts of a source's citation; all of them empty when it is of another form.

    A title in square brackets is our description of the work, not its title, and is not read.
    """
    head, _, rest = " ".join(source.citation.split()).partition(". ")
    named = _authors(head)
    if named is None or not rest:
        return Parts()
    authors, et_al = named
    found = _titled(rest)
    sure = found is not None and (found[1]["volume"] or found[1]["pages"])
    if len(authors) == 1 and not et_al and not sure:
        return Parts()  # one name may be a firm (Biotest AG), and the journal a month
    known = Parts(authors=authors, et_al=et_al)
    if found is None:
        return known
    title, journal = found
    if "[" in title or (source.year is not None and int(journal["year"]) != source.year):
        return known
    return Parts(
        authors=authors,
        et_al=et_al,
        title=title,
        journal=journal["journal"],
        volume=journal["volume"],
        issue=journal["issue"],
        pages=journal["pages"],
    )


def _authors(text: str) -> tuple[tuple[Author, ...], bool] | None:
    """The authors of a list, and whether it ends in "et al"; None when one part is no person."""
    names = text.split(", ")
    et_al = len(names) > 1 and names[-1] == "et al"
    authors: list[Author] = []
    for name in names[:-1] if et_al else names:
        match = _AUTHOR.fullmatch(name)
        if match is None or set(match["family"].split()) & _NO_NAME:
            return None
        authors.append(
            Author(family=match["family"], initials=match["initials"], suffix=match["suffix"])
        )
    return tuple(authors), et_al


def _titled(text: str) -> tuple[str, re.Match[str]] | None:
    """Title and journal: two sentences and no more, for a third could belong to either."""
    sentences = re.split(r"(?<=[.?!]) ", text)
    if len(sentences) != 2:
        return None
    journal = _JOURNAL.fullmatch(sentences[1])
    return None if journal is None else (sentences[0].removesuffix("."), journal)
