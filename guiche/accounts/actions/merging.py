"""Two records of one person become one."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from guiche.accounts import first_access, persons, policies, sessions
from guiche.accounts.events import PeopleMerged
from guiche.accounts.models import User
from guiche.core.errors import NotAllowed, Refused
from guiche.core.events import happened


class MergeRefused(Refused):
    """These two records cannot become one."""


@transaction.atomic
def merge(merged: User, *, into: User, by: User, at: datetime) -> User:
    """Close the record `merged` and move what it had to `into`, which is returned. What it wrote stays its own.

    Memberships and tickets follow by the reactions to PeopleMerged. Raises NotAllowed unless `by` administers
    and both are contacts; MergeRefused for the same record twice, or one already merged.
    """
    if not policies.can_merge(by, into, merged):
        raise NotAllowed(_("Only administrators merge records, and only those of contacts."))
    first, second = sorted((merged, into), key=lambda user: user.pk)
    locked = {user.pk: User.objects.locked(user) for user in (first, second)}
    merged, into = locked[merged.pk], locked[into.pk]
    if merged == into or merged.merged_into_id or into.merged_into_id:
        raise MergeRefused(_("Choose two records that were not merged before."))
    address, phone = merged.email, merged.phone
    _close(merged, into, at=at)
    into.email, into.phone = into.email or address, into.phone or phone
    persons.save_with_email(into, update_fields=["email", "phone"])
    details = {"merged": merged.pk, "email": address}
    happened(PeopleMerged(subject=into, by=by, at=at, merged=merged, details=details))
    return into


def _close(merged: User, into: User, *, at: datetime) -> None:
    merged.merged_into, merged.email, merged.is_active, merged.deactivated_at = into, None, False, at
    merged.set_unusable_password()
    merged.save(update_fields=["merged_into", "email", "is_active", "deactivated_at", "password"])
    first_access.void_all(merged, at=at)
    sessions.end_all(merged)
