"""Power of new designs against closed forms, and what must not change it.

With 4,000 replicates a fraction has a standard error of at most 0.8 %; limits are four of them.
"""

from dataclasses import replace
from math import sqrt
from statistics import NormalDist

import pytest

from ivig.cohort.design import Design, DesignArm, DesignEndpoint
from ivig.cohort.power import DesignResult, arm_sizes, simulate_design
from ivig.errors import InputError
from ivig.knowledge import Knowledge

SHARE = DesignEndpoint(text="response", kind="share", better="higher")
RATE = DesignEndpoint(text="infections", kind="rate", better="lower")
CLOSE = 0.032


def two(control: float, treated: float, n: int = 200, **other: object) -> Design:
    arms = (
        DesignArm(name="control", share_percent=control),
        DesignArm(name="treated", share_percent=treated),
    )
    return Design(name="test", endpoint=SHARE, arms=arms, n_total=(n,), replicates=4000, **other)  # type: ignore[arg-type]


def run(knowledge: Knowledge, design: Design, threads: int = 1) -> DesignResult:
    return simulate_design(design, knowledge.trials, knowledge.outcomes, threads=threads)


def power(knowledge: Knowledge, design: Design) -> float:
    return run(knowledge, design).sizes[0].comparisons[0].power_fraction


def closed_form(p: float, q: float, n_each: int) -> float:
    z = NormalDist().inv_cdf(0.975)
    middle = (p + q) / 2
    null = sqrt(2 * middle * (1 - middle) / n_each)
    return NormalDist().cdf((abs(q - p) - z * null) / sqrt((p * (1 - p) + q * (1 - q)) / n_each))


@pytest.mark.parametrize(("p", "q"), [(0.2, 0.4), (0.5, 0.65), (0.3, 0.35)])
def test_power_of_two_shares_follows_the_closed_form(
    knowledge: Knowledge, p: float, q: float
) -> None:
    found = power(knowledge, two(100 * p, 100 * q))
    assert found == pytest.approx(closed_form(p, q, 100), abs=CLOSE)


def test_without_an_effect_success_is_half_the_alpha(knowledge: Knowledge) -> None:
    assert power(knowledge, two(40, 40)) == pytest.approx(0.025, abs=0.012)


def test_a_rate_without_an_effect_keeps_its_alpha(knowledge: Knowledge) -> None:
    arms = (DesignArm(name="a", rate_per_year=3.0), DesignArm(name="b", rate_per_year=3.0))
    design = Design(name="t", endpoint=RATE, arms=arms, n_total=(200,), replicates=4000)
    assert power(knowledge, design) == pytest.approx(0.025, abs=0.012)


def test_drop_outs_as_failures_dilute_both_shares(knowledge: Knowledge) -> None:
    found = power(knowledge, two(40, 60, drop_out_percent=25))
    assert found == pytest.approx(closed_form(0.3, 0.45, 100), abs=CLOSE)


def test_drop_outs_left_out_cost_patients_only(knowledge: Knowledge) -> None:
    found = power(knowledge, two(40, 60, drop_out_percent=25, drop_out_counts_as="left out"))
    assert found == pytest.approx(closed_form(0.4, 0.6, 75), abs=CLOSE)


def test_drop_outs_count_as_failures_when_the_event_is_the_failure(knowledge: Knowledge) -> None:
    lower = replace(
        two(60, 40, drop_out_percent=20),
        endpoint=DesignEndpoint(text="relapse", kind="share", better="lower"),
    )
    found = power(knowledge, lower)
    assert found == pytest.approx(closed_form(0.68, 0.52, 100), abs=CLOSE)


def test_threads_change_nothing(knowledge: Knowledge) -> None:
    design = replace(two(20, 40), replicates=950, n_total=(60, 120))
    assert run(knowledge, design, threads=3) == run(knowledge, design)


def test_an_uncertain_effect_pulls_assurance_towards_a_half(knowledge: Knowledge) -> None:
    arms = (
        DesignArm(name="a", share_percent=30),
        DesignArm(name="b", odds_ratio=3, odds_ratio_low=1, odds_ratio_high=9),
    )
    design = Design(name="t", endpoint=SHARE, arms=arms, n_total=(200,), replicates=4000)
    found = run(knowledge, design).sizes[0].comparisons[0]
    assert found.power_fraction > 0.9
    assert 0.6 < found.assurance_fraction < found.power_fraction - 0.1


def test_arms_of_one_relation_share_its_slope(knowledge: Knowledge) -> None:
    """The same trough in both arms: whatever the slope, the ratio is 1 but for chance."""
    arm = DesignArm(name="a", relation="er_trough_pneumonia", trough_g_per_L=8)
    arms = (arm, replace(arm, name="b"))
    design = Design(name="t", endpoint=RATE, arms=arms, n_total=(20_000,), replicates=200)
    found = run(knowledge, design).sizes[0].comparisons[0].result
    assert found.low > 0.7
    assert found.high < 1.4


def test_a_single_arm_is_held_to_its_bound(knowledge: Knowledge) -> None:
    arm = DesignArm(name="product", rate_per_year=0.1)
    design = Design(
        name="t", endpoint=RATE, arms=(arm,), n_total=(40,), bound_per_year=1.0, replicates=1000
    )
    high = replace(design, arms=(replace(arm, rate_per_year=2.0),))
    assert power(knowledge, design) > 0.99
    assert power(knowledge, high) < 0.01


def test_sizes_follow_the_allocation(knowledge: Knowledge) -> None:
    design = replace(two(20, 40), arms=(*two(20, 40).arms, DesignArm(name="c", share_percent=50)))
    assert arm_sizes(design, 100) in ((34, 33, 33), (33, 34, 33), (33, 33, 34))
    uneven = replace(design, arms=(replace(design.arms[0], allocation=2), *design.arms[1:]))
    assert arm_sizes(uneven, 100) == (50, 25, 25)


@pytest.mark.parametrize(
    ("arm", "words"),
    [
        (DesignArm(name="b"), "exactly one of"),
        (DesignArm(name="b", share_percent=40, odds_ratio=2), "exactly one of"),
        (DesignArm(name="b", rate_per_year=1), "for a share"),
        (DesignArm(name="b", share_percent=100), "below 100"),
        (DesignArm(name="b", odds_ratio=2, odds_ratio_low=3, odds_ratio_high=4), "between its"),
        (DesignArm(name="b", odds_ratio=2, odds_ratio_low=1), "between its"),
    ],
)
def test_an_arm_that_says_too_little_or_too_much_is_refused(arm: DesignArm, words: str) -> None:
    with pytest.raises(InputError, match=words):
        replace(two(20, 40), arms=(two(20, 40).arms[0], arm))


@pytest.mark.parametrize(
    ("arm", "words"),
    [
        (DesignArm(name="b", published_arm="ice.placebbo"), r"ice\.placebo"),
        (DesignArm(name="b", published_arm="path.sc_0_2"), "nearest"),
        (DesignArm(name="b", published_arm="pid.hizentra_us_sbi"), "a share"),
        (DesignArm(name="b", relation="er_cidp_dose", dose_g_per_kg=1), "er_cidp_dose_response"),
        (DesignArm(name="b", relation="er_cidp_dose_response", dose_g_per_kg=4), "0.5 to 2"),
        (DesignArm(name="b", relation="neonatal_inis_2011", dose_g_per_kg=1), "only quoted"),
    ],
)
def test_names_that_cannot_be_used_are_refused(
    knowledge: Knowledge, arm: DesignArm, words: str
) -> None:
    design = replace(two(20, 40), arms=(two(20, 40).arms[0], arm))
    with pytest.raises(InputError, match=words):
        run(knowledge, design)
