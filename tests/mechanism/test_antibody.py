"""Specific antibody: donor pools, lots, titres in the patient."""

import numpy as np
import pytest

from ivig.errors import InputError
from ivig.knowledge import load_knowledge
from ivig.mechanism.antibody import Lot, lot_of, lot_titres, pool_cv, titre_course

ANTIBODY = load_knowledge().mechanisms["antibody"]


def test_pool_cv_is_that_of_a_mean_of_lognormal_donors() -> None:
    rng = np.random.default_rng(1)
    means = np.exp(1.1 * rng.standard_normal((4000, 1000))).mean(axis=1)
    assert means.std() / means.mean() == pytest.approx(pool_cv(1000, 1.1), rel=0.1)


def test_the_donor_population_matters_and_the_size_of_the_pool_does_not() -> None:
    small, large = (
        np.log(lot_titres(ANTIBODY, np.random.default_rng(2), 20000, n_donors=n)).std()
        for n in (1000.0, 60000.0)
    )
    assert small / large == pytest.approx(1.0, abs=0.03)
    products = np.log(lot_titres(ANTIBODY, np.random.default_rng(2), 20000, n_products=5000)).std()
    assert products > 2.0 * large


def test_a_titre_follows_the_infused_igg() -> None:
    lot = Lot(
        antibody="x", titre=10.0, unit="IU/mL", igg_g_per_L=100.0, protective=0.5, detected=0.1
    )
    days, infused = np.array([0.0, 1.0, 2.0, 3.0]), np.array([[0.0, 10.0, 5.0, 0.5]])
    found = titre_course(lot, days, infused, np.ones(1))
    assert found.median == pytest.approx((0.0, 1.0, 0.5, 0.05))
    assert found.protected_until_day is not None
    assert found.protected_until_day.median == pytest.approx(2.0)
    assert found.passive_until_day is not None
    assert found.passive_until_day.median == pytest.approx(2.0 + 0.4 / 0.45)


def test_own_antibody_protects_but_is_not_passive() -> None:
    lot = Lot(
        antibody="x", titre=10.0, unit="IU/mL", igg_g_per_L=100.0, protective=0.5, detected=0.1
    )
    days, none = np.array([0.0, 1.0]), np.zeros((1, 2))
    found = titre_course(lot, days, none, np.ones(1), own=1.0)
    assert found.protected_until_day is not None
    assert found.protected_until_day.median == 1.0
    assert found.passive_until_day is not None
    assert found.passive_until_day.median == 0.0


@pytest.mark.parametrize("lots", [-1, 0, 2_000_000])
def test_lots_must_be_a_number_of_lots(lots: int) -> None:
    with pytest.raises(InputError, match="lots"):
        lot_titres(ANTIBODY, np.random.default_rng(1), lots)


def test_unstored_antibody_and_bad_titres_are_refused() -> None:
    with pytest.raises(InputError, match="hav, hbs, measles, pneumococcus, tetanus"):
        lot_of(ANTIBODY, "rabies")
    for text in ("measles=-3", "measles=much", "measles=3@0", "measles=nan"):
        with pytest.raises(InputError, match="a titre above 0"):
            lot_of(ANTIBODY, text)
    with pytest.raises(InputError, match="titre"):
        Lot(antibody="x", titre=-1.0, unit="IU/mL", igg_g_per_L=100.0)
    with pytest.raises(InputError, match="donors"):
        pool_cv(-5.0, 1.1)


@pytest.mark.parametrize(
    ("name", "tag"),
    [
        ("measles", "hypothesis"),  # the IgG of its lots is assumed
        ("HBV", "hypothesis"),
        ("tetanus", "calibrated"),
        ("pneumococcal", "hypothesis"),
        ("hav", "calibrated"),
    ],
)
def test_every_stored_antibody_protects_above_a_level_and_is_found_by_a_test(
    name: str, tag: str
) -> None:
    lot = lot_of(ANTIBODY, name)
    assert lot.protective is not None
    assert lot.detected is not None
    assert lot.detected <= lot.protective
    assert lot.tag == tag
    assert lot.citations


def test_a_lot_of_ones_own_is_what_was_given() -> None:
    lot = lot_of(ANTIBODY, "measles=14@50")
    assert (lot.titre, lot.igg_g_per_L, lot.tag) == (14.0, 50.0, "calibrated")
    assert lot_of(ANTIBODY, "measles=14").igg_g_per_L == 100.0


def test_time_above_the_protective_level() -> None:
    lot = Lot(antibody="x", titre=10.0, unit="IU/mL", igg_g_per_L=100.0, protective=0.5)
    days = np.array([0.0, 1.0, 2.0, 3.0, 4.0])
    found = titre_course(lot, days, np.array([[0.0, 10.0, 10.0, 0.0, 0.0]]), np.ones(1))
    assert found.protected_percent is not None
    assert found.protected_percent.median == pytest.approx(50.0)


def test_pneumococcal_antibody_at_a_trough_is_of_the_order_that_patients_have() -> None:
    """21 patients at 7.9 g/L had 0.35 µg/mL or more of every serotype, most less than 1.3 of some."""
    lot = lot_of(ANTIBODY, "pneumococcus")
    assert 0.35 < lot.titre / lot.igg_g_per_L * 7.91 < 1.3
