"""Virtual patients: like the published population, reproducible, inside the model's data."""

import numpy as np
import pytest

from ivig.errors import OutsideModelDomain
from ivig.knowledge import load_knowledge
from ivig.patient import Patient
from ivig.pk.parameters import Covariates, log_sd, typical_values
from ivig.pk.reference_population import ReferencePopulation
from ivig.pk.size import lean_body_mass_kg
from ivig.pk.virtual import BLOCK, VirtualPatients, admitted_fraction, draw_block
from ivig.pk.virtual import individual_parameters as individual

KNOWN = load_knowledge()
ADULTS = KNOWN.populations["us_adults"]
LUO = KNOWN.models["luo_2020"]
CHILDREN = KNOWN.populations["us_children"]
WIDE = KNOWN.models["li_2022"]  # 99 % of adults lie inside its data


def draw(model=LUO, *, seed: int = 1, blocks: int = 1) -> list[VirtualPatients]:
    return [draw_block(model, ADULTS, seed=seed, block=i) for i in range(blocks)]


def column(parts: list[VirtualPatients], name: str) -> np.ndarray:
    return np.concatenate([getattr(part, name) for part in parts])


def test_a_block_is_the_same_every_time_and_unlike_the_next() -> None:
    first, again = draw()[0], draw()[0]
    np.testing.assert_array_equal(first.weight_kg, again.weight_kg)
    np.testing.assert_array_equal(first.eta, again.eta)
    other = draw_block(LUO, ADULTS, seed=1, block=1)
    assert not np.isin(first.weight_kg, other.weight_kg).any()
    assert not np.isin(first.weight_kg, draw(seed=2)[0].weight_kg).any()


def test_the_first_patients_are_the_same_patients() -> None:
    whole = draw()[0]
    some = whole.first(7)
    assert some.eta.shape == (7, len(whole.eta_names))
    np.testing.assert_array_equal(some.height_cm, whole.height_cm[:7])


@pytest.mark.parametrize("people", [ADULTS, CHILDREN], ids=["adults", "children"])
def test_lean_body_mass_is_that_of_a_single_patient(people: ReferencePopulation) -> None:
    patients = draw_block(WIDE, people, seed=1, block=0)
    for i in range(0, BLOCK, 37):
        one = Patient(
            diagnosis="cvid",
            weight_kg=float(patients.weight_kg[i]),
            height_cm=float(patients.height_cm[i]),
            age_year=float(patients.age_year[i]),
            sex="female" if patients.female[i] else "male",
        )
        assert patients.lean_body_mass_kg[i] == pytest.approx(lean_body_mass_kg(one), rel=1e-12)


@pytest.mark.parametrize("name", ["lee_2021", "luo_2020", "li_2024a_mmn", "dumas_2019"])
def test_everybody_lies_inside_the_data_of_the_model(name: str) -> None:
    model = KNOWN.models[name]
    domain, patients = model.domain.value, draw(model)[0]
    assert patients.weight_kg.min() >= domain.weight_kg_low
    assert patients.weight_kg.max() <= domain.weight_kg_high
    assert patients.age_year.min() >= max(domain.age_year_low, 18)
    assert patients.age_year.max() <= domain.age_year_high
    assert 0.2 < admitted_fraction(model, ADULTS) <= 1


def test_random_effects_are_independent_as_wide_as_published_and_cut_off() -> None:
    parts = draw(blocks=20)
    eta = column(parts, "eta")
    assert parts[0].eta_names == tuple(fact.value.parameter for fact in LUO.variability)
    for at, fact in enumerate(LUO.variability):
        omega = log_sd(fact.value.cv_percent)
        if fact.value.truncate_sd is None:
            assert eta[:, at].std() == pytest.approx(omega, rel=0.02)
        else:
            assert np.abs(eta[:, at]).max() <= fact.value.truncate_sd * omega
    off = np.corrcoef(eta.T) - np.eye(eta.shape[1])
    assert np.abs(off).max() < 0.025


@pytest.mark.parametrize("name", ["luo_2020", "li_2022", "tortorici_2021_cidp", "lee_2021"])
def test_parameters_are_the_typical_ones_times_the_effects(name: str) -> None:
    model = KNOWN.models[name]
    patients = draw(model)[0].first(25)
    found = individual(model, patients)
    for i in range(25):
        known = Covariates(
            weight_kg=float(patients.weight_kg[i]),
            lean_body_mass_kg=float(patients.lean_body_mass_kg[i]),
        )
        wanted = typical_values(model, known)
        for at, effect in enumerate(patients.eta_names):
            wanted[effect] *= np.exp(patients.eta[i, at])
        assert found.Vc_L[i] == pytest.approx(wanted["Vc"], rel=1e-12)
        clearance = wanted["CL"] if "CL" in wanted else wanted["Kel"] * wanted["Vc"]
        assert found.CL_L_per_day[i] == pytest.approx(clearance, rel=1e-12)
        assert found.BL_g_per_L[i] == pytest.approx(wanted["BL"], rel=1e-12)


@pytest.mark.parametrize(
    ("name", "people", "why"),
    [
        ("tegenge_2020", ADULTS, "is not used"),
        ("landersdorfer_2013", ADULTS, "typical values only"),
        ("cheng_2026", ADULTS, "0.0575 to 16.8 years .* fewer than 1 % of Adults"),
        ("tortorici_2019", CHILDREN, "18 to 90 years .* fewer than 1 % of Children"),
        ("tortorici_2021_cidp", CHILDREN, "22 to 83 years"),
        ("li_2024a_mmn", CHILDREN, "31 to 72 years"),
        ("zhang_2020", CHILDREN, "3 to 81 years .*\\(.*fewer than 1 % of Children"),
        ("luo_2020", CHILDREN, "3 to 81 years .*\\(.*fewer than 1 % of Children"),
    ],
)
def test_a_model_that_cannot_be_simulated_says_why(
    name: str, people: ReferencePopulation, why: str
) -> None:
    with pytest.raises(OutsideModelDomain, match=why):
        admitted_fraction(KNOWN.models[name], people)


@pytest.mark.parametrize("name", ["cheng_2026", "li_2022", "navarro_mora_2022", "lee_2021"])
def test_children_lie_inside_the_data_of_the_model(name: str) -> None:
    model = KNOWN.models[name]
    domain, patients = model.domain.value, draw_block(model, CHILDREN, seed=1, block=0)
    assert patients.age_year.min() >= max(domain.age_year_low, 2)
    assert patients.age_year.max() <= min(domain.age_year_high, 18)
    assert patients.weight_kg.min() >= domain.weight_kg_low
    assert patients.weight_kg.max() <= domain.weight_kg_high
    assert 0.8 < admitted_fraction(model, CHILDREN) <= 1
