"""How much, how often, on which weight, and why."""

from dataclasses import dataclass
from typing import Literal

from ivig.cited import Cited
from ivig.criterion import Test

WeightKind = Literal["actual", "ideal", "adjusted", "pre_pregnancy"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightRule:
    """When a jurisdiction doses on which weight; the first rule that is met applies."""

    weight: WeightKind
    text: str
    categories: tuple[str, ...] = ("replacement", "immunomodulation")
    when: Test | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JurisdictionRules:
    """Local rules that are data: dosing weight, rounding."""

    id: str
    name: str
    weight_rules: tuple[Cited[WeightRule], ...]
    round_to_g: Cited[float] | None = None
    rounding_tolerance_percent: Cited[float]
