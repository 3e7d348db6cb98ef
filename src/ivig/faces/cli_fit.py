"""``ivig fit``: one patient's parameters from the levels so far, and whether to believe them."""

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ivig.errors import FitError, OutsideModelDomain
from ivig.faces.output import put, text_or_json, to_file

if TYPE_CHECKING:
    from ivig.faces.fit_report import FitReport, Request
    from ivig.knowledge import Knowledge


@click.command()
@click.argument("patient", metavar="PATIENT|DATA.csv")
@click.option("--model", "models", metavar="ID", multiple=True, help="May be repeated.")
@click.option(
    "--indication",
    help="Id, synonym or ICD-10-CM code; default: the diagnosis, for a table pid.",
)
@text_or_json
@to_file
def fit(
    patient: str,
    models: tuple[str, ...],
    indication: str | None,
    chosen: str,
    output: Path | None,
) -> None:
    """The individual fit of a patient, each level checked against the others.

    PATIENT is a YAML or JSON file with levels and doses, or - for standard input. DATA.csv is an
    event table (ID TIME AMT DV … WT); each ID is fitted. Dated weights (WT in several rows, or
    weights in a patient file) and protein_loss in a patient file are followed through time. Without
    --model the published models that cover the patient are fitted and averaged. Exit code 4: the
    levels contradict the model; 5: no model covers such a patient.
    """
    from ivig.codec import encode
    from ivig.faces.fit_report import fit_text
    from ivig.knowledge import load_knowledge

    known = load_knowledge()
    table = patient.lower().endswith(".csv")
    if table:
        requests = _from_table(patient, known, indication or "pid")
    else:
        requests = (_from_patient(patient, known, indication),)
    reports = list(_reports(requests, known, models))
    if chosen == "json":
        data = [encode(report) for report in reports] if table else encode(reports[0])
        text = json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    else:
        text = "\n".join(fit_text(report) for report in reports)
    put(text, output)


def _from_patient(path: str, known: "Knowledge", indication: str | None) -> "Request":
    from ivig.diagnosis import complete, find_indication
    from ivig.faces.fit_report import Request
    from ivig.faces.patient_file import read_patient

    found = read_patient(path)
    treated = find_indication(indication or found.diagnosis, found, known.indications)
    treated = complete(treated, known.indications)
    return Request(
        patient=found,
        doses=tuple(sorted(found.doses or (), key=lambda dose: dose.time_day)),
        samples=tuple(sorted(found.levels, key=lambda sample: sample.time_day)),
        population=treated.pk_population,
        category=treated.category,
    )


def _from_table(path: str, known: "Knowledge", indication: str) -> "tuple[Request, ...]":
    from ivig.diagnosis import complete, find_indication
    from ivig.faces.event_table import read_events
    from ivig.faces.fit_report import Request
    from ivig.pk.events import subject_patient

    found: list[Request] = []
    for subject in read_events(path):
        person = subject_patient(subject, diagnosis=indication)
        treated = find_indication(indication, person, known.indications)
        treated = complete(treated, known.indications)
        found.append(
            Request(
                patient=person,
                doses=subject.doses,
                samples=subject.samples,
                population=treated.pk_population,
                category=treated.category,
            )
        )
    return tuple(found)


def _reports(
    requests: "Sequence[Request]", known: "Knowledge", models: tuple[str, ...]
) -> "Iterator[FitReport]":
    from ivig.faces.fit_report import make_fit_report

    for request in _shown(requests):
        try:
            yield make_fit_report(request, known.models, models)
        except (FitError, OutsideModelDomain) as error:
            if len(requests) == 1:
                raise
            raise type(error)(f"ID {request.patient.id}: {error}") from error


def _shown(requests: "Sequence[Request]") -> "Iterable[Request]":
    """With a progress bar when there are several and somebody looks."""
    if len(requests) == 1 or not sys.stderr.isatty() or find_spec("rich") is None:
        return requests
    from rich.console import Console
    from rich.progress import track

    return track(requests, description="fitting", console=Console(stderr=True), transient=True)
