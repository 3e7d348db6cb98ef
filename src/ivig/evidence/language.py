"""How people ask: cues for topics, words that mean the same, and what lies outside our scope."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ivig.evidence.patient_words import PatientWords, PatientWordsFile
from ivig.evidence.text import words
from ivig.statement import Topic

COMMONEST, RAREST = 5.5, 3.0
"""Zipf values between which a word goes from everyday to rare."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicCues:
    """Regular expressions for the wording of a question and of a statement on one topic."""

    topic: Topic
    ask: tuple[str, ...]
    say: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicFile:
    """knowledge/language/topics.yaml, the surest topic first."""

    id: str
    topics: tuple[TopicCues, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SynonymFile:
    """knowledge/language/synonyms.yaml: each group's first word stands for all of it."""

    id: str
    groups: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherMedicine:
    """Something that is not immunoglobulin therapy, and how it is recognised."""

    name: str
    pattern: str
    beside: bool = False
    """It is often given beside immunoglobulin: a question that names both is ours."""
    family: bool = False
    """Its own name holds the word immunoglobulin, which then places no question in our subject."""
    alone: bool = False
    """It is the subject only where nothing at all places the question in ours."""
    infused: bool = False
    """It is given by infusion too, which then places no question in our subject."""
    always: bool = False
    """Refused even beside immunoglobulin: nothing is known here of the two together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Danger:
    """Signs of danger and the reactions they most likely are."""

    pattern: str
    reactions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeFile:
    """knowledge/language/scope.yaml"""

    id: str
    others: tuple[OtherMedicine, ...]
    emergencies: tuple[str, ...]
    dangers: tuple[Danger, ...]
    personal: tuple[str, ...]
    not_held: str
    disease_itself: str
    request: str
    instructions: tuple[str, ...]
    ours: str
    explicit: str
    foreign: str
    english: str
    comparing: str
    price: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrdinaryFile:
    """knowledge/language/ordinary.yaml"""

    id: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CommonWords:
    """Words of one class; ``zipf``: log10 of uses per billion words, at least."""

    zipf: float
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CommonWordsFile:
    """knowledge/language/common_words.yaml, the most common class first."""

    id: str
    classes: tuple[CommonWords, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AskableFile:
    """knowledge/language/askable.yaml: questions we can answer, offered beside a refusal."""

    id: str
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NameFile:
    """knowledge/language/names.yaml: what people also call an indication or reaction, by its id."""

    id: str
    indications: dict[str, tuple[str, ...]]
    reactions: dict[str, tuple[str, ...]]
    populations: dict[str, dict[str, str]]
    """Indication → population → the indication that is meant in it."""
    related: dict[str, tuple[str, ...]]
    """Indication → others of the same disease, of which a question about it may speak too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageKind:
    """How people ask for one kind of fact, recognised by the id of its passages."""

    of: str
    asks: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KindFile:
    """knowledge/language/kinds.yaml, the narrowest pattern first."""

    id: str
    kinds: tuple[PassageKind, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RankingFile:
    """knowledge/language/ranking.yaml: what each feature of a passage is worth, and each sign that
    the passages found answer the question."""

    id: str
    features: dict[str, float]
    signs: dict[str, float]


@dataclass(frozen=True, kw_only=True)
class Language:
    """The files together, compiled when first used."""

    topics: tuple[TopicCues, ...]
    groups: tuple[tuple[str, ...], ...]
    scope: ScopeFile
    ordinary: frozenset[str]
    askable: tuple[str, ...]
    other_names: Mapping[str, tuple[str, ...]]
    """Id of an indication or a reaction → what it is also called."""
    in_population: Mapping[str, Mapping[str, str]]
    """Indication → population → the indication that is meant in it."""
    related: Mapping[str, tuple[str, ...]]
    """Indication → others of the same disease."""
    kinds: tuple[PassageKind, ...]
    common: tuple[CommonWords, ...]
    weights: Mapping[str, float]
    """Feature of ``evidence.rank`` → what it is worth."""
    weights_of_signs: Mapping[str, float]
    """Sign of ``evidence.certainty`` → what it is worth."""
    patient_words: PatientWords
    """How a fact is worded for a patient."""

    @cached_property
    def _zipf(self) -> Mapping[str, float]:
        return {word: one.zipf for one in self.common for word in one.words.split()}

    def rarity(self, word: str) -> float:
        """How rare a word is in English, from 0 (everybody's) to 1 (a term of some trade)."""
        forms = (word, *(word.removesuffix(end) for end in ("s", "es", "d", "ed", "ing", "ly")))
        zipf = max(self._zipf.get(form, RAREST) for form in forms)
        return min(1.0, max(0.0, (COMMONEST - zipf) / (COMMONEST - RAREST)))

    @cached_property
    def _asks(self) -> tuple[tuple[Topic, re.Pattern[str]], ...]:
        return tuple((cues.topic, _any_of(cues.ask)) for cues in self.topics if cues.ask)

    @cached_property
    def _says(self) -> tuple[tuple[Topic, re.Pattern[str]], ...]:
        return tuple((cues.topic, _any_of(cues.say)) for cues in self.topics if cues.say)

    @cached_property
    def _emergency(self) -> re.Pattern[str]:
        return _any_of(self.scope.emergencies)

    @cached_property
    def _personal(self) -> re.Pattern[str]:
        return _any_of(self.scope.personal)

    def asked_topics(self, text: str) -> tuple[Topic, ...]:
        """Topics of a question, the surest first; *what_is* only when there is no other."""
        found: list[Topic] = [topic for topic, cue in self._asks if cue.search(text)]
        others: list[Topic] = [topic for topic in found if topic != "what_is"]
        return tuple(dict.fromkeys(others or found))

    def said_topics(self, text: str) -> tuple[Topic, ...]:
        """Topics of a statement."""
        return tuple(topic for topic, cue in self._says if cue.search(text))

    def other_medicine(self, text: str) -> tuple[OtherMedicine, int] | None:
        """The medicine outside our scope that a question names first, and where."""
        found = [
            (hit.start(), other)
            for other in self.scope.others
            if (hit := re.search(other.pattern, text, re.IGNORECASE))
        ]
        if not found:
            return None
        start, other = min(found, key=lambda one: one[0])
        return other, start

    def without_other_medicines(self, text: str) -> str:
        """The text without the names of medicines outside our scope, which may hold our words."""
        for other in self.scope.others:
            if not other.alone:
                text = re.sub(other.pattern, " ", text, flags=re.IGNORECASE)
        return text

    def is_instruction(self, text: str) -> bool:
        """Whether the text tells the program what to do instead of asking."""
        return _any_of(self.scope.instructions).search(text) is not None

    def is_ours(self, text: str) -> bool:
        """Whether a name in the text belongs to our subject, though the therapy is not named."""
        return re.search(self.scope.ours, text, re.IGNORECASE) is not None

    def topic_words(self, text: str) -> tuple[str, ...]:
        """The parts of the text that only say on which topic it is, each as whole words."""
        ends = {hit.span() for _, cue in self._asks for hit in cue.finditer(text)}
        whole = re.compile(r"\w*")
        return tuple(
            text[start:end] + rest.group()
            for start, end in sorted(ends)
            if (rest := whole.match(text, end))
        )

    def names_the_therapy(self, text: str) -> bool:
        """Whether IVIG or SCIG is named outright, not only immunoglobulin as a family."""
        return re.search(self.scope.explicit, text, re.IGNORECASE) is not None

    def compares(self, text: str) -> bool:
        """Whether two treatments are held against each other."""
        return re.search(self.scope.comparing, text, re.IGNORECASE) is not None

    def asks_price(self, text: str) -> bool:
        """Whether a price is asked."""
        return re.search(self.scope.price, text, re.IGNORECASE) is not None

    def is_english(self, text: str) -> bool:
        """Whether the question has fewer than two foreign function words, or more English ones."""
        found = words(text)
        ours = set(self.scope.english.split())
        theirs = set(words(self.scope.foreign)) - ours
        foreign = sum(word in theirs for word in found)
        return foreign < 2 or foreign <= sum(word in ours for word in found)

    def is_emergency(self, text: str) -> bool:
        """Whether somebody may be in danger now."""
        return self._emergency.search(text) is not None

    def asks_what_is_not_held(self, text: str) -> bool:
        """Whether a property is asked that is filed of no product."""
        return re.search(self.scope.not_held, text, re.IGNORECASE) is not None

    def asks_of_the_disease(self, text: str) -> bool:
        """Whether causes, signs or outlook of a disease are asked, and not its treatment."""
        return re.search(self.scope.disease_itself, text, re.IGNORECASE) is not None

    def requested(self, text: str) -> str | None:
        """What a payer is asked to find medically necessary, if the question is such a one."""
        found = re.search(self.scope.request, text, re.IGNORECASE)
        return found[2] if found else None

    def endangering(self, text: str) -> tuple[str, ...]:
        """The reactions that the signs of an emergency most likely are."""
        for danger in self.scope.dangers:
            if re.search(danger.pattern, text, re.IGNORECASE):
                return danger.reactions
        return ("anaphylaxis",)

    def is_personal(self, text: str) -> bool:
        """Whether a diagnosis or a decision for one person is asked."""
        return self._personal.search(text) is not None


def read_language(read: Callable[[str, type[Any]], Any]) -> Language:
    """The language from its files; ``read`` decodes ``knowledge/language/<name>.yaml`` as a type."""
    names: NameFile = read("names", NameFile)
    ranking: RankingFile = read("ranking", RankingFile)
    patient: PatientWordsFile = read("patient_words", PatientWordsFile)
    return Language(
        topics=read("topics", TopicFile).topics,
        groups=read("synonyms", SynonymFile).groups,
        scope=read("scope", ScopeFile),
        ordinary=frozenset(read("ordinary", OrdinaryFile).words.split()),
        askable=read("askable", AskableFile).questions,
        other_names=names.indications | names.reactions,
        in_population=names.populations,
        related=names.related,
        kinds=read("kinds", KindFile).kinds,
        common=read("common_words", CommonWordsFile).classes,
        weights=ranking.features,
        weights_of_signs=ranking.signs,
        patient_words=PatientWords(names=patient.names, words=patient.words),
    )


def _any_of(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)
