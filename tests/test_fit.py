"""How a composition fits the risks: what is not known is never good."""

from dataclasses import replace

import pytest

from ivig.cited import Cited
from ivig.comparison import compare_products
from ivig.fit import amount_words, comparable
from ivig.knowledge import Knowledge
from ivig.patient import History, Patient
from ivig.product import Amount
from tests.test_safety import HEALTHY


def reasons(patient: Patient, product: str, knowledge: Knowledge) -> str:
    made = compare_products(knowledge, patient=patient, products=[product])
    return "; ".join(made.offers[0].ranked.reasons)


def test_an_average_is_not_cleared_as_a_maximum_is(knowledge: Knowledge) -> None:
    patient = replace(
        HEALTHY,
        conditions=("iga_deficiency",),
        history=History(anti_iga=True, reaction_to_ig="none"),
    )
    assert "IgA at most 25 µg/mL" in reasons(patient, "privigen", knowledge)
    assert "not comparable with a maximum" in reasons(patient, "gamunex_c", knowledge)
    assert "IgA content not known: not cleared" in reasons(patient, "qivigy", knowledge)
    made = compare_products(knowledge, patient=patient, products=["gammagard_liquid", "bivigam"])
    # an average of 37 does not pass a maximum of 200
    assert made.product_ids == ("bivigam", "gammagard_liquid")


@pytest.mark.parametrize(
    ("condition", "product", "words"),
    [
        ("ckd", "qivigy", "sucrose content not known: not cleared in renal risk"),
        ("ckd", "privigen", "no sucrose (renal risk)"),
        ("ckd", "bivigam", "the label caps the rate at risk: 1.2 mL/kg/h"),
        ("stroke", "alyglo", "osmolality not known"),
        ("stroke", "gammagard_sd", "high by our bound of 400"),
        ("heart_failure", "octagam_5", "2 times the volume"),
        ("heart_failure", "privigen", "sodium at most 1 mmol/L"),
        ("heart_failure", "alyglo", "sodium not known: not cleared"),
        ("heart_failure", "gamunex_c", "sodium in words only (trace, none added) (recalled"),
    ],
)
def test_each_risk_has_its_reason(
    condition: str, product: str, words: str, knowledge: Knowledge
) -> None:
    assert words in reasons(replace(HEALTHY, conditions=(condition,)), product, knowledge)


def test_amounts_of_one_kind_are_comparable() -> None:
    def fact(**bounds: float) -> Cited[Amount]:
        return Cited(value=Amount(**bounds), source="s", basis="read")  # type: ignore[arg-type]

    assert comparable((fact(high=25), fact(high=50), None))
    assert comparable((fact(average=37), fact(average=46)))
    assert not comparable((fact(high=25), fact(average=37)))


def test_an_empty_amount_is_not_known() -> None:
    assert amount_words(Amount(), "µg/mL") == "not known"
