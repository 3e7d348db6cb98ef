"""The outline of a comparison of products, of one product, and of the list of them."""

import re
from collections.abc import Mapping, Sequence

from ivig.comparison import Comparison, Offer
from ivig.differences import GRADES, INGREDIENTS, Held, Matter
from ivig.plan import NOTICE
from ivig.product import Product
from ivig.product_page import PageLine, PageSection, ProductPage
from ivig.references import Reference
from ivig.report.cite import Citer, cell
from ivig.report.follow import references
from ivig.report.front import basis_words, dose_words, rounding_words, vial_words
from ivig.report.outline import (
    Block,
    Bullets,
    Callout,
    Document,
    Heading,
    Line,
    Pairs,
    Paragraph,
    Part,
    Table,
)
from ivig.report.words import clean, grams, hours, kilograms, millilitres, number, sentence, spoken
from ivig.selection import Ranked
from ivig.version import __version__

_STANDINGS = {
    "suitable": ("suitable", "good"),
    "caution": ("caution", "caution"),
    "no_chart": ("no chart", "unknown"),
    "stopped": ("stopped", "stop"),
}
_IN_TABLE = re.compile(r"\d+ mL a session in about|\d+ vials?, dose")
_NEVER_CLEARED = (*INGREDIENTS, "iga", "sodium", "osmolality", "isoagglutinins", "fxia")
ORDER = (
    "The order: stops, a chart that can be drawn, the product the patient is on, cautions, fit to the "
    "risks, questions to ask first, rates that were read, label, supply, volume, time, vials, cost."
)


def outline_comparison(made: Comparison, products: Mapping[str, Product]) -> Document:
    """What the document of a comparison says, in order."""
    said = Citer({reference.id: reference.n for reference in made.references})
    body: list[Block] = [*_stops(made, said)]
    if made.patient is not None:
        body.append(_about(made, said))
        body += _ranking(made, said)
        body += _stopped(made, said)
    body += _differences(made, said, products)
    notes = [f for f in made.findings if f.kind != "stop"]
    if notes:
        body += [Heading(level=2, text="Cautions and limits"), *said.bullets(notes)]
    if made.references:
        body += [Heading(level=2, text="References"), *references(made.references, said)]
    stopped = made.all_stopped
    return Document(
        verdict="STOP" if stopped else "",
        tone="stop" if stopped else "plain",
        title=_title(made),
        subject=_subject(made),
        notice=made.notice,
        blocks=tuple(body),
        provenance=f"ivig {made.ivig_version} · knowledge {made.knowledge_digest[:12]} · "
        f"jurisdiction {made.jurisdiction}",
    )


def _title(made: Comparison) -> str:
    if made.patient is None:
        return "Products compared"
    return f"Products for {clean(made.patient.id)}"


def _subject(made: Comparison) -> str:
    patient = made.patient
    if patient is None:
        return ""
    age = "age not given" if patient.age_year is None else f"{patient.age_year:.2g} years"
    if patient.age_year is not None and patient.age_year >= 2:
        age = f"{int(patient.age_year)} years"
    return " · ".join((age, kilograms(patient.weight_kg), clean(made.indication or "")))


def _stops(made: Comparison, said: Citer) -> tuple[Block, ...]:
    stops = [f for f in made.findings if f.kind == "stop"]
    if not made.all_stopped:
        return ()
    lines = (*said.findings(stops, labelled=False), said.line("No product is offered."))
    return (Callout(tone="stop", title="Stop", lines=lines),)


def _about(made: Comparison, said: Citer) -> Block:
    rows: list[tuple[str, Line]] = []
    if made.regimen is not None:
        words = f"{sentence(dose_words(made.regimen))} {sentence(basis_words(made.regimen))}"
        rows.append(("Dose", said.line(words, made.regimen.citations)))
    offered = [offer for offer in made.offers if offer.place is not None]
    if offered and made.regimen is not None:
        first = offered[0].ranked
        line = said.line(f"{first.name}: {_STANDINGS[first.standing][0]}.", first.citations)
        rows.append(("First", line))
    stopped = len(made.offers) - len(offered)
    rows.append(("Considered", cell(f"{len(made.offers)} products, {stopped} stopped.")))
    return Pairs(rows=tuple(rows))


def _ranking(made: Comparison, said: Citer) -> list[Block]:
    kept = [offer for offer in made.offers if offer.place is not None]
    if not kept:
        return []
    priced = any(offer.cost is not None for offer in kept)
    head = ("", "Product", "Standing", "Label", "Volume a day", "Time a day", "Vials", "Dose")
    table = Table(
        caption="Products that are not stopped, best first",
        head=(*head, "Cost") if priced else head,
        rows=tuple(_row(offer, priced=priced) for offer in kept),
        align=("right", "left", "left", "left", "right", "right", "left", "right")
        + (("right",) if priced else ()),
    )
    reasons = tuple(_reasons(offer, said) for offer in kept)
    order = Paragraph(line=said.line(ORDER), small=True)
    title = "Ranking" if made.regimen is not None else "No stop was found for"
    blocks: list[Block] = [Heading(level=2, text=title)]
    if made.regimen is not None:
        blocks += [table, order]
    return [*blocks, Heading(level=3, text="Reasons"), Bullets(lines=reasons, ordered=True)]


def _row(offer: Offer, *, priced: bool) -> tuple[Line, ...]:
    item = offer.ranked
    word, tone = _STANDINGS[item.standing]
    vials = () if item.vials is None else item.vials.total
    dose = "–" if item.vials is None else rounding_words(item.vials.rounding_percent)
    unused_g = 0.0 if item.vials is None else sum(day.unused_g for day in item.vials.days)
    if unused_g:
        dose = f"{grams(unused_g)} left over"
    row = (
        cell(str(offer.place)),
        cell(item.name),
        cell(word, tone),  # type: ignore[arg-type]
        cell(_label_word(item)),
        cell("–" if item.volume_mL is None else millilitres(item.volume_mL)),
        cell("–" if item.session_min is None else hours(item.session_min)),
        cell(vial_words(vials) if vials else "–"),
        cell(dose),
    )
    cost = (
        "no price"
        if offer.cost is None
        else f"{number(offer.cost, 2)} {clean(offer.currency or '')}"
    )
    return (*row, cell(cost)) if priced else row


def _label_word(item: Ranked) -> str:
    """On, off, or not known where the label has a lowest age and the patient's is not given."""
    if item.on_label:
        return "on"
    open_age = any(reason.endswith("age not known") for reason in item.reasons)
    return "age?" if open_age else "off"


def _reasons(offer: Offer, said: Citer) -> Line:
    item = offer.ranked
    kept = [
        reason.rstrip(".").removeprefix(f"{item.name}: ")
        for reason in item.reasons
        if not _IN_TABLE.match(reason)
    ]
    return said.line(sentence("; ".join(kept)), item.citations, label=item.name)


def _stopped(made: Comparison, said: Citer) -> list[Block]:
    stopped = [offer for offer in made.offers if offer.place is None]
    if not stopped:
        return []
    heading = Heading(level=2, text="Stopped for this patient")
    if any(finding.kind == "stop" for finding in made.findings):
        names = ", ".join(offer.ranked.name for offer in stopped)
        return [heading, Paragraph(line=said.line(f"All of them: {names}."))]
    return [heading, Bullets(lines=tuple(_why_stopped(offer, said) for offer in stopped))]


def _why_stopped(offer: Offer, said: Citer) -> Line:
    name = offer.ranked.name
    texts = [stop.text.removeprefix(f"{name}: ").removeprefix(f"{name} ") for stop in offer.stops]
    reasons = [f"{stop.because}" for stop in offer.stops if stop.because]
    text = f"{sentence('; '.join(texts))} Reason: {sentence('; '.join(dict.fromkeys(reasons)))}"
    citations = [c for stop in offer.stops for c in stop.citations]
    return said.line(text, citations, label=name, tone="stop")


def _differences(made: Comparison, said: Citer, products: Mapping[str, Product]) -> list[Block]:
    if not made.differences:
        return []
    title = "Differences that matter for this patient" if made.patient else "Differences"
    blocks: list[Block] = [Heading(level=2, text=title)]
    for matter in made.differences:
        blocks.append(Heading(level=3, text=f"{matter.title} (evidence {matter.grade})"))
        blocks.append(Bullets(lines=_matter(matter, said, products, made)))
    grades = "; ".join(f"{key}: {words}" for key, words in GRADES.items())
    blocks.append(Paragraph(line=said.line(f"Grade of the evidence: {grades}."), small=True))
    return blocks


def _matter(
    matter: Matter, said: Citer, products: Mapping[str, Product], made: Comparison
) -> tuple[Line, ...]:
    lines: list[Line] = []
    if made.patient is not None:
        label = "Here" if matter.answer == "met" else "Cannot be excluded"
        lines.append(said.line(sentence(matter.because), label=label))
    lines += said.findings(matter.facts)
    if matter.note:
        lines.append(said.line(sentence(matter.note), label="Caution", tone="caution"))
    groups: dict[str, list[Held]] = {}
    for one in matter.held:
        groups.setdefault(one.text, []).append(one)
    for text, ones in sorted(groups.items(), key=lambda pair: pair[0] == "not known"):
        names = ", ".join(products[one.product_id].name for one in ones)
        citations = [c for one in ones for c in one.citations]
        unknown = text == "not known"
        lines.append(
            said.line(
                f"{names}{': not cleared' if unknown and matter.property in _NEVER_CLEARED else ''}.",
                citations,
                label="Not known" if unknown else text[:1].upper() + text[1:],
                tone="unknown" if unknown else "plain",
            )
        )
    return tuple(lines)


def outline_page(page: ProductPage, listed: Sequence[Reference], digest: str) -> Document:
    """One product: all that is known, what is unknown, what is only recalled."""
    said = Citer({reference.id: reference.n for reference in listed})
    body: list[Block] = []
    for section in page.sections:
        body += [Heading(level=2, text=section.title), _section(section, said)]
    if page.conflicts:
        body.append(Heading(level=2, text="Where sources disagree"))
        body.append(Bullets(lines=tuple(said.line(sentence(text)) for text in page.conflicts)))
    body.append(Heading(level=2, text="Not known"))
    body.append(_plain(page.unknown, "Nothing of what is asked for is missing.", said))
    body.append(Heading(level=2, text="Only recalled or assumed: confirm before use"))
    body.append(_plain(page.recalled, "Nothing: every fact was read in its source.", said))
    if listed:
        body += [Heading(level=2, text="References"), *references(listed, said)]
    return Document(
        verdict="",
        tone="plain",
        title=f"{page.name} ({page.id})",
        subject="",
        notice=NOTICE,
        blocks=tuple(body),
        provenance=f"ivig {__version__} · knowledge {digest[:12]}",
    )


def _section(section: PageSection, said: Citer) -> Block:
    return Bullets(lines=tuple(_page_line(line, said) for line in section.lines))


def _page_line(line: PageLine, said: Citer) -> Line:
    label = line.label[:1].upper() + line.label[1:] if line.label != "pH" else line.label
    return said.line(sentence(line.text), line.citations, label=label)


def _plain(texts: Sequence[str], none: str, said: Citer) -> Block:
    if not texts:
        return Paragraph(line=said.line(none))
    return Bullets(lines=tuple(Line(parts=(Part(clean(text)),)) for text in texts))


def outline_list(products: Sequence[Product], jurisdiction: str | None, digest: str) -> Document:
    """Every product in a table; a value that was not read says so."""
    head = ("ID", "Name", "Routes", "Markets", "On the market", "IgG", "Vials (g)", "Not known")
    rows = tuple(_listed(product) for product in products)
    where = "" if jurisdiction is None else f" of {jurisdiction}"
    table = Table(
        caption=f"{len(products)} products{where}; ~ recalled, not read",
        head=head,
        rows=rows,
        align=("left", "left", "left", "left", "left", "right", "left", "right"),
    )
    more = "ivig products show ID prints one with its sources, and all that is unknown or recalled."
    note = Paragraph(line=Line(parts=(Part(more),)))
    return Document(
        verdict="",
        tone="plain",
        title="Immunoglobulin products",
        subject="",
        notice=NOTICE,
        blocks=(table, note),
        provenance=f"ivig {__version__} · knowledge {digest[:12]}",
    )


def _listed(product: Product) -> tuple[Line, ...]:
    from ivig.product_page import product_page

    igg, vials, market = product.igg_mg_per_mL, product.vials, product.market
    sizes = "–" if vials is None else ", ".join(f"{v.amount_g:g}" for v in vials.value)
    return tuple(
        cell(text)
        for text in (
            product.id,
            product.name,
            ", ".join(product.routes.value),
            ", ".join(product.jurisdictions),
            f"{spoken(market.value)}{_mark(market.basis)}",
            "–" if igg is None else f"{igg.value / 10:g} %{_mark(igg.basis)}",
            sizes + ("" if vials is None else _mark(vials.basis)),
            str(len(product_page(product).unknown)),
        )
    )


def _mark(basis: str) -> str:
    return " ~" if basis in ("recalled", "assumed") else ""
