"""Benefits computed from a predicted trough or a dose."""

from typing import Any

import pytest
from tests.outcome.test_estimate import ORANGE, PROCID

from ivig.cited import Cited, Interval
from ivig.outcome.benefit import expected_benefits
from ivig.outcome.relation import Estimate, Outcome, Relation, TroughSlope
from ivig.patient import Patient

PATIENT = Patient(diagnosis="cvid", weight_kg=68)


def relation(**changes: Any) -> Relation:
    fields: dict[str, Any] = {
        "id": "r",
        "name": "R",
        "kind": "benefit",
        "form": "log_linear_rate",
        "strength": "model",
        "indications": ("pid",),
        "population": "PID",
        "outcome": "episodes of pneumonia",
        "says": "It falls.",
        **changes,
    }
    return Relation(**fields)


def quoted(label: str) -> tuple[Cited[Estimate], ...]:
    return (
        Cited(value=Estimate(label=label, value=0.113, role="detail"), source="p", basis="read"),
    )


PNEUMONIA = relation(
    trough_slope=Cited(value=ORANGE, source="orange", basis="read"),
    estimates=quoted("at 5 g/L"),
)
CIDP = relation(
    indications=("cidp",),
    form="proportion",
    outcome="response",
    dose_slope=Cited(value=PROCID, source="procid", basis="derived"),
    estimates=quoted("arms"),
)


def one(found: tuple[Outcome, ...]) -> Outcome:
    (outcome,) = found
    return outcome


def at_trough(trough: Interval | None, known: Relation = PNEUMONIA) -> Outcome:
    return one(
        expected_benefits(
            PATIENT, ("cvid", "pid"), [known], trough_g_per_L=trough, dose_g_per_kg=0.5, route="iv"
        )
    )


def at_dose(dose: float | None, phase: Any) -> Outcome:
    return one(
        expected_benefits(
            PATIENT,
            ("cidp",),
            [CIDP],
            trough_g_per_L=None,
            dose_g_per_kg=dose,
            route="iv",
            phase=phase,
        )
    )


def test_pneumonia_at_the_predicted_trough() -> None:
    told = at_trough(Interval(median=7, low=7, high=7))
    assert told.value is not None
    assert told.value.median == pytest.approx(0.113 * 0.726**2)
    assert told.unit == "per patient-year"
    assert told.text == (
        "It falls. At the predicted trough of 7.0 g/L: "
        "0.06 episodes of pneumonia per patient-year (90% interval 0.051 to 0.07)."
    )
    assert [citation.source for citation in told.citations] == ["orange", "p"]


def test_without_a_trough_the_relation_is_quoted() -> None:
    told = at_trough(None)
    assert told.value is None
    assert told.text == "It falls. At 5 g/L: 0.113."


def test_a_trough_outside_the_studied_range_is_said_to_be() -> None:
    high = at_trough(Interval(median=12, low=11, high=13))
    low = at_trough(Interval(median=4, low=3, high=4.5))
    assert "The trough is above the studied 5–10 g/L: the value at 10." in high.caveats
    assert "The trough is below the studied 5–10 g/L: the value at 5." in low.caveats
    assert low.value is not None
    assert low.value.median == 0.113


def test_a_slope_without_an_interval_says_so() -> None:
    slope = TroughSlope(
        at_g_per_L=9.6,
        ratio_per_g_per_L=0.87,
        valid_low_g_per_L=6.6,
        valid_high_g_per_L=9.6,
        flat_above=True,
    )
    lee = relation(
        trough_slope=Cited(value=slope, source="lee", basis="read"), outcome="infections"
    )
    told = at_trough(Interval(median=8.6, low=8, high=9), lee)
    assert told.unit == "rate ratio"
    assert "1.1 times the rate at 9.6 g/L" in told.text
    assert any("slope's is not printed" in caveat for caveat in told.caveats)
    above = at_trough(Interval(median=11, low=10.5, high=12), lee)
    assert "Above 9.6 g/L the source finds no further change." in above.caveats


@pytest.mark.parametrize(("dose", "percent"), [(0.5, 63.8), (1.0, 80.6), (2.0, 90.8), (2.1, 90.8)])
def test_response_by_maintenance_dose(dose: float, percent: float) -> None:
    told = at_dose(dose, "maintenance")
    assert told.value is not None
    assert told.value.median == pytest.approx(percent, abs=0.2)
    assert told.value.low < percent < told.value.high


@pytest.mark.parametrize(
    ("dose", "phase"),
    [
        (2.0, "induction"),
        (2.0, None),
        (3.0, "maintenance"),
        (0.3, "maintenance"),
        (None, "maintenance"),
    ],
)
def test_outside_the_trials_doses_or_phase_the_arms_are_quoted(dose: Any, phase: Any) -> None:
    told = at_dose(dose, phase)
    assert told.value is None
    assert told.text == "It falls. Arms: 0.113."


def test_harms_are_not_benefits_and_computed_ones_come_first() -> None:
    quote = relation(id="q", strength="quote", estimates=quoted("x"))
    harm = relation(id="h", kind="harm", estimates=quoted("x"))
    found = expected_benefits(
        PATIENT,
        ("pid",),
        [harm, quote, PNEUMONIA],
        trough_g_per_L=Interval(median=7, low=6, high=8),
        dose_g_per_kg=None,
        route="iv",
    )
    assert [outcome.id for outcome in found] == ["r", "q"]
