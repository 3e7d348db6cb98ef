"""``ivig predict``: the typical patient of one published model, no individual fit."""

import json
from typing import Any, Literal

import click

from ivig.errors import InputError
from ivig.faces.output import text_or_json
from ivig.patient import Lab, Patient
from ivig.pk.predict import Prediction
from ivig.units import ANALYTES, require_possible


@click.command()
@click.option(
    "--model",
    "model_id",
    metavar="ID",
    required=True,
    help="Model id; see ivig knowledge list models.",
)
@click.option(
    "--regimen",
    "text",
    required=True,
    help="Such as '0.4 g/kg iv q3w', or '2 g/kg over 5 days then 10 g sc weekly'.",
)
@click.option("--weight", "weight_kg", type=float, required=True, help="kg.")
@click.option("--age", "age_year", type=float, help="Years.")
@click.option("--height", "height_cm", type=float, help="cm.")
@click.option(
    "--sex", type=click.Choice(["female", "male"]), help="With age and height, for lean body mass."
)
@click.option(
    "--albumin",
    "albumin_g_per_L",
    type=float,
    help="g/L; no published model here has it as a covariate, so it changes nothing.",
)
@click.option("--igm", "igm_g_per_L", type=float, help="g/L.")
@click.option("--baseline", "baseline_igg_g_per_L", type=float, help="Own untreated IgG, g/L.")
@click.option("--population", help="Whose group effects apply, such as paediatric_sad.")
@click.option(
    "--dose-number",
    metavar="N|ss",
    help="The interval after the N-th dose (or course) of a new start, or ss, the steady state.",
)
@click.option(
    "--protein-loss",
    "CL_loss_L_per_day",
    type=float,
    help="A lasting loss beside the model's clearance (nephrotic, enteropathy), L/day.",
)
@click.option("--duration-h", type=float, help="Hours of each infusion; default: at once.")
@text_or_json
def predict(
    model_id: str,
    text: str,
    dose_number: str | None,
    duration_h: float | None,
    population: str | None,
    CL_loss_L_per_day: float | None,
    chosen: str,
    **person: float | str | None,
) -> None:
    """Trough, peak, area and curve of a model's typical patient.

    Total IgG (own and infused) and exogenous IgG (infused alone) stand side by side. It is one
    value without an interval: for a patient with levels, use fit. Exit code 5: outside the data the
    model was built on.
    """
    from ivig.knowledge import load_knowledge
    from ivig.pk.predict import predict as predict_typical
    from ivig.pk.regimen_text import parse_regimen

    phases = parse_regimen(text)
    patient = _patient(person)
    models = load_knowledge().models
    if model_id not in models:
        raise InputError("model", model_id, f"one of {', '.join(sorted(models))}")
    found = predict_typical(
        models[model_id],
        patient,
        phases,
        dose_number=_dose_number(dose_number),
        duration_h=duration_h,
        population=population,
        CL_loss_L_per_day=CL_loss_L_per_day,
    )
    click.echo(json.dumps(as_json(found), indent=2) if chosen == "json" else as_text(found))


def as_json(found: Prediction) -> dict[str, Any]:
    """The prediction as plain data, total and exogenous side by side."""
    return {
        "model": found.model_id,
        "regimen": found.regimen,
        "when": found.when,
        "interval_day": found.interval_day,
        "baseline_g_per_L": found.baseline_g_per_L,
        **{
            name: {"total": total, "exogenous": exogenous}
            for name, total, exogenous in _pairs(found)
        },
        "half_life_day": found.half_life_day,
        "tmax_day": found.tmax_day,
        "curve": {
            "time_day": list(found.curve_day),
            "total_g_per_L": list(found.curve_g_per_L),
            "exogenous_g_per_L": list(found.exogenous_curve_g_per_L),
        },
        "assumptions": list(found.assumptions),
    }


def as_text(found: Prediction) -> str:
    """The prediction as a small table."""
    lines = [
        f"{found.model_id}, typical patient: {found.regimen}, {found.when}",
        "",
        f"{'':28}{'total':>10}{'exogenous':>12}",
    ]
    for name, total, exogenous in _pairs(found):
        lines.append(f"{_LABELS[name]:28}{total:10.2f}{exogenous:12.2f}")
    lines += [
        f"{'own IgG, g/L':28}{found.baseline_g_per_L:10.2f}",
        f"{'interval, days':28}{found.interval_day:10.2f}",
        f"{'half-life of infused, days':28}{found.half_life_day:10.2f}",
        f"{'peak after, days':28}{found.tmax_day:10.2f}",
        "",
        *(f"- {line}" for line in found.assumptions),
    ]
    return "\n".join(lines)


_LABELS = {
    "trough_g_per_L": "trough, g/L",
    "peak_g_per_L": "peak, g/L",
    "auc_tau_g_day_per_L": "AUC of the interval, g·day/L",
    "auc_per_week_g_day_per_L": "AUC per week, g·day/L",
}


def _pairs(found: Prediction) -> tuple[tuple[str, float, float], ...]:
    return tuple(
        (name, getattr(found, name), getattr(found, f"exogenous_{name}")) for name in _LABELS
    )


def _patient(person: dict[str, Any]) -> Patient:
    labs: list[Lab] = []
    for analyte in ("albumin_g_per_L", "igm_g_per_L"):
        value = person.pop(analyte)
        if value is not None:
            labs.append(_lab(analyte, value))
    return Patient(diagnosis="not given", labs=tuple(labs), **person)


def _lab(analyte: str, value: float) -> Lab:
    known = ANALYTES[analyte]
    possible = require_possible(value, analyte, field=known.names[0])
    return Lab(analyte=analyte, value=possible, ucum=known.ucum, loinc=known.loinc)


def _dose_number(text: str | None) -> int | Literal["ss"] | None:
    if text is None:
        return None
    word = text.strip().casefold()
    if word == "ss":
        return "ss"
    if not (word.isascii() and word.isdigit() and len(word) <= 6):
        raise InputError("dose_number", text, "a whole number from 1, or ss for the steady state")
    return int(word)
