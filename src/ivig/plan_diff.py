"""Two plans: what changed, the weightiest first, and what differs that bears on it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

from ivig.errors import InputError
from ivig.plan import NOTICE

Part = Literal[
    "stop", "verdict", "dose", "product", "rate", "kinetics", "caution", "unknown", "follow_up"
]
ORDER: tuple[Part, ...] = (
    "stop",
    "verdict",
    "dose",
    "product",
    "rate",
    "kinetics",
    "caution",
    "unknown",
    "follow_up",
)
"""The order of clinical weight."""

Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class InputChange:
    """Something that went into the plans and differs; None: absent."""

    field: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that came out and differs.

    ``because`` is the reason the new plan gives itself. ``bears`` names the inputs that differ and
    can act on this part: by our own list of what acts on what, not by trying each alone.
    """

    part: Part
    name: str
    old: str | None
    new: str | None
    because: str | None = None
    bears: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanDiff:
    """What went in and differs, and what came out and differs."""

    notice: str
    old_title: str
    new_title: str
    same_patient: bool
    inputs: tuple[InputChange, ...]
    changes: tuple[Change, ...]


def compare(old: object, new: object) -> PlanDiff:
    """Compare two plans in plain data, as ``ivig plan --format json`` writes them.

    Raises
    ------
    InputError
        One of them is no plan.
    """
    before, after = _plan(old, "OLD"), _plan(new, "NEW")
    try:
        return _compared(before, after)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        wanted = f"{_WANTED}; a part of one of these has another shape ({error!r})"
        raise InputError("OLD, NEW", "…", wanted) from error


def _compared(before: Data, after: Data) -> PlanDiff:
    inputs = tuple(_inputs(before, after))
    found = [
        *_stops(before, after),
        *_verdict(before, after),
        *_values("dose", before, after, _DOSE),
        *_values("product", before, after, _PRODUCT),
        *_stopped_products(before, after),
        *_values("rate", before, after, _RATE),
        *_values("kinetics", before, after, _KINETICS),
        *_findings(before, after),
        *_follow_up(before, after),
    ]
    moved: set[Part] = {change.part for change in found}
    changes = [_explained(change, inputs, moved) for change in found]
    return PlanDiff(
        notice=NOTICE,
        old_title=_title(before),
        new_title=_title(after),
        same_patient=before["patient"].get("id") == after["patient"].get("id"),
        inputs=inputs,
        changes=tuple(sorted(changes, key=lambda c: (ORDER.index(c.part), c.old is not None))),
    )


_WANTED = "a plan written by 'ivig plan PATIENT --format json'"
_NEEDED = ("patient", "indication", "findings", "knowledge_digest", "ivig_version", "jurisdiction")


def _plan(data: object, name: str) -> Data:
    found: Data = cast(Data, data) if isinstance(data, dict) else {}
    missing = [key for key in _NEEDED if key not in found]
    if missing or not isinstance(found["patient"], dict) or not isinstance(found["findings"], list):
        raise InputError(name, sorted(found)[:6], _WANTED)
    return found


def _title(plan: Data) -> str:
    patient = plan["patient"]
    parts = [str(patient.get("id")), str(plan["indication"].get("name"))]
    return " · ".join([*parts, *([f"day 0 {patient['as_of']}"] if patient.get("as_of") else [])])


def _at(data: object, path: str) -> Any:
    """The value at a dotted path; None when anything on the way is absent."""
    value: Any = data
    for key in path.split("."):
        value = cast(Data, value).get(key) if isinstance(value, dict) else None
    return value


# --- what went in ---------------------------------------------------------------------------------


def _inputs(old: Data, new: Data) -> Iterator[InputChange]:
    before, after = _flat(old["patient"]), _flat(new["patient"])
    for field in dict.fromkeys((*before, *after)):
        if before.get(field) != after.get(field) and field not in ("source", "note"):
            yield InputChange(field=field, old=before.get(field), new=after.get(field))
    for field, path in (
        ("indication", "indication.id"),
        ("jurisdiction", "jurisdiction"),
        ("route", "regimen.route"),
        ("product asked for", "product.requested"),
        ("knowledge", "knowledge_digest"),
        ("program", "ivig_version"),
    ):
        a, b = _at(old, path), _at(new, path)
        offered = old.get("regimen") and new.get("regimen")
        if a != b and (path not in ("regimen.route", "product.requested") or offered):
            yield InputChange(field=field, old=_short(a), new=_short(b))


def _short(value: object) -> str | None:
    if value is None:
        return None
    text = str(value)
    return text[:12] if len(text) == 64 else text


def _flat(patient: Data) -> dict[str, str]:
    """Field → value in words; what is unknown is left out, so that learning it is a change."""
    found: dict[str, str] = {}
    for name, value in patient.items():
        if name == "labs":
            found |= {f"labs.{x['analyte']}": _lab(x) for x in value}
        elif name == "findings":
            found |= {f"findings.{key}": str(given) for key, given in value}
        elif name in ("levels", "doses", "infections", "weights", "protein_loss"):
            if value is not None:
                found[name] = "; ".join(_record(x) for x in value) or "none"
        elif name in ("conditions", "allergies", "unrecognised"):
            if value is not None and (value or name != "unrecognised"):
                found[name] = ", ".join(value) or "none"
        elif name == "history":
            found |= {f"history.{k}": str(v) for k, v in value.items() if v is not None}
        elif value is not None:
            found[name] = _number(value)
    return found


def _lab(lab: Data) -> str:
    when = "" if lab.get("time_day") is None else f" on day {lab['time_day']:g}"
    return f"{'< ' * bool(lab.get('below_limit'))}{lab['value']:g}{when}"


def _record(record: Data) -> str:
    return " ".join(f"{k} {_number(v)}" for k, v in record.items() if v not in (None, False))


def _number(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


# --- what came out --------------------------------------------------------------------------------


def _texts(plan: Data, kind: str) -> dict[str, str | None]:
    return {f["text"]: f.get("because") for f in plan["findings"] if f.get("kind") == kind}


def _added(
    part: Part, name: str, old: dict[str, str | None], new: dict[str, str | None]
) -> Iterator[Change]:
    for text, because in new.items():
        if text not in old:
            yield Change(part=part, name=f"new {name}", old=None, new=text, because=because)
    for text in old:
        if text not in new:
            yield Change(part=part, name=f"{name} gone", old=text, new=None)


def _stops(old: Data, new: Data) -> Iterator[Change]:
    yield from _added("stop", "stop", _texts(old, "stop"), _texts(new, "stop"))


def _verdict(old: Data, new: Data) -> Iterator[Change]:
    yield from _values("verdict", old, new, _VERDICT)
    before = {c["id"]: c for c in old["indication"].get("criteria", ())}
    after = {c["id"]: c for c in new["indication"].get("criteria", ())}
    for key, one in after.items():
        earlier = before.get(key)
        if earlier is not None and earlier["answer"] != one["answer"]:
            yield Change(
                part="verdict",
                name=f"criterion: {one['text']}",
                old=earlier["answer"].replace("_", " "),
                new=one["answer"].replace("_", " "),
                because=one.get("because"),
            )


Show = Callable[[Any], str]


def _unit(unit: str, digits: int = 1) -> Show:
    def show(value: Any) -> str:
        text = f"{float(value):.{digits}f}"
        return f"{text.rstrip('0').rstrip('.') if '.' in text else text} {unit}".rstrip()

    return show


def _interval(unit: str) -> Show:
    def show(value: Any) -> str:
        return f"{value['median']:.1f} ({value['low']:.1f}–{value['high']:.1f}) {unit}"

    return show


def _words(value: Any) -> str:
    return str(value).replace("_", " ")


def _duration(value: Any) -> str:
    return f"{round(float(value))} min"


def _probability(value: Any) -> str:
    return f"{100 * float(value):.0f} %"


_VERDICT = (
    ("indication", "indication.name", _words, None),
    ("verdict", "indication.verdict", _words, None),
    ("tier of evidence", "indication.tier", _words, None),
)
_DOSE = (
    ("dose", "regimen.amount_g", _unit("g", 2), "regimen.because"),
    ("dose by weight", "regimen.dose_g_per_kg", _unit("g/kg", 2), "regimen.because"),
    ("dosing weight", "regimen.dosing_weight_kg", _unit("kg"), "regimen.dosing_weight_rule"),
    ("regimen", "regimen.name", _words, "regimen.because"),
    ("days of the course", "regimen.split_days", _words, "regimen.because"),
    ("interval", "regimen.interval_day", _unit("days"), "regimen.because"),
    ("dose that follows", "regimen.then.amount_g", _unit("g", 2), "regimen.then.because"),
    ("interval that follows", "regimen.then.interval_day", _unit("days"), "regimen.then.because"),
)
_PRODUCT = (
    ("product", "product.name", _words, None),
    ("amount in whole vials", "product.amount_g", _unit("g", 2), None),
)
_RATE = (
    ("highest rate allowed", "infusion.cap_mL_per_h", _unit("mL/h"), "infusion.cap_because"),
    (
        "highest rate by weight",
        "infusion.cap_mL_per_kg_per_h",
        _unit("mL/kg/h", 2),
        "infusion.cap_because",
    ),
    ("start", "infusion.start", _words, None),
    ("volume of the first day", "infusion.volume_mL", _unit("mL"), None),
    ("length of the first day", "infusion.total_min", _duration, None),
)
_KINETICS = (
    ("model", "kinetics.model_id", _words, "kinetics.why_model"),
    ("levels used", "kinetics.n_levels", _words, None),
    ("trough IgG", "kinetics.trough_g_per_L", _interval("g/L"), "kinetics.trough_when"),
    ("peak IgG", "kinetics.peak_g_per_L", _interval("g/L"), None),
    ("half-life", "kinetics.half_life_day", _interval("days"), None),
    ("own IgG", "kinetics.baseline_g_per_L", _interval("g/L"), "kinetics.baseline_note"),
    ("target trough", "kinetics.target_g_per_L", _unit("g/L"), None),
    ("probability of the target", "kinetics.probability_trough_at_target", _probability, None),
)


def _values(
    part: Part, old: Data, new: Data, fields: tuple[tuple[str, str, Show, str | None], ...]
) -> Iterator[Change]:
    """Single values that read differently; what is the same once rounded is no change."""
    for name, path, show, reason in fields:
        a, b = _at(old, path), _at(new, path)
        before, after = (None if value is None else show(value) for value in (a, b))
        if before != after:
            because = _at(new, reason) if reason and after is not None else None
            yield Change(part=part, name=name, old=before, new=after, because=because)


def _stopped_products(old: Data, new: Data) -> Iterator[Change]:
    """Products this patient may no longer have, or may have again."""
    before, after = _ranking(old), _ranking(new)
    for key in before.keys() & after.keys():
        a, b = before[key]["standing"], after[key]["standing"]
        if a != b and "stopped" in (a, b):
            why = "; ".join(after[key].get("reasons", ())[:1]) or None
            yield Change(part="product", name=after[key]["name"], old=a, new=b, because=why)


def _ranking(plan: Data) -> dict[str, Data]:
    listed = _at(plan, "product.ranking") or ()
    return {item["product_id"]: item for item in sorted(listed, key=lambda i: i["name"])}


def _findings(old: Data, new: Data) -> Iterator[Change]:
    for kind in ("caution", "unknown"):
        yield from _added(cast(Part, kind), kind, _texts(old, kind), _texts(new, kind))


def _follow_up(old: Data, new: Data) -> Iterator[Change]:
    """Review, vaccines and tests; a sentence that is new or gone."""
    fields = (("review", "monitoring.review.after_day", _unit("days"), None),)
    yield from _values("follow_up", old, new, fields)
    for name in ("vaccines", "measure", "stopping"):
        before, after = (
            {f["text"]: f.get("because") for f in _at(plan, f"monitoring.{name}") or ()}
            for plan in (old, new)
        )
        yield from _added("follow_up", name, before, after)


# --- why ------------------------------------------------------------------------------------------

_ALWAYS = ("knowledge", "program")
_WHO = ("diagnosis", "indication", "age_year", "pregnant", "jurisdiction", "route")
_STATE = ("conditions", "labs", "findings", "blood_group", "history", "unrecognised")
_SIZE = ("weight_kg", "height_cm", "sex", "pre_pregnancy_weight_kg")
_IGG = ("levels", "doses", "baseline_igg_g_per_L", "weights", "protein_loss")
_BEARS: dict[Part, tuple[str, ...]] = {
    "stop": (*_WHO, *_STATE, "allergies", "infections", "levels", "baseline_igg_g_per_L", "product asked for"),
    "verdict": (*_WHO, *_STATE, "infections", "doses", "levels", "baseline_igg_g_per_L"),
    "dose": (*_WHO, *_SIZE, *_STATE, "doses", "product asked for"),
    "product": (*_WHO, *_SIZE, *_STATE, "allergies", "doses", "product asked for"),
    "rate": (*_WHO, *_SIZE, *_STATE, "doses", "product asked for"),
    "kinetics": (*_WHO, *_SIZE, *_IGG, "labs", "conditions"),
    "caution": (*_WHO, *_SIZE, *_STATE, *_IGG, "allergies", "infections", "product asked for"),
    "unknown": (*_WHO, *_SIZE, *_STATE, *_IGG, "allergies", "infections", "product asked for"),
    "follow_up": (*_WHO, *_SIZE, "doses"),
}  # fmt: skip
"""Which inputs can act on which part: wide rather than narrow."""
_CHAIN: dict[Part, tuple[Part, ...]] = {
    "dose": ("verdict", "stop", "product"),
    "product": ("stop", "dose"),
    "rate": ("product", "dose", "stop"),
    "kinetics": ("dose", "product", "rate", "stop"),
    "follow_up": ("dose", "verdict", "stop"),
}
"""Which other parts act on a part."""


def _explained(change: Change, inputs: tuple[InputChange, ...], moved: set[Part]) -> Change:
    acts = (*_BEARS[change.part], *_ALWAYS)
    bears = [one.field for one in inputs if one.field.split(".")[0] in acts]
    bears += [f"the {part}" for part in _CHAIN.get(change.part, ()) if part in moved]
    return Change(
        part=change.part,
        name=change.name,
        old=change.old,
        new=change.new,
        because=change.because,
        bears=tuple(bears),
    )
