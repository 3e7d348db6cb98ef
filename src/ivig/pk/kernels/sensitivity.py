"""Predicted total IgG of one patient and its exact derivatives in the log of every parameter.

The same eigenmodes as ``pk.disposition``, carried from event to event. What each mode holds is
carried along with its derivative in the rate and, under the skin, in ka; the chain rule does the
rest.
"""

from typing import NamedTuple

import numpy as np

from ivig.pk.disposition import FloatArray
from ivig.pk.kernels._bare import bare
from ivig.pk.kernels._jit import njit
from ivig.pk.kernels.cases import BL, CL, F_SC, KA, N_PARAMETERS, PRODUCTION, VC, VP, Q
from ivig.pk.kernels.timeline import N_ROUTES, NO_LEVEL, Timeline

N_MODES = 2
SERIES_BELOW = 0.1
FEW_TERMS = 9
DECAY, FILL, FILL_SLOPE, TAKEN, TAKEN_IN_RATE, TAKEN_IN_KA = range(6)


class Curve(NamedTuple):
    """Room for one patient's prediction.

    ``rate``, ``coefficient`` (2,) of the modes and their derivatives (2, 4) in log CL, Vc, Q, Vp.
    ``step`` (2, n_gaps, 6): what a gap does to a mode, in days; ``absorbed`` (n_gaps,): what it
    leaves in a depot. ``predicted`` (n_levels,) in g/L and ``slope`` (n_levels, 8), its derivatives
    in the logs of ``cases.COLUMN``.
    """

    rate: FloatArray
    coefficient: FloatArray
    rate_slope: FloatArray
    coefficient_slope: FloatArray
    step: FloatArray
    absorbed: FloatArray
    predicted: FloatArray
    slope: FloatArray


@njit
def curve_room(line: Timeline) -> Curve:
    """Room enough for any patient of a timeline."""
    return Curve(
        np.zeros(N_MODES),
        np.zeros(N_MODES),
        np.zeros((N_MODES, 4)),
        np.zeros((N_MODES, 4)),
        np.zeros((N_MODES, line.gap_day.size, 6)),
        np.zeros(line.gap_day.size),
        np.zeros(line.levels.size),
        np.zeros((line.levels.size, N_PARAMETERS)),
    )


@bare
def predict(p: FloatArray, line: Timeline, n_levels: int, curve: Curve, slopes: bool) -> None:
    """Fill ``curve.predicted``, and ``curve.slope`` where ``slopes``, for parameters p (9,)."""
    own = p[PRODUCTION] / p[CL]
    for level in range(n_levels):
        curve.predicted[level] = p[BL] + own
        if slopes:
            for i in range(N_PARAMETERS):
                curve.slope[level, i] = 0.0
            curve.slope[level, BL] = p[BL]
            curve.slope[level, CL] = -own
    for mode in range(_modes(p, curve, slopes)):
        _steps(p[KA], line, curve, mode, slopes)
        if line.used[0]:
            _into_vein(line, curve, mode, slopes)
        for route in range(1, N_ROUTES):
            if line.used[route]:
                _under_skin(p, line, curve, mode, route, slopes)


@bare
def _modes(p: FloatArray, curve: Curve, slopes: bool) -> int:
    """Rates and coefficients as in ``disposition.modes``, with derivatives; how many there are."""
    k10, k12 = p[CL] / p[VC], p[Q] / p[VC]
    k21 = p[Q] / p[VP] if p[VP] > 0.0 else 0.0
    if k12 * k21 <= 0.0:
        curve.rate_slope[:] = 0.0
        curve.coefficient_slope[:] = 0.0
        curve.rate[0], curve.coefficient[0] = k10, 1.0 / p[VC]
        curve.rate_slope[0, 0], curve.rate_slope[0, 1] = k10, -k10
        curve.coefficient_slope[0, 1] = -1.0 / p[VC]
        return 1
    excess = k10 + k12 - k21
    gap = np.sqrt(excess * excess + 4.0 * k12 * k21)
    fast = 0.5 * (k10 + k12 + k21 + gap)
    slow = k10 * k21 / fast
    larger = 0.5 * (gap + abs(excess))
    smaller = k12 * k21 / larger
    share = (larger if excess >= 0.0 else smaller) / gap
    other = (smaller if excess >= 0.0 else larger) / gap
    curve.rate[0], curve.rate[1] = fast, slow
    curve.coefficient[0], curve.coefficient[1] = share / p[VC], other / p[VC]
    for i in range(4 if slopes else 0):  # in log CL, Vc, Q, Vp
        d10 = k10 if i == 0 else -k10 if i == 1 else 0.0
        d12 = k12 if i == 2 else -k12 if i == 1 else 0.0
        d21 = k21 if i == 2 else -k21 if i == 3 else 0.0
        curve.rate_slope[0, i] = share * d10 + fast / gap * d12 + (fast - k10) / gap * d21
        curve.rate_slope[1, i] = other * d10 - slow / gap * d12 + (k10 - slow) / gap * d21
        turn = 4.0 * k12 * k21 * (d10 + d12 - d21) - 2.0 * excess * (k12 * d21 + k21 * d12)
        moved = 0.5 * turn / (gap * gap * gap)
        shrink = 1.0 if i == 1 else 0.0
        curve.coefficient_slope[0, i] = (moved - shrink * share) / p[VC]
        curve.coefficient_slope[1, i] = (-moved - shrink * other) / p[VC]
    return 2


@bare
def _steps(ka: float, line: Timeline, curve: Curve, mode: int, slopes: bool) -> None:
    """What each different gap does to a mode."""
    under_skin, rate = line.used[1] or line.used[2], curve.rate[mode]
    for gap in range(line.size[1]):
        days = line.gap_day[gap]
        decay = np.exp(-rate * days)
        curve.step[mode, gap, DECAY] = decay
        if line.gap_infused[gap]:
            curve.step[mode, gap, FILL] = days * _mean(rate * days, decay)
            if slopes:
                moment = _moment(rate * days, decay)
                curve.step[mode, gap, FILL_SLOPE] = -days * days * moment
        if under_skin:
            curve.absorbed[gap] = np.exp(-ka * days)
            x, slower = abs(rate - ka) * days, min(rate, ka)
            left, decay = np.exp(-slower * days) * days, np.exp(-x)
            passed = left * _mean(x, decay)
            curve.step[mode, gap, TAKEN] = ka * passed
            if slopes:
                late = left * days * _moment(x, decay)
                early = passed * days - late
                in_rate = late if rate >= ka else early
                in_ka = early if rate >= ka else late
                curve.step[mode, gap, TAKEN_IN_RATE] = -ka * in_rate
                curve.step[mode, gap, TAKEN_IN_KA] = passed - ka * in_ka


@bare
def _into_vein(line: Timeline, curve: Curve, mode: int, slopes: bool) -> None:
    """Add what infusions and injections leave in a mode at each level."""
    held, in_rate = 0.0, 0.0
    for event in range(line.size[0]):
        gap, rate_g_per_day = line.gap[event], line.rate_g_per_day[event]
        decay = curve.step[mode, gap, DECAY]
        if slopes:
            in_rate = (in_rate - line.gap_day[gap] * held) * decay
        held *= decay
        if rate_g_per_day > 0.0:
            held += rate_g_per_day * curve.step[mode, gap, FILL]
            if slopes:
                in_rate += rate_g_per_day * curve.step[mode, gap, FILL_SLOPE]
        if line.level[event] != NO_LEVEL:
            _read(curve, mode, line.level[event], held, in_rate, slopes)
        held += line.added_g[0, event]


@bare
def _under_skin(
    p: FloatArray, line: Timeline, curve: Curve, mode: int, route: int, slopes: bool
) -> None:
    """Add what doses into a depot leave in a mode at each level."""
    fraction, held, in_rate, in_ka, depot, depot_in_ka = (
        p[F_SC - 1 + route],
        0.0,
        0.0,
        0.0,
        0.0,
        0.0,
    )
    for event in range(line.size[0]):
        gap = line.gap[event]
        days, absorbed = line.gap_day[gap], curve.absorbed[gap]
        decay, taken = curve.step[mode, gap, DECAY], curve.step[mode, gap, TAKEN]
        if slopes:
            in_rate = (in_rate - days * held) * decay
            in_rate += depot * curve.step[mode, gap, TAKEN_IN_RATE]
            in_ka = in_ka * decay + depot_in_ka * taken
            in_ka += depot * curve.step[mode, gap, TAKEN_IN_KA]
            depot_in_ka = (depot_in_ka - days * depot) * absorbed
        held = held * decay + depot * taken
        depot *= absorbed
        level = line.level[event]
        if level != NO_LEVEL:
            _read(curve, mode, level, fraction * held, fraction * in_rate, slopes)
            if slopes:
                part = fraction * curve.coefficient[mode]
                curve.slope[level, F_SC - 1 + route] += part * held
                curve.slope[level, KA] += part * in_ka * p[KA]
        depot += line.added_g[route, event]


@bare
def _read(curve: Curve, mode: int, level: int, held: float, in_rate: float, slopes: bool) -> None:
    """Add a mode to a level, and its derivatives in log CL, Vc, Q, Vp."""
    coefficient = curve.coefficient[mode]
    curve.predicted[level] += coefficient * held
    if slopes:
        for i in range(4):
            in_coefficient = curve.coefficient_slope[mode, i] * held
            through_rate = coefficient * in_rate * curve.rate_slope[mode, i]
            curve.slope[level, i] += in_coefficient + through_rate


@bare
def _mean(x: float, decay: float) -> float:
    """∫₀¹ e⁻ˣᵘ du = (1 − e⁻ˣ)/x, where decay is e⁻ˣ."""
    if x > 0.5:
        return (1.0 - decay) / x
    return -np.expm1(-x) / x if x > 0.0 else 1.0


@bare
def _moment(x: float, decay: float) -> float:
    """∫₀¹ u e⁻ˣᵘ du, by its series where the closed form cancels."""
    if x > SERIES_BELOW:
        return (1.0 - decay * (1.0 + x)) / (x * x)
    total, term = 0.0, 1.0
    for n in range(FEW_TERMS):
        total += term / (n + 2.0)
        term *= -x / (n + 1.0)
    return total
