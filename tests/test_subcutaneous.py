"""Sites and sessions by hand."""

import pytest

from ivig.cited import Citation, Cited
from ivig.product import FacilitatedRules, SiteBand
from ivig.subcutaneous import facilitated_chart, subcutaneous_chart

LABEL = Citation(source="label", basis="read")
BAND = SiteBand(
    text="PI",
    volume_first_mL_per_site=15,
    volume_max_mL_per_site=25,
    rate_first_mL_per_h_per_site=15,
    rate_max_mL_per_h_per_site=25,
)


def session(volume_mL: float, *, first: bool, band: SiteBand = BAND):
    return subcutaneous_chart(
        product_id="hizentra",
        amount_g=volume_mL / 5,
        volume_mL=volume_mL,
        weight_kg=70,
        band=band,
        first=first,
        citation=LABEL,
        basis="read",
    )


def test_the_first_session_takes_more_and_slower_sites() -> None:
    """60 mL at 15 mL a site: 4 sites at 15 mL/h: 60 mL/h for an hour; later 3 sites at 25 mL/h."""
    first, later = session(60, first=True), session(60, first=False)
    assert first is not None
    assert later is not None
    assert (first.sites, first.steps[0].rate_mL_per_h, first.total_min) == (4, 60, 60)
    assert (later.sites, later.steps[0].rate_mL_per_h, later.total_min) == (3, 75, 48)


def test_more_sites_than_the_label_allows_is_no_chart() -> None:
    from dataclasses import replace

    assert session(60, first=True, band=replace(BAND, sites_max=3)) is None


def test_a_label_without_a_volume_per_site_gives_no_chart() -> None:
    assert session(60, first=True, band=SiteBand(text="x", rate_max_mL_per_h_per_site=20)) is None


def test_facilitated_rates_climb_by_weight_and_units_follow_the_dose() -> None:
    """350 mL, 70 kg, first infusions: 10, 30, 60, 120 for 10 min each, then 240 mL/h."""
    rules = FacilitatedRules(
        rates_from_40_kg_first_mL_per_h_per_site=Cited(
            value=(10.0, 30.0, 60.0, 120.0, 240.0), source="l", basis="read"
        ),
        step_min=Cited(value=10.0, source="l", basis="read"),
        volume_max_from_40_kg_mL_per_site=Cited(value=600.0, source="l", basis="read"),
    )
    chart = facilitated_chart(
        product_id="hyqvia",
        amount_g=35,
        volume_mL=350,
        weight_kg=70,
        rules=rules,
        first=True,
        hyaluronidase_U=80 * 35,
    )
    assert chart is not None
    given = (10 + 30 + 60 + 120) / 6
    assert chart.total_min == pytest.approx(40 + (350 - given) / 240 * 60)
    assert [step.rate_mL_per_h for step in chart.steps] == [10, 30, 60, 120, 240]
    assert (chart.sites, chart.hyaluronidase_U) == (1, 2800)
