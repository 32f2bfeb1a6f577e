"""The timeline of a ticket as pages show it: messages and lines, worded for who reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from markupsafe import Markup, escape

from guiche.accounts.anybody import anybody
from guiche.accounts.models import User
from guiche.core import formatting, written
from guiche.notifications.messages import deadlines
from guiche.organizations.models import Membership
from guiche.tickets.actions import conversation
from guiche.tickets.models import Activity, Attachment, Comment, CommentKind, Outcome, Ticket
from guiche.workflows.stages import Family

FOLD_OVER, KEEP_FIRST, KEEP_LAST = 12, 3, 9
DEADLINES = {"ticket.deadline_warned", "ticket.deadline_breached"}
SHARING = {"ticket.participant_added", "ticket.participant_removed"}

FIELD_WORDS = {
    "title": gettext_lazy("Title"),
    "severity": gettext_lazy("Severity (customer)"),
    "product": gettext_lazy("Product"),
    "module": gettext_lazy("Module"),
    "service": gettext_lazy("Service"),
    "failure": gettext_lazy("What failed"),
    "contract": gettext_lazy("Contract"),
    "request_type": gettext_lazy("Type"),
    "organization": gettext_lazy("Organisation"),
    "requester": gettext_lazy("Requester"),
}


@dataclass(frozen=True)
class File:
    """An attachment as a row of links shows it."""

    name: str
    size: int
    href: str
    is_picture: bool
    thumbnail: str = ""


@dataclass(frozen=True)
class Entry:
    """A message (it has `text`) or a line (it has `sentence`)."""

    id: int
    at: datetime
    person: User
    name: str  # how the person is called here
    role: str = ""
    text: str | None = None  # light Markdown
    files: tuple[File, ...] = ()
    is_note: bool = False
    kind: str = ""
    comment: Comment | None = None
    sentence: Markup = field(default_factory=Markup)
    family: str = ""
    symbol: str = "info"

    is_correctable: bool = False  # by the reader, still
    company: str = ""  # of a customer, when it was another than the ticket's is now

    @property
    def is_message(self) -> bool:
        return self.text is not None


def entries(ticket: Ticket, reader: User, *, is_member: bool | None = None) -> list[Entry]:
    """Return what `reader` may see of the timeline, oldest first. Two queries, whatever the length.

    `is_member`: whether the reader belongs to the ticket's organisation; None asks, in a third query.
    """
    who = () if reader.works_here else (reader.pk,)  # staff see every line of a ticket that they see
    lines = written.rows(_lines, ticket.pk, *who, roles=tuple(reader.roles))
    if any(line.kind in SHARING for line in lines) and not may_read_people(ticket, reader, is_member=is_member):
        lines = [line for line in lines if line.kind not in SHARING or line.actor_id == reader.pk]
    files = _files_by_comment(ticket, lines)
    strangers = _strangers(ticket, lines, reader)
    if strangers:  # who was added there is nobody's to read here
        lines = [line for line in lines if line.kind not in SHARING | {"ticket.contact_changed"}]
    for line in lines:
        if line.actor_id in strangers:
            line.actor = User(pk=0, name=_("Somebody else"))
    lines, left = _in_place(lines), _left_companies(lines)
    shown: list[Entry] = []
    for line in lines:
        company = next((name for moved, name in left if line.pk < moved), "")
        shown.extend(replace(one, company=company) for one in _entries_of(line, ticket, reader, files))
    return shown


def _in_place(lines: Iterable[Activity]) -> list[Activity]:
    """Put what deadlines reached where it belongs: it is recorded at its own instant, perhaps after later lines."""
    placed: list[Activity] = []
    for line in lines:
        place = len(placed)
        while line.kind in DEADLINES and place and placed[place - 1].at > line.at:
            place -= 1
        placed.insert(place, line)
    return placed


def _left_companies(lines: Iterable[Activity]) -> list[tuple[int, str]]:
    """Return the lines that moved the ticket to another organisation, oldest first, and whose it was until then."""
    return [
        (line.pk, str(change["from"]))
        for line in lines
        if line.kind == "ticket.fields_changed"
        for change in line.details.get("changes", ())
        if change["field"] == "organization"
    ]


def _strangers(ticket: Ticket, lines: Iterable[Activity], reader: User) -> set[int]:
    """Return who on the timeline is of other organisations alone: the ticket was moved from theirs.

    To staff nobody is a stranger. One query, when more customers than who asked are on it.
    """
    if reader.works_here:
        return set()
    known = {ticket.requester_id, ticket.opened_by_id, reader.pk}
    others = {one.actor_id: one.actor.merged_into_id or one.actor_id for one in lines if not one.actor.works_here}
    asked = set(others.values()) - known
    places = Membership.objects.filter(user__in=asked).values_list("user", "organization") if asked else ()
    at_home = known | {user for user, place in places if place == ticket.organization_id}
    placed = {user for user, _place in places}
    return {person for person, now in others.items() if now in placed - at_home}


def may_read_people(ticket: Ticket, reader: User, *, is_member: bool | None = None) -> bool:
    """Whether `reader` may read who follows `ticket` and how to reach its contact: staff and its own organisation."""
    if reader.works_here or is_member is not None:
        return reader.works_here or bool(is_member)
    return Membership.objects.active().filter(user=reader, organization=ticket.organization_id).exists()


def _lines(ticket_id: int, reader_id: int = 0, *, roles: tuple[str, ...]) -> QuerySet[Activity]:
    seen = Activity.objects.filter(ticket=ticket_id).visible_to(anybody(reader_id, roles))
    return seen.exclude(kind="ticket.comment_edited").select_related("actor", "comment").order_by("id")


def last_said(shown: list[Entry], reader: User) -> str:
    """Return the once_key of the newest comment of `reader`, "" without one: what a browser kept of it was sent."""
    keys = [
        one.comment.once_key for one in shown if one.comment and one.person.pk == reader.pk and one.comment.once_key
    ]
    return str(keys[-1]) if keys else ""


def opener(ticket: Ticket, shown: list[Entry]) -> User:
    """Return who opened `ticket` in truth, also after it was moved to another organisation, where nobody did."""
    said = [one.person for one in shown[:1] if one.kind == "opening" and one.person.merged_into_id is None]
    return said[0] if said else ticket.opened_by


def folded(shown: list[Entry]) -> tuple[list[Entry], list[Entry], list[Entry]]:
    """Return `shown` as its beginning, its folded middle and its end; nothing is folded in a short one."""
    if len(shown) <= FOLD_OVER:
        return shown, [], []
    return shown[:KEEP_FIRST], shown[KEEP_FIRST:-KEEP_LAST], shown[-KEEP_LAST:]


def _files_by_comment(ticket: Ticket, lines: Iterable[Activity]) -> dict[int | None, tuple[File, ...]]:
    found: dict[int | None, list[File]] = {}
    for row in written.rows(_attachments, ticket.pk):
        href = reverse("profile:attachment", args=[row.pk])
        thumbnail = reverse("profile:thumbnail", args=[row.pk]) if row.file.has_thumbnail else ""
        found.setdefault(row.comment_id, []).append(
            File(row.file.name, row.file.size, href, row.file.is_picture, thumbnail)
        )
    return {comment: tuple(files) for comment, files in found.items()}


def _attachments(ticket_id: int) -> QuerySet[Attachment]:
    return Attachment.objects.filter(ticket=ticket_id).select_related("file").order_by("position", "id")


def _entries_of(
    line: Activity, ticket: Ticket, reader: User, files: dict[int | None, tuple[File, ...]]
) -> Iterable[Entry]:
    who = _("You") if line.actor_id == reader.pk else line.actor.name
    if line.kind == "ticket.opened":
        role = _("opened the ticket")
        yield Entry(line.pk, line.at, line.actor, who, role, ticket.description, files.get(None, ()), kind="opening")
        return
    comment = line.comment if line.kind != "ticket.comment_redacted" else None
    if comment is not None:
        yield Entry(
            line.pk,
            line.at,
            line.actor,
            who,
            _role(comment, line.actor, reader),
            comment.body,
            files.get(comment.pk, ()) if comment.redacted_at is None else (),
            is_note=comment.kind == CommentKind.NOTE,
            kind=comment.kind,
            comment=comment,
            is_correctable=line.actor_id == reader.pk and conversation.is_correctable(comment, timezone.now()),
        )
    word = WORDS.get(line.kind)
    if word is not None:
        sentence = word(line, Markup("<b>{}</b>").format(who), reader)
        family = line.details.get("family", "")
        yield Entry(
            line.pk, line.at, line.actor, who, sentence=sentence, family=family, symbol=SYMBOLS.get(line.kind, "info")
        )


def _role(comment: Comment, author: User, reader: User) -> str:
    if comment.kind == CommentKind.SOLUTION:
        return _("solution")
    if comment.kind == CommentKind.REJECTION:
        return _("why it was rejected")
    if comment.kind == CommentKind.REASON:
        return _("reason")
    if comment.kind == CommentKind.DIAGNOSIS:
        return _("recorded the diagnosis")
    if author.works_here and reader.works_here:
        return _("public reply")
    return ""


def _say(sentence: str, **values: Any) -> Markup:
    """Return a translated sentence with its values in it; what is not markup already is escaped and in bold."""
    safe = {
        name: value if isinstance(value, Markup) else Markup("<b>{}</b>").format(value)
        for name, value in values.items()
    }
    return Markup(escape(sentence)) % safe  # noqa: S704  # the sentence is ours and escaped, its values too


def _moved(line: Activity, who: Markup, reader: User) -> Markup:
    details = line.details
    status = details.get("to" if reader.works_here else "to_customer") or details.get("to", "")
    if details.get("family") == Family.WORK and not line.actor.works_here:
        return _say(_("The answer brought the ticket back to work."))
    if details.get("family") == Family.WORK and line.kind == "ticket.moved" and line.actor.works_here:
        return _say(_("%(who)s is working on it. Status: %(status)s."), who=who, status=status)
    return _say(_("%(who)s changed the status to %(status)s."), who=who, status=status)


def _offered(line: Activity, who: Markup, reader: User) -> Markup:
    return _say(_("%(who)s delivered a solution and waits for the validation."), who=who)


def _asked(line: Activity, who: Markup, reader: User) -> Markup:
    return _say(_("%(who)s asked for information. The ticket waits for the customer."), who=who)


def _rejected(line: Activity, who: Markup, reader: User) -> Markup:
    return _say(_("%(who)s rejected the solution. The ticket is back to work."), who=who)


def _done(line: Activity, who: Markup, reader: User) -> Markup:
    outcome = line.details.get("outcome")
    if outcome == Outcome.CLOSED_BY_SILENCE:
        return _say(_("The ticket closed by itself: nobody answered in time."))
    if outcome == Outcome.APPROVED:
        return _say(_("%(who)s approved the solution. The ticket is closed."), who=who)
    return _say(_("%(who)s concluded the ticket."), who=who)


def _cancelled(line: Activity, who: Markup, reader: User) -> Markup:
    return _say(_("%(who)s cancelled the ticket."), who=who)


def _reopened(line: Activity, who: Markup, reader: User) -> Markup:
    return _say(_("%(who)s reopened the ticket."), who=who)


def _closing_soon(line: Activity, who: Markup, reader: User) -> Markup:
    day = parse_datetime(line.details.get("closes_at", ""))
    return _say(_("Without an answer, the ticket closes by itself on %(day)s."), day=formatting.long_day(day))


def _still_needed(line: Activity, who: Markup, reader: User) -> Markup:
    return _say(_("%(who)s still needs the ticket. The days until it closes by itself are counted again."), who=who)


def _assigned(line: Activity, who: Markup, reader: User) -> Markup:
    details = line.details
    if not details.get("assignee"):
        return _say(_("%(who)s left the ticket to the team."), who=who)
    if details.get("assignee_id") == line.actor_id:
        return _say(_("%(who)s took the ticket."), who=who)
    name = _("you") if details.get("assignee_id") == reader.pk else details["assignee"]
    return _say(_("%(who)s made %(name)s responsible."), who=who, name=name)


def _team(line: Activity, who: Markup, reader: User) -> Markup:
    details = line.details
    return _say(
        _("%(who)s handed the ticket from %(old)s to %(new)s: %(reason)s"),
        who=who,
        old=details.get("from", ""),
        new=details.get("to", ""),
        reason=escape(details.get("reason", "")),
    )


def _fields(line: Activity, who: Markup, reader: User) -> Markup:
    changes = Markup("; ").join(
        _say(
            _("%(field)s from %(old)s to %(new)s"),
            field=escape(FIELD_WORDS.get(change["field"], change["field"])),
            old=change["from"] or "—",
            new=change["to"] or "—",
        )
        for change in line.details.get("changes", ())
    )
    reason = escape(line.details.get("reason", "").rstrip("."))
    return _say(_("%(who)s changed %(changes)s. Reason: %(reason)s."), who=who, changes=changes, reason=reason)


def _contact(line: Activity, who: Markup, reader: User) -> Markup:
    return _say(_("%(who)s changed the contact to %(name)s."), who=who, name=line.details.get("name", ""))


def _joined(line: Activity, who: Markup, reader: User) -> Markup:
    name = line.details.get("name") or line.details.get("address", "")
    return _say(_("%(who)s added %(name)s."), who=who, name=name)


def _left(line: Activity, who: Markup, reader: User) -> Markup:
    return _say(_("%(who)s removed %(name)s."), who=who, name=line.details.get("name", ""))


def _redacted(line: Activity, who: Markup, reader: User) -> Markup:
    return _say(_("%(who)s redacted a comment: %(reason)s"), who=who, reason=escape(line.details.get("reason", "")))


def _follow_up(line: Activity, who: Markup, reader: User) -> Markup:
    number = str(line.details.get("number", ""))
    return _say(_("%(who)s opened the related ticket %(number)s."), who=who, number=number)


def _deadline_warned(line: Activity, who: Markup, reader: User) -> Markup:
    return _say(f"{deadlines.warned(line)}.", **deadlines.given(line))


def _deadline_breached(line: Activity, who: Markup, reader: User) -> Markup:
    return _say(f"{deadlines.breached_then(line)}.")


def _remedy_refused(line: Activity, who: Markup, reader: User) -> Markup:
    return _say(f"{deadlines.remedy_refused(line)}.", **deadlines.given(line))


Word = Callable[[Activity, Markup, User], Markup]
WORDS: dict[str, Word] = {
    "ticket.moved": _moved,
    "ticket.information_asked": _asked,
    "ticket.solution_offered": _offered,
    "ticket.solution_rejected": _rejected,
    "ticket.done": _done,
    "ticket.cancelled": _cancelled,
    "ticket.reopened": _reopened,
    "ticket.closing_soon": _closing_soon,
    "ticket.still_needed": _still_needed,
    "ticket.assigned": _assigned,
    "ticket.team_changed": _team,
    "ticket.fields_changed": _fields,
    "ticket.contact_changed": _contact,
    "ticket.participant_added": _joined,
    "ticket.participant_removed": _left,
    "ticket.comment_redacted": _redacted,
    "ticket.follow_up_opened": _follow_up,
    "ticket.deadline_warned": _deadline_warned,
    "ticket.deadline_breached": _deadline_breached,
    "ticket.remedy_refused": _remedy_refused,
}
SYMBOLS = {
    "ticket.closing_soon": "clock",
    "ticket.still_needed": "clock",
    "ticket.assigned": "user",
    "ticket.team_changed": "swap",
    "ticket.fields_changed": "pencil",
    "ticket.contact_changed": "user",
    "ticket.participant_added": "users",
    "ticket.participant_removed": "users",
    "ticket.follow_up_opened": "ticket",
    "ticket.deadline_warned": "clock",
    "ticket.deadline_breached": "alert",
    "ticket.remedy_refused": "alert",
}
