"""Products for a patient: what is stopped, the order, and the differences that matter."""

from dataclasses import replace

import pytest

from ivig.comparison import Comparison, Offer, compare_products
from ivig.dosing import Price
from ivig.errors import InputError
from ivig.knowledge import Knowledge
from ivig.patient import Dose, History, Lab, Patient
from ivig.product import Product
from tests.test_safety import HEALTHY

CIDP = replace(HEALTHY, diagnosis="cidp", sex="male")
# who must not have it: condition → the ingredient
FORBIDDEN = {
    "hyperprolinaemia": ("proline",),
    "hereditary_fructose_intolerance": ("sorbitol", "sucrose"),
    "hyaluronidase_allergy": ("hyaluronidase",),
    "polysorbate_80_allergy": ("polysorbate_80",),
    "corn_allergy": ("maltose",),
}


def offers(made: Comparison) -> dict[str, Offer]:
    return {offer.ranked.product_id: offer for offer in made.offers}


def offered(made: Comparison) -> list[str]:
    return [offer.ranked.product_id for offer in made.offers if offer.place is not None]


def every(patient: Patient, knowledge: Knowledge, route: str = "iv") -> Comparison:
    """All products of the route, whatever their market."""
    ids = [p.id for p in knowledge.products.values() if route in p.routes.value]
    return compare_products(knowledge, patient=patient, products=ids, route=route)  # type: ignore[arg-type]


def may_have(patient: Patient, product: Product) -> bool:
    """An independent reading of the hard stops."""
    have = {*(patient.conditions or ()), *(patient.allergies or ())}
    contains = product.contains.value
    for condition, ingredients in FORBIDDEN.items():
        if condition in have and any(getattr(contains, i) is not False for i in ingredients):
            return False
    if "latex_allergy" in have and (product.latex_free is None or not product.latex_free.value):
        return False
    infant = patient.age_year is not None and patient.age_year < 2
    if infant and contains.sorbitol is not False:
        return False
    history = patient.history
    if history.reaction_to_ig == "anaphylaxis":
        return False
    if "iga_deficiency" in have and history.anti_iga and history.reaction_to_ig == "headache":
        return False
    misread = "diabetes" in have and patient.finding("glucose_meter") == "gdh_pqq"
    if misread and contains.maltose is not False:
        return False
    ages = [use.value.from_age_year for use in product.uses]
    bounded = ages and None not in ages
    return not (
        bounded
        and patient.age_year is not None
        and patient.age_year < min(a for a in ages if a is not None)
    )


PATIENTS = [
    CIDP,
    *(replace(CIDP, conditions=(name,)) for name in ("hyperprolinaemia", "diabetes", "ckd")),
    *(replace(CIDP, conditions=(name,)) for name in ("stroke", "heart_failure")),
    replace(CIDP, conditions=("hereditary_fructose_intolerance", "hyperprolinaemia")),
    *(replace(CIDP, allergies=(name,)) for name in ("corn_allergy", "latex_allergy")),
    *(replace(CIDP, allergies=(n,)) for n in ("polysorbate_80_allergy", "hyaluronidase_allergy")),
    replace(CIDP, conditions=None),
    replace(CIDP, allergies=None),
    replace(CIDP, conditions=None, allergies=None, history=History(), age_year=None, labs=()),
    replace(CIDP, age_year=1, weight_kg=10, height_cm=75),
    replace(CIDP, age_year=9, weight_kg=30, height_cm=135),
    replace(CIDP, age_year=16.5),
    replace(CIDP, history=History(anti_iga=False, reaction_to_ig="anaphylaxis")),
    replace(CIDP, conditions=("iga_deficiency",), history=History(anti_iga=True)),
    replace(CIDP, blood_group="A", age_year=80),
]


@pytest.mark.parametrize("patient", PATIENTS, ids=range(len(PATIENTS)))
@pytest.mark.parametrize("route", ["iv", "sc", "fsc"])
def test_twenty_patients_and_all_products(
    patient: Patient, route: str, knowledge: Knowledge
) -> None:
    made = every(patient, knowledge, route)
    assert made.offers
    for product_id in offered(made):
        assert may_have(patient, knowledge.products[product_id]), product_id
    for offer in made.offers:
        product = knowledge.products[offer.ranked.product_id]
        if patient.conditions is None and product.contains.value.proline is not False:
            assert offer.ranked.standing != "suitable", product.id
        if patient.allergies is None and product.contains.value.polysorbate_80 is not False:
            assert offer.ranked.standing != "suitable", product.id


def test_nothing_is_offered_after_anaphylaxis(knowledge: Knowledge) -> None:
    patient = replace(CIDP, history=History(anti_iga=True, reaction_to_ig="anaphylaxis"))
    made = compare_products(knowledge, patient=patient)
    assert made.all_stopped
    assert made.regimen is None
    assert any(finding.kind == "stop" for finding in made.findings)


def test_a_meter_that_misreads_stops_maltose_and_a_specific_one_does_not(
    knowledge: Knowledge,
) -> None:
    diabetic = replace(CIDP, conditions=("diabetes",))
    wrong = replace(diabetic, findings=(("glucose_meter", "gdh_pqq"),))
    right = replace(diabetic, findings=(("glucose_meter", "glucose_specific"),))
    for patient, standing in ((wrong, "stopped"), (right, "caution"), (diabetic, "caution")):
        made = offers(compare_products(knowledge, patient=patient))
        assert made["octagam_10"].ranked.standing == standing
        assert made["gamunex_c"].ranked.standing == "suitable"


def test_latex_that_is_only_recalled_is_to_be_confirmed(knowledge: Knowledge) -> None:
    made = offers(compare_products(knowledge, patient=replace(CIDP, allergies=("latex_allergy",))))
    assert made["panzyga"].ranked.standing == "suitable"  # read
    assert made["privigen"].ranked.standing == "caution"  # recalled
    assert made["alyglo"].ranked.standing == "stopped"  # not known
    assert "latex" in made["alyglo"].stops[0].text


def test_a_label_for_adults_only_stops_a_child(knowledge: Knowledge) -> None:
    child = replace(CIDP, diagnosis="cvid", age_year=9, weight_kg=30, height_cm=135)
    made = offers(compare_products(knowledge, patient=child))
    assert made["octagam_10"].ranked.standing == "stopped"
    assert made["alyglo"].ranked.standing == "stopped"
    assert made["privigen"].ranked.standing != "stopped"


def test_isoagglutinin_control_leads_for_blood_group_a_at_2_g_per_kg(knowledge: Knowledge) -> None:
    group_a = compare_products(knowledge, patient=replace(CIDP, blood_group="A"))
    assert offered(group_a)[0] == "privigen"
    reasons = offers(group_a)["gamunex_c"].ranked.reasons
    assert any("isoagglutinin control not known" in reason for reason in reasons)
    group_o = offers(compare_products(knowledge, patient=CIDP))
    assert not any("isoagglutinin" in r for r in group_o["gamunex_c"].ranked.reasons)


def test_a_five_percent_solution_falls_behind_in_heart_failure(knowledge: Knowledge) -> None:
    failing = replace(CIDP, diagnosis="cvid", conditions=("heart_failure",))
    order = offered(compare_products(knowledge, patient=failing))
    assert order.index("octagam_5") > order.index("privigen")
    assert order.index("bivigam") > order.index("privigen")  # sodium 100–140 mmol/L


def test_fit_to_the_risks_goes_before_the_label(knowledge: Knowledge) -> None:
    made = compare_products(knowledge, patient=replace(CIDP, blood_group="A"))
    order = offered(made)
    # Gammaplex 10 % is off label for CIDP but controls isoagglutinins; Panzyga is on label
    assert order.index("gammaplex_10") < order.index("panzyga")


def test_a_maximum_is_never_compared_with_an_average(knowledge: Knowledge) -> None:
    made = compare_products(knowledge, products=["privigen", "gamunex_c"])
    iga = next(matter for matter in made.differences if matter.id == "iga")
    assert iga.note is not None
    assert iga.note.startswith("not comparable")
    alike = compare_products(knowledge, products=["privigen", "alyglo"])
    assert next(matter for matter in alike.differences if matter.id == "iga").note is None


def test_only_the_differences_that_matter(knowledge: Knowledge) -> None:
    def ids(patient: Patient) -> set[str]:
        return {m.id for m in compare_products(knowledge, patient=patient).differences}

    assert ids(replace(CIDP, blood_group="O")) <= {"iga"}
    assert {"sucrose", "osmolality", "volume", "rate"} <= ids(replace(CIDP, conditions=("ckd",)))
    assert {"maltose", "glucose"} <= ids(replace(CIDP, conditions=("diabetes",)))
    assert "isoagglutinins" in ids(replace(CIDP, blood_group="AB"))
    assert {"fxia", "rate"} <= ids(replace(CIDP, conditions=("stroke",)))
    assert "proline" in ids(replace(CIDP, conditions=None))
    low_dose = replace(CIDP, diagnosis="cvid", blood_group="A")
    assert "isoagglutinins" not in ids(low_dose)


def test_each_difference_has_a_source_or_says_assumed_and_a_grade(knowledge: Knowledge) -> None:
    made = compare_products(knowledge, products=list(knowledge.products))
    assert len(made.differences) == 15
    for matter in made.differences:
        assert matter.grade in ("A", "B", "C")
        assert matter.facts
        assert len(matter.held) == len(knowledge.products)
        for held in matter.held:
            assert held.known == bool(held.citations), (matter.id, held.product_id)
            assert held.known or held.text == "not known"


def test_the_product_the_patient_is_on_leads_while_it_is_not_stopped(knowledge: Knowledge) -> None:
    on = replace(CIDP, doses=(Dose(time_day=-21, amount_g=70, product="gammagard_liquid"),))
    assert offered(compare_products(knowledge, patient=on))[0] == "gammagard_liquid"


def test_cost_only_from_prices_and_as_the_last_word(knowledge: Knowledge) -> None:
    bare = compare_products(knowledge, patient=CIDP)
    assert {offer.cost for offer in bare.offers} == {None}
    prices = {"privigen": Price(per_g=80, currency="USD")}
    priced = compare_products(knowledge, patient=CIDP, prices=prices)
    assert offered(priced) == offered(bare)
    assert offers(priced)["privigen"].cost == pytest.approx(80 * 140)
    two = prices | {"gamunex_c": Price(per_g=90, currency="EUR")}
    with pytest.raises(InputError, match="one currency"):
        compare_products(knowledge, patient=CIDP, prices=two)


def test_only_the_named_products_and_why_one_is_left_out(knowledge: Knowledge) -> None:
    made = compare_products(
        knowledge, patient=CIDP, products=["privigen", "hizentra", "carimune_nf", "kiovig"]
    )
    assert set(made.product_ids) == {"privigen", "kiovig"}
    texts = " ".join(finding.text for finding in made.findings)
    assert "Hizentra is given sc, not iv" in texts
    assert "Carimune NF is not on the market (discontinued)" in texts
    assert "other markets only" in texts


def test_without_a_regimen_products_are_checked_for_stops_only(knowledge: Knowledge) -> None:
    patient = replace(CIDP, diagnosis="alzheimer", conditions=("hyperprolinaemia",))
    made = compare_products(knowledge, patient=patient, route="fsc")
    assert made.regimen is None
    assert any("not ranked" in finding.text for finding in made.findings)


def test_the_same_question_has_one_answer(knowledge: Knowledge) -> None:
    patient = replace(CIDP, labs=(Lab(analyte="egfr_mL_per_min_per_1_73m2", value=40, ucum="x"),))
    first = compare_products(knowledge, patient=patient)
    assert first == compare_products(knowledge, patient=patient)


@pytest.mark.parametrize(
    "options", [{}, {"products": ["privigen"], "jurisdiction": "mars"}, {"jurisdiction": "mars"}]
)
def test_bad_questions_are_refused(options: dict[str, object], knowledge: Knowledge) -> None:
    with pytest.raises(InputError):
        compare_products(knowledge, **options)  # type: ignore[arg-type]
