"""Days become dates in one place only."""

import datetime

import pytest

from ivig.follow_up import Event
from ivig.report.dates import add_months, dated, first_date, last_date, when

DAY0 = datetime.date(2026, 3, 2)


def event(**fields: float) -> Event:
    return Event(id="one", kind="test", text="x", **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2028-01-31", 1, "2028-02-29"),
        ("2026-03-06", 11, "2027-02-06"),
        ("2026-12-15", 8, "2027-08-15"),
        ("2026-05-31", 0, "2026-05-31"),
    ],
)
def test_calendar_months(start: str, months: int, end: str) -> None:
    assert add_months(datetime.date.fromisoformat(start), months).isoformat() == end


def test_a_window_from_36_to_96_hours() -> None:
    window = event(day=5.5, end_day=8.0)
    assert first_date(window, DAY0).isoformat() == "2026-03-07"
    assert last_date(window, DAY0).isoformat() == "2026-03-10"
    assert when(window, DAY0) == "2026-03-07 to 2026-03-10"


def test_months_after_the_last_day_of_a_course() -> None:
    assert when(event(day=4.0, plus_month=11.0), DAY0) == "2027-02-06"
    assert when(event(day=4.0, plus_month=11.0), None) == "11 months after day 4"


def test_a_fraction_of_a_day_falls_on_its_day() -> None:
    assert when(event(day=1.5), DAY0) == "2026-03-03"


def test_a_value_of_the_record() -> None:
    assert dated(-1.0, "2026-03-01") == "2026-02-28"
    assert dated(None, "2026-03-01") == "date not recorded"
