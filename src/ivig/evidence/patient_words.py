"""What a record says, in a patient's words: names, units and phrases, and what reads easily."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from ivig.evidence.sentence import as_sentence, listed
from ivig.patient import Route

BY_ROUTE: dict[Route, str] = {
    "iv": "into a vein",
    "sc": "under the skin",
    "fsc": "under the skin with hyaluronidase",
}
PER_KG = "mL an hour for each kg of body weight"
GRADE = 7.8
LONGEST_MEAN_WORDS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainWord:
    """A regular expression for the wording of a record, and what stands in its place."""

    of: str
    plain: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientWordsFile:
    """knowledge/language/patient_words.yaml; ``words`` in the order in which they are applied."""

    id: str
    names: dict[str, str]
    words: tuple[PlainWord, ...]


@dataclass(frozen=True, kw_only=True)
class PatientWords:
    """The file at hand; an empty one says nothing to a patient."""

    names: Mapping[str, str] = field(default_factory=dict[str, str])
    """Id of an indication → what a patient calls it."""
    words: tuple[PlainWord, ...] = ()

    @cached_property
    def _patterns(self) -> list[tuple[re.Pattern[str], str]]:
        return [(re.compile(one.of), one.plain) for one in self.words]

    def of(self, text: str) -> str:
        """The text with each phrase and unit as a patient knows it."""
        said = " ".join(text.split()).removesuffix(".")
        for pattern, plain in self._patterns:
            said = pattern.sub(plain, said)
        return said


def plain(*sentences: str | None, names: Iterable[str] = ()) -> str | None:
    """The sentences as one text; None when one is missing or the whole is hard to read.

    ``names`` are those of the product and its maker, which no one can choose.

    >>> plain("it comes in 5 g", "it is ready to use")
    'It comes in 5 g. It is ready to use.'
    >>> plain("ADL, MRC sum, MMT-8 × 2")
    """
    if not all(sentences):
        return None
    text = " ".join(as_sentence(_opened(one)) for one in sentences if one)
    read = text
    for name in names:
        read = read.replace(name, "it")
    return text if is_plain(read) else None


def in_turn(head: str, also: str, items: Sequence[str], size: int = 4) -> list[str]:
    """A long list as short sentences.

    >>> in_turn("these are", "others are", ["fever", "rash", "cough"], 2)
    ['these are fever and rash', 'others are cough']
    """
    parts = [items[i : i + size] for i in range(0, len(items), size)]
    return [f"{also if i else head} {listed(part)}" for i, part in enumerate(parts)]


def _opened(text: str) -> str:
    """A capital after each full stop: a phrase may bring a stop of its own."""
    capital: Callable[[re.Match[str]], str] = lambda found: found[0].upper()  # noqa: E731
    return re.sub(r"(?<=[.?!] )[a-z]", capital, text.replace(" .", "."))


def is_plain(text: str) -> bool:
    """Whether a patient can read it: short sentences, short words, no signs and no codes."""
    if _SIGNS.search(text) or _HARD.search(text) or _CODES.search(_KNOWN.sub("", text)):
        return False
    sentences = [part for part in re.split(r"(?<=[.?!])\s+", text) if part]
    if any(part.count("(") != part.count(")") for part in sentences):
        return False
    words = text.split()
    mean = len(words) / len(sentences)
    syllables = sum(_syllables(word) for word in words)
    grade = 0.39 * mean + 11.8 * syllables / len(words) - 15.59
    return mean <= LONGEST_MEAN_WORDS and grade <= GRADE


def _syllables(word: str) -> int:
    """About as many as there are groups of vowels, without a silent e."""
    groups = len(re.findall(r"[aeiouyé]+", re.sub(r"(?<=[^l])e\b", "", word.lower())))
    return max(groups, 1)


_SIGNS = re.compile(r"[×=<>≥≤+;µ_]|(?<!mg)(?<!\d g)/(?!dL)|\bx\d")
_HARD = re.compile(
    r"(?i)immunoglob|hypogamma|haemoly|hemoly|thrombo|thrombi|infusion|gammopath|aplasia|anticoag|"
    r"gestation|haemorrh|photothera|haemostat|neuraxial|defervesc|immunobull|exacerb|viscosit|"
    r"reticulocyt|bactericid|antimicrob|bulbar|arterial|glucocort|embolism|\\bmusk|escalat|"
    r"annualis|disseminat|lymphocyt|deteriorat|monotherap|refractor|prophyla|contraindic"
)
_CODES = re.compile(r"\b[A-Z]{2,}[A-Za-z0-9]*\b")
_KNOWN = re.compile(
    r"\b(?:US|EU|UK|BMI|IV|SC|IVIG|SCIG|IgA|IgG|PID|CIDP|MMN|ITP|CLL|CVID|XLA|SCID|ADEM|NMOSD|AIHA|ALS|"
    r"ANCA|CAR-T|CAPS|FNAIT|GALD|HDFN|HIT|HLH|MAG|LEMS|MIS-C|MOGAD|OMS|HIV|PANS|PANDAS|PRCA|SAD|"
    r"SJS|TEN|VITT|DIF|NF|ERC|S/D|C/B|L-proline|rHuPH20)\b|S/D\b"
)
