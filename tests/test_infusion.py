"""Charts by hand: rate × time = volume, and never above the cap."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivig.cited import Cited
from ivig.errors import InputError
from ivig.infusion import (
    InfusionChart,
    InfusionStep,
    intravenous_chart,
    intravenous_limits,
    pump_rate_mL_per_h,
    starts_low,
)
from ivig.patient import Dose, Patient
from ivig.product import RateLadder, RatePoint

OCTAGAM_10_DM = RateLadder(
    indications=("dermatomyositis",),
    initial=Cited(
        value=RatePoint(rate_mL_per_kg_per_h=0.6, duration_min=30), source="label", basis="read"
    ),
    maximum=Cited(value=RatePoint(rate_mL_per_kg_per_h=2.4), source="label", basis="read"),
    risk_cap=Cited(value=RatePoint(rate_mL_per_kg_per_h=1.8), source="label", basis="read"),
)


def chart(
    ladder: RateLadder = OCTAGAM_10_DM,
    *,
    at_risk: str | None = None,
    volume_mL: float = 280.0,
    weight_kg: float = 70.0,
    at_least_h: float | None = None,
) -> InfusionChart:
    limits = intravenous_limits(
        ladder, first=True, at_risk=at_risk, risk_cap_mL_per_kg_per_h=1.98, step_min=30
    )
    return intravenous_chart(
        product_id="octagam_10",
        amount_g=volume_mL / 10,
        volume_mL=volume_mL,
        weight_kg=weight_kg,
        limits=limits,
        at_least_h=at_least_h,
    )


def test_octagam_10_in_dermatomyositis_at_70_kg() -> None:
    """0.6, 1.2, then 2.4 mL/kg/h: 42, 84, 168 mL/h; 21 + 42 mL, then 217 mL at 168 mL/h."""
    made = chart()
    assert [step.rate_mL_per_h for step in made.steps] == [42, 84, 168]
    assert [step.cumulative_mL for step in made.steps] == [21, 63, 280]
    assert made.total_min == pytest.approx(30 + 30 + 217 / 168 * 60)


def test_the_risk_cap_holds_the_rate() -> None:
    made = chart(at_risk="stroke")
    assert made.steps[-1].rate_mL_per_h == 126
    assert made.cap_mL_per_kg_per_h == 1.8
    assert "risk cap" in made.cap_because


def test_a_label_without_a_number_gets_the_class_cap_and_says_assumed() -> None:
    ladder = RateLadder(
        indications=("pid",), initial=OCTAGAM_10_DM.initial, maximum=OCTAGAM_10_DM.maximum
    )
    made = chart(ladder, at_risk="ckd")
    assert made.cap_mL_per_kg_per_h == 1.98
    assert made.basis == "assumed"


def test_a_small_volume_ends_within_the_first_step() -> None:
    made = chart(volume_mL=10)
    assert len(made.steps) == 1
    assert made.total_min == pytest.approx(10 / 42 * 60)


def test_a_session_that_must_last_ten_hours_does() -> None:
    made = chart(volume_mL=300, weight_kg=15, at_least_h=10)
    assert made.total_min >= 600
    assert made.steps[-1].cumulative_mL == 300


def test_printed_steps_are_followed() -> None:
    steps = tuple(RatePoint(rate_mL_per_kg_per_h=r, duration_min=30) for r in (0.6, 1.2, 2.4, 4.8))
    ladder = RateLadder(
        indications=("itp",),
        initial=OCTAGAM_10_DM.initial,
        maximum=Cited(value=RatePoint(rate_mL_per_kg_per_h=7.2), source="label", basis="read"),
        steps=Cited(
            value=(*steps, RatePoint(rate_mL_per_kg_per_h=7.2)), source="label", basis="read"
        ),
    )
    made = chart(ladder, volume_mL=700)
    assert [step.rate_mL_per_h for step in made.steps] == [42, 84, 168, 336, 504]


def test_a_chart_above_its_cap_cannot_exist() -> None:
    step = InfusionStep(
        rate_mL_per_h=200,
        rate_mL_per_kg_per_h=2.9,
        start_min=0,
        duration_min=60,
        cumulative_mL=200,
    )
    with pytest.raises(ValueError, match="above the cap"):
        InfusionChart(
            product_id="x",
            route="iv",
            amount_g=20,
            volume_mL=200,
            total_min=60,
            cap_mL_per_kg_per_h=2.4,
            cap_mL_per_h=168,
            cap_because="label",
            rate_weight_kg=70,
            steps=(step,),
        )


@pytest.mark.parametrize("volume_mL", [0, -1, float("nan"), 1e9])
def test_an_impossible_volume_is_refused(volume_mL: float) -> None:
    with pytest.raises(InputError, match=r"amount_g|volume_mL"):
        chart(volume_mL=volume_mL)


@given(
    initial=st.floats(0.3, 1.2),
    rise=st.floats(1.0, 14.0),
    cap_share=st.floats(0.2, 1.2),
    weight_kg=st.floats(2.5, 250),
    dose_g_per_kg=st.floats(0.1, 2.0),
    risky=st.booleans(),
)
def test_no_step_is_above_the_cap_and_volumes_sum(
    initial: float,
    rise: float,
    cap_share: float,
    weight_kg: float,
    dose_g_per_kg: float,
    risky: bool,
) -> None:
    maximum = initial * rise
    cap = maximum * cap_share
    ladder = RateLadder(
        indications=("pid",),
        initial=Cited(value=RatePoint(rate_mL_per_kg_per_h=initial), source="l", basis="read"),
        maximum=Cited(value=RatePoint(rate_mL_per_kg_per_h=maximum), source="l", basis="read"),
        risk_cap=Cited(value=RatePoint(rate_mL_per_kg_per_h=cap), source="l", basis="read"),
    )
    volume_mL = 10 * dose_g_per_kg * weight_kg
    made = chart(ladder, at_risk="x" if risky else None, volume_mL=volume_mL, weight_kg=weight_kg)
    limit = min(maximum, cap) if risky else maximum
    assert all(step.rate_mL_per_h <= limit * weight_kg + 1e-9 for step in made.steps)
    given_mL = sum(step.rate_mL_per_h * step.duration_min / 60 for step in made.steps)
    assert given_mL == pytest.approx(volume_mL, abs=0.05)
    rates = [step.rate_mL_per_h for step in made.steps]
    assert rates == sorted(rates)


@given(st.floats(0.1, 2000))
def test_the_pump_is_set_to_what_it_can_do_and_never_above(rate: float) -> None:
    setting = pump_rate_mL_per_h(rate)
    assert setting <= rate + 1e-9
    assert rate - setting <= (1.0 if rate >= 20 else 0.1) + 1e-9


def test_who_starts_low() -> None:
    def patient(*doses: Dose) -> Patient:
        return Patient(diagnosis="cvid", weight_kg=70, doses=doses)

    def why(who: Patient) -> str:
        return starts_low(who, "privigen", long_gap_day=56) or "established"

    old = Dose(time_day=-21, amount_g=30, product="privigen")
    assert "not recorded" in why(Patient(diagnosis="cvid", weight_kg=70))
    assert why(patient()) == "first infusion"
    assert why(patient(old)) == "established"
    assert "change of product" in why(patient(Dose(time_day=-21, amount_g=30, product="bivigam")))
    assert "57 days" in why(patient(Dose(time_day=-57, amount_g=30, product="privigen")))
