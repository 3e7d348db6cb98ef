"""The patient's own values behind an answer, with their days, and what an open one waits for."""

from dataclasses import dataclass

from ivig.criterion import PATIENT_MEASURES, Test, ask, explain, untreated_sample
from ivig.patient import Patient


@dataclass(frozen=True, slots=True, kw_only=True)
class UsedValue:
    """A value of the patient that a test was answered from.

    ``time_day`` None: no date recorded. ``lasting``: it needs none, such as age or a past illness.
    """

    text: str
    time_day: float | None = None
    lasting: bool = False


def used_values(test: Test, patient: Patient) -> tuple[UsedValue, ...]:
    """The patient's own values behind an answer, each with its day; nothing for what is missing."""
    found = [
        UsedValue(
            text=explain(leaf, patient),
            time_day=_leaf_day(leaf, patient),
            lasting=leaf.measure in PATIENT_MEASURES or leaf.condition is not None,
        )
        for leaf in _decisive_leaves(test, patient)
        if ask(leaf, patient) != "unknown" and leaf.never is None and leaf.all is None
    ]
    return tuple(dict.fromkeys(found))


def missing_parts(test: Test, patient: Patient) -> tuple[str, ...]:
    """The fields that an unknown answer waits for, e.g. ``labs.platelets_10e9_per_L``."""
    found = [
        _field_of(leaf)
        for leaf in _leaves(test)
        if leaf.all is None and ask(leaf, patient) == "unknown"
    ]
    return tuple(dict.fromkeys(found))


def measured_day(patient: Patient, name: str) -> float | None:
    """The day of the value that ``measure`` gives; None when it bears no date."""
    if name == "igg_g_per_L" and patient.latest_igg is not None:
        return patient.latest_igg.time_day
    if name in ("igg_g_per_L", "untreated_igg_g_per_L"):
        if patient.baseline_igg_g_per_L is not None:
            return None
        sample = untreated_sample(patient)
        if sample is None:
            lowest = min(patient.levels, key=lambda s: s.igg_g_per_L, default=None)
            return None if lowest is None else lowest.time_day
        return sample.time_day
    lab = patient.lab(name)
    return None if lab is None else lab.time_day


def _leaves(test: Test) -> list[Test]:
    """The questions a test is made of; an empty *all*, which is always met, stands for itself."""
    parts = test.all or test.any
    return [leaf for part in parts for leaf in _leaves(part)] if parts else [test]


def _decisive_leaves(test: Test, patient: Patient) -> list[Test]:
    """Those that led to the answer, as ``explain`` shows them."""
    parts = test.all or test.any
    if not parts:
        return [test]
    answer = ask(test, patient)
    shown = [part for part in parts if ask(part, patient) == answer] or list(parts)
    return [leaf for part in shown for leaf in _decisive_leaves(part, patient)]


def _leaf_day(leaf: Test, patient: Patient) -> float | None:
    if leaf.measure is not None:
        return measured_day(patient, leaf.measure)
    if leaf.infections is not None:
        days = [i.time_day for i in patient.infections or () if i.time_day is not None]
        return max(days, default=None)
    return None


def _field_of(leaf: Test) -> str:
    """The field of the patient file that answers a question."""
    if leaf.measure is not None:
        if leaf.measure in ("igg_g_per_L", "untreated_igg_g_per_L"):
            return f"labs.{leaf.measure}"
        return leaf.measure if leaf.measure in PATIENT_MEASURES else f"labs.{leaf.measure}"
    if leaf.condition is not None:
        return f"conditions.{leaf.condition}"
    return "infections" if leaf.infections is not None else f"findings.{leaf.finding}"
