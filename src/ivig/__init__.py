"""Open engine for immunoglobulin therapy: a patient goes in, a cited plan comes out.

>>> from ivig import Patient, load_knowledge, make_plan
>>> patient = Patient(diagnosis="gbs", weight_kg=70, conditions=(), allergies=())
>>> plan = make_plan(patient, load_knowledge())
>>> plan.indication.id, round(plan.regimen.dose_g_per_kg, 1)
('gbs', 2.0)
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ivig.cited import Citation, Cited, Interval, Source
    from ivig.errors import FitError, InputError, IvigError, KnowledgeError, OutsideModelDomain
    from ivig.finding import Finding
    from ivig.knowledge import Knowledge, load_knowledge
    from ivig.patient import Dose, History, Infection, Lab, Patient, Sample
    from ivig.plan import Plan, make_plan

__all__ = [
    "Citation",
    "Cited",
    "Dose",
    "Finding",
    "FitError",
    "History",
    "Infection",
    "InputError",
    "Interval",
    "IvigError",
    "Knowledge",
    "KnowledgeError",
    "Lab",
    "OutsideModelDomain",
    "Patient",
    "Plan",
    "Sample",
    "Source",
    "load_knowledge",
    "make_plan",
]

_HOMES = {
    "cited": ("Citation", "Cited", "Interval", "Source"),
    "errors": ("FitError", "InputError", "IvigError", "KnowledgeError", "OutsideModelDomain"),
    "finding": ("Finding",),
    "knowledge": ("Knowledge", "load_knowledge"),
    "patient": ("Dose", "History", "Infection", "Lab", "Patient", "Sample"),
    "plan": ("Plan", "make_plan"),
}


def __getattr__(name: str) -> Any:
    """A name of the vocabulary, its module imported when it is first asked for."""
    home = next((home for home, names in _HOMES.items() if name in names), None)
    if home is None:
        raise AttributeError(f"module 'ivig' has no attribute {name!r}")
    return getattr(import_module(f"ivig.{home}"), name)
