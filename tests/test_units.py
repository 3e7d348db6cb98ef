import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivig.criterion import MEASURES
from ivig.errors import InputError
from ivig.units import (
    ANALYTES,
    QUANTITIES,
    Reading,
    find_analyte,
    parse_quantity,
    read_quantity,
    require_possible,
    to_canonical,
)


@pytest.mark.parametrize(
    ("text", "quantity", "value"),
    [
        ("5.43 g/L", "mass_concentration", 5.43),
        ("543 mg/dL", "mass_concentration", 5.43),
        ("0.543 g/dL", "mass_concentration", 5.43),
        ("5430 mg/L", "mass_concentration", 5.43),
        ("5430 µg/mL", "mass_concentration", 5.43),
        ("543 mg/dl", "mass_concentration", 5.43),
        ("543mg/dL", "mass_concentration", 5.43),
        ("68 kg", "body_mass", 68),
        ("1240 g", "body_mass", 1.24),
        ("150 lb", "body_mass", 68.0388555),
        ("150 [lb_av]", "body_mass", 68.0388555),
        ("163 cm", "height", 163),
        ("1.63 m", "height", 163),
        ("65 in", "height", 165.1),
        ("65 [in_i]", "height", 165.1),
        ("5.5 ft", "height", 167.64),
        ("62 a", "age", 62),
        ("18 mo", "age", 1.5),
        ("3 d", "age", 3 / 365.25),
        ("2 wk", "age", 14 / 365.25),
        ("30 g", "amount", 30),
        ("500 mg", "amount", 0.5),
        ("2.5 h", "duration", 2.5),
        ("90 min", "duration", 1.5),
        ("1 mg/dL", "creatinine_umol_per_L", 88.42),
        ("88 µmol/l", "creatinine_umol_per_L", 88),
        ("13.1 g/dL", "haemoglobin_g_per_L", 131),
        ("12 10*9/L", "platelets_10e9_per_L", 12),
        ("12 10^9/L", "platelets_10e9_per_L", 12),
        ("12 x10^9/L", "platelets_10e9_per_L", 12),
        ("12x10E9/L", "platelets_10e9_per_L", 12),
        ("12 × 10⁹/L", "platelets_10e9_per_L", 12),
        ("12 10*3/uL", "platelets_10e9_per_L", 12),
        ("12000 /uL", "platelets_10e9_per_L", 12),
        ("12000 /mm³", "platelets_10e9_per_L", 12),
        ("38 mL/min/{1.73_m2}", "egfr_mL_per_min_per_1_73m2", 38),
        ("38 mL/min/1.73m2", "egfr_mL_per_min_per_1_73m2", 38),
        ("38 ml/min/1.73 m²", "egfr_mL_per_min_per_1_73m2", 38),
        ("3.4 mg/dL", "crp_mg_per_L", 34),
        ("30 ukat/L", "ck_U_per_L", 1800),
    ],
)
def test_a_unit_becomes_the_canonical_one(text: str, quantity: str, value: float) -> None:
    assert parse_quantity(text, quantity) == pytest.approx(value, rel=1e-11)


def test_decimals_stay_as_a_person_writes_them() -> None:
    assert parse_quantity("543 mg/dL", "mass_concentration") == 5.43


@pytest.mark.parametrize(
    ("text", "quantity", "instead"),
    [
        ("12 G/L", "platelets_10e9_per_L", "gauss per litre. Write 10*9/L"),
        ("5.4 G/L", "mass_concentration", "g/L for a protein"),
        ("12 K/uL", "platelets_10e9_per_L", "kelvin per microlitre. Write 10*3/uL"),
        ("12 k/uL", "platelets_10e9_per_L", "Write 10*3/uL"),
        ("543 MG/DL", "mass_concentration", "Case matters in units: write mg/dL"),
        ("68 Kg", "body_mass", "write kg"),
        ("543 mg%", "mass_concentration", "Write mg/dL"),
        ("38 mL/min", "egfr_mL_per_min_per_1_73m2", "Write mL/min/{1.73_m2}"),
        ("18 m", "age", "m is the metre. Write mo"),
        ("11 st", "body_mass", "The unit 'st' is not known"),
        ("5 ft 4 in", "height", "is not known"),
        ("88 umol/L", "mass_concentration", "is not known"),
    ],
)
def test_an_ambiguous_or_wrong_unit_says_what_to_write(
    text: str, quantity: str, instead: str
) -> None:
    with pytest.raises(InputError) as caught:
        parse_quantity(text, quantity, field="labs.x")
    assert caught.value.field == "labs.x"
    assert caught.value.value == text
    assert instead in caught.value.allowed
    assert QUANTITIES[quantity].units in caught.value.allowed


@pytest.mark.parametrize(
    "text",
    [
        "",
        "543",
        "g/L",
        "nan g/L",
        "inf g/L",
        "5,43 g/L",
        "1,200 mg/dL",
        "5..4 g/L",
        "= 5 g/L",
        "> 5 g/L",
    ],
)
def test_a_text_without_one_plain_number_and_a_unit_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="g/L, mg/dL"):
        parse_quantity(text, "mass_concentration")


@pytest.mark.parametrize(
    ("text", "quantity"),
    [
        ("650 g/L", "igg_g_per_L"),
        ("-3 g/L", "mass_concentration"),
        ("1e999 g/L", "mass_concentration"),
        ("0 kg", "body_mass"),
        ("300 years", "age"),
        ("13 g/L", "haemoglobin_g_per_L"),
        ("88 mg/dL", "creatinine_umol_per_L"),
        ("180 g/L", "iga_g_per_L"),
    ],
)
def test_an_impossible_value_is_refused(text: str, quantity: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_quantity(text, quantity)
    assert caught.value.value == text
    assert QUANTITIES[quantity].range in caught.value.allowed


def test_the_usual_mislabelling_is_explained() -> None:
    with pytest.raises(InputError, match=r"650 mg/dL is 6\.5 g/L"):
        parse_quantity("650 g/L", "igg_g_per_L")


def test_less_than_is_a_limit_and_never_a_plain_value() -> None:
    assert read_quantity("< 5 mg/dL", "iga_g_per_L") == Reading(value=0.05, below_limit=True)
    assert read_quantity("<0.05 g/L", "iga_g_per_L") == Reading(value=0.05, below_limit=True)
    assert read_quantity("0.05 g/L", "iga_g_per_L") == Reading(value=0.05)
    with pytest.raises(InputError, match="'<' is for a laboratory level"):
        parse_quantity("< 68 kg", "body_mass")


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, -0.1, 100.1])
def test_a_plain_number_must_be_possible(value: float) -> None:
    with pytest.raises(InputError, match="0 to 100 g/L"):
        require_possible(value, "igg_g_per_L", field="igg_g_per_L")


def test_every_measured_analyte_of_the_rules_has_a_unit() -> None:
    from_the_patient = {
        "age_year",
        "weight_kg",
        "height_cm",
        "bmi_kg_per_m2",
        "untreated_igg_g_per_L",
    }
    assert set(MEASURES) - from_the_patient == set(ANALYTES)


def test_an_analyte_is_found_by_id_or_short_name() -> None:
    assert find_analyte("iga_g_per_L") == find_analyte("IgA") == ANALYTES["iga_g_per_L"]
    assert find_analyte("hemoglobin") == find_analyte("hb") == ANALYTES["haemoglobin_g_per_L"]
    assert find_analyte("ldh") is None


@given(data=st.data())
def test_any_accepted_spelling_makes_the_round_trip(data: st.DataObject) -> None:
    known = QUANTITIES[data.draw(st.sampled_from(sorted(QUANTITIES)))]
    unit = data.draw(st.sampled_from(sorted(known.factors)))
    value = data.draw(st.floats(known.low, known.high))
    written = f"{value / known.factors[unit]:.15g}"
    expected = pytest.approx(value, rel=1e-11, abs=1e-300)
    edge = 1e-9 * (known.high - known.low)
    if known.low + edge < value < known.high - edge:
        assert parse_quantity(f"{written} {unit}", known.name) == expected
        assert to_canonical(float(written), unit, known.name) == expected


texts = st.text(max_size=30) | st.builds(
    "{}{}{} {}".format,
    st.sampled_from(["", "<", "-", "> "]),
    st.sampled_from(["", " "]),
    st.floats() | st.integers(),
    st.sampled_from(["g/L", "mg/dL", "kg", "10*9/L", "G/L", "x10^9/l", "mo", "%", "", "1e5"]),
)


@given(text=texts, quantity=st.sampled_from(sorted(QUANTITIES)))
def test_any_text_is_a_possible_value_or_an_input_error(text: str, quantity: str) -> None:
    known = QUANTITIES[quantity]
    read = read_or_error(text, quantity)
    if isinstance(read, InputError):
        assert (read.field, read.value) == (quantity, text)
    else:
        assert known.low <= read.value <= known.high


def read_or_error(text: str, quantity: str) -> Reading | InputError:
    try:
        return read_quantity(text, quantity)
    except InputError as error:
        return error
