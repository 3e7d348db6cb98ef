"""Everything known of a product, and all that is not."""

from typing import Any

import pytest

from ivig.cited import Cited
from ivig.codec import walk
from ivig.knowledge import Knowledge
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


def test_every_fact_of_every_product_stands_on_its_page(knowledge: Knowledge) -> None:
    for product in knowledge.products.values():
        page = product_page(product)
        shown = {c.source for part in page.sections for line in part.lines for c in line.citations}
        facts: list[Cited[Any]] = [v for _, v in walk(product) if isinstance(v, Cited)]
        assert {fact.source for fact in facts} - {None} <= shown, product.id
        recalled = [fact for fact in facts if fact.basis in ("recalled", "assumed")]
        assert bool(recalled) == bool(page.recalled), product.id
        assert all(line.text for part in page.sections for line in part.lines)
