"""What a relation must bring before it can be told."""

from typing import Any

import pytest

from ivig.cited import Cited
from ivig.criterion import Test
from ivig.outcome.relation import Estimate, Relation

FIELDS: dict[str, Any] = {
    "id": "r",
    "name": "R",
    "kind": "harm",
    "form": "quote",
    "strength": "quote",
    "indications": (),
    "population": "adults",
    "outcome": "x",
    "says": "X.",
}
ESTIMATE = Cited(value=Estimate(label="x"), source="s", basis="read")


def test_a_relation_without_a_number_or_a_source_is_refused() -> None:
    with pytest.raises(ValueError, match="needs an estimate or a slope"):
        Relation(**FIELDS)


def test_a_condition_needs_its_words() -> None:
    with pytest.raises(ValueError, match="needs its words in 'provided'"):
        Relation(**FIELDS, estimates=(ESTIMATE,), when=Test(condition="migraine"))
    told = Relation(
        **FIELDS,
        estimates=(ESTIMATE,),
        when=Test(condition="migraine"),
        provided="there is migraine",
    )
    assert told.provided == "there is migraine"
