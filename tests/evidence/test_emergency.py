"""Somebody may be in danger now: what is said first, and what must not be said."""

import pytest
from tests.evidence.asked import reply, said

STROKE = (
    "slurred speech and she cannot lift her arm, IVIG is running",
    "crushing chest pain during his immunoglobulin drip",
)
ANAPHYLAXIS = (
    "HELP privigen running, he can't get his breath, lips blowing up",
    "throat closing, hives all over, IVIG just started",
)


@pytest.mark.parametrize("text", STROKE + ANAPHYLAXIS)
@pytest.mark.parametrize("audience", ["clinician", "patient"])
def test_it_opens_with_stopping_and_calling_for_help(text: str, audience: str) -> None:
    first = said(reply(text, audience))[0]  # type: ignore[arg-type]
    assert "stop the infusion" in first
    assert "call for emergency help" in first


@pytest.mark.parametrize("text", STROKE)
def test_a_stroke_or_heart_attack_is_given_no_adrenaline(text: str) -> None:
    whole = " ".join(said(reply(text)))
    assert "thromboembol" in whole
    assert "adrenaline" not in whole
    assert "epinephrine" not in whole


@pytest.mark.parametrize("text", ANAPHYLAXIS)
def test_anaphylaxis_is_treated_step_by_step(text: str) -> None:
    sentences = [s.text for part in reply(text).answer.sections for s in part.sentences]
    steps = [one for one in sentences if "management step" in one]
    assert any("epinephrine (adrenaline) 0.01 mg/kg" in one for one in steps)


@pytest.mark.parametrize("text", STROKE + ANAPHYLAXIS)
def test_nothing_tells_to_go_on_or_to_resume(text: str) -> None:
    sentences = [s.text for part in reply(text).answer.sections for s in part.sentences]
    assert [one for one in sentences if "resume" in one or "slow the" in one] == []


def test_a_word_of_danger_alone_is_no_emergency() -> None:
    text = "If saturating FcRn were the whole story, ought knockout animals to be unresponsive?"
    assert reply(text).answer.emergency is None
