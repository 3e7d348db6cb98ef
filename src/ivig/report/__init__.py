"""A plan, a comparison of routes or the reply to a question as a document: text, Markdown, HTML or JSON."""

import json
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal, get_args

from ivig.codec import encode
from ivig.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ivig.around import Around
    from ivig.ask import Reply
    from ivig.cited import Source
    from ivig.compare import Comparison as RouteComparison
    from ivig.comparison import Comparison
    from ivig.eligibility import Eligibility
    from ivig.letter import Letter
    from ivig.mechanism.course import MechanismCourse
    from ivig.plan import Plan
    from ivig.plan_diff import PlanDiff
    from ivig.product import Product
    from ivig.report.outline import Document

Format = Literal["text", "md", "html", "json"]

__all__ = [
    "Format",
    "render",
    "render_around",
    "render_comparison",
    "render_diff",
    "render_eligibility",
    "render_letter",
    "render_letter_pdf",
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
    return _rendered(plan, format, "document", "outline")


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
    return _rendered(made, format, "compared", "outline_comparison", products)


def render_routes(found: "RouteComparison", format: Format = "text") -> str:
    """The document of a comparison of routes, in the formats of a plan.

    Raises
    ------
    InputError
        Another format.
    """
    return _rendered(found, format, "compared_routes", "outline_routes")


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


def render_around(made: "Around", format: Format = "text") -> str:
    """The document of what surrounds an infusion.

    Raises
    ------
    InputError
        Another format.
    """
    return _rendered(made, format, "around", "outline_around")


def render_eligibility(made: "Eligibility", format: Format = "text") -> str:
    """The document of the criteria of one patient in one place.

    Raises
    ------
    InputError
        Another format.
    """
    return _rendered(made, format, "eligible", "outline_eligibility")


def render_letter(made: "Letter", format: Format = "md") -> str:
    """A letter as text.

    Raises
    ------
    InputError
        Another format.
    """
    return _rendered(made, format, "letter", "outline_letter")


def render_letter_pdf(made: "Letter") -> bytes:
    """A letter as PDF.

    Raises
    ------
    InputError
        The library that writes PDF is not installed.
    """
    from ivig.report.letter import outline_letter
    from ivig.report.pdf import to_pdf

    return to_pdf(outline_letter(made))


def render_diff(made: "PlanDiff", format: Format = "text") -> str:
    """What changed between two plans.

    Raises
    ------
    InputError
        Another format.
    """
    return _rendered(made, format, "plan_diff", "outline_diff")


def _rendered(value: object, format: Format, module: str, outline: str, *more: object) -> str:
    """A value as JSON, or its outline written; the module is imported only when it is written."""
    _require_known(format)
    if format == "json":
        return _json(encode(value))
    outlined = getattr(import_module(f"ivig.report.{module}"), outline)
    return _written(outlined(value, *more), format)


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
