"""Times of the day as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guiche.calendars import clock
from guiche.calendars.hours import DAY, Window

HOUR = 3600


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("8", 8 * HOUR),
        ("8h", 8 * HOUR),
        (" 08:30 ", 8 * HOUR + 1800),
        ("8h30", 8 * HOUR + 1800),
        ("8 H 30 min", 8 * HOUR + 1800),
        ("0:00", 0),
        ("24:00", DAY),
        ("24:01", None),
        ("25", None),
        ("8:60", None),
        ("8:3", None),
        ("-1", None),
        ("8h30m", None),
        ("oito", None),
        ("", None),
        ("٨", 8 * HOUR),
    ],
)
def test_seconds(typed, expected):
    assert clock.seconds(typed) == expected


@given(st.integers(0, 24 * 60).map(lambda minutes: minutes * 60))
def test_what_is_shown_is_what_is_read(time):
    assert clock.seconds(clock.text(time)) == time


@pytest.mark.parametrize(
    ("opens", "closes", "expected"),
    [
        (8, 18, Window(8 * HOUR, 18 * HOUR)),
        (22, 6, Window(22 * HOUR, 30 * HOUR)),
        (18, 0, Window(18 * HOUR, DAY)),
        (0, 0, Window(0, DAY)),
        (0, 24, Window(0, DAY)),
        (8, 8, Window(8 * HOUR, 8 * HOUR)),  # refused where plans are checked
    ],
)
def test_window(opens, closes, expected):
    found = clock.window(opens * HOUR, closes * HOUR)

    assert found == expected
    assert clock.seconds(clock.text(found.closes)) in (closes * HOUR, DAY)
