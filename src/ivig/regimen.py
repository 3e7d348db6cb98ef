"""How much, how often, on which weight, and why."""

from dataclasses import dataclass, replace
from math import ceil
from typing import Literal

from ivig.cited import Citation, Cited
from ivig.criterion import ask, explain
from ivig.dosing_weight import (
    JurisdictionRules,
    WeightChoice,
    dosing_weight,
    rate_weight_kg,
    shown_weights,
    weight_choice,
)
from ivig.finding import Finding
from ivig.indication import Indication, Phase, Range, RegimenOption, Section
from ivig.patient import Patient, Route

UNPRINTED_DAY_G_PER_KG = 1.0
"""The most of one day where more is printed without its days: what most sources print; assumed."""
ON_TREATMENT_DAY = 84.0  # a dose within 12 weeks: maintenance, not a new start


@dataclass(frozen=True, slots=True, kw_only=True)
class Regimen:
    """A dose for this patient: of one administration, or of one course over ``split_days``."""

    option_id: str
    name: str
    phase: Phase
    route: Route
    section: Section
    text: str
    amount_g: float
    dose_g_per_kg: float
    dose_range_g_per_kg: Range
    dosing_weight_kg: float
    rate_weight_kg: float
    """Pump rates are counted on it; never above the actual weight."""
    dosing_weight_rule: str
    weights: tuple[WeightChoice, ...]
    split_days: int
    interval_day: float | None
    duration_h: Range | None
    course: Literal["ongoing", "short"]
    max_g: float | None
    because: str
    then: "Regimen | None" = None
    citations: tuple[Citation, ...] = ()
    references: tuple[int, ...] = ()

    @property
    def amount_per_day_g(self) -> float:
        """Grams on each day of the course."""
        return self.amount_g / self.split_days


def choose_option(
    patient: Patient, indication: Indication, *, route: Route, jurisdiction: str
) -> Cited[RegimenOption] | None:
    """The published regimen to start from, for this route, place and point in treatment.

    A patient who had a dose within 12 weeks is on treatment: the option that follows the first
    phase (``then``) is taken. What is not known chooses no larger dose: of options whose condition
    is unknown the lowest is taken, and only where it is no higher than what is known to apply.
    """
    usable = _usable(patient, indication, route, jurisdiction)
    if not usable:
        return None
    first = min(usable, key=lambda cited: (not cited.value.default, *_known(cited, patient)))
    first = _particular(usable, first, patient)
    if jurisdiction != "us":
        first = _local(usable, first, jurisdiction, patient)
    if first.value.then is not None and on_treatment(patient):
        return _by_id(indication, first.value.then) or first
    return first


def _usable(
    patient: Patient, indication: Indication, route: Route, jurisdiction: str
) -> list[Cited[RegimenOption]]:
    """Options with a dose, of this route and place, whose condition is met or not known."""
    return [
        cited
        for cited in indication.regimens
        if cited.value.route == route
        and cited.value.dose_g_per_kg is not None
        and (not cited.value.jurisdictions or jurisdiction in cited.value.jurisdictions)
        and (cited.value.when is None or ask(cited.value.when, patient) != "not_met")
    ]


def _local(
    usable: list[Cited[RegimenOption]],
    first: Cited[RegimenOption],
    jurisdiction: str,
    patient: Patient,
) -> Cited[RegimenOption]:
    """What a national programme prints for the same phase; US labels are many, so none is ours."""
    own = [
        cited
        for cited in usable
        if jurisdiction in cited.value.jurisdictions and cited.value.phase == first.value.phase
    ]
    known = [cited for cited in own if not _undecided(cited, patient)]
    if known or not own:
        return known[0] if known else first
    general = [] if _undecided(first, patient) else [first]
    return min((*own, *general), key=_usual_g_per_kg)


def _particular(
    usable: list[Cited[RegimenOption]], first: Cited[RegimenOption], patient: Patient
) -> Cited[RegimenOption]:
    """An option made for what this patient has, rather than the general one, if no larger."""
    if first.value.when is not None:
        return first
    own = [
        cited
        for cited in usable
        if _asked_met(cited, patient)
        and cited.value.phase == first.value.phase
        and _usual_g_per_kg(cited) <= _usual_g_per_kg(first)
    ]
    return own[0] if own else first


def _known(cited: Cited[RegimenOption], patient: Patient) -> tuple[bool, bool, float]:
    """First what is met, then what asks nothing, then the lowest of what is not known."""
    undecided = _undecided(cited, patient)
    return not _asked_met(cited, patient), undecided, _usual_g_per_kg(cited) if undecided else 0.0


def _usual_g_per_kg(cited: Cited[RegimenOption]) -> float:
    printed = cited.value.dose_g_per_kg
    return 0.0 if printed is None else printed.usual or (printed.low + printed.high) / 2


def _asked_met(cited: Cited[RegimenOption], patient: Patient) -> bool:
    return cited.value.when is not None and ask(cited.value.when, patient) == "met"


def _undecided(cited: Cited[RegimenOption], patient: Patient) -> bool:
    return cited.value.when is not None and ask(cited.value.when, patient) == "unknown"


def _not_known(
    patient: Patient,
    indication: Indication,
    rules: JurisdictionRules,
    chosen: Cited[RegimenOption],
) -> tuple[Finding, ...]:
    """That the dose hangs on something unknown, and the larger dose that would then hold."""
    found: list[Finding] = []
    if chosen.value.when is not None and _undecided(chosen, patient):
        text = f"Whether '{chosen.value.text}' is for this patient is not known"
        found.append(_ask_first(f"{text}: {explain(chosen.value.when, patient)}.", chosen))
    for cited in _usable(patient, indication, chosen.value.route, rules.id):
        when, larger = cited.value.when, _usual_g_per_kg(cited) > _usual_g_per_kg(chosen)
        local = rules.id != "us" and rules.id in cited.value.jurisdictions
        rival = cited.value.phase == chosen.value.phase and (local or cited.value.default)
        if when is not None and _undecided(cited, patient) and rival and larger:
            text = (
                f"Not known: {explain(when, patient)}. If it holds, '{cited.value.text}' is printed"
            )
            found.append(_ask_first(f"{text}; the lower dose is planned until it is asked.", cited))
    return tuple(found)


def _ask_first(text: str, cited: Cited[RegimenOption]) -> Finding:
    return Finding(stage="regimen", kind="unknown", text=text, citations=(cited.citation,))


def _by_id(indication: Indication, option_id: str) -> Cited[RegimenOption] | None:
    return next((c for c in indication.regimens if c.value.id == option_id), None)


def on_treatment(patient: Patient) -> bool:
    """Whether a dose was given within the last 12 weeks."""
    return any(dose.time_day >= -ON_TREATMENT_DAY for dose in patient.doses or ())


def propose_regimen(
    patient: Patient,
    indication: Indication,
    rules: JurisdictionRules,
    option: Cited[RegimenOption],
    *,
    gentle: bool,
) -> tuple[Regimen, tuple[Finding, ...]]:
    """The regimen for this patient, and what to know about it.

    Parameters
    ----------
    gentle : bool
        Spread a course over as many days as the source allows (a risk, or a first course).
    """
    regimen, notes = _dose(patient, indication, rules, option, gentle=gentle)
    notes += _recalled(f"The dose '{option.value.text}'", option.citation)
    notes += _not_known(patient, indication, rules, option)
    follow = None if option.value.then is None else _by_id(indication, option.value.then)
    if follow is not None and follow.value.dose_g_per_kg is not None:
        then, _ = _dose(patient, indication, rules, follow, gentle=False)
        regimen = _with_then(regimen, then)
    return regimen, notes


def _dose(
    patient: Patient,
    indication: Indication,
    rules: JurisdictionRules,
    cited: Cited[RegimenOption],
    *,
    gentle: bool,
) -> tuple[Regimen, tuple[Finding, ...]]:
    option = cited.value
    printed = option.dose_g_per_kg
    assert printed is not None  # noqa: S101 (choose_option admits only options with a dose)
    rule, weight_kg, notes = dosing_weight(patient, indication.category, rules)
    per_kg = printed.usual if printed.usual is not None else (printed.low + printed.high) / 2
    amount_g, amount_reason = _amount(option, printed, per_kg, weight_kg, rules)
    split_days, split_reason = split_course(option, amount_g, weight_kg, gentle=gentle)
    interval_day, interval_reason = _interval(option, indication)
    regimen = Regimen(
        option_id=option.id,
        name=option.name,
        phase=option.phase,
        route=option.route,
        section=option.section,
        text=option.text,
        amount_g=amount_g,
        dose_g_per_kg=amount_g / weight_kg,
        dose_range_g_per_kg=printed,
        dosing_weight_kg=weight_kg,
        rate_weight_kg=rate_weight_kg(patient, indication.category, rules),
        dosing_weight_rule=f"{rule.value.weight}: {rule.value.text}",
        weights=_on_each_weight(patient, per_kg, option.max_g),
        split_days=split_days,
        interval_day=interval_day,
        duration_h=option.duration_h,
        course="ongoing" if interval_day is not None else indication.course,
        max_g=option.max_g,
        because="; ".join(filter(None, (amount_reason, split_reason, interval_reason))),
        citations=(cited.citation, rule.citation, *_chosen(printed, option, split_reason)),
    )
    notes += _recalled(f"The dosing-weight rule '{rule.value.text}'", rule.citation)
    return regimen, notes


def _amount(
    option: RegimenOption,
    printed: Range,
    per_kg: float,
    weight_kg: float,
    rules: JurisdictionRules,
) -> tuple[float, str]:
    """Grams, held at the printed maximum and rounded as the place rounds, and why."""
    amount_g = per_kg * weight_kg
    because = _dose_reason(printed, per_kg)
    if option.max_g is not None and amount_g > option.max_g:
        amount_g = option.max_g
        because += f"; held at the source's maximum of {option.max_g:g} g"
    if rules.round_to_g is None:
        return amount_g, because
    amount_g, rounding = _to_multiple(amount_g, rules.round_to_g.value, printed, weight_kg)
    return amount_g, because + rounding


def _on_each_weight(
    patient: Patient, per_kg: float, max_g: float | None
) -> tuple[WeightChoice, ...]:
    return tuple(weight_choice(patient, kind, per_kg, max_g) for kind in shown_weights(patient))


def _recalled(what: str, citation: Citation) -> tuple[Finding, ...]:
    """Nothing recalled drives a dose without a word."""
    if citation.basis != "recalled":
        return ()
    text = f"{what} is recalled, not read in the source: confirm it before use."
    return (Finding(stage="regimen", kind="caution", text=text, citations=(citation,)),)


def _to_multiple(
    amount_g: float, step_g: float, printed: Range, weight_kg: float
) -> tuple[float, str]:
    """The nearest multiple that is not above the printed dose; small doses stay as they are."""
    rounded_g = step_g * round(amount_g / step_g)
    if rounded_g > printed.high * weight_kg:
        rounded_g -= step_g
    if rounded_g <= 0 or abs(rounded_g - amount_g) > 0.1 * amount_g:
        return amount_g, ""
    return rounded_g, f"; rounded to {step_g:g} g as the local rule asks"


def _chosen(printed: Range, option: RegimenOption, split_reason: str) -> tuple[Citation, ...]:
    """Marks that a value inside a printed range is our choice, not the source's."""
    interval = option.interval_day
    open_dose = printed.usual is None and printed.low < printed.high
    open_interval = interval is not None and interval.usual is None and interval.low < interval.high
    open_days = "gentlest" in split_reason or "not printed" in split_reason
    ours = open_dose or open_interval or open_days
    return (Citation(source=None, basis="assumed"),) if ours else ()


def _with_then(regimen: Regimen, then: Regimen) -> Regimen:
    return replace(regimen, then=then, course="ongoing" if then.interval_day else regimen.course)


def _dose_reason(printed: Range, per_kg: float) -> str:
    if printed.low == printed.high:
        return f"{per_kg:g} g/kg as printed"
    if printed.usual is not None:
        return f"{per_kg:g} g/kg, the source's usual dose in {printed.low:g}–{printed.high:g} g/kg"
    return f"{per_kg:g} g/kg, the middle of the printed {printed.low:g}–{printed.high:g} g/kg"


def split_course(
    option: RegimenOption, amount_g: float, weight_kg: float, *, gentle: bool
) -> tuple[int, str]:
    """Days of a course: as the source allows, never above its daily maximum."""
    allowed = option.split_days or Range(low=1, high=1)
    days = int(allowed.high if gentle else allowed.low)
    if allowed.usual is not None and not gentle:
        days = int(allowed.usual)
    daily_max = most_a_day_g_per_kg(option)
    if daily_max is not None:
        days = max(days, ceil(amount_g / (daily_max * weight_kg) - 1e-9))
    if allowed.high == 1 and days == 1:
        return 1, ""
    if option.split_days is None:
        return days, f"over {days} days, which are not printed; at most {daily_max:g} g/kg on one"
    reason = f"over {days} day{'s' if days > 1 else ''} of the printed {_span(allowed)}"
    return days, reason + (", the gentlest split" if gentle and allowed.high > allowed.low else "")


def most_a_day_g_per_kg(option: RegimenOption) -> float | None:
    """The most of one day, as printed, or ours where no days are printed; None: as it is split."""
    if option.max_g_per_kg_per_day is not None or option.split_days is not None:
        return option.max_g_per_kg_per_day
    return UNPRINTED_DAY_G_PER_KG


def _interval(option: RegimenOption, indication: Indication) -> tuple[float | None, str]:
    printed = option.interval_day
    if printed is None:
        return None, ""
    if printed.usual is not None:
        return printed.usual, f"every {printed.usual:g} days as the source usually does"
    day = printed.high if indication.category == "replacement" else printed.low
    which = "longest" if day == printed.high and printed.high > printed.low else "printed"
    return day, f"every {day:g} days, the {which} interval of {_span(printed)} days"


def _span(printed: Range) -> str:
    return (
        f"{printed.low:g}" if printed.low == printed.high else f"{printed.low:g}–{printed.high:g}"
    )
