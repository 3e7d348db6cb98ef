"""What rows mean: kinds, routes, repeats, and every row that cannot be."""

from dataclasses import replace

import numpy as np
import pytest

from ivig.errors import InputError
from ivig.patient import DatedWeight, Dose, Sample
from ivig.pk.concentration import exogenous_g_per_L
from ivig.pk.events import EventRow, Subject, subject_patient, subjects
from ivig.pk.parameters import parameters
from ivig.pk.schedule import Dosing, history_trains
from ivig.pk.steady import steady_state

TWO = {"CL": 0.15, "Vc": 3.0, "Q": 0.5, "Vp": 2.5, "KA": 0.25, "F_SC": 0.7, "F_fSC": 0.8, "BL": 4.0}


def dose(row: int, day: float, grams: float = 30.0, **kwargs) -> EventRow:
    return EventRow(row=row, id="1", time_day=day, amount_g=grams, weight_kg=70, **kwargs)


def level(row: int, day: float, igg: float = 9.0, **kwargs) -> EventRow:
    return EventRow(row=row, id="1", time_day=day, igg_g_per_L=igg, **kwargs)


def one(*rows: EventRow) -> Subject:
    (found,) = subjects(rows)
    return found


def test_a_dose_and_a_level() -> None:
    found = one(dose(2, 0), level(3, 21, 8.2))
    assert found == Subject(
        id="1",
        doses=(Dose(time_day=0, amount_g=30),),
        samples=(Sample(time_day=21, igg_g_per_L=8.2),),
        weights=(DatedWeight(time_day=0, weight_kg=70),),
    )


def test_every_id_is_a_subject_in_the_order_of_the_table() -> None:
    rows = [replace(dose(i, 0), id=name) for i, name in enumerate("bac", start=2)]
    assert [subject.id for subject in subjects(rows)] == ["b", "a", "c"]


def test_evid_and_mdv_say_what_a_row_is() -> None:
    found = one(
        dose(2, 0, evid=1, mdv=1, igg_g_per_L=0.0),
        level(3, 7, evid=0, mdv=0),
        level(4, 14, evid=0, mdv=1),
        EventRow(row=5, id="1", time_day=20, evid=2, weight_kg=72),
        level(6, 21, mdv=1),
    )
    assert [sample.time_day for sample in found.samples] == [7]
    assert found.weights == (
        DatedWeight(time_day=0, weight_kg=70),
        DatedWeight(time_day=20, weight_kg=72),
    )
    assert found.weight_kg == 72


@pytest.mark.parametrize(
    ("rows", "routes"),
    [
        ([dose(2, 0), level(3, 1)], ["iv"]),
        ([dose(2, 0, route="fsc", cmt=1)], ["fsc"]),
        ([dose(2, 0, cmt=1), level(3, 1, cmt=2)], ["sc"]),
        ([dose(2, 0, cmt=1), level(3, 1, cmt=1)], ["iv"]),
        ([dose(2, 0, cmt=1, rate_g_per_day=240)], ["iv"]),
        ([dose(2, 0, cmt=2), dose(3, 28, cmt=1), dose(4, 56, cmt=3)], ["iv", "sc", "fsc"]),
        ([dose(2, 0, cmt=0)], ["iv"]),
    ],
)
def test_the_compartment_of_a_dose(rows: list[EventRow], routes: list[str]) -> None:
    assert [given.route for given in one(*rows).doses] == routes


def test_a_compartment_that_may_be_either_is_refused() -> None:
    with pytest.raises(InputError, match=r"row 2, CMT: 1 cannot be used.*route"):
        one(dose(2, 0, cmt=1), level(3, 1))


def test_a_rate_is_a_duration() -> None:
    found = one(dose(2, 0, rate_g_per_day=240.0), dose(3, 21, duration_h=4))
    assert [given.duration_h for given in found.doses] == [3, 4]


def test_additional_doses_are_written_out_between_the_others() -> None:
    found = one(dose(2, 0, n_additional=3, interval_day=21), dose(3, 30, 10, route="sc"))
    assert [given.time_day for given in found.doses] == [0, 21, 30, 42, 63]


def test_steady_state_is_a_long_past() -> None:
    found = one(dose(2, 0, ss=1, interval_day=21, duration_h=3), level(3, 21))
    person = parameters(TWO)
    trains = history_trains(found.doses)
    assert len(trains) == 1
    at = exogenous_g_per_L(person, trains, np.array([0.0, 21.0]))[0]
    steady = steady_state(person, Dosing(amount_g=30, interval_day=21, duration_h=3))
    np.testing.assert_allclose(at, steady.trough_g_per_L[0], rtol=1e-12)


def test_the_patient_of_a_subject() -> None:
    rows = [
        replace(dose(2, 0), age_year=8.0, height_cm=128.0, sex="female", igm_g_per_L=0.3),
        replace(level(3, 300), age_year=9.0, weight_kg=30.0, baseline_igg_g_per_L=2.5),
    ]
    patient = subject_patient(one(*rows))
    assert (patient.weight_kg, patient.age_year, patient.sex) == (30, 9, "female")
    assert patient.baseline_igg_g_per_L == 2.5
    igm = patient.lab("igm_g_per_L")
    assert igm is not None
    assert (igm.value, igm.ucum) == (0.3, "g/L")


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([], ["event table", "at least one dose"]),
        ([dose(2, 21), dose(3, 0)], ["row 3, TIME", "not before day 21 of row 2"]),
        ([dose(2, 0), level(3, 9), level(4, 8)], ["row 4, TIME", "day 9"]),
        ([dose(2, 0), dose(3, 0)], ["row 3, TIME", "one dose of a route at one time"]),
        ([dose(2, 0, n_additional=2, interval_day=7), dose(3, 14)], ["row 3, TIME", "one dose"]),
        ([dose(2, 0), level(3, 7), level(4, 7)], ["row 4, TIME", "one level at one time"]),
        ([level(2, -1), dose(3, 0)], ["row 2, TIME", "baseline_igg_g_per_L"]),
        ([level(2, 0), dose(3, 0)], ["row 2, TIME", "after the first dose"]),
        ([replace(level(2, 0), weight_kg=70)], ["row 2, TIME", "after the first dose"]),
        ([dose(2, 0), level(3, 1, -2.0)], ["row 3, DV", "-2"]),
        ([dose(2, 0), level(3, 1, 650.0)], ["row 3, DV", "650", "6.5 g/L"]),
        ([dose(2, 0), level(3, 1, 0.0)], ["row 3, DV", "below_limit"]),
        ([dose(2, 0), level(3, 1, float("nan"))], ["row 3, DV", "nan"]),
        ([dose(2, 0, 30000.0)], ["row 2, AMT", "30000 mg is 30 g"]),
        ([dose(2, 0, -3.0)], ["row 2, AMT"]),
        ([dose(2, 0, evid=0)], ["row 2, AMT", "a row of a level"]),
        ([dose(2, 0, 0.0, evid=1)], ["row 2, AMT", "leave a missed dose out"]),
        ([dose(2, 0, evid=4)], ["row 2, EVID", "reset"]),
        ([dose(2, 0), level(3, 1, evid=1)], ["row 3, AMT"]),
        ([dose(2, 0, igg_g_per_L=9.0)], ["row 2, DV", "two rows"]),
        ([dose(2, 0), EventRow(row=3, id="1", time_day=1, evid=0)], ["row 3, DV", "MDV 1"]),
        ([dose(2, 0), level(3, 7, mdv=2)], ["row 3, MDV", "2"]),
        ([dose(2, 0), dose(3, 21), level(4, 21)], ["row 4, TIME", "in the row before it"]),
        ([dose(2, 0, cmt=4)], ["row 2, CMT", "4"]),
        ([dose(2, 0, rate_g_per_day=-2.0)], ["row 2, RATE"]),
        ([dose(2, 0, rate_g_per_day=5.0)], ["row 2, RATE", "10 g/h is 240"]),
        ([dose(2, 0, rate_g_per_day=240.0, duration_h=3)], ["row 2, duration_h", "either"]),
        ([dose(2, 0, n_additional=5)], ["row 2, II"]),
        ([dose(2, 0, ss=1)], ["row 2, II"]),
        ([dose(2, 0, ss=2, interval_day=21)], ["row 2, SS", "2"]),
        ([dose(2, 0), dose(3, 21, ss=1, interval_day=21)], ["row 3, SS", "first dose"]),
        ([dose(2, 0, n_additional=-1, interval_day=7)], ["row 2, ADDL"]),
        ([replace(dose(2, 0), weight_kg=None)], ["row 2, WT", "ID 1"]),
        ([dose(2, 0, sex="male"), level(3, 1, sex="female")], ["row 3, sex", "row 2"]),
        ([dose(2, 0), replace(dose(3, 0), id="2"), dose(4, 21)], ["row 4, ID", "together"]),
    ],
)
def test_what_cannot_be_names_the_row(rows: list[EventRow], words: list[str]) -> None:
    with pytest.raises(InputError) as raised:
        subjects(rows)
    for word in words:
        assert word in str(raised.value)


def test_a_level_before_a_steady_state_dose_has_doses_before_it() -> None:
    found = one(level(2, 0), dose(3, 0, ss=1, interval_day=21))
    assert found.samples[0].time_day == 0


def test_a_level_below_the_infusion_at_its_time_is_the_trough() -> None:
    found = one(dose(2, 0), dose(3, 21, duration_h=3), level(4, 21))
    assert found.samples[0].time_day == 21
