"""Whether an individual fit can be trusted: each level against the others, and what was learned.

A level is left out, the model fitted to the others, and the level compared with where they put it.
For one outside that interval, each slip that could have made it is tried in turn: the level is
predicted as if the slip had happened, and the slips are ranked by how likely that makes it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import exp, log, sqrt

import numpy as np

from ivig.cited import Cited, Interval
from ivig.errors import FitError
from ivig.patient import Dose, Patient, Sample
from ivig.pk.aberrant import Expected, Explanation, expected_level, explain
from ivig.pk.disposition import FloatArray
from ivig.pk.individualise import IndividualFit, individualise
from ivig.pk.parameters import log_sd
from ivig.pk.population import PopulationModel, Variability
from ivig.pk.quantile import interval
from ivig.pk.steady import half_life_day

NOT_NARROWER = 0.95  # of the width of the prior's interval, on the log scale
SHRINKAGE = (
    "Shrinkage is the part of the prior's variance that the levels leave (posterior variance / prior "
    "variance, log scale): how much of the estimate still is the population's; 100 % says nothing was "
    "learned."
)
OCCASIONS = (
    "The residual error holds the differences from one occasion to the next, since the model "
    "publishes none apart."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """One parameter before and after the levels.

    ``status``: *estimated* · *not_estimable*, its interval is not narrower than before · *fixed* by
    the model, which publishes no variability of it.
    """

    name: str
    unit: str
    prior: Interval
    posterior: Interval
    shrinkage_percent: float | None
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelCheck:
    """One level against the others; ``explanations`` only for one outside, the likeliest first.

    ``expected_g_per_L`` is where 95 % of measured levels would lie; None when the others allow no
    fit, which ``text`` says.
    """

    time_day: float
    igg_g_per_L: float
    below_limit: bool
    expected_g_per_L: Interval | None
    outside: bool
    away_sd: float
    text: str
    explanations: tuple[Explanation, ...] = ()


@dataclass(frozen=True, slots=True)
class _Case:
    model: PopulationModel
    patient: Patient
    doses: tuple[Dose, ...]
    samples: tuple[Sample, ...]
    population: str | None


def population_prior(
    model: PopulationModel,
    patient: Patient,
    doses: Sequence[Dose],
    samples: Sequence[Sample],
    fit: IndividualFit,
    *,
    population: str | None = None,
) -> IndividualFit:
    """The model before the levels; an untreated level stays known as own IgG."""
    untreated = [samples[i] for i in fit.baseline.used]
    return individualise(model, patient, doses, untreated, population=population)


def learned(prior: IndividualFit, fit: IndividualFit) -> tuple[Learned, ...]:
    """Clearance, volumes, half-life, own IgG and, for routes used so far, absorption."""
    before, after = _quantities(prior), _quantities(fit)
    return tuple(
        _learned(name, unit, (before[name][1], prior.weights), (values, fit.weights))
        for name, (unit, values) in after.items()
    )


def check_levels(
    model: PopulationModel,
    patient: Patient,
    doses: Sequence[Dose],
    samples: Sequence[Sample],
    *,
    population: str | None = None,
) -> tuple[LevelCheck, ...]:
    """Leave-one-out check of every level the fit learns from, in the order given.

    A single level is held against the population. When several lie outside, the furthest is set
    aside and the others are judged again without it. Empty when the model cannot learn.
    """
    first = individualise(model, patient, doses, (), population=population)
    if first.residual is None or not first.has_interval:
        return ()
    untreated = _untreated(doses, samples)
    tested = [i for i in range(len(samples)) if i not in untreated]
    case = _Case(model, patient, tuple(doses), tuple(samples), population)
    checks = {i: _check(case, i, frozenset()) for i in tested}
    aside: frozenset[int] = frozenset()
    for _ in tested:
        outside = [i for i in tested if i not in aside and checks[i].outside]
        if len(outside) < 2:
            break
        # one wrong level makes the right ones look wrong: judge the rest without the worst
        aside |= {max(outside, key=lambda i: checks[i].away_sd)}
        checks |= {i: _check(case, i, aside) for i in tested if i not in aside}
    return tuple(checks[i] for i in tested)


def check_alone(
    model: PopulationModel,
    patient: Patient,
    doses: Sequence[Dose],
    samples: Sequence[Sample],
    *,
    population: str | None = None,
) -> tuple[LevelCheck, ...]:
    """Every level against the population alone: for levels that contradict each other."""
    case = _Case(model, patient, tuple(doses), tuple(samples), population)
    untreated = _untreated(doses, samples)
    everything = frozenset(range(len(samples))) - untreated
    return tuple(_check(case, i, everything) for i in sorted(everything))


def weaker_prior(model: PopulationModel) -> PopulationModel:
    """The same model with the SD of every random effect doubled (any cut-off stays where it is)."""

    def twice(fact: Cited[Variability]) -> Cited[Variability]:
        term = fact.value
        doubled = 100.0 * sqrt(exp((2.0 * log_sd(term.cv_percent)) ** 2) - 1.0)
        cut = None if term.truncate_sd is None else term.truncate_sd / 2.0
        return replace(fact, value=replace(term, cv_percent=doubled, truncate_sd=cut))

    return replace(model, variability=tuple(twice(fact) for fact in model.variability))


def _quantities(fit: IndividualFit) -> dict[str, tuple[str, FloatArray]]:
    found = fit.parameters
    always: dict[str, tuple[str, FloatArray]] = {
        "clearance": ("L/day", found.CL_L_per_day),
        "central volume": ("L", found.Vc_L),
        "half-life": ("day", half_life_day(found)),
        "own IgG": ("g/L", found.BL_g_per_L),
    }
    varying = {
        "Q": ("exchange between compartments", "L/day", found.Q_L_per_day),
        "Vp": ("peripheral volume", "L", found.Vp_L),
        "KA": ("absorption rate", "per day", found.KA_per_day),
        "F_SC": ("bioavailability, SC", "", found.F_SC),
        "F_fSC": ("bioavailability, facilitated SC", "", found.F_fSC),
    }
    routes = {train.route for train in fit.past}
    silent = {"KA": routes <= {"iv"}, "F_SC": "sc" not in routes, "F_fSC": "fsc" not in routes}
    for name, (words, unit, values) in varying.items():
        if name in fit.eta_names and values is not None and not silent.get(name):
            always[words] = (unit, values)
    return always


def _learned(
    name: str,
    unit: str,
    before: tuple[FloatArray, FloatArray],
    after: tuple[FloatArray, FloatArray],
) -> Learned:
    prior, posterior = interval(*before), interval(*after)
    prior_variance, variance = _log_variance(*before), _log_variance(*after)
    if prior_variance < 1e-18:
        shrinkage, status = None, "fixed"
    else:
        shrinkage = 100.0 * min(variance / prior_variance, 1.0)
        narrower = _log_width(posterior) < NOT_NARROWER * _log_width(prior)
        status = "estimated" if narrower else "not_estimable"
    return Learned(
        name=name,
        unit=unit,
        prior=prior,
        posterior=posterior,
        shrinkage_percent=shrinkage,
        status=status,
    )


def _log_variance(values: FloatArray, weights: FloatArray) -> float:
    logs = np.log(np.maximum(values, 1e-12))
    return float(weights @ (logs - weights @ logs) ** 2)


def _log_width(found: Interval) -> float:
    return log(max(found.high, 1e-12) / max(found.low, 1e-12))


def _untreated(doses: Sequence[Dose], samples: Sequence[Sample]) -> set[int]:
    """Levels that are own IgG, or nothing a dose could explain."""
    first = min((dose.time_day for dose in doses), default=np.inf)
    return {i for i, sample in enumerate(samples) if sample.time_day <= first}


def _check(case: _Case, index: int, aside: frozenset[int]) -> LevelCheck:
    sample = case.samples[index]
    others = [s for i, s in enumerate(case.samples) if i != index and i not in aside]
    below = "< " if sample.below_limit else ""
    shown = f"{below}{sample.igg_g_per_L:g} g/L on day {sample.time_day:g}"
    try:
        fit = individualise(
            case.model, case.patient, case.doses, others, population=case.population
        )
    except FitError as error:
        return _unchecked(sample, f"{shown}: not checked, because without it {error}")
    found = expected_level(fit, sample)
    explanations = explain(fit, case.doses, case.samples, sample) if found.outside else ()
    by = "the other levels and the doses" if fit.n_levels_used else "the population and the doses"
    if aside and fit.n_levels_used:
        days = ", ".join(f"{case.samples[i].time_day:g}" for i in sorted(aside))
        by += f" (without the level on day {days})"
    return LevelCheck(
        time_day=sample.time_day,
        igg_g_per_L=sample.igg_g_per_L,
        below_limit=sample.below_limit,
        expected_g_per_L=found.interval_g_per_L,
        outside=found.outside,
        away_sd=found.away_sd,
        text=_sentence(shown, sample, found, by, explanations),
        explanations=explanations,
    )


def _unchecked(sample: Sample, text: str) -> LevelCheck:
    return LevelCheck(
        time_day=sample.time_day,
        igg_g_per_L=sample.igg_g_per_L,
        below_limit=sample.below_limit,
        expected_g_per_L=None,
        outside=False,
        away_sd=0.0,
        text=text,
    )


def _sentence(
    shown: str,
    sample: Sample,
    found: Expected,
    by: str,
    explanations: Sequence[Explanation],
) -> str:
    low, high = found.interval_g_per_L.low, found.interval_g_per_L.high
    if not found.outside:
        return f"{shown} agrees with {by} ({low:.1f} to {high:.1f} g/L expected)."
    side = "low" if sample.igg_g_per_L < found.interval_g_per_L.median else "high"
    text = f"{shown} is too {side} for {by}: 95 % of measured levels would lie in {low:.1f} to {high:.1f} g/L."
    if not explanations:
        return f"{text} No single slip that was tried explains it; measure again."
    ways = "; ".join(f"{one.text}" for one in explanations[:3])
    return f"{text} Likeliest first: {ways}. Check before changing a dose."
