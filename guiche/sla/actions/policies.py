"""Making agreements on deadlines, naming them, and taking them out of use. What they say: versions.py."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from guiche.catalog.naming import check_free, clean_line, free_slug
from guiche.core.events import happened
from guiche.sla import terms
from guiche.sla.actions import permission, versions
from guiche.sla.actions.permission import PolicyRefused
from guiche.sla.events import PolicyArchived, PolicyCreated, PolicyRenamed, PolicyRestored
from guiche.sla.models import Assignment, Policy
from guiche.sla.terms import Terms

if TYPE_CHECKING:
    from guiche.accounts.models import User

LONGEST_NAME, LONGEST_NOTE = 80, 200


@transaction.atomic
def create(*, name: str, note: str = "", copy_of: Policy | None = None, by: User, at: datetime) -> Policy:
    """Make an agreement with a draft, which begins with what `copy_of` says now.

    Raises NotAllowed, NameRefused beside name and note.
    """
    permission.check(by)
    name, note = _words(name, note, None)
    policy = Policy.objects.create(name=name, slug=free_slug(Policy, name, LONGEST_NAME - 5), note=note)
    newest = versions.newest(copy_of) if copy_of is not None else None
    versions.write(policy.versions.create(number=1), terms.of(newest) if newest else Terms())
    details = {"name": name, "copy_of": copy_of.name if copy_of else ""}
    happened(PolicyCreated(subject=policy, by=by, at=at, details=details))
    return policy


@transaction.atomic
def rename(policy: Policy, *, name: str, note: str, by: User, at: datetime) -> Policy:
    """Change the name and the note; the address stays. Raises NotAllowed, NameRefused beside name and note."""
    policy = permission.locked(policy, by=by)
    old = {"name": policy.name, "note": policy.note}
    policy.name, policy.note = _words(name, note, policy)
    new = {"name": policy.name, "note": policy.note}
    if new != old:
        policy.save(update_fields=["name", "note"])
        happened(PolicyRenamed(subject=policy, by=by, at=at, details={"old": old, "new": new}))
    return policy


@transaction.atomic
def archive(policy: Policy, *, by: User, at: datetime) -> Policy:
    """Take `policy` out of what can be chosen; tickets keep what it promised them. Raises NotAllowed, PolicyRefused."""
    policy = permission.locked(policy, by=by)
    if Assignment.objects.filter(policy=policy).exists():
        raise PolicyRefused(_("This agreement is still made with somebody. Give them another one first."))
    if policy.is_active:
        policy.is_active = False
        policy.save(update_fields=["is_active"])
        happened(PolicyArchived(subject=policy, by=by, at=at, details={"name": policy.name}))
    return policy


@transaction.atomic
def restore(policy: Policy, *, by: User, at: datetime) -> Policy:
    """Raises NotAllowed."""
    policy = permission.locked(policy, by=by)
    if not policy.is_active:
        policy.is_active = True
        policy.save(update_fields=["is_active"])
        happened(PolicyRestored(subject=policy, by=by, at=at, details={"name": policy.name}))
    return policy


def _words(name: str, note: str, policy: Policy | None) -> tuple[str, str]:
    name = clean_line(name, LONGEST_NAME)
    check_free(name, Policy.objects.all(), but=policy)
    return name, clean_line(note, LONGEST_NOTE, field="note", required=False)
