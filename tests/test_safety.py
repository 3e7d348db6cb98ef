"""Stops and risks in three-valued logic, with the shipped rules."""

from dataclasses import replace

import pytest

from ivig.knowledge import Knowledge
from ivig.patient import History, Lab, Patient
from ivig.product_safety import check_safety
from ivig.safety import assess_risks, class_stops, slow_reasons

HEALTHY = Patient(
    diagnosis="cvid",
    weight_kg=70,
    height_cm=175,
    age_year=40,
    conditions=(),
    allergies=(),
    history=History(anti_iga=False, reaction_to_ig="none"),
    labs=(Lab(analyte="egfr_mL_per_min_per_1_73m2", value=95, ucum="mL/min/{1.73_m2}"),),
    blood_group="O",
)


def kinds(patient: Patient, product: str, knowledge: Knowledge) -> set[str]:
    found = check_safety(patient, knowledge.products[product], knowledge.excipients)
    return {finding.kind for finding in found}


def test_a_healthy_patient_has_no_stop_and_no_slow_reason(knowledge: Knowledge) -> None:
    assert "stop" not in kinds(HEALTHY, "privigen", knowledge)
    assert slow_reasons(assess_risks(HEALTHY, knowledge.risks)) == ()
    assert class_stops(HEALTHY, knowledge.risks) == ()


@pytest.mark.parametrize(
    ("condition", "product"),
    [
        ("hyperprolinaemia", "privigen"),
        ("hyperprolinaemia", "hizentra"),
        ("hereditary_fructose_intolerance", "flebogamma_dif_5"),
        ("hereditary_fructose_intolerance", "flebogamma_dif_10"),
        ("hereditary_fructose_intolerance", "gammaplex_5"),
        ("corn_allergy", "octagam_5"),
        ("hyaluronidase_allergy", "hyqvia"),
        ("polysorbate_80_allergy", "hizentra"),
    ],
)
def test_who_must_not_have_it_is_stopped(
    condition: str, product: str, knowledge: Knowledge
) -> None:
    assert "stop" in kinds(replace(HEALTHY, conditions=(condition,)), product, knowledge)


@pytest.mark.parametrize(
    ("condition", "product"),
    [("hyperprolinaemia", "gamunex_c"), ("hereditary_fructose_intolerance", "gammaplex_10")],
)
def test_a_product_without_the_ingredient_is_not_stopped(
    condition: str, product: str, knowledge: Knowledge
) -> None:
    assert "stop" not in kinds(replace(HEALTHY, conditions=(condition,)), product, knowledge)


def test_unknown_composition_never_clears_a_product(knowledge: Knowledge) -> None:
    patient = replace(HEALTHY, conditions=("hyperprolinaemia",))
    for product in knowledge.products.values():
        if product.contains.value.proline is None:
            assert "stop" in kinds(patient, product.id, knowledge), product.id


def test_anti_iga_with_a_reaction_stops_every_product(knowledge: Knowledge) -> None:
    history = History(anti_iga=True, reaction_to_ig="anaphylaxis")
    patient = replace(HEALTHY, history=history, conditions=("iga_deficiency",))
    assert class_stops(patient, knowledge.risks)


def test_low_iga_alone_is_no_bar(knowledge: Knowledge) -> None:
    patient = replace(HEALTHY, conditions=("iga_deficiency",))
    assert class_stops(patient, knowledge.risks) == ()
    assert "stop" not in kinds(patient, "privigen", knowledge)


@pytest.mark.parametrize(
    "change",
    [
        {"conditions": ("stroke",)},
        {"conditions": ("ckd",)},
        {"age_year": 80.0},
        {"labs": (Lab(analyte="egfr_mL_per_min_per_1_73m2", value=38, ucum="x"),)},
    ],
)
def test_a_risk_slows_the_infusion(change: dict[str, object], knowledge: Knowledge) -> None:
    patient = replace(HEALTHY, **change)  # type: ignore[arg-type]
    assert slow_reasons(assess_risks(patient, knowledge.risks))


@pytest.mark.parametrize("change", [{"conditions": None}, {"labs": ()}, {"age_year": None}])
def test_what_is_not_known_slows_too(change: dict[str, object], knowledge: Knowledge) -> None:
    patient = replace(HEALTHY, **change)  # type: ignore[arg-type]
    reasons = slow_reasons(assess_risks(patient, knowledge.risks))
    assert any("not known" in reason for reason in reasons)
