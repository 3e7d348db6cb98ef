"""A weight that hardly fits the age is doubted, and nothing else."""

import pytest

from ivig.patient import Patient
from ivig.plausible import doubt_weight


@pytest.mark.parametrize(
    ("age_year", "weight_kg", "doubted"),
    [(1, 70, True), (1, 10, False), (0, 3.2, False), (1, 22, True), (6, 20, False), (40, 150, False),
     (40, 7, True), (12, 14, True), (None, 70, False), (0.5, 15.5, True)],
)  # fmt: skip
def test_pounds_and_months(age_year: float | None, weight_kg: float, doubted: bool) -> None:
    patient = Patient(diagnosis="pid", weight_kg=weight_kg, age_year=age_year)
    assert [finding.kind for finding in doubt_weight(patient)] == ["caution"] * doubted
