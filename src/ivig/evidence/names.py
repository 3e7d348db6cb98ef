"""Which indication, product, reaction, route or population a text names."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from typing import Literal

from ivig.evidence.text import words
from ivig.indication import Indication
from ivig.product import Product
from ivig.safety import Reaction

NameKind = Literal["indication", "product", "reaction"]

_ENGLISH_WORDS = "was sad ten mg hit caps all als aid pan ms cap men ai it tss aha ad hd pep sle ra hus pi pans asd ibm skin"
_ENGLISH = frozenset(_ENGLISH_WORDS.split())
"""Abbreviations that are also words or units: they count only in capitals."""
_LONG_ENOUGH = 8
"""Letters from which a disease is known without the word disease or syndrome."""
_BRAND = 7
"""Letters from which the first word of a brand is known alone: Gamunex, Gammagard."""
_CODE = re.compile(r"\b[A-TV-Z][0-9][0-9A-Z](?:\.[0-9A-Z]{1,4})?\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A phrase and what it names."""

    phrase: str
    kind: NameKind
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What a text names, ids in order of appearance, and the words that named it."""

    indications: tuple[str, ...]
    products: tuple[str, ...]
    reactions: tuple[str, ...]
    routes: tuple[str, ...]
    populations: tuple[str, ...]
    places: tuple[str, ...]
    words: frozenset[str]


ROUTES = {
    "fsc": r"\bfacilitated\b|\bfscig\b|\bhyaluronidase\b|\bhyqvia\b",
    "sc": r"\bsub.?cut\w*|\bscig\b|\bsub.?q\b|\bsq\b|\bs\.?c\.?\b|\bunder the skin\b",
    "iv": r"\bintra.?ven\w*|\biv\b|\bivig\b|\bigiv\b|\bdrip\b",
}
POPULATIONS = {
    "child": r"\bchild|\binfant|\bbab(y|ies)\b|\bneonat|\bp(a)?ediatric|\bmy (son|daughter|kid)|\bnewborn|\btoddler|\bteen|\bpreterm|\bpremature (baby|infant|neonate)|\b\d+[ -]?(month|week|day)s?[ -]old|\b([0-9]|1[0-7])[ -]?(year|yr)s?[ -]old|\b(one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)[ -]year[ -]old|\byoungster|\b(boy|girl)s?\b",
    "pregnancy": r"\bpregnan|\bgestation|\bantenatal|\bexpecting\b|\bbreast.?feed|\blactat|\btrimester",
    "elderly": r"\belderly|\bolder (adult|patient|people)|\bgeriatric|\bover 65|\b(6[5-9]|[789]\d)[ -]?(year|yr)s?[ -]old",
    "obese": r"\bobes|\boverweight|\bBMI\b",
    "renal": r"\bkidney (disease|failure|problem|injury|impairment)|\brenal (disease|failure|impairment|insufficien)|\bCKD\b|\bdialysis|\beGFR",
    "diabetes": r"\bdiabet",
    "iga_deficiency": r"\biga[- ]?deficien|\b(low|no|absent) iga\b|\banti.?iga",
    "thrombosis_history": r"\bhistory of (a )?(clot|dvt|stroke|thrombo|pe\b)|\bprevious (clot|dvt|stroke|thrombo)",
}


PLACES = {
    "us": r"\bFDA\b|\b(the )?US\b|\bU\.S\.|\bUnited States|\bAmerica|\bAANEM\b|\bAAAAI\b|\bMedicare|\bMedicaid|\bASFA\b",
    "uk": r"\bEngland|\bEnglish\b|\bNHS\b|\bUK\b|\bBritish|\bBritain|\bUnited Kingdom|\bScotland|\bScottish|\bUKHSA\b",
    "ca": r"\bOntario|\bCanad|\bNova Scotia|\bORBCoN|\bCBS\b",
    "au": r"\bAustralia|\bBloodSTAR|\bNBA\b",
    "eu": r"\bEU\b|\bEurop|\bEMA\b|\bEAN\b|\bEFNS\b|\bSmPC\b",
}
"""Whose rule or label a text speaks of; capitals count."""


@dataclass(frozen=True, kw_only=True)
class Names:
    """All names, for looking them up in a text."""

    names: tuple[Name, ...]
    codes: Mapping[str, tuple[str, ...]]
    """ICD-10-CM code → indication ids."""
    strengths_percent: Mapping[str, float] = field(default_factory=dict[str, float])
    """Id of a liquid product → g of IgG in 100 mL, which is its strength in percent."""

    @cached_property
    def _phrases(self) -> dict[tuple[str, ...], tuple[Name, ...]]:
        found: dict[tuple[str, ...], tuple[Name, ...]] = {}
        for name in self.names:
            key = tuple(words(name.phrase))
            if key:
                found[key] = (*found.get(key, ()), name)
        return found

    @cached_property
    def _longest(self) -> int:
        return max(len(key) for key in self._phrases)

    @cached_property
    def _single(self) -> list[str]:
        """Long names of one word, worth recognising when misspelt."""
        return [key[0] for key in self._phrases if len(key) == 1 and len(key[0]) >= 6]

    def find(self, text: str) -> Named:
        """What a text names: the longest phrase wins, a misspelt single word is recognised."""
        found = words(text)
        capitals = set(re.findall(r"\b[A-Z]{2,}\b", text))
        hits: list[Name] = []
        used: set[str] = set()
        at = 0
        while at < len(found):
            length, names = self._at(found, at, capitals)
            hits += names
            used.update(found[at : at + length] if _says_all(names) else ())
            at += max(length, 1)
        hits += [
            Name(phrase=code, kind="indication", id=key)
            for code in _CODE.findall(text.upper())
            for key in self._coded(code)
        ]
        return Named(
            indications=_ids(hits, "indication"),
            products=_of_one_market(_ids(hits, "product"), text),
            reactions=_ids(hits, "reaction"),
            routes=_matching(ROUTES, text),
            populations=populations_in(text),
            places=places_in(text),
            words=frozenset(used),
        )

    def strength_not_made(self, text: str, products: Iterable[str]) -> str | None:
        """A brand with a strength that it does not have, as *Octagam 15 %*.

        A powder can be made up to several strengths_percent and is never found wanting.
        """
        named = tuple(products)
        made = {self.strengths_percent.get(key) for key in named}
        brands = {name.phrase for name in self.names if name.id in named}
        if None in made:
            return None
        for brand in sorted(brands, key=len, reverse=True):
            hit = re.search(
                rf"\b{re.escape(brand)}\W{{1,3}}(\d+(?:\.\d+)?)\s?%", text, re.IGNORECASE
            )
            if hit and float(hit[1]) not in made:
                return hit.group()
        return None

    def _coded(self, code: str) -> tuple[str, ...]:
        """Ids of a code, or of every code below it when it is a category."""
        exact = self.codes.get(code)
        if exact or "." in code:
            return exact or ()
        below = [ids for known, ids in self.codes.items() if known.startswith(f"{code}.")]
        return tuple(dict.fromkeys(key for ids in below for key in ids))

    def _at(self, found: list[str], at: int, capitals: set[str]) -> tuple[int, tuple[Name, ...]]:
        for length in range(min(self._longest, len(found) - at), 0, -1):
            key = tuple(found[at : at + length])
            names = self._phrases.get(key) or self._phrases.get(_singular(key))
            if names and not (
                length == 1 and key[0] in _ENGLISH and key[0].upper() not in capitals
            ):
                return length, names
        word = found[at]
        if len(word) >= 7 and word not in self._single:
            close = get_close_matches(word, self._single, n=1, cutoff=0.87)
            if close:
                return 1, self._phrases[(close[0],)]
        return 0, ()


def _says_all(names: tuple[Name, ...]) -> bool:
    """Whether nothing is lost when the words of a name are left out of a search by words.

    One reaction has many names, so the words of a reaction are looked for too.
    """
    return bool(names) and any(name.kind != "reaction" for name in names)


def _of_one_market(products: tuple[str, ...], text: str) -> tuple[str, ...]:
    """A brand sold in two markets under two labels means the US one unless Europe is named."""
    if re.search(r"\b(EU|UK|Europ\w*|EMA|SmPC|British|England)\b", text):
        return products
    return tuple(
        key
        for key in products
        if key.removesuffix("_eu") not in products or not key.endswith("_eu")
    )


def _singular(key: tuple[str, ...]) -> tuple[str, ...]:
    return (*key[:-1], key[-1].removesuffix("s"))


def _ids(hits: Iterable[Name], kind: NameKind) -> tuple[str, ...]:
    return tuple(dict.fromkeys(hit.id for hit in hits if hit.kind == kind))


def populations_in(text: str) -> tuple[str, ...]:
    """Whom a text singles out."""
    return _matching(POPULATIONS, text)


def places_in(text: str) -> tuple[str, ...]:
    """Whose rule or label a text speaks of."""
    return tuple(key for key, cue in PLACES.items() if re.search(cue, text))


def _matching(patterns: Mapping[str, str], text: str) -> tuple[str, ...]:
    return tuple(key for key, cue in patterns.items() if re.search(cue, text, re.IGNORECASE))


def collect_names(
    indications: Mapping[str, Indication],
    products: Mapping[str, Product],
    reactions: Mapping[str, Reaction],
    other_names: Mapping[str, tuple[str, ...]],
) -> Names:
    """Every name, synonym, brand and code of what is known; ``other_names`` by id.

    A brand sold at several strengths_percent (Octagam 5 %, 10 %) is also known by the brand alone.
    """
    names: dict[tuple[str, str], Name] = {}

    def add(phrase: str, kind: NameKind, key: str) -> None:
        names.setdefault((phrase.lower(), key), Name(phrase=phrase, kind=kind, id=key))

    for one in indications.values():
        also = other_names.get(one.id, ())
        for phrase in (one.id.replace("_", " "), one.name, *one.synonyms, *also):
            add(phrase, "indication", one.id)
            bare = re.sub(r"\s*\(.*?\)", "", phrase)
            add(bare, "indication", one.id)
            short = re.sub(r"\s+(disease|syndrome|disorder)$", "", bare, flags=re.IGNORECASE)
            if len(short) >= _LONG_ENOUGH:
                add(short, "indication", one.id)
    for product in products.values():
        brand = re.sub(r"\s*(\(.*?\)|\d.*)$", "", product.name)
        for phrase in (product.id.replace("_", " "), product.name, brand):
            add(phrase, "product", product.id)
        alone = re.split(r"[ -]", brand)[0]
        if len(alone) >= _BRAND:
            add(alone, "product", product.id)
    for reaction in reactions.values():
        also = other_names.get(reaction.id, ())
        for phrase in (reaction.id.replace("_", " "), reaction.name, *reaction.synonyms, *also):
            add(phrase, "reaction", reaction.id)
    codes: dict[str, tuple[str, ...]] = {}
    for one in indications.values():
        for code in one.icd10_cm.value:
            codes[code] = (*codes.get(code, ()), one.id)
    return Names(
        names=tuple(names.values()),
        codes=codes,
        strengths_percent=_strengths_percent(products.values()),
    )


def _strengths_percent(products: Iterable[Product]) -> dict[str, float]:
    return {
        one.id: one.igg_mg_per_mL.value / 10
        for one in products
        if one.igg_mg_per_mL is not None
        and one.dosage_form is not None
        and not re.search(r"lyophili|powder|freeze-dried", one.dosage_form.value)
    }
