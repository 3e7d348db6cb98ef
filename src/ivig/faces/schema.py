"""The contracts as JSON Schema (draft 2020-12), from the types and the field table."""

import dataclasses
import json
import types
from typing import Any, Literal, Union, cast, get_args, get_origin, get_type_hints

DRAFT = "https://json-schema.org/draft/2020-12/schema"
_SCALARS = {str: "string", bool: "boolean", int: "integer", float: "number"}


def json_schema(of: Literal["patient", "plan"]) -> str:
    """The JSON Schema of a patient file or of a plan."""
    if of == "patient":
        from ivig.faces.patient_file import patient_schema

        schema = patient_schema()
    else:
        from ivig.plan import Plan

        schema = plan_schema(Plan)
    return json.dumps(schema, indent=2, ensure_ascii=False)


def plan_schema(root: type) -> dict[str, Any]:
    """The schema of a dataclass as ``codec.encode`` writes it: every field is there, or null."""
    definitions: dict[str, Any] = {}
    top = _of(root, definitions)
    return {"$schema": DRAFT, **top, "$defs": dict(sorted(definitions.items()))}


def _of(hint: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    origin, args = get_origin(hint), get_args(hint)
    if dataclasses.is_dataclass(hint):
        return _object(cast(type, hint), definitions)
    if origin in (Union, types.UnionType):
        return {"anyOf": [_of(arg, definitions) for arg in args]}
    if origin is Literal:
        return {"enum": list(args)}
    if origin is tuple and args[-1] is Ellipsis:
        return {"type": "array", "items": _of(args[0], definitions)}
    if origin is tuple:
        items = [_of(arg, definitions) for arg in args]
        return {"type": "array", "prefixItems": items, "minItems": len(items), "items": False}
    if hint is type(None):
        return {"type": "null"}
    if hint in _SCALARS:
        return {"type": _SCALARS[hint]}
    raise TypeError(f"no schema for {hint!r}")


def _object(cls: type, definitions: dict[str, Any]) -> dict[str, Any]:
    if cls.__name__ not in definitions:
        definitions[cls.__name__] = {}  # held while its own fields are read
        hints = get_type_hints(cls)
        names = [field.name for field in dataclasses.fields(cls)]
        definitions[cls.__name__] = {
            "type": "object",
            "description": (cls.__doc__ or "").strip().split("\n\n")[0],
            "properties": {name: _of(hints[name], definitions) for name in names},
            "required": names,
            "additionalProperties": False,
        }
    return {"$ref": f"#/$defs/{cls.__name__}"}
