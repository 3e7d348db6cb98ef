"""The strict rules of the reader, each with the file and the line it names."""

from pathlib import Path

import pytest
import yaml

from ivig.errors import KnowledgeError
from ivig.knowledge import Knowledge, load_knowledge
from ivig.strict_yaml import read_yaml

PRODUCT = """\
id: mine
name: Mine
kind: ivig
jurisdictions: [us]
market: {value: marketed, source: privigen_label, basis: read}
routes: {value: [iv], source: privigen_label, basis: read}
igg_mg_per_mL: {value: 100, source: privigen_label, basis: recalled, at: section 11}
contains: {value: {sucrose: false}, source: privigen_label, basis: read}
"""


def overlay(folder: Path, text: str, name: str = "mine") -> Path:
    (folder / "products").mkdir(exist_ok=True)
    (folder / "products" / f"{name}.yaml").write_text(text)
    return folder


def test_a_hospitals_own_product_is_laid_over_ours(tmp_path: Path, knowledge: Knowledge) -> None:
    mine = load_knowledge(overlay(tmp_path, PRODUCT))
    fact = mine.products["mine"].igg_mg_per_mL
    assert fact is not None
    assert (fact.value, fact.basis, fact.at) == (100.0, "recalled", "section 11")
    assert len(mine.products) == len(knowledge.products) + 1
    assert mine.digest != knowledge.digest


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("igg_mg_per_mL: {value: 100, source: privigen_label, basis: recalled, at: section 11}",
         "igg_mg_per_mL: 100", 7, "a bare number is refused"),
        ("source: privigen_label, basis: recalled", "source: nobody_1999, basis: recalled", 7,
         "'nobody_1999' is not in knowledge/sources/"),
        ("name: Mine", "name: Mine\ncolour: red", 3, "unknown key 'colour'"),
        ("basis: recalled", "basis: sworn", 7, "'sworn' is not one of read"),
        ("source: privigen_label, basis: recalled, at: section 11", "basis: read", 7,
         "a fact needs a source"),
        ("value: 100", "value: .nan", 7, "NaN"),
        ("value: 100", "value: lots", 7, "a number is needed"),
        ("id: mine", "id: other", 1, "id must be the file's name"),
        ("kind: ivig\n", "", 1, "missing: kind"),
        ("name: Mine", "name: Mine\nname: Yours", 3, "stands here twice"),
        ("name: Mine", "name: [Mine", 3, "did not find expected"),
    ],
)  # fmt: skip
def test_what_breaks_the_rules_is_refused_with_its_line(
    tmp_path: Path, old: str, new: str, line: int, message: str
) -> None:
    assert old in PRODUCT
    with pytest.raises(KnowledgeError, match=message) as caught:
        load_knowledge(overlay(tmp_path, PRODUCT.replace(old, new)))
    assert caught.value.line == line
    assert caught.value.file.endswith("products/mine.yaml")


def test_a_folder_that_does_not_exist(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match="no such folder"):
        load_knowledge(tmp_path / "nowhere")


def test_the_environment_names_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IVIG_KNOWLEDGE", str(overlay(tmp_path, PRODUCT)))
    assert "mine" in load_knowledge().products


def test_everything_shipped_follows_the_rules(knowledge: Knowledge) -> None:
    assert knowledge.check() == []
    assert (len(knowledge.products), len(knowledge.indications)) == (34, 79)


def test_yaml_scalars_mean_what_they_look_like() -> None:
    data = read_yaml("a: no\nb: 14:30\nc: 2026-03-01\nd: 1e-7\ne: ~\nf: true\ng: 5\nh: 0.5\n")
    assert data == {
        "a": "no",
        "b": "14:30",
        "c": "2026-03-01",
        "d": 1e-7,
        "e": None,
        "f": True,
        "g": 5,
        "h": 0.5,
    }


@pytest.mark.parametrize("text", ["? [a, b]\n: 1\n", "[" * 100_000, "a: " + "{b: " * 50_000])
def test_yaml_that_would_crash_a_reader_is_refused(text: str) -> None:
    with pytest.raises(yaml.YAMLError):
        read_yaml(text)


def test_a_leading_zero_does_not_change_a_number() -> None:
    assert read_yaml("a: 070") == {"a": 70}


def test_yaml_that_builds_objects_is_refused() -> None:
    with pytest.raises(yaml.YAMLError):
        read_yaml("!!python/object/apply:os.system ['true']")


STATEMENT = """\
id: ours
statements:
  - value:
      id: ours-g-01
      indication: general
      section: guideline
      body: Our hospital
      text: We use it so.
      products: [privigen]
      reactions: [headache]
    source: privigen_label
    basis: read
"""


@pytest.mark.parametrize(
    ("old", "new", "name"),
    [
        ("general", "no_such_use", "no_such_use"),
        ("[privigen]", "[no_such_product]", "no_such_product"),
        ("[headache]", "[no_such_reaction]", "no_such_reaction"),
    ],
)
def test_a_statement_about_nothing_is_refused(
    tmp_path: Path, old: str, new: str, name: str
) -> None:
    (tmp_path / "statements").mkdir()
    (tmp_path / "statements" / "ours.yaml").write_text(STATEMENT)
    assert load_knowledge(tmp_path).check() == []
    (tmp_path / "statements" / "ours.yaml").write_text(STATEMENT.replace(old, new))
    with pytest.raises(KnowledgeError, match=f"'{name}' names nothing in knowledge/"):
        load_knowledge(tmp_path)
