"""Which model speaks for whom."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.strategies import patients

from ivig.knowledge import Knowledge
from ivig.patient import Patient
from ivig.pk.choose import ModelChoice, choose
from ivig.pk.domain import usable


def person(age_year: float | None, weight_kg: float, height_cm: float | None = None) -> Patient:
    return Patient(
        diagnosis="cvid", age_year=age_year, weight_kg=weight_kg, height_cm=height_cm, sex="female"
    )


ADULT, HEAVY = person(62, 68, 163), person(45, 125, 172)
CHILD, TODDLER, INFANT = person(6, 20, 115), person(3, 13, 95), person(0.5, 7, 66)

CASES = [
    (ADULT, "pid", "replacement", "iv", ("navarro_mora_2022", "li_2022", "zhang_2020")),
    (ADULT, "pid", "replacement", "sc", ("navarro_mora_2022", "li_2022", "zhang_2020")),
    (ADULT, "pid", "replacement", "fsc", ("li_2022",)),
    (HEAVY, "pid", "replacement", "iv", ("li_2022", "navarro_mora_2022", "zhang_2020")),
    (CHILD, "pid", "replacement", "iv", ("navarro_mora_2022", "li_2022", "cheng_2026")),
    (CHILD, "pid", "replacement", "sc", ("navarro_mora_2022", "li_2022")),
    (TODDLER, "pid", "replacement", "iv", ("li_2022", "cheng_2026")),
    (INFANT, "pid", "replacement", "iv", ("cheng_2026",)),
    (INFANT, "pid", "replacement", "sc", ()),
    (person(62, 68), "pid", "replacement", "iv", ("navarro_mora_2022", "zhang_2020")),
    (person(0.01, 1.0, 35), "pid", "replacement", "iv", ()),
    (
        ADULT,
        "sid_haematology",
        "replacement",
        "iv",
        ("tortorici_2019", "navarro_mora_2022", "li_2022"),
    ),
    (ADULT, "sid_haematology", "replacement", "sc", ("navarro_mora_2022", "li_2022")),
    (CHILD, "sid_haematology", "replacement", "iv", ("cheng_2026",)),
    (CHILD, "paediatric_sad", "replacement", "iv", ("cheng_2026",)),
    (ADULT, "cidp", "immunomodulation", "iv", ("tortorici_2021_cidp",)),
    (ADULT, "cidp", "immunomodulation", "fsc", ()),
    (ADULT, "mmn", "immunomodulation", "iv", ("tortorici_2021_cidp",)),
    (
        replace(ADULT, baseline_igg_g_per_L=11.0),
        "mmn",
        "immunomodulation",
        "iv",
        ("tortorici_2021_cidp", "li_2024a_mmn"),
    ),
    (ADULT, "other", "immunomodulation", "iv", ("tortorici_2021_cidp",)),
    (CHILD, "other", "immunomodulation", "iv", ()),
    (ADULT, "other", "replacement", "iv", ("navarro_mora_2022", "li_2022", "zhang_2020")),
]


def ask(patient: Patient, population, category, route, knowledge: Knowledge) -> ModelChoice:
    return choose(
        patient, population=population, category=category, route=route, models=knowledge.models
    )


@pytest.mark.parametrize(("patient", "population", "category", "route", "expected"), CASES)
def test_the_models_that_speak(
    patient: Patient, population, category, route, expected: tuple[str, ...], knowledge: Knowledge
) -> None:
    assert ask(patient, population, category, route, knowledge).ids == expected


def test_none_says_why(knowledge: Knowledge) -> None:
    found = ask(CHILD, "other", "immunomodulation", "iv", knowledge)
    assert found.primary is None
    assert "age 6 years is outside its data" in found.reason


def test_a_second_choice_says_why_the_first_does_not_apply(knowledge: Knowledge) -> None:
    found = ask(TODDLER, "pid", "replacement", "iv", knowledge)
    assert "weight 13 kg" in found.reason


def test_other_diseases_are_provisional(knowledge: Knowledge) -> None:
    assert "provisional" in ask(ADULT, "mmn", "immunomodulation", "iv", knowledge).cautions[0]
    assert "provisional" in ask(ADULT, "other", "replacement", "iv", knowledge).cautions[0]
    assert ask(ADULT, "cidp", "immunomodulation", "iv", knowledge).cautions == ()


def test_children_with_secondary_deficiency_have_their_own_group(knowledge: Knowledge) -> None:
    assert ask(CHILD, "paediatric_sad", "replacement", "iv", knowledge).group == "paediatric_sad"
    assert ask(ADULT, "sid_haematology", "replacement", "iv", knowledge).group is None


@given(
    patient=patients(),
    population=st.sampled_from(
        ["pid", "sid_haematology", "paediatric_sad", "cidp", "mmn", "other"]
    ),
    category=st.sampled_from(["replacement", "immunomodulation"]),
    route=st.sampled_from(["iv", "sc", "fsc"]),
)
def test_no_model_ever_speaks_outside_its_data(
    patient: Patient, population, category, route, knowledge: Knowledge
) -> None:
    found = ask(patient, population, category, route, knowledge)
    assert all(usable(knowledge.models[name], patient, route) == () for name in found.ids)
    assert found.reason
    assert len(found.ids) <= 3
