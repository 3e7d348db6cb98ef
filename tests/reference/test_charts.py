"""The engine against charts worked by hand from label text (charts.yaml)."""

import ast
import operator
import re
from pathlib import Path
from typing import Any

import pytest

from ivig.chart_report import ChartReport, Order
from ivig.charting import make_chart
from ivig.knowledge import Knowledge
from ivig.patient import Dose, Patient
from ivig.safety import RiskKind
from ivig.strict_yaml import read_yaml

CASES: list[dict[str, Any]] = read_yaml(Path(__file__).with_name("charts.yaml").read_text("utf-8"))
KINDS: tuple[RiskKind, ...] = ("renal", "thrombosis")
OPERATORS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul}
NEAR_MIN = 0.01


def value(text: str) -> float:
    """A printed sum, evaluated without running it as a program."""

    def node(tree: ast.AST) -> float:
        if isinstance(tree, ast.BinOp):
            left, right = node(tree.left), node(tree.right)
            divide = isinstance(tree.op, ast.Div)
            return left / right if divide else OPERATORS[type(tree.op)](left, right)
        assert isinstance(tree, ast.Constant), text
        return float(tree.value)

    return node(ast.parse(text.replace("×", "*"), mode="eval").body)


def draw(case: dict[str, Any], knowledge: Knowledge) -> ChartReport:
    given = (Dose(time_day=-21, amount_g=10.0, product=case["product"]),)
    patient = Patient(
        diagnosis=case["indication"],
        weight_kg=float(case["weight_kg"]),
        age_year=float(case["age_year"]) if "age_year" in case else 40.0,
        doses=() if case["patient"] == "first" else given,
    )
    risks = tuple((kind, kind == case["risk"]) for kind in KINDS)
    return make_chart(
        Order(
            patient=patient,
            product=case["product"],
            amount_g=float(case["dose_g"]),
            days=case.get("days", 1),
            route=case.get("route"),
            risks=risks,
            jurisdiction=case.get("jurisdiction", "us"),
        ),
        knowledge,
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_the_arithmetic_as_written(case: dict[str, Any]) -> None:
    for line in case["work"]:
        left, right = line.split(" = ")
        digits = len(right.partition(".")[2])
        assert round(value(left) + 1e-9, digits) == pytest.approx(float(right)), line
    asserted = {"at_least_min", "total_min", "volume_mL", "cap_mL_per_h"} & case.keys()
    results = " ".join(case["work"])
    shown = [
        field for field in asserted if re.search(rf"(?<![\d.]){case[field]}(?![\d.])", results)
    ]
    assert shown, "no result that the case asserts is worked out"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_the_engine_draws_it(case: dict[str, Any], knowledge: Knowledge) -> None:
    report = draw(case, knowledge)
    assert report.stops == ()
    session = report.sessions[0]
    assert session.volume_mL == pytest.approx(case["volume_mL"], abs=0.05)
    if "ladder" in case:
        ladder = [(line.rate_mL_per_h, line.duration_min) for line in session.lines]
        assert ladder == [pytest.approx(step, abs=NEAR_MIN) for step in case["ladder"]]
        assert session.total_min == pytest.approx(case["total_min"], abs=NEAR_MIN)
    if "first_mL_per_h" in case:
        assert session.lines[0].rate_mL_per_h == case["first_mL_per_h"]
    if "first_min" in case:
        assert session.lines[0].duration_min == pytest.approx(case["first_min"])
    if "cap_mL_per_h" in case:
        assert session.cap_mL_per_h == pytest.approx(case["cap_mL_per_h"])
    most = case.get("cap_at_most_mL_per_h", case.get("cap_mL_per_h"))
    assert max(line.rate_mL_per_h for line in session.lines) <= most + 1e-9
    assert session.total_min >= case.get("at_least_min", 0) - NEAR_MIN
    for field in ("sites", "volume_per_site_mL", "hyaluronidase_U"):
        if field in case:
            assert getattr(session, field) == pytest.approx(case[field]), field
    assert ("recalled" in {citation.basis for citation in report.citations}) == case.get(
        "recalled", False
    )


def test_every_case_names_a_source_we_hold(knowledge: Knowledge) -> None:
    assert len(CASES) >= 90
    assert len({case["id"] for case in CASES}) == len(CASES)
    assert {case["source"] for case in CASES} <= set(knowledge.sources)


def test_every_product_with_rates_has_a_case(knowledge: Knowledge) -> None:
    rated = {
        product.id
        for product in knowledge.products.values()
        if product.rates
        or any(cited.basis == "read" and _drawable(cited.value) for cited in product.sites)
        or (product.facilitated is not None and product.id == "hyqvia")
    }
    assert rated <= {case["product"] for case in CASES}


def _drawable(band: Any) -> bool:
    volume = band.volume_max_mL_per_site or band.volume_first_mL_per_site
    rate = band.rate_max_mL_per_h_per_site or band.rate_first_mL_per_h_per_site
    return volume is not None and rate is not None
