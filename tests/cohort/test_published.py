"""Published trials repeated: reproducible, wide enough, and counted once."""

import numpy as np
import pytest

from ivig.cohort.blocks import stream
from ivig.cohort.published import Replay, replay
from ivig.cohort.truth import Truth
from ivig.cohort.verdict import TrialResult, central
from ivig.errors import InputError
from ivig.knowledge import Knowledge


def repeated(knowledge: Knowledge, name: str, *, threads: int = 1, n: int = 4000) -> TrialResult:
    what = Replay(
        trial=knowledge.trials[name], trials=knowledge.trials, n_replicates=n, seed=20261122
    )
    return replay(what, threads=threads)


def test_threads_change_nothing(knowledge: Knowledge) -> None:
    one = repeated(knowledge, "path", n=950)
    assert repeated(knowledge, "path", threads=3, n=950) == one


def test_another_seed_is_another_draw(knowledge: Knowledge) -> None:
    what = Replay(trial=knowledge.trials["path"], trials=knowledge.trials, n_replicates=950, seed=1)
    assert replay(what).arms != repeated(knowledge, "path", n=950).arms


def test_a_calibration_arm_is_wider_than_chance_alone_by_root_two(knowledge: Knowledge) -> None:
    """12 of 58: its share is uncertain by as much as a second draw of 58 patients varies."""
    arm = next(arm for arm in repeated(knowledge, "ice").arms if arm.id == "placebo")
    chance = 100 * np.sqrt(12 / 58 * 46 / 58 / 58)
    wide = (arm.predicted.high - arm.predicted.low) / (2 * 1.645)
    assert wide / chance == pytest.approx(np.sqrt(2), rel=0.1)


def test_a_predicted_arm_adds_the_uncertainty_of_the_effect_and_of_sampling(
    knowledge: Knowledge,
) -> None:
    trial = knowledge.trials["path"]
    endpoint = trial.endpoints[0]
    arm = next(arm for arm in endpoint.arms if arm.id == "sc_0_4")
    truth = Truth(knowledge.trials, stream(1, 0), 4000)
    alone = central(100 * truth.of(trial, endpoint, arm))
    whole = next(a for a in repeated(knowledge, "path").arms if a.id == "sc_0_4").predicted
    chance = 100 * np.sqrt(alone.median / 100 * (1 - alone.median / 100) / 58)
    expected = np.hypot((alone.high - alone.low) / 3.29, chance)
    assert (whole.high - whole.low) / 3.29 == pytest.approx(expected, rel=0.1)


def test_the_prediction_of_path_follows_the_written_sum(knowledge: Knowledge) -> None:
    """logit of the placebo share, less ICE's log odds ratio, less the slope times log2(1.2)."""

    def logit(events: float, n: float) -> float:
        return float(np.log(events / (n - events)))

    slope = (logit(33, 36) - logit(22, 34)) / 2
    centre = logit(36, 57) - (logit(32, 59) - logit(12, 58)) - slope * np.log2(1.2)
    expected = 100 / (1 + np.exp(-centre))
    arm = next(a for a in repeated(knowledge, "path").arms if a.id == "sc_0_4")
    assert arm.predicted.median == pytest.approx(expected, abs=2.5)


def test_registration_bound_is_met(knowledge: Knowledge) -> None:
    met = [arm.bound_met_fraction for arm in repeated(knowledge, "pid", n=500).arms]
    assert all(one is None or one > 0.98 for one in met)
    assert any(one is not None for one in met)


@pytest.mark.parametrize(("n", "seed"), [(99, 1), (2_000_000, 1), (500, -1)])
def test_a_size_or_seed_that_cannot_be_used_is_refused(
    knowledge: Knowledge, n: int, seed: int
) -> None:
    with pytest.raises(InputError):
        Replay(trial=knowledge.trials["ice"], trials=knowledge.trials, n_replicates=n, seed=seed)
