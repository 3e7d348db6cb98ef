"""What is done, missing, out of date or too late before an infusion."""

import pytest

from ivig.checklist import CheckItem, check_before
from ivig.knowledge import Knowledge
from ivig.patient import Dose, History, Lab, Patient, Sample

DOSE = Dose(time_day=-28.0, amount_g=30.0)


def patient(**fields: object) -> Patient:
    return Patient(diagnosis="cvid", weight_kg=70.0, **fields)  # type: ignore[arg-type]


def egfr(day: float | None) -> Lab:
    name = "egfr_mL_per_min_per_1_73m2"
    return Lab(analyte=name, value=80.0, ucum="mL/min/{1.73_m2}", time_day=day)


def items(
    knowledge: Knowledge, one: Patient, *, dose: float | None = 0.5, day: float = 0.0
) -> dict[str, CheckItem]:
    found = check_before(one, knowledge.checklist, dose_g_per_kg=dose, infusion_day=day)
    return {item.id: item for item in found}


def test_an_empty_record_has_nothing_done_but_the_weight(knowledge: Knowledge) -> None:
    found = items(knowledge, patient())
    done = [key for key, item in found.items() if item.status == "done"]
    assert done == ["weight"]
    assert found["renal_function"].status == "missing"
    assert found["adrenaline"].status == "to_do"


def test_every_line_is_cited(knowledge: Knowledge) -> None:
    assert all(item.citations for item in items(knowledge, patient()).values())


@pytest.mark.parametrize(
    ("day", "doses", "status"),
    [
        (-10.0, (DOSE,), "done"),
        (-365.0, (DOSE,), "done"),
        (-366.0, (DOSE,), "out_of_date"),
        (None, (DOSE,), "undated"),
        (-400.0, (), "done"),  # no source gives a limit before a first dose
        (None, (), "undated"),
    ],
)
def test_the_age_of_a_blood_test(
    knowledge: Knowledge, day: float | None, doses: tuple[Dose, ...], status: str
) -> None:
    found = items(knowledge, patient(labs=(egfr(day),), doses=doses))
    assert found["renal_function"].status == status


def test_the_age_counts_to_the_day_of_the_infusion(knowledge: Knowledge) -> None:
    item = items(knowledge, patient(labs=(egfr(-360.0),), doses=(DOSE,)), day=30.0)[
        "renal_function"
    ]
    assert (item.age_day, item.status) == (390.0, "out_of_date")


def test_serology_after_the_first_dose_is_too_late(knowledge: Knowledge) -> None:
    assert items(knowledge, patient(doses=()))["baseline_serology"].status == "missing"
    assert items(knowledge, patient(doses=(DOSE,)))["baseline_serology"].status == "too_late"
    unknown = items(knowledge, patient())["baseline_serology"]
    assert (unknown.status, "not known" in (unknown.note or "")) == ("missing", True)


def test_a_level_taken_on_treatment_is_no_baseline(knowledge: Knowledge) -> None:
    after = (Sample(time_day=-1.0, igg_g_per_L=8.0),)
    before = (Sample(time_day=-60.0, igg_g_per_L=5.0),)
    one = items(knowledge, patient(levels=after, doses=(DOSE,)))["baseline_igg"]
    assert one.status == "too_late"
    assert items(knowledge, patient(levels=before, doses=(DOSE,)))["baseline_igg"].status == "done"


def test_the_blood_group_is_asked_once_and_stricter_at_2_g_per_kg(knowledge: Knowledge) -> None:
    assert "blood_group_high_dose" not in items(knowledge, patient(), dose=1.0)
    high = items(knowledge, patient(), dose=2.0)
    assert "blood_group" not in high
    assert high["blood_group_high_dose"].status == "missing"
    assert "blood_group_high_dose" in items(knowledge, patient(), dose=None)


def test_anti_iga_is_asked_when_iga_is_low_or_unknown(knowledge: Knowledge) -> None:
    low = Lab(analyte="iga_g_per_L", value=0.05, ucum="g/L")
    normal = Lab(analyte="iga_g_per_L", value=2.0, ucum="g/L")
    assert items(knowledge, patient(labs=(low,)))["anti_iga"].status == "missing"
    assert (
        items(knowledge, patient(labs=(normal,), conditions=()))["anti_iga"].status == "not_needed"
    )
    assert items(knowledge, patient())["anti_iga"].status == "missing"
    asked = patient(labs=(low,), history=History(anti_iga=False))
    assert items(knowledge, asked)["anti_iga"].value == "not found"


def test_asked_and_none_is_done(knowledge: Knowledge) -> None:
    found = items(knowledge, patient(allergies=(), conditions=("migraine",)))
    assert (found["allergies"].status, found["allergies"].value) == ("done", "asked: none")
    assert found["conditions"].value == "migraine"


def test_hydration_is_not_inferred_from_a_list_of_illnesses(knowledge: Knowledge) -> None:
    assert items(knowledge, patient(conditions=()))["hydration"].status == "missing"


def test_a_man_is_not_asked_about_pregnancy(knowledge: Knowledge) -> None:
    assert "pregnancy" not in items(knowledge, patient(sex="male"))
    assert items(knowledge, patient(sex="female"))["pregnancy"].status == "missing"
    assert items(knowledge, patient())["pregnancy"].status == "missing"
