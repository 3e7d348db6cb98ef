"""Numbers with units, however they are typed; as read, never mended."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivig.evidence.quantities import read_quantities


def read(text: str) -> list[tuple[float, str]]:
    return [(one.value, one.unit) for one in read_quantities(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2 g/kg", [(2, "g_per_kg")]),
        ("2g/kg/day", [(2, "g_per_kg_per_day")]),
        ("0.4 g per kg per day", [(0.4, "g_per_kg_per_day")]),
        ("0.4 gm/kg", [(0.4, "g_per_kg")]),
        ("400 mg/kg", [(0.4, "g_per_kg")]),
        ("70kg", [(70, "kg")]),
        ("70-kg man", [(70, "kg")]),
        ("154 lb", [(69.85322498, "kg")]),
        ("5'9\"", [(175.26, "cm")]),
        ("5 ft 9 in", [(175.26, "cm")]),
        ("1.75 m", [(175, "cm")]),
        ("543 mg/dL", [(5.43, "g_per_L")]),
        ("5.4 g/L", [(5.4, "g_per_L")]),
        ("3 mL/kg/hr", [(3, "mL_per_kg_per_h")]),
        ("0.5 ml/kg/h", [(0.5, "mL_per_kg_per_h")]),
        ("0.08 mL/kg/min", [(4.8, "mL_per_kg_per_h")]),
        ("8 mg/kg/min", [(8, "mg_per_kg_per_min")]),
        ("10%", [(10, "percent")]),
        ("10 %", [(10, "percent")]),
        ("every 4 weeks", [(28, "interval_day")]),
        ("every four weeks", [(28, "interval_day")]),
        ("q4w", [(28, "interval_day")]),
        ("q28d", [(28, "interval_day")]),
        ("q3-4w", [(21, "interval_day"), (28, "interval_day")]),
        ("monthly", [(1, "interval_month")]),
        ("weekly", [(7, "interval_day")]),
        ("twice a week", [(3.5, "interval_day")]),
        ("every other week", [(14, "interval_day")]),
        ("over 5 days", [(5, "split_day")]),
        ("over 2-5 days", [(2, "split_day"), (5, "split_day")]),
        ("1 g/kg x 2", [(1, "g_per_kg"), (2, "dose")]),
        ("120 mL/hr", [(120, "mL_per_h")]),
        ("35gms", [(35, "g")]),
        ("2,000 mg", [(2, "g")]),
        ("1 500 mg", [(1.5, "g")]),
        ("1.5 years old", [(1.5, "age_year")]),
        ("6 month old", [(0.5, "age_year")]),
        ("10 yo", [(10, "age_year")]),
        ("aged 65", [(65, "age_year")]),
        ("0.4-0.6 g/kg", [(0.4, "g_per_kg"), (0.6, "g_per_kg")]),
        ("0.4 g/kg to 0.6 g/kg", [(0.4, "g_per_kg"), (0.6, "g_per_kg")]),
        ("10 g/week", [(10, "g"), (7, "interval_day")]),
        ("0,4 g/kg", [(0.4, "g_per_kg")]),
        ("1/2 g/kg", [(0.5, "g_per_kg")]),
        ("-2 g/kg", [(-2, "g_per_kg")]),
        ("minus 2 g/kg", [(-2, "g_per_kg")]),
        ("10^9 g", [(1e9, "g")]),
        ("platelets 30 x 10^9/L", [(30, "10e9_per_L")]),
        ("30,000/uL", [(30, "10e9_per_L")]),
        ("BMI 42", [(42, "kg_per_m2")]),
        ("every 30 minutes", [(30, "min")]),
        ("IgG1, B12 and Fc receptors", []),
        ("how many grams per month", []),
    ],
)
def test_one_phrase(text: str, expected: list[tuple[float, str]]) -> None:
    assert read(text) == expected


def test_a_unit_that_means_something_else_is_left_bare() -> None:
    assert read("20 G/L") == [(20, "")]


def test_an_interval_is_not_joined_to_the_next() -> None:
    assert read("40 g every 4 weeks to weekly SCIG") == [
        (40, "g"),
        (28, "interval_day"),
        (7, "interval_day"),
    ]


def test_both_ends_of_a_range_share_their_text() -> None:
    low, high = read_quantities("give 0.4-0.6 g/kg")
    assert low.text == high.text == "0.4-0.6 g/kg"
    assert low.start < high.start


WRITTEN = {
    "g_per_kg": "{} g/kg",
    "g_per_kg_per_day": "{} g/kg/day",
    "g": "{}g",
    "kg": "{} kg",
    "cm": "{} cm",
    "g_per_L": "{} g/L",
    "mg_per_kg_per_min": "{} mg/kg/min",
    "mL_per_kg_per_h": "{} mL/kg/h",
    "mL_per_h": "{} mL/h",
    "percent": "{} %",
    "age_year": "{} years old",
    "split_day": "over {} days",
    "interval_day": "every {} days",
}


@given(
    st.sampled_from(sorted(WRITTEN)),
    st.decimals(-10_000, 10_000, places=3).map(float),
    st.sampled_from(["", "a patient with ", "please: "]),
    st.sampled_from(["", " of IVIG", ", then?", " (IV)"]),
)
def test_what_is_written_is_read(unit: str, value: float, before: str, after: str) -> None:
    shown = f"{value:.3f}"
    assert read(f"{before}{WRITTEN[unit].format(shown)}{after}") == [(value, unit)]


@given(st.floats(0.001, 1e5), st.sampled_from(["IgG {} mg/dL", "level of {} mg/dl"]))
def test_both_units_of_a_level_agree(value: float, words: str) -> None:
    [(g_per_L, unit)] = read(words.format(f"{value:.4f}"))
    assert unit == "g_per_L"
    assert g_per_L == pytest.approx(float(f"{value:.4f}") / 100)


@given(st.text(max_size=80))
def test_any_text_can_be_read(text: str) -> None:
    found = read_quantities(text)
    assert [one.start for one in found] == sorted(one.start for one in found)


@given(st.text("0123456789.,-/ gkmLdhw%x'\"every over", max_size=40))
def test_anything_made_of_numbers_and_units_can_be_read(text: str) -> None:
    assert all(0 <= one.start < len(text) for one in read_quantities(text))
