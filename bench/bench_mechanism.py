"""Mechanism: 100,000 patients through 2 g/kg over 5 days, 28 days, against the readable reference."""

import numpy as np

from bench.row import Row
from bench.timing import seconds, worst
from ivig.knowledge import load_knowledge
from ivig.mechanism.body import Patients, draw
from ivig.mechanism.given import trains_of
from ivig.mechanism.reference import simulate_reference
from ivig.mechanism.simulate import simulate

N_PATIENTS, N_REFERENCE = 100_000, 100
DAYS = np.arange(29.0)


def run() -> list[Row]:
    patients = draw(load_knowledge().mechanisms, N_PATIENTS, np.random.default_rng(1))
    given = trains_of("2 g/kg over 5 days", 70.0)
    few = Patients(
        **{name: getattr(patients, name)[:N_REFERENCE] for name in Patients.__dataclass_fields__}
    )
    slow = seconds(lambda: simulate_reference(few, np.ones(N_REFERENCE), given, DAYS), runs=1)
    exact = simulate_reference(few, np.ones(N_REFERENCE), given, DAYS).transpose(2, 1, 0)
    per_patient = slow / N_REFERENCE
    rows: list[Row] = []
    for what, effects in (("IgG pools only", False), ("with platelets and complement", True)):
        took = seconds(lambda on=effects: simulate(patients, given, DAYS, effects=on), runs=3)
        found = simulate(few, given, DAYS, effects=effects)
        error = worst(found.igg_g_per_L, exact[:, [0, 2, 4]].sum(axis=1))
        if effects:
            error = max(error, worst(found.platelets, exact[:, 8]))
        rows.append(
            Row(
                what=f"mechanism, {what}",
                measured=f"{took:.1f} s",
                wanted="seconds",
                ratio=per_patient * N_PATIENTS / took,
                against=f"NumPy reference, {1 / per_patient:.0f} patients/s; worst error {error:.0e}",
            )
        )
    return rows
