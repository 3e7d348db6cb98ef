"""How much of the platelet response each arm carries, as far as taking it away can say."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ivig.mechanism.body import FloatArray, Patients
from ivig.mechanism.simulate import simulate
from ivig.pk.schedule import Train


@dataclass(frozen=True, slots=True, kw_only=True)
class PlateletShares:
    """Highest counts in 10⁹/L with both arms, one, and none taken away, and the shares of the rise.

    ``low`` is what an arm does alone, ``high`` what is lost without it (or the other way round): arms
    that help each other have no single share.
    """

    highest_both: float
    highest_receptor_only: float
    highest_antibody_only: float
    receptor_low_percent: float
    receptor_high_percent: float
    antibody_low_percent: float
    antibody_high_percent: float


def platelet_shares(
    patients: Patients, trains: Sequence[Train], time_day: FloatArray
) -> PlateletShares:
    """Shares in the first patient: the Fcγ receptors, and the faster loss of antibody by FcRn."""
    none = np.zeros(patients.size)

    def highest(who: Patients) -> float:
        return float(simulate(who, trains, time_day).platelets[0].max())

    both = highest(patients)
    receptor = highest(replace(patients, h_A=none))
    antibody = highest(replace(patients, h_ph=none))
    before = float(patients.platelets_0[0])
    rise = max(both - before, 1e-9)
    alone = [100.0 * (one - before) / rise for one in (receptor, antibody)]
    lost = [100.0 * (both - other) / rise for other in (antibody, receptor)]
    return PlateletShares(
        highest_both=both,
        highest_receptor_only=receptor,
        highest_antibody_only=antibody,
        receptor_low_percent=min(alone[0], lost[0]),
        receptor_high_percent=max(alone[0], lost[0]),
        antibody_low_percent=min(alone[1], lost[1]),
        antibody_high_percent=max(alone[1], lost[1]),
    )
