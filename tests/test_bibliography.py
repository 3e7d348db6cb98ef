"""Which facts rest on which source; what is still to be read, doses and rates first."""

import pytest

from ivig.bibliography import (
    bibliography,
    described,
    facts,
    find_entry,
    passages_from,
    review_queue,
)
from ivig.errors import InputError
from ivig.knowledge import Knowledge
from ivig.product import RatePoint


@pytest.fixture(scope="module")
def every(knowledge: Knowledge):
    return tuple(facts(knowledge))


def test_every_fact_has_an_id_of_its_own_and_a_text(every) -> None:
    assert len({fact.id for fact in every}) == len(every)
    assert [fact.id for fact in every if not fact.text] == []


def test_a_fact_says_where_it_stands_and_what_it_decides(every) -> None:
    found = {fact.id: fact for fact in every}
    rate = found["products/privigen_eu#rates.pid+sid+itp+gbs+kawasaki+cidp.maximum"]
    assert (rate.source, rate.at, rate.basis, rate.drives) == (
        "privigen_eu_label",
        "posology",
        "read",
        "rate",
    )
    assert rate.text == "rate_mL_per_kg_per_h 4.8, rate_mg_per_kg_per_min 8"
    assert found["indications/cidp#regimens.induction"].drives == "dose"
    assert found["safety/infusion#risk_cap_mg_per_kg_per_min"].drives == "rate"
    assert found["safety/vaccines#rules.0"].drives == "safety"
    assert found["models/li_2022#via"].source == "van_der_zeeuw_2026"
    assert found["acquired_vwd-g-01"].statement


def test_ladders_of_two_strengths_are_told_apart(every) -> None:
    names = {fact.id for fact in every if fact.file == "products/gammagard_sd"}
    assert "products/gammagard_sd#rates.pid+cll+itp+kawasaki@50_mg_per_mL.maximum" in names
    assert "products/gammagard_sd#rates.pid+cll+itp+kawasaki@100_mg_per_mL.maximum" in names


def test_every_cited_fact_is_counted_once_under_its_source(knowledge: Knowledge, every) -> None:
    entries = bibliography(knowledge)
    assert [entry.source.id for entry in entries] == list(knowledge.sources)
    counted = sum(len(entry.facts) for entry in entries)
    assert counted == sum(fact.source is not None for fact in every)


def test_the_queue_holds_every_recalled_fact_and_none_else(knowledge: Knowledge, every) -> None:
    queue = review_queue(bibliography(knowledge))
    queued = [fact.id for entry in queue for fact in entry.facts]
    assert sorted(queued) == sorted(fact.id for fact in every if fact.basis == "recalled")


def test_doses_and_rates_come_first_in_the_queue_and_in_each_source(knowledge: Knowledge) -> None:
    queue = review_queue(bibliography(knowledge))
    urgent = [sum(f.drives in ("dose", "rate") for f in entry.facts) for entry in queue]
    assert urgent[0] > 0
    assert urgent == sorted(urgent, reverse=True)
    rank = {"dose": 0, "rate": 0, "safety": 1, "other": 2}
    for entry in queue:
        ranks = [rank[fact.drives] for fact in entry.facts]
        assert ranks == sorted(ranks)


def test_an_unknown_source_names_its_neighbours(knowledge: Knowledge) -> None:
    with pytest.raises(InputError, match="privigen_label"):
        find_entry(knowledge, "privigen_labl")


def test_the_passages_of_a_source(knowledge: Knowledge) -> None:
    assert "acquired_vwd-g-01" in passages_from(knowledge, "nhse_2021")


def test_a_value_in_one_line() -> None:
    assert described(RatePoint(rate_mL_per_kg_per_h=4.8)) == "rate_mL_per_kg_per_h 4.8"
    assert described({"low": 1.0, "high": None}) == "low 1"
    assert described(False) == "no"
    assert described(()) == "none"
