"""What follows in organisations when two records of one person become one."""

from guiche.accounts.models import User
from guiche.organizations.models import Membership, Reach

_WIDTH = {Reach.OWN: 0, Reach.UNIT: 1, Reach.ALL: 2}


def move_memberships(merged: User, into: User) -> None:
    """Give `into` the places of `merged`; where it has one already, the wider of both."""
    kept = {row.organization_id: row for row in Membership.objects.select_for_update().filter(user=into)}
    for row in Membership.objects.select_for_update().filter(user=merged):
        place = kept.get(row.organization_id)
        if place is None:
            row.user = into
            row.save(update_fields=["user"])
            continue
        _widen(place, row)
        row.is_active = False
        row.save(update_fields=["is_active"])


def _widen(place: Membership, other: Membership) -> None:
    if not other.is_active:
        return
    if not place.is_active or _WIDTH[Reach(other.reach)] > _WIDTH[Reach(place.reach)]:
        place.reach, place.site = other.reach, other.site or place.site
    place.is_portal_administrator |= other.is_portal_administrator
    place.is_active = True
    place.save(update_fields=["reach", "site", "is_portal_administrator", "is_active"])
