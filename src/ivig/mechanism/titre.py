"""Specific antibody in the patient: its curve, how long it protects, how long it misleads tests."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ivig.cited import Interval
from ivig.errors import InputError
from ivig.mechanism.antibody import (
    FEWEST_DONORS,
    MOST_DONORS,
    Lot,
    TitreCourse,
    lot_of,
    lot_titres,
    pool_variance_share,
    titre_course,
)
from ivig.mechanism.body import FloatArray, Patients
from ivig.mechanism.curve import Curve, Note
from ivig.mechanism.fcrn import Blocker
from ivig.mechanism.parameters import Mechanism
from ivig.mechanism.simulate import simulate
from ivig.pk.schedule import Train

FOLLOWED_DAY = 730.0  # a window may be longer than what is drawn
TITLES = {
    "hbs": "anti-HBs",
    "hav": "anti-HAV",
    "pneumococcus": "one pneumococcal serotype",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Antibodies to follow, over so many drawn lots of one product with pools of so many donors."""

    antibodies: tuple[str, ...] = ()
    n_lots: int = 2000
    n_donors: int = 10_000

    def __post_init__(self) -> None:
        if not FEWEST_DONORS <= self.n_donors <= MOST_DONORS:
            allowed = f"{FEWEST_DONORS:,.0f} to {MOST_DONORS:,.0f} donors in a pool"
            raise InputError("donors", self.n_donors, allowed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """Drawn patients and what they are given."""

    patients: Patients
    trains: Sequence[Train]
    blocker: Blocker | None

    @property
    def endless(self) -> bool:
        """Whether doses go on without end."""
        return any(train.n_doses is None for train in self.trains)


def titres(
    antibody: Mechanism, asked: Asked, given: Given, days: FloatArray, seed: int
) -> tuple[tuple[Curve, ...], tuple[Note, ...]]:
    """A curve and a note for each antibody asked for, and what the pools have to do with it."""
    if not asked.antibodies:
        return (), ()
    lots = [lot_of(antibody, text) for text in asked.antibodies]
    drawn = lot_titres(antibody, np.random.default_rng(seed), asked.n_lots, n_donors=asked.n_donors)
    daily = np.arange(0.0, max(FOLLOWED_DAY, days[-1]) + 1.0)
    found = [tuple(_course(given, lot, times, drawn) for times in (days, daily)) for lot in lots]
    curves = tuple(_curve(shown) for shown, _ in found)
    notes = [_note(given, shown, long) for shown, long in found]
    return curves, (*notes, _pool(antibody, asked.n_donors))


def _course(given: Given, lot: Lot, times: FloatArray, drawn: FloatArray) -> TitreCourse:
    """Every drawn lot meets a drawn patient."""
    infused = simulate(
        given.patients, given.trains, times, blocker=given.blocker, effects=False
    ).infused_g_per_L
    meeting = np.arange(max(drawn.size, infused.shape[0]))
    return titre_course(
        lot, times, infused[meeting % infused.shape[0]], drawn[meeting % drawn.size]
    )


def _curve(found: TitreCourse) -> Curve:
    lot = found.lot
    return Curve(
        name=f"titre_{lot.antibody}",
        title=f"Antibody: {TITLES.get(lot.antibody, lot.antibody)}",
        unit=lot.unit,
        tag=lot.tag,
        median=found.median,
        low=found.low,
        high=found.high,
    )


def _note(given: Given, shown: TitreCourse, long: TitreCourse) -> Note:
    lot = shown.lot
    said = [
        f"Given antibody, {TITLES.get(lot.antibody, lot.antibody)}, own not counted: {max(shown.median):.3g} {lot.unit} at most"
    ]
    limit = f"the protective {lot.protective:g} {lot.unit}" if lot.protective else ""
    if shown.protected_percent is not None and given.endless:
        share = shown.protected_percent
        same = round(share.low) == round(share.high)
        around = "" if same else f" ({share.low:.0f} to {share.high:.0f})"
        said.append(f"above {limit} for {share.median:.0f} % of the time shown{around}")
    elif long.protected_until_day is not None:
        said.append(f"above {limit} until {_day(long.protected_until_day)}")
    if long.passive_until_day is not None:
        until = (
            "as long as doses go on" if given.endless else f"until {_day(long.passive_until_day)}"
        )
        said.append(
            f"a test may find the donors' antibody {until}, so it tells nothing of the patient's own"
        )
    if lot.doubts:
        said.append(f"not read in a source: {', '.join(lot.doubts)}")
    return Note(text=f"{'; '.join(said)}.", citations=lot.citations)


def _day(until: Interval) -> str:
    end = f", {FOLLOWED_DAY:.0f} being the last followed" if until.high >= FOLLOWED_DAY else ""
    return f"day {until.median:.0f} ({until.low:.0f} to {until.high:.0f}{end})"


def _pool(antibody: Mechanism, n_donors: int) -> Note:
    share = 100.0 * pool_variance_share(antibody, n_donors)
    return Note(
        text=f"Between lots of pools of {n_donors:,.0f} donors, the size of the pool explains "
        f"{share:.2g} % of the variance of a titre; the rest is who the donors are.",
        citations=(antibody.parameters["sigma_lot"].citation,),
    )
