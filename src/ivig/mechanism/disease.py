"""What can be drawn for a disease, and what carries the effect there."""

from dataclasses import dataclass
from typing import Literal

from ivig.cited import Cited
from ivig.errors import InputError

CurveName = Literal[
    "igg", "infused", "autoantibody", "free_receptor", "platelets", "c3_inhibition", "c4", "mac"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectShare:
    """What carries the effect: ``computed`` from the model, ``all`` of it, or ``unknown``."""

    mechanism: str
    amount: Literal["computed", "all", "unknown"]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Disease:
    """What can be drawn for a disease and what is known of the shares; ``acute``: it passes by itself."""

    id: str
    name: str
    curves: tuple[CurveName, ...]
    shares: tuple[Cited[EffectShare], ...]
    acute: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DiseaseTable:
    """knowledge/mechanisms/diseases/effects.yaml"""

    diseases: tuple[Disease, ...]


def find_disease(table: DiseaseTable, name: str) -> Disease:
    """A disease by id.

    Raises
    ------
    InputError
        The mechanism of that disease is not in the table.
    """
    wanted = name.strip().casefold().replace("-", "_").replace(" ", "_")
    for one in table.diseases:
        if one.id == wanted:
            return one
    raise InputError("disease", name, f"one of {', '.join(d.id for d in table.diseases)}")
