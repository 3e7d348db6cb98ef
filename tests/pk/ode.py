"""The same compartments as differential equations, integrated by SciPy: an oracle from outside."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from scipy.integrate import solve_ivp

from ivig.patient import Dose
from ivig.pk.disposition import FloatArray


def concentrations(
    values: dict[str, float],
    doses: Sequence[Dose],
    time_day: Sequence[float],
    *,
    fraction: float = 1.0,
    production_g_per_day: float = 0.0,
    start_day: float = 0.0,
) -> FloatArray:
    """Central concentration, g/L, at increasing times; doses into the vein or into a depot.

    ``production_g_per_day`` starts at its own steady state.
    """
    central, clearance = values["Vc"], values["CL"]
    between, peripheral = values.get("Q", 0.0), values.get("Vp", 1.0)
    ka = values.get("KA", 0.0)
    own = production_g_per_day / clearance
    state = np.array([0.0, own * central, own * peripheral if between else 0.0])
    rates: list[tuple[float, float]] = []
    bolus: dict[float, list[tuple[int, float]]] = {}
    for dose in doses:
        if dose.route == "iv" and dose.duration_h:
            length = dose.duration_h / 24
            rates.append((dose.time_day, dose.amount_g / length))
            rates.append((dose.time_day + length, -dose.amount_g / length))
        else:
            where = 1 if dose.route == "iv" else 0
            grams = dose.amount_g * (1.0 if dose.route == "iv" else fraction)
            bolus.setdefault(dose.time_day, []).append((where, grams))
    events = sorted({start_day, *time_day, *bolus, *(time for time, _ in rates)})
    found: dict[float, float] = {events[0]: state[1] / central}
    rate = production_g_per_day

    def slope(_: float, y: FloatArray) -> list[float]:
        absorbed = ka * y[0]
        exchange = between * (y[1] / central - y[2] / peripheral)
        return [-absorbed, absorbed + rate - clearance * y[1] / central - exchange, exchange]

    for now, following in pairwise(events):
        for where, grams in bolus.get(now, ()):
            state[where] += grams
        rate += sum(change for time, change in rates if time == now)
        solved = solve_ivp(slope, (now, following), state, "DOP853", rtol=1e-12, atol=1e-14)
        state = solved.y[:, -1].copy()
        found[following] = state[1] / central
    return np.array([found[time] for time in time_day])
