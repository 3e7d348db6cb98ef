"""A plan as a document: text, Markdown, HTML or JSON."""

import json
from typing import Literal, get_args

from ivig.codec import encode
from ivig.errors import InputError
from ivig.plan import Plan
from ivig.report.document import outline
from ivig.report.html import to_html
from ivig.report.markdown import to_markdown
from ivig.report.text import to_text

Format = Literal["text", "md", "html", "json"]

__all__ = ["Format", "render"]


def render(plan: Plan, format: Format = "text") -> str:
    """The document of a plan.

    Text, Markdown and HTML say the same; JSON is the plan itself, field by field.

    Raises
    ------
    InputError
        Another format.
    """
    if format == "json":
        return _json(plan)
    renderers = {"text": to_text, "md": to_markdown, "html": to_html}
    if format not in renderers:
        raise InputError("format", format, f"one of {', '.join(get_args(Format))}")
    return renderers[format](outline(plan))


def _json(plan: Plan) -> str:
    text = json.dumps(encode(plan), indent=2, ensure_ascii=False, allow_nan=False)
    # a lone surrogate, which UTF-8 cannot hold, goes out as the escape it came in as
    return text.encode("utf-8", "backslashreplace").decode("utf-8") + "\n"
