"""A question as the engine understands it: topics, things named, numbers with units."""

from dataclasses import dataclass

from ivig.statement import Topic


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A number with its unit, as written and in the engine's unit.

    ``unit`` is one of

    - amounts: g, g_per_kg, g_per_kg_per_day, mL, mL_per_kg, percent, mg_per_mL, dose (a count)
    - rates: mg_per_kg_per_min, mL_per_kg_per_h, mL_per_h, g_per_h
    - levels: g_per_L, mmol_per_L, ug_per_mL, 10e9_per_L
    - the person: kg, cm, kg_per_m2, age_year
    - time: year, month, week, day, h, min; interval_day and interval_month (how often a dose comes
      back; a month has no fixed number of days); split_day (the days one course is spread over)
    - donor, or "" for a bare number.

    Both ends of a range have the same ``text``.
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
    ``knowledge/``; ``populations`` are words such as child, pregnancy, elderly, obese;
    ``places`` are us, uk, ca, au, eu.
    """

    text: str
    topics: tuple[Topic, ...] = ()
    indications: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    reactions: tuple[str, ...] = ()
    routes: tuple[str, ...] = ()
    populations: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    quantities: tuple[Quantity, ...] = ()

    def first(self, unit: str) -> float | None:
        """The first number of that unit, if one was named."""
        return next((one.value for one in self.quantities if one.unit == unit), None)
