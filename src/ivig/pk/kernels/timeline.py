"""One patient's doses and levels in order of time, and the different gaps between them.

Every mode is carried from event to event. Regular schedules have few different gaps, and only a
new gap costs exponentials.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ivig.pk.concentration import ROUNDING
from ivig.pk.disposition import FloatArray
from ivig.pk.kernels._bare import bare
from ivig.pk.kernels._jit import njit
from ivig.pk.kernels.cases import Cases

SAME_GAP_DAY = 1e-10
LOOKED_BACK = 8  # different gaps searched for an equal one
N_ROUTES = 3
NO_LEVEL = -1


class Timeline(NamedTuple):
    """Room for one patient's events.

    By event: the ``gap`` before it and the infusion running in it, the ``level`` read at its end,
    counted from the patient's first, or ``NO_LEVEL``, and then the grams added by route
    ``added_g`` (3, n_events). By gap: its days, and whether there was ever an infusion in it.
    ``size``: events, gaps.
    """

    gap: NDArray[np.int64]
    rate_g_per_day: FloatArray
    level: NDArray[np.int64]
    added_g: FloatArray
    gap_day: FloatArray
    gap_infused: NDArray[np.bool_]
    used: NDArray[np.bool_]
    size: NDArray[np.int64]
    ends: NDArray[np.int64]
    levels: NDArray[np.int64]


@njit
def timeline_room(cases: Cases) -> Timeline:
    """Room enough for any of the patients."""
    most_doses, most_levels = 0, 0
    for i in range(cases.typical.shape[0]):
        most_doses = max(most_doses, cases.dose_start[i + 1] - cases.dose_start[i])
        most_levels = max(most_levels, cases.level_start[i + 1] - cases.level_start[i])
    n = 2 * most_doses + most_levels
    return Timeline(
        np.zeros(n, np.int64),
        np.zeros(n),
        np.zeros(n, np.int64),
        np.zeros((N_ROUTES, n)),
        np.zeros(n),
        np.zeros(n, np.bool_),
        np.zeros(N_ROUTES, np.bool_),
        np.zeros(2, np.int64),
        np.zeros(most_doses, np.int64),
        np.zeros(most_levels, np.int64),
    )


@bare
def lay_out(cases: Cases, patient: int, line: Timeline) -> None:
    """Merge starts of doses, ends of infusions and levels; a level at a dose comes before it."""
    dose, dose_stop = cases.dose_start[patient], cases.dose_start[patient + 1]
    n_ends, n_levels = _sort_ends(cases, patient, line), _sort_levels(cases, patient, line)
    for route in range(N_ROUTES):
        line.used[route] = False
    line.size[0], line.size[1] = 0, 0
    end, level, running, now, rate = 0, 0, 0, 0.0, 0.0
    while level < n_levels:
        at_level = float(cases.level_day[line.levels[level]])
        at_start = float(cases.dose_day[dose]) if dose < dose_stop else np.inf
        at_end = _end_day(cases, line.ends[end]) if end < n_ends else np.inf
        if at_level - ROUNDING <= min(at_start, at_end):
            event = _add(line, at_level - now, rate)
            line.level[event] = line.levels[level] - cases.level_start[patient]
            now, level = at_level, level + 1
        elif at_end <= at_start:
            ended = line.ends[end]
            _add(line, at_end - now, rate)
            running -= 1
            rate -= float(cases.dose_g[ended] / cases.dose_duration_day[ended])
            rate = rate if running > 0 else 0.0
            now, end = at_end, end + 1
        else:
            event = _add(line, at_start - now, rate)
            route = cases.dose_route[dose]
            line.used[route] = True
            if route == 0 and cases.dose_duration_day[dose] > 0.0:
                running += 1
                rate += float(cases.dose_g[dose] / cases.dose_duration_day[dose])
            else:
                line.added_g[route, event] = cases.dose_g[dose]
            now, dose = at_start, dose + 1


@bare
def _add(line: Timeline, gap_day: float, rate_g_per_day: float) -> int:
    """One more event, with nothing at it yet; its number."""
    event, n_gaps = line.size[0], line.size[1]
    wanted = max(gap_day, 0.0) if event > 0 else 0.0
    gap = n_gaps
    for k in range(max(n_gaps - LOOKED_BACK, 0), n_gaps):
        if abs(line.gap_day[k] - wanted) <= SAME_GAP_DAY:
            gap = k
            break
    if gap == n_gaps:
        line.gap_day[gap], line.gap_infused[gap] = wanted, False
        line.size[1] += 1
    if rate_g_per_day > 0.0:
        line.gap_infused[gap] = True
    line.gap[event], line.rate_g_per_day[event], line.level[event] = gap, rate_g_per_day, NO_LEVEL
    for route in range(N_ROUTES):
        line.added_g[route, event] = 0.0
    line.size[0] += 1
    return event


@bare
def _end_day(cases: Cases, dose: int) -> float:
    return cases.dose_day[dose] + cases.dose_duration_day[dose]


@bare
def _sort_ends(cases: Cases, patient: int, line: Timeline) -> int:
    n = 0
    for dose in range(cases.dose_start[patient], cases.dose_start[patient + 1]):
        if cases.dose_route[dose] == 0 and cases.dose_duration_day[dose] > 0.0:
            k = n
            while k > 0 and _end_day(cases, line.ends[k - 1]) > _end_day(cases, dose):
                line.ends[k] = line.ends[k - 1]
                k -= 1
            line.ends[k] = dose
            n += 1
    return n


@bare
def _sort_levels(cases: Cases, patient: int, line: Timeline) -> int:
    first = cases.level_start[patient]
    n = cases.level_start[patient + 1] - first
    for i in range(n):
        k = i
        while k > 0 and cases.level_day[line.levels[k - 1]] > cases.level_day[first + i]:
            line.levels[k] = line.levels[k - 1]
            k -= 1
        line.levels[k] = first + i
    return n
