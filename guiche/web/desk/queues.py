"""Which queues an agent has, the rows of one, and where its next rows begin."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from guiche.accounts.models import Team
from guiche.tickets.models import Ticket
from guiche.tickets.querysets import TicketQuerySet
from guiche.workflows.stages import WAITS_FOR_CUSTOMER

if TYPE_CHECKING:
    from guiche.accounts.models import User

MINE, UNASSIGNED = "minha", "sem-responsavel"
SHOWN = 100  # rows of a queue before "more"


@dataclass(frozen=True)
class Queue:
    """Open tickets that somebody works through, under the address `slug`."""

    slug: str
    name: str
    rows: TicketQuerySet


@dataclass(frozen=True)
class Place:
    """Where a row stands in the order of `for_queue()`: the rows after it are the next ones."""

    waits: int
    due: datetime | None
    level: int
    opened: datetime
    pk: int

    @classmethod
    def of(cls, ticket: Ticket) -> Place:
        """Return the place of a row that came through `for_queue()`."""
        return cls(ticket.waits_on_customer, ticket.next_due_at, ticket.level, ticket.opened_at, ticket.pk)  # type: ignore[attr-defined]  # annotated

    @classmethod
    def read(cls, written: str) -> Place | None:
        """Return the place written in an address; None when it cannot be read."""
        parts = written.split(".")
        if len(parts) != 5 or len(written) > 90:
            return None
        try:
            return cls(int(parts[0]), _moment(parts[1]), int(parts[2]), _known_moment(parts[3]), int(parts[4]))
        except (ValueError, OverflowError, OSError):
            return None

    def __str__(self) -> str:
        due = _micros(self.due) if self.due else ""
        return f"{self.waits}.{due}.{self.level}.{_micros(self.opened)}.{self.pk}"

    def after(self) -> Q:
        """The condition of every row that follows, key by key."""
        last = Q(opened_at__gt=self.opened) | Q(opened_at=self.opened, id__gt=self.pk)
        last = Q(level__gt=self.level) | Q(level=self.level) & last
        if self.due is None:
            last = Q(next_due_at__isnull=True) & last
        else:
            later = Q(next_due_at__gt=self.due) | Q(next_due_at__isnull=True)
            last = later | Q(next_due_at=self.due) & last
        return Q(waits_on_customer__gt=self.waits) | Q(waits_on_customer=self.waits) & last


@dataclass(frozen=True)
class Group:
    title: str
    rows: list[Ticket]


@dataclass(frozen=True)
class Shown:
    """What of a queue is on the screen; `more` is the place where the rest begins, "" when that is all."""

    groups: list[Group]
    more: str

    @property
    def rows(self) -> list[Ticket]:
        return [row for group in self.groups for row in group.rows]


def find(slug: str, user: User) -> Queue | None:
    """Return the queue of that address; None when it is of a team whose tickets `user` may not see."""
    seen = Ticket.objects.visible_to(user).open()
    if slug == MINE:
        return Queue(MINE, _("My queue"), seen.filter(assignee=user))
    if slug == UNASSIGNED:
        return Queue(UNASSIGNED, _("Without a responsible person"), seen.filter(assignee__isnull=True))
    team = Team.objects.open_to(user).filter(slug=slug).first()
    return Queue(team.slug, team.name, seen.filter(team=team)) if team else None


def shown(queue: Queue, *, words: str = "", after: str = "") -> Shown:
    """Return the first rows of `queue` after a place, in groups. One query."""
    rows = queue.rows.for_queue()
    if words:
        number = words.lstrip("#")
        rows = rows.filter(number=int(number)) if number.isdecimal() and len(number) < 16 else rows.worded_like(words)
    if place := Place.read(after):
        rows = rows.filter(place.after())
    found = list(rows[: SHOWN + 1])
    more = str(Place.of(found[SHOWN - 1])) if len(found) > SHOWN else ""
    return Shown(_grouped(found[:SHOWN]), more)


def _grouped(rows: list[Ticket]) -> list[Group]:
    """In the order in which the rows come."""
    today = timezone.localdate()
    groups: dict[str, list[Ticket]] = {"today": [], "later": [], "unpromised": [], "waiting": []}
    for row in rows:
        groups[_group(row, today)].append(row)
    titles = {
        "today": _("Due today"),
        "later": _("Next days"),
        "unpromised": _("Without a running deadline"),
        "waiting": _("Waiting on the customer"),
    }
    return [Group(titles[key], found) for key, found in groups.items() if found]


def _group(row: Ticket, today: date) -> str:
    if row.status.stage in WAITS_FOR_CUSTOMER:
        return "waiting"
    if row.next_due_at is None:
        return "unpromised"
    return "today" if timezone.localdate(row.next_due_at) <= today else "later"


def next_due(user: User) -> Ticket | None:
    """Return what runs out next of all that `user` sees: what an empty queue tells of. One query."""
    running = Ticket.objects.visible_to(user).open().filter(next_due_at__isnull=False)
    return running.only("number", "next_due_at").order_by("next_due_at", "id").first()


@dataclass(frozen=True)
class Offered:
    """A queue as the menu offers it."""

    slug: str
    name: str
    count: int


def offered(user: User) -> list[Offered]:
    """Return the queues that `user` may choose, the own teams first, with how many tickets are open. Three queries."""
    seen = Ticket.objects.visible_to(user).open()
    own = seen.aggregate(
        mine=Count("pk", filter=Q(assignee=user)), unassigned=Count("pk", filter=Q(assignee__isnull=True))
    )
    counts = dict(seen.order_by().values_list("team").annotate(n=Count("pk")))
    belongs = Count("people", filter=Q(people=user))
    teams = Team.objects.filter(is_active=True, pk__in=Team.objects.open_to(user).values("pk")).annotate(own=belongs)
    return [
        Offered(MINE, _("My queue"), own["mine"]),
        Offered(UNASSIGNED, _("Without a responsible person"), own["unassigned"]),
        *(Offered(team.slug, team.name, counts.get(team.pk, 0)) for team in teams.order_by("-own", "name", "id")),
    ]


def _micros(moment: datetime) -> int:
    # Exact: a float of seconds would lose the last digits and show a row twice.
    delta = moment - datetime(1970, 1, 1, tzinfo=UTC)
    return (delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds


def _moment(written: str) -> datetime | None:
    return _known_moment(written) if written else None


def _known_moment(written: str) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(written))
