"""A library of six passages, small enough to say what each question should find."""

from ivig.cited import Citation
from ivig.evidence.corpus import Corpus, mutual
from ivig.evidence.language import Language
from ivig.evidence.library import Library
from ivig.evidence.meaning import Vectors, read_vectors
from ivig.evidence.names import Name, Names
from ivig.evidence.passage import Passage
from ivig.knowledge import load_knowledge, shipped_folder
from ivig.library import VECTORS


def passage(key: str, text: str, **fields: object) -> Passage:
    given: dict[str, object] = {
        "section": "guideline",
        "citations": (Citation(source=f"source_{key}", basis="read"),),
        "year": 2020,
    }
    return Passage(id=key, text=text, **{**given, **fields})  # type: ignore[arg-type]


def language() -> Language:
    return load_knowledge().language


PASSAGES = mutual(
    (
        passage(
            "is",
            "IVIG is a concentrate of antibodies pooled from thousands of donors.",
            topics=("what_is",),
            lead=True,
            plain="IVIG is a mix of antibodies from many donors.",
        ),
        passage(
            "cidp_yes",
            "IVIG is strongly recommended in CIDP.",
            topics=("indicated",),
            indications=("cidp",),
            contradicts=("cidp_no",),
            year=2021,
        ),
        passage(
            "cidp_no",
            "IVIG is not recommended in stable CIDP without disability.",
            topics=("indicated",),
            indications=("cidp",),
            year=2010,
        ),
        passage(
            "cidp_dose",
            "In CIDP give 2 g/kg over 2-5 days.",
            topics=("dose",),
            indications=("cidp",),
            section="label",
        ),
        passage(
            "itp_dose",
            "In ITP give 1 g/kg once.",
            topics=("dose",),
            indications=("itp",),
        ),
        passage(
            "headache",
            "Headache follows one infusion in five and eases when the rate is lowered.",
            topics=("side_effect", "management"),
            reactions=("headache",),
            section="research",
        ),
    )
)

NAMES = Names(
    names=(
        Name(phrase="CIDP", kind="indication", id="cidp"),
        Name(
            phrase="chronic inflammatory demyelinating polyneuropathy",
            kind="indication",
            id="cidp",
        ),
        Name(phrase="ITP", kind="indication", id="itp"),
        Name(phrase="MG", kind="indication", id="mg_crisis"),
        Name(phrase="dermatomyositis", kind="indication", id="dermatomyositis"),
        Name(phrase="Octagam", kind="product", id="octagam_5"),
        Name(phrase="Octagam", kind="product", id="octagam_10"),
        Name(phrase="Octagam 10 %", kind="product", id="octagam_10"),
        Name(phrase="headache", kind="reaction", id="headache"),
    ),
    codes={"G61.81": ("cidp",), "D69.3": ("itp", "itp_child")},
)


def library() -> Library:
    return Library(
        Corpus(passages=PASSAGES, names=NAMES, language=language(), parents={"itp_child": "itp"}),
        vectors(),
    )


def vectors() -> Vectors:
    """The word vectors that are shipped."""
    return read_vectors(shipped_folder() / VECTORS)
