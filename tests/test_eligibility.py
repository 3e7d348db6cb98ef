"""Two verdicts for one patient: by the evidence, and by the place that pays."""

import pytest

from ivig.eligibility import assess_eligibility, open_criteria
from ivig.errors import InputError
from ivig.faces.patient_file import patient_from_data, read_patient
from ivig.knowledge import Knowledge
from ivig.plan import make_plan

EXAMPLES = (
    "alzheimer", "bmi-42", "cidp-80kg", "cvid-62f", "dermatomyositis-70kg", "gbs", "itp-12",
    "iga-anti-iga-reaction", "kawasaki-3y", "low-igg-alone", "mg-crisis", "renal-stroke", "sid-cll",
    "xla-6m",
)  # fmt: skip


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_verdict_is_that_of_the_plan(knowledge: Knowledge, name: str) -> None:
    patient = read_patient(f"examples/{name}.yaml")
    made = assess_eligibility(patient, knowledge, place="us")
    assert made.verdict == make_plan(patient, knowledge).indication.verdict


def test_the_two_verdicts_may_differ(knowledge: Knowledge) -> None:
    made = assess_eligibility(read_patient("examples/cidp-80kg.yaml"), knowledge, place="uk")
    assert (made.verdict, made.access.decision) == ("indicated", "undecided")
    assert not made.refused
    assert made.covered


def test_no_is_no_wherever_it_comes_from(knowledge: Knowledge) -> None:
    alzheimer = assess_eligibility(read_patient("examples/alzheimer.yaml"), knowledge, place="us")
    low = assess_eligibility(read_patient("examples/low-igg-alone.yaml"), knowledge, place="ca")
    stop = assess_eligibility(
        read_patient("examples/iga-anti-iga-reaction.yaml"), knowledge, place="uk"
    )
    assert [made.refused for made in (alzheimer, low, stop)] == [True, True, True]
    assert stop.stops


def test_nothing_held_of_a_place_is_not_covered(knowledge: Knowledge) -> None:
    kawasaki = read_patient("examples/kawasaki-3y.yaml")
    assert not assess_eligibility(kawasaki, knowledge, place="ca").covered
    assert assess_eligibility(kawasaki, knowledge, place="uk").covered


def test_less_known_never_decides_more(knowledge: Knowledge) -> None:
    bare = patient_from_data({"diagnosis": "cidp", "weight_kg": 80})
    for place in knowledge.access:
        made = assess_eligibility(bare, knowledge, place=place)
        assert made.verdict == "unknown"
        assert made.access.decision in ("undecided", "no_criteria")
        assert open_criteria(made)


def test_open_criteria_are_the_deciding_ones_once(knowledge: Knowledge) -> None:
    made = assess_eligibility(read_patient("examples/low-igg-alone.yaml"), knowledge, place="uk")
    texts = [one.text for one in open_criteria(made)]
    assert len(texts) == len(set(texts))
    assert all(one.role != "supporting" for one in open_criteria(made))


def test_every_criterion_is_referenced(knowledge: Knowledge) -> None:
    made = assess_eligibility(read_patient("examples/cidp-80kg.yaml"), knowledge, place="uk")
    assert all(one.references for one in (*made.criteria, *made.access.criteria))


def test_an_unknown_place_is_refused(knowledge: Knowledge) -> None:
    with pytest.raises(InputError, match="au, ca, uk, us"):
        assess_eligibility(read_patient("examples/gbs.yaml"), knowledge, place="mars")
