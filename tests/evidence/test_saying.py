"""What the knowledge files hold, said as sentences: nothing lost, nothing added, each with its source."""

import re
from collections import Counter

import pytest

from ivig.cited import Cited, Source, weakest
from ivig.evidence.passage import Passage
from ivig.evidence.say_indication import indication_passages
from ivig.evidence.say_outcome import outcome_passages
from ivig.evidence.say_product import product_passages
from ivig.evidence.say_safety import safety_passages
from ivig.evidence.sentence import as_sentence, framed, inside, listed, short_names
from ivig.knowledge import Knowledge
from ivig.product import Amount, Contains, Product

SOURCES = {"label": Source(id="label", kind="label", citation="A label.", body="Maker", year=2024)}


@pytest.fixture(scope="module")
def safety(knowledge: Knowledge) -> tuple[Passage, ...]:
    return safety_passages(
        knowledge.reactions.values(),
        knowledge.vaccines,
        knowledge.laboratory,
        knowledge.infusion,
        knowledge.excipients,
        knowledge.risks,
        knowledge.sources,
    )


@pytest.fixture(scope="module")
def indications(knowledge: Knowledge) -> tuple[Passage, ...]:
    return indication_passages(knowledge.indications.values(), knowledge.sources)


@pytest.fixture(scope="module")
def products(knowledge: Knowledge) -> tuple[Passage, ...]:
    known = knowledge.products.values()
    return product_passages(known, knowledge.indications.values(), knowledge.sources)


@pytest.fixture(scope="module")
def outcomes(knowledge: Knowledge) -> tuple[Passage, ...]:
    return outcome_passages(knowledge.outcomes.values(), knowledge.sources)


@pytest.fixture(scope="module")
def everything(
    safety: tuple[Passage, ...],
    indications: tuple[Passage, ...],
    products: tuple[Passage, ...],
    outcomes: tuple[Passage, ...],
) -> tuple[Passage, ...]:
    return safety + indications + products + outcomes


def numbers(text: str) -> set[float]:
    """Every number in a text; a comma between digits separates thousands."""
    joined = re.sub(r"(?<=\d),(?=\d{3})", "", text)
    return {float(found) for found in re.findall(r"\d+(?:\.\d+)?", joined)}


def item(knowledge: Knowledge, passage: Passage) -> object:
    """The knowledge item a passage's id names."""
    path = passage.id.split("#")[0]
    folder, slash, key = path.partition("/")
    return getattr(knowledge, folder)[key] if slash else getattr(knowledge, folder)


def test_every_folder_speaks(everything: tuple[Passage, ...]) -> None:
    assert {one.id.partition("#")[0].partition("/")[0] for one in everything} == {
        "reactions",
        "vaccines",
        "laboratory",
        "infusion",
        "excipients",
        "risks",
        "indications",
        "products",
        "outcomes",
    }


def test_ids_are_unique(everything: tuple[Passage, ...]) -> None:
    assert [id for id, n in Counter(one.id for one in everything).items() if n > 1] == []


def test_every_number_stands_in_the_item(
    knowledge: Knowledge, everything: tuple[Passage, ...]
) -> None:
    levels = {90.0, 95.0}  # of an interval, stored as a fraction
    names = short_names(knowledge.indications.values())
    named = numbers(" ".join(names.values()))
    added = {
        one.id: sorted(extra)
        for one in everything
        if (extra := numbers(one.text) - numbers(repr(item(knowledge, one))) - levels - named)
    }

    assert added == {}


def test_every_passage_has_a_citation_that_exists(
    knowledge: Knowledge, everything: tuple[Passage, ...]
) -> None:
    wrong = [
        one.id
        for one in everything
        if not one.citations
        or any(
            cited.basis != "assumed"
            if cited.source is None
            else cited.source not in knowledge.sources
            for cited in one.citations
        )
    ]

    assert wrong == []


def test_every_passage_names_a_topic_and_existing_ids(
    knowledge: Knowledge, everything: tuple[Passage, ...]
) -> None:
    assert [one.id for one in everything if not one.topics] == []
    assert {id for one in everything for id in one.indications} <= set(knowledge.indications)
    assert {id for one in everything for id in one.products} == set(knowledge.products)
    assert {id for one in everything for id in one.reactions} == set(knowledge.reactions)


def test_a_sentence_opens_with_a_capital_and_ends_with_a_stop(
    everything: tuple[Passage, ...],
) -> None:
    shape = re.compile(r"[^a-z\s].*[^\s:;,][.?!]", re.DOTALL)

    assert [one.text for one in everything if not shape.fullmatch(one.text)] == []


@pytest.mark.parametrize("slip", ["(recalled)", "None", "  ", " .", "..", ": .", "()", "{", "_"])
def test_no_slip_of_the_pen(everything: tuple[Passage, ...], slip: str) -> None:
    assert [one.text for one in everything if slip in one.text] == []


def test_every_fact_of_a_reaction_is_said(
    knowledge: Knowledge, safety: tuple[Passage, ...]
) -> None:
    said = {one.id: one for one in safety}
    for reaction in knowledge.reactions.values():
        where = f"reactions/{reaction.id}#"
        facts: dict[str, tuple[Cited[str], ...]] = {
            "incidence": reaction.incidence,
            "timing": reaction.timing,
            "risk_factors": reaction.risk_factors,
            "prevention": reaction.prevention,
            "diagnosis": reaction.diagnosis,
            "stop_rules": reaction.stop_rules,
        }
        for field, values in facts.items():
            for i, fact in enumerate(values, 1):
                passage = said[f"{where}{field}.{i}"]
                assert fact.value.rstrip(".").lower() in passage.text.lower()
                assert passage.citations == (fact.citation,)
        for step in reaction.management:
            assert said[f"{where}management.{step.value.order}"].basis == step.basis


def test_a_fragment_names_its_reaction_and_a_sentence_that_names_it_stands(
    safety: tuple[Passage, ...],
) -> None:
    said = {one.id: one.text for one in safety}

    assert (
        said["reactions/headache#management.1"] == "Headache, management step 1: slow the infusion."
    )
    assert (
        said["reactions/headache#risk_factors.1"] == "Headache, risk factors: history of migraine."
    )
    assert (
        said["reactions/headache#incidence.1"]
        == "Headache is the most common side effect of immunoglobulin infusion."
    )


def test_a_vaccine_interval(safety: tuple[Passage, ...]) -> None:
    said = {one.id: one.text for one in safety}

    assert said["vaccines#interval.5"] == (
        "After IGIV for ITP at 1000 mg/kg IV, wait 10 months before a measles, mumps, rubella or"
        " varicella vaccine."
    )


def test_a_regimen_says_whose_it_is(indications: tuple[Passage, ...]) -> None:
    said = {one.id: one for one in indications}
    induction = said["indications/cidp#regimen.induction"]

    assert induction.text == "CIDP, induction, intravenous: 2 g/kg divided over 2-5 days."
    assert (induction.section, induction.body, induction.year) == (
        "guideline",
        "EAN/PNS (Van den Bergh et al.)",
        2021,
    )
    assert induction.topics == ("dose",)
    assert said["indications/cidp#regimen.sc_maintenance"].section == "label"


def test_our_summary_is_never_passed_off_as_read(indications: tuple[Passage, ...]) -> None:
    assert {one.basis for one in indications if one.id.endswith("#summary")} <= {
        "derived",
        "recalled",
        "assumed",
    }


def test_a_label_rate_is_said_in_its_own_units(products: tuple[Passage, ...]) -> None:
    said = {one.id: one for one in products}
    maximum = said["products/privigen#maximum.itp"]

    assert maximum.text == (
        "Privigen in immune thrombocytopenia: maximum rate 2.4 mL/kg/h (4 mg/kg/min)."
    )
    assert (maximum.section, maximum.topics, maximum.indications) == ("label", ("rate",), ("itp",))
    assert "3.3 mg/kg/min" in said["products/octagam_10#risk_cap.itp.us"].text


def test_every_rate_of_every_product_is_said(
    knowledge: Knowledge, products: tuple[Passage, ...]
) -> None:
    starts = Counter[str]()
    for one in products:
        if "#initial." in one.id:
            starts[one.products[0]] += len(one.indications)

    assert starts == {
        product.id: sum(len(ladder.indications) for ladder in product.rates)
        for product in knowledge.products.values()
        if product.rates
    }


def test_what_a_product_does_not_say_stays_unknown() -> None:
    product = Product(
        id="p",
        name="P",
        kind="ivig",
        jurisdictions=("us",),
        market=Cited(value="marketed", source="label", basis="read"),
        routes=Cited(value=("iv",), source="label", basis="read"),
        contains=Cited(
            value=Contains(maltose=True, sucrose=False, sorbitol=False),
            source="label",
            basis="recalled",
        ),
        iga_ug_per_mL=Cited(value=Amount(high=50), source="label", basis="recalled"),
    )
    said = {one.id: one for one in product_passages([product], [], SOURCES)}

    assert said["products/p#contains"].text == (
        "P contains maltose and contains no sucrose or sorbitol; whether it contains glucose,"
        " proline, polysorbate 80 or hyaluronidase is not known."
    )
    assert said["products/p#iga"].text == "P, IgA: at most 50 µg/mL."
    assert said["products/p#iga"].basis == "recalled"


def test_iga_maximum_and_average_are_told_apart(products: tuple[Passage, ...]) -> None:
    said = {one.id: one.text for one in products}

    assert said["products/privigen#iga"] == "Privigen, IgA: at most 25 µg/mL."
    assert said["products/kiovig#subclasses"] == (
        "Kiovig, IgG subclasses: IgG1 at least 56.9%; IgG2 at least 26.6%; IgG3 at least 3.4%;"
        " IgG4 at least 1.7%."
    )
    assert said["products/octagam_10#iga"] == "Octagam 10%, IgA: 106 µg/mL on average."


def test_a_relation_says_its_numbers_with_their_own_source(
    knowledge: Knowledge, outcomes: tuple[Passage, ...]
) -> None:
    said = {one.id: one for one in outcomes}

    assert said["outcomes/cidp_ice_2008#numbers.1"].text == (
        "IVIG against placebo in CIDP (INCAT better by 1 point or more, kept to week 24): IVIG,"
        " 32 of 59; placebo, 12 of 58; difference, 33.5% (95% CI 15.4 to 51.7)."
    )
    assert said["outcomes/cidp_ice_2008#numbers.3"].basis == "recalled"
    for relation in knowledge.outcomes.values():
        of_it = [one for one in outcomes if one.id.startswith(f"outcomes/{relation.id}#numbers.")]
        bases = {fact.basis for fact in relation.estimates}
        assert {one.basis for one in of_it} == bases
        assert all(len(one.citations) == 1 for one in of_it)


def test_harm_is_a_side_effect_and_benefit_a_benefit(
    knowledge: Knowledge, outcomes: tuple[Passage, ...]
) -> None:
    topics = {"benefit": ("benefit",), "harm": ("side_effect",), "exposure": ("dose", "target")}

    assert [
        one.id
        for one in outcomes
        if one.topics != topics[knowledge.outcomes[one.id.split("#")[0].split("/")[1]].kind]
    ] == []


def test_a_remark_that_part_is_recalled_becomes_the_basis(
    products: tuple[Passage, ...],
) -> None:
    said = {one.id: one for one in products}
    itp = said["products/gammagard_sd#use.itp.3"]

    assert itp.text.endswith("adults with chronic ITP on the current label.")
    assert itp.basis == weakest("read", "recalled")


def test_the_small_words() -> None:
    assert inside("Slow the infusion.") == "slow the infusion."
    assert inside("Ontario first line.") == "Ontario first line."
    assert inside("X-linked disease") == "X-linked disease"
    assert inside("IgG and CD4 count.") == "IgG and CD4 count."
    assert framed("Thrombosis, timing", "Arterial events: 49%") == (
        "Thrombosis, timing, arterial events: 49%"
    )
    assert as_sentence("octagam at 5 %") == "Octagam at 5%."
    assert listed(["a"]) == "a"
    assert listed(["a", "b", "c"], "or") == "a, b or c"


def test_an_abbreviation_is_one_of_the_name_itself(knowledge: Knowledge) -> None:
    names = short_names(knowledge.indications.values())

    assert names["cidp"] == "CIDP"
    assert names["itp_child"] == "Immune thrombocytopenia in children"
    assert names["anca_vasculitis"] == "ANCA-associated vasculitis"
    assert len(set(names.values())) == len(names)
