"""Every clinical risk is guarded by tests that exist."""

import re
from pathlib import Path

import pytest

from ivig.strict_yaml import read_yaml

ROOT = Path(__file__).parents[1]
STORIES = read_yaml((ROOT / "tests" / "stories.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story["risk"][:50])
def test_the_tests_of_a_risk_exist(story: dict[str, object]) -> None:
    assert story["severity"] in ("high", "moderate")
    tests = story["tests"]
    assert isinstance(tests, list)
    assert tests
    for test in tests:
        file, name = str(test).split("::")
        assert re.search(rf"^def {name}\(", (ROOT / file).read_text(), flags=re.MULTILINE), test
