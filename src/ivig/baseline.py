"""The outcome measures of an indication, and the values the patient's record holds before treatment."""

import re
from dataclasses import dataclass

from ivig.criterion import Test, explain
from ivig.indication import Indication
from ivig.patient import Patient
from ivig.units import find_analyte
from ivig.used import measured_day


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """One measure to record; ``value`` is None when the record holds none."""

    name: str
    field: str
    """Where it stands, or would stand, in the patient file."""
    value: str | None
    time_day: float | None
    lasting: bool = False
    """It speaks of a span of time and bears no single date."""


def baselines(patient: Patient, indication: Indication) -> tuple[Baseline, ...]:
    """The measures on which treatment will be judged, with what is known of them now."""
    names = () if indication.review is None else indication.review.value.measures
    return tuple(_baseline(patient, name) for name in names)


_SPECIAL = {
    "trough IgG": "igg_g_per_L",
    "platelets": "platelets_10e9_per_L",
    "CK": "ck_U_per_L",
    "CRP": "crp_mg_per_L",
    "haemoglobin": "haemoglobin_g_per_L",
}


def baseline_text(one: Baseline, when: str) -> str | None:
    """The value with its date in words; None when there is none."""
    if one.value is None:
        return None
    return one.value if one.lasting else f"{one.value} ({when})"


def _baseline(patient: Patient, name: str) -> Baseline:
    analyte = _SPECIAL.get(name) or (found.id if (found := find_analyte(name)) else None)
    if analyte is not None:
        return _measured(patient, name, analyte)
    if name == "infections":
        text = None if patient.infections is None else _infections(patient)
        return Baseline(name=name, field="infections", value=text, time_day=None, lasting=True)
    slug = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
    names = (slug, slug.removesuffix("_score"), slug.removesuffix("_index"))
    for key in dict.fromkeys(names):
        if patient.finding(key) is not None:
            value = explain(Test(finding=key), patient).partition(": ")[2]
            return Baseline(name=name, field=f"findings.{key}", value=value, time_day=None)
    return Baseline(name=name, field=f"findings.{slug}", value=None, time_day=None)


def _measured(patient: Patient, name: str, analyte: str) -> Baseline:
    text = explain(Test(measure=analyte, at_least=0.0), patient)
    known = not text.endswith(" unknown")
    return Baseline(
        name=name,
        field="levels" if analyte == "igg_g_per_L" else f"labs.{analyte}",
        value=text if known else None,
        time_day=measured_day(patient, analyte) if known else None,
    )


def _infections(patient: Patient) -> str:
    infections = patient.infections or ()
    year = [i for i in infections if i.time_day is not None and i.time_day >= -365]
    undated = sum(i.time_day is None for i in infections)
    text = f"{len(year)} in the last 365 days, {sum(i.severe is True for i in year)} of them severe"
    return f"{text}; {undated} without a date" if undated else text
