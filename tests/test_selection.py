"""The order of products and the reasons for it."""

from dataclasses import replace

import pytest

from ivig.errors import InputError
from ivig.knowledge import Knowledge
from ivig.patient import Dose, Patient
from ivig.plan import Plan, make_plan
from ivig.selection import Ranked
from tests.test_safety import HEALTHY

PATIENT = replace(
    HEALTHY, infections=(), doses=(Dose(time_day=-28, amount_g=35, product="bivigam"),)
)


def plan(patient: Patient, knowledge: Knowledge, **options: str) -> Plan:
    return make_plan(replace(patient, diagnosis="xla"), knowledge, **options)  # type: ignore[arg-type]


def ranking(patient: Patient, knowledge: Knowledge) -> dict[str, Ranked]:
    made = plan(patient, knowledge)
    assert made.product is not None
    return {ranked.product_id: ranked for ranked in made.product.ranking}


def test_the_product_the_patient_is_on_leads(knowledge: Knowledge) -> None:
    assert next(iter(ranking(PATIENT, knowledge))) == "bivigam"


def test_every_product_of_the_market_is_listed_with_a_reason(knowledge: Knowledge) -> None:
    listed = ranking(replace(PATIENT, doses=()), knowledge)
    assert {"privigen", "gamunex_c", "octagam_10", "panzyga"} <= listed.keys()
    assert "kiovig" not in listed
    assert "carimune_nf" not in listed
    assert all(ranked.reasons for ranked in listed.values())


def test_stopped_products_stand_last(knowledge: Knowledge) -> None:
    patient = replace(PATIENT, conditions=("hereditary_fructose_intolerance",), doses=())
    standings = [ranked.standing for ranked in ranking(patient, knowledge).values()]
    assert "stopped" in standings
    first_stop = standings.index("stopped")
    assert set(standings[first_stop:]) == {"stopped"}


def test_a_recalled_rate_is_a_caution_and_ranks_below_rates_that_were_read(
    knowledge: Knowledge,
) -> None:
    listed = ranking(replace(PATIENT, doses=()), knowledge)
    assert listed["alyglo"].standing == "caution"
    order = list(listed)
    assert order.index("alyglo") > order.index("privigen")


def test_without_known_rates_there_is_no_chart(knowledge: Knowledge) -> None:
    listed = ranking(replace(PATIENT, doses=()), knowledge)
    assert listed["qivigy"].standing == "no_chart"
    made = plan(PATIENT, knowledge, product="qivigy")
    assert made.infusion is None
    assert any("no infusion chart" in finding.text for finding in made.findings)


def test_off_label_is_said_and_uses_the_lowest_maximum(knowledge: Knowledge) -> None:
    made = plan(PATIENT, knowledge, product="octagam_10")
    assert made.infusion is not None
    assert made.infusion.cap_mL_per_kg_per_h == 2.4
    texts = " ".join(finding.text for finding in made.findings)
    assert "off its label" in texts
    assert "no rates for this use" in texts


def test_a_product_of_another_route_is_refused(knowledge: Knowledge) -> None:
    with pytest.raises(InputError, match="for sc"):
        plan(PATIENT, knowledge, product="hizentra")


def test_a_product_of_another_market_is_marked(knowledge: Knowledge) -> None:
    made = plan(PATIENT, knowledge, product="kiovig")
    assert any("eu label" in finding.text for finding in made.findings)


@pytest.mark.parametrize("jurisdiction", ["au", "ca-on"])
def test_where_no_product_is_known_others_stand_in_and_say_so(
    jurisdiction: str, knowledge: Knowledge
) -> None:
    made = plan(PATIENT, knowledge, jurisdiction=jurisdiction)
    assert made.infusion is not None
    assert any("label" in finding.text for finding in made.findings if finding.stage == "product")
