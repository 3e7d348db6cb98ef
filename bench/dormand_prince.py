"""Adaptive Dormand-Prince 5(4), scalar, one patient at a time: the yardstick of W3, slow and tight."""

import numba
import numpy as np

from bench.populations import TRACER_U_PER_L, Array


@numba.njit
def slope(y: Array, rate: float, p: Array, dy: Array) -> None:
    kdeg, kd, rmax, central, between, peripheral, kin, kin_tracer = p
    fcr = kdeg * (1.0 - rmax / (kd + y[0] / central))
    out, back = between / central, between / peripheral
    dy[0] = rate + kin - fcr * y[0] - out * y[0] + back * y[1]
    dy[1] = out * y[0] - back * y[1]
    dy[2] = kin_tracer - fcr * y[2] - out * y[2] + back * y[3]
    dy[3] = out * y[2] - back * y[3]


A = np.array(
    [
        [0, 0, 0, 0, 0, 0],
        [1 / 5, 0, 0, 0, 0, 0],
        [3 / 40, 9 / 40, 0, 0, 0, 0],
        [44 / 45, -56 / 15, 32 / 9, 0, 0, 0],
        [19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729, 0, 0],
        [9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656, 0],
        [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84],
    ]
)
E = np.array([71 / 57600, 0, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40])


@numba.njit
def advance(
    y: Array, k: Array, z: Array, span: float, rate: float, p: Array, tol: float, h: float
) -> float:
    """Through one interval without events; returns the step to begin the next with."""
    t = 0.0
    while t < span:
        step = min(h, span - t)
        for s in range(7):
            for c in range(4):
                z[c] = y[c]
                for m in range(s):
                    z[c] += step * A[s, m] * k[m, c]
            slope(z, rate, p, k[s])
        error = 0.0
        for c in range(4):
            off = 0.0
            for s in range(7):
                off += E[s] * k[s, c]
            error = max(error, abs(step * off) / (tol * abs(z[c])))
        if error <= 1.0:
            t = span if step == span - t else t + step
            y[:] = z
        factor = 0.9 * max(error, 1e-10) ** -0.2
        grown = step * min(4.0, max(0.2, factor))
        h = max(h, grown) if error <= 1.0 and step < h else grown
    return h


@numba.njit(parallel=True)
def solve(
    kdeg: Array,
    kd: Array,
    rmax: Array,
    c0: Array,
    central: Array,
    between: Array,
    peripheral: Array,
    grid: Array,
    rate: Array,
    tol: float,
    out: Array,
) -> None:
    """Fill ``out`` (n, 2, n_days) at the whole days of ``grid`` after 0."""
    for i in numba.prange(kdeg.size):
        fcr = kdeg[i] * (1.0 - rmax[i] / (kd[i] + c0[i]))
        produced = fcr * central[i]
        p = np.array(
            [
                kdeg[i],
                kd[i],
                rmax[i],
                central[i],
                between[i],
                peripheral[i],
                produced * c0[i],
                produced * TRACER_U_PER_L,
            ]
        )
        y = np.array(
            [
                c0[i] * central[i],
                c0[i] * peripheral[i],
                TRACER_U_PER_L * central[i],
                TRACER_U_PER_L * peripheral[i],
            ]
        )
        k, z, h, day = np.empty((7, 4)), np.empty(4), 0.05, 0
        for g in range(grid.size - 1):
            h = advance(y, k, z, grid[g + 1] - grid[g], rate[g], p, tol, min(h, 0.5))
            if grid[g + 1] == day + 1.0:
                out[i, 0, day], out[i, 1, day] = y[0] / central[i], y[2] / central[i]
                day += 1
