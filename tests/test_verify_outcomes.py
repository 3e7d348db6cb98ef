"""docs/verification/outcomes.md: whole, and as the program writes it."""

import pytest
from docs.check_rows import near, over
from docs.outcome_checks import relation_checks
from docs.verify_outcomes import DOCUMENT, document, split

from ivig.knowledge import Knowledge


def test_no_row_is_dropped_and_the_file_is_what_the_program_writes(knowledge: Knowledge) -> None:
    text = DOCUMENT.read_text("utf-8")
    plan = split()
    rows = [*plan["arms"], *plan["relations"]]
    assert all(text.count(f"\n| {key} |") == 1 for key in rows)
    assert f"**{len(plan['arms'])} arms and {len(plan['relations'])} relation rows" in text
    assert document(knowledge) == text


def test_printed_numbers_are_as_wide_as_their_rounding() -> None:
    assert over(lambda rate: 1.0 / rate, "0.10") == pytest.approx((1 / 0.105, 1 / 0.095))
    wide = near("a", "b", 0.504, 0.499, 1, "c", rounded=(0.483, 0.525))
    assert wide.passed
    assert not near("a", "b", 0.504, 0.499, 1, "c").passed
    assert not near("a", "b", 0.6, 0.499, 1, "c", rounded=(0.58, 0.62)).passed


def test_rounding_is_granted_to_calibration_rows_only(knowledge: Knowledge) -> None:
    granted = [row for row in relation_checks(knowledge) if "as printed" in row.predicted]
    assert {row.role for row in granted} == {"calibration"}
    assert len(granted) == 6
