"""Days of doses, tests and windows, against a calendar worked by hand."""

from dataclasses import replace

import pytest

from ivig.cited import Citation
from ivig.follow_up import (
    haemolysis_checks,
    planned_doses,
    review_events,
    trough_events,
    upset_tests,
    vaccine_events,
    vaccine_findings,
)
from ivig.indication import Range
from ivig.knowledge import Knowledge
from ivig.regimen import Regimen

SOURCE = Citation(source="label", basis="read")
ONCE = Regimen(
    option_id="once",
    name="Course",
    phase="treatment",
    route="iv",
    section="guideline",
    text="2 g/kg over 5 days",
    amount_g=140.0,
    dose_g_per_kg=2.0,
    dose_range_g_per_kg=Range(low=2.0, high=2.0),
    dosing_weight_kg=70.0,
    rate_weight_kg=70.0,
    dosing_weight_rule="actual",
    weights=(),
    split_days=5,
    interval_day=None,
    duration_h=None,
    course="short",
    max_g=None,
    because="as printed",
)
MAINTENANCE = replace(
    ONCE, option_id="on", name="Maintenance", amount_g=70.0, dose_g_per_kg=1.0, split_days=1,
    interval_day=21.0, course="ongoing",
)  # fmt: skip
BOTH = replace(ONCE, then=MAINTENANCE, course="ongoing")


def test_a_course_has_its_days_and_grams() -> None:
    days = planned_doses(ONCE)
    assert [event.day for event in days] == [0, 1, 2, 3, 4]
    assert days[0].text == "Course: 28 g IV, day 1 of 5"


def test_maintenance_starts_one_interval_after_the_first_day() -> None:
    days = [event.day for event in planned_doses(BOTH, horizon_day=70.0)]
    assert days == [0, 1, 2, 3, 4, 21, 42, 63]


def test_doses_without_a_first_course_start_at_day_0() -> None:
    assert [e.day for e in planned_doses(MAINTENANCE, horizon_day=50.0)] == [0, 21, 42]


def test_haemoglobin_after_the_last_day_of_the_course() -> None:
    early, late = haemolysis_checks(ONCE, SOURCE, SOURCE, risk="group A")
    assert (early.day, early.end_day) == (4 + 36 / 24, 4 + 96 / 24)
    assert (late.day, late.end_day) == (9, 14)
    one = replace(ONCE, dose_g_per_kg=1.0, split_days=1)
    assert len(haemolysis_checks(one, SOURCE, SOURCE, risk="group A")) == 1


@pytest.mark.parametrize(("dose", "months"), [(0.4, 8), (0.5, 10), (1.0, 10), (2.0, 11), (2.4, 11)])
def test_live_vaccines_after_a_course_that_ends(
    knowledge: Knowledge, dose: float, months: float
) -> None:
    (event,) = vaccine_events(replace(ONCE, dose_g_per_kg=dose), knowledge.vaccines)
    assert (event.day, event.plus_month) == (4, months)
    assert ("above every tabulated dose" in (event.because or "")) == (dose > 2.0)


def test_an_ongoing_treatment_promises_no_vaccine_date(knowledge: Knowledge) -> None:
    assert vaccine_events(BOTH, knowledge.vaccines) == ()
    texts = [finding.text for finding in vaccine_findings(BOTH, knowledge.vaccines)]
    assert len(texts) == 2
    assert "11 months after the last dose of the first course" in texts[0]
    assert "10 months after the last ongoing dose" in texts[1]
    assert all("not during treatment" in text for text in texts)
    assert len(vaccine_findings(MAINTENANCE, knowledge.vaccines)) == 1
    assert vaccine_findings(ONCE, knowledge.vaccines) == ()


def test_serology_has_a_date_only_after_a_course_that_ends(knowledge: Knowledge) -> None:
    def serology(regimen: Regimen) -> tuple[float | None, str | None]:
        found = upset_tests(regimen, knowledge.laboratory, None)
        one = next(upset for upset in found if upset.assay.startswith("HBV, syphilis"))
        return one.until_day, one.note

    assert serology(ONCE)[0] == 46  # day 4, and six weeks
    until, note = serology(BOTH)
    assert until is None
    assert note is not None
    assert note.startswith("throughout treatment")


def test_glucose_strips_concern_products_with_maltose(knowledge: Knowledge) -> None:
    def strips(product: str | None) -> set[str]:
        made = knowledge.products[product] if product else None
        found = upset_tests(ONCE, knowledge.laboratory, made)
        return {upset.applies for upset in found if "strip" in upset.assay}

    assert strips("octagam_10") == {"yes"}
    assert strips("privigen") == {"no"}
    assert strips(None) == {"unknown"}


def test_what_has_no_sourced_end_says_so(knowledge: Knowledge) -> None:
    found = upset_tests(ONCE, knowledge.laboratory, None)
    open_ended = [upset for upset in found if upset.until_day is None]
    assert open_ended
    assert all("no source here says for how long" in (upset.note or "") for upset in open_ended)


def test_review_day_of_the_indication(knowledge: Knowledge) -> None:
    (event,) = review_events(knowledge.indications["cidp"], treated=False)
    assert event.day == 105
    (again,) = review_events(knowledge.indications["cidp"], treated=True)
    assert "treatment began before" in (again.because or "")


def test_a_trough_is_due_before_the_first_dose_at_steady_state(knowledge: Knowledge) -> None:
    pid = knowledge.indications["pid"]
    (event,) = trough_events(MAINTENANCE, pid, 95.0)
    assert event.day == 105
    assert trough_events(MAINTENANCE, knowledge.indications["cidp"], 95.0) == ()
    assert trough_events(MAINTENANCE, pid, None) == ()
