"""Versions as business time: what counts under one of them, and under all of a calendar's as they follow each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from guiche.calendars import holidays, worktime
from guiche.calendars import plan as plans
from guiche.calendars.plan import Holiday, Plan

if TYPE_CHECKING:
    from guiche.calendars.models import CalendarVersion


def version_calendar(version: CalendarVersion) -> worktime.Calendar:
    """Return what counts under `version`. Compiled once per process, unless it is a draft."""
    return compiled(version) if version.is_draft else _published(_Key.of(version))


def stitched(versions: Iterable[CalendarVersion]) -> worktime.Calendar:
    """Return what counts under a calendar's published versions, each from its beginning on; see `in_turn`.

    Before the first of them that one counts too. Compiled once per process, unless a draft is supposed among them.
    Raises ValueError without a version.
    """
    rows = sorted(versions, key=lambda one: one.number)
    if any(one.is_draft for one in rows):
        return _following(rows)
    return _stitched(tuple(_Key.of(one) for one in rows))


def in_turn(versions: Iterable[CalendarVersion]) -> list[tuple[datetime, CalendarVersion]]:
    """Return from when each published version counts, in the order of time.

    A later number replaces all from its beginning on: what was replaced whole is left out.
    """
    found: list[tuple[datetime, CalendarVersion]] = []
    for version in sorted(versions, key=lambda one: one.number):
        since = version.effective_from
        assert since is not None  # of a published one; a constraint holds it
        found = [*(one for one in found if one[0] < since), (since, version)]
    return found


def in_force(versions: Iterable[CalendarVersion], at: datetime) -> CalendarVersion:
    """Return the published version that counts at `at`; before the first, that one. Raises ValueError without any."""
    turns = in_turn(versions)
    if not turns:
        raise ValueError("no published version")
    return next((version for since, version in reversed(turns) if since <= at), turns[0][1])


def compiled(version: CalendarVersion) -> worktime.Calendar:
    """Return what counts under `version`, compiled anew."""
    return worktime.compiled(plans.hours(plan_of(version), _Kept(version)))


def plan_of(version: CalendarVersion) -> Plan:
    return plans.load(version.plan)


def holidays_of(version: CalendarVersion, year: int) -> tuple[Holiday, ...]:
    """Return the holidays that count in `year` under `version`: as they were published, later years as known now."""
    return _Kept(version)(year)


class _Kept:
    """The holidays of a version, by year."""

    def __init__(self, version: CalendarVersion) -> None:
        self.plan, self.frozen = plan_of(version), plans.load_holidays(version.holidays)

    def __call__(self, year: int) -> tuple[Holiday, ...]:
        kept = self.frozen.get(year)
        return holidays.of(self.plan, year) if kept is None else kept


def _following(versions: Sequence[CalendarVersion]) -> worktime.Calendar:
    turns = in_turn(versions)
    if not turns:
        raise ValueError("no published version")
    if len(turns) == 1:
        return version_calendar(turns[0][1])
    return worktime.stitched([(since, version_calendar(version)) for since, version in turns])


# What was published never changes. But a publication may be undone with its transaction, after somebody reckoned with
# it: the draft that is left has the same id and may say something else when it is published again.


@dataclass(frozen=True, slots=True)
class _Key:
    id: int
    saved_at: datetime
    effective_from: datetime | None
    version: CalendarVersion = field(compare=False)

    @classmethod
    def of(cls, version: CalendarVersion) -> _Key:
        return cls(version.pk, version.saved_at, version.effective_from, version)


@lru_cache(maxsize=512)
def _published(key: _Key) -> worktime.Calendar:
    return compiled(key.version)


@lru_cache(maxsize=512)
def _stitched(keys: tuple[_Key, ...]) -> worktime.Calendar:
    return _following([key.version for key in keys])
