"""Weights and doses by hand; the woman of 160 cm and 90 kg is Australia's worked example."""

from dataclasses import replace

import pytest
from hypothesis import given

from ivig.cited import Cited
from ivig.criterion import Test
from ivig.dosing_weight import (
    JurisdictionRules,
    WeightRule,
    adjusted_body_weight_kg,
    ideal_body_weight_kg,
)
from ivig.indication import FdaNote, Indication, Range, RegimenOption
from ivig.knowledge import Knowledge
from ivig.patient import Dose, Patient
from ivig.plan import make_plan
from ivig.regimen import choose_option, propose_regimen
from tests.strategies import patients

WOMAN = Patient(diagnosis="itp", weight_kg=90, height_cm=160, sex="female", age_year=50)


def rules(*weight_rules: WeightRule) -> JurisdictionRules:
    return JurisdictionRules(
        id="us",
        name="United States",
        weight_rules=tuple(Cited(value=r, source="s", basis="read") for r in weight_rules),
        rounding_tolerance_percent=Cited(value=10.0, basis="assumed"),
    )


ACTUAL = rules(WeightRule(weight="actual", text="actual"))
ADJUSTED_IF_OBESE = rules(
    WeightRule(
        weight="adjusted",
        text="adjusted from BMI 30",
        when=Test(measure="bmi_kg_per_m2", at_least=30),
    ),
    WeightRule(weight="actual", text="actual"),
)


def option(**changes: object) -> Cited[RegimenOption]:
    first = RegimenOption(
        id="course",
        name="Course",
        phase="treatment",
        route="iv",
        text="2 g/kg over 2-5 days",
        dose_g_per_kg=Range(low=2, high=2),
        split_days=Range(low=2, high=5),
        default=True,
    )
    return Cited(value=replace(first, **changes), source="g", basis="read")  # type: ignore[arg-type]


def indication(*options: Cited[RegimenOption]) -> Indication:
    return Indication(
        id="x",
        name="X",
        synonyms=(),
        parent=None,
        category="immunomodulation",
        course="short",
        tier="established",
        summary="s",
        icd10_cm=Cited(value=(), source="s", basis="read"),
        fda=Cited(value=FdaNote(status="labelled", ground="g"), source="s", basis="read"),
        regimens=options,
    )


def test_devine_weights_of_the_worked_example() -> None:
    assert ideal_body_weight_kg(WOMAN) == pytest.approx(52.4, abs=0.05)
    assert adjusted_body_weight_kg(WOMAN) == pytest.approx(67.4, abs=0.05)


def test_two_g_per_kg_is_135_g_on_adjusted_and_180_g_on_actual_weight() -> None:
    made, _ = propose_regimen(
        WOMAN, indication(option()), ADJUSTED_IF_OBESE, option(), gentle=False
    )
    assert made.amount_g == pytest.approx(134.9, abs=0.1)
    by_kind = {choice.kind: choice.amount_g for choice in made.weights}
    assert by_kind["actual"] == 180
    assert by_kind["ideal"] == pytest.approx(104.8, abs=0.1)
    assert "adjusted" in made.dosing_weight_rule


@pytest.mark.parametrize(
    "change", [{"height_cm": None}, {"sex": None}, {"height_cm": 150.0}, {"age_year": 9.0}]
)
def test_an_adult_formula_is_not_stretched(change: dict[str, object]) -> None:
    assert ideal_body_weight_kg(replace(WOMAN, **change)) is None  # type: ignore[arg-type]


def test_a_weight_rule_that_cannot_be_asked_is_said() -> None:
    unknown = replace(WOMAN, height_cm=None)
    made, notes = propose_regimen(
        unknown, indication(option()), ADJUSTED_IF_OBESE, option(), gentle=False
    )
    assert made.dosing_weight_kg == 90
    assert [note.kind for note in notes] == ["unknown"]


def test_gentle_takes_the_most_days_and_otherwise_the_fewest() -> None:
    course = indication(option())
    gentle, _ = propose_regimen(WOMAN, course, ACTUAL, option(), gentle=True)
    quick, _ = propose_regimen(WOMAN, course, ACTUAL, option(), gentle=False)
    assert (gentle.split_days, quick.split_days) == (5, 2)


def test_the_daily_maximum_adds_days() -> None:
    held = option(split_days=Range(low=1, high=5), max_g_per_kg_per_day=0.5)
    made, _ = propose_regimen(WOMAN, indication(held), ACTUAL, held, gentle=False)
    assert made.split_days == 4


def test_the_gram_maximum_holds() -> None:
    held = option(max_g=100.0)
    made, _ = propose_regimen(WOMAN, indication(held), ACTUAL, held, gentle=False)
    assert made.amount_g == 100
    assert "100 g" in made.because


def test_the_middle_of_a_range_is_said_to_be_the_middle() -> None:
    middle = option(dose_g_per_kg=Range(low=0.4, high=0.6), interval_day=Range(low=21, high=28))
    made, _ = propose_regimen(WOMAN, indication(middle), ACTUAL, middle, gentle=False)
    assert made.dose_g_per_kg == pytest.approx(0.5)
    assert "middle" in made.because
    assert made.course == "ongoing"


def test_a_treated_patient_goes_on_to_maintenance() -> None:
    start = option(then="maintenance")
    later = option(
        id="maintenance",
        default=False,
        dose_g_per_kg=Range(low=1, high=1),
        interval_day=Range(low=21, high=21),
        split_days=None,
    )
    both = indication(start, later)
    treated = replace(WOMAN, doses=(Dose(time_day=-21, amount_g=90),))
    assert choose_option(WOMAN, both, route="iv", jurisdiction="us") == start
    assert choose_option(treated, both, route="iv", jurisdiction="us") == later
    made, _ = propose_regimen(WOMAN, both, ACTUAL, start, gentle=False)
    assert made.then is not None
    assert made.then.amount_g == 90


def test_another_place_or_route_has_no_option() -> None:
    only_uk = indication(option(jurisdictions=("uk",)))
    assert choose_option(WOMAN, only_uk, route="iv", jurisdiction="us") is None
    assert choose_option(WOMAN, only_uk, route="sc", jurisdiction="uk") is None


@given(patient=patients())
def test_no_dose_is_above_the_printed_one_on_actual_weight(patient: Patient) -> None:
    made, _ = propose_regimen(
        patient, indication(option()), ADJUSTED_IF_OBESE, option(), gentle=True
    )
    assert 0 < made.amount_g <= 2 * patient.weight_kg + 1e-9
    assert made.amount_g == pytest.approx(made.dose_g_per_kg * made.dosing_weight_kg)


def test_a_recalled_dose_is_a_caution() -> None:
    recalled = replace(option(), basis="recalled")
    _, notes = propose_regimen(WOMAN, indication(recalled), ACTUAL, recalled, gentle=False)
    assert ["recalled" in note.text for note in notes if note.kind == "caution"] == [True]


MOTHER = Patient(
    diagnosis="fnait",
    weight_kg=70,
    height_cm=165,
    sex="female",
    age_year=30,
    pregnant=True,
    pre_pregnancy_weight_kg=65,
    findings=(("previous_affected_child", True),),
)


@pytest.mark.parametrize(
    ("haemorrhage", "option_id", "asked"),
    [
        (None, "antenatal_ontario", True),
        (False, "antenatal_ontario", False),
        (True, "antenatal_previous_ich", False),
    ],
)
def test_what_is_not_known_does_not_choose_the_larger_dose(
    haemorrhage: bool | None, option_id: str, asked: bool, knowledge: Knowledge
) -> None:
    known = () if haemorrhage is None else (("previous_child_ich", haemorrhage),)
    mother = replace(MOTHER, findings=(*MOTHER.findings, *known))
    made = make_plan(mother, knowledge, jurisdiction="ca-on")
    assert made.regimen is not None
    assert made.regimen.option_id == option_id
    unknown = [f.text for f in made.findings if f.kind == "unknown" and f.stage == "regimen"]
    assert any("previous child ICH: not recorded" in text for text in unknown) == asked


def test_of_doses_that_are_all_uncertain_the_lowest_is_taken_and_said() -> None:
    low = option(id="low", dose_g_per_kg=Range(low=1, high=1), default=False)
    when = Test(finding="crisis")
    options = [
        replace(one, value=replace(one.value, jurisdictions=("uk",), when=when))
        for one in (option(id="high", default=False), low)
    ]
    both = indication(option(), *options)
    uk = replace(ACTUAL, id="uk")
    chosen = choose_option(WOMAN, both, route="iv", jurisdiction="uk")
    assert chosen is not None
    assert chosen.value.id == "low"
    _, notes = propose_regimen(WOMAN, both, uk, chosen, gentle=False)
    assert [note.kind for note in notes] == ["unknown", "unknown"]
    assert "the lower dose is planned" in notes[1].text


def test_an_option_made_for_what_the_patient_has_is_taken_if_no_larger() -> None:
    heart = Test(condition="heart_failure")
    split = option(id="cardiac", when=heart, default=False, split_days=Range(low=2, high=2))
    larger = replace(split, value=replace(split.value, dose_g_per_kg=Range(low=3, high=3)))
    failing = replace(WOMAN, conditions=("heart_failure",))
    for patient, other, expected in (
        (failing, split, "cardiac"),
        (failing, larger, "course"),
        (WOMAN, split, "course"),
    ):
        chosen = choose_option(patient, indication(option(), other), route="iv", jurisdiction="us")
        assert chosen is not None
        assert chosen.value.id == expected
