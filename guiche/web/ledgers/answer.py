"""Answers with a ledger: the page, the sheet that is printed, the spreadsheet with the same rows."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from guiche.accounts.anybody import anybody
from guiche.core import written
from guiche.sla import strip
from guiche.sla.ledger import OUTSIDE_HOURS
from guiche.tickets import policies
from guiche.tickets.models import Ticket
from guiche.tickets.querysets import TicketQuerySet
from guiche.web import downloads
from guiche.web.http import Request, membership_in
from guiche.web.ledgers import amounts, page, rows
from guiche.web.ledgers.page import Account, Page
from guiche.web.ledgers.reader import Reader


def shown(request: Request, number: int, template: str) -> HttpResponse:
    """Answer with the ledger that `prazo` names, as a page, or on a sheet when `folha` is asked for."""
    found = _page(request, number)
    is_sheet = "folha" in request.GET
    return render(request, template, {"page": found, "is_sheet": is_sheet, **_context(found, on_paper=is_sheet)})


def spreadsheet(request: Request, number: int) -> HttpResponse:
    """Answer with the rows of the page, amounts as hours, minutes and seconds."""
    found = _page(request, number)
    if found.account is None or not found.reader.is_member:
        raise Http404
    name = f"prazo-{found.ticket.number}-{found.chosen}.csv"
    return downloads.spreadsheet(_table(found, found.account), name=name)


def _page(request: Request, number: int) -> Page:
    wanted = request.GET.get("prazo", "")
    return page.page_of(_reader(request, _ticket(request, number)), wanted, timezone.now())


def _ticket(request: Request, number: int) -> Ticket:
    found = written.rows(_seen, request.user.pk, number, roles=tuple(request.user.roles))
    if not found:
        raise Http404
    return found[0]


def _seen(user_id: int, number: int, *, roles: tuple[str, ...]) -> TicketQuerySet:
    shown = ("organization", "status", "request_type", "severity", "product")
    return Ticket.objects.visible_to(anybody(user_id, roles)).select_related(*shown).filter(number=number)


def _reader(request: Request, ticket: Ticket) -> Reader:
    if request.user.works_here:
        return Reader(request.user, ticket, for_staff=True, is_member=True)
    has = policies.rights_of_member(request.user, ticket, membership_in(request, ticket.organization_id))
    return Reader(request.user, ticket, for_staff=False, is_member=has.is_member, may_judge=has.may_judge)


def _context(found: Page, *, on_paper: bool) -> dict[str, object]:
    account = found.account
    said, restarts = page.headline(found, on_paper=on_paper)
    context: dict[str, object] = {"headline": said, "restarts": restarts}
    if account is None:
        return context
    return context | {
        "issued": page.issued(found, account.zone),
        "until": page.until(found, account),
        "other_zone": page.other_zone(account),
        "described": page.described(account),
        "amount": amounts.amount,
        "is_recounted": bool(rows.changed(account.found)),
        "drawing": drawing(account),
    }


def drawing(account: Account) -> dict[str, object] | None:
    """Return the picture with its words, in the units of `strip`; None where there is none."""
    picture = account.picture
    if picture is None or not picture.segments:
        return None
    return {
        "segments": [(one, _inscription(one)) for one in picture.segments],
        "ticks": [(one, _label(one, account) if one.is_labelled else "") for one in picture.ticks],
    }


def _inscription(one: strip.Segment) -> str:
    """Return what stands inside of a segment, as far as there is room: "4h 27", "14h fora do horário"."""
    hours, minutes = divmod(one.line.seconds // amounts.MINUTE, 60)
    short = _("%(hours)sh %(minutes)s") % {"hours": hours, "minutes": f"{minutes:02d}"}
    if one.room == "none":
        return ""
    if one.room == "time" or one.line.reason != OUTSIDE_HOURS:
        return short
    return _("%(time)s outside hours") % {"time": short if minutes else _("%(hours)sh") % {"hours": hours}}


def _label(one: strip.Tick, account: Account) -> str:
    local = one.at.astimezone(account.zone)
    if not one.names_day:
        return amounts.time(local)
    day = amounts.short_weekday(local)
    return _("%(day)s, %(time)s") % {"day": day, "time": amounts.time(local)}


def _table(found: Page, account: Account) -> Iterator[list[str]]:
    yield [
        *(_("Start"), _("End"), _("What happened"), _("Details"), _("On whose side")),
        *(_("Counted"), _("Not counted"), _("Sum counted")),
    ]
    for day in account.days:
        for row in day.rows:
            times = [f"{at:%Y-%m-%d %H:%M:%S}" for at in (row.start, row.end)]
            about = "; ".join(part for part in (row.about, row.recount) if part)
            sums = (row.line.counted, row.line.uncounted, row.line.running_sum)
            yield [*times, row.label, about, row.side, *map(amounts.spreadsheet, sums)]
    yield _total(account)
    issued = (_("Issued"), page.issued(found, account.zone))
    yield from ([label, value] for label, value in (*account.facts, issued, (_("Check code"), account.code)))


def _total(account: Account) -> list[str]:
    found = account.found
    since = _("%(time)s since the opening") % {"time": amounts.spreadsheet(found.total)}
    sums = (found.counted, found.uncounted, found.counted)
    return [_("Total"), "", since, "", "", *map(amounts.spreadsheet, sums)]
