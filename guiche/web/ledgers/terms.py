"""The rules behind a ledger in words: which agreement, which target, which calendar."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from guiche.calendars import compiling, words
from guiche.calendars.models import CalendarVersion
from guiche.calendars.plan import Plan
from guiche.sla import promise_words, shipped
from guiche.sla.metrics import Metric
from guiche.sla.rules import Rules
from guiche.web.ledgers import amounts
from guiche.web.ledgers.reader import Reader

if TYPE_CHECKING:
    from guiche.sla.models import Clock


def facts(clock: Clock, agreements: Sequence[int], known: Rules, reader: Reader, at: datetime) -> list[tuple[str, str]]:
    """Return the pairs of *Rules used in this account*. What was agreed on is not for who is from outside."""
    pairs: list[tuple[str, str]] = []
    if reader.is_member:
        pairs += [
            (_("Agreement"), ". ".join(_agreements(agreements, known, at))),
            (_("Target"), _target(clock, reader)),
        ]
    pairs.append((_("Calendar"), calendar_words(clock, known, at)))
    return [(label, value) for label, value in pairs if value]


def _agreements(agreements: Sequence[int], known: Rules, at: datetime) -> Iterator[str]:
    """Yield the present agreement, then those before it, newest first."""
    for place, pk in enumerate(reversed(agreements)):
        version = known.by_version.get(pk)
        if version is None:
            continue
        said = _("%(name)s, version %(n)s") % {"name": version.policy_name, "n": version.number}
        if version.effective_from > shipped.SINCE:  # which is from ever
            day = amounts.day(version.effective_from.astimezone(at.tzinfo))
            said = _("%(agreement)s, in force since %(day)s") % {"agreement": said, "day": day}
        yield _("Before it: %(agreement)s") % {"agreement": said} if place else said


def _target(clock: Clock, reader: Reader) -> str:
    """Return "PACS, indisponibilidade parcial: solução em 12 h úteis"."""
    ticket = reader.ticket
    if not clock.target_seconds:
        return ""
    about = [ticket.product.name if ticket.product else "", ticket.severity.name if ticket.severity else ""]
    promised = {"goal": str(Metric(clock.metric).label), "time": promise_words.business(clock.target_seconds)}
    goal = _("%(goal)s in %(time)s") % promised
    if not any(about):
        return goal
    return ", ".join(part for part in about if part) + ": " + goal[:1].lower() + goal[1:]


def weekly(clock: Clock, known: Rules, at: datetime) -> str:
    """Return the weekly hours of the calendar of `clock`: "Segunda a sexta, 8h às 18h"."""
    return words.weekly(_plan(clock.calendar_id, known, at).weekly)


def calendar_words(clock: Clock, known: Rules, at: datetime) -> str:
    """Return "Padrão com São José dos Campos (SP): segunda a sexta, 8h às 18h, feriados nacionais e estaduais"."""
    ids = [one for one in (clock.calendar_id, clock.city_calendar_id) if one is not None]
    names = [compiling.in_force(known.calendar_versions[one], at).calendar.name for one in ids]
    name = _("%(calendar)s with %(city)s") % {"calendar": names[0], "city": names[1]} if len(ids) > 1 else names[0]
    hours = weekly(clock, known, at)
    parts = [hours[:1].lower() + hours[1:], *_holidays([_plan(one, known, at) for one in ids])]
    return f"{name}: " + ", ".join(parts)


def _holidays(plans: Sequence[Plan]) -> Iterator[str]:
    """Yield whose holidays close it."""
    levels = [
        _("national holidays") if any(plan.country for plan in plans) else "",
        _("state holidays") if any(plan.state for plan in plans) else "",
        _("city holidays") if any(plan.city for plan in plans) else "",
        _("own days") if any(plan.own or plan.optional or plan.worked for plan in plans) else "",
    ]
    yield from (level for level in levels if level)


def _plan(calendar: int, known: Rules, at: datetime) -> Plan:
    return compiling.plan_of(_version(calendar, known, at))


def _version(calendar: int, known: Rules, at: datetime) -> CalendarVersion:
    return compiling.in_force(known.calendar_versions[calendar], at)
