"""Outcome measures and what the record holds of them."""

from ivig.baseline import Baseline, baseline_text, baselines
from ivig.knowledge import Knowledge
from ivig.patient import Infection, Lab, Patient, Sample


def names(knowledge: Knowledge, diagnosis: str, **fields: object) -> dict[str, Baseline]:
    one = Patient(diagnosis=diagnosis, weight_kg=70.0, **fields)  # type: ignore[arg-type]
    return {item.name: item for item in baselines(one, knowledge.indications[diagnosis])}


def test_each_disease_has_its_measures(knowledge: Knowledge) -> None:
    assert {"INCAT disability", "I-RODS", "grip strength"} <= set(names(knowledge, "cidp"))
    assert {"MMT-8", "CDASI"} <= set(names(knowledge, "dermatomyositis"))
    assert "platelets" in names(knowledge, "itp")
    assert "infections" in names(knowledge, "pid")


def test_a_finding_is_the_baseline(knowledge: Knowledge) -> None:
    found = names(knowledge, "cidp", findings=(("incat_disability", 4.0),))
    assert found["INCAT disability"].value == "4"
    assert found["grip strength"].value is None
    assert found["grip strength"].field == "findings.grip_strength"


def test_a_laboratory_value_bears_its_date(knowledge: Knowledge) -> None:
    lab = Lab(analyte="platelets_10e9_per_L", value=12.0, ucum="10*9/L", time_day=-1.0)
    one = names(knowledge, "itp", labs=(lab,))["platelets"]
    assert (one.value, one.time_day) == ("platelets 12 × 10⁹/L", -1.0)


def test_infections_are_counted_over_a_year_and_undated_ones_said(knowledge: Knowledge) -> None:
    infections = (
        Infection(time_day=-400.0, severe=True),
        Infection(time_day=-20.0, severe=True),
        Infection(),
    )
    one = names(knowledge, "pid", infections=infections)["infections"]
    assert one.value == "1 in the last 365 days, 1 of them severe; 1 without a date"
    assert names(knowledge, "pid")["infections"].value is None


def test_the_trough_is_a_measured_level(knowledge: Knowledge) -> None:
    one = names(knowledge, "pid", levels=(Sample(time_day=-5.0, igg_g_per_L=7.5),))["trough IgG"]
    assert (one.value, one.time_day) == ("IgG 7.5 g/L", -5.0)


def test_text() -> None:
    dated = Baseline(name="CK", field="labs.ck_U_per_L", value="CK 900 U/L", time_day=0.0)
    assert baseline_text(dated, "day 0") == "CK 900 U/L (day 0)"
