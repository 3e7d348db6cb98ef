"""``ivig models``: what is on the screen, what is in the JSON, and what is refused."""

import json

import pytest
from click.testing import CliRunner

from ivig.errors import InputError
from ivig.faces.cli_models import models
from ivig.knowledge import Knowledge


def shown(*words: str) -> str:
    done = CliRunner().invoke(models, words, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def test_the_list_has_every_model_and_its_coverage(knowledge: Knowledge) -> None:
    lines = shown("list").splitlines()
    assert [line.split()[0] for line in lines] == list(knowledge.models)
    assert "covers" in next(line for line in lines if line.startswith("li_2022"))
    assert "covers" not in next(line for line in lines if line.startswith("luo_2020"))


def test_the_list_as_data(knowledge: Knowledge) -> None:
    found = {item["id"]: item for item in json.loads(shown("list", "--format", "json"))}
    assert found["tegenge_2020"]["coverage_fraction"] is None
    assert found["li_2022"]["routes"] == ["iv", "sc", "fsc"]
    coverage = knowledge.models["li_2022"].coverage
    assert coverage is not None
    assert found["li_2022"]["coverage_fraction"] == coverage.value.inside_fraction


def test_a_model_on_the_screen() -> None:
    text = shown("show", "navarro_mora_2022")
    for part in (
        "0.15 L/day",
        "28.9 % CV",
        "65.7 kg)^0.744",
        "0.817313 g/L",
        "16.7 to 153 kg",
        "NCT00389324",
        "1000 simulated patients",
        "slowest of the two-compartment",
        "10.1016/j.intimp.2021.108472",
        "van_der_zeeuw_2026, not in the paper itself",
    ):
        assert part in text, part
    assert max(map(len, text.splitlines())) <= 100


def test_every_model_can_be_shown(knowledge: Knowledge) -> None:
    for name in knowledge.models:
        assert "coverage" in shown("show", name)


def test_a_refused_model_says_so_and_why() -> None:
    text = " ".join(shown("show", "tegenge_2020").split())
    assert "REFUSED" in text
    assert "its volumes contradict the data" in text
    assert "not measured: the model is refused" in text
    assert json.loads(shown("show", "tegenge_2020", "--format", "json"))["refused"] is True


def test_a_model_without_intervals_says_why() -> None:
    assert "no variability between patients is published" in shown("show", "landersdorfer_2013")
    assert "no residual error is published" in shown("show", "luo_2020")


def test_a_model_as_data() -> None:
    found = json.loads(shown("show", "zhang_2020", "--format", "json"))
    assert found["units"]["CL"] == "L/day"
    assert found["coverage"]["value"]["n_patients"] == 1000
    assert set(found["sources"]) == {"zhang_2020", "van_der_zeeuw_2026"}


@pytest.mark.parametrize(
    ("written", "near"), [("navarro", "navarro_mora_2022"), ("li2022", "li_2022")]
)
def test_an_unknown_model_names_the_nearest(written: str, near: str) -> None:
    with pytest.raises(InputError, match=near):
        CliRunner().invoke(models, ["show", written], catch_exceptions=False)
