"""A plan, a comparison of routes or the reply to a question as a document: text, Markdown, HTML or JSON."""

import json
from typing import TYPE_CHECKING, Any, Literal, get_args

from ivig.codec import encode
from ivig.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ivig.ask import Reply
    from ivig.cited import Source
    from ivig.compare import Comparison as RouteComparison
    from ivig.comparison import Comparison
    from ivig.mechanism.course import MechanismCourse
    from ivig.plan import Plan
    from ivig.product import Product
    from ivig.report.outline import Document

Format = Literal["text", "md", "html", "json"]

__all__ = [
    "Format",
    "render",
    "render_comparison",
    "render_mechanism",
    "render_reply",
    "render_routes",
    "write_document",
]


def render(plan: "Plan", format: Format = "text") -> str:
    """The document of a plan.

    Text, Markdown and HTML say the same; JSON is the plan itself, field by field.

    Raises
    ------
    InputError
        Another format.
    """
    _require_known(format)
    if format == "json":
        return _json(encode(plan))
    from ivig.report.document import outline

    return _written(outline(plan), format)


def render_reply(reply: "Reply", format: Format = "text") -> str:
    """The document of the reply to a question, in the formats of a plan.

    Raises
    ------
    InputError
        Another format.
    """
    _require_known(format)
    from ivig.report.answered import outline_reply, reply_data

    if format == "json":
        return _json(reply_data(reply))
    return _written(outline_reply(reply), format)


def render_comparison(
    made: "Comparison", products: "Mapping[str, Product]", format: Format = "text"
) -> str:
    """The document of a comparison of products, in the formats of a plan.

    Raises
    ------
    InputError
        Another format.
    """
    _require_known(format)
    if format == "json":
        return _json(encode(made))
    from ivig.report.compared import outline_comparison

    return _written(outline_comparison(made, products), format)


def render_routes(found: "RouteComparison", format: Format = "text") -> str:
    """The document of a comparison of routes, in the formats of a plan.

    Raises
    ------
    InputError
        Another format.
    """
    _require_known(format)
    if format == "json":
        return _json(encode(found))
    from ivig.report.compared_routes import outline_routes

    return _written(outline_routes(found), format)


def render_mechanism(
    course: "MechanismCourse", subject: str, sources: "Mapping[str, Source]", format: Format
) -> str:
    """The document of a mechanism's time courses; JSON is the courses themselves.

    Raises
    ------
    InputError
        Another format.
    """
    _require_known(format)
    from ivig.report.mechanism import course_data, outline_mechanism

    if format == "json":
        return _json(course_data(course, subject, sources))
    return _written(outline_mechanism(course, subject, sources), format)


def write_document(document: "Document", format: Format = "text") -> str:
    """An outline as text, Markdown or HTML.

    Raises
    ------
    InputError
        Another format; JSON is made of the value itself, not of its outline.
    """
    if format not in ("text", "md", "html"):
        raise InputError("format", format, "one of text, md, html")
    return _written(document, format)


def _require_known(format: Format) -> None:
    if format not in get_args(Format):
        raise InputError("format", format, f"one of {', '.join(get_args(Format))}")


def _written(document: "Document", format: Format) -> str:
    if format == "html":
        from ivig.report.html import to_html

        return to_html(document)
    if format == "md":
        from ivig.report.markdown import to_markdown

        return to_markdown(document)
    from ivig.report.text import to_text

    return to_text(document)


def _json(data: Any) -> str:
    text = json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False)
    # a lone surrogate, which UTF-8 cannot hold, goes out as the escape it came in as
    return text.encode("utf-8", "backslashreplace").decode("utf-8") + "\n"
