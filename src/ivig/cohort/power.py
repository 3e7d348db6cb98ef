"""A new trial simulated patient by patient: how often it would succeed, at each size.

*Power* takes the belief of every arm at its centre; *assurance* draws it anew for each replicate,
and so is the honest chance of success when the effect is not known for certain.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import log
from statistics import NormalDist

import numpy as np

from ivig.cited import Interval
from ivig.cohort.belief import ArmTruth, Beliefs
from ivig.cohort.blocks import block_size, n_blocks, run_blocks, stream
from ivig.cohort.design import Design
from ivig.cohort.special import poisson_upper
from ivig.cohort.verdict import central, share_z
from ivig.outcome.relation import Relation
from ivig.outcome.trial import PublishedTrial
from ivig.pk.disposition import FloatArray

PATIENT_SHAPE = 1.0  # gamma shape of the rates of patients about their mean; assumed
UPPER = 0.99  # one-sided limit that registration asks for
Z90 = 1.6448536269514722


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One arm against the first, or a single arm against its bound, at one size."""

    arm: str
    power_fraction: float
    assurance_fraction: float
    result: Interval
    """Difference in percentage points, ratio of rates, or rate a year, beliefs drawn."""
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeResult:
    """All comparisons at one size."""

    n_total: int
    n_arms: tuple[int, ...]
    comparisons: tuple[Comparison, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DesignResult:
    """The power curve of a design."""

    design: Design
    sizes: tuple[SizeResult, ...]


@dataclass(frozen=True, slots=True)
class _Counts:
    """What the trial sees of its arms, (n_replicates, n_arms) each."""

    events: FloatArray
    patients: FloatArray
    time_year: FloatArray
    squares: FloatArray
    """Σ y², Σ y·t and Σ t² of the patients, (n_replicates, n_arms, 3), for the sandwich variance."""


def blocks_of(design: Design) -> int:
    """How many blocks ``simulate_design`` runs: what a progress bar counts."""
    return 2 * n_blocks(design.replicates) * len(design.n_total)


def simulate_design(
    design: Design,
    trials: Mapping[str, PublishedTrial],
    relations: Mapping[str, Relation],
    *,
    threads: int = 1,
    told: Callable[[int], object] = lambda done: None,
) -> DesignResult:
    """Power and assurance at each size; the same for any number of threads.

    Raises
    ------
    InputError
        An arm names a published arm or a relation that is not there or cannot be computed from.
    """
    beliefs = Beliefs(design, trials, relations)
    each = n_blocks(design.replicates)

    def work(i: int) -> FloatArray:
        size, certain, block = i // (2 * each), (i // each) % 2 == 0, i % each
        return _block(design, beliefs, design.n_total[size], block, (size, int(certain)), certain)

    blocks = run_blocks(work, blocks_of(design), threads, told)
    sizes: list[SizeResult] = []
    for k, n_total in enumerate(design.n_total):
        certain = np.concatenate(blocks[2 * k * each : (2 * k + 1) * each])
        drawn = np.concatenate(blocks[(2 * k + 1) * each : (2 * k + 2) * each])
        sizes.append(_at_size(design, n_total, certain, drawn))
    return DesignResult(design=design, sizes=tuple(sizes))


def arm_sizes(design: Design, n_total: int) -> tuple[int, ...]:
    """Patients of each arm; at least one, and together ``n_total``.

    The remainder goes to the arms that rounding down has cost most.
    """
    total = sum(arm.allocation for arm in design.arms)
    wanted = [n_total * arm.allocation / total for arm in design.arms]
    sizes = [max(1, int(w)) for w in wanted]
    while sum(sizes) < n_total:
        sizes[max(range(len(sizes)), key=lambda i: wanted[i] - sizes[i])] += 1
    while sum(sizes) > n_total:
        sizes[max(range(len(sizes)), key=lambda i: sizes[i])] -= 1
    return tuple(sizes)


def _at_size(design: Design, n_total: int, certain: FloatArray, drawn: FloatArray) -> SizeResult:
    names = [arm.name for arm in design.arms]
    compared = names if design.bound_per_year is not None else names[1:]
    return SizeResult(
        n_total=n_total,
        n_arms=arm_sizes(design, n_total),
        comparisons=tuple(
            Comparison(
                arm=name,
                power_fraction=float(certain[:, i, 0].mean()),
                assurance_fraction=float(drawn[:, i, 0].mean()),
                result=central(drawn[:, i, 1]),
                unit=_unit(design),
            )
            for i, name in enumerate(compared)
        ),
    )


def _unit(design: Design) -> str:
    if design.endpoint.kind == "share":
        return "percentage points"
    return "per patient-year" if design.bound_per_year is not None else "rate ratio"


def _block(
    design: Design,
    beliefs: Beliefs,
    n_total: int,
    block: int,
    key: tuple[int, int],
    certain: bool,
) -> FloatArray:
    """Success and result of every comparison, (n_in_block, n_comparisons, 2)."""
    rng = stream(design.seed, *key, block)
    n = block_size(design.replicates, block)
    truth = beliefs.draw(rng, n, certain=certain)
    sizes = arm_sizes(design, n_total)
    seen = [
        _share_arm(design, rng, arm, size)
        if design.endpoint.kind == "share"
        else _rate_arm(design, rng, arm, size)
        for arm, size in zip(truth, sizes, strict=True)
    ]
    counts = _Counts(*(np.stack(part, axis=1) for part in zip(*seen, strict=True)))
    if design.bound_per_year is not None:
        return _against_bound(counts, design.bound_per_year)
    compare = _shares if design.endpoint.kind == "share" else _rates
    limit = NormalDist().inv_cdf(1.0 - design.alpha_fraction / (2 * (len(sizes) - 1)))
    return compare(counts, limit if design.endpoint.better == "higher" else -limit)


_Seen = tuple[FloatArray, FloatArray, FloatArray, FloatArray]


def _share_arm(design: Design, rng: np.random.Generator, arm: ArmTruth, size: int) -> _Seen:
    """Patient by patient: drop-out, then the event."""
    shape = (arm.value.size, size)
    stays = rng.random(shape) >= design.drop_out_percent / 100.0
    event = rng.random(shape) < arm.value[:, None]
    if design.drop_out_counts_as == "left out":
        event, patients = event & stays, stays.sum(axis=1).astype(np.float64)
    else:
        failed = ~stays if design.endpoint.better == "lower" else np.zeros(shape, dtype=np.bool_)
        event = (event & stays) | failed
        patients = np.full(shape[0], float(size))
    empty = np.zeros((shape[0], 3))
    return event.sum(axis=1).astype(np.float64), patients, patients, empty


def _rate_arm(design: Design, rng: np.random.Generator, arm: ArmTruth, size: int) -> _Seen:
    """Patient by patient: own rate, time in the trial (drop-outs leave at any time), events."""
    shape = (arm.value.size, size)
    leaves = rng.random(shape) < design.drop_out_percent / 100.0
    time_year = design.follow_up_year * np.where(leaves, rng.random(shape), 1.0)
    rate = arm.value[:, None] * rng.gamma(PATIENT_SHAPE, 1.0 / PATIENT_SHAPE, shape)
    if arm.slope is not None and arm.trough is not None and arm.slope_values is not None:
        rate = rate * np.exp(arm.slope[:, None] * _trough_above(rng, arm, shape))
    events = rng.poisson(rate * time_year).astype(np.float64)
    sums = [events**2, events * time_year, time_year**2]
    squares = np.stack([part.sum(axis=1) for part in sums], axis=1)
    return events.sum(axis=1), np.full(shape[0], float(size)), time_year.sum(axis=1), squares


def _trough_above(rng: np.random.Generator, arm: ArmTruth, shape: tuple[int, int]) -> FloatArray:
    """Each patient's trough less the reference, g/L, inside the range of the relation."""
    trough, slope = arm.trough, arm.slope_values
    assert trough is not None  # noqa: S101
    assert slope is not None  # noqa: S101
    z = rng.normal(size=shape) / Z90
    below, above = log(trough.median / trough.low), log(trough.high / trough.median)
    level = trough.median * np.exp(np.where(z < 0.0, below, above) * z)
    return np.clip(level, slope.valid_low_g_per_L, slope.valid_high_g_per_L) - slope.at_g_per_L


def _shares(counts: _Counts, limit: float) -> FloatArray:
    patients = np.maximum(counts.patients, 1.0)
    share = counts.events / patients
    control, treated = share[:, :1], share[:, 1:]
    z = share_z(treated, control, patients[:, 1:], patients[:, :1])
    return np.stack([_beyond(z, limit), 100.0 * (treated - control)], axis=2)


def _rates(counts: _Counts, limit: float) -> FloatArray:
    """Ratio of rates with the variance between patients as it is seen (sandwich)."""
    events, time_year = np.maximum(counts.events, 0.5), counts.time_year
    rate = events / time_year
    yy, yt, tt = (counts.squares[:, :, i] for i in range(3))
    spread = yy - 2.0 * rate * yt + rate**2 * tt
    variance = np.maximum(spread, events) / events**2
    ratio = rate[:, 1:] / rate[:, :1]
    z = np.log(ratio) / np.sqrt(variance[:, 1:] + variance[:, :1])
    return np.stack([_beyond(z, limit), ratio], axis=2)


def _against_bound(counts: _Counts, bound_per_year: float) -> FloatArray:

    limits = [poisson_upper(int(events), UPPER) for events in counts.events.ravel().tolist()]
    upper = np.array(limits).reshape(counts.events.shape) / counts.time_year
    success = (upper < bound_per_year).astype(np.float64)
    return np.stack([success, counts.events / counts.time_year], axis=2)


def _beyond(z: FloatArray, limit: float) -> FloatArray:
    return (z > limit if limit > 0.0 else z < limit).astype(np.float64)
