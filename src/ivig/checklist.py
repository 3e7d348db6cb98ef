"""Before an infusion: what is in the patient's record, what is missing, what is out of date."""

from dataclasses import dataclass
from typing import Literal, cast

from ivig.cited import Citation, Cited
from ivig.criterion import MEASURES, PATIENT_MEASURES, Test, ask, explain, has_condition
from ivig.patient import Patient
from ivig.used import measured_day

Status = Literal["done", "missing", "out_of_date", "undated", "too_late", "not_needed", "to_do"]
"""*undated*: there is a value, but whether it is recent enough cannot be told. *too_late*: it had
to be taken before the first dose."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing to have before an infusion; ``any_of`` empty: to be seen to at the chair."""

    id: str
    name: str
    why: str
    any_of: tuple[str, ...]
    when: Test | None = None
    sex: Literal["female", "male"] | None = None
    from_g_per_kg: float | None = None
    replaces: str | None = None
    """The check of lower doses that this one stands for."""
    first_dose_only: bool = False
    yearly_in_maintenance: bool = False
    before_pooled_antibody: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Checklist:
    """knowledge/safety/checklist.yaml"""

    id: str
    name: str
    stale_maintenance_day: Cited[float]
    """A blood test older than this is out of date in maintenance treatment."""
    checks: tuple[Cited[Check], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckItem:
    """One line of the checklist for this patient.

    ``time_day`` is the day of the value and ``age_day`` its age on the day of the infusion.
    """

    id: str
    name: str
    status: Status
    value: str | None
    time_day: float | None
    age_day: float | None
    why: str
    note: str | None
    citations: tuple[Citation, ...] = ()
    references: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    text: str
    time_day: float | None = None
    dated: bool = False
    """Whether this kind of value has a date at all."""


def check_before(
    patient: Patient,
    rules: Checklist,
    *,
    dose_g_per_kg: float | None,
    infusion_day: float = 0.0,
) -> tuple[CheckItem, ...]:
    """The checklist of one infusion.

    Parameters
    ----------
    dose_g_per_kg : float, optional
        The course planned; a check for high doses stays on the list when it is not known.
    infusion_day : float
        The day of the infusion, from the patient's day 0.
    """
    found: list[CheckItem] = []
    for cited in rules.checks:
        check = cited.value
        low_dose = check.from_g_per_kg is not None and dose_g_per_kg is not None
        if low_dose and (dose_g_per_kg or 0.0) < (check.from_g_per_kg or 0.0) - 0.01:
            continue
        if check.sex is not None and patient.sex not in (None, check.sex):
            continue
        status, value, note = _status(patient, check, rules, infusion_day)
        day = value.time_day if value else None
        limit = (rules.stale_maintenance_day.citation,) if status == "out_of_date" else ()
        found.append(
            CheckItem(
                id=check.id,
                name=check.name,
                status=status,
                value=value.text if value else None,
                time_day=day,
                age_day=None if day is None else infusion_day - day,
                why=check.why,
                note=note,
                citations=(cited.citation, *limit),
            )
        )
    shown = {item.id for item in found}
    replaced = {c.value.replaces for c in rules.checks if c.value.id in shown}
    return tuple(item for item in found if item.id not in replaced)


def _status(
    patient: Patient, check: Check, rules: Checklist, infusion_day: float
) -> tuple[Status, _Found | None, str | None]:
    if not check.any_of:
        return "to_do", None, None
    value = next((v for name in check.any_of if (v := _look_up(patient, name))), None)
    if check.when is not None and ask(check.when, patient) == "not_met":
        return "not_needed", value, explain(check.when, patient)
    if check.first_dose_only and patient.doses and value is None:
        return "not_needed", None, "asked for before the first dose; doses were given before"
    if check.before_pooled_antibody:
        return _before_antibody(patient, value)
    if value is None:
        return "missing", None, None
    if check.yearly_in_maintenance:
        return _recent(patient, value, rules, infusion_day)
    return "done", value, None


def _recent(
    patient: Patient, value: _Found, rules: Checklist, infusion_day: float
) -> tuple[Status, _Found, str | None]:
    """A limit of age is known for maintenance treatment only."""
    if not patient.doses:
        note = "no source gives a limit of age before a first dose; judge by the patient's course"
        return ("done" if value.time_day is not None else "undated"), value, note
    limit_day = rules.stale_maintenance_day.value
    if value.time_day is None:
        return "undated", value, f"in maintenance no older than {limit_day:g} days"
    if infusion_day - value.time_day > limit_day:
        return "out_of_date", value, f"older than {limit_day:g} days"
    return "done", value, None


def _before_antibody(
    patient: Patient, value: _Found | None
) -> tuple[Status, _Found | None, str | None]:
    if patient.doses is None:
        if value is None:
            return "missing", None, "whether immunoglobulin was given before is not known"
        return "undated", value, "whether it was taken before any immunoglobulin is not known"
    if not patient.doses:
        return ("done" if value else "missing"), value, None
    first = min(dose.time_day for dose in patient.doses)
    if value is None:
        return "too_late", None, "immunoglobulin was given already; use direct tests (PCR, antigen)"
    if not value.dated:
        return (
            "done",
            value,
            "recorded as untreated" if value.text.startswith("untreated") else None,
        )
    before = value.time_day is not None and value.time_day <= first
    return ("done", value, None) if before else ("too_late", value, "taken after the first dose")


def _look_up(patient: Patient, name: str) -> _Found | None:
    """The value of a field of the patient file; None when it is not there."""
    group, _, slug = name.rpartition(".")
    if group == "findings":
        value = patient.finding(slug)
        text = explain(Test(finding=slug), patient)
        return None if value is None else _Found(text=text)
    if group == "conditions":
        answer = has_condition(patient, slug)
        return None if answer == "unknown" else _Found(text=explain(Test(condition=slug), patient))
    if group == "history":
        value = getattr(patient.history, slug)
        words = {True: "found", False: "not found"}
        return None if value is None else _Found(text=words.get(value, str(value)))
    if name in MEASURES:
        return _measure(patient, name)
    value = getattr(patient, name)
    if value is None:
        return None
    if isinstance(value, tuple):
        items = cast(tuple[str, ...], value)
        return _Found(text=", ".join(v.replace("_", " ") for v in items) or "asked: none")
    return _Found(text={True: "yes", False: "no"}.get(value, str(value)))


def _measure(patient: Patient, name: str) -> _Found | None:
    test = Test(measure=name, at_least=0.0)
    text = explain(test, patient)
    if text.endswith(" unknown"):
        return None
    if name in PATIENT_MEASURES:
        return _Found(text=text)
    given = name == "untreated_igg_g_per_L" and patient.baseline_igg_g_per_L is not None
    return _Found(text=text, time_day=measured_day(patient, name), dated=not given)
