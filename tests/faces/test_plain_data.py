import io
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ivig.errors import InputError
from ivig.faces.plain_data import read_plain, require_plain

Write = Callable[[str, bytes], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write_file(name: str, content: bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return write_file


def refused(path: str | Path) -> InputError:
    with pytest.raises(InputError) as caught:
        read_plain(path)
    return caught.value


def test_yaml_has_no_surprises(write: Write) -> None:
    text = b"a: no\nb: 1:30\nc: 2026-03-01\nd: 12\ne: true\nf:\ng: 1e-3\n"
    assert read_plain(write("p.yaml", text)) == {
        "a": "no",
        "b": "1:30",
        "c": "2026-03-01",
        "d": 12,
        "e": True,
        "f": None,
        "g": 0.001,
    }


def test_a_leading_zero_may_stand_in_quotes(write: Write) -> None:
    assert read_plain(write("p.yaml", b"a: '00123'\nb: 0.5\nc: 0")) == {
        "a": "00123",
        "b": 0.5,
        "c": 0,
    }


def test_json_by_name_or_by_content(write: Write) -> None:
    assert read_plain(write("p.json", b'{"a": [1, null]}')) == {"a": [1, None]}
    assert read_plain(write("p.txt", b' {"a": [1, null]}')) == {"a": [1, None]}


def test_a_byte_order_mark_is_no_letter(write: Write) -> None:
    assert read_plain(write("p.yaml", b"\xef\xbb\xbfa: 1")) == {"a": 1}


@pytest.mark.parametrize("content", [b"", b"  \n\n", b"# only a comment\n", b"---\n"])
def test_an_empty_file_is_nothing(write: Write, content: bytes) -> None:
    assert read_plain(write("p.yaml", content)) is None


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"a: 1")))
    assert read_plain("-") == {"a": 1}


@pytest.mark.parametrize(
    ("name", "content", "line", "value", "allowed"),
    [
        ("p.yaml", b"a: 1\nb: [2\nc: 3\n", 3, "c: 3", "YAML ("),
        ("p.yaml", b"a: 1\nb: 2: 3\n", 2, "b: 2: 3", "mapping values are not allowed"),
        ("p.yaml", b"a: 1\n\tb: 2\n", 2, "b: 2", "YAML ("),
        ("p.yaml", b"a: 1\nb: 2\na: 3\n", 3, "a: 3", "the key 'a' stands here twice"),
        ("p.yaml", b"a: 1\n---\na: 2\n", 2, "---", "another document"),
        ("p.yaml", b"a: &x [1]\nb: *x\n", 1, "a: &x [1]", "without tags or anchors"),
        ("p.yaml", b"a: !!python/name:os.system x\n", 1, "a: !!python/name:os.system x", "tags"),
        ("p.yaml", b"a: 1\nweight_kg: 070\n", 2, "weight_kg: 070", "070 would be 56"),
        ("p.yaml", b"id: 00123\n", 1, "id: 00123", "text in quotes"),
        ("p.yaml", b"a: !!set {b, c}\n", 1, "a: !!set {b, c}", "without tags"),
        ("p.json", b'{"a": 1,\n "b": }', 2, '"b": }', "JSON ("),
        ("p.json", b"a: 1", 1, "a: 1", "JSON ("),
    ],
)
def test_a_syntax_error_names_the_line(
    write: Write, name: str, content: bytes, line: int, value: str, allowed: str
) -> None:
    path = write(name, content)
    error = refused(path)
    assert error.field == f"{path} line {line}"
    assert error.value == value
    assert allowed in error.allowed


@pytest.mark.parametrize("opening", ["[", "- ", "{a: ", "? "])
def test_deep_nesting_is_refused_before_it_can_crash(write: Write, opening: str) -> None:
    error = refused(write("p.yaml", b" " + opening.encode() * 100_000))
    assert "levels deep" in error.allowed or "JSON" in error.allowed


def test_deep_json_is_refused(write: Write) -> None:
    assert "JSON of one patient" in refused(write("p.json", b"[" * 100_000)).allowed


def test_a_json_field_given_twice_is_refused(write: Write) -> None:
    error = refused(write("p.json", b'{"weight_kg": 60, "weight_kg": 68}'))
    assert error.field == "weight_kg"
    assert "stands there twice" in error.allowed


@pytest.mark.parametrize("content", [b"{[1]: 2}", b"? [a]\n: b\n", b"a: " + b"9" * 5000])
def test_yaml_that_is_not_plain_is_refused(write: Write, content: bytes) -> None:
    assert refused(write("p.yaml", b"\n" + content)).allowed.startswith(
        ("plain YAML", "YAML (a key", "JSON")
    )


@pytest.mark.parametrize(
    "content",
    [b"%PDF-1.7\n%", b"PK\x03\x04zip", b"\x89PNG\r\n", b"\xff\xfeh\x00i\x00", b"a: \x00"],
)
def test_a_binary_file_is_refused(write: Write, content: bytes) -> None:
    error = refused(write("p.yaml", content))
    assert error.field == "patient file"
    assert "this is a binary file" in error.allowed


def test_another_encoding_is_refused(write: Write) -> None:
    error = refused(write("p.yaml", "note: Größe".encode("latin-1")))
    assert "Save the file as UTF-8" in error.allowed


def test_a_file_of_more_than_a_megabyte_is_refused(write: Write) -> None:
    assert "1 MB" in refused(write("p.yaml", b"a: " + b"x" * 1_000_000)).allowed


def test_a_missing_file_a_folder_and_a_name_that_cannot_be(tmp_path: Path) -> None:
    assert "an existing file" in refused(tmp_path / "none.yaml").allowed
    assert "not a folder" in refused(tmp_path).allowed
    assert "a file that can be read" in refused("a\0b").allowed
    assert "a file that can be read" in refused("x" * 5000).allowed


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"a": {"b": [1, float("nan")]}}, "a.b[1]"),
        ({"a": float("inf")}, "a"),
        ({"a": 10**400}, "a"),
        ({"a": "x" * 10_001}, "a"),
        ({"a": "\x1b[31mred"}, "a"),
        ({"a": "\ud800"}, "a"),
        ({"a": b"bytes"}, "a"),
        ({"a": object()}, "a"),
        ({"a": {3: 4}}, "a"),
        ({3: 4}, "a field name"),
        ([[[[[[[[[1]]]]]]]]], "[0][0][0][0][0][0][0][0][0]"),
    ],
)
def test_what_is_not_plain_is_refused_by_its_path(data: object, field: str) -> None:
    with pytest.raises(InputError) as caught:
        require_plain(data)
    assert caught.value.field == field


def test_a_bomb_of_shared_lists_is_refused() -> None:
    bomb: list[object] = ["boom"]
    for _ in range(7):
        bomb = [bomb] * 10
    with pytest.raises(InputError, match="at most 20000 values"):
        require_plain(bomb)


def test_a_list_that_holds_itself_is_refused() -> None:
    loop: list[object] = []
    loop.append(loop)
    with pytest.raises(InputError, match="levels deep"):
        require_plain(loop)


def test_plain_data_passes() -> None:
    require_plain({"a": [1, 2.5, "x\ny", True, None, {"b": {}}]})
