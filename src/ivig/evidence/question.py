"""A question as the engine understands it: topics, things named, numbers with units."""

from dataclasses import dataclass

from ivig.statement import Topic


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A number with its unit, as written and in the engine's unit.

    ``unit`` is one of g, g_per_kg, g_per_kg_per_day, mg_per_kg_per_min, mL_per_kg_per_h, mL_per_h,
    mL, kg, cm, year, month, week, day, h, min, g_per_L, percent, donor, or "" for a bare number.
    """

    value: float
    unit: str
    text: str
    start: int
    """Where in the question it stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What was asked.

    ``topics`` in order of certainty. ``indications``, ``products``, ``reactions`` are ids in
    ``knowledge/``; ``populations`` are words such as child, pregnancy, elderly, obese.
    """

    text: str
    topics: tuple[Topic, ...] = ()
    indications: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    reactions: tuple[str, ...] = ()
    routes: tuple[str, ...] = ()
    populations: tuple[str, ...] = ()
    quantities: tuple[Quantity, ...] = ()

    def first(self, unit: str) -> float | None:
        """The first number of that unit, if one was named."""
        return next((one.value for one in self.quantities if one.unit == unit), None)
