"""Which published models speak for a patient, and why.

Replacement: navarro_mora_2022 scales clearance and both volumes with weight and has usable
variability; li_2022 scales with lean body mass, so it leads in obesity, and alone knows facilitated
SC; zhang_2020 joins for adults. Adults with haematological disease: tortorici_2019. Children with
secondary antibody deficiency: cheng_2026. At 1 to 2 g/kg clearance is 2.5 times that of replacement,
so tortorici_2021_cidp speaks, for other diseases than CIDP provisionally, and no replacement model.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from ivig.patient import Patient, Route
from ivig.pk.domain import marks, usable
from ivig.pk.population import PopulationModel

OBESE_KG_PER_M2 = 30.0
ADULT_YEAR = 18.0
MOST_MODELS = 3

PkPopulation = Literal["pid", "sid_haematology", "paediatric_sad", "cidp", "mmn", "other"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelChoice:
    """The models that speak for a patient.

    ``primary`` None: none does, and ``reason`` says why. ``group`` is the population whose group
    effects apply in ``individualise``. ``refused`` pairs a model with its reasons.
    """

    primary: str | None
    others: tuple[str, ...]
    group: str | None
    reason: str
    cautions: tuple[str, ...]
    refused: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def ids(self) -> tuple[str, ...]:
        """Primary first, then the others."""
        return () if self.primary is None else (self.primary, *self.others)


@dataclass(frozen=True, slots=True)
class _Plan:
    candidates: tuple[str, ...]
    reason: str
    caution: str | None = None
    group: str | None = None


def choose(
    patient: Patient,
    *,
    population: PkPopulation,
    category: Literal["replacement", "immunomodulation"],
    route: Route,
    models: Mapping[str, PopulationModel],
) -> ModelChoice:
    """The models for a patient, the best first, at most three.

    Parameters
    ----------
    population, category : str
        Of the indication: ``Indication.pk_population`` and ``Indication.category``.
    """
    plan = _plan(patient, population, category, route)
    refused: list[tuple[str, tuple[str, ...]]] = []
    admitted: list[str] = []
    for name in plan.candidates:
        reasons = usable(models[name], patient, route)
        if reasons:
            refused.append((name, reasons))
        else:
            admitted.append(name)
    admitted = admitted[:MOST_MODELS]
    if not admitted:
        return _none(plan, patient, route, tuple(refused))
    edge = tuple(text for name in admitted for text in marks(models[name], patient))
    reason = plan.reason
    if admitted[0] != plan.candidates[0]:
        why = "; ".join(refused[0][1])
        reason = f"{admitted[0]} speaks, because {plan.candidates[0]} does not apply: {why}."
    return ModelChoice(
        primary=admitted[0],
        others=tuple(admitted[1:]),
        group=plan.group,
        reason=reason,
        cautions=((plan.caution,) if plan.caution else ()) + edge,
        refused=tuple(refused),
    )


def _plan(patient: Patient, population: str, category: str, route: Route) -> _Plan:
    if category == "immunomodulation" or population in ("cidp", "mmn"):
        return _immunomodulation(patient, population)
    if population == "paediatric_sad" or (population == "sid_haematology" and _child(patient)):
        return _paediatric_secondary(route)
    if population == "sid_haematology":
        return _haematology(route)
    plan = _replacement(patient, route)
    if population == "pid":
        return plan
    caution = (
        "The models are built on primary immunodeficiency; for this disease they are provisional."
    )
    return _Plan(plan.candidates, plan.reason, caution)


def _immunomodulation(patient: Patient, population: str) -> _Plan:
    reason = (
        "tortorici_2021_cidp is built on 1 to 2 g/kg; at such doses IgG is cleared 2.5 times as fast, "
        "so replacement models do not apply."
    )
    if population == "cidp":
        return _Plan(("tortorici_2021_cidp",), reason)
    caution = "The model is built on CIDP; for this disease it is provisional."
    # li_2024a_mmn carries an implausible own IgG; it can speak only with the patient's own
    known = patient.baseline_igg_g_per_L is not None
    others = ("li_2024a_mmn",) if population == "mmn" and known else ()
    return _Plan(("tortorici_2021_cidp", *others), reason, caution)


def _paediatric_secondary(route: Route) -> _Plan:
    if route == "iv":
        reason = "cheng_2026 is built on children with secondary antibody deficiency."
        return _Plan(("cheng_2026",), reason, group="paediatric_sad")
    return _Plan(
        ("li_2022",) if route == "fsc" else ("navarro_mora_2022", "li_2022"),
        "No model covers subcutaneous doses in children with secondary antibody deficiency; models of "
        "primary immunodeficiency stand in.",
        "Clearance in secondary antibody deficiency was about half of that in primary "
        "immunodeficiency, so levels may come out higher than shown.",
    )


def _haematology(route: Route) -> _Plan:
    if route == "iv":
        return _Plan(
            ("tortorici_2019", "navarro_mora_2022", "li_2022"),
            "tortorici_2019 is built on adults with haematological malignancy; its clearance is the "
            "same in primary immunodeficiency, whose central volume is used because the larger one "
            "printed for haematological patients comes from troughs alone and hides the peak.",
        )
    return _Plan(
        ("li_2022",) if route == "fsc" else ("navarro_mora_2022", "li_2022"),
        "No model covers subcutaneous doses in haematological disease; IV clearance is the same as in "
        "primary immunodeficiency, so those models stand in.",
        "Subcutaneous absorption in haematological disease is assumed to be as in primary "
        "immunodeficiency.",
    )


def _replacement(patient: Patient, route: Route) -> _Plan:
    if route == "fsc":
        return _Plan(("li_2022",), "li_2022 is the only model with facilitated subcutaneous doses.")
    last = "cheng_2026" if _child(patient) else "zhang_2020"
    bmi = patient.bmi_kg_per_m2
    if bmi is not None and bmi >= OBESE_KG_PER_M2 and not _child(patient):
        return _Plan(
            ("li_2022", "navarro_mora_2022", last),
            f"li_2022 scales with lean body mass, which matters at a BMI of {bmi:.0f} kg/m².",
        )
    return _Plan(
        ("navarro_mora_2022", "li_2022", last),
        "navarro_mora_2022 covers children and adults, IV and SC, and scales clearance and volumes "
        "with weight.",
    )


def _child(patient: Patient) -> bool:
    """Under 18 years; a patient of unknown age counts as adult, which ``marks`` says."""
    return patient.age_year is not None and patient.age_year < ADULT_YEAR


def _none(
    plan: _Plan,
    patient: Patient,
    route: Route,
    refused: tuple[tuple[str, tuple[str, ...]], ...],
) -> ModelChoice:
    shown = "; ".join(f"{name}: {', '.join(reasons)}" for name, reasons in refused)
    who = "" if patient.age_year is None else f" at {patient.age_year:g} years"
    return ModelChoice(
        primary=None,
        others=(),
        group=plan.group,
        reason=f"No published model covers this patient{who} by {route.upper()} ({shown}).",
        cautions=(),
        refused=refused,
    )
