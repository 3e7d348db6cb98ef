"""How likely a trough is reached, and the dose that reaches it.

Concentration is linear in dose, so for each draw the dose that brings its steady trough to the
target is one division, and the dose for a probability is a quantile of those.
"""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from ivig.errors import InputError
from ivig.pk.concentration import steady_exogenous_g_per_L
from ivig.pk.disposition import FloatArray
from ivig.pk.individualise import IndividualFit
from ivig.pk.quantile import weighted_quantiles
from ivig.pk.schedule import Dosing, cycle_trains


@dataclass(frozen=True, slots=True, kw_only=True)
class NotAttainable:
    """No dose answers, and why.

    ``kind``: *above_limit*, the dose needed exceeds the limit · *no_dose_needed*, own IgG alone is
    likely enough · *no_probability*, the model publishes no variability. ``reached_at_limit_fraction``
    is the probability at the limit itself.
    """

    kind: Literal["above_limit", "no_dose_needed", "no_probability"]
    reason: str
    needed_g: float | None = None
    limit_g: float | None = None
    reached_at_limit_fraction: float | None = None


def probability_at_target(
    fit: IndividualFit, dosing: Dosing, *, trough_g_per_L: float
) -> float | None:
    """P(total steady trough ≥ target); None when the model publishes no variability."""
    if not fit.has_interval:
        return None
    reached = _needed_g(fit, dosing, trough_g_per_L) <= dosing.amount_g
    return min(float(fit.weights[reached].sum()), 1.0)


def dose_for_trough(
    fit: IndividualFit,
    dosing: Dosing,
    *,
    trough_g_per_L: float,
    probability: float = 0.8,
    limit_g: float | None = None,
) -> Dosing | NotAttainable:
    """The smallest amount a cycle whose steady trough reaches the target with this probability.

    Parameters
    ----------
    dosing : Dosing
        Interval, route and split; its own amount does not matter.
    trough_g_per_L : float
        Total IgG before a dose.
    limit_g : float, optional
        The most that may be given in one cycle.

    Raises
    ------
    InputError
        A probability outside 0 to 1, a target of 0, or a course that does not repeat.
    """
    if not 0.0 < probability < 1.0:
        raise InputError("probability", probability, "more than 0 and less than 1")
    if not fit.has_interval:
        reason = f"{fit.model_id} publishes no variability, so no probability can be given."
        return NotAttainable(kind="no_probability", reason=reason)
    needed = _needed_g(fit, dosing, trough_g_per_L)
    (amount_g,) = weighted_quantiles(needed, fit.weights, (probability,))
    percent = f"{100 * probability:.0f} %"
    if amount_g <= 0.0:
        reason = (
            f"Own IgG alone is likely to reach {trough_g_per_L:g} g/L (at least {percent}); the model "
            "gives no reason for a dose."
        )
        return NotAttainable(kind="no_dose_needed", reason=reason, needed_g=0.0)
    if limit_g is not None and amount_g > limit_g:
        reached = float(fit.weights[needed <= limit_g].sum())
        reason = (
            f"A trough of {trough_g_per_L:g} g/L with {percent} probability needs {amount_g:.0f} g a "
            f"cycle, above the limit of {limit_g:g} g, which reaches it with {100 * reached:.0f} %."
        )
        return NotAttainable(
            kind="above_limit",
            reason=reason,
            needed_g=amount_g,
            limit_g=limit_g,
            reached_at_limit_fraction=reached,
        )
    return replace(dosing, amount_g=amount_g)


def _needed_g(fit: IndividualFit, dosing: Dosing, trough_g_per_L: float) -> FloatArray:
    """Grams a cycle that bring each draw's steady trough to the target; ≤ 0 when none is needed."""
    if dosing.interval_day is None:
        raise InputError(
            "interval_day", None, "a regimen that repeats; a course has no steady state"
        )
    if not trough_g_per_L > 0.0:
        raise InputError("trough_g_per_L", trough_g_per_L, "a level above 0 g/L")
    unit = cycle_trains(replace(dosing, amount_g=1.0))
    per_gram = steady_exogenous_g_per_L(fit.parameters, unit, np.zeros(1))[:, 0]
    return (trough_g_per_L - fit.parameters.BL_g_per_L) / per_gram
