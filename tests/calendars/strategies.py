"""Calendars at random, around the days on which clocks change."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import assume
from hypothesis import strategies as st

from guiche.calendars.hours import DAY, Closure, Hours, HoursRefused, Window

QUARTER = 900
# A zone, and the days around which its clocks change (or a leap day lies).
ZONES = {
    "America/Sao_Paulo": [date(2018, 11, 4), date(2019, 2, 17), date(2024, 2, 29)],
    "America/New_York": [date(2026, 3, 8), date(2026, 11, 1)],
    "Europe/Lisbon": [date(2026, 3, 29), date(2026, 10, 25)],
    "Australia/Lord_Howe": [date(2026, 4, 5), date(2026, 10, 4)],
    "Asia/Kathmandu": [date(2024, 2, 29), date(2026, 7, 1)],
    "UTC": [date(2026, 12, 31)],
}


@st.composite
def windows(draw, most=3):
    """Up to `most` windows of one date that do not overlap, perhaps into the next one."""
    marks = sorted(draw(st.sets(st.integers(0, 96), min_size=0, max_size=2 * most)))
    found = [Window(a * QUARTER, b * QUARTER) for a, b in zip(marks[::2], marks[1::2], strict=False)]
    if found and draw(st.integers(0, 3)) == 0:
        last = found[-1]
        found[-1] = Window(last.opens, min(DAY + draw(st.integers(1, 30)) * QUARTER, last.opens + DAY))
    return tuple(found)


@st.composite
def hours_of(draw, zone, around):
    weekly = {day: draw(windows()) for day in draw(st.sets(st.integers(0, 6), max_size=7))}
    near = st.integers(-8, 8).map(lambda n: around + timedelta(days=n))
    closed = {
        day: (Closure(f"feriado {day}", *draw(st.sampled_from([(0, DAY), (0, DAY // 2), (DAY // 2, DAY)]))),)
        for day in draw(st.sets(near, max_size=4))
    }
    days = {day: draw(windows()) for day in draw(st.sets(near, max_size=3))}
    try:
        return Hours(zone, weekly, lambda year: {day: one for day, one in closed.items() if day.year == year}, days)
    except HoursRefused:
        assume(False)
