"""The dates as an iCalendar file (RFC 5545): all-day events, no alarms, no personal data but the id."""

import datetime
import hashlib

from ivig.around import Around
from ivig.errors import InputError
from ivig.follow_up import Event
from ivig.report.dates import first_date, last_date

_LINE_OCTETS = 75
_KINDS = {
    "dose": "Infusion",
    "test": "Test",
    "vaccine": "Vaccine",
    "laboratory": "Laboratory",
    "review": "Review",
}


def to_ical(made: Around) -> str:
    """The calendar of a plan; the same plan gives the same file, byte for byte.

    Raises
    ------
    InputError
        No date of the first infusion is known.
    """
    if made.first_infusion is None:
        allowed = "a date of the first infusion, --start 2026-03-01, or as_of in the patient file"
        raise InputError("start", None, allowed)
    day0 = datetime.date.fromisoformat(made.first_infusion)
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//ivig//ivig {made.ivig_version}//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_escaped(f'Immunoglobulin: {made.patient.id}')}",
    ]
    for event in made.events:
        lines += _event(event, made, day0)
    for one in made.upsets:
        if one.until_day is not None and one.applies != "no":
            text = f"From today {one.assay} can be read again (about): {one.text}"
            end = Event(
                id=f"upset-{_slug(one.assay)}", kind="laboratory", text=text, day=one.until_day
            )
            lines += _event(end, made, day0)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _event(event: Event, made: Around, day0: datetime.date) -> list[str]:
    first, last = first_date(event, day0), last_date(event, day0)
    after = last + datetime.timedelta(days=1)  # DTEND of an all-day event is not part of it
    summary = f"{_KINDS[event.kind]}: {event.text}"
    details = [event.because or "", _sources(event, made), made.notice]
    lines = [
        "BEGIN:VEVENT",
        f"UID:{_uid(event, made)}",
        f"DTSTAMP:{day0:%Y%m%d}T000000Z",
        f"DTSTART;VALUE=DATE:{first:%Y%m%d}",
        f"DTEND;VALUE=DATE:{after:%Y%m%d}",
        f"SUMMARY:{_escaped(summary)}",
        f"DESCRIPTION:{_escaped(chr(10).join(text for text in details if text))}",
        f"CATEGORIES:{_KINDS[event.kind]}",
        "TRANSP:TRANSPARENT",
    ]
    if event.repeat_month:
        lines.insert(-1, f"RRULE:FREQ=MONTHLY;INTERVAL={event.repeat_month:.0f};COUNT=5")
    return [*lines, "END:VEVENT"]


def _sources(event: Event, made: Around) -> str:
    listed = {reference.n: reference.citation for reference in made.references}
    text = " ".join(f"[{n}] {listed[n]}" for n in event.references if n in listed)
    return f"Source: {text}" if text else ""


def _uid(event: Event, made: Around) -> str:
    key = f"{made.patient.id}|{made.first_infusion}|{made.indication_id}|{event.id}|{event.day}"
    return f"{hashlib.sha256(key.encode('utf-8', 'replace')).hexdigest()[:32]}@ivig.invalid"


def _slug(text: str) -> str:
    return "-".join("".join(c if c.isalnum() else " " for c in text.lower()).split())[:40]


def _escaped(text: str) -> str:
    """TEXT of RFC 5545: backslash, semicolon, comma and newline escaped, no control characters."""
    text = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")
    return "".join(c if c >= " " and c != "\x7f" else " " for c in text)


def _folded(line: str) -> list[str]:
    """Lines of at most 75 octets; a continuation begins with a space. No character is cut."""
    parts: list[str] = []
    part = ""
    room = _LINE_OCTETS
    for char in line:
        if len((part + char).encode("utf-8", "replace")) > room:
            parts.append(part)
            part, room = " ", _LINE_OCTETS
        part += char
    return [*parts, part]
