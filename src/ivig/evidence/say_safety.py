"""What the safety files hold, said sentence by sentence."""

import re
from collections.abc import Iterable, Iterator, Sequence

from ivig.cited import Citation, Cited
from ivig.evidence.passage import Passage
from ivig.evidence.sentence import Sources, as_sentence, framed, inside, number, passage
from ivig.safety import (
    ExcipientRules,
    InfusionRules,
    LaboratoryRules,
    Reaction,
    RiskKind,
    RiskRules,
    VaccineInterval,
    VaccineRules,
)
from ivig.statement import Topic


def safety_passages(
    reactions: Iterable[Reaction],
    vaccines: VaccineRules,
    laboratory: LaboratoryRules,
    infusion: InfusionRules,
    excipients: ExcipientRules,
    risks: RiskRules,
    sources: Sources,
) -> tuple[Passage, ...]:
    """Every fact of the safety files as a passage; its id is the file and the place in it."""
    found = [one for reaction in reactions for one in _reaction(reaction, sources)]
    found += _vaccines(vaccines, sources)
    found += _laboratory(laboratory, sources)
    found += _infusion(infusion, sources)
    found += _excipients(excipients, sources)
    found += _risks(risks, sources)
    return tuple(found)


_ASPECTS: tuple[tuple[str, str, tuple[Topic, ...]], ...] = (
    ("incidence", "how often", ("side_effect",)),
    ("timing", "timing", ("side_effect",)),
    ("risk_factors", "risk factors", ("side_effect",)),
    ("prevention", "prevention", ("prevention",)),
    ("diagnosis", "diagnosis", ("side_effect", "management")),
    ("stop_rules", "when to stop", ("management",)),
)


def _reaction(reaction: Reaction, sources: Sources) -> Iterator[Passage]:
    extra: tuple[Topic, ...] = ()
    if reaction.id == "infection_transmission":
        extra = ("infection_risk",)
    for field, words, topics in _ASPECTS:
        facts: tuple[Cited[str], ...] = getattr(reaction, field)
        for i, fact in enumerate(facts, 1):
            yield passage(
                f"reactions/{reaction.id}#{field}.{i}",
                _named(reaction, fact.value, words),
                [fact.citation],
                sources,
                topics=(*topics, *extra),
                reactions=(reaction.id,),
                routes=reaction.routes,
            )
    for step in reaction.management:
        yield passage(
            f"reactions/{reaction.id}#management.{step.value.order}",
            framed(f"{reaction.name}, management step {step.value.order}", step.value.text),
            [step.citation],
            sources,
            topics=("management",),
            reactions=(reaction.id,),
            routes=reaction.routes,
        )


def _named(reaction: Reaction, text: str, aspect: str) -> str:
    """The fact as it stands when it is a sentence that names the reaction, else framed."""
    names = (reaction.name, *reaction.synonyms)
    names_it = any(re.search(rf"\b{re.escape(name)}\b", text, re.IGNORECASE) for name in names)
    if names_it and text.endswith(".") and len(text.split()) >= _SENTENCE and ": " not in text:
        return text
    return framed(f"{reaction.name}, {aspect}", text)


_SENTENCE = 8
"""Fewer words are a heading and not a sentence."""


_NORMAL_IMMUNOGLOBULIN = ("IGIV", "IM immunoglobulin")


def _vaccines(rules: VaccineRules, sources: Sources) -> Iterator[Passage]:
    for i, fact in enumerate(rules.intervals, 1):
        if not fact.value.product.startswith(_NORMAL_IMMUNOGLOBULIN):
            continue  # the table also holds hyperimmune globulins and blood: other medicines
        yield passage(
            f"vaccines#interval.{i}",
            _interval(fact.value),
            [fact.citation],
            sources,
            topics=("vaccine",),
        )
    for i, rule in enumerate(rules.rules, 1):
        stands = "immunoglobulin" in rule.value
        text = rule.value if stands else framed("Vaccines after immunoglobulin", rule.value)
        yield passage(f"vaccines#rule.{i}", text, [rule.citation], sources, topics=("vaccine",))


def _interval(one: VaccineInterval) -> str:
    given = f"After {inside(one.product)} at {one.dose_text}"
    vaccine = "a measles, mumps, rubella or varicella vaccine"
    text = f"{given}, no wait is needed before {vaccine}."
    if one.interval_month > 0:
        text = f"{given}, wait {number(one.interval_month)} months before {vaccine}."
    if one.note is None or one.dose_text.split()[0] in one.note:
        return text
    return f"{text} {as_sentence(one.note)}"


def _laboratory(rules: LaboratoryRules, sources: Sources) -> Iterator[Passage]:
    for i, fact in enumerate(rules.interferences, 1):
        one = fact.value
        parts = [f"{one.assay}: {one.effect} after immunoglobulin", one.detail]
        parts += [part for part in (one.duration, one.advice) if part is not None]
        text = " ".join(as_sentence(part) for part in parts)
        yield passage(f"laboratory#{i}", text, [fact.citation], sources, topics=("lab_test",))


_GROUPS: tuple[tuple[str, str, str, tuple[Topic, ...]], ...] = (
    ("titration", "rate", "Infusion rate", ("rate",)),
    ("hydration", "hydrat", "Before the infusion", ("prevention",)),
    ("before", "before", "Before the infusion", ("preparation", "monitoring")),
    ("watch", "infusion", "During the infusion", ("monitoring",)),
    ("resume", "reaction", "After a reaction", ("management", "rate")),
    ("split", "high dose", "Days of a course", ("dose",)),
    ("long_term", "maintenance", "In maintenance treatment", ("monitoring",)),
)
"""Field, the word that shows a text stands alone, the words before it when it does not, topics."""


def _infusion(rules: InfusionRules, sources: Sources) -> Iterator[Passage]:
    for field, sign, head, topics in _GROUPS:
        facts: tuple[Cited[str], ...] = getattr(rules, field)
        for i, fact in enumerate(facts, 1):
            text = fact.value if sign in fact.value.lower() else framed(head, fact.value)
            yield passage(f"infusion#{field}.{i}", text, [fact.citation], sources, topics=topics)
    for i, fact in enumerate(rules.premedication, 1):
        one = fact.value
        text = one.text
        if one.lead_time_min is not None:
            text = f"{text}, {number(one.lead_time_min)} minutes before the infusion"
        yield passage(
            f"infusion#premedication.{i}",
            text if one.dose_text is None else f"{text}: {one.dose_text}",
            [fact.citation],
            sources,
            topics=("prevention",),
            reactions=("infusion_reaction",),
        )
    yield from _infusion_numbers(rules, sources)


def _infusion_numbers(rules: InfusionRules, sources: Sources) -> Iterator[Passage]:
    gap, step, cap = rules.long_gap_day, rules.step_min, rules.risk_cap_mg_per_kg_per_min
    said: tuple[tuple[str, str, Citation, Topic], ...] = (
        (
            "long_gap",
            f"After a gap of more than {number(gap.value)} days the infusion starts as if it were the first",
            gap.citation,
            "rate",
        ),
        (
            "step",
            f"Where the label does not say how long a rate is held, it is held for {number(step.value)} minutes",
            step.citation,
            "rate",
        ),
        (
            "risk_cap",
            "Where a label asks only for the lowest practicable rate in a patient at renal or thrombotic"
            f" risk, the rate is kept at {number(cap.value)} mg/kg/min or below",
            cap.citation,
            "rate",
        ),
        (
            "session",
            framed("Length of an infusion", rules.session_text.value),
            rules.session_text.citation,
            "duration",
        ),
    )
    for name, text, citation, topic in said:
        yield passage(f"infusion#{name}", text, [citation], sources, topics=(topic,))


def _excipients(rules: ExcipientRules, sources: Sources) -> Iterator[Passage]:
    for i, fact in enumerate(rules.rules, 1):
        ingredient = fact.value.ingredient.replace("_", " ")
        yield passage(
            f"excipients#rule.{i}",
            framed(f"Products with {ingredient}", fact.value.text),
            [fact.citation],
            sources,
            topics=("composition", "contraindication"),
        )
    for i, line in enumerate(rules.selection, 1):
        yield passage(
            f"excipients#selection.{i}",
            line.value,
            [line.citation],
            sources,
            topics=("product_difference", "composition"),
        )


_RISKS: dict[RiskKind, tuple[str, tuple[str, ...]]] = {
    "renal": ("kidney injury", ("acute_kidney_injury",)),
    "thrombosis": ("thrombosis", ("thrombosis",)),
    "haemolysis": ("haemolysis", ("haemolysis",)),
    "volume": ("volume overload", ("fluid_overload",)),
    "hyperglycaemia": ("wrong or raised glucose", ()),
    "meningitis": ("aseptic meningitis", ("aseptic_meningitis",)),
    "iga": ("a reaction through antibodies against IgA", ("anaphylaxis",)),
}


def _risks(rules: RiskRules, sources: Sources) -> Iterator[Passage]:
    for i, fact in enumerate(rules.boxed_warnings, 1):
        about = tuple(
            reaction
            for word, reaction in (("thrombosis", "thrombosis"), ("renal", "acute_kidney_injury"))
            if word in fact.value.lower()
        )
        yield passage(
            f"risks#boxed_warning.{i}",
            fact.value,
            [fact.citation],
            sources,
            topics=("side_effect", "prevention"),
            reactions=about,
        )
    for i, bar in enumerate(rules.contraindications, 1):
        yield passage(
            f"risks#contraindication.{i}",
            framed("Contraindication to every immunoglobulin", bar.value.text),
            [bar.citation],
            sources,
            topics=("contraindication",),
        )
    yield from _risk_factors(rules, sources)
    for i, advice in enumerate(rules.mitigations, 1):
        words, about = _RISKS[advice.value.risk]
        yield passage(
            f"risks#mitigation.{i}",
            framed(f"At risk of {words}", advice.value.text),
            [advice.citation],
            sources,
            topics=("prevention",),
            reactions=about,
        )


def _risk_factors(rules: RiskRules, sources: Sources) -> Iterator[Passage]:
    """The factors of one risk in one sentence, one for each source and basis."""
    grouped: dict[RiskKind, dict[tuple[str | None, str], list[tuple[str, Citation]]]] = {}
    for fact in rules.risks:
        of_kind = grouped.setdefault(fact.value.risk, {})
        of_kind.setdefault((fact.source, fact.basis), []).append((fact.value.text, fact.citation))
    for kind, groups in grouped.items():
        words, about = _RISKS[kind]
        for i, members in enumerate(groups.values(), 1):
            factors = "; ".join(inside(text) for text, _ in members)
            citations: Sequence[Citation] = [citation for _, citation in members]
            yield passage(
                f"risks#{kind}.{i}",
                f"Risk factors for {words} with immunoglobulin: {factors}",
                citations,
                sources,
                topics=("side_effect", "prevention"),
                reactions=about,
            )
