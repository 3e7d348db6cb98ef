"""Individual estimation: the mode and the whole posterior of 1,000 patients (workload W4)."""

import time
from collections.abc import Callable
from statistics import median

import numpy as np

from bench import workload_w4
from bench.row import Row
from ivig.pk.kernels.cases import Cases
from ivig.pk.kernels.map_fit import map_fit
from ivig.pk.kernels.posterior import sample_posteriors

N_ALONE = 200
N_SCIPY = 20
N_NUMPY = 20


def run() -> list[Row]:
    cases = workload_w4.cases()
    alone = [workload_w4.cases(np.array([i])) for i in range(N_ALONE)]
    for compiled in (cases, alone[0]):
        map_fit(compiled)
        sample_posteriors(compiled)
    scipy_s, numpy_s = _scipy_s(), _numpy_s()
    return [*_modes(cases, alone, scipy_s), *_posteriors(cases, alone, numpy_s)]


def _modes(cases: Cases, alone: list[Cases], scipy_s: float) -> list[Row]:
    fit = map_fit(cases)
    seconds = median(_times(lambda: map_fit(cases), 51))
    one = median(_times(map_fit, 1, alone))
    worst = max(
        fit.ofv[i] - workload_w4.ofv(i, _best(i, fit.eta[i]))[0]
        for i in range(0, workload_w4.N, 10)
    )
    per_s = workload_w4.N / seconds
    against = f"SciPy BFGS on NumPy, {1000 * scipy_s:.1f} ms a patient"
    return [
        Row(
            what="W4a MAP, 1,000 patients",
            measured=f"{per_s:,.0f}/s",
            wanted="≥ 100,000/s",
            ratio=scipy_s * per_s,
            against=against,
        ),
        Row(
            what="W4a MAP, one patient, warm",
            measured=f"{1000 * one:.3f} ms",
            wanted="< 3 ms",
            ratio=scipy_s / one,
            against=against,
        ),
        Row(
            what="W4a OFV above the best found, worst of 100",
            measured=f"{worst:.1e}",
            wanted="< 1e-3",
            ratio=worst / 1e-3,
            against="the limit",
        ),
    ]


def _posteriors(cases: Cases, alone: list[Cases], numpy_s: float) -> list[Row]:
    fit = map_fit(cases)
    found = sample_posteriors(cases, fit)
    one = median(_times(sample_posteriors, 1, alone))
    seconds = median(_times(lambda: sample_posteriors(cases), 3)) / workload_w4.N
    mean, sd = zip(
        *(
            workload_w4.quadrature(i, fit.eta[i], fit.covariance[i], n_nodes=16)
            for i in range(workload_w4.N)
        ),
        strict=True,
    )
    off = float(np.abs((found.mean - np.array(mean)) / np.array(sd)).max())
    own_sd = np.sqrt(np.diagonal(found.covariance, axis1=1, axis2=2))
    wide = float(np.abs(own_sd / np.array(sd) - 1.0).max())
    against = f"the NumPy engine, {1000 * numpy_s:.1f} ms a patient"
    ess = float(found.ess.min())
    return [
        _row(
            "W4b posterior, 1,000 patients",
            f"{1000 * seconds:.2f} ms",
            "< 5 ms",
            numpy_s / seconds,
            against,
        ),
        _row(
            "W4b posterior, one patient, warm",
            f"{1000 * one:.2f} ms",
            "< 5 ms",
            numpy_s / one,
            against,
        ),
        _row("W4b ESS, lowest of 1,000", f"{ess:,.0f}", "≥ 1,000", ess / 1000, "the limit"),
        _row("W4b mean off quadrature, worst", f"{off:.3f} SD", "< 0.1 SD", off / 0.1, "the limit"),
        _row(
            "W4b SD off quadrature, worst", f"{100 * wide:.1f} %", "< 10 %", wide / 0.1, "the limit"
        ),
    ]


def _row(what: str, measured: str, wanted: str, ratio: float, against: str) -> Row:
    return Row(what=what, measured=measured, wanted=wanted, ratio=ratio, against=against)


def _best(patient: int, start: np.ndarray) -> np.ndarray:
    """The best of SciPy's from the typical patient and from our own mode."""
    from scipy.optimize import minimize

    found = [
        minimize(lambda eta: workload_w4.ofv(patient, eta)[0], x, method="BFGS")
        for x in (np.zeros(3), start)
    ]
    return min(found, key=lambda one: one.fun).x


def _scipy_s() -> float:
    from scipy.optimize import minimize

    def fit(patient: int) -> object:
        return minimize(lambda eta: workload_w4.ofv(patient, eta)[0], np.zeros(3), method="BFGS")

    return median(_times(fit, 1, list(range(N_SCIPY))))


def _numpy_s() -> float:
    """The NumPy engine on the same levels: mode and 2,000 draws."""
    from ivig.patient import Dose
    from ivig.pk.concentration import total_g_per_L
    from ivig.pk.likelihood import Levels
    from ivig.pk.parameters import parameters
    from ivig.pk.population import Residual
    from ivig.pk.posterior import Problem, sample_posterior
    from ivig.pk.schedule import history_trains

    past = history_trains([Dose(time_day=21.0 * i, amount_g=28, duration_h=3) for i in range(6)])
    residual = Residual(additive_sd_g_per_L=0.3, proportional_sd_fraction=0.1)
    typical = {**workload_w4.TYPICAL, "BL": 0.0}

    def fit(patient: int) -> object:
        n = int(workload_w4.COUNTS[patient])
        levels = Levels(
            time_day=workload_w4.TROUGH_DAY[:n],
            igg_g_per_L=workload_w4.OBSERVED[patient, :n],
            below_limit=np.zeros(n, dtype=np.bool_),
        )

        def predict(eta: np.ndarray) -> np.ndarray:
            own = parameters(typical, ("CL", "Vc", "Vp"), eta)
            made = workload_w4.KIN_G_PER_DAY / own.CL_L_per_day
            return made[:, None] + total_g_per_L(own, past, levels.time_day)

        problem = Problem(
            residual=residual,
            levels=levels,
            predict=predict,
            sd=workload_w4.OMEGA,
            limit=np.full(3, np.inf),
        )
        return sample_posterior(problem, n_draws=2000, seed=1)

    return median(_times(fit, 1, list(range(N_NUMPY))))


def _times(
    action: Callable[..., object],
    repeats: int,
    arguments: list[object] | list[Cases] | list[int] | None = None,
) -> list[float]:
    """Seconds of each call: with each argument, or without any."""
    found: list[float] = []
    for _ in range(repeats):
        for argument in [()] if arguments is None else [(one,) for one in arguments]:
            start = time.perf_counter()
            action(*argument)
            found.append(time.perf_counter() - start)
    return found
