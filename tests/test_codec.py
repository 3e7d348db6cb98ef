import math
from dataclasses import dataclass
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivig.cited import Cited
from ivig.codec import DecodeError, decode, encode


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    name: str
    weight_kg: float
    flag: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    parts: tuple[Part, ...]
    kind: Literal["iv", "sc"]
    rank: int | None = None
    pair: tuple[float, str] | None = None
    names: dict[str, float] | None = None

    def __post_init__(self) -> None:
        if self.rank == 0:
            raise ValueError("rank starts at 1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    dose_g_per_kg: Cited[float]


def plain(**changes: Any) -> dict[str, Any]:
    return {"parts": [{"name": "a", "weight_kg": 2.5}], "kind": "iv"} | changes


def test_plain_data_becomes_a_value() -> None:
    assert decode(plain(rank=1), Whole) == Whole(
        parts=(Part(name="a", weight_kg=2.5),), kind="iv", rank=1
    )


def test_a_whole_number_may_stand_for_a_real_one() -> None:
    assert decode({"name": "a", "weight_kg": 2}, Part).weight_kg == 2.0


def test_pairs_and_mappings() -> None:
    value = decode(plain(pair=[1, "x"], names={"b": 2}), Whole)
    assert value.pair == (1.0, "x")
    assert value.names == {"b": 2.0}


@pytest.mark.parametrize(
    ("data", "path", "message"),
    [
        (plain(sort=1), ("sort",), "unknown key 'sort'; known: parts, kind"),
        ({"kind": "iv"}, (), "missing: parts"),
        (plain(kind="im"), ("kind",), "'im' is not one of iv, sc"),
        (plain(kind=True), ("kind",), "not one of"),
        (plain(rank=1.5), ("rank",), "a whole number is needed, not a number"),
        (plain(rank=True), ("rank",), "a whole number is needed, not true/false"),
        (plain(rank=0), (), "rank starts at 1"),
        (plain(parts={"name": "a"}), ("parts",), "a list is needed, not a mapping"),
        (plain(parts=[3]), ("parts", 0), "a mapping with name, weight_kg, flag"),
        (plain(parts=[{"name": 3, "weight_kg": 1}]), ("parts", 0, "name"), "text is needed"),
        (plain(pair=[1]), ("pair",), "2 values are needed, not 1"),
        (plain(names=[]), ("names",), "a mapping is needed"),
        (plain(names={"b": "x"}), ("names", "b"), "a number is needed, not text"),
        ([], (), "a mapping with parts"),
        (None, (), "a mapping with parts"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_path(
    data: Any, path: tuple[str | int, ...], message: str
) -> None:
    with pytest.raises(DecodeError) as caught:
        decode(data, Whole)
    assert caught.value.path == path
    assert message in caught.value.message


@pytest.mark.parametrize("number", [math.nan, math.inf, True, "2"])
def test_a_number_is_finite_and_no_flag(number: Any) -> None:
    with pytest.raises(DecodeError) as caught:
        decode({"name": "a", "weight_kg": number}, Part)
    assert caught.value.path == ("weight_kg",)


def test_a_bare_number_is_no_fact() -> None:
    with pytest.raises(DecodeError, match="a bare number is refused"):
        decode({"dose_g_per_kg": 0.4}, Fact)


def test_a_fact_keeps_its_source_and_basis() -> None:
    cited = {"value": 0.4, "source": "privigen_label", "at": "2.1", "basis": "recalled"}
    fact = decode({"dose_g_per_kg": cited}, Fact)
    assert fact.dose_g_per_kg.value == 0.4
    assert fact.dose_g_per_kg.basis == "recalled"


names = st.text(max_size=5)
parts = st.builds(Part, name=names, weight_kg=st.floats(0, 1e6), flag=st.booleans())
wholes = st.builds(
    Whole,
    parts=st.lists(parts, max_size=3).map(tuple),
    kind=st.sampled_from(["iv", "sc"]),
    rank=st.none() | st.integers(1, 9),
    pair=st.none() | st.tuples(st.floats(-9, 9), names),
    names=st.none() | st.dictionaries(names, st.floats(-9, 9), max_size=3),
)


@given(value=wholes)
def test_encode_is_the_inverse(value: Whole) -> None:
    assert decode(encode(value), Whole) == value


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(data=junk | st.dictionaries(st.sampled_from(["parts", "kind", "rank", "pair"]), junk))
def test_any_data_is_a_value_or_a_decode_error(data: Any) -> None:
    decoded = decode_or_error(data)
    if isinstance(decoded, Whole):
        assert decode(encode(decoded), Whole) == decoded
    else:
        assert decoded.message


def decode_or_error(data: Any) -> Whole | DecodeError:
    try:
        return decode(data, Whole)
    except DecodeError as error:
        return error
