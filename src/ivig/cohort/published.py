"""A published trial repeated many times: where each arm's result would lie, and the trial's own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from ivig.cohort.blocks import block_size, n_blocks, run_blocks, stream
from ivig.cohort.truth import Truth, mean_score_se
from ivig.cohort.verdict import ArmResult, ContrastResult, TrialResult, judge_arm, judge_contrast
from ivig.errors import InputError
from ivig.outcome.trial import PublishedTrial, TrialArm, TrialEndpoint
from ivig.pk.disposition import FloatArray

PATIENT_SHAPE = 1.0  # gamma shape of the rates of patients about their mean; assumed
MOST_REPLICATES = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """What is repeated; the same value gives the same result for any number of threads."""

    trial: PublishedTrial
    trials: Mapping[str, PublishedTrial]
    n_replicates: int
    seed: int

    def __post_init__(self) -> None:
        if not 100 <= self.n_replicates <= MOST_REPLICATES:
            raise InputError("replicates", self.n_replicates, f"100 to {MOST_REPLICATES:,}")
        if not 0 <= self.seed < 2**63:
            raise InputError("seed", self.seed, "0 or more, below 2^63")

    @property
    def n_blocks(self) -> int:
        """Blocks of replicates."""
        return n_blocks(self.n_replicates)


def replay(
    what: Replay, *, threads: int = 1, told: Callable[[int], object] = lambda done: None
) -> TrialResult:
    """Every arm's predictive interval against what was published, and the trial's contrast.

    Parameters
    ----------
    told : callable
        Hears how many blocks are done.
    """
    blocks = run_blocks(lambda i: _block(what, i), what.n_blocks, threads, told)
    results = {name: np.concatenate([block[name] for block in blocks]) for name in blocks[0]}
    arms: list[ArmResult] = []
    contrasts: list[ContrastResult] = []
    for endpoint in what.trial.endpoints:
        arms += [judge_arm(endpoint, arm, results[arm.id]) for arm in endpoint.arms]
        if endpoint.contrast is not None:
            contrasts.append(judge_contrast(endpoint, results))
    return TrialResult(
        id=what.trial.id,
        name=what.trial.name,
        n_replicates=what.n_replicates,
        seed=what.seed,
        arms=tuple(arms),
        contrasts=tuple(contrasts),
    )


def _block(what: Replay, i: int) -> dict[str, FloatArray]:
    """Observed results by arm, (n_in_block,): percentages, rates per year or mean scores."""
    rng = stream(what.seed, i)
    truth = Truth(what.trials, rng, block_size(what.n_replicates, i))
    return {
        arm.id: _observe(rng, endpoint, arm, truth.of(what.trial, endpoint, arm))
        for endpoint in what.trial.endpoints
        for arm in endpoint.arms
    }


def _observe(
    rng: np.random.Generator, endpoint: TrialEndpoint, arm: TrialArm, true: FloatArray
) -> FloatArray:
    """What a trial of the published size would print."""
    result = arm.published.value
    if endpoint.kind == "mean":
        return true + mean_score_se(true, result.n or 1) * rng.normal(size=true.size)
    if endpoint.kind == "rate":
        return _observed_rate(rng, true, result.n or 1, result.person_time_year or 1.0)
    if result.n is None:
        return 100.0 * true  # a range without counts: the truth alone
    events: FloatArray = np.asarray(rng.binomial(result.n, true), dtype=np.float64)  # pyright: ignore[reportUnknownMemberType]
    return 100.0 * events / result.n


def _observed_rate(
    rng: np.random.Generator, true: FloatArray, n: int, time_year: float
) -> FloatArray:
    """Events a year in n patients whose own rates differ."""
    own = rng.gamma(PATIENT_SHAPE, 1.0 / PATIENT_SHAPE, (true.size, n))
    seen = rng.poisson(true * own.mean(axis=1) * time_year)  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    return np.asarray(seen, dtype=np.float64) / time_year
