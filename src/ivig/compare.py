"""One patient's ongoing treatment by every route: regimen, exposure, reactions, burden, cost."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ivig.diagnosis import complete, find_indication, lineage
from ivig.errors import FitError, InputError, OutsideModelDomain
from ivig.finding import Finding
from ivig.indication import Indication
from ivig.knowledge import Knowledge
from ivig.outcome.compare import RouteView
from ivig.patient import Patient, Route
from ivig.pk.choose import ModelChoice, choose
from ivig.pk.domain import usable
from ivig.pk.individualise import IndividualFit, individualise
from ivig.plan import NOTICE, Plan, make_plan
from ivig.references import Reference, number
from ivig.route_view import Lane, Setting, route_view
from ivig.safety import assess_risks
from ivig.session import Need
from ivig.version import __version__

ROUTES: tuple[Route, ...] = ("iv", "sc", "fsc")
N_DRAWS = 1000
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
    empty = _empty(plan, target_g_per_L, currency)
    lanes = _lanes(plan, routes)
    if plan.stops or plan.regimen is None or not lanes:
        return _finish(replace(empty, findings=(*empty.findings, *_why_none(plan))), knowledge)
    setting = _setting(knowledge, plan, found, target_g_per_L, prices_per_g or {})
    fits, notes = _fits(setting, lanes)
    views = tuple(route_view(setting, lane, fits.get(lane.route)) for lane in lanes)
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


def _setting(
    knowledge: Knowledge,
    plan: Plan,
    found: Indication,
    target_g_per_L: float | None,
    prices: Mapping[Route, float],
) -> Setting:
    """What is the same for every route; the target asked for, else the highest printed one."""
    whole = complete(found, knowledge.indications)
    line = tuple(item.id for item in lineage(found, knowledge.indications))
    printed = [fact.value.trough_at_least_g_per_L for fact in whole.targets]
    own = max((value for value in printed if value is not None), default=None)
    return Setting(
        patient=plan.patient,
        knowledge=knowledge,
        indication=whole,
        line=line,
        target_g_per_L=own if target_g_per_L is None else target_g_per_L,
        prices=prices,
        need=_need(plan.patient, knowledge, whole, line, plan),
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


def _lanes(plan: Plan, routes: tuple[Route, ...]) -> tuple[Lane, ...]:
    """The plan's own intravenous treatment once it goes on, and its subcutaneous options."""
    regimen = None if plan.regimen is None else plan.regimen.then or plan.regimen
    product_id = None if plan.product is None else plan.product.id
    if regimen is None or regimen.interval_day is None or product_id is None:
        return ()
    lanes = [
        Lane(
            route="iv",
            product_id=product_id,
            regimen=regimen,
            because=regimen.because,
            citations=regimen.citations,
        )
    ]
    for option in plan.alternatives.subcutaneous if plan.alternatives else ():
        per_kg = option.amount_g / regimen.dosing_weight_kg
        lanes.append(
            Lane(
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
    setting: Setting, lanes: tuple[Lane, ...]
) -> tuple[dict[Route, IndividualFit], tuple[Finding, ...]]:
    """One model for all routes when one covers them, else the best of each route."""
    patient, models = setting.patient, setting.knowledge.models
    choices: dict[Route, ModelChoice] = {
        lane.route: choose(
            patient,
            population=setting.indication.pk_population,
            category=setting.indication.category,
            route=lane.route,
            models=models,
        )
        for lane in lanes
    }
    covered: list[Route] = [
        route for route, choice in choices.items() if choice.primary is not None
    ]
    names = dict.fromkeys(name for route in covered for name in choices[route].ids)
    shared = [
        name for name in names if all(not usable(models[name], patient, route) for route in covered)
    ]
    fits: dict[Route, IndividualFit] = {}
    notes: list[Finding] = []
    for route, choice in choices.items():
        if choice.primary is None:
            notes.append(
                _unknown(f"{_WORDS[route]}: exposure unknown. {_no_model(setting, route, choice)}")
            )
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


def _no_model(setting: Setting, route: Route, choice: ModelChoice) -> str:
    """Said plainly when the disease has models, and none of them knows the route."""
    models = setting.knowledge.models
    tried = [models[name].domain.value.routes for name, _ in choice.refused]
    if route == "iv" or any(route in routes for routes in tried):
        return choice.reason
    words = {"sc": "subcutaneous", "fsc": "facilitated subcutaneous"}[route]
    return (
        f"As far as is known no published kinetic model exists for {words} doses in "
        f"{setting.indication.name}: no AUC, peak, trough or curve is shown, and none is borrowed "
        "from another disease."
    )


_WORDS: Mapping[Route, str] = {"iv": "IV", "sc": "SC", "fsc": "Facilitated SC"}


def _unknown(text: str) -> Finding:
    return Finding(stage="kinetics", kind="unknown", text=text)


def _not_offered(route: Route) -> Finding:
    text = f"{_WORDS[route]}: no product on this market names this use on its label."
    return Finding(stage="alternative", kind="unknown", text=text)


def _no_target(setting: Setting) -> tuple[Finding, ...]:
    if setting.target_g_per_L is not None:
        return ()
    text = (
        "No IgG level is printed as a target for this disease, so days below it are not told; "
        "name one with --target."
    )
    return (_unknown(text),)


def _fit(setting: Setting, name: str, group: str | None) -> IndividualFit:
    patient = setting.patient
    return individualise(
        setting.knowledge.models[name],
        patient,
        sorted(patient.doses or (), key=lambda dose: dose.time_day),
        sorted(patient.levels, key=lambda sample: sample.time_day),
        population=group,
        n_draws=N_DRAWS,
    )


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
