"""Compile every kernel before it is needed, by calling each once on a patient or a few.

What is kept already is read, in a fraction of a second, and not compiled again.
"""

from collections.abc import Callable

import numpy as np

from ivig.patient import Dose, Sample
from ivig.pk.kernels import eigenmodes, machine_code
from ivig.pk.kernels.api import simulate_fcrn, simulate_linear
from ivig.pk.kernels.cases import Cases, Known, gather
from ivig.pk.kernels.map_fit import AT_A_TIME, map_fit
from ivig.pk.kernels.posterior import sample_posteriors
from ivig.pk.kernels.schedule import make_schedule
from ivig.pk.population import ParameterName, Residual
from ivig.pk.schedule import Train

IV = Train(start_day=0, interval_day=21, n_doses=2, amount_g=28, route="iv", duration_day=0.125)
DAYS = np.array([1.0, 21.0])
TYPICAL: dict[ParameterName, float] = {"CL": 0.15, "Vc": 3.0, "Q": 0.5, "Vp": 2.5, "BL": 4.0}


def warm_up() -> tuple[tuple[str, Callable[[], object]], ...]:
    """What to compile, by name, in turn; calling one compiles it."""
    one, many = _cases(1), _cases(AT_A_TIME + 1)
    return (
        ("levels of a population", _levels),
        ("levels with saturable recycling", _saturable),
        ("the mode of one patient", lambda: map_fit(one)),
        ("the modes of many patients", lambda: map_fit(many)),
        ("the posterior of one patient", lambda: sample_posteriors(one)),
        ("the posteriors of many patients", lambda: sample_posteriors(many, n_draws=100)),
    )


def levels_are_ready() -> bool:
    """Whether ``simulate_linear`` need not compile."""
    return machine_code.is_kept(eigenmodes.run)


def _levels() -> object:
    one = np.ones(1)
    return simulate_linear(one, one, one, one, one, one, one, 1.0, make_schedule([IV], DAYS))


def _saturable() -> object:
    one = np.ones(1)
    return simulate_fcrn(one, one, 0.5 * one, one, one, one, one, 100.0, 1.0, [IV], DAYS)


def _cases(n: int) -> Cases:
    dose = Dose(time_day=0.0, amount_g=28.0, duration_h=3.0)
    known = Known(TYPICAL, [dose], [Sample(time_day=21.0, igg_g_per_L=8.0)])
    error = Residual(additive_sd_g_per_L=0.3, proportional_sd_fraction=0.1)
    return gather([known] * n, effects=("CL", "Vc"), sd=np.array([0.3, 0.2]), residual=error)
