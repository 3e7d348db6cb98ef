"""Routes side by side: each number against the arithmetic that it claims."""

from pathlib import Path

import numpy as np
import pytest

from ivig.compare import INDEPENDENCE, Comparison, compare_routes
from ivig.faces.patient_file import read_patient
from ivig.knowledge import Knowledge
from ivig.outcome.compare import LOCAL, SYSTEMIC, RouteView
from ivig.patient import Route

EXAMPLES = Path(__file__).parents[1] / "examples"


def compared(knowledge: Knowledge, name: str, **options: object) -> Comparison:
    return compare_routes(read_patient(EXAMPLES / f"{name}.yaml"), knowledge, **options)  # type: ignore[arg-type]


def views(found: Comparison) -> dict[Route, RouteView]:
    return {view.route: view for view in found.views}


def test_a_year_is_counted_from_the_interval(knowledge: Knowledge) -> None:
    iv = views(compared(knowledge, "cidp-80kg"))["iv"]
    assert iv.burden.infusions_per_year == pytest.approx(365.25 / 21)
    assert iv.burden.grams_per_year == pytest.approx(80 * 365.25 / 21)
    assert iv.burden.hours_per_year == pytest.approx((iv.burden.session_h or 0) * 365.25 / 21)


def test_systemic_reactions_by_the_month(knowledge: Knowledge) -> None:
    """9.8 % of 3-weekly infusions is 0.142 a month; 2.7 % of weekly ones 0.117."""
    found = views(compared(knowledge, "cidp-80kg"))
    assert found["iv"].systemic[0].per_month == pytest.approx(0.098 * 365.25 / 12 / 21)
    assert found["sc"].systemic[0].per_month == pytest.approx(0.027 * 365.25 / 12 / 7)


def test_steady_exposure_agrees_with_its_own_curve(knowledge: Knowledge) -> None:
    for view in compared(knowledge, "cvid-62f").views:
        shown = view.exposure
        assert shown is not None
        days, levels = np.array(shown.curve_day), np.array(shown.curve_g_per_L)
        weekly = np.trapezoid(levels, days) / 4
        assert weekly == pytest.approx(shown.auc_per_week_g_day_per_L.median, rel=0.02)
        assert levels.min() == pytest.approx(shown.trough_g_per_L.median, rel=0.02)


def test_one_model_speaks_for_all_routes_when_one_can(knowledge: Knowledge) -> None:
    models = {
        view.exposure.model_id for view in compared(knowledge, "cvid-62f").views if view.exposure
    }
    assert models == {"li_2022"}


def test_a_route_that_no_model_covers_is_unknown_and_said(knowledge: Knowledge) -> None:
    found = compared(knowledge, "cidp-80kg")
    assert views(found)["fsc"].exposure is None
    assert any("Facilitated SC: exposure unknown" in one.text for one in found.findings)


def test_a_higher_target_leaves_more_days_below_on_iv_than_on_sc(knowledge: Knowledge) -> None:
    found = views(compared(knowledge, "cvid-62f", target_g_per_L=11.0))
    below = {
        route: view.exposure.days_below_4_weeks_day.median
        for route, view in found.items()
        if view.exposure and view.exposure.days_below_4_weeks_day
    }
    assert below["iv"] > below["sc"]


def test_without_a_printed_target_wear_off_is_unknown(knowledge: Knowledge) -> None:
    found = compared(knowledge, "cidp-80kg")
    assert found.target_g_per_L is None
    assert all(v.exposure.days_below_4_weeks_day is None for v in found.views if v.exposure)


def test_only_the_routes_asked_for(knowledge: Knowledge) -> None:
    assert tuple(views(compared(knowledge, "cvid-62f", routes=("sc", "fsc")))) == ("sc", "fsc")


def test_what_is_looked_up_by_name_is_there(knowledge: Knowledge) -> None:
    for table in (SYSTEMIC, LOCAL):
        for relation, label, _ in (row for rows in table.values() for row in rows):
            labels = {fact.value.label for fact in knowledge.outcomes[relation].estimates}
            assert label in labels
    for file, key in INDEPENDENCE.values():
        assert key in {fact.value.id for fact in knowledge.statements[file].statements}
