"""Where administration begins: what is left to set up, and whether everything works."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db.models import Exists, Max
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker

from guiche.accounts.models import Team, User
from guiche.catalog.models import Product
from guiche.installation import models as installation
from guiche.mail.models import OutgoingMail
from guiche.organizations.models import JoinRequest, Membership, Organization
from guiche.web.http import Request
from guiche.web.manage.answers import address, show

WORKER_IS_GONE_AFTER = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Step:
    """Something to set up, done or not."""

    title: str
    text: str
    href: str
    is_done: bool


@dataclass(frozen=True, slots=True)
class Sign:
    """Whether a part of the installation works. tone: ok, wait, danger."""

    title: str
    text: str
    tone: str
    href: str = ""


@require_GET
def home(request: Request) -> HttpResponse:
    steps = _steps(request.user)
    return show(
        request,
        "manage/home.html",
        title=_("Administration"),
        text=_("The shipped configuration works as it is. These steps make it yours."),
        steps=steps,
        left=sum(not step.is_done for step in steps),
        signs=[*_letters(), _worker(), _jobs(), *_requests()],
    )


def _steps(user: User) -> list[Step]:
    row = installation.current()
    there = _what_is_there(user)
    return [
        Step(
            _("Give the portal your name and contact"),
            _("Name, telephone, hours and colour."),
            address("brand"),
            row.name != "Guichê" or bool(row.phone),
        ),
        Step(
            _("Register your team"),
            _("Who answers tickets, with roles."),
            address("people"),
            there["has_staff"],
        ),
        Step(
            _("Put people in teams"),
            _("Each team has a queue."),
            address("teams"),
            there["has_teams"],
        ),
        Step(
            _("Register products"),
            _("One by one, or all with the service table."),
            address("products"),
            there["has_products"],
        ),
        Step(
            _("Register the first customer"),
            _("The organisation, its units and domains."),
            address("organizations"),
            there["has_organizations"],
        ),
        Step(
            _("Invite the first contact"),
            _("On the page of the organisation."),
            address("organizations"),
            there["has_contacts"],
        ),
    ]


def _what_is_there(user: User) -> dict[str, bool]:
    """Return which kinds of row there are, in one query, asked beside the row of who looks."""
    found = (
        User.objects.get_queryset()
        .filter(pk=user.pk)
        .values(
            has_staff=Exists(User.objects.at_the_desk()),
            has_teams=Exists(Team.objects.filter(people__is_active=True)),
            has_products=Exists(Product.objects.active()),
            has_organizations=Exists(Organization.objects.active()),
            has_contacts=Exists(Membership.objects.active()),
        )
        .get()
    )
    return {name: bool(value) for name, value in found.items()}


def _letters() -> list[Sign]:
    now = timezone.now()
    if settings.DEMONSTRATION:
        sentence = _("Nothing leaves a demonstration: the letters are on a page.")
        return [Sign(_("Mail"), sentence, "ok", address("demonstration-mail"))]
    unknown = OutgoingMail.objects.unknown(at=now).count()
    failed = OutgoingMail.objects.failed().filter(created_at__gte=now - timedelta(days=7)).count()
    late = OutgoingMail.objects.late(at=now).count()
    signs = []
    if not settings.EMAIL_HOST:
        sentence = _("No mail server is set up: letters stay on this machine. Whoever runs it sets GUICHE_SMTP.")
        signs.append(Sign(_("Mail"), sentence, "danger", address("mail")))
    if unknown:
        text = ngettext("%(n)s letter may or may not have left", "%(n)s letters may or may not have left", unknown)
        signs.append(Sign(_("Unknown letters"), text % {"n": unknown}, "wait", f"{address('mail')}?ver=desconhecidas"))
    if failed:
        text = ngettext("%(n)s letter refused in 7 days", "%(n)s letters refused in 7 days", failed)
        signs.append(Sign(_("Refused letters"), text % {"n": failed}, "wait", f"{address('mail')}?ver=recusadas"))
    if late:
        text = ngettext("%(n)s letter waits for minutes", "%(n)s letters wait for minutes", late)
        signs.append(Sign(_("Late letters"), text % {"n": late}, "danger", f"{address('mail')}?ver=esperando"))
    return signs or [Sign(_("Mail"), _("Letters leave as they should."), "ok", address("mail"))]


def _worker() -> Sign:
    last = ProcrastinateWorker.objects.aggregate(last=Max("last_heartbeat"))["last"]
    if last is not None and timezone.now() - last < WORKER_IS_GONE_AFTER:
        return Sign(_("Worker"), _("It is at work."), "ok")
    text = _("Nobody does what waits: letters and closings stand still. Whoever runs the machine starts it again.")
    return Sign(_("Worker"), text, "danger")


def _jobs() -> Sign:
    failed = ProcrastinateJob.objects.filter(status="failed").count()
    if not failed:
        return Sign(_("Jobs"), _("None failed."), "ok")
    text = ngettext("%(n)s job failed", "%(n)s jobs failed", failed) % {"n": failed}
    return Sign(_("Jobs"), text, "wait")


def _requests() -> list[Sign]:
    waiting = JoinRequest.objects.waiting().count()
    if not waiting:
        return []
    text = ngettext("%(n)s person waits to come in", "%(n)s people wait to come in", waiting) % {"n": waiting}
    return [Sign(_("Access requests"), text, "wait", address("join-requests"))]
