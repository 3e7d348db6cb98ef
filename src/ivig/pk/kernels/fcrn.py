"""Saturable FcRn recycling for populations: a nonlinear ODE of four states, in vectors of patients.

    C = A₁/Vc                                   total plasma IgG, g/L
    FCR = kdeg · (1 − Rmax / (Kd + C))          fractional catabolic rate, 1/day; rises with C
    dA₁/dt = rate + kin − FCR·A₁ − (Q/Vc)·A₁ + (Q/Vp)·A₂     dA₂/dt = (Q/Vc)·A₁ − (Q/Vp)·A₂

and the same two for a tracer antibody with the same FCR; both start at their own steady state. The
states are amounts divided by Vc.

Classical Runge-Kutta. Only the fast exchange between compartments needs short steps, and only while
its transient after a change of input lasts: with s = kdeg + Q/Vc + Q/Vp the step is
FIRST_STEP/s · e^(s·τ/GROWTH), τ after the last change, as the transient fades. Patients
with about the same s go together, so that all lanes of a vector take the same steps.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ivig.pk.kernels._jit import njit, prange
from ivig.pk.kernels.schedule import (
    ROUNDING_DAY,
    FloatArray,
    IntArray,
    doses_before,
    infusion_rates,
)
from ivig.pk.schedule import Train

LANES = 64
FIRST_STEP = 0.16  # of 1/s
GROWTH = 6.5
RISE = 0.2  # of Kd + C in one step of an infusion, since FCR follows 1/(Kd + C)
LONGEST_STEP = 1.0  # of 1/s; stability ends at 2.8
CLASS_WIDTH = 1.3  # patients of one class differ by at most so much
LOWEST = 1e-5
RUNGS = 10_000.0  # more than there are
ENDED_DAY = 1e6  # "long after a change", before the first dose

# rows of the lanes
CENTRAL, PERIPHERAL, TRACER, TRACER_PERIPHERAL = 0, 1, 2, 3
KDEG, KD, RMAX, OUT, BACK, PRODUCED, TRACER_PRODUCED, PER_GRAM = 4, 5, 6, 7, 8, 9, 10, 11
ROWS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Time cut at every change of input and output time; ``output`` −1 is none at an interval's end.

    ``bolus_g`` enters at the start of an interval; ``since_day`` is from the last change to there.
    """

    length_day: FloatArray
    since_day: FloatArray
    rate_g_per_day: FloatArray
    bolus_g: FloatArray
    output: IntArray
    n_before: int


def make_grid(trains: Sequence[Train], sorted_day: FloatArray) -> Grid:
    """The intervals from the first dose or output to the last output; infusions and boluses only."""
    doses = doses_before(trains, float(sorted_day[-1]))
    ends = doses.start_day + doses.duration_day
    changes = np.unique(np.concatenate([doses.start_day, ends[ends < sorted_day[-1]]]))
    kept = np.abs(changes[:, None] - sorted_day).min(axis=1, initial=np.inf) > ROUNDING_DAY
    near = np.searchsorted(sorted_day - ROUNDING_DAY, changes, side="right") - 1
    changes = np.unique(np.where(kept, changes, sorted_day[near]))
    points = np.unique(np.concatenate([changes, sorted_day]))
    begin = points[:-1]
    rates, bolus = infusion_rates(doses, begin)
    last = np.searchsorted(changes, begin, side="right") - 1
    since = np.where(last >= 0, begin - changes[last] if changes.size else 0.0, ENDED_DAY)
    found = np.searchsorted(sorted_day, points[1:])
    there = sorted_day[np.minimum(found, sorted_day.size - 1)] == points[1:]
    return Grid(
        length_day=np.diff(points),
        since_day=since,
        rate_g_per_day=rates,
        bolus_g=bolus,
        output=np.where(there, found, -1).astype(np.int64),
        n_before=int(sorted_day[0] == points[0]),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Classes:
    """Patients alike enough for the same steps: their class, and the worst s and rise in each.

    ``rise_per_g`` is 1/(Vc · (Kd + C0)): the growth of Kd + C a gram brings.
    """

    of_patient: IntArray
    s_per_day: FloatArray
    rise_per_g: FloatArray


def classify(lanes: FloatArray) -> Classes:
    """Classes fixed once and for all, so that a patient's steps do not depend on the others."""
    s = _rung(lanes[KDEG] + lanes[OUT] + lanes[BACK])
    rise = _rung(lanes[PER_GRAM] / (lanes[KD] + lanes[CENTRAL]))
    both, of_patient = np.unique(s * RUNGS + rise, return_inverse=True)
    worst_s, worst_rise = (LOWEST * CLASS_WIDTH**rung for rung in np.divmod(both, RUNGS))
    return Classes(of_patient=of_patient, s_per_day=worst_s, rise_per_g=worst_rise)


def _rung(values: FloatArray) -> FloatArray:
    return np.ceil(np.log(np.maximum(values, LOWEST) / LOWEST) / np.log(CLASS_WIDTH))


def steps(grid: Grid, alike: Classes) -> IntArray:
    """Runge-Kutta steps of each class in each interval, (n_classes, n_intervals)."""
    s = alike.s_per_day[:, None]
    growth = np.exp(np.minimum(s * grid.since_day / GROWTH, 50.0))
    longest = np.minimum(FIRST_STEP * growth, LONGEST_STEP) / s
    for_exchange = grid.length_day / longest
    for_rise = alike.rise_per_g[:, None] * grid.rate_g_per_day * grid.length_day / RISE
    needed = np.maximum(for_exchange, for_rise) - ROUNDING_DAY
    return np.maximum(np.ceil(needed), 1.0).astype(np.int64)


def blocks(of_patient: IntArray) -> tuple[IntArray, IntArray, IntArray]:
    """Patients in order of class, and where each block of lanes, all of one class, begins and ends."""
    # short integers sort by radix, many times as fast
    order = np.argsort(of_patient.astype(np.uint16), kind="stable").astype(np.int64)
    sizes = np.bincount(of_patient)
    n_blocks = -(-sizes // LANES)
    class_end = np.repeat(np.cumsum(sizes), n_blocks)
    within = np.arange(int(n_blocks.sum())) - np.repeat(np.cumsum(n_blocks) - n_blocks, n_blocks)
    first = np.repeat(np.cumsum(sizes) - sizes, n_blocks) + LANES * within
    return order, first, np.minimum(first + LANES, class_end)


def start(
    kdeg: FloatArray,
    kd: FloatArray,
    rmax: FloatArray,
    c0: FloatArray,
    leaving: FloatArray,
    back: FloatArray,
    tracer: FloatArray,
    per_gram: FloatArray,
) -> FloatArray:
    """Every patient at the untreated steady state, (ROWS, n_patients)."""
    catabolic = kdeg * (1.0 - rmax / (kd + c0))
    share = leaving / back
    return np.stack(
        [
            c0,
            c0 * share,
            tracer,
            tracer * share,
            kdeg,
            kd,
            rmax,
            leaving,
            back,
            catabolic * c0,
            catabolic * tracer,
            per_gram,
        ]
    )


def simulate(lanes: FloatArray, grid: Grid, out: FloatArray) -> None:
    """Fill ``out`` (n_patients, 2, n_times) from ``start``."""
    alike = classify(lanes)
    order, first, last = blocks(alike.of_patient)
    run(
        lanes,
        order,
        first,
        last,
        steps(grid, alike),
        alike.of_patient,
        grid.length_day,
        grid.rate_g_per_day,
        grid.bolus_g,
        grid.output,
        grid.n_before,
        out,
    )


@njit
def _slopes(
    c: float,
    p: float,
    b: float,
    q: float,
    fixed: tuple[float, float, float, float, float, float, float],
) -> tuple[float, float, float, float]:
    kdeg, kd, rmax, leaving, back, given, tracer_given = fixed
    catabolic = kdeg - kdeg * rmax / (kd + c)
    exchange, tracer_exchange = leaving * c - back * p, leaving * b - back * q
    return (
        given - catabolic * c - exchange,
        exchange,
        tracer_given - catabolic * b - tracer_exchange,
        tracer_exchange,
    )


@njit
def _step(lanes: FloatArray, rate: float, h: float) -> None:
    """One step of every lane."""
    half, sixth = 0.5 * h, h / 6.0
    for j in range(LANES):
        fixed = (
            lanes[KDEG, j],
            lanes[KD, j],
            lanes[RMAX, j],
            lanes[OUT, j],
            lanes[BACK, j],
            lanes[PRODUCED, j] + rate * lanes[PER_GRAM, j],
            lanes[TRACER_PRODUCED, j],
        )
        c, p = lanes[CENTRAL, j], lanes[PERIPHERAL, j]
        b, q = lanes[TRACER, j], lanes[TRACER_PERIPHERAL, j]
        c1, p1, b1, q1 = _slopes(c, p, b, q, fixed)
        c2, p2, b2, q2 = _slopes(c + half * c1, p + half * p1, b + half * b1, q + half * q1, fixed)
        c3, p3, b3, q3 = _slopes(c + half * c2, p + half * p2, b + half * b2, q + half * q2, fixed)
        c4, p4, b4, q4 = _slopes(c + h * c3, p + h * p3, b + h * b3, q + h * q3, fixed)
        lanes[CENTRAL, j] = c + sixth * (c1 + 2.0 * (c2 + c3) + c4)
        lanes[PERIPHERAL, j] = p + sixth * (p1 + 2.0 * (p2 + p3) + p4)
        lanes[TRACER, j] = b + sixth * (b1 + 2.0 * (b2 + b3) + b4)
        lanes[TRACER_PERIPHERAL, j] = q + sixth * (q1 + 2.0 * (q2 + q3) + q4)


@njit(parallel=True)
def run(
    start: FloatArray,
    order: IntArray,
    first: IntArray,
    last: IntArray,
    n_steps: IntArray,
    of_patient: IntArray,
    length_day: FloatArray,
    rate_g_per_day: FloatArray,
    bolus_g: FloatArray,
    output: IntArray,
    n_before: int,
    out: FloatArray,
) -> None:
    """Fill ``out`` (n_patients, 2, n_times); ``start`` (ROWS, n_patients)."""
    for block in prange(first.size):
        lanes = np.empty((ROWS, LANES))
        size = last[block] - first[block]
        for j in range(LANES):
            patient = order[first[block] + min(j, size - 1)]
            for row in range(ROWS):
                lanes[row, j] = start[row, patient]
        counts = n_steps[of_patient[order[first[block]]]]
        for j in range(size):
            for k in range(n_before):
                out[order[first[block] + j], 0, k] = lanes[CENTRAL, j]
                out[order[first[block] + j], 1, k] = lanes[TRACER, j]
        for i in range(length_day.size):
            if bolus_g[i] > 0.0:
                for j in range(LANES):
                    lanes[CENTRAL, j] += bolus_g[i] * lanes[PER_GRAM, j]
            h = length_day[i] / counts[i]
            for _ in range(counts[i]):
                _step(lanes, rate_g_per_day[i], h)
            if output[i] >= 0:
                for j in range(size):
                    patient = order[first[block] + j]
                    out[patient, 0, output[i]] = lanes[CENTRAL, j]
                    out[patient, 1, output[i]] = lanes[TRACER, j]
