"""One session: the dose in whole vials, or the vials to open, and the chart that follows."""

from dataclasses import replace

from ivig.knowledge import Knowledge
from ivig.plan import make_plan
from tests.test_safety import HEALTHY


def test_what_the_label_leaves_open_is_marked_as_ours(knowledge: Knowledge) -> None:
    plan = make_plan(replace(HEALTHY, diagnosis="xla"), knowledge, product="privigen")
    ours = [f for f in plan.findings if "our doublings" in f.text]
    assert len(ours) == 1
    assert any(citation.basis == "assumed" for citation in ours[0].citations)


def test_printed_steps_are_not_marked_as_ours(knowledge: Knowledge) -> None:
    plan = make_plan(replace(HEALTHY, diagnosis="xla"), knowledge, product="gammaplex_10")
    assert not [f for f in plan.findings if "our doublings" in f.text]


def test_a_new_patient_on_panzyga_is_held_at_the_new_patients_maximum(
    knowledge: Knowledge,
) -> None:
    new = make_plan(replace(HEALTHY, diagnosis="xla", doses=()), knowledge, product="panzyga")
    assert new.infusion is not None
    assert new.infusion.cap_mL_per_kg_per_h == 4.8
    assert "new to it" in new.infusion.cap_because


def test_rates_are_counted_on_the_lower_weight(knowledge: Knowledge) -> None:
    heavy = replace(HEALTHY, diagnosis="gbs", weight_kg=130.0, sex="male")
    plan = make_plan(heavy, knowledge, product="privigen")
    assert plan.infusion is not None
    assert plan.regimen is not None
    assert plan.infusion.rate_weight_kg == plan.regimen.dosing_weight_kg < 130


def test_a_dose_between_vials_says_what_is_left_over(knowledge: Knowledge) -> None:
    child = replace(HEALTHY, diagnosis="kawasaki", weight_kg=14.5, age_year=3.0, height_cm=96.0)
    plan = make_plan(child, knowledge, product="privigen")
    assert plan.product is not None
    assert plan.product.amount_g == 29
    assert plan.product.days[0].unused_g == 1
    assert any("left over" in finding.text for finding in plan.findings)
