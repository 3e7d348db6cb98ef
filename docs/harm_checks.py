"""Rows of harm: clots, reactions, haemolysis, meningitis, kidneys."""

import numpy as np

from docs.check_rows import Check, Facts, N, held, near, over, sign, within
from docs.outcome_fits import wald_odds


def thrombosis_checks(facts: Facts, rng: np.random.Generator) -> list[Check]:
    """Thromboembolism by day, course and year."""
    window = "er_tee_window"
    excess = 13.0 * 2.0 / 365.25 * (facts.value(window, "arterial, days 0-1") - 1.0) * 1.8
    printed = facts.of(window, "arterial excess over one year")
    first, later = (
        facts.counts("er_tee_dose_rate", "first courses"),
        facts.counts("er_tee_dose_rate", "later courses"),
    )
    p_first = rng.beta(first[0] + 0.5, first[1] - first[0] + 0.5, N)
    p_later = rng.beta(later[0] + 0.5, later[1] - later[0] + 0.5, N)
    events = rng.binomial(95, p_first) + rng.binomial(664 - 95, p_later)
    low, middle, high = (float(x) for x in np.quantile(events, (0.05, 0.5, 0.95)))
    return [
        within(
            "tee_excess_one_year",
            "arterial excess in a year of 13 infusions, % (1.8 % without, hazard of days 0-1)",
            excess,
            printed.low or 0.0,
            printed.high or 0.0,
            "ammann_2016",
        ),
        held(
            "tee_proderm",
            "thromboembolic events in 95 first and 569 later cycles",
            8.0,
            (middle, low, high),
            "proderm_2022 against rajabally_2011",
        ),
        sign(
            "tee_rct",
            "serious thromboembolism in trials, odds ratio",
            f"hazard {facts.value(window, 'days 0-1'):g} on days 0-1",
            "above 1: 1.10 (0.44 to 2.88)",
            holds=facts.value("ae_tee_rct_meta", "IVIG against control") > 1.0,
            source="ammann_2016_rct",
        ),
    ]


def other_harm_checks(facts: Facts) -> list[Check]:
    """Anaphylaxis, haemolysis, meningitis, routes, kidneys."""
    first = facts.counts("er_first_infusion_anaphylaxis", "first administrations")
    later = facts.counts("er_first_infusion_anaphylaxis", "later administrations")
    again = 174_413 - first[1] - later[1]
    gap = facts.value("er_first_infusion_anaphylaxis", "after a gap of more than 42 days")

    def whole(rate: float) -> float:
        return (first[0] + later[0] + again * rate / 1e4) / 174_413 * 1e4

    any_grade = facts.counts("er_haemolysis", "any grade")
    coded = facts.value("er_haemolysis", "recognised in hospital without looking")
    migraine = facts.counts("er_meningitis_migraine", "with migraine")
    others = facts.counts("er_meningitis_migraine", "without migraine")
    kidney = facts.counts("ae_aki_levy_2000", "kidney function worse")
    month = (2.7 * 365.25 / 84.0) / (9.8 * 365.25 / 252.0)
    systemic = {
        key: facts.value("er_route_systemic", key) for key in ("PID, facilitated SC", "PID, IV")
    }
    ratio = systemic["PID, facilitated SC"] / systemic["PID, IV"]
    odds = wald_odds(migraine, others)[0]
    return [
        near(
            "anaphylaxis_all",
            "anaphylaxis per 10,000, put together from its parts",
            whole(gap),
            7.34,
            1,
            "martinez_2021",
            rounded=over(whole, f"{gap:g}"),
        ),
        within(
            "haemolysis_definition",
            "active over coded counting, times",
            100.0 * any_grade[0] / any_grade[1] / coded,
            20.0,
            200.0,
            "haemolysis_2021, notify_haemolysis",
            role="calibration",
            rounded=over(lambda rate: 100.0 * any_grade[0] / any_grade[1] / rate, f"{coded:g}"),
        ),
        within(
            "haemolysis_isoagglutinins",
            "crude ratio after removal of isoagglutinins",
            0.14 / 1.49,
            0.03,
            0.33,
            "wallenhorst_2020",
        ),
        near(
            "meningitis_all",
            "aseptic meningitis after 2 g/kg, of 54",
            migraine[0] + others[0],
            6,
            0.01,
            "sekul_1994",
        ),
        sign(
            "meningitis_migraine",
            "odds ratio with migraine",
            f"{odds:.3g}",
            "above 1",
            holds=odds > 1.0,
            source="sekul_1994",
        ),
        sign(
            "route_hyqvia",
            "systemic reactions, facilitated SC over IV",
            f"{ratio:.2g}",
            "below 1",
            holds=ratio < 1.0,
            source="hyqvia_label",
        ),
        sign(
            "route_path_month",
            "systemic reactions by the month, weekly SC over 3-weekly IV",
            f"{month:.2g}",
            "below 1",
            holds=month < 1.0,
            source="vanschaik_2018_path",
        ),
        near(
            "aki_levy",
            "kidney function worse, %",
            100.0 * kidney[0] / kidney[1],
            100.0 * 8 / 119,
            0.01,
            "levy_renal_2000",
        ),
    ]
