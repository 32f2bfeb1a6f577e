"""What happens to files later: the virus scan, and the removal of what nobody holds."""

import logging

from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app

from guiche.files import actions, clamd, storing
from guiche.files.models import Scan, StoredFile

log = logging.getLogger(__name__)
AT_ONCE = 50  # files scanned by one job


@app.periodic(cron="* * * * *")
@app.task(queue="files", queueing_lock="files.scan")
def scan_pending(timestamp: int) -> None:
    """Ask the scanner about what waits. A scanner that is away loses nothing: the state stays pending."""
    if not settings.CLAMD:
        return
    for stored in StoredFile.objects.waiting_for_scan()[:AT_ONCE]:
        try:
            actions.note_scan(stored, _verdict(stored), at=timezone.now())
        except clamd.ScannerAway as error:
            log.warning("The virus scanner did not answer: %s", error)
            return


@app.periodic(cron="17 * * * *")
@app.task(queue="files", queueing_lock="files.sweep")
def sweep(timestamp: int) -> None:
    """Remove files that nobody holds, and bytes without a row."""
    actions.remove_unheld(at=timezone.now())
    actions.remove_unrowed(at=timezone.now())


def _verdict(stored: StoredFile) -> Scan:
    try:
        clean = clamd.is_clean(storing.path_of(stored.checksum), address=settings.CLAMD)
    except clamd.TooMuchToScan:
        return Scan.UNSCANNABLE
    return Scan.CLEAN if clean else Scan.INFECTED
