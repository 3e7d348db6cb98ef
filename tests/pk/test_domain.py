import pytest

from ivig.errors import OutsideModelDomain
from ivig.knowledge import Knowledge
from ivig.patient import Patient
from ivig.pk.domain import marks, require_usable, usable


def person(age_year: float | None, weight_kg: float, **kwargs) -> Patient:
    return Patient(diagnosis="cvid", age_year=age_year, weight_kg=weight_kg, **kwargs)


def test_inside_its_data_a_model_is_usable_and_unmarked(knowledge: Knowledge) -> None:
    model = knowledge.models["navarro_mora_2022"]
    assert usable(model, person(40, 70), "sc", "pid") == ()
    assert marks(model, person(40, 70)) == ()


def test_just_outside_it_is_marked(knowledge: Knowledge) -> None:
    model = knowledge.models["navarro_mora_2022"]
    assert usable(model, person(88, 70)) == ()
    assert "just outside" in marks(model, person(88, 70))[0]


def test_far_outside_it_is_refused(knowledge: Knowledge) -> None:
    model = knowledge.models["navarro_mora_2022"]
    assert usable(model, person(0.5, 7)) == (
        "age 0.5 years is outside its data (2 to 83 years)",
        "weight 7 kg is outside its data (16.7 to 153 kg)",
    )


def test_an_unknown_age_is_marked_not_refused(knowledge: Knowledge) -> None:
    model = knowledge.models["navarro_mora_2022"]
    assert usable(model, person(None, 70)) == ()
    assert "Age is not known" in marks(model, person(None, 70))[0]


@pytest.mark.parametrize(
    ("model_id", "patient", "route", "population", "reason"),
    [
        ("navarro_mora_2022", person(40, 70), "fsc", None, "not fsc"),
        ("tortorici_2019", person(60, 70), "sc", None, "built on iv data"),
        ("tortorici_2021_cidp", person(60, 70), "iv", "pid", "not pid"),
        ("zhang_2020", person(30, 38), "iv", None, "Q and Vp"),
        ("zhang_2020", person(12, 45), "iv", None, "Q and Vp"),
        ("landersdorfer_2013", person(40, 120), "iv", None, "No weight covariate"),
        ("li_2022", person(40, 70, height_cm=170), "iv", None, "lean body mass"),
        ("cheng_2026", person(30, 70), "iv", None, "outside its data"),
        ("tegenge_2020", person(0.01, 1.1), "iv", None, "volumes contradict"),
    ],
)
def test_each_reason_to_refuse(
    model_id: str, patient: Patient, route, population, reason: str, knowledge: Knowledge
) -> None:
    reasons = usable(knowledge.models[model_id], patient, route, population)
    assert any(reason in text for text in reasons)


def test_the_error_names_model_and_every_reason(knowledge: Knowledge) -> None:
    with pytest.raises(OutsideModelDomain, match=r"tortorici_2019: .*not sc.*age 5 years"):
        require_usable(knowledge.models["tortorici_2019"], person(5, 50), ["sc"])
