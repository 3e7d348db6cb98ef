"""The whole posterior of many patients at once, by importance sampling.

The method of ``pk.posterior``: a multivariate t round the mode, then, where too few draws count, a
growing mixture. All patients share the unit draws, so a patient's posterior does not depend on who
else is in the table or on the number of threads. A posterior that too few draws describe is not
given: its numbers are NaN.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ivig.errors import FitError, InputError
from ivig.pk.disposition import FloatArray
from ivig.pk.kernels._bare import bare
from ivig.pk.kernels._jit import njit, prange
from ivig.pk.kernels.cases import Cases
from ivig.pk.kernels.map_fit import MapFit, map_fit
from ivig.pk.kernels.objective import (
    Room,
    begin,
    effects,
    negative_log_posterior,
    room_for,
    squares,
)
from ivig.pk.kernels.symmetric import invert, root
from ivig.pk.posterior import (
    CONTRADICTED,
    EFFECTIVE,
    ENOUGH_ESS,
    FREEDOM,
    GROSS_SD,
    ODD_ROUNDS,
    ODD_SD,
    RIDGE,
    ROUNDS,
    unit_t,
)

SEED = 20261122
N_DRAWS = 2000
WANTED_ESS = 1000.0
AT_A_TIME = 8  # patients of one thread's turn


class Posteriors(NamedTuple):
    """Posteriors of η of all patients.

    ``mean`` (n_patients, n_eta), ``covariance`` (n_patients, n_eta, n_eta); ``ess`` = 1/Σ w²;
    ``n_draws`` it took; ``draws`` (n_patients, n_kept, n_eta) of equal weight. ``enough``: whether
    ``ess`` is 400 or more; of any other patient mean, covariance and draws are NaN. Levels that are
    ``GROSS_SD`` off are not sampled, ``ess`` 0, as one patient is refused.
    ``contradicted``: the levels contradict the model even at the mode (see ``ODD_SD``); ``ess`` cannot
    tell of a second mode that no draw has met, and there it is likely.
    """

    mean: FloatArray
    covariance: FloatArray
    ess: FloatArray
    n_draws: FloatArray
    draws: FloatArray
    enough: NDArray[np.bool_]
    contradicted: NDArray[np.bool_]

    def require_enough(self) -> None:
        """Refuse a table in which the posterior of any patient could not be sampled.

        Raises
        ------
        FitError
            Names the first of them by row.
        """
        short = np.flatnonzero(~self.enough)
        if short.size:
            raise FitError(
                f"{short.size} of {self.enough.size} patients, first in row {short[0]}: the effective "
                f"sample size stays below {ENOUGH_ESS:.0f}: {CONTRADICTED}"
            )


class _Sample(NamedTuple):
    """Room for one patient's draws and the proposals they came from."""

    u: FloatArray
    value: FloatArray
    density: FloatArray
    weight: FloatArray
    centre: FloatArray
    root: FloatArray
    spread: FloatArray
    eta: FloatArray


def sample_posteriors(
    cases: Cases,
    fit: MapFit | None = None,
    *,
    n_draws: int = N_DRAWS,
    wanted_ess: float = WANTED_ESS,
    n_kept: int = 0,
    seed: int = SEED,
) -> Posteriors:
    """Posterior mean and covariance of the random effects of each patient.

    Parameters
    ----------
    fit : MapFit, optional
        The modes, where they are known already.
    n_draws : int
        From each proposal, of which there are at most 25; more than two in one patient of ten.
    wanted_ess : float
        More proposals are tried until it is reached; ``ess`` says what was. A posterior with less
        than 400 is NaN, and not ``enough``.
    n_kept : int
        Draws of equal weight to keep for each patient, by systematic resampling.

    Raises
    ------
    InputError
        As ``cases.check``; fewer than 100 draws.
    """
    if n_draws < 100:
        raise InputError("n_draws", n_draws, "100 or more")
    mode = map_fit(cases) if fit is None else fit
    n, n_eta = mode.eta.shape
    wanted_ess = float(wanted_ess)  # a whole number would compile once more
    units = np.stack([unit_t(n_draws, n_eta, seed + 10 * k) for k in range(ROUNDS + 1)])
    found = Posteriors(
        mean=np.empty((n, n_eta)),
        covariance=np.empty((n, n_eta, n_eta)),
        ess=np.empty(n),
        n_draws=np.empty(n),
        draws=np.empty((n, n_kept, n_eta)),
        enough=np.empty(n, dtype=np.bool_),
        contradicted=np.empty(n, dtype=np.bool_),
    )
    if n <= AT_A_TIME:
        _sample_some(cases, 0, n, units, wanted_ess, mode, found)
    else:
        _sample_all(cases, units, wanted_ess, mode, found)
    return found


@njit(parallel=True)
def _sample_all(
    cases: Cases, units: FloatArray, wanted_ess: float, mode: MapFit, found: Posteriors
) -> None:
    n = cases.typical.shape[0]
    for block in prange((n + AT_A_TIME - 1) // AT_A_TIME):
        start = block * AT_A_TIME
        _sample_some(cases, start, min(n, start + AT_A_TIME), units, wanted_ess, mode, found)


@njit
def _sample_some(
    cases: Cases,
    start: int,
    stop: int,
    units: FloatArray,
    wanted_ess: float,
    mode: MapFit,
    found: Posteriors,
) -> None:
    rounds, n_draws, n_eta = units.shape
    room = room_for(cases)
    sample = _Sample(
        np.empty((rounds * n_draws, n_eta)),
        np.empty(rounds * n_draws),
        np.empty(rounds * n_draws),
        np.empty(rounds * n_draws),
        np.empty((rounds, n_eta)),
        np.empty((rounds, n_eta, n_eta)),
        np.empty((n_eta, n_eta)),
        np.empty(n_eta),
    )
    for patient in range(start, stop):
        begin(cases, patient, room)
        _sample_one(cases, patient, units, wanted_ess, mode, room, sample, found)


@bare
def _sample_one(
    cases: Cases,
    patient: int,
    units: FloatArray,
    wanted_ess: float,
    mode: MapFit,
    room: Room,
    sample: _Sample,
    found: Posteriors,
) -> None:
    n_draws, n_eta = units.shape[1], units.shape[2]
    for i in range(n_eta):
        sample.centre[0, i] = mode.u[patient, i]
        for k in range(n_eta):
            sample.spread[i, k] = mode.covariance[patient, i, k]
    ess, size = 0.0, 0
    n_levels = cases.level_start[patient + 1] - cases.level_start[patient]
    off = squares(cases, patient, mode.u[patient], room)
    usual = np.sqrt(2.0 * n_levels)  # SD of a sum of so many squares
    found.contradicted[patient] = not off <= n_levels + ODD_SD * usual
    least = ODD_ROUNDS if found.contradicted[patient] else 0
    for turn in range(units.shape[0] if off <= n_levels + GROSS_SD * usual else 0):
        if not root(sample.spread, sample.root[turn]):
            break
        _draw(cases, patient, units, turn, room, sample)
        size = (turn + 1) * n_draws
        ess = _weigh(size, sample)
        if (ess >= wanted_ess and turn >= least) or turn + 1 == units.shape[0]:
            break
        _propose(cases, patient, turn + 1, ess, size, room, sample, mode)
    found.ess[patient], found.n_draws[patient] = ess, size
    found.enough[patient] = ess >= ENOUGH_ESS  # not so where it is NaN
    if found.enough[patient]:
        _moments(cases, patient, size, sample, found)
        _keep(cases, patient, size, sample, found)
    else:
        found.mean[patient] = np.nan
        found.covariance[patient] = np.nan
        found.draws[patient] = np.nan


@bare
def _draw(
    cases: Cases, patient: int, units: FloatArray, turn: int, room: Room, sample: _Sample
) -> None:
    """Draws from the newest proposal, and the summed density of all proposals at every draw."""
    n_draws, n_eta = units.shape[1], units.shape[2]
    for d in range(n_draws):
        at = turn * n_draws + d
        for i in range(n_eta):
            moved = sample.centre[turn, i]
            for k in range(i + 1):
                moved += sample.root[turn, i, k] * units[turn, d, k]
            sample.u[at, i] = moved
        sample.value[at] = negative_log_posterior(cases, patient, sample.u[at], room, False)
        sample.density[at] = 0.0
        for earlier in range(turn):
            sample.density[at] += _density(at, earlier, sample)
    for at in range((turn + 1) * n_draws):
        sample.density[at] += _density(at, turn, sample)


@bare
def _density(at: int, turn: int, sample: _Sample) -> float:
    """Multivariate t at a draw, without constants."""
    n_eta, distance, scale = sample.eta.size, 0.0, 1.0
    for i in range(n_eta):
        rest = sample.u[at, i] - sample.centre[turn, i]
        for k in range(i):
            rest -= sample.root[turn, i, k] * sample.eta[k]
        sample.eta[i] = rest / sample.root[turn, i, i]
        distance += sample.eta[i] * sample.eta[i]
        scale *= sample.root[turn, i, i]
    return (1.0 + distance / FREEDOM) ** (-0.5 * (FREEDOM + n_eta)) / scale


@bare
def _weigh(size: int, sample: _Sample) -> float:
    """Normalised weights; the effective sample size."""
    highest = -np.inf
    for d in range(size):
        sample.weight[d] = -sample.value[d] - np.log(sample.density[d])
        highest = max(highest, sample.weight[d])
    if highest == -np.inf:  # not one of them is possible
        sample.weight[:size] = 0.0
        return 0.0
    total, squares = 0.0, 0.0
    for d in range(size):
        weight = np.exp(sample.weight[d] - highest)
        sample.weight[d] = weight
        total += weight
        squares += weight * weight
    for d in range(size):
        sample.weight[d] /= total
    return total * total / squares


@bare
def _propose(
    cases: Cases,
    patient: int,
    turn: int,
    ess: float,
    size: int,
    room: Room,
    sample: _Sample,
    mode: MapFit,
) -> None:
    """Centre and spread of the next proposal: the prior's, the draws' or the heaviest draw's own."""
    n_eta = sample.eta.size
    if turn == 1:
        for i in range(n_eta):
            sample.centre[turn, i] = 0.0
            limit = cases.limit[patient, i]
            wide = limit if limit < np.inf else cases.sd[patient, i]
            for k in range(i):
                sample.spread[i, k] = 0.0
            sample.spread[i, i] = wide * wide
    elif turn % 2 == 0 and ess >= EFFECTIVE * n_eta:
        _as_drawn(patient, turn, size, sample, mode)
    else:
        _at_heaviest(cases, patient, turn, size, room, sample)


@bare
def _as_drawn(patient: int, turn: int, size: int, sample: _Sample, mode: MapFit) -> None:
    """The moments of the draws so far."""
    n_eta = sample.eta.size
    for i in range(n_eta):
        centre = 0.0
        for d in range(size):
            centre += sample.weight[d] * sample.u[d, i]
        sample.centre[turn, i] = centre
    for i in range(n_eta):
        for k in range(i + 1):
            spread = RIDGE * mode.covariance[patient, i, k]
            for d in range(size):
                off = (sample.u[d, i] - sample.centre[turn, i]) * sample.weight[d]
                spread += off * (sample.u[d, k] - sample.centre[turn, k])
            sample.spread[i, k] = spread


@bare
def _at_heaviest(
    cases: Cases, patient: int, turn: int, size: int, room: Room, sample: _Sample
) -> None:
    """Round the draw that weighs most, where the proposals are too thin."""
    heaviest = 0
    for d in range(size):
        if sample.weight[d] > sample.weight[heaviest]:
            heaviest = d
    for i in range(sample.eta.size):
        sample.centre[turn, i] = sample.u[heaviest, i]
    negative_log_posterior(cases, patient, sample.u[heaviest], room, True)
    if root(room.information, sample.root[turn]):
        invert(sample.root[turn], sample.spread, sample.eta)


@bare
def _moments(cases: Cases, patient: int, size: int, sample: _Sample, found: Posteriors) -> None:
    """Posterior mean and covariance of η."""
    n_eta = sample.eta.size
    for i in range(n_eta):
        found.mean[patient, i] = 0.0
        for k in range(n_eta):
            found.covariance[patient, i, k] = 0.0
    for d in range(size):
        effects(cases, patient, sample.u[d], sample.eta)
        for i in range(n_eta):
            found.mean[patient, i] += sample.weight[d] * sample.eta[i]
    for d in range(size):
        effects(cases, patient, sample.u[d], sample.eta)
        for i in range(n_eta):
            off = (sample.eta[i] - found.mean[patient, i]) * sample.weight[d]
            for k in range(n_eta):
                away = sample.eta[k] - found.mean[patient, k]
                found.covariance[patient, i, k] += off * away


@bare
def _keep(cases: Cases, patient: int, size: int, sample: _Sample, found: Posteriors) -> None:
    """Draws of equal weight, by systematic resampling from the middle of each part."""
    n_kept = found.draws.shape[1]
    at, reached = 0, sample.weight[0]
    for k in range(n_kept):
        while reached < (k + 0.5) / n_kept and at + 1 < size:
            at += 1
            reached += sample.weight[at]
        effects(cases, patient, sample.u[at], sample.eta)
        for i in range(sample.eta.size):
            found.draws[patient, k, i] = sample.eta[i]
