"""The library an answer is made from: read from the file shipped beside the knowledge, or built.

Building decodes all of ``knowledge/``, over half a second; ``passages.jsonl`` holds the outcome with
the digest of the knowledge it was built from. With another digest (a hospital's own folder, an
edited file) it is not used. ``make docs`` writes it anew, and a test fails when it is stale.
"""

import gc
import json
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from ivig.cited import Citation
from ivig.codec import encode
from ivig.evidence.corpus import (
    Corpus,
    dated,
    mutual,
    placed,
    statement_passages,
    with_asks,
    with_plain,
)
from ivig.evidence.index import Words
from ivig.evidence.library import Library
from ivig.evidence.meaning import read_vectors
from ivig.evidence.names import Name, Names, collect_names
from ivig.evidence.outline import Planned
from ivig.evidence.passage import Passage
from ivig.evidence.say_indication import indication_passages
from ivig.evidence.say_outcome import outcome_passages
from ivig.evidence.say_product import product_passages
from ivig.evidence.say_safety import safety_passages
from ivig.evidence.understand import planned
from ivig.knowledge import Knowledge, shipped_folder

FILE = "passages.jsonl"
VECTORS = "language/vectors.npz"


def open_library(knowledge: Knowledge) -> Library:
    """The library of this knowledge, from the shipped file when that is of the same digest."""
    path = shipped_folder() / FILE
    head: dict[str, Any] = {}
    if path.is_file():
        with path.open(encoding="utf-8") as lines:
            head = json.loads(next(lines, "{}"))
            if head.get("digest") == knowledge.digest:
                with _uncollected():
                    return _read(head, [json.loads(line) for line in lines], knowledge)
    vectors, corpus = read_vectors(shipped_folder() / VECTORS), build_corpus(knowledge)
    library = Library(corpus, vectors)
    own = any(not path.is_relative_to(shipped_folder()) for path in _outline_files(knowledge))
    plans = planned(corpus.outlines, library) if own or not head else _plans(head, corpus)
    return Library(corpus, vectors, library.texts, plans)


@contextmanager
def _uncollected() -> Generator[None]:
    """Without garbage collection: of the many objects that are read none is garbage."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _outline_files(knowledge: Knowledge) -> list[Path]:
    return [path for name, path in knowledge.files.items() if name.startswith("outlines/")]


def _plans(head: Mapping[str, Any], corpus: Corpus) -> list[Planned]:
    """The outlines as they were made ready; what a passage of theirs no longer says is left out."""
    position = {passage.id: at for at, passage in enumerate(corpus.passages)}
    return [
        Planned(
            tuple(asks),
            tuple(position[key] for key in says if key in position),
            *(tuple(names) for names in rest),
        )
        for asks, says, *rest in head["outlines"]
    ]


def build_corpus(knowledge: Knowledge) -> Corpus:
    """Every passage and name of what is known."""
    known = knowledge
    names = collect_names(
        known.indications, known.products, known.reactions, known.language.other_names
    )
    plain = [sentence for file in known.plain.values() for sentence in file.sentences]
    passages = _said(known, names)
    return Corpus(
        passages=mutual(
            dated(
                with_asks(
                    with_plain(placed(passages), plain),
                    known.asks.values(),
                    known.language.kinds,
                ),
                known.sources,
            )
        ),
        names=names,
        language=known.language,
        parents={one.id: one.parent for one in known.indications.values() if one.parent},
        outlines=tuple(one for file in known.outlines.values() for one in file.outlines),
    )


def _said(known: Knowledge, names: Names) -> tuple[Passage, ...]:
    """Each statement and each fact of a record as a passage."""
    cited = [fact for file in known.statements.values() for fact in file.statements]
    return (
        *statement_passages(cited, known.language, names),
        *indication_passages(
            known.indications.values(), known.sources, known.language.patient_words
        ),
        *product_passages(
            known.products.values(),
            known.indications.values(),
            known.sources,
            known.language.patient_words,
        ),
        *safety_passages(
            known.reactions.values(),
            known.vaccines,
            known.laboratory,
            known.infusion,
            known.excipients,
            known.risks,
            known.sources,
        ),
        *outcome_passages(known.outcomes.values(), known.sources),
    )


def library_text(knowledge: Knowledge) -> str:
    """The content of the file: a head with names and digest, then one passage a line."""
    library = Library(build_corpus(knowledge), read_vectors(shipped_folder() / VECTORS))
    corpus = library.corpus
    head = {
        "digest": knowledge.digest,
        "names": [[name.phrase, name.kind, name.id] for name in corpus.names.names],
        "codes": corpus.names.codes,
        "strengths_percent": corpus.names.strengths_percent,
        "parents": corpus.parents,
        "outlines": [_row_of(one, corpus) for one in planned(corpus.outlines, library)],
    }
    rows: list[dict[str, Any]] = [head]
    for passage, its in zip(corpus.passages, library.texts, strict=True):
        rows.append({**_row(passage), "words": [its.text, its.label, its.asks]})
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _row_of(one: Planned, corpus: Corpus) -> list[Any]:
    says = [corpus.passages[at].id for at in one.says]
    return [one.asks, says, one.topics, one.indications, one.products, one.reactions]


def _row(passage: Passage) -> dict[str, Any]:
    """A passage without what is empty; how people ask for it stands among its words."""
    row = cast(dict[str, Any], encode(passage))
    del row["asks"]
    row["citations"] = [[c.source, c.basis, c.at] for c in passage.citations]
    return {key: value for key, value in row.items() if value not in (None, [], False)}


def _read(head: dict[str, Any], rows: list[dict[str, Any]], knowledge: Knowledge) -> Library:
    names = tuple(Name(phrase=p, kind=kind, id=key) for p, kind, key in head["names"])
    codes = {code: tuple(ids) for code, ids in head["codes"].items()}
    corpus = Corpus(
        passages=tuple(_passage(row) for row in rows),
        names=Names(names=names, codes=codes, strengths_percent=head["strengths_percent"]),
        language=knowledge.language,
        parents=head["parents"],
    )
    texts = tuple(Words(*row["words"]) for row in rows)
    vectors = read_vectors(shipped_folder() / VECTORS)
    return Library(corpus, vectors, texts, _plans(head, corpus))


def _passage(row: dict[str, Any]) -> Passage:
    return Passage(
        id=row["id"],
        section=row["section"],
        text=row["text"],
        citations=tuple(
            Citation(source=source, basis=basis, at=at) for source, basis, at in row["citations"]
        ),
        body=row.get("body"),
        year=row.get("year"),
        grade=row.get("grade"),
        topics=tuple(row.get("topics", ())),
        indications=tuple(row.get("indications", ())),
        mentions=tuple(row.get("mentions", ())),
        products=tuple(row.get("products", ())),
        reactions=tuple(row.get("reactions", ())),
        routes=tuple(row.get("routes", ())),
        lead=row.get("lead", False),
        contradicts=tuple(row.get("contradicts", ())),
        plain=row.get("plain"),
        populations=tuple(row.get("populations", ())),
        places=tuple(row.get("places", ())),
    )
