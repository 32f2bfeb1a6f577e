"""The calendar that every installation begins with, the administrators' to change.

A migration loads it once. Its holidays are written out here, so that an installation is the same whenever it is made.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from guiche.calendars import plan as plans
from guiche.calendars.hours import Window
from guiche.calendars.plan import Holiday, Level, Plan

NAME = "Padrão"
SINCE = datetime(2000, 1, 1, tzinfo=UTC)
FIRST_YEAR, LAST_YEAR = 1999, 2046
_OFFICE = (Window(8 * 3600, 18 * 3600),)
PLAN = Plan("America/Sao_Paulo", (_OFFICE,) * 5 + ((),) * 2)

_EVERY_YEAR = [
    (1, 1, "Confraternização Universal"),
    (4, 21, "Tiradentes"),
    (5, 1, "Dia Mundial do Trabalho"),
    (9, 7, "Independência do Brasil"),
    (10, 12, "Nossa Senhora Aparecida"),
    (11, 2, "Finados"),
    (11, 15, "Proclamação da República"),
    (12, 25, "Natal"),
]
_ZUMBI = "Dia Nacional de Zumbi e da Consciência Negra"  # Lei 14.759/2023
_ZUMBI_SINCE = 2024
_GOOD_FRIDAY = "Paixão de Cristo"
_GOOD_FRIDAYS = (  # from FIRST_YEAR on: month and day
    "0402 0421 0413 0329 0418 0409 0325 0414 0406 0321 0410 0402 0422 0406 0329 0418 0403 0325 0414 0330 0419 0410 "
    "0402 0415 0407 0329 0418 0403 0326 0414 0330 0419 0411 0326 0415 0407 0323 0411 0403 0423 0408 0330 0419 0404 "
    "0327 0415 0407 0323"
)


def holidays() -> dict[int, tuple[Holiday, ...]]:
    """Return the national holidays of the years that are written out."""
    fridays = zip(range(FIRST_YEAR, LAST_YEAR + 1), _GOOD_FRIDAYS.split(), strict=True)
    return {year: tuple(_of(year, int(on[:2]), int(on[2:]))) for year, on in fridays}


def _of(year: int, month: int, day: int) -> list[Holiday]:
    days = [*_EVERY_YEAR, (month, day, _GOOD_FRIDAY)]
    days += [(11, 20, _ZUMBI)] if year >= _ZUMBI_SINCE else []
    return [Holiday(date(year, *on), name, Level.NATIONAL, name) for *on, name in sorted(days)]


def load(apps: Any) -> None:
    """Make the shipped calendar where there is none at all. Any: the registry of a migration, or Django's own."""
    calendars = apps.get_model("calendars", "Calendar")
    if calendars.objects.exists():
        return
    calendar = calendars.objects.create(name=NAME, is_default=True, created_at=SINCE)
    apps.get_model("calendars", "CalendarVersion").objects.create(
        calendar=calendar,
        number=1,
        plan=plans.dump(PLAN),
        holidays=plans.dump_holidays(holidays()),
        effective_from=SINCE,
        saved_at=SINCE,
        published_at=SINCE,
    )
