"""How fast and through how many sites a product may run, in the label's own units."""

from collections.abc import Iterator, Mapping, Sequence

from ivig.cited import Citation, Cited
from ivig.evidence import plain_rate
from ivig.evidence.passage import Passage
from ivig.evidence.patient_words import PatientWords, plain
from ivig.evidence.sentence import Sources, framed, inside, listed, number, passage, plain_name
from ivig.product import FacilitatedRules, Product, RateLadder, RatePoint, SiteBand
from ivig.statement import Topic

_Said = tuple[str, str, str | None, Citation]
"""Part of the product's file, the sentence, the same for a patient, and its source."""


def rate_passages(
    product: Product, names: Mapping[str, str], sources: Sources, words: PatientWords
) -> Iterator[Passage]:
    """The rates of each ladder, for all its uses: start, steps, maximum, cap at risk."""
    for ladder in product.rates:
        uses = listed([inside(names[use]) for use in ladder.indications])
        scope = plain_rate.scope(ladder, words)
        for part, text, told, citation in _ladder(product, ladder, uses, scope, words):
            yield passage(
                f"products/{product.id}#{part}.{ladder.indications[0]}{_variant(ladder)}",
                text,
                [citation],
                sources,
                section="label",
                topics=("rate",),
                indications=ladder.indications,
                products=(product.id,),
                routes=("iv",),
                plain=told,
            )


def _variant(ladder: RateLadder) -> str:
    """What tells two ladders of one use apart in an id."""
    made_up = "" if ladder.for_mg_per_mL is None else f".{number(ladder.for_mg_per_mL)}mg"
    return made_up + "".join(f".{market}" for market in ladder.jurisdictions)


def _ladder(
    product: Product, ladder: RateLadder, use: str, scope: plain_rate.Scope, words: PatientWords
) -> Iterator[_Said]:
    made_up = ""
    if ladder.for_mg_per_mL is not None:
        made_up = f" at {number(ladder.for_mg_per_mL)} mg/mL"
    name = plain_name(product.name)
    head = f"{name}{made_up} in {use}"
    points: tuple[tuple[str, str, Cited[RatePoint] | None], ...] = (
        ("initial", "starting rate", ladder.initial),
        ("maximum", "maximum rate", ladder.maximum),
        (
            "new_patient_maximum",
            "maximum rate while the product is new to the patient",
            ladder.new_patient_maximum,
        ),
        ("risk_cap", "maximum rate at renal or thrombotic risk", ladder.risk_cap),
    )
    for part, what, fact in points:
        if fact is not None:
            told = plain_rate.point(name, scope, part, fact.value)
            yield part, f"{head}: {what} {_rate(fact.value)}", told, fact.citation
    if ladder.steps is not None:
        steps = ", then ".join(_rate(point) for point in ladder.steps.value)
        told = plain_rate.steps(name, scope, ladder.steps.value)
        yield "steps", f"{head}: {steps}", told, ladder.steps.citation
    if ladder.increment is not None:
        rise = ladder.increment
        told = plain_rate.increment(name, scope, rise.value, words)
        yield "increment", framed(f"{head}, rise of the rate", rise.value), told, rise.citation
    if ladder.risk_text is not None:
        risk = ladder.risk_text
        told = plain_rate.risk_text(name, scope, risk.value, words)
        text = framed(f"{head}, at renal or thrombotic risk", risk.value)
        yield "risk_text", text, told, risk.citation


def _rate(point: RatePoint) -> str:
    text = f"{number(point.rate_mL_per_kg_per_h)} mL/kg/h"
    if point.rate_mg_per_kg_per_min is not None:
        text = f"{text} ({number(point.rate_mg_per_kg_per_min)} mg/kg/min)"
    return text if point.duration_min is None else f"{text} for {number(point.duration_min)} min"


def site_passages(product: Product, sources: Sources, words: PatientWords) -> Iterator[Passage]:
    """Volumes, rates and sites under the skin."""
    name = plain_name(product.name)
    for i, fact in enumerate(product.sites, 1):
        parts = listed(_site(fact.value))
        yield _sc(
            product,
            f"site.{i}",
            f"{name} under the skin ({fact.value.text}): {parts}",
            [fact.citation],
            sources,
            plain_rate.site(name, fact.value, words),
            indications=fact.value.indications,
        )
    if product.sc_frequency is not None:
        often = product.sc_frequency
        text = framed(f"{name}, how often under the skin", often.value)
        told = plain_rate.sc_frequency(name, often.value, words)
        topics: tuple[Topic, ...] = ("interval", "route")
        yield _sc(product, "sc_frequency", text, [often.citation], sources, told, topics)
    yield from _switching(product, sources, words)
    if product.facilitated is not None:
        for part, text, citation in _facilitated(name, product.facilitated):
            told = plain(words.of(text), names=[name, "hyaluronidase"])
            yield _sc(product, f"facilitated.{part}", text, [citation], sources, told)


def _switching(product: Product, sources: Sources, words: PatientWords) -> Iterator[Passage]:
    """From a vein to under the skin."""
    name = plain_name(product.name)
    topics: tuple[Topic, ...] = ("switching", "dose")
    if product.iv_to_sc_factor is not None:
        factor = product.iv_to_sc_factor
        text = (
            f"{name}, from intravenous to subcutaneous: multiply the dose by {number(factor.value)}"
        )
        told = plain_rate.iv_to_sc(name, factor.value)
        yield _sc(product, "iv_to_sc", text, [factor.citation], sources, told, topics)
    if product.iv_to_sc_note is not None:
        note = product.iv_to_sc_note
        text = framed(f"{name}, from intravenous to subcutaneous", note.value)
        told = plain_rate.iv_to_sc_note(name, note.value, words)
        yield _sc(product, "iv_to_sc_note", text, [note.citation], sources, told, topics)


def _sc(
    product: Product,
    part: str,
    text: str,
    citations: Sequence[Citation],
    sources: Sources,
    told: str | None,
    topics: tuple[Topic, ...] = ("rate", "route"),
    indications: tuple[str, ...] = (),
) -> Passage:
    return passage(
        f"products/{product.id}#{part}",
        text,
        citations,
        sources,
        section="label",
        topics=topics,
        indications=indications,
        products=(product.id,),
        routes=("fsc",) if product.kind == "fscig" else ("sc",),
        plain=told,
    )


def _site(band: SiteBand) -> list[str]:
    pairs = (
        (band.volume_first_mL_per_site, "at most", "mL per site at first"),
        (band.volume_max_mL_per_site, "at most", "mL per site later"),
        (band.rate_first_mL_per_h_per_site, "at most", "mL/h per site at first"),
        (band.rate_max_mL_per_h_per_site, "at most", "mL/h per site later"),
        (band.rate_max_mL_per_h, "at most", "mL/h over all sites"),
        (band.sites_max, "at most", "sites at once"),
    )
    return [f"{words} {number(value)} {unit}" for value, words, unit in pairs if value is not None]


def _facilitated(name: str, rules: FacilitatedRules) -> Iterator[tuple[str, str, Citation]]:
    numbers: tuple[tuple[str, str, Cited[float] | Cited[int] | None], ...] = (
        ("hyaluronidase", "{} U of hyaluronidase for each g of IgG", rules.hyaluronidase_U_per_g),
        ("step", "each rate is held for {} min", rules.step_min),
        ("sites", "at most {} sites at once", rules.sites_max),
        (
            "volume_from_40_kg",
            "at most {} mL per site from 40 kg of body weight",
            rules.volume_max_from_40_kg_mL_per_site,
        ),
        (
            "volume_at_three_sites",
            "at most {} mL per site when three sites are used",
            rules.volume_max_at_three_sites_mL_per_site,
        ),
        (
            "volume_below_40_kg",
            "at most {} mL per site below 40 kg of body weight",
            rules.volume_max_below_40_kg_mL_per_site,
        ),
        (
            "daily_from_40_kg",
            "at most {} mL a day from 40 kg of body weight",
            rules.daily_max_from_40_kg_mL,
        ),
        (
            "daily_below_40_kg",
            "at most {} mL a day below 40 kg of body weight",
            rules.daily_max_below_40_kg_mL,
        ),
    )
    for part, words, fact in numbers:
        if fact is not None:
            yield part, f"{name}: {words.format(number(fact.value))}", fact.citation
    yield from _ladders(name, rules)
    yield from _ramps(name, rules)


def _ladders(name: str, rules: FacilitatedRules) -> Iterator[tuple[str, str, Citation]]:
    rates: tuple[tuple[str, str, Cited[tuple[float, ...]] | None], ...] = (
        (
            "first_from_40_kg",
            "first infusions from 40 kg",
            rules.rates_from_40_kg_first_mL_per_h_per_site,
        ),
        (
            "later_from_40_kg",
            "later infusions from 40 kg",
            rules.rates_from_40_kg_later_mL_per_h_per_site,
        ),
        (
            "first_below_40_kg",
            "first infusions below 40 kg",
            rules.rates_below_40_kg_first_mL_per_h_per_site,
        ),
        (
            "later_below_40_kg",
            "later infusions below 40 kg",
            rules.rates_below_40_kg_later_mL_per_h_per_site,
        ),
    )
    for part, words, ladder in rates:
        if ladder is not None:
            steps = listed(number(rate) for rate in ladder.value)
            yield (
                f"rates.{part}",
                f"{name}, {words}: {steps} mL/h per site in turn",
                ladder.citation,
            )


def _ramps(name: str, rules: FacilitatedRules) -> Iterator[tuple[str, str, Citation]]:
    for part, words, ramp in (
        ("q3w", "every 3 weeks", rules.ramp_up_q3w),
        ("q4w", "every 4 weeks", rules.ramp_up_q4w),
    ):
        if ramp is not None:
            steps = listed(
                f"{number(step.fraction)} of the full dose in week {step.week}"
                for step in ramp.value
            )
            yield f"ramp.{part}", f"{name}, ramp-up to a dose {words}: {steps}", ramp.citation
    if rules.order is not None:
        yield "order", framed(f"{name}, order", rules.order.value), rules.order.citation
