"""Cheng 2026: what its printed areas are, and how sure 1000 simulated patients make them.

200.2 (194.4 to 206.2), 211.5 (205.6 to 217.5) and 222.4 (216.6 to 228.5) g·day/L: total IgG of 28 days
after one dose of 0.4, 0.5 and 0.6 g/kg, 1000 patients of 18.6 kg with IgM 0.21 g/L, read in the article
of nlmixr2lib. Worked out here from the printed parameters alone, apart from the engine.
"""

from dataclasses import dataclass

import numpy as np
import pytest

PRINTED = {0.4: (200.2, 194.4, 206.2), 0.5: (211.5, 205.6, 217.5), 0.6: (222.4, 216.6, 228.5)}
WEIGHT_KG, DAYS, N, STUDIES = 18.6, 28.0, 1000, 400
SIZE = WEIGHT_KG / 70.0


@dataclass(frozen=True)
class Drawn:
    """Areas (STUDIES, N): as published, and with one own IgG for all."""

    area: np.ndarray
    same_own: np.ndarray


def draw(g_per_kg: float) -> Drawn:
    random = np.random.default_rng(1)
    spread = [np.sqrt(np.log1p(cv**2)) for cv in (0.427, 1.386, 0.493)]
    eta = [sd * random.standard_normal((STUDIES, N)) for sd in spread]
    clearance, between = 0.308 * SIZE**0.75 * np.exp(eta[0]), 1.08 * SIZE**0.75
    central, peripheral = 3.59 * SIZE, 7.37 * SIZE * np.exp(eta[1])
    out, back = between / central, between / peripheral
    total = clearance / central + out + back
    root = np.sqrt(total**2 - 4.0 * clearance / central * back)
    fast, slow = (total + root) / 2.0, (total - root) / 2.0
    start = g_per_kg * WEIGHT_KG / central
    infused = start * (fast - back) / (fast - slow) / fast * (1.0 - np.exp(-fast * DAYS))
    infused += start * (back - slow) / (fast - slow) / slow * (1.0 - np.exp(-slow * DAYS))
    own = 5.67 * DAYS
    return Drawn(area=infused + own * np.exp(eta[2]), same_own=infused + own)


@pytest.mark.parametrize("g_per_kg", PRINTED)
def test_the_printed_value_and_interval_fit_a_median_of_a_thousand(g_per_kg: float) -> None:
    value, low, high = PRINTED[g_per_kg]
    medians = np.median(draw(g_per_kg).area, axis=1)
    error = medians.std(ddof=1)
    assert 3.92 * error == pytest.approx(high - low, rel=0.1)
    assert abs(medians.mean() - value) < 1.0 * error
    assert 0.01 < error / value < 0.016


@pytest.mark.parametrize("g_per_kg", PRINTED)
def test_no_other_summary_of_a_thousand_has_both(g_per_kg: float) -> None:
    value, low, high = PRINTED[g_per_kg]
    drawn = draw(g_per_kg)
    means = drawn.area.mean(axis=1)
    assert means.mean() > high  # the mean lies outside the interval
    geometric = np.exp(np.log(drawn.area).mean(axis=1))
    assert 3.92 * geometric.std(ddof=1) < 0.87 * (high - low)
    near = np.exp(np.log(drawn.same_own).mean(axis=1))  # nearer than any other, but far too sure
    assert near.mean() == pytest.approx(value, rel=0.005)
    assert 3.92 * near.std(ddof=1) < 0.25 * (high - low)
