"""What the page of a ledger shows: which deadline, its figures, its picture, its rows and its rules."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any, NamedTuple

from django.db.models import F
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from markupsafe import Markup

from guiche.calendars import words
from guiche.core import formatting, written
from guiche.core.sql import AmongIds, ids_text
from guiche.sla import ledger, promise_words, reading, rules, statements, strip
from guiche.sla.actions import keeping
from guiche.sla.clockwork import floored
from guiche.sla.ledger import HOLIDAY, OUTSIDE_HOURS, Statement
from guiche.sla.metrics import Metric, Motion, Reason
from guiche.sla.models import Clock
from guiche.sla.rules import Rules
from guiche.sla.states import State
from guiche.sla.strip import Strip
from guiche.tickets.models import Outcome, Ticket
from guiche.web import deadlines
from guiche.web.ledgers import amounts, rows, terms
from guiche.web.ledgers.reader import Reader
from guiche.web.ledgers.rows import DayOfRows
from guiche.web.ledgers.silence import Silence, silence_of
from guiche.workflows.models import Status

SILENCE = "fechamento"
WORDS = {Metric.FIRST_RESPONSE: "resposta", Metric.DIAGNOSIS: "diagnostico", Metric.SOLUTION: "solucao"}
_ORDER: list[str] = [*WORDS, Metric.TEAM]
MOST_DRAWN = 80  # lines: more of them are no picture any more


class Tab(NamedTuple):
    key: str
    label: str


class Figure(NamedTuple):
    label: str
    value: Markup
    text: str


@dataclass(frozen=True)
class Account:
    """One deadline. `days` and `picture` are empty for who may not read them."""

    clock: Clock
    found: Statement
    state: State | None
    figures: Sequence[Figure]
    days: Sequence[DayOfRows]
    picture: Strip | None
    facts: Sequence[tuple[str, str]]
    code: str
    zone: tzinfo

    @property
    def is_withdrawn(self) -> bool:
        return not self.clock.target_seconds


@dataclass(frozen=True)
class Page:
    """`account` is None on the tab of silence, and where nothing is promised."""

    reader: Reader
    now: datetime
    tabs: Sequence[Tab]
    chosen: str
    account: Account | None = None
    silence: Silence | None = None
    notes: Sequence[tuple[str, str]] = field(default=())  # tone, sentence

    @property
    def ticket(self) -> Ticket:
        return self.reader.ticket


def page_of(reader: Reader, wanted: str, now: datetime) -> Page:
    """Return the page of the deadline `wanted`, blank for the first that matters. Raises Http404 for another word."""
    now, known = floored(now), rules.current()
    ticket = reader.ticket
    clocks = sorted(_clocks(ticket, for_staff=reader.for_staff), key=lambda one: (_ORDER.index(one.metric), one.pk))
    by_key = {key_of(one): one for one in clocks}
    tabs = [Tab(key, label_of(one)) for key, one in by_key.items()]
    if ticket.is_open or ticket.outcome == Outcome.CLOSED_BY_SILENCE:
        tabs.append(Tab(SILENCE, _("Closing by itself")))
    chosen = wanted or _first(by_key)
    if chosen and chosen not in {tab.key for tab in tabs}:
        raise Http404
    silence = silence_of(ticket, keeping.calendar_for(ticket, [one for one in clocks if one.target_seconds], known))
    clock = by_key.get(chosen)
    account = account_of(clock, reader, known, now) if clock is not None else None
    return Page(reader, now, tabs, chosen, account, silence)


def key_of(clock: Clock) -> str:
    """Return how an address names a clock: "solucao", "equipe-3"."""
    return WORDS.get(Metric(clock.metric)) or f"equipe-{clock.team_id}"


def label_of(clock: Any) -> str:  # Any: a clock with the name of its team
    if clock.metric == Metric.TEAM:
        return _("Team %(name)s") % {"name": clock.team_name}
    return str(Metric(clock.metric).label)


def _first(by_key: dict[str, Clock]) -> str:
    """The solution matters most, once it is promised."""
    promised = [key for key, one in by_key.items() if one.target_seconds]
    return next((key for key in (WORDS[Metric.SOLUTION], *promised) if key in promised), next(iter(by_key), ""))


def _clocks(ticket: Ticket, *, for_staff: bool) -> list[Clock]:
    return written.rows(_clocks_of, ticket.pk, for_staff=for_staff)


def _clocks_of(ticket_id: int, *, for_staff: bool) -> Any:  # Any: clocks with the name of their team
    found = Clock.objects.filter(ticket=ticket_id).annotate(team_name=F("team__name")).order_by("pk")
    return found if for_staff else found.for_customers()


def account_of(clock: Clock, reader: Reader, known: Rules, now: datetime) -> Account:
    """Return what is behind `clock` for `reader`, as it stands at `now`. Four queries."""
    found, agreements = statements.behind(clock, known, now)
    zone = known.calendar(clock.calendar_id, clock.city_calendar_id).zone
    at = found.end.astimezone(zone)
    is_drawn = reader.is_member and len(found.lines) <= MOST_DRAWN
    return Account(
        clock=clock,
        found=found,
        state=_state(clock, reader, now),
        figures=figures(clock, found, reader),
        days=_days(clock, found, reader, known, at) if reader.is_member else (),
        picture=strip.drawn(found, zone) if is_drawn else None,
        facts=terms.facts(clock, agreements, known, reader, at),
        code=ledger.check_code(reader.ticket.number, key_of(clock), found),
        zone=zone,
    )


def _days(clock: Clock, found: Statement, reader: Reader, known: Rules, at: datetime) -> list[DayOfRows]:
    acts = statements.acts_of(reader.ticket, reader.user)
    statuses = _statuses(rows.statuses_in([found]))
    zone = known.calendar(clock.calendar_id, clock.city_calendar_id).zone
    hours, has_contract = terms.weekly(clock, known, at), reader.ticket.contract_id is not None
    return rows.writer(found, reader, zone, acts, statuses, hours=hours, has_contract=has_contract).days()


def _statuses(ids: Iterable[int]) -> dict[int, Status]:
    found = written.rows(_statuses_of, ids_text(sorted(ids))) if ids else []
    return {status.pk: status for status in found}


def _statuses_of(ids: str) -> Any:  # Any: `written` wants ids, the query set's type wants a row
    return Status.objects.filter(AmongIds("id", ids))


def _state(clock: Any, reader: Reader, now: datetime) -> State | None:  # Any: a clock with the name of its team
    """Return how the clock stands, as chips tell it; None for a promise that was withdrawn."""
    ticket = reader.ticket
    states = reading.states_of([ticket], now, for_staff=reader.for_staff).get(ticket.pk, reading.NO_CLOCKS)
    same = (one for one in states.all if (one.metric, one.team) == (clock.metric, clock.team_name or ""))
    return next(same, None)


# Figures.


def figures(clock: Clock, found: Statement, reader: Reader) -> list[Figure]:
    has_ended = clock.motion == Motion.STOPPED
    counted = ngettext("in %(n)s interval", "in %(n)s intervals", found.counted_lines) % {"n": found.counted_lines}
    both = _("%(one)s + %(other)s") % {"one": amounts.amount(found.counted), "other": amounts.amount(found.uncounted)}
    shown = [
        Figure(_("Counted"), amounts.figure(found.counted), counted),
        Figure(_("Not counted"), amounts.figure(found.uncounted), _uncounted(found, reader)),
        Figure(
            _("From the opening to the end") if has_ended else _("Since the opening"), amounts.figure(found.total), both
        ),
    ]
    return [*shown, _remaining(found, reader, has_ended=has_ended)] if clock.target_seconds else shown


def _remaining(found: Statement, reader: Reader, *, has_ended: bool) -> Figure:
    promised = promise_words.business(found.target)
    has_contract = reader.ticket.contract_id is not None and reader.is_member
    of = _("of the %(time)s of the contract") if has_contract else _("of the %(time)s")
    if found.over:
        return Figure(_("Over"), amounts.figure(found.over), _("more than the %(time)s") % {"time": promised})
    return Figure(_("Were left") if has_ended else _("Left"), amounts.figure(found.remaining), of % {"time": promised})


def _uncounted(found: Statement, reader: Reader) -> str:
    """Return what did not count by why: "3h 56min com você, 14h fora do horário"."""
    sums: dict[str, int] = {}
    for line in found.lines:
        if line.uncounted:
            kind = "customer" if line.side == "customer" else line.reason
            sums[kind] = sums.get(kind, 0) + line.uncounted
    return ", ".join(f"{_exact(seconds)} {_why(kind, reader)}" for kind, seconds in sums.items())


def _exact(seconds: int) -> str:
    return amounts.amount(seconds) if seconds % amounts.MINUTE else formatting.duration(seconds)


def _why(kind: str, reader: Reader) -> str:
    if kind == "customer":
        return _("with you") if reader.is_asker else _("with the customer")
    return {
        OUTSIDE_HOURS: _("outside hours"),
        HOLIDAY: _("on holidays"),
        Reason.ELSEWHERE: _("with another team"),
        Reason.ON_HOLD: _("on hold"),
        Reason.CLOSED: _("closed"),
    }.get(kind, "")


# Words of the whole.


def headline(page: Page, *, on_paper: bool) -> tuple[str, str]:
    """Return how the deadline stands, and what lets it go on where it is paused. Paper names whole dates."""
    account, reader = page.account, page.reader
    if account is None or account.state is None:
        return "", ""
    said = deadlines.sentence(account.state, None if on_paper else page.now, for_staff=reader.for_staff) + "."
    if account.clock.motion != Motion.PAUSED:
        return said, ""
    return said, deadlines.restarts(account.state, for_staff=reader.for_staff, may_judge=reader.may_judge)


def issued(page: Page, zone: tzinfo) -> str:
    """Return when the account was made: "13 de novembro de 2025, 10h42, horário de Brasília"."""
    local = page.now.astimezone(zone)
    return f"{amounts.moment(local)}, {words.zone(str(zone))}"


def until(page: Page, account: Account) -> str:
    """Return what the picture goes up to: "Da abertura até agora, 10h42"."""
    local = account.found.end.astimezone(account.zone)
    if account.clock.motion == Motion.STOPPED:
        return _("From the opening until the end, %(moment)s") % {"moment": amounts.moment(local)}
    return _("From the opening until now, %(time)s") % {"time": amounts.time(local)}


def other_zone(account: Account) -> str:
    """Return the zone of the ledger where its clocks show another time than the reader's."""
    end = account.found.end
    same = end.astimezone(account.zone).utcoffset() == timezone.localtime(end).utcoffset()
    return "" if same else words.zone(str(account.zone))


def described(account: Account) -> str:
    """Return the picture in a sentence, for who does not see it."""
    return ". ".join(f"{one.label}: {one.value.striptags()}, {one.text}" for one in account.figures)
