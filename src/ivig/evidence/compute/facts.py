"""What a computation is handed, and what it gives back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ivig.cited import Citation, Cited
from ivig.dosing_weight import JurisdictionRules
from ivig.indication import Indication
from ivig.outcome.relation import Relation
from ivig.pk.population import PopulationModel
from ivig.product import Product
from ivig.safety import InfusionRules, VaccineRules

ComputedKind = Literal[
    "refused",
    "missing",
    "dose",
    "dosing_weight",
    "volume",
    "vials",
    "session",
    "rate",
    "conversion",
    "level",
    "units",
    "load",
    "vaccine",
    "kinetics",
    "supply",
    "premedication",
]

_RECALLED = "A fact used here is recalled, not read in its source: confirm it before use."
_ASSUMED = "A number used here is our assumption, not a source's."


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The known facts, handed in by the caller."""

    products: Mapping[str, Product]
    indications: Mapping[str, Indication]
    jurisdictions: Mapping[str, JurisdictionRules]
    models: Mapping[str, PopulationModel]
    outcomes: Mapping[str, Relation]
    vaccines: VaccineRules
    infusion: InfusionRules
    jurisdiction: str = "us"
    """Whose labels and dosing weight apply."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Computed:
    """One computed answer.

    Parameters
    ----------
    kind : str
        *refused*: what was asked lies outside what is allowed; *missing*: the formula and what it
        still needs.
    text : str
        The result in a sentence or two.
    working : str
        The arithmetic, e.g. "2 g/kg × 70 kg = 140 g".
    citations : tuple of Citation
        The facts used; empty for arithmetic on the asker's own numbers.
    """

    kind: ComputedKind
    text: str
    working: str
    citations: tuple[Citation, ...] = ()
    cautions: tuple[str, ...] = ()


def computed(
    kind: ComputedKind,
    text: str,
    working: str,
    *,
    cite: Iterable[Citation | Cited[Any] | None] = (),
    cautions: Iterable[str] = (),
) -> Computed:
    """A computed answer, each citation once; what is recalled or assumed is said."""
    citations = [c.citation if isinstance(c, Cited) else c for c in cite if c is not None]
    bases = {citation.basis for citation in citations}
    said = list(cautions)
    if "recalled" in bases:
        said.append(_RECALLED)
    if "assumed" in bases:
        said.append(_ASSUMED)
    return Computed(
        kind=kind,
        text=text,
        working=working,
        citations=tuple(dict.fromkeys(citations)),
        cautions=tuple(dict.fromkeys(said)),
    )
