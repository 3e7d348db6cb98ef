"""Linear one- and two-compartment disposition in closed form.

A unit dose put into the central compartment decays as a sum of exponentials, the *modes*:

    C(t) = Σₖ coefficientₖ · exp(−rateₖ · t)

An infusion, a depot and any train of doses are integrals of that sum, so everything here is exact.
Each expression is written so that it stays accurate when ka comes arbitrarily near a rate, when an
infusion is short, and after years: only differences of the form 1 − e⁻ˣ occur, by ``expm1``.

Endogenous IgG. Constant production CL · BL, started at its own steady state, adds the constant BL
to every concentration because clearance is linear; so production appears here as that constant
(tests hold the two equal by ODE). Replacement never suppresses it.

Shapes: parameters (n_draws,), times (n_times,) or (n_draws, n_times); results (n_draws, n_times).
Units: day, L, L/day, per day; results are concentrations per gram that reached the depot or the
blood, 1/L.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
Draws = NDArray[np.intp] | slice

TINY = 1e-300  # stands for 0 in (1 − e⁻ˣ)/x, whose limit is 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Modes:
    """The eigenmodes of the central compartment, one or two, slowest last.

    ``rate_per_day`` and ``coefficient_per_L`` hold one array (n_draws, 1) for each mode.
    """

    rate_per_day: tuple[FloatArray, ...]
    coefficient_per_L: tuple[FloatArray, ...]

    def take(self, draws: Draws) -> "Modes":
        """The modes of some draws."""
        return Modes(
            rate_per_day=tuple(rate[draws] for rate in self.rate_per_day),
            coefficient_per_L=tuple(coefficient[draws] for coefficient in self.coefficient_per_L),
        )

    @property
    def terminal_rate_per_day(self) -> FloatArray:
        """The slowest rate, (n_draws,)."""
        return self.rate_per_day[-1][:, 0]


def modes(
    CL_L_per_day: FloatArray,
    Vc_L: FloatArray,
    Q_L_per_day: FloatArray | None = None,
    Vp_L: FloatArray | None = None,
) -> Modes:
    """Eigenmodes from clearance and volumes; one compartment when Q or Vp is absent.

    Parameters
    ----------
    CL_L_per_day, Vc_L, Q_L_per_day, Vp_L : array (n_draws,)
        Clearance, central volume, intercompartmental clearance, peripheral volume.
    """
    k10 = (CL_L_per_day / Vc_L)[:, None]
    volume = Vc_L[:, None]
    if Q_L_per_day is None or Vp_L is None:
        return Modes(rate_per_day=(k10,), coefficient_per_L=(1.0 / volume,))
    k12 = (Q_L_per_day / Vc_L)[:, None]
    k21 = (Q_L_per_day / Vp_L)[:, None]
    excess = k10 + k12 - k21
    gap = np.sqrt(excess * excess + 4.0 * k12 * k21)
    fast = 0.5 * (k10 + k12 + k21 + gap)
    slow = k10 * k21 / fast
    # (gap ± excess) / 2 without cancellation, whichever sign the excess has
    larger = 0.5 * (gap + np.abs(excess))
    smaller = k12 * k21 / larger
    fast_share = np.where(excess >= 0, larger, smaller) / gap
    slow_share = np.where(excess >= 0, smaller, larger) / gap
    return Modes(
        rate_per_day=(fast, slow),
        coefficient_per_L=(fast_share / volume, slow_share / volume),
    )


def infusion(modes: Modes, time_day: FloatArray, duration_day: float) -> FloatArray:
    """Concentration per gram, ``time_day`` ≥ 0 after the start of a constant-rate infusion.

    ``duration_day`` 0 is an instantaneous dose.
    """
    return _infused(modes, time_day, duration_day, [np.zeros(1)] * len(modes.rate_per_day))


def depot(modes: Modes, time_day: FloatArray, KA_per_day: FloatArray) -> FloatArray:
    """Concentration per gram, ``time_day`` ≥ 0 after a dose into a first-order depot."""
    ka = KA_per_day[:, None]
    return _sum(modes, [ka * convolved(rate, ka, time_day) for rate in modes.rate_per_day])


def convolved(rate: FloatArray, other: FloatArray, time_day: FloatArray) -> FloatArray:
    """(e^(−rate·t) − e^(−other·t)) / (other − rate): exact at rate = other too, day.

    The slower exponential is taken out, so that what is left is (1 − e⁻ˣ)/x with x ≥ 0.
    """
    slower = np.minimum(rate, other)
    x = np.abs(other - rate) * time_day
    return np.exp(-slower * time_day) * time_day * _one_minus_exp_over(x)


def infused_train(
    modes: Modes,
    earlier: FloatArray,
    which: Draws,
    since_last_day: FloatArray,
    *,
    interval_day: float,
    duration_day: float,
) -> FloatArray:
    """Concentration per gram of one dose, late in a train of equal infusions at equal intervals.

    Parameters
    ----------
    earlier : array (n_counts,)
        Different counts of doses before the last one; infinity is the steady state.
    which : array (n_times,) or slice
        For each time, its index in ``earlier``.
    since_last_day : array (n_times,) or (n_draws, n_times)
        Time since the last dose started.
    duration_day : float
        At most ``interval_day``; 0 is an instantaneous dose.
    """
    before: list[FloatArray] = []
    for rate in modes.rate_per_day:
        one = _one_minus_exp_over(rate * duration_day)
        one = one * np.exp(-rate * (interval_day - duration_day))
        doses = np.expm1(-rate * interval_day * earlier) / np.expm1(-rate * interval_day)
        before.append((one * doses)[:, which])
    return _infused(modes, since_last_day, duration_day, before)


def depot_train(
    modes: Modes,
    earlier: FloatArray,
    which: Draws,
    since_last_day: FloatArray,
    KA_per_day: FloatArray,
    *,
    interval_day: float,
) -> FloatArray:
    """As ``infused_train``, for doses into a first-order depot.

    What is there just before a dose is the steady state less its own wash-out over the time the
    train has run, since the system is linear.
    """
    ka = KA_per_day[:, None]
    steady = np.isinf(earlier)
    run_day = np.where(steady, 0.0, earlier) * interval_day
    depot_steady = np.exp(-ka * interval_day) / -np.expm1(-ka * interval_day)
    depot_before = np.where(steady, depot_steady, depot_steady * -np.expm1(-ka * run_day))
    depot_now = (1.0 + depot_before)[:, which]
    parts: list[FloatArray] = []
    for rate in modes.rate_per_day:
        central_steady = (
            ka
            * convolved(rate, ka, np.array(interval_day))
            / (np.expm1(-ka * interval_day) * np.expm1(-rate * interval_day))
        )
        washed_out = central_steady * np.exp(-rate * run_day)
        washed_out += depot_steady * ka * convolved(rate, ka, run_day)
        central = np.where(steady, central_steady, central_steady - washed_out)[:, which]
        part = depot_now * (ka * convolved(rate, ka, since_last_day))
        part += central * np.exp(-rate * since_last_day)
        parts.append(part)
    return _sum(modes, parts)


def _infused(
    modes: Modes, time_day: FloatArray, duration_day: float, before: list[FloatArray]
) -> FloatArray:
    """One infusion on top of what each mode held before it; one exponential a time and mode."""
    running = np.minimum(time_day, duration_day)
    since_end = time_day - running
    finished = not (time_day < duration_day).any()
    parts: list[FloatArray] = []
    for rate, held in zip(modes.rate_per_day, before, strict=True):
        if finished:
            left = held * np.exp(-rate * duration_day)
            given = _one_minus_exp_over(rate * duration_day)
        else:
            left = held * np.exp(-rate * running)
            given = -np.expm1(-rate * running) / (rate * duration_day)
        parts.append((left + given) * np.exp(-rate * since_end))
    return _sum(modes, parts)


def _sum(modes: Modes, parts: list[FloatArray]) -> FloatArray:
    total = modes.coefficient_per_L[0] * parts[0]
    for coefficient, part in zip(modes.coefficient_per_L[1:], parts[1:], strict=True):
        total = total + coefficient * part
    return total


def _one_minus_exp_over(x: FloatArray) -> FloatArray:
    """(1 − e⁻ˣ)/x: also the part of an infusion that is left at its end, x = rate · duration."""
    nonzero = np.maximum(x, TINY)
    return -np.expm1(-nonzero) / nonzero
