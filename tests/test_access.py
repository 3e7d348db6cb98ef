"""A place's own criteria decide for that place; what is not held is said."""

import pytest

from ivig.access import Access, assess_access, where_to_get
from ivig.diagnosis import complete, lineage
from ivig.knowledge import Knowledge
from ivig.patient import Infection, Lab, Patient, Sample


def access(knowledge: Knowledge, place: str, diagnosis: str, **fields: object) -> Access:
    one = Patient(diagnosis=diagnosis, weight_kg=70.0, **fields)  # type: ignore[arg-type]
    found = knowledge.indications[diagnosis]
    line = tuple(item.id for item in lineage(found, knowledge.indications))
    whole = complete(found, knowledge.indications)
    return assess_access(one, whole, line, knowledge.access[place], knowledge.obtain)


def test_england_asks_for_three_measures_in_cidp(knowledge: Knowledge) -> None:
    open_ = access(knowledge, "uk", "cidp")
    assert (open_.standing, open_.decision) == ("prior_approval", "undecided")
    (one,) = open_.criteria
    assert [gap.of for gap in one.lacking] == ["findings.outcome_measures_recorded"]
    assert "score sheets" in one.lacking[0].where
    three = (("outcome_measures_recorded", 3.0),)
    assert access(knowledge, "uk", "cidp", findings=three).decision == "met"
    two = (("outcome_measures_recorded", 2.0),)
    assert access(knowledge, "uk", "cidp", findings=two).decision == "not_met"


def test_australia_asks_for_disability_and_demyelination(knowledge: Knowledge) -> None:
    findings = (("incat_disability", 4.0), ("electrodiagnostic_criteria", "met"))
    assert access(knowledge, "au", "cidp", findings=findings).decision == "met"
    assert access(knowledge, "au", "cidp", findings=findings[:1]).decision == "undecided"
    walks = (("incat_disability", 0.0), ("walks_unaided", True), ("significant_disability", False))
    assert access(knowledge, "au", "cidp", findings=walks).decision == "not_met"


def test_a_second_dose_in_guillain_barre_is_excluded_in_england(knowledge: Knowledge) -> None:
    severe = ("gbs_disability_score", 4.0)
    first = access(knowledge, "uk", "gbs", findings=(severe, ("ivig_doses_this_illness", 0.0)))
    second = access(knowledge, "uk", "gbs", findings=(severe, ("ivig_doses_this_illness", 1.0)))
    assert (first.decision, second.decision) == ("met", "not_met")


def test_ontario_wants_severe_bleeding_in_itp(knowledge: Knowledge) -> None:
    low = Lab(analyte="platelets_10e9_per_L", value=12.0, ucum="10*9/L")
    for grade, decision in (("severe", "met"), ("mucosal", "not_met"), (None, "undecided")):
        findings = () if grade is None else (("bleeding", grade),)
        found = access(knowledge, "ca", "itp", labs=(low,), findings=findings)
        assert found.decision == decision, grade


def test_what_is_not_supported_is_refused_whatever_the_record(knowledge: Knowledge) -> None:
    one = access(knowledge, "uk", "alzheimer")
    assert (one.standing, one.decision) == ("not_supported", "not_met")


def test_a_child_inherits_the_criteria_of_its_parent(knowledge: Knowledge) -> None:
    one = access(knowledge, "uk", "cll", findings=(("cause_reversible", False),))
    assert {"irreversible_cause", "infection_or_failure"} <= {c.id for c in one.criteria}


def test_what_is_not_held_of_a_place_is_none(knowledge: Knowledge) -> None:
    one = access(knowledge, "ca", "kawasaki")
    assert (one.standing, one.standing_text, one.criteria) == (None, (), ())
    assert one.decision == "no_criteria"


def test_the_values_and_dates_used_are_shown(knowledge: Knowledge) -> None:
    levels = (Sample(time_day=-12.0, igg_g_per_L=3.1),)
    one = access(
        knowledge, "uk", "sid", levels=levels, doses=(), infections=(Infection(time_day=-5.0),)
    )
    used = {value.text: value.time_day for c in one.criteria for value in c.used}
    assert used["untreated IgG 3.1 g/L"] == -12.0


@pytest.mark.parametrize("diagnosis", ["cvid", "cidp", "als", "itp"])
def test_the_united_states_rest_on_the_label(knowledge: Knowledge, diagnosis: str) -> None:
    one = access(knowledge, "us", diagnosis)
    assert one.standing_text
    status = knowledge.indications[diagnosis].fda.value.status
    assert (one.standing == "routine") == (status == "labelled")


def test_where_to_get_what_is_missing(knowledge: Knowledge) -> None:
    hints = knowledge.obtain
    assert where_to_get("labs.platelets_10e9_per_L", hints) == "the laboratory"
    assert where_to_get("findings.anything_else", hints) == "the clinical record"
    assert "before any immunoglobulin" in where_to_get("labs.untreated_igg_g_per_L", hints)
    assert where_to_get("age_year", hints) == "the patient's record"
