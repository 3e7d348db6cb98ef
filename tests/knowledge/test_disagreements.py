"""Where sources disagree, the statements name each other, so that an answer shows both sides."""

import pytest

from ivig.cited import Cited
from ivig.knowledge import Knowledge, load_knowledge
from ivig.statement import Statement


@pytest.fixture(scope="module")
def statements() -> dict[str, Cited[Statement]]:
    knowledge: Knowledge = load_knowledge()
    return {one.value.id: one for file in knowledge.statements.values() for one in file.statements}


@pytest.fixture(scope="module")
def pairs(statements: dict[str, Cited[Statement]]) -> set[frozenset[str]]:
    return {
        frozenset((key, other))
        for key, one in statements.items()
        for other in one.value.contradicts
    }


def test_every_id_named_exists(statements: dict[str, Cited[Statement]]) -> None:
    unknown = {
        (key, other)
        for key, one in statements.items()
        for other in one.value.contradicts
        if other not in statements
    }

    assert unknown == set()


def test_none_contradicts_itself(statements: dict[str, Cited[Statement]]) -> None:
    assert [key for key, one in statements.items() if key in one.value.contradicts] == []


def test_none_is_named_twice(statements: dict[str, Cited[Statement]]) -> None:
    named = [(key, other) for key, one in statements.items() for other in one.value.contradicts]

    assert len(named) == len({frozenset(pair) for pair in named})


def test_two_sides_have_not_the_same_source_and_section(
    statements: dict[str, Cited[Statement]], pairs: set[frozenset[str]]
) -> None:
    alike = {
        tuple(sorted(pair))
        for pair in pairs
        if len({(statements[key].source, statements[key].value.section) for key in pair}) == 1
    }

    # a correction of a drug reference; a table of two guidelines; a trial and its reanalysis
    assert alike == ALIKE


ALIKE = {
    ("hsct-l-01", "hsct-l-02"),
    ("misc-g-08", "misc-g-13"),
    ("mg_crisis-r-02", "trials_neurology-r-24"),
    ("paediatric_hiv-l-01", "paediatric_hiv-l-03"),
}

KNOWN = {
    ("dose in adult ITP", "itp-g-04", "itp-l-07"),
    ("repeat dose in ITP, 2017 and 2021", "itp-g-10", "itp-g-13"),
    ("children with ITP, ASH 2011 and 2019", "itp_child-g-02", "itp_child-g-04"),
    ("interchangeable products", "general-g-10", "pid-g-06"),
    ("adjusted weight in adults", "general-g-01", "general-g-05"),
    ("weight in MIS-C", "misc-g-02", "misc-g-09"),
    ("second dose in MIS-C", "misc-g-07", "misc-g-08"),
    ("second course in GBS", "gbs-g-11", "gbs-g-17"),
    ("IVIG in children with GBS, 2012 and 2023", "gbs-g-13", "gbs-g-16"),
    ("dose in Kawasaki disease", "kawasaki-g-02", "kawasaki-l-02"),
    ("after failure in Kawasaki disease", "kawasaki_resistant-g-01", "kawasaki_resistant-r-04"),
    ("toxic epidermal necrolysis, earlier and now", "sjs_ten-g-01", "sjs_ten-g-02"),
    ("dose and death in TEN", "trials_skin_muscle-r-04", "trials_skin_muscle-r-05"),
    ("sepsis", "sepsis-g-01", "sepsis-r-01"),
    ("toxic shock", "tss-g-01", "tss-g-03"),
    ("PANS", "pans_pandas-g-01", "pans_pandas-g-03"),
    ("IgM paraproteinaemic neuropathy", "igm_paraprotein-g-02", "igm_paraprotein-g-03"),
    ("low IgG without infection", "sid-g-01", "sid-g-10"),
    ("measles exposure dose", "measles_pep-g-01", "measles_pep-g-02"),
    ("varicella exposure dose", "varicella_pep-g-01", "varicella_pep-g-02"),
    ("recurrent miscarriage", "recurrent_pregnancy_loss-g-01", "recurrent_pregnancy_loss-g-03"),
    ("haemolytic disease of the newborn", "hdfn-g-01", "hdfn-g-05"),
    ("sucrose and the kidney", "adverse_events-r-36", "side_effects-l-02"),
    ("maintenance in CIDP", "cidp-g-07", "cidp-g-14"),
    ("multiple sclerosis", "multiple_sclerosis-g-01", "multiple_sclerosis-g-02"),
    ("myasthenia gravis maintenance", "mg_maintenance-g-01", "mg_maintenance-g-02"),
}


@pytest.mark.parametrize(("what", "one", "other"), sorted(KNOWN))
def test_a_known_disagreement_is_recorded(
    what: str, one: str, other: str, pairs: set[frozenset[str]]
) -> None:
    assert frozenset((one, other)) in pairs, what
