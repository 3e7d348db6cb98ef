"""Negative log-posterior of one patient, its gradient and expected information, on the scale u.

The scale of ``pk.posterior``: an effect with a limit L is η = L · tanh(u / L), any other is u.
"""

import math
from typing import NamedTuple

import numpy as np

from ivig.pk.disposition import FloatArray
from ivig.pk.kernels._bare import bare
from ivig.pk.kernels._jit import njit
from ivig.pk.kernels.cases import CL, VC, Cases
from ivig.pk.kernels.sensitivity import Curve, curve_room, predict
from ivig.pk.kernels.timeline import Timeline, lay_out, timeline_room
from ivig.pk.likelihood import FAR_TAIL, HALF_LOG_2PI
from ivig.pk.posterior import FLATTEST, ROUNDING

HALF_ROOT = math.sqrt(0.5)


class Room(NamedTuple):
    """Room to work on one patient after another; ``p`` (9,), the rest by effect."""

    line: Timeline
    curve: Curve
    p: FloatArray
    eta: FloatArray
    bend: FloatArray
    jacobian: FloatArray
    gradient: FloatArray
    information: FloatArray


@njit
def room_for(cases: Cases) -> Room:
    """Room enough for any of the patients."""
    n_eta = cases.column.size
    line = timeline_room(cases)
    return Room(
        line,
        curve_room(line),
        np.zeros(cases.typical.shape[1]),
        np.zeros(n_eta),
        np.zeros(n_eta),
        np.zeros(n_eta),
        np.zeros(n_eta),
        np.zeros((n_eta, n_eta)),
    )


@bare
def begin(cases: Cases, patient: int, room: Room) -> None:
    """Take up a patient."""
    lay_out(cases, patient, room.line)


@bare
def negative_log_posterior(
    cases: Cases, patient: int, u: FloatArray, room: Room, slopes: bool
) -> float:
    """−log p(u | levels) without constants; its derivatives go into ``room`` where ``slopes``."""
    value = _place(cases, patient, u, room)
    first = cases.level_start[patient]
    n_levels = cases.level_start[patient + 1] - first
    predict(room.p, room.line, n_levels, room.curve, slopes)
    if slopes:
        _prior_slopes(cases, patient, room)
    for j in range(n_levels):
        f, y = room.curve.predicted[j], float(cases.level_g_per_L[first + j])
        below = bool(cases.level_below[first + j])
        if slopes:
            term, score, weight = _level_slopes(cases, y, f, below)
            _add_slopes(cases, j, score, weight, room)
        else:
            term = _level(cases, y, f, below)
        value += term
    return value


@bare
def squares(cases: Cases, patient: int, u: FloatArray, room: Room) -> float:
    """Σ η²/ω² + Σ (y − f)²/g²; a level below the limit counts where the predicted one is above."""
    negative_log_posterior(cases, patient, u, room, False)
    total, first = 0.0, cases.level_start[patient]
    for i in range(u.size):
        total += (room.eta[i] / cases.sd[patient, i]) ** 2
    for j in range(cases.level_start[patient + 1] - first):
        f = room.curve.predicted[j]
        off = float(cases.level_g_per_L[first + j]) - f
        if off < 0.0 or not cases.level_below[first + j]:
            total += off * off / _variance(cases, f)
    return total


@bare
def effects(cases: Cases, patient: int, u: FloatArray, eta: FloatArray) -> None:
    """η of u."""
    for i in range(u.size):
        limit = cases.limit[patient, i]
        eta[i] = limit * np.tanh(u[i] / limit) if limit < np.inf else u[i]


@bare
def _place(cases: Cases, patient: int, u: FloatArray, room: Room) -> float:
    """Parameters at u, into ``room.p``; −log of the prior."""
    value = 0.0
    for i in range(room.p.size):
        room.p[i] = cases.typical[patient, i]
    for i in range(u.size):
        limit, bend, eta = cases.limit[patient, i], 0.0, u[i]
        if limit < np.inf:
            bend = np.tanh(u[i] / limit)
            eta = limit * bend
            value -= np.log1p(-min(bend * bend, 1.0 - ROUNDING))
        room.eta[i], room.bend[i] = eta, bend
        value += 0.5 * (eta / cases.sd[patient, i]) ** 2
        grown = np.exp(eta)
        room.p[cases.column[i]] *= grown
        if cases.rate_constant and cases.column[i] == VC:
            room.p[CL] *= grown
    return value


@bare
def _prior_slopes(cases: Cases, patient: int, room: Room) -> None:
    for i in range(room.eta.size):
        for k in range(i):
            room.information[i, k] = 0.0
        bend, sd, limit = room.bend[i], cases.sd[patient, i], cases.limit[patient, i]
        slope = 1.0 - bend * bend
        room.gradient[i] = room.eta[i] / (sd * sd) * slope + 2.0 * bend / limit
        bound = 2.0 * max(slope, FLATTEST) / (limit * limit)
        room.information[i, i] = slope * slope / (sd * sd) + bound


@bare
def _add_slopes(cases: Cases, level: int, score: float, weight: float, room: Room) -> None:
    for i in range(room.eta.size):
        column, bend = cases.column[i], room.bend[i]
        slope = room.curve.slope[level, column]
        if cases.rate_constant and column == VC:
            slope += room.curve.slope[level, CL]
        slope *= 1.0 - bend * bend
        room.jacobian[i] = slope
        room.gradient[i] += score * slope
        for k in range(i + 1):
            room.information[i, k] += weight * slope * room.jacobian[k]


@bare
def _variance(cases: Cases, f: float) -> float:
    additive, proportional = cases.additive_sd_g_per_L, cases.proportional_sd_fraction * f
    return additive * additive + proportional * proportional


@bare
def _level(cases: Cases, y: float, f: float, below: bool) -> float:
    """−log p(y | f)."""
    variance = _variance(cases, f)
    off = y - f
    if below:
        return -HALF_LOG_2PI - _log_normal_cdf(off / np.sqrt(variance))
    if variance == 0.0:  # nothing is predicted, and a proportional error leaves nothing to chance
        return np.inf
    return 0.5 * (np.log(variance) + off * off / variance)


@bare
def _level_slopes(cases: Cases, y: float, f: float, below: bool) -> tuple[float, float, float]:
    """−log p(y | f), its derivative in f and its expected curvature; as in ``pk.likelihood``."""
    variance = _variance(cases, f)
    slope = 2.0 * cases.proportional_sd_fraction * cases.proportional_sd_fraction * f
    off = y - f
    if below:
        sd = np.sqrt(variance)
        z = off / sd
        log_cdf = _log_normal_cdf(z)
        hazard = np.exp(-0.5 * z * z - HALF_LOG_2PI - log_cdf)
        z_slope = -1.0 / sd - off * slope / (2.0 * variance * sd)
        return -HALF_LOG_2PI - log_cdf, -hazard * z_slope, hazard * (hazard + z) * z_slope**2
    part = slope / variance
    score = 0.5 * part - off / variance - 0.5 * off * off * part / variance
    value = 0.5 * (np.log(variance) + off * off / variance)
    return value, score, 1.0 / variance + 0.5 * part * part


@bare
def _log_normal_cdf(z: float) -> float:
    if z >= FAR_TAIL:
        return math.log(0.5 * math.erfc(-z * HALF_ROOT))
    square = z * z
    series = 1.0 - 1.0 / square + 3.0 / square**2 - 15.0 / square**3
    return -0.5 * square - math.log(-z) - HALF_LOG_2PI + math.log(series)
