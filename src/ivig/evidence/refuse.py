"""When not to answer, and what to say instead."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from ivig.evidence.library import Library
from ivig.evidence.question import Question
from ivig.evidence.rank import Scored
from ivig.evidence.text import STOPWORDS, plain_letters, words
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
RARE = 3.0
"""ln(N / n) from which on a word says what a question is about: in fewer than 5 % of passages."""
OURS = 4.5
"""The same for a word that may stand for our subject by itself: in fewer than 1 % of passages."""
COVERED = 0.5
"""Share of what a question is about that one passage must hold when one of its words is unknown."""
WEAK = 0.15
"""The same when no unknown word looks like a disease and the topic is clear."""
_DISEASE = re.compile(
    r"(itis|osis|asis|a?emia|oma|pathy|algia|penia|plegia|paresis|trophy|ism|lepsy|opia|dynia|"
    r"edema|orrhea|sclerosis|ectasis|cytosis|uria|phobia|thrix|ness)$"
)
HARDLY = 0.2
"""The same when something is named but no topic is recognised."""

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


def refuse_question(
    question: Question, own: OwnWords, library: Library, *, settled: bool
) -> Refusal | None:
    """A question that is not ours to answer, whatever the passages hold.

    ``settled``: the engine computed an answer, so the question is in our subject.
    """
    text, language = question.text, library.corpus.language
    ours = library.speaks_of_immunoglobulin(text) or bool(question.products)
    if _is_about_another(question, ours, library):
        found = language.other_medicine(text)
        return refusal("other_medicine", found[0].name if found else "")
    if language.is_instruction(text):
        return refusal("instruction")
    setting = library.is_in_its_setting(text)
    known = bool(question.indications) or (bool(question.reactions) and setting)
    placed = ours or known or language.is_ours(text) or (setting and question.topics)
    if not (placed or settled) and not _speaks_as_we_do(own, library):
        return refusal("outside_scope")
    return refusal("personal") if language.is_personal(text) else None


def _speaks_as_we_do(own: OwnWords, library: Library) -> bool:
    """Whether all its rare words, two or more, stand together in one passage."""
    focus = [
        word
        for word in (*own.focus, *own.frame)
        if not library.is_ordinary(word) and library.index.weight(word) >= OURS
    ]
    holding = [library.ids_with(word) for word in focus]
    return len(holding) >= 2 and any(all(key in ids for ids in holding) for key in holding[0])


def _is_about_another(question: Question, ours: bool, library: Library) -> bool:
    """Another medicine is the subject: named alone, or first and not compared with ours."""
    text, language = question.text, library.corpus.language
    found = language.other_medicine(text)
    if found is None:
        return False
    other, start = found
    outright = language.names_the_therapy(text) or bool(question.products)
    if other.always or not ours:
        return True
    if other.beside:
        return not (outright or language.is_ours(text) or question.indications)
    before = library.speaks_of_immunoglobulin(text[:start])
    return not (before or (outright and language.compares(text)))


def refuse_found(
    question: Question, own: OwnWords, ranked: Sequence[Scored], library: Library
) -> Refusal | None:
    """A question whose own words no passage holds, or that has none."""
    language = library.corpus.language
    focus = own.focus
    nothing_named = not (question.indications or question.products or question.reactions)
    if nothing_named and not focus and not question.topics:
        return refusal("too_vague")
    if "cost" in question.topics[:2] and language.asks_price(question.text):
        priced = [one for one in ranked[:10] if "cost" in one.passage.topics]
        where = bool(focus) and _share_held(focus, priced, library) >= COVERED
        if not (priced and (where or question.indications)):
            return refusal("no_price")
    if not ranked:
        return refusal("not_covered")
    held = _share_held(focus, ranked, library)
    missing = [term for term in focus if not library.index.knows(term)]
    if nothing_named and not any(_names_a_disease(term, question.text) for term in missing):
        enough = WEAK if question.topics else COVERED
    else:
        enough = COVERED if nothing_named else 0.0 if question.topics else HARDLY
    if not missing or held >= enough:
        return None
    said = f" ({', '.join(missing)}: in no statement)" if missing else ""
    return refusal("not_covered", said)


def _names_a_disease(term: str, text: str) -> bool:
    """Whether a word looks like the name of a disease: by its ending, or by what follows it."""
    return bool(
        _DISEASE.search(term)
        or re.search(
            rf"\b{re.escape(term)}\w*\b(\W+\w+)?\W+(syndrome|disease|disorder|deficiency)\b",
            plain_letters(text),
        )
    )


def _share_held(focus: Sequence[str], ranked: Sequence[Scored], library: Library) -> float:
    """Of the rare words of the question, by rarity, the share that the best passages hold."""
    rare = {term: weight for term in focus if (weight := library.index.weight(term)) >= RARE}
    if not rare or not ranked:
        return 1.0 if focus and ranked else 0.0
    best = {one.passage.id for one in ranked[:25]}
    holding = {term: best & library.ids_with(term) for term in rare}
    held = (sum(w for term, w in rare.items() if key in holding[term]) for key in best)
    return max(held) / sum(rare.values())


def nearest_questions(text: str, known: Sequence[str], *, n: int = 4) -> tuple[str, ...]:
    """The questions we can answer that share most words with this one."""
    mine = set(words(text)) - STOPWORDS

    def likeness(other: str) -> tuple[float, float]:
        its = set(words(other)) - STOPWORDS
        shared = len(mine & its) / (len(mine | its) or 1)
        return shared, SequenceMatcher(None, text.lower(), other.lower()).ratio()

    return tuple(sorted(known, key=likeness, reverse=True)[:n])
