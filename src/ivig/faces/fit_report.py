"""What ``ivig fit`` says of one patient: gathered from ``ivig.pk``, as values and as text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ivig.cited import Interval
from ivig.errors import FitError, InputError, OutsideModelDomain
from ivig.patient import Dose, Patient, Route, Sample
from ivig.pk.averaging import Average, average
from ivig.pk.choose import PkPopulation, choose
from ivig.pk.concentration import steady_exogenous_g_per_L
from ivig.pk.current import current_dosing
from ivig.pk.diagnose import (
    OCCASIONS,
    SHRINKAGE,
    Learned,
    LevelCheck,
    check_alone,
    check_levels,
    learned,
    population_prior,
    weaker_prior,
)
from ivig.pk.disposition import FloatArray
from ivig.pk.domain import marks, usable
from ivig.pk.exposure import steady_trough
from ivig.pk.individualise import IndividualFit, individualise
from ivig.pk.next_level import NextLevel, next_level
from ivig.pk.population import PopulationModel
from ivig.pk.schedule import Dosing, cycle_trains

NO_ALBUMIN = (
    "Albumin is given, but no published model of IgG kinetics here has it as a covariate: it changes "
    "nothing in the fit."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Whom to fit, and with which models."""

    patient: Patient
    doses: tuple[Dose, ...]
    samples: tuple[Sample, ...]
    population: PkPopulation
    category: str
    group: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFit:
    """One model's posterior and what it may be trusted with.

    ``effective_draws`` is the effective sample size of the posterior. A level that lies outside is
    used all the same; ``trough_without_outside_g_per_L`` leaves all such levels out.
    """

    model_id: str
    name: str
    method: str
    converged: bool
    effective_draws: int
    n_draws: int
    n_levels_used: int
    parameters: tuple[Learned, ...]
    trough_g_per_L: Interval | None
    trough_with_weaker_prior_g_per_L: Interval | None
    trough_without_outside_g_per_L: Interval | None
    levels: tuple[LevelCheck, ...]
    next_level: NextLevel | None
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FitReport:
    """All models of one patient; ``current`` is the regimen the troughs belong to."""

    patient_id: str
    day_0: str | None
    """Its date, where the patient has dates."""
    n_doses: int
    n_levels: int
    current: Dosing | None
    why_models: str
    models: tuple[ModelFit, ...]
    average: Average | None
    refused: tuple[str, ...]
    notes: tuple[str, ...]


def choose_models(
    request: Request, models: Mapping[str, PopulationModel], wanted: Sequence[str]
) -> tuple[list[str], str | None, str, tuple[str, ...]]:
    """Ids of the models to fit, the group whose effects apply, why, and who is refused.

    Raises
    ------
    InputError
        An unknown model.
    OutsideModelDomain
        No model, of those wanted or at all, covers the patient.
    """
    for name in wanted:
        if name not in models:
            raise InputError("model", name, f"one of {', '.join(models)}")
    routes: tuple[Route, ...] = tuple(sorted({dose.route for dose in request.doses})) or ("iv",)
    last = request.doses[-1].route if request.doses else "iv"
    choice = choose(
        request.patient,
        population=request.population,
        category="immunomodulation" if request.category == "immunomodulation" else "replacement",
        route=last,
        models=models,
    )
    group = request.group or choice.group
    candidates = list(wanted) or list(choice.ids)
    refused = [] if wanted else [f"{name}: {'; '.join(why)}" for name, why in choice.refused]
    kept: list[str] = []
    for name in dict.fromkeys(candidates):
        why = dict.fromkeys(
            r for route in routes for r in usable(models[name], request.patient, route)
        )
        if why:
            refused.append(f"{name}: {'; '.join(why)}")
        else:
            kept.append(name)
    if not kept:
        raise OutsideModelDomain(
            f"no model covers this patient ({' · '.join(refused) or choice.reason})"
        )
    return kept, group, "asked for" if wanted else choice.reason, tuple(refused)


def make_fit_report(
    request: Request, models: Mapping[str, PopulationModel], wanted: Sequence[str] = ()
) -> FitReport:
    """Fit, check and average.

    Raises
    ------
    FitError
        A posterior whose effective sample size stays below 400, with the level that stands out.
    InputError, OutsideModelDomain
        As ``choose_models``.
    """
    names, group, why, refused = choose_models(request, models, wanted)
    current = current_dosing(request.doses)
    fits = [_fit(models[name], request, group) for name in names]
    troughs = None if current is None else [_troughs(fit, current) for fit in fits]
    pairs = [(models[name], fit) for name, fit in zip(names, fits, strict=True)]
    return FitReport(
        patient_id=request.patient.id,
        day_0=request.patient.as_of,
        n_doses=len(request.doses),
        n_levels=len(request.samples),
        current=current,
        why_models=why,
        models=tuple(_model_fit(model, fit, request, group, current) for model, fit in pairs),
        average=average(pairs, request.samples, troughs) if len(pairs) > 1 else None,
        refused=refused,
        notes=_notes(request, current)
        + ((SHRINKAGE, OCCASIONS) if any(fit.n_levels_used for fit in fits) else ()),
    )


def _fit(model: PopulationModel, request: Request, group: str | None) -> IndividualFit:
    patient, doses, samples = request.patient, request.doses, request.samples
    try:
        return individualise(model, patient, doses, samples, population=group)
    except FitError as error:
        checks = check_alone(model, patient, doses, samples, population=group)
        outside = [check for check in checks if check.outside]
        worst = max(outside, key=lambda check: check.away_sd, default=None)
        hint = "" if worst is None else f" {worst.text}"
        raise FitError(f"{model.id}: {error}{hint}") from error


def _troughs(fit: IndividualFit, dosing: Dosing) -> FloatArray:
    infused = steady_exogenous_g_per_L(fit.parameters, cycle_trains(dosing), np.zeros(1))
    return fit.parameters.BL_g_per_L + infused[:, 0]


def _model_fit(
    model: PopulationModel,
    fit: IndividualFit,
    request: Request,
    group: str | None,
    current: Dosing | None,
) -> ModelFit:
    patient, doses, samples = request.patient, request.doses, request.samples
    prior = population_prior(model, patient, doses, samples, fit, population=group)
    learns = fit.n_levels_used > 0
    checks = check_levels(model, patient, doses, samples, population=group) if learns else ()
    weaker = without = None
    if current is not None and learns:
        weaker = _refitted_trough(weaker_prior(model), request, group, current, samples)
        if any(check.outside for check in checks):
            doubted = {check.time_day for check in checks if check.outside}
            kept = tuple(sample for sample in samples if sample.time_day not in doubted)
            without = _refitted_trough(model, request, group, current, kept)
    worth = None
    if current is not None:
        now_day = max(0.0, doses[-1].time_day, *(sample.time_day for sample in samples))
        worth = next_level(fit, doses, current, now_day=now_day)
    return ModelFit(
        model_id=model.id,
        name=model.name,
        method=fit.method,
        converged=fit.converged,
        effective_draws=int(fit.ess),
        n_draws=int(fit.weights.size),
        n_levels_used=fit.n_levels_used,
        parameters=learned(prior, fit),
        trough_g_per_L=None if current is None else steady_trough(fit, current),
        trough_with_weaker_prior_g_per_L=weaker,
        trough_without_outside_g_per_L=without,
        levels=checks,
        next_level=worth,
        notes=tuple(dict.fromkeys((*fit.notes, *marks(model, patient)))),
    )


def _refitted_trough(
    model: PopulationModel,
    request: Request,
    group: str | None,
    dosing: Dosing,
    samples: Sequence[Sample],
) -> Interval | None:
    """None when these levels cannot be fitted by this model."""
    try:
        fit = individualise(model, request.patient, request.doses, samples, population=group)
    except FitError:
        return None
    return steady_trough(fit, dosing)


def _notes(request: Request, current: Dosing | None) -> tuple[str, ...]:
    notes = list(request.notes)
    if request.patient.lab("albumin_g_per_L") is not None:
        notes.append(NO_ALBUMIN)
    if not request.samples:
        notes.append("No levels are given: everything below is the population, not this patient.")
    if request.patient.doses is None and not request.doses:
        notes.append("No doses are given; list them, or every level counts as own IgG.")
    elif current is None:
        notes.append(
            "Fewer than two courses by the last route: no regimen to predict a steady trough for."
        )
    return tuple(notes)


def fit_text(report: FitReport) -> str:
    """The report for a terminal."""
    lines = [
        f"{report.patient_id}: {_count(report.n_levels, 'level')}, {_count(report.n_doses, 'dose')}"
        + (f", now {regimen_words(report.current)}" if report.current else "")
        + (f"; day 0 is {report.day_0}" if report.day_0 else "")
    ]
    lines += [f"Models: {report.why_models}"]
    lines += [f"Not used: {text}" for text in report.refused]
    for model in report.models:
        lines += ["", *_model_lines(model)]
    if report.average is not None:
        lines += ["", *_average_lines(report.average)]
    return "\n".join([*lines, "", *report.notes, ""])


def regimen_words(dosing: Dosing) -> str:
    """A regimen in words.

    >>> regimen_words(Dosing(amount_g=30, interval_day=28))
    '30 g IV every 28 days'
    """
    route = {"iv": "IV", "sc": "SC", "fsc": "facilitated SC"}[dosing.route]
    over = f" over {dosing.split_days} days" if dosing.split_days > 1 else ""
    every = "once" if dosing.interval_day is None else f"every {_days(dosing.interval_day)}"
    return f"{dosing.amount_g:g} g {route}{over} {every}"


def _days(day: float) -> str:
    return "day" if day == 1 else f"{day:g} days"


def _count(n: int, what: str) -> str:
    return f"{n} {what}{'' if n == 1 else 's'}"


def _model_lines(model: ModelFit) -> list[str]:
    end = "mode found" if model.converged else "mode NOT found"
    how = {
        "typical": "typical patient only: no variability published, so no interval",
        "prior": "population prior: nothing was learned from levels",
    }.get(
        model.method,
        f"posterior from {_count(model.n_levels_used, 'level')} ({model.method.replace('_', ' ')}), "
        f"effective sample size {model.effective_draws} of {model.n_draws}, {end}",
    )
    lines = [f"{model.model_id} ({model.name})", f"  {how}"]
    lines += [f"  {_parameter_line(one, model.n_levels_used > 0)}" for one in model.parameters]
    if model.trough_g_per_L is not None:
        lines.append(f"  Steady trough on this regimen: {span(model.trough_g_per_L)} g/L")
    if model.trough_with_weaker_prior_g_per_L is not None:
        lines.append(
            "  With a prior half as strong (SD of every effect doubled) it would be "
            f"{span(model.trough_with_weaker_prior_g_per_L)} g/L"
        )
    lines += [f"  {'! ' if check.outside else ''}{check.text}" for check in model.levels]
    if model.trough_without_outside_g_per_L is not None:
        lines.append(
            "  Without the levels marked ! the steady trough would be "
            f"{span(model.trough_without_outside_g_per_L)} g/L"
        )
    lines += [f"  {_next_line(model.next_level)}"] if model.next_level else []
    return lines + [f"  Note: {note}" for note in model.notes]


def _parameter_line(one: Learned, learns: bool) -> str:
    unit = f" {one.unit}" if one.unit else ""
    after = f"{one.name:28} {span(one.posterior)}{unit}"
    if one.status == "fixed":
        return f"{after}  fixed by the model"
    if not learns:
        return after
    text = f"{after}  before the levels {span(one.prior)}, shrinkage {one.shrinkage_percent:.0f} %"
    return text + ("  not estimable from these data" if one.status == "not_estimable" else "")


def _next_line(found: NextLevel) -> str:
    best = found.best
    narrower = f"{100 * best.narrowing_fraction:.0f} %"
    if not found.worth_it:
        return (
            f"Next level: not worth it for the trough in the next twelve weeks; the best day "
            f"({best.time_day:g}) would narrow its interval by {narrower}."
        )
    text = f"Next level: most useful on day {best.time_day:g} ({best.moment.replace('_', ' ')}), "
    text += f"expected to narrow the interval of the trough by {narrower}"
    trough = found.next_trough
    if trough is not None and trough.time_day != best.time_day:
        text += f"; the next trough, day {trough.time_day:g}, by {100 * trough.narrowing_fraction:.0f} %"
    return text + "."


def _average_lines(found: Average) -> list[str]:
    lines = ["Models averaged"]
    for row in found.models:
        percent, error = 100 * row.weight_fraction, 100 * row.weight_error_fraction
        trough = "" if row.trough_g_per_L is None else f"  trough {span(row.trough_g_per_L)} g/L"
        lines.append(f"  {row.model_id:24} weight {percent:.0f} ± {error:.1f} %{trough}")
    lines += [f"  {name:24} no weight: it publishes no likelihood" for name in found.left_out]
    if found.trough_g_per_L is not None and found.spread_percent is not None:
        lines.append(
            f"  Averaged steady trough {span(found.trough_g_per_L)} g/L; the models' medians differ "
            f"by {found.spread_percent:.0f} %"
        )
    return [*lines, f"  {found.meaning}"]


def span(found: Interval) -> str:
    """A median and its interval with three figures, the interval left out when there is none.

    >>> span(Interval(median=8.82, low=7.86, high=9.93))
    '8.82 (7.86 to 9.93)'
    """
    if found.level == 0.0 or found.low == found.high:
        return _figure(found.median)
    return f"{_figure(found.median)} ({_figure(found.low)} to {_figure(found.high)})"


def _figure(value: float) -> str:
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"
