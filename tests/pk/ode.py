"""The same compartments as differential equations, integrated by SciPy: an oracle from outside."""

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
from scipy.integrate import solve_ivp

from ivig.patient import Dose, ProteinLoss
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


def changing(
    changes: Sequence[tuple[float, dict[str, float]]],
    doses: Sequence[Dose],
    times: Sequence[float],
    losses: Sequence[ProteinLoss],
) -> tuple[FloatArray, FloatArray]:
    """Infused and own concentration by SciPy; amounts are the state, one era after another."""
    days = {*times, *(day for day, _ in changes), *(one.time_day for one in doses)}
    days |= {one.time_day + (one.duration_h or 0) / 24 for one in doses}
    days |= {loss.start_day for loss in losses} | {
        loss.end_day for loss in losses if loss.end_day is not None
    }
    ordered = sorted(days)
    values = changes[0][1]
    own = values["BL"] * values["Vc"], values["BL"] * values.get("Vp", 0.0)
    state = np.array([0.0, 0.0, 0.0, *own])
    found: dict[float, tuple[float, float]] = {}
    for now, following in pairwise([*ordered, ordered[-1] + 1.0]):
        values = ([changes[0][1]] + [each for day, each in changes if day <= now])[-1]
        found[now] = state[1] / values["Vc"], state[3] / values["Vc"]
        for one in doses:
            if one.time_day == now and one.route != "iv":
                state[0] += one.amount_g * values["F_SC" if one.route == "sc" else "F_fSC"]
            elif one.time_day == now and not one.duration_h:
                state[1] += one.amount_g
        rate = sum(
            24 * one.amount_g / one.duration_h
            for one in doses
            if one.duration_h and one.time_day <= now < one.time_day + one.duration_h / 24
        )
        lost = sum(
            each.CL_loss_L_per_day
            for each in losses
            if each.start_day <= now and (each.end_day is None or now < each.end_day)
        )
        solved = solve_ivp(
            _slope(values, rate, lost), (now, following), state, "DOP853", rtol=1e-12, atol=1e-14
        )
        state = solved.y[:, -1].copy()
    pairs = np.array([found[day] for day in times])
    return pairs[:, 0], pairs[:, 1]


def _slope(
    values: dict[str, float], rate: float, lost: float
) -> Callable[[float, FloatArray], list[float]]:
    clearance, central, ka = values["CL"] + lost, values["Vc"], values["KA"]
    between, peripheral = values.get("Q", 0.0), values.get("Vp", 1.0)
    made = values["CL"] * values["BL"]

    def of(_: float, y: FloatArray) -> list[float]:
        exchange = between * (y[1] / central - y[2] / peripheral)
        own = between * (y[3] / central - y[4] / peripheral)
        return [
            -ka * y[0],
            ka * y[0] + rate - clearance * y[1] / central - exchange,
            exchange,
            made - clearance * y[3] / central - own,
            own,
        ]

    return of
