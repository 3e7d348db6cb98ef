"""The typical patient against published numbers, the steady state, and a fine integral."""

import numpy as np
import pytest

from ivig.errors import InputError, OutsideModelDomain
from ivig.knowledge import Knowledge
from ivig.patient import Lab, Patient
from ivig.pk.predict import Prediction, predict
from ivig.pk.regimen_text import parse_regimen

MAN = {"weight_kg": 70, "height_cm": 170, "age_year": 40, "sex": "male"}
CHILD = {"weight_kg": 18.6, "age_year": 5}


def person(**kwargs) -> Patient:
    return Patient(diagnosis="not given", **kwargs)


def predicted(
    knowledge: Knowledge, model_id: str, text: str, patient: dict, **kwargs
) -> Prediction:
    return predict(knowledge.models[model_id], person(**patient), parse_regimen(text), **kwargs)


@pytest.mark.parametrize(
    ("model_id", "text", "area", "tolerance"),
    [
        ("landersdorfer_2013", "0.4 g/kg q4w", 197.1336, 1e-3),
        ("dumas_2019", "0.4 g/kg q4w", 303.8184, 1e-3),
        ("zhang_2020", "0.4 g/kg q4w", 193.8697, 1e-3),
        ("lee_2021", "0.4 g/kg q4w", 194.0383, 1e-3),
        ("navarro_mora_2022", "400 mg/kg q28d", 178.09, 1e-3),
        ("landersdorfer_2013", "0.1 g/kg sc weekly", 32.5107, 2e-3),
        ("dumas_2019", "0.1 g/kg sc weekly", 56.1274, 2e-3),
        ("luo_2020", "0.1 g/kg sc weekly", 28.7934, 2e-3),
        ("li_2022", "0.1 g/kg sc weekly", 24.0616, 2e-3),
    ],
)
def test_published_areas(
    knowledge: Knowledge, model_id: str, text: str, area: float, tolerance: float
) -> None:
    found = predicted(knowledge, model_id, text, MAN)
    assert found.exogenous_auc_tau_g_day_per_L == pytest.approx(area, rel=tolerance)


@pytest.mark.parametrize(("text", "low", "high"), [("0.4", 194.4, 206.2), ("0.6", 216.6, 228.5)])
def test_the_first_28_days_of_children_are_as_published(
    knowledge: Knowledge, text: str, low: float, high: float
) -> None:
    igm = Lab(analyte="igm_g_per_L", value=0.21, ucum="g/L")
    found = predicted(
        knowledge, "cheng_2026", f"{text} g/kg q4w", CHILD | {"labs": (igm,)}, dose_number=1
    )
    assert low <= found.auc_tau_g_day_per_L <= high


def test_facilitated_doses_are_as_the_label_prints(knowledge: Knowledge) -> None:
    found = predicted(knowledge, "li_2022", "588 mg/kg fsc q4w", MAN | {"weight_kg": 66})
    assert found.peak_g_per_L == pytest.approx(16.07, abs=3.82)
    assert found.trough_g_per_L == pytest.approx(10.77, abs=2.75)
    assert found.auc_per_week_g_day_per_L == pytest.approx(91.4, abs=21.0)
    assert 3.3 <= found.tmax_day <= 5.1


def test_total_is_exogenous_and_own(knowledge: Knowledge) -> None:
    found = predicted(
        knowledge, "navarro_mora_2022", "30 g q3w", MAN | {"baseline_igg_g_per_L": 2.5}
    )
    assert found.baseline_g_per_L == 2.5
    assert found.trough_g_per_L - found.exogenous_trough_g_per_L == pytest.approx(2.5)
    assert found.peak_g_per_L - found.exogenous_peak_g_per_L == pytest.approx(2.5)
    difference = found.auc_tau_g_day_per_L - found.exogenous_auc_tau_g_day_per_L
    assert difference == pytest.approx(2.5 * 21)
    assert found.auc_per_week_g_day_per_L == pytest.approx(found.auc_tau_g_day_per_L / 3)
    assert any("2.5 g/L" in line for line in found.assumptions)


def test_many_cycles_reach_the_steady_state(knowledge: Knowledge) -> None:
    for text in ("0.4 g/kg q3w", "2 g/kg over 5 days q4w", "0.1 g/kg sc weekly", "30 g fsc q4w"):
        steady = predicted(knowledge, "li_2022", text, MAN, duration_h=4)
        late = predicted(knowledge, "li_2022", text, MAN, duration_h=4, dose_number=400)
        for name in ("trough_g_per_L", "peak_g_per_L", "exogenous_auc_tau_g_day_per_L"):
            assert getattr(late, name) == pytest.approx(getattr(steady, name), rel=1e-8)
        assert late.tmax_day == pytest.approx(steady.tmax_day, abs=1e-3)
        np.testing.assert_allclose(late.curve_g_per_L, steady.curve_g_per_L, rtol=1e-9)


def test_a_new_start_climbs_to_the_steady_state(knowledge: Knowledge) -> None:
    found = [
        predicted(knowledge, "navarro_mora_2022", "30 g q4w", MAN, dose_number=n).trough_g_per_L
        for n in (1, 2, 6, 30)
    ]
    assert found == sorted(found)
    steady = predicted(knowledge, "navarro_mora_2022", "30 g q4w", MAN, dose_number="ss")
    assert found[0] < found[-1] <= steady.trough_g_per_L
    assert steady.when == "at steady state"


def test_intervals_are_counted_through_the_phases(knowledge: Knowledge) -> None:
    text = "2 g/kg over 5 days then 0.4 g/kg q3w x 2 then 10 g sc weekly"
    lengths = [
        predicted(knowledge, "li_2022", text, MAN, dose_number=n).interval_day for n in (1, 2, 3, 4)
    ]
    assert lengths == [21, 21, 21, 7]
    one = predicted(knowledge, "li_2022", text, MAN, dose_number=1)
    two = predicted(knowledge, "li_2022", text, MAN, dose_number=2)
    assert two.curve_g_per_L[0] == pytest.approx(one.trough_g_per_L)
    assert one.tmax_day == pytest.approx(4.0, abs=1e-5)


def test_a_course_alone_is_followed_for_28_days(knowledge: Knowledge) -> None:
    found = predicted(knowledge, "navarro_mora_2022", "2 g/kg over 2 days", MAN)
    assert (found.interval_day, found.when) == (28, "interval 1 of a new start")
    assert any("28 days" in line for line in found.assumptions)


@pytest.mark.parametrize("text", ["30 g q3w x 6", "1 g/kg over 2 days"])
def test_a_regimen_that_ends_has_no_steady_state(knowledge: Knowledge, text: str) -> None:
    with pytest.raises(InputError, match="no steady state"):
        predicted(knowledge, "navarro_mora_2022", text, MAN, dose_number="ss")
    last = predicted(knowledge, "navarro_mora_2022", text, MAN)
    assert last.when.startswith("interval")


@pytest.mark.parametrize("number", [0, 7, -1])
def test_an_interval_the_regimen_does_not_have(knowledge: Knowledge, number: int) -> None:
    with pytest.raises(InputError, match="dose_number"):
        predicted(knowledge, "navarro_mora_2022", "30 g q3w x 6", MAN, dose_number=number)


def test_a_model_that_is_not_shipped_says_why(knowledge: Knowledge) -> None:
    with pytest.raises(InputError, match="its volumes contradict the data"):
        predicted(knowledge, "tegenge_2020", "30 g q3w", MAN)


@pytest.mark.parametrize(
    ("model_id", "text", "patient", "limit"),
    [
        ("cheng_2026", "0.4 g/kg q4w", {"weight_kg": 70, "age_year": 40}, "0.0575 to 16.8 years"),
        ("zhang_2020", "0.4 g/kg fsc q4w", MAN, "not fsc"),
        ("li_2022", "30 g q4w", MAN | {"weight_kg": 250}, "11.9 to 162 kg"),
    ],
)
def test_outside_the_data_says_which_limit(
    knowledge: Knowledge, model_id: str, text: str, patient: dict, limit: str
) -> None:
    with pytest.raises(OutsideModelDomain, match=limit):
        predicted(knowledge, model_id, text, patient)


def test_what_is_missing_or_unused_is_said(knowledge: Knowledge) -> None:
    with pytest.raises(InputError, match="age, height and sex"):
        predicted(knowledge, "li_2022", "30 g q4w", {"weight_kg": 70})
    albumin = Lab(analyte="albumin_g_per_L", value=20, ucum="g/L")
    found = predicted(knowledge, "navarro_mora_2022", "30 g q4w", MAN | {"labs": (albumin,)})
    assert any("albumin_g_per_L" in line and "nothing" in line for line in found.assumptions)
    assert any("given at once" in line for line in found.assumptions)
    child = predicted(knowledge, "cheng_2026", "0.4 g/kg q4w", CHILD)
    assert any("IgM is not known" in line for line in child.assumptions)


def test_group_effects(knowledge: Knowledge) -> None:
    reference = predicted(knowledge, "cheng_2026", "0.4 g/kg q4w", CHILD)
    group = predicted(knowledge, "cheng_2026", "0.4 g/kg q4w", CHILD, population="paediatric_sad")
    area = reference.exogenous_auc_tau_g_day_per_L / group.exogenous_auc_tau_g_day_per_L
    assert area == pytest.approx(0.542)
    with pytest.raises(InputError, match="paediatric_sad"):
        predicted(knowledge, "cheng_2026", "0.4 g/kg q4w", CHILD, population="cidp")


def test_a_lasting_protein_loss(knowledge: Knowledge) -> None:
    free = predicted(knowledge, "navarro_mora_2022", "30 g q3w", MAN)
    lost = predicted(knowledge, "navarro_mora_2022", "30 g q3w", MAN, CL_loss_L_per_day=0.2)
    clearance = 30 / free.exogenous_auc_tau_g_day_per_L
    area = 30 / (clearance + 0.2)
    assert lost.exogenous_auc_tau_g_day_per_L == pytest.approx(area)
    own = free.baseline_g_per_L * clearance / (clearance + 0.2)
    assert lost.baseline_g_per_L == pytest.approx(own)
    assert lost.half_life_day < free.half_life_day
    assert any("0.2 L/day" in line for line in lost.assumptions)
    with pytest.raises(InputError, match="CL_loss_L_per_day"):
        predicted(knowledge, "navarro_mora_2022", "30 g q3w", MAN, CL_loss_L_per_day=-0.1)
