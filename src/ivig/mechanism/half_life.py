"""``half_lives``: half-life of IgG and its subclasses against the level, as a table."""

from collections.abc import Sequence
from dataclasses import dataclass

from ivig.errors import InputError
from ivig.mechanism.fcrn import SUBCLASSES, half_life_at, subclass_half_life_at
from ivig.mechanism.given import STUDIED
from ivig.mechanism.parameters import Mechanism

LEVELS_G_PER_L = (2.0, 4.0, 7.0, 11.4, 15.0, 20.0, 25.0, 30.0, 40.0)
MOST_G_PER_L = 80.0


@dataclass(frozen=True, slots=True, kw_only=True)
class HalfLife:
    """At one level of total IgG, in days."""

    igg_g_per_L: float
    igg_day: float
    subclass_day: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HalfLives:
    """Rows in the order of the levels; ``notes`` say how each column is known."""

    subclasses: tuple[str, ...]
    rows: tuple[HalfLife, ...]
    notes: tuple[str, ...]


def half_lives(
    fcrn: Mechanism, levels_g_per_L: Sequence[float] | None = None, blocker: str | None = None
) -> HalfLives:
    """The table, at the usual levels or at those given.

    Raises
    ------
    InputError
        A level or a blocker outside what the model holds.
    """
    levels = LEVELS_G_PER_L if levels_g_per_L is None else tuple(levels_g_per_L)
    for level in levels:
        if not 0.1 <= level <= MOST_G_PER_L:
            raise InputError("igg", level, f"0.1 to {MOST_G_PER_L:g} g/L")
    drug = None if blocker is None else blocker.strip().casefold()
    if drug is not None and drug not in STUDIED:
        raise InputError("blocker", blocker, f"one of {', '.join(STUDIED)}")
    occupied = 0.0 if drug is None else fcrn.number(f"{drug}_occupancy")
    notes = [
        "All IgG, identified: tracer studies at normal and high levels, people without FcRn.",
        "IgG1 to IgG4, hypothesis: the classical half-lives (recalled) give their ratios, and these are "
        "taken not to change with the level.",
        "Above 30 g/L the classical text lets the half-life stop at about 11 days; one shared receptor "
        "cannot do both that and what people without FcRn show.",
    ]
    if drug is not None:
        dose = STUDIED[drug][0]
        notes.append(f"{drug} at {dose}: {100.0 * occupied:.0f} % of FcRn occupied, assumed.")
    return HalfLives(
        subclasses=SUBCLASSES,
        rows=tuple(_row(fcrn, level, occupied) for level in levels),
        notes=tuple(notes),
    )


def _row(fcrn: Mechanism, level: float, occupied: float) -> HalfLife:
    found = subclass_half_life_at(fcrn, level, occupancy_fraction=occupied)
    return HalfLife(
        igg_g_per_L=level,
        igg_day=float(half_life_at(fcrn, level, occupancy_fraction=occupied)),
        subclass_day=tuple(found[name] for name in SUBCLASSES),
    )
