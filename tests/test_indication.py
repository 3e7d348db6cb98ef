"""Three-valued criteria and the verdict they lead to."""

from dataclasses import replace

import pytest

from ivig.cited import Cited
from ivig.criterion import InfectionCount, Test
from ivig.diagnosis import find_indication
from ivig.errors import InputError
from ivig.indication import (
    Criterion,
    FdaNote,
    Indication,
    Section,
    Statement,
    Tier,
    Verdict,
    answer_criteria,
    assess,
    decide,
    rank_evidence,
)
from ivig.patient import Infection, Patient, Sample

LOW_IGG = Criterion(id="low", text="IgG below 7 g/L", test=Test(measure="igg_g_per_L", below=7.0))
INFECTED = Criterion(
    id="infected", text="infections", test=Test(infections=InfectionCount(at_least=2))
)


def indication(*criteria: Criterion, tier: Tier = "established") -> Indication:
    return Indication(
        id="x",
        name="X disease",
        synonyms=("ex",),
        parent=None,
        category="replacement",
        course="ongoing",
        tier=tier,
        summary="It helps.",
        why_not="A trial showed no benefit." if tier == "not_recommended" else None,
        icd10_cm=Cited(value=("D83.9",), source="icd", basis="recalled"),
        fda=Cited(value=FdaNote(status="labelled", ground="g"), source="label", basis="read"),
        criteria=tuple(Cited(value=c, source="guideline", basis="read") for c in criteria),
    )


def patient(igg: float | None, infections: int | None) -> Patient:
    return Patient(
        diagnosis="x",
        weight_kg=70,
        levels=() if igg is None else (Sample(time_day=0, igg_g_per_L=igg),),
        infections=None if infections is None else (Infection(),) * infections,
    )


@pytest.mark.parametrize(
    ("igg", "infections", "tier", "verdict"),
    [
        (5.4, 2, "established", "indicated"),
        (5.4, 2, "conditional", "conditional"),
        (5.4, 0, "established", "not_indicated"),
        (9.0, 2, "established", "not_indicated"),
        (5.4, None, "established", "unknown"),
        (None, 2, "established", "unknown"),
        (None, 0, "established", "not_indicated"),
        (5.4, 2, "not_recommended", "not_indicated"),
    ],
)
def test_verdicts(igg: float | None, infections: int | None, tier: Tier, verdict: Verdict) -> None:
    asked = indication(LOW_IGG, INFECTED, tier=tier)
    assert decide(asked, answer_criteria(patient(igg, infections), asked)) == verdict


def test_an_exclusion_that_is_met_decides() -> None:
    barred = replace(LOW_IGG, id="barred", role="exclusion")
    asked = indication(INFECTED, barred)
    assert decide(asked, answer_criteria(patient(5.4, 2), asked)) == "not_indicated"


def test_a_supporting_criterion_never_decides() -> None:
    asked = indication(INFECTED, replace(LOW_IGG, role="supporting"))
    assert decide(asked, answer_criteria(patient(9.0, 2), asked)) == "indicated"


def test_established_without_criteria_is_conditional() -> None:
    asked = indication()
    assert decide(asked, answer_criteria(patient(5.4, 2), asked)) == "conditional"


def test_the_findings_name_the_value_that_decided() -> None:
    found = assess(patient(5.43, 0), indication(LOW_IGG, INFECTED))
    assert found[0].kind == "stop"
    assert "infections" in (found[0].because or "")
    texts = {finding.text: finding.because for finding in found}
    assert texts["IgG below 7 g/L: met"] == "IgG 5.43 g/L"
    assert texts["infections: not met"] == "0 infections recorded, 0 severe"


def test_not_recommended_says_why_not() -> None:
    found = assess(patient(5.4, 2), indication(tier="not_recommended"))
    assert found[0].text == "Not indicated: A trial showed no benefit."


def test_a_diagnosis_is_an_id_a_synonym_or_a_code() -> None:
    known = {"x": indication()}
    for name in ("x", "X disease", "ex", "D83.9"):
        assert find_indication(name, patient(None, None), known).id == "x"


def test_an_unknown_diagnosis_names_what_is_near() -> None:
    with pytest.raises(InputError, match=r"diagnosis.*Did you mean"):
        find_indication("cvdi", patient(None, None), {"cvid": indication()})


def test_a_shared_code_is_told_apart_by_the_patient_or_refused() -> None:
    child = replace(indication(), id="x_child", applies_when=Test(measure="age_year", below=18.0))
    known = {"x": indication(), "x_child": child}
    boy = replace(patient(None, None), age_year=6.0)
    man = replace(patient(None, None), age_year=40.0)
    assert find_indication("D83.9", boy, known).id == "x_child"
    assert find_indication("D83.9", man, known).id == "x"
    twins = {"x": indication(), "y": replace(indication(), id="y")}
    with pytest.raises(InputError, match="several"):
        find_indication("D83.9", man, twins)


def test_own_and_graded_statements_lead_each_section() -> None:
    def fact(
        name: str, section: Section, strength: str | None, indication: str = "x"
    ) -> Cited[Statement]:
        value = Statement(
            id=name, indication=indication, section=section, body="b", text="t", strength=strength
        )
        return Cited(value=value, source="s", basis="read")

    facts = (
        fact("trial", "research", None),
        fact("parent", "guideline", "A", "parent"),
        fact("plain", "guideline", None),
        fact("graded", "guideline", "strong"),
        fact("later", "guideline", "weak"),
    )
    shown = rank_evidence(facts, "x", limits={"guideline": 3, "research": 2})
    assert [e.id for e in shown] == ["graded", "later", "plain", "trial"]
