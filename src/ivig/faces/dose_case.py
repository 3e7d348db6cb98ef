"""What ``ivig dose`` says of one patient: each route with its product, model and limits, searched."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ivig.cited import Citation
from ivig.diagnosis import complete, find_indication, lineage
from ivig.errors import InputError, OutsideModelDomain
from ivig.faces.dose_lane import Lane, Question, settle_lane
from ivig.faces.dose_limit import Limit, find_limit
from ivig.indication import Indication
from ivig.knowledge import Knowledge
from ivig.patient import Route
from ivig.pk.current import current_dosing
from ivig.pk.dose_search import Conversion, Option, Outcome, convert, outcome, rank, search
from ivig.pk.individualise import IndividualFit
from ivig.pk.schedule import Dosing
from ivig.pk.target import probability_at_target
from ivig.plan import Plan, make_plan
from ivig.regimen import Regimen
from ivig.selection import current_product

INTERVALS_DAY: dict[Route, tuple[float, ...]] = {
    "iv": (21.0, 28.0),
    "sc": (7.0, 14.0),
    "fsc": (21.0, 28.0),
}
OWN_IS_ENOUGH = (
    "Own IgG alone is likely to reach this trough; the model gives no reason for a dose."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One regimen: what it does, with what, and how sure other models are of it."""

    outcome: Outcome
    dose_g_per_kg: float
    product_id: str
    product_name: str
    model_id: str
    limit: Limit | None
    others_fraction: tuple[tuple[str, float], ...]
    """P(trough ≥ target) by the other models that cover the patient and route."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Converted:
    """A change of route by simulated exposure, the label's factor beside it."""

    conversion: Conversion
    model_id: str
    product_id: str
    label_g: float | None
    """A dose by the label's factor, which ``label_percent`` shows."""
    label_percent: float | None
    label_citation: Citation | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseReport:
    """The answer; ``attainable`` is within label limits."""

    patient_id: str
    dosing_weight_kg: float | None
    trough_g_per_L: float
    probability_fraction: float
    attainable: bool
    verdict: str
    rows: tuple[Row, ...]
    current: Row | None
    conversions: tuple[Converted, ...]
    stops: tuple[str, ...]
    notes: tuple[str, ...]


def make_dose_report(question: Question, knowledge: Knowledge) -> DoseReport:
    """Settle each route, search its intervals, and rank all that is found.

    Raises
    ------
    InputError
        A target of 0 or less, a probability outside 0 to 1, an unknown product, model or place.
    OutsideModelDomain
        No model covers the patient by any of the routes, or the treatment is a short course.
    FitError
        The levels contradict the model.
    """
    _require(question, knowledge)
    patient = question.patient
    found = find_indication(
        question.indication or patient.diagnosis, patient, knowledge.indications
    )
    uses = tuple(item.id for item in lineage(found, knowledge.indications))
    indication = complete(found, knowledge.indications)
    uses = tuple(dict.fromkeys((*uses, *indication.labelled_as)))
    plans: dict[Route, Plan] = {}
    for route in _routes(question, knowledge):
        plans[route] = _plan(question, knowledge, route)
    stops = _shared_stops(tuple(plans.values()))
    if stops:
        return _stopped(question, stops)
    lanes: list[Lane] = []
    notes = _general_notes(question, indication, tuple(plans.values()))
    for route, plan in plans.items():
        lane, note = settle_lane(question, knowledge, indication, route, plan)
        notes += note
        lanes += [] if lane is None else [lane]
    if not lanes:
        raise OutsideModelDomain(f"no dose can be searched for: {' '.join(notes)}")
    rows, left_out = _search(question, indication, uses, lanes)
    return _report(question, lanes, rows, (*notes, *left_out))


def _general_notes(question: Question, indication: Indication, plans: Sequence[Plan]) -> list[str]:
    notes = [
        "Safety, product and pump rates are the matter of ivig plan; this ranks by the trough."
    ]
    if not question.patient.levels:
        notes.append("No levels are given: the doses are for the population, not for this patient.")
    if any(plan.indication.verdict == "unknown" for plan in plans):
        notes.append("Whether immunoglobulin is indicated could not be decided: see ivig plan.")
    if indication.category == "immunomodulation":
        notes.append(
            "In immunomodulation no trough is an established target, and no factor for a change of "
            "route: the dose follows the clinical response."
        )
    return notes


def _require(question: Question, knowledge: Knowledge) -> None:
    if not 0.0 < question.trough_g_per_L <= 100.0:
        raise InputError("trough", question.trough_g_per_L, "a level above 0 and up to 100 g/L")
    if not 0.0 < question.probability_fraction < 1.0:
        raise InputError("probability", question.probability_fraction, "more than 0, less than 1")
    for name in question.intervals_day:
        if not 1.0 <= name <= 84.0:
            raise InputError("interval", name, "1 to 84 days")
    if question.model is not None and question.model not in knowledge.models:
        raise InputError("model", question.model, f"one of {', '.join(knowledge.models)}")
    if question.product is not None and question.product not in knowledge.products:
        raise InputError("product", question.product, f"one of {', '.join(knowledge.products)}")


def _routes(question: Question, knowledge: Knowledge) -> list[Route]:
    if question.product is None:
        return list(question.routes)
    given = knowledge.products[question.product].routes.value
    shared: list[Route] = [route for route in question.routes if route in given]
    if not shared:
        wanted = f"a product given {' or '.join(question.routes).upper()}"
        raise InputError("product", question.product, wanted)
    return shared


def _plan(question: Question, knowledge: Knowledge, route: Route) -> Plan:
    return make_plan(
        question.patient,
        knowledge,
        indication=question.indication,
        product=question.product,
        route=route,
        jurisdiction=question.jurisdiction,
    )


def _shared_stops(plans: Sequence[Plan]) -> tuple[str, ...]:
    """What forbids every one of the routes."""
    if not all(plan.stops for plan in plans):
        return ()
    return tuple(dict.fromkeys(stop.text for plan in plans for stop in plan.stops))


def _stopped(question: Question, stops: tuple[str, ...]) -> DoseReport:
    return DoseReport(
        patient_id=question.patient.id,
        dosing_weight_kg=None,
        trough_g_per_L=question.trough_g_per_L,
        probability_fraction=question.probability_fraction,
        attainable=False,
        verdict="No dose is offered.",
        rows=(),
        current=None,
        conversions=(),
        stops=stops,
        notes=(),
    )


def _search(
    question: Question, indication: Indication, uses: tuple[str, ...], lanes: Sequence[Lane]
) -> tuple[list[Row], list[str]]:
    """Rows in order, and what is to be said; no rows when own IgG alone is likely enough."""
    rows: list[Row] = []
    notes: list[str] = []
    enough: list[bool] = []
    for lane in lanes:
        own = lane.regimen.interval_day or 28.0
        asked = question.intervals_day or tuple(sorted({own, *INTERVALS_DAY[lane.route]}))
        for interval_day in asked:
            name = f"{lane.route.upper()} every {interval_day:g} days"
            row = _best_row(question, indication, uses, lane, interval_day)
            enough.append(row is not None and row.outcome.needed_g == 0.0)
            if row is None:
                notes.append(f"{name}: no whole vial of {lane.product.name} is within the limit.")
            elif enough[-1]:
                notes.append(f"{name}: {lane.fits[0].model_id} finds own IgG enough.")
            else:
                rows.append(row)
    if all(enough):
        return [], [OWN_IS_ENOUGH]
    order = rank([row.outcome for row in rows])
    rows.sort(key=lambda row: next(i for i, out in enumerate(order) if out is row.outcome))
    return rows, notes


def _best_row(
    question: Question,
    indication: Indication,
    uses: tuple[str, ...],
    lane: Lane,
    interval_day: float,
) -> Row | None:
    """None when the limit leaves no whole vial."""
    regimen, product = lane.regimen, lane.product
    limit = find_limit(question.jurisdiction, indication, uses, product, regimen, interval_day)
    option = Option(
        route=lane.route,
        interval_day=interval_day,
        split_days=regimen.split_days if interval_day >= regimen.split_days else 1,
        vials=() if product.vials is None else product.vials.value,
        limit_g=None if limit is None else limit.amount_g,
    )
    found = search(
        lane.fits[0],
        (option,),
        trough_g_per_L=question.trough_g_per_L,
        probability=question.probability_fraction,
    )
    return _row(question, lane, found[0], limit) if found else None


def _row(question: Question, lane: Lane, out: Outcome, limit: Limit | None) -> Row:
    others: list[tuple[str, float]] = []
    for fit in lane.fits[1:]:
        reached = probability_at_target(fit, out.dosing, trough_g_per_L=question.trough_g_per_L)
        others += [] if reached is None else [(fit.model_id, reached)]
    return Row(
        outcome=out,
        dose_g_per_kg=out.dosing.amount_g / question.patient.weight_kg,
        product_id=lane.product.id,
        product_name=lane.product.name,
        model_id=lane.fits[0].model_id,
        limit=limit,
        others_fraction=tuple(others),
    )


def _report(
    question: Question, lanes: Sequence[Lane], rows: list[Row], notes: tuple[str, ...]
) -> DoseReport:
    current = current_dosing(question.patient.doses or ())
    now = None if current is None else _current_row(question, lanes, current)
    base = current
    if base is None or base.route != "iv":
        intravenous = [row.outcome.dosing for row in rows if row.outcome.dosing.route == "iv"]
        base = intravenous[0] if intravenous else None
    enough = OWN_IS_ENOUGH in notes
    attained = [row for row in rows if row.outcome.attained]
    return DoseReport(
        patient_id=question.patient.id,
        dosing_weight_kg=lanes[0].regimen.dosing_weight_kg,
        trough_g_per_L=question.trough_g_per_L,
        probability_fraction=question.probability_fraction,
        attainable=enough or bool(attained),
        verdict=OWN_IS_ENOUGH if enough else _verdict(question, rows, attained),
        rows=tuple(rows),
        current=now,
        conversions=() if base is None else _conversions(question, lanes, base),
        stops=(),
        notes=tuple(
            note
            for note in (*_weight_note(question, lanes[0].regimen), *notes)
            if note != OWN_IS_ENOUGH
        ),
    )


def _weight_note(question: Question, regimen: Regimen) -> tuple[str, ...]:
    if abs(regimen.dosing_weight_kg - question.patient.weight_kg) < 0.05:
        return ()
    return (
        f"Limits in g/kg are taken of the dosing weight, {regimen.dosing_weight_kg:.1f} kg "
        f"({regimen.dosing_weight_rule}); g/kg in the table is of the actual weight.",
    )


def _current_row(question: Question, lanes: Sequence[Lane], dosing: Dosing) -> Row | None:
    lane = next((lane for lane in lanes if lane.route == dosing.route), None)
    if lane is None:
        return None
    out = outcome(
        lane.fits[0],
        dosing,
        trough_g_per_L=question.trough_g_per_L,
        probability=question.probability_fraction,
    )
    own = current_product(question.patient) or "not named"
    return replace(_row(question, lane, out, None), product_id=own, product_name=own)


def _conversions(question: Question, lanes: Sequence[Lane], base: Dosing) -> tuple[Converted, ...]:
    """From a regimen into a vein to each other route, by a model that covers both."""
    found: list[Converted] = []
    for lane in lanes:
        able = [fit for fit in lane.fits if _gives(fit, base.route) and _gives(fit, lane.route)]
        if lane.route != base.route and able:
            usual = INTERVALS_DAY[lane.route][0 if lane.route == "sc" else -1]
            every = question.intervals_day or (usual,)
            found += [_converted(able[0], base, lane, interval_day) for interval_day in every]
    return tuple(found)


def _converted(fit: IndividualFit, base: Dosing, lane: Lane, interval_day: float) -> Converted:
    assert base.interval_day is not None  # noqa: S101 (a search and current_dosing repeat)
    printed = lane.product.iv_to_sc_factor
    same_g = base.amount_g * interval_day / base.interval_day
    return Converted(
        conversion=convert(fit, base, route=lane.route, interval_day=interval_day),
        model_id=fit.model_id,
        product_id=lane.product.id,
        label_g=None if printed is None else same_g * printed.value,
        label_percent=None if printed is None else 100.0 * printed.value,
        label_citation=None if printed is None else printed.citation,
    )


def _gives(fit: IndividualFit, route: Route) -> bool:
    if route == "iv":
        return True
    fraction = fit.typical.F_SC if route == "sc" else fit.typical.F_fSC
    return fraction is not None and fit.typical.KA_per_day is not None


def _verdict(question: Question, rows: Sequence[Row], attained: Sequence[Row]) -> str:
    target = f"a trough of {question.trough_g_per_L:g} g/L with a probability of at least "
    target += f"{100 * question.probability_fraction:g} %"
    if attained:
        best = attained[0].outcome
        if best.needed_g == 0.0:
            return (
                f"Own IgG alone is likely to give {target}; the model gives no reason for a dose."
            )
        return f"{target[0].upper()}{target[1:]} is attainable within the limits."
    if not rows:
        return f"{target[0].upper()}{target[1:]}: not attainable within label limits."
    best = rows[0].outcome
    return (
        f"{target[0].upper()}{target[1:]}: not attainable within label limits. The likeliest regimen "
        f"inside them reaches it with {100 * best.reached_fraction:.0f} %."
    )
