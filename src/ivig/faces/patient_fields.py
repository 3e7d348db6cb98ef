"""What a patient file may say: one table, read by the parser and by the JSON Schema alike."""

import re
from dataclasses import dataclass
from typing import Any, Literal

from ivig.units import ANALYTES, QUANTITIES

Kind = Literal[
    "text",
    "number",
    "flag",
    "choice",
    "date",
    "time",
    "words",
    "record",
    "records",
    "labs",
    "findings",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field: its name in ``Patient``, its kind, and the other name a file may use.

    A *number* stands under ``name`` (unit in the name) or, as text with a unit, under ``alias``.
    A *time* stands under ``name`` as days before the plan or under ``alias``, which ends in "date",
    as a date.
    """

    name: str
    kind: Kind
    about: str
    alias: str | None = None
    quantity: str | None = None
    limit: bool = False
    """Whether "< value" may stand for a level below the limit of the assay."""
    choices: tuple[str, ...] = ()
    fields: "tuple[Field, ...]" = ()
    required: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The names the file may use."""
        return (self.name,) if self.alias is None else (self.name, self.alias)


def _number(
    name: str, quantity: str, about: str, *, required: bool = False, limit: bool = False
) -> Field:
    """A number whose bare name is the unit-suffixed name without its unit."""
    alias = re.sub(r"_(g_per_L|L_per_day|year|kg|cm|g|h)$", "", name)
    return Field(
        name=name,
        kind="number",
        about=about,
        alias=alias,
        quantity=quantity,
        required=required,
        limit=limit,
    )


def _time(*, required: bool = False, prefix: str = "", about: str = "") -> Field:
    return Field(
        name=f"{prefix or 'time'}_day",
        kind="time",
        about=f"{about}days from the day of the plan (day 0), so 0 or negative; or a date",
        alias=f"{prefix}_date" if prefix else "date",
        required=required,
    )


TIME = _time()

FIELDS: tuple[Field, ...] = (
    Field(name="id", kind="text", about="a pseudonym; never a name"),
    Field(
        name="diagnosis",
        kind="text",
        about="an indication id, a synonym, or an ICD-10 code",
        required=True,
    ),
    _number("weight_kg", "body_mass", "actual body weight now", required=True),
    _number("age_year", "age", "age"),
    Field(name="sex", kind="choice", about="for ideal body weight", choices=("female", "male")),
    _number("height_cm", "height", "height"),
    Field(name="pregnant", kind="flag", about="pregnant now"),
    _number("pre_pregnancy_weight_kg", "body_mass", "weight before the pregnancy"),
    _number("baseline_igg_g_per_L", "mass_concentration", "total serum IgG before any treatment"),
    Field(
        name="weights",
        kind="records",
        about="earlier weights, in order of time; each holds from its day to the next one's",
        fields=(
            _time(required=True),
            _number("weight_kg", "body_mass", "actual body weight that day", required=True),
        ),
    ),
    Field(
        name="protein_loss",
        kind="records",
        about="times at which IgG was lost (nephrotic syndrome, enteropathy), in order of time",
        fields=(
            _time(required=True, prefix="start", about="the first day of the loss: "),
            _time(prefix="end", about="the last; absent while the loss goes on: "),
            _number(
                "CL_loss_L_per_day",
                "clearance",
                "clearance of IgG by the loss, beside the patient's own",
                required=True,
            ),
        ),
    ),
    Field(
        name="levels",
        kind="records",
        about="total serum IgG levels; one at the time of a dose was taken before it",
        fields=(
            _time(required=True),
            _number("igg_g_per_L", "mass_concentration", "total IgG", required=True, limit=True),
        ),
    ),
    Field(
        name="doses",
        kind="records",
        about="immunoglobulin given so far; [] when none was given, absent when not known",
        fields=(
            _time(required=True),
            _number("amount_g", "amount", "amount given", required=True),
            Field(name="route", kind="choice", about="route", choices=("iv", "sc", "fsc")),
            Field(name="product", kind="text", about="product id"),
            _number("duration_h", "duration", "how long the infusion took"),
        ),
    ),
    Field(
        name="infections",
        kind="records",
        about="infections the patient had; [] when none, absent when not known",
        fields=(
            _time(),
            Field(name="kind", kind="text", about="such as pneumonia or sinusitis"),
            Field(name="severe", kind="flag", about="needed hospital or intravenous treatment"),
        ),
    ),
    Field(name="conditions", kind="words", about="other conditions; [] when asked and none"),
    Field(name="allergies", kind="words", about="allergies; [] when asked and none"),
    Field(
        name="history",
        kind="record",
        about="earlier experience with immunoglobulin",
        fields=(
            Field(name="anti_iga", kind="flag", about="antibodies against IgA were found"),
            Field(
                name="reaction_to_ig",
                kind="text",
                about="'none' when asked and none, else what happened, such as anaphylaxis",
            ),
        ),
    ),
    Field(name="labs", kind="labs", about="laboratory results by short name or unit-suffixed name"),
    Field(
        name="blood_group",
        kind="choice",
        about="ABO group, without the rhesus sign",
        choices=("A", "B", "AB", "O"),
    ),
    Field(
        name="findings", kind="findings", about="clinical findings by name: text, number or flag"
    ),
    Field(
        name="as_of", kind="date", about="the date of day 0 when dates are given; today if absent"
    ),
    Field(name="source", kind="text", about="where this patient comes from"),
    Field(name="note", kind="text", about="anything else, for people to read"),
)


def patient_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a patient file."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Patient",
        "description": "One patient for an immunoglobulin plan. Absent or null means unknown.",
        **_record_schema(FIELDS),
    }


def _record_schema(fields: tuple[Field, ...]) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    rules: list[dict[str, Any]] = []
    for field in fields:
        properties |= _properties(field)
        if field.alias is not None:
            rules.append(_one_of_two(field))
    schema: dict[str, Any] = {"type": "object", "properties": properties}
    required = [field.name for field in fields if field.required and field.alias is None]
    if required:
        schema["required"] = required
    if rules:
        schema["allOf"] = rules
    return schema | {"additionalProperties": False}


def _one_of_two(field: Field) -> dict[str, Any]:
    """Either name, not both; one of them when the field is required."""
    alternatives = [{"required": [name]} for name in field.names]
    if field.required:
        return {"oneOf": alternatives}
    return {"not": {"required": list(field.names)}}


def _properties(field: Field) -> dict[str, Any]:
    if field.kind == "number":
        return _number_properties(field)
    if field.kind == "time":
        days = {"type": "number", "minimum": -36525, "maximum": 0}
        return {
            field.name: _optional(days, field),
            field.alias or "": _optional({"type": "string", "format": "date"}, field),
        }
    shapes: dict[str, Any] = {
        "text": {"type": "string", "minLength": 1},
        "date": {"type": "string", "format": "date"},
        "flag": {"type": "boolean"},
        "choice": {"enum": list(field.choices)},
        "words": {"type": "array", "items": {"type": "string", "minLength": 1}},
        "findings": {
            "type": "object",
            "additionalProperties": {"type": ["string", "number", "boolean", "null"]},
        },
    }
    if field.kind == "labs":
        shapes["labs"] = _labs_schema()
    if field.kind == "record":
        shapes["record"] = _record_schema(field.fields)
    if field.kind == "records":
        shapes["records"] = {"type": "array", "items": _record_schema(field.fields)}
    return {field.name: _optional(shapes[field.kind], field)}


def _number_properties(field: Field) -> dict[str, Any]:
    quantity = QUANTITIES[field.quantity or ""]
    number = {"type": "number", "minimum": quantity.low, "maximum": quantity.high}
    properties = {field.name: _optional(number, field)}
    if field.alias is not None:
        text = {"type": "string", "pattern": "[0-9]"}
        about = f"{field.about}, with its unit: {quantity.units}"
        properties[field.alias] = _optional(text, field) | {"description": about}
    return properties


def _optional(schema: dict[str, Any], field: Field) -> dict[str, Any]:
    """An absent value may also be written as null, unless the field is required."""
    if field.required:
        return schema | {"description": field.about}
    if "enum" in schema:
        return {"enum": [*schema["enum"], None], "description": field.about}
    return schema | {"type": [schema["type"], "null"], "description": field.about}


def _labs_schema() -> dict[str, Any]:
    properties: dict[str, Any] = {}
    time = _record_schema((TIME,))
    for analyte in ANALYTES.values():
        if analyte.id == "igg_g_per_L":
            continue  # IgG belongs under levels
        field = Field(name=analyte.id, kind="number", about=analyte.id, quantity=analyte.id)
        number = _number_properties(field)[analyte.id]
        text = {"type": "string", "pattern": "[0-9]"}
        properties[analyte.id] = _dated(number, time)
        properties |= dict.fromkeys(analyte.names, _dated(text, time))
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _dated(value: dict[str, Any], time: dict[str, Any]) -> dict[str, Any]:
    record = time | {"properties": {"value": value, **time["properties"]}, "required": ["value"]}
    return {"anyOf": [value, record, {"type": "null"}]}
