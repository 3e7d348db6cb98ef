"""``ivig compare`` as it is typed."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from ivig.errors import InputError
from ivig.faces.cli_compare import compare

EXAMPLES = Path(__file__).parents[2] / "examples"


def run(*words: str, code: int = 0) -> str:
    done = CliRunner().invoke(compare, words, catch_exceptions=False)
    assert done.exit_code == code
    return done.output


def test_three_routes_in_words() -> None:
    text = " ".join(run(str(EXAMPLES / "cidp-80kg.yaml")).split())
    for words in (
        "comparable as far as is known",
        "odds ratio 1.29",
        "● IV 80 g",
        "no price given",
        "no published kinetic model exists for facilitated subcutaneous doses",
    ):
        assert words in text


def test_html_draws_a_curve_for_each_route(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    run(str(EXAMPLES / "cvid-62f.yaml"), "-o", str(page))
    text = page.read_text("utf-8")
    assert text.count('stroke-linejoin="round"') == 3
    assert "<script" not in text


def test_cost_only_with_a_price() -> None:
    words = ("--format", "json", "--price", "iv=34", "--currency", "GBP")
    views = json.loads(run(str(EXAMPLES / "cvid-62f.yaml"), *words))["views"]
    cost = {view["route"]: view["cost_per_year"] for view in views}
    grams = {view["route"]: view["burden"]["grams_per_year"] for view in views}
    assert cost["iv"] == pytest.approx(34 * grams["iv"])
    assert cost["sc"] is None


def test_a_stop_is_exit_code_3() -> None:
    assert "DO NOT GIVE" in run(str(EXAMPLES / "alzheimer.yaml"), code=3)


def test_a_short_course_has_nothing_to_compare() -> None:
    assert "No subcutaneous alternative" in run(str(EXAMPLES / "itp-12.yaml"))


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--routes", "iv,im"), "some of iv, sc, fsc"),
        (("--routes", "iv,iv"), "each once"),
        (("--price", "iv"), "ROUTE=VALUE"),
        (("--price", "iv=-3"), "above 0"),
        (("--target", "-1"), "at most 50"),
        (("--indication", "no such disease"), "indication|diagnosis"),
    ],
)
def test_what_cannot_be_used_is_one_message(words: tuple[str, ...], message: str) -> None:
    with pytest.raises(InputError, match=message):
        CliRunner().invoke(
            compare, (str(EXAMPLES / "cidp-80kg.yaml"), *words), catch_exceptions=False
        )
