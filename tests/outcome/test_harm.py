"""Harms of the shipped relations for a few patients, with the numbers of the papers."""

from typing import Any

import pytest

from ivig.knowledge import Knowledge
from ivig.outcome.harm import expected_harms
from ivig.outcome.relation import Outcome
from ivig.patient import Patient


def harms(knowledge: Knowledge, patient: Patient, **changes: Any) -> dict[str, Outcome]:
    fields: dict[str, Any] = {
        "dose_g_per_kg": 2.0,
        "route": "iv",
        "first_infusion": False,
        **changes,
    }
    known = knowledge.outcomes.values()
    lineage = (patient.diagnosis,)
    return {found.id: found for found in expected_harms(patient, lineage, known, **fields)}


def patient(**fields: Any) -> Patient:
    return Patient(**{"diagnosis": "cidp", "weight_kg": 70, "age_year": 50, **fields})


def test_haemolysis_needs_a_group_other_than_o_and_a_high_dose(knowledge: Knowledge) -> None:
    told = harms(knowledge, patient(blood_group="A"))["er_haemolysis"]
    assert "32 of 99 (32%, 95% interval 24 to 42)" in told.text
    assert told.value is not None
    assert round(told.value.median, 1) == 32.3
    assert "er_haemolysis" not in harms(knowledge, patient(blood_group="O"))
    assert "er_haemolysis" not in harms(knowledge, patient(blood_group="A"), dose_g_per_kg=0.5)


def test_an_unknown_blood_group_is_said_to_be_unknown(knowledge: Knowledge) -> None:
    told = harms(knowledge, patient())["er_haemolysis"]
    assert told.text.startswith("If the blood group is A, B or AB (not known):")
    assert told.value is None


@pytest.mark.parametrize(("conditions", "percent"), [(("migraine",), 50.0), ((), 4.3)])
def test_meningitis_by_migraine(
    knowledge: Knowledge, conditions: tuple[str, ...], percent: float
) -> None:
    told = harms(knowledge, patient(conditions=conditions))["er_meningitis_migraine"]
    assert told.value is not None
    assert round(told.value.median, 1) == percent


@pytest.mark.parametrize(
    ("first", "low", "centre", "high"), [(True, 17.7, 22.9, 29.6), (False, 2.96, 3.89, 5.12)]
)
def test_anaphylaxis_per_10000_administrations(
    knowledge: Knowledge, first: bool, low: float, centre: float, high: float
) -> None:
    told = harms(knowledge, patient(), first_infusion=first)["er_first_infusion_anaphylaxis"]
    assert told.value is not None
    found = (told.value.low, told.value.median, told.value.high)
    assert found == pytest.approx((low, centre, high), abs=0.06)
    assert told.unit == "per 10,000 administrations"


def test_subcutaneous_harms_are_local_and_have_no_infusion_anaphylaxis_rate(
    knowledge: Knowledge,
) -> None:
    found = harms(knowledge, patient(), route="sc", dose_g_per_kg=0.4)
    assert set(found) == {"ae_pid_hyqvia_vs_iv", "er_route_systemic"}


def test_a_child_gets_no_thromboembolism_rate_from_adult_trials(knowledge: Knowledge) -> None:
    child = harms(knowledge, patient(diagnosis="kawasaki", age_year=3))
    assert "ae_tee_rct_meta" not in child
    adult = harms(knowledge, patient())["ae_tee_rct_meta"]
    assert adult.value is not None
    assert (adult.value.median, adult.value.low, adult.value.high) == (1.1, 0.44, 2.88)


def test_quoted_harms_come_last(knowledge: Knowledge) -> None:
    strengths = [found.strength for found in harms(knowledge, patient()).values()]
    assert strengths == sorted(strengths, key=lambda strength: strength == "quote")
