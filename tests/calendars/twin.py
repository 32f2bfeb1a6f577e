"""Business time the slow and obvious way: every cell of time asks what the clock on the wall shows."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from guiche.calendars.hours import Hours

CELL = 900  # seconds: the windows, clock changes and offsets of the tests fall on quarters of an hour
HORIZON = 40 * 96  # cells


def is_open(hours: Hours, second: int) -> bool:
    """Whether the wall clock at `second` shows an open time."""
    local = datetime.fromtimestamp(second, hours.zone)
    day, clock = local.date(), local.hour * 3600 + local.minute * 60 + local.second
    for closure in hours.closures(day.year).get(day, ()):
        if closure.opens <= clock < closure.closes:
            return False
    if any(one.opens <= clock < one.closes for one in windows(hours, day)):
        return True
    eve = day - timedelta(days=1)
    return day not in hours.days and any(clock + 86_400 < one.closes for one in windows(hours, eve))


def windows(hours: Hours, day: date):
    return hours.days[day] if day in hours.days else hours.weekly.get(day.weekday(), ())


class Twin:
    """The operations of a calendar that is open where all of `parts` are, a cell at a time."""

    def __init__(self, *parts: Hours) -> None:
        self.parts, self.zone = parts, parts[0].zone
        self._known: dict[int, bool] = {}

    def open_cell(self, cell: int) -> bool:
        if cell not in self._known:
            self._known[cell] = all(is_open(one, cell * CELL) for one in self.parts)
        return self._known[cell]

    def is_open(self, t: datetime) -> bool:
        return self.open_cell(second(t) // CELL)

    def between(self, a: datetime, b: datetime) -> int:
        if b < a:
            return -self.between(b, a)
        total, at, end = 0, second(a), second(b)
        while at < end:
            until = min(end, (at // CELL + 1) * CELL)
            total += (until - at) * self.open_cell(at // CELL)
            at = until
        return total

    def add(self, t: datetime, seconds: int) -> datetime | None:
        at, left = second(t), seconds
        for _ in range(HORIZON):
            if not left:
                return instant(at)
            until = (at // CELL + 1) * CELL
            step = min(left, until - at) if self.open_cell(at // CELL) else until - at
            left -= step * self.open_cell(at // CELL)
            at += step
        return None

    def subtract(self, t: datetime, seconds: int) -> datetime | None:
        at, left = second(t), seconds
        for _ in range(HORIZON):
            if not left:
                return instant(at)
            until = (at - 1) // CELL * CELL
            step = min(left, at - until) if self.open_cell((at - 1) // CELL) else at - until
            left -= step * self.open_cell((at - 1) // CELL)
            at -= step
        return None

    def next_open(self, t: datetime) -> datetime | None:
        if self.is_open(t):
            return t
        cells = range(second(t) // CELL + 1, second(t) // CELL + HORIZON)
        return next((instant(cell * CELL) for cell in cells if self.open_cell(cell)), None)

    def next_close(self, t: datetime) -> datetime | None:
        cells = range(second(t) // CELL + 1, second(t) // CELL + HORIZON)
        return next((instant(cell * CELL) for cell in cells if self._closes(cell)), None)

    def previous_close(self, t: datetime) -> datetime | None:
        cells = range(second(t) // CELL, second(t) // CELL - HORIZON, -1)
        return next((instant(cell * CELL) for cell in cells if self._closes(cell)), None)

    def _closes(self, cell: int) -> bool:
        return self.open_cell(cell - 1) and not self.open_cell(cell)

    def opens_on(self, day: date) -> bool:
        noon = second(datetime(day.year, day.month, day.day, 12, tzinfo=UTC)) // CELL
        return any(
            self.open_cell(cell) and datetime.fromtimestamp(cell * CELL, self.zone).date() == day
            for cell in range(noon - 160, noon + 160)
        )


class Following(Twin):
    """The operations of a calendar that follows `parts`, each later one from its cut (on a quarter of an hour) on."""

    def __init__(self, cuts: list[datetime], *parts: Hours) -> None:
        super().__init__(*parts)
        self.zone, self.cuts = parts[-1].zone, [second(cut) for cut in cuts]

    def open_cell(self, cell: int) -> bool:
        turn = sum(cut <= cell * CELL for cut in self.cuts)
        return is_open(self.parts[turn], cell * CELL)


def second(t: datetime) -> int:
    return int(t.timestamp() // 1)


def instant(at: int) -> datetime:
    return datetime.fromtimestamp(at, UTC)
