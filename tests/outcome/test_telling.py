"""Which patients a relation speaks of, and in which words."""

from typing import Any

import pytest

from ivig.cited import Citation, Cited
from ivig.criterion import Test
from ivig.outcome.relation import Estimate, Relation
from ivig.outcome.telling import Case, tell
from ivig.patient import Patient

PATIENT = Patient(diagnosis="cidp", weight_kg=70)


def cited(**fields: Any) -> Cited[Estimate]:
    return Cited(value=Estimate(**fields), source="paper", at="abstract", basis="read")


def relation(**changes: Any) -> Relation:
    fields: dict[str, Any] = {
        "id": "r",
        "name": "R",
        "kind": "benefit",
        "form": "proportion",
        "strength": "model",
        "indications": ("pid",),
        "population": "adults",
        "outcome": "response",
        "says": "It helps.",
        "estimates": (
            cited(label="IVIG", events=37, n=47),
            cited(label="placebo", events=21, n=48, role="comparator"),
            cited(label="difference", value=35, low=16.7, high=53.2, unit="%", role="detail"),
        ),
        **changes,
    }
    return Relation(**fields)


def case(patient: Patient = PATIENT, **changes: Any) -> Case:
    fields: dict[str, Any] = {"lineage": ("cvid", "pid"), "route": "iv", **changes}
    return Case(patient=patient, **fields)


def test_counts_become_a_percentage_with_its_interval() -> None:
    told = tell(relation(), case())
    assert told is not None
    assert told.text == (
        "It helps. IVIG: 37 of 47 (79%, 95% interval 65 to 88); "
        "placebo: 21 of 48 (44%, 95% interval 31 to 58)."
    )
    assert told.details == ("difference: 35% (95% interval 16.7 to 53.2)",)
    assert told.value is not None
    assert (round(told.value.median, 1), told.unit, told.value.level) == (78.7, "%", 0.95)
    assert told.citations == (Citation(source="paper", at="abstract", basis="read"),)


def test_a_parents_relation_speaks_of_the_child_and_of_nobody_else() -> None:
    assert tell(relation(), case(lineage=("cvid", "pid"))) is not None
    assert tell(relation(), case(lineage=("cidp",))) is None
    assert tell(relation(indications=()), case(lineage=("cidp",))) is not None


def test_the_route_must_be_the_relations() -> None:
    assert tell(relation(routes=("sc", "fsc")), case(route="iv")) is None
    assert tell(relation(routes=("sc", "fsc")), case(route="sc")) is not None


def test_an_exposure_relation_is_never_told() -> None:
    assert tell(relation(kind="exposure"), case()) is None


@pytest.mark.parametrize(
    ("blood_group", "shown", "valued"),
    [("A", True, True), ("O", False, False), (None, True, False)],
)
def test_an_unknown_condition_is_told_under_if_and_without_a_value(
    blood_group: Any, shown: bool, valued: bool
) -> None:
    asked = relation(
        when=Test(finding="blood_group", one_of=("A", "B", "AB")),
        provided="the blood group is A, B or AB",
    )
    told = tell(asked, case(Patient(diagnosis="cidp", weight_kg=70, blood_group=blood_group)))
    assert (told is not None) is shown
    if told is not None:
        assert (told.value is not None) is valued
        starts = (
            "It helps." if valued else "If the blood group is A, B or AB (not known): It helps."
        )
        assert told.text.startswith(starts)


@pytest.mark.parametrize(("dose", "shown"), [(2.0, True), (1.9, True), (1.7, False), (None, True)])
def test_a_dose_near_the_bound_counts_because_vials_round_it(
    dose: float | None, shown: bool
) -> None:
    told = tell(relation(dose_at_least_g_per_kg=2), case(dose_g_per_kg=dose))
    assert (told is not None) is shown
    assert told is None or told.text.startswith("If the total dose is 2 g/kg") is (dose is None)


MIGRAINE = (
    cited(label="with migraine", events=4, n=8, when=Test(condition="migraine"), provided="there is migraine"),
    cited(label="without migraine", events=2, n=46),
)  # fmt: skip


@pytest.mark.parametrize(
    ("conditions", "percent", "words"),
    [
        (("migraine",), 50.0, "With migraine: 4 of 8 (50%, 95% interval 22 to 78)."),
        ((), 4.3, "Without migraine: 2 of 46 (4.3%, 95% interval 1.2 to 15)."),
        (None, None, "If there is migraine: 4 of 8 (50%, 95% interval 22 to 78); without migraine: 2 of 46 (4.3%, 95% interval 1.2 to 15)."),
    ],
)  # fmt: skip
def test_the_first_estimate_that_holds_is_the_patients(
    conditions: tuple[str, ...] | None, percent: float | None, words: str
) -> None:
    patient = Patient(diagnosis="cidp", weight_kg=70, conditions=conditions)
    told = tell(relation(estimates=MIGRAINE, says="X."), case(patient))
    assert told is not None
    assert told.text == f"X. {words}"
    assert (None if told.value is None else round(told.value.median, 1)) == percent


@pytest.mark.parametrize(("first", "per_10000"), [(True, 22.9), (False, 3.9), (None, None)])
def test_the_first_infusion_and_the_later_ones_differ(
    first: bool | None, per_10000: float | None
) -> None:
    unit = "per 10,000 administrations"
    told = tell(
        relation(
            estimates=(
                cited(label="first", events=57, n=24919, per=10000, unit=unit, first_infusion=True),
                cited(
                    label="later", events=51, n=130943, per=10000, unit=unit, first_infusion=False
                ),
            )
        ),
        case(first_infusion=first),
    )
    assert told is not None
    assert (None if told.value is None else round(told.value.median, 1)) == per_10000
    assert ("If this is the first infusion" in told.text) is (first is None)


def test_a_quoted_relation_gets_no_computed_number() -> None:
    told = tell(relation(strength="quote"), case())
    assert told is not None
    assert told.value is None
    assert told.unit == ""
    assert told.text == "It helps. IVIG: 37 of 47; placebo: 21 of 48."


def test_ratios_are_told_with_their_unit_first_and_ranges_as_printed() -> None:
    told = tell(
        relation(
            form="odds_ratio",
            estimates=(
                cited(label="at 2 weeks", value=0.29, low=0.108, high=0.777, unit="odds ratio"),
                cited(label="needed", low=5, high=17, unit="g/L", role="comparator"),
                cited(label="nothing to count", role="comparator"),
            ),
        ),
        case(),
    )
    assert told is not None
    assert told.text == (
        "It helps. At 2 weeks: odds ratio 0.29 (95% interval 0.108 to 0.777); "
        "needed: 5 to 17 g/L; nothing to count."
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"events": 3},
        {"events": 5, "n": 4},
        {"events": 0, "n": 0},
        {"low": 1.0},
        {"per": 1000, "events": 1, "n": 2},
        {"when": Test(condition="migraine")},
    ],
)
def test_an_estimate_that_cannot_be_told_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"events|low|unit|words"):
        Estimate(label="x", **wrong)
