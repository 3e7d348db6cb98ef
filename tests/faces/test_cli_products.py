"""``ivig products`` as a user types it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ivig.errors import InputError
from ivig.faces.cli_products import products
from ivig.knowledge import Knowledge

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(autouse=True)
def _read_once(knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ivig.knowledge.load_knowledge", lambda: knowledge)


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(products, [str(word) for word in words])


def text_of(*words: str | Path, code: int = 0) -> str:
    done = run(*words)
    assert done.exit_code == code, done.exception
    return " ".join(done.stdout.split())


def test_ranked_for_a_patient() -> None:
    text = text_of("--for", EXAMPLES / "renal-stroke.yaml")
    for words in (
        "Products that are not stopped, best first",
        "1 Privigen suitable on",
        "Sucrose and acute kidney injury (evidence B)",
        "Not known: Qivigy: not cleared",
        "not comparable",
        "No trial shows one brand more effective than another",
        "REFERENCES",
    ):
        assert words in text, words


def test_hard_stops_are_named_with_their_reason() -> None:
    text = text_of("--for", EXAMPLES / "hfi.yaml")
    stopped = text[text.index("STOPPED FOR THIS PATIENT") :]
    for name in ("Flebogamma DIF 5 %", "Flebogamma DIF 10 %", "Gammaplex 5 %"):
        assert name in stopped
    assert "hereditary fructose intolerance recorded" in stopped


def test_every_product_stopped_is_exit_3_and_shows_no_dose() -> None:
    text = text_of("--for", EXAMPLES / "iga-anti-iga-reaction.yaml", code=3)
    assert "No product is offered" in text
    assert "0.5 g/kg" not in text


def test_only_those_compared() -> None:
    text = text_of("--for", EXAMPLES / "cidp-80kg.yaml", "--compare", "privigen", "gamunex-c")
    assert "Considered 2 products" in text
    done = run("--compare", "privigen,gamunex_c", "--format", "json")
    assert json.loads(done.stdout)["product_ids"] == ["privigen", "gamunex_c"]


def test_a_price_is_shown_only_when_it_was_given() -> None:
    words = ("--for", EXAMPLES / "cidp-80kg.yaml", "--compare", "privigen", "gamunex_c")
    assert "Cost" not in text_of(*words)
    priced = text_of(*words, "--price", "privigen", "80", "USD")
    assert "USD" in priced
    assert "no price" in priced


def test_markdown_and_json_say_the_same_order() -> None:
    patient = EXAMPLES / "renal-stroke.yaml"
    data = json.loads(run("--for", patient, "--format", "json").stdout)
    names = [offer["ranked"]["name"] for offer in data["offers"]]
    table = run("--for", patient, "--format", "md").stdout
    places = [table.index(f"| {name} |") for name in names]
    assert places == sorted(places)
    assert {r["n"] for r in data["references"]} == set(range(1, len(data["references"]) + 1))


def test_show_prints_all_and_what_is_unknown_or_recalled(knowledge: Knowledge) -> None:
    text = text_of("show", "octagam_10")
    for words in (
        "NOT KNOWN",
        "isoagglutinin control",
        "ONLY RECALLED OR ASSUMED: CONFIRM BEFORE USE",
        "latex free (yes)",
        "1.8 mL/kg/h (3.3 mg/kg/min)",
        "WHERE SOURCES DISAGREE",
    ):
        assert words in text, words
    data = json.loads(run("show", "octagam_10", "--format", "json").stdout)
    assert data["product"]["id"] == "octagam_10"
    assert "polysorbate 80" in " ".join(data["unknown"])
    for key in knowledge.products:
        shown = run("show", key)
        assert shown.exit_code == 0, key
        assert max(map(len, shown.stdout.splitlines())) <= 100, key


def test_the_list_by_market_and_by_use() -> None:
    assert "privigen_eu" not in text_of("list", "--jurisdiction", "us")
    mmn = text_of("list", "--indication", "mmn")
    assert "gammagard_liquid" in mmn
    assert "octagam_5" not in mmn
    assert "34 products" in text_of()


@pytest.mark.parametrize("words", [("show", "octagm_10"), ("--compare", "privigin", "octagam_10")])
def test_an_unknown_id_names_the_nearest(words: tuple[str, ...]) -> None:
    done = run(*words)
    assert isinstance(done.exception, InputError)
    assert "octagam_10" in str(done.exception) or "privigen" in str(done.exception)


@pytest.mark.parametrize(
    "words",
    [
        ("show",),
        ("show", "privigen", "gamunex_c"),
        ("list", "privigen"),
        ("list", "--jurisdiction", "mars"),
        ("--compare", "privigen", "--jurisdiction", "mars"),
        ("--compare", "privigen", "--price", "privigen", "-3", "USD"),
    ],
)
def test_bad_input_is_refused(words: tuple[str, ...]) -> None:
    assert isinstance(run(*words).exception, InputError)
