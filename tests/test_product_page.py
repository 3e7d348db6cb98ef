"""Everything known of a product, and all that is not."""

from dataclasses import fields
from typing import Any

import pytest

from ivig.cited import Cited
from ivig.codec import walk
from ivig.knowledge import Knowledge
from ivig.product_gaps import field_name
from ivig.product_page import product_page


def test_what_is_unknown_or_recalled_is_listed(knowledge: Knowledge) -> None:
    page = product_page(knowledge.products["octagam_10"])
    assert "isoagglutinin control" in page.unknown
    assert "whether it contains polysorbate 80" in page.unknown
    assert "latex free (yes)" in page.recalled
    assert any("3.3 mg/kg/min" in text for text in page.conflicts)


def test_a_product_of_unknown_composition(knowledge: Knowledge) -> None:
    page = product_page(knowledge.products["qivigy"])
    for name in ("sucrose", "maltose", "sorbitol", "glucose", "proline"):
        assert f"whether it contains {name}" in page.unknown


@pytest.mark.parametrize("field", ["sites", "SC sites", "facilitated"])
def test_an_intravenous_product_lacks_no_subcutaneous_rules(
    field: str, knowledge: Knowledge
) -> None:
    assert field not in product_page(knowledge.products["privigen"]).unknown


def test_every_empty_field_of_every_product_is_said(knowledge: Knowledge) -> None:
    assert len(knowledge.products) >= 34
    under_skin = {"sites", "sc_frequency", "iv_to_sc_factor", "iv_to_sc_note"}
    for product in knowledge.products.values():
        unknown = product_page(product).unknown
        optional = {"gaps", "conflicts", "facilitated", "rates", *under_skin}
        for field in fields(product):
            if field.name not in optional and getattr(product, field.name) in (None, ()):
                assert field_name(field.name) in unknown, (product.id, field.name)
        for field in fields(product.contains.value):
            if getattr(product.contains.value, field.name) is None:
                name = field.name.replace("_", " ")
                assert f"whether it contains {name}" in unknown, (product.id, field.name)
        for ladder in product.rates:
            assert ladder.risk_cap or any("at renal or thrombotic risk" in one for one in unknown)
        assert set(product.gaps) <= set(unknown)


def test_every_recalled_fact_of_every_product_is_said(knowledge: Knowledge) -> None:
    for product in knowledge.products.values():
        listed = product_page(product).recalled
        for path, value in walk(product):
            if isinstance(value, Cited) and value.basis in ("recalled", "assumed"):
                name = field_name(next(part for part in path if isinstance(part, str)))
                assert any(one.startswith(name) for one in listed), (product.id, path)


def test_every_fact_of_every_product_stands_on_its_page(knowledge: Knowledge) -> None:
    for product in knowledge.products.values():
        page = product_page(product)
        shown = {c.source for part in page.sections for line in part.lines for c in line.citations}
        facts: list[Cited[Any]] = [v for _, v in walk(product) if isinstance(v, Cited)]
        assert {fact.source for fact in facts} - {None} <= shown, product.id
        recalled = [fact for fact in facts if fact.basis in ("recalled", "assumed")]
        assert bool(recalled) == bool(page.recalled), product.id
        assert all(line.text for part in page.sections for line in part.lines)
