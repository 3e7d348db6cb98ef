from dataclasses import replace

import pytest
from tests.evidence.world import NAMES


def test_synonyms_of_several_words() -> None:
    found = NAMES.find("IVIG in chronic inflammatory demyelinating polyneuropathy?")

    assert found.indications == ("cidp",)
    assert "demyelinating" in found.words


def test_a_brand_means_each_of_its_strengths_unless_one_is_named() -> None:
    assert set(NAMES.find("Octagam rate").products) == {"octagam_5", "octagam_10"}
    assert NAMES.find("Octagam 10% rate").products == ("octagam_10",)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("IVIG for MG", ("mg_crisis",)),
        ("dose in mg per day", ()),
        ("1000 mg", ()),
    ],
)
def test_milligrams_are_not_myasthenia(text: str, expected: tuple[str, ...]) -> None:
    assert NAMES.find(text).indications == expected


def test_a_misspelt_name_is_recognised() -> None:
    assert NAMES.find("ivig for dermatomiositis").indications == ("dermatomyositis",)


def test_codes_and_their_categories() -> None:
    assert NAMES.find("dose for G61.81").indications == ("cidp",)
    assert NAMES.find("dose for D69").indications == ("itp", "itp_child")
    assert NAMES.find("dose for Z99.9").indications == ()


def test_routes_and_populations() -> None:
    found = NAMES.find("subcutaneous in a 3 year old with kidney disease")

    assert found.routes == ("sc",)
    assert set(found.populations) == {"child", "renal"}


def test_a_strength_that_a_liquid_does_not_have() -> None:
    names = replace(NAMES, strengths_percent={"octagam_5": 5.0, "octagam_10": 10.0})
    both = ("octagam_5", "octagam_10")

    assert names.strength_not_made("rate of Octagam 15%", both) == "Octagam 15%"
    assert names.strength_not_made("rate of octagam 10 %", both) is None
    assert names.strength_not_made("Octagam in 15% of patients", both) is None
    assert NAMES.strength_not_made("rate of Octagam 15%", both) is None
