"""Ways to make up a dose from whole vials: exact, fewest vials, least waste.

The course stays within the tolerance; each of its days within the tolerance, or one step of what
the vials can make, of its share.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor, gcd, lcm
from typing import Literal

from ivig.errors import InputError
from ivig.product import Vial
from ivig.vials import DayVials, VialCount, VialPlan, open_vials

Way = Literal["exact", "fewest", "least_waste"]
MOST_DAYS = 30
MOST_UNITS = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class VialOption:
    """One way: ``unused_g`` is discarded, ``over_g`` is given beyond the dose (below: negative)."""

    way: Way
    plan: VialPlan
    vials_n: int
    unused_g: float

    @property
    def over_g(self) -> float:
        """Grams given beyond the dose that was asked for."""
        percent = self.plan.rounding_percent
        return self.plan.amount_g * percent / (100 + percent)


def vial_options(
    amount_g: float,
    vials: Sequence[Vial],
    *,
    tolerance_percent: float,
    days: int = 1,
    most_g: float | None = None,
) -> tuple[VialOption, ...]:
    """Exact, fewest vials and least waste, as far as each exists.

    *Exact* opens the least that covers each day and discards the rest. *Fewest* takes the fewest
    vials of the whole course inside the tolerance, then the nearest dose. *Least waste* gives whole
    vials too, the nearest dose first, then the fewest of them. Ties go to even days.

    Parameters
    ----------
    amount_g : float
        The dose of the whole course, g.
    tolerance_percent : float
        The largest rounding of the course either way.
    most_g : float, optional
        A maximum of the course that rounding may not pass, g.

    Raises
    ------
    InputError
        A dose, tolerance or number of days that cannot be.

    Examples
    --------
    >>> sizes = [Vial(amount_g=g, volume_mL=10 * g) for g in (5, 10, 20)]
    >>> for one in vial_options(63, sizes, tolerance_percent=5, days=1):
    ...     print(one.way, [(v.g, v.n) for v in one.plan.total], one.plan.amount_g, one.unused_g)
    exact [(20, 3), (5, 1)] 63 2.0
    fewest [(20, 3)] 60.0 0.0
    least_waste [(20, 3), (5, 1)] 65.0 0.0
    """
    if not 0 < amount_g < 10_000:
        raise InputError("dose", amount_g, "a dose above 0 and below 10,000 g")
    if not 0 <= tolerance_percent <= 50:
        raise InputError("tolerance", tolerance_percent, "0 to 50 %")
    if not 1 <= days <= MOST_DAYS:
        raise InputError("days", days, f"1 to {MOST_DAYS} days")
    if not vials:
        return ()
    exact = open_vials(amount_g, vials, days=days)
    found = [_option("exact", exact)]
    sums = _course_sums(amount_g, vials, tolerance_percent, days, most_g)
    if sums:
        fewest = min(sums, key=lambda s: (s.vials_n, s.error_g, s.unevenness))
        nearest = min(sums, key=lambda s: (s.error_g, s.vials_n, s.unevenness))
        found.append(_option("fewest", _plan(amount_g, vials, fewest)))
        found.append(_option("least_waste", _plan(amount_g, vials, nearest)))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Course:
    """A course in units: its days, the vials it takes, how far and how uneven it is."""

    per_day: tuple[int, ...]
    vials_n: int
    error_g: Fraction
    unevenness: int


def _option(way: Way, plan: VialPlan) -> VialOption:
    return VialOption(
        way=way,
        plan=plan,
        vials_n=sum(vial.n for vial in plan.total),
        unused_g=round(sum(day.unused_g for day in plan.days), 6),
    )


def _course_sums(
    amount_g: float,
    vials: Sequence[Vial],
    tolerance_percent: float,
    days: int,
    most_g: float | None,
) -> list[_Course]:
    """The best course for every total that can be reached: fewest vials, then most even."""
    unit_g, sizes = _units(vials)
    wanted = Fraction(str(amount_g))
    share = wanted / days
    slack = Fraction(str(tolerance_percent)) / 100
    room = max(share * slack, unit_g if days > 1 else Fraction(0))
    low, high = ceil((share - room) / unit_g), floor((share + room) / unit_g)
    if high > MOST_UNITS:
        raise InputError("dose", amount_g, "a dose that fits these vials; give it day by day")
    counts = _fewest(sizes, high)
    window = [(n, counts[n]) for n in range(max(low, 1), high + 1)]
    daily = [(n, count) for n, count in window if count is not None]
    top = None if most_g is None else floor(Fraction(str(most_g)) / unit_g)
    best: dict[int, tuple[int, int, tuple[int, ...]]] = {0: (0, 0, ())}
    for _ in range(days):
        best = _one_more_day(best, daily)
    return [
        _Course(per_day, vials_n, abs(total * unit_g - wanted), squares)
        for total, (vials_n, squares, per_day) in best.items()
        if abs(total * unit_g - wanted) <= slack * wanted and (top is None or total <= top)
    ]


def _one_more_day(
    best: dict[int, tuple[int, int, tuple[int, ...]]], daily: Sequence[tuple[int, int]]
) -> dict[int, tuple[int, int, tuple[int, ...]]]:
    """Days from small to large, so that each set of days is met once."""
    found: dict[int, tuple[int, int, tuple[int, ...]]] = {}
    for total, (vials_n, squares, per_day) in best.items():
        for units, count in daily:
            key = (vials_n + count, squares + units * units, tuple(sorted((*per_day, units))))
            before = found.get(total + units)
            if before is None or key < before:
                found[total + units] = key
    return found


def _units(vials: Sequence[Vial]) -> tuple[Fraction, tuple[int, ...]]:
    """The largest unit of which every vial is a whole multiple, and the vials in it."""
    fractions = [Fraction(str(vial.amount_g)) for vial in vials]
    common = lcm(*(fraction.denominator for fraction in fractions))
    unit_g = Fraction(gcd(*(int(fraction * common) for fraction in fractions)), common)
    return unit_g, tuple(int(fraction / unit_g) for fraction in fractions)


def _fewest(sizes: Sequence[int], highest: int) -> list[int | None]:
    """The fewest vials that make each total; None where none do."""
    counts: list[int | None] = [0] + [None] * highest
    for total in range(1, highest + 1):
        before = [counts[total - size] for size in sizes if size <= total]
        known = [count for count in before if count is not None]
        counts[total] = min(known) + 1 if known else None
    return counts


def _plan(amount_g: float, vials: Sequence[Vial], course: _Course) -> VialPlan:
    unit_g, sizes = _units(vials)
    counts = _fewest(sizes, max(course.per_day))
    made = [_day(i, _taken(counts, sizes, n), vials) for i, n in enumerate(course.per_day, 1)]
    given_g = float(sum(course.per_day) * unit_g)
    return VialPlan(
        days=tuple(made),
        amount_g=given_g,
        rounding_percent=100 * (given_g - amount_g) / amount_g,
    )


def _taken(counts: Sequence[int | None], sizes: Sequence[int], total: int) -> list[int]:
    """The vials of a total by index, larger vials first among equals."""
    order = sorted(range(len(sizes)), key=lambda i: -sizes[i])
    taken: list[int] = []
    while total > 0:
        left = counts[total] or 0
        under = [i for i in order if sizes[i] <= total]
        taken.append(next(i for i in under if counts[total - sizes[i]] == left - 1))
        total -= sizes[taken[-1]]
    return taken


def _day(number: int, taken: Sequence[int], vials: Sequence[Vial]) -> DayVials:
    return DayVials(
        day=number,
        amount_g=round(sum(vials[i].amount_g for i in taken), 6),
        volume_mL=sum(vials[i].volume_mL for i in taken),
        vials=tuple(
            VialCount(g=vials[i].amount_g, n=taken.count(i))
            for i in sorted(set(taken), key=lambda i: -vials[i].amount_g)
        ),
    )
