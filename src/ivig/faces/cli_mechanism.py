"""``ivig mechanism``: what a dose does over time, and the table of cells."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import click

from ivig.codec import encode
from ivig.errors import InputError
from ivig.faces.output import put, text_or_json, to_file
from ivig.mechanism.cells import CellAnswer

LONGEST_DAY = 730.0
LOTS, DONORS = 2000, 10_000
BMI_HIGH_KG_PER_M2 = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    """The options as given."""

    dose: str
    disease: str
    weight_kg: float
    height_cm: float | None
    C0_g_per_L: float | None
    last_day: float
    blocker: str | None
    blocker_dose: str | None
    antibodies: tuple[str, ...]
    lots: int | None
    donors: int | None
    subclasses: bool
    hypotheses: bool

    def __post_init__(self) -> None:
        for name, example in (("dose", "'2 g/kg over 5 days'"), ("disease", "itp")):
            if not getattr(self, name):
                raise InputError(
                    name, getattr(self, name), f"--{name} is needed, such as {example}"
                )
        if not 1.0 <= self.last_day <= LONGEST_DAY:
            raise InputError("days", self.last_day, f"1 to {LONGEST_DAY:g}")
        if self.blocker is None and self.blocker_dose is not None:
            raise InputError("blocker_dose", self.blocker_dose, "together with --blocker")
        for name in ("lots", "donors"):
            if getattr(self, name) is not None and not self.antibodies:
                raise InputError(name, getattr(self, name), "together with --antibody")


@click.group(invoke_without_command=True)
@click.option("--dose", help="Regimen such as '2 g/kg over 5 days' or '0.1 g/kg sc weekly x 8'.")
@click.option("--disease", help="Id such as itp, dermatomyositis, gbs, cidp, mmn, pid.")
@click.option("--weight", "weight_kg", type=float, default=70.0, show_default=True, help="kg.")
@click.option("--height", "height_cm", type=float, help="cm; only to say when weight misleads.")
@click.option("--baseline-igg", "C0_g_per_L", type=float, help="Total IgG before, g/L.")
@click.option(
    "--days", "last_day", type=float, default=42.0, show_default=True, help="How long to follow."
)
@click.option("--blocker", help="FcRn blocker: efgartigimod or rozanolixizumab.")
@click.option("--blocker-dose", help="Its dose, such as '10 mg/kg weekly x 4'.")
@click.option(
    "--antibody",
    "antibodies",
    multiple=True,
    metavar="NAME[=TITRE[@G/L]]",
    help="measles, tetanus, hbs, hav or pneumococcus; of the typical lot, or with the lot's own titre "
    "per mL and the product's IgG, such as measles=14@100. May be repeated.",
)
@click.option("--lots", type=int, help="Lots to draw for the band of a titre; default 2000.")
@click.option(
    "--donors", type=int, help="Donors in the pool of a lot, 1,000 to 60,000; default 10,000."
)
@click.option("--subclasses", is_flag=True, help="IgG1 to IgG4 too.")
@click.option(
    "--hypotheses", is_flag=True, help="Cytokines, CRP, Treg and lymphocytes too: assumed."
)
@click.option(
    "--format",
    "chosen",
    type=click.Choice(["text", "json", "html"]),
    default="text",
    show_default=True,
)
@to_file
@click.pass_context
def mechanism(context: click.Context, chosen: str, output: Path | None, **given: Any) -> None:
    """What a dose does over time: each curve with a band and how far to trust it.

    Says what carries the effect where that is known, and what conflicts. Hypotheses are off unless
    asked for. `ivig mechanism cells` looks up which cells are stirred up or calmed, and
    `ivig mechanism half-life` the half-life of IgG and its subclasses against the level.
    """
    if context.invoked_subcommand is None:
        _show(_Question(**given), chosen, output)


def _show(asked: _Question, chosen: str, output: Path | None) -> None:
    from ivig.knowledge import load_knowledge
    from ivig.mechanism.course import mechanism_course
    from ivig.mechanism.disease import find_disease
    from ivig.mechanism.given import blocker_of, trains_of
    from ivig.mechanism.titre import Asked
    from ivig.report import render_mechanism

    known = load_knowledge()
    fcrn, drug = known.mechanisms["fcrn"], asked.blocker
    course = mechanism_course(
        known.mechanisms,
        find_disease(known.mechanism_diseases, asked.disease),
        trains_of(asked.dose, asked.weight_kg),
        last_day=asked.last_day,
        weight_kg=asked.weight_kg,
        C0_g_per_L=asked.C0_g_per_L,
        blocker=None if drug is None else blocker_of(fcrn, drug, asked.blocker_dose),
        hypotheses=asked.hypotheses,
        subclasses=asked.subclasses,
        titres_of=Asked(
            antibodies=asked.antibodies,
            n_lots=LOTS if asked.lots is None else asked.lots,
            n_donors=DONORS if asked.donors is None else asked.donors,
        ),
    )
    put(render_mechanism(course, _subject(asked), known.sources, cast(Any, chosen)), output)


def _subject(asked: _Question) -> str:
    before = asked.C0_g_per_L
    own = "IgG of an adult before" if before is None else f"{before:g} g/L of IgG before"
    parts = [asked.dose, f"{asked.weight_kg:g} kg", own]
    if asked.blocker is not None:
        parts.append(f"{asked.blocker} {asked.blocker_dose}, its occupancy of FcRn assumed")
    if asked.height_cm is not None:
        if not 40.0 <= asked.height_cm <= 250.0:
            raise InputError("height", asked.height_cm, "40 to 250 cm")
        bmi = asked.weight_kg / (asked.height_cm / 100.0) ** 2
        if bmi >= BMI_HIGH_KG_PER_M2:
            parts.append(
                f"BMI {bmi:.0f}: volumes go with weight, too large here, and levels too low"
            )
    return "; ".join(parts)


@mechanism.command("half-life")
@click.option("--igg", "levels", multiple=True, type=float, help="Total IgG, g/L; may be repeated.")
@click.option("--blocker", help="FcRn blocker at the occupancy of its studied dose.")
@text_or_json
def half_life(levels: tuple[float, ...], blocker: str | None, chosen: str) -> None:
    """Half-life of IgG and of IgG1 to IgG4 in a typical adult, against the level of total IgG.

    The higher the level, the less receptor there is for each molecule, and the sooner it is lost.
    """
    from ivig.knowledge import load_knowledge
    from ivig.mechanism.half_life import half_lives

    found = half_lives(load_knowledge().mechanisms["fcrn"], levels or None, blocker)
    if chosen == "json":
        click.echo(json.dumps(encode(found), indent=2, ensure_ascii=False))
        return
    click.echo(f"Half-life, days, in a typical adult{'' if blocker is None else f', {blocker}'}\n")
    click.echo(f"{'IgG, g/L':>9}{'all IgG':>9}" + "".join(f"{n:>7}" for n in found.subclasses))
    for row in found.rows:
        of = "".join(f"{day:7.1f}" for day in row.subclass_day)
        click.echo(f"{row.igg_g_per_L:9.1f}{row.igg_day:9.1f}{of}")
    click.echo("\n" + "\n".join(f"- {text}" for text in found.notes))


@mechanism.command("cells")
@click.option("--cell", help="Such as neutrophil; default: all.")
@click.option("--state", help="Such as resting; default: all.")
@click.option("--dose", help="low, high, or a concentration such as '15 g/L'; default: both.")
@text_or_json
def cells(cell: str | None, state: str | None, dose: str | None, chosen: str) -> None:
    """Which cells immunoglobulin stirs up or calms, by state and dose: signs seen, nearly all in vitro.

    No total is formed: an index that summed them did not predict what happens in patients.
    """
    from ivig.knowledge import load_knowledge
    from ivig.mechanism.cells import cell_response

    known = load_knowledge()
    found = cell_response(known.cells, cell=cell, state=state, dose=dose)
    if chosen == "json":
        click.echo(json.dumps([encode(one) for one in found], indent=2, ensure_ascii=False))
        return
    for one in found:
        click.echo(_cell_line(one, known.sources))
    click.echo("\nSeen where it says; a sign is not an effect in a patient, and none is added up.")


def _cell_line(one: CellAnswer, sources: Any) -> str:
    where = f"{one.cell.replace('_', ' ')}, {one.state.replace('_', ' ')}, {one.dose} dose"
    effect = f": {one.effect}" if one.effect else ""
    source = sources[one.fact.source]
    basis = "" if one.fact.basis == "read" else f", {one.fact.basis}"
    return f"{where}: {one.sign}{effect} ({one.setting}; {source.citation}{basis})"
