"""The page: well formed, escaped, self-contained, reachable."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from tests.report.plans import ALL, REPLACEMENT, STOP

from ivig.plan import Plan
from ivig.report import render

VOID = {"meta", "br", "hr", "img", "link"}
EVIL = '<script>alert("x")</script> & *bold* [1](javascript:x) | `code`'


class Page(HTMLParser):
    """Checks nesting while it reads."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def read(html: str) -> Page:
    page = Page()
    page.feed(html)
    page.close()
    assert page.open == []
    return page


def evil_plan() -> Plan:
    patient = replace(REPLACEMENT.patient, id=EVIL, diagnosis=EVIL, source=EVIL)
    findings = tuple(replace(finding, text=EVIL) for finding in REPLACEMENT.findings)
    references = tuple(
        replace(r, citation=EVIL, url="javascript:alert(1)", doi='10.1/"><script>')
        for r in REPLACEMENT.references
    )
    return replace(REPLACEMENT, patient=patient, findings=findings, references=references)


@pytest.mark.parametrize("plan", ALL.values(), ids=ALL.keys())
def test_the_page_is_well_formed_and_needs_nothing_else(plan: Plan) -> None:
    html = render(plan, "html")
    page = read(html)
    names = [tag for tag, _ in page.tags]
    assert names.count("h1") == 1
    assert ("html", {"lang": "en"}) in page.tags
    assert not {"script", "link", "img", "iframe"} & set(names)
    assert "@import" not in html
    assert "url(" not in html


@pytest.mark.parametrize("plan", ALL.values(), ids=ALL.keys())
def test_every_inner_link_has_its_target_once(plan: Plan) -> None:
    page = read(render(plan, "html"))
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    inner = {a["href"][1:] for t, a in page.tags if t == "a" and (a["href"] or "").startswith("#")}
    assert inner <= set(ids)
    assert {f"ref-{reference.n}" for reference in plan.references} <= inner


def test_tables_have_captions_and_scoped_headers() -> None:
    page = read(render(REPLACEMENT, "html"))
    names = [tag for tag, _ in page.tags]
    assert names.count("table") == names.count("caption") > 4
    assert all(attrs.get("scope") in ("col", "row") for tag, attrs in page.tags if tag == "th")


def test_what_a_user_wrote_never_becomes_markup() -> None:
    html = render(evil_plan(), "html")
    page = read(html)
    assert "<script>" not in html
    assert EVIL in " ".join("".join(page.text).split())
    links = [attrs["href"] or "" for tag, attrs in page.tags if tag == "a"]
    assert all(link.startswith(("#", "https://", "http://")) for link in links)


def test_markdown_shows_what_a_user_wrote_as_text() -> None:
    markdown = render(evil_plan(), "md")
    assert "<script" not in re.sub(r"\\.", "", markdown)
    assert re.search(r"(?<!\\)\]\(<?javascript", markdown) is None
    assert r"\<script\>alert" in markdown


def test_the_verdict_is_a_word_and_not_only_a_colour() -> None:
    assert '<span class="badge good">Indicated</span>' in render(REPLACEMENT, "html")
    assert '<span class="badge stop">STOP</span>' in render(STOP, "html")


def test_the_chart_is_in_the_page_and_not_for_a_stop() -> None:
    assert 'class="wide chart"' in render(REPLACEMENT, "html")
    assert 'class="wide chart"' not in render(STOP, "html")
    assert "<svg" not in render(STOP, "html")


def test_numbers_stay_with_their_units() -> None:
    html = render(REPLACEMENT, "html")
    assert "35\u00a0g, every 4\u00a0weeks" in html
    assert "2\u00a0h 40\u00a0min" in html
