"""``ivig mechanism``: what a dose does over time, and the table of cells."""

import json
from pathlib import Path
from typing import Any, cast

import click

from ivig.codec import encode
from ivig.errors import InputError
from ivig.faces.output import put, text_or_json, to_file
from ivig.mechanism.cells import CellAnswer

LONGEST_DAY = 730.0
BMI_HIGH_KG_PER_M2 = 30.0


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
    "--antibody", "antibodies", multiple=True, help="measles, hbs, tetanus or hav; may be repeated."
)
@click.option("--lots", type=int, help="Lots to draw for the band of a titre; default 2000.")
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
    asked for. `ivig mechanism cells` looks up which cells are stirred up or calmed.
    """
    if context.invoked_subcommand is not None:
        return
    for name, example in (("dose", "'2 g/kg over 5 days'"), ("disease", "itp")):
        if not given[name]:
            raise InputError(name, given[name], f"--{name} is needed, such as {example}")
    _show(chosen, output, **given)


def _show(
    chosen: str,
    output: Path | None,
    *,
    dose: str,
    disease: str,
    weight_kg: float,
    height_cm: float | None,
    C0_g_per_L: float | None,
    last_day: float,
    blocker: str | None,
    blocker_dose: str | None,
    antibodies: tuple[str, ...],
    lots: int | None,
    hypotheses: bool,
) -> None:
    from ivig.knowledge import load_knowledge
    from ivig.mechanism.course import find_disease, mechanism_course
    from ivig.mechanism.given import blocker_of, trains_of
    from ivig.report import render_mechanism

    if not 1.0 <= last_day <= LONGEST_DAY:
        raise InputError("days", last_day, f"1 to {LONGEST_DAY:g}")
    if blocker is None and blocker_dose is not None:
        raise InputError("blocker_dose", blocker_dose, "together with --blocker")
    if lots is not None and not antibodies:
        raise InputError("lots", lots, "together with --antibody")
    known = load_knowledge()
    course = mechanism_course(
        known.mechanisms,
        find_disease(known.mechanism_diseases, disease),
        trains_of(dose, weight_kg),
        last_day=last_day,
        weight_kg=weight_kg,
        C0_g_per_L=C0_g_per_L,
        blocker=None
        if blocker is None
        else blocker_of(known.mechanisms["fcrn"], blocker, blocker_dose),
        hypotheses=hypotheses,
        antibodies=antibodies,
        n_lots=2000 if lots is None else lots,
    )
    subject = _subject(dose, weight_kg, height_cm, C0_g_per_L, blocker, blocker_dose)
    put(render_mechanism(course, subject, known.sources, cast(Any, chosen)), output)


def _subject(
    dose: str,
    weight_kg: float,
    height_cm: float | None,
    C0_g_per_L: float | None,
    blocker: str | None,
    blocker_dose: str | None,
) -> str:
    own = "IgG of an adult before" if C0_g_per_L is None else f"{C0_g_per_L:g} g/L of IgG before"
    parts = [dose, f"{weight_kg:g} kg", own]
    if blocker is not None:
        parts.append(f"{blocker} {blocker_dose}, its occupancy of FcRn assumed")
    if height_cm is not None:
        if not 40.0 <= height_cm <= 250.0:
            raise InputError("height", height_cm, "40 to 250 cm")
        bmi = weight_kg / (height_cm / 100.0) ** 2
        if bmi >= BMI_HIGH_KG_PER_M2:
            parts.append(
                f"BMI {bmi:.0f}: volumes go with weight, too large here, and levels too low"
            )
    return "; ".join(parts)


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
