"""The letters about belonging to an organisation."""

from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _

from guiche.accounts import letters
from guiche.accounts.models import User
from guiche.installation import models as installation
from guiche.organizations.models import JoinRequest, Membership

PEOPLE = "/organizacao/pessoas/"


def send_request_refused(request: JoinRequest, reason: str, *, at: datetime) -> None:
    """To who asked, or to the portal administrator who asked for them."""
    contact = installation.current().access_email
    asker = request.asked_by
    with translation.override(asker.language if asker else translation.get_language()):
        paragraphs = [
            _("The request for access of %(name)s (%(email)s) was not approved.")
            % {"name": request.name, "email": request.email}
        ]
        if reason:
            paragraphs.append(_("Reason: %s") % reason)
        if contact:
            paragraphs.append(_("Questions? Write to %s.") % contact)
        subject = _("About your request for access")
        key = f"join-refused:{request.pk}"
        if asker:
            letters.send_plain(asker, key, subject=subject, paragraphs=paragraphs, at=at)
        else:
            letters.send_to_address(request.email, key, subject=subject, paragraphs=paragraphs, at=at)


def send_added(membership: Membership, *, by: User, at: datetime) -> None:
    """To somebody who signs in already and may now do so for one more organisation."""
    user = membership.user
    with translation.override(user.language):
        words = {"who": by.name, "organization": membership.organization.name}
        letters.send_plain(
            user,
            f"membership:{membership.pk}",
            subject=_("You can now follow %s too") % membership.organization.name,
            paragraphs=[
                _("%(who)s added you to %(organization)s.") % words,
                _("Sign in as always and choose the organisation in the account menu."),
            ],
            button=_("Sign in"),
            path="/entrar/",
            at=at,
        )


def send_somebody_joined(membership: Membership, *, at: datetime) -> None:
    """To the portal administrators: the domain let somebody in whom nobody invited."""
    administrators = Membership.objects.active().administering().filter(organization=membership.organization)
    for row in administrators.select_related("user").exclude(user=membership.user):
        with translation.override(row.user.language):
            words = {"name": membership.user.name, "email": membership.user.email}
            letters.send_plain(
                row.user,
                f"joined:{membership.pk}:{row.user_id}",
                subject=_("%s registered in the portal") % membership.user.name,
                paragraphs=[
                    _("%(name)s (%(email)s) registered with an address of your company.") % words,
                    _("They see only their own tickets. Change that, or end their access, on their page."),
                ],
                button=_("See people"),
                path=PEOPLE,
                at=at,
            )
