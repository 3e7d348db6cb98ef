"""A dosing schedule and its output times, cut into what the linear kernel walks through.

Doses and ends of infusions cut time into *segments*. Inside one the concentration is a sum of
fixed functions of the time since its start, at offsets that mostly repeat from segment to segment
(a daily grid between doses three weeks apart). Each different run of offsets is a *pattern*; its
functions are tabulated once per patient, and a tabulation needs one exponential for each
*different* interval between neighbours, however many there are.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ivig.errors import InputError
from ivig.pk.schedule import Train

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
FlagArray = NDArray[np.bool_]

ROUNDING_DAY = 1e-9  # a time so near a dose is the trough before it
SAME_PER_DAY = 2.0**36  # offsets within 1.5e-11 day count as equal
LANES = 8  # tables are padded to whole vectors


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """What every patient receives and when the concentration is wanted; doses in g times a scale.

    Made by ``make_schedule``. ``order`` puts increasing times back in the order asked for. Columns of
    ``segments``: first output, outputs, where its pattern begins and where it leaves it; of
    ``given``: rate of infusion in g/day; g at its start into the blood, the sc and the fsc depot.
    """

    time_day: FloatArray
    order: IntArray | None
    n_before: int
    has_depot: bool
    interval_day: FloatArray
    interval_infused: FlagArray
    pattern_start: IntArray
    pattern_infused: FlagArray
    entry_interval: IntArray
    segments: IntArray
    given: FloatArray

    @property
    def n_times(self) -> int:
        """Output times."""
        return self.time_day.size


@dataclass(frozen=True, slots=True)
class Doses:
    """Every dose, sorted by time."""

    start_day: FloatArray
    amount_g: FloatArray
    duration_day: FloatArray
    route: IntArray  # 0 vein, 1 sc, 2 fsc


def make_schedule(trains: Sequence[Train], time_day: FloatArray) -> Schedule:
    """Cut doses and output times into segments.

    Parameters
    ----------
    trains : sequence of Train
        As ``history_trains`` or ``cycle_trains`` make them; one without end is followed to the
        last output time. Amounts are g, or g/kg where ``dose_scale`` is a weight.
    time_day : array (n_times,)
        In any order; a time equal to the start of a dose is the trough before it.

    Raises
    ------
    InputError
        No output time, or one that is no number.
    """
    wanted = np.asarray(time_day, dtype=np.float64).ravel()
    if wanted.size == 0 or not np.isfinite(wanted).all():
        raise InputError("time_day", time_day, "one or more numbers of days")
    sorting = np.argsort(wanted, kind="stable")
    times = wanted[sorting]
    doses = doses_before(trains, float(times[-1]))
    starts, owner = _segments(doses, times)
    rates, central = infusion_rates(doses, starts)
    runs = _offsets(starts, owner, times)
    sizes = np.array([run.size for run in runs], dtype=np.int64)
    tables = _patterns(runs, rates > 0.0)
    counts = np.bincount(owner[owner >= 0], minlength=starts.size).astype(np.int64)
    at = tables.start[tables.of_segment]
    depots = [_absorbed(doses, starts, route) for route in (1, 2)]
    n_before = int(np.searchsorted(owner, 0))
    first = n_before + np.cumsum(counts) - counts
    return Schedule(
        time_day=wanted,
        order=None if (sorting[1:] > sorting[:-1]).all() else np.argsort(sorting).astype(np.int64),
        n_before=n_before,
        has_depot=bool((doses.route > 0).any()),
        interval_day=tables.interval_day,
        interval_infused=tables.interval_infused,
        pattern_start=tables.start,
        pattern_infused=tables.infused,
        entry_interval=tables.entry_interval,
        segments=np.stack([first, counts, at, at + sizes - 1], axis=1),
        given=np.stack([rates, central, *depots], axis=1),
    )


def doses_before(trains: Sequence[Train], last_day: float) -> Doses:
    """Every dose given before a time."""
    start: list[FloatArray] = []
    for train in trains:
        reach = max((last_day - train.start_day) / train.interval_day, -1.0)
        wanted = int(np.ceil(reach)) + 1
        n_doses = wanted if train.n_doses is None else min(train.n_doses, wanted)
        days = train.start_day + train.interval_day * np.arange(n_doses, dtype=np.float64)
        start.append(days[days < last_day - ROUNDING_DAY])
    repeats = [days.size for days in start]
    kind = {"iv": 0, "sc": 1, "fsc": 2}
    days = np.concatenate([*start, np.empty(0)])
    order = np.argsort(days, kind="stable")
    return Doses(
        days[order],
        np.repeat([train.amount_g for train in trains], repeats)[order].astype(np.float64),
        np.repeat([train.duration_day for train in trains], repeats)[order].astype(np.float64),
        np.repeat([kind[train.route] for train in trains], repeats)[order].astype(np.int64),
    )


def _segments(doses: Doses, times: FloatArray) -> tuple[FloatArray, IntArray]:
    """Where segments start, and the segment each output time lies in, −1 before the first."""
    ends = (doses.start_day + doses.duration_day)[doses.duration_day > 0.0]
    starts = np.unique(np.concatenate([doses.start_day, ends[ends < times[-1] - ROUNDING_DAY]]))
    owner = np.searchsorted(starts, times - ROUNDING_DAY, side="left") - 1
    return starts, owner.astype(np.int64)


def infusion_rates(doses: Doses, starts: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Rate of infusion during each interval that starts so; grams put into the blood at its start."""
    rates, at_once = np.zeros(starts.size), np.zeros(starts.size)
    first = np.searchsorted(starts, doses.start_day - ROUNDING_DAY)
    after = np.searchsorted(starts, doses.start_day + doses.duration_day - ROUNDING_DAY)
    for i, duration in enumerate(doses.duration_day):
        if duration > 0.0:
            rates[first[i] : after[i]] += doses.amount_g[i] / duration
        elif doses.route[i] == 0:
            at_once[first[i]] += doses.amount_g[i]
    return rates, at_once


def _absorbed(doses: Doses, starts: FloatArray, route: int) -> FloatArray:
    """Grams put into a depot at the start of each segment."""
    chosen = doses.route == route
    first = np.searchsorted(starts, doses.start_day[chosen] - ROUNDING_DAY)
    return np.bincount(first, doses.amount_g[chosen], minlength=starts.size).astype(np.float64)


def _offsets(starts: FloatArray, owner: IntArray, times: FloatArray) -> list[FloatArray]:
    """The offsets of each segment: its output times, then its end unless an output is there."""
    found: list[FloatArray] = []
    edges = np.searchsorted(owner, np.arange(starts.size + 1))
    last = starts.size - 1
    for i, start in enumerate(starts):
        offsets = times[edges[i] : edges[i + 1]] - start
        if i < last:
            length = starts[i + 1] - start
            near = offsets.size > 0 and abs(offsets[-1] - length) * SAME_PER_DAY < 1.0
            offsets = offsets if near else np.append(offsets, length)
        found.append(offsets)
    return found


@dataclass(frozen=True, slots=True)
class _Tables:
    interval_day: FloatArray
    interval_infused: FlagArray
    start: IntArray
    infused: FlagArray
    entry_interval: IntArray
    of_segment: IntArray


def _patterns(offsets: list[FloatArray], infused: FlagArray) -> _Tables:
    """Join equal runs of offsets, and those that begin a longer one."""
    keys = [np.rint(run * SAME_PER_DAY).astype(np.int64).tobytes() for run in offsets]
    of_segment = np.zeros(len(offsets), dtype=np.int64)
    known: list[tuple[int, bytes]] = []
    begin: dict[bytes, list[int]] = {}
    exact: dict[bytes, int] = {}
    for i in sorted(range(len(offsets)), key=lambda i: -len(keys[i])):
        key = keys[i]
        if key not in exact:
            alike = begin.setdefault(key[:8], [])
            longer = (p for p in alike if known[p][1].startswith(key))
            exact[key] = next(longer, len(known))
            if exact[key] == len(known):
                alike.append(len(known))
                known.append((i, key))
        of_segment[i] = exact[key]
    return _tabulate([offsets[i] for i, _ in known], of_segment, infused)


def _tabulate(runs: list[FloatArray], of_segment: IntArray, infused: FlagArray) -> _Tables:
    pattern_infused = np.zeros(len(runs), dtype=np.bool_)
    pattern_infused[of_segment[infused]] = True
    padded = [-(-max(run.size, 1) // LANES) * LANES for run in runs]
    start = np.concatenate([[0], np.cumsum(padded)]).astype(np.int64)
    index: dict[int, int] = {}
    interval: list[float] = []
    interval_infused: list[bool] = []
    entries = np.full(int(start[-1]), -1, dtype=np.int64)
    for p, run in enumerate(runs):
        for j, gap in enumerate(np.diff(run, prepend=0.0)):
            which = index.setdefault(round(float(gap) * SAME_PER_DAY), len(interval))
            if which == len(interval):
                interval.append(float(gap))
                interval_infused.append(False)
            interval_infused[which] |= bool(pattern_infused[p])
            entries[start[p] + j] = which
    return _Tables(
        np.array(interval, dtype=np.float64),
        np.array(interval_infused, dtype=np.bool_),
        start,
        pattern_infused,
        entries,
        of_segment,
    )
