"""The workloads W1 to W3: their patients, doses, times, and closed forms that share no code with ivig."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ivig.pk.schedule import Train

Array = NDArray[np.float64]

DAYS = np.arange(1.0, 366.0)
FCRN_DAYS = np.arange(1.0, 169.0)
KIN_G_PER_DAY = 0.6
KA_PER_DAY, F_SC = 0.25, 0.67
TRACER_U_PER_L = 100.0

IV = (Train(start_day=0, interval_day=21, n_doses=18, amount_g=28, route="iv", duration_day=0.125),)
SC = (Train(start_day=0, interval_day=7, n_doses=52, amount_g=10, route="sc"),)
HIGH_DOSE = (
    Train(start_day=0, interval_day=1, n_doses=5, amount_g=28, route="iv", duration_day=0.25),
    Train(start_day=21, interval_day=21, n_doses=7, amount_g=70, route="iv", duration_day=0.25),
)


def _population(seed: int, typical: Sequence[float], cv: Sequence[float], n: int) -> list[Array]:
    spread = np.sqrt(np.log1p(np.square(cv)))
    z = np.random.default_rng(seed).standard_normal((n, len(typical)))
    return [np.ascontiguousarray(column) for column in (np.array(typical) * np.exp(spread * z)).T]


@dataclass(frozen=True, slots=True, kw_only=True)
class Linear:
    """Patients of W1 and W2."""

    CL_L_per_day: Array
    Vc_L: Array
    Q_L_per_day: Array
    Vp_L: Array

    def take(self, which: slice) -> "Linear":
        return Linear(
            CL_L_per_day=self.CL_L_per_day[which],
            Vc_L=self.Vc_L[which],
            Q_L_per_day=self.Q_L_per_day[which],
            Vp_L=self.Vp_L[which],
        )

    def simulate(self, schedule: Any, out: Array) -> Array:
        from ivig.pk.kernels import simulate_linear

        n = self.Vc_L.size
        return simulate_linear(
            self.CL_L_per_day,
            self.Vc_L,
            self.Q_L_per_day,
            self.Vp_L,
            np.full(n, KA_PER_DAY),
            np.full(n, F_SC),
            KIN_G_PER_DAY / self.CL_L_per_day,
            1.0,
            schedule,
            out,
        )


def linear(n: int) -> Linear:
    clearance, central, between, peripheral = _population(
        20260101, (0.15, 3.0, 0.5, 2.5), (0.30, 0.25, 0.35, 0.30), n
    )
    return Linear(CL_L_per_day=clearance, Vc_L=central, Q_L_per_day=between, Vp_L=peripheral)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fcrn:
    """Patients of W3."""

    kdeg_per_day: Array
    Kd_g_per_L: Array
    C0_g_per_L: Array
    Vc_L: Array
    Q_L_per_day: Array
    Vp_L: Array

    @property
    def Rmax_g_per_L(self) -> Array:
        return self.Kd_g_per_L * 5.0 / 6.0

    def simulate(self, out: Array) -> Array:
        from ivig.pk.kernels import simulate_fcrn

        return simulate_fcrn(
            self.kdeg_per_day,
            self.Kd_g_per_L,
            self.Rmax_g_per_L,
            self.C0_g_per_L,
            self.Vc_L,
            self.Q_L_per_day,
            self.Vp_L,
            TRACER_U_PER_L,
            1.0,
            HIGH_DOSE,
            FCRN_DAYS,
            out,
        )


def fcrn(n: int) -> Fcrn:
    kdeg, kd, c0, central, between, peripheral = _population(
        20260303, (0.18, 40.0, 10.0, 3.0, 0.5, 2.5), (0.20, 0.20, 0.25, 0.25, 0.35, 0.30), n
    )
    return Fcrn(
        kdeg_per_day=kdeg,
        Kd_g_per_L=kd,
        C0_g_per_L=c0,
        Vc_L=central,
        Q_L_per_day=between,
        Vp_L=peripheral,
    )


def closed_form(patients: Linear, train: Train) -> Array:
    """W1 or W2 by superposition of doses, in the textbook form."""
    k10 = patients.CL_L_per_day / patients.Vc_L
    k12, k21 = patients.Q_L_per_day / patients.Vc_L, patients.Q_L_per_day / patients.Vp_L
    total = k10 + k12 + k21
    fast = 0.5 * (total + np.sqrt(total * total - 4.0 * k10 * k21))
    slow = k10 * k21 / fast
    shares = (fast - k21) / (fast - slow), (k21 - slow) / (fast - slow)
    found = np.repeat((KIN_G_PER_DAY / patients.CL_L_per_day)[:, None], DAYS.size, axis=1)
    for i in range(train.n_doses or 0):
        since = np.maximum(DAYS - train.start_day - train.interval_day * i, 0.0)
        for rate, share in zip((fast[:, None], slow[:, None]), shares, strict=True):
            one = (
                _infused(rate, since, train.duration_day)
                if train.duration_day
                else _absorbed(rate, since)
            )
            found += train.amount_g * (share / patients.Vc_L)[:, None] * one
    return found


def _infused(rate: Array, since: Array, duration: float) -> Array:
    running = np.minimum(since, duration)
    return -np.expm1(-rate * running) / (rate * duration) * np.exp(-rate * (since - running))


def _absorbed(rate: Array, since: Array) -> Array:
    x = (KA_PER_DAY - rate) * since
    grown = np.where(np.abs(x) < 1e-8, 1.0 + x / 2.0, np.expm1(x) / np.where(x == 0.0, 1.0, x))
    return F_SC * KA_PER_DAY * np.exp(-KA_PER_DAY * since) * since * grown
