"""The predicted IgG curve of one patient under a planned regimen, with its models and doubts."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from ivig.cited import Citation, Cited, Interval
from ivig.errors import FitError, OutsideModelDomain
from ivig.finding import Finding
from ivig.indication import Target
from ivig.patient import Dose, Patient, Route
from ivig.pk.choose import ModelChoice, PkPopulation, choose
from ivig.pk.exposure import curve, exposure, half_life, predict_level, steady_trough
from ivig.pk.individualise import IndividualFit, individualise
from ivig.pk.population import PopulationModel
from ivig.pk.quantile import interval
from ivig.pk.schedule import Dosing, expand
from ivig.pk.steady import day_to_steady_state
from ivig.pk.target import NotAttainable, dose_for_trough, probability_at_target
from ivig.regimen import Regimen

HORIZON_DAY = 182.0  # the curve of an ongoing regimen: half a year, when steady state is reached
AFTER_COURSE_DAY = 28.0
WANTED_PROBABILITY = 0.8
N_DRAWS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """Total IgG in g/L over days from the first planned dose; the band is the level's width."""

    time_day: tuple[float, ...]
    median: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelView:
    """What one published model says of the same patient and regimen."""

    model_id: str
    name: str
    trough_g_per_L: Interval
    half_life_day: Interval
    note: str
    citations: tuple[Citation, ...] = ()
    references: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Kinetics:
    """Total serum IgG (endogenous and infused together) under the planned regimen.

    ``trough_g_per_L`` and ``peak_g_per_L`` are at steady state of an ongoing regimen; after a
    short course ``trough_when`` says when the level is meant and the peak is that of the course.
    """

    model_id: str
    why_model: str
    individualised: bool
    n_levels: int
    baseline_g_per_L: Interval
    baseline_note: str
    trough_g_per_L: Interval
    trough_when: str
    peak_g_per_L: Interval
    half_life_day: Interval
    time_to_steady_state_day: float | None
    target_g_per_L: float | None
    probability_trough_at_target: float | None
    curve: Curve
    models: tuple[ModelView, ...]
    spread_g_per_L: tuple[float, float] | None
    """Lowest and highest median trough among the models."""
    refused: tuple[str, ...]
    """Models that cannot be used for this patient, and why."""
    citations: tuple[Citation, ...] = ()
    references: tuple[int, ...] = ()


class Forecaster:
    """Fits once, then answers for any regimen of the same patient.

    Parameters
    ----------
    models : mapping of str to PopulationModel
        All that are known; ``choose`` picks among them.
    population, category : str
        Of the indication.
    targets : tuple of Target
        The highest printed trough among them is the target.
    """

    def __init__(
        self,
        patient: Patient,
        models: Mapping[str, PopulationModel],
        *,
        population: PkPopulation,
        category: Literal["replacement", "immunomodulation"],
        targets: tuple[Cited[Target], ...],
    ) -> None:
        self._patient = patient
        self._models = models
        self._population: PkPopulation = population
        self._category: Literal["replacement", "immunomodulation"] = category
        self._fits: dict[tuple[str, str | None], IndividualFit] = {}
        printed = [fact for fact in targets if fact.value.trough_at_least_g_per_L is not None]
        self._target = max(
            printed, key=lambda fact: fact.value.trough_at_least_g_per_L or 0.0, default=None
        )
        self.findings: tuple[Finding, ...] = ()

    def kinetics(self, regimen: Regimen, *, duration_h: float | None = None) -> Kinetics | None:
        """The IgG curve of the regimen; None, with a finding, when no model covers the patient."""
        choice = self._choose(regimen.route)
        try:
            fits = [self._fit(name, choice.group) for name in choice.ids]
        except (FitError, OutsideModelDomain) as error:
            self.findings = (_unknown(str(error)),)
            return None
        if not fits:
            self.findings = (_unknown(choice.reason),)
            return None
        found = _Forecast(fits[0], regimen, duration_h)
        target = None if self._target is None else self._target.value.trough_at_least_g_per_L
        reached = None if target is None else found.probability(target)
        self.findings = (
            *(_caution(text, self._cite(choice.ids[0])) for text in choice.cautions),
            *(_caution(note, self._cite(choice.ids[0])) for note in found.fit.notes[1:]),
            *self._dose_advice(found, target, reached),
        )
        views = tuple(self._view(fit, regimen, duration_h) for fit in fits)
        medians = [view.trough_g_per_L.median for view in views]
        return Kinetics(
            model_id=found.fit.model_id,
            why_model=choice.reason,
            individualised=found.fit.n_levels_used > 0,
            n_levels=found.fit.n_levels_used,
            baseline_g_per_L=found.baseline(),
            baseline_note=found.fit.baseline.note,
            trough_g_per_L=found.trough(),
            trough_when=found.trough_when,
            peak_g_per_L=found.peak(),
            half_life_day=half_life(found.fit),
            time_to_steady_state_day=found.time_to_steady_state_day(),
            target_g_per_L=target,
            probability_trough_at_target=reached,
            curve=found.curve(),
            models=views,
            spread_g_per_L=(min(medians), max(medians)) if len(medians) > 1 else None,
            refused=tuple(f"{name}: {'; '.join(why)}" for name, why in choice.refused),
            citations=self._cite_with_target(choice.ids[0]),
        )

    def trough(self, regimen: Regimen) -> Interval | None:
        """Steady trough of another regimen of the same patient; None when no model covers it."""
        choice = self._choose(regimen.route)
        if choice.primary is None:
            return None
        try:
            return _Forecast(self._fit(choice.primary, choice.group), regimen, None).trough()
        except (FitError, OutsideModelDomain):
            return None

    def _choose(self, route: Route) -> ModelChoice:
        return choose(
            self._patient,
            population=self._population,
            category=self._category,
            route=route,
            models=self._models,
        )

    def _fit(self, name: str, group: str | None) -> IndividualFit:
        key = (name, group)
        if key not in self._fits:
            self._fits[key] = individualise(
                self._models[name],
                self._patient,
                sorted(self._patient.doses or (), key=lambda dose: dose.time_day),
                sorted(self._patient.levels, key=lambda sample: sample.time_day),
                population=group,
                n_draws=N_DRAWS,
            )
        return self._fits[key]

    def _view(self, fit: IndividualFit, regimen: Regimen, duration_h: float | None) -> ModelView:
        found = _Forecast(fit, regimen, duration_h)
        model = self._models[fit.model_id]
        built = "" if model.n_patients is None else f"built on {model.n_patients.value} patients"
        notes = [] if fit.has_interval else ["typical patient only, no variability published"]
        return ModelView(
            model_id=fit.model_id,
            name=model.name,
            trough_g_per_L=found.trough(),
            half_life_day=half_life(fit),
            note="; ".join(filter(None, (built, *notes))),
            citations=self._cite(fit.model_id),
        )

    def _cite_with_target(self, model_id: str) -> tuple[Citation, ...]:
        target = () if self._target is None else (self._target.citation,)
        return (*self._cite(model_id), *target)

    def _cite(self, name: str) -> tuple[Citation, ...]:
        model = self._models[name]
        own = Citation(source=model.source, basis=model.structure.basis)
        via = () if model.via is None else (Citation(source=model.via, basis="read"),)
        return (own, *via)

    def _dose_advice(
        self, found: "_Forecast", target: float | None, reached: float | None
    ) -> tuple[Finding, ...]:
        """When the target is likely to be missed: the dose that would reach it, or that none does."""
        if target is None or reached is None or reached >= WANTED_PROBABILITY:
            return ()
        regimen = found.ongoing
        limit_g = regimen.dose_range_g_per_kg.high * regimen.dosing_weight_kg
        answer = dose_for_trough(
            found.fit,
            found.dosing,
            trough_g_per_L=target,
            probability=WANTED_PROBABILITY,
            limit_g=limit_g,
        )
        if isinstance(answer, NotAttainable):
            advice = answer.reason
        else:
            advice = (
                f"{answer.amount_g:.0f} g every {answer.interval_day:.0f} days would reach it with "
                f"{100 * WANTED_PROBABILITY:.0f} % probability."
            )
        text = (
            f"The trough reaches {target:g} g/L with a probability of only {100 * reached:.0f} %. "
            f"{advice}"
        )
        return (_caution(text, self._cite(found.fit.model_id)),)


class _Forecast:
    """One fit, one regimen: a first course, then what is given on and on."""

    def __init__(self, fit: IndividualFit, regimen: Regimen, duration_h: float | None) -> None:
        self.fit = fit
        self.ongoing = regimen.then or regimen
        self._first = regimen
        self._duration_h = None if duration_h is None else min(duration_h, 24.0)
        self.dosing = self._dosing(self.ongoing)
        self._planned = self._doses()

    @property
    def repeats(self) -> bool:
        return self.dosing.interval_day is not None

    @property
    def trough_when(self) -> str:
        if not self.repeats:
            return f"{AFTER_COURSE_DAY:.0f} days after the first day of the course"
        return f"before a dose at steady state, every {self.dosing.interval_day:.0f} days"

    def baseline(self) -> Interval:
        return interval(self.fit.parameters.BL_g_per_L, self.fit.weights)

    def trough(self) -> Interval:
        if self.repeats:
            return steady_trough(self.fit, self.dosing)
        return predict_level(self.fit, self._planned, AFTER_COURSE_DAY)[0]

    def peak(self) -> Interval:
        if self.repeats:
            return exposure(self.fit, self.dosing).peak_g_per_L
        last = self._planned[-1]
        end = last.time_day + (last.duration_h or 0.0) / 24 + 1e-6
        return predict_level(self.fit, self._planned, end)[0]

    def time_to_steady_state_day(self) -> float | None:
        if not self.repeats:
            return None
        days = day_to_steady_state(self.fit.parameters, self.dosing)
        return interval(days, self.fit.weights).median

    def probability(self, target_g_per_L: float) -> float | None:
        if not self.repeats:
            return None
        return probability_at_target(self.fit, self.dosing, trough_g_per_L=target_g_per_L)

    def curve(self) -> Curve:
        drawn = curve(self.fit, self._planned)
        return Curve(
            time_day=drawn.time_day,
            median=drawn.median_g_per_L,
            low=drawn.low_g_per_L,
            high=drawn.high_g_per_L,
        )

    def _dosing(self, regimen: Regimen) -> Dosing:
        return Dosing(
            amount_g=regimen.amount_g,
            interval_day=regimen.interval_day,
            route=regimen.route,
            split_days=regimen.split_days,
            duration_h=self._duration_h if regimen.route == "iv" else None,
        )

    def _doses(self) -> tuple[Dose, ...]:
        """The first course, then enough cycles to fill the horizon."""
        first = expand(replace(self._dosing(self._first), interval_day=None), n_cycles=1)
        interval_day = self.dosing.interval_day
        if interval_day is None:
            return first
        n_cycles = max(1, round(HORIZON_DAY / interval_day))
        if self._first is self.ongoing:
            return expand(self.dosing, n_cycles=n_cycles)
        return (*first, *expand(self.dosing, n_cycles=n_cycles, start_day=interval_day))


def _unknown(text: str) -> Finding:
    return Finding(stage="kinetics", kind="unknown", text=f"No IgG forecast: {text}")


def _caution(text: str, citations: tuple[Citation, ...]) -> Finding:
    return Finding(stage="kinetics", kind="caution", text=text, citations=citations)
