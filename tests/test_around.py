"""What surrounds the infusions of a plan."""

from dataclasses import replace

import pytest

from ivig.around import Around, around
from ivig.errors import InputError
from ivig.faces.patient_file import patient_from_data, read_patient
from ivig.knowledge import Knowledge
from ivig.patient import Patient
from ivig.plan import make_plan


def made(
    knowledge: Knowledge, patient: Patient, *, start: str | None = None, place: str = "us"
) -> Around:
    return around(
        make_plan(patient, knowledge, jurisdiction=place), knowledge, first_infusion=start
    )


def example(name: str) -> Patient:
    return read_patient(f"examples/{name}.yaml")


def test_the_calendar_of_cidp(knowledge: Knowledge) -> None:
    found = made(knowledge, example("cidp-80kg"), start="2026-03-02")
    doses = [event.day for event in found.events if event.kind == "dose"]
    assert doses[:7] == [0, 1, 2, 3, 4, 21, 42]
    assert [event.day for event in found.events if event.id == "review"] == [105]
    assert (
        found.regimen_text == "Induction: 160 g over 5 days; then Maintenance: 80 g every 21 days"
    )


def test_events_stand_in_order_of_time(knowledge: Knowledge) -> None:
    days = [event.about_day for event in made(knowledge, example("cidp-80kg")).events]
    assert days == sorted(days)


def test_haemoglobin_is_watched_outside_group_O(knowledge: Knowledge) -> None:
    def ids(patient: Patient) -> set[str]:
        return {event.id for event in made(knowledge, patient).events}

    cidp = example("cidp-80kg")
    assert "haemoglobin-5-10-d" not in ids(cidp)  # group O
    assert "haemoglobin-5-10-d" in ids(replace(cidp, blood_group="A"))
    assert "haemoglobin-5-10-d" in ids(replace(cidp, blood_group=None))  # unknown is not O
    assert "haemoglobin-5-10-d" not in ids(example("itp-12"))  # 1 g/kg
    assert "haemoglobin-36-96-h" in ids(example("itp-12"))


def test_a_stop_offers_no_dose_and_no_window(knowledge: Knowledge) -> None:
    for name in ("alzheimer", "iga-anti-iga-reaction"):
        found = made(knowledge, example(name), start="2026-03-02")
        assert found.stops
        assert (found.events, found.upsets, found.vaccines, found.regimen_text) == (
            (),
            (),
            (),
            None,
        )
        assert found.checks


def test_the_place_that_pays_adds_its_reviews(knowledge: Knowledge) -> None:
    uk = made(knowledge, example("cidp-80kg"), place="uk")
    review = [event for event in uk.events if event.id.startswith("review-place")]
    assert [(event.plus_month, event.repeat_month) for event in review] == [(12, 12)]


def test_the_date_of_day_0_counts_the_age_of_tests(knowledge: Knowledge) -> None:
    data = {
        "diagnosis": "cvid",
        "weight_kg": 70,
        "as_of": "2026-01-01",
        "doses": [{"time_day": -28, "amount_g": 30}],
        "labs": {"egfr": {"value": "80 mL/min/{1.73_m2}", "date": "2025-02-01"}},
    }
    patient = patient_from_data(data)
    soon, late = (made(knowledge, patient, start=day) for day in ("2026-01-01", "2026-03-01"))
    status = [
        next(item.status for item in one.checks if item.id == "renal_function")
        for one in (soon, late)
    ]
    assert (soon.infusion_day, late.infusion_day) == (0, 59)
    assert status == ["done", "out_of_date"]


@pytest.mark.parametrize("start", ["tomorrow", "2026-02-30", "2025-12-31"])
def test_a_date_that_cannot_be_is_refused(knowledge: Knowledge, start: str) -> None:
    patient = replace(example("cidp-80kg"), as_of="2026-01-01")
    with pytest.raises(InputError, match="start"):
        made(knowledge, patient, start=start)


def test_without_a_date_days_are_counted(knowledge: Knowledge) -> None:
    assert made(knowledge, example("cidp-80kg")).first_infusion is None


def test_the_same_input_gives_the_same_answer(knowledge: Knowledge) -> None:
    one, two = (made(knowledge, example("sid-cll"), start="2026-03-02") for _ in range(2))
    assert one == two
