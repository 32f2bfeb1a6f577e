"""What each person with a live page may hear of: read from the database now and then, matched in memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth import HASH_SESSION_KEY
from django.db.models import Exists, OuterRef, Q
from django.utils.crypto import constant_time_compare

from guiche.accounts import sessions
from guiche.accounts.models import Session, Team, User
from guiche.organizations.models import Membership, Reach
from guiche.tickets.models import Participant, Ticket

# Any: a notice is JSON, ids under names: see core.events.announce().
Notice = Mapping[str, Any]
SHARING = frozenset({"ticket.participant_added", "ticket.participant_removed"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """The ids by which a notice is matched. It may lag a little behind `visible_to`, which decides what is shown."""

    user_id: int
    at_the_desk: bool = False
    teams: frozenset[int] = frozenset()  # of the desk: whose tickets are seen
    member_of: frozenset[int] = frozenset()  # organisations
    all_of: frozenset[int] = frozenset()  # organisations seen whole
    sites: frozenset[int] = frozenset()  # seen whole
    shared: frozenset[int] = frozenset()  # numbers of tickets taken part in

    def sees(self, notice: Notice) -> bool:
        """Whether this person may hear that the ticket of `notice` changed."""
        if self.at_the_desk:
            return notice.get("team") in self.teams
        if notice.get("internal"):
            return False
        own = notice.get("organization") in self.member_of and self.user_id in notice.get("people", ())
        return own or notice.get("ticket") in self.shared or self._reaches(notice)

    def _reaches(self, notice: Notice) -> bool:
        # A notice that does not say whether its ticket is reserved is taken for one that is.
        if notice.get("reserved", True):
            return False
        return notice.get("organization") in self.all_of or notice.get("site") in self.sites


def load(user_ids: Iterable[int]) -> dict[int, Sight]:
    """Return what each of these people sees now; nobody who is not active. At most two queries a person."""
    return {user.pk: _of(user) for user in User.objects.active().filter(pk__in=list(user_ids))}


def _of(user: User) -> Sight:
    if user.at_the_desk:
        teams = Team.objects.open_to(user).values_list("pk", flat=True)
        return Sight(user_id=user.pk, at_the_desk=True, teams=frozenset(teams))
    if user.works_here:
        return Sight(user_id=user.pk)
    places = list(Membership.objects.active().filter(user=user))
    shared = Ticket.objects.visible_to(user).filter(participants__user=user)
    return Sight(
        user_id=user.pk,
        member_of=frozenset(place.organization_id for place in places),
        all_of=frozenset(place.organization_id for place in places if place.sees_all),
        sites=frozenset(place.site_id for place in places if place.site_id and place.reach == Reach.UNIT),
        shared=frozenset(shared.values_list("number", flat=True)),
    )


def taking_part(numbers: Iterable[int], among: Iterable[int]) -> set[int]:
    """Return which of the people `among` take part in any ticket of `numbers`. One query."""
    rows = Participant.objects.filter(ticket__number__in=list(numbers), user__in=list(among))
    return set(rows.values_list("user_id", flat=True))


def signed_in(keys: Iterable[str], *, at: datetime) -> set[str]:
    """Return which of these sessions still let somebody in. One query; it does not count as being used."""
    belongs = Exists(Membership.objects.active().filter(user=OuterRef("user")))  # as the sign-in asks at each request
    open_to = Session.objects.alive(at).filter(~Q(user__roles=[]) | belongs)
    rows = open_to.filter(session_key__in=list(keys)).select_related("user")
    return {row.session_key for row in rows if _is_good(row, at)}


def _is_good(session: Session, at: datetime) -> bool:
    user = session.user
    if user is None or not user.is_active:
        return False
    kept = session.get_decoded()
    same_password = constant_time_compare(kept.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash())
    return same_password and not sessions.is_over(kept, at)
