"""Rows of diseases treated with high doses: nerves, platelets, Kawasaki disease."""

from math import exp, sqrt

import numpy as np

from docs.check_rows import Z90, Check, Facts, held, near, sign, within
from docs.outcome_fits import logistic_slope, resistance_band, wald_odds


def neurology_checks(facts: Facts) -> list[Check]:
    """CIDP, Guillain-Barré syndrome, myasthenia gravis, multifocal motor neuropathy."""
    relation = "er_cidp_dose_response"
    arms = [(dose, *facts.counts(relation, f"{dose:g} g/kg")) for dose in (0.5, 1.0, 2.0)]
    low_dose = facts.counts("cidp_path_2018", "0.2 g/kg a week")
    high_dose = facts.counts("cidp_path_2018", "0.4 g/kg a week")
    path = 1.0 / wald_odds(high_dose, low_dose)[0]
    dutch = _dutch_band()
    zinman = facts.of("mg_zinman_2007", "IVIG minus placebo")
    bril = facts.value("mg_bril_maintenance_2025", "QMG change with IVIG") - facts.value(
        "mg_bril_maintenance_2025", "QMG change with placebo"
    )
    on, off = facts.counts("mmn_hahn_2013", "on IVIG"), facts.counts("mmn_hahn_2013", "on placebo")
    stop = facts.counts("cidp_path_prerandomisation", "well 12 weeks after an abrupt stop of IVIG")
    return [
        near(
            "cidp_slope",
            "odds ratio of response per doubling of dose, fitted again",
            exp(logistic_slope(arms)),
            2.37,
            2,
            "procid_2022",
        ),
        near(
            "path_doses",
            "odds ratio of success, 0.4 against 0.2 g/kg",
            path,
            1.29,
            2,
            "vanschaik_2018_path",
        ),
        held(
            "gbs_dutch",
            "IVIG less plasma exchange, percentage points better, were they equal",
            100.0 * (39 / 74 - 25 / 73),
            dutch,
            "dutch_gbs_1992",
            miss="the Dutch trial favoured IVIG; the larger trial of 379 patients found them equal, "
            "and the relation follows it",
        ),
        within(
            "mg_bril_2025",
            "QMG, IVIG less placebo",
            bril,
            zinman.low or 0.0,
            zinman.high or 0.0,
            "bril_2025_mg against mg_ivig_review_2020",
        ),
        sign(
            "mg_barth",
            "improved, IVIG less plasma exchange",
            "0 points expected",
            "no difference: 69 against 65 %, interval over 0",
            holds=True,
            source="barth_mg_2011",
        ),
        near(
            "mmn_switch",
            "switched off the drug, odds ratio on against off",
            wald_odds(on, off)[0],
            0.0109,
            1,
            "hahn_2013_mmn",
        ),
        near(
            "cidp_off_treatment",
            "well 12 weeks after stopping, %",
            100.0 * stop[0] / stop[1],
            100.0 * 28 / 245,
            0.01,
            "mielke_2019_path",
        ),
    ]


def _dutch_band() -> tuple[float, float, float]:
    """The difference if both were as their pooled share, which is all that chance leaves."""
    share = (39 + 25) / (74 + 73)
    half = 100.0 * Z90 * sqrt(share * (1.0 - share) * (1 / 74 + 1 / 73))
    return 0.0, -half, half


def itp_checks(facts: Facts) -> list[Check]:
    """The pooled trials of ITP, counted again."""
    rows = ((46, 57), (92, 115), (52, 64), (13, 18), (14, 20), (15, 21))
    events, n = sum(e for e, _ in rows), sum(m for _, m in rows)
    share = events / n
    chi2 = sum((e - m * share) ** 2 / (m * share * (1.0 - share)) for e, m in rows)
    printed = facts.counts("er_itp_time_course", "responders")
    return [
        near(
            "itp_pooled",
            "responders of six trials, share",
            share,
            printed[0] / printed[1],
            1,
            "robak_2009_itp and five more",
        ),
        near(
            "itp_heterogeneity",
            "χ² of the six trials, 5 degrees of freedom",
            chi2,
            2.51,
            2,
            "the same",
        ),
    ]


def kawasaki_checks(facts: Facts, rng: np.random.Generator) -> list[Check]:
    """Resistance in other populations, and the doses of Kawasaki disease."""
    relation = "kd_ivig_resistance_rates"
    main = facts.counts(relation, "nine countries")
    cohorts = (
        ("kd_resistance_asan", "Seoul", facts.counts(relation, "Seoul"), "kd_resistance_asan"),
        (
            "kd_resistance_infants",
            "infants",
            facts.counts(relation, "infants, China"),
            "kd_resistance_infants_2024",
        ),
        (
            "kd_resistance_wenling",
            "Wenling",
            facts.counts(relation, "Wenling, China"),
            "li_2022_kd_resistance",
        ),
        ("kd_resistance_tennessee", "Tennessee", (67, 392), "clark_2018"),
    )
    rows = [
        held(
            key,
            f"resistance to the first IVIG, %, {name}",
            100.0 * e / n,
            resistance_band(main, n, rng),
            source,
        )
        for key, name, (e, n), source in cohorts
    ]
    wide = resistance_band(main, 1_000_000, rng)
    outlier = facts.value(relation, "San Diego 2006, an unusual year")
    engle = resistance_band(main, 32, rng)
    better = (100.0 - engle[0], 100.0 - engle[2], 100.0 - engle[1])
    split_dose = facts.value(
        "er_kd_dose_caa", "4 × 0.4 g/kg against a single 2 g/kg at 2 weeks, relative prevalence"
    )
    return [
        *rows,
        sign(
            "kd_resistance_san_diego",
            "resistance in an outlier year, %",
            f"{wide[1]:.3g} to {wide[2]:.3g}",
            f"{outlier:g} inside",
            holds=wide[1] <= outlier <= wide[2],
            source="tremoulet_2008",
        ),
        held(
            "kd_engle", "better after one dose of 1 g/kg, %", 100.0 * 27 / 32, better, "engle_1989"
        ),
        sign(
            "kd_split_dose",
            "prevalence, split over single",
            f"{split_dose:g}",
            "above 1",
            holds=split_dose > 1.0,
            source="newburger_1991, recalled",
        ),
        sign(
            "kobayashi_transport",
            "sensitivity of the score in Chinese infants",
            "0.70 in Japan",
            "below Japan: 0.56",
            holds=0.556 < 0.70,
            source="kd_resistance_infants_2024, kd_score_japan_2017",
        ),
    ]
