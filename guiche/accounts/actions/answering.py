"""What follows when somebody typed an address and asked for a letter: done by a job, so that the page tells nothing."""

from datetime import datetime

from django.db import transaction

from guiche.accounts import first_access, letters
from guiche.accounts.models import AccessRequest, LinkPurpose, User


@transaction.atomic
def answer(request: AccessRequest, *, at: datetime) -> None:
    """Send the letter that was asked for, once. To an address that nobody has, only a self-registration gets one."""
    if not AccessRequest.objects.filter(pk=request.pk, answered_at=None).update(answered_at=at):
        return
    user = User.objects.active().filter(email=request.address).first()
    if user:
        _send_password_link(user, at=at)
    elif request.purpose == LinkPurpose.CONFIRM_ADDRESS:
        _send_confirmation(request, at=at)


def _send_password_link(user: User, *, at: datetime) -> None:
    """To whoever is registered: the first password or a new one, by what they lack, whichever page they asked on."""
    is_first = not user.has_usable_password()
    purpose = LinkPurpose.FIRST_ACCESS if is_first else LinkPurpose.NEW_PASSWORD
    token = first_access.issue(purpose, user=user, at=at)
    letters.send_password_link(user, purpose, token, at=at)


def _send_confirmation(request: AccessRequest, *, at: datetime) -> None:
    token = first_access.issue(LinkPurpose.CONFIRM_ADDRESS, address=request.address, details=request.details, at=at)
    letters.send_confirmation(request.address, token, at=at)
