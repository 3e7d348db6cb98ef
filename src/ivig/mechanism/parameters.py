"""knowledge/mechanisms/<id>.yaml: the parameters and conflicts of one mechanism, as values."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from ivig.cited import Cited
from ivig.errors import KnowledgeError

Tag = Literal["identified", "calibrated", "hypothesis"]
"""identified: human data give the value · calibrated: set so that trial medians come out ·
hypothesis: assumed, never confirmed in man."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One number of the model with its unit and how far it may be trusted."""

    name: str
    number: float
    unit: str
    low: float | None = None
    high: float | None = None
    tag: Tag


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Two findings that cannot both hold in this model, or a finding that the model fails.

    Seen in its ``diseases`` and wherever one of its ``curves`` is drawn; always when it names neither.
    """

    text: str
    diseases: tuple[str, ...] = ()
    curves: tuple[str, ...] = ()

    def seen(self, disease: str, curves: Collection[str]) -> bool:
        """Whether it must be shown beside these curves of a disease."""
        always = not self.diseases and not self.curves
        return always or disease in self.diseases or any(name in curves for name in self.curves)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mechanism:
    """One mechanism: what it is, its parameters by symbol, and what speaks against it."""

    id: str
    name: str
    about: str
    parameters: Mapping[str, Cited[Parameter]]
    conflicts: tuple[Cited[Conflict], ...] = ()

    def number(self, symbol: str) -> float:
        """The value of a parameter.

        Raises
        ------
        KnowledgeError
            The file lacks it.
        """
        if symbol not in self.parameters:
            raise KnowledgeError(f"parameter {symbol!r} is missing", file=f"mechanisms/{self.id}")
        return self.parameters[symbol].value.number


Mechanisms = Mapping[str, Mechanism]
"""Every mechanism by id, as knowledge/mechanisms/ holds them."""
