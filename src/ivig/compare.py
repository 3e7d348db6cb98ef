"""One patient's ongoing treatment by every route: regimen, exposure, reactions, burden, cost."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from ivig.cited import Citation, Interval
from ivig.diagnosis import complete, find_indication, lineage
from ivig.errors import FitError, InputError, OutsideModelDomain
from ivig.finding import Finding
from ivig.indication import Indication
from ivig.knowledge import Knowledge
from ivig.outcome.benefit import expected_benefits
from ivig.outcome.compare import (
    FOUR_WEEKS_DAY,
    LOCAL,
    SYSTEMIC,
    Burden,
    RouteExposure,
    RouteView,
    infusions_per_year,
    reaction_rates,
)
from ivig.patient import Dose, Patient, Route
from ivig.pk.choose import choose
from ivig.pk.concentration import steady_exogenous_g_per_L
from ivig.pk.domain import usable
from ivig.pk.exposure import exposure
from ivig.pk.individualise import IndividualFit, individualise
from ivig.pk.quantile import weighted_quantiles
from ivig.pk.schedule import Dosing, cycle_trains
from ivig.plan import NOTICE, Plan, make_plan
from ivig.references import Reference, number
from ivig.regimen import Regimen
from ivig.safety import assess_risks
from ivig.session import Need, Session, plan_session
from ivig.version import __version__

ROUTES: tuple[Route, ...] = ("iv", "sc", "fsc")
N_DRAWS = 1000
STEP_DAY = 0.25
JUST_AFTER_DAY = 1e-6
INDEPENDENCE = {
    "iv": ("iv_or_sc", "iv_or_sc-g-01"),
    "sc": ("iv_or_sc", "iv_or_sc-g-03"),
    "fsc": ("iv_or_sc", "iv_or_sc-r-05"),
    "life": ("quality_of_life", "quality_of_life-r-01"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The routes side by side; empty, with the reason in ``findings``, when there is nothing to compare."""

    notice: str
    ivig_version: str
    knowledge_digest: str
    patient_id: str
    indication: str
    target_g_per_L: float | None
    currency: str | None
    views: tuple[RouteView, ...]
    independence: tuple[Finding, ...]
    findings: tuple[Finding, ...]
    references: tuple[Reference, ...] = ()

    @property
    def stops(self) -> tuple[Finding, ...]:
        """What forbids treatment."""
        return tuple(finding for finding in self.findings if finding.kind == "stop")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lane:
    """A route with the product and regimen that stand for it."""

    route: Route
    product_id: str
    regimen: Regimen
    because: str
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Setting:
    patient: Patient
    knowledge: Knowledge
    indication: Indication
    line: tuple[str, ...]
    target_g_per_L: float | None
    prices: Mapping[Route, float]
    need: Need


def compare_routes(
    patient: Patient,
    knowledge: Knowledge,
    *,
    routes: tuple[Route, ...] = ROUTES,
    indication: str | None = None,
    jurisdiction: str = "us",
    target_g_per_L: float | None = None,
    prices_per_g: Mapping[Route, float] | None = None,
    currency: str | None = None,
) -> Comparison:
    """IV, SC and facilitated SC of the same ongoing treatment.

    Parameters
    ----------
    target_g_per_L : float, optional
        Total IgG to stay above; else the highest trough that the indication prints.
    prices_per_g : mapping, optional
        Price of a gram by route; without it no cost is told.

    Raises
    ------
    InputError
        What ``make_plan`` refuses, a target or a price that is not above 0.
    """
    _require_positive(target_g_per_L, prices_per_g or {})
    plan = make_plan(
        patient, knowledge, indication=indication, route="iv", jurisdiction=jurisdiction
    )
    found = find_indication(indication or patient.diagnosis, patient, knowledge.indications)
    whole = complete(found, knowledge.indications)
    empty = _empty(plan, target_g_per_L, currency)
    lanes = _lanes(plan, routes)
    if plan.stops or plan.regimen is None or not lanes:
        return _finish(replace(empty, findings=(*empty.findings, *_why_none(plan))), knowledge)
    line = tuple(item.id for item in lineage(found, knowledge.indications))
    printed = [fact.value.trough_at_least_g_per_L for fact in whole.targets]
    own = max((value for value in printed if value is not None), default=None)
    setting = _Setting(
        patient=patient,
        knowledge=knowledge,
        indication=whole,
        line=line,
        target_g_per_L=own if target_g_per_L is None else target_g_per_L,
        prices=prices_per_g or {},
        need=_need(patient, knowledge, whole, line, plan),
    )
    fits, notes = _fits(setting, lanes)
    views = tuple(_view(setting, lane, fits.get(lane.route)) for lane in lanes)
    missing = tuple(_not_offered(route) for route in routes if route not in fits_of(views))
    return _finish(
        replace(
            empty,
            target_g_per_L=setting.target_g_per_L,
            views=views,
            independence=_independence(knowledge, views),
            findings=(*empty.findings, *notes, *missing, *_no_target(setting)),
        ),
        knowledge,
    )


def fits_of(views: tuple[RouteView, ...]) -> tuple[Route, ...]:
    """The routes that are shown."""
    return tuple(view.route for view in views)


def _require_positive(target_g_per_L: float | None, prices: Mapping[Route, float]) -> None:
    if target_g_per_L is not None and not 0.0 < target_g_per_L <= 50.0:
        raise InputError("target", target_g_per_L, "above 0, at most 50 g/L")
    for route, price in prices.items():
        if not 0.0 < price < 1e6:
            raise InputError(f"price {route}", price, "above 0")


def _empty(plan: Plan, target_g_per_L: float | None, currency: str | None) -> Comparison:
    return Comparison(
        notice=NOTICE,
        ivig_version=__version__,
        knowledge_digest=plan.knowledge_digest,
        patient_id=plan.patient.id,
        indication=plan.indication.name,
        target_g_per_L=target_g_per_L,
        currency=currency,
        views=(),
        independence=(),
        findings=tuple(f for f in plan.findings if f.kind == "stop" or f.stage == "regimen"),
    )


def _why_none(plan: Plan) -> tuple[Finding, ...]:
    if plan.stops:
        return ()
    if plan.regimen is None:
        text = (
            "No regimen is offered for this patient, so there is nothing to compare; see the plan."
        )
        return (Finding(stage="alternative", kind="fact", text=text),)
    return () if plan.alternatives is None else plan.alternatives.notes


def _lanes(plan: Plan, routes: tuple[Route, ...]) -> tuple[_Lane, ...]:
    """The plan's own intravenous treatment once it goes on, and its subcutaneous options."""
    regimen = None if plan.regimen is None else plan.regimen.then or plan.regimen
    if regimen is None or regimen.interval_day is None or plan.product is None:
        return ()
    chosen = (
        plan.product.ranked[0].product_id if plan.infusion is None else plan.infusion.product_id
    )
    lanes = [
        _Lane(
            route="iv",
            product_id=chosen,
            regimen=regimen,
            because=regimen.because,
            citations=regimen.citations,
        )
    ]
    for option in plan.alternatives.subcutaneous if plan.alternatives else ():
        per_kg = option.amount_g / regimen.dosing_weight_kg
        lanes.append(
            _Lane(
                route=option.route,
                product_id=option.product_id,
                regimen=replace(
                    regimen,
                    route=option.route,
                    amount_g=option.amount_g,
                    dose_g_per_kg=per_kg,
                    dose_range_g_per_kg=replace(
                        regimen.dose_range_g_per_kg, low=per_kg, high=2 * per_kg
                    ),
                    split_days=1,
                    interval_day=option.interval_day,
                    duration_h=None,
                ),
                because=option.because,
                citations=option.citations,
            )
        )
    return tuple(lane for lane in lanes if lane.route in routes)


def _need(
    patient: Patient, knowledge: Knowledge, whole: Indication, line: tuple[str, ...], plan: Plan
) -> Need:
    assert plan.regimen is not None  # noqa: S101
    rules = knowledge.jurisdictions[plan.jurisdiction]
    return Need(
        patient=patient,
        uses=tuple(dict.fromkeys((*line, *whole.labelled_as))),
        regimen=plan.regimen.then or plan.regimen,
        jurisdiction=plan.jurisdiction,
        tolerance_percent=rules.rounding_tolerance_percent.value,
        risks=assess_risks(patient, knowledge.risks),
        excipients=knowledge.excipients,
        rules=knowledge.infusion,
    )


def _fits(
    setting: _Setting, lanes: tuple[_Lane, ...]
) -> tuple[dict[Route, IndividualFit], tuple[Finding, ...]]:
    """One model for all routes when one covers them, else the best of each route."""
    patient, models = setting.patient, setting.knowledge.models
    choices = {
        lane.route: choose(
            patient,
            population=setting.indication.pk_population,
            category=setting.indication.category,
            route=lane.route,
            models=models,
        )
        for lane in lanes
    }
    covered = [route for route, choice in choices.items() if choice.primary is not None]
    names = dict.fromkeys(name for route in covered for name in choices[route].ids)
    shared = [
        name for name in names if all(not usable(models[name], patient, route) for route in covered)
    ]
    fits: dict[Route, IndividualFit] = {}
    notes: list[Finding] = []
    for route, choice in choices.items():
        if choice.primary is None:
            notes.append(_unknown(f"{_WORDS[route]}: exposure unknown. {choice.reason}"))
            continue
        name = shared[0] if shared else choice.primary
        try:
            fits[route] = _fit(setting, name, choice.group)
        except (FitError, OutsideModelDomain) as error:
            notes.append(_unknown(f"{_WORDS[route]}: exposure unknown. {error}"))
    if not shared and len({fit.model_id for fit in fits.values()}) > 1:
        text = "The routes are from different models: their differences are partly the models'."
        notes.append(Finding(stage="kinetics", kind="caution", text=text))
    return fits, tuple(notes)


_WORDS: Mapping[Route, str] = {"iv": "IV", "sc": "SC", "fsc": "Facilitated SC"}


def _unknown(text: str) -> Finding:
    return Finding(stage="kinetics", kind="unknown", text=text)


def _not_offered(route: Route) -> Finding:
    text = f"{_WORDS[route]}: no product on this market names this use on its label."
    return Finding(stage="alternative", kind="unknown", text=text)


def _no_target(setting: _Setting) -> tuple[Finding, ...]:
    if setting.target_g_per_L is not None:
        return ()
    text = (
        "No IgG level is printed as a target for this disease, so days below it are not told; "
        "name one with --target."
    )
    return (_unknown(text),)


def _fit(setting: _Setting, name: str, group: str | None) -> IndividualFit:
    patient = setting.patient
    return individualise(
        setting.knowledge.models[name],
        patient,
        sorted(patient.doses or (), key=lambda dose: dose.time_day),
        sorted(patient.levels, key=lambda sample: sample.time_day),
        population=group,
        n_draws=N_DRAWS,
    )


def _view(setting: _Setting, lane: _Lane, fit: IndividualFit | None) -> RouteView:
    knowledge, regimen = setting.knowledge, lane.regimen
    session = _session(setting, lane)
    amount_g = regimen.amount_g if session.vials is None else session.vials.amount_g
    interval_day = regimen.interval_day or FOUR_WEEKS_DAY
    burden = _burden(lane, session, amount_g, interval_day)
    relations = {
        key: knowledge.outcomes[key] for key in ("er_route_systemic", "ae_pid_hyqvia_vs_iv")
    }
    price = setting.prices.get(lane.route)
    shown = None if fit is None else _exposure(setting, fit, lane, amount_g, interval_day)
    return RouteView(
        route=lane.route,
        product_id=lane.product_id,
        product_name=knowledge.products[lane.product_id].name,
        amount_g=amount_g,
        interval_day=interval_day,
        because=lane.because,
        exposure=shown,
        burden=burden,
        systemic=reaction_rates(SYSTEMIC, lane.route, relations, burden.infusions_per_year),
        local=reaction_rates(LOCAL, lane.route, relations, burden.infusions_per_year),
        efficacy=expected_benefits(
            setting.patient,
            setting.line,
            knowledge.outcomes.values(),
            trough_g_per_L=None if shown is None else shown.trough_g_per_L,
            dose_g_per_kg=amount_g / regimen.dosing_weight_kg,
            route=lane.route,
            phase=regimen.phase,
        ),
        cost_per_year=None if price is None else price * burden.grams_per_year,
        notes=session.notes,
        citations=lane.citations,
    )


def _session(setting: _Setting, lane: _Lane) -> Session:
    """The session of a patient established on the product: what a year is made of."""
    established = replace(
        setting.patient,
        doses=(
            Dose(
                time_day=-1.0,
                amount_g=lane.regimen.amount_g,
                route=lane.route,
                product=lane.product_id,
            ),
        ),
    )
    need = replace(setting.need, patient=established, regimen=lane.regimen)
    return plan_session(need, setting.knowledge.products[lane.product_id])


def _burden(lane: _Lane, session: Session, amount_g: float, interval_day: float) -> Burden:
    a_year = infusions_per_year(interval_day, lane.regimen.split_days)
    courses = a_year / lane.regimen.split_days
    total_h = sum(chart.total_min for chart in session.charts) / 60.0 if session.charts else None
    sites = session.charts[0].sites if session.charts else None
    sites = 1 if lane.route == "iv" and session.charts else sites
    return Burden(
        infusions_per_year=a_year,
        hours_per_year=None if total_h is None else total_h * courses,
        session_h=None if total_h is None else total_h / lane.regimen.split_days,
        sites_per_session=sites,
        sites_per_year=None if sites is None else sites * a_year,
        grams_per_year=amount_g * courses,
        citations=tuple(dict.fromkeys(c for chart in session.charts for c in chart.citations)),
    )


def _exposure(
    setting: _Setting, fit: IndividualFit, lane: _Lane, amount_g: float, interval_day: float
) -> RouteExposure:
    dosing = Dosing(
        amount_g=amount_g,
        interval_day=interval_day,
        route=lane.route,
        split_days=lane.regimen.split_days,
    )
    found = exposure(fit, dosing, target_g_per_L=setting.target_g_per_L)
    inside = found.fraction_of_time_at_target
    days, levels = _curve(fit, dosing, interval_day)
    model = setting.knowledge.models[fit.model_id]
    return RouteExposure(
        model_id=fit.model_id,
        auc_per_week_g_day_per_L=found.auc_per_week_g_day_per_L,
        peak_g_per_L=found.peak_g_per_L,
        trough_g_per_L=found.trough_g_per_L,
        swing_g_per_L=found.peak_g_per_L.median - found.trough_g_per_L.median,
        days_below_4_weeks_day=None if inside is None else _below(inside),
        curve_day=days,
        curve_g_per_L=levels,
        citations=(Citation(source=model.source, basis=model.structure.basis),),
    )


def _below(inside: Interval) -> Interval:
    """Days of four weeks outside, from the fraction of a cycle at or above the target."""
    return Interval(
        median=FOUR_WEEKS_DAY * (1.0 - inside.median),
        low=FOUR_WEEKS_DAY * (1.0 - inside.high),
        high=FOUR_WEEKS_DAY * (1.0 - inside.low),
        level=inside.level,
    )


def _curve(
    fit: IndividualFit, dosing: Dosing, interval_day: float
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Median total IgG over four weeks of the steady state, with both sides of every dose."""
    even = np.arange(0.0, FOUR_WEEKS_DAY + STEP_DAY / 2, STEP_DAY)
    starts = np.arange(0.0, FOUR_WEEKS_DAY, interval_day)
    doses = (starts[:, None] + np.arange(dosing.split_days)).ravel()
    times = np.unique(np.concatenate([even, doses + JUST_AFTER_DAY]))
    times = times[times <= FOUR_WEEKS_DAY]
    since = np.mod(times, interval_day)
    levels = steady_exogenous_g_per_L(fit.parameters, cycle_trains(dosing), since)
    total = fit.parameters.BL_g_per_L[:, None] + levels
    median = [weighted_quantiles(column, fit.weights, (0.5,))[0] for column in total.T]
    return tuple(float(day) for day in times), tuple(median)


def _independence(knowledge: Knowledge, views: tuple[RouteView, ...]) -> tuple[Finding, ...]:
    wanted = [INDEPENDENCE[route] for route in fits_of(views)] + [INDEPENDENCE["life"]]
    found: list[Finding] = []
    for file, key in wanted:
        fact = next(f for f in knowledge.statements[file].statements if f.value.id == key)
        found.append(
            Finding(
                stage="alternative", kind="fact", text=fact.value.text, citations=(fact.citation,)
            )
        )
    return tuple(found)


def _finish(comparison: Comparison, knowledge: Knowledge) -> Comparison:
    unique = tuple(dict.fromkeys(comparison.findings))
    numbered, references = number(replace(comparison, findings=unique), knowledge.sources)
    return replace(numbered, references=references)
