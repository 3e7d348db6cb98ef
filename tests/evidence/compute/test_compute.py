"""Each kind against arithmetic done by hand."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.evidence.compute.asking import ask

from ivig.knowledge import Knowledge, load_knowledge

KNOWN = load_knowledge()


def test_grams_and_grams_a_day(knowledge: Knowledge) -> None:
    # 2 × 70 = 140; 140 ÷ 5 = 28
    dose = ask(knowledge, "2 g/kg over 5 days for 70 kg")["dose"]
    assert dose.text == "140 g in all over 5 days, 28 g a day."
    assert dose.working == "2 g/kg × 70 kg = 140 g; 140 g ÷ 5 days = 28 g a day"


def test_a_dose_on_each_day_adds_up(knowledge: Knowledge) -> None:
    # 0.4 × 5 = 2 g/kg; 2 × 80 = 160
    dose = ask(knowledge, "0.4 g/kg/day for 5 days, 80 kg")["dose"]
    assert dose.text == "160 g in all over 5 days, 32 g a day."


def test_over_days_is_the_whole_course_and_says_so_when_it_looks_small(
    knowledge: Knowledge,
) -> None:
    dose = ask(knowledge, "0.4 g/kg over 5 days, 50 kg")["dose"]
    assert dose.text == "20 g in all over 5 days, 4 g a day."
    assert "2 g/kg" in dose.cautions[0]


def test_the_days_come_from_the_disease_when_they_are_asked(knowledge: Knowledge) -> None:
    # CIDP induction is printed over 2–5 days: 160 ÷ 5 = 32, 160 ÷ 2 = 80
    dose = ask(knowledge, "2 g/kg for 80 kg, over how many days", disease="cidp")["dose"]
    assert "over 2–5 days, 32–80 g a day" in dose.text


def test_the_disease_gives_the_dose_when_none_is_named(knowledge: Knowledge) -> None:
    # GBS: 2 g/kg over 5 days; 2 × 80 = 160
    dose = ask(knowledge, "how many grams for 80 kg", disease="gbs")["dose"]
    assert dose.text.startswith("160 g in all over 5 days, 32 g a day")
    assert dose.citations


def test_three_weights_of_a_heavy_woman(knowledge: Knowledge) -> None:
    # ideal 45.5 + 2.3 × (165 − 152.4) ÷ 2.54 = 56.909; adjusted 56.909 + 0.4 × 63.091 = 82.146
    found = ask(knowledge, "2 g/kg for a 120 kg woman of 165 cm")["dosing_weight"]
    assert "actual 120 kg: 240 g" in found.text
    assert "ideal 56.9 kg: 113.8 g" in found.text
    assert "adjusted 82.1 kg: 164.3 g" in found.text
    assert "takes 82.1 kg" in found.text


def test_volume_and_vials(knowledge: Knowledge) -> None:
    # 140 g at 100 mg/mL = 1400 mL; 3 × 40 + 20 = 140
    found = ask(knowledge, "140 g", product="privigen")
    assert found["volume"].text == "140 g of Privigen is 1,400 mL."
    assert found["vials"].text == "Privigen: 3 × 40 g + 1 × 20 g = 140 g (+0.0 %)."


def test_the_length_of_a_session(knowledge: Knowledge) -> None:
    # PID ladder of Privigen, doublings of 0.3 to 4.8 mL/kg/h, 30 min each, 70 kg:
    # 21 + 42 + 84 + 168 mL/h for half an hour = 157.5 mL; 280 − 157.5 = 122.5 mL at 336 mL/h = 22 min
    found = ask(knowledge, "28 g for 70 kg, how long", disease="pid", product="privigen")
    assert "about 2 h 22 min" in found["session"].text
    assert "our doublings" in " ".join(found["session"].cautions)


def test_without_a_product_examples_are_called_examples(knowledge: Knowledge) -> None:
    session = ask(knowledge, "how long does 35 g take for 70 kg")["session"]
    assert "not named" in session.text
    assert "Examples" in session.text


def test_a_rate_in_every_unit(knowledge: Knowledge) -> None:
    # 4 mg/kg/min × 60 ÷ 100 mg/mL = 2.4 mL/kg/h; × 70 = 168 mL/h; × 0.1 g/mL = 16.8 g/h
    rate = ask(knowledge, "4 mg/kg/min for 70 kg", disease="itp", product="privigen")["rate"]
    assert "4 mg/kg/min = 2.4 mL/kg/h = 168 mL/h for 70 kg, 16.8 g an hour" in rate.text


def test_a_rate_above_the_label_is_refused(knowledge: Knowledge) -> None:
    found = ask(knowledge, "8 mg/kg/min for 70 kg", disease="itp", product="privigen")
    assert set(found) == {"refused"}
    assert "at most 2.4 mL/kg/h (4 mg/kg/min)" in found["refused"].text


def test_to_the_skin_and_back(knowledge: Knowledge) -> None:
    # 40 × 1.37 ÷ 4 = 13.7; 10 ÷ 1.37 × 4 = 29.2
    there = ask(knowledge, "convert 40 g every 4 weeks to weekly hizentra", product="hizentra")
    assert "13.7 g (68.5 mL) every week" in there["conversion"].text
    back = ask(knowledge, "convert hizentra 10 g weekly to IVIG every 4 weeks", product="hizentra")
    assert "29.2 g every 4 weeks into a vein" in back["conversion"].text


def test_facilitated_keeps_dose_and_interval(knowledge: Knowledge) -> None:
    found = ask(knowledge, "switch 40 g every 4 weeks to HyQvia", product="hyqvia")
    assert "40 g (400 mL) every 4 weeks on HyQvia" in found["conversion"].text


def test_a_conversion_without_its_interval_is_not_computed(knowledge: Knowledge) -> None:
    assert set(ask(knowledge, "convert 40 g IVIG to SCIG")) == {"missing"}


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("is IgG 543 mg/dL low", "below the lower limit for adults, 7 g/L (700 mg/dL)"),
        ("is IgG 9 g/L normal", "not below the lower limit for adults"),
        ("is IgG 3.5 g/L low in a 2 year old", "not below the lower limit for age 2 years, 2.42"),
        ("is IgG 3.5 g/L low in a 4 year old", "below the lower limit for age 4 years, 4.85"),
    ],
)
def test_whether_a_level_is_low(text: str, side: str, knowledge: Knowledge) -> None:
    level = ask(knowledge, text)["level"]
    assert f"is {side}" in level.text
    assert "no diagnosis" in level.text


def test_a_child_of_unknown_age_is_not_judged(knowledge: Knowledge) -> None:
    level = ask(knowledge, "is IgG 543 mg/dL low in a child")["level"]
    assert "missing" in level.text
    assert "below" not in level.text


def test_a_trough_is_held_against_the_target(knowledge: Knowledge) -> None:
    level = ask(knowledge, "is a trough of 550 mg/dL enough")["level"]
    assert "below the 6 g/L aimed at" in level.text


def test_units(knowledge: Knowledge) -> None:
    assert ask(knowledge, "convert 700 mg/dL to g/L")["units"].text == "7 g/L (700 mg/dL)."


def test_sodium_and_sugar(knowledge: Knowledge) -> None:
    # 140 g at 100 mg/mL = 1.4 L; 30 mmol/L × 1.4 = 42 mmol × 22.99 = 966 mg; 90 mg/mL × 1400 = 126 g
    found = ask(knowledge, "sodium and sugar in 140 g for 70 kg", product="octagam_10")["load"]
    assert "sodium at most 42 mmol (966 mg, 0.6 mmol/kg)" in found.text
    assert "126 g of maltose (1.8 g/kg)" in found.text


def test_what_is_not_printed_is_not_a_zero(knowledge: Knowledge) -> None:
    found = ask(knowledge, "sodium in 30 g", product="gammagard_liquid")["load"]
    assert "sodium: none added (no number printed)" in found.text


def test_an_average_is_not_called_a_maximum(knowledge: Knowledge) -> None:
    # 106 µg/mL × 300 mL = 31.8 mg
    found = ask(knowledge, "IgA in 30 g", product="octagam_10")["load"]
    assert "IgA on average 31.8 mg" in found.text
    assert "at most" not in found.text


def test_a_live_vaccine_with_its_date(knowledge: Knowledge) -> None:
    # CDC: 11 months after 2 g/kg; 3 March 2026 + 11 months = 3 February 2027
    found = ask(knowledge, "when MMR after 2 g/kg IVIG on 3 March 2026")["vaccine"]
    assert "11 months after 2 g/kg" in found.text
    assert "from 2027-02-03" in found.text


def test_a_vaccine_needs_no_weight_when_the_disease_gives_the_dose(knowledge: Knowledge) -> None:
    found = ask(knowledge, "when MMR after IVIG", disease="kawasaki")["vaccine"]
    assert "11 months" in found.text


@pytest.mark.parametrize(("days", "word"), [(10, "within"), (14, "within"), (15, "past")])
def test_immunoglobulin_after_a_vaccine(days: int, word: str, knowledge: Knowledge) -> None:
    found = ask(knowledge, f"IVIG given {days} days after MMR vaccine")["vaccine"]
    assert f"{word} 14 days" in found.text


def test_a_dead_vaccine_needs_no_wait(knowledge: Knowledge) -> None:
    assert "vaccine" not in ask(knowledge, "flu vaccine after 2 g/kg when")


def test_a_trough_across_models(knowledge: Knowledge) -> None:
    found = ask(knowledge, "what trough on 0.4 g/kg every 4 weeks")["kinetics"]
    assert "trough 7.9–8.8 g/L" in found.text
    assert any("70 kg is assumed" in caution for caution in found.cautions)


def test_the_rise_stands_beside_what_was_measured(knowledge: Knowledge) -> None:
    found = ask(knowledge, "how much does IgG rise per 100 mg/kg")["kinetics"]
    assert "0.73 g/L" in found.text


def test_half_life_and_steady_state(knowledge: Knowledge) -> None:
    assert "24–48 days" in ask(knowledge, "half-life of IVIG")["kinetics"].text
    steady = ask(knowledge, "when is steady state on 0.5 g/kg every 4 weeks for 70 kg")
    assert "90 % of the way" in steady["kinetics"].text


def test_grams_a_year(knowledge: Knowledge) -> None:
    # 28 g × 365.25 ÷ 21 = 487
    found = ask(knowledge, "grams per year of 0.4 g/kg every 3 weeks for 70 kg")["supply"]
    assert found.text == "28 g every 3 weeks is 41 g a month and 487 g a year."


def test_no_premedication_is_worked_out_by_weight(knowledge: Knowledge) -> None:
    found = ask(knowledge, "acetaminophen premedication dose for 20 kg")["premedication"]
    assert "none is computed" in found.text


@pytest.mark.parametrize(
    ("text", "disease", "allowed"),
    [
        ("IVIG -2 g/kg for 70 kg", None, "above 0 g/kg"),
        ("0 g/kg for 70 kg", None, "above 0 g/kg"),
        ("2 g/kg for -70 kg", None, "0.3 to 400 kg"),
        ("2 g/kg for 10^9 kg", None, "0.3 to 400 kg"),
        ("10^9 g of IVIG for 70 kg", None, "500 g"),
        ("1e999 g for 70 kg", None, "500 g"),
        ("2 g/kg x 5 days for 70 kg", None, "up to 2.4 g/kg"),
        ("5 g/kg for 70 kg", "itp", "up to 2 g/kg"),
        ("2 g/kg for 70 kg", "cvid", "up to 0.8 g/kg"),
        ("2 g/kg for 80 kg", "misc", "100 g at most"),
        ("1 g/kg for 70 kg", "alzheimer", "not recommended"),
        ("IgG 30000 mg/dL low?", None, "0 to 100 g/L"),
        ("over -3 days 2 g/kg 70 kg", None, "above 0"),
    ],
)
def test_what_is_refused_says_what_is_allowed(
    text: str, disease: str | None, allowed: str, knowledge: Knowledge
) -> None:
    found = ask(knowledge, text, disease=disease)
    assert set(found) == {"refused"}
    assert allowed in found["refused"].text


def test_a_recalled_fact_is_said(knowledge: Knowledge) -> None:
    found = ask(knowledge, "2 g/kg over how many days for 70 kg")["dose"]
    assert any("recalled" in caution for caution in found.cautions)


def test_nothing_to_compute(knowledge: Knowledge) -> None:
    assert ask(knowledge, "how does IVIG work") == {}


def grams(text: str) -> float:
    match = re.match(r"([\d,.]+) g", text)
    assert match is not None
    return float(match[1].replace(",", ""))


@given(st.integers(5, 150), st.integers(1, 20))
def test_grams_are_linear_in_weight_and_dose(weight_kg: int, tenths: int) -> None:
    text = ask(KNOWN, f"{tenths / 10} g/kg for {weight_kg} kg")["dose"].text
    assert grams(text) == pytest.approx(tenths * weight_kg / 10, abs=0.06)


@given(st.floats(0.01, 30), st.integers(5, 150))
def test_no_dose_passes_the_highest_of_its_disease(per_kg: float, weight_kg: int) -> None:
    found = ask(KNOWN, f"{per_kg:.3f} g/kg for {weight_kg} kg", disease="itp", product="privigen")
    if "vials" in found:
        shown = re.search(r"= ([\d,.]+) g", found["vials"].text)
        assert shown is not None
        assert float(shown[1].replace(",", "")) <= 2 * weight_kg + 0.06
    assert ("refused" in found) == (float(f"{per_kg:.3f}") > 2 or per_kg * weight_kg > 10_000)


@given(st.floats(0.05, 40), st.integers(5, 150))
def test_no_rate_passes_the_label(rate: float, weight_kg: int) -> None:
    asked = f"{rate:.2f} mL/kg/h for {weight_kg} kg"
    found = ask(KNOWN, asked, disease="pid", product="privigen")
    assert ("refused" in found) == (float(f"{rate:.2f}") > 4.8)


@given(st.integers(1, 100), st.sampled_from([2, 3, 4]))
def test_there_and_back_again(amount_g: int, weeks: int) -> None:
    there = ask(
        KNOWN, f"convert {amount_g} g every {weeks} weeks to weekly hizentra", product="hizentra"
    )["conversion"]
    weekly = re.search(r"is ([\d.,]+) g", there.text)
    assert weekly is not None
    back = ask(
        KNOWN,
        f"convert hizentra {weekly[1]} g weekly to IVIG every {weeks} weeks",
        product="hizentra",
    )["conversion"]
    again = re.search(r"about ([\d.,]+) g", back.text)
    assert again is not None
    assert float(again[1].replace(",", "")) == pytest.approx(amount_g, abs=0.1, rel=0.01)


@given(st.text(max_size=60))
def test_any_text_computes_or_stays_silent(text: str) -> None:
    ask(KNOWN, text)


@given(
    st.floats(-1e12, 1e12),
    st.sampled_from(["g/kg", "g", "mg/kg/min", "mL/h", "g/L"]),
    st.floats(-1e6, 1e6),
    st.sampled_from([None, "privigen", "hizentra", "hyqvia", "gammagard_sd"]),
    st.sampled_from([None, "pid", "cidp", "kawasaki", "alzheimer"]),
)
def test_any_number_computes_or_is_refused(
    value: float, unit: str, weight_kg: float, product: str | None, disease: str | None
) -> None:
    text = f"how much and how long is {value!r} {unit} for {weight_kg!r} kg"
    found = ask(KNOWN, text, product=product, disease=disease)
    if value <= 0 or weight_kg <= 0:
        assert set(found) == {"refused"}
