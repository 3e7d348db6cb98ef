"""The safety knowledge, asked of patients, with the numbers a pharmacist would check."""

from typing import Any

import pytest

from ivig.criterion import Test, ask
from ivig.knowledge import Knowledge
from ivig.patient import History, Lab, Patient

IGA_LOW = Lab(analyte="iga_g_per_L", value=0.02, ucum="g/L")
EGFR_38 = Lab(analyte="egfr_mL_per_min_per_1_73m2", value=38, ucum="mL/min/{1.73_m2}")


def patient(**fields: Any) -> Patient:
    well: dict[str, Any] = {
        "diagnosis": "cvid",
        "weight_kg": 70,
        "height_cm": 175,
        "age_year": 40,
        "conditions": (),
        "allergies": (),
        "history": History(anti_iga=False, reaction_to_ig="none"),
        "labs": (
            Lab(analyte="egfr_mL_per_min_per_1_73m2", value=90, ucum="mL/min/{1.73_m2}"),
            Lab(analyte="iga_g_per_L", value=1.5, ucum="g/L"),
        ),
        "blood_group": "O",
        **fields,
    }
    return Patient(**well)


def risks(knowledge: Knowledge, who: Patient, answer: str = "met") -> set[str]:
    rules = knowledge.risks.risks
    return {cited.value.risk for cited in rules if ask(cited.value.when, who) == answer}


def stops(knowledge: Knowledge, who: Patient) -> set[str]:
    rules = knowledge.excipients.rules
    return {
        cited.value.ingredient
        for cited in rules
        if cited.value.severity == "stop" and ask(cited.value.when, who) == "met"
    }


def contraindicated(knowledge: Knowledge, who: Patient) -> int:
    rules = knowledge.risks.contraindications
    return sum(ask(cited.value.when, who) == "met" for cited in rules)


def test_a_well_adult_has_no_risk_and_nothing_unknown(knowledge: Knowledge) -> None:
    assert risks(knowledge, patient()) == set()
    assert risks(knowledge, patient(), "unknown") == set()
    assert stops(knowledge, patient()) == set()
    assert contraindicated(knowledge, patient()) == 0


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"labs": (EGFR_38,)}, {"renal", "volume"}),
        ({"conditions": ("stroke",)}, {"thrombosis"}),
        ({"conditions": ("diabetes",)}, {"renal", "thrombosis", "hyperglycaemia"}),
        ({"conditions": ("heart_failure",)}, {"thrombosis", "volume"}),
        ({"conditions": ("migraine",)}, {"meningitis"}),
        ({"conditions": ("paraproteinaemia",)}, {"renal", "thrombosis"}),
        ({"conditions": ("oestrogen_use",)}, {"thrombosis"}),
        ({"age_year": 66}, {"renal", "thrombosis"}),
        ({"age_year": 65}, set()),
        ({"age_year": 0.5}, {"volume"}),
        ({"weight_kg": 130}, {"thrombosis"}),  # BMI 42
        ({"blood_group": "AB"}, {"haemolysis"}),
        ({"labs": (IGA_LOW,)}, {"iga"}),
    ],
)
def test_who_is_at_which_risk(
    knowledge: Knowledge, fields: dict[str, Any], expected: set[str]
) -> None:
    assert risks(knowledge, patient(**fields)) == expected


def test_what_nobody_asked_is_unknown_and_never_cleared(knowledge: Knowledge) -> None:
    unasked = Patient(diagnosis="cvid", weight_kg=70)
    every = {cited.value.risk for cited in knowledge.risks.risks}
    assert risks(knowledge, unasked, "unknown") == every


def test_every_risk_has_advice(knowledge: Knowledge) -> None:
    every = {cited.value.risk for cited in knowledge.risks.risks}
    assert {cited.value.risk for cited in knowledge.risks.mitigations} == every


@pytest.mark.parametrize(
    ("history", "labs", "expected"),
    [
        (History(anti_iga=True, reaction_to_ig="urticaria"), (IGA_LOW,), 1),
        (History(anti_iga=True, reaction_to_ig="none"), (IGA_LOW,), 0),
        (History(anti_iga=False, reaction_to_ig="urticaria"), (IGA_LOW,), 0),
        (History(anti_iga=False, reaction_to_ig="anaphylaxis"), (), 1),
        (History(anti_iga=True, reaction_to_ig="anaphylaxis"), (IGA_LOW,), 2),
    ],
)
def test_low_iga_alone_is_no_bar(
    knowledge: Knowledge, history: History, labs: tuple[Lab, ...], expected: int
) -> None:
    assert contraindicated(knowledge, patient(history=history, labs=labs)) == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"conditions": ("hereditary_fructose_intolerance",)}, {"sorbitol", "sucrose"}),
        ({"conditions": ("hyperprolinaemia",)}, {"proline"}),
        ({"allergies": ("hyaluronidase_allergy",)}, {"hyaluronidase"}),
        ({"allergies": ("polysorbate_80_allergy",)}, {"polysorbate_80"}),
        ({"age_year": 1}, {"sorbitol"}),
        ({"age_year": 2}, set()),
        ({"allergies": ("corn_allergy",)}, {"maltose"}),
    ],
)
def test_who_must_not_have_which_ingredient(
    knowledge: Knowledge, fields: dict[str, Any], expected: set[str]
) -> None:
    assert stops(knowledge, patient(**fields)) == expected


def test_cautions_with_diabetes_are_maltose_glucose_and_sucrose(knowledge: Knowledge) -> None:
    diabetic = patient(conditions=("diabetes",))
    found = {
        cited.value.ingredient
        for cited in knowledge.excipients.rules
        if cited.value.severity == "caution" and ask(cited.value.when, diabetic) == "met"
    }
    assert found == {"maltose", "glucose", "sucrose"}


def test_reactions_are_complete(knowledge: Knowledge) -> None:
    reactions = knowledge.reactions
    assert len(reactions) == 15
    for reaction in reactions.values():
        orders = [cited.value.order for cited in reaction.management]
        assert orders == list(range(1, len(orders) + 1)), reaction.id
    assert set(reactions["scig_local"].routes) == {"sc", "fsc"}
    assert reactions["necrotising_enterocolitis"].when == Test(measure="age_year", below=0.25)


def test_anaphylaxis_stops_first_then_gives_epinephrine(knowledge: Knowledge) -> None:
    steps = knowledge.reactions["anaphylaxis"].management
    assert [step.value.action for step in steps[:2]] == ["stop_infusion", "epinephrine"]
    assert "0.01 mg/kg, at most 0.5 mg" in steps[1].value.text
    assert steps[1].basis == "read"


@pytest.mark.parametrize(("mg_per_kg", "months"), [(400, 8), (1000, 10), (2000, 11)])
def test_live_vaccine_intervals_of_cdc(
    knowledge: Knowledge, mg_per_kg: float, months: float
) -> None:
    found = {
        cited.value.interval_month
        for cited in knowledge.vaccines.intervals
        if cited.value.dose_mg_per_kg == mg_per_kg
    }
    assert found == {months}


def test_infusion_rules(knowledge: Knowledge) -> None:
    rules = knowledge.infusion
    assert rules.long_gap_day.value == 8 * 7
    assert rules.step_min.value == 30
    assert (rules.risk_cap_mg_per_kg_per_min.value, rules.risk_cap_mg_per_kg_per_min.basis) == (
        3.3,
        "assumed",
    )


def test_no_dose_of_premedication_is_made_up_for_children(knowledge: Knowledge) -> None:
    for cited in knowledge.infusion.premedication:
        if cited.value.dose_text is not None:
            assert "adults" in cited.value.dose_text
            assert "no sourced dose for children" in cited.value.dose_text


def test_premedication_is_for_those_who_reacted_before(knowledge: Knowledge) -> None:
    drugs = knowledge.infusion.premedication
    calm = [c.value.drug for c in drugs if c.value.when and ask(c.value.when, patient()) == "met"]
    assert calm == []


def test_interference_covers_the_assays_that_mislead(knowledge: Knowledge) -> None:
    assays = " ".join(c.value.assay for c in knowledge.laboratory.interferences).lower()
    for assay in ("hepatitis b", "galactomannan", "antiglobulin", "glucose", "sodium", "serum igg"):
        assert assay in assays


@pytest.mark.parametrize(
    ("jurisdiction", "category", "fields", "weight"),
    [
        ("us", "immunomodulation", {"weight_kg": 130}, "adjusted"),
        ("us", "immunomodulation", {"weight_kg": 100, "height_cm": 200}, "adjusted"),
        ("us", "immunomodulation", {}, "actual"),
        ("us", "replacement", {"weight_kg": 130}, "actual"),
        ("ca-on", "replacement", {}, "adjusted"),
        ("ca-on", "immunomodulation", {"weight_kg": 20, "height_cm": 115}, "actual"),
        ("ca-on", "immunomodulation", {"pregnant": True}, "pre_pregnancy"),
        ("ca-on", "replacement", {"pregnant": True}, "adjusted"),
        ("uk", "immunomodulation", {"weight_kg": 130}, "adjusted"),
        ("uk", "immunomodulation", {}, "actual"),
        ("au", "immunomodulation", {"weight_kg": 130}, "actual"),
        ("eu", "immunomodulation", {"weight_kg": 130}, "actual"),
    ],
)
def test_dosing_weight_by_jurisdiction(
    knowledge: Knowledge, jurisdiction: str, category: str, fields: dict[str, Any], weight: str
) -> None:
    who = patient(**fields)
    first = next(
        cited.value.weight
        for cited in knowledge.jurisdictions[jurisdiction].weight_rules
        if category in cited.value.categories
        and (cited.value.when is None or ask(cited.value.when, who) == "met")
    )
    assert first == weight


def test_rounding(knowledge: Knowledge) -> None:
    rules = knowledge.jurisdictions
    assert {
        name: item.rounding_tolerance_percent.value for name, item in rules.items()
    } == dict.fromkeys(rules, 10)
    assert {name for name, item in rules.items() if item.round_to_g} == {"ca-on"}
    assert rules["us"].rounding_tolerance_percent.basis == "read"
    assert rules["eu"].rounding_tolerance_percent.basis == "assumed"
