import dataclasses
import math

import pytest
from hypothesis import given

from ivig.codec import decode, encode
from ivig.errors import InputError
from ivig.patient import Dose, Infection, Lab, Patient, Sample
from tests.strategies import patients


def test_all_but_diagnosis_and_weight_is_unknown() -> None:
    patient = Patient(diagnosis="cvid", weight_kg=68)
    assert patient.age_year is None
    assert patient.doses is None
    assert patient.infections is None
    assert patient.conditions is None
    assert patient.history.anti_iga is None
    assert patient.bmi_kg_per_m2 is None
    assert patient.latest_igg is None


def test_body_mass_index() -> None:
    patient = Patient(diagnosis="cvid", weight_kg=68, height_cm=163)
    assert patient.bmi_kg_per_m2 == pytest.approx(68 / 1.63**2)


def test_the_latest_level_counts_whatever_the_order() -> None:
    new, old = Sample(time_day=0, igg_g_per_L=7.1), Sample(time_day=-28, igg_g_per_L=5.4)
    assert Patient(diagnosis="cvid", weight_kg=68, levels=(new, old)).latest_igg == new
    assert Patient(diagnosis="cvid", weight_kg=68, levels=(old, new)).latest_igg == new


def test_an_undated_result_counts_as_current() -> None:
    old = Lab(analyte="iga_g_per_L", value=0.9, ucum="g/L", time_day=-400)
    current = Lab(analyte="iga_g_per_L", value=0.1, ucum="g/L")
    patient = Patient(diagnosis="cvid", weight_kg=68, labs=(current, old))
    assert patient.lab("iga_g_per_L") == current
    assert patient.lab("igm_g_per_L") is None


def test_a_finding_is_asked_by_name() -> None:
    patient = Patient(diagnosis="cvid", weight_kg=68, findings=(("illness_day", 5.0),))
    assert patient.finding("illness_day") == 5.0
    assert patient.finding("fever") is None


def test_a_patient_is_frozen() -> None:
    patient = Patient(diagnosis="cvid", weight_kg=68)
    with pytest.raises(dataclasses.FrozenInstanceError):
        patient.weight_kg = 70  # type: ignore[misc]


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("weight_kg", {"weight_kg": 0}),
        ("weight_kg", {"weight_kg": math.nan}),
        ("age_year", {"age_year": 300}),
        ("age_year", {"age_year": -1}),
        ("height_cm", {"height_cm": 1.63}),
        ("pre_pregnancy_weight_kg", {"pre_pregnancy_weight_kg": 5}),
        ("baseline_igg_g_per_L", {"baseline_igg_g_per_L": 650}),
        ("levels[0].igg_g_per_L", {"levels": (Sample(time_day=0, igg_g_per_L=650),)}),
        ("levels[0].igg_g_per_L", {"levels": (Sample(time_day=0, igg_g_per_L=-1),)}),
        ("levels[0].time_day", {"levels": (Sample(time_day=1, igg_g_per_L=6.5),)}),
        ("doses[0].time_day", {"doses": (Dose(time_day=28, amount_g=30),)}),
        ("doses[0].amount_g", {"doses": (Dose(time_day=-28, amount_g=0),)}),
        ("doses[0].duration_h", {"doses": (Dose(time_day=-28, amount_g=30, duration_h=0),)}),
        ("infections[0].time_day", {"infections": (Infection(time_day=3),)}),
    ],
)
def test_an_impossible_value_names_its_field(field: str, values: dict[str, object]) -> None:
    with pytest.raises(InputError) as caught:
        Patient(**({"diagnosis": "cvid", "weight_kg": 68} | values))  # type: ignore[arg-type]
    assert caught.value.field == field


def test_an_igg_of_650_is_explained() -> None:
    with pytest.raises(InputError, match=r"650 mg/dL is 6\.5 g/L"):
        Patient(diagnosis="cvid", weight_kg=68, levels=(Sample(time_day=0, igg_g_per_L=650),))


@given(patient=patients())
def test_a_patient_goes_to_plain_data_and_back(patient: Patient) -> None:
    assert decode(encode(patient), Patient) == patient
