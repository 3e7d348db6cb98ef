"""The most a label lets one cycle hold, and where it does not say, the indication's regimens."""

from collections.abc import Sequence
from dataclasses import dataclass

from ivig.cited import Citation
from ivig.indication import Indication
from ivig.patient import Route
from ivig.product import Product
from ivig.regimen import Regimen

SAME_DAY = 0.5


@dataclass(frozen=True, slots=True)
class _Printed:
    low_day: float
    high_day: float
    low_g_per_kg: float | None
    high_g_per_kg: float
    text: str
    citation: Citation


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """The most that a cycle may hold, by the label or else the indication's printed regimens.

    ``least_g`` is the lowest printed dose, if any; ``interval_is_printed`` whether the source names
    such an interval at all.
    """

    amount_g: float
    least_g: float | None
    interval_is_printed: bool
    text: str
    citation: Citation


def find_limit(
    jurisdiction: str,
    indication: Indication,
    uses: Sequence[str],
    product: Product,
    regimen: Regimen,
    interval_day: float,
) -> Limit | None:
    """The most per cycle: the label's dose for this use, else the indication's printed regimens.

    Between printed intervals and at shorter ones the limit keeps the printed grams per day; under
    the skin at longer ones too. A longer interval into a vein, or facilitated, allows no more a dose.
    """
    printed = _label(jurisdiction, uses, product, regimen.route) or _regimens(
        jurisdiction, indication, regimen
    )
    found = [_scaled(one, regimen, interval_day) for one in printed]
    return max(found, key=lambda limit: limit.amount_g, default=None)


def _scaled(printed: _Printed, regimen: Regimen, interval_day: float) -> Limit:
    times = 1.0
    if interval_day < printed.low_day - SAME_DAY:
        times = interval_day / printed.low_day
    elif interval_day > printed.high_day + SAME_DAY and regimen.route == "sc":
        times = interval_day / printed.high_day
    per_kg = times * regimen.dosing_weight_kg
    most_g = printed.high_g_per_kg * per_kg
    low = printed.low_g_per_kg
    within = printed.low_day - SAME_DAY <= interval_day <= printed.high_day + SAME_DAY
    return Limit(
        amount_g=most_g if regimen.max_g is None else min(most_g, regimen.max_g),
        least_g=None if low is None else low * per_kg,
        interval_is_printed=within,
        text=printed.text,
        citation=printed.citation,
    )


def _label(
    jurisdiction: str, uses: Sequence[str], product: Product, route: Route
) -> list[_Printed]:
    market = jurisdiction.split("-")[0]
    for use in uses:
        found: list[_Printed] = []
        for fact in product.doses:
            dose = fact.value
            here = not dose.jurisdictions or market in dose.jurisdictions
            high = dose.dose_g_per_kg_high
            if dose.indication != use or dose.route != route or not here or high is None:
                continue
            if dose.interval_day_low is not None and dose.interval_day_high is not None:
                found.append(
                    _Printed(
                        dose.interval_day_low,
                        dose.interval_day_high,
                        dose.dose_g_per_kg_low,
                        high,
                        f"{product.name} label: {dose.text}",
                        fact.citation,
                    )
                )
        if found:
            return found
    return []


def _regimens(jurisdiction: str, indication: Indication, regimen: Regimen) -> list[_Printed]:
    found: list[_Printed] = []
    for fact in indication.regimens:
        option = fact.value
        here = not option.jurisdictions or jurisdiction in option.jurisdictions
        dose, every = option.dose_g_per_kg, option.interval_day
        if option.route == regimen.route and here and dose is not None and every is not None:
            found.append(
                _Printed(every.low, every.high, dose.low, dose.high, option.text, fact.citation)
            )
    return found
