import io
import json
import re
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivig.criterion import has_condition
from ivig.errors import InputError
from ivig.faces.patient_fields import patient_schema
from ivig.faces.patient_file import patient_from_data, read_patient
from ivig.faces.plain_data import read_plain
from ivig.patient import (
    DatedWeight,
    Dose,
    History,
    Infection,
    Lab,
    Patient,
    ProteinLoss,
    Sample,
)

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.[yj]*"))
SCHEMA = jsonschema.Draft202012Validator(patient_schema())


def patient(**fields: Any) -> Patient:
    return patient_from_data({"diagnosis": "cvid", "weight_kg": 68} | fields)


def refused(**fields: Any) -> InputError:
    with pytest.raises(InputError) as caught:
        patient(**fields)
    return caught.value


def test_the_least_a_patient_needs() -> None:
    assert patient() == Patient(diagnosis="cvid", weight_kg=68)


def test_every_field() -> None:
    full = patient(
        id="cvid-62f",
        age_year=62,
        sex="female",
        height_cm=163,
        pregnant=False,
        pre_pregnancy_weight_kg=60,
        baseline_igg_g_per_L=4.1,
        weights=[{"time_day": -90, "weight_kg": 66}],
        protein_loss=[{"start_day": -60, "end_day": -20, "CL_loss_L_per_day": 0.3}],
        levels=[{"time_day": 0, "igg_g_per_L": 5.43}],
        doses=[
            {
                "time_day": -56,
                "amount_g": 30,
                "route": "iv",
                "product": "privigen",
                "duration_h": 3,
            }
        ],
        infections=[{"time_day": -40, "kind": "pneumonia", "severe": True}],
        conditions=["ckd"],
        allergies=["latex"],
        history={"anti_iga": True, "reaction_to_ig": "anaphylaxis"},
        labs={"iga_g_per_L": 0.02},
        blood_group="A",
        findings={"illness_day": 5, "vaccine_response": "impaired", "fever": True},
        source="a label",
        note="invented",
    )
    assert full == Patient(
        diagnosis="cvid",
        weight_kg=68,
        id="cvid-62f",
        age_year=62,
        sex="female",
        height_cm=163,
        pregnant=False,
        pre_pregnancy_weight_kg=60,
        baseline_igg_g_per_L=4.1,
        weights=(DatedWeight(time_day=-90, weight_kg=66),),
        protein_loss=(ProteinLoss(start_day=-60, end_day=-20, CL_loss_L_per_day=0.3),),
        levels=(Sample(time_day=0, igg_g_per_L=5.43),),
        doses=(Dose(time_day=-56, amount_g=30, route="iv", product="privigen", duration_h=3),),
        infections=(Infection(time_day=-40, kind="pneumonia", severe=True),),
        conditions=("ckd",),
        allergies=("latex_allergy",),
        history=History(anti_iga=True, reaction_to_ig="anaphylaxis"),
        labs=(Lab(analyte="iga_g_per_L", value=0.02, ucum="g/L", loinc="2458-8"),),
        blood_group="A",
        findings=(("illness_day", 5.0), ("vaccine_response", "impaired"), ("fever", True)),
        source="a label",
        note="invented",
    )


def test_dates_of_weights_and_losses_are_days_before_the_plan() -> None:
    dated = patient(
        as_of="2026-03-01",
        weights=[{"date": "2026-01-30", "weight": "150 lb"}],
        protein_loss=[{"start_date": "2026-02-01", "end_date": None, "CL_loss": "300 mL/day"}],
    )
    assert dated.weights == (DatedWeight(time_day=-30, weight_kg=68.0388555),)
    assert dated.protein_loss == (ProteinLoss(start_day=-28, CL_loss_L_per_day=0.3),)
    assert dated.as_of == "2026-03-01"


def test_text_with_a_unit_under_the_bare_name() -> None:
    written = patient_from_data(
        {
            "diagnosis": "cvid",
            "weight": "154 lb",
            "height": "64 in",
            "age": "18 mo",
            "pre_pregnancy_weight": "140 lb",
            "baseline_igg": "410 mg/dL",
            "levels": [{"time_day": 0, "igg": "543 mg/dL"}],
            "doses": [{"time_day": -28, "amount": "30000 mg", "duration": "150 min"}],
        }
    )
    assert written == patient(
        weight_kg=69.85322498,
        height_cm=162.56,
        age_year=1.5,
        pre_pregnancy_weight_kg=63.5029318,
        baseline_igg_g_per_L=4.1,
        levels=[{"time_day": 0, "igg_g_per_L": 5.43}],
        doses=[{"time_day": -28, "amount_g": 30, "duration_h": 2.5}],
    )


def test_a_level_below_the_limit() -> None:
    assert patient(levels=[{"time_day": 0, "igg": "< 1.0 g/L"}]).levels == (
        Sample(time_day=0, igg_g_per_L=1.0, below_limit=True),
    )
    iga = patient(labs={"iga": "< 5 mg/dL"}).lab("iga_g_per_L")
    assert iga is not None
    assert (iga.value, iga.below_limit) == (0.05, True)
    assert refused(baseline_igg="< 1 g/L").field == "baseline_igg"


@pytest.mark.parametrize("name", ["doses", "infections", "conditions", "allergies"])
def test_empty_means_none_and_absent_means_unknown(name: str) -> None:
    assert getattr(patient(**{name: []}), name) == ()
    assert getattr(patient(), name) is None
    assert getattr(patient(**{name: None}), name) is None


def test_dates_become_days_before_as_of() -> None:
    dated = patient(
        as_of="2026-03-01",
        levels=[{"date": "2026-03-01", "igg_g_per_L": 7}],
        doses=[{"date": "2026-02-01", "amount_g": 30}],
        infections=[{"date": "2025-03-01"}],
        labs={"iga": {"value": "0.2 g/L", "date": "2026-02-27"}},
    )
    assert dated.as_of == "2026-03-01"
    assert dated.levels[0].time_day == 0
    assert dated.doses == (Dose(time_day=-28, amount_g=30),)
    assert dated.infections == (Infection(time_day=-365),)
    assert dated.labs[0].time_day == -2


def test_as_of_is_recorded_only_when_given_or_needed() -> None:
    assert patient().as_of is None
    assert patient(as_of="2026-03-01").as_of == "2026-03-01"
    today = patient(infections=[{"date": "2020-01-01"}])
    assert today.as_of is not None
    assert today.as_of > "2026"


def test_labs_by_short_name_or_full_name_with_or_without_time() -> None:
    labs = patient(
        labs={
            "Platelets": "12 10*9/L",
            "egfr_mL_per_min_per_1_73m2": 38,
            "hb": {"value": "13 g/dL", "time_day": -3},
            "creatinine_umol_per_L": {"value": 88},
            "crp": None,
        }
    ).labs
    assert [(lab.analyte, lab.value, lab.ucum, lab.time_day) for lab in labs] == [
        ("platelets_10e9_per_L", 12, "10*9/L", None),
        ("egfr_mL_per_min_per_1_73m2", 38, "mL/min/{1.73_m2}", None),
        ("haemoglobin_g_per_L", 130, "g/L", -3),
        ("creatinine_umol_per_L", 88, "umol/L", None),
    ]


def test_words_are_normalised_where_the_rules_read_them() -> None:
    someone = patient(
        sex="Female",
        blood_group="ab",
        doses=[{"time_day": 0, "amount_g": 5, "route": "IV", "product": "Octagam 10%"}],
        infections=[{"kind": "Otitis media"}],
        findings={
            "Vaccine response": "Impaired",
            "b-cells": "very low",
            "corticosteroids": "Unknown",
        },
    )
    assert someone.sex == "female"
    assert someone.blood_group == "AB"
    assert someone.doses == (Dose(time_day=0, amount_g=5, route="iv", product="octagam_10"),)
    assert someone.infections == (Infection(kind="otitis_media"),)
    assert someone.findings == (("vaccine_response", "impaired"), ("b_cells", "very_low"))


@pytest.mark.parametrize("written", ["none", "None", "no", "No reactions", "nil"])
def test_no_reaction_however_it_is_written(written: str) -> None:
    history = {"reaction_to_ig": written}
    assert has_condition(patient(history=history), "reaction_to_ig") == "not_met"


def test_an_unknown_reaction_stays_unknown() -> None:
    assert patient(history={"reaction_to_ig": "unknown"}).history.reaction_to_ig is None
    assert (
        refused(history={"reaction_to_ig": "no severe reaction"}).field == "history.reaction_to_ig"
    )


def test_conditions_get_their_slugs_and_strangers_are_kept_and_shown() -> None:
    someone = patient(
        conditions=["CVA", "hyper-prolinemia", "Fabry disease"], allergies=["Corn", "kiwi"]
    )
    assert someone.conditions == ("stroke", "hyperprolinaemia", "fabry_disease")
    assert someone.allergies == ("corn_allergy", "kiwi")
    assert someone.unrecognised == ("fabry_disease", "kiwi")


def test_an_allergy_under_conditions_is_found() -> None:
    someone = patient(conditions=["corn allergy"])
    assert has_condition(someone, "corn_allergy") == "met"


def test_pregnancy_under_conditions_sets_the_flag() -> None:
    someone = patient(conditions=["pregnant", "asthma"])
    assert someone.pregnant is True
    assert someone.conditions == ("asthma",)
    assert refused(conditions=["pregnancy"], pregnant=False).field == "pregnant"


def test_yaml_and_json_files_and_standard_input(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    yaml_file, json_file = tmp_path / "p.yaml", tmp_path / "p.json"
    yaml_file.write_text("diagnosis: cvid\nweight_kg: 68\n")
    json_file.write_text('\ufeff{"diagnosis": "cvid", "weight_kg": 68}', encoding="utf-8")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(yaml_file.read_bytes())))
    assert read_patient("-") == read_patient(yaml_file) == read_patient(json_file) == patient()


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_every_example_is_a_patient_that_fits_the_schema(path: Path) -> None:
    data = read_plain(path)
    someone = patient_from_data(data)
    assert someone.id == path.stem
    assert someone.source is not None
    assert someone.note is not None
    assert someone.unrecognised == ()
    SCHEMA.validate(data)


def test_the_examples_are_the_ones_that_were_asked_for() -> None:
    examples = {path.stem: read_patient(path) for path in EXAMPLES}
    assert len(examples) >= 12
    woman = examples["cvid-62f"]
    assert (woman.age_year, woman.weight_kg, woman.height_cm, woman.doses) == (62, 68, 163, ())
    assert woman.levels == (Sample(time_day=0, igg_g_per_L=5.43),)
    boy = examples["xla-6m"]
    assert (boy.age_year, boy.weight_kg, len(boy.levels), len(boy.doses or ())) == (6, 20, 2, 6)
    assert examples["kawasaki-3y"].finding("illness_day") == 5
    assert examples["itp-12"].labs[0].value == 12
    assert round(examples["bmi-42"].bmi_kg_per_m2 or 0) == 42
    assert examples["renal-stroke"].labs[0].value == 38
    assert has_condition(examples["renal-stroke"], "stroke") == "met"
    for name in ("iga-anti-iga", "iga-anti-iga-reaction"):
        assert has_condition(examples[name], "anti_iga") == "met"
        assert examples[name].labs[0].below_limit
    assert has_condition(examples["iga-anti-iga"], "reaction_to_ig") == "not_met"
    assert has_condition(examples["iga-anti-iga-reaction"], "severe_reaction_to_ig") == "met"


def test_the_findings_of_the_examples_are_asked_by_a_rule() -> None:
    knowledge = Path(__file__).parents[2] / "knowledge"
    texts = [path.read_text(encoding="utf-8") for path in knowledge.rglob("*.yaml")]
    asked = {name for text in texts for name in re.findall(r"\bfinding: ([a-z0-9_]+)", text)}
    told = {name for path in EXAMPLES for name, _ in read_patient(path).findings}
    for_people = {"pneumococcal_serotypes_protective", "pneumococcal_serotypes_tested"}
    assert told - asked == for_people


def test_the_schema_is_a_schema_and_says_no_where_the_parser_does() -> None:
    jsonschema.Draft202012Validator.check_schema(patient_schema())
    fine = {"diagnosis": "cvid", "weight": "154 lb", "age_year": None}
    assert SCHEMA.is_valid(fine)
    for wrong in (
        {"diagnosis": "cvid"},
        {"weight_kg": 68},
        fine | {"weight_kg": 68},
        fine | {"wieght": 68},
        fine | {"age_year": 300},
        fine | {"levels": [{"time_day": 0, "igg_g_per_L": 650}]},
        fine | {"doses": [{"time_day": 1, "amount_g": 30}]},
        fine | {"labs": {"ldh": "200 U/L"}},
        fine | {"labs": {"igg": "543 mg/dL"}},
    ):
        assert not SCHEMA.is_valid(wrong)
        assert isinstance(read_or_error(wrong), InputError)


def read_or_error(data: object) -> Patient | InputError:
    try:
        return patient_from_data(data)
    except InputError as error:
        return error


names = st.sampled_from(sorted(patient_schema()["properties"])) | st.text(max_size=8)
inner_names = st.sampled_from(
    [
        "time_day",
        "date",
        "igg",
        "igg_g_per_L",
        "amount_g",
        "route",
        "iga",
        "value",
        "hb",
        "kind",
        "anti_iga",
    ]
)
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["5.43 g/L", "154 lb", "< 1 g/L", "2026-01-01", "ckd", "iv", "A", "13 g/dL"])
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(inner_names | st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(data=st.dictionaries(names, values, max_size=8) | values | st.binary())
def test_any_data_is_a_patient_or_an_input_error(data: Any) -> None:
    read = read_or_error(data)
    assert isinstance(read, InputError) or SCHEMA.is_valid(data)


@given(fields=st.dictionaries(names, values, max_size=4))
def test_any_fields_of_a_patient_are_read_or_refused(fields: dict[str, Any]) -> None:
    data = {"diagnosis": "cvid", "weight_kg": 68} | fields
    read = read_or_error(data)
    assert isinstance(read, InputError) or SCHEMA.is_valid(data)


def test_a_patient_file_may_be_written_by_a_program() -> None:
    data = {"diagnosis": "cvid", "weight_kg": 68, "levels": [{"time_day": 0, "igg": "5 g/L"}]}
    assert patient_from_data(json.loads(json.dumps(data))) == patient_from_data(data)
