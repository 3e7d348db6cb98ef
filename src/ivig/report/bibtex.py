"""Sources as BibTeX: UTF-8 letters, LaTeX's own characters escaped, titles kept in their case."""

from collections.abc import Iterable

from ivig.cited import Source
from ivig.report.csl import bare_doi, source_note
from ivig.report.vancouver import Author, Parts, read_citation

_ESCAPES = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "µ": r"\ensuremath{\mu}",
    "α": r"\ensuremath{\alpha}",
    "β": r"\ensuremath{\beta}",
    "γ": r"\ensuremath{\gamma}",
    "δ": r"\ensuremath{\delta}",
    "κ": r"\ensuremath{\kappa}",
    "λ": r"\ensuremath{\lambda}",
    "μ": r"\ensuremath{\mu}",
    "η": r"\ensuremath{\eta}",
    "≤": r"\ensuremath{\leq}",
    "≥": r"\ensuremath{\geq}",
    "≈": r"\ensuremath{\approx}",
    "×": r"\ensuremath{\times}",
    "−": r"\ensuremath{-}",
    "→": r"\ensuremath{\rightarrow}",
    "°": r"\ensuremath{^\circ}",
}
_IN_ADDRESS = {"\\": "%5C", "{": "%7B", "}": "%7D", " ": "%20"}


def to_bibtex(sources: Iterable[Source]) -> str:
    """One entry a source, its key the source's id, with only what is recorded or certain."""
    return "\n".join(bibtex_entry(source) for source in sources)


def bibtex_entry(source: Source) -> str:
    """An ``@article`` where the journal is certain, else ``@misc`` with the citation as title."""
    parts = read_citation(source)
    fields = {
        "author": _authors(parts),
        "title": "{" + latex(parts.title or " ".join(source.citation.split())) + "}",
        "journal": latex(parts.journal or ""),
        "year": "" if source.year is None else str(source.year),
        "volume": latex(parts.volume or ""),
        "number": latex(parts.issue or ""),
        "pages": latex(parts.pages or "").replace("–", "-").replace("-", "--"),
        "edition": latex(source.edition or ""),
        "doi": _address(bare_doi(source) or ""),
        "pmid": source.pmid or "",
        "url": _address(source.url or ""),
        "urldate": source.accessed or "",
        "note": latex(source_note(source, parts)),
    }
    kind = "article" if parts.journal else "misc"
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join((f"@{kind}{{{source.id},", *lines, "}", ""))


def latex(text: str) -> str:
    r"""Text with every character that LaTeX would take as a command escaped.

    >>> print(latex("5% & γ_1"))
    5\% \& \ensuremath{\gamma}\_1
    """
    return "".join(_ESCAPES.get(letter, letter) for letter in text)


def _authors(parts: Parts) -> str:
    names = [_name(author) for author in parts.authors]
    return " and ".join([*names, "others"] if parts.et_al else names)


def _name(author: Author) -> str:
    suffix = f"{author.suffix}, " if author.suffix else ""
    return latex(f"{author.family}, {suffix}{author.given}")


def _address(text: str) -> str:
    """As it is, for readers take addresses verbatim, but for what would end the field."""
    return "".join(_IN_ADDRESS.get(letter, letter) for letter in text)
