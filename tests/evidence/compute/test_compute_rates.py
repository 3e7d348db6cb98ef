"""Rate ladders, first hours and gaps, each against arithmetic by hand."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.evidence.compute.asking import ask, facts

from ivig.evidence.compute import compute
from ivig.evidence.quantities import read_quantities
from ivig.evidence.question import Question
from ivig.knowledge import Knowledge, load_knowledge

KNOWN = load_knowledge()


def rates(text: str, product: str, disease: str | None = None) -> list[str]:
    """The sentences about rates, in their order."""
    question = Question(
        text=text,
        indications=() if disease is None else (disease,),
        products=(product,),
        quantities=read_quantities(text),
    )
    return [one.text for one in compute(question, facts(KNOWN)) if one.kind == "rate"]


def test_start_and_maximum_for_the_pump() -> None:
    # 0.3 × 82 = 24.6; 4.8 × 82 = 393.6; at risk 3.3 × 60 ÷ 100 = 1.98, × 82 = 162.36, rounded down
    steps, risk = rates("82 kg adult starting, mL/hr first and fastest", "privigen", "cidp")
    assert "Privigen in CIDP, 82 kg: start at 0.3 mL/kg/h (0.5 mg/kg/min) = 24.6 mL/h" in steps
    assert "at most 4.8 mL/kg/h (8 mg/kg/min) = 393.6 mL/h" in steps
    assert "our steps" in steps
    assert "at most 1.98 mL/kg/h (3.3 mg/kg/min) = 162.3 mL/h (our cap" in risk
    assert "or while these risks are not known" in risk


def test_every_printed_step_with_its_time() -> None:
    # × 64: 0.6 → 38.4, 1.2 → 76.8, 2.4 → 153.6, 4.8 → 307.2, 7.2 → 460.8
    steps = rates("1 g/kg for 64 kg: mL/hr at every step of the ladder", "octagam_10", "itp")[0]
    for shown in ("38.4 mL/h for 30 min", "76.8 mL/h for 30 min", "153.6 mL/h", "307.2 mL/h"):
        assert shown in steps
    assert "at most 7.2 mL/kg/h (12 mg/kg/min) = 460.8 mL/h" in steps
    assert "our steps" not in steps


def test_a_product_new_to_the_patient_has_its_own_maximum() -> None:
    # 0.6 × 50 = 30; 4.8 × 50 = 240; 8.4 × 50 = 420; 1.98 × 50 = 99
    new, later, risk = rates("50 kg first time, start rate and top rate", "panzyga", "pid")
    assert "= 30 mL/h for 30 min" in new
    assert "at most 4.8 mL/kg/h (8 mg/kg/min) = 240 mL/h while it is new" in new
    assert "420" not in new
    assert "not in a first infusion" in later
    assert "= 420 mL/h" in later
    assert "= 99 mL/h" in risk


def test_the_rate_asked_for_is_not_for_a_first_infusion() -> None:
    told = rates("first infusion at 14 mg/kg/min, 50 kg", "panzyga", "pid")
    assert "but not in a first infusion: at most 4.8 mL/kg/h" in told[-1]


def test_without_a_weight_per_kilogram() -> None:
    steps, risk = rates("how fast can it be infused", "bivigam", "pid")
    assert "start at 0.3 mL/kg/h (0.5 mg/kg/min) for 10 min" in steps
    assert "+0.8 mg/kg/min every 20 min" in steps
    assert "at most 3.6 mL/kg/h (6 mg/kg/min)" in steps
    assert "at most 1.2 mL/kg/h (2 mg/kg/min)" in risk
    assert "= " not in steps


def test_without_a_disease_the_use_taken_is_said_and_the_others_stand_beside_it() -> None:
    steps, other, _ = rates("titration for 70 kg", "privigen")
    assert "in PID (no disease is named)" in steps
    # 2.4 × 70 = 168
    assert "in ITP at most 2.4 mL/kg/h (4 mg/kg/min) = 168 mL/h" in other


def test_rates_are_counted_on_the_dosing_weight(knowledge: Knowledge) -> None:
    # adjusted 82.1 kg (see test_compute): 0.3 × 82.146 = 24.64
    rate = ask(
        knowledge, "start rate for a 120 kg woman of 165 cm", disease="cidp", product="privigen"
    )
    assert "82.1 kg: start at 0.3 mL/kg/h (0.5 mg/kg/min) = 24.6 mL/h" in rate["rate"].text
    assert any("not on 120 kg" in caution for caution in rate["rate"].cautions)


def test_no_rate_without_rates_in_knowledge_or_without_a_product(knowledge: Knowledge) -> None:
    found = ask(knowledge, "titration for 70 kg", disease="pid", product="qivigy")
    assert "no label rates are known" in found["missing"].text
    found = ask(knowledge, "start rate for 70 kg")
    assert "the product is not named" in found["missing"].text


def test_no_rate_where_the_evidence_is_against(knowledge: Knowledge) -> None:
    found = ask(knowledge, "start rate for 70 kg", disease="alzheimer", product="privigen")
    assert set(found) == {"refused"}


def test_one_rate_at_two_strengths() -> None:
    # 3 × 68 × 60 ÷ 100 = 122.4; ÷ 50 = 244.8
    text = "3 mg/kg/min for 68 kg: mL per hour at 10%, and at 5%?"
    question = Question(text=text, quantities=read_quantities(text))
    told = [one.text for one in compute(question, facts(KNOWN))]
    assert "122.4 mL/h" in told[0]
    assert "244.8 mL/h" in told[1]


def test_how_a_rate_is_calculated() -> None:
    # 70 × 0.4 = 28 g = 280 mL; 0.01 × 70 × 60 = 42; of 350 mL/h a quarter is 87 (down), a half 175:
    # 43.5 + 87.5 = 131 mL = 13.1 g
    formula, hour = compute(Question(text="How to calculate IVIG infusion rate"), facts(KNOWN))
    assert "28 g is 280 mL" in formula.text
    assert "0.01 mL/kg/min (1 mg/kg/min) is 42 mL/h" in formula.text
    assert "131 mL = 13.1 g" in hour.text
    assert "starts at the label's first rate, here 0.5 mL/kg/h" in hour.text


@pytest.mark.parametrize(
    ("pause", "says"),
    [("two months", "start over"), ("9 weeks", "start over"), ("8 weeks", "not longer than 56")],
)
def test_a_gap(pause: str, says: str) -> None:
    told = rates(f"missed {pause}: old pump rate or start over?", "privigen")
    assert says in told[0]


@given(
    st.sampled_from([one.id for one in KNOWN.products.values() if one.rates]),
    st.sampled_from(["pid", "itp", "cidp", "dermatomyositis"]),
    st.floats(2, 200),
)
def test_no_rate_for_the_pump_passes_the_label(product: str, disease: str, kg: float) -> None:
    weight = float(f"{kg:.1f}")
    most = max(
        ladder.maximum.value.rate_mL_per_kg_per_h for ladder in KNOWN.products[product].rates
    )
    for text in rates(f"titration for {weight} kg", product, disease):
        for shown in re.findall(r"= ([\d,.]+) mL/h", text):
            assert float(shown.replace(",", "")) <= most * weight + 1e-6
