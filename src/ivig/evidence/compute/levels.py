"""IgG levels: both units, and what the rules we hold say of a number."""

import re
from collections.abc import Iterator

from ivig.cited import Cited
from ivig.criterion import Test, ask
from ivig.evidence.compute.facts import Computed, Facts, computed
from ivig.evidence.compute.given import Given
from ivig.evidence.compute.say import level, number
from ivig.indication import Criterion
from ivig.patient import Patient

REFERENCE = ("cvid", "low_igg")
"""Whose criterion holds the lower bounds by age."""
SECONDARY = ("sid", "low_igg_or_antibody_failure")
ADULT_YEAR = 19.0
TREATED = "pid"
"""Whose target a trough is held against when no disease is named."""
_ASKS_TREATED = r"\btrough\w*|\bon (?:ivig|scig|treatment|replacement|immunoglobulin|therapy)\b"
_MEASURE = "untreated_igg_g_per_L"
_ASKS_LOW = (
    r"\b(?:low|normal|high|enough|deficien\w*|adequate|bad|ok|okay|mean|interpret\w*|need)\b"
)
_OTHER = r"\b(?:iga|igm|ige|albumin|creatinine|haemoglobin|hemoglobin|hb|crp|glucose|sodium)\b"
_CONVERT = r"\b(?:convert|in g/l|to g/l|in mg/dl|to mg/dl|units?|equal)\b|\bmg/dl\b.*\bg/l\b"


def level_answers(given: Given, facts: Facts) -> tuple[Computed, ...]:
    """Each IgG level in both units; whether it is low, when that is asked."""
    levels = [q for q in given.question.quantities if q.unit == "g_per_L"]
    if not levels and given.asks(_ASKS_LOW) and given.asks(r"\bigg\b"):
        return _without_unit(given)
    if not levels or (re.search(_OTHER, given.words) and "igg" not in given.words):
        return ()
    asked = given.asks(_ASKS_LOW)
    if asked and given.asks(_ASKS_TREATED):
        return tuple(_on_treatment(q.value, given, facts) for q in levels[:2])
    converts = given.asks(_CONVERT) or not asked
    return tuple(
        _judged(q.value, given, facts) if asked else _converted(q.value)
        for q in levels[:2]
        if asked or converts
    )


def _without_unit(given: Given) -> tuple[Computed, ...]:
    """A bare number beside IgG: 543 is healthy in one unit and impossible in the other."""
    bare = [q.value for q in given.question.quantities if q.unit == "" and q.value > 0]
    if not bare:
        return ()
    value = bare[0]
    readings = f"{number(value)} mg/dL is {number(value / 100)} g/L"
    return (
        computed(
            "missing",
            f"The unit of {number(value)} is missing; {readings}, and {number(value)} g/L is "
            f"{number(value * 100, 0)} mg/dL.",
            "mg/dL ÷ 100 = g/L",
        ),
    )


def _on_treatment(g_per_L: float, given: Given, facts: Facts) -> Computed:
    """A trough on treatment is held against the target, not against the untreated limit."""
    disease = given.indication or facts.indications.get(TREATED)
    targets = () if disease is None else disease.targets
    target = next((t for t in targets if t.value.trough_at_least_g_per_L is not None), None)
    if target is None or disease is None or target.value.trough_at_least_g_per_L is None:
        return _converted(g_per_L)
    least = target.value.trough_at_least_g_per_L
    low = g_per_L < least
    return computed(
        "level",
        f"A trough of {level(g_per_L)} is {'below' if low else 'not below'} the {number(least)} g/L "
        f"aimed at in {disease.name}: {target.value.text}",
        f"{_unit_working(g_per_L)}; {number(g_per_L)} {'<' if low else '≥'} {number(least)} g/L",
        cite=[target],
        cautions=["Infections decide more than the level; a level on treatment is no diagnosis."],
    )


def _converted(g_per_L: float) -> Computed:
    return computed(
        "units",
        f"{level(g_per_L)}.",
        f"{number(g_per_L * 100, 0)} mg/dL ÷ 100 = {number(g_per_L)} g/L",
    )


def _judged(g_per_L: float, given: Given, facts: Facts) -> Computed:
    reference = _criterion(facts, *REFERENCE)
    bounds = dict(_bounds(reference.value.test)) if reference is not None else {}
    age = given.age_year
    said: list[str] = []
    if age is None:
        age = 40.0 if not given.is_child else None
        said.append("No age is given: an adult is assumed. Children have lower limits.")
    bound = None if age is None else _bound_at(age, bounds)
    cite = [reference] if reference is not None else []
    if bound is None:
        text = f"IgG {level(g_per_L)}. The lower limit depends on the age, which is missing."
        return computed("level", text, _unit_working(g_per_L), cite=cite)
    low = g_per_L < bound
    who = "adults" if age is not None and age >= ADULT_YEAR else f"age {number(age or 0, 1)} years"
    text = (
        f"IgG {level(g_per_L)} is {'below' if low else 'not below'} the lower limit for {who}, "
        f"{level(bound)}."
    )
    secondary = _criterion(facts, *SECONDARY)
    if secondary is not None:
        threshold = next((v for _, v in _bounds(secondary.value.test)), None)
        if threshold is not None:
            side = "below" if g_per_L < threshold else "not below"
            text += f" It is {side} the {number(threshold)} g/L named for secondary deficiency."
            cite.append(secondary)
    text += " A level alone is no diagnosis and no reason to treat: infections and vaccine response decide."
    said.append("Laboratories differ: the range on the report comes first.")
    sign = "<" if low else "≥"
    working = f"{_unit_working(g_per_L)}; {number(g_per_L)} {sign} {number(bound)} g/L"
    return computed("level", text, working, cite=cite, cautions=said)


def _unit_working(g_per_L: float) -> str:
    return f"{number(g_per_L * 100, 0)} mg/dL ÷ 100 = {number(g_per_L)} g/L"


def _criterion(facts: Facts, indication: str, name: str) -> Cited[Criterion] | None:
    if indication not in facts.indications:
        return None
    criteria = facts.indications[indication].criteria
    return next((fact for fact in criteria if fact.value.id == name), None)


def _bounds(test: Test) -> Iterator[tuple[Test | None, float]]:
    """(the test of age, the level it must be below) for each part that asks nothing else."""
    for part in test.any or (test,):
        parts = part.all or (part,)
        levels = [p.below for p in parts if p.measure == _MEASURE and p.below is not None]
        ages = [p for p in parts if p.measure == "age_year"]
        if len(levels) == 1 and len(ages) + 1 == len(parts):
            yield (ages[0] if ages else None), levels[0]


def _bound_at(age_year: float, bounds: dict[Test | None, float]) -> float | None:
    """The bound of the part whose age test this age meets."""
    someone = Patient(diagnosis="not given", weight_kg=70, age_year=age_year)
    for test, bound in bounds.items():
        if test is None or ask(test, someone) == "met":
            return bound
    return None
