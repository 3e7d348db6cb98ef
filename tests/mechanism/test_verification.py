"""The rows: all there, tolerances untouched, calibration inside, document up to date."""

import hashlib

from docs.verify_mechanism import DOCUMENT, WHY_FAILS, document, verdicts

from ivig.knowledge import load_knowledge
from ivig.mechanism.predict import PREDICTED

KNOWN = load_knowledge()
FOUND = verdicts(KNOWN)
TOLERANCES = "ba610b7a2faca771f0a1a68bc711cce767b57e84110ee230c896fb141db9c724"


def test_no_row_is_dropped_or_counted_twice() -> None:
    names = [one.row.id for one in FOUND]
    assert len(names) == len(set(names)) == 77
    assert sum(len(part.rows) for part in KNOWN.mechanism_rows.values()) == 77


def test_the_tolerances_are_those_set_before_the_first_run() -> None:
    written = "\n".join(
        f"{one.row.id} {asked.name} {asked.low} {asked.high} {asked.rule}"
        for one in FOUND
        for asked in one.row.quantities
    )
    assert hashlib.sha256(written.encode()).hexdigest() == TOLERANCES
    assert {p.tolerances_set for p in KNOWN.mechanism_rows.values()} == {"2026-11-22 17:02 UTC"}


def test_every_row_is_predicted_or_says_why_not() -> None:
    asked = {one.row.id for one in FOUND if one.row.quantities}
    assert asked == set(PREDICTED)
    assert all(one.row.why_none for one in FOUND if not one.row.quantities)
    assert all(len(one.found) == len(one.row.quantities) for one in FOUND)


def test_calibration_rows_are_inside() -> None:
    assert [o.row.id for o in FOUND if o.row.role == "calibration" and o.word != "pass"] == []


def test_every_failing_row_says_why() -> None:
    failing = {one.row.id for one in FOUND if one.word == "FAIL"}
    assert failing <= set(WHY_FAILS)


def test_the_document_is_up_to_date() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == document(KNOWN)
