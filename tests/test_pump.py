"""What is typed into the pump."""

from ivig.infusion import InfusionStep
from ivig.pump import pump_lines, resolution_mL


def steps(*parts: tuple[float, float]) -> tuple[InfusionStep, ...]:
    """Steps of (mL/h, minutes)."""
    found: list[InfusionStep] = []
    start = given = 0.0
    for rate, minutes in parts:
        given += rate * minutes / 60
        found.append(
            InfusionStep(
                rate_mL_per_h=rate,
                rate_mL_per_kg_per_h=rate / 70,
                start_min=start,
                duration_min=minutes,
                cumulative_mL=given,
            )
        )
        start += minutes
    return tuple(found)


def test_rounding_does_not_add_up() -> None:
    lines = pump_lines(steps((10, 10), (10.4, 10), (10.9, 10)))
    assert [line.volume_mL for line in lines] == [1.7, 1.7, 1.8]
    assert lines[-1].cumulative_mL == 5.2


def test_a_small_child_is_given_hundredths() -> None:
    assert resolution_mL(steps((0.9, 30), (1.8, 60))) == 0.01
    assert [line.volume_mL for line in pump_lines(steps((0.9, 30), (1.8, 60)))] == [0.45, 1.8]


def test_the_clock_passes_midnight() -> None:
    lines = pump_lines(steps((60, 30), (120, 60)), start_clock_min=1410)
    assert [(line.start_clock, line.end_clock) for line in lines] == [
        ("23:30", "00:00 +1 d"),
        ("00:00 +1 d", "01:00 +1 d"),
    ]


def test_a_last_drop_goes_with_the_step_before_it() -> None:
    lines = pump_lines(steps((60, 30), (60, 0.001)))
    assert [line.volume_mL for line in lines] == [30.0]
