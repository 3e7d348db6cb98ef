from ivig.cited import Interval
from ivig.report import words


def test_amounts_keep_one_decimal_at_most() -> None:
    assert [words.grams(value) for value in (35.0, 27.55, 2.5, 0.25)] == [
        "35 g",
        "27.6 g",
        "2.5 g",
        "0.25 g",
    ]


def test_a_concentration_is_shown_in_both_units() -> None:
    assert words.both_units(7.93) == "7.9 g/L (790 mg/dL)"


def test_a_rate_is_shown_as_the_pump_is_set() -> None:
    assert [words.pump_rate(rate) for rate in (168.0, 6.1, 0.5)] == [
        "168 mL/h",
        "6.1 mL/h",
        "0.5 mL/h",
    ]


def test_a_probability_is_never_rounded_to_certainty() -> None:
    assert [words.percent(p) for p in (0.0, 0.004, 0.734, 0.996, 1.0)] == [
        "less than 1 %",
        "less than 1 %",
        "73 %",
        "more than 99 %",
        "more than 99 %",
    ]


def test_an_interval_without_width_is_no_interval() -> None:
    assert words.span(Interval(median=4.4, low=4.4, high=4.4), 1) is None
    assert words.span(Interval(median=4.4, low=4.04, high=5.26), 1) == "4.0–5.3"


def test_control_and_direction_characters_are_taken_out() -> None:
    assert words.clean("a\x1b[2J\r\nb\u202ec\ud800") == "a [2J b c"


def test_a_minute_count_never_shows_sixty() -> None:
    assert [words.hours(minutes) for minutes in (59.7, 119.6, 159.6)] == [
        "1 h",
        "2 h",
        "2 h 40 min",
    ]
    assert words.clock(59.7) == "1:00"
