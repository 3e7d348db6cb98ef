"""The exact area against an integral of the differential equations."""

from itertools import pairwise

import numpy as np
import pytest
from tests.pk.ode import concentrations

from ivig.pk.area import area_g_day_per_L
from ivig.pk.parameters import parameters
from ivig.pk.regimen_text import parse_regimen, regimen_doses, regimen_trains

TWO = {"CL": 0.15, "Vc": 3.0, "Q": 0.5, "Vp": 2.5, "KA": 0.25, "F_SC": 0.7, "F_fSC": 0.8, "BL": 4.0}
ONE = {name: value for name, value in TWO.items() if name not in ("Q", "Vp")}
REGIMEN = parse_regimen("2 g/kg over 5 days then 0.4 g/kg q3w x 2 then 10 g sc weekly")
DOSES = regimen_doses(REGIMEN, 70, end_day=120, duration_h=5)
TRAINS = regimen_trains(REGIMEN, 70, duration_h=5)


def integral(values: dict[str, float], start_day: float, end_day: float) -> float:
    """Gauss-Legendre between the corners of the curve."""
    nodes, weights = np.polynomial.legendre.leggauss(12)
    ends = [dose.time_day + (dose.duration_h or 0) / 24 for dose in DOSES]
    corners = {start_day, end_day, *(dose.time_day for dose in DOSES), *ends}
    inside = sorted(day for day in corners if start_day <= day <= end_day)
    total = 0.0
    for low, high in pairwise(inside):
        days = low + (high - low) * (nodes + 1) / 2
        total += (
            float(concentrations(values, DOSES, list(days), fraction=0.7) @ weights)
            * (high - low)
            / 2
        )
    return total


@pytest.mark.parametrize("values", [ONE, TWO], ids=["one compartment", "two compartments"])
@pytest.mark.parametrize(("start", "end"), [(0, 21), (42, 63), (63, 70), (84, 91), (0.1, 2.1)])
def test_the_area_is_the_integral_of_the_ode(
    values: dict[str, float], start: float, end: float
) -> None:
    found = area_g_day_per_L(parameters(values), TRAINS, start, end)[0]
    assert found == pytest.approx(integral(values, start, end), rel=1e-10)


def test_pieces_sum_to_the_whole() -> None:
    person = parameters(TWO)
    pieces = [area_g_day_per_L(person, TRAINS, a, b)[0] for a, b in pairwise(range(0, 100, 7))]
    assert sum(pieces) == pytest.approx(area_g_day_per_L(person, TRAINS, 0, 98)[0], rel=1e-12)


def test_all_draws_at_once() -> None:
    eta = np.linspace(-0.5, 0.5, 7)[:, None]
    many = area_g_day_per_L(parameters(TWO, ("CL",), eta), TRAINS, 21, 42)
    single = [
        area_g_day_per_L(parameters(TWO, ("CL",), row[None]), TRAINS, 21, 42)[0] for row in eta
    ]
    np.testing.assert_allclose(many, single, rtol=1e-13)
