"""Words of a text, with synonyms made one, as the index and the question both see them."""

import re
import unicodedata
from collections.abc import Iterable

_WORD = re.compile(r"[a-z0-9]+(?:[/.][a-z0-9]+)*")
_LONG = 6
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))


def plain_letters(text: str) -> str:
    """Lower case, accents removed, every dash a hyphen."""
    apart = unicodedata.normalize("NFKD", text.translate(_DASHES)).lower()
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def words(text: str) -> list[str]:
    """The words and numbers of a text, in order; a hyphen parts two words."""
    return _WORD.findall(plain_letters(text))


def one_spelling(word: str) -> str:
    """A long word as it is spelt in America: haemolysis, desensitisation, foetal."""
    if len(word) < _LONG:
        return word
    return word.replace("ae", "e").replace("oe", "e").replace("isation", "ization")


def _spelt(text: str) -> tuple[str, ...]:
    return tuple(one_spelling(word) for word in words(text))


class Thesaurus:
    """Replaces each phrase of a group by the group's first."""

    def __init__(self, groups: Iterable[tuple[str, ...]]) -> None:
        self._one = {_spelt(phrase): _spelt(group[0]) for group in groups for phrase in group}
        self._longest = max((len(key) for key in self._one), default=1)

    def unite(self, text: str) -> list[str]:
        """The words of a text, the longest phrase that has a synonym replaced, left to right."""
        found, out, at = _spelt(text), list[str](), 0
        while at < len(found):
            for length in range(min(self._longest, len(found) - at), 0, -1):
                one = self._one.get(tuple(found[at : at + length]))
                if one is not None:
                    out += one
                    at += length
                    break
            else:
                out.append(found[at])
                at += 1
        return out


_STOPWORDS = """a about after again all also am an and any are as at be because been before being between both
    but by can could did do does doing done during each few for from further get gets getting give
    given gives giving go had has have having he her here hers him his how i if in into is it its
    just long many may me might more most much must my need needs no nor not now of off often on
    once only or other our out over own per please same she should so some such take takes taken
    taking tell than that the their them then there these they this those through to too under until
    up us use used uses using very want was we were what when where which while who whom why will
    with would you your explain describe mean means someone person people patient patients s t re ve
    ll don doesn isn aren won hi hello thanks thank question ask answer know think say said exactly
    really there's what's it's"""
STOPWORDS = frozenset(_STOPWORDS.split())


def content(found: Iterable[str]) -> list[str]:
    """Words that carry meaning."""
    return [word for word in found if word not in STOPWORDS and not word.isdigit()]
