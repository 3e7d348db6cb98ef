"""The expressions forgive the wording and are strict on the number and the judgement."""

from pathlib import Path

import pytest
from tests.evidence.score import Question, question, score

from ivig.strict_yaml import read_yaml

FOLDER = Path(__file__).parent / "questions"


def first_fact_stated(item: Question, text: str) -> bool:
    return score(item, [text], "answered").stated[0]


@pytest.fixture(scope="module")
def items() -> dict[str, Question]:
    texts = [(FOLDER / f"{name}.yaml").read_text("utf-8") for name in ("development", "test")]
    read = [question(item) for text in texts for item in read_yaml(text)]  # type: ignore[attr-defined]
    return {item.question: item for item in read}


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ("CIDP loading dose of IVIG", "Total 2,000 mg/kg given over 2 to 5 consecutive days."),
        ("CIDP loading dose of IVIG", "2g/kg over 2–5 days"),
        ("starting dose IVIG for primary immunodeficiency g/kg", "400–600 mg/kg every 3 to 4 weeks"),
        ("starting dose IVIG for primary immunodeficiency g/kg", "0.4 to 0.6 grams per kg every 3 or 4 weeks"),
        ("80 kg patient, Privigen at 0.5 mg/kg/min: what is the pump rate in mL/h?", "24.0 mL per hour"),
        ("Convert IgG 620 mg/dL to g/L", "That is 6.20 g per L."),
        ("MMR after Kawasaki IVIG 2 g/kg, how many months?", "Wait eleven months."),
        ("Is IVIG indicated in ALS? (G12.21)", "England and Ontario advise against its use."),
        ("Does immunoglobulin help autism?", "Australia does not support immunoglobulin in autism."),
        ("Does Privigen need refrigerating?", "Store at up to 25 °C."),
    ],
)  # fmt: skip
def test_another_wording_of_the_fact_is_found(
    items: dict[str, Question], asked: str, text: str
) -> None:
    assert first_fact_stated(items[asked], text)


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ("CIDP loading dose of IVIG", "0.2 g/kg over 2-5 days"),
        ("CIDP loading dose of IVIG", "12 g/kg over 2-5 days"),
        ("CIDP loading dose of IVIG", "2 g/kg over 2 days"),
        ("starting dose IVIG for primary immunodeficiency g/kg", "0.4-0.8 g/kg every 3-4 weeks"),
        ("80 kg patient, Privigen at 0.5 mg/kg/min: what is the pump rate in mL/h?", "240 mL/h"),
        ("80 kg patient, Privigen at 0.5 mg/kg/min: what is the pump rate in mL/h?", "2.4 mL/h"),
        ("Convert IgG 620 mg/dL to g/L", "62 g/L"),
        ("Max infusion rate of Privigen in primary immunodeficiency?", "0.8 mg/kg/min"),
        ("Switch from IVIG 40 g q4w to Hizentra weekly dose", "15.3 g weekly"),
        ("MMR after Kawasaki IVIG 2 g/kg, how many months?", "8 months"),
        ("Is IVIG indicated in ALS? (G12.21)", "IVIG is recommended."),
        ("Is IVIG indicated in ALS? (G12.21)", "IVIG protects against infection."),
    ],
)
def test_a_wrong_number_or_judgement_is_not_the_fact(
    items: dict[str, Question], asked: str, text: str
) -> None:
    assert not first_fact_stated(items[asked], text)
