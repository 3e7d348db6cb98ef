"""What a question gives: the person, the dose, the product, and how often."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ivig.diagnosis import complete, lineage
from ivig.evidence.compute.facts import Facts
from ivig.evidence.question import Quantity, Question
from ivig.indication import Indication
from ivig.patient import Patient, Route, Sex
from ivig.product import Product

DAYS_PER_MONTH_MEANT = 28.0
"""A monthly immunoglobulin dose is taken as every 4 weeks, which is said."""

_MEN = re.compile(r"\b(?:man|male|boy|men|he|his|gentleman)\b", re.IGNORECASE)
_WOMEN = re.compile(r"\b(?:woman|female|girl|women|she|her|lady|pregnan\w+)\b", re.IGNORECASE)
_PREGNANT = re.compile(r"\bpregnan(?:t|cy)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """The numbers of a question by what they mean; a range is (low, high).

    ``g_per_kg_per_day``, ``g_per_kg`` and ``amount_g`` exclude one another: the first that is
    named, in that order. ``intervals_day`` in the order of the question.
    """

    question: Question
    weight_kg: float | None
    height_cm: float | None
    age_year: float | None
    sex: Sex | None
    pregnant: bool | None
    g_per_kg: tuple[float, float] | None
    g_per_kg_per_day: tuple[float, float] | None
    amount_g: tuple[float, float] | None
    split_day: tuple[float, float] | None
    split_text: str
    n_doses: int | None
    intervals_day: tuple[float, ...]
    monthly: bool
    """An interval was named in months, and four weeks stand for one."""
    percent: float | None
    indication: Indication | None
    uses: tuple[str, ...]
    products: tuple[Product, ...]

    @property
    def words(self) -> str:
        """The question in small letters."""
        return self.question.text.lower()

    @property
    def product(self) -> Product | None:
        """The first product named."""
        return self.products[0] if self.products else None

    def asks(self, pattern: str, *topics: str) -> bool:
        """Whether the words match or one of the topics was recognised."""
        return bool(re.search(pattern, self.words)) or any(
            t in self.question.topics for t in topics
        )

    @property
    def is_child(self) -> bool:
        """Whether the words speak of a child."""
        child = r"\b(?:child|infant|baby|newborn|toddler|neonate|son|daughter|boy|girl|kid)\b"
        return "child" in self.question.populations or bool(re.search(child, self.words))

    def patient(self, default_kg: float | None = None) -> Patient | None:
        """The person as a patient; None without a weight."""
        weight_kg = self.weight_kg or default_kg
        if weight_kg is None:
            return None
        return Patient(
            diagnosis="not given" if self.indication is None else self.indication.id,
            weight_kg=weight_kg,
            height_cm=self.height_cm,
            age_year=self.age_year,
            sex=self.sex,
            pregnant=self.pregnant,
        )

    @property
    def route(self) -> Route:
        """The route named, else that of the product, else into a vein."""
        for name in self.question.routes:
            if name in ("iv", "sc", "fsc"):
                return name
        return self.product.routes.value[0] if self.product is not None else "iv"


def read_given(question: Question, facts: Facts) -> Given:
    """Sort the quantities of a question by meaning."""
    per_day = _range(question, "g_per_kg_per_day")
    per_kg = None if per_day else _range(question, "g_per_kg")
    amount = None if per_day or per_kg else _range(question, "g")
    intervals = [q for q in question.quantities if q.unit in ("interval_day", "interval_month")]
    if per_kg and any(q.value == 1 and q.unit == "interval_day" for q in intervals[:1]):
        per_day, per_kg = per_kg, None
        intervals = intervals[1:]
    splits = [q for q in question.quantities if q.unit == "split_day"]
    splits = splits or _days_after_dose(question, per_day or per_kg or amount)
    found = next((i for i in question.indications if i in facts.indications), None)
    indication = None if found is None else complete(facts.indications[found], facts.indications)
    count = question.first("dose")
    sex: Sex | None = None
    if _WOMEN.search(question.text):
        sex = "female"
    elif _MEN.search(question.text):
        sex = "male"
    return Given(
        question=question,
        weight_kg=question.first("kg"),
        height_cm=question.first("cm"),
        age_year=question.first("age_year"),
        sex=sex,
        pregnant=True if _PREGNANT.search(question.text) else None,
        g_per_kg=per_kg,
        g_per_kg_per_day=per_day,
        amount_g=amount,
        split_day=_span(splits),
        split_text=splits[0].text.lower() if splits else "",
        n_doses=None if count is None else int(count),
        intervals_day=tuple(_days(q) for q in intervals),
        monthly=any(q.unit == "interval_month" for q in intervals),
        percent=question.first("percent"),
        indication=indication,
        uses=() if found is None else _uses(facts, found),
        products=tuple(facts.products[p] for p in question.products if p in facts.products),
    )


def _uses(facts: Facts, name: str) -> tuple[str, ...]:
    line = lineage(facts.indications[name], facts.indications)
    covered = (use for item in line for use in item.labelled_as)
    return tuple(dict.fromkeys((*(item.id for item in line), *covered)))


def _days(quantity: Quantity) -> float:
    return quantity.value * (DAYS_PER_MONTH_MEANT if quantity.unit == "interval_month" else 1.0)


def _days_after_dose(question: Question, dose: object) -> list[Quantity]:
    """``2 g/kg, 5 days``: days that follow a dose and are no age split it."""
    if dose is None:
        return []
    found = next((q for q in question.quantities if q.unit == "day"), None)
    amounts = [q.start for q in question.quantities if q.unit.startswith("g")]
    near = found is not None and any(0 < found.start - start < 25 for start in amounts)
    return [found] if found is not None and near else []


def _range(question: Question, unit: str) -> tuple[float, float] | None:
    return _span([q for q in question.quantities if q.unit == unit])


def _span(quantities: Iterable[Quantity]) -> tuple[float, float] | None:
    """The first number, or both ends of a range, which share one text."""
    found = list(quantities)
    if not found:
        return None
    ends = [found[0].value] + [q.value for q in found[1:2] if q.text == found[0].text]
    return min(ends), max(ends)
