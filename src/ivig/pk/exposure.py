"""What a regimen does to one patient's IgG: trough, peak, area, half-life, the curve.

Each number is a median with a 90 % interval over the posterior draws. The interval of a *true*
level holds parameter uncertainty (and, without levels, the differences between patients); a level
that will be *measured* also carries the residual error, and is named so. A model without published
variability gives one value: its interval has level 0 and low = median = high.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ivig.cited import Interval
from ivig.errors import InputError
from ivig.patient import Dose
from ivig.pk.concentration import steady_exogenous_g_per_L
from ivig.pk.disposition import FloatArray
from ivig.pk.individualise import IndividualFit
from ivig.pk.likelihood import residual_sd_g_per_L
from ivig.pk.posterior import prior_draws
from ivig.pk.quantile import LEVEL, interval, quantiles, resample
from ivig.pk.schedule import Dosing, cycle_trains, duration_day
from ivig.pk.steady import day_to_steady_state, half_life_day, nth_trough_g_per_L, steady_state

DAYS_PER_WEEK = 7.0
EQUAL_DRAWS = 1000  # resampled to equal weights, for the intervals of an exposure
CURVE_DRAWS = 300
MOST_TIMES = 200
TIMES_IN_CYCLE = 100
SHORTEST_TAIL_DAY = 28.0
JUST_AFTER_DAY = 1e-6
SEED = 20261123


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """A regimen at steady state in one patient; total IgG unless a name says exogenous.

    Parameters
    ----------
    measured_trough_g_per_L : Interval or None
        Where the next measured trough will lie, residual error included; None if none is published.
    peak_day : Interval
        From the first dose of a cycle.
    auc_tau_g_day_per_L, auc_per_week_g_day_per_L : Interval
        Area of one cycle, and per week.
    time_to_steady_state_day : Interval
        When the trough has come 90 % of the way to its final value.
    fraction_of_time_at_target : Interval or None
        Of a cycle, at or above the target that was asked about.
    """

    model_id: str
    interval_day: float
    baseline_g_per_L: Interval
    trough_g_per_L: Interval
    exogenous_trough_g_per_L: Interval
    measured_trough_g_per_L: Interval | None
    peak_g_per_L: Interval
    exogenous_peak_g_per_L: Interval
    peak_day: Interval
    average_g_per_L: Interval
    auc_tau_g_day_per_L: Interval
    exogenous_auc_tau_g_day_per_L: Interval
    auc_per_week_g_day_per_L: Interval
    half_life_day: Interval
    time_to_steady_state_day: Interval
    fraction_of_time_at_target: Interval | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """Total IgG in time, median and 90 % band of the true level; the infused part beside it."""

    model_id: str
    time_day: tuple[float, ...]
    median_g_per_L: tuple[float, ...]
    low_g_per_L: tuple[float, ...]
    high_g_per_L: tuple[float, ...]
    exogenous_median_g_per_L: tuple[float, ...]
    has_band: bool


def exposure(
    fit: IndividualFit, dosing: Dosing, *, target_g_per_L: float | None = None
) -> Exposure:
    """The steady state of a repeated regimen.

    Parameters
    ----------
    fit : IndividualFit
        From ``individualise``.
    target_g_per_L : float, optional
        A total level to count the time above.

    Raises
    ------
    InputError
        A single course has no steady state; look at its ``curve``.
    """
    cycle_day = _interval_of(dosing)
    parameters = fit.parameters.take(resample(fit.weights, min(EQUAL_DRAWS, fit.weights.size)))
    own = parameters.BL_g_per_L
    steady = steady_state(parameters, dosing)
    area = steady.auc_tau_g_day_per_L + own * cycle_day
    equal = np.full(own.size, 1.0 / own.size)

    def over_draws(values: FloatArray) -> Interval:
        return interval(values, equal)

    return Exposure(
        model_id=fit.model_id,
        interval_day=cycle_day,
        baseline_g_per_L=over_draws(own),
        trough_g_per_L=over_draws(own + steady.trough_g_per_L),
        exogenous_trough_g_per_L=over_draws(steady.trough_g_per_L),
        measured_trough_g_per_L=_measured(fit, own + steady.trough_g_per_L, equal),
        peak_g_per_L=over_draws(own + steady.peak_g_per_L),
        exogenous_peak_g_per_L=over_draws(steady.peak_g_per_L),
        peak_day=over_draws(steady.peak_day),
        average_g_per_L=over_draws(area / cycle_day),
        auc_tau_g_day_per_L=over_draws(area),
        exogenous_auc_tau_g_day_per_L=over_draws(steady.auc_tau_g_day_per_L),
        auc_per_week_g_day_per_L=over_draws(area * DAYS_PER_WEEK / cycle_day),
        half_life_day=over_draws(half_life_day(parameters)),
        time_to_steady_state_day=over_draws(day_to_steady_state(parameters, dosing)),
        fraction_of_time_at_target=None
        if target_g_per_L is None
        else _time_at_target(fit, dosing, target_g_per_L),
    )


def steady_trough(fit: IndividualFit, dosing: Dosing) -> Interval:
    """Total trough at steady state alone, g/L: ``exposure`` without the rest."""
    infused = steady_exogenous_g_per_L(fit.parameters, cycle_trains(dosing), np.zeros(1))[:, 0]
    return interval(fit.parameters.BL_g_per_L + infused, fit.weights)


def half_life(fit: IndividualFit) -> Interval:
    """Terminal half-life of infused IgG in this patient, day."""
    return interval(half_life_day(fit.parameters), fit.weights)


def trough_after_cycles(fit: IndividualFit, dosing: Dosing, n_cycles: int) -> Interval:
    """Total trough at the end of the n-th cycle of a new start (what was given before left out)."""
    exogenous = nth_trough_g_per_L(fit.parameters, dosing, _interval_of(dosing), n_cycles)
    return interval(fit.parameters.BL_g_per_L + exogenous, fit.weights)


def predict_level(
    fit: IndividualFit, planned: Sequence[Dose], time_day: float
) -> tuple[Interval, Interval | None]:
    """Total IgG at one time after past and planned doses: the true level, and a measured one."""
    total = fit.levels(np.array([time_day]), planned=planned).total_g_per_L[:, 0]
    return interval(total, fit.weights), _measured(fit, total, fit.weights)


def curve(
    fit: IndividualFit,
    planned: Sequence[Dose],
    *,
    time_day: Sequence[float] | None = None,
    end_day: float | None = None,
) -> Curve:
    """Total IgG over past and planned doses.

    Parameters
    ----------
    planned : sequence of Dose
        In order; ``schedule.expand`` writes out a regimen. The doses the fit knows come before.
    time_day : sequence of float, optional
        At most 200; else ``curve_times`` to ``end_day``.

    Raises
    ------
    InputError
        Too many times, or nothing planned and no times given.
    """
    if time_day is None:
        times = curve_times(planned, end_day=end_day)
    else:
        times = np.asarray(time_day, dtype=np.float64)
    if times.size > MOST_TIMES:
        raise InputError("time_day", times.size, f"at most {MOST_TIMES} times")
    found = fit.levels(times, planned=planned, draws=_some_draws(fit))
    tail = (1.0 - LEVEL) / 2.0
    low, median, high = quantiles(found.total_g_per_L, (tail, 0.5, 1.0 - tail))
    return Curve(
        model_id=fit.model_id,
        time_day=_floats(times),
        median_g_per_L=_floats(median),
        low_g_per_L=_floats(low),
        high_g_per_L=_floats(high),
        exogenous_median_g_per_L=_floats(quantiles(found.exogenous_g_per_L, (0.5,))[0]),
        has_band=fit.has_interval,
    )


def curve_times(planned: Sequence[Dose], *, end_day: float | None = None) -> FloatArray:
    """Times that draw a curve well: before and at the end of each dose, then ever wider.

    To ``end_day``, by default one interval (at least 28 days) after the last dose.
    """
    if not planned:
        raise InputError("planned", (), "at least one dose, or times to look at")
    starts = np.array([dose.time_day for dose in planned])
    gaps = np.diff(starts)
    tail_day = max(float(gaps.max(initial=0.0)), SHORTEST_TAIL_DAY)
    last_day = float(starts[-1]) + tail_day if end_day is None else end_day
    each = min((MOST_TIMES - 1) // starts.size, 14)
    if each < 3:
        return np.linspace(float(starts[0]), last_day, MOST_TIMES)
    times: list[FloatArray] = []
    steps = np.linspace(0.0, 1.0, each - 1)[1:-1] ** 2
    for dose, start, following in zip(
        planned, starts, np.append(starts[1:], last_day), strict=True
    ):
        end = start + max(duration_day(dose.route, dose.duration_h), JUST_AFTER_DAY)
        times.append(np.concatenate([[start, end], end + steps * max(following - end, 0.0)]))
    found = np.unique(np.append(np.concatenate(times), last_day))
    return found[found <= last_day]


def _measured(fit: IndividualFit, total: FloatArray, weights: FloatArray) -> Interval | None:
    """Where a measurement of ``total`` will lie; None when no residual error is published."""
    if fit.residual is None or not fit.has_interval:
        return None
    unit = prior_draws(np.ones(1), np.full(1, np.inf), n_draws=total.size, seed=SEED)[:, 0]
    level = total + residual_sd_g_per_L(fit.residual, total) * unit
    return interval(np.maximum(level, 0.0), weights)


def _time_at_target(fit: IndividualFit, dosing: Dosing, target_g_per_L: float) -> Interval:
    part = fit.parameters.take(_some_draws(fit))
    cycle_day = _interval_of(dosing)
    middles = (np.arange(TIMES_IN_CYCLE) + 0.5) / TIMES_IN_CYCLE * cycle_day
    infused = steady_exogenous_g_per_L(part, cycle_trains(dosing), middles)
    at_target = part.BL_g_per_L[:, None] + infused >= target_g_per_L
    fraction: FloatArray = at_target.mean(axis=1, dtype=np.float64)
    return interval(fraction, np.full(fraction.size, 1.0 / fraction.size))


def _some_draws(fit: IndividualFit) -> NDArray[np.intp]:
    return resample(fit.weights, min(CURVE_DRAWS, fit.weights.size))


def _interval_of(dosing: Dosing) -> float:
    if dosing.interval_day is None:
        raise InputError(
            "interval_day", None, "a regimen that repeats; a course has no steady state"
        )
    return dosing.interval_day


def _floats(values: FloatArray) -> tuple[float, ...]:
    return tuple(float(value) for value in values)
