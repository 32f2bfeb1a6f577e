"""Findings about the files that people sent: whether each row has its bytes. Django is set up, the tables are there."""

from collections.abc import Iterator

from guiche.operations.doctor.findings import Finding, well, wrong
from guiche.operations.words import gettext as _


def examine() -> Iterator[Finding]:
    """Yield what is found. Bytes without a row are no finding: the sweep takes them."""
    from guiche.files import checking

    if missing := checking.two_way().missing:
        yield wrong(
            _("Files whose contents are gone or not whole: %d.") % len(missing),
            _("Take them from a backup: it is a tar archive with a folder files/."),
        )
    else:
        yield well(_("Every file has its contents."))
