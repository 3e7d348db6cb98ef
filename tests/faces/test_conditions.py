import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivig.errors import InputError
from ivig.faces.conditions import CONDITIONS, recognise, slug

KNOWLEDGE = Path(__file__).parents[2] / "knowledge"
ELSEWHERE = {"anti_iga", "reaction_to_ig", "severe_reaction_to_ig"}


@pytest.mark.parametrize(
    ("written", "known"),
    [
        ("ckd", "ckd"),
        ("C.K.D.", "ckd"),
        ("Chronic Kidney Disease", "ckd"),
        ("renal impairment", "ckd"),
        ("CVA", "stroke"),
        ("previous stroke", "stroke"),
        ("history of DVT", "venous_thromboembolism"),
        ("heart attack", "myocardial_infarction"),
        ("hyperprolinaemia", "hyperprolinaemia"),
        ("hyperprolinemia", "hyperprolinaemia"),
        ("Hyper-Prolinaemia type II", "hyperprolinaemia"),
        ("hereditary-fructose-intolerance", "hereditary_fructose_intolerance"),
        ("HFI", "hereditary_fructose_intolerance"),
        ("estrogen", "oestrogen_use"),
        ("Œstrogen therapy", "oestrogen_use"),
        ("MGUS", "paraproteinaemia"),
        ("PICC line", "central_venous_catheter"),
        ("migraines", "migraine"),
        ("aseptic meningitis", "previous_aseptic_meningitis"),
        ("hyaluronidase allergy", "hyaluronidase_allergy"),
    ],
)
def test_a_synonym_becomes_the_slug_of_the_rules(written: str, known: str) -> None:
    assert recognise([written], "conditions") == ((known,), ())


@pytest.mark.parametrize("written", ["latex", "Latex allergy", "latex_allergies"])
def test_an_allergy_needs_no_suffix(written: str) -> None:
    assert recognise([written], "allergies") == (("latex_allergy",), ())


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("strok", "stroke"),
        ("hyperprolinemi", "hyperprolinaemia"),
        ("hereditary fructose intolerence", "hereditary_fructose_intolerance"),
        ("diabetis", "diabetes"),
        ("central venous cathether", "central_venous_catheter"),
        ("no stroke", "stroke"),
        ("hyperproteinaemia", "hyperprolinaemia"),
    ],
)
def test_a_word_that_is_nearly_known_is_asked_back(written: str, meant: str) -> None:
    with pytest.raises(InputError, match=f"did you mean {meant}") as caught:
        recognise(["asthma", written], "conditions")
    assert caught.value.field == "conditions[1]"
    assert caught.value.value == written


@pytest.mark.parametrize(
    ("written", "ask"),
    [
        ("fructose intolerance", "hereditary_fructose_intolerance or fructose_malabsorption"),
        ("anaphylaxis", "reaction_to_ig: anaphylaxis"),
        ("anti-IgA", "anti_iga: true"),
        ("renal failure", "ckd or acute_kidney_injury"),
        ("DM", "diabetes or dermatomyositis"),
        ("thrombosis", "venous_thromboembolism"),
        ("none", "[] for an empty list"),
        ("unknown", "leave the whole list out"),
    ],
)
def test_a_word_with_two_meanings_is_asked_back(written: str, ask: str) -> None:
    with pytest.raises(InputError, match=re.escape(ask)):
        recognise([written], "conditions")


@pytest.mark.parametrize(
    "written",
    [
        "iron deficiency",
        "Crohn disease",
        "portal hypertension",
        "heat stroke",
        "IgM deficiency",
        "lupus",
        "脑炎",
    ],
)
def test_another_condition_is_kept_and_named(written: str) -> None:
    slugs, unknown = recognise([written], "conditions")
    assert slugs == unknown == (slug(written),)


def test_a_condition_given_twice_counts_once() -> None:
    assert recognise(["CVA", "stroke", "Stroke"], "conditions") == (("stroke",), ())


def test_a_condition_brings_what_it_implies() -> None:
    assert recognise(["PE"], "conditions")[0] == ("pulmonary_embolism", "venous_thromboembolism")
    assert recognise(["IgM MGUS"], "conditions")[0] == ("igm_gammopathy", "paraproteinaemia")


def test_the_rules_ask_only_for_conditions_that_can_be_given() -> None:
    asked = {
        name
        for path in KNOWLEDGE.rglob("*.yaml")
        if "mechanisms" not in path.parts  # there a condition is that of an experiment
        for name in re.findall(r"\bcondition: ([a-z0-9_]+)", path.read_text(encoding="utf-8"))
    }
    assert asked - ELSEWHERE - set(CONDITIONS.values()) == set()


@given(word=st.text(max_size=20) | st.sampled_from(sorted(CONDITIONS)))
def test_every_slug_is_its_own_slug(word: str) -> None:
    assert slug(slug(word)) == slug(word)
