"""``ivig weight`` and ``ivig vials`` as a user types them."""

import json
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from ivig.errors import InputError
from ivig.faces.cli_weight import vials, weight
from ivig.knowledge import Knowledge

OBESE = ("--weight", "90", "--height", "160", "--age", "50", "--sex", "female")


@pytest.fixture(autouse=True)
def _read_once(knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ivig.knowledge.load_knowledge", lambda: knowledge)


def run(command: click.Command, *words: str) -> Result:
    return CliRunner().invoke(command, list(words))


def text_of(command: click.Command, *words: str, code: int = 0) -> str:
    done = run(command, *words)
    assert done.exit_code == code, done.exception
    assert max(map(len, done.stdout.splitlines())) <= 100
    return " ".join(done.stdout.split())


def as_json(command: click.Command, *words: str) -> Any:
    return json.loads(run(command, *words, "--format", "json").stdout)


def test_every_weight_and_the_rule_that_applies() -> None:
    text = text_of(weight, *OBESE, "--dose", "2 g/kg", "--indication", "gbs")
    assert "2 g/kg × 67.4 kg = 134.9 g" in text
    for words in ("actual 90 kg 180 g", "ideal 52.4 kg", "→ adjusted", "lean 50.1 kg"):
        assert words in text, words
    assert "GBP" not in text


def test_a_price_in_the_users_own_words() -> None:
    text = text_of(weight, *OBESE, "--dose", "2 g/kg", "--price-per-gram", "34", "GBP")
    assert "34 GBP per gram, as given" in text
    assert "−1,534.82 GBP" in text


def test_units_other_than_ours() -> None:
    data = as_json(
        weight, "--weight", "198.416 lb", "--height", "62.992 in", "--age", "50", "--sex", "female",
        "--dose", "2000 mg/kg",
    )  # fmt: skip
    assert data["amount_g"] == pytest.approx(134.9, abs=0.1)


def test_above_the_cap_is_exit_3_without_a_dose() -> None:
    text = text_of(weight, "--weight", "70", "--dose", "1e9 g/kg", code=3)
    assert "No dose is offered" in text
    data = as_json(weight, "--weight", "70", "--dose", "20 g/kg")
    assert data["amount_g"] is None
    assert all(row["amount_g"] is None for row in data["rows"])


def test_without_an_indication_no_days_are_presumed() -> None:
    text = text_of(weight, *OBESE, "--dose", "2 g/kg")
    assert "Not known: give --days or --indication" in text
    assert "Taken as immunomodulation" in text
    assert "over 5 days" not in text
    assert "5 days, 27 g a day" in text_of(weight, *OBESE, "--dose", "2 g/kg", "--days", "5")


def test_pregnancy_in_ontario() -> None:
    data = as_json(
        weight, "--weight", "100", "--height", "165", "--age", "30", "--sex", "female", "--pregnant",
        "--pre-pregnancy-weight", "88", "--dose", "2 g/kg", "--indication", "itp",
        "--jurisdiction", "ca-on",
    )  # fmt: skip
    assert data["dosing_weight_kg"] == pytest.approx(69.346, abs=0.001)
    assert data["rounded_g"] == 135
    chosen = next(row for row in data["rows"] if row["chosen"])
    assert (chosen["kind"], chosen["amount_g"]) == ("by_rule", pytest.approx(138.69, abs=0.01))


@pytest.mark.parametrize(
    "words",
    [
        ("--weight", "0", "--dose", "2 g/kg"),
        ("--weight", "-5", "--dose", "2 g/kg"),
        ("--weight", "nan", "--dose", "2 g/kg"),
        ("--weight", "70", "--dose", "2"),
        ("--weight", "70", "--dose", "0 g/kg"),
        ("--weight", "70", "--dose", "-2 g/kg"),
        ("--weight", "70", "--dose", "2 g/kg", "--days", "0"),
        ("--weight", "70", "--dose", "2 g/kg", "--jurisdiction", "mars"),
        ("--weight", "70", "--dose", "2 g/kg", "--indication", "nothing at all"),
        ("--weight", "70", "--dose", "2 g/kg", "--pre-pregnancy-weight", "60"),
        ("--weight", "70", "--dose", "2 g/kg", "--sex", "male", "--pregnant"),
        ("--weight", "70", "--dose", "2 g/kg", "--indication", "gbs", "--category", "replacement"),
        ("--weight", "70", "--dose", "2 g/kg", "--price-per-gram", "0", "GBP"),
    ],
)
def test_bad_weights_and_doses_are_refused(words: tuple[str, ...]) -> None:
    assert isinstance(run(weight, *words).exception, InputError)


def test_three_ways_to_make_up_a_dose() -> None:
    text = text_of(vials, "--product", "privigen", "--dose", "63g", "--tolerance", "5%")
    assert "Exact, the rest discarded 1 × 40 g + 1 × 20 g + 1 × 5 g" in text
    assert "Fewest vials 1 × 40 g + 1 × 20 g 2 60 g −4.8 % (−3 g) none" in text
    assert "65 g +3.2 % (+2 g) none" in text


def test_ontario_rounds_first_and_days_are_shown() -> None:
    words = ("--product", "privigen", "--dose", "63g", "--days", "2", "--jurisdiction", "ca-on")
    text = text_of(vials, *words)
    assert "Rounded from 63 to 65 g: Ontario, Canada rounds to 5 g" in text
    data = as_json(vials, *words)
    least = next(one for one in data["options"] if one["way"] == "least_waste")
    assert [day["amount_g"] for day in least["plan"]["days"]] == [30, 35]


def test_vial_sizes_that_are_not_known_are_exit_3() -> None:
    assert "vial sizes are not known" in text_of(
        vials, "--product", "iqymune", "--dose", "63", code=3
    )


def test_vial_sizes_that_were_not_read_are_a_caution() -> None:
    assert "check the package" in text_of(vials, "--product", "cutaquig", "--dose", "12.3g")


@pytest.mark.parametrize(
    "words",
    [
        ("--product", "privigin", "--dose", "63g"),
        ("--product", "privigen", "--dose", "0"),
        ("--product", "privigen", "--dose", "1e9"),
        ("--product", "privigen", "--dose", "63 mg"),
        ("--product", "privigen", "--dose", "63", "--tolerance", "90%"),
        ("--product", "privigen", "--dose", "63", "--days", "0"),
        ("--product", "privigen", "--dose", "63", "--max", "60"),
        ("--product", "privigen", "--dose", "63", "--jurisdiction", "mars"),
    ],
)
def test_bad_vial_questions_are_refused(words: tuple[str, ...]) -> None:
    assert isinstance(run(vials, *words).exception, InputError)
