"""Times of the day and hours of a day as people type them in a form, and as a form shows them. Pure."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from guiche.calendars import words
from guiche.calendars.hours import DAY, Window

_BETWEEN = re.compile(r"[,;\n]|\s(?:e|and)\s", re.IGNORECASE)  # windows
_UNTIL = re.compile(r"(?:-|–|\bàs\b|\bà\b|\bas\b|\ba\b|\baté\b|\bate\b|\bto\b|\buntil\b)+", re.IGNORECASE)
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


def windows(text: str) -> tuple[Window, ...] | None:
    """Return "8h às 12h e 13h às 18h", "8-12, 13-18", "o dia todo" as windows; none for a blank, None for what is none.

    What `windows_text` writes is read as it was.
    """
    if text.strip().casefold() in {_("all day").casefold(), "24h", "24 h"}:
        return (Window(0, DAY),)
    found = [_window(part) for part in _BETWEEN.split(f" {text} ") if part.strip()]
    return None if None in found else tuple(one for one in found if one)


def windows_text(ones: tuple[Window, ...]) -> str:
    """Return "8h às 12h e 13h às 18h", blank for none."""
    return words.spans(ones) if ones else ""


def _window(part: str) -> Window | None:
    times = [seconds(one) for one in _UNTIL.split(part.strip())]
    if len(times) != 2 or times[0] is None or times[1] is None or times[0] == DAY:
        return None
    return window(times[0], times[1])
