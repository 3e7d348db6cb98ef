"""What must never happen at the bedside: 500 random orders each, 10,000 with IVIG_NIGHTLY=1."""

import os
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivig.chart_report import ChartReport, Order, Session
from ivig.charting import make_chart
from ivig.codec import encode
from ivig.comparison import compare_products
from ivig.errors import InputError
from ivig.indication import Indication
from ivig.knowledge import Knowledge, load_knowledge
from ivig.patient import Dose, History, Lab, Patient, Route
from ivig.product import Product, rates_for
from ivig.pump import PumpLine
from ivig.reaction import SEVERITIES, given_at_mL
from ivig.reaction_advice import react
from ivig.safety import RiskKind
from tests.strategies import patients
from tests.test_comparison import FORBIDDEN, may_have

CASES = settings(max_examples=10_000 if os.environ.get("IVIG_NIGHTLY") else 500)
KNOWN = load_knowledge()
PRODUCTS = sorted(KNOWN.products)
INDICATIONS = ("pid", "cvid", "itp", "itp_child", "cidp", "mmn", "dermatomyositis", "gbs", "kawasaki",
               "sid", "mg_crisis", "autism")  # fmt: skip
FORBIDS = {
    "hyperprolinaemia": "proline",
    "hereditary_fructose_intolerance": "sorbitol",
    "polysorbate_80_allergy": "polysorbate_80",
    "hyaluronidase_allergy": "hyaluronidase",
}
KINDS: tuple[RiskKind, ...] = ("renal", "thrombosis")
UNPRINTED_G_PER_KG = {"iv": 2.0, "fsc": 1.0, "sc": 0.4}
CLASS_CAP_MG_PER_KG_PER_MIN = 3.3


PLAUSIBLE = (0.1, 0.4, 0.5)
DRAWABLE = [
    product.id
    for product in KNOWN.products.values()
    if product.rates or product.facilitated or product.id in ("hizentra", "cuvitru", "xembify")
]


@st.composite
def orders(draw: st.DrawFn, *, plausible: bool = False) -> Order:
    """Any order; a plausible one mostly leads to a chart."""
    product = draw(st.sampled_from(DRAWABLE if plausible else PRODUCTS))
    per_kg = draw(st.sampled_from(PLAUSIBLE if plausible else (0.1, 0.4, 1.0, 1.7, 2.0, 2.5)))
    diagnoses = INDICATIONS[:2] if plausible and per_kg < 0.3 else INDICATIONS
    forbids = () if plausible else tuple(FORBIDS)
    weight_kg = round(draw(st.floats(2.5, 200)), 1)
    day = draw(st.sampled_from([-7.0, -21.0, -100.0]))
    last = Dose(
        time_day=day, amount_g=10.0, product=draw(st.sampled_from([product, "privigen", None]))
    )
    patient = Patient(
        diagnosis=draw(st.sampled_from(diagnoses)),
        weight_kg=weight_kg,
        age_year=draw(st.none() | st.integers(0, 95).map(float)),
        height_cm=draw(st.none() | st.floats(50, 200)),
        sex=draw(st.none() | st.sampled_from(["female", "male"])),
        doses=draw(st.sampled_from([None, (), (last,)])),
    )
    stated = draw(st.sampled_from([None, True, False])), draw(st.sampled_from([None, True, False]))
    return Order(
        patient=patient,
        product=product,
        amount_g=round(weight_kg * per_kg, 2),
        days=draw(st.none() | st.integers(1, 7)),
        route=draw(st.none() | st.sampled_from(KNOWN.products[product].routes.value)),
        risks=tuple((k, v) for k, v in zip(KINDS, stated, strict=True) if v is not None),
        present=tuple(draw(st.sets(st.sampled_from([*forbids, "stroke", "ckd"]), max_size=2))),
        jurisdiction=draw(st.sampled_from(["us", "eu", "uk", "au", "ca-on"])),
        start_clock_min=draw(st.none() | st.just(540.0)),
    )


BY_ROUTE: dict[Route, list[str]] = {
    route: sorted(p.id for p in KNOWN.products.values() if route in p.routes.value)
    for route in ("iv", "sc", "fsc")
}


@st.composite
def asked_patients(draw: st.DrawFn) -> Patient:
    """Any patient; half of them were asked everything, so that something may be suitable."""
    patient = draw(patients(st.sampled_from(("cvid", "cvid", "cvid", "cidp", *INDICATIONS))))
    if draw(st.booleans()):
        return patient
    history = patient.history
    egfr = Lab(analyte="egfr_mL_per_min_per_1_73m2", value=95, ucum="mL/min/{1.73_m2}")
    return replace(
        patient,
        age_year=patient.age_year or 40.0,
        conditions=patient.conditions or (),
        allergies=patient.allergies or (),
        labs=(*patient.labs, egfr),
        blood_group=patient.blood_group or "O",
        history=History(
            anti_iga=history.anti_iga or False, reaction_to_ig=history.reaction_to_ig or "none"
        ),
    )


@st.composite
def some_products(draw: st.DrawFn) -> tuple[Route, list[str]]:
    route: Route = draw(st.sampled_from(("iv", "iv", "iv", "sc", "fsc")))
    some = st.lists(st.sampled_from(BY_ROUTE[route]), min_size=1, max_size=3, unique=True)
    return route, draw(some)


def uses(report: ChartReport) -> tuple[str, ...]:
    line: list[str] = []
    item: Indication | None = KNOWN.indications[report.indication_id]
    while item is not None:
        line.append(item.id)
        item = KNOWN.indications[item.parent] if item.parent else None
    return (*line, *KNOWN.indications[report.indication_id].labelled_as)


def all_lines(report: ChartReport) -> list[PumpLine]:
    return [line for session in report.sessions for line in session.lines]


def check_no_rate_above_the_labels_maximum_or_the_risk_cap(
    order: Order, report: ChartReport
) -> None:
    if report.route != "iv" or not report.sessions:
        return
    product = KNOWN.products[order.product]
    assert product.igg_mg_per_mL is not None
    ladder, _ = rates_for(product, uses(report), order.jurisdiction)
    assert ladder is not None
    most = ladder.maximum.value.rate_mL_per_kg_per_h
    excluded = dict(order.risks) == {"renal": False, "thrombosis": False}
    if not excluded:
        class_cap = CLASS_CAP_MG_PER_KG_PER_MIN * 60 / product.igg_mg_per_mL.value
        printed = ladder.risk_cap
        most = min(most, class_cap if printed is None else printed.value.rate_mL_per_kg_per_h)
    weight_kg = order.patient.weight_kg
    for line in all_lines(report):
        assert line.rate_mL_per_h <= most * weight_kg + 1e-9
        assert line.rate_mL_per_h <= line.rate_mL_per_kg_per_h * weight_kg + 1e-9


def check_the_volumes_add_up_to_the_dose(order: Order, report: ChartReport) -> None:
    product = KNOWN.products[order.product]
    for session in report.sessions:
        assert product.igg_mg_per_mL is not None
        dose_mL = session.amount_g * 1000 / product.igg_mg_per_mL.value
        added = sum(line.volume_mL for line in session.lines)
        assert added == pytest.approx(session.volume_mL, abs=1e-6)
        assert added == pytest.approx(dose_mL, abs=0.1)
        assert all(line.volume_mL > 0 and line.duration_min > 0 for line in session.lines)
        by_rate = sum(line.rate_mL_per_h * line.duration_min / 60 for line in session.lines)
        assert by_rate == pytest.approx(dose_mL, abs=0.1)
    in_all = sum(session.amount_g for session in report.sessions)
    if report.sessions and not report.sessions[0].label.startswith("Ramp"):
        assert in_all == pytest.approx(order.amount_g)


def check_no_dose_above_the_indications_maximum_without_a_stop(
    order: Order, report: ChartReport
) -> None:
    product = KNOWN.products[order.product]
    item: Indication | None = KNOWN.indications[report.indication_id]
    highs: list[float] = []
    while item is not None and not highs:
        for cited in item.regimens:
            option = cited.value
            if option.route == report.route and option.dose_g_per_kg is not None:
                highs.append(option.dose_g_per_kg.high)
        item = KNOWN.indications[item.parent] if item.parent else None
    for cited in product.doses:
        if cited.value.indication in uses(report) and cited.value.route == report.route:
            highs += [cited.value.dose_g_per_kg_high or 0, cited.value.total_g_per_kg or 0]
    if (
        order.amount_g / order.patient.weight_kg
        > (max(highs, default=0.0) or UNPRINTED_G_PER_KG[report.route]) + 1e-6
    ):
        assert report.stops
        assert report.sessions == ()


def check_no_product_with_an_ingredient_that_forbids_it(order: Order, report: ChartReport) -> None:
    contains = KNOWN.products[order.product].contains.value
    forbidden = [name for name in order.present if name in FORBIDS]
    if any(getattr(contains, FORBIDS[name]) is not False for name in forbidden):
        assert report.stops
        assert report.sessions == ()


BAD_DOSES = (0.0, -1.0, -140.0, 1e9, float("inf"), float("nan"))


@CASES
@given(order=orders(), amount_g=st.sampled_from(BAD_DOSES))
def test_what_must_never_happen(order: Order, amount_g: float) -> None:
    report = make_chart(order, KNOWN)
    check_no_rate_above_the_labels_maximum_or_the_risk_cap(order, report)
    check_the_volumes_add_up_to_the_dose(order, report)
    check_no_dose_above_the_indications_maximum_without_a_stop(order, report)
    check_no_product_with_an_ingredient_that_forbids_it(order, report)
    assert make_chart(order, KNOWN) == report
    with pytest.raises(InputError):
        make_chart(replace(order, amount_g=amount_g), KNOWN)


def most(report: ChartReport) -> float:
    """The fastest it may ever go: per site under the skin, where more sites are a gentler start."""
    return max((session.cap_mL_per_h or 0) / (session.sites or 1) for session in report.sessions)


def rate_at(session: Session, minute: float) -> float | None:
    """The rate in force; None when the session is over."""
    running = [line for line in session.lines if line.start_min <= minute < line.end_min]
    return running[0].rate_mL_per_h if running else None


@CASES
@given(order=orders(plausible=True), data=st.data())
def test_forgetting_anything_makes_nothing_faster(order: Order, data: st.DataObject) -> None:
    patient = order.patient
    forgets = [
        replace(order, risks=()),
        replace(order, risks=order.risks[:1]),
        replace(order, patient=replace(patient, age_year=None)),
        replace(order, patient=replace(patient, doses=None)),
    ]
    fixed = replace(order, days=order.days or 2)
    less = replace(data.draw(st.sampled_from(forgets)), days=fixed.days)
    knows, forgot = make_chart(fixed, KNOWN), make_chart(less, KNOWN)
    if forgot.sessions and knows.stops:  # a stop that rests on what was forgotten is asked for
        assert any(finding.kind == "unknown" for finding in forgot.findings)
    if not (knows.sessions and forgot.sessions):
        return
    if len(knows.sessions) == len(forgot.sessions):
        assert most(forgot) <= most(knows) + 1e-9
    if knows.route == "iv":
        slow, fast = forgot.sessions[0], knows.sessions[0]
        for minute in (10, 30, 60, 120, 240):
            assert given_at_mL(slow, minute) <= given_at_mL(fast, minute) + 0.11
            slower, faster = rate_at(slow, minute), rate_at(fast, minute)
            if slower is not None and faster is not None:
                assert slower <= faster + 1e-9


@CASES
@given(
    order=orders(plausible=True),
    word=st.sampled_from(["headache", "chills", "skin", "neutropenia", "thrombosis", "chest pain"]),
    severity=st.sampled_from(SEVERITIES),
    part=st.floats(0, 1.2),
)
def test_a_reaction_never_makes_it_faster_and_keeps_the_dose(
    order: Order, word: str, severity: str, part: float
) -> None:
    report = make_chart(order, KNOWN)
    if not report.sessions:
        return
    session = report.sessions[0]
    at_min = part * session.total_min
    found = react(
        report,
        reaction=word,
        severity=severity,  # type: ignore[arg-type]
        at_min=at_min,
        session=1,
        reactions=KNOWN.reactions,
        rules=KNOWN.infusion,
    )
    managed = found.managed
    assert managed.given_mL + managed.left_mL == pytest.approx(session.volume_mL, abs=0.01)
    if severity == "severe" or word in ("thrombosis", "chest pain"):
        assert managed.decision == "stop"
        assert managed.restart is None
    if managed.restart is not None:
        new = managed.restart
        reached = [line.rate_mL_per_h for line in session.lines if line.start_min < at_min]
        assert new.rate_after_mL_per_h < max(reached, default=session.lines[0].rate_mL_per_h)
        assert max(line.rate_mL_per_h for line in new.lines) == new.rate_after_mL_per_h
        total = managed.given_mL + sum(line.volume_mL for line in new.lines)
        assert total == pytest.approx(session.volume_mL, abs=0.01)
        assert new.ends_min >= new.ended_before_min - 1.0


METERS = ("gdh_pqq", "glucose_specific", None)
FORGETS = {
    "conditions": None,
    "allergies": None,
    "age_year": None,
    "doses": None,
    "labs": (),
    "blood_group": None,
    "findings": (),
    "history": History(),
}


@CASES
@given(
    patient=asked_patients(),
    meter=st.sampled_from(METERS),
    names=some_products(),
    forgotten=st.sampled_from(sorted(FORGETS)),
)
def test_no_patient_is_offered_a_product_that_must_not_be_given(
    patient: Patient, meter: str | None, names: tuple[Route, list[str]], forgotten: str
) -> None:
    route, products = names
    patient = replace(patient, findings=() if meter is None else (("glucose_meter", meter),))
    known = standings(patient, route, products)
    for product_id, standing in known.items():
        product = KNOWN.products[product_id]
        assert standing == "stopped" or may_have(patient, product), product_id
        if standing == "suitable":
            check_nothing_unknown_was_taken_as_normal(patient, product)
    assert standings(patient, route, products) == known
    less = standings(replace(patient, **{forgotten: FORGETS[forgotten]}), route, products)
    for product_id, standing in less.items():
        assert standing != "suitable" or known[product_id] == "suitable", product_id


def standings(patient: Patient, route: Route, products: list[str]) -> dict[str, str]:
    made = compare_products(KNOWN, patient=patient, products=products, route=route)
    for offer in made.offers:
        assert (offer.place is None) == (offer.ranked.standing == "stopped")
    return {offer.ranked.product_id: offer.ranked.standing for offer in made.offers}


def check_nothing_unknown_was_taken_as_normal(patient: Patient, product: Product) -> None:
    """A product is suitable only where what would forbid it was asked, or it holds none of it."""
    contains = product.contains.value
    for condition, ingredients in FORBIDDEN.items():
        asked = patient.allergies if condition.endswith("_allergy") else patient.conditions
        if asked is None:
            assert all(getattr(contains, name) is False for name in ingredients), condition
    assert patient.history.reaction_to_ig is not None
    assert patient.allergies is not None or product.latex_free is not None


def test_a_fresh_reading_gives_the_same_chart(knowledge: Knowledge) -> None:
    patient = Patient(diagnosis="cidp", weight_kg=70.0)
    order = Order(patient=patient, product="privigen", amount_g=140.0)
    assert encode(make_chart(order, load_knowledge())) == encode(make_chart(order, knowledge))
