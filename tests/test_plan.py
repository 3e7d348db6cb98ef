"""The whole pipeline: every example, the contract of the JSON, and what must never happen."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from ivig import Patient, Plan, load_knowledge, make_plan
from ivig.codec import decode
from ivig.errors import InputError
from ivig.faces.patient_file import read_patient
from ivig.faces.schema import json_schema
from ivig.knowledge import Knowledge
from ivig.report import render
from tests.strategies import patients

EXAMPLES = Path(__file__).parents[1] / "examples"
FILES = sorted([*EXAMPLES.glob("*.yaml"), *EXAMPLES.glob("*.json")])
KNOWLEDGE = load_knowledge()
TREATED = ("pid", "cvid", "xla", "sid", "cll", "cidp", "itp", "dermatomyositis", "gbs", "mg_crisis")


def plan_of(name: str, **options: Any) -> Plan:
    return make_plan(read_patient(EXAMPLES / name), KNOWLEDGE, **options)


def as_json(plan: Plan) -> dict[str, Any]:
    return json.loads(render(plan, "json"))


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    return Draft202012Validator(json.loads(json_schema("plan")))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_example_makes_a_plan_in_every_format(
    path: Path, validator: Draft202012Validator
) -> None:
    plan = make_plan(read_patient(path), KNOWLEDGE)
    written = as_json(plan)
    validator.validate(written)
    assert decode(written, Plan) == plan
    assert plan.notice in render(plan, "html")
    assert plan.references
    assert all(ref.citation for ref in plan.references)
    for ref in plan.references:
        assert ref.url is None or ref.url.startswith(("http://", "https://"))


def test_the_contract_of_the_json() -> None:
    plan = as_json(plan_of("cvid-62f.yaml", product="privigen"))
    top = "ivig_version knowledge_digest patient indication regimen product infusion kinetics "
    top += "outcomes alternatives monitoring findings references"
    assert set(top.split()) <= plan.keys()
    wanted = {
        "indication": "id category fda_status verdict",
        "regimen": "amount_g dose_g_per_kg dosing_weight_kg dosing_weight_rule split_days "
        "interval_day route course",
        "product": "id name vials rounding_percent ranking",
        "infusion": "volume_mL total_min cap_mL_per_kg_per_h steps premedication watch reactions",
        "kinetics": "model_id trough_g_per_L peak_g_per_L half_life_day "
        "probability_trough_at_target curve models",
    }
    for part, names in wanted.items():
        assert set(names.split()) <= plan[part].keys(), part
    assert plan["kinetics"]["half_life_day"].keys() == {"median", "low", "high", "level"}
    assert plan["kinetics"]["curve"].keys() == {"time_day", "median", "low", "high"}
    step = "rate_mL_per_h rate_mL_per_kg_per_h duration_min cumulative_mL"
    assert set(step.split()) <= plan["infusion"]["steps"][0].keys()
    assert {"g", "n"} == plan["product"]["vials"][0].keys()
    for finding in plan["findings"]:
        assert finding["references"] or not finding["citations"] or finding["kind"] == "fact"
    numbers = {reference["n"] for reference in plan["references"]}
    used = {n for finding in plan["findings"] for n in finding["references"]}
    assert used <= numbers == set(range(1, len(numbers) + 1))


def test_the_cvid_woman_on_privigen() -> None:
    """0.5 g/kg × 68 kg = 34 g, in whole vials 35 g; 10 % solution: 350 mL; rates from the label."""
    plan = plan_of("cvid-62f.yaml", product="privigen")
    assert plan.indication.verdict == "indicated"
    assert plan.indication.fda_status == "labelled"
    assert plan.regimen is not None
    assert (plan.regimen.amount_g, plan.regimen.interval_day) == (35, 28)
    assert plan.infusion is not None
    assert plan.infusion.volume_mL == 350
    assert plan.infusion.steps[0].rate_mL_per_h == 20  # 0.3 mL/kg/h × 68 kg, rounded down
    assert max(step.rate_mL_per_h for step in plan.infusion.steps) <= 4.8 * 68
    assert plan.kinetics is not None
    assert plan.kinetics.model_id == "navarro_mora_2022"
    assert len(plan.kinetics.models) == 3
    assert plan.kinetics.trough_g_per_L.median > 5.43


def test_cidp_starts_with_2_g_per_kg_and_goes_on_with_1_g_per_kg_every_3_weeks() -> None:
    plan = plan_of("cidp-80kg.yaml")
    assert plan.regimen is not None
    assert plan.regimen.then is not None
    assert (plan.regimen.amount_g, plan.regimen.course) == (160, "ongoing")
    assert (plan.regimen.then.amount_g, plan.regimen.then.interval_day) == (80, 21)
    assert plan.infusion is not None
    assert sum(day.amount_g for day in plan.infusion.days) == pytest.approx(160)
    assert plan.kinetics is not None
    assert plan.kinetics.model_id == "tortorici_2021_cidp"


def test_octagam_10_in_dermatomyositis_never_exceeds_168_mL_per_h() -> None:
    plan = plan_of("dermatomyositis-70kg.yaml", product="octagam_10")
    assert plan.regimen is not None
    assert plan.regimen.amount_g == 140
    assert plan.infusion is not None
    assert max(step.rate_mL_per_h for step in plan.infusion.steps) <= 168
    assert sum(day.volume_mL for day in plan.infusion.days) == pytest.approx(1400, abs=0.1)


def test_kawasaki_lasts_ten_hours_and_needs_aspirin() -> None:
    plan = plan_of("kawasaki-3y.yaml")
    assert plan.indication.verdict == "indicated"
    assert plan.infusion is not None
    assert plan.infusion.total_min >= 600
    assert "aspirin" in render(plan, "text").lower()


def test_renal_and_stroke_risk_hold_the_rate_at_the_cap() -> None:
    plan = plan_of("renal-stroke.yaml", product="panzyga")
    assert plan.infusion is not None
    assert plan.infusion.cap_mL_per_kg_per_h == pytest.approx(1.98)
    assert "risk" in plan.infusion.cap_because


def test_bmi_42_shows_three_weights() -> None:
    regimen = plan_of("bmi-42.yaml").regimen
    assert regimen is not None
    shown = {choice.kind: choice.weight_kg for choice in regimen.weights}
    assert shown["actual"] is not None
    assert shown["ideal"] is not None
    assert shown["adjusted"] is not None
    assert shown["ideal"] < shown["adjusted"] < shown["actual"]


@pytest.mark.parametrize(
    ("name", "options", "word"),
    [
        ("iga-anti-iga-reaction.yaml", {}, "contraindicated"),
        ("hyperprolinaemia.yaml", {"product": "privigen"}, "hyperprolinaemia"),
        ("hyperprolinaemia.yaml", {"product": "hizentra", "route": "sc"}, "hyperprolinaemia"),
        ("hfi.yaml", {"product": "flebogamma_dif_10"}, "fructose"),
        ("neonatal-sepsis.yaml", {}, "Not indicated"),
        ("alzheimer.yaml", {}, "Not indicated"),
        ("low-igg-alone.yaml", {}, "Not indicated"),
    ],
)
def test_a_stop_comes_first_and_offers_no_chart(
    name: str, options: dict[str, Any], word: str
) -> None:
    plan = plan_of(name, **options)
    assert plan.findings[0].kind == "stop"
    assert word in plan.findings[0].text
    assert plan.infusion is None
    assert plan.product is None or plan.product.id is None


def test_anti_iga_without_a_reaction_is_no_stop_but_ranks_by_iga() -> None:
    plan = plan_of("iga-anti-iga.yaml")
    assert plan.stops == ()
    assert plan.product is not None
    assert any("IgA" in reason for reason in plan.product.why)


def test_levels_and_doses_individualise() -> None:
    kinetics = plan_of("xla-6m.yaml").kinetics
    assert kinetics is not None
    assert kinetics.individualised
    assert kinetics.n_levels == 2


@pytest.mark.parametrize("route", ["sc", "fsc"])
def test_other_routes_plan_too(route: str) -> None:
    plan = plan_of("cvid-62f.yaml", route=route)
    assert plan.regimen is not None
    assert plan.regimen.route == route
    assert plan.infusion is not None
    assert plan.infusion.sites


@pytest.mark.parametrize("jurisdiction", ["us", "eu", "uk", "au", "ca-on"])
def test_every_jurisdiction_plans(jurisdiction: str) -> None:
    plan = plan_of("cidp-80kg.yaml", jurisdiction=jurisdiction)
    assert plan.jurisdiction == jurisdiction
    assert plan.regimen is not None


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"product": "aspirin"}, "product"),
        ({"jurisdiction": "mars"}, "jurisdiction"),
        ({"indication": "lumbago"}, "diagnosis"),
        ({"product": "hizentra"}, "product"),
    ],
)
def test_what_is_not_known_is_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        plan_of("cvid-62f.yaml", **options)


def test_the_same_input_gives_the_same_plan_byte_for_byte() -> None:
    first = render(plan_of("xla-6m.yaml"), "json")
    patient = read_patient(EXAMPLES / "xla-6m.yaml")
    assert render(make_plan(patient, load_knowledge()), "json") == first


@given(
    patient=patients(st.sampled_from(TREATED)),
    product=st.none() | st.sampled_from(sorted(KNOWLEDGE.products)),
)
def test_what_must_never_happen(patient: Patient, product: str | None) -> None:
    """Over any patient and product: no rate over the cap, no unsafe product, no lost millilitre."""
    if product and "iv" not in KNOWLEDGE.products[product].routes.value:
        product = None
    plan = make_plan(patient, KNOWLEDGE, product=product)
    if plan.infusion is None:
        return
    _require_safe_chart(plan)
    _require_safe_product(plan)
    assert plan.regimen is not None
    top = max(plan.regimen.dose_range_g_per_kg.high, 0) * plan.regimen.dosing_weight_kg
    assert plan.regimen.amount_g <= top + 1e-3


def _require_safe_chart(plan: Plan) -> None:
    infusion = plan.infusion
    assert infusion is not None
    assert infusion.cap_mL_per_h is not None
    weight_kg = plan.patient.weight_kg
    product = KNOWLEDGE.products[infusion.product_id]
    label = max(rates.maximum.value.rate_mL_per_kg_per_h for rates in product.rates)
    given_mL = 0.0
    for step in infusion.steps:
        assert step.rate_mL_per_h <= infusion.cap_mL_per_h + 1e-9
        assert step.rate_mL_per_h <= label * weight_kg + 1e-9
        given_mL += step.rate_mL_per_h * step.duration_min / 60
    assert given_mL == pytest.approx(infusion.volume_mL, abs=0.1)
    assert infusion.steps[-1].cumulative_mL == pytest.approx(infusion.volume_mL, abs=1e-6)
    if plan.patient.conditions is None:
        assert infusion.cap_mL_per_kg_per_h is not None
        assert (
            infusion.cap_mL_per_kg_per_h
            * (product.igg_mg_per_mL.value if product.igg_mg_per_mL else 100)
            / 60
            <= 3.34
        )


def _require_safe_product(plan: Plan) -> None:
    assert plan.product is not None
    assert plan.product.id is not None
    contains = KNOWLEDGE.products[plan.product.id].contains.value
    had = {*(plan.patient.conditions or ()), *(plan.patient.allergies or ())}
    if "hyperprolinaemia" in had:
        assert contains.proline is False
    if "hereditary_fructose_intolerance" in had:
        assert contains.sorbitol is False
        assert contains.sucrose is False
    history = plan.patient.history
    assert not (history.anti_iga and history.reaction_to_ig not in (None, "none"))
    assert history.reaction_to_ig != "anaphylaxis"


@given(patient=patients())
def test_forgetting_makes_nothing_faster(patient: Patient) -> None:
    """A patient of whom less is known never gets a higher cap."""
    from dataclasses import replace

    known = make_plan(replace(patient, conditions=(), allergies=()), KNOWLEDGE, product="panzyga")
    less = make_plan(replace(patient, conditions=None, allergies=()), KNOWLEDGE, product="panzyga")
    if known.infusion is None or less.infusion is None:
        return
    assert less.infusion.cap_mL_per_kg_per_h is not None
    assert known.infusion.cap_mL_per_kg_per_h is not None
    assert less.infusion.cap_mL_per_kg_per_h <= known.infusion.cap_mL_per_kg_per_h


def test_knowledge_is_read_once_and_named_in_the_plan(knowledge: Knowledge) -> None:
    assert plan_of("gbs.yaml").knowledge_digest == knowledge.digest
