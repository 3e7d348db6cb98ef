"""The contracts as JSON Schema, generated from the types and the field table."""

import json
from typing import Any, Literal


def json_schema(of: Literal["patient", "plan"]) -> str:
    """The JSON Schema (draft 2020-12) of a patient file or of a plan."""
    schema: dict[str, Any]
    if of == "patient":
        from ivig.faces.patient_file import patient_schema

        schema = patient_schema()
    else:
        from pydantic import TypeAdapter

        from ivig.plan import Plan

        schema = TypeAdapter(Plan).json_schema(mode="serialization")
        schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
    return json.dumps(schema, indent=2, ensure_ascii=False)
