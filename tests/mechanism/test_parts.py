"""Receptors, complement, cells, hypotheses, what is given."""

import numpy as np
import pytest

from ivig.errors import InputError
from ivig.knowledge import load_knowledge
from ivig.mechanism.cells import cell_response
from ivig.mechanism.complement import inhibition
from ivig.mechanism.fcgamma import effective_affinity, free_ratio
from ivig.mechanism.given import blocker_of, trains_of
from ivig.mechanism.hypothesis import hypothetical_courses

KNOWN = load_knowledge()
FCRN = KNOWN.mechanisms["fcrn"]


def test_the_stored_affinity_is_computed_from_the_subclasses() -> None:
    stored = KNOWN.mechanisms["fcgamma"].number("KA_eff")
    assert effective_affinity(KNOWN.mechanisms) == pytest.approx(stored, rel=1e-3)
    assert effective_affinity(KNOWN.mechanisms, "FcgRI") > 20.0 * stored


def test_free_receptor_halves_when_the_level_doubles() -> None:
    assert float(free_ratio(11.4, 11.4, 7.32)) == 1.0
    assert float(free_ratio(22.8, 11.4, 7.32)) == pytest.approx(0.5, abs=0.01)


def test_inhibition_limits() -> None:
    found = inhibition(np.array([-5.0, 0.0, 10.0, 1e9]), 10.0, 2.0)
    assert found == pytest.approx([0.0, 0.0, 0.5, 1.0])


def test_cells_turn_with_state_and_dose() -> None:
    def sign(cell: str, state: str, dose: str) -> str:
        (found,) = cell_response(KNOWN.cells, cell=cell, state=state, dose=dose)
        return found.sign

    assert sign("neutrophil", "resting", "low") == "pro-inflammatory"
    assert sign("neutrophil", "LPS primed", "high") == "anti-inflammatory"
    assert sign("neutrophil", "septic", "20 g/L") == "pro-inflammatory"
    assert sign("Dendritic-cell", "mature", "high") == "anti-inflammatory"
    assert sign("monocyte", "lps_stimulated", "2 g/L") == "none"
    assert len(cell_response(KNOWN.cells)) == 28


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"cell": "eel"}, "cell"),
        ({"cell": "neutrophil", "state": "tired"}, "state"),
        ({"dose": "7 g/L"}, "dose"),
        ({"dose": "much"}, "dose"),
        ({"dose": "-3 g/L"}, "dose"),
    ],
)
def test_what_the_table_does_not_hold_is_refused(asked: dict[str, str], field: str) -> None:
    with pytest.raises(InputError) as caught:
        cell_response(KNOWN.cells, **asked)
    assert caught.value.field == field


def test_hypotheses_stand_still_without_drug() -> None:
    days = np.linspace(0.0, 14.0, 57)
    igg = np.full((1, days.size), 11.4)
    found = hypothetical_courses(
        KNOWN.mechanisms["cytokines"], days, igg, np.array([11.4]), acute=False
    )
    for name in ("il6_ratio", "crp_ratio", "treg_ratio", "lymphocyte_ratio"):
        np.testing.assert_allclose(getattr(found, name), 1.0, rtol=1e-12)


def test_crp_falls_no_faster_than_its_half_life() -> None:
    days = np.linspace(0.0, 3.0, 289)
    igg = np.full((1, days.size), 60.0)
    cytokines = KNOWN.mechanisms["cytokines"]
    found = hypothetical_courses(cytokines, days, igg, np.array([11.4]), acute=True).crp_ratio[0]
    assert (found >= 0.5 ** (days / (19.0 / 24.0)) - 1e-12).all()


def test_blockers_need_a_studied_dose() -> None:
    drug = blocker_of(FCRN, "Efgartigimod", "10 mg/kg weekly x 4")
    assert drug.dose_day == (0.0, 7.0, 14.0, 21.0)
    for name, dose, field in (
        ("efgartigimod", None, "blocker"),
        ("efgartigimod", " ", "blocker"),
        ("efgartigimod", "30 mg/kg once", "blocker dose"),
        ("efgartigimod", "10 mg/kg weekly", "blocker dose"),
        ("aspirin", "10 mg/kg once", "blocker"),
        ("efgartigimod", "a lot", "regimen"),
    ):
        with pytest.raises(InputError) as caught:
            blocker_of(FCRN, name, dose)
        assert caught.value.field == field


def test_a_dose_that_does_not_parse_is_refused() -> None:
    with pytest.raises(InputError, match="amount"):
        trains_of("some", 70.0)
