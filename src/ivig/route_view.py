"""One route of one patient: its session, its exposure, its reactions and what it asks."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from ivig.cited import Citation, Interval
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
from ivig.pk.concentration import steady_exogenous_g_per_L
from ivig.pk.exposure import exposure
from ivig.pk.individualise import IndividualFit
from ivig.pk.quantile import weighted_quantiles
from ivig.pk.schedule import Dosing, cycle_trains
from ivig.regimen import Regimen
from ivig.session import Need, Session, plan_session

STEP_DAY = 0.25
JUST_AFTER_DAY = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """A route with the product and regimen that stand for it."""

    route: Route
    product_id: str
    regimen: Regimen
    because: str
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """The patient and all that is the same for every route; prices are of a gram."""

    patient: Patient
    knowledge: Knowledge
    indication: Indication
    line: tuple[str, ...]
    target_g_per_L: float | None
    prices: Mapping[Route, float]
    need: Need


def route_view(setting: Setting, lane: Lane, fit: IndividualFit | None) -> RouteView:
    """Everything about one route; without a fit its exposure is unknown."""
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


def _session(setting: Setting, lane: Lane) -> Session:
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


def _burden(lane: Lane, session: Session, amount_g: float, interval_day: float) -> Burden:
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
    setting: Setting, fit: IndividualFit, lane: Lane, amount_g: float, interval_day: float
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
