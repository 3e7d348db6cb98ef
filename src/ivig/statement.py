"""A statement: one checkable fact of a guideline, a study or a label, with its grade."""

from dataclasses import dataclass
from typing import Literal

from ivig.cited import Cited
from ivig.patient import Route

Section = Literal["guideline", "research", "label"]
Topic = Literal[
    "what_is",
    "how_made",
    "how_it_works",
    "indicated",
    "approval",
    "dose",
    "interval",
    "rate",
    "duration",
    "dosing_weight",
    "target",
    "monitoring",
    "stopping",
    "benefit",
    "side_effect",
    "prevention",
    "management",
    "contraindication",
    "infection_risk",
    "overdose",
    "product_difference",
    "composition",
    "route",
    "switching",
    "vaccine",
    "lab_test",
    "pregnancy",
    "children",
    "quality_of_life",
    "cost",
    "access",
    "alternatives",
    "storage",
    "preparation",
]
"""What a statement is about, and what a question asks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One checkable fact, with the strength and level its source gives.

    ``indication`` is *general* when it concerns no single one. ``topics`` empty: they are found
    from its words. ``lead``: it opens the answer to a question on its topics.
    """

    id: str
    indication: str
    section: Section
    body: str
    text: str
    year: int | None = None
    strength: str | None = None
    level: str | None = None
    topics: tuple[Topic, ...] = ()
    products: tuple[str, ...] = ()
    reactions: tuple[str, ...] = ()
    routes: tuple[Route, ...] = ()
    lead: bool = False
    contradicts: tuple[str, ...] = ()
    """Ids of statements that say otherwise; it is enough that one of the two names the other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementFile:
    """knowledge/statements/<subject>.yaml: statements about one indication or one subject."""

    id: str
    statements: tuple[Cited[Statement], ...]
