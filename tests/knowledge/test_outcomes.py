"""The shipped relations: their arithmetic, their sources, and whom they speak of."""

from math import exp, log, sqrt

import pytest

from ivig.cited import Interval
from ivig.knowledge import Knowledge
from ivig.outcome.benefit import expected_benefits
from ivig.outcome.estimate import at_dose, at_trough
from ivig.outcome.harm import expected_harms
from ivig.outcome.relation import Estimate, Outcome
from ivig.patient import Patient

TROUGH = Interval(median=8, low=6.5, high=10)


def estimates(knowledge: Knowledge, relation: str) -> dict[str, Estimate]:
    return {cited.value.label: cited.value for cited in knowledge.outcomes[relation].estimates}


def benefits(
    knowledge: Knowledge, *lineage: str, route: str = "iv", **patient: object
) -> dict[str, Outcome]:
    found = expected_benefits(
        Patient(diagnosis=lineage[0], weight_kg=70, **patient),  # type: ignore[arg-type]
        lineage,
        knowledge.outcomes.values(),
        trough_g_per_L=TROUGH,
        dose_g_per_kg=1.0,
        route=route,  # type: ignore[arg-type]
    )
    return {outcome.id: outcome for outcome in found}


def wald_odds_ratio(a: Estimate, b: Estimate) -> tuple[float, float, float]:
    cells = [
        a.events or 0,
        (a.n or 0) - (a.events or 0),
        b.events or 0,
        (b.n or 0) - (b.events or 0),
    ]
    centre = log(cells[0] * cells[3] / (cells[1] * cells[2]))
    half = 1.96 * sqrt(sum(1 / cell for cell in cells))
    return exp(centre), exp(centre - half), exp(centre + half)


@pytest.mark.parametrize("week", ["2", "7"])
def test_kawasaki_odds_ratios_follow_from_the_counts(knowledge: Knowledge, week: str) -> None:
    found = estimates(knowledge, "er_kd_dose_caa")
    told = found[f"1.6 g/kg at {week} weeks"]
    expected = wald_odds_ratio(found[f"IVIG at {week} weeks"], found[f"aspirin at {week} weeks"])
    assert (told.value, told.low, told.high) == pytest.approx(expected, rel=0.005)


def test_pneumonia_reproduces_the_papers_second_rate(knowledge: Knowledge) -> None:
    slope = knowledge.outcomes["er_trough_pneumonia"].trough_slope
    assert slope is not None
    rate = at_trough(slope.value, Interval(median=10, low=10, high=10)).median
    printed = estimates(knowledge, "er_trough_pneumonia")["at 10 g/L"].value
    assert round(rate, 3) == printed == 0.023


def test_the_cidp_slope_reproduces_its_arms(knowledge: Knowledge) -> None:
    relation = knowledge.outcomes["er_cidp_dose_response"]
    assert relation.dose_slope is not None
    for dose in (0.5, 1.0, 2.0):
        arm = estimates(knowledge, relation.id)[f"{dose:g} g/kg"]
        assert arm.events is not None
        assert arm.n is not None
        fitted = at_dose(relation.dose_slope.value, dose).median
        assert fitted == pytest.approx(100 * arm.events / arm.n, abs=1.5)


def test_pooled_and_derived_numbers_follow_from_their_parts(knowledge: Knowledge) -> None:
    itp = estimates(knowledge, "er_itp_time_course")["responders"]
    assert itp.events == 46 + 92 + 52 + 13 + 14 + 15
    assert itp.n == 57 + 115 + 64 + 18 + 20 + 21
    cll = estimates(knowledge, "er_sid_low_igg_risk")[
        "rate with IgG below 3 g/L against the others"
    ]
    assert cll.value == pytest.approx((0.65 / 0.24) / (0.35 / 0.76), abs=0.05)
    rate = estimates(knowledge, "er_rate_reactions")["exact p"].value
    assert rate == pytest.approx(2 * (1 + 6) / 2**6, abs=0.005)  # McNemar: 0 or 1 of 6 discordant


@pytest.mark.parametrize(
    ("lineage", "relation", "words"),
    [
        (
            ("cvid", "pid"),
            "er_trough_pneumonia",
            "At the predicted trough of 8.0 g/L: 0.043 episodes",
        ),
        (("kawasaki",), "er_kd_dose_caa", "odds ratio 0.29 (95% interval 0.108 to 0.777)"),
        (("kawasaki",), "kd_ivig_resistance_rates", "142 of 722"),
        (("cidp",), "cidp_ice_2008", "32 of 59 (54%, 95% interval 42 to 66)"),
        (("dermatomyositis",), "dm_proderm_2022", "37 of 47 (79%, 95% interval 65 to 88)"),
        (("mmn",), "mmn_hahn_2013", "29 of 42 (69%, 95% interval 54 to 81)"),
        (("gbs",), "gbs_psgbs_1997", "0.09 disability grades (95% interval -0.23 to 0.42)"),
        (("mg_crisis",), "mg_zinman_2007", "-1.6 QMG points (95% interval -3.23 to 0.03)"),
        (("myeloma",), "sid_raanani_cll_mm_2009", "risk ratio 0.45 (95% interval 0.27 to 0.75)"),
    ],
)
def test_what_a_plan_says_of_the_main_indications(
    knowledge: Knowledge, lineage: tuple[str, ...], relation: str, words: str
) -> None:
    assert words in benefits(knowledge, *lineage, age_year=3.0)[relation].text


def test_adult_itp_and_subcutaneous_cidp(knowledge: Knowledge) -> None:
    assert "232 of 295 (79%, 95% interval 74 to 83)" in (
        benefits(knowledge, "itp", age_year=40)["er_itp_time_course"].text
    )
    assert "er_itp_time_course" not in benefits(knowledge, "itp", age_year=5)
    assert "19 of 58" in benefits(knowledge, "cidp", route="sc")["cidp_path_2018"].text
    assert "er_trough_pneumonia" not in benefits(knowledge, "cvid", "pid", route="sc")


@pytest.mark.parametrize(
    ("diagnosis", "relation", "words"),
    [
        ("neonatal_sepsis", "neonatal_inis_2011", "IVIG made no difference against placebo."),
        ("alzheimer", "alzheimer_relkin_2017", "No benefit of either dose."),
        ("hsct", "hsct_raanani_2009", "did not lower infections or deaths"),
    ],
)
def test_where_there_is_no_benefit_it_is_said(
    knowledge: Knowledge, diagnosis: str, relation: str, words: str
) -> None:
    told = benefits(knowledge, diagnosis)[relation]
    assert words in told.text
    assert told.value is None


def test_a_marker_of_prognosis_is_never_computed_from(knowledge: Knowledge) -> None:
    told = benefits(knowledge, "gbs")["er_gbs_delta_igg_outcome"]
    assert (told.strength, told.value) == ("quote", None)
    assert "not a cause" in told.caveats[0]


def test_every_relation_speaks_of_indications_we_hold(knowledge: Knowledge) -> None:
    known = set(knowledge.indications)
    spoken = {name for relation in knowledge.outcomes.values() for name in relation.indications}
    assert spoken <= known


def test_every_outcome_is_a_cited_sentence(knowledge: Knowledge) -> None:
    relations = tuple(knowledge.outcomes.values())
    for name in knowledge.indications:
        patient = Patient(diagnosis=name, weight_kg=70)
        told = expected_benefits(
            patient, (name,), relations, trough_g_per_L=TROUGH, dose_g_per_kg=2.0, route="iv"
        ) + expected_harms(
            patient, (name,), relations, dose_g_per_kg=2.0, route="iv", first_infusion=None
        )
        for outcome in told:
            assert outcome.text.endswith(".")
            assert outcome.citations
            assert all(citation.source in knowledge.sources for citation in outcome.citations)
            if outcome.value is not None:
                assert outcome.value.low <= outcome.value.median <= outcome.value.high
                assert outcome.unit


def test_memory_is_never_passed_off_as_read(knowledge: Knowledge) -> None:
    recalled = {
        (relation.id, cited.value.label)
        for relation in knowledge.outcomes.values()
        for cited in relation.estimates
        if cited.basis == "recalled"
    }
    assert ("cidp_ice_2008", "relapse in the extension, IVIG") in recalled
    assert ("er_individual_trough_target", "trough needed") in recalled
    assert ("aiha_flores_1993", "responders") in recalled
