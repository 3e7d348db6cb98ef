"""Rows of replacement: infections, troughs, registration, and where no benefit was found."""

from collections.abc import Mapping
from math import exp, log, sqrt
from statistics import median

from docs.check_rows import Z90, Z95, Check, Facts, held, near, over, sign, within
from docs.outcome_fits import poisson_upper_limit
from ivig.cited import Interval
from ivig.errors import IvigError
from ivig.outcome.estimate import at_trough
from ivig.patient import Patient
from ivig.pk.population import PopulationModel
from ivig.pk.predict import predict
from ivig.pk.regimen_text import parse_regimen


def replacement_checks(facts: Facts) -> list[Check]:
    """Trough against infections, dose against trough, SC against IV."""
    relations = facts.knowledge.outcomes
    pneumonia = relations["er_trough_pneumonia"].trough_slope
    infections = relations["er_trough_all_infections"].trough_slope
    assert pneumonia is not None  # noqa: S101
    assert infections is not None  # noqa: S101
    at_10 = at_trough(pneumonia.value, Interval(median=10.0, low=10.0, high=10.0)).median
    models = facts.knowledge.models
    rise, ratio = _dose_rise(models), _route_ratio(models)
    return [
        near(
            "pneumonia_at_10",
            "pneumonia a year at a trough of 10 g/L",
            at_10,
            0.023,
            5,
            "orange_2010",
            rounded=over(lambda rate, ratio: rate * ratio**5, "0.113", "0.726"),
        ),
        sign(
            "infections_iv_shrestha",
            "all infections against the trough on IV",
            f"× {infections.value.ratio_per_g_per_L:g} per g/L",
            "a fall with the trough",
            holds=False,
            source="shrestha_2019",
            miss="24 observational studies show no trend on IV (p 0.67), only on SC (p 0.03); the slope "
            "of the relation is between studies and its caveat says so",
        ),
        within(
            "dose_to_trough",
            "rise of trough, mg/dL per 100 mg/kg every 4 weeks, median of the models for IV",
            rise,
            73.0,
            121.0,
            "lee_trough_2020, cvid_dose_2005, orange_2010 (recalled)",
            miss="every 4 weeks; the within-patient 110 was every 3 weeks, where the same models give more",
        ),
        within(
            "sc_iv_trough",
            "trough of weekly SC over 4-weekly IV at the same grams, median of the models",
            ratio,
            1.0,
            1.25,
            "kanegane_2014",
            miss="the models absorb less than the whole of an SC dose, which just undoes the gain of the "
            "flatter curve; in the Japanese patients the trough rose by a tenth",
        ),
    ]


def _adult() -> Patient:
    return Patient(diagnosis="cvid", weight_kg=70.0, age_year=40.0, sex="male", height_cm=175.0)


def _troughs(models: Mapping[str, PopulationModel], text: str) -> dict[str, float]:
    """Steady trough of every model that covers the adult and the route, g/L."""
    found: dict[str, float] = {}
    for model in models.values():
        try:
            if "pid" in model.domain.value.populations:
                found[model.id] = predict(model, _adult(), parse_regimen(text)).trough_g_per_L
        except IvigError:
            continue
    return found


def _dose_rise(models: Mapping[str, PopulationModel]) -> float:
    low, high = _troughs(models, "0.4 g/kg iv q4w"), _troughs(models, "0.6 g/kg iv q4w")
    return median(100.0 * (high[key] - low[key]) / 2.0 for key in low)


def _route_ratio(models: Mapping[str, PopulationModel]) -> float:
    iv, sc = _troughs(models, "0.4 g/kg iv q4w"), _troughs(models, "0.1 g/kg sc weekly")
    return median(sc[key] / iv[key] for key in sc if key in iv)


def _ratio_band(facts: Facts, printed: tuple[float, float, float]) -> tuple[float, float, float]:
    """A later trial's ratio: the relation's error, the trial's own, and a spread of 0.3 between trials."""
    one = facts.of("sid_raanani_cll_mm_2009", "clinically documented infection")
    centre = log(one.value or 1.0)
    own = (log(one.high or 1.0) - log(one.low or 1.0)) / (2.0 * Z95)
    later = (log(printed[2]) - log(printed[1])) / (2.0 * Z95)
    half = Z90 * sqrt(own**2 + later**2 + 0.3**2)
    return exp(centre), exp(centre - half), exp(centre + half)


def secondary_checks(facts: Facts) -> list[Check]:
    """Infections in secondary immunodeficiency."""
    risk = facts.value("er_sid_low_igg_risk", "rate with IgG below 3 g/L against the others")
    late = "modern myeloma, all patients, little of the effect that older trials in CLL and myeloma saw"
    return [
        held(
            "sid_mount_sinai",
            "rate ratio of infections, modern myeloma",
            0.92,
            _ratio_band(facts, (0.92, 0.76, 1.10)),
            "mm_ivig_2021",
            miss=late,
        ),
        held(
            "sid_mount_sinai_low_igg",
            "the same, low IgG and not progressing",
            0.63,
            _ratio_band(facts, (0.63, 0.45, 0.88)),
            "mm_ivig_2021",
        ),
        held(
            "sid_review_2023",
            "risk ratio of infection, review of 2023",
            0.72,
            _ratio_band(facts, (0.72, 0.54, 0.96)),
            "chai_2023",
        ),
        sign(
            "sid_cll_1988",
            "bacterial infections, IVIG over placebo",
            f"{23 / 42:.2g}",
            "below 1",
            holds=23 < 42,
            source="cll_group_1988",
        ),
        near(
            "sid_low_igg",
            "rate below 3 g/L over the others",
            _odds(65.0, 24.0),
            risk,
            1,
            "boughton_1995",
            rounded=over(_odds, "65", "24"),
        ),
    ]


def _odds(share_of_infections: float, share_of_patients: float) -> float:
    """Rate in a group over that in the others, from its shares in percent."""
    others = (100.0 - share_of_infections) / (100.0 - share_of_patients)
    return share_of_infections / share_of_patients / others


def registration_checks(facts: Facts) -> list[Check]:
    """The registration rule: upper limit of serious bacterial infections."""

    def children(rate: float) -> float:
        return poisson_upper_limit(2) / (2 / rate)

    def adolescents(rate: float) -> float:
        return poisson_upper_limit(1) / (1 / rate)

    return [
        near(
            "sbi_privigen_children",
            "upper 99 % limit of 2 serious infections at 0.12 a year",
            children(0.12),
            0.499,
            1,
            "privigen_paediatric_pid",
            rounded=over(children, "0.12"),
        ),
        near(
            "sbi_privigen_adolescents",
            "upper 99 % limit of 1 serious infection at 0.10 a year",
            adolescents(0.1),
            0.642,
            5,
            "privigen_paediatric_pid",
            rounded=over(adolescents, "0.10"),
        ),
    ]


def no_benefit_checks(facts: Facts) -> list[Check]:
    """Where no benefit was found."""
    ivig, placebo = (
        facts.counts("neonatal_inis_2011", "IVIG"),
        facts.counts("neonatal_inis_2011", "placebo"),
    )
    ratio = ivig[0] / ivig[1] / (placebo[0] / placebo[1])
    relation = facts.knowledge.outcomes["alzheimer_relkin_2017"]
    said = relation.strength == "quote" and "No benefit" in relation.name
    return [
        near("inis", "death or disability, IVIG over placebo", ratio, 1.0, 1, "inis_2011"),
        sign(
            "alzheimer",
            "Alzheimer disease",
            relation.name,
            "no benefit is said, nothing simulated",
            holds=said,
            source="relkin_2017",
        ),
    ]
