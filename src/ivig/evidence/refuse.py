"""When not to answer, and what to say instead."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from ivig.evidence.certainty import certainty, signs
from ivig.evidence.features import Asked
from ivig.evidence.library import Library
from ivig.evidence.question import Question
from ivig.evidence.rank import Scored
from ivig.evidence.text import STOPWORDS, words
from ivig.evidence.understand import OwnWords

Reason = Literal[
    "empty",
    "too_long",
    "not_text",
    "other_language",
    "outside_scope",
    "other_medicine",
    "instruction",
    "personal",
    "too_vague",
    "no_price",
    "not_covered",
]

LONGEST = 2000
"""Characters of a question; more is a document, not a question."""
SETTLED = -2.0
"""The least certainty with which a computed answer may stand."""
PRICED = 0.5
"""Share of what a question of price is about that one passage on cost must hold."""

EMERGENCY = (
    "If this is happening now: stop the infusion, keep the vein open, and call for emergency help "
    "(the ward's emergency team, or the local emergency number at home). Do not restart before a "
    "doctor has decided."
)

MESSAGES: dict[Reason, str] = {
    "empty": "There is no question. Ask in words, e.g. 'What is IVIG?'.",
    "too_long": f"The question is longer than {LONGEST:,} characters. Ask one thing in a sentence or two.",
    "not_text": "This is not readable text. Ask in words, e.g. 'How long does an infusion take?'.",
    "other_language": "Questions are understood in English only so far.",
    "outside_scope": "This does not seem to concern immunoglobulin therapy, the only subject covered here.",
    "other_medicine": "This concerns {what}, which is not covered: only human normal immunoglobulin, "
    "intravenous or subcutaneous, is. The label and the prescriber of that treatment have the answer.",
    "instruction": "This is an instruction, not a question. Ask in words what you want to know.",
    "personal": "A diagnosis, or a decision for one person, is for that person's own team, who can "
    "examine and know the history: it is not made here. Do not stop or change treatment without them.",
    "too_vague": "It is not clear what is asked. Name the condition, the product, the dose or the problem.",
    "no_price": "Prices are not part of what is known here: they differ by country, product, contract and "
    "year; ask the pharmacy or the insurer. The cost scales with the grams given, so body weight, g/kg "
    "and the interval decide it.",
    "not_covered": "Nothing that is known here answers this{what}. Not covered means unknown here, not no.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a question is not answered, and what the person is told."""

    reason: Reason
    message: str

    @property
    def has_more(self) -> bool:
        """Whether what the sources say of the matter in general is worth adding."""
        return self.reason in ("personal", "no_price")


def refusal(reason: Reason, what: str = "") -> Refusal:
    """The refusal with its message."""
    return Refusal(reason=reason, message=MESSAGES[reason].format(what=what))


def refuse_text(text: str, library: Library) -> Refusal | None:
    """A text that cannot be a question in English words."""
    if not text.strip():
        return refusal("empty")
    if len(text) > LONGEST:
        return refusal("too_long")
    letters = [letter for letter in text if letter.isalpha()]
    if any(unicodedata.category(letter) == "Cc" and letter not in "\n\r\t" for letter in text):
        return refusal("not_text")
    if "\N{REPLACEMENT CHARACTER}" in text or len(letters) < 3:
        return refusal("not_text")
    latin = sum("LATIN" in unicodedata.name(letter, "") or letter in "γαβ" for letter in letters)
    if latin < 0.6 * len(letters) or not library.corpus.language.is_english(text):
        return refusal("other_language")
    return None


def refuse_question(question: Question, library: Library) -> Refusal | None:
    """A question that is not ours to answer, whatever the passages hold."""
    text, language = question.text, library.corpus.language
    ours = library.speaks_of_immunoglobulin(text) or bool(question.products)
    if _is_about_another(question, ours, library):
        found = language.other_medicine(text)
        return refusal("other_medicine", found[0].name if found else "")
    if language.is_instruction(text):
        return refusal("instruction")
    not_made = library.corpus.names.strength_not_made(text, question.products)
    if not_made is not None:
        return refusal("not_covered", f" ({not_made}: no such strength is known)")
    if language.asks_what_is_not_held(text):
        return refusal("not_covered")
    if language.is_personal(text):
        return refusal("personal")
    placed = ours or library.is_in_its_setting(text) or language.is_ours(text)
    if not placed and language.asks_of_the_disease(text):
        return refusal(
            "not_covered", " (the disease itself, not its treatment with immunoglobulin)"
        )
    return None


def _is_about_another(question: Question, ours: bool, library: Library) -> bool:
    """Another medicine is the subject: named alone, or first and not compared with ours."""
    text, language = question.text, library.corpus.language
    wanted = language.requested(text)
    if wanted is not None and not _is_of_ours(wanted, library):
        return True
    found = language.other_medicine(text)
    if found is None:
        return False
    other, start = found
    outright = language.names_the_therapy(text) or bool(question.products)
    if outright and not other.always and _only_mentions(text, library):
        return False
    rest = language.without_other_medicines(text)
    placed = not other.infused and (library.is_in_its_setting(rest) or language.is_ours(rest))
    if other.alone:
        return not (ours or placed or question.indications)
    if other.beside and not other.always:
        return not (outright or placed or (ours and not other.family))
    if other.always or not ours:
        return True
    before = library.speaks_of_immunoglobulin(text[:start])
    return not (before or (outright and language.compares(text)))


def _is_of_ours(text: str, library: Library) -> bool:
    """Whether a text names immunoglobulin, a product, or at least an infusion or replacement."""
    return (
        _is_ours(text, library)
        or library.corpus.language.is_ours(text)
        or bool(library.corpus.names.find(text).products)
    )


def _only_mentions(text: str, library: Library) -> bool:
    """What is asked names immunoglobulin and no other medicine, which stands in the story before."""
    asked = [part for part in re.split(r"(?<=[.?!;])\s+", text.strip()) if part.endswith("?")]
    return any(
        library.speaks_of_immunoglobulin(part)
        and library.corpus.language.other_medicine(part) is None
        for part in asked
    )


def refuse_found(
    ask: Asked, own: OwnWords, ranked: Sequence[Scored], library: Library, *, settled: bool
) -> Refusal | None:
    """A question that is unclear, or that the passages found do not answer.

    ``settled``: the engine computed an answer from its numbers.
    """
    unclear = refuse_unclear(ask, own, ranked, library, settled=settled)
    return unclear or _refuse_uncertain(ask, own, ranked, library, settled=settled)


def refuse_unclear(
    ask: Asked, own: OwnWords, ranked: Sequence[Scored], library: Library, *, settled: bool
) -> Refusal | None:
    """A question that names nothing, or that asks a price which no source has."""
    question, language = ask.question, library.corpus.language
    if not (_names(question) or settled or own.focus or _is_ours(question.text, library)):
        return refusal("too_vague")
    if "cost" in question.topics[:2] and language.asks_price(question.text):
        priced = [one for one in ranked[:10] if "cost" in one.passage.topics]
        if question.products or not any(_prices(one, question, own, library) for one in priced):
            return refusal("no_price")
    return None


def _refuse_uncertain(
    ask: Asked, own: OwnWords, ranked: Sequence[Scored], library: Library, *, settled: bool
) -> Refusal | None:
    """A question that what was found does not answer."""
    question, language = ask.question, library.corpus.language
    sure = certainty(signs(ask, own, ranked, library), language.weights_of_signs)
    if (ranked and sure > 0) or (settled and (sure > SETTLED or not own.focus)):
        return None
    ours = language.is_ours(question.text) or _is_ours(question.text, library)
    if not (_names(question) or ours):
        return refusal("outside_scope")
    missing = [word for word in own.focus if not library.index.knows(word)]
    said = f" ({', '.join(missing)}: in no statement)" if missing else ""
    return refusal("not_covered", said)


def _names(question: Question) -> bool:
    return bool(question.indications or question.products or question.reactions)


def _prices(found: Scored, question: Question, own: OwnWords, library: Library) -> bool:
    """Whether a passage on cost is about the very disease, or has the words of the question."""
    return bool(set(found.passage.indications) & set(question.indications)) or _says(
        found, own, library
    )


def _says(found: Scored, own: OwnWords, library: Library) -> bool:
    """Whether a passage itself, not only a way of asking for it, has half of what is asked."""
    asked = [word for word in own.focus if not library.corpus.language.asks_price(word)]
    has = set(library.thesaurus.unite(found.passage.text))
    return bool(asked) and sum(word in has for word in asked) >= PRICED * len(asked)


def _is_ours(text: str, library: Library) -> bool:
    return library.speaks_of_immunoglobulin(text) or library.is_in_its_setting(text)


def nearest_questions(text: str, known: Sequence[str], *, n: int = 4) -> tuple[str, ...]:
    """The questions we can answer that share most words with this one."""
    mine = set(words(text)) - STOPWORDS

    def shared(other: str) -> float:
        its = set(words(other)) - STOPWORDS
        return len(mine & its) / (len(mine | its) or 1)

    def likeness(other: str) -> tuple[float, float]:
        return shared(other), SequenceMatcher(None, text.lower(), other.lower()).ratio()

    likely = sorted(known, key=shared, reverse=True)[: 3 * n]
    return tuple(sorted(likely, key=likeness, reverse=True)[:n])
