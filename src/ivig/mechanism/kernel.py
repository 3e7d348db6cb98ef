"""The mechanism ODE for populations: one patient after the other, over all cores.

The grid is that of ``pk.kernels.fcrn`` (time cut at every change of input); the equations are those of
``reference``, which a test holds equal to 1e-6. Classical Runge-Kutta with a step of ``STEP`` of the
fastest rate of the moment, so that a patient's result does not depend on the others.
"""

from math import exp, log, sqrt

from ivig.mechanism.grid import MechanismGrid
from ivig.pk.kernels._jit import njit, prange
from ivig.pk.kernels.schedule import FloatArray, IntArray

STEP = 0.1
GROWTH, LONGEST = 6.5, 4.0
PLATELETS = 0.6  # they follow what is slower, so that longer steps are as exact
RISE = 0.2  # of K_D + C in one step of an infusion
OUTPUTS = 8

Pools = tuple[float, float, float, float, float, float]  # own, infused, anti, each with periphery
Effects = tuple[float, float, float, float]  # Ce, P, K4, M
Turnover = tuple[float, float, float, float, float]  # k_int, free n, K_D, out, back


def run(
    table: FloatArray,
    k_ab: FloatArray,
    scale: FloatArray,
    grid: MechanismGrid,
    *,
    effects: bool,
    out: FloatArray,
) -> None:
    """Fill ``out`` (n, OUTPUTS, n_times): C, infused, antibody ratio, Ce, P, K4, M, depot in g.

    ``table`` is ``Patients.table()``; ``scale`` (n,) multiplies every dose.
    """
    _run(
        table,
        k_ab,
        grid.length_day,
        grid.since_day,
        grid.rate_g_per_day,
        grid.bolus_g,
        grid.depot_g,
        scale,
        grid.occupancy,
        grid.occupancy_decay_per_day,
        grid.output,
        grid.n_before,
        effects,
        out,
    )


@njit
def _lost(c: float, k_int: float, n: float, kd: float) -> float:
    """λ(C), 1/day."""
    total = kd + n + c
    return k_int * (1.0 - 2.0 * n / (total + sqrt(total * total - 4.0 * n * c)))


@njit
def _pools(y: Pools, made: float, given: float, anti: float, with_: Turnover) -> Pools:
    """Slopes of the pools, each in g per L of V1."""
    e, ep, i, ip, a, ap = y
    k_int, n, kd, out, back = with_
    left = _lost(e + i + a, k_int, n, kd) + out
    return (
        made - left * e + back * ep,
        out * e - back * ep,
        given - left * i + back * ip,
        out * i - back * ip,
        anti - left * a + back * ap,
        out * a - back * ap,
    )


@njit
def _moved(y: Pools, k: Pools, h: float) -> Pools:
    return (
        y[0] + h * k[0],
        y[1] + h * k[1],
        y[2] + h * k[2],
        y[3] + h * k[3],
        y[4] + h * k[4],
        y[5] + h * k[5],
    )


@njit
def _eaten(a_ratio: float, ce: float, k_ab: float, p: FloatArray) -> float:
    """Platelets eaten, 1/day."""
    free = (1.0 + p[12] * p[1]) / (1.0 + p[12] * max(ce, p[1]))
    return k_ab * exp(p[14] * log(free) + p[15] * log(a_ratio))


@njit
def _effects(
    y: Effects, c: float, a_ratio: float, per_kg: float, k_ab: float, p: FloatArray
) -> Effects:
    ce, plt, k4, m = y
    used = 1.0 / p[17] + _eaten(a_ratio, ce, k_ab, p) + p[18] / (plt + p[19])
    ratio, left = (c - p[1]) / p[21], 1.0
    if ratio > 1e-9:
        left = 1.0 / (1.0 + exp(p[22] * log(ratio)))
    return (
        p[13] * (c - ce),
        p[16] - used * plt,
        p[23] * (1.0 - k4) - p[24] * per_kg * k4,
        p[25] * (a_ratio * left - m),
    )


@njit
def _shifted(y: Effects, k: Effects, h: float) -> Effects:
    return (y[0] + h * k[0], y[1] + h * k[1], y[2] + h * k[2], y[3] + h * k[3])


@njit
def _fastest(
    y: Pools, z: Effects, depot: float, rate: float, k_ab: float, a0: float, effects: bool,
    p: FloatArray,
) -> float:  # fmt: skip
    """The fastest rate of the moment, 1/day."""
    s = p[2] + p[7] / p[5] + p[7] / p[6]
    s = max(s, rate / p[5] / (p[4] + y[0] + y[2] + y[4]) * STEP / RISE)
    if depot > 0.0:
        s = max(s, p[8])
    if effects:
        eaten = _eaten(y[4] / a0, z[0], k_ab, p)
        s = max(s, PLATELETS * (1.0 / p[17] + eaten + p[18] / (z[1] + p[19])))
        s = max(s, p[23] + p[24] * rate / p[0], p[25], p[13])
    return s


@njit
def _advance(
    y: Pools,
    z: Effects,
    depot: float,
    length: float,
    begin: float,
    since: float,
    rate: float,
    occupied: float,
    fall: float,
    synthesis: tuple[float, float, float],
    k_ab: float,
    effects: bool,
    p: FloatArray,
) -> tuple[Pools, Effects, float]:
    """The state at the end of one interval, and what is left under the skin."""
    made, made_a, a0 = synthesis
    out, back, done = p[7] / p[5], p[7] / p[6], 0.0
    while done < length:
        s = _fastest(y, z, depot, rate, k_ab, a0, effects, p)
        # the exchange with the periphery fades after a change, and then longer steps do
        h = STEP / s if effects else STEP / s * min(exp(s * (since + done) / GROWTH), LONGEST)
        h = min(h, STEP / fall) if fall > 0.0 else h
        h = length - done if h >= length - done else h
        w1 = (p[2], p[3] * (1.0 - occupied), p[4], out, back)
        w2, w4 = w1, w1
        if fall > 0.0:
            w1 = (p[2], p[3] * (1.0 - occupied * exp(-fall * done)), p[4], out, back)
            w2 = (p[2], p[3] * (1.0 - occupied * exp(-fall * (done + 0.5 * h))), p[4], out, back)
            w4 = (p[2], p[3] * (1.0 - occupied * exp(-fall * (done + h))), p[4], out, back)
        faded, kept = 1.0, 1.0
        if p[11] > 0.0:
            faded, kept = exp(-p[11] * (begin + done)), exp(-0.5 * p[11] * h)
        g1 = rate / p[5]
        g2, g4 = g1, g1
        if depot > 0.0:
            absorbed = exp(-0.5 * p[8] * h)
            g1 = (rate + p[8] * depot) / p[5]
            g2 = (rate + p[8] * depot * absorbed) / p[5]
            depot = depot * absorbed * absorbed
            g4 = (rate + p[8] * depot) / p[5]
        k1 = _pools(y, made, g1, made_a * faded, w1)
        y2 = _moved(y, k1, 0.5 * h)
        k2 = _pools(y2, made, g2, made_a * faded * kept, w2)
        y3 = _moved(y, k2, 0.5 * h)
        k3 = _pools(y3, made, g2, made_a * faded * kept, w2)
        y4 = _moved(y, k3, h)
        k4 = _pools(y4, made, g4, made_a * faded * kept * kept, w4)
        if effects:
            per_kg = rate / p[0]
            q1 = _effects(z, y[0] + y[2] + y[4], y[4] / a0, per_kg, k_ab, p)
            z2 = _shifted(z, q1, 0.5 * h)
            q2 = _effects(z2, y2[0] + y2[2] + y2[4], y2[4] / a0, per_kg, k_ab, p)
            z3 = _shifted(z, q2, 0.5 * h)
            q3 = _effects(z3, y3[0] + y3[2] + y3[4], y3[4] / a0, per_kg, k_ab, p)
            z4 = _shifted(z, q3, h)
            q4 = _effects(z4, y4[0] + y4[2] + y4[4], y4[4] / a0, per_kg, k_ab, p)
            z = _shifted(_shifted(z, q1, h / 6.0), q2, h / 3.0)
            z = _shifted(_shifted(z, q3, h / 3.0), q4, h / 6.0)
        y = _moved(_moved(y, k1, h / 6.0), k2, h / 3.0)
        y = _moved(_moved(y, k3, h / 3.0), k4, h / 6.0)
        done = length if h >= length - done else done + h
    return y, z, depot


@njit
def _write(y: Pools, z: Effects, depot: float, a0: float, j: int, row: FloatArray) -> None:
    row[0, j] = y[0] + y[2] + y[4]
    row[1, j] = y[2]
    row[2, j] = y[4] / a0
    row[3, j] = z[0]
    row[4, j] = z[1]
    row[5, j] = z[2]
    row[6, j] = z[3]
    row[7, j] = depot


@njit(parallel=True)
def _run(
    table: FloatArray,
    k_ab: FloatArray,
    length_day: FloatArray,
    since_day: FloatArray,
    rate_g_per_day: FloatArray,
    bolus_g: FloatArray,
    depot_g: FloatArray,
    scale: FloatArray,
    occupancy: FloatArray,
    fall_per_day: FloatArray,
    output: IntArray,
    n_before: int,
    effects: bool,
    out: FloatArray,
) -> None:
    for j in prange(table.shape[1]):
        p = table[:, j].copy()
        dose, share = scale[j], p[6] / p[5]
        own, anti = p[1] * (1.0 - p[10]), p[1] * p[10]
        lam = _lost(p[1], p[2], p[3], p[4])
        synthesis = (lam * own, lam * anti, anti)
        y = (own, own * share, 0.0, 0.0, anti, anti * share)
        z = (p[1], p[20], 1.0, 1.0)
        depot, begin = 0.0, 0.0
        for k in range(n_before):
            _write(y, z, depot, anti, k, out[j])
        for i in range(length_day.size):
            bolus = bolus_g[i] * dose
            y = (y[0], y[1], y[2] + bolus / p[5], y[3], y[4], y[5])
            z = (z[0], z[1], z[2] * exp(-p[24] * bolus / p[0]), z[3])
            depot += depot_g[i] * dose * p[9]
            y, z, depot = _advance(
                y, z, depot, length_day[i], begin, since_day[i],
                rate_g_per_day[i] * dose, occupancy[i], fall_per_day[i], synthesis, k_ab[j], effects, p,
            )  # fmt: skip
            begin += length_day[i]
            if output[i] >= 0:
                _write(y, z, depot, anti, output[i], out[j])
