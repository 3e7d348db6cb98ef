"""libroadrunner on the same workloads: SBML compiled to machine code, CVODE, one patient after another."""

import time
from collections.abc import Callable
from statistics import median

import numpy as np

from bench.populations import (
    DAYS,
    F_SC,
    FCRN_DAYS,
    HIGH_DOSE,
    IV,
    KA_PER_DAY,
    KIN_G_PER_DAY,
    SC,
    TRACER_U_PER_L,
    Array,
    Fcrn,
    Linear,
)
from ivig.pk.schedule import Train

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<sbml xmlns="http://www.sbml.org/sbml/level3/version1/core" level="3" version="1"><model id="m">
<listOfParameters>"""


class RoadRunner:
    """A model as rate rules and timed events, at rtol 1e-6 and atol 1e-8."""

    def __init__(
        self, rules: dict[str, str], constants: list[str], events: list[tuple[float, str, str]]
    ) -> None:
        import roadrunner

        roadrunner.Logger.setLevel(roadrunner.Logger.LOG_ERROR)
        self._states = list(rules)
        self._engine = roadrunner.RoadRunner(_sbml(rules, constants, events))
        integrator = self._engine.getIntegrator()
        integrator.setValue("relative_tolerance", 1e-6)
        integrator.setValue("absolute_tolerance", 1e-8)

    def one(self, values: dict[str, float], days: Array) -> Array:
        """The states at days 1, 2, …, (n_days, n_states)."""
        engine = self._engine
        engine.reset()
        for name, value in values.items():
            engine.setValue(name, float(value))
        return np.asarray(
            engine.simulate(0, float(days[-1]), days.size + 1, ["time", *self._states])
        )[1:, 1:]


def _formula(text: str) -> str:
    import ast

    names = {ast.Add: "plus", ast.Sub: "minus", ast.Mult: "times", ast.Div: "divide"}

    def write(node: ast.expr) -> str:
        if isinstance(node, ast.BinOp):
            return f"<apply><{names[type(node.op)]}/>{write(node.left)}{write(node.right)}</apply>"
        if isinstance(node, ast.Name):
            return f"<ci>{node.id}</ci>"
        if isinstance(node, ast.Constant):
            return f"<cn>{node.value!r}</cn>"
        raise ValueError(text)

    math = write(ast.parse(text, mode="eval").body)
    return f'<math xmlns="http://www.w3.org/1998/Math/MathML">{math}</math>'


TIME = '<csymbol encoding="text" definitionURL="http://www.sbml.org/sbml/symbols/time">t</csymbol>'


def _sbml(rules: dict[str, str], constants: list[str], events: list[tuple[float, str, str]]) -> str:
    names = [*rules, "rate", *constants]
    parameters = "".join(f'<parameter id="{n}" value="0" constant="false"/>' for n in names)
    written = "".join(
        f'<rateRule variable="{n}">{_formula(text)}</rateRule>' for n, text in rules.items()
    )
    timed = "".join(
        f'<event id="e{i}" useValuesFromTriggerTime="true"><trigger initialValue="false" persistent="true">'
        f'<math xmlns="http://www.w3.org/1998/Math/MathML"><apply><geq/>{TIME}<cn>{day!r}</cn></apply></math>'
        f'</trigger><listOfEventAssignments><eventAssignment variable="{name}">{_formula(text)}'
        "</eventAssignment></listOfEventAssignments></event>"
        for i, (day, name, text) in enumerate(events)
    )
    return (
        f"{HEAD}{parameters}</listOfParameters><listOfRules>{written}</listOfRules>"
        f"<listOfEvents>{timed}</listOfEvents></model></sbml>"
    )


def _infusions(trains: tuple[Train, ...]) -> list[tuple[float, str, str]]:
    """Infusions as switches of ``rate``; the one at time 0 is an initial value."""
    found: list[tuple[float, str, str]] = []
    for train in trains:
        for i in range(train.n_doses or 0):
            start = train.start_day + i * train.interval_day
            if start > 0.0:
                found.append((start, "rate", repr(float(train.amount_g / train.duration_day))))
            found.append((start + train.duration_day, "rate", "0.0"))
    return found


EXCHANGE = " - Q / V1 * {0}1 + Q / V2 * {0}2"
RETURN = "Q / V1 * {0}1 - Q / V2 * {0}2"
LINEAR = {"A1": "rate + kin - CL / V1 * A1" + EXCHANGE.format("A"), "A2": RETURN.format("A")}
FCR = "kdeg * (1 - Rmax / (Kd + A1 / V1))"
FCRN = {
    "A1": f"rate + kin - {FCR} * A1" + EXCHANGE.format("A"),
    "A2": RETURN.format("A"),
    "B1": f"kinB - {FCR} * B1" + EXCHANGE.format("B"),
    "B2": RETURN.format("B"),
}


def linear_iv(patients: Linear) -> Callable[[int], Array]:
    """W1: concentrations of one patient."""
    peer = RoadRunner(LINEAR, ["kin", "CL", "V1", "Q", "V2"], _infusions(IV))
    begin = {"rate": IV[0].amount_g / IV[0].duration_day}
    return lambda i: peer.one({**_linear(patients, i), **begin}, DAYS)[:, 0] / patients.Vc_L[i]


def linear_sc(patients: Linear) -> Callable[[int], Array]:
    """W2: concentrations of one patient."""
    grams = SC[0].amount_g * F_SC
    events = [(7.0 * i, "A0", f"A0 + {grams!r}") for i in range(1, SC[0].n_doses or 0)]
    rules = {"A1": LINEAR["A1"] + " + ka * A0", "A2": LINEAR["A2"], "A0": "0 - ka * A0"}
    peer = RoadRunner(rules, ["kin", "CL", "V1", "Q", "V2", "ka"], events)
    begin = {"A0": grams, "ka": KA_PER_DAY}
    return lambda i: peer.one({**_linear(patients, i), **begin}, DAYS)[:, 0] / patients.Vc_L[i]


def _linear(patients: Linear, i: int) -> dict[str, float]:
    own = KIN_G_PER_DAY / patients.CL_L_per_day[i]
    return {
        "kin": KIN_G_PER_DAY,
        "CL": patients.CL_L_per_day[i],
        "V1": patients.Vc_L[i],
        "Q": patients.Q_L_per_day[i],
        "V2": patients.Vp_L[i],
        "A1": own * patients.Vc_L[i],
        "A2": own * patients.Vp_L[i],
    }


def fcrn(patients: Fcrn) -> Callable[[int], Array]:
    """W3: concentration and tracer of one patient, (2, n_times)."""
    names = ["kin", "kinB", "kdeg", "Kd", "Rmax", "V1", "Q", "V2"]
    peer = RoadRunner(FCRN, names, _infusions(HIGH_DOSE))

    def one(i: int) -> Array:
        return peer.one(_fcrn(patients, i), FCRN_DAYS)[:, [0, 2]].T / patients.Vc_L[i]

    return one


def _fcrn(patients: Fcrn, i: int) -> dict[str, float]:
    kdeg, kd, c0 = patients.kdeg_per_day[i], patients.Kd_g_per_L[i], patients.C0_g_per_L[i]
    central, peripheral = patients.Vc_L[i], patients.Vp_L[i]
    rmax = patients.Rmax_g_per_L[i]
    produced = kdeg * (1.0 - rmax / (kd + c0)) * central
    return {
        "kin": produced * c0,
        "kinB": produced * TRACER_U_PER_L,
        "kdeg": kdeg,
        "Kd": kd,
        "Rmax": rmax,
        "V1": central,
        "Q": patients.Q_L_per_day[i],
        "V2": peripheral,
        "A1": c0 * central,
        "A2": c0 * peripheral,
        "B1": TRACER_U_PER_L * central,
        "B2": TRACER_U_PER_L * peripheral,
        "rate": HIGH_DOSE[0].amount_g / HIGH_DOSE[0].duration_day,
    }


def patients_per_s(one: Callable[[int], Array], n: int) -> float:
    """Median of three runs of n patients, after one patient to warm up."""
    one(0)
    times: list[float] = []
    for _ in range(3):
        start = time.perf_counter()
        for i in range(n):
            one(i)
        times.append(time.perf_counter() - start)
    return n / median(times)
