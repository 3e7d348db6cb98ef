"""The compiled mode against SciPy, against the NumPy engine, and against finite differences."""

from itertools import pairwise

import numpy as np
import pytest
from bench import workload_w4
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from ivig.errors import InputError
from ivig.knowledge import Knowledge
from ivig.patient import Dose, Sample
from ivig.pk.concentration import total_g_per_L
from ivig.pk.kernels.cases import Cases, Known, gather
from ivig.pk.kernels.map_fit import map_fit
from ivig.pk.kernels.objective import begin, negative_log_posterior, room_for
from ivig.pk.likelihood import Levels
from ivig.pk.parameters import log_sd, parameters
from ivig.pk.population import PopulationModel, Residual
from ivig.pk.posterior import Problem, find_mode
from ivig.pk.schedule import history_trains

ERROR = Residual(additive_sd_g_per_L=0.3, proportional_sd_fraction=0.1)
ADULT = {
    "CL": 0.14,
    "Vc": 3.6,
    "Q": 0.3,
    "Vp": 3.0,
    "KA": 0.3,
    "F_SC": 0.7,
    "F_fSC": 0.9,
    "BL": 4.0,
}
ALL = ("CL", "Vc", "Q", "Vp", "KA", "F_SC", "F_fSC", "BL")


def numpy_problem(
    typical: dict[str, float],
    doses: list[Dose],
    levels: list[Sample],
    effects: tuple[str, ...],
    sd: np.ndarray,
    limit: np.ndarray,
    residual: Residual,
) -> Problem:
    data = Levels(
        time_day=np.array([level.time_day for level in levels]),
        igg_g_per_L=np.array([level.igg_g_per_L for level in levels]),
        below_limit=np.array([level.below_limit for level in levels]),
    )
    past = history_trains(doses)

    def predict(eta: np.ndarray) -> np.ndarray:
        return total_g_per_L(parameters(typical, effects, eta), past, data.time_day)

    return Problem(residual=residual, levels=data, predict=predict, sd=sd, limit=limit)


def published(model: PopulationModel) -> tuple[tuple[str, ...], np.ndarray, np.ndarray]:
    terms = [fact.value for fact in model.variability]
    sd = np.array([log_sd(term.cv_percent) for term in terms])
    cut = np.array([np.inf if term.truncate_sd is None else term.truncate_sd for term in terms])
    return tuple(term.parameter for term in terms), sd, cut * sd


def test_no_level_leaves_the_typical_patient() -> None:
    cases = gather(
        [Known(ADULT, [], [])], effects=("CL", "Vc"), sd=np.array([0.3, 0.2]), residual=ERROR
    )
    fit = map_fit(cases)
    assert (fit.eta == 0.0).all()
    assert fit.ofv[0] == 0.0
    np.testing.assert_allclose(fit.covariance[0], np.diag([0.09, 0.04]))


def test_low_levels_mean_fast_clearance() -> None:
    doses = [Dose(time_day=28.0 * i, amount_g=28, duration_h=3) for i in range(6)]
    known = [Known(ADULT, doses, [Sample(time_day=168, igg_g_per_L=y)]) for y in (5.0, 7.0, 12.0)]
    fit = map_fit(gather(known, effects=("CL",), sd=np.array([0.4]), residual=ERROR))
    assert all(low > high for low, high in pairwise(fit.eta[:, 0]))


def test_modes_are_the_lowest_that_scipy_finds() -> None:
    fit = map_fit(workload_w4.cases())
    assert fit.converged.all()
    for patient in range(0, workload_w4.N, 25):
        found = minimize(
            lambda eta, i=patient: workload_w4.ofv(i, eta)[0], np.zeros(3), method="Nelder-Mead"
        )
        best = minimize(lambda eta, i=patient: workload_w4.ofv(i, eta)[0], found.x, method="BFGS")
        assert fit.ofv[patient] <= best.fun + 1e-6
        assert fit.ofv[patient] == pytest.approx(workload_w4.ofv(patient, fit.eta[patient])[0])


def test_a_patient_is_fitted_alike_alone_and_among_others() -> None:
    together = map_fit(workload_w4.cases())
    for patient in (0, 70, 999):
        alone = map_fit(workload_w4.cases(np.array([patient])))
        assert alone.eta.tobytes() == together.eta[patient].tobytes()
        assert alone.covariance.tobytes() == together.covariance[patient].tobytes()


@st.composite
def histories(draw: st.DrawFn, routes: tuple[str, ...]) -> tuple[list[Dose], list[Sample]]:
    """Regular or irregular doses of any route, some infusions overlapping; levels in any order."""
    kind = draw(st.sampled_from(routes))
    count = draw(st.integers(1, 12))
    regular = draw(st.booleans())
    gaps = [draw(st.floats(0.2, 40)) for _ in range(1 if regular else count)]
    times = np.cumsum(gaps * count if regular else gaps)
    doses = [
        Dose(
            time_day=float(time),
            amount_g=draw(st.floats(5, 60)),
            route=draw(st.sampled_from(routes)) if draw(st.booleans()) else kind,
            duration_h=draw(st.sampled_from([None, 3.0, 8.0])),
        )
        for time in times
    ]
    levels = [
        Sample(
            time_day=draw(st.one_of(st.floats(0, 500), st.sampled_from([float(t) for t in times]))),
            igg_g_per_L=draw(st.floats(3, 20)),
            below_limit=draw(st.integers(0, 9)) == 0,
        )
        for _ in range(draw(st.integers(1, 6)))
    ]
    return doses, levels


@settings(max_examples=150, deadline=None)
@given(
    history=histories(("iv", "sc", "fsc")),
    ka=st.sampled_from([0.05, 0.3, 0.14 / 3.6]),
    one_compartment=st.booleans(),
    production=st.sampled_from([0.0, 0.6]),
    seed=st.integers(0, 1000),
)
def test_objective_and_slopes_are_those_of_numpy(
    history: tuple[list[Dose], list[Sample]],
    ka: float,
    one_compartment: bool,
    production: float,
    seed: int,
) -> None:
    doses, levels = history
    typical = {**ADULT, "KA": ka, "BL": 4.0 * (production == 0.0)}
    if one_compartment:
        typical = {name: value for name, value in typical.items() if name not in ("Q", "Vp")}
    effects = tuple(name for name in ALL if name in typical)
    sd, limit = np.full(len(effects), 0.4), np.full(len(effects), np.inf)
    limit[1] = 0.5
    known = Known(typical, doses, levels, production)
    cases = gather([known], effects=effects, sd=sd, limit=limit, residual=ERROR)
    u = np.random.default_rng(seed).normal(0, 0.3, len(effects)) * (seed % 3 > 0)
    room = room_for(cases)
    begin(cases, 0, room)
    value = negative_log_posterior(cases, 0, u, room, True)
    gradient = room.gradient.copy()
    if production == 0.0:
        problem = numpy_problem(typical, doses, levels, effects, sd, limit, ERROR)
        assert value == pytest.approx(
            problem.negative_log_posterior(u[None])[0], rel=1e-9, abs=1e-9
        )
    for i, step in enumerate(1e-5 * np.eye(u.size)):
        ahead = negative_log_posterior(cases, 0, u + step, room, False)
        behind = negative_log_posterior(cases, 0, u - step, room, False)
        assert gradient[i] == pytest.approx((ahead - behind) / 2e-5, rel=1e-5, abs=1e-4)


@pytest.mark.parametrize("offset", [0.0, 1e-12, 1e-7])
def test_ten_years_of_weekly_doses_are_predicted_to_1e10(offset: float) -> None:
    near = 0.14 / 3.6 * (1 + offset)
    typical = {"CL": 0.14, "Vc": 3.6, "KA": near, "F_SC": 0.7, "BL": 4.0}
    doses = [Dose(time_day=7.0 * i, amount_g=8, route="sc") for i in range(520)]
    levels = [Sample(time_day=day, igg_g_per_L=9) for day in (3640.0, 3.5, 400.25, 4000.0)]
    known = [Known(typical, doses, levels)]
    cases = gather(known, effects=("CL",), sd=np.array([0.3]), residual=ERROR)
    room = room_for(cases)
    begin(cases, 0, room)
    negative_log_posterior(cases, 0, np.zeros(1), room, False)
    days = np.array([level.time_day for level in levels])
    wanted = total_g_per_L(parameters(typical), history_trains(doses), days)[0]
    np.testing.assert_allclose(room.curve.predicted, wanted, rtol=1e-10)


IDS = ["navarro_mora_2022", "li_2022", "zhang_2020", "dumas_2019", "cheng_2026", "tortorici_2019"]


@settings(max_examples=100, deadline=None)
@given(
    grams=st.floats(10, 80),
    level=st.floats(3, 25),
    later=st.floats(0.7, 1.4),
    model_id=st.sampled_from(IDS),
    days=st.sampled_from([7.0, 21.0, 28.0]),
)
def test_modes_are_those_of_the_numpy_engine(
    grams: float, level: float, later: float, model_id: str, days: float, knowledge: Knowledge
) -> None:
    model = knowledge.models[model_id]
    assert model.residual is not None
    typical = {name: fact.value for name, fact in model.typical.items()}
    effects, sd, limit = published(model)
    doses = [Dose(time_day=days * i, amount_g=grams, duration_h=3) for i in range(10)]
    levels = [
        Sample(time_day=9 * days, igg_g_per_L=level),
        Sample(time_day=10 * days, igg_g_per_L=level * later),
    ]
    residual = model.residual.value
    problem = numpy_problem(typical, doses, levels, effects, sd, limit, residual)
    mode, covariance, converged = find_mode(problem)
    known = [Known(typical, doses, levels)]
    fit = map_fit(gather(known, effects=effects, sd=sd, limit=limit, residual=residual))
    assert converged
    assert fit.converged.all()
    best = problem.negative_log_posterior(mode[None])[0]
    assert fit.ofv[0] / 2 == pytest.approx(best, abs=1e-6)
    np.testing.assert_allclose(fit.u[0] / sd, mode / sd, atol=1e-6)
    np.testing.assert_allclose(fit.covariance[0], covariance, rtol=1e-4, atol=1e-8)


def test_a_model_with_a_rate_constant_follows_its_volume() -> None:
    typical = {"Kel": 0.05, "Vc": 6.0, "BL": 5.0}
    doses = [Dose(time_day=21.0 * i, amount_g=60) for i in range(3)]
    levels = [Sample(time_day=21.5, igg_g_per_L=22.0), Sample(time_day=42, igg_g_per_L=9.0)]
    sd, limit = np.array([0.3, 0.4]), np.full(2, np.inf)
    problem = numpy_problem(typical, doses, levels, ("Kel", "Vc"), sd, limit, ERROR)
    fit = map_fit(
        gather([Known(typical, doses, levels)], effects=("Kel", "Vc"), sd=sd, residual=ERROR)
    )
    np.testing.assert_allclose(fit.eta[0], find_mode(problem)[0], atol=1e-6)


def broken(**changes: object) -> Cases:
    return workload_w4.cases(np.arange(3))._replace(**changes)


@pytest.mark.parametrize(
    ("cases", "message"),
    [
        (broken(level_g_per_L=np.full(12, -1.0)), r"level_g_per_L\[0\]"),
        (broken(level_day=np.array([21.0] * 11 + [np.nan])), r"level_day\[11\]"),
        (broken(dose_g=np.zeros(18)), r"dose_g\[0\]"),
        (broken(dose_day=np.tile([0.0, 1, 2, 3, 5, 4], 3)), r"dose_day\[4\]"),
        (broken(dose_route=np.ones(18, dtype=np.int64)), "KA and F above 0"),
        (broken(additive_sd_g_per_L=0.0, proportional_sd_fraction=0.0), "residual"),
        (broken(sd=np.zeros((3, 3))), r"sd\[0\]"),
    ],
)
def test_what_cannot_be_fitted_is_refused_by_row(cases: Cases, message: str) -> None:
    with pytest.raises(InputError, match=message):
        map_fit(cases)


def test_no_patient_is_refused() -> None:
    with pytest.raises(InputError, match="at least one patient"):
        gather([], effects=("CL",), sd=np.array([0.3]), residual=ERROR)
