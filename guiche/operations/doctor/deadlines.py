"""Findings about deadlines: whether what is stored follows from the events. Django is set up, the tables are there."""

from collections.abc import Iterator
from itertools import islice

from guiche.operations.doctor.findings import Finding, well, wrong
from guiche.operations.words import gettext as _

NAMED = 20  # differences that are written out


def examine() -> Iterator[Finding]:
    """Yield what is found. Reckons the clocks of every ticket again, from its timeline on: minutes, for a million."""
    from django.utils import timezone

    from guiche.sla import examination

    found = examination.differences(at=timezone.now())
    named = list(islice(found, NAMED))
    for one in named:
        yield wrong(
            _("Ticket %(number)s, %(what)s: stored %(stored)s, by its events %(expected)s.") % one._asdict(),
            _("Change its severity and back: its deadlines are then reckoned anew."),
        )
    if others := sum(1 for _one in found):
        yield wrong(_("And %d more like these.") % others, _("Write to us before anybody changes these tickets."))
    if not named:
        yield well(_("Every deadline follows from what happened."))
