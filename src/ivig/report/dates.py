"""From days to dates: the calendar stands outside the engine, which counts days."""

import calendar
import datetime

from ivig.follow_up import Event
from ivig.report.words import days


def add_months(date: datetime.date, months: int) -> datetime.date:
    """The same day of a later month; the month's last day when it has no such day.

    >>> add_months(datetime.date(2026, 3, 31), 11)
    datetime.date(2027, 2, 28)
    """
    year, month = divmod(date.year * 12 + date.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return datetime.date(year, month + 1, min(date.day, last))


def first_date(event: Event, day0: datetime.date) -> datetime.date:
    """The date of an event; a fraction of a day stays on the day in which it falls."""
    date = day0 + datetime.timedelta(days=int(event.day))
    return date if event.plus_month is None else add_months(date, int(event.plus_month))


def last_date(event: Event, day0: datetime.date) -> datetime.date:
    """The last date of a window; the date itself when it is none."""
    if event.end_day is None:
        return first_date(event, day0)
    return day0 + datetime.timedelta(days=int(event.end_day))


def when(event: Event, day0: datetime.date | None) -> str:
    """The date or window of an event in words; its day when no date is known.

    >>> when(Event(id="a", kind="test", text="x", day=5.5, end_day=8.0), None)
    'day 5.5 to 8'
    """
    if day0 is None:
        text = f"day {event.day:g}" if event.end_day is None else ""
        text = text or f"day {event.day:g} to {event.end_day:g}"
        return text if event.plus_month is None else f"{event.plus_month:g} months after {text}"
    first, last = first_date(event, day0), last_date(event, day0)
    return f"{first}" if first == last else f"{first} to {last}"


def dated(time_day: float | None, as_of: str | None, *, unit: str = "day") -> str:
    """The date of a patient's own value, or how long ago it was; says when it bears none.

    >>> dated(-30.0, "2026-03-31"), dated(-30.0, None), dated(None, None), dated(0.0, None)
    ('2026-03-01', '30 days before day 0', 'date not recorded', 'day 0')
    """
    if time_day is None:
        return "date not recorded"
    if as_of is not None:
        start = datetime.date.fromisoformat(as_of)
        return str(start + datetime.timedelta(days=int(time_day)))
    return "day 0" if time_day == 0 else f"{days(-time_day)} before {unit} 0"
