"""The relations held against numbers they were made from, and against numbers they were not.

Every published number is taken from ``knowledge/outcomes/``; the few that stand there in no
relation are written with their source where they are used. Simulated rows use the seed of the split.
"""

from collections.abc import Callable

import numpy as np

from docs.check_rows import Check, Facts
from docs.disease_checks import itp_checks, kawasaki_checks, neurology_checks
from docs.harm_checks import other_harm_checks, thrombosis_checks
from docs.replacement_checks import (
    no_benefit_checks,
    registration_checks,
    replacement_checks,
    secondary_checks,
)
from ivig.knowledge import Knowledge

SEED = 20261122


def relation_checks(knowledge: Knowledge) -> list[Check]:
    """Every relation row of the split."""
    facts = Facts(knowledge)
    rng = np.random.default_rng(SEED)
    groups: tuple[Callable[[], list[Check]], ...] = (
        lambda: replacement_checks(facts),
        lambda: neurology_checks(facts),
        lambda: itp_checks(facts),
        lambda: thrombosis_checks(facts, rng),
        lambda: other_harm_checks(facts),
        lambda: kawasaki_checks(facts, rng),
        lambda: secondary_checks(facts),
        lambda: registration_checks(facts),
        lambda: no_benefit_checks(facts),
    )
    return [check for group in groups for check in group()]
