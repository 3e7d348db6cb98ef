"""``ivig models``: the published population models, their numbers and how far to trust them."""

import json
from difflib import get_close_matches
from textwrap import wrap
from typing import Any

import click

from ivig.cited import Cited
from ivig.codec import encode
from ivig.errors import InputError
from ivig.faces.output import text_or_json
from ivig.knowledge import Knowledge
from ivig.pk.population import ParameterName, PopulationModel

WIDTH = 98
UNITS: dict[ParameterName, str] = {
    "CL": "L/day",
    "Kel": "per day",
    "Vc": "L",
    "Q": "L/day",
    "Vp": "L",
    "KA": "per day",
    "F_SC": "fraction",
    "F_fSC": "fraction",
    "BL": "g/L",
}
MEANINGS: dict[ParameterName, str] = {
    "CL": "clearance",
    "Kel": "elimination rate",
    "Vc": "central volume",
    "Q": "exchange between compartments",
    "Vp": "peripheral volume",
    "KA": "absorption rate",
    "F_SC": "bioavailability, SC",
    "F_fSC": "bioavailability, facilitated SC",
    "BL": "own IgG",
}
COVARIATES = {"weight_kg": "weight", "lean_body_mass_kg": "lean body mass", "igm_g_per_L": "IgM"}
COVARIATE_UNITS = {"weight_kg": "kg", "lean_body_mass_kg": "kg", "igm_g_per_L": "g/L"}
STATUS = {
    "complete": "complete",
    "typical_value_only": "typical values only, without intervals",
    "cross_check": "cross-check: not used alone",
    "legacy": "legacy: kept for comparison",
    "not_shipped": "REFUSED: not used for any patient",
}


@click.group()
def models() -> None:
    """The published models of IgG kinetics, and how far each may be trusted.

    None has albumin as a covariate: in all of them a low albumin changes nothing.
    """


@models.command("list")
@text_or_json
def models_list(chosen: str) -> None:
    """Every model: its status, routes, patients and measured coverage."""
    from ivig.knowledge import load_knowledge

    known = load_knowledge()
    if chosen == "json":
        click.echo(_json([_summary(model) for model in known.models.values()]))
        return
    for model in known.models.values():
        found = _summary(model)
        people = f"n={found['n_patients']}" if found["n_patients"] else ""
        inside = found["coverage_fraction"]
        covered = "" if inside is None else f"covers {100 * inside:.1f} %"
        routes = "/".join(found["routes"])
        click.echo(
            f"{model.id:22} {model.status:18} {routes:10} {people:6} {covered:14} "
            f"{', '.join(found['populations'])}".rstrip()
        )


@models.command("show")
@click.argument("model_id", metavar="ID")
@text_or_json
def models_show(model_id: str, chosen: str) -> None:
    """One model: parameters, variability, residual error, domain, training data, coverage.

    Coverage is how often the 90 % interval of the next measured trough held it in patients
    simulated from the model and refitted; docs/verification/kinetics.md has all of them.
    """
    from ivig.knowledge import load_knowledge

    known = load_knowledge()
    model = _find(known, model_id)
    if chosen == "json":
        data = encode(model)
        data["units"] = {name: UNITS[name] for name in model.typical}
        data["refused"] = model.status == "not_shipped"
        data["sources"] = {key: encode(known.sources[key]) for key in _cited(model)}
        click.echo(_json(data))
        return
    click.echo(model_text(known, model))


def model_text(knowledge: Knowledge, model: PopulationModel) -> str:
    """A model on one screen, for people."""
    lines = [f"{model.id} · {model.name}", *_about("status", _status(model))]
    if model.via is not None:
        lines += _about("numbers", f"read in {model.via}, not in the paper itself.")
    lines += _about("structure", model.structure.value)
    lines += _about("own IgG", f"{model.baseline_kind}. {model.baseline_handling.value}")
    lines += ["", *_parameters(model), "", *_people(model)]
    lines += ["", *_trust(model)]
    if model.warnings:
        lines += ["", "warnings", *(row for text in model.warnings for row in _bullet(text))]
    lines += ["", "sources", *(row for key in _cited(model) for row in _source(knowledge, key))]
    return "\n".join(lines)


def _find(knowledge: Knowledge, model_id: str) -> PopulationModel:
    if model_id not in knowledge.models:
        near = get_close_matches(model_id, list(knowledge.models), n=3, cutoff=0.4)
        hint = f"near it {', '.join(near)}; " if near else ""
        raise InputError("ID", model_id, f"{hint}'ivig models list' has all")
    return knowledge.models[model_id]


def _status(model: PopulationModel) -> str:
    if model.why_status is None:
        return STATUS[model.status] + "."
    link = ", because " if model.status == "not_shipped" else ". "
    return f"{STATUS[model.status]}{link}{model.why_status}".rstrip(".") + "."


def _parameters(model: PopulationModel) -> list[str]:
    """Typical values with their units, covariates and variability between patients."""
    spread = {fact.value.parameter: fact.value for fact in model.variability}
    lines = ["typical values"]
    for name, fact in model.typical.items():
        varies = ""
        if name in spread:
            cut = spread[name].truncate_sd
            held = "" if cut is None else f", drawn within {cut:g} SD"
            varies = f"varies by {spread[name].cv_percent:g} % CV{held}"
        about = f"{MEANINGS[name]}{_basis(fact)}"
        lines.append(f"  {name:6} {fact.value:>8g} {UNITS[name]:9} {about:34} {varies}".rstrip())
    for fact in model.powers:
        power = fact.value
        unit = COVARIATE_UNITS[power.covariate]
        limits = [
            f"{word} {value:g}"
            for word, value in (("from", power.low), ("to", power.high))
            if value is not None
        ]
        held = f", held {' '.join(limits)} {unit}" if limits else ""
        lines.append(
            f"  {power.parameter} × ({COVARIATES[power.covariate]} / {power.reference:g} {unit})"
            f"^{power.exponent:g}{' (fixed)' if power.fixed else ''}{held}"
        )
    for fact in model.groups:
        effect = fact.value
        change = f"× {effect.factor:g}" if effect.factor is not None else f"= {effect.value:g}"
        lines.append(f"  {effect.parameter} {change} in {effect.population}")
    if not model.variability:
        lines.append("  no variability between patients is published")
    return [*lines, *_residual(model)]


def _residual(model: PopulationModel) -> list[str]:
    if model.residual is None:
        return ["  no residual error is published"]
    error = model.residual.value
    parts = [
        f"{value:g} {unit}"
        for value, unit in (
            (error.additive_sd_g_per_L, "g/L"),
            (100.0 * error.proportional_sd_fraction, "% of the level"),
        )
        if value
    ]
    return [f"  residual error (SD): {' and '.join(parts)}{_basis(model.residual)}"]


def _people(model: PopulationModel) -> list[str]:
    domain = model.domain.value
    n = "" if model.n_patients is None else f"{model.n_patients.value} patients; "
    reach = (
        f"{', '.join(domain.populations)}; {', '.join(domain.routes)}; "
        f"{domain.age_year_low:g} to {domain.age_year_high:g} years, "
        f"{domain.weight_kg_low:g} to {domain.weight_kg_high:g} kg{_basis(model.domain)}"
    )
    lines = [*_about("built on", f"{n}{model.trained_on.value}"), *_about("domain", reach)]
    if model.restriction is not None:
        lines += _about("limits", model.restriction.value.why)
    return lines


def _trust(model: PopulationModel) -> list[str]:
    if model.coverage is None:
        return _about("coverage", "not measured: " + _why_unmeasured(model))
    found = model.coverage.value
    text = (
        f"{100.0 * found.inside_fraction:.1f} % of {found.n_patients} simulated patients had their next "
        f"measured trough inside its 90 % interval (87 to 93 % is required). {found.method}. "
        f"ivig {found.engine_version}, {found.date}."
    )
    return _about("coverage", text)


def _why_unmeasured(model: PopulationModel) -> str:
    if model.status == "not_shipped":
        return "the model is refused."
    if not model.variability:
        return "it publishes no variability between patients."
    if model.residual is None:
        return "it publishes no residual error, so it has no interval for a measured trough."
    return "run python -m docs.verify_kinetics --measure."


def _summary(model: PopulationModel) -> dict[str, Any]:
    domain = model.domain.value
    return {
        "id": model.id,
        "name": model.name,
        "status": model.status,
        "why_status": model.why_status,
        "routes": list(domain.routes),
        "populations": list(domain.populations),
        "n_patients": None if model.n_patients is None else model.n_patients.value,
        "coverage_fraction": None
        if model.coverage is None
        else model.coverage.value.inside_fraction,
    }


def _cited(model: PopulationModel) -> list[str]:
    keys = [model.source, *([model.via] if model.via else [])]
    return list(dict.fromkeys(keys))


def _source(knowledge: Knowledge, key: str) -> list[str]:
    source = knowledge.sources[key]
    address = f" doi:{source.doi}" if source.doi else f" {source.url}" if source.url else ""
    return _bullet(f"{key} ({source.basis}): {source.citation}{address}")


def _basis(fact: Cited[Any]) -> str:
    """How it is known, said only where it was not read."""
    return "" if fact.basis == "read" else f" ({fact.basis})"


def _about(name: str, text: str) -> list[str]:
    return wrap(text, WIDTH, initial_indent=f"{name:10} ", subsequent_indent=" " * 11)


def _bullet(text: str) -> list[str]:
    return wrap(text, WIDTH, initial_indent="  - ", subsequent_indent="    ")


def _json(data: object) -> str:
    return json.dumps(data, indent=2, ensure_ascii=False)
