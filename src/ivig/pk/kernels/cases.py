"""Many patients' doses and levels as flat arrays, as the kernels of one model read them.

Rows of all patients stand end to end: patient i's doses are ``dose_*[dose_start[i]:dose_start[i+1]]``,
its levels likewise. Times are days, in order within a patient for doses, in any order for levels.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ivig.errors import InputError
from ivig.patient import Dose, Route, Sample
from ivig.pk.disposition import FloatArray
from ivig.pk.population import ParameterName, Residual
from ivig.pk.schedule import duration_day, require_order

CL, VC, Q, VP, KA, F_SC, F_FSC, BL, PRODUCTION = range(9)
N_PARAMETERS = 8  # those that may carry an effect
COLUMN: dict[ParameterName, int] = {
    "CL": CL,
    "Kel": CL,
    "Vc": VC,
    "Q": Q,
    "Vp": VP,
    "KA": KA,
    "F_SC": F_SC,
    "F_fSC": F_FSC,
    "BL": BL,
}
ROUTE: dict[Route, int] = {"iv": 0, "sc": 1, "fsc": 2}


class Cases(NamedTuple):
    """Patients of one model.

    ``typical`` (n_patients, 9): CL, Vc, Q, Vp, KA, F_SC, F_fSC, BL in the units of
    ``PopulationModel`` (0 where the model has none), and own production in g/day, which adds
    production/CL to every level beside BL. ``column`` (n_eta,): the parameter each effect belongs
    to. ``sd`` and ``limit`` (n_patients, n_eta): ω, and the largest |η| admitted, or infinity.
    ``rate_constant``: the model's elimination is Kel, so that its volume carries the clearance.
    """

    typical: FloatArray
    column: NDArray[np.int64]
    sd: FloatArray
    limit: FloatArray
    rate_constant: bool
    additive_sd_g_per_L: float
    proportional_sd_fraction: float
    dose_start: NDArray[np.int64]
    dose_day: FloatArray
    dose_g: FloatArray
    dose_duration_day: FloatArray
    dose_route: NDArray[np.int64]
    level_start: NDArray[np.int64]
    level_day: FloatArray
    level_g_per_L: FloatArray
    level_below: NDArray[np.bool_]

    @property
    def n_patients(self) -> int:
        """Patients, with or without levels."""
        return self.typical.shape[0]


class Known(NamedTuple):
    """What is known of one patient: typical parameters for its covariates, doses and levels."""

    typical: Mapping[ParameterName, float]
    doses: Sequence[Dose]
    levels: Sequence[Sample]
    production_g_per_day: float = 0.0


def gather(
    patients: Sequence[Known],
    *,
    effects: tuple[ParameterName, ...],
    sd: FloatArray,
    limit: FloatArray | None = None,
    residual: Residual,
) -> Cases:
    """Patients of one model, end to end.

    Parameters
    ----------
    effects : tuple of str, length n_eta
        Parameters with a random effect.
    sd, limit : array (n_eta,) or (n_patients, n_eta)
        ω of each, and the largest |η| that is admitted; without ``limit`` any is.

    Raises
    ------
    InputError
        No patient, doses out of order, a level that is negative or not a number, no residual error.
    """
    if not patients:
        raise InputError("patients", 0, "at least one patient")
    spread = np.full((len(patients), len(effects)), sd)  # writable: a read-only one is another type
    held = np.inf if limit is None else limit
    for patient in patients:
        require_order(patient.doses)
    doses = [dose for patient in patients for dose in patient.doses]
    levels = [level for patient in patients for level in patient.levels]
    found = Cases(
        typical=np.array([_row(patient) for patient in patients]),
        column=np.array([COLUMN[name] for name in effects], dtype=np.int64),
        sd=spread,
        limit=np.full(spread.shape, held),
        rate_constant="Kel" in patients[0].typical,
        additive_sd_g_per_L=float(residual.additive_sd_g_per_L),
        proportional_sd_fraction=float(residual.proportional_sd_fraction),
        dose_start=_starts([len(patient.doses) for patient in patients]),
        dose_day=np.array([dose.time_day for dose in doses], dtype=np.float64),
        dose_g=np.array([dose.amount_g for dose in doses], dtype=np.float64),
        dose_duration_day=np.array(
            [duration_day(dose.route, dose.duration_h) for dose in doses], dtype=np.float64
        ),
        dose_route=np.array([ROUTE[dose.route] for dose in doses], dtype=np.int64),
        level_start=_starts([len(patient.levels) for patient in patients]),
        level_day=np.array([level.time_day for level in levels], dtype=np.float64),
        level_g_per_L=np.array([level.igg_g_per_L for level in levels], dtype=np.float64),
        level_below=np.array([level.below_limit for level in levels], dtype=np.bool_),
    )
    check(found)
    return found


def check(cases: Cases) -> None:
    """Refuse what the kernels cannot work with; they check nothing themselves.

    Raises
    ------
    InputError
        Naming the array and the row.
    """
    _each(cases.typical[:, (CL, VC)] > 0.0, "typical", "CL and Vc above 0")
    _each(cases.sd > 0.0, "sd", "ω above 0")
    _each(cases.limit > 0.0, "limit", "a limit above 0")
    _each((cases.dose_g > 0.0) & (cases.dose_g < np.inf), "dose_g", "grams above 0")
    _each(np.isfinite(cases.dose_day), "dose_day", "a number of days")
    level = cases.level_g_per_L
    _each((level >= 0.0) & (level < np.inf), "level_g_per_L", "0 g/L or more")
    _each(np.isfinite(cases.level_day), "level_day", "a number of days")
    first = np.zeros(cases.dose_day.size + 1, dtype=np.bool_)
    first[cases.dose_start] = True
    _each((np.diff(cases.dose_day) >= 0.0) | first[1:-1], "dose_day", "doses in order of time")
    if not cases.additive_sd_g_per_L + cases.proportional_sd_fraction > 0.0:
        raise InputError("residual", 0.0, "a residual error above 0")
    under_skin = cases.dose_route > 0
    if under_skin.any():
        patient = np.searchsorted(cases.dose_start, under_skin.nonzero()[0], side="right") - 1
        column = F_SC - 1 + cases.dose_route[under_skin]
        absorbed = cases.typical[patient, KA] * cases.typical[patient, column] > 0.0
        _each(absorbed, "typical", "KA and F above 0 for a dose under the skin")


def _row(patient: Known) -> list[float]:
    row = [0.0] * (N_PARAMETERS + 1)
    for name, value in patient.typical.items():
        row[COLUMN[name]] = value
    if "Kel" in patient.typical:
        row[CL] = patient.typical["Kel"] * patient.typical["Vc"]
    row[PRODUCTION] = patient.production_g_per_day
    return row


def _starts(counts: Sequence[int]) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)


def _each(good: NDArray[np.bool_], name: str, allowed: str) -> None:
    if not good.all():
        row = int(np.flatnonzero(~good.reshape(good.shape[0], -1).all(axis=1))[0])
        raise InputError(f"{name}[{row}]", "refused", allowed)
