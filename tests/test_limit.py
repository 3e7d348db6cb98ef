"""The most that is printed: one limit for an order in grams and for one per kilogram."""

from dataclasses import replace

import pytest

from ivig.errors import InputError
from ivig.indication import Range
from ivig.knowledge import Knowledge
from ivig.limit import (
    DoseLimit,
    dose_limit,
    limit_of_regimens,
    over_adjusted,
    over_limit,
    under_limit,
)
from ivig.patient import Patient


def stopped(limit: DoseLimit, amount_g: float, weight_kg: float, days: int | None = None) -> bool:
    return bool(over_limit(limit, amount_g=amount_g, weight_kg=weight_kg, days=days))


def test_a_maximum_in_grams_holds_on_a_high_weight(knowledge: Knowledge) -> None:
    # gestational alloimmune liver disease, England: 1 g/kg, at most 60 g
    limit = limit_of_regimens((knowledge.indications["gald"],), "GALD")
    assert not stopped(limit, 60, 90)
    assert stopped(limit, 60.1, 90)
    assert stopped(limit, 50.1, 50)


def test_a_maximum_in_grams_binds_only_its_own_regimen(knowledge: Knowledge) -> None:
    misc = knowledge.indications["misc"]  # 2 g/kg at most 100 g; 2 g/kg of the heart; and Ontario's
    first = replace(misc, regimens=misc.regimens[:1])
    lower = replace(misc.regimens[1].value, dose_g_per_kg=Range(low=1, high=1))
    both = replace(misc, regimens=(misc.regimens[0], replace(misc.regimens[1], value=lower)))
    assert limit_of_regimens((first,), "x").most_g(70, None) == 100
    assert limit_of_regimens((both,), "x").most_g(70, None) == 100
    assert limit_of_regimens((both,), "x").most_g(120, None) == pytest.approx(120)
    assert limit_of_regimens((misc,), "x").most_g(120, None) == pytest.approx(240)


def test_a_day_holds_no_more_than_the_printed_split_and_the_printed_maximum(
    knowledge: Knowledge,
) -> None:
    cidp = knowledge.indications["cidp"]
    printed = cidp.regimens[0]
    spread = replace(
        printed.value,
        dose_g_per_kg=Range(low=2, high=2),
        split_days=Range(low=4, high=5),
        max_g_per_kg_per_day=1.0,
    )
    limit = limit_of_regimens((replace(cidp, regimens=(replace(printed, value=spread),)),), "x")
    assert limit.day(70).day_g(70) == pytest.approx(35)  # 2 g/kg in 4 days, under 1 g/kg a day
    assert limit.least_days(140, 70) == 4
    assert stopped(limit, 140, 70, days=2)
    assert not stopped(limit, 140, 70, days=4)


@pytest.mark.parametrize("name", ["itp", "cidp", "mmn", "kawasaki", "dermatomyositis", "gbs"])
def test_grams_and_grams_per_kilogram_have_one_limit(name: str, knowledge: Knowledge) -> None:
    indication = knowledge.indications[name]
    of_regimens = limit_of_regimens((indication,), name)
    for product in knowledge.products.values():
        with_label = dose_limit(indication, (name,), product, "iv")
        assert with_label.most_g(70, None) == pytest.approx(of_regimens.most_g(70, None))


def test_where_no_days_are_printed_a_day_holds_1_g_per_kg(knowledge: Knowledge) -> None:
    evans = limit_of_regimens((knowledge.indications["evans"],), "x")  # 1-2 g/kg in divided doses
    assert evans.most_g(70, None) == pytest.approx(140)
    assert evans.day(70).day_g(70) == pytest.approx(70)
    assert stopped(evans, 140, 70, days=1)
    uveitis = limit_of_regimens((knowledge.indications["uveitis"],), "x")  # 1-1.5 g/kg, no days
    assert stopped(uveitis, 105, 70, days=1)
    assert not stopped(uveitis, 105, 70, days=2)
    kawasaki = limit_of_regimens((knowledge.indications["kawasaki"],), "x")  # one infusion, printed
    assert not stopped(kawasaki, 24, 12, days=1)


def test_less_than_anybody_prints_is_a_caution(knowledge: Knowledge) -> None:
    itp = knowledge.indications["itp"]
    limit = dose_limit(itp, ("itp",), knowledge.products["gamunex_c"], "iv")
    found = under_limit(limit, amount_g=1, weight_kg=70)
    assert found[0].kind == "caution"
    assert "check the dose and its unit" in found[0].text
    assert under_limit(limit, amount_g=70, weight_kg=70) == ()


def test_without_a_printed_dose_it_is_assumed_or_refused(knowledge: Knowledge) -> None:
    pid, gbs = knowledge.indications["pid"], knowledge.indications["gbs"]
    limit = dose_limit(gbs, ("gbs",), knowledge.products["hizentra"], "sc")
    assert limit.printed[0].citations[0].basis == "assumed"
    assert stopped(limit, 28.1, 70)
    none = replace(pid, regimens=())
    with pytest.raises(InputError, match="printed intravenous dose"):
        limit_of_regimens((none,), "x")


def test_the_adjusted_weight_is_a_caution(knowledge: Knowledge) -> None:
    limit = limit_of_regimens((knowledge.indications["cidp"],), "CIDP")
    obese = Patient(diagnosis="cidp", weight_kg=100, height_cm=160, sex="female", age_year=50)
    assert over_adjusted(limit, obese, amount_g=200)[0].kind == "caution"
    assert over_adjusted(limit, replace(obese, height_cm=None), amount_g=200) == ()
