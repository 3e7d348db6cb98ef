"""What the file of an indication holds, said sentence by sentence."""

from collections.abc import Iterable, Iterator
from typing import Literal

from ivig.cited import Citation, Cited
from ivig.evidence import plain_indication
from ivig.evidence.passage import Passage
from ivig.evidence.patient_words import PatientWords
from ivig.evidence.sentence import (
    ROUTE_WORDS,
    Sources,
    as_sentence,
    framed,
    inside,
    number,
    passage,
    short_names,
)
from ivig.indication import FdaStatus, Indication, RegimenOption, Tier
from ivig.statement import Topic

_TIERS: dict[Tier, str] = {
    "established": "an established use",
    "conditional": "a conditional use",
    "limited": "limited evidence",
    "not_routine": "not for routine use",
    "not_recommended": "not recommended",
}
_FDA: dict[FdaStatus, str] = {
    "labelled": "named on a US label",
    "partially_labelled": "only partly covered by a US label",
    "off_label": "off-label",
    "historical": "once on a US label, not on a current one",
}
_PLACES: dict[Literal["us", "eu", "uk", "au", "ca"], str] = {
    "us": "United States",
    "eu": "European Union",
    "uk": "United Kingdom",
    "au": "Australia",
    "ca": "Canada",
}
_ROLES: dict[Literal["required", "supporting", "exclusion"], str] = {
    "required": "required for treatment",
    "supporting": "supporting treatment",
    "exclusion": "excluding treatment",
}


def indication_passages(
    indications: Iterable[Indication], sources: Sources, words: PatientWords | None = None
) -> tuple[Passage, ...]:
    """Every fact of every indication as a passage; its id is the file and the place in it."""
    known = list(indications)
    names = short_names(known)
    return tuple(
        one
        for indication in known
        for said in (_standing, _regimens, _course)
        for one in said(indication, names[indication.id], sources, words or PatientWords())
    )


def _standing(
    indication: Indication, name: str, sources: Sources, words: PatientWords
) -> Iterator[Passage]:
    """Whether it is indicated: our summary, what the labels and other countries say, criteria."""
    where, about = f"indications/{indication.id}", (indication.id,)
    tier = f"Immunoglobulin in {inside(name)}: {_TIERS[indication.tier]}"
    yield passage(
        f"{where}#summary",
        f"{as_sentence(tier)} {indication.summary}",
        _grounds(indication),
        sources,
        topics=("indicated",),
        indications=about,
        lead=True,
    )
    if indication.why_not is not None:
        yield passage(
            f"{where}#why_not",
            framed(f"Why immunoglobulin is not advised in {inside(name)}", indication.why_not),
            _grounds(indication),
            sources,
            topics=("indicated",),
            indications=about,
        )
    yield from _elsewhere(indication, name, sources, words)
    for rule in indication.criteria:
        yield passage(
            f"{where}#criterion.{rule.value.id}",
            framed(f"{name}, criterion {_ROLES[rule.value.role]}", rule.value.text),
            [rule.citation],
            sources,
            topics=("indicated",),
            indications=about,
            plain=None
            if _never(indication)
            else plain_indication.criterion(rule.value.role, indication.id, rule.value.text, words),
        )


def _elsewhere(
    indication: Indication, name: str, sources: Sources, words: PatientWords
) -> Iterator[Passage]:
    """What the US labels and other countries say of the use."""
    where, about = f"indications/{indication.id}", (indication.id,)
    note = indication.fda.value
    text = as_sentence(f"{name}, United States: {_FDA[note.status]}")
    yield passage(
        f"{where}#fda",
        text if note.text is None else f"{text} {note.text}",
        [indication.fda.citation],
        sources,
        topics=("approval",),
        indications=about,
        plain=plain_indication.fda(note, indication.id, words),
    )
    for i, local in enumerate(indication.elsewhere, 1):
        yield passage(
            f"{where}#elsewhere.{local.value.jurisdiction}.{i}",
            framed(f"{name}, {_PLACES[local.value.jurisdiction]}", local.value.text),
            [local.citation],
            sources,
            topics=("approval", "access"),
            indications=about,
            plain=plain_indication.elsewhere(
                local.value.jurisdiction, indication.id, local.value.text, words
            ),
        )


def _grounds(indication: Indication) -> list[Citation]:
    """What our summary rests on: regimens and criteria, else what countries say of the use.

    The summary is our own wording of them, so a fact that was read counts as derived from.
    """
    facts: list[Citation] = [fact.citation for fact in indication.regimens if fact.value.default]
    facts += [fact.citation for fact in indication.criteria if fact.value.role == "required"]
    facts = facts or [fact.citation for fact in indication.elsewhere]
    found = dict.fromkeys(facts or [indication.fda.citation])
    return [
        Citation(
            source=one.source, at=one.at, basis="derived" if one.basis == "read" else one.basis
        )
        for one in found
    ]


def _regimens(
    indication: Indication, name: str, sources: Sources, words: PatientWords
) -> Iterator[Passage]:
    for fact in indication.regimens:
        option = fact.value
        topics: tuple[Topic, ...] = ("dose",)
        if option.interval_day is not None or "every" in option.text:
            topics = ("dose", "interval")
        yield passage(
            f"indications/{indication.id}#regimen.{option.id}",
            _regimen(name, option),
            [fact.citation],
            sources,
            topics=topics,
            indications=(indication.id,),
            routes=(option.route,),
            plain=None
            if _never(indication)
            else plain_indication.regimen(option, indication.id, words),
        )
    if indication.time_to_response is not None:
        yield passage(
            f"indications/{indication.id}#time_to_response",
            framed(f"{name}, time to response", indication.time_to_response.value),
            [indication.time_to_response.citation],
            sources,
            topics=("benefit", "duration"),
            indications=(indication.id,),
        )


def _never(indication: Indication) -> bool:
    """Whether a patient is told neither a dose nor what would be required: it is not advised."""
    return indication.tier == "not_recommended"


def _regimen(name: str, option: RegimenOption) -> str:
    called = [name]
    if option.phase != "treatment" and option.phase not in option.name.lower():
        called.append(option.phase)
    called.append(inside(option.name))
    text = framed(", ".join([*called, ROUTE_WORDS[option.route]]), option.text)
    limits = [(option.max_g, "g"), (option.max_g_per_kg_per_day, "g/kg a day")]
    for most, unit in limits:
        if most is not None and f"{number(most)} {unit.split()[0]}" not in option.text:
            text = f"{text.removesuffix('.')}; at most {number(most)} {unit}"
    return text


def _course(
    indication: Indication, name: str, sources: Sources, words: PatientWords
) -> Iterator[Passage]:
    """Weight, targets, monitoring, review, stopping, and what else to do."""
    targets = tuple(
        Cited(value=t.value.text, source=t.source, at=t.at, basis=t.basis)
        for t in indication.targets
    )
    groups: tuple[tuple[str, str, tuple[Cited[str], ...], tuple[Topic, ...]], ...] = (
        ("dosing_weight", "dosing weight", indication.dosing_weight, ("dosing_weight",)),
        ("target", "what treatment aims at", targets, ("target",)),
        ("monitoring", "monitoring", indication.monitoring, ("monitoring",)),
        ("stopping", "stopping or reducing", indication.stopping, ("stopping",)),
        ("alternatives", "alternatives", indication.alternatives, ("alternatives",)),
        ("adjuncts", "given with immunoglobulin", indication.adjuncts, ("dose", "management")),
        ("special", "special patients", indication.special_populations, ()),
    )
    for part, what, facts, topics in groups:
        for i, fact in enumerate(facts, 1):
            yield passage(
                f"indications/{indication.id}#{part}.{i}",
                framed(f"{name}, {what}", fact.value),
                [fact.citation],
                sources,
                topics=topics or _population(fact.value),
                indications=(indication.id,),
                plain=plain_indication.fact(part, indication.id, fact.value, words),
            )
    if indication.review is not None:
        yield passage(
            f"indications/{indication.id}#review",
            framed(f"{name}, review", indication.review.value.text),
            [indication.review.citation],
            sources,
            topics=("stopping", "monitoring"),
            indications=(indication.id,),
            plain=plain_indication.fact(
                "review", indication.id, indication.review.value.text, words
            ),
        )


def _population(text: str) -> tuple[Topic, ...]:
    """What a remark on special patients is about."""
    low = text.lower()
    found: list[Topic] = []
    if "pregnan" in low or "matern" in low:
        found.append("pregnancy")
    if "child" in low or "infant" in low or "newborn" in low:
        found.append("children")
    return tuple(found) or ("side_effect", "indicated")
