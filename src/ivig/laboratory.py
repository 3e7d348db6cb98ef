"""Laboratory tests that immunoglobulin upsets."""

from dataclasses import dataclass
from typing import Literal

from ivig.cited import Cited

Ingredient = Literal["maltose"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Interference:
    """A laboratory test that immunoglobulin upsets."""

    assay: str
    effect: str
    detail: str
    duration: str | None = None
    until_day: float | None = None
    """Days after the last dose for which it holds, where a source gives them."""
    ingredient: Ingredient | None = None
    """The ingredient that causes it; every immunoglobulin when absent."""
    advice: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LaboratoryRules:
    """knowledge/safety/laboratory.yaml"""

    id: str
    name: str
    interferences: tuple[Cited[Interference], ...]
