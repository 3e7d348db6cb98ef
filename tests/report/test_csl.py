"""CSL-JSON of the shape its schema asks for, with nothing that is not recorded."""

import json

from jsonschema import Draft7Validator

from ivig.cited import Source
from ivig.knowledge import Knowledge
from ivig.report.csl import csl_item, to_csl

TYPES = frozenset(
    [
        "article",
        "article-journal",
        "article-magazine",
        "article-newspaper",
        "bill",
        "book",
        "broadcast",
        "chapter",
        "classic",
        "collection",
        "dataset",
        "document",
        "entry",
        "entry-dictionary",
        "entry-encyclopedia",
        "event",
        "figure",
        "graphic",
        "hearing",
        "interview",
        "legal_case",
        "legislation",
        "manuscript",
        "map",
        "motion_picture",
        "musical_score",
        "pamphlet",
        "paper-conference",
        "patent",
        "performance",
        "periodical",
        "personal_communication",
        "post",
        "post-weblog",
        "regulation",
        "report",
        "review",
        "review-book",
        "software",
        "song",
        "speech",
        "standard",
        "thesis",
        "treaty",
        "webpage",
    ]
)
TEXT = {"type": "string", "minLength": 1}
DATE = {
    "type": "object",
    "properties": {
        "date-parts": {
            "type": "array",
            "minItems": 1,
            "maxItems": 1,
            "items": {
                "type": "array",
                "minItems": 1,
                "maxItems": 3,
                "items": {"type": "integer", "minimum": 1},
            },
        }
    },
    "required": ["date-parts"],
    "additionalProperties": False,
}
NAME = {
    "type": "object",
    "properties": {"family": TEXT, "given": TEXT, "suffix": TEXT, "literal": TEXT},
    "anyOf": [{"required": ["family", "given"]}, {"required": ["literal"]}],
    "additionalProperties": False,
}
SCHEMA = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {
            "type": {"enum": sorted(TYPES)},
            "id": TEXT,
            "author": {"type": "array", "minItems": 1, "items": NAME},
            "issued": DATE,
            "accessed": DATE,
            "DOI": {"type": "string", "pattern": "^10\\.[0-9]{4,9}/"},
            "PMID": {"type": "string", "pattern": "^[0-9]+$"},
            "URL": {"type": "string", "pattern": "^https?://"},
        }
        | dict.fromkeys(
            ("title", "container-title", "volume", "issue", "page", "edition", "note"), TEXT
        ),
        "required": ["type", "id", "title"],
        "additionalProperties": False,
    },
}


def test_every_source_has_the_shape_of_the_schema(knowledge: Knowledge) -> None:
    data = json.loads(to_csl(knowledge.sources.values()))
    Draft7Validator(SCHEMA).validate(data)
    assert [item["id"] for item in data] == list(knowledge.sources)


def test_a_title_that_is_the_whole_citation_says_so(knowledge: Knowledge) -> None:
    for source in knowledge.sources.values():
        item = csl_item(source)
        whole = item["title"] == " ".join(source.citation.split())
        assert whole == ("whole citation" in item.get("note", "")), source.id
        assert ("container-title" in item) == (item["type"] == "article-journal")
        assert item.get("issued") == (
            None if source.year is None else {"date-parts": [[source.year]]}
        )


def test_a_paper() -> None:
    source = Source(
        id="aan",
        kind="guideline",
        citation="Patwa HS, van Doorn P, et al. IVIG in nerves. Neurology 2012;78(13):1009-15.",
        year=2012,
        doi="https://doi.org/10.1212/WNL.1",
        accessed="2026-11-22",
    )
    assert csl_item(source) == {
        "id": "aan",
        "type": "article-journal",
        "title": "IVIG in nerves",
        "author": [
            {"family": "Patwa", "given": "H. S."},
            {"family": "van Doorn", "given": "P."},
            {"literal": "et al."},
        ],
        "container-title": "Neurology",
        "volume": "78",
        "issue": "13",
        "page": "1009-15",
        "issued": {"date-parts": [[2012]]},
        "accessed": {"date-parts": [[2026, 11, 22]]},
        "DOI": "10.1212/WNL.1",
    }


def test_a_label_keeps_its_citation_whole() -> None:
    item = csl_item(Source(id="l", kind="label", citation="Privigen. Label.", basis="recalled"))
    assert item["title"] == "Privigen. Label."
    assert "Recalled" in item["note"]
    assert "author" not in item
    assert "issued" not in item
