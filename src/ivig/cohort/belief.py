"""What is believed of each arm of a new trial: one draw for each replicate, or the centre alone."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import log, log2

import numpy as np

from ivig.cited import Interval
from ivig.cohort.design import Design, DesignArm
from ivig.cohort.named import require_known
from ivig.cohort.truth import JEFFREYS, find_arm
from ivig.outcome.relation import DoseSlope, Relation, TroughSlope
from ivig.outcome.trial import PublishedTrial
from ivig.pk.disposition import FloatArray

Z95 = 1.959963984540054


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmTruth:
    """One arm in n replicates.

    ``value`` (n,): shares as fractions, or rates a year at the reference. ``slope`` (n,) and
    ``trough`` are set when the rate of a patient follows from the patient's trough.
    """

    value: FloatArray
    slope: FloatArray | None = None
    trough: Interval | None = None
    slope_values: TroughSlope | None = None


_Named = tuple[FloatArray, FloatArray]


class Beliefs:
    """Draws of an arm's truth.

    Parameters
    ----------
    trials, relations
        What ``published_arm`` and ``relation`` name.
    """

    def __init__(
        self,
        design: Design,
        trials: Mapping[str, PublishedTrial],
        relations: Mapping[str, Relation],
    ) -> None:
        self._design = design
        self._trials = trials
        self._relations = relations
        for arm in design.arms:
            require_known(design, arm, trials, relations)

    def draw(self, rng: np.random.Generator, n: int, *, certain: bool) -> tuple[ArmTruth, ...]:
        """The truth of every arm in n replicates; ``certain``: the centre of each belief.

        Arms that name the same relation or the same published arm share its draw.
        """
        named: dict[str, _Named] = {}
        found: list[ArmTruth] = []
        for arm in self._design.arms:
            name = arm.published_arm or arm.relation
            if name is not None and name not in named:
                named[name] = self._draw_named(arm, rng, n, certain)
            if name is not None:
                found.append(self._from_named(arm, named[name]))
            else:
                z = np.zeros(n) if certain else rng.normal(size=n)
                found.append(_given(arm, found[0] if found else None, z))
        return tuple(found)

    def _draw_named(
        self, arm: DesignArm, rng: np.random.Generator, n: int, certain: bool
    ) -> _Named:
        """The truth of a published arm, or the two standard normals of a relation."""
        if arm.relation is not None:
            first = np.zeros(n) if certain else rng.normal(size=n)
            return first, np.zeros(n) if certain else rng.normal(size=n)
        result = find_arm(self._trials, arm.published_arm or "").published.value
        events = result.events or 0.0
        if result.person_time_year is not None:
            if certain:
                value = np.full(n, max(events, JEFFREYS) / result.person_time_year)
            else:
                value = rng.gamma(events + JEFFREYS, 1.0 / result.person_time_year, n)
        elif certain:
            value = np.full(n, (events + JEFFREYS) / ((result.n or 0) + 2.0 * JEFFREYS))
        else:
            value = rng.beta(events + JEFFREYS, (result.n or 0) - events + JEFFREYS, n)
        return value, value

    def _from_named(self, arm: DesignArm, drawn: _Named) -> ArmTruth:
        if arm.relation is None:
            return ArmTruth(value=drawn[0])
        relation = self._relations[arm.relation]
        if relation.dose_slope is not None:
            dose_g_per_kg = arm.dose_g_per_kg or 0.0
            return ArmTruth(value=_dose_share(relation.dose_slope.value, dose_g_per_kg, *drawn))
        assert relation.trough_slope is not None  # noqa: S101 (checked at the start)
        return _at_trough(relation.trough_slope.value, arm, drawn[0])


def _at_trough(slope: TroughSlope, arm: DesignArm, z: FloatArray) -> ArmTruth:
    centre = log(slope.ratio_per_g_per_L)
    low = centre if slope.ratio_low is None else log(slope.ratio_low)
    high = centre if slope.ratio_high is None else log(slope.ratio_high)
    middle = arm.trough_g_per_L or 0.0
    return ArmTruth(
        value=np.full(z.size, slope.rate_at_per_year or 0.0),
        slope=_spread(centre, low, high, z),
        trough=Interval(
            median=middle,
            low=arm.trough_g_per_L_low or middle,
            high=arm.trough_g_per_L_high or middle,
        ),
        slope_values=slope,
    )


def _given(arm: DesignArm, first: ArmTruth | None, z: FloatArray) -> ArmTruth:
    """An arm whose numbers stand in the design; a ratio is against the first arm."""
    way = arm.way
    if way == "share_percent":
        return ArmTruth(value=_expit(_drawn(arm, way, _logit_percent, z)))
    if first is None or way == "rate_per_year":
        return ArmTruth(value=np.exp(_drawn(arm, way, log, z)))
    ratio = _drawn(arm, way, log, z)
    if way == "odds_ratio":
        return ArmTruth(value=_expit(np.log(first.value / (1.0 - first.value)) + ratio))
    return replace(first, value=first.value * np.exp(ratio))


def _drawn(arm: DesignArm, name: str, scale: Callable[[float], float], z: FloatArray) -> FloatArray:
    """The belief about one number of an arm, on its scale, at standard normal z."""
    value = getattr(arm, name)
    low, high = getattr(arm, f"{name}_low"), getattr(arm, f"{name}_high")
    return _spread(
        scale(value),
        scale(value if low is None else low),
        scale(value if high is None else high),
        z,
    )


def _spread(centre: float, low: float, high: float, z: FloatArray) -> FloatArray:
    """The two-piece normal with this centre and 95 % interval."""
    return centre + np.where(z < 0.0, centre - low, high - centre) * z / Z95


def _dose_share(
    slope: DoseSlope, dose_g_per_kg: float, level_z: FloatArray, slope_z: FloatArray
) -> FloatArray:
    """Level and slope of a dose relation are uncorrelated at its reference dose."""
    level = slope.responding_percent
    ratio = slope.odds_ratio_per_doubling
    logit = _spread(
        _logit_percent(level.median), _logit_percent(level.low), _logit_percent(level.high), level_z
    )
    per_doubling = _spread(log(ratio.median), log(ratio.low), log(ratio.high), slope_z)
    return _expit(logit + per_doubling * log2(dose_g_per_kg / slope.at_g_per_kg))


def _logit_percent(percent: float) -> float:
    return log(percent / (100.0 - percent))


def _expit(logit: FloatArray) -> FloatArray:
    return 1.0 / (1.0 + np.exp(-logit))
