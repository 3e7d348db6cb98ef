"""Grams, millilitres and vials of a dose, and the weight it is counted on."""

from ivig.cited import Cited
from ivig.dosing_weight import WeightRule, dosing_weight
from ivig.evidence.compute.course import Course, days_word, find_course, how_often, over_days
from ivig.evidence.compute.facts import Computed, Facts, computed
from ivig.evidence.compute.given import Given
from ivig.evidence.compute.place import asks_top
from ivig.evidence.compute.refuse import COURSE_DOSE_G_PER_KG, highest_option, refused
from ivig.evidence.compute.say import grams, millilitres, number, span
from ivig.evidence.compute.say import vials as vial_words
from ivig.evidence.compute.weights import (
    ASKS_WEIGHT,
    as_adult,
    known_weights,
    needs_height,
    weights_alone,
    weights_working,
)
from ivig.patient import Patient
from ivig.product import Product
from ivig.vials import choose_vials, open_vials

_ASKS_RULE = (
    r"\b(?:required|must|have to|need(?:ed)? to|should|rules?|policy|policies|regions?|countr\w+)\b"
)
ASKS_DOSE = r"\bdos(?:e|es|ing)\b|how (?:much|many (?:grams?|g|vials?|ml|bottles?))|\bcalculat"
HEAVY_KG = 100.0
"""From here a dosing-weight rule is likely to apply, whatever the disease."""
_RECEIVED = (
    r"\b(?:received|(?:has|have|already)\s+(?:had|been\s+given|got)|was\s+given|were\s+given|got"
    r"|administered)\b"
)
_IN_PER_KG = r"g\s*/\s*kg|\bper\s+(?:kg|kilo\w*)\b"


def dose_answers(given: Given, facts: Facts) -> tuple[Computed, ...]:
    """Grams, dosing weight, volume and vials, as far as the question gives what they need."""
    asked = given.asks(f"{ASKS_DOSE}|{ASKS_WEIGHT}", "dose", "dosing_weight", "overdose")
    if not (asked or asks_top(given) or _named(given)):
        return ()
    received = _received(given, facts)
    if received is not None:
        return (received,)
    course = find_course(given, facts)
    if course is None:
        return weights_alone(given) or _missing_weight(given) or _missing_disease(given, facts)
    if isinstance(course, Computed):
        return (course,)
    if course.amount_g is None:
        return _formula(given, course)
    found: list[Computed] = []
    if course.g_per_kg is not None:
        found.append(_grams(given, course, facts))
    found += _dosing_weight(given, course, facts)
    found += _volume(given, course)
    found += _vials(given, course, facts)
    return tuple(found)


def _received(given: Given, facts: Facts) -> Computed | None:
    """A dose already given, per kg: no plan, so it is shown however high it was."""
    asked = given.asks(_RECEIVED) and given.asks(_IN_PER_KG)
    if not asked or given.amount_g is None or given.weight_kg is None:
        return None
    per_kg = (given.amount_g[0] / given.weight_kg, given.amount_g[1] / given.weight_kg)
    shown = span(*given.amount_g, 1)
    said: list[str] = []
    diseases = facts.indications.values() if given.indication is None else [given.indication]
    highest = highest_option(diseases, given.route)
    most = None if highest is None else highest.value.dose_g_per_kg
    above = most is not None and per_kg[1] > most.high * (1 + 1e-9)
    if above and highest is not None and most is not None:
        said.append(
            f"{number(per_kg[1])} g/kg is above the highest published course, {number(most.high)} "
            f"g/kg ({highest.value.text}): arithmetic on a dose already given, not one to plan."
        )
    elif per_kg[1] > COURSE_DOSE_G_PER_KG:
        said.append("Arithmetic on a dose already given, not one to plan.")
    return computed(
        "dose",
        f"{shown} g already given is {span(*per_kg)} g/kg.",
        f"{shown} g ÷ {number(given.weight_kg)} kg = {span(*per_kg)} g/kg",
        cite=[highest] if above else [],
        cautions=said,
    )


def _named(given: Given) -> bool:
    dosed = given.g_per_kg or given.g_per_kg_per_day or given.amount_g
    return dosed is not None and (given.weight_kg is not None or given.product is not None)


def _missing_weight(given: Given) -> tuple[Computed, ...]:
    """The formula of an indication whose weight is not given."""
    indication = given.indication
    if indication is None or given.weight_kg is not None:
        return ()
    if not given.asks(r"how (?:much|many grams)|calculat"):
        return ()
    default = next(
        (o for o in indication.regimens if o.value.default and o.value.route == given.route), None
    )
    if default is None or default.value.dose_g_per_kg is None:
        return ()
    dose = default.value.dose_g_per_kg
    shown = span(dose.low, dose.high)
    return (
        computed(
            "missing",
            f"{indication.name}: {shown} g/kg ({default.value.text}). The weight is missing; without "
            "it there is no dose in grams.",
            f"{shown} g/kg × weight in kg = grams",
            cite=[default],
        ),
    )


def _missing_disease(given: Given, facts: Facts) -> tuple[Computed, ...]:
    """A weight alone gives no dose."""
    weight = given.weight_kg
    if weight is None or given.indication is not None or not given.asks(ASKS_DOSE):
        return ()
    return (
        computed(
            "missing",
            f"The dose per kg depends on the disease, which is not named; each 0.1 g/kg is "
            f"{grams(0.1 * weight)} for {number(weight, 1)} kg.",
            f"g/kg × {number(weight, 1)} kg = grams",
            cautions=_heavy(given, facts),
        ),
    )


def _formula(given: Given, course: Course) -> tuple[Computed, ...]:
    if course.g_per_kg is None or not given.asks(r"how (?:much|many grams)|calculat|in grams"):
        return ()
    dose = span(*course.g_per_kg)
    return (
        computed(
            "missing",
            f"{dose} g/kg is {dose} g for each kg of weight; the weight is missing.",
            f"{dose} g/kg × weight in kg = grams",
            cautions=course.cautions,
        ),
    )


def _grams(given: Given, course: Course, facts: Facts) -> Computed:
    assert course.amount_g is not None and course.g_per_kg is not None  # noqa: S101 PT018 (asked)
    held, note = _held(given, course)
    if held is not None:
        return refused(*held)
    shown = span(*course.amount_g, 1)
    if given.amount_g is not None:
        text = f"{shown} g is {span(*course.g_per_kg)} g/kg{over_days(course)}"
    else:
        text = f"{shown} g in all{over_days(course)}"
    whose = "" if given.indication is None else f" ({given.indication.name})"
    return computed(
        "dose",
        f"{text}{how_often(course)}{whose}.",
        course.working + _per_day_working(course),
        cite=course.citations,
        cautions=(
            *course.cautions,
            *note,
            *_above_skin_range(given, course),
            *_heavy(given, facts),
        ),
    )


def _above_skin_range(given: Given, course: Course) -> tuple[str, ...]:
    """A subcutaneous dose above the printed one, per week."""
    if given.indication is None or given.route == "iv" or course.from_indication:
        return ()
    usual = next(
        (
            o.value
            for o in given.indication.regimens
            if o.value.default and o.value.route == given.route
        ),
        None,
    )
    dose = None if usual is None else usual.dose_g_per_kg
    often = None if usual is None else usual.interval_day
    if dose is None or often is None or course.g_per_kg is None or course.interval_day is None:
        return ()
    asked = course.g_per_kg[1] * 7 / course.interval_day
    printed = dose.high * 7 / often.low
    if usual is None or asked <= printed * (1 + 1e-9):
        return ()
    return (f"{number(asked)} g/kg a week is above the printed {number(printed)} ({usual.text}).",)


def _per_day_working(course: Course) -> str:
    low, high = course.days
    if course.amount_g is None or high == 1:
        return ""
    each = (course.amount_g[0] / high, course.amount_g[1] / low)
    return f"; {span(*course.amount_g)} g ÷ {days_word(course.days)} = {span(*each)} g a day"


def _held(given: Given, course: Course) -> tuple[tuple[str, str] | None, tuple[str, ...]]:
    """A refusal above the gram maximum of the usual regimen; a caution above its daily maximum."""
    if given.indication is None or course.from_indication or course.highest_g is None:
        return None, ()
    usual = next((o.value for o in given.indication.regimens if o.value.default), None)
    if usual is not None and usual.max_g is not None and course.highest_g > usual.max_g + 1e-6:
        what = f"{grams(course.highest_g)} is above the maximum of this regimen, so it is not computed."
        return (what, f"{grams(usual.max_g)} at most ({usual.text})"), ()
    daily = [o.value.max_g_per_kg_per_day for o in given.indication.regimens]
    tops = [most for most in daily if most is not None]
    if not tops or course.g_per_kg is None or len(tops) < len(daily):
        return None, ()
    each = course.g_per_kg[1] / course.days[0]
    if each <= max(tops) + 1e-9:
        return None, ()
    text = f"{number(each)} g/kg a day is above the published {number(max(tops))} g/kg a day."
    return None, (text,)


def _heavy(given: Given, facts: Facts) -> tuple[str, ...]:
    """When the local rule doses on another weight, or cannot be asked."""
    patient = given.patient()
    if patient is None or (given.indication is None and patient.weight_kg < HEAVY_KG):
        return ()
    rules = facts.jurisdictions[facts.jurisdiction]
    category = "immunomodulation" if given.indication is None else given.indication.category
    rule, weight_kg, notes = dosing_weight(patient, category, rules)
    said = tuple(note.text for note in notes)
    if abs(weight_kg - patient.weight_kg) < 0.05:
        return said
    text = f"{rules.name}: {rule.value.text}, here {number(weight_kg, 1)} kg."
    return (*said, text)


def _dosing_weight(given: Given, course: Course, facts: Facts) -> list[Computed]:
    """The dose on each weight, when height and sex are given."""
    patient = given.patient()
    if patient is None or course.g_per_kg is None or given.amount_g is not None:
        return []
    if patient.height_cm is None:
        asked = given.asks(
            r"\b(?:ideal|adjusted|obes\w+|dosing)\s*(?:body)?\s*weight|obes", "dosing_weight"
        )
        return [needs_height(given)] if asked else []
    patient, assumed = as_adult(patient, given)
    known = known_weights(patient)
    if known is None:
        return [needs_height(given)]
    dose = course.g_per_kg[1]
    parts = [f"{kind} {number(kg, 1)} kg: {number(dose * kg, 1)} g" for kind, kg in known.items()]
    category = "immunomodulation" if given.indication is None else given.indication.category
    rules = facts.jurisdictions[facts.jurisdiction]
    rule, kg, notes = dosing_weight(patient, category, rules)
    elsewhere = _by_region(patient, category, dose, facts) if given.asks(_ASKS_RULE) else []
    return [
        computed(
            "dosing_weight",
            f"{number(dose)} g/kg on each weight: {'; '.join(parts)}. {rules.name} takes "
            f"{number(kg, 1)} kg: {rule.value.text}.",
            weights_working(patient, known),
            cite=[rule],
            cautions=[*(note.text for note in notes), *assumed],
        ),
        *elsewhere,
    ]


def _by_region(patient: Patient, category: str, dose: float, facts: Facts) -> list[Computed]:
    """The weight each place takes, and the grams that gives."""
    told: list[str] = []
    steps: list[str] = []
    cited: list[Cited[WeightRule]] = []
    for rules in facts.jurisdictions.values():
        rule, kg, _ = dosing_weight(patient, category, rules)
        shown = f"{number(kg, 1)} kg, {number(dose * kg, 1)} g"
        told.append(f"{rules.name} {shown} ({rule.value.text})")
        steps.append(f"{rules.id}: {number(dose)} g/kg × {number(kg, 1)} kg")
        cited.append(rule)
    text = f"Which weight is required differs by region: {'; '.join(told)}."
    return [computed("dosing_weight", text, "; ".join(steps), cite=cited)]


def _volume(given: Given, course: Course) -> list[Computed]:
    """Millilitres at the concentration of each product named, or at a named percentage."""
    if course.amount_g is None:
        return []
    found: list[Computed] = []
    for product in given.products:
        if product.igg_mg_per_mL is not None:
            strength = product.igg_mg_per_mL.value
            found.append(_volume_at(course.amount_g, strength, product))
    if not given.products and given.percent is not None and given.percent <= 25:
        found.append(_volume_at(course.amount_g, given.percent * 10, None))
    return found


def _volume_at(
    amount_g: tuple[float, float], mg_per_mL: float, product: Product | None
) -> Computed:
    volumes = [amount * 1000 / mg_per_mL for amount in amount_g]
    name = f"a {number(mg_per_mL / 10, 1)} % solution" if product is None else product.name
    shown = (
        millilitres(volumes[0])
        if volumes[0] == volumes[1]
        else f"{span(volumes[0], volumes[1], 0)} mL"
    )
    return computed(
        "volume",
        f"{span(*amount_g, 1)} g of {name} is {shown}.",
        f"{span(*amount_g)} g × 1000 ÷ {number(mg_per_mL)} mg/mL = {shown}",
        cite=[] if product is None else [product.igg_mg_per_mL],
    )


def _vials(given: Given, course: Course, facts: Facts) -> list[Computed]:
    """Whole vials of each product, by the function the plan uses."""
    if course.amount_g is None or course.amount_g[0] != course.amount_g[1]:
        return []
    rules = facts.jurisdictions[facts.jurisdiction]
    tolerance = rules.rounding_tolerance_percent
    found: list[Computed] = []
    for product in given.products:
        if product.vials is None:
            continue
        amount_g, days = course.amount_g[0], course.days[1]
        plan = choose_vials(
            amount_g,
            product.vials.value,
            tolerance_percent=tolerance.value,
            days=days,
            most_g=None if course.most_g is None else course.most_g + 1e-6,
        )
        exact = plan or open_vials(amount_g, product.vials.value, days=days)
        unused = exact.days[0].unused_g
        tail = f", {number(unused, 1)} g a day discarded" if unused else ""
        sizes = ", ".join(number(v.amount_g) for v in product.vials.value)
        found.append(
            computed(
                "vials",
                f"{product.name}: {vial_words(exact.total)} = {grams(exact.amount_g)} "
                f"({exact.rounding_percent:+.1f} %{tail}).",
                f"sizes {sizes} g; {grams(amount_g)} in {days_word((days, days))}, rounding at most "
                f"{number(tolerance.value)} %",
                cite=[product.vials, tolerance],
            )
        )
    return found
