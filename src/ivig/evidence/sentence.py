"""Words around a fact, so that it can be said alone: what it is about, then the fact as filed."""

import re
from collections.abc import Iterable, Mapping, Sequence

from ivig.cited import Citation, Source, SourceKind, weakest
from ivig.evidence.passage import Passage
from ivig.indication import Indication
from ivig.patient import Route
from ivig.product import Product
from ivig.statement import Section, Topic

Sources = Mapping[str, Source]

ROUTE_WORDS: dict[Route, str] = {
    "iv": "intravenous",
    "sc": "subcutaneous",
    "fsc": "facilitated subcutaneous",
}

_SECTIONS: dict[SourceKind, Section] = {
    "label": "label",
    "guideline": "guideline",
    "standard": "guideline",
    "handbook": "guideline",
    "website": "guideline",
    "research": "research",
}

# First words that keep their capital inside a sentence and show it by no second capital or digit.
_PROPER = re.compile(
    r"Alzheimer|Asceniv|Australia|Australian|Bivigam|Blue|British|Canada|Canadian|"
    r"Carimune|Clostridioides|Cohn|Coombs|Creutzfeldt|Devine|Elsevier|England|"
    r"English|Evans|Flebogamma|French|Gammagard|Gammaked|Gammaplex|Gamunex|Guillain|"
    r"Hizentra|Isaac|Kawasaki|Kiovig|Kobayashi|Lambert|Miller|Nova|Octagam|Ontario|"
    r"Panzyga|Pneumocystis|Privigen|Rasmussen|Red|Scotland|Scottish|Stevens|Wiskott"
)


def passage(
    id: str,
    text: str,
    citations: Sequence[Citation],
    sources: Sources,
    *,
    topics: tuple[Topic, ...],
    section: Section | None = None,
    indications: tuple[str, ...] = (),
    products: tuple[str, ...] = (),
    reactions: tuple[str, ...] = (),
    routes: tuple[Route, ...] = (),
    lead: bool = False,
    plain: str | None = None,
) -> Passage:
    """A passage whose section, body and year are those of its first source that is known."""
    if _RECALLED in text:
        text = text.replace(_RECALLED, "")
        citations = [_recall(one) for one in citations]
    named = [one.source for one in citations if one.source is not None]
    source = sources[named[0]] if named else None
    return Passage(
        id=id,
        section=section or ("guideline" if source is None else section_of(source)),
        text=as_sentence(text),
        citations=tuple(dict.fromkeys(citations)),
        body=None if source is None else source.body,
        year=None if source is None else source.year,
        topics=topics,
        indications=indications,
        products=products,
        reactions=reactions,
        routes=routes,
        lead=lead,
        plain=plain,
    )


def about_product(
    product: Product,
    part: str,
    text: str,
    citations: Sequence[Citation],
    sources: Sources,
    *topics: Topic,
    plain: str | None = None,
    indications: tuple[str, ...] = (),
    routes: tuple[Route, ...] = (),
) -> Passage:
    """A passage about a product: label, unless the source is a paper."""
    named = [sources[one.source] for one in citations if one.source is not None]
    research = bool(named) and section_of(named[0]) == "research"
    return passage(
        f"products/{product.id}#{part}",
        text,
        citations,
        sources,
        section="research" if research else "label",
        topics=topics,
        indications=indications,
        products=(product.id,),
        routes=routes,
        plain=plain,
    )


_RECALLED = " (recalled)"
"""A remark inside a fact that part of it is recalled: the basis says it of the whole."""


def _recall(one: Citation) -> Citation:
    return Citation(source=one.source, at=one.at, basis=weakest(one.basis, "recalled"))


def section_of(source: Source) -> Section:
    """A label speaks as label, a paper as research, everything else as guideline."""
    return _SECTIONS[source.kind]


def framed(head: str, text: str) -> str:
    """What it is about, then the fact: "Headache, timing: mild effects fade …".

    A fact that opens with words and a colon of its own goes on after a comma.

    >>> framed("Thrombosis, timing", "Arterial events: 49% within 4 hours")
    'Thrombosis, timing, arterial events: 49% within 4 hours'
    """
    opening, colon, _ = text.partition(": ")
    own = bool(colon) and len(opening) <= _OPENING and not set(opening) & {".", "("}
    return f"{head}{',' if own else ':'} {inside(text)}"


_OPENING = 40


def inside(text: str) -> str:
    """The text as it stands inside a sentence: a small first letter unless it is a name.

    >>> inside("Slow the infusion."), inside("Ontario first line."), inside("IgG and CD4 count.")
    ('slow the infusion.', 'Ontario first line.', 'IgG and CD4 count.')
    """
    first = re.split(r"[^\w]", text, maxsplit=1)[0]
    rest = text[len(first) : len(first) + 1]
    named = bool(_PROPER.fullmatch(first) or re.search(r"[A-Z0-9]", first[1:]))
    letter = len(first) == 1 and (first != "A" or rest == "-")
    if named or letter:
        return text
    return text[:1].lower() + text[1:]


def as_sentence(text: str) -> str:
    """A capital at the start and a full stop at the end."""
    whole = " ".join(text.split()).replace(" %", "%")
    whole = whole[:1].upper() + whole[1:]
    return whole if whole.endswith((".", "?", "!")) else f"{whole}."


def listed(words: Iterable[str], last: str = "and") -> str:
    """
    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    several = list(words)
    return f" {last} ".join([", ".join(several[:-1]), several[-1]] if several[1:] else several)


def number(value: float) -> str:
    """A number as filed: no rounding, no exponent."""
    return f"{value:.12g}"


def short_names(indications: Iterable[Indication]) -> dict[str, str]:
    """How a sentence names each indication: without brackets; a long name by its abbreviation."""
    return {one.id: _short_name(one) for one in indications}


def _short_name(indication: Indication) -> str:
    name = re.sub(r" \(.*?\)", "", indication.name).replace(" / ", " or ")
    name = name.replace(", adult", " in adults").replace(", child", " in children")
    name = re.sub(r": (.*)", r" (\1)", name)
    joined = re.search(r",| and | after | with | or | in ", name)
    if len(name) <= _LONG or joined is not None:
        return name
    fitting = [word for word in indication.synonyms[:2] if _abbreviates(word, name)]
    return fitting[0] if fitting else name


def _abbreviates(word: str, name: str) -> bool:
    """Capitals that stand in this order in the name: CIDP does, a narrower disease does not."""
    letters = iter(name.upper())
    return word.isupper() and len(word) <= _ABBREVIATION and all(one in letters for one in word)


_ABBREVIATION = 6
_LONG = 25


def plain_name(product: str) -> str:
    """A product's name as printed on the page: Octagam 10%."""
    return product.replace(" %", "%")
