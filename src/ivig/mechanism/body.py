"""Patients as the mechanism model sees them: one number a patient for every parameter."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from math import log, sqrt

import numpy as np
from numpy.typing import NDArray

from ivig.errors import InputError
from ivig.mechanism.parameters import Mechanisms

FloatArray = NDArray[np.float64]
REFERENCE_KG = 70.0
LIGHTEST_KG, HEAVIEST_KG = 1.0, 300.0
_POSITIVE = (
    "weight_kg", "C0_g_per_L", "k_int_per_day", "K_D_g_per_L", "V1_L", "V2_L", "platelets_0",
    "autoantibody_fraction", "lifespan_day", "fixed_half", "IC50_g_per_L",
)  # fmt: skip
EXCHANGE_POWER = 0.75


@dataclass(frozen=True, slots=True, kw_only=True)
class Patients:
    """Parameters of n patients, each an array (n,).

    ``C0_g_per_L`` is total IgG before treatment, autoantibody included; ``platelets_0`` in 10⁹/L,
    ``production`` in 10⁹/L/day. ``h_ph`` 0 takes the receptor arm away, ``h_A`` 0 that of antibody.
    """

    weight_kg: FloatArray
    C0_g_per_L: FloatArray
    k_int_per_day: FloatArray
    n_R_g_per_L: FloatArray
    K_D_g_per_L: FloatArray
    V1_L: FloatArray
    V2_L: FloatArray
    Q_L_per_day: FloatArray
    ka_per_day: FloatArray
    F_sc_fraction: FloatArray
    autoantibody_fraction: FloatArray
    autoantibody_decay_per_day: FloatArray
    KA_L_per_g: FloatArray
    ke0_per_day: FloatArray
    h_ph: FloatArray
    h_A: FloatArray
    production: FloatArray
    lifespan_day: FloatArray
    fixed_loss: FloatArray
    fixed_half: FloatArray
    platelets_0: FloatArray
    IC50_g_per_L: FloatArray
    h_C: FloatArray
    k4_per_day: FloatArray
    a4_kg_per_g: FloatArray
    kM_per_day: FloatArray

    def __post_init__(self) -> None:
        n = self.weight_kg.size
        for field in fields(self):
            values: FloatArray = getattr(self, field.name)
            if values.shape != (n,) or not (np.isfinite(values).all() and (values >= 0.0).all()):
                allowed = f"a number of at least 0 for each of {n} patients"
                raise InputError(field.name, values.shape, allowed)
        for name in _POSITIVE:
            if not (getattr(self, name) > 0.0).all():
                raise InputError(name, float(getattr(self, name).min()), "above 0")

    @property
    def size(self) -> int:
        """How many patients."""
        return self.weight_kg.size

    def table(self) -> FloatArray:
        """Every parameter in the order of the fields, (n_parameters, n)."""
        return np.ascontiguousarray(np.stack([getattr(self, f.name) for f in fields(self)]))


def typical(
    mechanisms: Mechanisms,
    *,
    n: int = 1,
    weight_kg: float = REFERENCE_KG,
    C0_g_per_L: float | None = None,
    **changed: float,
) -> Patients:
    """n copies of the typical patient; ``changed`` sets any other field.

    Volumes go with weight, exchange with its power 0.75.
    """
    number = _numbers(mechanisms)
    if not LIGHTEST_KG <= weight_kg <= HEAVIEST_KG:
        raise InputError("weight", weight_kg, f"{LIGHTEST_KG:g} to {HEAVIEST_KG:g} kg")
    given = number("C0") if C0_g_per_L is None else C0_g_per_L
    if not 0.1 <= given <= 80.0:
        raise InputError("baseline IgG", given, "0.1 to 80 g/L")
    values = {
        "weight_kg": weight_kg,
        "C0_g_per_L": given,
        **_kinetics(number, weight_kg / REFERENCE_KG),
        **_effects(number),
    }
    return Patients(**{name: np.full(n, one) for name, one in (values | changed).items()})


def _kinetics(number: Callable[[str], float], size: float) -> dict[str, float]:
    """How IgG is distributed, absorbed, saved and lost, at a size relative to the reference."""
    return {
        "k_int_per_day": number("k_int"),
        "n_R_g_per_L": number("n_R"),
        "K_D_g_per_L": number("K_D"),
        "V1_L": number("V1") * size,
        "V2_L": number("V2") * size,
        "Q_L_per_day": number("Q") * size**EXCHANGE_POWER,
        "ka_per_day": number("ka"),
        "F_sc_fraction": number("F_sc"),
        "autoantibody_fraction": number("autoantibody"),
        "autoantibody_decay_per_day": 0.0,
    }


def _effects(number: Callable[[str], float]) -> dict[str, float]:
    """Receptors, platelets and complement."""
    recovery = number("recovery")
    return {
        "KA_L_per_g": number("KA_eff"),
        "ke0_per_day": number("ke0"),
        "h_ph": number("h_ph"),
        "h_A": number("h_A"),
        "production": number("turnover") * recovery * number("m_prod"),
        "lifespan_day": number("lifespan"),
        "fixed_loss": number("R_fix") * recovery,
        "fixed_half": number("K_fix"),
        "platelets_0": number("P0"),
        "IC50_g_per_L": number("IC50_C"),
        "h_C": number("h_C"),
        "k4_per_day": number("k4"),
        "a4_kg_per_g": number("a4"),
        "kM_per_day": number("k_M"),
    }


def draw(
    mechanisms: Mechanisms,
    n: int,
    rng: np.random.Generator,
    *,
    weight_kg: float = REFERENCE_KG,
    C0_g_per_L: float | None = None,
    responders_only: bool = False,
    **changed: float,
) -> Patients:
    """n patients about the typical one, (n,) arrays; the level before treatment is kept when given.

    Spread is log-normal, of the coefficients of variation in knowledge/mechanisms/variability.yaml.
    A share of them has no receptor effect at all (``non_responders``); ``responders_only`` leaves
    these out.
    """
    middle = typical(mechanisms, n=n, weight_kg=weight_kg, C0_g_per_L=C0_g_per_L, **changed)
    number = mechanisms["variability"].number
    table = {f.name: getattr(middle, f.name) for f in fields(Patients)}
    for name, symbol in _VARIED.items():
        if name == "C0_g_per_L" and C0_g_per_L is not None:
            continue
        sigma = sqrt(log(1.0 + number(symbol) ** 2))
        table[name] = table[name] * np.exp(sigma * rng.standard_normal(n))
    if not responders_only:
        none = rng.random(n) < number("non_responders")
        table["h_ph"] = np.where(none, 0.0, table["h_ph"])
    return Patients(**table)


_VARIED = {
    "C0_g_per_L": "cv_C0",
    "k_int_per_day": "cv_k_int",
    "V1_L": "cv_V1",
    "V2_L": "cv_V2",
    "platelets_0": "cv_P0",
    "production": "cv_production",
    "h_ph": "cv_h_ph",
    "IC50_g_per_L": "cv_IC50",
}


def _numbers(mechanisms: Mechanisms) -> Callable[[str], float]:
    """The value of a symbol, wherever it stands."""
    of = {
        symbol: fact.value.number
        for mechanism in mechanisms.values()
        for symbol, fact in mechanism.parameters.items()
    }
    return of.__getitem__
