"""What is promised, in words: business time, and the hours of the calendar that counts it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from markupsafe import Markup

from guiche.calendars import compiling, words
from guiche.core import formatting
from guiche.sla.rules import MINUTE

if TYPE_CHECKING:
    from guiche.sla.quoting import Offer


def business(seconds: int) -> str:
    """Return "12 h úteis", "1h 30min úteis", "45 min úteis". Targets are whole minutes."""
    hours, minutes = divmod(seconds // MINUTE, 60)
    if not minutes:
        return ngettext("%(n)s business hour", "%(n)s business hours", hours) % {"n": hours}
    if not hours:
        return ngettext("%(n)s business minute", "%(n)s business minutes", minutes) % {"n": minutes}
    return _("%(hours)sh %(minutes)smin of business time") % {"hours": hours, "minutes": f"{minutes:02d}"}


def hours(offer: Offer, at: datetime) -> str:
    """Return "Segunda a sexta, 8h às 18h", with whose holidays close it too, and its zone where it is another one."""
    plan = compiling.plan_of(offer.hours)
    sentence = words.weekly(plan.weekly)
    if offer.closed_in:
        sentence = _("%(hours)s, but for the holidays of %(place)s") % {"hours": sentence, "place": offer.closed_in}
    return sentence if _shows_the_same(at, ZoneInfo(plan.zone)) else f"{sentence} ({words.zone(plan.zone)})"


def when(moment: datetime, zone: ZoneInfo) -> Markup:
    """Return a `<time>` with "amanhã, 12h42" as the clocks of `zone` show it; named where the reader's show another."""
    with timezone.override(zone):
        written = formatting.moment(moment)
    if _shows_the_same(moment, zone):
        return written
    return written + Markup(" ({})").format(words.zone(zone.key))


def when_said(moment: datetime, zone: ZoneInfo) -> str:
    """Return "amanhã às 12h42", for the middle of a sentence."""
    said = formatting.said(moment, zone=zone)
    return said if _shows_the_same(moment, zone) else f"{said} ({words.zone(zone.key)})"


def when_on_paper(moment: datetime, zone: ZoneInfo, reader: ZoneInfo) -> str:
    """Return "quinta, 13 de novembro de 2025, às 12h42", for what is not read today; `reader`: the zone they expect."""
    said = formatting.said_whole(moment, zone)
    if moment.astimezone(zone).utcoffset() == moment.astimezone(reader).utcoffset():
        return said
    return f"{said} ({words.zone(zone.key)})"


def _shows_the_same(moment: datetime, zone: ZoneInfo) -> bool:
    return moment.astimezone(zone).utcoffset() == timezone.localtime(moment).utcoffset()
