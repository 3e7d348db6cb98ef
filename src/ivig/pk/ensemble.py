"""Several published models side by side: how far they disagree about one patient."""

from collections.abc import Sequence
from dataclasses import dataclass

from ivig.cited import Interval
from ivig.pk.exposure import Exposure


@dataclass(frozen=True, slots=True, kw_only=True)
class BetweenModels:
    """Troughs by model, and the spread of their medians.

    ``spread_percent`` is (highest − lowest) of the medians over their mean; 0 for one model.
    """

    troughs_g_per_L: tuple[tuple[str, Interval], ...]
    lowest_g_per_L: float
    highest_g_per_L: float
    spread_percent: float


def between_models(exposures: Sequence[Exposure]) -> BetweenModels | None:
    """The disagreement of models about the steady trough; None without any."""
    if not exposures:
        return None
    medians = [found.trough_g_per_L.median for found in exposures]
    low, high = min(medians), max(medians)
    return BetweenModels(
        troughs_g_per_L=tuple((found.model_id, found.trough_g_per_L) for found in exposures),
        lowest_g_per_L=low,
        highest_g_per_L=high,
        spread_percent=100.0 * (high - low) * len(medians) / sum(medians),
    )
