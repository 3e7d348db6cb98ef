"""What surrounds the chart: premedication with sourced doses only, reactions by urgency."""

from dataclasses import replace

import pytest

from ivig.knowledge import Knowledge
from ivig.patient import History, Patient
from ivig.plan import make_plan
from tests.test_safety import HEALTHY


@pytest.fixture
def patient() -> Patient:
    return replace(HEALTHY, diagnosis="xla", doses=())


def test_anaphylaxis_stands_first_and_its_epinephrine_dose_is_sourced(
    patient: Patient, knowledge: Knowledge
) -> None:
    infusion = make_plan(patient, knowledge).infusion
    assert infusion is not None
    first = infusion.reactions[0]
    assert first.id == "anaphylaxis"
    epinephrine = next(step for step in first.steps if "epinephrine" in step.text.lower())
    assert epinephrine.references
    assert "0.01 mg/kg" in " ".join(step.text for step in first.steps)


def test_every_reaction_has_steps_or_says_when_it_comes(
    patient: Patient, knowledge: Knowledge
) -> None:
    infusion = make_plan(patient, knowledge).infusion
    assert infusion is not None
    shown = {reaction.id for reaction in infusion.reactions}
    assert {"anaphylaxis", "thrombosis", "haemolysis", "headache", "infusion_reaction"} <= shown
    assert "scig_local" not in shown
    for reaction in infusion.reactions:
        orders = [step.order for step in reaction.steps]
        assert orders == sorted(orders)


def test_premedication_is_for_those_who_reacted(patient: Patient, knowledge: Knowledge) -> None:
    def drugs(reaction: str | None) -> str:
        who = replace(patient, history=History(anti_iga=False, reaction_to_ig=reaction))
        infusion = make_plan(who, knowledge).infusion
        assert infusion is not None
        return " ".join(finding.text for finding in infusion.premedication)

    assert "650 mg" in drugs("headache")
    assert "650 mg" not in drugs("none")
    assert "no sourced dose for children" in drugs("headache")


def test_the_days_of_a_course_each_have_their_volume(knowledge: Knowledge) -> None:
    who = replace(HEALTHY, diagnosis="cidp", weight_kg=80.0, doses=())
    infusion = make_plan(who, knowledge, product="privigen").infusion
    assert infusion is not None
    assert [day.amount_g for day in infusion.days] == [30, 30, 30, 35, 35]
    assert [day.volume_mL for day in infusion.days] == [300, 300, 300, 350, 350]
    assert infusion.steps[-1].cumulative_mL == 300
