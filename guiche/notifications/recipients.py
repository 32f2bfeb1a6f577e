"""Who is told of an event on a ticket, why, and where."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet, TextChoices

from guiche.accounts.models import User
from guiche.accounts.roles import Role
from guiche.notifications.groups import AT_ONCE, NO_BELL, NO_EMAIL, OF_KIND, SHIPPED, Channels, Group
from guiche.notifications.models import Preference
from guiche.sla.metrics import Motion
from guiche.sla.models import Clock, Escalation
from guiche.tickets.models import Activity, CopiedAddress, Following, Participant, Ticket

if TYPE_CHECKING:
    from guiche.tickets.models import Ticket as TicketRow


class Part(TextChoices):
    """Why somebody is told: their part in the ticket. The first of a person's parts, in this order, is the one said."""

    MENTIONED = "mentioned"
    ASSIGNEE = "assignee"
    REQUESTER = "requester"
    OPENER = "opener"
    ADDED = "added"
    PARTICIPANT = "participant"
    TEAM = "team"
    NAMED = "named"  # in an escalation, like the two that follow
    SUPERVISOR = "supervisor"
    ADDRESS = "address"
    RECEIPT = "receipt"
    COPY = "copy"


_FOLLOWERS = (Part.ASSIGNEE, Part.REQUESTER, Part.PARTICIPANT, Part.COPY)
_FOLLOWERS_AND_OPENER = (Part.ASSIGNEE, Part.REQUESTER, Part.OPENER, Part.PARTICIPANT, Part.COPY)

# The event itself says who is told of a deadline (sla.escalations.audience): never a customer.
OF_DEADLINES = ("ticket.deadline_warned", "ticket.deadline_breached", "ticket.remedy_refused")

# As shipped. A solution, an end and a reopening are steps too: copies get them with the other steps.
TOLD: dict[str, tuple[Part, ...]] = {
    "ticket.opened": (Part.REQUESTER, Part.OPENER, Part.PARTICIPANT, Part.TEAM, Part.RECEIPT, Part.COPY),
    "ticket.commented": _FOLLOWERS,
    "ticket.diagnosed": _FOLLOWERS,
    "ticket.moved": _FOLLOWERS,
    "ticket.information_asked": _FOLLOWERS,
    "ticket.solution_rejected": _FOLLOWERS,
    "ticket.solution_offered": _FOLLOWERS_AND_OPENER,
    "ticket.done": _FOLLOWERS_AND_OPENER,
    "ticket.cancelled": _FOLLOWERS_AND_OPENER,
    "ticket.reopened": _FOLLOWERS_AND_OPENER,
    "ticket.closing_soon": (Part.ASSIGNEE, Part.REQUESTER, Part.OPENER, Part.PARTICIPANT),
    "ticket.still_needed": (Part.ASSIGNEE, Part.REQUESTER, Part.PARTICIPANT),
    "ticket.noted": (Part.MENTIONED, Part.ASSIGNEE),
    "ticket.assigned": (Part.ASSIGNEE,),
    "ticket.participant_added": (Part.ADDED, Part.COPY),
    **dict.fromkeys(OF_DEADLINES, (Part.ASSIGNEE, Part.NAMED, Part.SUPERVISOR, Part.TEAM, Part.ADDRESS)),
}


@dataclass(frozen=True, kw_only=True)
class Recipient:
    """Somebody who is told. Without `user`: an address in copy, which has no page and no bell."""

    part: Part
    address: str  # blank: a person without e-mail
    by_email: bool
    in_bell: bool
    daily: bool = False  # not by a letter of its own, but in the digest
    user: User | None = None
    added_by: str = ""  # of a copy: whom to ask to leave it


def of(activity: Activity) -> list[Recipient]:
    """Return who is told of `activity`, each person and address once; empty for what nobody is told of.

    A handful of queries, and one for each person who may be told: whether they may see it now.
    """
    if activity.kind not in TOLD or _goes_with_words(activity) or _came_with_opening(activity) or _is_past(activity):
        return []
    people = list(_people(activity))
    taken = {one.address for one in people}
    return [
        *(one for one in people if one.by_email or one.in_bell),
        *_copies(activity, taken=taken),
        *_named_addresses(activity, taken=taken),
    ]


def may_read(activity: Activity, user: User) -> bool:
    """Whether `user` may be told of `activity` at this moment. One query."""
    if not user.is_active or user.is_system or (activity.is_internal and not user.at_the_desk):
        return False
    visible = Ticket.objects.visible_to(user)
    return Activity.objects.visible_to(user).filter(pk=activity.pk, ticket__in=visible).exists()


def still_in_copy(activity: Activity, address: str) -> bool:
    """Whether the letters of this ticket's public events still go to `address`. One query."""
    return not activity.is_internal and _addresses(activity.ticket_id).filter(address=address).exists()


def still_named(activity: Activity, address: str) -> bool:
    """Whether warnings of deadlines still go to `address`, which is no customer's. Two queries."""
    named = address in activity.details.get("told", {}).get("addresses", ())
    if not named or activity.kind not in OF_DEADLINES or not Escalation.objects.active().filter(email=address).exists():
        return False
    return not User.objects.contacts().filter(email=address).exists()


def _is_past(activity: Activity) -> bool:
    """Whether it warns of a deadline that does not run any more: nobody has to hurry."""
    if activity.kind != "ticket.deadline_warned":
        return False
    return not Clock.objects.filter(pk=activity.details["clock"], motion=Motion.RUNNING).exists()


def _goes_with_words(activity: Activity) -> bool:
    """Whether it is the step that a reply took by itself: the letter of the reply is enough."""
    if activity.kind != "ticket.moved" or activity.comment_id is not None:
        return False
    same_deed = activity.ticket.timeline.filter(kind="ticket.commented", actor=activity.actor_id, at=activity.at)
    return same_deed.filter(pk__lt=activity.pk).exists()


def _came_with_opening(activity: Activity) -> bool:
    """Whether somebody was added in the opening form: they are told of the opening."""
    return activity.kind == "ticket.participant_added" and activity.at == activity.ticket.opened_at


def _people(activity: Activity) -> Iterator[Recipient]:
    parts = _parts(activity)
    users = User.objects.active().in_bulk(list(parts))
    preferences = _preferences(activity, users.values())
    muted = {row.user_id: row for row in Following.objects.filter(ticket=activity.ticket_id, user__in=users)}
    for user_id, part in parts.items():
        user = users.get(user_id)
        if user is None or not may_read(activity, user):
            continue
        group = group_of(activity, part)
        wanted = preferences.get((user_id, group), SHIPPED[group])
        following = muted.get(user_id)
        yield Recipient(
            part=part,
            user=user,
            address=user.email or "",
            by_email=bool(user.email) and wanted.by_email and group not in NO_EMAIL and _hears(following, "by_email"),
            in_bell=wanted.in_bell and group not in NO_BELL and _hears(following, "in_bell"),
            daily=wanted.daily and group not in AT_ONCE,
        )


def _parts(activity: Activity) -> dict[int, Part]:
    """Return the first part of each person; who did it has none, but for the copy of what one opens."""
    found: dict[int, Part] = {}
    for part in TOLD[activity.kind]:
        for user_id in _holding(part, activity):
            if user_id is not None and (user_id != activity.actor_id or part == Part.RECEIPT):
                found.setdefault(user_id, part)
    return found


def _holding(part: Part, activity: Activity) -> Iterable[int | None]:
    ticket = activity.ticket
    if activity.kind in OF_DEADLINES:
        return _holding_of_deadline(part, activity.details.get("told", {}))
    match part:
        case Part.MENTIONED:
            return [int(key) for key in activity.details.get("mentioned", ())]
        case Part.ASSIGNEE:
            return [_assignee(activity, ticket)]
        case Part.REQUESTER:
            return [ticket.requester_id]
        case Part.OPENER:
            return [ticket.opened_by_id]
        case Part.RECEIPT:
            return [activity.actor_id]
        case Part.ADDED:
            return [activity.details.get("user_id")]
        case Part.PARTICIPANT:
            return Participant.objects.filter(ticket=ticket).order_by("id").values_list("user_id", flat=True)
        case Part.TEAM:
            return ticket.team.people.at_the_desk().order_by("id").values_list("pk", flat=True)
        case _:
            return []


def _holding_of_deadline(part: Part, told: Mapping[str, Any]) -> Iterable[int | None]:
    match part:
        case Part.ASSIGNEE:
            return [told.get("assignee")]
        case Part.NAMED:
            return [int(key) for key in told.get("people", ())]
        case Part.SUPERVISOR:
            return _supervisors(told.get("supervisors"))
        case Part.TEAM:
            people = User.objects.at_the_desk().filter(teams=told.get("team"))
            return people.order_by("id").values_list("pk", flat=True) if told.get("team") else []
        case _:
            return []


def _supervisors(team_id: int | None) -> Iterable[int]:
    """Return the supervisors in a team; of one that has none, all of them."""
    if team_id is None:
        return []
    everybody = User.objects.active().filter(roles__contains=[Role.SUPERVISOR]).order_by("id")
    found = everybody.filter(teams=team_id).values_list("pk", flat=True)
    return list(found) or everybody.values_list("pk", flat=True)


def _assignee(activity: Activity, ticket: TicketRow) -> int | None:
    """Of an assignment: the one it was handed to, if it was not handed on since."""
    if activity.kind == "ticket.assigned" and activity.details.get("assignee_id") != ticket.assignee_id:
        return None
    return ticket.assignee_id


def group_of(activity: Activity, part: Part) -> Group:
    """Return the group of events that a person with this part chooses about."""
    if activity.kind in OF_DEADLINES:
        return OF_KIND[activity.kind]
    return {Part.TEAM: Group.TEAM, Part.RECEIPT: Group.RECEIPT}.get(part, OF_KIND[activity.kind])


def _preferences(activity: Activity, users: Iterable[User]) -> dict[tuple[int, str], Channels]:
    groups = [OF_KIND[activity.kind], Group.TEAM, Group.RECEIPT]
    rows = Preference.objects.filter(user__in=[user.pk for user in users], group__in=groups)
    return {(row.user_id, row.group): row.channels for row in rows}


def _hears(following: Following | None, channel: str) -> bool:
    return following is None or bool(getattr(following, channel))


def _copies(activity: Activity, *, taken: set[str]) -> list[Recipient]:
    """Return the addresses in copy: letters only, of public events only, never the address of who did it."""
    if activity.is_internal or Part.COPY not in TOLD[activity.kind]:
        return []
    rows = _addresses(activity.ticket_id).select_related("added_by")
    if activity.kind == "ticket.participant_added":
        rows = rows.filter(address=activity.details.get("address", ""))
    taken = taken | {activity.actor.email or ""}
    return [
        Recipient(part=Part.COPY, address=row.address, by_email=True, in_bell=False, added_by=row.added_by.name)
        for row in rows
        if row.address not in taken
    ]


def _named_addresses(activity: Activity, *, taken: set[str]) -> Iterator[Recipient]:
    """Yield the addresses that escalations name, which need no account: letters only."""
    if activity.kind not in OF_DEADLINES:
        return
    for address in activity.details.get("told", {}).get("addresses", ()):
        if address not in taken and still_named(activity, address):
            yield Recipient(part=Part.ADDRESS, address=address, by_email=True, in_bell=False)


def _addresses(ticket_id: int) -> QuerySet[CopiedAddress]:
    """The addresses in copy, but those of people who were deactivated."""
    gone = User.objects.filter(is_active=False, email__isnull=False)
    return CopiedAddress.objects.filter(ticket=ticket_id).exclude(address__in=gone.values("email"))
