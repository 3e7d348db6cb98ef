"""The most probable random effects (MAP) of many patients at once.

The same objective and the same search as ``pk.posterior.find_mode``, with exact derivatives; each
patient on its own, shared out over the threads.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ivig.pk.disposition import FloatArray
from ivig.pk.kernels._bare import bare
from ivig.pk.kernels._jit import njit, prange
from ivig.pk.kernels.cases import Cases, check
from ivig.pk.kernels.objective import Room, begin, effects, negative_log_posterior, room_for
from ivig.pk.kernels.symmetric import invert, root, solve
from ivig.pk.posterior import (
    CLOSE,
    CLOSE_ENOUGH,
    MAX_ITERATIONS,
    NEAR,
    ROUNDING,
    SMALLEST_PART,
)

AT_A_TIME = 64  # patients of one thread's turn


class MapFit(NamedTuple):
    """Modes of all patients.

    ``eta`` (n_patients, n_eta); ``ofv`` (n_patients,): Σ log s² + (y − f)²/s² + Σ η²/ω², less than
    which no η reaches; ``converged`` (n_patients,). ``u`` and ``covariance`` (n_patients, n_eta,
    n_eta) are mode and inverse expected information on the unbounded scale of ``pk.posterior``.
    """

    eta: FloatArray
    ofv: FloatArray
    converged: NDArray[np.bool_]
    u: FloatArray
    covariance: FloatArray


class _Search(NamedTuple):
    """Room to search for one mode: curvature and its root, a step, and what it starts from."""

    curvature: FloatArray
    lower: FloatArray
    step: FloatArray
    tried: FloatArray
    gradient: FloatArray
    bent: FloatArray


def map_fit(cases: Cases) -> MapFit:
    """The mode of each patient's posterior.

    For an effect with a limit the mode is that of u, as in ``pk.posterior``, and ``ofv`` carries
    the change of scale; without limits it is the usual objective.

    Raises
    ------
    InputError
        As ``cases.check``.
    """
    check(cases)
    n, n_eta = cases.sd.shape
    found = MapFit(
        eta=np.empty((n, n_eta)),
        ofv=np.empty(n),
        converged=np.empty(n, dtype=np.bool_),
        u=np.empty((n, n_eta)),
        covariance=np.empty((n, n_eta, n_eta)),
    )
    if n <= AT_A_TIME:
        _fit_some(cases, 0, n, found)  # waking the threads would cost more
    else:
        _fit_all(cases, found)
    return found


@njit(parallel=True)
def _fit_all(cases: Cases, found: MapFit) -> None:
    n = cases.typical.shape[0]
    for block in prange((n + AT_A_TIME - 1) // AT_A_TIME):
        _fit_some(cases, block * AT_A_TIME, min(n, (block + 1) * AT_A_TIME), found)


@njit
def _fit_some(cases: Cases, start: int, stop: int, found: MapFit) -> None:
    room = room_for(cases)
    n_eta = room.eta.size
    search = _Search(
        np.empty((n_eta, n_eta)),
        np.empty((n_eta, n_eta)),
        np.empty(n_eta),
        np.empty(n_eta),
        np.empty(n_eta),
        np.empty(n_eta),
    )
    for patient in range(start, stop):
        begin(cases, patient, room)
        u = found.u[patient]
        value, length = _find_mode(cases, patient, u, room, search)
        found.ofv[patient], found.converged[patient] = 2.0 * value, length < CLOSE_ENOUGH
        effects(cases, patient, u, found.eta[patient])
        root(room.information, search.lower)
        invert(search.lower, found.covariance[patient], search.step)


@bare
def _find_mode(
    cases: Cases, patient: int, u: FloatArray, room: Room, search: _Search
) -> tuple[float, float]:
    """Mode into ``u`` (n_eta,), its information into ``room``; the value and the last step in ω."""
    for i in range(u.size):
        u[i] = 0.0
    value, length = negative_log_posterior(cases, patient, u, room, True), np.inf
    _start(room, search)
    for _ in range(MAX_ITERATIONS):
        if not root(search.curvature, search.lower):
            _start(room, search)
            root(search.curvature, search.lower)
        solve(search.lower, room.gradient, search.step)
        whole, drop = _length(cases, patient, room, search)
        if whole < CLOSE:
            _move(u, 1.0, search.step, u)
            return value - 0.5 * drop, whole
        part, allowed = 1.0 / max(1.0, whole), value + ROUNDING * (1.0 + abs(value))
        least = SMALLEST_PART * part
        _move(u, part, search.step, search.tried)
        found = negative_log_posterior(cases, patient, search.tried, room, True)
        while not found <= allowed and part > least:
            part *= 0.25
            _move(u, part, search.step, search.tried)
            found = negative_log_posterior(cases, patient, search.tried, room, True)
        if part <= least:
            return negative_log_posterior(cases, patient, u, room, True), length
        _move(u, part, search.step, u)
        value, length = found, part * whole
        if length < NEAR:
            _correct(part, room, search)
        else:
            _start(room, search)
        _note(room, search)
    return value, length


@bare
def _start(room: Room, search: _Search) -> None:
    """Take the expected information as the curvature."""
    for i in range(search.step.size):
        for k in range(i + 1):
            search.curvature[i, k] = room.information[i, k]
            search.curvature[k, i] = room.information[i, k]
    _note(room, search)


@bare
def _note(room: Room, search: _Search) -> None:
    for i in range(search.step.size):
        search.gradient[i] = room.gradient[i]


@bare
def _correct(part: float, room: Room, search: _Search) -> None:
    """The curvature that explains how the gradient changed over a step (BFGS)."""
    n, along, across = search.step.size, 0.0, 0.0
    for i in range(n):
        moved = -part * search.step[i]
        along += moved * (room.gradient[i] - search.gradient[i])
        search.bent[i] = 0.0
        for k in range(n):
            search.bent[i] -= search.curvature[i, k] * part * search.step[k]
        across += moved * search.bent[i]
    if along > 0.0:
        for i in range(n):
            change = (room.gradient[i] - search.gradient[i]) / along
            for k in range(n):
                search.curvature[i, k] += change * (room.gradient[k] - search.gradient[k])
                search.curvature[i, k] -= search.bent[i] * search.bent[k] / across


@bare
def _length(cases: Cases, patient: int, room: Room, search: _Search) -> tuple[float, float]:
    """The longest part of a step in ω, and how far the value falls along it at first."""
    longest, drop = 0.0, 0.0
    for i in range(search.step.size):
        longest = max(longest, abs(search.step[i]) / cases.sd[patient, i])
        drop += room.gradient[i] * search.step[i]
    return longest, drop


@bare
def _move(u: FloatArray, part: float, step: FloatArray, moved: FloatArray) -> None:
    for i in range(u.size):
        moved[i] = u[i] - part * step[i]
