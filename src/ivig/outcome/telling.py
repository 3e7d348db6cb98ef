"""One relation told of one patient: does it apply, with which number, in which words."""

from dataclasses import dataclass

from ivig.cited import Citation, Cited, Interval
from ivig.criterion import Answer, Test, ask
from ivig.indication import Phase
from ivig.outcome.estimate import wilson_interval
from ivig.outcome.relation import Estimate, Outcome, Relation
from ivig.patient import Patient, Route

VIAL_ROUNDING = 0.1
"""A dose this near a bound counts as reaching it: doses are rounded to whole vials."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """The patient and the treatment that a relation is asked about; None is unknown."""

    patient: Patient
    lineage: tuple[str, ...]
    """The indication's id, then its parents'."""
    route: Route
    dose_g_per_kg: float | None = None
    """Total of one administration, or of one course."""
    phase: Phase | None = None
    first_infusion: bool | None = None
    trough_g_per_L: Interval | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Computed:
    """A number worked out from a slope, with its words."""

    value: Interval
    unit: str
    text: str
    notes: tuple[str, ...]
    citation: Citation


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """Whether conditions hold, and in words those that are not known."""

    answer: Answer
    unknown: tuple[str, ...]


def tell(relation: Relation, case: Case, computed: Computed | None = None) -> Outcome | None:
    """The outcome this relation predicts; None when it does not speak of this patient.

    A condition that is not met hides the relation or the estimate; one that is unknown keeps it,
    under "If …" and without a value.
    """
    if relation.kind == "exposure" or not _concerns(relation, case):
        return None
    asked = _ask_relation(relation, case)
    own, shown = _estimates(relation, case)
    if asked.answer == "not_met" or not (shown or computed):
        return None
    value, unit = (None, "") if own is None or not computes(relation) else _value(own.value)
    if computed is not None:
        value, unit = computed.value, computed.unit
    if asked.answer != "met" or value is None:
        value, unit = None, ""
    parts, details = _parts(relation, shown, computed)
    citations = [] if computed is None else [computed.citation]
    citations += [cited.citation for cited, _ in shown]
    return Outcome(
        id=relation.id,
        name=relation.name,
        kind=relation.kind,
        text=_sentence(relation.says, asked, parts),
        details=tuple(details),
        value=value,
        unit=unit,
        population=relation.population,
        caveats=(*relation.caveats, *(() if computed is None else computed.notes)),
        strength=relation.strength,
        citations=tuple(dict.fromkeys(citations)),
    )


def computes(relation: Relation) -> bool:
    """Whether numbers may be worked out from it; a quoted relation is quoted only."""
    return relation.strength == "model" and relation.form != "quote"


def _concerns(relation: Relation, case: Case) -> bool:
    of_it = not relation.indications or bool(set(relation.indications) & set(case.lineage))
    return of_it and (not relation.routes or case.route in relation.routes)


def _ask_relation(relation: Relation, case: Case) -> _Asked:
    return _all(
        _ask_test(relation.when, relation.provided, case.patient),
        _ask_dose(relation.dose_at_least_g_per_kg, case.dose_g_per_kg),
    )


def _ask_estimate(estimate: Estimate, case: Case) -> _Asked:
    return _all(
        _ask_test(estimate.when, estimate.provided, case.patient),
        _ask_first(estimate.first_infusion, case.first_infusion),
    )


_MET = _Asked(answer="met", unknown=())
_NOT_MET = _Asked(answer="not_met", unknown=())


def _ask_test(test: Test | None, provided: str | None, patient: Patient) -> _Asked:
    if test is None:
        return _MET
    answer = ask(test, patient)
    return _Asked(answer=answer, unknown=(provided or "",) if answer == "unknown" else ())


def _ask_dose(bound_g_per_kg: float | None, dose_g_per_kg: float | None) -> _Asked:
    if bound_g_per_kg is None:
        return _MET
    if dose_g_per_kg is None:
        words = f"the total dose is {bound_g_per_kg:g} g/kg or more"
        return _Asked(answer="unknown", unknown=(words,))
    return _MET if dose_g_per_kg >= bound_g_per_kg * (1 - VIAL_ROUNDING) else _NOT_MET


def _ask_first(wanted: bool | None, first: bool | None) -> _Asked:
    if wanted is None:
        return _MET
    if first is None:
        words = "this is the first infusion" if wanted else "this is not the first infusion"
        return _Asked(answer="unknown", unknown=(words,))
    return _MET if first is wanted else _NOT_MET


def _all(*parts: _Asked) -> _Asked:
    if any(part.answer == "not_met" for part in parts):
        return _NOT_MET
    unknown = tuple(words for part in parts for words in part.unknown)
    return _Asked(answer="unknown" if unknown else "met", unknown=unknown)


Shown = tuple[Cited[Estimate], _Asked]


def _estimates(relation: Relation, case: Case) -> tuple[Cited[Estimate] | None, list[Shown]]:
    """The patient's own estimate, if it is known which, and all that are shown, in order."""
    own: Cited[Estimate] | None = None
    shown: list[Shown] = []
    settled = undecided = False
    for cited in relation.estimates:
        held = _ask_estimate(cited.value, case)
        if held.answer == "not_met" or (settled and cited.value.role == "patient"):
            continue
        shown.append((cited, held))
        if cited.value.role == "patient" and held.answer == "met":
            settled = True
            own = cited if not undecided else None
        undecided = undecided or (cited.value.role == "patient" and held.answer == "unknown")
    return own, shown


def _parts(
    relation: Relation, shown: list[Shown], computed: Computed | None
) -> tuple[list[str], list[str]]:
    """What goes into the sentence, and the details; without a number two details move up."""
    telling = computes(relation)
    told = [
        (cited.value.role, _words(cited.value, held, computed=telling)) for cited, held in shown
    ]
    parts = [] if computed is None else [computed.text]
    parts += [words for role, words in told if role != "detail"]
    details = [words for role, words in told if role == "detail"]
    return (parts, details) if parts else (details[:2], details[2:])


def _value(estimate: Estimate) -> tuple[Interval | None, str]:
    if estimate.events is not None and estimate.n is not None:
        p = wilson_interval(estimate.events, estimate.n)
        scaled = [x * estimate.per for x in (p.median, p.low, p.high)]
        value = Interval(median=scaled[0], low=scaled[1], high=scaled[2], level=p.level)
        return value, estimate.unit or "%"
    if estimate.value is None or estimate.low is None or estimate.high is None:
        return None, estimate.unit or ""
    value = Interval(
        median=estimate.value, low=estimate.low, high=estimate.high, level=estimate.level
    )
    return value, estimate.unit or ""


def _sentence(says: str, asked: _Asked, parts: list[str]) -> str:
    numbers = "; ".join(parts)
    text = f"{says} {numbers[:1].upper()}{numbers[1:]}."
    if not asked.unknown:
        return text
    return f"If {' and '.join(asked.unknown)} (not known): {text}"


def _words(estimate: Estimate, held: _Asked, *, computed: bool) -> str:
    figure = _figure(estimate, computed=computed)
    label = f"if {' and '.join(held.unknown)}" if held.unknown else estimate.label
    return f"{label}: {figure}" if figure else label


def _figure(estimate: Estimate, *, computed: bool) -> str:
    """The number in words, as published; counts get their Wilson interval when computing."""
    if estimate.events is not None and estimate.n is not None:
        counts = f"{estimate.events:,} of {estimate.n:,}"
        value, unit = _value(estimate)
        if value is None or not computed:
            return counts
        span = f"{value.level:.0%} interval {_short(value.low)} to {_short(value.high)}"
        return f"{counts} ({_with_unit(_short(value.median), unit)}, {span})"
    span = "" if estimate.low is None else f"{estimate.low:g} to {estimate.high:g}"
    unit = estimate.unit or ""
    if estimate.value is None:
        return _with_unit(span, unit) if span else ""
    figure = _with_unit(f"{estimate.value:g}", unit)
    return f"{figure} ({estimate.level:.0%} interval {span})" if span else figure


def _with_unit(number: str, unit: str) -> str:
    if unit.endswith("ratio"):
        return f"{unit} {number}"
    return f"{number}{unit}" if unit.startswith("%") else f"{number} {unit}".rstrip()


def _short(number: float) -> str:
    return f"{number:.0f}" if number >= 9.95 else f"{number:.2g}"
