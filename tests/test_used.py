"""The values behind an answer bear their dates; an open answer names what it waits for."""

from ivig.criterion import InfectionCount, Test
from ivig.patient import Infection, Lab, Patient, Sample
from ivig.used import UsedValue, measured_day, missing_parts, used_values

LOW_IGG = Test(measure="igg_g_per_L", below=7.0)
PLATELETS = Test(measure="platelets_10e9_per_L", below=30.0)
BLEEDING = Test(finding="bleeding", one_of=("major",))


def patient(**fields: object) -> Patient:
    return Patient(diagnosis="itp", weight_kg=70.0, **fields)  # type: ignore[arg-type]


def platelets(value: float, day: float | None) -> Lab:
    return Lab(analyte="platelets_10e9_per_L", value=value, ucum="10*9/L", time_day=day)


def test_a_value_bears_its_date() -> None:
    one = patient(labs=(platelets(12.0, -3.0),))
    assert used_values(PLATELETS, one) == (UsedValue(text="platelets 12 × 10⁹/L", time_day=-3.0),)


def test_a_missing_value_is_not_used_and_is_named() -> None:
    assert used_values(PLATELETS, patient()) == ()
    assert missing_parts(PLATELETS, patient()) == ("labs.platelets_10e9_per_L",)


def test_of_alternatives_those_that_decided_are_shown() -> None:
    either = Test(any=(PLATELETS, BLEEDING))
    one = patient(labs=(platelets(12.0, None),), findings=(("bleeding", "none"),))
    assert [value.text for value in used_values(either, one)] == ["platelets 12 × 10⁹/L"]


def test_an_open_alternative_names_every_field_that_could_decide() -> None:
    either = Test(any=(PLATELETS, BLEEDING, Test(condition="hiv")))
    assert missing_parts(either, patient()) == (
        "labs.platelets_10e9_per_L",
        "findings.bleeding",
        "conditions.hiv",
    )


def test_what_no_value_can_meet_uses_none() -> None:
    assert used_values(Test(never=True), patient()) == ()
    assert used_values(Test(all=()), patient()) == ()


def test_age_and_past_illness_need_no_date() -> None:
    one = patient(age_year=40.0, conditions=("stroke",))
    both = Test(all=(Test(measure="age_year", above=18.0), Test(condition="stroke")))
    assert [value.lasting for value in used_values(both, one)] == [True, True]


def test_the_day_of_the_last_infection() -> None:
    one = patient(infections=(Infection(time_day=-90.0), Infection(time_day=-20.0)))
    test = Test(infections=InfectionCount(at_least=2))
    assert used_values(test, one)[0].time_day == -20.0


def test_the_day_of_an_igg_level() -> None:
    levels = (Sample(time_day=-40.0, igg_g_per_L=5.0), Sample(time_day=-1.0, igg_g_per_L=8.0))
    assert measured_day(patient(levels=levels), "igg_g_per_L") == -1.0
    assert measured_day(patient(levels=levels, doses=()), "untreated_igg_g_per_L") == -1.0
    assert measured_day(patient(baseline_igg_g_per_L=4.0), "untreated_igg_g_per_L") is None
    assert used_values(LOW_IGG, patient(levels=levels))[0].time_day == -1.0
