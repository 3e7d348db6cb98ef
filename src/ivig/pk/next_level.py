"""When the next level is worth taking: how much narrower it is expected to make the trough.

The levels that are to come are predicted from the same draws as the steady trough, so how much one
says of the other is known beforehand. To first order (exact were both normal), a level L with
residual variance σ² leaves

    Var(trough | L) = Var(trough) − Cov(trough, L)² / (Var(L) + σ²).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Literal

import numpy as np

from ivig.patient import Dose
from ivig.pk.concentration import steady_exogenous_g_per_L
from ivig.pk.current import planned_doses
from ivig.pk.disposition import FloatArray
from ivig.pk.individualise import IndividualFit
from ivig.pk.likelihood import residual_sd_g_per_L
from ivig.pk.schedule import Dosing, cycle_trains

HORIZON_DAY = 84
AFTER_PEAK_DAY = 3.0
WORTH_FRACTION = 0.1  # of the width of the interval
NEARLY_FRACTION = 0.9  # of the most a level can tell: then sooner, and before a dose, is better

Moment = Literal["trough", "after_peak", "mid_interval", "other"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A level on one day: how much narrower the trough's interval is expected to become."""

    time_day: float
    moment: Moment
    variance_fall_fraction: float
    narrowing_fraction: float


@dataclass(frozen=True, slots=True, kw_only=True)
class NextLevel:
    """The day to choose, the next trough beside it, and whether a level is worth the needle.

    ``best`` tells at least nine tenths of the most that any day tells: the first trough that does,
    else the first day.
    """

    best: Candidate
    next_trough: Candidate | None
    worth_it: bool
    candidates: tuple[Candidate, ...]


def variance_fall(
    target: FloatArray, levels: FloatArray, noise_variance: FloatArray, weights: FloatArray
) -> FloatArray:
    """Expected fall of the variance of ``target``, as a fraction of it, by measuring each level.

    Parameters
    ----------
    target, weights : array (n_draws,)
    levels : array (n_draws, n_candidates)
    noise_variance : array (n_candidates,)

    Returns
    -------
    array (n_candidates,), from 0 to 1
    """
    off: FloatArray = target - weights @ target
    away: FloatArray = levels - weights @ levels
    variance = float(weights @ off**2)
    if variance <= 0.0:
        return np.zeros(noise_variance.size)
    shared: FloatArray = (weights * off) @ away
    spread: FloatArray = weights @ away**2 + noise_variance
    return shared**2 / (variance * spread)


def next_level(
    fit: IndividualFit, doses: Sequence[Dose], dosing: Dosing, *, now_day: float = 0.0
) -> NextLevel | None:
    """The best day of the next twelve weeks, the regimen going on as it is.

    None when the model has no variability or error to judge by.
    """
    if fit.residual is None or not fit.has_interval:
        return None
    end_day = now_day + HORIZON_DAY
    planned = planned_doses(doses, dosing, until_day=end_day, now_day=now_day)
    days = _days(planned, now_day, end_day)
    own = fit.parameters.BL_g_per_L
    levels = fit.levels(np.array(sorted(days)), planned=planned).total_g_per_L
    steady = steady_exogenous_g_per_L(fit.parameters, cycle_trains(dosing), np.zeros(1))[:, 0]
    noise = fit.weights @ residual_sd_g_per_L(fit.residual, levels) ** 2
    falls = variance_fall(own + steady, levels, noise, fit.weights)
    found = tuple(
        Candidate(
            time_day=day,
            moment=days[day],
            variance_fall_fraction=float(fall),
            narrowing_fraction=1.0 - sqrt(max(1.0 - float(fall), 0.0)),
        )
        for day, fall in zip(sorted(days), falls, strict=True)
    )
    most = max(one.narrowing_fraction for one in found)
    near = [one for one in found if one.narrowing_fraction >= NEARLY_FRACTION * most]
    best = next((one for one in near if one.moment == "trough"), near[0])
    ahead = (one for one in found if one.moment == "trough" and one.time_day > now_day)
    return NextLevel(
        best=best,
        next_trough=next(ahead, None),
        worth_it=most >= WORTH_FRACTION,
        candidates=found,
    )


def _days(planned: Sequence[Dose], now_day: float, end_day: float) -> dict[float, Moment]:
    """Every day, and the named moments between one course and the next."""
    days: dict[float, Moment] = {now_day + day: "other" for day in range(HORIZON_DAY + 1)}
    starts = [dose.time_day for dose in planned]
    for i, start in enumerate(starts):
        days[start] = "trough"
        following = starts[i + 1] if i + 1 < len(starts) else end_day
        named: tuple[tuple[float, Moment], ...] = (
            (start + AFTER_PEAK_DAY, "after_peak"),
            ((start + following) / 2.0, "mid_interval"),
        )
        for day, moment in named:
            if start < day < following:
                days.setdefault(day, moment)
                days[day] = moment
    return {day: moment for day, moment in days.items() if now_day <= day <= end_day}
