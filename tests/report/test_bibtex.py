"""BibTeX that a strict reader takes, with LaTeX's own characters escaped."""

import re
from collections.abc import Iterator

import pytest

from ivig.cited import Source
from ivig.knowledge import Knowledge
from ivig.report.bibtex import bibtex_entry, latex, to_bibtex

FIELD = re.compile(r"  ([a-z]+) = \{(.*)\},")
FIELDS = {
    "author", "title", "journal", "year", "volume", "number", "pages", "edition", "doi", "pmid",
    "url", "urldate", "note",
}  # fmt: skip


def entries(text: str) -> Iterator[tuple[str, str, dict[str, str]]]:
    """A strict reader: kind, key and fields of each entry; anything else fails."""
    for block in text.strip().split("\n\n"):
        head, *lines, foot = block.split("\n")
        found = re.fullmatch(r"@(article|misc)\{([^\s,{}#%~\\]+),", head)
        assert found, head
        assert foot == "}"
        fields: dict[str, str] = {}
        for line in lines:
            field = FIELD.fullmatch(line)
            assert field, line
            assert field[1] not in fields
            assert balanced(field[2]), line
            fields[field[1]] = field[2]
        yield found[1], found[2], fields


def balanced(text: str) -> bool:
    """BibTeX counts braces whether or not they are escaped; none may close before it opens."""
    depth = 0
    for letter in text:
        depth += {"{": 1, "}": -1}.get(letter, 0)
        if depth < 0:
            return False
    return depth == 0


def test_every_source_is_an_entry_that_a_strict_reader_takes(knowledge: Knowledge) -> None:
    found = list(entries(to_bibtex(knowledge.sources.values())))
    assert [key for _, key, _ in found] == list(knowledge.sources)
    for kind, key, fields in found:
        assert set(fields) <= FIELDS
        assert fields["title"].startswith("{")
        assert ("journal" in fields) == (kind == "article"), key
        for name in set(fields) - {"doi", "url"}:
            bare = re.sub(
                r"\\(?:[&%$#_{}]|ensuremath\{\\?[a-z^-]+\}|text[a-z]+\{\})", "", fields[name]
            )
            assert not re.search(r"[&%$#_~^\\]", bare), (key, name, fields[name])


def test_only_what_is_recorded_is_written(knowledge: Knowledge) -> None:
    for _, key, fields in entries(to_bibtex(knowledge.sources.values())):
        source = knowledge.sources[key]
        assert fields.get("year") == (None if source.year is None else str(source.year))
        assert fields.get("doi") == source.doi
        assert fields.get("pmid") == source.pmid
        for value in (fields.get("volume"), fields.get("journal")):
            assert value is None or value.replace("\\", "") in " ".join(source.citation.split())


def test_an_article_and_a_document() -> None:
    article = Source(
        id="a_2011",
        kind="research",
        citation="Solberg L Jr, Crowther MA, et al. IVIG & platelets. Blood 2011;117:4190-4207.",
        year=2011,
        doi="10.1182/a_b",
    )
    assert bibtex_entry(article) == (
        "@article{a_2011,\n"
        "  author = {Solberg, Jr, L. and Crowther, M. A. and others},\n"
        "  title = {{IVIG \\& platelets}},\n"
        "  journal = {Blood},\n"
        "  year = {2011},\n"
        "  volume = {117},\n"
        "  pages = {4190--4207},\n"
        "  doi = {10.1182/a_b},\n"
        "}\n"
    )
    label = Source(id="l", kind="label", citation="Privigen 10%. Label.", basis="recalled")
    assert bibtex_entry(label) == (
        "@misc{l,\n"
        "  title = {{Privigen 10\\%. Label.}},\n"
        "  note = {The title holds the whole citation as written; its parts were not told apart. "
        "Recalled: the source was not read.},\n"
        "}\n"
    )


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("5% & 3$ #1 a_b", r"5\% \& 3\$ \#1 a\_b"),
        ("a\\b", r"a\textbackslash{}b"),
        ("~^", r"\textasciitilde{}\textasciicircum{}"),
        ("{x}", r"\{x\}"),
        ("Fcγ ≥ 2 µg", r"Fc\ensuremath{\gamma} \ensuremath{\geq} 2 \ensuremath{\mu}g"),
        ("Guillain-Barré", "Guillain-Barré"),
    ],
)
def test_what_latex_would_take_as_a_command(text: str, escaped: str) -> None:
    assert latex(text) == escaped
