"""Doses on every weight against hand arithmetic and two published worked examples."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivig.dosing import Price, WeighedDose, round_to_rule, weigh_dose
from ivig.dosing_weight import adjusted_body_weight_kg, ideal_body_weight_kg
from ivig.errors import InputError
from ivig.knowledge import Knowledge
from ivig.limit import DoseLimit, PrintedDose, limit_of_regimens
from ivig.patient import Patient
from tests.strategies import patients

PRINTED = PrintedDose(
    course_g_per_kg=2.0,
    day_g_per_kg=1.0,
    course_most_g=None,
    day_most_g=None,
    text="2 g/kg over 2 days",
    citations=(),
)
LIMIT = DoseLimit(printed=(PRINTED,), scope="x", least_g_per_kg=None, of_one=True)
MAN = Patient(diagnosis="cidp", weight_kg=100, height_cm=175, sex="male", age_year=45)
WOMAN = Patient(diagnosis="itp", weight_kg=90, height_cm=160, sex="female", age_year=50)


def weigh(
    patient: Patient, knowledge: Knowledge, place: str = "us", per_kg: float = 2.0, **more: object
) -> WeighedDose:
    options = {"category": "immunomodulation", **more}
    return weigh_dose(
        patient,
        per_kg,
        knowledge.jurisdictions[place],
        knowledge.dosing_weights,
        LIMIT,
        **options,  # type: ignore[arg-type]
    )


def test_a_published_example_of_100_kg_and_175_cm(knowledge: Knowledge) -> None:
    # onlycalculators.com, IVIG dose calculator: IBW 70.4 kg, adjusted 82.2 kg, 2 g/kg = 164.4 g
    assert ideal_body_weight_kg(MAN) == pytest.approx(70.4, abs=0.1)
    assert adjusted_body_weight_kg(MAN) == pytest.approx(82.2, abs=0.1)
    made = weigh(MAN, knowledge, days=2)
    assert made.amount_g == pytest.approx(164.4, abs=0.2)
    assert made.per_day_g == pytest.approx(82.2, abs=0.1)


def test_australias_example_on_every_weight(knowledge: Knowledge) -> None:
    made = weigh(WOMAN, knowledge, place="au")
    by_kind = {row.kind: row for row in made.rows}
    assert made.amount_g == 180
    assert by_kind["ideal"].weight_kg == pytest.approx(52.4, abs=0.05)
    assert by_kind["adjusted"].amount_g == pytest.approx(135, abs=0.2)
    # Boer by hand: 0.252 × 90 + 0.473 × 160 − 48.3 = 50.06
    assert by_kind["lean"].weight_kg == pytest.approx(50.06)
    assert [row.kind for row in made.rows if row.chosen] == ["actual"]


@pytest.mark.parametrize(
    ("place", "weight_kg", "kind"),
    [
        ("us", 76.79, "actual"),  # BMI 29.996
        ("us", 76.8, "adjusted"),  # BMI 30 of 160 cm
        ("uk", 76.8, "adjusted"),
        ("uk", 76.79, "actual"),
        ("au", 120, "actual"),
        ("eu", 120, "actual"),
        ("ca-on", 60, "adjusted"),
        ("ca-on", 50, "actual"),
    ],
)
def test_the_bounds_of_each_place(
    place: str, weight_kg: float, kind: str, knowledge: Knowledge
) -> None:
    made = weigh(replace(WOMAN, weight_kg=weight_kg), knowledge, place=place)
    assert [row.kind for row in made.rows if row.chosen] == [kind]


def test_the_devine_line_starts_at_152_4_cm(knowledge: Knowledge) -> None:
    assert ideal_body_weight_kg(replace(WOMAN, height_cm=152.4)) == pytest.approx(45.5)
    assert ideal_body_weight_kg(replace(MAN, height_cm=152.4)) == pytest.approx(50)
    below = weigh(replace(WOMAN, height_cm=152.39), knowledge)
    assert below.dosing_weight_kg == 90
    assert "could not be applied" in " ".join(f.text for f in below.findings)
    assert "because a rule before it could not be applied" in below.rule.text


def test_a_rule_that_could_not_be_asked_is_not_said_to_be_its_opposite(
    knowledge: Knowledge,
) -> None:
    made = weigh(Patient(diagnosis="itp", weight_kg=155), knowledge)
    assert "under 100 kg" not in made.rule.text
    assert made.rule.citations[0].basis == "assumed"


@given(patient=patients(), per_kg=st.floats(0.1, 2.0))
def test_a_child_or_unknown_age_gets_no_adult_formula(
    patient: Patient, per_kg: float, knowledge: Knowledge
) -> None:
    for place in knowledge.jurisdictions:
        made = weigh(patient, knowledge, place=place, per_kg=per_kg)
        if patient.age_year is None or patient.age_year < 18:
            adult = [row for row in made.rows if row.kind in ("ideal", "adjusted", "lean")]
            assert [row.weight_kg for row in adult] == [None, None, None]
            assert made.dosing_weight_kg == patient.weight_kg
        assert 0 < made.dosing_weight_kg <= patient.weight_kg
        assert made.amount_g == pytest.approx(per_kg * made.dosing_weight_kg)
        assert sum(row.chosen for row in made.rows) == 1


def test_a_child_is_told_why(knowledge: Knowledge) -> None:
    child = Patient(diagnosis="itp", weight_kg=55, height_cm=155, sex="male", age_year=12)
    texts = " ".join(finding.text for finding in weigh(child, knowledge, "ca-on").findings)
    assert "Under 18 years the actual weight is used" in texts
    assert "Ontario's own calculator adjusts the weight of a child too" in texts


def test_the_weight_before_pregnancy_goes_through_the_later_rules(knowledge: Knowledge) -> None:
    mother = replace(
        WOMAN, weight_kg=100, height_cm=165, pregnant=True, pre_pregnancy_weight_kg=88, age_year=30
    )
    # ideal 45.5 + 2.3 × (165 − 152.4) / 2.54 = 56.909; 56.909 + 0.4 × (88 − 56.909) = 69.346
    made = weigh(mother, knowledge, "ca-on")
    assert made.dosing_weight_kg == pytest.approx(69.346, abs=0.001)
    assert made.rounded_g == 135  # 138.7 would go to 140, above 2 g/kg
    replacement = weigh(mother, knowledge, "ca-on", category="replacement")
    assert replacement.dosing_weight_kg > made.dosing_weight_kg


def test_where_no_place_rules_on_pregnancy_it_is_said(knowledge: Knowledge) -> None:
    mother = replace(WOMAN, pregnant=True, pre_pregnancy_weight_kg=80)
    made = weigh(mother, knowledge, "uk")
    assert "No rule of this place" in " ".join(f.text for f in made.findings)
    assert {row.kind: row.weight_kg for row in made.rows}["pre_pregnancy"] == 80


def test_the_weight_before_pregnancy_is_never_above_the_actual(knowledge: Knowledge) -> None:
    mother = replace(WOMAN, weight_kg=50, height_cm=150, pregnant=True, pre_pregnancy_weight_kg=58)
    assert weigh(mother, knowledge, "ca-on").dosing_weight_kg == 50


@given(per_kg=st.floats(2.001, 1e9), weight_kg=st.floats(3, 200))
def test_no_dose_passes_the_cap_of_a_course(
    per_kg: float, weight_kg: float, knowledge: Knowledge
) -> None:
    made = weigh(replace(MAN, weight_kg=weight_kg), knowledge, per_kg=per_kg)
    assert made.stops
    assert made.amount_g is None
    assert all(row.amount_g is None for row in made.rows)


def test_the_daily_cap_sets_the_days_or_stops(knowledge: Knowledge) -> None:
    assert weigh(MAN, knowledge).days == 2
    assert weigh(MAN, knowledge, days=5).per_day_g == pytest.approx(32.9, abs=0.1)
    assert "at least 2 days" in weigh(MAN, knowledge, days=1).stops[0].text


def test_the_cap_in_grams(knowledge: Knowledge) -> None:
    made = weigh_dose(
        MAN,
        2.0,
        knowledge.jurisdictions["us"],
        knowledge.dosing_weights,
        replace(LIMIT, printed=(replace(PRINTED, course_most_g=100.0),)),
        category="immunomodulation",
    )
    assert made.stops[0].text.startswith("164.6 g is above")
    assert "100 g (x)" in made.stops[0].text


@pytest.mark.parametrize("per_kg", [0, -1, float("nan"), float("inf")])
def test_an_impossible_dose_is_refused(per_kg: float, knowledge: Knowledge) -> None:
    with pytest.raises(InputError, match="dose"):
        weigh(MAN, knowledge, per_kg=per_kg)


def test_cost_only_from_a_price_that_was_given(knowledge: Knowledge) -> None:
    assert all(row.cost is None and row.more_cost is None for row in weigh(WOMAN, knowledge).rows)
    priced = weigh(WOMAN, knowledge, "au", price=Price(per_g=34, currency="GBP"))
    by_kind = {row.kind: row for row in priced.rows}
    assert by_kind["actual"].cost == 6120
    # 45.08 g less: 180 − 134.92
    assert by_kind["adjusted"].more_cost == pytest.approx(-1534.8, abs=0.1)


def test_the_limit_is_the_most_that_is_printed(knowledge: Knowledge) -> None:
    gbs = limit_of_regimens((knowledge.indications["gbs"],), "GBS")
    assert gbs.course(70).course_g(70) == pytest.approx(140)
    every = limit_of_regimens(tuple(knowledge.indications.values()), "any")
    assert every.course(70).course_g_per_kg == 2.4  # multifocal motor neuropathy, US label
    assert not every.of_one


@pytest.mark.parametrize(
    ("asked_g", "given_g"), [(62.4, 60), (62.5, 60), (62.6, 65), (65, 65), (3.0, 3.0), (138.7, 140)]
)
def test_ontario_rounds_to_5_g_where_that_moves_little(
    asked_g: float, given_g: float, knowledge: Knowledge
) -> None:
    assert round_to_rule(asked_g, knowledge.jurisdictions["ca-on"], None)[0] == given_g


def test_rounding_does_not_pass_a_maximum(knowledge: Knowledge) -> None:
    assert round_to_rule(138.7, knowledge.jurisdictions["ca-on"], 139)[0] == 135
    assert round_to_rule(138.7, knowledge.jurisdictions["us"], 139)[0] == 138.7
