"""Times of the day as people type them in a form, and as a form shows them. Pure."""

from __future__ import annotations

import re

from guiche.calendars.hours import DAY, Window

_TYPED = re.compile(r"(\d{1,2})(?:\s*[h:]\s*(\d{2})?|)\s*(?:min)?", re.IGNORECASE)


def seconds(text: str) -> int | None:
    """Return "8", "8h", "8:30", "08:30" or "8h30" as seconds after midnight, up to 24:00; None for anything else."""
    found = _TYPED.fullmatch(text.strip())
    if found is None:
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    time = hour * 3600 + minute * 60
    return time if minute < 60 and time <= DAY else None


def text(time: int) -> str:
    """Return "08:30" as an input of time takes it; past 24:00 it is a time of the next day."""
    minutes = (time if time <= DAY else time - DAY) // 60
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def window(opens: int, closes: int) -> Window:
    """Return the window between two times of the day: one that closes before it opens goes on into the next day.

    Closing at 0:00 is closing at the end of the day.
    """
    closes = closes or DAY
    return Window(opens, closes + DAY if closes < opens else closes)
