"""What is given: regimens as trains of doses, and FcRn blockers by name."""

from collections.abc import Sequence

from ivig.errors import InputError
from ivig.mechanism.body import HEAVIEST_KG, LIGHTEST_KG
from ivig.mechanism.fcrn import Blocker
from ivig.mechanism.parameters import Mechanism
from ivig.pk.regimen_text import parse_regimen, regimen_trains
from ivig.pk.schedule import Train

STUDIED = {
    "efgartigimod": ("10 mg/kg", (10.0, 10.0)),
    "rozanolixizumab": ("15 to 20 mg/kg", (15.0, 20.0)),
}
MOST_DOSES = 52


def trains_of(text: str, weight_kg: float) -> tuple[Train, ...]:
    """The doses of a regimen in g for one weight.

    Raises
    ------
    InputError
        The text does not parse, or a weight of no patient.
    """
    if not LIGHTEST_KG <= weight_kg <= HEAVIEST_KG:
        raise InputError("weight", weight_kg, f"{LIGHTEST_KG:g} to {HEAVIEST_KG:g} kg")
    return regimen_trains(parse_regimen(text), weight_kg)


def blocker_of(fcrn: Mechanism, name: str, dose: str | None) -> Blocker:
    """A blocker by name with its dose, such as ``10 mg/kg weekly x 4``.

    Occupancy is known, by assumption, at the studied dose only; another dose is refused.

    Raises
    ------
    InputError
        An unknown blocker, no dose, or one that was not studied.
    """
    key = name.strip().casefold()
    if key not in STUDIED:
        raise InputError("blocker", name, f"one of {', '.join(STUDIED)}")
    words, (low, high) = STUDIED[key]
    if dose is None or not dose.strip():
        allowed = f"with its dose, such as '{words.split(' to ')[-1]} weekly x 4'"
        raise InputError("blocker", name, allowed)
    phases = parse_regimen(dose)
    days: list[float] = []
    for train, phase in zip(regimen_trains(phases, 1.0), phases, strict=True):
        amount = 0.0 if phase.amount_g_per_kg is None else 1000.0 * phase.amount_g_per_kg
        if not low - 1e-9 <= amount <= high + 1e-9 or train.n_doses is None:
            allowed = f"{words} with a number of doses (once, or weekly x 4): no other was studied"
            raise InputError("blocker dose", dose, allowed)
        if train.n_doses > MOST_DOSES:
            raise InputError("blocker dose", dose, f"at most {MOST_DOSES} doses")
        days += _days(train)
    return Blocker(
        name=key,
        dose_day=tuple(sorted(days)),
        occupancy_fraction=fcrn.number(f"{key}_occupancy"),
        held_day=fcrn.number(f"{key}_held"),
        half_life_day=fcrn.number(f"{key}_half_life"),
    )


def _days(train: Train) -> Sequence[float]:
    return [train.start_day + i * train.interval_day for i in range(train.n_doses or 0)]
