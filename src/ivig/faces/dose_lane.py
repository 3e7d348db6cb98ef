"""One route of a dose search, settled: its product, its regimen, and the models that may speak."""

from collections.abc import Sequence
from dataclasses import dataclass

from ivig.errors import FitError
from ivig.indication import Indication
from ivig.knowledge import Knowledge
from ivig.patient import Dose, Patient, Route, Sample
from ivig.pk.choose import choose
from ivig.pk.diagnose import check_levels
from ivig.pk.domain import marks, usable
from ivig.pk.individualise import IndividualFit, individualise
from ivig.plan import Plan
from ivig.product import Product
from ivig.regimen import Regimen


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked: a total IgG trough, how surely, and among which regimens."""

    patient: Patient
    trough_g_per_L: float
    probability_fraction: float
    routes: tuple[Route, ...]
    intervals_day: tuple[float, ...] = ()
    product: str | None = None
    model: str | None = None
    indication: str | None = None
    jurisdiction: str = "us"


@dataclass(frozen=True, slots=True)
class Lane:
    """One route, settled: product, regimen and the fits that may speak of it, the best first."""

    route: Route
    product: Product
    regimen: Regimen
    fits: tuple[IndividualFit, ...]


def settle_lane(
    question: Question, knowledge: Knowledge, indication: Indication, route: Route, plan: Plan
) -> tuple[Lane | None, list[str]]:
    """The route's product, regimen and fits; None, with the reason, when it has none."""
    name = route.upper()
    if plan.stops:
        return None, [f"{name}: {' '.join(stop.text for stop in plan.stops)}"]
    if plan.regimen is None or plan.product is None or plan.product.id is None:
        return None, [f"{name}: no regimen or product is known for this use."]
    regimen = plan.regimen.then or plan.regimen
    if regimen.interval_day is None:
        return None, [f"{name}: treatment is a short course, which has no steady trough."]
    names, cautions = _models(question, knowledge, indication, route)
    fits, failed = _fits(question, knowledge, names)
    if not fits:
        return None, [f"{name}: {text}" for text in (*failed, *cautions)]
    product = knowledge.products[plan.product.id]
    lane = Lane(route, product, regimen, fits)
    speaker = next(pair for pair in names if pair[0] == fits[0].model_id)
    told = (*_doubts(question, knowledge, speaker), *fits[0].notes)
    notes = [f"{name}: {text}" for text in cautions]
    return lane, notes + [f"{fits[0].model_id}: {text}" for text in told]


def _models(
    question: Question, knowledge: Knowledge, indication: Indication, route: Route
) -> tuple[tuple[tuple[str, str | None], ...], list[str]]:
    """Models that cover the route and all routes of the past, with their group; cautions."""
    patient = question.patient
    choice = choose(
        patient,
        population=indication.pk_population,
        category=indication.category,
        route=route,
        models=knowledge.models,
    )
    wanted = choice.ids if question.model is None else (question.model,)
    past: set[Route] = {dose.route for dose in patient.doses or ()}
    kept: list[tuple[str, str | None]] = []
    cautions = [] if question.model else list(choice.cautions)
    cautions += [] if wanted else [choice.reason]
    for name in wanted:
        model = knowledge.models[name]
        why = [text for one in (route, *sorted(past)) for text in usable(model, patient, one)]
        if why:
            cautions.append(f"{name} is not used: {'; '.join(dict.fromkeys(why))}.")
        else:
            kept.append((name, choice.group))
    if question.model is not None and kept:
        cautions += marks(knowledge.models[question.model], patient)
    return tuple(kept), cautions


def _fits(
    question: Question, knowledge: Knowledge, names: Sequence[tuple[str, str | None]]
) -> tuple[tuple[IndividualFit, ...], list[str]]:
    """Fits with a variability to judge by; a first model that cannot be fitted is an error."""
    doses, samples = _history(question.patient)
    fits: list[IndividualFit] = []
    failed: list[str] = []
    for name, group in names:
        model = knowledge.models[name]
        try:
            fit = individualise(model, question.patient, doses, samples, population=group)
        except FitError as error:
            if not fits:
                raise FitError(f"{name}: {error}") from error
            failed.append(f"{name}: {error}")
            continue
        if fit.has_interval:
            fits.append(fit)
        else:
            failed.append(f"{name} publishes no variability, so it gives no probability.")
    return tuple(fits), failed


def _doubts(question: Question, knowledge: Knowledge, speaker: tuple[str, str | None]) -> list[str]:
    """Levels that the first model holds to be wrong."""
    doses, samples = _history(question.patient)
    if not samples:
        return []
    model, group = knowledge.models[speaker[0]], speaker[1]
    checks = check_levels(model, question.patient, doses, samples, population=group)
    return [f"A level is in doubt: {check.text}" for check in checks if check.outside]


def _history(patient: Patient) -> tuple[tuple[Dose, ...], tuple[Sample, ...]]:
    doses = sorted(patient.doses or (), key=lambda dose: dose.time_day)
    return tuple(doses), tuple(sorted(patient.levels, key=lambda sample: sample.time_day))
