"""docs/verification/outcomes.md: whole, and as the program writes it."""

from docs.verify_outcomes import DOCUMENT, document, split

from ivig.knowledge import Knowledge


def test_no_row_is_dropped_and_the_file_is_what_the_program_writes(knowledge: Knowledge) -> None:
    text = DOCUMENT.read_text("utf-8")
    plan = split()
    rows = [*plan["arms"], *plan["relations"]]
    assert all(text.count(f"\n| {key} |") == 1 for key in rows)
    assert f"**{len(plan['arms'])} arms and {len(plan['relations'])} relation rows" in text
    assert document(knowledge) == text
