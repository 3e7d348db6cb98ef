"""What forbids one product to one patient: the label, an ingredient, latex, age."""

from ivig.cited import Citation
from ivig.criterion import ask, explain, has_condition
from ivig.finding import Finding
from ivig.patient import Patient
from ivig.product import Contraindication, Product
from ivig.safety import ExcipientRule, ExcipientRules


def check_safety(patient: Patient, product: Product, rules: ExcipientRules) -> tuple[Finding, ...]:
    """Whether this patient may have this product: stops first, then cautions, then unknowns.

    A contraindication of the label, its lowest age, latex and each ingredient rule are asked of
    the patient. An ingredient whose presence is not known never clears a product for a patient who
    must not have it, or of whom that was not asked.
    """
    found = [
        _contraindication(patient, product, c.value, c.citation) for c in product.contraindications
    ]
    found += [_ingredient(patient, product, c.value, c.citation) for c in rules.rules]
    found += [_latex(patient, product), _age(patient, product)]
    order = {"stop": 0, "caution": 1, "unknown": 2}
    kept = [finding for finding in found if finding is not None]
    return tuple(sorted(kept, key=lambda finding: order[finding.kind]))


def _contraindication(
    patient: Patient, product: Product, rule: Contraindication, citation: Citation
) -> Finding | None:
    answer = ask(rule.when, patient)
    if answer == "not_met":
        return None
    kind = rule.severity if answer == "met" else "unknown"
    text = (
        f"{product.name}: {'contraindicated' if rule.severity == 'stop' else 'avoid'}: {rule.text}"
    )
    if answer == "unknown":
        text = f"{product.name}: ask before the first dose: {rule.text}"
    return Finding(
        stage="safety",
        kind=kind,
        text=text,
        because=explain(rule.when, patient),
        citations=(citation,),
    )


def _ingredient(
    patient: Patient, product: Product, rule: ExcipientRule, citation: Citation
) -> Finding | None:
    present: bool | None = getattr(product.contains.value, rule.ingredient)
    answer = ask(rule.when, patient)
    if present is False or answer == "not_met":
        return None
    ingredient = rule.ingredient.replace("_", " ")
    if present is None:
        text = f"{product.name}: not cleared, its {ingredient} content is not known: {rule.text}"
        kind = "stop" if answer == "met" and rule.severity == "stop" else "unknown"
    else:
        text = f"{product.name} contains {ingredient}: {rule.text}"
        kind = rule.severity if answer == "met" else "unknown"
    return Finding(
        stage="safety",
        kind=kind,
        text=text,
        because=explain(rule.when, patient),
        citations=(citation, product.contains.citation),
    )


def _latex(patient: Patient, product: Product) -> Finding | None:
    """Latex in the container; what was only recalled is to be confirmed."""
    answer = has_condition(patient, "latex_allergy")
    known = product.latex_free
    if answer == "not_met" or (known is not None and known.value and known.basis == "read"):
        return None
    kind = "unknown" if answer == "unknown" else "stop"
    if known is None:
        text = "not cleared for latex allergy: whether the container holds latex is not known"
    elif not known.value:
        text = "its container holds latex: not in latex allergy"
    else:
        text = "free of latex by recall only: confirm on the package before use in latex allergy"
        kind = "unknown" if answer == "unknown" else "caution"
    return Finding(
        stage="safety",
        kind=kind,
        text=f"{product.name}: {text}",
        because=f"latex allergy {'recorded' if answer == 'met' else 'not asked'}",
        citations=() if known is None else (known.citation,),
    )


def _age(patient: Patient, product: Product) -> Finding | None:
    """A patient younger than every use on the label; a use without a bound decides nothing."""
    bounds = [fact.value.from_age_year for fact in product.uses]
    known = [bound for bound in bounds if bound is not None]
    if not known or len(known) < len(bounds) or min(known) == 0:
        return None
    lowest, age_year = min(known), patient.age_year
    if age_year is not None and age_year >= lowest:
        return None
    return Finding(
        stage="safety",
        kind="unknown" if age_year is None else "stop",
        text=f"{product.name}: its label starts at {lowest:g} years for every use it names",
        because="age not known" if age_year is None else f"the patient is {age_year:.2g} years old",
        citations=tuple(dict.fromkeys(fact.citation for fact in product.uses)),
    )
