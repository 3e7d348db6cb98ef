"""Whole vials for a dose: which ones on which day, and how far the dose moves."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from math import ceil, floor, gcd, lcm

from ivig.errors import InputError
from ivig.product import Vial

_VIAL_IN_PERCENT = 1.0  # one more vial a day is worth one percent of dose
_UNEVEN_IN_PERCENT = 1.0  # so are days that differ by the smallest vial step


@dataclass(frozen=True, slots=True, kw_only=True)
class VialCount:
    """So many vials of one size."""

    g: float
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DayVials:
    """The vials of one day of a course; ``unused_g`` is left in the last one and discarded."""

    day: int
    amount_g: float
    volume_mL: float
    vials: tuple[VialCount, ...]
    unused_g: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class VialPlan:
    """The vials of a whole course; ``rounding_percent`` is (given − wanted) / wanted."""

    days: tuple[DayVials, ...]
    amount_g: float
    rounding_percent: float

    @property
    def total(self) -> tuple[VialCount, ...]:
        """The vials of all days together, largest first."""
        counts: dict[float, int] = {}
        for day in self.days:
            for vial in day.vials:
                counts[vial.g] = counts.get(vial.g, 0) + vial.n
        return tuple(VialCount(g=g, n=counts[g]) for g in sorted(counts, reverse=True))

    @property
    def cost(self) -> float:
        """|Rounding| in percent + vials a day: what the choice keeps low."""
        return abs(self.rounding_percent) + sum(v.n for v in self.total) / len(self.days)


def choose_vials(
    amount_g: float,
    vials: Sequence[Vial],
    *,
    tolerance_percent: float,
    days: int = 1,
    most_g: float | None = None,
) -> VialPlan | None:
    """Whole vials for a course, as even over its days as the vials allow, smaller days first.

    The least of |rounding| in percent + vials a day + one for days that differ.

    Parameters
    ----------
    amount_g : float
        The dose of the whole course, g.
    tolerance_percent : float
        The largest rounding allowed either way; None is returned when no combination is inside.
    days : int
        Days of the course.
    most_g : float, optional
        A hard maximum of the course that rounding may not pass, g.

    Raises
    ------
    InputError
        The dose is not a positive number.

    Examples
    --------
    >>> sizes = [Vial(amount_g=g, volume_mL=10 * g) for g in (5, 10, 20, 40)]
    >>> plan = choose_vials(34, sizes, tolerance_percent=10)
    >>> [(v.g, v.n) for v in plan.days[0].vials], plan.amount_g, round(plan.rounding_percent, 1)
    ([(20, 1), (10, 1), (5, 1)], 35.0, 2.9)
    >>> [day.amount_g for day in choose_vials(160, sizes, days=5, tolerance_percent=10).days]
    [30, 30, 30, 35, 35]
    """
    if not 0 < amount_g < 10_000:
        raise InputError("amount_g", amount_g, "a dose above 0 and below 10,000 g")
    if not vials:
        return None
    unit_g, sizes = _in_units(tuple(vial.amount_g for vial in vials))
    reach = amount_g * (1 + tolerance_percent / 100)
    reach = reach if most_g is None else min(reach, most_g)
    highest = floor(reach / float(unit_g) + 1e-9)
    lowest = max(1, ceil(amount_g * (1 - tolerance_percent / 100) / float(unit_g) - 1e-9))
    fewest = _fewest_vials(sizes, highest // days + 1)

    def cost(total: int) -> tuple[float, float]:
        each, more = divmod(total, days)
        numbers = [_number(fewest, each)] * (days - more) + [_number(fewest, each + 1)] * more
        error = 100 * abs(total * float(unit_g) - amount_g) / amount_g
        uneven = _UNEVEN_IN_PERCENT if more else 0.0
        return error + _VIAL_IN_PERCENT * sum(numbers) / days + uneven, error

    best = min(range(lowest, highest + 1), key=cost, default=None)
    if best is None or cost(best)[0] == float("inf"):
        return None
    each, more = divmod(best, days)
    per_day = [each] * (days - more) + [each + 1] * more
    given_g = float(best * unit_g)
    return VialPlan(
        days=tuple(
            _day(i + 1, vials, _taken(fewest, sizes, units)) for i, units in enumerate(per_day)
        ),
        amount_g=given_g,
        rounding_percent=100 * (given_g - amount_g) / amount_g,
    )


def open_vials(amount_g: float, vials: Sequence[Vial], *, days: int) -> VialPlan:
    """The vials to open for an exact dose: each day's least total that covers it.

    For a dose that whole vials cannot give inside the tolerance; what is over is discarded.

    >>> sizes = [Vial(amount_g=g, volume_mL=10 * g) for g in (5, 10, 20)]
    >>> day = open_vials(29, sizes, days=1).days[0]
    >>> [(v.g, v.n) for v in day.vials], day.amount_g, day.unused_g
    ([(20, 1), (10, 1)], 29.0, 1.0)
    """
    unit_g, sizes = _in_units(tuple(vial.amount_g for vial in vials))
    per_day_g = amount_g / days
    least = max(1, ceil(per_day_g / float(unit_g) - 1e-9))
    fewest = _fewest_vials(sizes, least + max(sizes))
    total = next(n for n in range(least, len(fewest)) if fewest[n] is not None)
    taken = _taken(fewest, sizes, total)
    opened = _day(1, vials, taken)
    unused_g = round(opened.amount_g - per_day_g, 6)
    return VialPlan(
        days=tuple(
            replace(
                opened,
                day=i + 1,
                amount_g=per_day_g,
                volume_mL=opened.volume_mL * per_day_g / opened.amount_g,
                unused_g=unused_g,
            )
            for i in range(days)
        ),
        amount_g=amount_g,
        rounding_percent=0.0,
    )


def _day(number: int, vials: Sequence[Vial], taken: Sequence[int]) -> DayVials:
    return DayVials(
        day=number,
        amount_g=round(sum(vials[i].amount_g for i in taken), 6),
        volume_mL=sum(vials[i].volume_mL for i in taken),
        vials=tuple(
            VialCount(g=vials[i].amount_g, n=taken.count(i))
            for i in sorted(set(taken), key=lambda i: -vials[i].amount_g)
        ),
    )


@cache
def _in_units(amounts_g: tuple[float, ...]) -> tuple[Fraction, tuple[int, ...]]:
    """The largest unit of which every vial is a whole multiple, g, and the vials in it."""
    fractions = [Fraction(str(amount_g)) for amount_g in amounts_g]
    denominator = lcm(*(fraction.denominator for fraction in fractions))
    unit_g = Fraction(gcd(*(int(f * denominator) for f in fractions)), denominator)
    return unit_g, tuple(round(fraction / unit_g) for fraction in fractions)


def _fewest_vials(sizes: Sequence[int], highest: int) -> list[tuple[int, int] | None]:
    """For each total: (number of vials, index of the last vial taken), or None if unreachable."""
    fewest: list[tuple[int, int] | None] = [(0, -1)] + [None] * highest
    for total in range(1, highest + 1):
        options = [
            (before[0] + 1, i)
            for i, size in enumerate(sizes)
            if size <= total and (before := fewest[total - size]) is not None
        ]
        fewest[total] = min(options, default=None)
    return fewest


def _number(fewest: Sequence[tuple[int, int] | None], total: int) -> float:
    """How many vials a total takes; infinity when no vials make it, or nothing is given."""
    step = fewest[total] if total else None
    return float("inf") if step is None else step[0]


def _taken(fewest: Sequence[tuple[int, int] | None], sizes: Sequence[int], total: int) -> list[int]:
    taken: list[int] = []
    while total > 0 and (step := fewest[total]) is not None:
        taken.append(step[1])
        total -= sizes[step[1]]
    return taken
