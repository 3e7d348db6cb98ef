from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivig.criterion import MEASURES, Answer, InfectionCount, Test, ask, explain, has_condition
from ivig.patient import Dose, History, Infection, Lab, Patient, Sample
from tests.strategies import CONDITIONS, patients


def patient(**known: Any) -> Patient:
    return Patient(**({"diagnosis": "cvid", "weight_kg": 68} | known))


def level(igg_g_per_L: float, time_day: float = 0, *, below_limit: bool = False) -> Sample:
    return Sample(time_day=time_day, igg_g_per_L=igg_g_per_L, below_limit=below_limit)


MET, NOT_MET, UNKNOWN = (
    Test(condition="stroke"),
    Test(condition="ckd"),
    Test(condition="pregnancy"),
)
SOMEONE = patient(conditions=("stroke",))


@pytest.mark.parametrize(
    ("first", "second", "all_of", "any_of"),
    [
        (MET, MET, "met", "met"),
        (MET, NOT_MET, "not_met", "met"),
        (MET, UNKNOWN, "unknown", "met"),
        (NOT_MET, NOT_MET, "not_met", "not_met"),
        (NOT_MET, UNKNOWN, "not_met", "unknown"),
        (UNKNOWN, UNKNOWN, "unknown", "unknown"),
    ],
)
def test_three_valued_logic(first: Test, second: Test, all_of: Answer, any_of: Answer) -> None:
    for pair in ((first, second), (second, first)):
        assert ask(Test(all=pair), SOMEONE) == all_of
        assert ask(Test(any=pair), SOMEONE) == any_of


def test_never_is_not_met() -> None:
    assert ask(Test(never=True), SOMEONE) == "not_met"


@pytest.mark.parametrize(
    ("bound", "at_5", "at_7", "at_9"),
    [
        ({"below": 7}, "met", "not_met", "not_met"),
        ({"at_most": 7}, "met", "met", "not_met"),
        ({"above": 7}, "not_met", "not_met", "met"),
        ({"at_least": 7}, "not_met", "met", "met"),
        ({"at_least": 6, "below": 8}, "not_met", "met", "not_met"),
    ],
)
def test_a_measure_against_a_bound(
    bound: dict[str, float], at_5: Answer, at_7: Answer, at_9: Answer
) -> None:
    test = Test(measure="igg_g_per_L", **bound)
    answers = [ask(test, patient(levels=(level(igg),))) for igg in (5, 7, 9)]
    assert answers == [at_5, at_7, at_9]
    assert ask(test, patient()) == "unknown"


@pytest.mark.parametrize("name", MEASURES)
def test_a_measure_that_is_missing_is_unknown(name: str) -> None:
    expected = "met" if name == "weight_kg" else "unknown"
    assert ask(Test(measure=name, above=0), patient()) == expected


@pytest.mark.parametrize(
    ("bound", "answer"),
    [
        ({"below": 0.07}, "met"),
        ({"below": 0.05}, "met"),
        ({"at_most": 0.05}, "met"),
        ({"below": 0.02}, "unknown"),
        ({"above": 0.05}, "not_met"),
        ({"at_least": 0.05}, "not_met"),
        ({"above": 0.02}, "unknown"),
        ({"at_least": 0.02, "below": 0.07}, "unknown"),
    ],
)
def test_less_than_a_limit_is_somewhere_below_it(bound: dict[str, float], answer: Answer) -> None:
    iga = Lab(analyte="iga_g_per_L", value=0.05, ucum="g/L", below_limit=True)
    assert ask(Test(measure="iga_g_per_L", **bound), patient(labs=(iga,))) == answer
    igg = patient(levels=(level(0.05, below_limit=True),), doses=())
    assert ask(Test(measure="igg_g_per_L", **bound), igg) == answer
    assert ask(Test(measure="untreated_igg_g_per_L", **bound), igg) == answer


def test_the_untreated_level_is_the_last_one_before_any_dose() -> None:
    low = Test(measure="untreated_igg_g_per_L", below=5)
    treated = (Dose(time_day=-28, amount_g=30),)
    before, after = level(4.0, -28), level(8.0, 0)
    assert ask(low, patient(doses=treated, levels=(before, after))) == "met"
    assert ask(low, patient(doses=treated, levels=(after,))) == "unknown"
    assert ask(low, patient(doses=(), levels=(before, after))) == "not_met"
    assert ask(low, patient(doses=treated, levels=(after,), baseline_igg_g_per_L=3)) == "met"


def test_a_level_is_not_untreated_while_nobody_knows_of_doses() -> None:
    low = Test(measure="untreated_igg_g_per_L", below=5)
    assert ask(low, patient(doses=None, levels=(level(8.0),))) == "unknown"


def test_conditions_and_allergies_are_asked_together_but_known_apart() -> None:
    assert has_condition(patient(conditions=("ckd",)), "ckd") == "met"
    assert has_condition(patient(conditions=()), "ckd") == "not_met"
    assert has_condition(patient(allergies=("ckd",)), "ckd") == "met"
    assert has_condition(patient(allergies=()), "ckd") == "unknown"
    assert has_condition(patient(conditions=("corn_allergy",)), "corn_allergy") == "met"
    assert has_condition(patient(conditions=()), "corn_allergy") == "unknown"
    assert has_condition(patient(allergies=()), "corn_allergy") == "not_met"


@pytest.mark.parametrize(
    ("given", "answer"), [(None, "unknown"), (True, "met"), (False, "not_met")]
)
def test_flags_of_the_patient(given: bool | None, answer: Answer) -> None:
    assert has_condition(patient(pregnant=given), "pregnancy") == answer
    assert has_condition(patient(history=History(anti_iga=given)), "anti_iga") == answer


@pytest.mark.parametrize(
    ("reaction", "any_reaction", "severe"),
    [
        (None, "unknown", "unknown"),
        ("none", "not_met", "not_met"),
        ("headache", "met", "not_met"),
        ("Anaphylactic shock", "met", "met"),
        ("anaphylaxis", "met", "met"),
        ("severe rigors", "met", "met"),
    ],
)
def test_reactions(reaction: str | None, any_reaction: Answer, severe: Answer) -> None:
    someone = patient(history=History(reaction_to_ig=reaction))
    assert has_condition(someone, "reaction_to_ig") == any_reaction
    assert has_condition(someone, "severe_reaction_to_ig") == severe


@pytest.mark.parametrize("reaction", ["hypotension", "bronchospasm", "collapse", "wheeze"])
def test_a_reaction_that_may_have_been_severe_is_not_called_mild(reaction: str) -> None:
    someone = patient(history=History(reaction_to_ig=reaction))
    assert has_condition(someone, "severe_reaction_to_ig") != "not_met"


@pytest.mark.parametrize(
    ("test", "value", "answer"),
    [
        ({"one_of": ("impaired", "absent")}, "impaired", "met"),
        ({"one_of": ("impaired", "absent")}, "normal", "not_met"),
        ({"one_of": (True,)}, True, "met"),
        ({}, True, "met"),
        ({}, False, "not_met"),
        ({}, "mucosal", "met"),
        ({}, "none", "not_met"),
        ({}, "absent", "not_met"),
        ({}, "negative", "not_met"),
        ({"at_most": 10}, 5.0, "met"),
        ({"at_most": 10}, 12.0, "not_met"),
        ({"at_most": 10}, "twelve", "unknown"),
    ],
)
def test_findings(test: dict[str, Any], value: str | float | bool, answer: Answer) -> None:
    known = patient(findings=(("sign", value),))
    assert ask(Test(finding="sign", **test), known) == answer
    assert ask(Test(finding="sign", **test), patient()) == "unknown"


def test_the_blood_group_is_a_finding_of_the_patient() -> None:
    test = Test(finding="blood_group", one_of=("A", "B", "AB"))
    assert ask(test, patient(blood_group="AB")) == "met"
    assert ask(test, patient(blood_group="O")) == "not_met"
    assert ask(test, patient()) == "unknown"


SEVERE = Infection(time_day=-40, kind="pneumonia", severe=True)
MILD = Infection(time_day=-400, kind="sinusitis", severe=False)
VAGUE = Infection()


@pytest.mark.parametrize(
    ("wanted", "infections", "answer"),
    [
        ({"at_least": 1}, None, "unknown"),
        ({"at_least": 1}, (), "not_met"),
        ({"at_least": 2}, (SEVERE, MILD), "met"),
        ({"at_least": 2, "severe": True}, (SEVERE, MILD), "not_met"),
        ({"at_least": 2, "severe": True}, (SEVERE, VAGUE), "unknown"),
        ({"at_least": 1, "severe": True}, (SEVERE, VAGUE), "met"),
        ({"at_least": 1, "kinds": ("sinusitis",)}, (SEVERE, MILD), "met"),
        ({"at_least": 1, "kinds": ("otitis",)}, (SEVERE, MILD), "not_met"),
        ({"at_least": 1, "kinds": ("otitis",)}, (SEVERE, VAGUE), "unknown"),
        ({"at_least": 2, "within_day": 365}, (SEVERE, MILD), "not_met"),
        ({"at_least": 2, "within_day": 400}, (SEVERE, MILD), "met"),
        ({"at_least": 2, "within_day": 365}, (SEVERE, VAGUE), "unknown"),
    ],
)
def test_infections(
    wanted: dict[str, Any], infections: tuple[Infection, ...] | None, answer: Answer
) -> None:
    test = Test(infections=InfectionCount(**wanted))
    assert ask(test, patient(infections=infections)) == answer


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "exactly one of"),
        ({"condition": "ckd", "finding": "sign"}, "exactly one of"),
        ({"measure": "ldh", "below": 1}, "measure 'ldh' is unknown"),
        ({"measure": "igg_g_per_L"}, "needs below, at_most, above or at_least"),
    ],
)
def test_a_test_that_asks_nothing_is_refused(given: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Test(**given)


def test_the_answer_is_explained_with_the_patients_own_value() -> None:
    low = Test(measure="igg_g_per_L", below=7)
    assert explain(low, patient(levels=(level(5.43),))) == "IgG 5.43 g/L"
    assert explain(low, patient()) == "IgG unknown"
    assert explain(Test(any=(MET, NOT_MET)), SOMEONE) == "stroke recorded"
    assert explain(Test(all=(MET, NOT_MET)), SOMEONE) == "CKD not recorded"


bounds = st.dictionaries(
    st.sampled_from(["below", "at_most", "above", "at_least"]),
    st.floats(0, 100),
    min_size=1,
    max_size=2,
)
leaves = st.one_of(
    st.builds(lambda name, bound: Test(measure=name, **bound), st.sampled_from(MEASURES), bounds),
    st.builds(
        lambda name: Test(condition=name),
        st.sampled_from(
            [
                *CONDITIONS,
                "corn_allergy",
                "pregnancy",
                "anti_iga",
                "reaction_to_ig",
                "severe_reaction_to_ig",
            ]
        ),
    ),
    st.builds(lambda bound: Test(finding="sign", **bound), bounds | st.just({})),
    st.builds(lambda: Test(finding="sign", one_of=("yes", True))),
    st.builds(
        lambda n, severe, kinds, day: Test(
            infections=InfectionCount(at_least=n, severe=severe, kinds=kinds, within_day=day)
        ),
        st.integers(1, 3),
        st.none() | st.booleans(),
        st.sampled_from([(), ("pneumonia",)]),
        st.none() | st.just(365.0),
    ),
)
tests = st.recursive(
    leaves,
    lambda inner: st.lists(inner, min_size=1, max_size=3).flatmap(
        lambda parts: st.sampled_from([Test(all=tuple(parts)), Test(any=tuple(parts))])
    ),
    max_leaves=6,
)
doses = st.lists(
    st.builds(Dose, time_day=st.floats(-300, 0), amount_g=st.floats(1, 50)), max_size=2
).map(tuple)
signs = st.none() | st.booleans() | st.floats(0, 100) | st.sampled_from(["yes", "none", "negative"])


@st.composite
def known_patients(draw: st.DrawFn) -> dict[str, Any]:
    """The fields of a patient of whom much is known."""
    some = draw(patients())
    sign = draw(signs)
    return {
        name: getattr(some, name)
        for name in (
            "age_year",
            "height_cm",
            "pregnant",
            "levels",
            "infections",
            "conditions",
            "allergies",
            "history",
            "labs",
        )
    } | {"doses": draw(st.none() | doses), "findings": () if sign is None else (("sign", sign),)}


FORGOTTEN: dict[str, Any] = dict.fromkeys(("levels", "labs", "findings"), ()) | {
    "history": History()
}


@given(known=known_patients(), test=tests, data=st.data())
def test_more_missing_data_never_gives_fewer_unknowns(
    known: dict[str, Any], test: Test, data: st.DataObject
) -> None:
    forgotten = data.draw(st.sets(st.sampled_from(sorted(known))))
    less = known | {name: FORGOTTEN.get(name) for name in forgotten}
    assert ask(test, patient(**less)) in (ask(test, patient(**known)), "unknown")


@given(known=known_patients(), test=tests, data=st.data())
def test_an_infection_known_less_well_never_gives_fewer_unknowns(
    known: dict[str, Any], test: Test, data: st.DataObject
) -> None:
    infections = known["infections"] or ()
    less = tuple(
        Infection(
            time_day=data.draw(st.sampled_from([None, infection.time_day])),
            kind=data.draw(st.sampled_from([None, infection.kind])),
            severe=data.draw(st.sampled_from([None, infection.severe])),
        )
        for infection in infections
    )
    before = ask(test, patient(**(known | {"infections": infections})))
    assert ask(test, patient(**(known | {"infections": less}))) in (before, "unknown")


def test_few_infections_on_treatment_are_no_reason_to_stop() -> None:
    wanted = Test(infections=InfectionCount(at_least=2))
    treated = (Dose(time_day=-28, amount_g=30),)
    assert ask(wanted, patient(infections=(), doses=())) == "not_met"
    assert ask(wanted, patient(infections=(), doses=treated)) == "unknown"
    assert "on treatment" in explain(wanted, patient(infections=(), doses=treated))


def test_a_low_total_on_treatment_means_a_low_own_igg() -> None:
    low = Test(measure="untreated_igg_g_per_L", below=7)
    treated = (Dose(time_day=-56, amount_g=30),)
    assert ask(low, patient(doses=treated, levels=(level(5.43),))) == "met"
    assert ask(low, patient(doses=treated, levels=(level(9.0),))) == "unknown"
    assert ask(low, patient(doses=None, levels=(level(5.43),))) == "met"
