"""After the infusion: what to measure, when to review, when to stop, what to keep apart."""

from dataclasses import dataclass

from ivig.cited import Citation
from ivig.finding import Finding, from_cited
from ivig.indication import Indication
from ivig.regimen import Regimen
from ivig.safety import LaboratoryRules, VaccineRules, vaccine_interval


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPlan:
    """When to decide whether to go on, and on which measures."""

    text: str
    after_day: float | None
    measures: tuple[str, ...]
    citations: tuple[Citation, ...] = ()
    references: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Monitoring:
    """What follows the treatment."""

    measure: tuple[Finding, ...]
    targets: tuple[Finding, ...]
    time_to_response: Finding | None
    review: ReviewPlan | None
    stopping: tuple[Finding, ...]
    vaccines: tuple[Finding, ...]
    laboratory: tuple[Finding, ...]


def monitor(
    indication: Indication, regimen: Regimen, vaccines: VaccineRules, laboratory: LaboratoryRules
) -> Monitoring:
    """What to measure, when to review, when to stop."""
    review = indication.review
    response = indication.time_to_response
    return Monitoring(
        measure=tuple(from_cited("monitoring", "advice", fact) for fact in indication.monitoring),
        targets=tuple(
            Finding(
                stage="monitoring", kind="advice", text=fact.value.text, citations=(fact.citation,)
            )
            for fact in indication.targets
        ),
        time_to_response=None if response is None else from_cited("monitoring", "fact", response),
        review=None
        if review is None
        else ReviewPlan(
            text=review.value.text,
            after_day=review.value.after_day,
            measures=review.value.measures,
            citations=(review.citation,),
        ),
        stopping=tuple(from_cited("monitoring", "advice", fact) for fact in indication.stopping),
        vaccines=_vaccines(regimen, vaccines),
        laboratory=tuple(
            Finding(
                stage="monitoring",
                kind="caution",
                text=f"{fact.value.assay}: {fact.value.effect}. {fact.value.detail}"
                + (f" {fact.value.advice}" if fact.value.advice else ""),
                citations=(fact.citation,),
            )
            for fact in laboratory.interferences
        ),
    )


def _vaccines(regimen: Regimen, rules: VaccineRules) -> tuple[Finding, ...]:
    found: list[Finding] = []
    interval = vaccine_interval(regimen.dose_g_per_kg, rules)
    if interval is not None:
        found.append(
            Finding(
                stage="monitoring",
                kind="caution",
                text=f"MMR and varicella vaccines: wait {interval.value.interval_month:g} months "
                f"after {regimen.dose_g_per_kg:.2g} g/kg (tabulated dose: {interval.value.dose_text}).",
                because="passive antibody blunts the response to a live vaccine",
                citations=(interval.citation,),
            )
        )
    return (*found, *(from_cited("monitoring", "advice", fact) for fact in rules.rules))
