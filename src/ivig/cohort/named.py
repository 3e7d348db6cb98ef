"""What an arm of a new trial names: a published arm or a relation, and whether it can be used."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from ivig.cohort.design import Design, DesignArm
from ivig.cohort.truth import find_arm
from ivig.errors import InputError, KnowledgeError
from ivig.outcome.relation import Relation
from ivig.outcome.trial import PublishedTrial

MOST_NEAR = 5


def require_known(
    design: Design,
    arm: DesignArm,
    trials: Mapping[str, PublishedTrial],
    relations: Mapping[str, Relation],
) -> None:
    """Refuse an arm whose names name nothing, or nothing that can be computed from.

    Raises
    ------
    InputError
        With the nearest names, or with what the arm needs.
    """
    where = f"arm {arm.name!r}"
    if arm.published_arm is not None:
        _require_published(design, where, arm.published_arm, trials)
    if arm.relation is not None:
        _require_relation(design, where, arm, relations)
    elif arm.dose_g_per_kg is not None or arm.trough_g_per_L is not None:
        raise InputError(where, arm.way, "a relation beside a dose or a trough")


def find_trial(name: str, trials: Mapping[str, PublishedTrial]) -> PublishedTrial:
    """The published trial of this id, name or other name, whatever its case.

    Raises
    ------
    InputError
        With the nearest names.
    """
    known = {
        word.casefold(): trial
        for trial in trials.values()
        for word in (trial.id, trial.name, *trial.also)
    }
    wanted = name.strip().casefold()
    if wanted not in known:
        raise InputError("trial", name, nearest(name, trials))
    return known[wanted]


def nearest(name: str, names: Iterable[str]) -> str:
    """The names most like the one given, else all of them, as an error says it."""
    every = list(names)
    near = get_close_matches(name.casefold(), every, n=MOST_NEAR, cutoff=0.5)
    others = "" if not near else f"{', '.join(near)} (nearest); "
    return f"{others}one of {', '.join(every)}"


def _require_published(
    design: Design, where: str, name: str, trials: Mapping[str, PublishedTrial]
) -> None:
    try:
        result = find_arm(trials, name).published.value
    except KnowledgeError as error:
        calibrating = [
            f"{trial.id}.{arm.id}"
            for trial in trials.values()
            for arm in trial.arms
            if arm.role == "calibration" and arm.published.value.events is not None
        ]
        raise InputError(where, name, nearest(name, calibrating)) from error
    is_rate = result.person_time_year is not None
    if result.events is None or is_rate != (design.endpoint.kind == "rate"):
        raise InputError(where, name, f"an arm whose result is a {design.endpoint.kind}")


def _require_relation(
    design: Design, where: str, arm: DesignArm, relations: Mapping[str, Relation]
) -> None:
    name = arm.relation or ""
    computable = [
        one.id for one in relations.values() if one.strength == "model" and _usable(design, one)
    ]
    if name not in relations:
        raise InputError(where, name, nearest(name, computable))
    relation = relations[name]
    if relation.strength == "quote":
        raise InputError(where, name, "a relation that may be simulated; this one is only quoted")
    if not _usable(design, relation):
        raise InputError(where, name, nearest(name, computable))
    if relation.dose_slope is not None and design.endpoint.kind == "share":
        slope = relation.dose_slope.value
        low, high = slope.valid_low_g_per_kg, slope.valid_high_g_per_kg
        dose = arm.dose_g_per_kg
        if dose is None or not low <= dose <= high:
            raise InputError(f"{where} dose_g_per_kg", dose, f"{low:g} to {high:g}, as studied")
    elif arm.trough_g_per_L is None:
        raise InputError(f"{where} trough_g_per_L", None, "a trough in g/L beside this relation")


def _usable(design: Design, relation: Relation) -> bool:
    if design.endpoint.kind == "share":
        return relation.dose_slope is not None
    slope = relation.trough_slope
    return slope is not None and slope.value.rate_at_per_year is not None
