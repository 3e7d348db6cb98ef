"""What the model says where something was observed: one function a study, named in ``PREDICTED``.

Each gives the numbers of its row's ``quantities`` in their order. Trials are the typical patient of
70 kg, or 4,000 drawn ones where a share of patients was printed.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from ivig.mechanism.antibody import pool_cv, range_of_lots
from ivig.mechanism.body import FloatArray, Patients, draw, typical
from ivig.mechanism.cells import NUMBER, CellTable, cell_response
from ivig.mechanism.complement import inhibition
from ivig.mechanism.fcgamma import free_ratio, red_cell_clearance
from ivig.mechanism.fcrn import Blocker, catabolic_rate, half_life_at
from ivig.mechanism.given import blocker_of, trains_of
from ivig.mechanism.hypothesis import hypothetical_courses, t_cell_inhibition
from ivig.mechanism.parameters import Mechanisms
from ivig.mechanism.platelets import response
from ivig.mechanism.share import platelet_shares
from ivig.mechanism.simulate import Courses, simulate

KG, SEED, N_PATIENTS, N_DRAWS = 70.0, 20261122, 4000, 4000
HIGH, FIVE_DAYS = "2 g/kg over 2 days", "2 g/kg over 5 days"
SOON = np.linspace(0.0, 60.0, 481)
NO_FCRN = 1.0 - 1e-9
Numbers = tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """The parameters and the table that predictions are made from."""

    mechanisms: Mechanisms
    cells: CellTable

    def number(self, mechanism: str, symbol: str) -> float:
        """One parameter."""
        return self.mechanisms[mechanism].number(symbol)


def predicted(row_id: str, world: World) -> Numbers | None:
    """The numbers of a row's quantities, or None when nothing predicts it."""
    make = PREDICTED.get(row_id)
    return None if make is None else tuple(float(one) for one in make(world))


def _course(world: World, regimen: str, days: FloatArray = SOON) -> Courses:
    return simulate(typical(world.mechanisms), trains_of(regimen, KG), days)


def _at(days: FloatArray, values: FloatArray, day: float) -> float:
    return float(np.interp(day, days, values))


def _rate(world: World, igg_g_per_L: float, *, occupancy: float = 0.0) -> float:
    k, n, kd = (world.number("fcrn", name) for name in ("k_int", "n_R", "K_D"))
    return float(catabolic_rate(igg_g_per_L, k, n * (1.0 - occupancy), kd))


def _normal(world: World) -> float:
    return world.number("fcrn", "C0")


def _fcr(world: World) -> Numbers:
    return (100.0 * _rate(world, _normal(world)),)


def _synthesis(world: World) -> Numbers:
    pool = _normal(world) * world.number("fcrn", "V1") / KG
    return (1000.0 * _rate(world, _normal(world)) * pool,)


def _without_fcrn(world: World) -> float:
    return world.number("fcrn", "k_int") / _rate(world, _normal(world))


def _blocked(world: World, blocker: Blocker, days: FloatArray) -> FloatArray:
    """IgG over before, under a blocker."""
    people = typical(world.mechanisms)
    course = simulate(people, (), days, blocker=blocker, effects=False)
    return course.igg_g_per_L[0] / people.C0_g_per_L[0]


def _blocker(world: World, name: str, dose: str) -> Blocker:
    return blocker_of(world.mechanisms["fcrn"], name, dose)


def _efgartigimod(world: World, dose: str) -> FloatArray:
    return _blocked(world, _blocker(world, "efgartigimod", dose), np.linspace(0.0, 90.0, 721))


def _efg_recovery(world: World) -> Numbers:
    days = np.linspace(0.0, 90.0, 721)
    return (100.0 * _at(days, _efgartigimod(world, "10 mg/kg weekly x 4"), 21.0 + 56.0),)


def _efg_multi(world: World) -> Numbers:
    days = np.linspace(0.0, 90.0, 721)
    left = _at(days, _efgartigimod(world, "10 mg/kg weekly x 4"), 28.0)
    return (100.0 * (1.0 - left),)


def _roza(world: World) -> Numbers:
    left = _blocked(world, _blocker(world, "rozanolixizumab", "15 mg/kg once"), SOON)
    return 100.0 * (1.0 - left.min()), SOON[np.argmin(left)], 100.0 * _at(SOON, left, 57.0)


def _people(world: World) -> Patients:
    return draw(world.mechanisms, N_PATIENTS, np.random.default_rng(SEED))


def _rise(people: Patients) -> FloatArray:
    """Of total IgG two weeks after the start of five times 0.4 g/kg, g/L."""
    days = np.array([0.0, 14.0])
    course = simulate(people, trains_of(FIVE_DAYS, KG), days, effects=False)
    return np.diff(course.igg_g_per_L, axis=1)[:, 0]


def _gbs(world: World) -> Numbers:
    return float(_rise(typical(world.mechanisms))[0]), float(_rise(_people(world)).std(ddof=1))


def _gbs_severity(world: World) -> Numbers:
    people = _people(world)
    rises = (
        _rise(replace(people, k_int_per_day=people.k_int_per_day * world.number("fcrn", name)))
        for name in ("m_cl_mild", "m_cl_severe")
    )
    return tuple(100.0 * float((rise > 7.3).mean()) for rise in rises)


def _levels_after(world: World) -> Numbers:
    once = _course(world, "0.4 g/kg once")
    high = _course(world, FIVE_DAYS)
    return _at(SOON, once.igg_g_per_L[0], 7.0), float(high.igg_g_per_L[0].max())


def _antibody(world: World, *days: float, regimen: str = HIGH) -> Numbers:
    """Change of autoantibody on these days, %."""
    course = _course(world, regimen)
    return tuple(100.0 * (_at(SOON, course.autoantibody_ratio[0], d) - 1.0) for d in days)


def _falls(world: World, *days: float) -> Numbers:
    return tuple(-change for change in _antibody(world, *days))


def _lowest(world: World) -> Numbers:
    ratio = _course(world, HIGH).autoantibody_ratio[0]
    at = int(np.argmin(ratio))
    return 100.0 * (1.0 - float(ratio[at])), float(SOON[at])


def _clearances(world: World) -> Numbers:
    """At the highest IgG after 2 g/kg over normal; without FcRn over with; the same without FcRn."""
    normal = _rate(world, _normal(world))
    high = float(_course(world, HIGH).igg_g_per_L[0].max())
    without = _rate(world, _normal(world), occupancy=NO_FCRN)
    return (
        _rate(world, high) / normal,
        without / normal,
        _rate(world, high, occupancy=NO_FCRN) / without,
    )


def _rat(world: World) -> Numbers:
    course = _course(world, HIGH)
    early = course.platelets[0][(SOON >= 1.0) & (SOON <= 7.0)]
    return _clearances(world)[0], float(early.min() / course.platelets[0, 0])


def _red_cells(world: World, day: float) -> float:
    """Clearance rate of coated cells over that before."""
    free = _at(SOON, _course(world, FIVE_DAYS).free_receptor_ratio[0], day)
    return float(red_cell_clearance(free, world.number("fcgamma", "h_rbc")))


def _itp(world: World, regimen: str) -> FloatArray:
    """Day at 50, day of the highest, the highest, days at 50 or more: the typical patient."""
    return response(SOON, _course(world, regimen).platelets)[0]


def _responders(world: World) -> float:
    days = np.linspace(0.0, 7.0, 57)
    course = simulate(_people(world), trains_of(HIGH, KG), days)
    return 100.0 * float((course.platelets.max(axis=1) >= 50.0).mean())


def _privigen_peak(world: World) -> Numbers:
    found = _itp(world, HIGH)
    return found[2], found[1]


def _low_dose(world: World) -> Numbers:
    course = _course(world, "0.27 g/kg daily x 5").platelets[0]
    return float(SOON[np.argmax(course)]), _at(SOON, course, 20.0) / course[0]


def _children(world: World) -> Numbers:
    days = np.array([0.0, 3.0])
    counts = (
        simulate(_people(world), trains_of(text, KG), days).platelets[:, 1]
        for text in ("0.8 g/kg once", HIGH)
    )
    return tuple(100.0 * float((one <= 20.0).mean()) for one in counts)


def _roza_itp(world: World) -> Numbers:
    days = np.linspace(0.0, 28.0, 113)
    blocker = _blocker(world, "rozanolixizumab", "15 mg/kg once")
    many = simulate(_people(world), (), days, blocker=blocker).platelets
    one = simulate(typical(world.mechanisms), (), days, blocker=blocker).platelets[0]
    return 100.0 * float((many.max(axis=1) >= 50.0).mean()), float(days[np.argmax(one)])


def _antibody_share(world: World) -> Numbers:
    shares = platelet_shares(typical(world.mechanisms), trains_of(HIGH, KG), SOON)
    return (shares.antibody_high_percent,)


def _fold(world: World, *, antibody: bool = True) -> float:
    """Highest platelets after 2 g/kg over before, with or without the effect on antibody."""
    people = typical(world.mechanisms)
    if not antibody:
        people = replace(people, h_A=np.zeros(people.size))
    course = simulate(people, trains_of(HIGH, KG), SOON).platelets[0]
    return float(course.max() / course[0])


def _basta(world: World) -> Numbers:
    held = _course(world, HIGH).c3_inhibition[0]
    return 100.0 * float(held.max()), 100.0 * _at(SOON, held, 30.0)


def _c3_left(world: World, regimen: str, day: float | None) -> float:
    held = _course(world, regimen).c3_inhibition[0]
    return 100.0 * (1.0 - (float(held.max()) if day is None else _at(SOON, held, day)))


def _c4(world: World) -> float:
    return 100.0 * float(_course(world, HIGH).c4_ratio[0].min())


def _mean_inhibition(world: World, regimen: str, weeks: float = 24.0) -> float:
    days = np.linspace(0.0, 7.0 * weeks, int(7 * weeks) * 4 + 1)
    return 100.0 * float(_course(world, regimen, days).c3_inhibition[0].mean())


def _cidp(world: World) -> Numbers:
    low, middle, high = (_mean_inhibition(world, f"{g} g/kg q3w") for g in (0.5, 1.0, 2.0))
    return middle / low, high / middle


def _cidp_sc(world: World) -> Numbers:
    low, high = (_mean_inhibition(world, f"{g} g/kg sc weekly") for g in (0.2, 0.4))
    return (high / low,)


def _dermatomyositis(world: World) -> Numbers:
    return (_mean_inhibition(world, "2 g/kg over 2 days q4w", 16.0),)


def _hypotheses(world: World, name: str, day: float, *, acute: bool) -> float:
    igg = _course(world, "2 g/kg over 1 days").igg_g_per_L
    found = hypothetical_courses(
        world.mechanisms["cytokines"], SOON, igg, np.array([_normal(world)]), acute=acute
    )
    return _at(SOON, getattr(found, name)[0], day)


def _t_cells(world: World) -> Numbers:
    held = t_cell_inhibition(world.mechanisms["cytokines"], np.array([20.0, 10.0, 3.0]))
    return tuple((100.0 * held).tolist())


def _signs(world: World, *asked: tuple[str, str, str]) -> Numbers:
    return tuple(
        float(NUMBER[cell_response(world.cells, cell=c, state=s, dose=d)[0].sign])
        for c, s, d in asked
    )


def _lots(world: World, n_lots: int, n_products: int) -> Numbers:
    rng = np.random.default_rng(SEED)
    found = range_of_lots(world.mechanisms["antibody"], rng, n_lots, n_products, N_DRAWS)
    return found.low, found.high


def _donors(world: World) -> Numbers:
    antibody = world.mechanisms["antibody"]
    pool = pool_cv(antibody.number("pool_low"), antibody.number("sigma_donor"))
    return (antibody.number("sigma_lot") / pool,)


def _mono(world: World) -> Numbers:
    own = _normal(world)
    return (100.0 * float(free_ratio(own + 10.0, own, world.number("fcgamma", "KA_eff"))),)


def _gq1b(world: World) -> Numbers:
    ic50, h = (world.number("complement", name) for name in ("IC50_C", "h_C"))
    return (100.0 * (1.0 - float(inhibition(20.0, ic50, h))),)


PREDICTED: dict[str, Callable[[World], Numbers]] = {
    "fcr_normal": _fcr,
    "thalf_normal": lambda w: (float(half_life_at(w.mechanisms["fcrn"], _normal(w))),),
    "syn": _synthesis,
    "thalf_30": lambda w: (float(half_life_at(w.mechanisms["fcrn"], 30.0)),),
    "fhh": lambda w: (_without_fcrn(w),),
    "efg_single": lambda w: (100.0 * (1.0 - _efgartigimod(w, "10 mg/kg once").min()),),
    "efg_multi": _efg_multi,
    "efg_recovery": _efg_recovery,
    "roza_fih": _roza,
    "nipo_max": lambda w: (100.0 * (1.0 - 1.0 / _without_fcrn(w)),),
    "dIgG_gbs": _gbs,
    "dIgG_sev": _gbs_severity,
    "igg_after_high": _levels_after,
    "auto_bleeker": _lowest,
    "auto_mouse": lambda w: _falls(w, 3.0),
    "auto_lems": lambda w: (_antibody(w, 7.0)[0], _lowest(w)[1]),
    "auto_pemphigus": lambda w: _falls(w, 7.0, 14.0),
    "auto_pemphigus2": lambda w: _falls(w, 7.0, 28.0),
    "auto_itp": lambda w: _antibody(w, 7.0, regimen=FIVE_DAYS),
    "mouse_fcrn": _clearances,
    "rat_dose": _rat,
    "rbc_clear": lambda w: (1.0 / _red_cells(w, 6.0),),
    "phago_course": lambda w: (_itp(w, FIVE_DAYS)[1],),
    "fehr": lambda w: (
        _at(SOON, _course(w, FIVE_DAYS).platelets[0], 5.0) / w.number("platelets", "P0"),
        100.0 * _red_cells(w, 5.0),
    ),
    "privigen_resp": lambda w: (_responders(w),),
    "privigen_t": lambda w: (_itp(w, HIGH)[0],),
    "privigen_peak": _privigen_peak,
    "privigen_dur": lambda w: (_itp(w, HIGH)[3],),
    "panzyga": lambda w: (_responders(w), _itp(w, HIGH)[0], _itp(w, HIGH)[3]),
    "flebogamma": lambda w: (_responders(w), _itp(w, HIGH)[0]),
    "itp_lowdose": _low_dose,
    "child_0p8": _children,
    "child_t50": lambda w: (_itp(w, HIGH)[0],),
    "fc_frag": lambda w: (_fold(w),),
    "roza_itp": _roza_itp,
    "mouse_share": _antibody_share,
    "mouse_noFcRn": lambda w: (_fold(w, antibody=False),),
    "mono_phago": _mono,
    "basta_inh": _basta,
    "mac_biopsy": lambda w: (100.0 * float(_course(w, HIGH).mac_ratio[0].min()),),
    "lutz_05": lambda w: (_c3_left(w, "0.5 g/kg once", None),),
    "lutz_14": lambda w: (_c3_left(w, HIGH, 14.0),),
    "lutz_c4": lambda w: (100.0 - _c4(w),),
    "mmn_c": lambda w: (_c4(w),),
    "gbs_block": _gq1b,
    "kd_cyt": lambda w: (100.0 * _hypotheses(w, "il6_ratio", 3.0, acute=True),),
    "kd_treg": lambda w: (_hypotheses(w, "treg_ratio", 7.0, acute=True),),
    "tcell": _t_cells,
    "pmn_biphasic": lambda w: _signs(
        w, ("neutrophil", "resting", "low"), ("neutrophil", "lps_primed", "high")
    ),
    "mac_state": lambda w: _signs(w, ("macrophage", "m1", "high"), ("macrophage", "m2", "high")),
    "dc_state": lambda w: _signs(
        w, ("dendritic_cell", "immature", "high"), ("dendritic_cell", "mature", "high")
    ),
    "pmn_death": lambda w: _signs(w, ("neutrophil", "cytokine_primed", "high")),
    "cidp_dose": _cidp,
    "cidp_sc": _cidp_sc,
    "dm_tis": _dermatomyositis,
    "dm_cdasi": _dermatomyositis,
    "lot_hbs": lambda w: _lots(w, 19, 5),
    "lot_measles": lambda w: _lots(w, 28, 1),
    "lot_opsonic": _donors,
}
