"""The mechanism ODE for populations: one patient after the other, over all cores.

The grid is that of ``pk.kernels.fcrn`` (time cut at every change of input); the equations are those of
``reference``, which a test holds equal to 1e-6. Classical Runge-Kutta with a step of ``STEP`` of the
fastest rate of the moment, so that a patient's result does not depend on the others. Nothing acts back
on the pools, so the effects follow them step by step: platelets, which may be eaten eight times as fast
as IgG moves, in smaller steps of their own.
"""

from math import exp, log, sqrt

from ivig.mechanism.grid import MechanismGrid
from ivig.pk.kernels._jit import njit, prange
from ivig.pk.kernels.schedule import FloatArray, IntArray

STEP = 0.1
GROWTH, LONGEST, LONGEST_EFFECTS = 6.5, 4.0, 3.0
CHANGE = 0.2  # of what is eaten, in one step
PLATELETS = 0.6
RISE = 0.2  # of K_D + C in one step of an infusion
OUTPUTS = 8

Pools = tuple[float, float, float, float, float, float]  # own, infused, anti, each with periphery
Effects = tuple[float, float, float, float, float, float, float]
"""Ce, P, K4, M; what is eaten and its slope, and what attacks, all at the same time."""
Quartic = tuple[float, float, float, float, float]
Turnover = tuple[float, float, float, float, float]  # k_int, free n, K_D, out, back
Span = tuple[float, float, float, float, float, float]
"""Of an interval: length, begin, time since the last change, rate in g/day, occupancy and its fall."""
Own = tuple[float, float, float, float]  # made, antibody made, antibody before, k_ab


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
def _slopes(y: Pools, depot: float, at: float, span: Span, own: Own, p: FloatArray) -> Pools:
    """Slopes of the pools so long after the start of an interval."""
    occupied, fall = span[4], span[5]
    if fall > 0.0:
        occupied *= exp(-fall * at)
    anti = own[1]
    if p[11] > 0.0:
        anti *= exp(-p[11] * (span[1] + at))
    with_ = (p[2], p[3] * (1.0 - occupied), p[4], p[7] / p[5], p[7] / p[6])
    return _pools(y, own[0], (span[3] + p[8] * depot) / p[5], anti, with_)


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
def _step(
    y: Pools, k1: Pools, depot: float, at: float, h: float, span: Span, own: Own, p: FloatArray
) -> tuple[Pools, float]:
    """The pools, and the depot, one step on."""
    half, whole = depot, depot
    if depot > 0.0:
        left = exp(-0.5 * p[8] * h)
        half, whole = depot * left, depot * left * left
    k2 = _slopes(_moved(y, k1, 0.5 * h), half, at + 0.5 * h, span, own, p)
    k3 = _slopes(_moved(y, k2, 0.5 * h), half, at + 0.5 * h, span, own, p)
    k4 = _slopes(_moved(y, k3, h), whole, at + h, span, own, p)
    y = _moved(_moved(y, k1, h / 6.0), k2, h / 3.0)
    return _moved(_moved(y, k3, h / 3.0), k4, h / 6.0), whole


@njit
def _middle(a: float, b: float, slope_a: float, slope_b: float, h: float) -> float:
    """Half-way along a cubic with these ends."""
    return 0.5 * (a + b) + 0.125 * h * (slope_a - slope_b)


@njit
def _eaten(
    a: float, a_slope: float, ce: float, ce_slope: float, k_ab: float, p: FloatArray
) -> tuple[float, float]:
    """Platelets eaten, 1/day, and its slope; ``a`` is antibody over before."""
    free = (1.0 + p[12] * p[1]) / (1.0 + p[12] * max(ce, p[1]))
    eaten = k_ab * exp(p[14] * log(free) + p[15] * log(a))
    slope = p[15] * a_slope / a
    if ce > p[1] or (ce == p[1] and ce_slope > 0.0):
        slope -= p[14] * p[12] * ce_slope / (1.0 + p[12] * ce)
    return eaten, eaten * slope


@njit
def _attack(a_ratio: float, c: float, p: FloatArray) -> float:
    """What drives the membrane attack complex, over before."""
    ratio = (c - p[1]) / p[21]
    if ratio <= 1e-9:
        return a_ratio
    return a_ratio / (1.0 + exp(p[22] * log(ratio)))


@njit
def _after(z: float, k: float, g1: float, g2: float, g4: float, h: float) -> float:
    """z' = k·(g − z) one step on, g being known at start, middle and end."""
    k1 = k * (g1 - z)
    k2 = k * (g2 - z - 0.5 * h * k1)
    k3 = k * (g2 - z - 0.5 * h * k2)
    k4 = k * (g4 - z - h * k3)
    return z + h / 6.0 * (k1 + 2.0 * (k2 + k3) + k4)


@njit
def _through(
    start: tuple[float, float], middle: float, end: tuple[float, float], h: float
) -> Quartic:
    """Through three points, with slopes at the outer two; of time from 0 to 1."""
    first, last = start[1] * h, end[1] * h
    rise = end[0] - start[0]
    bend = 16.0 * (middle - 0.5 * (start[0] + end[0]) - 0.125 * (first - last))
    second = 3.0 * rise - 2.0 * first - last + bend
    third = first + last - 2.0 * rise - 2.0 * bend
    return (start[0], first, second, third, bend)


@njit
def _at(q: Quartic, s: float) -> float:
    return q[0] + s * (q[1] + s * (q[2] + s * (q[3] + s * q[4])))


@njit
def _counted(plt: float, eaten: Quartic, fastest: float, h: float, p: FloatArray) -> float:
    """Platelets one step on, in as many smaller ones as they need."""
    fastest += 1.0 / p[17] + p[18] / (plt + p[19])
    n = int(PLATELETS * fastest * h / STEP) + 1
    d = h / n
    r4 = 1.0 / p[17] + eaten[0]
    for i in range(n):
        r1 = r4
        r2 = 1.0 / p[17] + _at(eaten, (i + 0.5) / n)
        r4 = 1.0 / p[17] + _at(eaten, (i + 1.0) / n)
        k1 = p[16] - (r1 + p[18] / (plt + p[19])) * plt
        y2 = plt + 0.5 * d * k1
        k2 = p[16] - (r2 + p[18] / (y2 + p[19])) * y2
        y3 = plt + 0.5 * d * k2
        k3 = p[16] - (r2 + p[18] / (y3 + p[19])) * y3
        y4 = plt + d * k3
        k4 = p[16] - (r4 + p[18] / (y4 + p[19])) * y4
        plt += d / 6.0 * (k1 + 2.0 * (k2 + k3) + k4)
    return plt


@njit
def _effects(
    z: Effects, y: Pools, f: Pools, y1: Pools, f1: Pools, h: float, rate: float, own: Own,
    p: FloatArray,
) -> Effects:  # fmt: skip
    """What follows the pools, one step on: they go from y with slope f to y1 with slope f1."""
    ce, plt, k4, m, eaten, falling, attack = z
    a0, k_ab = own[2], own[3]
    c, c1 = y[0] + y[2] + y[4], y1[0] + y1[2] + y1[4]
    c_mid = _middle(c, c1, f[0] + f[2] + f[4], f1[0] + f1[2] + f1[4], h)
    a_mid, a1 = _middle(y[4], y1[4], f[4], f1[4], h) / a0, y1[4] / a0
    ce1 = _after(ce, p[13], c, c_mid, c1, h)
    ce_mid = _middle(ce, ce1, p[13] * (c - ce), p[13] * (c1 - ce1), h)
    e_mid, _ = _eaten(a_mid, 0.0, ce_mid, 0.0, k_ab, p)
    e1 = _eaten(a1, f1[4] / a0, ce1, p[13] * (c1 - ce1), k_ab, p)
    course = _through((eaten, falling), e_mid, e1, h)
    attack1 = _attack(a1, c1, p)
    used = p[23] + p[24] * rate / p[0]
    return (
        ce1,
        _counted(plt, course, max(eaten, e_mid, e1[0]), h, p),
        p[23] / used + (k4 - p[23] / used) * exp(-used * h),
        _after(m, p[25], attack, _attack(a_mid, c_mid, p), attack1, h),
        e1[0],
        e1[1],
        attack1,
    )


@njit
def _longest(y: Pools, depot: float, at: float, span: Span, p: FloatArray) -> float:
    """How long the next step of the pools may be, days."""
    rate, fall = span[3], span[5]
    s = p[2] + p[7] / p[5] + p[7] / p[6]
    s = max(s, rate / p[5] / (p[4] + y[0] + y[2] + y[4]) * STEP / RISE)
    if depot > 0.0:
        s = max(s, p[8])
    # the exchange with the periphery fades after a change, and then longer steps do
    h = STEP / s * min(exp(s * (span[2] + at) / GROWTH), LONGEST)
    return min(h, STEP / fall) if fall > 0.0 else h


@njit
def _with_effects(h: float, c: float, ce: float, at: float, span: Span, p: FloatArray) -> float:
    """As long as what is eaten may be drawn through three points."""
    h = min(h, LONGEST_EFFECTS * STEP)
    change = p[14] * p[13] * abs(c - ce) / max(ce, p[1])
    return min(h, CHANGE / change) if change * h > CHANGE else h


@njit
def _advance(
    y: Pools, z: Effects, depot: float, span: Span, own: Own, effects: bool, p: FloatArray
) -> tuple[Pools, Effects, float]:
    """The state at the end of one interval, and what is left under the skin."""
    length, done = span[0], 0.0
    k1 = _slopes(y, depot, done, span, own, p)
    if effects:
        c, a = y[0] + y[2] + y[4], y[4] / own[2]
        eaten = _eaten(a, k1[4] / own[2], z[0], p[13] * (c - z[0]), own[3], p)
        z = (z[0], z[1], z[2], z[3], eaten[0], eaten[1], _attack(a, c, p))
    while done < length:
        h = _longest(y, depot, done, span, p)
        if effects:
            h = _with_effects(h, y[0] + y[2] + y[4], z[0], done, span, p)
        last = h >= length - done
        h = length - done if last else h
        before, k = y, k1
        y, depot = _step(y, k1, depot, done, h, span, own, p)
        done = length if last else done + h
        if effects or not last:
            k1 = _slopes(y, depot, done, span, own, p)
        if effects:
            z = _effects(z, before, k, y, k1, h, span[3], own, p)
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
        made = (lam * own, lam * anti, anti, k_ab[j])
        y = (own, own * share, 0.0, 0.0, anti, anti * share)
        z = (p[1], p[20], 1.0, 1.0, 0.0, 0.0, 0.0)
        depot, begin = 0.0, 0.0
        for k in range(n_before):
            _write(y, z, depot, anti, k, out[j])
        for i in range(length_day.size):
            bolus = bolus_g[i] * dose
            y = (y[0], y[1], y[2] + bolus / p[5], y[3], y[4], y[5])
            z = (z[0], z[1], z[2] * exp(-p[24] * bolus / p[0]), z[3], z[4], z[5], z[6])
            depot += depot_g[i] * dose * p[9]
            span = (
                length_day[i], begin, since_day[i], rate_g_per_day[i] * dose, occupancy[i],
                fall_per_day[i],
            )  # fmt: skip
            y, z, depot = _advance(y, z, depot, span, made, effects, p)
            begin += length_day[i]
            if output[i] >= 0:
                _write(y, z, depot, anti, output[i], out[j])
