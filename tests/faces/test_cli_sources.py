"""``ivig sources`` as it is typed."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from ivig.errors import InputError
from ivig.faces.cli_sources import sources
from ivig.knowledge import Knowledge


def run(*words: str) -> str:
    done = CliRunner().invoke(sources, words, catch_exceptions=False, standalone_mode=False)
    return done.output


def test_the_list_names_every_source(knowledge: Knowledge) -> None:
    lines = run().splitlines()
    assert [line.split()[0] for line in lines[1:-2]] == list(knowledge.sources)
    assert lines[-1].startswith(f"{len(knowledge.sources)} sources, ")


def test_kind_and_unused() -> None:
    found = json.loads(run("--kind", "label", "--format", "json"))
    assert {item["kind"] for item in found} == {"label"}
    unused = json.loads(run("--unused", "--format", "json"))
    assert {item["n_facts"] for item in unused} == {0}
    assert all(item["n_facts"] == sum(item["n_facts_by_basis"].values()) for item in found)


def test_the_review_queue_marks_doses_and_rates() -> None:
    text = run("--recalled", "--kind", "label")
    assert "recalled facts of" in text.splitlines()[0]
    assert "[RATE] products/" in text
    data = json.loads(run("--recalled", "--format", "json"))
    assert {fact["basis"] for item in data for fact in item["facts"]} == {"recalled"}
    assert data[0]["facts"][0]["drives"] in ("dose", "rate")
    assert {"id", "text", "file"} <= data[0]["facts"][0].keys()


def test_one_source_with_all_that_uses_it() -> None:
    text = run("show", "van_der_zeeuw_2026")
    assert "10.1007/s40262-026-01641-5" in text
    assert "models/li_2022 (" in text
    data = json.loads(run("show", "nhse_2021", "--format", "json"))
    assert "acquired_vwd-g-01" in data["passages"]
    assert "statements/acquired_vwd" in data["files"]
    assert any(fact["id"] == "acquired_vwd-g-01" for fact in data["facts"])


def test_export_follows_the_filter(tmp_path: Path) -> None:
    n_labels = len(json.loads(run("--kind", "label", "--format", "json")))
    file = tmp_path / "labels.bib"
    run("--kind", "label", "--format", "bibtex", "-o", str(file))
    assert file.read_text(encoding="utf-8").count("\n@") == n_labels - 1
    assert len(json.loads(run("--kind", "label", "--format", "csl"))) == n_labels
    assert run("show", "privigen_label", "--format", "bibtex").startswith("@misc{privigen_label,")


def test_bad_questions_are_refused() -> None:
    with pytest.raises(InputError, match="privigen_label"):
        run("show", "privigen_labl")
    with pytest.raises(InputError, match="one of the two"):
        run("--unused", "--recalled")
