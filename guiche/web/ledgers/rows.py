"""The rows of a ledger in words: when, what happened, who did it, on whose side, and how much counted."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guiche.core import formatting
from guiche.sla.ledger import HOLIDAY, OUTSIDE_HOURS, WORKING, Line, Recount, Statement
from guiche.sla.metrics import Reason
from guiche.web.deadlines import first_upper
from guiche.web.jinja import TONES
from guiche.web.ledgers import amounts
from guiche.web.ledgers.reader import Reader
from guiche.workflows.models import Status
from guiche.workflows.stages import Family, Stage

if TYPE_CHECKING:
    from guiche.sla.statements import Act

WAITING = frozenset({Reason.WAITING_ON_CUSTOMER, Reason.AWAITING_VALIDATION, Reason.ON_HOLD, Reason.CLOSED})


@dataclass(frozen=True, slots=True)
class Row:
    """One line; `family` (of a status) or `symbol` is its picture. Times are those of the ledger's zone."""

    line: Line
    start: datetime
    end: datetime
    when: str
    label: str
    about: str
    side: str
    tone: str = "neutral"
    family: str = ""
    symbol: str = "clock"
    recount: str = ""

    @property
    def counted(self) -> str:
        return amounts.amount(self.line.counted) if self.line.counts else ""

    @property
    def uncounted(self) -> str:
        return "" if self.line.counts else amounts.amount(self.line.uncounted)

    @property
    def running_sum(self) -> str:
        return amounts.amount(self.line.running_sum)


@dataclass(frozen=True, slots=True)
class DayOfRows:
    title: str
    rows: Sequence[Row]


@dataclass(frozen=True)
class Writer:
    """Writes the rows of one statement. `hours` are the weekly ones in words; `statuses` by their ids."""

    found: Statement
    reader: Reader
    zone: ZoneInfo
    acts: Mapping[datetime, Act]
    statuses: Mapping[int, Status]
    hours: str = ""
    has_contract: bool = False
    recounts: Mapping[datetime, Recount] = field(default_factory=dict)

    def days(self) -> list[DayOfRows]:
        return [
            DayOfRows(amounts.day_of_week(day.date), [self.row(line) for line in day.lines])
            for day in self.found.by_day(self.zone)
        ]

    def row(self, line: Line) -> Row:
        start, end = line.start.astimezone(self.zone), line.end.astimezone(self.zone)
        label, tone, family, symbol = self._picture(line)
        return Row(
            line=line,
            start=start,
            end=end,
            when=_("%(start)s to %(end)s") % {"start": amounts.time(start), "end": _end(line, start, end)},
            label=label,
            about=self._about(line),
            side=self.reader.side(line.side),
            tone=tone,
            family=family,
            symbol=symbol,
            recount=self._recount(line),
        )

    # What happened.

    def _picture(self, line: Line) -> tuple[str, str, str, str]:
        """Return what a line is called, with its tone, and the family of its status or else an icon."""
        if line.reason == HOLIDAY:
            return line.name, "neutral", "", "calendar"
        if line.reason == OUTSIDE_HOURS:
            label = _("Outside the hours of the contract") if self.has_contract else _("Outside service hours")
            return label, "neutral", "", "clock"
        if line.reason == Reason.ELSEWHERE:
            return _("With another team"), "neutral", "", "swap"
        if line.reason == WORKING and line is self.found.lines[0] and self._is_opening(line):
            return self._opening(line), TONES[Family.WORK], Family.WORK, ""
        return self._status(line)

    def _status(self, line: Line) -> tuple[str, str, str, str]:
        """While it counts, a stretch may go on through several statuses: the one that it is in as the line begins."""
        moved = self._last_move(line.start) if line.reason == WORKING else None
        if moved is not None and moved.details.get("family") in TONES:
            family = moved.details["family"]
            return self.reader.status_then(moved.details), TONES[Family(family)], family, ""
        status = self.statuses.get(line.status) if isinstance(line.status, int) else None
        if status is None:
            return first_upper(str(Reason(line.reason).label)), "neutral", "", "clock"
        return self.reader.status(status), TONES[Family(status.family)], status.family, ""

    def _last_move(self, at: datetime) -> Act | None:
        place = bisect_right(self._moves, at, key=lambda act: act.at)
        return self._moves[place - 1] if place else None

    @cached_property
    def _moves(self) -> list[Act]:
        return sorted((act for act in self.acts.values() if act.details.get("to")), key=lambda act: act.at)

    def _is_opening(self, line: Line) -> bool:
        act = self.acts.get(line.start)
        return act is not None and act.kind == "ticket.opened"

    def _opening(self, line: Line) -> str:
        """The first stretch goes on from the opening into the work, which the clock does not tell apart."""
        moves = (act for at, act in self.acts.items() if act.kind == "ticket.moved" and line.start <= at < line.end)
        is_worked_on = any(act.details.get("stage", Stage.IN_PROGRESS) != Stage.NEW for act in moves)
        return _("Ticket opened and in progress") if is_worked_on else _("Ticket opened")

    # Who did it.

    def _about(self, line: Line) -> str:
        if line.reason == HOLIDAY:
            return _("Holiday")
        if line.reason == OUTSIDE_HOURS:
            return self.hours
        if not self.reader.is_member:
            return ""
        begins, ends = self.acts.get(line.start), None if line.is_open_ended else self.acts.get(line.end)
        if line.reason in WAITING:
            said = [self._said(begins, line, with_time=False), self._said(ends, line), self._goes_on(line)]
            return sentence(said, "; ")
        if line is self.found.lines[0] and self._is_opening(line):
            return sentence([self._said(begins, line), self._said(ends, line)], ", ")
        return ""

    def _said(self, act: Act | None, line: Line, *, with_time: bool = True) -> str:
        """Return what somebody did: "Rafael respondeu às 10h31"; nothing for what no words tell."""
        pattern = _pattern(act, line) if act is not None else ""
        if act is None or not pattern:
            return ""
        text = pattern % {"who": self.reader.name(act)}
        return f"{text} {self._at(act.at, line)}" if with_time else text

    def _at(self, at: datetime, line: Line) -> str:
        local, start = at.astimezone(self.zone), line.start.astimezone(self.zone)
        if local.date() == start.date():
            return amounts.at(local)
        return _("on %(day)s, %(time)s") % {"day": amounts.short_day(local), "time": amounts.time(local)}

    def _goes_on(self, line: Line) -> str:
        """Return what lets a pause that lasts end."""
        if not line.is_open_ended:
            return ""
        if line.reason == Reason.WAITING_ON_CUSTOMER:
            return _("counts again when you answer") if self.reader.is_asker else _("counts again with the answer")
        if line.reason == Reason.AWAITING_VALIDATION:
            return _("counts again if you reject it") if self.reader.may_judge else _("counts again if it is rejected")
        return ""

    # What was counted again.

    def _recount(self, line: Line) -> str:
        """Return, on the first line of a stretch that was counted again, when and what it was before."""
        one = self.recounts.get(line.start) if line.is_recounted else None
        if one is None:
            return ""
        at = one.at.astimezone(self.zone)
        said = {"day": amounts.day(at), "amount": formatting.duration(one.before)}
        names = dict.fromkeys(
            other.name for other in self.found.lines if other.name and one.start <= other.start < one.end
        )
        if not names:
            return _("Counted again on %(day)s, before it was %(amount)s") % said
        return _("Counted again on %(day)s, before it was %(amount)s: %(names)s") % {**said, "names": ", ".join(names)}


def changed(found: Statement) -> list[Recount]:
    """Return what a correction of the past counted otherwise; most stretches it only names a newer version for."""
    return [one for one in found.recounts if one.before != one.after]


def writer(
    found: Statement,
    reader: Reader,
    zone: ZoneInfo,
    acts: Mapping[datetime, Act],
    statuses: Mapping[int, Status],
    *,
    hours: str = "",
    has_contract: bool = False,
) -> Writer:
    recounts = {one.start: one for one in changed(found)}
    return Writer(found, reader, zone, acts, statuses, hours, has_contract, recounts)


def statuses_in(statements: Iterable[Statement]) -> set[int]:
    """Return the ids of the statuses that lines of `statements` name."""
    return {line.status for found in statements for line in found.lines if isinstance(line.status, int)}


def sentence(parts: Sequence[str], joint: str) -> str:
    """Return `parts` as one sentence: the first word in upper case, the others as inside of a sentence."""
    said = [part for part in parts if part]
    return joint.join([*(first_upper(part) for part in said[:1]), *(_inside(part) for part in said[1:])])


def _inside(text: str) -> str:
    """A name keeps its capital; what stands for a person does not."""
    for word in (_("You"), _("The customer")):
        if text.startswith(f"{word} "):
            return word[:1].lower() + text[1:]
    return text


def _end(line: Line, start: datetime, end: datetime) -> str:
    if line.is_open_ended:
        return _("now")
    days = (end.date() - start.date()).days
    is_overnight = line.reason == OUTSIDE_HOURS and days == 1
    if not days or is_overnight or (days == 1 and end.time() == datetime.min.time()):
        return amounts.time(end) if end.time() != datetime.min.time() or days != 1 else _("midnight")
    return _("%(day)s, %(time)s") % {"day": amounts.short_day(end), "time": amounts.time(end)}


def _pattern(act: Act, line: Line) -> str:
    """Return the words of what was done, with a place for who; blank where a ledger has none."""
    if act.kind == "ticket.done" and act.is_system:
        return str(_CLOSED_ITSELF)
    is_answer = act.kind == "ticket.moved" and not act.is_staff
    is_answer |= act.kind == "ticket.information_asked" and line.reason == WORKING
    return str(_PATTERNS["ticket.commented"] if is_answer else _PATTERNS.get(act.kind, ""))


_CLOSED_ITSELF = gettext_lazy("the ticket closed by itself")
_PATTERNS = {
    "ticket.opened": gettext_lazy("%(who)s opened it"),
    "ticket.commented": gettext_lazy("%(who)s answered"),
    "ticket.diagnosed": gettext_lazy("%(who)s recorded the diagnosis"),
    "ticket.information_asked": gettext_lazy("%(who)s asked for information"),
    "ticket.solution_offered": gettext_lazy("%(who)s delivered the solution"),
    "ticket.solution_rejected": gettext_lazy("%(who)s rejected the solution"),
    "ticket.done": gettext_lazy("%(who)s closed the ticket"),
    "ticket.cancelled": gettext_lazy("%(who)s cancelled the ticket"),
    "ticket.reopened": gettext_lazy("%(who)s reopened the ticket"),
}
