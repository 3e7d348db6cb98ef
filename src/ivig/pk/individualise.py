"""One patient's pharmacokinetic parameters from the IgG levels measured so far."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import inf, isfinite

import numpy as np

from ivig.errors import InputError
from ivig.patient import DatedWeight, Dose, Patient, ProteinLoss, Sample
from ivig.pk.baseline import Baseline
from ivig.pk.concentration import exogenous_g_per_L, total_g_per_L
from ivig.pk.course import Changes, Course
from ivig.pk.disposition import Draws, FloatArray
from ivig.pk.domain import require_usable
from ivig.pk.likelihood import Levels
from ivig.pk.parameters import (
    Parameters,
    log_sd,
    parameters,
)
from ivig.pk.population import ParameterName, PopulationModel, Residual
from ivig.pk.posterior import Method, Posterior, Problem, prior_draws, sample_posterior
from ivig.pk.schedule import Train, history_trains
from ivig.pk.start import Start, find_start
from ivig.pk.varying import VaryingLevels, varying_levels

Names = tuple[ParameterName, ...]
Predict = Callable[[Names, FloatArray, FloatArray], FloatArray]
SEED = 20261122
N_DRAWS = 2000
CANNOT_LEARN = "The model publishes no error or no variability: it cannot learn from levels."
CONTRADICTED = (
    "The levels lie further from this model than its published error explains: check doses, dates "
    "and units before anything is read from this fit."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class IndividualFit:
    """What a model says of one patient: weighted draws of the parameters.

    Parameters
    ----------
    parameters : Parameters
        Each (n_draws,), in step with ``draws`` and ``weights``: those of now and of what is to come.
    typical : Parameters
        The typical patient with these covariates, one draw.
    eta_names, eta, draws, weights
        The random effects, their posterior mode (n_eta,), draws (n_draws, n_eta) on the log scale,
        and normalised weights (n_draws,).
    method : str
        *typical* (no published variability: one draw, no interval), *prior* (no levels), or how
        the posterior was found.
    past : tuple of Train
        The doses given so far, so that what is left of them is part of every prediction.
    course : Course or None
        Where weights or losses are dated: the parameters as they changed. None: they never did.
    """

    model_id: str
    parameters: Parameters
    typical: Parameters
    eta_names: tuple[ParameterName, ...]
    eta: FloatArray
    draws: FloatArray
    weights: FloatArray
    converged: bool
    method: Method
    n_levels_used: int
    baseline: Baseline
    residual: Residual | None
    past: tuple[Train, ...]
    notes: tuple[str, ...]
    course: Course | None = None

    def levels(
        self,
        time_day: FloatArray,
        *,
        given: Sequence[Dose] | None = None,
        earlier: Sequence[Dose] = (),
        planned: Sequence[Dose] = (),
        draws: Draws | None = None,
    ) -> VaryingLevels:
        """Infused and own IgG, past or to come, each (n_draws, n_times).

        Parameters
        ----------
        time_day : array (n_times,)
            A time equal to the start of a dose counts as before it: a trough.
        given : sequence of Dose, optional
            In place of the doses the fit knows.
        earlier, planned : sequence of Dose
            Before and after those given, in order.
        draws : optional
            Only these.
        """
        found = self.parameters if draws is None else self.parameters.take(draws)
        if self.course is None:
            past = self.past if given is None else history_trains(given)
            trains = (*history_trains(earlier), *past, *history_trains(planned))
            infused = exogenous_g_per_L(found, trains, time_day)
            own = np.broadcast_to(found.BL_g_per_L[:, None], infused.shape)
            return VaryingLevels(exogenous_g_per_L=infused, own_g_per_L=own)
        course = self.course if draws is None else self.course.take(draws)
        doses = (*earlier, *(course.doses if given is None else given), *planned)
        ordered = sorted(doses, key=lambda dose: dose.time_day)
        return varying_levels(course.eras, ordered, time_day, losses=course.losses)

    @property
    def ess(self) -> float:
        """Effective sample size, 1 / Σ w²; n_draws without levels."""
        return float(1.0 / (self.weights**2).sum())

    @property
    def has_interval(self) -> bool:
        """Whether the model publishes a variability to draw intervals from."""
        return self.method != "typical"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Effects:
    """Random effects of a model for one patient: names, ω and limits, in one order."""

    names: tuple[ParameterName, ...]
    sd: FloatArray
    limit: FloatArray

    def only(self, chosen: Sequence[int]) -> "_Effects":
        index = list(chosen)
        names: tuple[ParameterName, ...] = tuple(self.names[i] for i in index)
        return _Effects(names=names, sd=self.sd[index], limit=self.limit[index])


def individualise(
    model: PopulationModel,
    patient: Patient,
    doses: Sequence[Dose],
    samples: Sequence[Sample],
    *,
    weights: Sequence[DatedWeight] = (),
    losses: Sequence[ProteinLoss] = (),
    population: str | None = None,
    n_draws: int = N_DRAWS,
    seed: int = SEED,
) -> IndividualFit:
    """The posterior of the random effects η given the samples.

    By importance sampling from a multivariate t round the Laplace mode [kang-2012]_. y is *total*
    measured IgG, f predicted total IgG (own + infused), g² the residual variance; y, f, g in g/L.
    Effects the samples cannot inform (absorption, when nothing was given under the skin) keep
    their prior.

    Parameters
    ----------
    doses : sequence of Dose, length n_doses >= 0
        Every dose so far, in order; ``time_day`` is its start.
    samples : sequence of Sample, length n_samples >= 0
        A sample at the instant of a dose is taken before it (a trough). None: the population prior.
    weights, losses : sequence of DatedWeight, of ProteinLoss
        In place of those of the patient. With either, levels follow the parameters as they changed,
        with the same η throughout, exactly.
    population : str, optional
        Whose group effects apply, e.g. "paediatric_sad".

    Returns
    -------
    IndividualFit
        ``draws`` (n_draws, n_eta) on the log scale with normalised ``weights`` (n_draws,).

    Raises
    ------
    InputError
        Doses, weights or losses out of order, a level that is negative or not a number.
    OutsideModelDomain
        The model never saw such a patient, or is not to be used at all.
    FitError
        The effective sample size stays below 400.

    References
    ----------
    .. [kang-2012] doi:10.4196/kjpp.2012.16.2.97
    """
    patient = _dated(patient, weights, losses)
    require_usable(model, patient, {dose.route for dose in doses})
    past = history_trains(doses)
    _require_levels(samples)
    start = find_start(model, patient, doses, samples, population)
    baseline, _, _, notes = start
    effects, levels = _effects(model, baseline), _levels(samples, baseline.used)
    posterior, n_used = _learn(model, effects, levels, past, start, doses, (n_draws, seed))
    now, usual, course = _parameters(start, effects, posterior, doses)
    cannot = levels is not None and n_used == 0
    return IndividualFit(
        model_id=model.id,
        parameters=now,
        typical=usual,
        eta_names=effects.names,
        eta=posterior.mode,
        draws=posterior.draws,
        weights=posterior.weights,
        converged=posterior.converged,
        method=posterior.method,
        n_levels_used=n_used,
        baseline=baseline,
        residual=model.residual.value if model.residual else None,
        past=past,
        notes=(*notes, *_said(posterior, cannot=cannot)),
        course=course,
    )


def _learn(
    model: PopulationModel,
    effects: _Effects,
    levels: Levels | None,
    past: tuple[Train, ...],
    start: Start,
    doses: Sequence[Dose],
    draws: tuple[int, int],
) -> tuple[Posterior, int]:
    """The posterior and how many levels it used; ``draws`` is their number and seed."""
    if levels is None or model.residual is None or not effects.names:
        return _prior(effects, *draws), 0
    _, typical, changes, _ = start
    predict = _constant(typical, past) if changes is None else _changing(changes, doses)
    residual = model.residual.value
    return _posterior(effects, predict, past, levels, residual, *draws), levels.time_day.size


def _said(posterior: Posterior, *, cannot: bool) -> tuple[str, ...]:
    if cannot:
        return (CANNOT_LEARN,)
    return (CONTRADICTED,) if posterior.contradicted else ()


def _parameters(
    start: Start, effects: _Effects, posterior: Posterior, doses: Sequence[Dose]
) -> tuple[Parameters, Parameters, Course | None]:
    """Of the draws and of the typical patient, now; and the course they took, where they changed."""
    _, typical, changes, _ = start
    if changes is None:
        return parameters(typical, effects.names, posterior.draws), parameters(typical), None
    eras = changes.eras(effects.names, posterior.draws)
    course = Course(eras=eras, losses=changes.losses, doses=tuple(doses))
    return changes.now(eras), changes.now(changes.eras()), course


def _dated(
    patient: Patient, weights: Sequence[DatedWeight], losses: Sequence[ProteinLoss]
) -> Patient:
    if not weights and not losses:
        return patient
    return replace(
        patient,
        weights=tuple(weights) or patient.weights,
        protein_loss=tuple(losses) or patient.protein_loss,
    )


def _constant(typical: dict[ParameterName, float], past: tuple[Train, ...]) -> Predict:
    """Levels, from η, of a patient who never changed."""

    def predict(names: Names, eta: FloatArray, time_day: FloatArray) -> FloatArray:
        return total_g_per_L(parameters(typical, names, eta), past, time_day)

    return predict


def _changing(changes: Changes, doses: Sequence[Dose]) -> Predict:
    def predict(names: Names, eta: FloatArray, time_day: FloatArray) -> FloatArray:
        eras = changes.eras(names, eta)
        return varying_levels(eras, doses, time_day, losses=changes.losses).total_g_per_L

    return predict


def _effects(model: PopulationModel, baseline: Baseline) -> _Effects:
    """Published variability, with the spread of a measured untreated level in place of BL's."""
    names: list[ParameterName] = []
    sd: list[float] = []
    limit: list[float] = []
    for fact in model.variability:
        term = fact.value
        if term.parameter == "BL" and baseline.kind == "patient":
            continue
        names.append(term.parameter)
        sd.append(log_sd(term.cv_percent))
        limit.append(inf if term.truncate_sd is None else term.truncate_sd * sd[-1])
    if baseline.log_sd is not None:
        names.append("BL")
        sd.append(baseline.log_sd)
        limit.append(inf)
    return _Effects(names=tuple(names), sd=np.array(sd), limit=np.array(limit))


def _levels(samples: Sequence[Sample], spent: tuple[int, ...]) -> Levels | None:
    """The samples that are left to learn from; None when there are none."""
    rest = [sample for i, sample in enumerate(samples) if i not in spent]
    if not rest:
        return None
    return Levels(
        time_day=np.array([sample.time_day for sample in rest]),
        igg_g_per_L=np.array([sample.igg_g_per_L for sample in rest]),
        below_limit=np.array([sample.below_limit for sample in rest]),
    )


def _prior(effects: _Effects, n_draws: int, seed: int) -> Posterior:
    n_eta = len(effects.names)
    n = n_draws if n_eta else 1
    return Posterior(
        mode=np.zeros(n_eta),
        converged=True,
        draws=prior_draws(effects.sd, effects.limit, n_draws=n, seed=seed),
        weights=np.full(n, 1.0 / n),
        method="prior" if n_eta else "typical",
    )


def _posterior(
    effects: _Effects,
    predict: Predict,
    past: tuple[Train, ...],
    levels: Levels,
    residual: Residual,
    n_draws: int,
    seed: int,
) -> Posterior:
    """Sample the effects the levels inform; the others keep their prior, independently."""
    chosen = _informed(effects.names, past)
    part = effects.only(chosen)

    problem = Problem(
        residual=residual,
        levels=levels,
        predict=lambda eta: predict(part.names, eta, levels.time_day),
        sd=part.sd,
        limit=part.limit,
    )
    found = sample_posterior(problem, n_draws=n_draws, seed=seed)
    draws = prior_draws(effects.sd, effects.limit, n_draws=found.weights.size, seed=seed + 2).copy()
    draws[:, chosen] = found.draws
    mode = np.zeros(len(effects.names))
    mode[chosen] = found.mode
    return Posterior(
        mode=mode,
        converged=found.converged,
        draws=draws,
        weights=found.weights,
        method=found.method,
        contradicted=found.contradicted,
    )


def _informed(names: tuple[ParameterName, ...], past: tuple[Train, ...]) -> list[int]:
    """Indices of the effects that levels after these doses depend on."""
    routes = {train.route for train in past}
    idle: set[ParameterName] = set()
    if "sc" not in routes:
        idle.add("F_SC")
    if "fsc" not in routes:
        idle.add("F_fSC")
    if not routes - {"iv"}:
        idle.add("KA")
    return [i for i, name in enumerate(names) if name not in idle]


def _require_levels(samples: Sequence[Sample]) -> None:
    for i, sample in enumerate(samples):
        if not (isfinite(sample.igg_g_per_L) and sample.igg_g_per_L >= 0):
            raise InputError(f"levels[{i}].igg_g_per_L", sample.igg_g_per_L, "0 g/L or more")
        if not isfinite(sample.time_day):
            raise InputError(f"levels[{i}].time_day", sample.time_day, "a number of days")
