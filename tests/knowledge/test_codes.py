"""The code tables: check digits, sorted rows, and indications that exist."""

import csv
import re
from pathlib import Path

import pytest

from ivig.knowledge import load_knowledge

CODES = Path(__file__).parents[2] / "knowledge" / "codes"
ANALYTES = {
    "igg_g_per_L", "iga_g_per_L", "igm_g_per_L", "platelets_10e9_per_L",
    "egfr_mL_per_min_per_1_73m2", "creatinine_umol_per_L", "haemoglobin_g_per_L",
    "albumin_g_per_L", "neutrophils_10e9_per_L", "crp_mg_per_L", "ck_U_per_L",
}  # fmt: skip


def _rows(name: str) -> list[dict[str, str]]:
    with (CODES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _verhoeff_is_valid(number: str) -> bool:
    """SNOMED CT identifiers end in a Verhoeff (dihedral) check digit."""
    permutations = [list(range(10)), [1, 5, 7, 6, 2, 8, 3, 0, 9, 4]]
    while len(permutations) < 8:
        permutations.append([permutations[1][digit] for digit in permutations[-1]])

    def multiply(a: int, b: int) -> int:
        if a < 5:
            return (a + b) % 5 if b < 5 else 5 + (a + b) % 5
        return 5 + (a - b) % 5 if b < 5 else (a - b) % 5

    check = 0
    for place, digit in enumerate(reversed(number)):
        check = multiply(check, permutations[place % 8][int(digit)])
    return check == 0


def _luhn_is_valid(code: str) -> bool:
    """LOINC codes end in a modulus-10 check digit."""
    body, check = code.split("-")
    total = 0
    for place, digit in enumerate(reversed(body)):
        doubled = int(digit) * (2 if place % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return -total % 10 == int(check)


@pytest.mark.parametrize("name", ["icd10_cm.csv", "snomed_ct.csv", "loinc.csv", "atc.csv"])
def test_every_row_says_how_we_know_and_stands_once(name: str) -> None:
    rows = _rows(name)
    keys = [tuple(row.values()) for row in rows]

    assert {row["basis"] for row in rows} <= {"read", "recalled"}
    assert len(keys) == len(set(keys)) > 0


@pytest.mark.parametrize("name", ["icd10_cm.csv", "snomed_ct.csv"])
def test_indications_exist(name: str) -> None:
    indications = load_knowledge().indications

    assert {row["indication_id"] for row in _rows(name)} - set(indications) == set()


def test_icd10_tables_agree_with_the_indications() -> None:
    table: dict[str, set[str]] = {}
    for row in _rows("icd10_cm.csv"):
        table.setdefault(row["indication_id"], set()).add(row["code"])

    assert table == {
        key: set(indication.icd10_cm.value)
        for key, indication in load_knowledge().indications.items()
        if indication.icd10_cm.value
    }


def test_icd10_codes_are_well_formed_and_sorted() -> None:
    rows = _rows("icd10_cm.csv")
    pattern = re.compile(r"[A-Z]\d[0-9A-Z](\.[0-9A-Z]{1,4})?")

    assert [row["code"] for row in rows if not pattern.fullmatch(row["code"])] == []
    assert rows == sorted(rows, key=lambda row: (row["code"], row["indication_id"]))


def test_snomed_codes_pass_their_check_digit() -> None:
    codes = {row["code"] for row in _rows("snomed_ct.csv")}

    assert {code for code in codes if not _verhoeff_is_valid(code)} == set()
    assert not _verhoeff_is_valid("23238001")


def test_loinc_codes_pass_their_check_digit() -> None:
    codes = {row["loinc"] for row in _rows("loinc.csv")}

    assert {code for code in codes if not _luhn_is_valid(code)} == set()
    assert not _luhn_is_valid("2465-4")


def test_every_analyte_has_a_code_and_one_unit() -> None:
    units = {(row["analyte"], row["ucum"]) for row in _rows("loinc.csv")}

    assert {analyte for analyte, _ in units} == ANALYTES
    assert len(units) == len(ANALYTES)


def test_routes_have_their_atc_code() -> None:
    assert {row["route"]: row["code"] for row in _rows("atc.csv")} == {
        "sc": "J06BA01",
        "iv": "J06BA02",
    }
