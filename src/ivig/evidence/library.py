"""The corpus with its index: made once, asked many times."""

from collections.abc import Sequence
from functools import cached_property

from ivig.evidence.corpus import Corpus
from ivig.evidence.index import Index, Words, united
from ivig.evidence.meaning import Meaning, Vectors
from ivig.evidence.outline import Planned, Plans
from ivig.evidence.passage import Passage
from ivig.evidence.text import Thesaurus, words
from ivig.statement import Topic

IMMUNOGLOBULIN = frozenset(("ivig", "scig", "fscig", "immunoglobulin", "igg"))
"""What every question here is about, as the thesaurus writes it."""

FINDS_ALL = frozenset(("ivig", "immunoglobulin", "igg"))
"""Of these, the words that find everything, so that nothing is searched by them."""

SETTING = frozenset(
    [
        "infusion",
        "infusions",
        "infuse",
        "infused",
        "infusing",
        "drip",
        "plasma",
        "antibody",
        "antibodies",
        "trough",
        "bottle",
        "vial",
        "vials",
    ]
)
"""Words that place a question in immunoglobulin therapy when the word itself is missing."""


class Library:
    """A corpus and what is derived from it when first needed."""

    def __init__(
        self,
        corpus: Corpus,
        vectors: Vectors,
        texts: tuple[Words, ...] | None = None,
        planned: Sequence[Planned] = (),
    ) -> None:
        """``texts``: the words of the passages as the index holds them, when already made.

        ``planned``: the outlines made ready for matching; without them none is followed.
        """
        self.corpus = corpus
        self._vectors = vectors
        self.plans = Plans(planned, vectors)
        self._texts = texts

    @cached_property
    def thesaurus(self) -> Thesaurus:
        """Synonyms made one."""
        return Thesaurus(self.corpus.language.groups)

    @cached_property
    def texts(self) -> tuple[Words, ...]:
        """Of each passage its words as the index holds them."""
        if self._texts is not None:
            return self._texts
        first: dict[str, str] = {}
        for name in self.corpus.names.names:
            first[name.id] = max(first.get(name.id, ""), name.phrase, key=len)
        labels = [
            " ".join(
                first.get(key, "") for key in (*one.indications, *one.products, *one.reactions)
            )
            for one in self.corpus.passages
        ]
        return united(self.corpus.passages, labels, self.thesaurus)

    @cached_property
    def index(self) -> Index:
        """The full-text index."""
        return Index(self.texts, self.thesaurus)

    @cached_property
    def meaning(self) -> Meaning:
        """The passages' words with their vectors."""
        return Meaning(self._vectors, self.texts)

    @cached_property
    def by_id(self) -> dict[str, Passage]:
        """Passages by id."""
        return {passage.id: passage for passage in self.corpus.passages}

    @cached_property
    def on_topic(self) -> dict[Topic, tuple[int, ...]]:
        """Positions of the passages on each topic."""
        found: dict[Topic, list[int]] = {}
        for at, passage in enumerate(self.corpus.passages):
            for topic in passage.topics:
                found.setdefault(topic, []).append(at)
        return {topic: tuple(its) for topic, its in found.items()}

    @cached_property
    def about(self) -> dict[str, tuple[int, ...]]:
        """Positions of the passages on each indication, product and reaction, by its id."""
        found: dict[str, list[int]] = {}
        for at, one in enumerate(self.corpus.passages):
            for key in (*one.indications, *one.products, *one.reactions):
                found.setdefault(key, []).append(at)
        return {key: tuple(its) for key, its in found.items()}

    def is_ordinary(self, word: str) -> bool:
        """Whether the word, in any form, is one whose absence from all passages says nothing."""
        known = self.corpus.language.ordinary
        return any(
            word.removesuffix(end) in known for end in ("", "s", "es", "d", "ed", "ing", "ly")
        )

    def ids_with(self, term: str) -> set[str]:
        """Ids of the passages that have a word, in any of its forms."""
        return {self.corpus.passages[at].id for at in self.index.holding(term)}

    def speaks_of_immunoglobulin(self, text: str) -> bool:
        """Whether the text names the therapy, in any of its words."""
        return bool(IMMUNOGLOBULIN & set(self.thesaurus.unite(text)))

    def is_in_its_setting(self, text: str) -> bool:
        """Whether the text speaks of an infusion, plasma or antibodies."""
        return bool(SETTING & set(words(text)))
