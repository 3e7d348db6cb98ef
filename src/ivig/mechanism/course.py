"""``mechanism_course``: what one regimen does over time, each curve with a band and how far to trust it."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np

from ivig.cited import Citation, Cited
from ivig.mechanism.body import FloatArray, Patients, draw, typical
from ivig.mechanism.curve import LEVEL, Curve, Note, banded, curve_of
from ivig.mechanism.disease import Disease, EffectShare
from ivig.mechanism.fcrn import SUBCLASSES, Blocker, subclass_ratios
from ivig.mechanism.hypothesis import hypothetical_courses
from ivig.mechanism.parameters import Mechanisms
from ivig.mechanism.platelets import response
from ivig.mechanism.share import PlateletShares, platelet_shares
from ivig.mechanism.simulate import Courses, simulate
from ivig.mechanism.subclasses import simulate_subclasses
from ivig.mechanism.titre import Asked, Given, titres
from ivig.pk.quantile import quantiles
from ivig.pk.schedule import Train

N_PATIENTS, N_SUBCLASSES, SEED = 2000, 200, 20261122
TWO_WEEKS_DAY = 14.0
NO_TITRES = Asked()


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareFound:
    """One mechanism's share of the effect in %; both None: not known."""

    mechanism: str
    text: str
    low_percent: float | None
    high_percent: float | None
    citation: Citation


@dataclass(frozen=True, slots=True, kw_only=True)
class MechanismCourse:
    """Curves, shares, and the conflicts that must be seen with them."""

    disease: str
    disease_name: str
    time_day: tuple[float, ...]
    dose_day: tuple[float, ...]
    curves: tuple[Curve, ...]
    shares: tuple[ShareFound, ...]
    conflicts: tuple[Cited[str], ...]
    notes: tuple[Note, ...]
    level: float = LEVEL

    def curve(self, name: str) -> Curve:
        """One curve by name."""
        return next(one for one in self.curves if one.name == name)


def mechanism_course(
    mechanisms: Mechanisms,
    disease: Disease,
    trains: Sequence[Train],
    *,
    last_day: float,
    weight_kg: float = 70.0,
    C0_g_per_L: float | None = None,
    blocker: Blocker | None = None,
    hypotheses: bool = False,
    subclasses: bool = False,
    titres_of: Asked = NO_TITRES,
) -> MechanismCourse:
    """Time courses of one regimen in one disease.

    Parameters
    ----------
    trains : sequence of Train
        Doses in g, from a new start.
    C0_g_per_L : float, optional
        The patient's own total IgG before; None: of an adult, and it varies in the band.
    hypotheses, subclasses : bool
        Cytokines, CRP, Treg and lymphocytes too; IgG1 to IgG4 too.
    titres_of : Asked
        Specific antibodies to follow.

    Raises
    ------
    InputError
        A weight, level or route outside what the model holds.
    """
    days = np.linspace(0.0, last_day, max(int(last_day * 4), 8) + 1)
    rng = np.random.default_rng(SEED)
    one = typical(mechanisms, weight_kg=weight_kg, C0_g_per_L=C0_g_per_L)
    many = draw(mechanisms, N_PATIENTS, rng, weight_kg=weight_kg, C0_g_per_L=C0_g_per_L)
    middle, spread = (simulate(who, trains, days, blocker=blocker) for who in (one, many))
    curves = [curve_of(name, middle, spread) for name in disease.curves]
    if subclasses:
        curves += _subclasses(mechanisms, (one, many), trains, days, blocker)
    if hypotheses:
        curves += _hypotheses(mechanisms, disease, (one, middle), (many, spread))
    given = Given(patients=many, trains=trains, blocker=blocker)
    of_lots, of_titres = titres(mechanisms["antibody"], titres_of, given, days, SEED)
    drawn = tuple(curves) + of_lots
    if blocker is not None:
        drawn = tuple(replace(curve, tag="hypothesis") for curve in drawn)
    return MechanismCourse(
        disease=disease.id,
        disease_name=disease.name,
        time_day=tuple(days.tolist()),
        dose_day=_dose_days(trains, last_day),
        curves=drawn,
        shares=_shares(disease, one, trains, days),
        conflicts=_conflicts(mechanisms, disease, drawn),
        notes=(*_with_blocker(blocker), *_notes(disease, middle, spread), *of_titres),
    )


def _with_blocker(blocker: Blocker | None) -> tuple[Note, ...]:
    if blocker is None:
        return ()
    text = (
        f"Immunoglobulin together with {blocker.name} was not held against any patient, and how much of "
        "FcRn the drug occupies is assumed: every curve here is a hypothesis. The drug removes the given "
        "IgG as well."
    )
    return (Note(text=text),)


def _subclasses(
    mechanisms: Mechanisms,
    who: tuple[Patients, Patients],
    trains: Sequence[Train],
    days: FloatArray,
    blocker: Blocker | None,
) -> list[Curve]:
    """Fewer patients carry their band: they are simulated without the kernel."""
    one, many = who
    few = Patients(**{f.name: getattr(many, f.name)[:N_SUBCLASSES] for f in fields(Patients)})
    of = subclass_ratios(mechanisms["fcrn"])
    middle, spread = (simulate_subclasses(w, of, trains, days, blocker) for w in (one, few))
    return [
        banded(
            (name.casefold(), f"{name}, own and infused", "g/L", "hypothesis"),
            middle[0, i],
            spread[:, i],
        )
        for i, name in enumerate(SUBCLASSES)
    ]


_HYPOTHESES = {
    "il6_ratio": "IL-6 drive",
    "crp_ratio": "C-reactive protein",
    "treg_ratio": "Regulatory T cells",
    "lymphocyte_ratio": "Lymphocyte activity",
}


def _hypotheses(
    mechanisms: Mechanisms,
    disease: Disease,
    one: tuple[Patients, Courses],
    many: tuple[Patients, Courses],
) -> list[Curve]:
    found, drawn = (
        hypothetical_courses(
            mechanisms["cytokines"],
            course.time_day,
            course.igg_g_per_L,
            who.C0_g_per_L,
            acute=disease.acute,
        )
        for who, course in (one, many)
    )
    return [
        banded(
            (name.removesuffix("_ratio"), title, "% of before", "hypothesis"),
            100.0 * getattr(found, name)[0],
            100.0 * getattr(drawn, name),
        )
        for name, title in _HYPOTHESES.items()
    ]


def _shares(
    disease: Disease, one: Patients, trains: Sequence[Train], days: FloatArray
) -> tuple[ShareFound, ...]:
    computed: PlateletShares | None = None
    if trains and any(fact.value.amount == "computed" for fact in disease.shares):
        computed = platelet_shares(one, trains, days)
    found: list[ShareFound] = []
    for fact in disease.shares:
        low, high = _percent(fact.value, computed)
        found.append(
            ShareFound(
                mechanism=fact.value.mechanism,
                text=fact.value.text,
                low_percent=low,
                high_percent=high,
                citation=fact.citation,
            )
        )
    return tuple(found)


def _percent(share: EffectShare, found: PlateletShares | None) -> tuple[float | None, float | None]:
    if share.amount == "all":
        return 100.0, 100.0
    if share.amount == "unknown" or found is None:
        return None, None
    if "receptor" in share.mechanism:
        return found.receptor_low_percent, found.receptor_high_percent
    return found.antibody_low_percent, found.antibody_high_percent


def _conflicts(
    mechanisms: Mechanisms, disease: Disease, drawn: Sequence[Curve]
) -> tuple[Cited[str], ...]:
    """Those of the disease and of what is drawn."""
    names = {curve.name for curve in drawn}
    return tuple(
        Cited(value=fact.value.text, source=fact.source, at=fact.at, basis=fact.basis)
        for mechanism in mechanisms.values()
        for fact in mechanism.conflicts
        if fact.value.seen(disease.id, names)
    )


def _notes(disease: Disease, middle: Courses, spread: Courses) -> tuple[Note, ...]:
    rise = float(middle.igg_g_per_L.max() - middle.igg_g_per_L[0, 0])
    notes = [
        f"IgG rises by {rise:.1f} g/L at most in the typical patient{_two_weeks(middle, spread)}."
    ]
    if "autoantibody" in disease.curves:
        fall = 100.0 * (1.0 - float(middle.autoantibody_ratio.min()))
        at = middle.time_day[int(np.argmin(middle.autoantibody_ratio[0]))]
        notes.append(f"Autoantibody falls by at most {fall:.0f} %, on day {at:.0f}.")
    if "platelets" in disease.curves:
        first, day, highest, above = response(middle.time_day, middle.platelets)[0]
        reached = 100.0 * float((spread.platelets.max(axis=1) >= 50.0).mean())
        words = "never" if np.isnan(first) else f"on day {first:.1f}"
        notes.append(
            f"The typical patient reaches 50 × 10⁹/L {words}, {highest:.0f} × 10⁹/L at most (day "
            f"{day:.0f}), and stays at 50 or more for {above:.0f} of the days shown; {reached:.0f} % "
            "of drawn patients reach 50."
        )
    if "c3_inhibition" in disease.curves:
        held = 100.0 * float(middle.c3_inhibition.max())
        notes.append(f"At most {held:.0f} % of C3 deposition is prevented.")
    return tuple(Note(text=text) for text in notes)


def _two_weeks(middle: Courses, spread: Courses) -> str:
    """The rise that trials measured."""
    if middle.time_day[-1] < TWO_WEEKS_DAY:
        return ""
    at = int(np.searchsorted(middle.time_day, TWO_WEEKS_DAY))
    one, many = (
        course.igg_g_per_L[:, at] - course.igg_g_per_L[:, 0] for course in (middle, spread)
    )
    low, high = quantiles(many, ((1.0 - LEVEL) / 2.0, (1.0 + LEVEL) / 2.0))
    side = "above" if one[0] >= 0.0 else "below"
    return (
        f"; 2 weeks after the first dose it is {abs(one[0]):.1f} g/L {side} that before (90 % of "
        f"patients {low:+.1f} to {high:+.1f})"
    )


def _dose_days(trains: Sequence[Train], last_day: float) -> tuple[float, ...]:
    days: set[float] = set()
    for train in trains:
        most = int((last_day - train.start_day) // train.interval_day) + 1
        count = most if train.n_doses is None else min(train.n_doses, most)
        days |= {train.start_day + i * train.interval_day for i in range(max(count, 0))}
    return tuple(sorted(days))
