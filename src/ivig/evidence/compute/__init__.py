"""Questions with numbers: computed by the functions a plan uses, with the working shown."""

from ivig.evidence.compute.answer import compute
from ivig.evidence.compute.facts import Computed, Facts

__all__ = ["Computed", "Facts", "compute"]
