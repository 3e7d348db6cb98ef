"""``mechanism_course``: what one regimen does over time, each curve with a band and how far to trust it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ivig.cited import Citation, Cited, Interval
from ivig.errors import InputError
from ivig.mechanism.antibody import lot_of, lot_titres, titre_course
from ivig.mechanism.body import FloatArray, Patients, draw, typical
from ivig.mechanism.fcrn import Blocker
from ivig.mechanism.hypothesis import hypothetical_courses
from ivig.mechanism.parameters import Mechanisms, Tag
from ivig.mechanism.platelets import response
from ivig.mechanism.share import PlateletShares, platelet_shares
from ivig.mechanism.simulate import Courses, simulate
from ivig.pk.quantile import quantiles
from ivig.pk.schedule import Train

CurveName = Literal[
    "igg", "infused", "autoantibody", "free_receptor", "platelets", "c3_inhibition", "c4", "mac"
]
N_PATIENTS, SEED, LEVEL = 2000, 20261122, 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectShare:
    """What carries the effect: ``computed`` from the model, ``all`` of it, or ``unknown``."""

    mechanism: str
    amount: Literal["computed", "all", "unknown"]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Disease:
    """What can be drawn for a disease and what is known of the shares; ``acute``: it passes by itself."""

    id: str
    name: str
    curves: tuple[CurveName, ...]
    shares: tuple[Cited[EffectShare], ...]
    acute: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DiseaseTable:
    """knowledge/mechanisms/diseases/effects.yaml"""

    diseases: tuple[Disease, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """One quantity over time: the typical patient, and the central 90 % of drawn ones."""

    name: str
    title: str
    unit: str
    tag: Tag
    median: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]


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
    notes: tuple[str, ...]
    level: float = LEVEL

    def curve(self, name: str) -> Curve:
        """One curve by name."""
        return next(one for one in self.curves if one.name == name)


def find_disease(table: DiseaseTable, name: str) -> Disease:
    """A disease by id.

    Raises
    ------
    InputError
        The mechanism of that disease is not in the table.
    """
    wanted = name.strip().casefold().replace("-", "_").replace(" ", "_")
    for one in table.diseases:
        if one.id == wanted:
            return one
    raise InputError("disease", name, f"one of {', '.join(d.id for d in table.diseases)}")


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
    antibodies: Sequence[str] = (),
    n_lots: int = N_PATIENTS,
) -> MechanismCourse:
    """Time courses of one regimen in one disease.

    Parameters
    ----------
    trains : sequence of Train
        Doses in g, from a new start.
    C0_g_per_L : float, optional
        The patient's own total IgG before; None: of an adult, and it varies in the band.
    hypotheses : bool
        Cytokines, CRP, Treg and lymphocytes too.
    antibodies : sequence of str
        Specific antibodies to follow, of the typical lot, over ``n_lots`` drawn lots of one product.

    Raises
    ------
    InputError
        A weight, level or route outside what the model holds.
    """
    days = np.linspace(0.0, last_day, max(int(last_day * 4), 8) + 1)
    one = typical(mechanisms, weight_kg=weight_kg, C0_g_per_L=C0_g_per_L)
    many = draw(
        mechanisms,
        N_PATIENTS,
        np.random.default_rng(SEED),
        weight_kg=weight_kg,
        C0_g_per_L=C0_g_per_L,
    )
    middle = simulate(one, trains, days, blocker=blocker)
    spread = simulate(many, trains, days, blocker=blocker)
    curves = [_curve(name, middle, spread) for name in disease.curves]
    if hypotheses:
        curves += _hypotheses(mechanisms, disease, (one, middle), (many, spread))
    titres = [_titre(mechanisms, name, days, spread, n_lots) for name in antibodies]
    return MechanismCourse(
        disease=disease.id,
        disease_name=disease.name,
        time_day=tuple(days.tolist()),
        dose_day=_dose_days(trains, last_day),
        curves=(*curves, *(curve for curve, _ in titres)),
        shares=_shares(disease, one, trains, days),
        conflicts=_conflicts(mechanisms, disease, hypotheses=hypotheses),
        notes=(*_notes(disease, middle, spread), *(note for _, note in titres)),
    )


_CURVES: Mapping[str, tuple[str, str, Tag, str, float]] = {
    "igg": ("Total IgG", "g/L", "identified", "igg_g_per_L", 1.0),
    "infused": ("Infused IgG", "g/L", "identified", "infused_g_per_L", 1.0),
    "autoantibody": ("Autoantibody in plasma", "% of before", "identified", "autoantibody_ratio", 100.0),
    "free_receptor": (
        "Free Fcγ receptor at the phagocytes", "% of before", "calibrated", "free_receptor_ratio", 100.0,
    ),
    "platelets": ("Platelets", "10⁹/L", "calibrated", "platelets", 1.0),
    "c3_inhibition": ("C3 deposition prevented", "%", "calibrated", "c3_inhibition", 100.0),
    "c4": ("C4", "% of before", "calibrated", "c4_ratio", 100.0),
    "mac": ("Membrane attack complex in tissue", "% of before", "hypothesis", "mac_ratio", 100.0),
}  # fmt: skip
_HYPOTHESES = {
    "il6_ratio": "IL-6 drive",
    "crp_ratio": "C-reactive protein",
    "treg_ratio": "Regulatory T cells",
    "lymphocyte_ratio": "Lymphocyte activity",
}


def _curve(name: str, middle: Courses, spread: Courses) -> Curve:
    title, unit, tag, field, scale = _CURVES[name]
    return _banded(
        name, title, unit, tag, scale * getattr(middle, field)[0], scale * getattr(spread, field)
    )


def _banded(
    name: str, title: str, unit: str, tag: Tag, median: FloatArray, drawn: FloatArray
) -> Curve:
    low, high = quantiles(drawn, ((1.0 - LEVEL) / 2.0, (1.0 + LEVEL) / 2.0))
    return Curve(
        name=name,
        title=title,
        unit=unit,
        tag=tag,
        median=tuple(median.tolist()),
        low=tuple(np.minimum(low, median).tolist()),
        high=tuple(np.maximum(high, median).tolist()),
    )


def _titre(
    mechanisms: Mechanisms, name: str, days: FloatArray, spread: Courses, n_lots: int
) -> tuple[Curve, str]:
    """The titre in drawn patients given drawn lots, and how long it protects and misleads tests."""
    antibody = mechanisms["antibody"]
    lot = lot_of(antibody, name)
    lots = lot_titres(antibody, np.random.default_rng(SEED), n_lots)
    meeting = np.arange(max(n_lots, spread.infused_g_per_L.shape[0]))
    infused = spread.infused_g_per_L[meeting % spread.infused_g_per_L.shape[0]]
    found = titre_course(lot, days, infused, lots[meeting % n_lots])
    curve = Curve(
        name=f"titre_{name}",
        title=f"Antibody: {name}",
        unit=lot.unit,
        tag="calibrated",
        median=found.median,
        low=found.low,
        high=found.high,
    )
    said = [
        f"{words} until day {until.median:.0f} ({until.low:.0f} to {until.high:.0f}{_at_end(until, days)})"
        for words, until in (
            (f"above the protective {lot.protective:g} {lot.unit}", found.protected_until_day),
            ("a test may find the donors' antibody", found.passive_until_day),
        )
        if until is not None
    ]
    return curve, f"Given {name} antibody, own not counted: {'; '.join(said)}."


def _at_end(until: Interval, days: FloatArray) -> str:
    return ", the end of what is shown" if until.high >= days[-1] else ""


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
        _banded(
            name.removesuffix("_ratio"),
            title,
            "% of before",
            "hypothesis",
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
    mechanisms: Mechanisms, disease: Disease, *, hypotheses: bool
) -> tuple[Cited[str], ...]:
    """Those of the disease; without a disease of their own, those of what is drawn."""
    found: list[Cited[str]] = []
    for key, mechanism in mechanisms.items():
        if key == "cytokines" and not hypotheses:
            continue
        if key == "antibody" and "infused" not in disease.curves:
            continue
        for fact in mechanism.conflicts:
            if not fact.value.diseases or disease.id in fact.value.diseases:
                cited = Cited(
                    value=fact.value.text, source=fact.source, at=fact.at, basis=fact.basis
                )
                found.append(cited)
    return tuple(found)


def _notes(disease: Disease, middle: Courses, spread: Courses) -> tuple[str, ...]:
    rise = float(middle.igg_g_per_L.max() - middle.igg_g_per_L[0, 0])
    notes = [f"IgG rises by {rise:.1f} g/L at most in the typical patient."]
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
    return tuple(notes)


def _dose_days(trains: Sequence[Train], last_day: float) -> tuple[float, ...]:
    days: set[float] = set()
    for train in trains:
        most = int((last_day - train.start_day) // train.interval_day) + 1
        count = most if train.n_doses is None else min(train.n_doses, most)
        days |= {train.start_day + i * train.interval_day for i in range(max(count, 0))}
    return tuple(sorted(days))
