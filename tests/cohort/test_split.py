"""The roles were committed before anything was run; what the trials say must still be that."""

import re
from pathlib import Path
from typing import Any

import pytest

from ivig.cohort.truth import find_arm
from ivig.knowledge import Knowledge
from ivig.outcome.trial import TrialArm
from ivig.strict_yaml import read_yaml

SPLIT: dict[str, Any] = read_yaml((Path(__file__).parent / "split.yaml").read_text("utf-8"))


@pytest.fixture
def arms(knowledge: Knowledge) -> dict[str, TrialArm]:
    return {f"{t.id}.{arm.id}": arm for t in knowledge.trials.values() for arm in t.arms}


def test_every_arm_has_the_role_it_was_given(arms: dict[str, TrialArm]) -> None:
    written = {key: row["role"] for key, row in SPLIT["arms"].items()}
    assert {key: arm.role for key, arm in arms.items()} == written


def test_the_counts_are_those_of_the_split(arms: dict[str, TrialArm]) -> None:
    for key, row in SPLIT["arms"].items():
        if counts := re.fullmatch(r"(\d+)/(\d+)", str(row["published"])):
            published = arms[key].published.value
            assert (published.events, published.n) == (int(counts[1]), int(counts[2])), key


def test_same_patients_and_recalled_results_are_marked_as_written(
    arms: dict[str, TrialArm],
) -> None:
    for key, row in SPLIT["arms"].items():
        assert arms[key].same_patients == row.get("same_patients", False), key
        if row.get("basis") == "recalled":
            assert arms[key].published.basis == "recalled", key


def test_no_arm_is_predicted_from_itself_or_from_another_predicted_arm(
    knowledge: Knowledge, arms: dict[str, TrialArm]
) -> None:
    for key, arm in arms.items():
        named = [name for term in arm.terms for name in term.arms]
        if arm.score is not None:
            named += [arm.score.mean_of, arm.score.share_of]
        assert key not in named
        assert all(find_arm(knowledge.trials, name).role == "calibration" for name in named)
