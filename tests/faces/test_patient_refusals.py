"""What a patient file may not say: each refusal names its field and what is allowed."""

from typing import Any

import pytest

from ivig.errors import InputError
from ivig.faces.patient_file import patient_from_data


def refused(**fields: Any) -> InputError:
    with pytest.raises(InputError) as caught:
        patient_from_data({"diagnosis": "cvid", "weight_kg": 68} | fields)
    return caught.value


@pytest.mark.parametrize(
    ("fields", "field", "allowed"),
    [
        ({"wieght_kg": 68}, "wieght_kg", "did you mean weight_kg?"),
        ({"Weight_kg": 68}, "Weight_kg", "did you mean weight_kg?"),
        ({"favourite_colour": "red"}, "favourite_colour", "known here are id, diagnosis, weight_kg"),
        ({"weight_kg": 0}, "weight_kg", "0.3 to 400 kg"),
        ({"weight_kg": "68 kg"}, "weight_kg", "a number"),
        ({"weight_kg": True}, "weight_kg", "a number"),
        ({"weight_kg": float("nan")}, "weight_kg", "a finite number"),
        ({"weight_kg": float("inf")}, "weight_kg", "a finite number"),
        ({"weight_kg": 10**400}, "weight_kg", "a finite number"),
        ({"weight": "154 lb"}, "weight", "only one of weight_kg and weight"),
        ({"height": 163}, "height", "a plain number goes under height_cm"),
        ({"height": "163"}, "height", "the number with its unit, one of cm, m, in"),
        ({"height": "163 furlongs"}, "height", "cm, m, in, [in_i], ft"),
        ({"age_year": 300}, "age_year", "0 to 120 year"),
        ({"age": "62 m"}, "age", "m is the metre"),
        ({"sex": "unknown"}, "sex", "female, male; leave it out"),
        ({"pregnant": "no"}, "pregnant", "true or false"),
        ({"diagnosis": 83.9}, "diagnosis", "in quotes"),
        ({"diagnosis": " "}, "diagnosis", "text"),
        ({"diagnosis": None}, "diagnosis", "diagnosis is needed"),
        ({"id": 123}, "id", "in quotes"),
        ({"pre_pregnancy_weight_kg": 5}, "pre_pregnancy_weight_kg", "25 to 400 kg"),
        ({"levels": {"time_day": 0}}, "levels", "a list of entries"),
        ({"levels": [5.43]}, "levels[0]", "fields and their values"),
        ({"levels": [{"igg_g_per_L": 5}]}, "levels[0].time_day", "time_day or date is needed"),
        ({"levels": [{"time_day": 0}]}, "levels[0].igg_g_per_L", "igg_g_per_L or igg is needed"),
        ({"levels": [{"time_day": 0, "igg_g_per_L": 650}]}, "levels[0].igg_g_per_L", "650 mg/dL is 6.5 g/L"),
        ({"levels": [{"time_day": 0, "igg": "650 g/L"}]}, "levels[0].igg", "650 mg/dL is 6.5 g/L"),
        ({"levels": [{"time_day": 0, "igg": "6.5 G/L"}]}, "levels[0].igg", "gauss per litre"),
        ({"levels": [{"time_day": 0, "igg": 650}]}, "levels[0].igg", "text with a unit"),
        ({"levels": [{"time_day": 0, "iga": "1 g/L"}]}, "levels[0].iga", "did you mean igg?"),
        ({"levels": [{"time_day": "0", "igg": "6 g/L"}]}, "levels[0].time_day", "a number of days"),
        ({"weights": [{"time_day": -9}]}, "weights[0].weight_kg", "weight_kg or weight is needed"),
        ({"weights": [{"weight_kg": 60}]}, "weights[0].time_day", "time_day or date is needed"),
        ({"weights": [{"time_day": -9, "weight_kg": 900}]}, "weights[0].weight_kg", "0.3 to 400 kg"),
        ({"weights": [{"time_day": 9, "weight_kg": 60}]}, "weights[0].time_day", "0 or negative"),
        ({"weights": [{"time_day": -9, "weight_kg": 60}, {"time_day": -30, "weight_kg": 62}]}, "weights[1].time_day", "after the one before it, on day -9"),
        ({"weights": [{"time_day": -9, "weight_kg": 60}, {"time_day": -9, "weight_kg": 62}]}, "weights[1].time_day", "one on a day"),
        ({"weights": [{"time_day": 0, "weight_kg": 60}]}, "weights[0].weight_kg", "68 kg as under weight_kg"),
        ({"weights": [{"time_day": -9, "wieght": "60 kg"}]}, "weights[0].wieght", "did you mean weight?"),
        ({"protein_loss": [{"start_day": -9}]}, "protein_loss[0].CL_loss_L_per_day", "CL_loss is needed"),
        ({"protein_loss": [{"CL_loss_L_per_day": 0.4}]}, "protein_loss[0].start_day", "start_day or start_date is needed"),
        ({"protein_loss": [{"start_day": -9, "CL_loss_L_per_day": 400}]}, "protein_loss[0].CL_loss_L_per_day", "0.001 to 10 L/day"),
        ({"protein_loss": [{"start_day": -9, "CL_loss_L_per_day": 0}]}, "protein_loss[0].CL_loss_L_per_day", "0.001 to 10 L/day"),
        ({"protein_loss": [{"start_day": -9, "CL_loss": "9 g/L"}]}, "protein_loss[0].CL_loss", "L/day, mL/day"),
        ({"protein_loss": [{"start_day": -9, "end_day": -30, "CL_loss_L_per_day": 1}]}, "protein_loss[0].end_day", "a day after -9, or none"),
        ({"protein_loss": [{"start_day": -9, "end_day": 30, "CL_loss_L_per_day": 1}]}, "protein_loss[0].end_day", "0 or negative"),
        ({"protein_loss": [{"start_day": -9, "CL_loss_L_per_day": 1}] * 2}, "protein_loss[1].start_day", "each loss once"),
        ({"protein_loss": [{"start_day": -9, "CL_loss_L_per_day": 1}, {"start_day": -19, "CL_loss_L_per_day": 1}]}, "protein_loss[1].start_day", "not before day -9"),
        ({"doses": [{"time_day": 7, "amount_g": 30}]}, "doses[0].time_day", "0 or negative"),
        ({"doses": [{"time_day": -99999, "amount_g": 30}]}, "doses[0].time_day", "100 years"),
        ({"doses": [{"date": "2026-03-02", "amount_g": 30}]}, "doses[0].date", "up to day 0, which is 2026-03-01"),
        ({"doses": [{"date": "2026-02-30", "amount_g": 30}]}, "doses[0].date", "a date of the calendar"),
        ({"doses": [{"date": "1.3.2026", "amount_g": 30}]}, "doses[0].date", "written as 2026-03-01"),
        ({"doses": [{"date": "2026-02-01", "time_day": -28, "amount_g": 30}]}, "doses[0].date", "only one of"),
        ({"doses": [{"time_day": 0, "amount_g": 0}]}, "doses[0].amount_g", "0.01 to 500 g"),
        ({"doses": [{"time_day": 0, "amount": "30"}]}, "doses[0].amount", "one of g, mg"),
        ({"doses": [{"time_day": 0, "amount_g": 3, "route": "im"}]}, "doses[0].route", "iv, sc, fsc"),
        ({"infections": [{"time_day": 2}]}, "infections[0].time_day", "0 or negative"),
        ({"infections": [{"severe": "yes"}]}, "infections[0].severe", "true or false"),
        ({"infections": "none"}, "infections", "[] when asked and there is none"),
        ({"conditions": "ckd"}, "conditions", "a list, such as [ckd, stroke]"),
        ({"conditions": [3]}, "conditions[0]", "a word"),
        ({"conditions": ["--"]}, "conditions[0]", "a word"),
        ({"conditions": ["ckd", "strok"]}, "conditions[1]", "did you mean stroke?"),
        ({"conditions": ["fructose intolerance"]}, "conditions[0]", "hereditary_fructose_intolerance or"),
        ({"allergies": ["IVIG"]}, "allergies[0]", "history: {reaction_to_ig"),
        ({"history": ["none"]}, "history", "fields and their values"),
        ({"history": {"anti_IgA": True}}, "history.anti_IgA", "did you mean anti_iga?"),
        ({"labs": {"ldh": "200 U/L"}}, "labs.ldh", "the names known here are igg"),
        ({"labs": {"igg": "543 mg/dL"}}, "labs.igg", "IgG under levels"),
        ({"labs": {"iga": 0.02}}, "labs.iga", "a plain number goes under iga_g_per_L"),
        ({"labs": {"iga_g_per_L": "0.02 g/L"}}, "labs.iga_g_per_L", "a number"),
        ({"labs": {"platelets": "12 K/uL"}}, "labs.platelets", "Write 10*3/uL"),
        ({"labs": {"egfr": "38 mL/min"}}, "labs.egfr", "mL/min/{1.73_m2}"),
        ({"labs": {"hb": "13 g/L"}}, "labs.hb", "20 to 260 g/L"),
        ({"labs": {"hb": {"time_day": -3}}}, "labs.hb.value", "text with a unit"),
        ({"labs": {"hb": {"value": "13 g/dL", "time_day": 3}}}, "labs.hb.time_day", "0 or negative"),
        ({"labs": {"hb": "13 g/dL", "haemoglobin": "12 g/dL"}}, "labs.haemoglobin", "one result of haemoglobin"),
        ({"blood_group": "A+"}, "blood_group", "A, B, AB, O"),
        ({"findings": {"a": [1]}}, "findings.a", "text, a number, true or false"),
        ({"findings": {"a b": 1, "A-B": 2}}, "findings.A-B", "each name once"),
        ({"findings": {"blood group": "A"}}, "findings.blood group", "blood_group at the top"),
        ({"as_of": "yesterday"}, "as_of", "written as 2026-03-01"),
        ({"note": 5}, "note", "text"),
        ({"note": "\x1b[31m"}, "note", "printable text"),
    ],
)  # fmt: skip
def test_an_error_names_the_field_and_what_is_allowed(
    fields: dict[str, Any], field: str, allowed: str
) -> None:
    if "doses" in fields:
        fields = {"as_of": "2026-03-01"} | fields
    error = refused(**fields)
    assert error.field == field
    assert allowed in error.allowed


def test_a_missing_weight_says_both_ways_to_give_it() -> None:
    with pytest.raises(InputError) as caught:
        patient_from_data({"diagnosis": "cvid"})
    assert caught.value.field == "weight_kg"
    assert "weight_kg or weight is needed" in caught.value.allowed


@pytest.mark.parametrize(
    ("data", "allowed"),
    [
        (None, "this file is empty"),
        ([], "one patient: fields at the top, no list"),
        ("cvid", "fields and their values"),
        (3, "fields and their values"),
        ({1: 2}, "text; put it in quotes"),
        ({"diagnosis": {"a", "b"}}, "text, a number, true or false"),
    ],
)
def test_what_is_no_patient_at_all(data: object, allowed: str) -> None:
    with pytest.raises(InputError) as caught:
        patient_from_data(data)
    assert allowed in caught.value.allowed
