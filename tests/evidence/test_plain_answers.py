"""What a patient reads: plain words, the same facts, the same references."""

import pytest
import textstat  # type: ignore[import-untyped]
from tests.evidence.asked import library, questions, reply

ASKED = [item.question for item in questions("people") if item.answerable]
ASKED += list(library().corpus.language.askable)
GRADE = 8.0


@pytest.mark.parametrize("text", ASKED)
def test_a_patient_s_answer_reads_at_grade_8_or_below(text: str) -> None:
    sections = reply(text, "patient").answer.sections
    said = " ".join(
        one.text for part in sections if part.name != "computed" for one in part.sentences
    )
    if said:
        assert textstat.flesch_kincaid_grade(said) <= GRADE


@pytest.mark.parametrize("text", ASKED)
def test_a_patient_s_sentence_has_the_sources_of_its_facts(text: str) -> None:
    for part in reply(text, "patient").answer.sections:
        if part.name == "computed":
            continue
        for one in part.sentences:
            passage = library().by_id[one.statement_ids[0]]
            assert one.text == passage.plain
            assert set(passage.citations) <= set(one.citations)
