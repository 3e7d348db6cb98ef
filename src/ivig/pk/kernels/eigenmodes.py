"""The closed form of ``pk.disposition`` for populations: every patient of a schedule, compiled.

The state at the start of a segment is the concentration held by each mode, and the grams in the
depot. At offset u inside a segment

    C(u) = BL + Σₖ stateₖ · e^(−λₖu) + depot · K(u) + rate · G(u)

with K and G the responses to a unit depot and a unit rate. The four functions of u are tabulated
for each patient and pattern by recursion over positive terms, so nothing cancels, ka ≈ λ included;
the rest is one multiply-add a function and output, in vectors along time.
"""

from math import exp, sqrt

import numpy as np

from ivig.pk.kernels._jit import njit, prange
from ivig.pk.kernels._vector import combine
from ivig.pk.kernels.schedule import LANES, FlagArray, FloatArray, IntArray

CHUNK = 128  # patients a task
NEAR = 0.1  # below it 1 − e⁻ˣ would cancel, and its power series is taken
SERIES = 11
# rows of the tables
FAST, SLOW, DEPOT, RATE = 0, 1, 2, 3
DEPOT_FAST, DEPOT_SLOW, DEPOT_LEFT, RATE_FAST, RATE_SLOW = 4, 5, 6, 7, 8
# rows of the factors of an interval
DECAY_FAST, DECAY_SLOW, DECAY_DEPOT = 0, 1, 2
TO_FAST, TO_SLOW, IN_FAST, IN_SLOW = 3, 4, 5, 6


@njit
def _modes(CL: float, Vc: float, Q: float, Vp: float) -> tuple[float, float, float, float]:
    """Rates and coefficients, fast then slow; Q = 0 is one compartment."""
    k10 = CL / Vc
    if Q == 0.0:
        return k10, k10, 0.0, 1.0 / Vc
    k12, k21 = Q / Vc, Q / Vp
    excess = k10 + k12 - k21
    gap = sqrt(excess * excess + 4.0 * k12 * k21)
    fast = 0.5 * (k10 + k12 + k21 + gap)
    slow = k10 * k21 / fast
    larger = 0.5 * (gap + abs(excess))
    smaller = k12 * k21 / larger
    scale = 1.0 / (gap * Vc)
    if excess >= 0.0:
        return fast, slow, larger * scale, smaller * scale
    return fast, slow, smaller * scale, larger * scale


@njit
def _one_minus_exp_over(x: float) -> float:
    """(1 − e⁻ˣ)/x for 0 ≤ x ≤ NEAR, to the last bit or two: its power series."""
    total = 1.0
    for n in range(SERIES, 1, -1):
        total = 1.0 - total * x / n
    return total


@njit
def _given(rate: float, decay: float, interval: float) -> float:
    """(1 − e^(−rate·t)) / rate."""
    x = rate * interval
    if x > NEAR:
        return (1.0 - decay) / rate
    return interval * _one_minus_exp_over(x)


@njit
def _convolved(rate: float, ka: float, decay: float, decay_ka: float, interval: float) -> float:
    """(e^(−rate·t) − e^(−ka·t)) / (ka − rate), as ``pk.disposition.convolved``."""
    x = abs(ka - rate) * interval
    slower = max(decay, decay_ka)
    if x > NEAR:
        return (slower - min(decay, decay_ka)) / abs(ka - rate)
    return slower * interval * _one_minus_exp_over(x)


@njit
def _fill_factors(
    rates: tuple[float, float, float, float],
    ka: float,
    interval_day: FloatArray,
    infused: FlagArray,
    has_depot: bool,
    factors: FloatArray,
) -> None:
    fast, slow, share_fast, share_slow = rates
    for i in range(interval_day.size):
        t = interval_day[i]
        decay_fast, decay_slow = exp(-fast * t), exp(-slow * t)
        factors[i, DECAY_FAST], factors[i, DECAY_SLOW] = decay_fast, decay_slow
        if infused[i]:
            factors[i, IN_FAST] = share_fast * _given(fast, decay_fast, t)
            factors[i, IN_SLOW] = share_slow * _given(slow, decay_slow, t)
        if has_depot:
            decay_ka = exp(-ka * t)
            factors[i, DECAY_DEPOT] = decay_ka
            factors[i, TO_FAST] = ka * share_fast * _convolved(fast, ka, decay_fast, decay_ka, t)
            factors[i, TO_SLOW] = ka * share_slow * _convolved(slow, ka, decay_slow, decay_ka, t)


@njit
def _fill_decays(
    start: int, stop: int, entry: IntArray, factors: FloatArray, tables: FloatArray
) -> None:
    fast, slow = 1.0, 1.0
    for j in range(start, stop):
        if entry[j] < 0:
            break
        fast *= factors[entry[j], DECAY_FAST]
        slow *= factors[entry[j], DECAY_SLOW]
        tables[FAST, j], tables[SLOW, j] = fast, slow


@njit
def _fill_depot(
    start: int, stop: int, entry: IntArray, factors: FloatArray, tables: FloatArray
) -> None:
    fast, slow, left = 0.0, 0.0, 1.0
    for j in range(start, stop):
        i = entry[j]
        if i < 0:
            break
        fast = fast * factors[i, DECAY_FAST] + left * factors[i, TO_FAST]
        slow = slow * factors[i, DECAY_SLOW] + left * factors[i, TO_SLOW]
        left *= factors[i, DECAY_DEPOT]
        tables[DEPOT, j] = fast + slow
        tables[DEPOT_FAST, j], tables[DEPOT_SLOW, j], tables[DEPOT_LEFT, j] = fast, slow, left


@njit
def _fill_rate(
    start: int, stop: int, entry: IntArray, factors: FloatArray, tables: FloatArray
) -> None:
    fast, slow = 0.0, 0.0
    for j in range(start, stop):
        i = entry[j]
        if i < 0:
            break
        fast = fast * factors[i, DECAY_FAST] + factors[i, IN_FAST]
        slow = slow * factors[i, DECAY_SLOW] + factors[i, IN_SLOW]
        tables[RATE, j] = fast + slow
        tables[RATE_FAST, j], tables[RATE_SLOW, j] = fast, slow


@njit
def _walk_patient(
    base: float,
    shares: tuple[float, float],
    grams: tuple[float, float, float],
    where: IntArray,
    given: FloatArray,
    has_depot: bool,
    tables: FloatArray,
    row: FloatArray,
    offset: int,
) -> None:
    """Every segment in turn; writes whole vectors, the surplus is overwritten by the next."""
    fast, slow, depot = 0.0, 0.0, 0.0
    scale, scale_sc, scale_fsc = grams
    for s in range(where.shape[0]):
        to, at, last = offset + where[s, 0], where[s, 2], np.uint64(where[s, 3])
        until = at + where[s, 1]
        central = given[s, 1]
        if central > 0.0:
            fast += shares[0] * scale * central
            slow += shares[1] * scale * central
        if has_depot:
            depot += scale_sc * given[s, 2] + scale_fsc * given[s, 3]
        rate = scale * given[s, 0]
        if rate > 0.0:
            while at < until:
                combine(row, to, tables, at, base, (fast, slow, depot, rate))
                at += LANES
                to += LANES
            fast = fast * tables[FAST, last] + rate * tables[RATE_FAST, last]
            slow = slow * tables[SLOW, last] + rate * tables[RATE_SLOW, last]
        elif has_depot:
            while at < until:
                combine(row, to, tables, at, base, (fast, slow, depot))
                at += LANES
                to += LANES
            fast *= tables[FAST, last]
            slow *= tables[SLOW, last]
        else:
            while at < until:
                combine(row, to, tables, at, base, (fast, slow))
                at += LANES
                to += LANES
            fast *= tables[FAST, last]
            slow *= tables[SLOW, last]
        if has_depot:
            fast += depot * tables[DEPOT_FAST, last]
            slow += depot * tables[DEPOT_SLOW, last]
            depot *= tables[DEPOT_LEFT, last]


@njit(parallel=True)
def run(
    CL: FloatArray,
    Vc: FloatArray,
    Q: FloatArray,
    Vp: FloatArray,
    KA: FloatArray,
    F_SC: FloatArray,
    F_fSC: FloatArray,
    BL: FloatArray,
    scale: FloatArray,
    n_before: int,
    has_depot: bool,
    interval_day: FloatArray,
    interval_infused: FlagArray,
    starts: IntArray,
    pattern_infused: FlagArray,
    entry: IntArray,
    where: IntArray,
    given: FloatArray,
    out: FloatArray,
) -> None:
    """Fill ``out`` (n_patients, n_times); see ``simulate_linear``."""
    n, n_times = out.shape
    flat = out.reshape(n * n_times)
    for chunk in prange(-(-n // CHUNK)):
        factors = np.zeros((interval_day.size, 7))
        tables = np.zeros((9, entry.size))
        spare = np.empty(n_times + LANES)
        stop = min(n, (chunk + 1) * CHUNK)
        for i in range(chunk * CHUNK, stop):
            rates = _modes(CL[i], Vc[i], Q[i], Vp[i])
            _fill_factors(rates, KA[i], interval_day, interval_infused, has_depot, factors)
            for p in range(starts.size - 1):
                _fill_decays(starts[p], starts[p + 1], entry, factors, tables)
                if has_depot:
                    _fill_depot(starts[p], starts[p + 1], entry, factors, tables)
                if pattern_infused[p]:
                    _fill_rate(starts[p], starts[p + 1], entry, factors, tables)
            # surplus is overwritten by the next rows; the last ones have none
            surplus = (stop - 1 - i) * n_times < LANES
            row, offset = (spare, 0) if surplus else (flat, i * n_times)
            for j in range(n_before):
                row[offset + j] = BL[i]
            _walk_patient(
                BL[i],
                (rates[2], rates[3]),
                (scale[i], scale[i] * F_SC[i], scale[i] * F_fSC[i]),
                where,
                given,
                has_depot,
                tables,
                row,
                offset,
            )
            if surplus:
                out[i, :] = spare[:n_times]
