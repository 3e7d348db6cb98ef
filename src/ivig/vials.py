"""Whole vials for a dose: which ones, and how far the dose moves."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor, gcd

from ivig.errors import InputError
from ivig.product import Vial

_VIAL_IN_PERCENT = 1.0  # one more vial is worth one percent of dose


@dataclass(frozen=True, slots=True, kw_only=True)
class VialCount:
    """So many vials of one size."""

    g: float
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VialPlan:
    """The vials for one administration; ``rounding_percent`` is (given − wanted) / wanted."""

    vials: tuple[VialCount, ...]
    amount_g: float
    volume_mL: float
    rounding_percent: float


def choose_vials(
    amount_g: float,
    vials: Sequence[Vial],
    *,
    tolerance_percent: float,
    most_g: float | None = None,
) -> VialPlan | None:
    """Whole vials nearest the dose: the least of (|rounding| in percent + number of vials).

    Parameters
    ----------
    amount_g : float
        The dose wanted, g.
    tolerance_percent : float
        The largest rounding allowed either way; None is returned when no combination is inside.
    most_g : float, optional
        A hard maximum that rounding may not pass, g.

    Raises
    ------
    InputError
        The dose is not a positive number.

    Examples
    --------
    >>> sizes = [Vial(amount_g=g, volume_mL=10 * g) for g in (5, 10, 20, 40)]
    >>> plan = choose_vials(34, sizes, tolerance_percent=10)
    >>> [(v.g, v.n) for v in plan.vials], plan.amount_g, round(plan.rounding_percent, 1)
    ([(20, 1), (10, 1), (5, 1)], 35.0, 2.9)
    """
    if not 0 < amount_g < 10_000:
        raise InputError("amount_g", amount_g, "a dose above 0 and below 10,000 g")
    if not vials:
        return None
    unit_g = _common_unit_g(vials)
    sizes = [round(Fraction(str(vial.amount_g)) / unit_g) for vial in vials]
    reach = amount_g * (1 + tolerance_percent / 100)
    if most_g is not None:
        reach = min(reach, most_g)
    highest = floor(reach / float(unit_g) + 1e-9)
    lowest = max(1, ceil(amount_g * (1 - tolerance_percent / 100) / float(unit_g) - 1e-9))
    fewest = _fewest_vials(sizes, highest)
    totals = [total for total in range(lowest, highest + 1) if fewest[total] is not None]
    if not totals:
        return None

    def cost(total: int) -> tuple[float, float]:
        error = 100 * abs(total * float(unit_g) - amount_g) / amount_g
        return error + _VIAL_IN_PERCENT * _number(fewest, total), error

    best = min(totals, key=cost)
    given_g = float(best * unit_g)
    counts = _taken(fewest, sizes, best)
    return VialPlan(
        vials=tuple(
            VialCount(g=vials[i].amount_g, n=counts.count(i))
            for i in sorted(set(counts), key=lambda i: -vials[i].amount_g)
        ),
        amount_g=given_g,
        volume_mL=sum(vials[i].volume_mL for i in counts),
        rounding_percent=100 * (given_g - amount_g) / amount_g,
    )


def _common_unit_g(vials: Sequence[Vial]) -> Fraction:
    """The largest unit of which every vial is a whole multiple."""
    fractions = [Fraction(str(vial.amount_g)) for vial in vials]
    denominator = 1
    for fraction in fractions:
        denominator = denominator * fraction.denominator // gcd(denominator, fraction.denominator)
    return Fraction(gcd(*(int(f * denominator) for f in fractions)), denominator)


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


def _number(fewest: Sequence[tuple[int, int] | None], total: int) -> int:
    step = fewest[total]
    return 0 if step is None else step[0]


def _taken(fewest: Sequence[tuple[int, int] | None], sizes: Sequence[int], total: int) -> list[int]:
    taken: list[int] = []
    while total > 0 and (step := fewest[total]) is not None:
        taken.append(step[1])
        total -= sizes[step[1]]
    return taken
