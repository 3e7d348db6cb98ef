"""Against scipy, which is not needed to run the program."""

import numpy as np
import pytest
from scipy.special import betaincc
from scipy.stats import chi2

from ivig.cohort.special import beta_above, poisson_upper


@pytest.mark.parametrize("cut", [0.05, 0.2, 0.5, 0.9])
def test_the_upper_tail_of_the_beta_distribution(cut: float) -> None:
    a = np.array([0.02, 0.5, 1.0, 2.0, 8.0, 60.0])
    b = np.array([0.08, 0.5, 1.0, 5.0, 3.0, 40.0])
    assert beta_above(a, b, cut) == pytest.approx(betaincc(a, b, cut), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("events", [0, 1, 2, 10, 300])
def test_the_exact_limit_of_a_count(events: int) -> None:
    assert poisson_upper(events, 0.99) == pytest.approx(chi2.ppf(0.99, 2 * events + 2) / 2)
