"""Real plans compared: a weight, a renal risk, a level, a product, another knowledge."""

from dataclasses import replace
from typing import Any

import pytest

from ivig.codec import encode
from ivig.errors import InputError
from ivig.faces.patient_file import read_patient
from ivig.knowledge import Knowledge
from ivig.patient import History, Lab, Patient, Sample
from ivig.plan import make_plan
from ivig.plan_diff import ORDER, Change, PlanDiff, compare

EGFR = "egfr_mL_per_min_per_1_73m2"


def example(name: str) -> Patient:
    return read_patient(f"examples/{name}")


def plan(knowledge: Knowledge, patient: Patient, **how: Any) -> dict[str, Any]:
    return encode(make_plan(patient, knowledge, **how))


def by_name(made: PlanDiff) -> dict[str, Change]:
    return {change.name: change for change in made.changes}


def test_the_same_plan_has_no_change(knowledge: Knowledge) -> None:
    one = plan(knowledge, example("cidp-80kg.yaml"))
    made = compare(one, one)
    assert (made.inputs, made.changes, made.same_patient) == ((), (), True)


def test_a_weight_moves_the_dose(knowledge: Knowledge) -> None:
    cidp = example("cidp-80kg.yaml")
    made = compare(plan(knowledge, cidp), plan(knowledge, replace(cidp, weight_kg=90.0)))
    assert [(one.field, one.old, one.new) for one in made.inputs] == [("weight_kg", "80", "90")]
    dose = by_name(made)["dose"]
    assert (dose.old, dose.new) == ("160 g", "180 g")
    assert dose.bears == ("weight_kg", "the product")
    assert not [change for change in made.changes if change.part == "stop"]


def test_a_new_renal_risk_moves_the_rate_and_is_named(knowledge: Knowledge) -> None:
    cvid = example("cvid-62f.yaml")
    ill = replace(
        cvid,
        labs=tuple(replace(lab, value=30.0) if lab.analyte == EGFR else lab for lab in cvid.labs),
    )
    assert any(isinstance(lab, Lab) and lab.value == 30.0 for lab in ill.labs)
    made = compare(plan(knowledge, cvid), plan(knowledge, ill))
    assert [one.field for one in made.inputs] == [f"labs.{EGFR}"]
    new = [c.new for c in made.changes if c.part == "caution" and c.old is None]
    assert any("Renal risk" in (text or "") for text in new)
    for change in made.changes:
        assert f"labs.{EGFR}" in change.bears or change.part == "follow_up", change


def test_a_new_level_moves_the_curve_and_not_the_rate(knowledge: Knowledge) -> None:
    one = example("cvid-75kg-on-treatment.json")
    levels = (*one.levels, Sample(time_day=0.0, igg_g_per_L=6.0))
    made = compare(plan(knowledge, one), plan(knowledge, replace(one, levels=levels)))
    assert [change.field for change in made.inputs] == ["levels"]
    trough = by_name(made)["trough IgG"]
    assert trough.old != trough.new
    assert trough.bears[0] == "levels"
    assert "rate" not in {change.part for change in made.changes}


def test_a_product_switch(knowledge: Knowledge) -> None:
    cidp = example("cidp-80kg.yaml")
    made = compare(
        plan(knowledge, cidp, product="privigen"), plan(knowledge, cidp, product="gammaked")
    )
    product = by_name(made)["product"]
    assert (product.old, product.new) == ("Privigen", "Gammaked")
    assert "product asked for" in product.bears


def test_a_stop_comes_first_and_takes_the_dose_with_it(knowledge: Knowledge) -> None:
    cidp = example("cidp-80kg.yaml")
    history = History(reaction_to_ig="anaphylaxis")
    made = compare(plan(knowledge, cidp), plan(knowledge, replace(cidp, history=history)))
    assert made.changes[0].part == "stop"
    assert made.changes[0].old is None
    dose = by_name(made)["dose"]
    assert (dose.old, dose.new) == ("160 g", None)
    assert "the stop" in dose.bears


def test_the_order_is_that_of_clinical_weight(knowledge: Knowledge) -> None:
    cidp = example("cidp-80kg.yaml")
    old = plan(knowledge, cidp)
    for other in ("alzheimer", "renal-stroke", "gbs"):
        made = compare(old, plan(knowledge, example(f"{other}.yaml")))
        ranks = [ORDER.index(change.part) for change in made.changes]
        assert ranks == sorted(ranks)
        assert not made.same_patient


def test_another_knowledge_is_named_as_a_cause(knowledge: Knowledge) -> None:
    old = plan(knowledge, example("cidp-80kg.yaml"))
    new = {**old, "knowledge_digest": "0" * 64, "regimen": {**old["regimen"], "amount_g": 150.0}}
    made = compare(old, new)
    assert [one.field for one in made.inputs] == ["knowledge"]
    assert made.inputs[0].new == "0" * 12
    assert by_name(made)["dose"].bears == ("knowledge",)


def test_a_criterion_that_turns_is_shown_with_its_value(knowledge: Knowledge) -> None:
    cidp = example("cidp-80kg.yaml")
    findings = tuple(f for f in cidp.findings if f[0] != "incat_disability")
    made = compare(plan(knowledge, cidp), plan(knowledge, replace(cidp, findings=findings)))
    turned = [change for change in made.changes if change.name.startswith("criterion")]
    assert [(change.old, change.new) for change in turned] == [("met", "unknown")]
    assert by_name(made)["verdict"].new == "unknown"


def test_what_is_learnt_is_a_change_of_input(knowledge: Knowledge) -> None:
    cidp = example("cidp-80kg.yaml")
    made = compare(plan(knowledge, replace(cidp, blood_group=None)), plan(knowledge, cidp))
    (one,) = made.inputs
    assert (one.field, one.old, one.new) == ("blood_group", None, "O")


@pytest.mark.parametrize("data", [None, [], {}, {"patient": 1}, {"diagnosis": "cidp"}, "text"])
def test_what_is_no_plan_is_refused(knowledge: Knowledge, data: object) -> None:
    with pytest.raises(InputError, match="ivig plan"):
        compare(data, plan(knowledge, example("gbs.yaml")))


@pytest.mark.parametrize(
    "part", ["patient", "indication", "findings", "regimen", "product", "kinetics"]
)
@pytest.mark.parametrize("junk", [{"labs": 3}, [1], "x", {"ranking": [{}]}, {"trough_g_per_L": 2}])
def test_a_plan_of_another_shape_is_one_error_or_an_answer(
    knowledge: Knowledge, part: str, junk: object
) -> None:
    """Never a traceback: a file that was edited by hand is refused in one line."""
    good = plan(knowledge, example("gbs.yaml"))
    refused: InputError | None = None
    made: PlanDiff | None = None
    try:
        made = compare(good, {**good, part: junk})
    except InputError as error:
        refused = error
    assert "ivig plan" in str(refused) if made is None else made.changes or made.inputs
