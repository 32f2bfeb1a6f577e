"""Times of the day as people type them."""

import pytest
from django.utils import translation
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


def span(opens, closes):
    return Window(int(opens * HOUR), int(closes * HOUR))


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("8h às 12h e 13h às 18h", (span(8, 12), span(13, 18))),
        ("8-12, 13:30-18", (span(8, 12), span(13.5, 18))),
        ("08:00 – 12:00; 13h até 18h", (span(8, 12), span(13, 18))),
        ("8h as 12h\n13h a 18h", (span(8, 12), span(13, 18))),
        ("22h às 6h", (span(22, 30),)),
        ("23h à 1h", (span(23, 25),)),
        ("0h às 24h", (span(0, 24),)),
        ("O dia todo", (span(0, 24),)),
        ("24h", (span(0, 24),)),
        ("8h às 8h", (span(8, 8),)),  # refused where plans are checked
        ("", ()),
        ("  ", ()),
        ("8h", None),
        ("8h às", None),
        ("24h às 6h", None),
        ("8h às 12h às 18h", None),
        ("8h às 25h", None),
        ("manhã", None),
        ("8 12", None),
    ],
)
def test_windows(typed, expected):
    with translation.override("pt-br"):
        assert clock.windows(typed) == expected


MINUTES = st.integers(0, 24 * 60 - 1).map(lambda minutes: minutes * 60)


@given(st.lists(st.tuples(MINUTES, MINUTES).filter(lambda pair: pair[0] != pair[1] or pair == (0, 0)), max_size=4))
@pytest.mark.parametrize("language", ["pt-br", "en"])
def test_windows_that_are_shown_are_read(language, pairs):
    ones = tuple(sorted(clock.window(*pair) for pair in pairs))
    with translation.override(language):
        assert clock.windows(clock.windows_text(ones)) == ones
