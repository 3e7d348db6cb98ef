"""Generated documents are what the program would write today; the README says what is true."""

from pathlib import Path

import pytest
from docs.generate import DOCS, documents

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize(("name", "text"), documents().items(), ids=documents().keys())
def test_generated_documents_are_current(name: str, text: str) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == text


def test_every_dependency_earns_a_line() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    reasons = (ROOT / "docs/decisions/0002-dependencies.md").read_text()
    for line in project["dependencies"]:
        assert f"| {line.split('>')[0]}" in reasons, line


def test_the_workplace_leaves_no_trace() -> None:
    words = ("/wo" + "rk/", "/ro" + "ot/", "py" + "pi.org", "python" + "hosted")
    for path in ROOT.rglob("*"):
        inside = path.relative_to(ROOT).parts
        if path.suffix in {".py", ".md", ".yaml", ".toml", ".lock", ".json", ".csv"} and not any(
            part.startswith(".") for part in inside
        ):
            text = path.read_text(encoding="utf-8")
            assert not any(word in text for word in words), path
