"""Which grams are meant: of which route, interval, days and place; each against arithmetic by hand."""

import pytest
from tests.evidence.compute.asking import ask

from ivig.knowledge import Knowledge


@pytest.mark.parametrize(
    ("text", "product", "expected"),
    [
        # 35 × 1.37 ÷ 4 = 11.99
        ("35 g IVIG every 4 weeks into weekly Hizentra: grams?", "hizentra", "is 11.99 g"),
        # 25 × 1.3 ÷ 3 = 10.83
        ("On 25 g by vein each 3 weeks, starting Cuvitru weekly. Dose?", "cuvitru", "is 10.83 g"),
        # 20 × 1.37 ÷ 4 = 6.85; 6.85 g at 200 mg/mL = 34.25 mL
        ("Xembify after 20 g IVIG q4w: weekly grams and mL", "xembify", "is 6.85 g (34.3 mL)"),
        # the interval alone is that of a vein
        ("20 g q4w, now Xembify: weekly grams and mL", "xembify", "is 6.85 g (34.3 mL)"),
    ],
)
def test_grams_of_a_vein_are_converted_and_not_measured_out_as_they_are(
    text: str, product: str, expected: str, knowledge: Knowledge
) -> None:
    found = ask(knowledge, text, product=product)
    assert set(found) == {"conversion"}
    assert expected in found["conversion"].text


def test_weekly_is_not_taken_for_the_interval_of_the_vein(knowledge: Knowledge) -> None:
    found = ask(knowledge, "40 g IVIG onto weekly Hizentra: grams and mL?", product="hizentra")
    assert set(found) == {"missing"}


def test_grams_of_the_product_itself_stay(knowledge: Knowledge) -> None:
    # 20 × 1000 ÷ 200 = 100
    found = ask(knowledge, "Hizentra 20 g every 2 weeks: volume", product="hizentra")
    assert found["volume"].text == "20 g of Hizentra is 100 mL."
    assert "conversion" not in found


@pytest.mark.parametrize(
    ("text", "working"),
    [
        (
            "Weekly Hizentra 9 g, patient prefers once a fortnight. Grams each time?",
            "9 g × 14 ÷ 7 days = 18 g",
        ),
        ("Hizentra 14 g weekly, wants it daily. Grams?", "14 g × 1 ÷ 7 days = 2 g"),
        ("Hizentra 9 g weekly to biweekly: grams?", "9 g × 14 ÷ 7 days = 18 g"),
    ],
)
def test_another_interval_of_the_same_product(
    text: str, working: str, knowledge: Knowledge
) -> None:
    found = ask(knowledge, text, product="hizentra")
    assert set(found) == {"conversion"}
    assert found["conversion"].working == working


@pytest.mark.parametrize(
    "days",
    ["on two days running", "on 2 consecutive days", "on two days", "two days in a row",
     "daily for 2 days", "a day for 2 days"],
)  # fmt: skip
def test_a_dose_on_each_of_two_days(days: str, knowledge: Knowledge) -> None:
    # 1 × 2 × 88 = 176
    text = f"Refractory HIT, 88 kg, 1 g/kg {days}: grams altogether?"
    assert ask(knowledge, text, disease="hit")["dose"].text.startswith("176 g in all over 2 days")


def test_divided_is_the_whole_course(knowledge: Knowledge) -> None:
    for text in ("2 g/kg divided on 2 days", "2 g/kg over 2 consecutive days"):
        dose = ask(knowledge, f"{text} for 70 kg, grams?", disease="itp")["dose"]
        assert dose.text.startswith("140 g in all over 2 days, 70 g a day")


def test_grams_on_each_day_add_up(knowledge: Knowledge) -> None:
    # 35 × 4 = 140; 140 ÷ 70 = 2
    dose = ask(knowledge, "35 g daily for 4 days, 70 kg: how many grams in all?")["dose"]
    assert dose.working.startswith("35 g × 4 days = 140 g; 140 g ÷ 70 kg = 2 g/kg")


def test_a_dose_already_given_is_shown_per_kg_with_a_caution(knowledge: Knowledge) -> None:
    # 160 ÷ 64 = 2.5
    text = "A 64 kg woman received 160 g over the month. What is that in g/kg?"
    dose = ask(knowledge, text)["dose"]
    assert dose.text == "160 g already given is 2.5 g/kg."
    assert "above the highest published course" in dose.cautions[0]
    assert set(ask(knowledge, "plan 2.5 g/kg for 64 kg, how many grams?")) == {"refused"}


def test_units_of_hyaluronidase(knowledge: Knowledge) -> None:
    # 20 × 80 = 1600
    text = "HyQvia: how many units hyaluronidase with 20 g"
    load = ask(knowledge, text, product="hyqvia", routes=("fsc",))["load"]
    assert load.working == "20 g × 80 U/g = 1,600 U"


def test_halving_by_the_half_life_of_the_question(knowledge: Knowledge) -> None:
    # 46 ÷ 23 = 2; 12 ÷ 4 = 3
    found = ask(knowledge, "IgG 12 g/L, half-life 23 days, no further dose. Level after 46 days?")
    assert set(found) == {"kinetics"}
    assert found["kinetics"].text.startswith("3 g/L (300 mg/dL) after 46 days")


def test_weights_without_a_dose(knowledge: Knowledge) -> None:
    # 50 + 2.3 × 27.6 ÷ 2.54 = 74.99; 74.99 + 0.4 × 45.01 = 93.0
    found = ask(knowledge, "Adjusted weight for a man 180 cm tall weighing 120 kg?")
    assert found["dosing_weight"].text == "actual 120 kg; ideal 75 kg; adjusted 93 kg."
    assert "an adult is assumed" in found["dosing_weight"].cautions[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # 2 × 66 = 132, after a haemorrhage; 1 × 66 = 66 otherwise, rounded to 5 g as Ontario asks
        ("FNAIT, dosing weight 66 kg: top weekly grams in Ontario?", "132 g"),
        ("FNAIT, 66 kg: weekly dose in Ontario?", "65 g"),
        # 0.5–1 g/kg elsewhere
        ("FNAIT, 66 kg: maximum weekly grams?", "66 g"),
    ],
)
def test_the_place_and_the_upper_end(text: str, expected: str, knowledge: Knowledge) -> None:
    assert ask(knowledge, text, disease="fnait")["dose"].text.startswith(f"{expected} in all")


@pytest.mark.parametrize(
    "text",
    ["Can I switch from IVIG to weekly SCIG?", "How is IVIG changed to SCIG?",
     "how long does an infusion take", "how long wait for live vaccine after IVIG"],
)  # fmt: skip
def test_no_number_no_plea_for_one(text: str, knowledge: Knowledge) -> None:
    assert "missing" not in ask(knowledge, text)
