"""Subcutaneous alternatives: label arithmetic, and the model's trough beside it."""

from pathlib import Path

import pytest

from ivig.faces.patient_file import read_patient
from ivig.knowledge import Knowledge
from ivig.plan import make_plan

EXAMPLES = Path(__file__).parents[1] / "examples"


def test_weekly_grams_are_the_label_factor_times_the_iv_dose(knowledge: Knowledge) -> None:
    """35 g every 4 weeks × 1.37 ÷ 4 = 11.99 g: 12 g a week."""
    plan = make_plan(read_patient(EXAMPLES / "cvid-62f.yaml"), knowledge, product="privigen")
    assert plan.alternatives is not None
    weekly = {option.route: option for option in plan.alternatives.subcutaneous}["sc"]
    assert weekly.conversion_factor in (1.30, 1.37)
    assert weekly.amount_g == pytest.approx(35 * weekly.conversion_factor / 4, rel=0.1)
    assert plan.kinetics is not None
    assert weekly.trough_g_per_L is not None
    assert weekly.trough_g_per_L.median > plan.kinetics.trough_g_per_L.median


def test_a_short_course_has_no_subcutaneous_alternative(knowledge: Knowledge) -> None:
    plan = make_plan(read_patient(EXAMPLES / "itp-12.yaml"), knowledge)
    assert plan.alternatives is not None
    assert plan.alternatives.subcutaneous == ()
    assert "short course" in plan.alternatives.notes[0].text


def test_cidp_takes_the_printed_subcutaneous_dose_not_a_factor(knowledge: Knowledge) -> None:
    """0.2 g/kg a week × 80 kg = 16 g."""
    plan = make_plan(read_patient(EXAMPLES / "cidp-80kg.yaml"), knowledge)
    assert plan.alternatives is not None
    weekly = next(o for o in plan.alternatives.subcutaneous if o.route == "sc")
    assert weekly.product_id == "hizentra"
    assert weekly.amount_g == pytest.approx(16, rel=0.05)
    assert weekly.conversion_factor is None


def test_facilitated_doses_in_cidp_keep_the_intravenous_interval(knowledge: Knowledge) -> None:
    """The label carries the IVIG dose over every 2-4 weeks; once a week would be a threefold dose."""
    plan = make_plan(read_patient(EXAMPLES / "cidp-80kg.yaml"), knowledge)
    assert plan.alternatives is not None
    option = next(o for o in plan.alternatives.subcutaneous if o.route == "fsc")
    assert option.interval_day == 21
    assert option.amount_g == pytest.approx(80, rel=0.05)
