"""The calendar file, read by a strict parser of RFC 5545 written for this test."""

import datetime
import re

import pytest

from ivig.around import around
from ivig.errors import InputError
from ivig.faces.patient_file import read_patient
from ivig.follow_up import Event
from ivig.knowledge import Knowledge
from ivig.plan import make_plan
from ivig.report.ical import to_ical

NAME = re.compile(r"^[A-Z][A-Z0-9-]*(;[A-Z-]+=[^;:]+)*:")
EXAMPLES = ("cidp-80kg", "cvid-62f", "itp-12", "kawasaki-3y", "sid-cll", "alzheimer")


def calendar(knowledge: Knowledge, name: str, start: str | None = "2026-03-02") -> str:
    plan = make_plan(read_patient(f"examples/{name}.yaml"), knowledge)
    return to_ical(around(plan, knowledge, first_infusion=start))


def parse(text: str) -> list[dict[str, str]]:
    """The events; every rule of the format that such a file can break is asserted."""
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    lines = text.replace("\r\n ", "").split("\r\n")[:-1]
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-1] == "END:VCALENDAR"
    assert {"VERSION:2.0", "CALSCALE:GREGORIAN"} <= set(lines)
    assert sum(line.startswith("PRODID:") for line in lines) == 1
    events: list[dict[str, str]] = []
    for line in lines[1:-1]:
        assert NAME.match(line), line
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", line)
        if line == "BEGIN:VEVENT":
            events.append({})
        elif events and line != "END:VEVENT":
            head, _, value = line.partition(":")
            name = head.partition(";")[0]
            assert name not in events[-1], name
            events[-1][name] = value
            if name in ("SUMMARY", "DESCRIPTION"):
                assert not re.search(r"(?<!\\)[;,]", value.replace("\\\\", "")), value
    return events


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_event_is_whole(knowledge: Knowledge, name: str) -> None:
    events = parse(calendar(knowledge, name))
    for event in events:
        assert {"UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "DESCRIPTION"} <= set(event)
        start, end = (
            datetime.datetime.strptime(event[key], "%Y%m%d").replace(tzinfo=datetime.UTC)
            for key in ("DTSTART", "DTEND")
        )
        assert start < end
        assert re.fullmatch(r"\d{8}T\d{6}Z", event["DTSTAMP"])
        assert "it is no order" in event["DESCRIPTION"]
    uids = [event["UID"] for event in events]
    assert len(uids) == len(set(uids))


def test_the_dates_are_those_of_the_plan(knowledge: Knowledge) -> None:
    events = parse(calendar(knowledge, "itp-12"))
    dates = {event["SUMMARY"].split(":")[0]: (event["DTSTART"], event["DTEND"]) for event in events}
    assert dates["Infusion"] == ("20260302", "20260303")
    assert dates["Vaccine"] == ("20270102", "20270103")  # 10 months after 1 g/kg
    assert dates["Laboratory"] == ("20260413", "20260414")  # 42 days


def test_a_stop_has_no_event(knowledge: Knowledge) -> None:
    assert parse(calendar(knowledge, "alzheimer")) == []


def test_a_yearly_test_repeats(knowledge: Knowledge) -> None:
    rules = [e["RRULE"] for e in parse(calendar(knowledge, "cidp-80kg")) if "RRULE" in e]
    assert rules == ["FREQ=MONTHLY;INTERVAL=12;COUNT=5"]


def test_special_characters_are_escaped_and_long_lines_folded(knowledge: Knowledge) -> None:
    plan = make_plan(read_patient("examples/itp-12.yaml"), knowledge)
    made = around(plan, knowledge, first_infusion="2026-03-02")
    text = "a;b,c\\d\r\nBEGIN:VEVENT " + "⁹µ×" * 60
    from dataclasses import replace

    odd = replace(made, events=(Event(id="x", kind="test", text=text, day=0.0),), upsets=())
    (event,) = parse(to_ical(odd))
    assert event["SUMMARY"].startswith("Test: a\\;b\\,c\\\\d\\nBEGIN:VEVENT ⁹µ×")


def test_without_a_date_there_is_no_calendar(knowledge: Knowledge) -> None:
    with pytest.raises(InputError, match="--start"):
        calendar(knowledge, "itp-12", None)


def test_the_same_plan_gives_the_same_bytes(knowledge: Knowledge) -> None:
    assert calendar(knowledge, "cidp-80kg") == calendar(knowledge, "cidp-80kg")
