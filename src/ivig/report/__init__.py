"""A plan as a document: text, Markdown, HTML or JSON."""

import json
from typing import Literal, get_args

from ivig.codec import encode
from ivig.errors import InputError
from ivig.plan import Plan

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
    if format not in get_args(Format):
        raise InputError("format", format, f"one of {', '.join(get_args(Format))}")
    from ivig.report.document import outline

    document = outline(plan)
    if format == "html":
        from ivig.report.html import to_html

        return to_html(document)
    if format == "md":
        from ivig.report.markdown import to_markdown

        return to_markdown(document)
    from ivig.report.text import to_text

    return to_text(document)


def _json(plan: Plan) -> str:
    text = json.dumps(encode(plan), indent=2, ensure_ascii=False, allow_nan=False)
    # a lone surrogate, which UTF-8 cannot hold, goes out as the escape it came in as
    return text.encode("utf-8", "backslashreplace").decode("utf-8") + "\n"
