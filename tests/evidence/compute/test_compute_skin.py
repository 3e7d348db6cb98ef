"""Factors, ramp-up, sites and weights by region, each against arithmetic by hand."""

from tests.evidence.compute.asking import facts

from ivig.evidence.compute import Computed, compute
from ivig.evidence.quantities import read_quantities
from ivig.evidence.question import Question
from ivig.knowledge import load_knowledge

KNOWN = load_knowledge()


def told(text: str, *products: str, disease: str | None = None) -> list[Computed]:
    question = Question(
        text=text,
        indications=() if disease is None else (disease,),
        products=products,
        quantities=read_quantities(text),
    )
    return list(compute(question, facts(KNOWN)))


def test_the_factor_of_each_brand() -> None:
    (table,) = told("list the conversion factor for each brand")
    assert "1.37 for Hizentra, Xembify" in table.text
    assert "1.3 for Cutaquig and Cuvitru" in table.text
    assert "1 for HyQvia" in table.text
    # 40 × 1.37 ÷ 4 = 13.7; 40 × 1.3 ÷ 4 = 13
    assert "40 g × 1.37 ÷ 4 weeks = 13.7 g a week" in table.working
    assert "40 g × 1.3 ÷ 4 weeks = 13 g a week" in table.working
    assert table.citations


def test_the_ramp_up_in_grams() -> None:
    # 30 g: 0.25, 0.5, 0.75 and 1 of it
    same, ramp = told("switch 30 g every 4 weeks to HyQvia, ramp up in grams", "hyqvia")
    assert "the same grams over time as the IV dose" in same.text
    assert "7.5 g in week 1, 15 g in week 2, 22.5 g in week 4, 30 g in week 7" in ramp.text


def test_no_ramp_for_an_interval_that_has_none() -> None:
    assert len(told("switch 30 g every 2 weeks to HyQvia", "hyqvia")) == 1


def test_the_first_dose_after_the_vein_and_the_sites() -> None:
    # 28 × 1.3 ÷ 4 = 9.1 g; ÷ 0.165 = 55.2 mL; 25 mL a site: 3 sites, 60 mL/h, 55 min;
    # 40 mL a site: 2 sites, 104 mL/h, 32 min
    text = "convert 28 g IVIG q4 weeks in an adult to weekly, how much in each site"
    _, sites = told(text, "cutaquig")
    assert "at first at most 25 mL per site and 20 mL/h per site" in sites.text
    assert "9.1 g (55.2 mL) first: 3 sites, 55 min; later: 2 sites, 32 min" in sites.text
    _, first = told("convert 40 g IVIG every 4 weeks to weekly", "cuvitru")
    assert (
        first.text == "Cuvitru: the first dose is given 1 week after the last infusion into a vein."
    )


def test_sites_of_a_dose_need_no_weight() -> None:
    # 10 g = 50 mL; 15 mL a site: 4 sites at 15 mL/h = 60 mL/h, 50 min; 25 mL a site: 2, 50 mL/h, 1 h
    found = told("10 g weekly: how many sites and how long", "hizentra", disease="pid")
    assert "10 g (50 mL) first: 4 sites, 50 min; later: 2 sites, 1 h" in found[-1].text


def test_a_child_is_not_given_the_sites_of_an_adult() -> None:
    (only,) = told("sites for a 5-year-old of 20 kg", "cutaquig")
    assert "2–6 years" in only.text
    assert "10 mL per site" in only.text


def test_facilitated_step_by_step() -> None:
    (steps,) = told("step by step, rates and sites", "hyqvia")
    assert "hyaluronidase first" in steps.text
    assert "first infusions from 40 kg 10, 30, 60, 120 and 240 mL/h per site" in steps.text
    assert "at most 600 mL per site from 40 kg, at most 3 sites at once" in steps.text


def test_what_each_region_takes() -> None:
    # 5 ft 4 in: 45.5 + 2.3 × 4 = 54.7; + 0.4 × 55.3 = 76.82; × 0.4 = 30.7
    text = "woman, 5 ft 4 in, 110 kg, 0.4 g/kg: ideal and adjusted weight, is adjusting required?"
    by_region = told(text)[2].text
    assert "Ontario, Canada 76.8 kg, 30.7 g" in by_region
    assert "Australia 110 kg, 44 g" in by_region
