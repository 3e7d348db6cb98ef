"""Live-vaccine intervals by dose, from the shipped table."""

import pytest

from ivig.knowledge import Knowledge
from ivig.safety import vaccine_interval


@pytest.mark.parametrize(
    ("dose_g_per_kg", "months"), [(0.4, 8), (0.5, 10), (1.0, 10), (1.6, 11), (2.0, 11), (3.0, 11)]
)
def test_the_interval_is_never_that_of_a_smaller_dose(
    dose_g_per_kg: float, months: float, knowledge: Knowledge
) -> None:
    found = vaccine_interval(dose_g_per_kg, knowledge.vaccines)
    assert found is not None
    assert found.value.interval_month == months
